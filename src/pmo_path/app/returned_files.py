"""Read the files that people sent back, in several processes where that pays."""

from __future__ import annotations

import os
import signal
import threading
from contextlib import contextmanager, suppress
from functools import partial
from typing import TYPE_CHECKING

from pmo_path.readers.returned_files import (
    ReadingOptions,
    ReturnedFile,
    other_by_name,
    read_returned_file,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from pmo_path.domain.framework import Framework
    from pmo_path.domain.progress import Progress
    from pmo_path.readers.discovery import FoundFile

MANY_FILES = 200
"""Fewer files are read before a second process has started."""
_AT_ONCE = 5
"""Files that a process reads at a time; a run that is stopped waits for them."""
_STEP = "Reading files"


def read_returned_files(
    files: Sequence[FoundFile],
    framework: Framework,
    options: ReadingOptions,
    processes: int,
    progress: Progress,
) -> list[ReturnedFile]:
    """Read each file, in order. Where processes cannot be started, this one reads them all."""
    others = {number: other_by_name(file) for number, file in enumerate(files)}
    to_read = [file for number, file in enumerate(files) if others[number] is None]
    done: list[ReturnedFile] = []
    progress(_STEP, lambda: len(done) / max(len(to_read), 1))
    if processes > 1 and len(to_read) >= MANY_FILES:
        for read in _read_in_processes(to_read, framework, options, processes):
            done.append(read)  # noqa: PERF402  progress counts them
    for file in to_read[len(done) :]:
        done.append(read_returned_file(file, framework, options))  # noqa: PERF401  progress
    files_read = iter(done)
    return [other or next(files_read) for other in others.values()]


def _read_in_processes(
    files: Sequence[FoundFile], framework: Framework, options: ReadingOptions, processes: int
) -> Iterator[ReturnedFile]:
    """Read files for as long as the processes live."""
    with suppress(ImportError, OSError):
        import multiprocessing  # noqa: PLC0415  for many files alone
        from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415
        from concurrent.futures.process import BrokenProcessPool  # noqa: PLC0415

        pieces = [files[start : start + _AT_ONCE] for start in range(0, len(files), _AT_ONCE)]
        spawn = multiprocessing.get_context("spawn")
        pool = ProcessPoolExecutor(processes, spawn, _start, (framework, options))
        try:
            with suppress(BrokenProcessPool):
                with _signals_held_back():
                    results = pool.map(_read, pieces)
                for piece in results:
                    yield from piece
        finally:
            pool.shutdown(cancel_futures=True)


@contextmanager
def _signals_held_back() -> Iterator[None]:
    """Let processes that start be spared signals: this one gets them, and ends the others."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(
        signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}
    )
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


_reading: Callable[[FoundFile], ReturnedFile] | None = None
"""What a process does with a file."""


def _start(framework: Framework, options: ReadingOptions) -> None:
    global _reading  # noqa: PLW0603  a process has one
    _reading = partial(read_returned_file, framework=framework, options=options)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """End this process when the one that started it was killed, which cannot end it any more."""
    from multiprocessing import connection, parent_process  # noqa: PLC0415  in a process of many

    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)


def _read(files: Sequence[FoundFile]) -> list[ReturnedFile]:
    if _reading is None:
        raise RuntimeError("the process is not prepared")
    return list(map(_reading, files))
