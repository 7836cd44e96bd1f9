"""Input files of every use case: found, read, and turned into frameworks and ratings."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, TypeAlias

from pmo_path.readers.discovery import Gathered, Gathering, framework_files, ratings_files
from pmo_path.readers.files import (
    not_read,
    read_bytes,
    read_to_end,
    unreadable,
    wait_for_input,
    within_limit,
)
from pmo_path.readers.package_data import NamedContent

__all__ = [
    "Gathered",
    "Gathering",
    "NamedContent",
    "Read",
    "framework_files",
    "open_stdin",
    "ratings_files",
    "read_file",
    "read_stdin",
]

STDIN_NAME = "<stdin>"
Read: TypeAlias = Callable[[Path], NamedContent]
"""Reads a file. Raises InputInvalid."""


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
        raise unreadable(STDIN_NAME, "it is closed", "pass a file in place of -")
    wait_for_input(stream)
    return stream
