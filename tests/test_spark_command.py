"""`batch --spark`: what it writes and says, how it ends, and that Java ends with it."""

from __future__ import annotations

import csv
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from tests.processes import Process, with_signals
from tests.spark import SPARING, skip_without_spark
from tests.support import TIMEOUT, clean, run_process

skip_without_spark()

from py4j.protocol import Py4JError

from pmo_path.batch.spark_files import Folder, all_or_none
from pmo_path.batch.spark_session import NO_MEMORY, reading, session, writing
from pmo_path.domain.errors import OutputFailed, UsageProblem

pytestmark = pytest.mark.xdist_group("spark")

SHEETS = Path(__file__).resolve().parent / "sheets"
SHEET = SHEETS / "rejected/every-kind-of-row.csv"
OPTIONS = ("--framework", SHEETS / "framework.yaml", "--role", "lead", "-q")
JAVA: dict[str, Any] = {
    "HOME": os.environ.get("HOME", "/"),
    "JAVA_HOME": os.environ.get("JAVA_HOME", ""),
    "JDK_JAVA_OPTIONS": SPARING,
}
NOT_STARTED = "Spark does not start with"
MASTERS = "spark, k8s, or local"


def test_the_command_writes_folders_and_adds_up(tmp_path):
    temporary = tmp_path / "temporary"
    temporary.mkdir()

    ran = run_process(
        *("batch", SHEET, "--spark", "local[2]"),
        *OPTIONS,
        *("--format", "csv", "-o", tmp_path / "results", "--summary", tmp_path / "team.json"),
        TMPDIR=str(temporary),
        **JAVA,
    )

    summary = f"10 rows read: 2 scored, 8 rejected (see {tmp_path / 'results.rejects'})\n"
    assert ran == (1, "", summary)
    assert list(temporary.iterdir()) == []
    written = [
        row
        for part in (tmp_path / "results").glob("*.csv")
        for row in csv.reader(part.read_text(encoding="utf-8").splitlines())
    ]
    assert sorted(row[0] for row in written if row[0] != "person") == ["Ana", "Gil"]
    assert '"rejected": 8' in (tmp_path / "team.json").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("master", "java", "expected"),
    [
        (
            "elsewhere",
            None,
            f"{NOT_STARTED} 'elsewhere': Master must either be yarn or start with {MASTERS}",
        ),
        (
            "local[2]",
            "",
            "--spark needs Java 17 or newer, and there is none; install it, or set JAVA_HOME",
        ),
        (
            "local[2]",
            "echo 'Error: java.lang.UnsupportedClassVersionError: org/apache/spark' >&2; exit 1",
            "--spark needs Java 17 or newer, and the Java here is older; set JAVA_HOME",
        ),
    ],
    ids=["master", "no-java", "old-java"],
)
def test_spark_that_cannot_start_is_one_line_and_wrong_usage(tmp_path, master, java, expected):
    home = JAVA["JAVA_HOME"] if java is None else str(tmp_path)
    if java:
        (tmp_path / "bin").mkdir()
        (tmp_path / "bin/java").write_text(f"#!/bin/sh\n{java}\n", encoding="utf-8")
        (tmp_path / "bin/java").chmod(0o755)

    ran = run_process(
        "batch",
        SHEET,
        "--spark",
        master,
        *OPTIONS,
        "-o",
        tmp_path / "results",
        **JAVA | {"JAVA_HOME": home},
    )

    assert ran == (2, "", f"pmo-path: {expected}\n")
    assert not (tmp_path / "results").exists()


def test_a_master_that_does_not_answer_is_reported_without_waiting_for_spark(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    started = time.monotonic()

    ran = run_process(
        *("batch", SHEET, "--spark", f"spark://127.0.0.1:{port},[::1]:{port}", *OPTIONS),
        *("-o", tmp_path / "results"),
        HOME=JAVA["HOME"],
        # Java would fail in another way.
        JAVA_HOME=str(tmp_path),
    )

    assert ran == (2, "", "pmo-path: no Spark master answers there; check --spark\n")
    assert time.monotonic() - started < TIMEOUT


def test_what_is_no_address_is_left_to_spark(tmp_path):
    with (
        pytest.raises(UsageProblem, match="Spark does not start with"),
        session("spark://nowhere", {}, tmp_path),
    ):
        pass


@pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")
@pytest.mark.parametrize(("name", "code"), [("SIGTERM", 143), ("SIGHUP", 129), ("SIGINT", 130)])
def test_a_signal_ends_java_and_leaves_nothing(tmp_path, name, code):
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    command = ["batch", SHEET, "--spark", "local[2]", *OPTIONS, "-o", tmp_path / "results"]
    process = Process(
        command,
        cwd=tmp_path,
        env=clean(JAVA | {"TMPDIR": str(temporary)}),
        stderr=subprocess.PIPE,
        preexec_fn=with_signals,
    )
    end = time.monotonic() + TIMEOUT
    # It is there once Java can be asked.
    while not list(temporary.glob("*/address")) and time.monotonic() < end:
        time.sleep(0.1)

    process.send_signal(getattr(signal, name))
    err = process.communicate(timeout=TIMEOUT)[1].decode()

    assert (process.returncode, err) == (code, "Interrupted.\n" if code == 130 else "")
    assert [path.name for path in tmp_path.rglob("*")] == ["temporary"]
    assert running(str(temporary)) == []


def running(text):
    """The commands of the processes in which there is this text."""
    commands = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            command = path.read_bytes().replace(b"\0", b" ").decode(errors="replace")
            commands += [command] if text in command else []
    return commands


# --- What Spark says ------------------------------------------------------------------------------

LOST = (
    "An error occurred while calling o65.collectToPython.\n: org.apache.spark.SparkException: Job "
    "aborted due to stage failure: Task 0 in stage 5.0 failed 4 times, most recent failure: Lost "
    "task 0.3 in stage 5.0 (TID 9) (10.0.0.7 executor 3): {}\n\tat org.apache.spark.Some(x.scala)"
)


@pytest.mark.parametrize(
    ("text", "error", "expected"),
    [
        (
            LOST.format("java.lang.OutOfMemoryError: Java heap space"),
            OutputFailed,
            NO_MEMORY,
        ),
        (
            LOST.format("ExecutorLostFailure (executor 3 exited unrelated to the running tasks)"),
            OutputFailed,
            "Spark gave up: ExecutorLostFailure (executor 3 exited unrelated to the running tasks)",
        ),
        (
            LOST.format("java.io.IOException: No space left on device"),
            OutputFailed,
            "no room is left on a disk that Spark writes to",
        ),
        (
            LOST.format(
                "org.apache.spark.api.python.PythonException: Traceback (most recent call last):\n"
                '  File "worker.py", line 1, in main\n'
                "ModuleNotFoundError: No module named 'duckdb'\n"
            ),
            UsageProblem,
            "Spark's workers lack duckdb; install pmo-path[spark] on every one of them",
        ),
        (
            LOST.format(
                "org.apache.spark.api.python.PythonException: Traceback (most recent call last):\n"
                '  File "part.py", line 1, in scored\n'
                "ZeroDivisionError: division by zero\n"
            ),
            OutputFailed,
            "Spark gave up: division by zero",
        ),
        (
            "Answer from Java side is empty",
            OutputFailed,
            "Spark gave up: Answer from Java side is empty",
        ),
    ],
    ids=["heap", "executor", "disk", "module", "python", "java-gone"],
)
def test_an_error_of_sparks_is_one_line_of_ours(text, error, expected):
    with pytest.raises(error) as raised, reading("people.csv"):
        raise Py4JError(text)

    assert str(raised.value) == expected


def test_what_java_wrote_tells_why_it_is_gone(tmp_path):
    log = tmp_path / "java.log"
    log.write_text("Terminating due to java.lang.OutOfMemoryError: Java heap space\n", "utf-8")

    with pytest.raises(OutputFailed, match="Spark ran out of memory"), writing("results", log):
        raise ConnectionRefusedError


def test_folders_that_are_half_written_go_when_java_is_gone(tmp_path):
    class Gone:
        def stop(self):
            raise Py4JError

        def delete(self, *_):
            raise Py4JError

    folders = [
        Folder(name, Gone(), None, tmp_path / name) for name in ("results", "results.rejects")
    ]
    (tmp_path / "results/_temporary").mkdir(parents=True)

    with pytest.raises(KeyboardInterrupt), all_or_none(Gone(), *folders):
        raise KeyboardInterrupt

    assert list(tmp_path.iterdir()) == []
