"""Merged cells and hidden rows and columns of a workbook's sheets."""

from __future__ import annotations

import re
from collections import deque
from typing import TYPE_CHECKING, NamedTuple

from openpyxl.utils import column_index_from_string

from pmo_path.domain.codes import Code
from pmo_path.domain.limits import MAX_MERGED, MAX_WORKBOOK_CELLS, MAX_WORKBOOK_ROWS
from pmo_path.domain.matrix.model import MergedCells
from pmo_path.domain.workbook import cell_name
from pmo_path.readers.files import unusable
from pmo_path.readers.table.sheet import Kind, few, of_kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pmo_path.readers.table.csv_records import Record
    from pmo_path.readers.table.sheet import Column

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


class SheetLayout(NamedTuple):
    """The merged ranges, hidden rows and hidden columns of a sheet."""

    merged: tuple[MergedCells, ...] = ()
    """In the order of their first rows."""
    hidden_rows: frozenset[int] = frozenset()
    """Counted from 1."""
    hidden_columns: tuple[range, ...] = ()
    """Counted from 0."""


class LayoutReader:
    """Reads the layout from overlapping pieces of a sheet's XML."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._merged: set[MergedCells] = set()
        self._hidden_rows: set[int] = set()
        self._hidden_columns: dict[tuple[int, int], range] = {}

    def take(self, text: bytes) -> None:
        """Read a piece. Raises InputInvalid if there is far too much in it."""
        if b"hidden=" in text:
            self._hidden_rows.update(map(int, _HIDDEN_ROW.findall(text)))
            for attributes in _HIDDEN_COLUMNS.findall(text):
                self._hide(attributes)
            hidden = len(self._hidden_rows), len(self._hidden_columns)
            if hidden > (MAX_WORKBOOK_ROWS, 0) or hidden[1] > _MOST_COLUMNS:
                message = "more rows or columns are hidden than a sheet can have"
                raise unusable(Code.TOO_LARGE, self._name, message, "save the table as CSV")
        if b"mergeCell" not in text:
            return
        for first_column, first_row, last_column, last_row in _MERGED.findall(text):
            first, last = (
                column_index_from_string(column.decode()) - 1
                for column in (first_column, last_column)
            )
            self._merged.add(MergedCells(int(first_row), first, int(last_row), last))
        if len(self._merged) > MAX_MERGED:
            message = f"more than {MAX_MERGED:,} ranges of cells are merged"
            hint = "unmerge the cells, or save the table as CSV"
            raise unusable(Code.NOT_A_SHEET, self._name, message, hint)

    def layout(self) -> SheetLayout:
        """The layout, after the last piece."""
        return SheetLayout(
            tuple(sorted(self._merged)),
            frozenset(self._hidden_rows),
            tuple(self._hidden_columns.values()),
        )

    def _hide(self, attributes: bytes) -> None:
        first, last = _MIN.search(attributes), _MAX.search(attributes)
        if first is not None and last is not None:
            ends = int(first[1]), int(last[1])
            self._hidden_columns[ends] = range(ends[0] - 1, ends[1])


_SHOWN = 5


ACROSS = (
    "the cells {} are merged across columns: a title or a note, not a person; take the row out"
)


class LaidOutRows:
    """The rows of a sheet, with the cells filled that merged ranges cover.

    Ranges that begin in the header row or above are titles and left alone.
    """

    def __init__(
        self, layout: SheetLayout, columns: Sequence[Column], header_line: int, name: str
    ) -> None:
        self._layout, self._columns, self._name = layout, columns, name
        self._width = len(columns)
        self._rated = of_kind(columns, Kind.RATING)
        self._waiting = deque(
            merged
            for merged in layout.merged
            if merged.first_row > header_line and merged.first_column < self._width
        )
        self._open: list[tuple[MergedCells, str]] = []
        self._cells = self._rows_filled = self._rows_hidden = 0

    def rows(self, records: Iterable[Record]) -> Iterator[Record]:
        """Yield the records with covered cells filled. Raises InputInvalid if ranges overlap."""
        hidden = self._layout.hidden_rows
        for record in records:
            if record.line in hidden:
                self._rows_hidden += not record.is_blank
            self._start(record)
            yield self._filled(record) if self._open else record
            self._open = [opened for opened in self._open if opened[0].last_row > record.line]

    def notices(self, title: str) -> Iterator[str]:
        """Yield notices of what is hidden or merged, after the last row."""
        if self._rows_hidden:
            count = self._rows_hidden
            which = "1 row that is" if count == 1 else f"{count:,} rows that are"
            yield (
                f"read {which} hidden or filtered out in sheet '{title}'; delete rows that "
                "should not count"
            )
        ratings = [
            f"'{self._columns[index].heading}'"
            for index in self._rated
            if any(index in columns for columns in self._layout.hidden_columns)
        ]
        if ratings:
            yield f"read hidden columns with ratings: {few(ratings, _SHOWN)}"
        if self._rows_filled:
            where = "1 row" if self._rows_filled == 1 else f"{self._rows_filled:,} rows"
            yield f"merged cells apply to every cell they cover (filled {where})"

    def _start(self, record: Record) -> None:
        while self._waiting and self._waiting[0].first_row <= record.line:
            merged = self._waiting.popleft()
            if merged.last_row < record.line:
                continue
            index = merged.first_column
            is_first = merged.first_row == record.line
            value = record.cells[index] if is_first and index < len(record.cells) else ""
            self._check_overlap(merged)
            self._open.append((merged, value))

    def _check_overlap(self, merged: MergedCells) -> None:
        for other, _ in self._open:
            is_left = other.last_column < merged.first_column
            is_right = other.first_column > merged.last_column
            if not (is_left or is_right):
                message = f"the merged cells {_range(other)} and {_range(merged)} overlap"
                raise unusable(Code.NOT_A_SHEET, self._name, message, "unmerge them")

    def _filled(self, record: Record) -> Record:
        cells = list(record.cells)
        for merged, value in self._open:
            if merged.first_row == record.line and self._is_title(merged, value):
                return record._replace(fault=ACROSS.format(_range(merged)))
            last = min(merged.last_column, self._width - 1)
            self._cells += last + 1 - merged.first_column
            if self._cells > MAX_WORKBOOK_CELLS:
                message = f"merged cells cover more than {MAX_WORKBOOK_CELLS:,} cells"
                raise unusable(Code.TOO_LARGE, self._name, message, "unmerge them", record.line)
            for index in range(merged.first_column, last + 1):
                cells += [""] * (index + 1 - len(cells))
                cells[index] = value
        self._rows_filled += cells != record.cells
        return record._replace(cells=cells)

    def _is_title(self, merged: MergedCells, value: str) -> bool:
        """Whether a text runs from a column without ratings into one with them."""
        columns = range(merged.first_column, min(merged.last_column, self._width - 1) + 1)
        rated = sum(index in columns for index in self._rated)
        return 0 < rated < len(columns) and bool(value.strip())


def _range(merged: MergedCells) -> str:
    """A range as people write it: `A2:B3`."""
    first = cell_name(merged.first_row - 1, merged.first_column)
    return f"{first}:{cell_name(merged.last_row - 1, merged.last_column)}"
