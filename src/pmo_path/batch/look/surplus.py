"""Rows that end with an empty cell more than there are columns: a habit of the file, or a slip.

Many programs write a delimiter at the end of every row. In a file that does not, a single row with
an empty cell too many may just as well have a doubled delimiter further to the left, behind which
every rating belongs to another competence.
"""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

_NEARLY_ALL = 0.9
_FEW_ROWS = 3


class Surplus(NamedTuple):
    """What the surplus cells of a row leave open."""

    is_there: bool
    is_shifted: bool
    """Whether an empty cell among the others may be the one that is too many."""


class SurplusCells:
    """Counts rows that end with surplus empty cells, and decides which of them may be shifted."""

    def __init__(self) -> None:
        self._rows = self._surplus = self._certain = 0
        self._shifted = array("q")

    def take(self, line: int, surplus: Surplus) -> None:
        """Count a row that begins at a line."""
        self._rows += 1
        if surplus.is_there:
            self._surplus += 1
            if surplus.is_shifted:
                self._shifted.append(line)
            else:
                self._certain += 1

    def take_others(self, rows: int) -> None:
        """Count rows that have no surplus cells."""
        self._rows += rows

    def shifted(self) -> tuple[int, ...]:
        """The lines of rows that cannot be trusted; none where (nearly) every row ends so."""
        is_habit = self._surplus >= _NEARLY_ALL * self._rows
        if is_habit and (self._certain or self._rows >= _FEW_ROWS):
            return ()
        return tuple(self._shifted)


def surplus_of(cells: Sequence[str], columns: int) -> Surplus:
    """Whether all cells behind the last column are empty, and whether one before a filled cell is."""
    if len(cells) <= columns or any(cells[columns:]):
        return Surplus(is_there=False, is_shifted=False)
    is_filled = [bool(cell.strip()) for cell in cells[:columns]]
    while is_filled and not is_filled[-1]:
        is_filled.pop()
    return Surplus(is_there=True, is_shifted=not all(is_filled))
