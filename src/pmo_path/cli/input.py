"""The framework and the ratings that a command was given."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import BinaryIO, TextIO

    from pmo_path.domain.framework import Framework
    from pmo_path.domain.ratings import Ratings
    from pmo_path.readers.discovery import Gathered, Gathering

STDIN = Path("-")
STDIN_NAME = "<stdin>"


def given_framework(path: Path | None) -> Framework:
    """The framework in a file, or the shipped one. Raises InputInvalid."""
    from pmo_path.app.api import load_framework

    return load_framework(path)


def given_ratings(path: Path, framework: Framework) -> Ratings:
    """The ratings in a file, or on stdin when the path is `-`. Raises InputInvalid.

    How words were read that may mean no answer goes to stderr.
    """
    from pmo_path.readers.ratings import ratings_read

    name, content = given_content(path)
    read = ratings_read(content, name, framework)
    say_notes(name, read.notes())
    return read.ratings


def say_notes(name: str, notes: Iterable[tuple[int, str]]) -> None:
    """Say how words in a ratings file were read, each note with its line."""
    from pmo_path.cli.errors import say  # noqa: PLC0415

    for line, note in notes:
        say(f"{name}:{line}: note: {note}")


def say_skipped(gathering: Gathering) -> list[Gathered]:
    """The files that were found; says what was skipped on the way."""
    from pmo_path.cli.errors import say  # noqa: PLC0415

    for path, note in gathering.notes:
        say(f"{path}: note: {note}")
    return gathering.files


def given_content(path: Path) -> tuple[str, bytes]:
    """What to call a file, and what is in it; `-` is stdin. Raises InputInvalid."""
    from pmo_path.readers.files import not_read, read_bytes, read_to_end, within_limit

    if path != STDIN:
        return str(path), read_bytes(path)
    try:
        content = read_to_end(stdin_bytes())
    except OSError as error:
        raise not_read(STDIN_NAME, error) from None
    return STDIN_NAME, within_limit(content, STDIN_NAME)


def stdin_bytes() -> BinaryIO:
    """Stdin, to read bytes from. Raises InputInvalid when the shell has closed it."""
    # The type checker takes for granted what a closed stream does not have.
    stdin: TextIO | None = sys.stdin
    if stdin is None:
        from pmo_path.readers.files import unreadable

        raise unreadable(STDIN_NAME, "it is closed", "pass a file in place of -")
    return stdin.buffer
