"""The formats in which a result can be written, and where the writer of each one is.

To add a format: a module in this folder with a function `write`, and a line in `Format`. Nothing
heavy is imported before a result is written, since every command's options name the formats.
"""

from __future__ import annotations

from enum import StrEnum
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple, Self, TextIO

from pmo_path.domain.errors import UsageProblem

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from pmo_path.render.document import Document
    from pmo_path.render.words import TextStyle


class Format(StrEnum):
    """An output format: its name, its module in this folder, and its file extensions."""

    module: str
    extensions: tuple[str, ...]

    def __new__(cls, name: str, module: str, *extensions: str) -> Self:
        """A member of this name, with the rest as attributes."""
        member = str.__new__(cls, name)
        member._value_ = name
        member.module, member.extensions = module, extensions
        return member

    TABLE = "table", "terminal", ".txt"
    HTML = "html", "html.document", ".html", ".htm"
    MARKDOWN = "markdown", "markdown", ".md", ".markdown"
    CSV = "csv", "csv", ".csv"
    JSON = "json", "json", ".json"


DATA_FORMATS = frozenset({Format.CSV, Format.JSON})
"""Formats for programs; all others write documents."""


def format_of(extension: str) -> Format | None:
    """Return the format of a file extension; None for an unknown one."""
    extensions = {each: format_ for format_ in Format for each in format_.extensions}
    return extensions.get(extension.casefold())


def cannot_write(extension: str, without: Collection[Format] = ()) -> UsageProblem:
    """Return the problem that an extension has no format, or one of those in `without`."""
    known = [format_.extensions[0] for format_ in Format if format_ not in without]
    *others, last = (*known[1:], known[0])  # plain text comes last
    return UsageProblem(f"Can't write {extension}. Use {', '.join(others)} or {last}.")


class Result(NamedTuple):
    """A result as its formats need it; each part is made only when a format is written."""

    document: Callable[[], Document]
    """For people."""
    record: Callable[[], Mapping[str, Any]]
    """For programs, in the types that JSON has."""
    rows: Callable[[], Iterable[Sequence[str]]] | None = None
    """For spreadsheets, headings first; None where the result is not a table."""


def write_result(result: Result, format_: Format, out: TextIO, style: TextStyle) -> None:
    """Write a result in a format; `style` is what a terminal can show."""
    module = import_module(f"pmo_path.render.formats.{format_.module}")
    module.write(result, out, style)
