"""Headings that name a competence without rating it: its importance, its required level, notes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pmo_path.readers.table.competence_names import plain

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

_WORD = re.compile(r"\w+")
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
    """The word that says that a heading does not rate; an empty text for none.

    The competence's `own` words do not count.
    """
    words: list[str] = [word for word in _WORD.findall(plain(heading)) if word not in own]
    is_rated = not _RATED.isdisjoint(words)
    for word in words:
        if word in _ABOUT or (word in _ABOUT_UNLESS_RATED and not is_rated):
            return word
    return ""


def unlikely(heading: str) -> int:
    """How unlikely the column that counts is called so; 0 is the likeliest."""
    words = _WORD.findall(plain(heading))
    for rank, current in enumerate(_CURRENT):
        if current in words:
            return rank
    return len(_CURRENT) + bool(about_word(heading) or not words)
