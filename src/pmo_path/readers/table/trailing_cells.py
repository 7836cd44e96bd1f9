"""Decide whether rows with an empty cell after the last column are trustworthy.

Many programs end every row with a delimiter. In other files, a row with an extra empty cell may
have a doubled delimiter further left, or one in a number such as `3,0` or in a text without quotes;
then every rating after it is in the wrong column.
"""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

_NEARLY_ALL = 0.9
_FEW_ROWS = 3


class Surplus(NamedTuple):
    """What the extra cells of a row show."""

    is_there: bool
    is_shifted: bool
    """Whether a delimiter among the others may be the one that is too many."""
    is_full: bool = True
    """Whether none of the other cells is empty."""


class SurplusCells:
    """Counts rows with extra empty cells, and decides which of them may be shifted."""

    def __init__(self) -> None:
        self._rows = self._surplus = self._full = self._certain = 0
        self._shifted = array("q")

    def take(self, line: int, surplus: Surplus) -> None:
        """Count a row that begins at a line."""
        self._rows += 1
        if surplus.is_there:
            self._surplus += 1
            self._full += surplus.is_full
            self._certain += surplus.is_full and not surplus.is_shifted
            if surplus.is_shifted:
                self._shifted.append(line)

    def take_others(self, rows: int) -> None:
        """Count rows without extra cells."""
        self._rows += rows

    def shifted(self) -> tuple[int, ...]:
        """The lines of rows that may be shifted; empty if nearly every row has extra cells."""
        is_habit = self._surplus >= _NEARLY_ALL * self._rows
        is_clear = self._certain or (self._full and self._rows > 1) or self._rows >= _FEW_ROWS
        if is_habit and is_clear:
            return ()
        return tuple(self._shifted)


def surplus_of(cells: Sequence[str], columns: int) -> Surplus:
    """What empty cells after the last column show.

    A single one may mean a shifted row. More of them only do with an empty cell further left, or
    with as many numbers that a comma may have split.
    """
    if len(cells) <= columns or any(cells[columns:]):
        return Surplus(is_there=False, is_shifted=False)
    is_filled = [bool(cell.strip()) for cell in cells[:columns]]
    while is_filled and not is_filled[-1]:
        is_filled.pop()
    surplus = len(cells) - columns
    is_full = all(is_filled)
    is_open = surplus == 1 or not is_full or _numbers_in_two(cells[:columns]) >= surplus
    return Surplus(is_there=True, is_shifted=is_open, is_full=is_full)


def shifted_reason(columns: int) -> str:
    """The reason to reject a row whose cells may be shifted."""
    return (
        f"one empty cell too many for {columns} columns: a delimiter may be doubled, or part of a "
        "number or text, so cells may be in the wrong columns; remove the extra delimiter, or put "
        "the number or text in quotes"
    )


def _numbers_in_two(cells: Sequence[str]) -> int:
    """How many numbers may have been split at a decimal comma."""
    are_digits = [cell.strip().isdigit() for cell in cells]
    count = index = 0
    while index + 1 < len(cells):
        is_pair = are_digits[index] and are_digits[index + 1]
        count += is_pair
        index += 1 + is_pair
    return count
