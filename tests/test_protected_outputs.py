"""Outputs that take the place of a file which is protected, linked or more than a plain file."""

from __future__ import annotations

import os
import stat

import pytest
from tests.support import EXAMPLES, bound_by_modes, run, run_process

RATINGS = EXAMPLES / "ratings-manager.yaml"
PEOPLE = EXAMPLES / "people.csv"
OLD = b"an older file"
READ_ONLY = "it is read-only; make it writable, or name another file"


@pytest.mark.parametrize(
    "command",
    [
        f"assess {RATINGS} -o out.html",
        f"assess {RATINGS} --role any -o out.csv",
        f"batch {PEOPLE} -o out.csv",
        f"batch {PEOPLE} -o out.xlsx",
        f"batch {PEOPLE} -o new.csv --rejects out.csv",
        f"batch {PEOPLE} -o new.csv --rejects out.xlsx",
        f"batch {PEOPLE} -o new.csv --summary out.json",
        f"batch {PEOPLE} -o new.csv --report out.html",
        "compare --role pmo-manager --role pmo-director -o out.md",
        "schema ratings -o out.json",
        "show --resolved -o out.yaml",
        "validate -o out.txt",
    ],
)
def test_a_read_only_file_is_not_replaced_and_nothing_else_is_written(tmp_path, command):
    name = next(word for word in command.split() if word.startswith("out."))
    (tmp_path / name).write_bytes(OLD)
    (tmp_path / name).chmod(0o444)

    ran = run(*command.split(), cwd=tmp_path)

    assert ran == (74, "", f"pmo-path: '{name}' could not be written: {READ_ONLY}\n")
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [(name, OLD)]


def test_a_link_to_a_read_only_file_protects_it_as_well(tmp_path):
    (tmp_path / "old.html").write_bytes(OLD)
    (tmp_path / "old.html").chmod(0o444)
    (tmp_path / "out.html").symlink_to("old.html")

    ran = run("assess", RATINGS, "-o", "out.html", cwd=tmp_path)

    assert ran == (74, "", f"pmo-path: 'out.html' could not be written: {READ_ONLY}\n")
    assert (tmp_path / "old.html").read_bytes() == OLD


@pytest.mark.skipif(os.name == "nt", reason="needs the modes of POSIX")
@pytest.mark.parametrize(
    ("before", "after"),
    [(0o640, 0o640), (0o600, 0o600), (0o6755, 0o755), (0o1666, 0o666), (0o200, 0o200)],
)
def test_a_replaced_file_keeps_its_permissions_and_nothing_beyond_them(tmp_path, before, after):
    path = tmp_path / "out.html"
    path.write_bytes(OLD)
    path.chmod(before)

    ran = run_process("assess", RATINGS, "-o", path.name, cwd=tmp_path, before=bound_by_modes)

    assert (ran.code, ran.err) == (0, "Wrote out.html.\n")
    assert stat.S_IMODE(path.stat().st_mode) == after
    path.chmod(0o600)
    assert path.read_bytes().startswith(b"<!doctype html>")


@pytest.mark.skipif(os.name == "nt", reason="needs hard links")
def test_another_name_of_a_replaced_file_keeps_the_old_content(tmp_path):
    (tmp_path / "kept.html").write_bytes(OLD)
    (tmp_path / "out.html").hardlink_to(tmp_path / "kept.html")

    assert run("assess", RATINGS, "-o", "out.html", cwd=tmp_path).code == 0
    assert (tmp_path / "kept.html").read_bytes() == OLD
    assert (tmp_path / "out.html").read_bytes() != OLD
