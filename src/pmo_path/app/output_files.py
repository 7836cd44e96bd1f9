"""Checks that no file of a run is read and written, or written twice."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from pmo_path.domain.errors import OutputFailed, UsageProblem
from pmo_path.writers.atomic import (
    READ_ONLY,
    clear_outputs,
    is_read_only,
    is_special,
    is_there,
    write_atomically,
)
from pmo_path.writers.leftovers import remove_private_folders, tidy

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

# Commands may not import `writers`, so what they need of it is exported here.
__all__ = ["is_special", "is_there", "write_atomically"]


def abandon() -> None:
    """Delete what a run has begun to write, as far as it can be deleted while it still runs."""
    clear_outputs()
    remove_private_folders()


def check_files(read: Mapping[str, Path], written: Mapping[str, Path]) -> None:
    """Look over all files of a run before any is written; each is named by its option.

    Raises UsageProblem if a file would be read and written, or two would be written to the same
    name, and OutputFailed for a folder and where no file can be made.
    """
    seen: dict[str, Path] = {}
    for option, path in written.items():
        # What cannot be looked at is no folder here, and writing to it says why.
        if os.path.isdir(path):  # noqa: PTH112  Path's raises an error where a name is too long
            raise OutputFailed(f"'{path}' is a folder; name a file in it")
        if is_special(path):
            continue
        _check_folder(path)
        for other, source in read.items():
            if is_same_file(path, source):
                raise UsageProblem(
                    f"'{path}' is read ({other}), so it cannot be written; name another {option}"
                )
        for other, target in seen.items():
            if is_same_file(path, target):
                raise UsageProblem(
                    f"{other} and {option} would both write '{path}'; name another {option}"
                )
        seen[option] = path


def finish_interrupted(paths: Iterable[Path]) -> list[str]:
    """Finish what a killed run began to write beside these outputs; notes say what was done."""
    folders = {Path(os.path.realpath(path)).parent for path in paths}
    return [note for folder in folders for note in tidy(folder, completes=True)]


def check_distinct(paths: Iterable[Path]) -> None:
    """Raise UsageProblem for two paths of the same file."""
    known: dict[object, Path] = {}
    for path in paths:
        first = known.setdefault(_identity(path), path)
        if first is not path:
            problem = f"'{path}' is named twice"
            if first != path:
                problem = f"'{first}' and '{path}' are the same file"
            raise UsageProblem(f"{problem}; name another one to compare it with")


def is_same_file(first: Path, second: Path) -> bool:
    """Whether two paths lead to one file, also by links of either kind."""
    return _identity(first) == _identity(second)


def _identity(path: Path) -> object:
    try:
        status = path.stat()
    except OSError:  # it is not there, or cannot be
        return os.path.realpath(path)
    return status.st_dev, status.st_ino


def _check_folder(path: Path) -> None:
    target = os.path.realpath(path)
    folder = os.path.dirname(target)  # noqa: PTH120  the same for a name that is too long
    if os.path.isdir(folder):  # noqa: PTH112
        problem = _problem_in(folder, target)
    elif os.path.lexists(folder):
        problem = f"'{folder}' is not a folder"
    else:
        problem = f"there is no folder '{folder}'; make it first"
    if problem:
        raise OutputFailed(f"'{path}' could not be written: {problem}")


def _problem_in(folder: str, target: str) -> str | None:
    if not os.access(folder, os.W_OK | os.X_OK):
        return f"the folder '{folder}' may not be written to"
    try:
        os.lstat(target)
    except FileNotFoundError:
        return None
    except OSError as error:  # a name that is too long
        return error.strerror or f"{error}"
    return READ_ONLY if is_read_only(target) else None
