"""Find the header row below titles and notes, and judge columns by the first cells below it."""

from __future__ import annotations

import re
from collections import defaultdict
from decimal import Decimal
from functools import cache
from itertools import zip_longest
from typing import TYPE_CHECKING, NamedTuple, Self

from pmo_path.domain.names import fold, fold_accents
from pmo_path.domain.ratings import NOT_APPLICABLE
from pmo_path.readers.files import problem
from pmo_path.readers.table.csv_records import Record
from pmo_path.readers.table.sheet import KNOWN_HEADINGS, Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from collections.abc import Set as AbstractSet

    from pmo_path.domain.cells import CellReader
    from pmo_path.domain.codes import Code
    from pmo_path.domain.diagnostics import Diagnostic
    from pmo_path.readers.table.competence_names import Names

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
            return False  # beside other texts, the word means that something is missing
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


# --- The header row -------------------------------------------------------------------------------


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

    An empty heading is taken from the row above, as with merged cells. `is_level` separates ratings
    from headings. `hint` is added to the remark about skipped lines.
    """
    filled = [record for record in records if not record.is_blank]
    if line is not None:
        filled = [record for record in filled if record.line <= line]
        best = next((record for record in filled if record.line == line), None)
    else:
        best = _likeliest([_Row.of(record, names, is_level) for record in filled], names)
    if best is None:
        return None
    above = [record for record in filled if record.line < best.line]
    cells, completed, of_domains = tuple(best.cells), 0, 0
    if above and above[-1].line == best.line - 1:
        cells, completed = _completed(best, above[-1])
        cells, of_domains = _in_domains(cells, above[-1], names)
    remarks = []
    if completed:
        remarks.append(f"empty headings in line {best.line} taken from line {completed}")
    if of_domains:
        remarks.append(f"domains of the headings in line {best.line} taken from line {of_domains}")
    skipped = [str(record.line) for record in above if record.line not in {completed, of_domains}]
    if skipped:
        plural = "" if len(skipped) == 1 else "s"
        remarks.append(
            f"header row found in line {best.line}; skipped line{plural} {_list(skipped)}{hint}"
        )
    return HeaderRow(best.line, cells, tuple(remarks))


def rates_somebody(
    header: HeaderRow, names: Names, is_level: Callable[[str], bool], *, needs_person: bool
) -> bool:
    """Whether the header names a person and ratings, unlike that of an explanation.

    Without `needs_person`, columns for competence and rating are enough.
    """
    row = _Row.of(Record(header.line, [*header.cells]), names, is_level)
    if row.is_long and not needs_person:
        return True
    return Kind.PERSON in row.kinds and (row.is_long or row.exact + row.inferred > 0)


def line_of_names(
    records: Iterable[Record], names: Names, is_level: Callable[[str], bool]
) -> int | None:
    """The line of the first row that may be a header; None if there is no such row."""
    rows = (_Row.of(record, names, is_level) for record in records)
    return next((row.record.line for row in rows if row.is_of_names), None)


class _Row(NamedTuple):
    """A row that may be the header."""

    record: Record
    exact: int
    """Names of competences, and headings that the mapping names."""
    inferred: int
    """Longer texts that hold the name of a competence."""
    levels: int
    """Cells that are ratings."""
    filled: int
    kinds: AbstractSet[Kind]
    """What has a usual heading, beside competences: the person, role, rater and so on."""

    @classmethod
    def of(cls, record: Record, names: Names, is_level: Callable[[str], bool]) -> _Row:
        cells = record.cells
        plainly = {fold_accents(names.mapped(cell) or cell) for cell in cells}
        named = [names.is_name(cell) for cell in cells]
        return cls(
            record,
            exact=sum(named),
            inferred=names.rated_in(cells) - sum(named),
            levels=sum(
                is_level(cell) and not known for cell, known in zip(cells, named, strict=True)
            ),
            filled=sum(bool(cell.strip()) for cell in cells),
            kinds={
                kind
                for kind, headings in KNOWN_HEADINGS.items()
                if not plainly.isdisjoint(headings)
            },
        )

    @property
    def is_long(self) -> bool:
        return {Kind.COMPETENCE, Kind.RATING} <= self.kinds

    @property
    def weight(self) -> int:
        """How likely the row is a header; a name counts more than a text that contains it."""
        return 4 * self.exact + 3 * len(self.kinds) + self.inferred + 4 * self.is_long

    @property
    def is_data(self) -> bool:
        """Whether the row holds ratings rather than headings."""
        return self.levels > 0 and self.levels >= self.exact + len(self.kinds)

    @property
    def is_of_names(self) -> bool:
        is_named = self.is_long or self.exact > 1 or (self.exact == 1 and bool(self.kinds))
        return self.filled > 1 and is_named and not self.is_data


def _likeliest(rows: Sequence[_Row], names: Names) -> Record | None:
    """The first of the likeliest header rows; without any name, the first of more than a title.

    The header of the first table wins even if that of a later table names more columns: the people
    in between must not be skipped like titles.
    """
    weights = _weights(rows, names)
    best = max(rows, key=lambda row: weights[row.record.line], default=None)
    if best is None:
        return None
    first = None
    for row in rows[: rows.index(best)]:
        if first is not None and not row.is_of_names and row.filled > 1:
            return first.record
        if first is None and row.is_of_names and Kind.PERSON in row.kinds:
            first = row if row.exact or row.is_long else None
    return best.record


def _weights(rows: Iterable[_Row], names: Names) -> dict[int, tuple[int, bool]]:
    """How likely each line is the header row, by line."""
    listed = _lines_of_a_list(rows, names)
    weights = {}
    widest = 0
    for row in rows:
        line = row.record.line
        weight = 0 if line in listed or row.is_data else row.weight
        if weight == row.inferred == 1 and row.filled <= widest:
            weight = 0  # a sentence in a row of the table
        weights[line] = (weight, row.filled > 1)
        widest = max(widest, row.filled)
    return weights


def _lines_of_a_list(rows: Iterable[_Row], names: Names) -> set[int]:
    """The lines that belong to a list of competences, one below the other."""
    columns: dict[int, dict[int, str]] = defaultdict(dict)
    for row in rows:
        named = [
            (index, competence)
            for index, cell in enumerate(row.record.cells)
            if (competence := names.named(cell)) is not None
        ]
        if len(named) == 1 and not row.kinds:
            ((index, competence),) = named
            columns[index][row.record.line] = competence
    return {line for lines in columns.values() if len(set(lines.values())) > 1 for line in lines}


def _completed(best: Record, above: Record) -> tuple[tuple[str, ...], int]:
    """The headings, and the line above if it fills empty ones, else 0."""
    both = tuple(
        own if own.strip() else other
        for own, other in zip_longest(best.cells, above.cells, fillvalue="")
    )
    named = sum(bool(cell.strip()) for cell in above.cells)
    # A title is in a single cell and is not a heading.
    is_filled = named > 1 and both != tuple(best.cells)
    return (both, above.line) if is_filled else (tuple(best.cells), 0)


def _in_domains(
    cells: tuple[str, ...], above: Record, names: Names
) -> tuple[tuple[str, ...], int]:
    """The headings, ambiguous ones with the domain above, and the line of domains or 0.

    A domain holds for the empty cells right of it, as with merged cells.
    """
    domain = ""
    named = []
    for cell, upper in zip_longest(cells, above.cells[: len(cells)], fillvalue=""):
        domain = upper if upper.strip() else domain
        named.append(names.in_domain(domain, cell) if names.is_domain(domain) else cell)
    return tuple(named), above.line if tuple(named) != cells else 0


def _list(lines: Sequence[str]) -> str:
    return ", ".join(lines) if len(lines) <= 6 else f"{lines[0]} to {lines[-1]}"  # noqa: PLR2004
