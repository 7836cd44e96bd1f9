"""Find the header row of a table below titles and notes."""

from __future__ import annotations

from collections import defaultdict
from itertools import zip_longest
from typing import TYPE_CHECKING, NamedTuple

from pmo_path.domain.names import fold_accents
from pmo_path.readers.table.columns import is_name, rated_in
from pmo_path.readers.table.sheet import KNOWN_HEADINGS, Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from pmo_path.readers.table.competence_names import Names
    from pmo_path.readers.table.csv_records import Record

SEARCHED_ROWS = 40
"""The most rows searched for headings."""


class HeaderRow(NamedTuple):
    """The header row."""

    line: int
    cells: tuple[str, ...]
    remarks: tuple[str, ...] = ()
    """What was skipped or used above it."""


def find_header_row(
    records: Sequence[Record],
    names: Names,
    is_level: Callable[[str], bool],
    line: int | None,
    hint: str,
) -> HeaderRow | None:
    """The row that names the most columns, or the row at `line`; None for an empty table.

    An empty heading is taken from the row above, as with merged cells. `is_level` tells ratings
    from headings. `hint` is added to the remark about skipped lines.
    """
    filled = [record for record in records if any(cell.strip() for cell in record.cells)]
    if line is not None:
        filled = [record for record in filled if record.line <= line]
        best = next((record for record in filled if record.line == line), None)
    else:
        best = _likeliest([_Row.of(record, names, is_level) for record in filled])
    if best is None:
        return None
    above = [record for record in filled if record.line < best.line]
    cells, completed = _completed(best, above)
    remarks = []
    if completed:
        remarks.append(f"empty headings in line {best.line} taken from line {completed}")
    skipped = [str(record.line) for record in above if record.line != completed]
    if skipped:
        plural = "" if len(skipped) == 1 else "s"
        remarks.append(
            f"header row found in line {best.line}; skipped line{plural} {_list(skipped)}{hint}"
        )
    return HeaderRow(best.line, cells, tuple(remarks))


def rates_somebody(header: HeaderRow, names: Names, *, needs_person: bool) -> bool:
    """Whether the header names a person and ratings, unlike that of an explanation.

    Without `needs_person`, columns for competence and rating are enough.
    """
    known = _Known.of(header.cells, names)
    if known.is_long and not needs_person:
        return True
    return known.has_person and (known.is_long or known.exact + known.inferred > 0)


def line_of_names(
    records: Iterable[Record], names: Names, is_level: Callable[[str], bool]
) -> int | None:
    """The line of the first row that may be a header; None if there is no such row."""
    return next(
        (
            record.line
            for record in records
            if (known := _Known.of(record.cells, names)).is_row_of_names
            and not known.is_data(record.cells, names, is_level)
        ),
        None,
    )


class _Known(NamedTuple):
    """The cells of a row that may be headings."""

    exact: int
    """Names of competences, and headings that the mapping names."""
    inferred: int
    """Longer texts that hold the name of a competence."""
    special: int
    """Headings of the person, role, rater, competence or rating."""
    filled: int
    has_person: bool
    is_long: bool

    @classmethod
    def of(cls, cells: Sequence[str], names: Names) -> _Known:
        plainly = {fold_accents(names.mapped(cell) or cell) for cell in cells}
        there = {
            kind for kind, headings in KNOWN_HEADINGS.items() if not plainly.isdisjoint(headings)
        }
        exact = sum(is_name(cell, names) for cell in cells)
        return cls(
            exact=exact,
            inferred=rated_in(cells, names) - exact,
            special=len(there),
            filled=sum(bool(cell.strip()) for cell in cells),
            has_person=Kind.PERSON in there,
            is_long={Kind.COMPETENCE, Kind.RATING} <= there,
        )

    @property
    def weight(self) -> int:
        """How likely the row is a header; a name counts more than a text that contains it."""
        return 4 * self.exact + 3 * self.special + self.inferred + 4 * self.is_long

    @property
    def is_row_of_names(self) -> bool:
        return self.filled > 1 and (
            self.is_long or self.exact > 1 or (self.exact == 1 and self.special > 0)
        )

    def is_data(self, cells: Sequence[str], names: Names, is_level: Callable[[str], bool]) -> bool:
        """Whether the row holds ratings rather than headings."""
        levels = sum(is_level(cell) and not is_name(cell, names) for cell in cells)
        return levels > 0 and levels >= self.exact + self.special


class _Row(NamedTuple):
    """A row that may be the header."""

    record: Record
    known: _Known
    is_data: bool
    competences: Mapping[int, str]
    """By column: the competence that the cell names."""

    @classmethod
    def of(cls, record: Record, names: Names, is_level: Callable[[str], bool]) -> _Row:
        known = _Known.of(record.cells, names)
        found = ((index, names.find(cell)) for index, cell in enumerate(record.cells))
        competences = {index: competence for index, competence in found if competence is not None}
        return cls(record, known, known.is_data(record.cells, names, is_level), competences)


def _likeliest(rows: Sequence[_Row]) -> Record | None:
    """The first of the likeliest header rows; without any name, the first of more than a title.

    The header of the first table wins even if that of a later table names more columns: the people
    in between must not be skipped like titles.
    """
    weights = _weights(rows)
    best = max(rows, key=lambda row: weights[row.record.line], default=None)
    if best is None:
        return None
    first = None
    for row in rows[: rows.index(best)]:
        known = row.known
        is_names = known.is_row_of_names and not row.is_data
        if first is not None and not is_names and known.filled > 1:
            return first.record
        if first is None and is_names and known.has_person and (known.exact or known.is_long):
            first = row
    return best.record


def _weights(rows: Sequence[_Row]) -> dict[int, tuple[int, bool]]:
    """How likely each line is the header row, by line."""
    listed = _lines_of_a_list(rows)
    weights = {}
    widest = 0
    for row in rows:
        known, line = row.known, row.record.line
        weight = 0 if line in listed or row.is_data else known.weight
        if weight == known.inferred == 1 and known.filled <= widest:
            weight = 0  # a sentence in a row of the table
        weights[line] = (weight, known.filled > 1)
        widest = max(widest, known.filled)
    return weights


def _lines_of_a_list(rows: Sequence[_Row]) -> set[int]:
    """The lines that belong to a list of competences, one below the other."""
    columns: dict[int, dict[int, str]] = defaultdict(dict)
    for row in rows:
        if len(row.competences) == 1 and not row.known.special:
            ((index, competence),) = row.competences.items()
            columns[index][row.record.line] = competence
    return {line for lines in columns.values() if len(set(lines.values())) > 1 for line in lines}


def _completed(best: Record, above: Sequence[Record]) -> tuple[tuple[str, ...], int]:
    """The headings, and the line above that fills empty ones; 0 for no such line."""
    row = above[-1] if above else best
    if row.line != best.line - 1:
        return tuple(best.cells), 0
    both = tuple(
        own if own.strip() else other
        for own, other in zip_longest(best.cells, row.cells, fillvalue="")
    )
    named = sum(bool(cell.strip()) for cell in row.cells)
    # A title is in a single cell and is not a heading.
    return (both, row.line) if named > 1 and both != tuple(best.cells) else (tuple(best.cells), 0)


def _list(lines: Sequence[str]) -> str:
    return ", ".join(lines) if len(lines) <= 6 else f"{lines[0]} to {lines[-1]}"  # noqa: PLR2004
