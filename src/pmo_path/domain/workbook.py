"""Workbooks to fill in, in no file format yet: cells, formulas, drop-down lists and charts."""

from __future__ import annotations

from enum import StrEnum
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
    OPEN_ENTRY = "open entry"
    """An entry on a sheet whose cells are all entries."""


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
    note: str = ""
    """Plain text that a program shows beside the cell while it is pointed at."""

    @property
    def name(self) -> str:
        """The name of the cell in formulas, such as `C7`."""
        return cell_name(self.row, self.column)


class CellChoice(NamedTuple):
    """A drop-down list for the cells of one or more adjacent columns."""

    first_column: int
    last_column: int
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
    frozen_columns: int = 2
    """The columns that stay in view with that row."""
    is_open: bool = False
    """Whether every cell can be filled in, on as many pages side by side as there are columns."""


class FormWorkbook(NamedTuple):
    """A workbook with cells to fill in."""

    title: str
    sheets: tuple[FormSheet, ...]
    properties: Mapping[str, str] = {}
    """Texts that the file carries beside its sheets, by name."""
    is_protected: bool = True
    """Whether all cells but those to fill in are locked, without a password."""


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
