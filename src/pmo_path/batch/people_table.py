"""The people table in the engine, and the rows of the input that are not in it."""

from __future__ import annotations

import csv
import io
from bisect import bisect_left, bisect_right
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from pmo_path.batch.scoring_sql import MASK_BITS, Bit
from pmo_path.readers.table.rejected_rows import Row
from pmo_path.readers.table.sheet import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from pmo_path.batch.integers import Units
    from pmo_path.domain.framework import Framework
    from pmo_path.readers.table.rejected_rows import Rejections
    from pmo_path.readers.table.sheet import Sheet

PEOPLE = "people"
_MAX_FIELD = 2**31 - 1
T = TypeVar("T")


class PeopleTable(NamedTuple):
    """The people table in the engine, and the rows of the input that are not in it.

    The table `people` has a column `f0`, `f1` … for each column of the sheet: ratings as units of
    level (null if unrated or not applicable), everything else as text. `na_0` … are bit masks of
    not applicable competences, `MASK_BITS` rating columns each.
    """

    sheet: Sheet
    framework: Framework
    units: Units
    rejected: tuple[int, ...]
    """The numbers of records, from 0 and in order, that are not in the table."""
    rejections: Rejections
    """The rejected rows; later steps add more."""
    fetch: Callable[[Iterable[int]], Iterator[Row]]
    """Fetches the records with these numbers, in order."""
    scored: int
    """The number of input rows in the table."""
    is_combined: bool = False
    """Whether the table also has a row for each person that combines all raters.

    It then has the columns `raters`, null in the row of a single rater, and `spread`.
    """

    @property
    def read(self) -> int:
        """The number of input rows."""
        return self.scored + len(self.rejections)

    @property
    def masks(self) -> int:
        """The number of mask columns."""
        return max(1, -(-len(self.rating_indexes()) // MASK_BITS))

    def rating_indexes(self) -> list[int]:
        """The indexes of the rating columns."""
        return [
            index for index, column in enumerate(self.sheet.columns) if column.kind is Kind.RATING
        ]

    def not_applicable(self) -> dict[str, Bit]:
        """The bit that marks each competence as not applicable, in the order of the columns."""
        columns = self.sheet.columns
        return {
            columns[index].competence: Bit(f"na_{number // MASK_BITS}", number % MASK_BITS)
            for number, index in enumerate(self.rating_indexes())
        }

    def record(self, row: int) -> int:
        """The record number of a row of the table."""
        return record_of(row, self.rejected)

    def column_index(self, kind: Kind) -> int | None:
        """The index of the column of this kind, or None."""
        kinds = [column.kind for column in self.sheet.columns]
        return kinds.index(kind) if kind in kinds else None

    def columns(self) -> Mapping[str, str]:
        """The table's column for each rated competence."""
        return {
            self.sheet.columns[index].competence: f"f{index}" for index in self.rating_indexes()
        }


def record_of(row: int, rejected: Sequence[int]) -> int:
    """The record number of a row, if the sorted records `rejected` are not in the table."""
    low, high = row, row + len(rejected)
    while low < high:
        middle = (low + high) // 2
        if middle - bisect_right(rejected, middle) < row:
            low = middle + 1
        else:
            high = middle
    return low


def file_position(sheet: Sheet, rejected: Sequence[int], line: int) -> int:
    """A sort key of a line among the rows of the table, comparable with `file_position_sql`.

    `rejected` are the records that the engine could not read.
    """
    if sheet.is_copy:
        return line
    record = line - sheet.skip - 1
    before = bisect_left(rejected, record)
    is_rejected = before < len(rejected) and rejected[before] == record
    return 2 * (record - before) + (0 if is_rejected else 1)


def file_position_sql(sheet: Sheet) -> str:
    """SQL for the sort key of a row by its position in the file."""
    return "line" if sheet.is_copy else "2 * rowid + 1"


def rows_of_records(sheet: Sheet, records: Iterable[int]) -> Iterator[Row]:
    """The rows of the records with these sorted numbers, from 0."""
    with sheet.path.open("rb") as stream:
        if sheet.quoted:
            text = io.TextIOWrapper(stream, encoding="utf-8", newline="")
            csv.field_size_limit(_MAX_FIELD)
            table = csv.reader(text, delimiter=sheet.delimiter)
            for _, cells in _items_at(table, records):
                yield Row(int(cells[0]), tuple(cells[1:]))
            return
        for number, line in _items_at(islice(stream, sheet.skip, None), records):
            cells = line.decode("utf-8").rstrip("\r\n").split(sheet.delimiter)
            if sheet.is_copy:
                yield Row(int(cells[0]), tuple(cells[1:]))
            else:
                yield Row(number + sheet.skip + 1, tuple(cells))


def _items_at(items: Iterator[T], numbers: Iterable[int]) -> Iterator[tuple[int, T]]:
    """The items with these sorted numbers, from 0, with their numbers."""
    current = 0
    for number in numbers:
        item = next(islice(items, number - current, None), None)
        if item is None:
            return
        yield number, item
        current = number + 1
