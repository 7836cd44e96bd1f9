"""Which column of a long sheet holds the ratings, when several may."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from pmo_path.batch.headings import plain
from pmo_path.batch.look.about import about_word
from pmo_path.domain.columns import RATING_HEADINGS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pmo_path.batch.look.cells import Cells

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


class Candidates(NamedTuple):
    """The columns that may hold the ratings, in the order of the sheet."""

    column: int | None
    """The column that surely does; None when that cannot be decided."""
    undecided: tuple[int, ...] = ()


def rating_column(headings: Mapping[int, str], cells: Cells | None) -> Candidates:
    """Which of the columns, by index and heading, holds the ratings of a long sheet."""
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
    return Candidates(first) if len(others) == 1 else Candidates(None, tuple(others))


def holding_levels(headings: Mapping[int, str], cells: Cells) -> Iterable[int]:
    """The columns that may hold ratings by their cells alone."""
    return [
        index
        for index, heading in headings.items()
        if cells.are_levels(index)
        and not about_word(heading)
        and not cells.is_index(index, is_first=index == 0)
    ]


def _may_rate(heading: str) -> bool:
    words = _WORD.findall(plain(heading))
    is_rating = not (_RATING_WORDS | _RATERS_AND_TIMES).isdisjoint(words)
    return is_rating and not about_word(heading)
