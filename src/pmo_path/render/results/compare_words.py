"""Texts and sections that comparisons over time and of raters share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_path.domain.names import fold
from pmo_path.render.comparisons import remark_words
from pmo_path.render.document import Facts, sections_of
from pmo_path.render.role_fit import missing_words
from pmo_path.render.words import level_words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pmo_path.domain.compare.model import (
        AssessedFile,
        ComparedRating,
        NotThere,
        OverTime,
        Raters,
        Unfit,
    )
    from pmo_path.render.document import Section

READINESS = "Readiness"
MISSING = "Missing"
"""Before the names of the must-haves that are missing."""
NOT_THERE = "New in the framework"
INCOMPARABLE = "Cannot be compared"


def answer_words(answer: ComparedRating) -> str:
    """An answer as shown: the level, `n/a`, or `?` for unrated."""
    return level_words(answer.level, answer.status)


def missing_rows(files: Iterable[tuple[str, AssessedFile]]) -> tuple[tuple[str, str], ...]:
    """Return the missing must-haves of each file that misses any, beside its label."""
    return tuple(
        (label, missing_words(file.fit)) for label, file in files if file.fit.must_haves_missing
    )


def facts(rows: tuple[tuple[str, str], ...]) -> tuple[Facts, ...]:
    """The rows as facts, or nothing where there are none."""
    return (Facts(rows),) if rows else ()


def apart_sections(comparison: OverTime | Raters) -> list[Section]:
    """What cannot be compared, what could not be rated, and what to know when reading."""
    return [
        *sections_of(INCOMPARABLE, list(map(unfit_words, comparison.unfit))),
        *sections_of(NOT_THERE, list(map(not_there_words, comparison.not_there))),
        *sections_of("Notes", list(map(remark_words, comparison.notes))),
    ]


def unfit_words(unfit: Unfit) -> str:
    """An answer that does not fit, its position, and the reason."""
    where = f"{unfit.file}, line {unfit.line}" if unfit.line else unfit.file
    now = unfit.competence
    called = unfit.called
    if now is not None and fold(now.name) != fold(called) != fold(now.id):
        called = f"{called}, now {now.name}"
    return f"{called}, answered {unfit.answer} ({where}): {remark_words(unfit.reason)}"


def not_there_words(missing: NotThere) -> str:
    """What a version of the framework did not have."""
    names = ", ".join(competence.name for competence in missing.competences)
    return f"{names}: not in version {missing.version}, on which '{missing.file}' was rated"
