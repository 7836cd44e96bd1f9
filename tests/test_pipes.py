"""Input through pipes that bring it slowly, or never."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from typing import TYPE_CHECKING

import pytest
from tests.processes import Process
from tests.support import EXAMPLES, ROOT, TIMEOUT, clean, run_process

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(os.name == "nt", reason="pipes of other systems")

RATINGS = EXAMPLES / "ratings-manager.yaml"
FRAMEWORK = ROOT / "data" / "framework.yaml"
STARTER = ROOT / "src" / "pmo_path" / "starter" / "framework.yaml"
SHEET = b"person,role,Strategic Thinking\nAna,pmo-director,3\nBo,pmo-director,2\n"
MAP = b"Strategic: strategic-thinking\nLeading: leadership-influence\n"
MAPPED = b"person,Strategic,Leading\nAna,3,2\n"
PAUSE = 0.5
"""Seconds between the two halves of an input. The first comes when the reader is there."""


class Pipe:
    """A named pipe that somebody fills: half at once, the rest after a pause."""

    def __init__(self, path: Path, content: bytes) -> None:
        os.mkfifo(path)
        self.path = path
        self._writer = threading.Thread(target=self._fill, args=(content,), daemon=True)
        self._writer.start()

    def _fill(self, content: bytes) -> None:
        middle = content.index(b"\n", len(content) // 2) + 1
        with self.path.open("wb", buffering=0) as pipe:
            pipe.write(content[:middle])
            time.sleep(PAUSE)
            pipe.write(content[middle:])


@pytest.fixture
def pipe(tmp_path):
    made: list[Pipe] = []

    def make(content: bytes) -> Path:
        made.append(Pipe(tmp_path / f"pipe-{len(made)}", content))
        return made[-1].path

    return make


# Each with what stands for a file: its path, or a pipe that brings its content.
READERS = {
    "assess": ("assess", RATINGS, "--role", "pmo-director"),
    "compare": ("compare", RATINGS, EXAMPLES / "ratings-analyst.yaml", "--role", "pmo-director"),
    "history": ("history", RATINGS, "--format", "json"),
    "validate": ("validate", FRAMEWORK),
    "diff": ("diff", STARTER, FRAMEWORK, "--ratings", RATINGS),
    "show": ("show", "--framework", FRAMEWORK),
}


@pytest.mark.parametrize("command", READERS.values(), ids=READERS)
def test_a_slow_pipe_is_read_to_its_end_by_every_command(command, pipe):
    paths = {path for path in command if not isinstance(path, str)}
    names = {path: pipe(path.read_bytes()) for path in sorted(paths)}

    from_files = run_process(*command)
    from_pipes = run_process(*(names.get(word, word) for word in command))

    out, err = from_pipes.out, from_pipes.err
    for path, name in names.items():
        out, err = (text.replace(str(name), str(path)) for text in (out, err))
    assert (from_pipes.code, out, err) == from_files


def test_a_sheet_and_its_map_may_come_through_slow_pipes(pipe, tmp_path):
    (tmp_path / "people.csv").write_bytes(MAPPED)
    (tmp_path / "map.yaml").write_bytes(MAP)
    options = ("--role", "pmo-director", "--quiet")

    from_files = run_process(
        "batch", tmp_path / "people.csv", "--map", tmp_path / "map.yaml", *options
    )
    from_pipes = run_process("batch", pipe(MAPPED), "--map", pipe(MAP), *options)

    assert from_files.code == 0
    assert from_pipes == from_files


@pytest.mark.parametrize("name", ["-", "/dev/stdin"])
@pytest.mark.parametrize(
    ("command", "content"),
    [
        (("assess",), RATINGS.read_bytes()),
        (("validate",), FRAMEWORK.read_bytes()),
        (("batch", "--quiet"), SHEET),
    ],
    ids=["assess", "validate", "batch"],
)
def test_a_slow_stdin_that_does_not_block_is_read_to_its_end(command, content, name):
    whole = run_process(*command, name, stdin=content)
    reading, writing = os.pipe()
    os.set_blocking(reading, False)
    child = Process(
        [*command, name],
        cwd=ROOT,
        env=clean({}),
        stdin=reading,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    middle = content.index(b"\n", len(content) // 2) + 1
    with os.fdopen(writing, "wb", buffering=0) as pipe:
        os.close(reading)
        pipe.write(content[:middle])
        time.sleep(PAUSE)
        pipe.write(content[middle:])
    out, err = child.communicate(timeout=TIMEOUT)

    assert (child.returncode, out.decode(), err.decode()) == whole


@pytest.mark.parametrize("command", ["assess", "batch", "validate"])
def test_a_pipe_into_which_nobody_writes_is_refused(tmp_path, command):
    os.mkfifo(tmp_path / "pipe.yaml")

    ran = run_process(command, "pipe.yaml", cwd=tmp_path)

    hint = "  hint: start the program that fills it\n"
    words = f"pipe.yaml: PMO101 error: nothing is writing to this pipe\n{hint}"
    assert ran.code == 3
    assert (ran.out + ran.err).startswith(words)
