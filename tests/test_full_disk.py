"""A disk that fills up while a file is written: one line, exit code 74, and the old file whole."""

from __future__ import annotations

import errno
import os
import shutil
import sys
import tempfile
import zipfile
from functools import partial
from typing import TYPE_CHECKING

import pytest
from tests.support import EXAMPLES, Ran, bound_by_modes, file_size_limited_to, run, run_process

from pmo_path.cli.errors import drop_late_faults
from pmo_path.domain.errors import OutputFailed
from pmo_path.writers.atomic import Outputs, write_atomically
from pmo_path.writers.tables import write_workbook

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

RATINGS = EXAMPLES / "ratings-manager.yaml"
MARCH = EXAMPLES / "ratings-manager-march.yaml"
PEOPLE = EXAMPLES / "people.csv"
OLD = b"an older file"

needs_limit = pytest.mark.skipif(sys.platform == "win32", reason="no file is too large there")


def run_within(
    size: int, *args: object, cwd: Path, stdin: bytes = b"", temporary: Path | None = None
) -> Ran:
    """Run `pmo-path` where no file can be larger than `size` bytes."""
    return run_process(
        *args,
        cwd=cwd,
        stdin=stdin,
        before=partial(file_size_limited_to, size),
        PYTHONDONTWRITEBYTECODE="1",  # half of a compiled module would be kept
        TMPDIR=str(temporary or tempfile.gettempdir()),
    )


@needs_limit
@pytest.mark.parametrize(
    "command",
    [
        f"assess {RATINGS} -o out.html",
        f"assess {RATINGS} -o out.md",
        f"assess {RATINGS} -o out.csv",
        f"assess {RATINGS} -o out.json",
        f"assess {RATINGS} -o out.txt",
        f"batch {PEOPLE} -o out.csv",
        f"batch {PEOPLE} -o out.csv --long",
        f"batch {PEOPLE} -o out.xlsx",
        f"batch {PEOPLE} -o out.parquet",
        f"batch {PEOPLE} -o out.jsonl",
        f"compare {MARCH} {RATINGS} -o out.html",
        "history examples/history -o out.html",
        "schema ratings -o out.json",
        "show --resolved -o out.yaml",
        "validate --format sarif -o out.sarif",
    ],
)
def test_an_old_file_stays_whole_when_the_disk_is_full(tmp_path, command):
    (tmp_path / "examples").symlink_to(EXAMPLES)
    name = command.split(" -o ")[1].split()[0]
    run(*command.split(), cwd=tmp_path)
    size = (tmp_path / name).stat().st_size
    others = {path.name for path in tmp_path.iterdir()}
    (tmp_path / name).write_bytes(OLD)

    ran = run_within(size // 2, *command.split(), cwd=tmp_path)

    assert ran == (74, "", f"pmo-path: '{name}' could not be written: File too large\n")
    assert (tmp_path / name).read_bytes() == OLD
    assert {path.name for path in tmp_path.iterdir()} == others


@needs_limit
@pytest.mark.parametrize(
    "kind", ["ratings", "people.csv", "people.tsv", "people.xlsx", "framework"]
)
def test_a_new_file_is_not_left_half_when_the_disk_is_full(tmp_path, kind):
    name = f"new.{kind.rsplit('.')[-1] if '.' in kind else 'yaml'}"

    ran = run_within(100, "template", kind, "-o", name, cwd=tmp_path)

    assert ran == (74, "", f"pmo-path: '{name}' could not be written: File too large\n")
    assert list(tmp_path.iterdir()) == []


@needs_limit
@pytest.mark.parametrize("format_", ["csv", "xlsx", "parquet", "jsonl"])
def test_results_for_stdout_leave_nothing_behind_when_the_disk_is_full(tmp_path, format_):
    temporary = tmp_path / "temporary"
    temporary.mkdir()

    for people in (PEOPLE, "-"):
        ran = run_within(
            1000,
            *("batch", people, "--format", format_, "--quiet"),
            stdin=PEOPLE.read_bytes(),
            cwd=tmp_path,
            temporary=temporary,
        )

        assert (ran.code, ran.out) == (74, "")
        assert ran.err == (
            f"pmo-path: a temporary file in '{temporary}' could not be written: File too large; "
            "name another folder in TMPDIR\n"
        )
        assert list(temporary.iterdir()) == []


def test_a_workbook_that_grows_beyond_what_one_can_be_says_what_to_write_instead(
    tmp_path, monkeypatch
):
    monkeypatch.setattr(zipfile, "ZIP64_LIMIT", 100)

    with pytest.raises(OutputFailed, match=r"cannot be this large; write \.csv or \.parquet"):
        write_workbook(tmp_path / "out.xlsx", "Results", [["a"], ["b"]], tmp_path)


# --- Other faults -------------------------------------------------------------------------------


def failing(number: int) -> Callable[[int], None]:
    def fail(_handle: int) -> None:
        raise OSError(number, os.strerror(number))

    return fail


def test_what_does_not_reach_the_disk_takes_no_name(tmp_path, monkeypatch):
    path = tmp_path / "out.txt"
    path.write_bytes(OLD)
    monkeypatch.setattr(os, "fsync", failing(errno.EIO))

    with pytest.raises(OutputFailed, match=r"out\.txt' could not be written: Input/output error"):
        write_atomically(path, "new")

    assert path.read_bytes() == OLD
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("number", [errno.EINVAL, errno.ENOTSUP, errno.ENOSYS])
def test_a_file_system_that_knows_no_such_thing_is_written_to_all_the_same(
    tmp_path, monkeypatch, number
):
    monkeypatch.setattr(os, "fsync", failing(number))

    write_atomically(tmp_path / "out.txt", "new")

    assert (tmp_path / "out.txt").read_text(encoding="utf-8") == "new"


def test_a_folder_that_is_removed_meanwhile_is_no_success(tmp_path):
    (tmp_path / "folder").mkdir()
    path = tmp_path / "folder" / "out.txt"

    def write_and_remove() -> None:
        with Outputs() as outputs:
            outputs.write(path, "new")
            shutil.rmtree(path.parent)

    with pytest.raises(OutputFailed, match="could not be written: No such file"):
        write_and_remove()


def test_what_is_dropped_takes_no_name(tmp_path):
    with Outputs() as outputs:
        outputs.add(tmp_path / "one.txt").write_text("one", encoding="utf-8")
        outputs.drop(outputs.add(tmp_path / "other.txt"))

    assert [path.name for path in tmp_path.iterdir()] == ["one.txt"]


@pytest.mark.skipif(sys.platform != "linux", reason="root must give up its privileges")
@pytest.mark.parametrize("command", [f"assess {RATINGS} -o", f"batch {PEOPLE} -q -o"])
def test_a_folder_that_only_takes_files_takes_them(tmp_path, command):
    (tmp_path / "box").mkdir()
    (tmp_path / "box").chmod(0o300)

    ran = run_process(*command.split(), "box/out.csv", cwd=tmp_path, before=bound_by_modes)
    (tmp_path / "box").chmod(0o700)

    assert ran.code in {0, 1}, ran.err
    assert (tmp_path / "box" / "out.csv").stat().st_size > 0


@pytest.mark.skipif(sys.platform != "linux", reason="root must give up its privileges")
@pytest.mark.parametrize("command", [f"assess {RATINGS} -o", f"batch {PEOPLE} -q -o"])
def test_a_folder_that_takes_no_files_is_named(tmp_path, command):
    (tmp_path / "box").mkdir()
    (tmp_path / "box").chmod(0o500)

    ran = run_process(*command.split(), "box/out.csv", cwd=tmp_path, before=bound_by_modes)

    assert (ran.code, ran.out) == (74, "")
    assert ran.err == (
        f"pmo-path: 'box/out.csv' could not be written: the folder '{tmp_path / 'box'}' may not be "
        "written to\n"
    )


class Forgotten:
    """A file that nobody closes, and that cannot be written any more."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def __del__(self) -> None:
        raise self.error


def test_a_fault_is_not_printed_again_when_a_forgotten_file_is_closed(monkeypatch, capsys):
    monkeypatch.setattr(sys, "unraisablehook", drop_late_faults)

    Forgotten(OSError(errno.ENOSPC, "No space left on device"))
    late = capsys.readouterr()
    Forgotten(ValueError("a bug"))
    bug = capsys.readouterr()

    assert late.err == ""
    assert "ValueError: a bug" in bug.err
