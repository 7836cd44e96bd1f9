"""Find the heading row of a matrix, below titles and notes, and the row of families above it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pmo_path.domain.codes import Code
from pmo_path.domain.diagnostics import Diagnostic, Place
from pmo_path.domain.errors import InputInvalid
from pmo_path.domain.matrix.levels import level_heading, word_rank
from pmo_path.domain.matrix.model import ColumnMeaning
from pmo_path.domain.matrix.vocabulary import EXPLICIT, HEADINGS
from pmo_path.domain.names import fold, fold_accents

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pmo_path.domain.matrix.model import Matrix, MatrixRow

SEARCHED_ROWS = 40
"""The most rows searched for headings."""
_FEWEST = 2
"""Headings that a row must have to be one of headings."""


class HeadingRow(NamedTuple):
    """The headings of a matrix."""

    line: int
    headings: tuple[str, ...]
    """One for each column; empty where there is none."""
    families: tuple[str, ...]
    """The heading above each column that tells columns of one heading apart; often all empty."""
    above: tuple[MatrixRow, ...]
    """Rows above that are neither."""
    below: tuple[MatrixRow, ...]


def heading_row(matrix: Matrix, line: int | None) -> HeadingRow:
    """The headings, in `line` if it is given. Raises InputInvalid where there are none."""
    rows = matrix.rows
    row = _row_at(rows, line) if line is not None else _likeliest(rows[:SEARCHED_ROWS])
    if row is None:
        raise InputInvalid((_no_headings(matrix, line),))
    number = rows.index(row)
    width = max(len(below.cells) for below in rows[number:])
    headings = [row.cell(index) for index in range(width)]
    upper = rows[number - 1] if number and rows[number - 1].line == row.line - 1 else None
    families = _families(upper, headings, matrix) if upper is not None else [""] * width
    is_used = upper is not None and any(families)
    if is_used:
        for index, family in enumerate(families):
            if not headings[index]:
                headings[index], families[index] = family, ""
    above = rows[: number - 1 if is_used else number]
    return HeadingRow(row.line, tuple(headings), tuple(families), above, rows[number + 1 :])


def score(matrix: Matrix) -> int:
    """How much the likeliest heading row looks like one, to choose between sheets."""
    return max(map(_score, matrix.rows[:SEARCHED_ROWS]), default=0)


def _no_headings(matrix: Matrix, line: int | None) -> Diagnostic:
    message = "there is no row of headings above rows of competences"
    hint = "give the table a row of headings: competence, and the name of each role or level"
    if line is not None:
        message, hint = f"there is no row of headings in line {line}", "name another heading_line"
    return Diagnostic(
        Place(matrix.name, line or 0, 1 if line else 0), Code.NOT_A_SHEET, message, hint
    )


def _row_at(rows: Sequence[MatrixRow], line: int) -> MatrixRow | None:
    return next((row for row in rows if row.line == line and row.filled), None)


def _likeliest(rows: Sequence[MatrixRow]) -> MatrixRow | None:
    """The first of the rows with the most known headings; else the first with several cells."""
    candidates = [row for row in rows if len(row.filled) >= _FEWEST]
    return max(candidates, key=_score, default=None)


def _score(row: MatrixRow) -> int:
    cells = [row.cell(index) for index in row.filled]
    known = sum(_is_known(cell) for cell in cells)
    numbers = sum(level_heading(cell) is not None for cell in cells)
    # A row of data has numbers as well, and one of headings a name for the first column.
    levels = 0 if numbers == len(cells) else numbers
    words = sum(word_rank(cell) is not None for cell in cells)
    return 4 * known + (words if words > 1 else 0) + (1 if levels > 1 and known else 0)


def _is_known(cell: str) -> bool:
    """Whether a cell names a column; a word such as Total may stand in a row below as well."""
    known = HEADINGS.get(fold_accents(cell), ColumnMeaning.OWN)
    return known is not ColumnMeaning.OWN or EXPLICIT.match(cell) is not None


def _families(upper: MatrixRow, headings: Sequence[str], matrix: Matrix) -> list[str]:
    """The headings of the row above, each carried to the columns on its right.

    They count only where they tell columns of one heading apart, or stand in for a missing one.
    """
    if len(upper.filled) < _FEWEST and not _is_merged(upper, matrix):
        return [""] * len(headings)
    carried = []
    last = ""
    for index in range(len(headings)):
        last = upper.cell(index) or (last if headings[index] else "")
        carried.append(last)
    folded = [fold(heading) for heading in headings]
    return [
        family if not heading or folded.count(heading) > 1 else ""
        for family, heading in zip(carried, folded, strict=True)
    ]


def _is_merged(upper: MatrixRow, matrix: Matrix) -> bool:
    """Whether cells of the row are merged with those below: headings of two rows."""
    return any(merged.first_row == upper.line < merged.last_row for merged in matrix.merged)
