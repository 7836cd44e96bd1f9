"""Find the column that holds the ratings of a long table."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from pmo_path.domain.columns import RATING_HEADINGS, ROUND_HEADINGS
from pmo_path.domain.names import fold_accents

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from collections.abc import Set as AbstractSet

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
    """The columns of which the user must choose one."""


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


_ABOUT = frozenset(
    {
        # what somebody writes about a rating
        "comment", "comments", "evidence", "example", "examples", "explain", "feedback", "note",
        "notes", "points", "reason", "remark", "remarks", "why",
        "beispiel", "grund", "kommentar", "nachweis", "warum",
        # what is to be reached, and what is missing
        "demand", "desired", "expected", "gap", "goal", "ideal", "required", "target",
        "benchmark", "future", "potential", "req", "tgt",
        "bedarf", "erforderlich", "lucke", "soll", "wunsch", "ziel", "zielniveau", "zielwert",
        "attendu", "attendue", "cible", "objectif", "requis", "requise", "souhaite", "souhaitee",
        "deseado", "esperado", "exigido", "objetivo", "requerido",
        # how much it matters, to the job or to the person
        "confidence", "confident", "critical", "criticality", "importance", "important", "interest",
        "interested", "motivated", "motivation", "need", "needed", "needs", "priority",
        "relevance", "relevant", "want", "wanted", "weight", "weighting", "willing",
        "willingness", "wish", "wishes",
        "bedeutung", "gewicht", "gewichtung", "interesse", "interessiert", "prioritat", "relevanz", "sicher", "wichtig", "wichtigkeit",
        "difficulty", "enjoy", "rank", "ranking", "satisfaction", "satisfied", "importancia",
        # how often it is done
        "frequency", "frequently", "often", "haufig", "haufigkeit", "oft", "frequence",
        "frecuencia",
    }
)  # fmt: skip
"""Words that say that a heading is about a competence without rating it."""
_ABOUT_UNLESS_RATED = frozenset(
    {
        "certificate", "certificates", "certification", "certifications", "certified", "course",
        "courses", "day", "days", "hour", "hours", "learn", "month", "months", "training", "trainings",
        "spent", "week", "weeks", "workshop", "workshops", "year", "years",
        "jahr", "jahre", "jahren", "kurs", "kurse", "monate", "schulung", "schulungen", "stunden",
        "tage", "zertifikat",
    }
)  # fmt: skip
"""Words that say so unless it is rated by the same heading, as in `your level this year`."""
_RATED = frozenset(
    {
        "able", "competence", "competent", "good", "level", "proficiency", "proficient", "rate",
        "rating", "score", "skill", "skilled", "skills", "well",
        "bewerten", "bewertung", "einschatzung", "gut", "kompetenz", "niveau", "stufe",
    }
)  # fmt: skip
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


def about_word(heading: str, own: AbstractSet[str] = frozenset()) -> str:
    """The word that shows that a heading is not for ratings; empty without such a word.

    The competence's `own` words do not count.
    """
    words = [word for word in _WORD.findall(fold_accents(heading)) if word not in own]
    about = _ABOUT if not _RATED.isdisjoint(words) else _ABOUT | _ABOUT_UNLESS_RATED
    return next((word for word in words if word in about), "")


def unlikeliness(heading: str) -> int:
    """Rank a heading as that of the ratings; 0 is the likeliest."""
    words = _WORD.findall(fold_accents(heading))
    usual = next((rank for rank, word in enumerate(_CURRENT) if word in words), None)
    return len(_CURRENT) + bool(about_word(heading) or not words) if usual is None else usual
