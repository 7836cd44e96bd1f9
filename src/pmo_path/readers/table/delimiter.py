"""What separates the cells of a text file: each candidate is tried, the most regular one wins.

The idea is that of the delimiter trial that CPython has in mind for its own sniffer: parse a
sample with each candidate, and keep the one under which most rows have the same number of cells.
"""

from __future__ import annotations

import csv
from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

CANDIDATES = {",": ", separated", ";": "; separated", "\t": "tab separated", "|": "| separated"}
RARE = {"^": "^ separated", "~": "~ separated", ":": ": separated", " ": "space separated"}
"""Candidates that also stand in texts; tried where none of the others gives known headings."""
IN_TEXTS = frozenset({":", " "})
"""Those that are in so many texts that any regular candidate goes before them."""
_ROWS = 1000
_REGULAR = 0.9


def delimiter_of(sample: Sequence[str], preferred: str = "") -> str:
    """The delimiter of a sample's lines; the preferred one where it is as good as any."""
    return max(CANDIDATES, key=lambda one: (*_regularity(sample, one), one == preferred))


def is_regular(sample: Sequence[str], delimiter: str) -> bool:
    """Whether nearly all lines have the same number of cells under a delimiter."""
    return _regularity(sample, delimiter)[0] >= _REGULAR


def divided(line: str) -> list[list[str]]:
    """The cells of a line with a stray quote, for each delimiter that may separate them."""
    unquoted = line.replace('"', "")
    return [unquoted.split(delimiter) for delimiter in CANDIDATES if delimiter in unquoted]


def _regularity(sample: Sequence[str], delimiter: str) -> tuple[float, int]:
    counts: Counter[int] = Counter()
    try:
        for row in islice(csv.reader(sample, delimiter=delimiter), _ROWS):
            counts[len(row)] += any(cell.strip() for cell in row)
    except csv.Error:
        return 0.0, 0
    several = {cells: rows for cells, rows in counts.items() if cells > 1 and rows}
    if not several:
        return 0.0, 0
    cells, rows = max(several.items(), key=lambda one: (one[1], one[0]))
    return rows / sum(counts.values()), cells
