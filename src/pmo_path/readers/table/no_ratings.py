"""Explain why a table has no ratings, and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pmo_path.domain.codes import Code
from pmo_path.domain.columns import COMPETENCE_HEADINGS
from pmo_path.domain.names import fold_accents
from pmo_path.domain.numbers import parse_number
from pmo_path.readers.files import problem
from pmo_path.readers.table.rating_column import holding_levels, unlikeliness
from pmo_path.readers.table.sheet import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from pmo_path.domain.diagnostics import Diagnostic
    from pmo_path.domain.framework import Framework
    from pmo_path.readers.table.competence_names import Names
    from pmo_path.readers.table.first_rows import Cells
    from pmo_path.readers.table.sheet import Column

_MOST_SHOWN = 6


class Header(NamedTuple):
    """The header row, and the first rows below it."""

    headings: Sequence[str]
    name: str
    """What messages call the sheet."""
    line: int
    cells: Cells | None
    """The first rows; None where they are not known."""
    further_line: Callable[[], int | None]
    """Looks for a line below that is like headings."""


class ColumnAdvice:
    """Finds the reason in the first rows of a table."""

    def __init__(self, header: Header, names: Names) -> None:
        self._headings, self._names = header.headings, names
        self._name, self._line = header.name, header.line
        self._cells, self._further_line = header.cells, header.further_line

    def no_ratings(
        self,
        columns: Sequence[Column],
        framework: Framework,
        about: Mapping[int, tuple[str, str]],
        unlike: Sequence[int],
    ) -> Diagnostic:
        """Why no column rates anything. `about` and `unlike` are columns that name a competence."""
        return (
            self.people_across(columns)
            or self._no_rating_column(columns)
            or self._only_about(about, columns)
            or self._not_levels(unlike)
            or self._no_competence(framework)
        )

    def people_across(self, columns: Sequence[Column]) -> Diagnostic | None:
        """The problem of a transposed table, with a column for each person; None for others."""
        index = self._competence_column()
        if index is None:
            return None
        values = self._values(columns, index)
        if not values or not self._is_each_row_another(columns, index):
            return None
        people = self._quoted(values)
        return self._problem(
            Code.TRANSPOSED_SHEET,
            f"the people are across the top ({people}), and the competences down column "
            f"'{self._headings[index]}'",
            "transpose the table, so that each person has a row and each competence a column: "
            "copy it and paste it with 'Transpose' in a spreadsheet program",
        )

    def which_rating(self, candidates: Sequence[int]) -> Diagnostic:
        """The problem of a long table in which more than one column may hold the ratings."""
        likeliest = self._likeliest(candidates)
        message = f"more than one column may hold the ratings: {self._quoted(candidates)}"
        hint = (
            f"name the one that counts with --map, such as '{likeliest}: {Kind.RATING}'; "
            "the others are then carried"
        )
        if len(candidates) == 1:
            message = f"no column is called 'rating'; '{likeliest}' holds levels of the scale"
            hint = f"if it holds the ratings, pass --map with '{likeliest}: {Kind.RATING}'"
        return self._problem(Code.AMBIGUOUS_RATING_COLUMN, message, hint)

    def no_levels(
        self, columns: Sequence[Column], rated: Sequence[int], weak: Collection[int]
    ) -> Diagnostic | None:
        """The problem of rating columns without a level; None if a cell is or may be a rating.

        The headings of columns in `weak` only contain the name of a competence.
        """
        cells = self._cells
        if cells is None or not cells.rows:
            return None
        is_filled = any(cells.filled(index) for index in rated)
        if any(cells.ratings_share(index) for index in rated):
            return None
        has_person = any(column.kind is Kind.PERSON for column in columns)
        is_of_people = has_person and not set(rated) <= set(weak)
        has_numbers = any(
            parse_number(cell) is not None for index in rated for cell in cells.filled(index)
        )
        # An empty form is fine, and numbers off the scale are rejected row by row.
        if is_of_people and (not is_filled or has_numbers):
            return None
        if not is_filled and not cells.is_whole:
            return None
        return self._problem(
            Code.NO_RATING_COLUMN,
            f"no cell is a level of the scale under {self._quoted(rated)}",
            "check the line of the headings (--heading-line) and the separator (--delimiter), "
            "and that the sheet belongs to this framework",
        )

    # --- What the cells show --------------------------------------------------------------------

    def _competence_column(self) -> int | None:
        """The column whose cells are names of competences."""
        cells = self._cells
        if cells is None or not cells.rows:
            return None
        named = {index: self._named_in(index) for index in range(len(self._headings))}
        index = max(named, key=lambda column: len(set(named[column])))
        return index if 2 * len(named[index]) > len(cells.filled(index)) else None

    def _named_in(self, index: int) -> list[str]:
        cells = self._cells.filled(index) if self._cells is not None else []
        return [competence for cell in cells if (competence := self._names.find(cell)) is not None]

    def _values(self, columns: Sequence[Column], of_competences: int) -> list[int]:
        """The carried columns that hold levels, without the one of the competences."""
        if self._cells is None:
            return []
        free = {
            index: self._headings[index]
            for index, column in enumerate(columns)
            if index != of_competences and column.kind is Kind.CARRIED
        }
        return list(holding_levels(free, self._cells))

    def _is_each_row_another(self, columns: Sequence[Column], of_competences: int) -> bool:
        """Whether each row has a different competence, and no column names its person."""
        named = self._named_in(of_competences)
        if len(set(named)) < len(named) or self._cells is None:
            return False
        person = next(
            (
                index
                for index, column in enumerate(columns)
                if column.kind is Kind.PERSON and index != of_competences
            ),
            None,
        )
        if person is None:
            return True
        people = self._cells.filled(person)
        return len(named) > 1 and len(set(people)) == len(people)

    # --- Reasons --------------------------------------------------------------------------------

    def _no_rating_column(self, columns: Sequence[Column]) -> Diagnostic | None:
        index = self._competence_column()
        if index is None:
            return None
        heading = self._headings[index]
        is_known = fold_accents(self._names.mapped(heading) or heading) in COMPETENCE_HEADINGS
        competence = "" if is_known else f"'{heading}: {Kind.COMPETENCE}' and "
        values = self._values(columns, index)
        if not values:
            return self._problem(
                Code.NO_RATING_COLUMN,
                f"column '{heading}' lists competences, and no column holds ratings of them",
                "add a column 'rating' for a row for each rating, or a column for each competence",
            )
        plural = "column holds" if len(values) == 1 else "columns hold"
        return self._problem(
            Code.AMBIGUOUS_RATING_COLUMN,
            f"column '{heading}' lists competences, but no column is called 'rating'; the "
            f"{plural} levels: {self._quoted(values)}",
            f"name the column of the ratings with --map, such as {competence}"
            f"'{self._likeliest(values)}: {Kind.RATING}'",
        )

    def _only_about(
        self, about: Mapping[int, tuple[str, str]], columns: Sequence[Column]
    ) -> Diagnostic | None:
        index = next(
            (candidate for candidate in about if columns[candidate].kind is Kind.CARRIED), None
        )
        if index is None:
            return None
        competence, word = about[index]
        return self._problem(
            Code.NO_RATING_COLUMN,
            f"no column rates a competence; '{self._headings[index]}' is not read as a rating "
            f"because of the word '{word}'",
            f"if it is a rating, pass --map with '{self._headings[index]}: {competence}'",
        )

    def _not_levels(self, unlike: Sequence[int]) -> Diagnostic | None:
        if not unlike:
            return None
        return self._problem(
            Code.NO_RATING_COLUMN,
            f"no column rates a competence; the cells are not levels of the scale under "
            f"{self._quoted(unlike)}",
            "write the ratings as levels of the scale; --heading-line and --delimiter help if the "
            "sheet is read wrongly",
        )

    def _no_competence(self, framework: Framework) -> Diagnostic:
        shown = ", ".join(f"'{heading[:60]}'" for heading in self._headings[:12])
        examples = ", ".join(
            f"'{competence.name}'" for competence in list(framework.competences.values())[:3]
        )
        hint = (
            f"name the columns as the framework does ({examples} …), or pass --map; "
            "--heading-line and --delimiter help where the sheet is read wrongly"
        )
        further_line = self._further_line()
        if further_line is not None:
            hint = f"line {further_line} looks like headings: pass --heading-line {further_line}"
        return self._problem(
            Code.NO_RATING_COLUMN, f"no column is a competence; the headings are {shown}", hint
        )

    def _problem(self, code: Code, message: str, hint: str) -> Diagnostic:
        return problem(code, self._name, message, hint, self._line)

    def _likeliest(self, indices: Sequence[int]) -> str:
        return min((self._headings[index] for index in indices), key=unlikeliness)

    def _quoted(self, indices: Sequence[int]) -> str:
        shown = ", ".join(f"'{self._headings[index][:60]}'" for index in indices[:_MOST_SHOWN])
        return shown if len(indices) <= _MOST_SHOWN else f"{shown} …"
