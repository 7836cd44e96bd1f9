"""What all comparisons say alike, in words: computing nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_path.domain.levels import one_decimal, show_number
from pmo_path.domain.names import fold
from pmo_path.domain.report import CONVERSATION_AID, Status
from pmo_path.render.paper.shapes import section

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pmo_path.domain.comparing.model import (
        Answer,
        MustHaveMissing,
        NotThere,
        OverTime,
        Raters,
        Standing,
        Unfit,
    )
    from pmo_path.render.paper.shapes import Section

STANDING = "Readiness"
MISSING = "Missing"
"""Before the names of the must-haves that are missing."""
NOT_THERE = "New in the framework"
INCOMPARABLE = "Cannot be compared"


def answer_words(answer: Answer) -> str:
    """An answer as shown: the level, `n/a`, or `?` for unrated."""
    if answer.level is not None:
        return show_number(answer.level)
    return "?" if answer.status is Status.UNRATED else str(answer.status)


def band_words(standing: Standing) -> str:
    """The band; a dash when there is none."""
    return "-" if standing.band is None else standing.band.label


def percent_words(standing: Standing) -> str:
    """The readiness in percent."""
    if standing.readiness is None:
        return "nothing rated"
    return f"{one_decimal(standing.readiness.percent)} %"


def range_words(standing: Standing) -> str:
    """Between which readiness lies for what is unrated; empty when all is rated."""
    one = standing.readiness
    if one is None or not standing.unrated:
        return ""
    return f"{one_decimal(one.low)} to {one_decimal(one.high)}"


def at_target_words(standing: Standing) -> str:
    """How many competences are at target, of how many."""
    return f"{standing.at_target} of {standing.applicable}"


def must_haves_words(standing: Standing) -> str:
    """How many must-haves are missing."""
    number = len(standing.must_haves_missing)
    return f"{number} missing" if number else "none missing"


def missing_rows(standings: Iterable[tuple[str, Standing]]) -> tuple[tuple[str, str], ...]:
    """The must-haves missing, beside the label of each standing that misses some."""
    return tuple(
        (label, ", ".join(map(_missing, standing.must_haves_missing)))
        for label, standing in standings
        if standing.must_haves_missing
    )


def _missing(one: MustHaveMissing) -> str:
    return one.name if one.status is Status.RATED else f"{one.name} ({one.status})"


def apart_sections(comparison: OverTime | Raters) -> list[Section]:
    """What cannot be compared, what could not be rated, and what to know when reading."""
    return [
        *section(INCOMPARABLE, *map(unfit_words, comparison.unfit)),
        *section(NOT_THERE, *map(not_there_words, comparison.not_there)),
        *section("Notes", *comparison.notes),
    ]


def unfit_words(unfit: Unfit) -> str:
    """An answer that does not fit, where it stands, and why."""
    where = f"{unfit.file}, line {unfit.line}" if unfit.line else unfit.file
    now = unfit.competence
    called = unfit.called
    if now is not None and fold(now.name) != fold(called) != fold(now.id):
        called = f"{called}, now {now.name}"
    return f"{called}, answered {unfit.answer} ({where}): {unfit.reason}"


def not_there_words(missing: NotThere) -> str:
    """What a version of the framework did not have."""
    names = ", ".join(one.name for one in missing.competences)
    return f"{names}: not in version {missing.version}, on which '{missing.file}' was rated"


def footnotes(comparison: OverTime | Raters) -> tuple[str, ...]:
    """What stands below every comparison."""
    return tuple(filter(None, (CONVERSATION_AID, comparison.framework.notice)))
