"""What a comparison says, laid out for any format: sections of text, tables and lists.

Nothing here is escaped or made safe; whoever writes it does that, for everything alike.
"""

from __future__ import annotations

from enum import Enum, auto
from typing import NamedTuple

ARROW = "\u2192"


class Mood(Enum):
    """What a row is about, for whoever has colour; the words say it as well."""

    PLAIN = auto()
    GOOD = auto()
    BAD = auto()


class Row(NamedTuple):
    """Cells below their headings; the first names the row."""

    cells: tuple[str, ...]
    mood: Mood = Mood.PLAIN
    told_in: int = 0
    """The cell that says what the mood is about."""


class Group(NamedTuple):
    """Rows that belong together; without a title they are a table's only ones."""

    title: str
    rows: tuple[Row, ...]


class Grid(NamedTuple):
    """A table; columns named in `right` align right."""

    headings: tuple[str, ...]
    groups: tuple[Group, ...]
    right: tuple[str, ...] = ()


class Section(NamedTuple):
    """Something under a heading: a table, labelled lines, points and sentences, in this order."""

    heading: str
    grid: Grid | None = None
    labelled: tuple[tuple[str, str], ...] = ()
    points: tuple[str, ...] = ()
    sentences: tuple[str, ...] = ()


class Paper(NamedTuple):
    """A whole comparison, ready to be written."""

    title: str
    facts: str
    verdict: str
    sections: tuple[Section, ...]
    footnotes: tuple[str, ...]


def section(heading: str, *points: str) -> list[Section]:
    """A section of points, or none when there are none."""
    return [Section(heading, points=points)] if points else []
