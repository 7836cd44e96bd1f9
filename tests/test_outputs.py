"""Outputs of one run appear together, and what a killed run left is swept by the next."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from typing import TYPE_CHECKING, Any

import pytest
from tests.processes import Process
from tests.support import EXAMPLES, TIMEOUT, Ran, clean, run, run_program

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals and modes of other systems")

HEADINGS = "person,role,Strategic Thinking\n"
FIRST = HEADINGS + "".join(f"P{number},pmo-director,2\n" for number in range(6)) + "Bo,,9\n"
SECOND = HEADINGS + "".join(f"P{number},pmo-director,5\n" for number in range(6)) + "Bo,,8\n"
FILES = ("results.csv", "results.rejects.csv", "team.json", "team.html")
COMMAND = (
    *("batch", "people.csv", "-o", "results.csv", "--rejects", "results.rejects.csv", "-q"),
    *("--summary", "team.json", "--report", "team.html"),
)
DIES = """
import os, pathlib, signal, sys
renamed = pathlib.Path.replace
left = [RENAMES]
def replace(path, target):
    if not left[0]:
        os.kill(os.getpid(), SIGNAL)
    left[0] -= 1
    return renamed(path, target)
pathlib.Path.replace = replace
sys.argv = ["pmo-path", *sys.argv[1:]]
from pmo_path.__main__ import main
main()
"""
"""The program, which gets a signal before it renames a certain file."""


def dying(
    folder: Path, sent: signal.Signals, renames: int, *command: object, **environment: Any
) -> int:
    """Run a command that gets a signal when so many files are renamed; its exit code."""
    program = DIES.replace("RENAMES", str(renames)).replace("SIGNAL", str(int(sent)))
    return run_program(program, folder, *command, **environment).code


def altered(folder: Path, change: str, *command: object) -> Ran:
    """Run a command in a program that was changed by some lines."""
    program = f"""
import errno, os, pathlib, sys
{change}
sys.argv = ["pmo-path", *sys.argv[1:]]
from pmo_path.__main__ import main
main()
"""
    return run_program(program, folder, *command)


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def contents(folder: Path) -> Mapping[str, str]:
    return {name: (folder / name).read_text(encoding="utf-8") for name in FILES}


def both_runs(folder: Path) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """What two runs write; the first one's files are left there, and the second's sheet."""
    people = folder / "people.csv"
    people.write_text(SECOND, encoding="utf-8")
    assert run(*COMMAND, cwd=folder).code == 1
    second = contents(folder)
    people.write_text(FIRST, encoding="utf-8")
    assert run(*COMMAND, cwd=folder).code == 1
    first = contents(folder)
    people.write_text(SECOND, encoding="utf-8")
    assert all(first[name] != second[name] for name in FILES)
    return first, second


@pytest.mark.parametrize("renames", [1, 2, 3])
def test_a_run_that_is_killed_between_two_renames_is_completed_by_the_next(tmp_path, renames):
    first, second = both_runs(tmp_path)

    code = dying(tmp_path, signal.SIGKILL, renames, *COMMAND)
    torn = contents(tmp_path)
    ran = run("batch", "people.csv", "-o", "other.csv", "-q", cwd=tmp_path)

    assert code == -signal.SIGKILL
    assert torn == {**first, **{name: second[name] for name in FILES[:renames]}}
    assert contents(tmp_path) == second
    notes = [
        f"note: '{tmp_path / name}' is now the one of the last run, which was interrupted\n"
        for name in FILES[renames:]
    ]
    assert ran.err.startswith("".join(notes))
    assert names(tmp_path) == {"people.csv", *FILES, "other.csv", "other.rejects.csv"}


def test_what_somebody_changed_since_is_kept_and_reported(tmp_path):
    _, second = both_runs(tmp_path)
    dying(tmp_path, signal.SIGKILL, 1, *COMMAND)
    rejects = tmp_path / "results.rejects.csv"
    rejects.write_text("mine", encoding="utf-8")

    ran = run("batch", "people.csv", "-o", "other.csv", "-q", cwd=tmp_path)

    assert contents(tmp_path) == {**second, "results.rejects.csv": "mine"}
    assert (
        f"note: '{rejects}' is not the one of the last run, which was interrupted: it has changed "
        "since. Run the same command again to get all files of one run\n"
    ) in ran.err
    assert names(tmp_path) == {"people.csv", *FILES, "other.csv", "other.rejects.csv"}


def test_another_command_leaves_an_incomplete_set_to_batch(tmp_path):
    first, second = both_runs(tmp_path)
    dying(tmp_path, signal.SIGKILL, 1, *COMMAND)

    run("assess", EXAMPLES / "ratings-manager.yaml", "-o", "me.txt", cwd=tmp_path)
    assert contents(tmp_path) == {**first, "results.csv": second["results.csv"]}
    run("batch", "people.csv", "-o", "other.csv", "-q", cwd=tmp_path)

    assert contents(tmp_path) == second


def test_outputs_in_several_folders_are_completed_from_any_of_them(tmp_path):
    (tmp_path / "pages").mkdir()
    (tmp_path / "people.csv").write_text(FIRST, encoding="utf-8")
    command = ("batch", "people.csv", "-o", "results.csv", "-q", "--report", "pages/team.html")
    dying(tmp_path, signal.SIGKILL, 1, *command)
    assert names(tmp_path / "pages") != {"team.html"}

    run("batch", "people.csv", "-o", "pages/other.csv", "-q", cwd=tmp_path)

    assert names(tmp_path / "pages") == {"team.html", "other.csv", "other.rejects.csv"}
    run("batch", "people.csv", "-o", "other.csv", "-q", cwd=tmp_path)
    written = {"results.csv", "results.rejects.csv", "other.csv", "other.rejects.csv"}
    assert names(tmp_path) == {"people.csv", "pages", *written}


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_between_two_renames_waits_for_the_others(tmp_path, sent):
    _, second = both_runs(tmp_path)

    code = dying(tmp_path, sent, 1, *COMMAND)

    assert code == 128 + sent
    assert contents(tmp_path) == second
    assert names(tmp_path) == {"people.csv", *FILES}


@pytest.mark.parametrize(
    "blocked", ["--output", "--rejects", "--summary", "--report"], ids=lambda option: option[2:]
)
def test_when_one_output_cannot_be_written_no_other_is(tmp_path, blocked):
    first, _ = both_runs(tmp_path)
    position = COMMAND.index("-o" if blocked == "--output" else blocked)
    command = [*COMMAND[: position + 1], "/dev/full", *COMMAND[position + 2 :]]
    if blocked == "--report":
        (tmp_path / "full.html").symlink_to("/dev/full")
        command[position + 1] = "full.html"

    ran = run(*command, cwd=tmp_path)

    assert ran.code == 74
    assert "could not be written: No space left on device" in ran.err
    assert contents(tmp_path) == first
    assert names(tmp_path) - {"full.html"} == {"people.csv", *FILES}


@pytest.mark.parametrize(
    "command",
    [
        ("batch", "people.csv", "-q", "--role", "pmo-director"),
        ("assess", EXAMPLES / "ratings-manager.yaml"),
        ("template", "ratings"),
        ("show", "pmo-director"),
    ],
    ids=lambda command: command[0],
)
def test_what_a_killed_run_left_is_swept_by_the_next_of_any_kind(tmp_path, command):
    (tmp_path / "people.csv").write_text(FIRST, encoding="utf-8")
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    output = "out.csv" if command[0] == "batch" else "out.txt"
    dying(tmp_path, signal.SIGKILL, 0, *command, "-o", output, TMPDIR=str(temporary))
    assert [name for name in names(tmp_path) if name.startswith(".")]

    run("batch", "people.csv", "-q", "-o", "other.csv", cwd=tmp_path, TMPDIR=str(temporary))

    completed = {"out.csv", "out.rejects.csv"} if command[0] == "batch" else set()
    others = {"people.csv", "tmp", "other.csv", "other.rejects.csv"}
    assert names(tmp_path) == completed | others
    assert list(temporary.iterdir()) == []


def test_what_only_looks_like_a_leftover_stays(tmp_path):
    (tmp_path / "people.csv").write_text(FIRST, encoding="utf-8")
    mine = {
        *(".results.csv.20261128", ".results.csv.pmo-path-1", "results.csv.pmo-path-0-1"),
        *("pmo-path-run-examples.txt", ".pmo-path-notes.run", ".env"),
    }
    for name in mine:
        (tmp_path / name).write_text("mine", encoding="utf-8")
    (tmp_path / "pmo-path-run-examples").mkdir(mode=0o755)
    (tmp_path / "pmo-path-run-examples" / "mine").write_text("mine", encoding="utf-8")

    run("batch", "people.csv", "-q", "-o", "results.csv", cwd=tmp_path, TMPDIR=str(tmp_path))

    left = names(tmp_path) - {"people.csv", "results.csv", "results.rejects.csv"}
    assert left == {*mine, "pmo-path-run-examples"}
    assert all((tmp_path / name).read_text(encoding="utf-8") == "mine" for name in mine)


def test_a_record_of_renames_moves_no_file_of_other_names(tmp_path):
    (tmp_path / "people.csv").write_text(FIRST, encoding="utf-8")
    token = "0123456789abcdef"
    record = [[str(tmp_path / "people.csv"), str(tmp_path / "stolen.csv"), None]]
    (tmp_path / f".pmo-path-{token}.run").write_text(json.dumps(record), encoding="utf-8")

    ran = run("batch", "people.csv", "-q", "-o", "results.csv", cwd=tmp_path)

    assert ran.code == 1
    assert names(tmp_path) == {"people.csv", "results.csv", "results.rejects.csv"}


def test_runs_at_the_same_time_leave_each_other_alone(tmp_path):
    (tmp_path / "people.csv").write_text(FIRST, encoding="utf-8")
    wanted = run("batch", "people.csv", "-q", cwd=tmp_path)
    children = [
        Process(
            ["batch", "people.csv", "-q", "-o", f"{number}.csv"],
            cwd=tmp_path,
            env=clean({"TMPDIR": str(tmp_path)}),
            stderr=subprocess.PIPE,
        )
        for number in range(8)
    ]

    for number, child in enumerate(children):
        _, err = child.communicate(timeout=TIMEOUT)
        assert (child.returncode, err.decode().count("Traceback")) == (1, 0)
        assert (tmp_path / f"{number}.csv").read_text(encoding="utf-8") == wanted.out.replace(
            "\r\n", "\n"
        )
    written = {f"{number}{ending}" for number in range(8) for ending in (".csv", ".rejects.csv")}
    assert names(tmp_path) == {"people.csv", *written}


OPEN_ELSEWHERE = """
renamed = pathlib.Path.replace
def replace(path, target):
    if "rejects" in str(target):
        raise PermissionError(errno.EACCES, "open in another program")
    return renamed(path, target)
pathlib.Path.replace = replace
"""


def test_a_file_that_cannot_be_replaced_is_completed_once_it_can(tmp_path):
    first, second = both_runs(tmp_path)
    rejects = tmp_path / "results.rejects.csv"

    blocked = altered(tmp_path, OPEN_ELSEWHERE, *COMMAND)
    torn = contents(tmp_path)
    ran = run("batch", "people.csv", "-o", "other.csv", "-q", cwd=tmp_path)

    reason = "open in another program"
    assert blocked.code == 74
    assert f"'results.rejects.csv' could not be written: {reason}" in blocked.err
    assert torn == {**first, "results.csv": second["results.csv"]}
    assert f"note: '{rejects}' is now the one of the last run, which was interrupted" in ran.err
    assert contents(tmp_path) == second
    assert names(tmp_path) == {"people.csv", *FILES, "other.csv", "other.rejects.csv"}


def test_a_leftover_that_cannot_be_opened_keeps_no_other_from_being_swept(tmp_path):
    (tmp_path / "people.csv").write_text(FIRST, encoding="utf-8")
    for number in range(6):
        strange = tmp_path / f".pmo-path-{number:016x}.run"
        strange.symlink_to(strange.name)  # a circle, which nobody can open
        (tmp_path / f".x.csv.pmo-path-{number + 16:016x}-1").touch()

    run("batch", "people.csv", "-q", "-o", "results.csv", cwd=tmp_path)

    assert not [name for name in names(tmp_path) if name.startswith(".x.csv")]
    assert len(names(tmp_path)) == 6 + 3


def test_a_file_system_without_locks_is_written_to_as_well(tmp_path):
    (tmp_path / "people.csv").write_text(FIRST, encoding="utf-8")
    without = """
import fcntl
def flock(*_):
    raise OSError(errno.ENOSYS, "no locks here")
fcntl.flock = flock
"""

    ran = altered(tmp_path, without, "batch", "people.csv", "-q", "-o", "results.csv")

    assert ran.code == 1
    assert names(tmp_path) == {"people.csv", "results.csv", "results.rejects.csv"}
