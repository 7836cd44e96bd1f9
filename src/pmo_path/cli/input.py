"""The framework and the ratings that a command reads."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from pmo_path.cli.errors import say

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import BinaryIO, TextIO

    from pmo_path.app.inputs import FoundFile, FoundFiles, NamedContent
    from pmo_path.domain.framework import Framework
    from pmo_path.domain.ratings import Ratings

STDIN = Path("-")


def load_framework(path: Path | None) -> Framework:
    """Load a framework file, or the shipped framework. Raises InputInvalid."""
    from pmo_path.app import inputs

    return inputs.load_framework(path)


def load_target(
    path: Path | None, role: str | None, target_level: str | None
) -> tuple[Framework, str | None]:
    """Load a framework, and the role to rate against as the options name it, if they do.

    Raises InputInvalid, and UsageProblem for a target level that cannot be one.
    """
    from pmo_path.domain.target_level import with_target  # noqa: PLC0415

    return with_target(load_framework(path), role, target_level)


def load_ratings(path: Path, framework: Framework) -> Ratings:
    """Load ratings from a file, or from stdin when the path is `-`. Raises InputInvalid.

    Notes on words that may mean no answer go to stderr.
    """
    from pmo_path.app.inputs import read_ratings

    file = read_ratings(path, framework, read_input)
    say_notes(file.name, file.notes)
    return file.ratings


def say_notes(name: str, notes: Iterable[tuple[int, str]]) -> None:
    """Print the notes on words in a ratings file, each with its line."""
    for line, note in notes:
        say(f"{name}:{line}: note: {note}")


def say_skipped(found_files: FoundFiles) -> list[FoundFile]:
    """The files that were found; says what was skipped on the way."""
    for path, note in found_files.notes:
        say(f"{path}: note: {note}")
    return found_files.files


def read_input(path: Path) -> NamedContent:
    """Read a file, or stdin when the path is `-`. Raises InputInvalid."""
    from pmo_path.app.inputs import read_file, read_stdin

    return read_stdin(_stdin()) if path == STDIN else read_file(path)


def open_input(path: Path) -> Path | BinaryIO:
    """The path of a file, or stdin when it is `-`. Raises InputInvalid."""
    from pmo_path.app.inputs import open_stdin

    return open_stdin(_stdin()) if path == STDIN else path


def _stdin() -> BinaryIO | None:
    """Stdin, to read bytes from; None when the shell has closed it."""
    # The type checker takes for granted what a closed stream does not have.
    stdin: TextIO | None = sys.stdin
    return None if stdin is None else stdin.buffer
