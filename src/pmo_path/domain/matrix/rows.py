"""The rows of a matrix: a competence each, below sections, above totals."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, NamedTuple

from pmo_path.domain.columns import FAR
from pmo_path.domain.limits import MAX_WORKBOOK_CELLS
from pmo_path.domain.matrix.model import ColumnMeaning, MatrixNote, MatrixRow, NoteKind
from pmo_path.domain.names import fold

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pmo_path.domain.matrix.model import MatrixColumn, MergedCells

_CONTINUED = frozenset(
    {
        ColumnMeaning.DESCRIPTION,
        ColumnMeaning.LEVEL,
        ColumnMeaning.EXPECTS,
        ColumnMeaning.BEHAVIOURS,
        ColumnMeaning.EVIDENCE,
        ColumnMeaning.EXPOSURE,
    }
)
"""Columns whose texts may go on in rows without a competence."""

TOTALS = frozenset(
    {"total", "totals", "sum", "average", "mean", "grand total", "summe", "gesamt", "durchschnitt"}
)
_OF_DOMAINS = frozenset({ColumnMeaning.DOMAIN, ColumnMeaning.DOMAIN_ID})


class CompetenceRow(NamedTuple):
    """A competence, with its texts by column."""

    line: int
    name: str
    domain: str
    domain_id: str
    id: str
    group: str
    texts: dict[int, str]


class CompetenceRows(NamedTuple):
    """All competences, and what is no competence."""

    rows: list[CompetenceRow]
    notes: list[MatrixNote]
    unplaced: list[tuple[int, str]]
    """Rows that belong to no competence, each with its line."""


def competence_rows(
    rows: Sequence[MatrixRow], columns: Sequence[MatrixColumn], merged: Sequence[MergedCells]
) -> CompetenceRows:
    """The competences in the rows below the headings, each in its domain and group."""
    return _Reader(rows, columns, merged).read()


class _Reader:
    """Reads rows one after the other, since blank cells may mean what stands above."""

    def __init__(
        self,
        rows: Sequence[MatrixRow],
        columns: Sequence[MatrixColumn],
        merged: Sequence[MergedCells],
    ) -> None:
        self._columns = columns
        self._index: dict[ColumnMeaning, int] = {}
        for column in columns:
            self._index.setdefault(column.meaning, column.position)
        self._continued = {column.position for column in columns if column.meaning in _CONTINUED}
        self._texts = [
            (row, {index: row.cell(index) for index in row.filled})
            for row in _filled(rows, merged, self._index)
        ]
        self._domain = self._domain_id = self._group = ""
        self._result = CompetenceRows([], [], [])

    def read(self) -> CompetenceRows:
        for number, (row, texts) in enumerate(self._texts):
            if not texts:
                continue
            following = self._texts[number + 1][1] if number + 1 < len(self._texts) else {}
            self._take(row, texts, following)
        return self._result

    def _take(self, row: MatrixRow, texts: dict[int, str], following: Mapping[int, str]) -> None:
        competence = self._index[ColumnMeaning.COMPETENCE]
        name = texts.get(competence, "")
        first = texts[min(texts)]
        if fold(first) in TOTALS and len(texts) > 1:
            self._leave(NoteKind.TOTALS, row)
        elif self._is_section(texts, following):
            self._begin_section(row, first)
        elif name:
            self._add(row, name, texts)
        elif self._result.rows and texts.keys() <= self._continued:
            self._continue(row, texts)
        else:
            self._leave(NoteKind.UNPLACED_ROW, row)

    def _is_section(self, texts: Mapping[int, str], following: Mapping[int, str]) -> bool:
        """Whether a row has a heading alone, above a row of more."""
        domain = self._index.get(ColumnMeaning.DOMAIN)
        first = {self._index[ColumnMeaning.COMPETENCE], 0} if domain is None else {domain}
        return len(texts) == 1 < len(following) and min(texts) in first

    def _begin_section(self, row: MatrixRow, text: str) -> None:
        self._domain, self._domain_id, self._group = text, "", ""
        self._note(NoteKind.SECTION, row.line, text)

    def _add(self, row: MatrixRow, name: str, texts: dict[int, str]) -> None:
        domain = self._text(texts, ColumnMeaning.DOMAIN)
        domain_id = self._text(texts, ColumnMeaning.DOMAIN_ID)
        group = self._text(texts, ColumnMeaning.GROUP)
        has_domains = not self._index.keys().isdisjoint(_OF_DOMAINS)
        if domain or domain_id:
            self._domain, self._domain_id = domain or domain_id, domain_id
        elif has_domains and self._domain:
            self._note(NoteKind.CARRIED_DOWN, row.line, self._domain)
            group = group or self._group
        self._group = group
        key = self._text(texts, ColumnMeaning.ID)
        self._result.rows.append(
            CompetenceRow(row.line, name, self._domain, self._domain_id, key, group, texts)
        )

    def _text(self, texts: Mapping[int, str], meaning: ColumnMeaning) -> str:
        return texts.get(self._index.get(meaning, -1), "")

    def _continue(self, row: MatrixRow, texts: Mapping[int, str]) -> None:
        """Add the texts of a row without a competence to the one above."""
        above = self._result.rows[-1].texts
        for index, text in texts.items():
            above[index] = f"{above[index]}\n{text}" if index in above else text
        self._note(NoteKind.CONTINUED, row.line, self._result.rows[-1].name)

    def _leave(self, kind: NoteKind, row: MatrixRow) -> None:
        self._result.unplaced.append((row.line, row.text))
        self._note(kind, row.line, row.text)

    def _note(self, kind: NoteKind, line: int, text: str) -> None:
        self._result.notes.append(MatrixNote(kind, line, text))


def _filled(
    rows: Sequence[MatrixRow], merged: Sequence[MergedCells], indexes: Mapping[ColumnMeaning, int]
) -> list[MatrixRow]:
    """The rows with the cells filled that merged ranges cover.

    A merged name of a competence stays in its first row, since the rows below go on about it. A
    range that begins in a column of names and goes across is the heading of a section.
    """
    by_line = {row.line: list(row.cells) for row in rows}
    names = {
        indexes[meaning]
        for meaning in (ColumnMeaning.COMPETENCE, ColumnMeaning.DOMAIN)
        if meaning in indexes
    }
    competence = indexes[ColumnMeaning.COMPETENCE]
    lines = [row.line for row in rows]
    filled = 0
    for span in merged:
        first = by_line.get(span.first_row)
        is_across = span.last_column > span.first_column
        is_name = span.first_column == competence or (is_across and span.first_column in names)
        if first is None or span.first_column >= len(first) or is_name:
            continue
        last = min(span.last_column, FAR)
        covered = lines[bisect_left(lines, span.first_row) : bisect_right(lines, span.last_row)]
        filled += len(covered) * (last + 1 - span.first_column)
        if filled > MAX_WORKBOOK_CELLS:
            break
        for line in covered:
            _fill(by_line[line], range(span.first_column, last + 1), first[span.first_column])
    return [row._replace(cells=tuple(by_line[row.line])) for row in rows]


def _fill(cells: list[str], columns: range, text: str) -> None:
    cells += [""] * (columns.stop - len(cells))
    for index in columns:
        cells[index] = text
