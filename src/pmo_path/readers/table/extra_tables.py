"""Detect a second table beside the first, and ratings beside an empty column."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from pmo_path.domain.codes import Code
from pmo_path.domain.columns import PERSON_HEADINGS
from pmo_path.domain.names import fold_accents
from pmo_path.readers.files import problem
from pmo_path.readers.table.rating_column import about_word
from pmo_path.readers.table.sheet import CARRY, Kind
from pmo_path.readers.table.unnamed_columns import as_key, names_nothing

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from pmo_path.domain.diagnostics import Diagnostic
    from pmo_path.readers.table.first_rows import Cells
    from pmo_path.readers.table.sheet import Column

_NUMBERED = re.compile(r"([._ ]?[0-9]+| ?\([0-9]+\))$")
"""What programs put behind a heading that they have had before."""


def second_table(
    columns: Sequence[Column], mapped: Collection[int], cells: Cells, name: str, line: int
) -> Diagnostic | None:
    """The problem of a second table with other people to the right; None if there is no such table."""
    person = next(
        (index for index, column in enumerate(columns) if column.kind is Kind.PERSON), None
    )
    if person is None:
        return None
    for index, column in enumerate(columns):
        if column.kind is not Kind.CARRIED or index in mapped:
            continue
        first, second = sorted((person, index))
        if (
            _is_rated(columns[first:second])
            and _is_rated(columns[second:])
            and _are_both_people(columns, first, second, cells)
            and _differ(cells, first, second)
        ):
            headings = f"'{columns[first].heading}' and '{columns[second].heading}'"
            return problem(
                Code.DUPLICATE_COLUMN,
                name,
                f"columns {first + 1} and {second + 1}, {headings}, name different people in the "
                "same row, and competences follow both",
                "move the second table to a sheet of its own; or, if it is about the same people, "
                f"pass --map with '{as_key(column.heading)}: {CARRY}'",
                line,
            )
    return None


def beside_empty(
    columns: Sequence[Column], mapped: Collection[int], cells: Cells, name: str, line: int
) -> Diagnostic | None:
    """The problem of levels under a repeated heading beside an empty rating column; None if not so."""
    again = Counter(map(_without_number, columns))
    competence = None
    for index, column in enumerate(columns):
        if column.kind is Kind.RATING:
            is_empty = bool(column.competence) and not any(cells.column(index))
            competence = column if is_empty else None
        elif (
            competence is not None
            and column.kind is Kind.CARRIED
            and index not in mapped
            and again[_without_number(column)] > 1
            and not about_word(column.heading)
            and cells.are_levels(index)
        ):
            return problem(
                Code.MISSING_HEADER,
                name,
                f"no cell is filled under '{competence.heading}'; the levels beside it are under "
                f"'{column.heading}', which names no competence",
                "name the competence in the heading of its ratings, and take the empty column "
                f"out; or, if they are something else, pass --map with "
                f"'{as_key(column.heading)}: {CARRY}'",
                line,
            )
    return None


def _is_rated(columns: Sequence[Column]) -> bool:
    return any(column.kind is Kind.RATING and column.competence for column in columns)


def _are_both_people(columns: Sequence[Column], first: int, second: int, cells: Cells) -> bool:
    """Whether both columns name people: same heading, or an empty column in between."""
    heading, other_heading = _without_number(columns[first]), _without_number(columns[second])
    if heading not in PERSON_HEADINGS and heading != other_heading:
        return False
    before = columns[second - 1]
    is_apart = names_nothing(_original(before, second)) and not any(cells.column(second - 1))
    return heading == other_heading or (is_apart and other_heading in PERSON_HEADINGS)


def _original(column: Column, number: int) -> str:
    return "" if column.heading == f"column {number}" else column.heading


def _differ(cells: Cells, first: int, second: int) -> bool:
    """Whether the second column names other people than the first."""
    named = cells.column(second)
    return any(named) and any(
        person.casefold() != other.casefold()
        for person, other in zip(cells.column(first), named, strict=True)
        if other
    )


def _without_number(column: Column) -> str:
    return fold_accents(_NUMBERED.sub("", column.heading))
