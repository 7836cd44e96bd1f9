"""Find and read input files, and load frameworks and ratings from them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, NamedTuple, TypeAlias

from pmo_path.domain.codes import Code
from pmo_path.readers import framework as framework_file
from pmo_path.readers import ratings
from pmo_path.readers.discovery import FoundFile, FoundFiles, framework_files, ratings_files
from pmo_path.readers.files import (
    not_read,
    read_bytes,
    read_to_end,
    unusable,
    wait_for_input,
    within_limit,
)
from pmo_path.readers.filetype import identify
from pmo_path.readers.package_data import NamedContent, shipped_framework

if TYPE_CHECKING:
    import os

    from pmo_path.domain.framework import Framework
    from pmo_path.domain.ratings import Ratings

# Commands may not import `readers`, so what they need of it is exported here.
__all__ = ["FoundFile", "FoundFiles", "NamedContent", "ratings_files", "shipped_framework"]

STDIN = Path("-")
STDIN_NAME = "<stdin>"
Read: TypeAlias = Callable[[Path], NamedContent]
"""Reads a file. Raises InputInvalid."""


class RatingsFile(NamedTuple):
    """The ratings in a file, and how words in it were read that may mean no answer."""

    name: str
    ratings: Ratings
    notes: tuple[tuple[int, str], ...]
    """Each with its line."""


def load_framework(path: str | os.PathLike[str] | None = None) -> Framework:
    """Load a framework file, or the shipped framework without a path.

    Raises InputInvalid, whose `diagnostics` list every mistake with its line.
    """
    return framework_file.load_framework(None if path is None else Path(path))


def load_ratings(path: str | os.PathLike[str], framework: Framework) -> Ratings:
    """Load one person's ratings from a YAML, JSON or table file, by the framework's competence ids.

    Raises InputInvalid, whose `diagnostics` list every mistake with its line.
    """
    return ratings.load_ratings(Path(path), framework)


def read_file(path: Path) -> NamedContent:
    """Read a framework or ratings file. Raises InputInvalid."""
    return NamedContent(str(path), read_bytes(path))


def read_stdin(stream: BinaryIO | None) -> NamedContent:
    """Read a framework or ratings file from stdin, which is None when closed.

    Raises InputInvalid.
    """
    try:
        content = read_to_end(open_stdin(stream))
    except OSError as error:
        raise not_read(STDIN_NAME, error) from None
    return NamedContent(STDIN_NAME, within_limit(content, STDIN_NAME))


def open_stdin(stream: BinaryIO | None) -> BinaryIO:
    """Stdin ready for reading. Raises InputInvalid when the shell has closed it."""
    if stream is None:
        raise unusable(Code.UNREADABLE, STDIN_NAME, "it is closed", "pass a file in place of -")
    wait_for_input(stream)
    return stream


def read_ratings(path: Path, framework: Framework, read: Read = read_file) -> RatingsFile:
    """Read one person's ratings. Raises InputInvalid with every mistake."""
    name, content = read(path)
    result = ratings.ratings_read(identify(content, name), framework)
    return RatingsFile(name, result.ratings, tuple(result.notes()))


def find_frameworks(names: Iterable[str]) -> FoundFiles:
    """Find framework files by name, folder or pattern; `-` is stdin, which comes first.

    Raises UsageProblem when a folder or a pattern holds nothing.
    """
    names = tuple(names)
    discovered = framework_files(name for name in names if name != str(STDIN))
    stdin = [FoundFile(STDIN)] if str(STDIN) in names else []
    return discovered._replace(files=[*stdin, *discovered.files])
