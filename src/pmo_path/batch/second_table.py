"""Detect a second table below the first, and reject its rows.

Its header has known names, or words instead of ratings below a blank row.
"""

from __future__ import annotations

import re
from functools import cached_property
from heapq import merge
from typing import TYPE_CHECKING

from pmo_path.batch.engine import text
from pmo_path.batch.people_table import PEOPLE, PeopleTable, file_position, file_position_sql
from pmo_path.batch.rejections import reject_rows
from pmo_path.domain.cells import CellReader
from pmo_path.domain.codes import Code
from pmo_path.domain.columns import PERSON_HEADINGS
from pmo_path.domain.names import fold_accents
from pmo_path.domain.team import RejectedRow
from pmo_path.readers.table.competence_names import NUMBERED
from pmo_path.readers.table.rejected_rows import WHOLE_ROW, RowReason
from pmo_path.readers.table.sheet import KNOWN_HEADINGS, Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import duckdb

    from pmo_path.domain.framework import Framework
    from pmo_path.readers.table.rejected_rows import Row
    from pmo_path.readers.table.sheet import Column, Sheet

HEADINGS_AGAIN = (
    "these are the headings of a second table with other columns; move it to its own file or sheet"
)
BELOW_BLANK = (
    "words instead of ratings below a blank row look like the headings of a second table; move it "
    "to its own file or sheet, or remove the blank row"
)
_LETTER = re.compile(r"[^\W\d_]")
_LEAST = 2
"""The fewest cells with known headers in a header row."""


def below_reason(line: int) -> str:
    """The reason to reject a row below the header of a second table."""
    return f"this row belongs to the second table, which starts in line {line}"


def second_table_in_long(sheet: Sheet, rows: Iterable[Row]) -> Row | None:
    """The first of these rows of a long sheet that is the header of another table."""
    return next((row for row in rows if _are_other_headings(sheet, row.cells)), None)


def heading_words(sheet: Sheet) -> frozenset[str]:
    """The folded headers that a long sheet may have."""
    known = (heading for headings in KNOWN_HEADINGS.values() for heading in headings)
    return frozenset((*known, *(fold_accents(column.heading) for column in sheet.columns)))


def _are_other_headings(sheet: Sheet, cells: Sequence[str]) -> bool:
    known = heading_words(sheet)
    filled = [cell for cell in cells if cell.strip()]
    named = sum(fold_accents(cell) in known for cell in filled)
    if named < _LEAST or 2 * named < len(filled):
        return False
    return not all(
        fold_accents(cell) in {fold_accents(column.heading), *KNOWN_HEADINGS.get(column.kind, ())}
        for column, cell in zip(sheet.columns, cells, strict=False)
        if column.kind is not Kind.CARRIED or cell.strip()
    )


def reject_second_table(connection: duckdb.DuckDBPyConnection, staged: PeopleTable) -> PeopleTable:
    """Reject the header of a second table in a wide sheet and all rows below.

    Headers are not levels, so their row is already rejected or has no ratings. A repetition of
    the sheet's own header changes nothing.
    """
    headings = HeadingRows(staged.sheet, staged.framework)
    unrated = _unrated_headings(connection, staged, headings)
    first_scored = _first_line(connection, staged)
    heading, number = _first_heading(staged, headings, unrated, first_scored)
    if heading is None:
        return staged
    index = file_position(staged.sheet, staged.rejected, heading.line)
    query = f"SELECT rowid FROM {PEOPLE} WHERE {file_position_sql(staged.sheet)} > {index}"
    reason = RowReason(WHOLE_ROW, Code.ROW_OF_SECOND_TABLE, below_reason(heading.line))
    numbers = staged.rejections.fetched(connection.execute(query))
    reasons = {below: reason for (below,) in numbers}
    why = HEADINGS_AGAIN if headings.is_heading(heading, first_scored) else BELOW_BLANK
    itself = RowReason(WHOLE_ROW, Code.ROW_OF_SECOND_TABLE, why)
    if number is None:
        whole = RejectedRow(heading.line, "", "", Code.ROW_OF_SECOND_TABLE, why)
        staged.rejections.explain(heading.line, [whole])
    else:
        reasons[number] = itself
    return reject_rows(connection, staged, reasons)


def has_second_table(connection: duckdb.DuckDBPyConnection, staged: PeopleTable) -> bool:
    """Whether a wide sheet, or a part of one, has the header of a second table."""
    headings = HeadingRows(staged.sheet, staged.framework)
    unrated = _unrated_headings(connection, staged, headings)
    first_scored = _first_line(connection, staged)
    return _first_heading(staged, headings, unrated, first_scored) != (None, None)


def _first_heading(
    staged: PeopleTable,
    headings: HeadingRows,
    unrated: Iterable[tuple[Row, int]],
    first_scored: int | None,
) -> tuple[Row | None, int | None]:
    """The first row that is another header, and its number if it is in the table.

    `unrated` are the candidates in the table.
    """
    rejected = ((row, None) for row in staged.rejections.rows())
    rows = merge(rejected, unrated, key=lambda labels: labels[0].line)
    return next((row for row in rows if headings.are_others(row[0], first_scored)), (None, None))


class HeadingRows:
    """Recognises header rows."""

    def __init__(self, sheet: Sheet, framework: Framework) -> None:
        self._sheet, self._names = sheet, sheet.names
        self._reader = CellReader.of(framework, sheet.values)

    def are_others(self, row: Row, first_scored: int | None) -> bool:
        """Whether a rejected row is a header other than the sheet's own.

        Words that are not competences count as headers only below a scored row.
        """
        is_one = self.is_heading(row, first_scored) or self._is_below_blank(row, first_scored)
        return is_one and not self._are_same(row.cells)

    def is_heading(self, row: Row, first_scored: int | None) -> bool:
        """Whether the cells of a row are headers."""
        rated = [cell for cell in self._of_kind(row.cells, Kind.RATING) if cell.strip()]
        if any(self._reader.meaning(cell) is not None for cell in rated):
            return False
        filled = [cell for cell in row.cells if cell.strip()]
        named = sum(map(self._is_known, filled))
        if named >= _LEAST and 2 * named >= len(filled):
            return True
        is_below = first_scored is not None and first_scored < row.line
        are_words = bool(rated) and all(map(_LETTER.search, rated))
        return is_below and are_words and self._has_person_heading(row.cells)

    def _is_below_blank(self, row: Row, first_scored: int | None) -> bool:
        """Whether a row below a blank row and a scored row has distinct words instead of ratings."""
        if first_scored is None or first_scored > row.line or row.line not in self._below_blank:
            return False
        rated = [cell for cell in self._of_kind(row.cells, Kind.RATING) if cell.strip()]
        if any(self._reader.meaning(cell) is not None for cell in rated):
            return False
        return len(set(map(fold_accents, rated))) == len(rated)

    @cached_property
    def _below_blank(self) -> frozenset[int]:
        return frozenset(self._sheet.below_blank)

    def person_headings(self) -> set[str]:
        """The folded headers of person columns, of this sheet and in general."""
        own = (
            fold_accents(column.heading)
            for column in self._sheet.columns
            if column.kind is Kind.PERSON
        )
        return {*own, *PERSON_HEADINGS}

    def _of_kind(self, cells: Sequence[str], kind: Kind) -> Iterator[str]:
        for column, cell in zip(self._sheet.columns, cells, strict=False):
            if column.kind is kind:
                yield cell

    def _is_known(self, cell: str) -> bool:
        if self._names.find(cell) is not None or self._names.mapped(cell) is not None:
            return True
        return fold_accents(cell) in self._known

    @cached_property
    def _known(self) -> set[str]:
        own = {fold_accents(heading) for heading in self._sheet.input_headings}
        return own.union(*KNOWN_HEADINGS.values())

    def _has_person_heading(self, cells: Sequence[str]) -> bool:
        known = self.person_headings()
        return any(fold_accents(cell) in known for cell in self._of_kind(cells, Kind.PERSON))

    def _are_same(self, cells: Sequence[str]) -> bool:
        """Whether each cell names its own column, and every rating column is named."""
        if len(cells) < len(self._sheet.columns):
            return False
        return all(map(self._is_of, self._sheet.columns, cells))

    def _is_of(self, column: Column, cell: str) -> bool:
        if not cell.strip():
            return column.kind is not Kind.RATING
        if fold_accents(NUMBERED.sub("", column.heading)) == fold_accents(
            NUMBERED.sub("", cell.strip())
        ):
            return True
        if column.competence:
            return (self._names.mapped(cell) or self._names.find(cell)) == column.competence
        return fold_accents(cell) in KNOWN_HEADINGS.get(column.kind, ())


def _unrated_headings(
    connection: duckdb.DuckDBPyConnection, staged: PeopleTable, headings: HeadingRows
) -> Iterator[tuple[Row, int]]:
    """Rows of the table without ratings and with a header as the person, with their numbers."""
    index = staged.column_index(Kind.PERSON)
    if index is None:
        return
    known = ", ".join(map(text, sorted(headings.person_headings())))
    unrated = " AND ".join(f"f{column} IS NULL" for column in staged.rating_indexes())
    query = f"SELECT rowid FROM {PEOPLE} WHERE lower(trim(f{index})) IN ({known}) AND {unrated}"
    numbers = sorted(number for (number,) in connection.execute(query).fetchall())
    rows = staged.fetch(staged.record(number) for number in numbers)
    yield from zip(rows, numbers, strict=True)


def _first_line(connection: duckdb.DuckDBPyConnection, staged: PeopleTable) -> int | None:
    """The line of the first scored row, or None."""
    first = connection.execute(f"SELECT min(rowid) FROM {PEOPLE}").fetchall()[0][0]
    if first is None:
        return None
    return next(row.line for row in staged.fetch([staged.record(first)]))
