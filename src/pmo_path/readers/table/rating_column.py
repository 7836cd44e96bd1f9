"""Which column of a long sheet holds the ratings, when several may."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from pmo_path.domain.columns import RATING_HEADINGS, ROUND_HEADINGS
from pmo_path.readers.table.competence_names import plain
from pmo_path.readers.table.qualified_names import about_word

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from pmo_path.readers.table.first_rows import Cells

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
"""Words by which several ratings are told apart; such a column may hold ratings if it has levels."""
_PARTS_OF_RATING_WORDS = (
    "assess", "bewertung", "einschatzung", "evaluaci", "evaluati", "rating", "score",
)  # fmt: skip
"""What stands in longer words of that kind, such as `Selbsteinschätzung`."""
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
    """The columns of which somebody is to name the one that counts."""


def rating_column(
    headings: Mapping[int, str], cells: Cells | None, keys: Sequence[int]
) -> Candidates:
    """Which of the columns, by index and heading, holds the ratings of a long sheet.

    `keys` are the columns of the people and of the competences.
    """
    known = {plain(heading): index for index, heading in reversed(list(headings.items()))}
    named = [known[name] for name in RATING_HEADINGS if name in known]
    if cells is None:
        return Candidates(named[0] if named else None)
    likely = [
        index
        for index, heading in headings.items()
        if (index in named or _may_rate(heading)) and cells.are_levels(index)
    ]
    if not likely:
        return Candidates(named[0] if named else None)
    first = next((index for index in named if index in likely), None)
    if first is None:
        return Candidates(None, tuple(likely))
    others = [index for index in likely if index == first or not cells.same_levels(index, first)]
    if len(others) > 1:
        return Candidates(None, tuple(others))
    further = _further(headings, cells, first, keys)
    return Candidates(first, tuple(sorted((first, *further))) if further else ())


def holding_levels(headings: Mapping[int, str], cells: Cells) -> Iterable[int]:
    """The columns that may hold ratings by their cells alone."""
    return [
        index
        for index, heading in headings.items()
        if cells.are_levels(index)
        and not about_word(heading)
        and not cells.is_index(index, is_first=index == 0)
    ]


def _further(
    headings: Mapping[int, str], cells: Cells, first: int, keys: Collection[int]
) -> list[int]:
    """The columns beside the `first` that may hold ratings, too, whatever they are called.

    What is the same for all, or in all rows of a person or of a competence, describes these.
    """
    varying = [key for key in keys if not cells.depends_on(first, key)]
    return [
        index
        for index in holding_levels(headings, cells)
        if index != first
        and _is_open(headings[index])
        and (
            _says_rating(headings[index])
            or not (
                cells.is_constant(index) or any(cells.depends_on(index, key) for key in varying)
            )
        )
        and not cells.same_levels(index, first)
    ]


def _is_open(heading: str) -> bool:
    """Whether a heading says nothing else than that the column may hold ratings."""
    said = plain(heading)
    return bool(said) and said not in ROUND_HEADINGS and _OF_OTHERS.isdisjoint(_WORD.findall(said))


def _says_rating(heading: str) -> bool:
    return any(part in plain(heading) for part in _PARTS_OF_RATING_WORDS)


def _may_rate(heading: str) -> bool:
    words = _WORD.findall(plain(heading))
    is_rating = not (_RATING_WORDS | _RATERS_AND_TIMES).isdisjoint(words)
    return is_rating and not about_word(heading)
