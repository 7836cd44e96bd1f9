"""What a result says, laid out for any format: sections of text, tables, lists and charts.

Nothing here is escaped or made safe; whoever writes it does that, for everything alike.
"""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from decimal import Decimal

    from pmo_path.domain.report import FrameworkFacts, LevelFacts

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


class DotRow(NamedTuple):
    """Where the marks of one competence stand on the scale."""

    name: str
    levels: tuple[Decimal | None, ...]
    """One for each series; none where it has no level."""
    required: Decimal | None
    words: str
    """The row for whoever does not see it."""


class Dots(NamedTuple):
    """Marks on the scale, for a format that can draw them; a table always says the same."""

    series: tuple[str, ...]
    scale: tuple[LevelFacts, ...]
    groups: tuple[tuple[str, tuple[DotRow, ...]], ...]
    """Titles, and the rows below them."""

    @property
    def has_required(self) -> bool:
        """Whether a level is required in any of the rows."""
        return any(row.required is not None for _, rows in self.groups for row in rows)


class TrendPoint(NamedTuple):
    """One range of a series over time, in percent; its ends are equal where nothing is open."""

    label: str
    place: float
    """How far between the first and the last, from 0 to 1."""
    low: str
    high: str
    words: str


class Trend(NamedTuple):
    """A figure over time, for a format that can draw it; a table always says the same."""

    title: str
    points: tuple[TrendPoint, ...]


class Section(NamedTuple):
    """Something under a heading: a chart or a table, labelled lines, points and sentences."""

    heading: str
    grid: Grid | None = None
    labelled: tuple[tuple[str, str], ...] = ()
    points: tuple[str, ...] = ()
    sentences: tuple[str, ...] = ()
    dots: Dots | None = None
    trend: Trend | None = None


class Paper(NamedTuple):
    """A whole result, ready to be written."""

    title: str
    facts: str
    verdict: str
    sections: tuple[Section, ...]
    footnotes: tuple[str, ...]
    framework: FrameworkFacts


def section(heading: str, *points: str) -> list[Section]:
    """A section of points, or none when there are none."""
    return [Section(heading, points=points)] if points else []
