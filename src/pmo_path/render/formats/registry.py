"""The formats in which a result can be written, and where the writer of each one is.

To add a format: a module in this folder with a function `write`, and a line in `Format`; if it
writes documents, every result has it. Nothing heavy is imported before a result is written, since
every command's options name the formats.
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
    """An output format: name, module in this folder, part of a `Result`, and file extensions."""

    module: str
    part: str
    extensions: tuple[str, ...]

    def __new__(cls, name: str, module: str, part: str, *extensions: str) -> Self:
        """A member of this name, with the rest as attributes."""
        member = str.__new__(cls, name)
        member._value_ = name
        member.module, member.part, member.extensions = module, part, extensions
        return member

    TABLE = "table", "terminal", "document", ".txt"
    HTML = "html", "html.document", "document", ".html", ".htm"
    MARKDOWN = "markdown", "markdown", "document", ".md", ".markdown"
    CSV = "csv", "csv", "rows", ".csv"
    JSON = "json", "json", "record", ".json"
    CALENDAR = "calendar", "calendar", "calendar", ".ics"
    YAML = "yaml", "yaml", "file", ".yaml", ".yml"


DATA_FORMATS = frozenset(format_ for format_ in Format if format_.part != "document")
"""Formats for programs."""
PAGE_FORMATS = frozenset(format_ for format_ in Format if format_.part in {"document", "record"})
"""Formats that every result has."""
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
    make_part = getattr(result, format_.part)
    if make_part is None:
        raise TypeError(f"this result has no {format_.part}")
    module = import_module(f"pmo_path.render.formats.{format_.module}")
    module.write(make_part(), out, style)
