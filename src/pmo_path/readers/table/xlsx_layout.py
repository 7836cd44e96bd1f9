"""What is merged and what is hidden in a sheet of a workbook, read from its XML piece by piece."""

from __future__ import annotations

import re
from typing import NamedTuple

from pmo_path.domain.codes import Code
from pmo_path.domain.limits import MAX_MERGED, MAX_WORKBOOK_ROWS
from pmo_path.readers.table.problems import unusable

_MOST_COLUMNS = 16_384
"""Columns of Excel."""
# Attributes are bounded, so that tags without an end cost no more than others.
_MERGED = re.compile(
    rb'<(?:\w+:)?mergeCell\s[^<>]{0,500}?\bref="\$?([A-Z]{1,3})\$?([0-9]{1,7}):\$?([A-Z]{1,3})\$?([0-9]{1,7})"'
)
_HIDDEN_ROW = re.compile(
    rb'<(?:\w+:)?row(?=\s[^<>]{0,500}\bhidden="(?:1|true)")[^<>]{0,500}?\sr="([0-9]{1,7})"'
)
_HIDDEN_COLUMNS = re.compile(
    rb'<(?:\w+:)?col(?=\s[^<>]{0,500}\bhidden="(?:1|true)")([^<>]{0,500})>'
)
_MIN = re.compile(rb'\bmin="([0-9]{1,5})"')
_MAX = re.compile(rb'\bmax="([0-9]{1,5})"')


class Range(NamedTuple):
    """A range of merged cells; rows count from 1, columns from 0, and both ends are in it."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int

    @property
    def shown(self) -> str:
        """As people write it: `A2:B3`."""
        first = f"{letters(self.first_column)}{self.first_row}"
        return f"{first}:{letters(self.last_column)}{self.last_row}"


class SheetLayout(NamedTuple):
    """What a sheet shows otherwise than its cells alone would."""

    merged: tuple[Range, ...] = ()
    """In the order of their first rows."""
    hidden_rows: frozenset[int] = frozenset()
    """Counted from 1."""
    hidden_columns: tuple[range, ...] = ()
    """Counted from 0."""

    def is_hidden(self, column: int) -> bool:
        """Whether a column, counted from 0, is hidden."""
        return any(column in several for several in self.hidden_columns)


class LayoutReader:
    """Takes overlapping pieces of a sheet's XML, as long as they come."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._merged: set[Range] = set()
        self._hidden_rows: set[int] = set()
        self._hidden_columns: dict[tuple[int, int], range] = {}

    def take(self, text: bytes) -> None:
        """Note what a piece says. Raises InputInvalid where there is far too much of it."""
        if b"hidden=" in text:
            self._hidden_rows.update(map(int, _HIDDEN_ROW.findall(text)))
            for said in _HIDDEN_COLUMNS.findall(text):
                self._hide(said)
            hidden = len(self._hidden_rows), len(self._hidden_columns)
            if hidden > (MAX_WORKBOOK_ROWS, 0) or hidden[1] > _MOST_COLUMNS:
                message = "more rows or columns are hidden than a sheet can have"
                raise unusable(Code.TOO_LARGE, self._name, message, "save the table as CSV")
        if b"mergeCell" not in text:
            return
        for first_column, first_row, last_column, last_row in _MERGED.findall(text):
            first, last = number_of(first_column) - 1, number_of(last_column) - 1
            self._merged.add(Range(int(first_row), first, int(last_row), last))
        if len(self._merged) > MAX_MERGED:
            raise unusable(
                Code.NOT_A_SHEET,
                self._name,
                f"more than {MAX_MERGED:,} ranges of cells are merged",
                "unmerge the cells, or save the table as CSV",
            )

    def layout(self) -> SheetLayout:
        """What all pieces said."""
        return SheetLayout(
            tuple(sorted(self._merged)),
            frozenset(self._hidden_rows),
            tuple(self._hidden_columns.values()),
        )

    def _hide(self, said: bytes) -> None:
        first, last = _MIN.search(said), _MAX.search(said)
        if first is not None and last is not None:
            ends = int(first[1]), int(last[1])
            self._hidden_columns[ends] = range(ends[0] - 1, ends[1])


def number_of(column: bytes) -> int:
    """The number of a column from its letters: A is 1, AA is 27."""
    number = 0
    for letter in column:
        number = number * 26 + letter - ord("A") + 1
    return number


def letters(column: int) -> str:
    """The letters of a column, counted from 0."""
    said = ""
    number = column + 1
    while number:
        number, letter = divmod(number - 1, 26)
        said = chr(ord("A") + letter) + said
    return said
