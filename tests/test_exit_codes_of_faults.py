"""A fault of the system is blamed on what failed: an input, an output or pmo-path itself."""

from __future__ import annotations

import errno
import os

import pytest
from tests.support import EXAMPLES, run, run_process

from pmo_path.app import sheet_scoring
from pmo_path.domain.errors import OutputFailed
from pmo_path.readers import framework as framework_file

RATINGS = EXAMPLES / "ratings-manager.yaml"


def test_a_fault_that_nobody_expects_is_a_bug_with_a_log(tmp_path, monkeypatch):
    def fails(*_):
        raise OSError(errno.EIO, os.strerror(errno.EIO), "somewhere")

    monkeypatch.setattr(framework_file, "load_framework", fails)
    ran = run("show", HOME=str(tmp_path), XDG_STATE_HOME=str(tmp_path))

    assert (ran.code, ran.out) == (70, "")
    log = tmp_path / "pmo-path" / "log" / "error.log"
    assert ran.err == (
        f"pmo-path: this is a bug in pmo-path, not in your files; details are in {log}\n"
    )
    assert "Input/output error: 'somewhere'" in log.read_text(encoding="utf-8")


def test_only_a_failed_write_is_74(monkeypatch):
    def fails(*_):
        raise OutputFailed("'x' could not be written: No space left on device")

    monkeypatch.setattr(framework_file, "load_framework", fails)

    assert run("show") == (
        74,
        "",
        "pmo-path: 'x' could not be written: No space left on device\n",
    )


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps a folder that is in use")
@pytest.mark.parametrize(
    "command", [["assess", RATINGS, "-o", "me.html"], ["batch", "people.csv", "-o", "results.csv"]]
)
def test_a_folder_that_was_deleted_is_named(tmp_path, command):
    folder = tmp_path / "gone"
    folder.mkdir()

    ran = run_process(*command, cwd=folder, before=folder.rmdir)

    assert ran == (3, "", "pmo-path: the current folder was deleted; change to another one\n")


@pytest.mark.parametrize(
    ("number", "code", "words"),
    [
        (errno.EIO, 3, "people.csv: PMO101 error: it cannot be read: Input/output error"),
        (errno.EACCES, 3, "people.csv: PMO101 error: no permission to read it"),
        (errno.ENOSPC, 74, "could not be written: No space left on device"),
    ],
)
def test_a_fault_while_a_sheet_is_read_is_blamed_on_what_failed(
    tmp_path, monkeypatch, number, code, words
):
    def fails(*_):
        raise OSError(number, os.strerror(number))

    (tmp_path / "people.csv").write_text("person,PMO Design\nAna,3\n", encoding="utf-8")
    monkeypatch.setattr(sheet_scoring, "open_people_sheet", fails)

    ran = run("batch", "people.csv", "--role", "pmo-director", "-o", "r.csv", cwd=tmp_path)

    assert (ran.code, ran.out) == (code, "")
    assert words in ran.err
    assert [path.name for path in tmp_path.iterdir()] == ["people.csv"]
