"""Detect ratings whose headings do not say what they rate, and a second table or header row."""

from __future__ import annotations

import re
from collections import Counter
from itertools import zip_longest
from typing import TYPE_CHECKING

from pmo_path.domain.codes import Code
from pmo_path.domain.columns import PERSON_HEADINGS
from pmo_path.domain.names import fold_accents
from pmo_path.domain.numbers import parse_number
from pmo_path.readers.files import problem
from pmo_path.readers.table.competence_names import about_word
from pmo_path.readers.table.header_row import unique
from pmo_path.readers.table.rating_column import unlikeliness
from pmo_path.readers.table.sheet import CARRY, Column, Kind, of_kind

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from pmo_path.domain.diagnostics import Diagnostic
    from pmo_path.readers.table.csv_records import Record
    from pmo_path.readers.table.header_row import Cells, Header

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
_NUMBERED = re.compile(r"([._ ]?[0-9]+| ?\([0-9]+\))$")
"""What programs put behind a heading that they have had before."""


# --- Headings that name nothing -------------------------------------------------------------------


def names_nothing(heading: str) -> bool:
    """Whether a heading is empty, has no letters, or is a program's placeholder for an empty one."""
    if not any(map(str.isalpha, heading)):
        return True
    unnumbered = _NUMBERED_AGAIN.sub("", heading)
    return any(_WRITTEN_BY_PROGRAMS.fullmatch(text) is not None for text in (heading, unnumbered))


def unnamed_ratings(
    columns: Sequence[Column], indices: Sequence[int], name: str, line: int
) -> Diagnostic:
    """The problem of columns with ratings and an empty heading."""
    return problem(
        Code.MISSING_HEADER,
        name,
        f"{_have([_numbered(columns, index) for index in indices])} no heading, and "
        "the cells are levels of the scale or n/a",
        "name the competence in the heading; or, if it is something else, "
        f"{_carry(columns[indices[0]])}",
        line,
    )


def _numbered(columns: Sequence[Column], index: int) -> str:
    """The number of a column, and the placeholder for its heading."""
    number, heading = str(index + 1), columns[index].heading
    return number if heading == f"column {number}" else f"{number} ('{heading[:60]}')"


def _have(numbers: Sequence[str]) -> str:
    if len(numbers) == 1:
        return f"column {numbers[0]} has"
    if len(numbers) > _MOST_SHOWN:
        more = len(numbers) - _MOST_SHOWN
        return f"columns {', '.join(numbers[:_MOST_SHOWN])} and {more} more have"
    return f"columns {', '.join(numbers[:-1])} and {numbers[-1]} have"


def _carry(column: Column) -> str:
    return f"pass --map with '{_as_key(column.heading)}: {CARRY}'"


def _as_key(heading: str) -> str:
    """A heading as a key of a mapping file, in quotes if YAML requires them."""
    is_plain = heading[:1].isalpha() and ": " not in heading and " #" not in heading
    return heading if is_plain else f'"{heading}"'


# --- A second header row --------------------------------------------------------------------------


def second_row(
    header: Header, columns: Sequence[Column], unnamed: Collection[int]
) -> Diagnostic | None:
    """The problem of a second header row below the first; None for a row of ratings."""
    cells = header.cells
    if not cells.rows:
        return None
    row = cells.rows[0]
    groups = {
        first: group
        for first, group in _groups(header.texts, columns, unnamed).items()
        if any(_cell(row, index) for index in group[1:])
    }
    if not groups or _is_of_somebody(row, header, columns):
        return None
    indices = {index for group in groups.values() for index in group}
    texts = [
        text
        for index in indices.union(of_kind(columns, Kind.RATING))
        if (text := _cell(row, index))
    ]
    if any(parse_number(text) is not None and cells.is_level(text) for text in texts):
        return None
    are_levels = set(map(cells.is_level, texts))
    has_person = bool(of_kind(columns, Kind.PERSON))
    if True in are_levels and (False in are_levels or not has_person):
        return None  # it may rate somebody without a name
    return _second_row(header, columns, row, groups, is_of_levels=True in are_levels)


def _groups(
    headings: Sequence[str], columns: Sequence[Column], unnamed: Collection[int]
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


def _is_of_somebody(row: Record, header: Header, columns: Sequence[Column]) -> bool:
    """Whether a row names a person."""
    person = next(iter(of_kind(columns, Kind.PERSON)), None)
    who = "" if person is None else _cell(row, person)
    headings = {*PERSON_HEADINGS, fold_accents(header.texts[person or 0])}
    return bool(who) and fold_accents(who) not in headings


def _second_row(
    header: Header,
    columns: Sequence[Column],
    row: Record,
    groups: Mapping[int, Sequence[int]],
    *,
    is_of_levels: bool,
) -> Diagnostic:
    below = row.line
    indices = [index for group in groups.values() for index in group]
    texts = list(dict.fromkeys(f"'{text}'" for index in indices if (text := _cell(row, index))))
    more = " …" if len(texts) > _MOST_SHOWN else ""
    message = (
        f"line {below}, below the headings, holds headings too: "
        f"{', '.join(texts[:_MOST_SHOWN])}{more}"
    )
    unnamed = [str(index + 1) for index in indices if names_nothing(header.texts[index])]
    if unnamed:
        message += f"; {_have(unnamed)} no heading in line {header.line}"
    hint = "export the answers with one column for each question, and the chosen answer in it"
    if not is_of_levels:
        hint = (
            f"read line {below} with --heading-line {below}, and say with --map which of its "
            f"columns rate which competence, such as {_example(header, columns, row, groups)}"
        )
    return header.problem(Code.MISSING_HEADER, message, hint)


def _example(
    header: Header, columns: Sequence[Column], row: Record, groups: Mapping[int, Iterable[int]]
) -> str:
    """Example lines of a mapping, with the headings that a second header row gives."""
    both = zip_longest(map(_joined, row.cells), header.texts, fillvalue="")
    called = unique([own or above for own, above in both])
    lines = []
    for first, group in groups.items():
        rating = min(group, key=lambda index: unlikeliness(_cell(row, index)))
        lines.append(f"'{_as_key(called[rating])}: {columns[first].competence}'")
    return " and ".join(lines[:_EXAMPLES])


def _cell(row: Record, index: int) -> str:
    return _joined(row.cell(index))


def _joined(text: str) -> str:
    return " ".join(text.split())


# --- Columns beside the ratings -------------------------------------------------------------------


def second_table(
    header: Header, columns: Sequence[Column], mapped: Collection[int]
) -> Diagnostic | None:
    """The problem of a second table to the right, with other people; None if there is no such table."""
    person = next(iter(of_kind(columns, Kind.PERSON)), None)
    if person is None:
        return None
    for index in of_kind(columns, Kind.CARRIED):
        first, second = sorted((person, index))
        if (
            index not in mapped
            and _is_rated(columns[first:second])
            and _is_rated(columns[second:])
            and _are_both_people(columns, first, second, header.cells)
            and _differ(header.cells, first, second)
        ):
            headings = f"'{columns[first].heading}' and '{columns[second].heading}'"
            return header.problem(
                Code.DUPLICATE_COLUMN,
                f"columns {first + 1} and {second + 1}, {headings}, name different people in the "
                "same row, and competences follow both",
                "move the second table to a sheet of its own; or, if it is about the same people, "
                f"{_carry(columns[index])}",
            )
    return None


def beside_empty(
    header: Header, columns: Sequence[Column], mapped: Collection[int]
) -> Diagnostic | None:
    """The problem of levels under a repeated heading beside an empty rating column; None if not so."""
    again = Counter(map(_without_number, columns))
    competence = None
    for index, column in enumerate(columns):
        if column.kind is Kind.RATING:
            is_empty = bool(column.competence) and not any(header.cells.column(index))
            competence = column if is_empty else None
        elif (
            competence is not None
            and column.kind is Kind.CARRIED
            and index not in mapped
            and again[_without_number(column)] > 1
            and not about_word(column.heading)
            and header.cells.are_levels(index)
        ):
            return header.problem(
                Code.MISSING_HEADER,
                f"no cell is filled under '{competence.heading}'; the levels beside it are under "
                f"'{column.heading}', which names no competence",
                "name the competence in the heading of its ratings, and take the empty column "
                f"out; or, if they are something else, {_carry(column)}",
            )
    return None


def _is_rated(columns: Iterable[Column]) -> bool:
    return any(column.kind is Kind.RATING and column.competence for column in columns)


def _are_both_people(columns: Sequence[Column], first: int, second: int, cells: Cells) -> bool:
    """Whether both columns name people: same heading, or an empty column in between."""
    heading, other_heading = _without_number(columns[first]), _without_number(columns[second])
    if heading == other_heading:
        return True
    is_apart = names_nothing(columns[second - 1].heading) and not any(cells.column(second - 1))
    return is_apart and {heading, other_heading} <= set(PERSON_HEADINGS)


def _differ(cells: Cells, first: int, second: int) -> bool:
    """Whether the second column names other people than the first."""
    return any(
        other and person.casefold() != other.casefold()
        for person, other in zip(cells.column(first), cells.column(second), strict=True)
    )


def _without_number(column: Column) -> str:
    return fold_accents(_NUMBERED.sub("", column.heading))
