"""The framework and the ratings that a command was given."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pmo_path.domain.framework import Framework
    from pmo_path.domain.ratings import Ratings

STDIN = Path("-")


def given_framework(path: Path | None) -> Framework:
    """The framework in a file, or the shipped one. Raises InputInvalid."""
    from pmo_path.app.api import load_framework

    return load_framework(path)


def given_ratings(path: Path, framework: Framework) -> Ratings:
    """The ratings in a file, or on stdin when the path is `-`. Raises InputInvalid.

    How words were read that may mean no answer goes to stderr.
    """
    from pmo_path.sources.ratings_file import ratings_read

    name, content = given_content(path)
    read = ratings_read(content, name, framework)
    say_notes(name, read.notes())
    return read.ratings


def say_notes(name: str, notes: Iterable[tuple[int, str]]) -> None:
    """Say how words in a ratings file were read, each note with its line."""
    from pmo_path.cli.exits import say  # noqa: PLC0415

    for line, note in notes:
        say(f"{name}:{line}: note: {note}")


def given_content(path: Path) -> tuple[str, bytes]:
    """What to call a file, and what is in it; `-` is stdin. Raises InputInvalid."""
    from pmo_path.sources.reading import read_bytes, read_to_end, within_limit

    if path != STDIN:
        return str(path), read_bytes(path)
    name = "<stdin>"
    return name, within_limit(read_to_end(sys.stdin.buffer), name)
