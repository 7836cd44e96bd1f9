"""A Spark session whose Java process always ends with it, and what Spark's errors mean."""

from __future__ import annotations

import logging
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from py4j.protocol import Py4JError
from pyspark import SparkConf, SparkContext
from pyspark.errors import PySparkException
from pyspark.errors.exceptions.captured import CapturedException
from pyspark.find_spark_home import _find_spark_home
from pyspark.serializers import UTF8Deserializer, read_int
from pyspark.sql import SparkSession

from pmo_path.domain.codes import Code
from pmo_path.domain.errors import OutputFailed, PmoPathError, UsageProblem
from pmo_path.domain.text import one_line
from pmo_path.readers.files import unusable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

_DEFAULTS = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "ERROR",
    # Headings may differ in case alone.
    "spark.sql.caseSensitive": "true",
    # Without it Spark reads seven encodings.
    "spark.sql.legacy.javaCharsets": "true",
}
_JAVA_OPTIONS = "spark.driver.extraJavaOptions"
_PATIENCE = 15
"""Seconds to wait for Spark to stop by itself."""
_MASTER_PATIENCE = 5
"""Seconds to wait for a master to answer; Spark waits for a minute, and has no setting for it."""
_SOON = 0.05
_SAYS_WHY = re.compile("error|exception|invalid", re.IGNORECASE)

NO_MEMORY = (
    "Spark ran out of memory; give it more with --spark-conf spark.driver.memory=4g, or on a "
    "cluster with spark.executor.memory and spark.executor.memoryOverhead"
)
_NO_MEMORY = re.compile(
    r"java\.lang\.OutOfMemoryError|\bMemoryError\b|OOM[ -]?[Kk]ill|exit(?:ed with)? code:? (?:52|137)\b"
)
_NO_ROOM = re.compile(r"No space left on device|Disk quota exceeded|ran out of room")
_NO_MASTER = "All masters are unresponsive"
_NO_ANSWER = "no Spark master answers there; check --spark"
_NOT_INSTALLED = re.compile(r"ModuleNotFoundError: No module named '([\w.]+)'")
_OTHER_PYTHON = re.compile(r"PYTHON_VERSION_MISMATCH")
_UNREADABLE = re.compile(
    r"\[(?:PATH_NOT_FOUND|UNABLE_TO_INFER_SCHEMA|FAILED_READ_FILE[.\w]*|CANNOT_READ_FILE_FOOTER|"
    r"INVALID_PARAMETER_VALUE\.CHARSET|DATA_SOURCE_NOT_FOUND|MALFORMED_CSV_RECORD)\]"
    r"|No FileSystem for scheme|is not a Parquet file"
)
_ERROR = re.compile(
    r"^(?:Caused by: |: |Exception in thread \S+ |Error: )*(?:[\w$.]+\.)?[\w$]*(?:Exception|Error): "
)
_LOST_TASK = re.compile(r"^.*?(?:Lost task|most recent failure:)[^)]*\)(?: \([^)]*\))?: ")
_CONDITION = re.compile(r"^\[[A-Z_.]+\] ")
_STATE = re.compile(r"\s*SQLSTATE: \w+\s*$")
_LONGEST = 300
"""The most characters of a message; some of Spark's contain whole plans."""


class Running(NamedTuple):
    spark: SparkSession
    log: Path
    """The output of Java."""


@contextmanager
def session(master: str, settings: Mapping[str, str], folder: Path) -> Iterator[Running]:
    """Start a session with a cluster, or on this machine for `local[2]`.

    Temporary files go to `folder`. Java runs in its own process group, so that Ctrl-C reaches only
    this process; it is stopped and its files are removed at the end. Raises UsageProblem.
    """
    _check_master(master)
    # What cannot be asked of Java any more is logged by the root's logger, which would print it.
    logging.getLogger().addHandler(logging.NullHandler())
    # Workers, too, are to be this Python.
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    log = folder / "java.log"
    with _java(master, settings, folder, log) as gateway:
        spark = _started(master, gateway, log)
        try:
            yield Running(spark, log)
        finally:
            in_time(spark.stop)


def _check_master(master: str) -> None:
    """Raise UsageProblem if no host of a cluster `spark://host:port,host:port` answers."""
    addresses = master.removeprefix("spark://").split(",")
    if master.startswith("spark://") and not any(map(_answers, addresses)):
        raise UsageProblem(_NO_ANSWER)


def _answers(address: str) -> bool:
    host, _, port = address.rpartition(":")
    try:
        socket.create_connection((host.strip("[]"), int(port)), _MASTER_PATIENCE).close()
    except OSError:
        return False
    except (ValueError, OverflowError):  # not an address, which Spark explains
        return True
    return True


def in_time(action: Callable[[], object]) -> None:
    """Run a last action of Spark, ignoring errors, for at most a few seconds."""

    def ask() -> None:
        with suppress(PySparkException, Py4JError, OSError, EOFError):
            action()

    # A thread has a connection of its own; that of this one may still wait for an answer.
    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    thread.join(_PATIENCE)


# --- Java ---------------------------------------------------------------------------------------


@contextmanager
def _java(
    master: str, settings: Mapping[str, str], folder: Path, log: Path
) -> Iterator[dict[str, str]]:
    """Run Java, and yield the environment variables by which `pyspark` finds it."""
    address = folder / "address"
    process = _launched(_options(master, settings, folder), folder, log, address)
    patience = 0
    try:
        gateway = _address(process, address, master, log)
        patience = _PATIENCE
        yield gateway
    finally:
        _end(process, patience)


def _options(master: str, settings: Mapping[str, str], folder: Path) -> dict[str, str]:
    # Java that has run out of memory half lives on, and Spark waits for it.
    java = f"-Djava.io.tmpdir={folder} -XX:+ExitOnOutOfMemoryError -XX:-UsePerfData"
    more = settings.get(_JAVA_OPTIONS, "")
    own = {"spark.master": master, "spark.app.name": "pmo-path"}
    return {**_DEFAULTS, **settings, **own, _JAVA_OPTIONS: f"{java} {more}".strip()}


def _launched(
    options: Mapping[str, str], folder: Path, log: Path, address: Path
) -> subprocess.Popen[bytes]:
    script = "spark-submit.cmd" if sys.platform == "win32" else "spark-submit"
    command = [str(Path(_find_spark_home(), "bin", script))]
    for key, value in options.items():
        command += ["--conf", f"{key}={value}"]
    environment = {
        "SPARK_LOCAL_DIRS": str(folder),
        **os.environ,
        "TMPDIR": str(folder),
        "SPARK_CONNECT_MODE": "0",
        "_PYSPARK_DRIVER_CONN_INFO_PATH": str(address),
    }
    with log.open("wb") as stream:
        return subprocess.Popen(  # noqa: S603  Spark's own script
            [*command, "pyspark-shell"],
            stdin=subprocess.PIPE,
            stdout=stream,
            stderr=stream,
            env=environment,
            start_new_session=True,
        )


def _address(
    process: subprocess.Popen[bytes], address: Path, master: str, log: Path
) -> dict[str, str]:
    """Wait until Java listens, and return its address. Raises UsageProblem."""
    while not address.is_file():
        if process.poll() is not None:
            raise UsageProblem(_why_not_started(master, log))
        time.sleep(_SOON)
    with address.open("rb") as stream:
        port, secret = read_int(stream), UTF8Deserializer().loads(stream)
    return {"PYSPARK_GATEWAY_PORT": str(port), "PYSPARK_GATEWAY_SECRET": secret}


def _why_not_started(master: str, log: Path) -> str:
    output = log.read_text(encoding="utf-8", errors="replace")
    if "UnsupportedClassVersionError" in output or "Unrecognized option" in output:
        return "--spark needs Java 17 or newer, and the Java here is older; set JAVA_HOME"
    if "JAVA_HOME is not set" in output or "java: not found" in output or "No such file" in output:
        return "--spark needs Java 17 or newer, and there is none; install it, or set JAVA_HOME"
    errors = [line for line in output.splitlines() if _SAYS_WHY.search(line)]
    return f"Spark does not start with '{master}': {cause_of(chr(10).join(errors))}"


def _end(process: subprocess.Popen[bytes], patience: float) -> None:
    """Stop Java and its children; Java stops by itself when its input is closed."""
    try:
        if process.stdin is not None:
            process.stdin.close()
        process.wait(patience)
    except (OSError, subprocess.TimeoutExpired):
        pass
    finally:
        if process.poll() is None:
            _kill(process)
            process.wait()


def _kill(process: subprocess.Popen[bytes]) -> None:
    if sys.platform == "win32":
        # Spark's script there is not replaced by Java, but waits for it.
        tree = ["taskkill", "/f", "/t", "/pid", str(process.pid)]
        subprocess.run(tree, check=False, capture_output=True)  # noqa: S603  a part of Windows
        return
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


# --- Spark --------------------------------------------------------------------------------------


def _started(master: str, gateway: Mapping[str, str], log: Path) -> SparkSession:
    interrupt = signal.getsignal(signal.SIGINT)
    before = {key: os.environ.get(key) for key in gateway}
    os.environ.update(gateway)
    # A session that is over leaves its connection behind.
    SparkContext._gateway = SparkContext._jvm = None  # noqa: SLF001  no other way
    try:
        context = SparkContext(conf=SparkConf())
        return SparkSession(context)
    except (PySparkException, Py4JError, OSError, EOFError) as error:
        text = text_of(error)
        raise general(text, log) or UsageProblem(
            f"Spark does not start with '{master}': {cause_of(text)}"
        ) from None
    finally:
        for key, value in before.items():
            if value is None:
                del os.environ[key]
            else:
                os.environ[key] = value
        if threading.current_thread() is threading.main_thread():
            # Spark's own asks Java to stop first, which may not answer.
            signal.signal(signal.SIGINT, interrupt)


# --- Errors --------------------------------------------------------------------------------------


def text_of(error: BaseException) -> str:
    """The full text of an error, with Java's part."""
    if isinstance(error, CapturedException):
        # Its own text asks Java, which may be gone.
        return f"{error._desc}\n{error._stackTrace}"  # noqa: SLF001  no other way
    return str(error) or type(error).__name__


def cause_of(text: str) -> str:
    """The innermost cause in a stack trace, as one short line."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    lines = [line for line in lines if not line.startswith("An error occurred while calling")]
    python = _of_python(text.splitlines())
    causes = [line for line in lines if line.startswith("Caused by: ")]
    cause = python or (causes[-1] if causes else next(iter(lines), "no reason given"))
    cause = _ERROR.sub("", _LOST_TASK.sub("", cause))
    cause = _STATE.sub("", _CONDITION.sub("", _ERROR.sub("", cause)))
    shown = one_line(cause).rstrip(". ")
    return shown if len(shown) <= _LONGEST else f"{shown[:_LONGEST]} …"


def _of_python(lines: list[str]) -> str:
    """The last line of the first Python traceback; or an empty text."""
    is_trace = False
    for line in lines:
        if line.startswith("Traceback (most recent call last)") or is_trace:
            if is_trace and line.strip() and not line.startswith((" ", "\t")):
                return line
            is_trace = True
        elif "Traceback (most recent call last)" in line:
            is_trace = True
    return ""


@contextmanager
def reading(name: str, log: Path | None = None) -> Iterator[None]:
    """Translate errors that Spark raises while reading and scoring."""
    try:
        yield
    except (PySparkException, Py4JError, OSError, EOFError) as error:
        raise _ours(error, name, log) from None


@contextmanager
def writing(name: str, log: Path | None = None) -> Iterator[None]:
    """Translate errors that Spark raises while writing."""
    try:
        yield
    except (PySparkException, Py4JError, OSError, EOFError) as error:
        error_of_text = general(text_of(error), log)
        raise error_of_text or OutputFailed(
            f"'{name}' could not be written: {cause_of(text_of(error))}"
        ) from None


def _ours(error: BaseException, name: str, log: Path | None) -> PmoPathError:
    text = text_of(error)
    error_of_text = general(text, log)
    if error_of_text is not None:
        return error_of_text
    if _UNREADABLE.search(text):
        hint = "check the path; text needs a name that ends in .csv, or --delimiter"
        return unusable(Code.NOT_A_SHEET, name, cause_of(text), hint)
    return OutputFailed(f"Spark gave up: {cause_of(text)}")


def general(text: str, log: Path | None) -> PmoPathError | None:
    """The error for a cause that does not depend on what Spark is doing; None for others."""
    # Java does not always report why it ended, but it writes a log.
    written = "" if log is None else log.read_text(encoding="utf-8", errors="replace")
    if _NO_ROOM.search(text):
        return OutputFailed("no room is left on a disk that Spark writes to")
    if _NO_MEMORY.search(text) or _NO_MEMORY.search(written):
        return OutputFailed(NO_MEMORY)
    if _NO_MASTER in text or _NO_MASTER in written:
        return UsageProblem(_NO_ANSWER)
    missing = _NOT_INSTALLED.search(text)
    if missing:
        return UsageProblem(
            f"Spark's workers lack {missing[1]}; install pmo-path[spark] on every one of them"
        )
    if _OTHER_PYTHON.search(text):
        return UsageProblem("Spark's workers have another version of Python; install the same")
    return None
