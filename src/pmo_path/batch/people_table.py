"""The table of people in the engine, and what did not get into it."""

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
    """The table of people in the engine, and the rows that did not get into it.

    The table `people` has a column `f0`, `f1` … for each column of the sheet: whole units of level
    for ratings, null where unrated or not applicable, and text for the rest; and `na_0` … as masks
    of what does not apply, each for as many rating columns as `MASK_BITS`.
    """

    sheet: Sheet
    framework: Framework
    units: Units
    rejected: tuple[int, ...]
    """Which records, counted from 0 through all of the file, are not in the table; in order."""
    rejections: Rejections
    """The rows of the input that are not scored; more are added as they are found."""
    fetch: Callable[[Iterable[int]], Iterator[Row]]
    """The records with these numbers, in order, as they came."""
    scored: int
    """How many rows of the input the table stands for."""
    is_combined: bool = False
    """Whether the ratings of several raters stand there together as well, in rows of their own.

    The table then has columns `raters`, null in the row of a single rater, and `spread`.
    """

    @property
    def read(self) -> int:
        """How many rows of the input were read."""
        return self.scored + len(self.rejections)

    @property
    def masks(self) -> int:
        """How many masks of what does not apply the table has."""
        return max(1, -(-len(self.rating_indexes()) // MASK_BITS))

    def rating_indexes(self) -> list[int]:
        """The places of the columns with ratings."""
        return [
            index for index, column in enumerate(self.sheet.columns) if column.kind is Kind.RATING
        ]

    def not_applicable(self) -> dict[str, Bit]:
        """By competence, in the order of the columns: the bit that is set where it does not apply."""
        columns = self.sheet.columns
        return {
            columns[index].competence: Bit(f"na_{number // MASK_BITS}", number % MASK_BITS)
            for number, index in enumerate(self.rating_indexes())
        }

    def record(self, row: int) -> int:
        """Which record of the file a row of the table is, from its number in the table."""
        return record_of(row, self.rejected)

    def column_index(self, kind: Kind) -> int | None:
        """The place of the one column of this kind."""
        kinds = [column.kind for column in self.sheet.columns]
        return kinds.index(kind) if kind in kinds else None

    def columns(self) -> Mapping[str, str]:
        """The table's column for each competence that the sheet rates."""
        return {
            self.sheet.columns[index].competence: f"f{index}" for index in self.rating_indexes()
        }


def record_of(row: int, rejected: Sequence[int]) -> int:
    """Which record a row is when the `rejected` ones, in order, are not among the rows."""
    low, high = row, row + len(rejected)
    while low < high:
        middle = (low + high) // 2
        if middle - bisect_right(rejected, middle) < row:
            low = middle + 1
        else:
            high = middle
    return low


def file_position(sheet: Sheet, rejected: Sequence[int], line: int) -> int:
    """A number by which a line of the file can be sorted among rows of the table.

    It is compared with what `file_position_sql` says of those. `rejected` are the records that the
    engine could not read.
    """
    if sheet.is_copy:
        return line
    record = line - sheet.skip - 1
    before = bisect_left(rejected, record)
    is_rejected = before < len(rejected) and rejected[before] == record
    return 2 * (record - before) + (0 if is_rejected else 1)


def file_position_sql(sheet: Sheet) -> str:
    """SQL of the number by which rows of the table are sorted as they came in the file."""
    return "line" if sheet.is_copy else "2 * rowid + 1"


def rows_of_records(sheet: Sheet, records: Iterable[int]) -> Iterator[Row]:
    """The rows of these records, counted from 0 and in order, as they came."""
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


def _items_at(things: Iterator[T], numbers: Iterable[int]) -> Iterator[tuple[int, T]]:
    """The things with these numbers, counted from 0 and in order; the others are passed over."""
    current = 0
    for number in numbers:
        item = next(islice(things, number - current, None), None)
        if item is None:
            return
        yield number, item
        current = number + 1
