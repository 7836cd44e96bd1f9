"""Columns without a heading: a second header row, or ratings without a competence."""

from __future__ import annotations

import re
from itertools import zip_longest
from typing import TYPE_CHECKING, NamedTuple

from pmo_path.domain.codes import Code
from pmo_path.domain.columns import PERSON_HEADINGS
from pmo_path.domain.names import fold_accents
from pmo_path.domain.numbers import parse_number
from pmo_path.readers.files import problem
from pmo_path.readers.table.rating_column import unlikeliness
from pmo_path.readers.table.sheet import CARRY, Column, Kind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pmo_path.domain.diagnostics import Diagnostic
    from pmo_path.readers.table.csv_records import Record
    from pmo_path.readers.table.first_rows import Cells

_MOST_SHOWN = 6
_EXAMPLES = 2
_WRITTEN_BY_PROGRAMS = re.compile(
    r"""
    unnamed(:?\ ?[0-9]+(_level_[0-9]+)?)? | untitled\ ?[0-9]*   # pandas
    | [vx]([._]*[0-9]+)? | [cf][0-9]+ | _c[0-9]+                  # R, Access, Spark
    | (__)?empty(_[0-9]+)? | blank\ ?[0-9]* | null | nan         # SheetJS, databases
    | (columns?|col|field|spalte|feld|colonne|columna|colonna|coluna|kolom|kolumn|kolonne|kolumna)
      [\ _.]?[0-9]+                                              # tables of spreadsheet programs
    | \(?no\ (column\ )?(name|heading|header)\)?
    | \#(ref|name|value|null|num|div/0|n/a|bezug|wert)[!?]?      # formulas that failed
    """,
    re.VERBOSE | re.IGNORECASE,
)
"""Texts that exports write for an empty heading."""
_NUMBERED_AGAIN = re.compile(r"([._][0-9]+| ?\([0-9]+\))$")


class SecondRow(NamedTuple):
    """A second header row below the first."""

    row: Record
    groups: Mapping[int, Sequence[int]]
    """For each column of a competence: the columns that belong to it, with itself."""
    is_of_levels: bool
    """Whether its words are levels of the scale, a column for each."""

    def problem(
        self, headings: Sequence[str], columns: Sequence[Column], name: str, line: int
    ) -> Diagnostic:
        """The problem, and how to read such a sheet."""
        below = self.row.line
        indices = [index for group in self.groups.values() for index in group]
        texts = dict.fromkeys(f"'{word}'" for index in indices if (word := self._word(index)))
        unnamed = [str(index + 1) for index in indices if names_nothing(headings[index])]
        message = f"line {below}, below the headings, holds headings too: {_some(list(texts))}"
        if unnamed:
            message += f"; {_columns(unnamed)} no heading in line {line}"
        if self.is_of_levels:
            hint = (
                "export the answers with one column for each question, and the chosen answer in it"
            )
        else:
            hint = (
                f"read line {below} with --heading-line {below}, and say with --map which of its "
                f"columns rate which competence, such as {self._example(headings, columns)}"
            )
        return problem(Code.MISSING_HEADER, name, message, hint, line)

    def _word(self, index: int) -> str:
        cells = self.row.cells
        return " ".join(cells[index].split()) if index < len(cells) else ""

    def _example(self, headings: Sequence[str], columns: Sequence[Column]) -> str:
        """Example lines of a mapping, with the headings that this row gives."""
        completed = [
            " ".join((own if own.strip() else above).split())
            for own, above in zip_longest(self.row.cells, headings, fillvalue="")
        ]
        called = unique(completed)
        lines = []
        for first, group in self.groups.items():
            rating = min(group, key=lambda index: unlikeliness(self._word(index)))
            lines.append(f"'{as_key(called[rating])}: {columns[first].competence}'")
        return " and ".join(lines[:_EXAMPLES])


def names_nothing(heading: str) -> bool:
    """Whether a heading is empty, has no letters, or is a program's placeholder for an empty one."""
    if not any(map(str.isalpha, heading)):
        return True
    unnumbered = _NUMBERED_AGAIN.sub("", heading)
    return any(_WRITTEN_BY_PROGRAMS.fullmatch(text) is not None for text in (heading, unnumbered))


def second_row(
    headings: Sequence[str], columns: Sequence[Column], unnamed: Sequence[int], cells: Cells
) -> SecondRow | None:
    """The row below the header if it is a second header row; None if it is a row of ratings."""
    if not cells.rows:
        return None
    row = cells.rows[0]
    groups = {
        first: group
        for first, group in _groups(headings, columns, unnamed).items()
        if len(group) > 1 and any(_cell(row, index) for index in group[1:])
    }
    indices = [index for group in groups.values() for index in group]
    rated = [index for index, column in enumerate(columns) if column.kind is Kind.RATING]
    texts = [cell for index in {*indices, *rated} if (cell := _cell(row, index))]
    person = next(
        (index for index, column in enumerate(columns) if column.kind is Kind.PERSON), None
    )
    who = "" if person is None else _cell(row, person)
    is_row_of_somebody = bool(who) and fold_accents(who) not in {
        *PERSON_HEADINGS,
        fold_accents(headings[person or 0]),
    }
    if (
        not groups
        or is_row_of_somebody
        or any(parse_number(word) is not None and cells.is_level(word) for word in texts)
    ):
        return None
    is_of_levels = all(map(cells.is_level, texts))
    has_ratings = any(map(cells.is_level, texts)) and not is_of_levels
    if has_ratings or (person is None and is_of_levels):
        return None  # it may rate somebody without a name
    return SecondRow(row, groups, is_of_levels)


def unnamed_ratings(
    columns: Sequence[Column], indices: Sequence[int], name: str, line: int
) -> Diagnostic:
    """The problem of columns with ratings and an empty heading."""
    first = columns[indices[0]].heading
    return problem(
        Code.MISSING_HEADER,
        name,
        f"{_columns([_numbered(columns, index) for index in indices])} no heading, and "
        "the cells are levels of the scale or n/a",
        f"name the competence in the heading; or, if it is something else, pass --map with "
        f"'{as_key(first)}: {CARRY}'",
        line,
    )


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


def _groups(
    headings: Sequence[str], columns: Sequence[Column], unnamed: Sequence[int]
) -> dict[int, list[int]]:
    """For each rating column, itself and those to its right without a heading of their own.

    Programs also repeat a merged heading in each of its columns.
    """
    groups: dict[int, list[int]] = {}
    first = None
    for index, column in enumerate(columns):
        repeats = first is not None and headings[index] == headings[first]
        if first is not None and (repeats or index in unnamed):
            groups[first].append(index)
        elif column.kind is Kind.RATING and column.competence:
            first = index
            groups[first] = [index]
        else:
            first = None
    return groups


def _cell(row: Record, index: int) -> str:
    return row.cells[index].strip() if index < len(row.cells) else ""


def _numbered(columns: Sequence[Column], index: int) -> str:
    """The number of a column, and the placeholder for its heading."""
    number, heading = str(index + 1), columns[index].heading
    return number if heading == f"column {number}" else f"{number} ('{heading[:60]}')"


def as_key(heading: str) -> str:
    """A heading as a key of a mapping file, in quotes if YAML requires them."""
    is_plain = heading[:1].isalpha() and ": " not in heading and " #" not in heading
    return heading if is_plain else f'"{heading}"'


def _some(texts: Sequence[str]) -> str:
    shown = ", ".join(texts[:_MOST_SHOWN])
    return shown if len(texts) <= _MOST_SHOWN else f"{shown} …"


def _columns(numbers: Sequence[str]) -> str:
    if len(numbers) == 1:
        return f"column {numbers[0]} has"
    if len(numbers) > _MOST_SHOWN:
        more = len(numbers) - _MOST_SHOWN
        return f"columns {', '.join(numbers[:_MOST_SHOWN])} and {more} more have"
    return f"columns {', '.join(numbers[:-1])} and {numbers[-1]} have"
