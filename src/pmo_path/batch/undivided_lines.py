"""Lines of text that a reader could not divide into one cell for each column."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, NamedTuple

from pmo_path.readers.table.normalise import fitted, wrong_cells
from pmo_path.readers.table.trailing_cells import SurplusCells, surplus_of

if TYPE_CHECKING:
    from collections.abc import Mapping


class BrokenLine(NamedTuple):
    """A line, and the cells that fit the columns."""

    text: str
    cells: tuple[str | None, ...]
    """One for each column; None where the line has too few."""
    fault: str = ""
    """Why the line cannot be divided; empty where it has only empty cells too many."""
    is_shifted: bool = False
    """Whether its cells may belong to other columns."""


def divide(
    lines: Mapping[int, str], delimiter: str, columns: int, others: int
) -> dict[int, BrokenLine]:
    """Divide lines into cells, by their numbers; `others` are rows beside them that fit."""
    surplus = SurplusCells()
    surplus.take_others(others)
    divided = {}
    for number, line in lines.items():
        cells = _cells(line, delimiter)
        count = len(fitted(cells, columns)) if len(cells) > columns else len(cells)
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
