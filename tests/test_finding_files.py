"""Folders and patterns that are not as simple as they look: links, loops, pipes, closed folders."""

from __future__ import annotations

import os
import shutil
import socket
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.support import EXAMPLES, bound_by_modes, run, run_process

from pmo_path.domain.errors import UsageProblem
from pmo_path.readers.discovery import framework_files

pytestmark = pytest.mark.skipif(os.name == "nt", reason="needs links, pipes and modes")

OVERLAY = "extends: pmo\nframework: {id: ours, version: 1.0.0, title: Ours}\n"
RATINGS = (EXAMPLES / "history" / "ana-2025-11.yaml").read_text(encoding="utf-8")


def write(*paths: Path, text: str = OVERLAY) -> None:
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def found(*given: object) -> list[str]:
    """The files that are meant, by name."""
    return [str(file.path) for file in framework_files(map(str, given)).files]


# --- Patterns -----------------------------------------------------------------------------------


@pytest.fixture
def tree(tmp_path, monkeypatch):
    """A folder with folders in it, where relative names start."""
    for name in (
        *("a.yaml", "b.yml", "c.txt", ".hidden.yaml", ".git/g.yaml"),
        *("teams/one.yaml", "teams/x/two.yaml", "teams/x/deep/three.yaml", "teams/notes.md"),
        *("[odd]/four.yaml", "folder.yaml/five.yaml"),
    ):
        write(tmp_path / name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("*.yaml", ["a.yaml", "folder.yaml/five.yaml"]),
        ("?.y*ml", ["a.yaml", "b.yml"]),
        ("[a-b].*", ["a.yaml", "b.yml"]),
        (".*.yaml", [".hidden.yaml"]),
        ("teams/*", ["teams/notes.md", "teams/one.yaml", "teams/x/deep/three.yaml",
                     "teams/x/two.yaml"]),
        ("teams/**", ["teams/notes.md", "teams/one.yaml", "teams/x/deep/three.yaml",
                      "teams/x/two.yaml"]),
        ("teams/**/", ["teams/one.yaml", "teams/x/deep/three.yaml", "teams/x/two.yaml"]),
        ("**/x/", ["teams/x/deep/three.yaml", "teams/x/two.yaml"]),
        ("teams/*/", ["teams/x/deep/three.yaml", "teams/x/two.yaml"]),
        ("teams/**/*.yaml", ["teams/one.yaml", "teams/x/deep/three.yaml", "teams/x/two.yaml"]),
        ("**/**/t*.yaml", ["teams/x/deep/three.yaml", "teams/x/two.yaml"]),
        ("**/x/**/*.yaml", ["teams/x/deep/three.yaml", "teams/x/two.yaml"]),
        ("*/one.yaml", ["teams/one.yaml"]),
        ("*/x", ["teams/x/deep/three.yaml", "teams/x/two.yaml"]),
        ("./teams/../*.yml", ["teams/../b.yml"]),
        ("[[]odd]/*", ["[odd]/four.yaml"]),
        ("[odd]", ["[odd]/four.yaml"]),
        ("teams", ["teams/one.yaml", "teams/x/deep/three.yaml", "teams/x/two.yaml"]),
    ],
)  # fmt: skip
def test_a_pattern_means_what_it_means_to_a_shell_and_its_folders_all_that_is_below(
    tree, given, expected
):
    assert found(given) == expected
    assert found(given, ".", given)[: len(expected)] == expected
    if not given.startswith("."):
        assert found(f"{tree}/{given}") == [str(tree / name) for name in expected]


@pytest.mark.parametrize("given", ["*/nothing.yaml", "x*/**/*.yaml", "a.yaml/*", "no/such/*.yaml"])
@pytest.mark.usefixtures("tree")
def test_a_pattern_that_fits_nothing_is_said_to(given):
    with pytest.raises(UsageProblem, match="no file matches"):
        framework_files([given])


# --- Links --------------------------------------------------------------------------------------


@pytest.mark.parametrize("named", ["d", "d/**/*.yaml", "d/**", "d/**/**/[a-z]*.yaml"])
def test_links_that_lead_back_are_followed_once_and_reported(tmp_path, named):
    write(tmp_path / "d" / "sub" / "one.yaml")
    for name in ("here", "there", "sub/up"):
        (tmp_path / "d" / name).symlink_to(tmp_path / "d")

    ran = run("validate", named, cwd=tmp_path)

    assert (ran.code, ran.out) == (0, "")
    assert ran.err == (
        "d/here: note: this link leads back to a folder above it, and was skipped\n"
        "d/sub/up: note: this link leads back to a folder above it, and was skipped\n"
        "d/there: note: this link leads back to a folder above it, and was skipped\n"
        "1 file checked: no errors, no warnings\n"
    )


@pytest.mark.parametrize("named", ["d", "d/**/*.yaml"])
def test_a_linked_folder_is_searched_once_and_its_files_go_by_their_real_names(tmp_path, named):
    write(tmp_path / "d" / "z" / "one.yaml", tmp_path / "elsewhere" / "two.yaml")
    (tmp_path / "d" / "a").symlink_to("z")
    (tmp_path / "d" / "b").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "d" / "c").symlink_to("b")
    (tmp_path / "d" / "same.yaml").symlink_to("z/one.yaml")

    ran = run("validate", named, cwd=tmp_path)
    (tmp_path / "d" / "z" / "one.yaml").write_text(OVERLAY.replace("id:", "ID:"), encoding="utf-8")
    wrong = run("validate", named, cwd=tmp_path)

    assert ran == (0, "", "2 files checked: no errors, no warnings\n")
    assert wrong.out.startswith("d/z/one.yaml:2:")
    assert "d/a/" not in wrong.out


def test_every_link_to_every_folder_makes_no_more_of_a_tree_than_it_is(tmp_path):
    names = [f"f{number}" for number in range(12)]
    for name in names:
        write(tmp_path / name / "one.yaml")
    for name in names:
        for other in names:
            (tmp_path / name / f"to-{other}").symlink_to(tmp_path / other)

    found_files = framework_files([str(tmp_path / "**" / "*.yaml")])

    assert [file.path for file in found_files.files] == [
        tmp_path / name / "one.yaml" for name in sorted(names)
    ]


def test_links_that_lead_nowhere_are_read_where_they_are_named_as_frameworks_are(tmp_path):
    write(tmp_path / "d" / "one.yaml")
    (tmp_path / "d" / "round.yaml").symlink_to("round.yaml")
    (tmp_path / "d" / "lost.yaml").symlink_to("nowhere.yaml")
    (tmp_path / "d" / "lost").symlink_to("nowhere")

    ran = run("validate", "d", cwd=tmp_path)

    assert ran.code == 3
    assert ran.out.startswith("d/lost.yaml: PMO101 error: there is no such file\n")
    assert "d/round.yaml: PMO101 error: it cannot be read: " in ran.out
    assert ran.err == "3 files checked: 2 errors, no warnings\n"


# --- What is no file ----------------------------------------------------------------------------


@pytest.mark.parametrize("named", ["d", "d/*.yaml", "d/**/*.yaml"])
def test_pipes_and_sockets_in_a_folder_are_skipped_and_reported(tmp_path, monkeypatch, named):
    write(tmp_path / "d" / "one.yaml")
    os.mkfifo(tmp_path / "d" / "pipe.yaml")
    monkeypatch.chdir(tmp_path / "d")
    with socket.socket(socket.AF_UNIX) as unix:
        unix.bind("socket.yaml")
    (tmp_path / "d" / "null.yaml").symlink_to(os.devnull)

    ran = run("validate", named, cwd=tmp_path)

    assert (ran.code, ran.out) == (0, "")
    assert ran.err == (
        "d/null.yaml: note: this is not a regular file, and was skipped\n"
        "d/pipe.yaml: note: this is not a regular file, and was skipped\n"
        "d/socket.yaml: note: this is not a regular file, and was skipped\n"
        "1 file checked: no errors, no warnings\n"
    )


@contextmanager
def deep(top, name, depth):
    """A tree of folders that hold one another, with a file in the last one; nothing else could remove it."""
    os.chdir(top)
    for _ in range(depth):
        Path(name).mkdir()
        os.chdir(name)
    write(Path("one.yaml"))
    bottom = os.open(".", os.O_RDONLY)
    os.chdir(top)
    yield
    os.fchdir(bottom)
    os.close(bottom)
    Path("one.yaml").unlink()
    for _ in range(depth):
        os.chdir("..")
        Path(name).rmdir()


def test_a_tree_deeper_than_any_name_can_be_is_searched_as_far_as_it_goes(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "d" / "one.yaml")

    with deep(tmp_path / "d", "x" * 200, 30):
        ran = run("validate", "d", cwd=tmp_path)

    assert ran.code == 3
    assert ran.out.count("PMO101 error: it cannot be read: File name too long") == 1
    assert ran.err == "1 file checked: 1 error, no warnings\n"


def test_a_tree_of_many_levels_is_no_trouble(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    with deep(tmp_path, "d", 1200):
        below = framework_files(["d"]).files
        matched = framework_files(["**/d/**/*.yaml"]).files

    assert (len(below), len(matched)) == (1, 1)


# --- What may not be searched -------------------------------------------------------------------


LOCKED = """\
{}: PMO101 error: no permission to read it
  hint: check who owns it
"""
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="root must give up its privileges")


@pytest.fixture
def locked(tmp_path):
    """A folder in which one folder is closed to everybody."""
    write(tmp_path / "d" / "one.yaml", tmp_path / "d" / "sub" / "two.yaml")
    (tmp_path / "d" / "sub").chmod(0)
    yield tmp_path
    (tmp_path / "d" / "sub").chmod(0o755)


@on_linux
@pytest.mark.parametrize(
    ("named", "checked"),
    [
        ("d", "1 file checked"),
        ("d/**/*.yaml", "1 file checked"),
        ("d/*", "1 file checked"),
        ("d/sub", "no files checked"),
        ("d/sub/*.yaml", "no files checked"),
        ("d/*/*.yaml", "no files checked"),
    ],
)
def test_a_folder_that_may_not_be_searched_is_an_error_and_no_green_check(locked, named, checked):
    ran = run_process("validate", named, cwd=locked, before=bound_by_modes)
    ignored = run_process("validate", named, "--ignore", "PMO", cwd=locked, before=bound_by_modes)

    assert ran == (3, LOCKED.format("d/sub"), f"{checked}: 1 error, no warnings\n")
    assert ignored == ran


@on_linux
@pytest.mark.parametrize("named", ["d/*/two.yaml", "d/sub/x*/two.yaml"])
def test_what_may_lie_in_a_folder_that_may_not_be_entered_is_an_error(locked, named):
    ran = run_process("validate", named, cwd=locked, before=bound_by_modes)

    assert ran.code == 3
    assert ran.out.startswith("d/sub")
    assert "PMO101 error: no permission to read it" in ran.out


@on_linux
def test_a_folder_whose_names_alone_may_be_read_names_each_file(locked):
    (locked / "d" / "sub").chmod(0o444)

    ran = run_process("validate", "d", cwd=locked, before=bound_by_modes)

    assert (ran.code, ran.out) == (3, LOCKED.format("d/sub/two.yaml"))


@on_linux
def test_ratings_in_a_folder_that_may_not_be_searched_end_with_3_as_well(locked):
    (locked / "d" / "one.yaml").write_text(RATINGS, encoding="utf-8")
    shutil.copyfile(Path(EXAMPLES).parent / "data" / "framework.yaml", locked / "f.yaml")

    history = run_process(
        "history", "d", "--role", "pmo-director", cwd=locked, before=bound_by_modes
    )
    diff = run_process(
        "diff", "f.yaml", "f.yaml", "--ratings", "d", cwd=locked, before=bound_by_modes
    )

    for ran in (history, diff):
        assert ran.code == 3
        assert ran.out
        assert ran.err == LOCKED.format("d/sub")


def test_a_folder_that_the_disk_does_not_give_is_an_error(tmp_path, monkeypatch):
    write(tmp_path / "d" / "one.yaml", tmp_path / "d" / "sub" / "two.yaml")
    listed = os.listdir

    def failing(folder):
        if Path(folder).name == "sub":
            raise OSError(5, "Input/output error")
        return listed(folder)

    monkeypatch.setattr(os, "listdir", failing)
    files = framework_files([str(tmp_path / "d")]).files

    assert [(file.path.name, str(file.fault)) for file in files] == [
        ("one.yaml", "None"),
        ("sub", "[Errno 5] Input/output error"),
    ]
