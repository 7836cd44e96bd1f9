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
    import datetime
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
    CALENDAR = "calendar", "calendar", ".ics"
    YAML = "yaml", "yaml", ".yaml", ".yml"


DATA_FORMATS = frozenset({Format.CSV, Format.JSON, Format.CALENDAR, Format.YAML})
"""Formats for programs; all others write documents."""
PAGE_FORMATS = frozenset(Format) - {Format.CSV, Format.CALENDAR, Format.YAML}
"""Formats that every result has: all that need no rows, no dates and no file to edit."""
ROW_FORMATS = PAGE_FORMATS | {Format.CSV}
"""Formats of a result that has rows."""
PLAN_FORMATS = ROW_FORMATS | {Format.CALENDAR, Format.YAML}
"""Formats of a plan, which has dates and can be edited."""


def format_of(extension: str) -> Format | None:
    """Return the format of a file extension; None for an unknown one."""
    extensions = {each: format_ for format_ in Format for each in format_.extensions}
    return extensions.get(extension.casefold())


def cannot_write(extension: str, formats: Collection[Format]) -> UsageProblem:
    """Return the problem that an extension is of none of the formats of a result."""
    known = [format_.extensions[0] for format_ in Format if format_ in formats]
    *others, last = (*known[1:], known[0])  # plain text comes last
    return UsageProblem(f"Can't write {extension}. Use {', '.join(others)} or {last}.")


class Event(NamedTuple):
    """Whole days in a calendar."""

    key: str
    """What identifies it in its calendar, however its texts and dates change."""
    starts: datetime.date
    ends: datetime.date
    """The last of its days."""
    title: str
    lines: tuple[str, ...]
    """What to know about it."""
    is_reminded: bool = False
    """Whether the calendar reminds of it the day before."""


class Calendar(NamedTuple):
    """Events that belong together."""

    name: str
    key: tuple[str, ...]
    """What tells its events from those of other calendars."""
    made_at: datetime.datetime
    """When it was made, with its time zone; later ones replace earlier ones."""
    events: tuple[Event, ...]


class Result(NamedTuple):
    """A result as its formats need it; each part is made only when a format is written."""

    document: Callable[[], Document]
    """For people."""
    record: Callable[[], Mapping[str, Any]]
    """For programs, in the types that JSON has."""
    rows: Callable[[], Iterable[Sequence[str]]] | None = None
    """For spreadsheets, headings first; None where the result is not a table."""
    calendar: Callable[[], Calendar] | None = None
    """For calendars; None where the result has no dates to keep."""
    file: Callable[[], str] | None = None
    """As a file in YAML to edit; None where the result is not read again."""


def write_result(result: Result, format_: Format, out: TextIO, style: TextStyle) -> None:
    """Write a result in a format; `style` is what a terminal can show."""
    module = import_module(f"pmo_path.render.formats.{format_.module}")
    module.write(result, out, style)
