"""The people table in the engine, and the rows of the input that are not in it."""

from __future__ import annotations

import csv
import io
from bisect import bisect_left, bisect_right
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from pmo_path.batch.integers import MASK_BITS, Bit, Units, units_of
from pmo_path.domain.team import RejectedRow
from pmo_path.readers.table.rejected_rows import OF_LABEL, WHOLE_ROW, Rejections, Row, RowReason
from pmo_path.readers.table.sheet import Column, Kind, Sheet

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from typing import Self

    import duckdb

    from pmo_path.domain.framework import Framework

PEOPLE = "people"
_MAX_FIELD = 2**31 - 1
_MOST_CARRIED = 4
"""Columns that are searched for a label if no person is named; labels are on the left."""
T = TypeVar("T")


class PeopleTable(NamedTuple):
    """The people table in the engine, and the rows of the input that are not in it.

    The table `people` has a column `f0`, `f1` … for each column of the sheet: ratings as units of
    level (null if unrated or not applicable), everything else as text. `na_0` … are bit masks of
    not applicable competences, `MASK_BITS` rating columns each. While a long sheet is being read,
    the table has its rows as they are.
    """

    connection: duckdb.DuckDBPyConnection
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

    @classmethod
    def empty(
        cls, connection: duckdb.DuckDBPyConnection, sheet: Sheet, framework: Framework
    ) -> Self:
        """The people table of a sheet that is yet to be read."""
        return cls(
            connection=connection,
            sheet=sheet,
            framework=framework,
            units=units_of(framework),
            rejected=(),
            rejections=sheet.rejections or Rejections(sheet.name),
            fetch=partial(rows_of_records, sheet),
            scored=0,
        )

    @property
    def read(self) -> int:
        return self.scored + len(self.rejections)

    # --- Columns --------------------------------------------------------------------------------

    @property
    def masks(self) -> int:
        return max(1, -(-len(self.rating_indexes()) // MASK_BITS))

    def column_index(self, kind: Kind) -> int | None:
        return self.sheet.column_index(kind)

    def rating_indexes(self) -> list[int]:
        return self.sheet.indexes(Kind.RATING)

    def columns(self) -> Mapping[str, str]:
        """The table's column for each rated competence."""
        columns = self.sheet.columns
        return {columns[index].competence: f"f{index}" for index in self.rating_indexes()}

    def not_applicable(self) -> dict[str, Bit]:
        """The bit that marks each competence as not applicable, in the order of the columns."""
        return {
            competence: Bit.at("na", number) for number, competence in enumerate(self.columns())
        }

    # --- Rows -----------------------------------------------------------------------------------

    def rows(self, query: str, parameters: object = None) -> list[tuple[Any, ...]]:
        return self.connection.execute(query, parameters).fetchall()

    def values(self, query: str, parameters: object = None) -> list[Any]:
        """The values in the first column of a query."""
        return [row[0] for row in self.rows(query, parameters)]

    def rows_to_reject(self, query: str, parameters: object = None) -> list[tuple[Any, ...]]:
        """The rows of a query, one for each row to reject. Raises InputInvalid for too many."""
        return self.rejections.fetched(self.connection.execute(query, parameters))

    def count(self, condition: str = "true") -> int:
        return int(self.values(f"SELECT count(*) FROM {PEOPLE} WHERE {condition}")[0])

    def replace(self, query: str) -> None:
        """Replace the table by the rows of a query over it, which renumbers the rows."""
        self.connection.execute(f"CREATE TABLE replacement AS {query}")
        self.connection.execute(f"DROP TABLE {PEOPLE}")
        self.connection.execute(f"ALTER TABLE replacement RENAME TO {PEOPLE}")

    def records(self, numbers: Iterable[int]) -> Iterator[Row]:
        """The rows of the input with these sorted row numbers of the table."""
        return self.fetch(record_of(number, self.rejected) for number in numbers)

    def position(self, line: int) -> int:
        """A sort key of a line among the rows of the table, comparable with `position_sql`."""
        if self.sheet.is_copy:
            return line
        record = line - self.sheet.skip - 1
        before = bisect_left(self.rejected, record)
        is_rejected = before < len(self.rejected) and self.rejected[before] == record
        return 2 * (record - before) + (0 if is_rejected else 1)

    def position_sql(self) -> str:
        """SQL for the sort key of a row by its position in the file."""
        return "line" if self.sheet.is_copy else "2 * rowid + 1"

    def numbers_at(self, lines: Iterable[int]) -> list[int]:
        """The numbers of the rows that begin at these lines of the file."""
        positions = ", ".join(str(self.position(line)) for line in lines)
        if not positions:
            return []
        return self.values(
            f"SELECT rowid FROM {PEOPLE} WHERE {self.position_sql()} IN ({positions})"
        )

    def reject(self, reasons: Mapping[int, RowReason]) -> Self:
        if not reasons:
            return self
        numbers = sorted(reasons)
        self.rejections.check(len(numbers))
        for number, row in zip(numbers, self.records(numbers), strict=True):
            self.rejections.add(row, [rejected_row(self.sheet.columns, row, reasons[number])])
        return self.delete(numbers)

    def delete(self, numbers: Sequence[int]) -> Self:
        if numbers:
            listed = ", ".join(map(str, numbers))
            self.connection.execute(
                f"DELETE FROM {PEOPLE} WHERE rowid IN (SELECT unnest([{listed}]))"
            )
        return self._replace(scored=self.scored - len(numbers))


def rejected_row(columns: Sequence[Column], row: Row, reason: RowReason) -> RejectedRow:
    """The reason to reject a row, with the heading and the text of the cell that it is about."""
    index, code, why = reason
    if index == WHOLE_ROW:
        return RejectedRow(row.line, "", "", code, why)
    index = label_of(columns, row.cells)[0] if index == OF_LABEL else index
    return RejectedRow(row.line, columns[index].heading, row.cells[index], code, why)


def label_of(columns: Sequence[Column], cells: Sequence[str]) -> tuple[int, str]:
    """The column index and text of a row's label; -1 and an empty text without one.

    The label is the person's cell, or the first filled cell without a rating.
    """
    for index in label_columns(columns):
        if index < len(cells) and cells[index].strip():
            return index, cells[index].strip()
    return -1, ""


def label_columns(columns: Sequence[Column]) -> list[int]:
    """The indexes of the columns that may have the label of a row."""
    people = [index for index, column in enumerate(columns) if column.kind is Kind.PERSON]
    carried = [index for index, column in enumerate(columns) if column.kind is Kind.CARRIED]
    return people + carried[:_MOST_CARRIED]


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
