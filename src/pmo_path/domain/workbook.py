"""Forms as values, in no file format yet: a table with its guide, and a workbook with formulas."""

from __future__ import annotations

from enum import Enum, StrEnum, auto
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

_LETTERS = 26


class CellStyle(StrEnum):
    """What a cell is for, which decides how it looks and whether it can be filled in."""

    PLAIN = "plain"
    TITLE = "title"
    VERDICT = "verdict"
    SECTION = "section"
    HEADING = "heading"
    LABEL = "label"
    TEXT = "text"
    NAME = "name"
    FIGURE = "figure"
    """A number with one decimal."""
    NUMBER = "number"
    """A number with as many decimals as it has."""
    DATE = "date"
    ENTRY = "entry"
    """Filled in by a person, as text."""
    ENTRY_DATE = "entry date"
    ENTRY_NUMBER = "entry number"


ENTRIES = frozenset({CellStyle.ENTRY, CellStyle.ENTRY_DATE, CellStyle.ENTRY_NUMBER})
"""The styles of cells that are not protected."""


class SheetCell(NamedTuple):
    """A cell of a sheet; rows and columns count from 0."""

    row: int
    column: int
    content: str | float | None
    """The text or number; of a formula, its value while nothing is filled in."""
    style: CellStyle = CellStyle.PLAIN
    formula: str = ""
    """Begins with `=`; empty where the content is all."""
    details: str = ""
    """Plain text on a line below the content."""
    last_column: int | None = None
    """The last of the cells that are merged into this one."""

    @property
    def name(self) -> str:
        """The name of the cell in formulas, such as `C7`."""
        return cell_name(self.row, self.column)


class CellChoice(NamedTuple):
    """A list to choose from, for the cells of a column."""

    column: int
    first_row: int
    last_row: int
    source: str
    """The range that holds the list, such as `Lists!$B$2:$B$8`."""
    title: str
    prompt: str
    """Shown while a cell is filled in."""
    warning: str
    """Shown when something else was entered, which stays possible."""


class SheetRadar(NamedTuple):
    """A radar chart of levels, or of percentages."""

    row: int
    column: int
    title: str
    categories: str
    """The range of the names of its axes."""
    series: tuple[tuple[str, str], ...]
    """The name and the range of each line."""
    low: float
    """The value in the middle."""
    high: float
    width: int
    """In pixels."""
    height: int


class FormSheet(NamedTuple):
    """One sheet of a workbook."""

    title: str
    cells: tuple[SheetCell, ...]
    widths: tuple[float, ...] = ()
    """The width of each column, in characters; 0 hides it."""
    room: Mapping[int, tuple[tuple[str, float], ...]] = {}
    """By row, the texts that have to find room in it, each with the width that it has."""
    choices: tuple[CellChoice, ...] = ()
    charts: tuple[SheetRadar, ...] = ()
    is_hidden: bool = False
    is_landscape: bool = True
    heading_row: int | None = None
    """The row that stays in view and is printed on each page, with all above it in view as well."""


class FormWorkbook(NamedTuple):
    """A workbook whose sheets are protected but for the cells to fill in."""

    title: str
    sheets: tuple[FormSheet, ...]
    properties: Mapping[str, str]
    """Texts that the file carries beside its sheets, by name."""


def column_name(column: int) -> str:
    """The letters of a column, counted from 0."""
    name = ""
    column += 1
    while column:
        column, letter = divmod(column - 1, _LETTERS)
        name = chr(ord("A") + letter) + name
    return name


def cell_name(row: int, column: int) -> str:
    """The name of a cell, both counted from 0: `C7`."""
    return f"{column_name(column)}{row + 1}"


def range_name(sheet: str, first: tuple[int, int], last: tuple[int, int]) -> str:
    """The name of a range from the first to the last row and column: `Lists!$B$2:$B$8`."""
    ends = (f"${column_name(column)}${row + 1}" for row, column in (first, last))
    return f"{sheet}!{':'.join(ends)}"


class FormChoice(NamedTuple):
    """The entries allowed below a heading."""

    entries: tuple[str, ...]
    title: str
    """Of what is said, in one or two words."""
    prompt: str
    """Said while a cell is filled in."""
    warning: str
    """Said when something else was entered."""


class FormColumn(NamedTuple):
    """One column of the table."""

    heading: str
    note: str
    """The note on the heading; not blank."""
    choice: FormChoice | None = None
    """None where anything may be entered."""


class Rank(Enum):
    """The emphasis of a line."""

    TITLE = auto()
    HEADING = auto()
    NAME = auto()
    """Of something that the lines below it are about."""
    PLAIN = auto()


class Line(NamedTuple):
    """One line of the page: a term, and what is said of it."""

    rank: Rank
    term: str
    text: str = ""


class Form(NamedTuple):
    """The table and the page."""

    title: str
    """Of the table."""
    columns: tuple[FormColumn, ...]
    guide_title: str
    guide: tuple[Line, ...]
