"""Merged cells among the rows of a workbook's sheet: what one says holds for all that it covers."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from pmo_path.domain.codes import Code
from pmo_path.domain.limits import MAX_WORKBOOK_CELLS
from pmo_path.readers.table.problems import unusable
from pmo_path.readers.table.sheet import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pmo_path.readers.table.csv_records import Record
    from pmo_path.readers.table.sheet import Column
    from pmo_path.readers.table.xlsx_layout import Range

ACROSS = (
    "the cells {} are merged across columns: a title or a note, not a person; take the row out"
)


class MergedCells:
    """Fills the cells of rows that merged ranges cover.

    Ranges that begin in the row of headings or above are left alone: they are titles.
    """

    def __init__(
        self, ranges: Iterable[Range], columns: Sequence[Column], heading: int, name: str
    ) -> None:
        self._name = name
        self._width = len(columns)
        self._rated = {place for place, one in enumerate(columns) if one.kind is Kind.RATING}
        self._waiting = deque(
            merged
            for merged in ranges
            if merged.first_row > heading and merged.first_column < self._width
        )
        self._open: list[tuple[Range, str]] = []
        self._cells = 0
        self.filled = 0
        """Rows in which cells were filled."""

    def fill(self, records: Iterable[Record]) -> Iterator[Record]:
        """The records with every cell that is covered. Raises InputInvalid where ranges overlap."""
        for record in records:
            self._start(record)
            yield self._filled(record) if self._open else record
            self._open = [opened for opened in self._open if opened[0].last_row > record.line]

    def _start(self, record: Record) -> None:
        while self._waiting and self._waiting[0].first_row <= record.line:
            merged = self._waiting.popleft()
            if merged.last_row < record.line:
                continue
            place = merged.first_column
            is_first = merged.first_row == record.line
            value = record.cells[place] if is_first and place < len(record.cells) else ""
            self._check_overlap(merged)
            self._open.append((merged, value))

    def _check_overlap(self, merged: Range) -> None:
        for other, _ in self._open:
            is_left = other.last_column < merged.first_column
            is_right = other.first_column > merged.last_column
            if not (is_left or is_right):
                message = f"the merged cells {other.shown} and {merged.shown} overlap"
                raise unusable(Code.NOT_A_SHEET, self._name, message, "unmerge them")

    def _filled(self, record: Record) -> Record:
        cells = list(record.cells)
        for merged, value in self._open:
            if merged.first_row == record.line and self._is_title(merged, value):
                return record._replace(fault=ACROSS.format(merged.shown))
            last = min(merged.last_column, self._width - 1)
            self._cells += last + 1 - merged.first_column
            if self._cells > MAX_WORKBOOK_CELLS:
                message = f"merged cells cover more than {MAX_WORKBOOK_CELLS:,} cells"
                raise unusable(Code.TOO_LARGE, self._name, message, "unmerge them", record.line)
            for place in range(merged.first_column, last + 1):
                cells += [""] * (place + 1 - len(cells))
                cells[place] = value
        self.filled += cells != record.cells
        return record._replace(cells=cells)

    def _is_title(self, merged: Range, value: str) -> bool:
        """Whether a text runs from a column without ratings into one with them."""
        columns = range(merged.first_column, min(merged.last_column, self._width - 1) + 1)
        rated = self._rated.intersection(columns)
        return bool(rated) and len(rated) < len(columns) and bool(value.strip())
