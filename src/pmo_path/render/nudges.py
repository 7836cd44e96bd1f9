"""The sentences of nudges."""

from __future__ import annotations

from typing import NamedTuple

from pmo_path.domain.nudges import MAX_EVIDENCE_AGE
from pmo_path.domain.report import Nudge, NudgeKind, RatedOn, Reference

_SENTENCES = {
    NudgeKind.TOP_WITHOUT_EVIDENCE: "Rated at the top of the scale without evidence",
    NudgeKind.OLD_EVIDENCE: (
        f"The evidence is more than {MAX_EVIDENCE_AGE} years old; add a newer example"
    ),
    NudgeKind.LOW_CONFIDENCE: "Rated with low confidence; ask a second rater",
    NudgeKind.NOT_SURE: "Not sure, and left unrated; find out with someone who sees your work",
    NudgeKind.SECOND_RATER: (
        "People most often misjudge themselves on these; ask someone who sees your work to rate "
        "them too"
    ),
}
"""The beginning of each sentence; the names of the competences follow."""


class NudgeText(NamedTuple):
    """Something worth checking; it never changes a figure."""

    kind: NudgeKind
    """What it is about, as a word for programs."""
    text: str
    """What to check, in words."""
    competences: tuple[Reference, ...]
    """The competences that it is about."""


def nudge_text(nudge: Nudge) -> NudgeText:
    """Return a nudge as JSON has it."""
    competences = tuple(
        Reference(competence.id, competence.name) for competence in nudge.competences
    )
    return NudgeText(nudge.kind, nudge_words(nudge), competences)


def nudge_words(nudge: Nudge) -> str:
    """Return a nudge as a sentence."""
    if nudge.rated_on is not None:
        return other_framework(nudge.rated_on)
    names = ", ".join(
        f"{competence.name} ({competence.year})"
        if nudge.kind is NudgeKind.OLD_EVIDENCE
        else competence.name
        for competence in nudge.competences
    )
    return f"{_SENTENCES[nudge.kind]}: {names}."


def other_framework(rated_on: RatedOn) -> str:
    """Return which other framework or version the ratings name; empty for the one in use."""
    if rated_on.id != rated_on.used_id:
        return f"These ratings were made on another framework ('{rated_on.id}')."
    if rated_on.version != rated_on.used_version:
        return (
            f"These ratings were made on version {rated_on.version} of the framework, and this "
            f"report uses {rated_on.used_version}. Check what has changed since."
        )
    return ""
