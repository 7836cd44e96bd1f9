"""Streams that a shell has closed, or that go to a full disk: what happens to each command."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NamedTuple

import pytest
from tests.in_process import called
from tests.processes import Process
from tests.support import EXAMPLES, ROOT, TIMEOUT, clean

if TYPE_CHECKING:
    from collections.abc import Collection

pytestmark = pytest.mark.skipif(os.name == "nt", reason="needs a POSIX shell")

RATINGS = EXAMPLES / "ratings-manager.yaml"
MARCH = EXAMPLES / "ratings-manager-march.yaml"
PEOPLE = EXAMPLES / "people.csv"
FRAMEWORK = ROOT / "data" / "framework.yaml"
COMMANDS = [
    # Results on stdout.
    "--help",
    "--version",
    "assess --help",
    f"assess {RATINGS}",
    f"assess {RATINGS} --format json --fail-under 100",
    f"assess {RATINGS} --role any",
    f"batch {PEOPLE}",
    f"batch {PEOPLE} --format xlsx --quiet",
    f"compare {MARCH} {RATINGS}",
    "compare --role pmo-manager --role pmo-director",
    f"diff {FRAMEWORK} {FRAMEWORK}",
    "explain",
    "explain PMO304",
    "history examples/history",
    "schema ratings",
    "show",
    "show --resolved",
    "template",
    "template people.xlsx",
    "validate wrong.yaml",
    "validate --format json",
    "--show-completion bash",
    # Results in a file.
    f"assess {RATINGS} -o out.html",
    f"batch {PEOPLE} -o out.csv --summary out.json",
    f"batch {PEOPLE} -o out.xlsx --quiet",
    f"compare {MARCH} {RATINGS} -o out.md",
    f"diff {FRAMEWORK} {FRAMEWORK} -o out.txt",
    "history examples/history -o out.html",
    "schema ratings -o out.json",
    "show --resolved -o out.yaml",
    "template -o out.yaml",
    "template people.xlsx -o out.xlsx",
    "validate wrong.yaml -o out.txt",
    # No results.
    "",
    "bogus",
    "assess --bogus",
    "assess nofile",
    "assess",
    "batch nofile",
    f"batch {PEOPLE} --role nobody",
    "validate nofile --format github",
    f"assess {RATINGS} -o examples",
]


class Ended(NamedTuple):
    """How a run ended."""

    code: int
    out: bytes
    err: bytes
    files: frozenset[str]


def ended(
    folder: Path, command: str, closed: Collection[int] = (), **streams: int | IO[bytes]
) -> Ended:
    """Run a command in a folder of its own, without the closed streams.

    `streams` are what it is connected to instead of pipes.
    """
    prepare(folder)
    connected: Any = {
        "stdin": subprocess.DEVNULL,
        "stdout": subprocess.PIPE,
        "stderr": subprocess.PIPE,
        **streams,
    }
    process = Process(
        command.split(), cwd=folder, env=environment(folder), closed=closed, **connected
    )
    out, err = process.communicate(timeout=TIMEOUT)
    return outcome(process.returncode, out or b"", err or b"", folder)


def ended_as_usual(folder: Path, command: str) -> Ended:
    """As `ended`, with streams that take everything."""
    prepare(folder)
    return outcome(*called(command.split(), cwd=folder, env=environment(folder)), folder)


def prepare(folder: Path) -> None:
    folder.mkdir()
    (folder / "wrong.yaml").write_text("extends: nowhere.yaml\n", encoding="utf-8")
    (folder / "examples").symlink_to(EXAMPLES)


def environment(folder: Path) -> dict[str, str]:
    variables = clean({"HOME": str(folder), "XDG_STATE_HOME": str(folder / "state")})
    del variables["PMO_PATH_STATE"]
    return variables


def outcome(code: int, out: bytes, err: bytes, folder: Path) -> Ended:
    if out.startswith(b"PK"):  # a workbook holds the time at which it was made
        out = b"a workbook"
    return Ended(code, out, err, frozenset(file.name for file in folder.iterdir()))


CASES = [(command, "closed") for command in COMMANDS]
if Path("/dev/full").exists():
    CASES += [(command, "full") for command in COMMANDS[::4]]


@pytest.mark.parametrize(("command", "taken"), CASES)
def test_a_result_is_lost_only_where_it_had_to_go_to_a_stream_that_takes_nothing(
    tmp_path, command, taken
):
    plain = ended_as_usual(tmp_path / "plain", command)
    if taken == "full":
        with Path("/dev/full").open("wb") as full:
            silent = ended(tmp_path / "silent", command, stderr=full)
            dropped = ended(tmp_path / "dropped", command, stdout=full)
    else:
        silent = ended(tmp_path / "silent", command, closed=[2])
        dropped = ended(tmp_path / "dropped", command, closed=[1])

    assert plain.code in {0, 1, 2, 3, 74}
    assert silent == plain._replace(err=b"")
    if plain.out:
        reason = "No space left on device" if taken == "full" else "stdout is closed"
        assert dropped.code == 74
        assert dropped.err.decode().splitlines()[-1] == (
            f"pmo-path: the output could not be written: {reason}"
        )
        assert b"Traceback" not in dropped.err
    else:
        assert dropped == plain


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize("command", ["assess {} -o /dev/stdout", "batch {} -o /dev/stdout"])
def test_a_closed_stdout_by_its_other_name_takes_no_result_either(tmp_path, command):
    named = command.format(RATINGS if "assess" in command else PEOPLE)

    assert ended(tmp_path / "run", f"{named} --format csv", closed=[1]).code == 74


def test_with_all_streams_closed_a_file_is_still_written_whole(tmp_path):
    plain = ended_as_usual(tmp_path / "plain", f"assess {RATINGS} -o out.json")
    closed = ended(tmp_path / "closed", f"assess {RATINGS} -o out.json", closed=[0, 1, 2])

    assert (plain.code, closed.code) == (0, 0)
    assert (tmp_path / "closed" / "out.json").read_bytes() == (
        tmp_path / "plain" / "out.json"
    ).read_bytes()


@pytest.mark.parametrize(
    "command",
    [
        "assess - --role pmo-director",
        "batch - --role pmo-director",
        f"compare - {RATINGS}",
        "compare --role pmo-manager --role pmo-director -",
        f"diff - {FRAMEWORK}",
        "validate -",
    ],
)
@pytest.mark.parametrize(
    ("stdin", "reason"),
    [
        ("closed", "it is closed\n  hint: pass a file in place of -"),
        ("for writing", "it cannot be read: Bad file descriptor"),
    ],
)
def test_a_stdin_that_cannot_be_read_is_an_input_like_any_other(tmp_path, command, stdin, reason):
    if stdin == "closed":
        run = ended(tmp_path / "run", command, closed=[0])
    else:
        with (tmp_path / "written").open("wb") as written:
            run = ended(tmp_path / "run", command, stdin=written)

    assert run.code == 3
    assert f"<stdin>: PMO101 error: {reason}\n".encode() in run.out + run.err


def test_without_a_stdin_there_is_nobody_to_ask(tmp_path):
    assert ended(tmp_path / "closed", "assess", closed=[0]) == ended_as_usual(
        tmp_path / "plain", "assess"
    )


@pytest.fixture
def broken_pipe():
    """A pipe whose reader has gone away."""
    reader, writer = os.pipe()
    os.close(reader)
    yield writer
    os.close(writer)


@pytest.mark.parametrize(
    "command", ["--help", "assess --help", f"assess {RATINGS}", f"batch {PEOPLE}", "show"]
)
def test_a_reader_that_has_gone_away_is_141(tmp_path, broken_pipe, command):
    run = ended(tmp_path / "run", command, stdout=broken_pipe)

    assert (run.code, run.err) == (141, b"")


@pytest.mark.parametrize("command", ["assess nofile", f"batch {PEOPLE} -o out.csv", "bogus"])
def test_a_reader_of_messages_that_has_gone_away_changes_no_result(tmp_path, broken_pipe, command):
    plain = ended_as_usual(tmp_path / "plain", command)
    run = ended(tmp_path / "run", command, stderr=broken_pipe)

    assert run == plain._replace(err=b"")


# A fork has the start and the last flush of Python behind it or made for it; these have their own.


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize("args", [["--help"], ["assess", str(RATINGS)]])
def test_a_program_whose_disk_is_full_says_so_and_ends_with_74(args):
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        done = started(args, stdout=full)

    assert done.returncode == 74
    assert done.stderr.decode().startswith("pmo-path: the output could not be written")


def test_a_program_whose_reader_has_closed_the_pipe_ends_with_141():
    reader, writer = os.pipe()
    os.close(reader)
    done = started(["assess", str(RATINGS)], stdout=writer)
    os.close(writer)

    assert (done.returncode, done.stderr) == (141, b"")


def test_a_program_without_stdout_says_so_and_ends_with_74():
    done = started(["assess", str(RATINGS)], stdout=None, preexec_fn=lambda: os.close(1))

    assert done.returncode == 74
    assert done.stderr.decode().startswith("pmo-path: the output could not be written")


def test_a_program_that_lists_its_imports_comes_to_an_end():
    done = started(["assess", str(RATINGS)], options=["-v"], stdout=subprocess.DEVNULL)

    assert done.returncode == 0


def started(args, options=(), **streams):
    return subprocess.run(
        [sys.executable, *options, "-m", "pmo_path", *args],
        timeout=TIMEOUT,
        check=False,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        **streams,
    )
