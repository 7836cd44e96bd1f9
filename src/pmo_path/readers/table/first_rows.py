"""Judge columns by their first cells where the headings leave a doubt."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, NamedTuple, Self

from pmo_path.domain.names import fold
from pmo_path.domain.ratings import NOT_APPLICABLE
from pmo_path.readers.files import problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from pmo_path.domain.cells import CellReader
    from pmo_path.domain.codes import Code
    from pmo_path.domain.diagnostics import Diagnostic
    from pmo_path.readers.table.csv_records import Record

SAMPLE_ROWS = 1000
"""The most rows that are looked at."""
_SAMPLE_CELLS = 100_000
"""About the most cells that are looked at, so a wide sheet shows fewer rows."""
_FEWEST_ROWS = 50
_NUMBER = re.compile(r"[0-9]+(?:[.,][0-9]+)?")
_INDEX = re.compile("[0-9]{1,18}")
_STARS = frozenset("★☆⭐● ○")
_LONGEST_RATING = 40
"""Characters of a cell that is a rating in need of a correction; a longer one is prose."""
MOSTLY = 0.5
"""A column holds ratings when this share of its cells does."""


def sample_rows(columns: int) -> int:
    """How many rows to examine in a table with so many columns."""
    return max(_FEWEST_ROWS, min(SAMPLE_ROWS, _SAMPLE_CELLS // max(1, columns)))


def level_test(reader: CellReader) -> Callable[[str], bool]:
    """A function that tests whether a cell is a level; blank and `n/a` are not."""

    @cache
    def is_level(text: str) -> bool:
        return isinstance(reader.meaning(text), Decimal)

    return is_level


def unique(headings: Sequence[str]) -> list[str]:
    """The headings, numbered if two are alike; `column 4` for an empty one."""
    named = [heading or f"column {number}" for number, heading in enumerate(headings, 1)]
    theirs = {heading.casefold() for heading in named}
    taken: set[str] = set()
    different = []
    for heading in named:
        free, again = heading, 1
        while free.casefold() in taken or (again > 1 and free.casefold() in theirs):
            again += 1
            free = f"{heading} ({again})"
        taken.add(free.casefold())
        different.append(free)
    return different


class Cells:
    """The first rows below the header, column by column."""

    def __init__(self, records: Sequence[Record], reader: CellReader, *, is_whole: bool) -> None:
        self.records = records
        """All rows, with the blank ones."""
        self.rows = [record for record in records if not record.is_blank]
        self.is_whole = is_whole
        """Whether the sheet has no further rows."""
        self._reader = reader
        self.is_level = level_test(reader)
        labels = (fold(step.label) for step in reader.framework.scale.values())
        self._labels = [label for label in labels if label != "none"]

    def column(self, index: int) -> list[str]:
        """The cells of a column; an empty text where a row is too short."""
        return [row.cell(index) for row in self.rows]

    def filled(self, index: int) -> list[str]:
        """The cells of a column that are neither empty nor `n/a`."""
        return [
            cell
            for cell in self.column(index)
            if cell and self._reader.meaning(cell) != NOT_APPLICABLE
        ]

    def are_levels(self, index: int) -> bool:
        """Whether at least half of the cells of a column are levels of the scale."""
        cells = self.filled(index)
        levels = [cell for cell in cells if self.is_level(cell)]
        if len(levels) < len(cells) and all(cell.casefold() == "none" for cell in levels):
            return False  # beside other texts that word says that there are none of something
        return bool(cells) and len(levels) >= MOSTLY * len(cells)

    def are_ratings(self, index: int) -> bool:
        """Whether at least half of the cells are levels, or all are `n/a`."""
        return self.are_levels(index) or (not self.filled(index) and any(self.column(index)))

    def ratings_share(self, index: int) -> float:
        """The share of cells that are ratings, including those that need a correction."""
        cells = self.filled(index)
        return sum(map(self._may_be_rating, cells)) / len(cells) if cells else 0.0

    def is_index(self, index: int, *, is_first: bool) -> bool:
        """Whether a column numbers the rows.

        Numbers that could be levels count only in the first column: counted from 0 or 1, or all
        different and partly beyond the scale.
        """
        cells = self.filled(index)
        if not cells or not all(map(_INDEX.fullmatch, cells)):
            return False
        numbers = [int(cell) for cell in cells]
        is_counted = numbers == list(range(numbers[0], numbers[0] + len(numbers)))
        is_beyond = any(not self.is_level(cell) for cell in cells)
        if not is_first:
            return is_counted and is_beyond
        is_different = len(set(numbers)) == len(numbers)
        return (is_counted and numbers[0] in {0, 1}) or (is_different and is_beyond)

    def same_levels(self, index: int, other: int) -> bool:
        """Whether two columns hold the same level in each row, perhaps one of them as its label."""
        pairs = zip(self.column(index), self.column(other), strict=True)
        return all(
            self._reader.meaning(cell) == self._reader.meaning(second)
            for cell, second in pairs
            if cell or second
        )

    def is_constant(self, index: int) -> bool:
        """Whether all filled cells of a column have the same meaning."""
        return len(set(map(self._reader.meaning, self.filled(index)))) <= 1

    def depends_on(self, index: int, key: int) -> bool:
        """Whether rows with the same key always have the same value, and some share a key."""
        meanings_by_key: dict[str, set[object]] = {}
        is_shared = False
        for cell, group in zip(self.column(index), self.column(key), strict=True):
            if cell and group:
                is_shared = is_shared or group in meanings_by_key
                meanings_by_key.setdefault(group, set()).add(self._reader.meaning(cell))
        return is_shared and all(len(meanings) == 1 for meanings in meanings_by_key.values())

    def _may_be_rating(self, cell: str) -> bool:
        if self.is_level(cell):
            return True
        if len(cell) > _LONGEST_RATING:
            return False
        if set(cell) <= _STARS:
            return True
        numbers = _NUMBER.findall(cell)
        if numbers:
            return all(self.is_level(number) for number in numbers)
        text = fold(re.sub(r"[^\w\s]", " ", cell))
        return any(f" {label} " in f" {text} " for label in self._labels)


class Header(NamedTuple):
    """The header row, and the first rows below it."""

    texts: Sequence[str]
    """The headings, each on one line; some may be empty or alike."""
    headings: Sequence[str]
    """The same, made unique."""
    name: str
    """What messages call the sheet."""
    line: int
    cells: Cells

    @classmethod
    def of(cls, headings: Iterable[str], name: str, line: int, cells: Cells) -> Self:
        """The header row at a line; 0 where a file has its headings apart from its rows."""
        texts = [" ".join(heading.split()) for heading in headings]
        return cls(texts, unique(texts), name, line, cells)

    def problem(self, code: Code, message: str, hint: str) -> Diagnostic:
        """A mistake in the header row."""
        return problem(code, self.name, message, hint, self.line)
