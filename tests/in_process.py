"""The command as a call, which does what a process of its own would do, and costs no start.

The call gets its own streams, which are pipes, and its own folder, environment and handlers of
signals. Whatever it changes is put back, and nothing that it remembers reaches the next call.
"""

from __future__ import annotations

import csv
import gc
import io
import os
import signal
import sys
import tempfile
import threading
from contextlib import chdir, contextmanager, suppress
from types import ModuleType
from typing import TYPE_CHECKING, NamedTuple

import pmo_path.__main__ as program
from pmo_path.cli import signals

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

FRAMES_OF_A_START = 3
"""How deep a process is in Python when it calls `main`."""
FORGETS = ("webbrowser",)
"""Modules that remember the environment of their first use."""


class Called(NamedTuple):
    """The exit code of a call, and what it wrote."""

    code: int
    out: bytes
    err: bytes


def called(
    args: Sequence[str],
    *,
    cwd: Path,
    env: Mapping[str, str],
    stdin: bytes = b"",
    is_installed: bool = False,
) -> Called:
    """Call the command with an environment that holds nothing else.

    It is called as `pmo-path` where it `is_installed`, else as a module of Python.
    """
    with _streams(stdin) as (_, out, err):
        code = _code(args, cwd, env, is_installed=is_installed)
    return Called(code, out.content, err.content)


def printed(args: Sequence[str], *, cwd: Path, env: Mapping[str, str]) -> str:
    """What the installed command writes, its messages between the results, as they come."""
    with _streams(b"", is_merged=True) as (_, out, _err):
        _code(args, cwd, env, is_installed=True)
    return out.content.decode()


def _code(args: Sequence[str], cwd: Path, env: Mapping[str, str], *, is_installed: bool) -> int:
    interpreter = _interpreter(args, is_installed=is_installed)
    with _environment(env), chdir(cwd), _handlers(), interpreter:
        try:
            program.main()
        except SystemExit as ended:
            return int(ended.code or 0)
    return 0


# --- What a process has for itself ----------------------------------------------------------------


@contextmanager
def _environment(env: Mapping[str, str]) -> Iterator[None]:
    before = dict(os.environ)
    folder_of_before = tempfile.tempdir
    # It is changed in place, since there are those that hold on to it.
    os.environ.clear()
    os.environ.update(env)
    tempfile.tempdir = None
    for name in FORGETS:
        sys.modules.pop(name, None)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
        tempfile.tempdir = folder_of_before


@contextmanager
def _handlers() -> Iterator[None]:
    numbers = [*signals.ENDING, *([signal.SIGALRM] if hasattr(signal, "SIGALRM") else [])]
    before = {number: signal.getsignal(number) for number in numbers}
    blocked = (
        signal.pthread_sigmask(signal.SIG_BLOCK, [])
        if hasattr(signal, "pthread_sigmask")
        else None
    )
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        if blocked is not None:
            signal.pthread_sigmask(signal.SIG_SETMASK, blocked)
        signals._received.clear()
        signals._handled.clear()


@contextmanager
def _interpreter(args: Sequence[str], *, is_installed: bool) -> Iterator[None]:
    argv, main = sys.argv, sys.modules["__main__"]
    hooks = sys.excepthook, sys.unraisablehook
    collects, deepest = gc.isenabled(), sys.getrecursionlimit()
    longest_cell = csv.field_size_limit()
    # Usage and completion name the program by these.
    sys.argv = ["pmo-path" if is_installed else str(program.__file__), *args]
    sys.modules["__main__"] = ModuleType("__main__") if is_installed else program
    sys.setrecursionlimit(deepest + _depth() - FRAMES_OF_A_START)
    try:
        yield
    finally:
        sys.argv, sys.modules["__main__"] = argv, main
        sys.excepthook, sys.unraisablehook = hooks
        sys.setrecursionlimit(deepest)
        csv.field_size_limit(longest_cell)
        if collects:
            gc.enable()


def _depth() -> int:
    depth, frame = 0, sys._getframe()
    while frame.f_back is not None:
        depth, frame = depth + 1, frame.f_back
    return depth


# --- Streams --------------------------------------------------------------------------------------


class _Pipe(threading.Thread):
    """A pipe in the place of a stream, whose other end has a thread of its own."""

    def __init__(self, number: int, content: bytes = b"") -> None:
        super().__init__(daemon=True)
        self.content = content
        self._number = number
        reader, writer = os.pipe()
        self._ours, theirs = (writer, reader) if number == 0 else (reader, writer)
        self._before = os.dup(number)
        os.dup2(theirs, number)
        os.close(theirs)
        self.start()

    def run(self) -> None:
        if self._number == 0:
            with suppress(BrokenPipeError), os.fdopen(self._ours, "wb") as pipe:
                pipe.write(self.content)
        else:
            with os.fdopen(self._ours, "rb") as pipe:
                self.content = pipe.read()

    def gives_way(self) -> None:
        """Put the stream back that was there before."""
        os.dup2(self._before, self._number)
        os.close(self._before)


@contextmanager
def _streams(stdin: bytes, *, is_merged: bool = False) -> Iterator[Sequence[_Pipe]]:
    before = sys.stdin, sys.stdout, sys.stderr
    for stream in before[1:]:
        stream.flush()
    pipes = [_Pipe(0, stdin), _Pipe(1), _Pipe(2)]
    sys.stdin = os.fdopen(0, encoding="utf-8", errors="surrogateescape", closefd=False)
    if is_merged:
        os.dup2(1, 2)
        sys.stdout = io.TextIOWrapper(
            io.FileIO(1, "w", closefd=False), encoding="utf-8", write_through=True
        )
    else:
        sys.stdout = os.fdopen(1, "w", encoding="utf-8", errors="surrogateescape", closefd=False)
    sys.stderr = os.fdopen(
        2, "w", buffering=1, encoding="utf-8", errors="backslashreplace", closefd=False
    )
    try:
        yield pipes
    finally:
        for stream in (sys.stdout, sys.stderr):
            stream.close()
        sys.stdin, sys.stdout, sys.stderr = before
        for pipe in pipes:
            pipe.gives_way()
        for pipe in pipes:
            pipe.join()
