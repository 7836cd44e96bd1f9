"""Detect a second table below the first, and reject its rows.

Its header has known names, or words instead of ratings below a blank row.
"""

from __future__ import annotations

import re
from heapq import merge
from typing import TYPE_CHECKING

from pmo_path.batch.engine import text
from pmo_path.batch.people_table import PEOPLE, PeopleTable
from pmo_path.domain.cells import CellReader
from pmo_path.domain.codes import Code
from pmo_path.domain.columns import PERSON_HEADINGS
from pmo_path.domain.names import fold_accents
from pmo_path.domain.team import RejectedRow
from pmo_path.readers.table.competence_names import NUMBERED
from pmo_path.readers.table.rejected_rows import WHOLE_ROW, Row, RowReason
from pmo_path.readers.table.sheet import KNOWN_HEADINGS, Column, Kind, Sheet

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


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


def reject_second_table(staged: PeopleTable) -> PeopleTable:
    """Reject the header of a second table in a wide sheet and all rows below.

    Headers are not levels, so their row is already rejected or has no ratings. A repetition of
    the sheet's own header changes nothing.
    """
    headings = HeadingRows(staged)
    heading, number = headings.first()
    if heading is None:
        return staged
    position = f"{staged.position_sql()} > {staged.position(heading.line)}"
    below = staged.rows_to_reject(f"SELECT rowid FROM {PEOPLE} WHERE {position}")
    reasons = {row: _of_second_table(below_reason(heading.line)) for (row,) in below}
    why = HEADINGS_AGAIN if headings.is_heading(heading) else BELOW_BLANK
    if number is None:
        whole = RejectedRow(heading.line, "", "", Code.ROW_OF_SECOND_TABLE, why)
        staged.rejections.explain(heading.line, [whole])
    else:
        reasons[number] = _of_second_table(why)
    return staged.reject(reasons)


def below_reason(line: int) -> str:
    """The reason to reject a row below the header of a second table."""
    return f"this row belongs to the second table, which starts in line {line}"


def _of_second_table(reason: str) -> RowReason:
    return RowReason(WHOLE_ROW, Code.ROW_OF_SECOND_TABLE, reason)


class HeadingRows:
    """Recognises the header rows of a wide sheet, or of a part of one."""

    def __init__(self, staged: PeopleTable) -> None:
        self._staged, self._sheet, self._names = staged, staged.sheet, staged.sheet.names
        self._reader = CellReader.of(staged.framework, staged.sheet.values)
        first = staged.values(f"SELECT min(rowid) FROM {PEOPLE} HAVING count(*) > 0")
        self._first_scored = next((row.line for row in staged.records(first)), None)
        own = {fold_accents(heading) for heading in self._sheet.input_headings}
        self._known = own.union(*KNOWN_HEADINGS.values())
        people = (self._sheet.columns[index].heading for index in self._sheet.indexes(Kind.PERSON))
        self._person_headings = {*map(fold_accents, people), *PERSON_HEADINGS}
        self._below_blank = frozenset(self._sheet.below_blank)

    def first(self) -> tuple[Row | None, int | None]:
        """The first row that is another header, and its number if it is in the table."""
        rejected = ((row, None) for row in self._staged.rejections.rows())
        rows = merge(rejected, self._unrated(), key=lambda candidate: candidate[0].line)
        return next(
            (candidate for candidate in rows if self._are_others(candidate[0])), (None, None)
        )

    def _unrated(self) -> Iterator[tuple[Row, int]]:
        """Rows of the table without ratings and with a header as the person, with their numbers."""
        index = self._sheet.column_index(Kind.PERSON)
        if index is None:
            return
        known = ", ".join(map(text, sorted(self._person_headings)))
        unrated = " AND ".join(f"f{column} IS NULL" for column in self._staged.rating_indexes())
        numbers = self._staged.values(
            f"SELECT rowid FROM {PEOPLE} "
            f"WHERE lower(trim(f{index})) IN ({known}) AND {unrated} ORDER BY 1"
        )
        yield from zip(self._staged.records(numbers), numbers, strict=True)

    def _are_others(self, row: Row) -> bool:
        """Whether a row is a header other than the sheet's own."""
        is_heading = self.is_heading(row) or self._is_below_blank(row)
        return is_heading and not self._are_same(row.cells)

    def is_heading(self, row: Row) -> bool:
        """Whether the cells of a row are headers.

        Words that are not competences count as headers only below a scored row.
        """
        rated = self._filled(row, Kind.RATING)
        if any(self._reader.meaning(cell) is not None for cell in rated):
            return False
        filled = [cell for cell in row.cells if cell.strip()]
        named = sum(map(self._is_known, filled))
        if named >= _LEAST and 2 * named >= len(filled):
            return True
        are_words = bool(rated) and all(map(_LETTER.search, rated))
        person = map(fold_accents, self._filled(row, Kind.PERSON))
        return (
            self._is_below_scored(row)
            and are_words
            and not self._person_headings.isdisjoint(person)
        )

    def _is_below_blank(self, row: Row) -> bool:
        """Whether a row below a blank row and a scored row has distinct words instead of ratings."""
        if row.line not in self._below_blank or not self._is_below_scored(row):
            return False
        rated = self._filled(row, Kind.RATING)
        if any(self._reader.meaning(cell) is not None for cell in rated):
            return False
        return len(set(map(fold_accents, rated))) == len(rated)

    def _is_below_scored(self, row: Row) -> bool:
        return self._first_scored is not None and self._first_scored < row.line

    def _filled(self, row: Row, kind: Kind) -> list[str]:
        cells = (row.cells[index] for index in self._sheet.indexes(kind) if index < len(row.cells))
        return [cell for cell in cells if cell.strip()]

    def _is_known(self, cell: str) -> bool:
        is_competence = self._names.named(cell) is not None or self._names.mapped(cell) is not None
        return is_competence or fold_accents(cell) in self._known

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


# --- In a long sheet ------------------------------------------------------------------------------


def heading_words(sheet: Sheet) -> frozenset[str]:
    known = (heading for headings in KNOWN_HEADINGS.values() for heading in headings)
    return frozenset((*known, *(fold_accents(column.heading) for column in sheet.columns)))


def is_other_heading(sheet: Sheet, row: Row) -> bool:
    """Whether a row of a long sheet is the header of another table."""
    known = heading_words(sheet)
    filled = [cell for cell in row.cells if cell.strip()]
    named = sum(fold_accents(cell) in known for cell in filled)
    if named < _LEAST or 2 * named < len(filled):
        return False
    return not all(
        fold_accents(cell) in {fold_accents(column.heading), *KNOWN_HEADINGS.get(column.kind, ())}
        for column, cell in zip(sheet.columns, row.cells, strict=False)
        if column.kind is not Kind.CARRIED or cell.strip()
    )
