"""A result laid out for people: sections of blocks that any format can write.

Nothing here is escaped or made safe; the writer of a format does that for every text alike.
"""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal
    from fractions import Fraction

    from pmo_path.domain.bands import BandFacts
    from pmo_path.domain.report import FrameworkFacts, LevelFacts

ARROW = "\u2192"


class Detail(Enum):
    """How much of a result is shown, and the form from which on a block is part of it."""

    BRIEF = auto()
    """The short form, about a screenful. Only a terminal writes it."""
    FULL = auto()


class Mood(Enum):
    """Good or bad news, for a format with colour; the text says it as well."""

    PLAIN = auto()
    GOOD = auto()
    BAD = auto()


# --- Text -----------------------------------------------------------------------------------------


class Paragraph(NamedTuple):
    """Running text."""

    text: str
    is_small: bool = False
    """Whether it is a remark in smaller type."""
    link: str = ""
    """The name of the section that it links to on a page."""
    detail: Detail = Detail.BRIEF


class WebAddress(str):
    """A text that a page turns into a link, among facts and on cards."""

    __slots__ = ()


class Facts(NamedTuple):
    """Labels, each with its text; rows without text are left out."""

    rows: tuple[tuple[str, str], ...]
    indent: int = 0
    """Columns before each label on a terminal."""


class ListBlock(NamedTuple):
    """A list; an item of two texts begins with the first one in bold."""

    items: tuple[str | tuple[str, str], ...]
    is_numbered: bool = False
    brief_items: int | None = None
    """The number of items in the short form; None for all."""


class Verbatim(NamedTuple):
    """Lines that are copied as they are, such as an example of a file."""

    text: str


class Prose(NamedTuple):
    """Running text; a terminal sets its paragraphs, lists and examples apart by blank lines."""

    blocks: tuple[TextBlock, ...]


# --- Tables ---------------------------------------------------------------------------------------


class Column(NamedTuple):
    """A column of a table."""

    heading: str
    is_right: bool = False
    """Whether its cells align right."""
    drops: int = 0
    """The order in which columns drop where there is little room: 1 first, 0 never."""
    is_wide: bool = False
    """Whether it needs room for a bar or a long text."""


class Cell(NamedTuple):
    """A cell of a table that is more than its text."""

    text: str
    mood: Mood = Mood.PLAIN
    bar: Fraction | None = None
    """How much of a bar beside the text is filled, from 0 to 1; None for no bar."""
    bar_text: str = ""
    """The bar in words, on a page."""
    is_tag: bool = False
    """Whether a page sets it apart as a label."""
    notes: tuple[str, ...] = ()
    """Sentences that a page shows when the cell is opened."""
    sort_by: str | None = None
    """What a page sorts it by, where that is not its text."""
    passes: tuple[str, ...] = ()
    """The filters of the table that its row passes; on the first cell of a row."""


class Group(NamedTuple):
    """Rows that belong together, each a cell for each column; the first cell names the row."""

    title: str
    rows: tuple[Row, ...]


def ungrouped(rows: Iterable[Row]) -> tuple[Group]:
    """All rows as one group without a title, for a table without groups."""
    return (Group("", tuple(rows)),)


class Table(NamedTuple):
    """Rows of cells under headings."""

    columns: tuple[Column, ...]
    groups: tuple[Group, ...]
    title: str = ""
    """What a page calls it for people who do not see it; by default its section's heading."""
    name: str = ""
    """Its id on a page; needed where rows can be filtered."""
    note: str = ""
    """What to know before reading it, on a page."""
    is_sortable: bool = False
    """Whether a page can sort its rows."""
    filters: tuple[tuple[str, str], ...] = ()
    """Kinds of rows that a page can show alone, and their labels."""
    are_notes_open: bool = False
    """Whether a page shows the notes of all cells from the start."""
    has_sentences: bool = False
    """Whether cells are long: where no terminal sets the width, it is as wide as running text."""

    @property
    def headings(self) -> list[str]:
        """The headings of all columns."""
        return [column.heading for column in self.columns]


def columns(
    headings: Iterable[str], right: Iterable[str] = (), drops: Iterable[str] = ()
) -> tuple[Column, ...]:
    """Columns of these headings; those named in `right` align right, those in `drops` drop first."""
    aligned = set(right)
    order = {heading: number for number, heading in enumerate(drops, 1)}
    return tuple(
        Column(heading, heading in aligned, order.get(heading, 0)) for heading in headings
    )


def cell(value: str | Cell) -> Cell:
    """The cell, also where it is given as its text alone."""
    return Cell(value) if isinstance(value, str) else value


class Card(NamedTuple):
    """Something that takes several labelled lines, such as a course."""

    title: str
    rows: tuple[CardRow, ...]
    """Labels and texts, or lists of them; rows without text are left out."""
    tag: Cell | None = None


class Cards(NamedTuple):
    """Numbered cards."""

    cards: tuple[Card, ...]


# --- Charts ---------------------------------------------------------------------------------------
# A format that cannot draw a chart writes its alternative. It is empty where other blocks say the
# same.


class DotRow(NamedTuple):
    """The marks of one competence on the scale."""

    name: str
    levels: tuple[Decimal | None, ...]
    """One for each series; None where it has no level."""
    required: Decimal | None
    text: str
    """The row for people who do not see it."""


class Dots(NamedTuple):
    """Marks of one or more series on the scale."""

    series: tuple[str, ...]
    scale: tuple[LevelFacts, ...]
    groups: tuple[tuple[str, tuple[DotRow, ...]], ...]
    """Titles, and the rows below them."""
    alternative: tuple[Block, ...] = ()
    """The same as a table; a page folds it below the chart."""

    @property
    def has_required(self) -> bool:
        """Whether a level is required in any of the rows."""
        return any(row.required is not None for _, rows in self.groups for row in rows)


class TrendPoint(NamedTuple):
    """A range in percent at one time; its ends are equal where nothing is unrated."""

    label: str
    position: float
    """How far between the first and the last time, from 0 to 1."""
    low: str
    """Empty, as `high` is, where there is no figure."""
    high: str
    text: str
    """The point in a sentence."""
    figures: tuple[str, ...] = ()
    """Further figures, one for each of the trend's `figures`."""


class TrendFigure(NamedTuple):
    """A column beside a chart; its widths are the same in charts that are compared."""

    heading: str
    width: int
    """Characters of its longest cell."""
    folded_width: int
    """The same where cells are broken after a comma."""
    drops: int
    """Columns that do not fit are dropped in this order, the lowest first."""


class Trend(NamedTuple):
    """A figure over time; a terminal draws it with the figures beside it."""

    title: str
    points: tuple[TrendPoint, ...]
    figures: tuple[TrendFigure, ...] = ()
    """The points' further figures."""
    note: str = ""
    """The meaning of the ends of a range."""
    alternative: tuple[Block, ...] = ()


def after_commas(text: str) -> list[str]:
    """Return the lines of a figure that is broken after its commas."""
    return text.replace(", ", ",\n").split("\n")


class Axis(NamedTuple):
    """One axis of a radar."""

    name: str
    now: float | None
    """How much of its length is reached, from 0 to 1; None where nothing is rated."""
    required: float
    now_text: str
    required_text: str


class Radar(NamedTuple):
    """What is reached and required along several axes, with a table of the same beside it."""

    kind: str
    """What an axis is: the heading of the table's first column."""
    axes: tuple[Axis, ...]
    rings: int
    alternative: tuple[Block, ...] = ()

    @property
    def text(self) -> str:
        """The radar for people who do not see it."""
        axes = (f"{axis.name}: {axis.now_text} of {axis.required_text}" for axis in self.axes)
        return f"Radar, now of what is required. {'; '.join(axes)}"

    @property
    def is_whole(self) -> bool:
        """Whether every axis has a level, so that there is an area."""
        return all(axis.now is not None for axis in self.axes)


class LevelBar(NamedTuple):
    """A level beside the one that is required."""

    name: str
    rating: Decimal | None
    required: Decimal
    must_have: Decimal | None
    figure: str
    """The text beside the bar."""
    text: str
    """The bar for people who do not see it."""


class LevelBars(NamedTuple):
    """Levels and what is missing to those required, by group."""

    scale: tuple[LevelFacts, ...]
    groups: tuple[tuple[str, str, tuple[LevelBar, ...]], ...]
    """Titles, what to say beside them, and the bars."""
    alternative: tuple[Block, ...] = ()


class ShareBar(NamedTuple):
    """A part of a whole."""

    label: str
    share: Fraction | None
    """From 0 to 1; None where it is withheld."""
    figure: str


class ShareBars(NamedTuple):
    """Parts of a whole, such as how many people reach each band."""

    bars: tuple[ShareBar, ...]
    alternative: tuple[Block, ...] = ()


class Meter(NamedTuple):
    """Readiness in percent, with the marks from which bands begin."""

    low: Fraction
    high: Fraction
    bands: tuple[BandFacts, ...]
    caption: str
    """The requirements of each band."""
    alternative: tuple[Block, ...] = ()


class Figures(NamedTuple):
    """A few figures in large type; the text around them says the same."""

    figures: tuple[tuple[str, str], ...]
    """Labels and figures."""
    alternative: tuple[Block, ...] = ()


class Heat(Enum):
    """The colour of a cell in a heat map."""

    NONE = ""
    MET = "met"
    SHORT = "short-of"
    FAR = "far"
    SHARE_0 = "q0"
    SHARE_20 = "q1"
    SHARE_40 = "q2"
    SHARE_60 = "q3"
    SHARE_80 = "q4"


class HeatCell(NamedTuple):
    """A cell of a heat map."""

    text: str
    heat: Heat = Heat.NONE
    is_framed: bool = False


class HeatRow(NamedTuple):
    """A person or a group in a heat map."""

    name: str
    figure: str
    sort_by: str
    """What the figure is sorted by."""
    cells: tuple[HeatCell, ...]


class HeatMap(NamedTuple):
    """People, or groups of them, by competence."""

    title: str
    kind: str
    """What a row is."""
    figure: str
    """What is shown beside each name."""
    columns: tuple[str, ...]
    required: tuple[str, ...]
    """The level that each column requires; empty where rows are groups."""
    rows: tuple[HeatRow, ...]
    legend_title: str
    legend: tuple[tuple[HeatCell, str], ...]
    """Examples of cells, and what they mean."""
    alternative: tuple[Block, ...] = ()


# --- Documents ------------------------------------------------------------------------------------


class Section(NamedTuple):
    """Blocks under a heading; a section inside another one has a smaller heading."""

    heading: str
    blocks: tuple[Block, ...]
    note: str = ""
    """A short remark beside the heading."""
    panel: Mood | None = None
    """Whether a page sets it apart as a panel, beside the panels next to it."""
    name: str = ""
    """Its id on a page, for links."""
    repeats: bool = False
    """Whether it repeats what other sections have: for a page, which has room for it, and for the
    short form, which leaves those out."""
    is_folded: bool | None = None
    """True where a page folds it away and other formats leave it out; False where it is unfolded."""
    detail: Detail = Detail.FULL


Row: TypeAlias = "tuple[str | Cell, ...]"
CardRow: TypeAlias = tuple[str, str | tuple[str, ...]]
TextBlock: TypeAlias = Paragraph | Facts | ListBlock | Verbatim
Chart: TypeAlias = Dots | Trend | Radar | LevelBars | ShareBars | Meter | Figures | HeatMap
Block: TypeAlias = TextBlock | Prose | Table | Cards | Chart | Section


class Document(NamedTuple):
    """A whole result, ready to be written."""

    title: str
    subtitle: str = ""
    """Who rated, when, on which framework."""
    verdict: str = ""
    """The result in one sentence."""
    sections: tuple[Section, ...] = ()
    framework: FrameworkFacts | None = None
    """The framework in use; None where the result is not about one."""
    opening: tuple[Block, ...] = ()
    """Blocks that belong to the verdict."""
    notice: str = ""
    """What to know before reading: who may see it."""
    footnotes: tuple[str, ...] = ()
    about: tuple[Block, ...] = ()
    """What a page says about itself at its foot."""
    detail: Detail = Detail.FULL
    """How much of it a terminal shows; other formats always show all of it."""


def sections_of(heading: str, items: Iterable[str]) -> list[Section]:
    """A section with a list, or none where the list is empty."""
    listed = tuple(items)
    return [Section(heading, (ListBlock(listed),))] if listed else []


def fact_sections(
    heading: str, rows: Iterable[tuple[str, str]], *, indent: int = 0
) -> list[Section]:
    """A section with labels and their texts, or none where all texts are empty."""
    filled = tuple((label, text) for label, text in rows if text)
    return [Section(heading, (Facts(filled, indent),))] if filled else []
