"""Explain why a table has no ratings, and what to do."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from pmo_path.domain.codes import Code
from pmo_path.domain.columns import COMPETENCE_HEADINGS
from pmo_path.domain.names import fold_accents
from pmo_path.domain.numbers import parse_number
from pmo_path.readers.table.header_row import line_of_names
from pmo_path.readers.table.rating_column import holding_levels, unlikeliness
from pmo_path.readers.table.sheet import Kind, of_kind

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from pmo_path.domain.diagnostics import Diagnostic
    from pmo_path.readers.table.competence_names import Names
    from pmo_path.readers.table.first_rows import Header
    from pmo_path.readers.table.sheet import Column

_MOST_SHOWN = 6


def which_rating(header: Header, candidates: Sequence[int]) -> Diagnostic:
    """The problem of a long table in which more than one column may hold the ratings."""
    likeliest = _likeliest(header, candidates)
    message = f"more than one column may hold the ratings: {_quoted(header, candidates)}"
    hint = (
        f"name the one that counts with --map, such as '{likeliest}: {Kind.RATING}'; "
        "the others are then carried"
    )
    if len(candidates) == 1:
        message = f"no column is called 'rating'; '{likeliest}' holds levels of the scale"
        hint = f"if it holds the ratings, pass --map with '{likeliest}: {Kind.RATING}'"
    return header.problem(Code.AMBIGUOUS_RATING_COLUMN, message, hint)


def no_levels(
    header: Header, columns: Sequence[Column], weak: Collection[int]
) -> Diagnostic | None:
    """The problem of rating columns without a level; None if a cell is or may be a rating.

    The headings of columns in `weak` only contain the name of a competence.
    """
    cells, rated = header.cells, of_kind(columns, Kind.RATING)
    if not cells.rows or any(cells.ratings_share(index) for index in rated):
        return None
    filled = [cell for index in rated for cell in cells.filled(index)]
    is_of_people = bool(of_kind(columns, Kind.PERSON)) and not set(rated) <= set(weak)
    has_numbers = any(parse_number(cell) is not None for cell in filled)
    # An empty form is fine, and numbers off the scale are rejected row by row.
    if is_of_people and (not filled or has_numbers):
        return None
    if not filled and not cells.is_whole:
        return None
    return header.problem(
        Code.NO_RATING_COLUMN,
        f"no cell is a level of the scale under {_quoted(header, rated)}",
        "check the line of the headings (--heading-line) and the separator (--delimiter), "
        "and that the sheet belongs to this framework",
    )


class ColumnAdvice:
    """Finds the reason in the first rows of a table."""

    def __init__(self, header: Header, columns: Sequence[Column], names: Names) -> None:
        self._header, self._columns, self._names = header, columns, names

    def no_ratings(
        self,
        about: Mapping[int, tuple[str, str]],
        unlike: Sequence[int],
    ) -> Diagnostic:
        """Why no column rates anything. `about` and `unlike` are columns that name a competence."""
        return (
            self.people_across()
            or self._no_rating_column()
            or self._only_about(about)
            or self._not_levels(unlike)
            or self._no_competence()
        )

    def people_across(self) -> Diagnostic | None:
        """The problem of a transposed table, with a column for each person; None for others."""
        index = self._competences
        if index is None or not self._values or not self._is_each_row_another(index):
            return None
        return self._header.problem(
            Code.TRANSPOSED_SHEET,
            f"the people are across the top ({_quoted(self._header, self._values)}), and the "
            f"competences down column '{self._header.headings[index]}'",
            "transpose the table, so that each person has a row and each competence a column: "
            "copy it and paste it with 'Transpose' in a spreadsheet program",
        )

    # --- What the cells show --------------------------------------------------------------------

    @cached_property
    def _competences(self) -> int | None:
        """The column whose cells are names of competences."""
        if not self._header.cells.rows:
            return None
        named = [self._named_in(index) for index in range(len(self._columns))]
        index = max(range(len(named)), key=lambda column: len(set(named[column])))
        return index if 2 * len(named[index]) > len(self._header.cells.filled(index)) else None

    def _named_in(self, index: int) -> list[str]:
        named = map(self._names.named, self._header.cells.filled(index))
        return [competence for competence in named if competence is not None]

    @cached_property
    def _values(self) -> list[int]:
        """The carried columns that hold levels, without the one of the competences."""
        carried = of_kind(self._columns, Kind.CARRIED)
        free = {
            index: self._header.headings[index] for index in carried if index != self._competences
        }
        return holding_levels(free, self._header.cells)

    def _is_each_row_another(self, of_competences: int) -> bool:
        """Whether each row has a different competence, and no column names its person."""
        named = self._named_in(of_competences)
        if len(set(named)) < len(named):
            return False
        others = set(of_kind(self._columns, Kind.PERSON)) - {of_competences}
        if not others:
            return True
        people = self._header.cells.filled(min(others))
        return len(named) > 1 and len(set(people)) == len(people)

    # --- Reasons --------------------------------------------------------------------------------

    def _no_rating_column(self) -> Diagnostic | None:
        if self._competences is None:
            return None
        heading = self._header.headings[self._competences]
        if not self._values:
            return self._header.problem(
                Code.NO_RATING_COLUMN,
                f"column '{heading}' lists competences, and no column holds ratings of them",
                "add a column 'rating' for a row for each rating, or a column for each competence",
            )
        is_known = fold_accents(self._names.mapped(heading) or heading) in COMPETENCE_HEADINGS
        competence = "" if is_known else f"'{heading}: {Kind.COMPETENCE}' and "
        plural = "column holds" if len(self._values) == 1 else "columns hold"
        return self._header.problem(
            Code.AMBIGUOUS_RATING_COLUMN,
            f"column '{heading}' lists competences, but no column is called 'rating'; the "
            f"{plural} levels: {_quoted(self._header, self._values)}",
            f"name the column of the ratings with --map, such as {competence}"
            f"'{_likeliest(self._header, self._values)}: {Kind.RATING}'",
        )

    def _only_about(self, about: Mapping[int, tuple[str, str]]) -> Diagnostic | None:
        for index, (competence, word) in about.items():
            if self._columns[index].kind is Kind.CARRIED:
                heading = self._header.headings[index]
                return self._header.problem(
                    Code.NO_RATING_COLUMN,
                    f"no column rates a competence; '{heading}' is not read as a rating because "
                    f"of the word '{word}'",
                    f"if it is a rating, pass --map with '{heading}: {competence}'",
                )
        return None

    def _not_levels(self, unlike: Sequence[int]) -> Diagnostic | None:
        if not unlike:
            return None
        return self._header.problem(
            Code.NO_RATING_COLUMN,
            "no column rates a competence; the cells are not levels of the scale under "
            f"{_quoted(self._header, unlike)}",
            "write the ratings as levels of the scale; --heading-line and --delimiter help if the "
            "sheet is read wrongly",
        )

    def _no_competence(self) -> Diagnostic:
        shown = ", ".join(f"'{heading[:60]}'" for heading in self._header.headings[:12])
        hint = (
            f"name the columns as the framework does ({self._names.examples()} …), or pass --map; "
            "--heading-line and --delimiter help where the sheet is read wrongly"
        )
        cells = self._header.cells
        further = line_of_names(cells.rows, self._names, cells.is_level)
        if further and self._header.line:
            hint = f"line {further} looks like headings: pass --heading-line {further}"
        return self._header.problem(
            Code.NO_RATING_COLUMN, f"no column is a competence; the headings are {shown}", hint
        )


def _likeliest(header: Header, indices: Sequence[int]) -> str:
    return min((header.headings[index] for index in indices), key=unlikeliness)


def _quoted(header: Header, indices: Sequence[int]) -> str:
    shown = ", ".join(f"'{header.headings[index][:60]}'" for index in indices[:_MOST_SHOWN])
    return shown if len(indices) <= _MOST_SHOWN else f"{shown} …"
