"""Find the column that holds the ratings of a long table, or explain why a table has no ratings."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from pmo_path.domain.codes import Code
from pmo_path.domain.columns import COMPETENCE_HEADINGS, RATING_HEADINGS, ROUND_HEADINGS
from pmo_path.domain.names import fold_accents
from pmo_path.domain.numbers import parse_number
from pmo_path.readers.table.competence_names import about_word
from pmo_path.readers.table.header_row import line_of_names
from pmo_path.readers.table.sheet import Kind, of_kind

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from pmo_path.domain.diagnostics import Diagnostic
    from pmo_path.readers.table.competence_names import Names
    from pmo_path.readers.table.header_row import Cells, Header
    from pmo_path.readers.table.sheet import Column

_WORD = re.compile(r"\w+")
_RATING_WORDS = frozenset(
    {
        "assessed", "assessment", "evaluation", "grade", "level", "levels", "mark", "proficiency",
        "rated", "rating", "ratings", "score", "scores",
        "bewertung", "einschatzung", "niveau", "stufe",
    }
)  # fmt: skip
"""Words that say that a column may hold ratings."""
_RATERS_AND_TIMES = frozenset(
    {
        "actual", "agreed", "boss", "calibrated", "current", "final", "leader", "manager", "now",
        "own", "peer", "peers", "present", "self", "supervisor", "today",
        "aktuell", "fuhrungskraft", "heute", "ist", "selbst",
    }
)  # fmt: skip
"""Words that distinguish ratings of one competence; such a column may hold ratings if it has levels."""
_PARTS_OF_RATING_WORDS = (
    "assess", "bewertung", "einschatzung", "evaluaci", "evaluati", "rating", "score",
)  # fmt: skip
"""Parts of longer words of that kind, such as `Selbsteinschätzung`."""
_OF_OTHERS = frozenset(
    {
        "change", "delta", "diff", "difference", "order", "position", "rank", "squad", "team",
        "tier", "version",
        "differenz", "rang", "reihenfolge",
    }
)  # fmt: skip
"""Words of columns with small numbers that are no ratings."""


class Candidates(NamedTuple):
    """The columns that may hold the ratings, in the order of the sheet."""

    column: int | None
    """The column that does, as far as the headings say; None where they leave it open."""
    undecided: tuple[int, ...] = ()
    """The columns among which the user must choose."""


def rating_column(headings: Mapping[int, str], cells: Cells, keys: Sequence[int]) -> Candidates:
    """The rating column among `headings`, which are by column.

    `keys` are the columns of the people and of the competences.
    """
    known = {fold_accents(heading): index for index, heading in reversed(list(headings.items()))}
    named = [known[name] for name in RATING_HEADINGS if name in known]
    likely = [
        index
        for index, heading in headings.items()
        if (index in named or _may_rate(heading)) and cells.are_levels(index)
    ]
    if not likely:
        return Candidates(next(iter(named), None))
    first = next((index for index in named if index in likely), None)
    if first is None:
        return Candidates(None, tuple(likely))
    others = [index for index in likely if index == first or not cells.same_levels(index, first)]
    if len(others) > 1:
        return Candidates(None, tuple(others))
    further = _further(headings, cells, first, keys)
    return Candidates(first, tuple(sorted((first, *further))) if further else ())


def holding_levels(headings: Mapping[int, str], cells: Cells) -> list[int]:
    """The columns whose cells alone may be ratings."""
    return [
        index
        for index, heading in headings.items()
        if cells.are_levels(index)
        and not about_word(heading)
        and not cells.is_index(index, is_first=index == 0)
    ]


def _further(
    headings: Mapping[int, str], cells: Cells, first: int, keys: Iterable[int]
) -> list[int]:
    """Further columns that may hold ratings, whatever their headings.

    A column with one value for each person or competence describes these and is not a rating column.
    """
    varying = [key for key in keys if not cells.depends_on(first, key)]

    def describes(index: int) -> bool:
        return cells.is_constant(index) or any(cells.depends_on(index, key) for key in varying)

    return [
        index
        for index in holding_levels(headings, cells)
        if index != first
        and _is_open(headings[index])
        and (_says_rating(headings[index]) or not describes(index))
        and not cells.same_levels(index, first)
    ]


def _is_open(heading: str) -> bool:
    """Whether a heading leaves it open that the column holds ratings."""
    text = fold_accents(heading)
    return bool(text) and text not in ROUND_HEADINGS and _OF_OTHERS.isdisjoint(_WORD.findall(text))


def _says_rating(heading: str) -> bool:
    return any(part in fold_accents(heading) for part in _PARTS_OF_RATING_WORDS)


def _may_rate(heading: str) -> bool:
    parts = _WORD.findall(fold_accents(heading))
    is_rating = not (_RATING_WORDS | _RATERS_AND_TIMES).isdisjoint(parts)
    return is_rating and not about_word(heading)


_CURRENT = (
    "current",
    "actual",
    "final",
    "self",
    "own",
    "now",
    "today",
    "ist",
    "aktuell",
    "selbst",
)
"""What the column that counts is usually called, the likeliest first."""


def unlikeliness(heading: str) -> int:
    """Rank a heading as that of the ratings; 0 is the likeliest."""
    words = _WORD.findall(fold_accents(heading))
    usual = next((rank for rank, word in enumerate(_CURRENT) if word in words), None)
    return len(_CURRENT) + bool(about_word(heading) or not words) if usual is None else usual


# --- Why there are no ratings ---------------------------------------------------------------------

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
    """Explains from the first rows why a table has no ratings."""

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
