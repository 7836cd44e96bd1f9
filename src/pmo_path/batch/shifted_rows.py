"""Rows whose cells do not fit the columns, or may have slipped to other columns."""

from __future__ import annotations

import csv
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from pmo_path.batch.people_table import PEOPLE, file_position, file_position_sql
from pmo_path.batch.rejections import reject_rows
from pmo_path.domain.codes import Code
from pmo_path.readers.table.normalise import (
    SurplusCells,
    shifted_reason,
    surplus_of,
    without_empty_ends,
    wrong_cells,
)
from pmo_path.readers.table.rejected_rows import WHOLE_ROW, RowReason

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import duckdb

    from pmo_path.batch.people_table import PeopleTable
    from pmo_path.readers.table.rejected_rows import Rejections
    from pmo_path.readers.table.sheet import Sheet

_CHUNK = 1 << 20


def shifted_lines(sheet: Sheet, scored: int, rejected: Rejections) -> tuple[int, ...]:
    """The lines of rows in the engine's table whose cells may be shifted.

    The engine silently drops empty cells after the last column. So the delimiters of the file are
    counted first, and lines are read only if there are more than `scored` and `rejected` rows need.
    """
    if sheet.is_copy:
        return sheet.shifted
    columns = len(sheet.columns)
    expected = scored * (columns - 1) + rejected.size.cells - len(rejected)
    if _delimiters(sheet) <= expected:
        return ()
    surplus = SurplusCells()
    shifted = 0
    for line, cells in _rows_with_many_cells(sheet):
        kind = surplus_of(cells, columns)
        if kind.is_there:
            shifted += 1
            surplus.take(line, kind)
    surplus.take_others(max(0, scored - shifted))
    return surplus.shifted()


def reject_shifted_rows(connection: duckdb.DuckDBPyConnection, staged: PeopleTable) -> PeopleTable:
    """Reject rows whose cells may be shifted."""
    lines = shifted_lines(staged.sheet, staged.scored, staged.rejections)
    numbers = numbers_at(connection, PEOPLE, staged.sheet, staged.rejected, lines)
    reason = RowReason(WHOLE_ROW, Code.ROW_SHAPE, shifted_reason(len(staged.sheet.columns)))
    return reject_rows(connection, staged, dict.fromkeys(numbers, reason))


def numbers_at(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    sheet: Sheet,
    rejected: Sequence[int],
    lines: Iterable[int],
) -> list[int]:
    """The numbers of the rows that begin at these lines of the file."""
    listed = ", ".join(str(file_position(sheet, rejected, line)) for line in lines)
    if not listed:
        return []
    query = f"SELECT rowid FROM {table} WHERE {file_position_sql(sheet)} IN ({listed})"
    return [number for (number,) in connection.execute(query).fetchall()]


def _delimiters(sheet: Sheet) -> int:
    """The number of delimiters below the header."""
    delimiter = sheet.delimiter.encode()
    count = 0
    with sheet.path.open("rb") as stream:
        for _ in islice(stream, sheet.skip):
            pass
        while chunk := stream.read(_CHUNK):
            count += chunk.count(delimiter)
    return count


def _rows_with_many_cells(sheet: Sheet) -> Iterator[tuple[int, list[str]]]:
    """The line numbers and cells of rows with more cells than columns."""
    delimiter, columns = sheet.delimiter.encode(), len(sheet.columns)
    with sheet.path.open("rb") as stream:
        for line, row in enumerate(islice(stream, sheet.skip, None), sheet.skip + 1):
            if row.count(delimiter) >= columns:
                yield line, row.decode("utf-8").rstrip("\r\n").split(sheet.delimiter)


# --- Lines that a reader could not divide ---------------------------------------------------------


class BrokenLine(NamedTuple):
    """A line that a reader could not divide, and its cells."""

    text: str
    cells: tuple[str | None, ...]
    """One for each column; None where the line has too few cells."""
    fault: str = ""
    """Why the line cannot be divided; empty if all surplus cells are empty."""
    is_shifted: bool = False
    """Whether its cells may be in the wrong columns."""


def divide(
    lines: Mapping[int, str], delimiter: str, columns: int, others: int
) -> dict[int, BrokenLine]:
    """Divide numbered lines into cells; `others` is the number of rows that do fit."""
    surplus = SurplusCells()
    surplus.take_others(others)
    divided = {}
    for number, line in lines.items():
        cells = _cells(line, delimiter)
        count = len(without_empty_ends(cells, columns)) if len(cells) > columns else len(cells)
        padded = (*cells[:columns], *[None] * (columns - len(cells)))
        fault = "" if count == columns else wrong_cells(count, columns)
        divided[number] = BrokenLine(line, padded, fault)
        if not fault:
            surplus.take(number, surplus_of(cells, columns))
    for number in surplus.shifted():
        divided[number] = divided[number]._replace(is_shifted=True)
    return divided


def _cells(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:  # such as a cell without an end
        return [line]
