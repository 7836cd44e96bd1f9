"""What every comparison has: where a file puts the person, its answers, and steps of the scale."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_path.domain.compare.model import (
    AssessedFile,
    ComparedRating,
    NotThere,
)
from pmo_path.domain.ranking import fit_of
from pmo_path.domain.references import Reference
from pmo_path.domain.report import Status

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from decimal import Decimal

    from pmo_path.domain.compare.inputs import Given
    from pmo_path.domain.framework import Framework
    from pmo_path.domain.report import GapReport


def standing(given: Given, report: GapReport) -> AssessedFile:
    """Where a file puts the person; `report` is what `assess` makes of it."""
    return AssessedFile(
        file=given.file,
        rater=given.rater,
        date=given.ratings.date,
        version=given.version,
        fit=fit_of(report),
    )


def answer(framework: Framework, given: Given, competence: str) -> ComparedRating:
    """What a file says of a competence, an id of the framework."""
    rating = given.ratings.ratings.get(competence)
    if rating is None or rating.level is None:
        return ComparedRating(Status.UNRATED, None, "")
    if isinstance(rating.level, str):
        return ComparedRating(Status.NOT_APPLICABLE, None, "")
    return ComparedRating(Status.RATED, rating.level, framework.scale[rating.level].label)


def compared(framework: Framework, role: str, given: Iterable[Given]) -> list[str]:
    """Ids of what the role asks or a file answers, or tries to, in the framework's order."""
    concerned = set(framework.scored(role))
    for one in given:
        concerned.update(
            key for key, rating in one.ratings.ratings.items() if rating.level is not None
        )
        concerned.update(unfit.competence.id for unfit in one.unfit if unfit.competence)
    return [key for key in framework.competences if key in concerned]


def domains_of(framework: Framework, competences: Iterable[str]) -> tuple[Reference, ...]:
    """The domains of competences, in the framework's order."""
    concerned = {framework.domain_of[key] for key in competences}
    return tuple(
        Reference(key, domain.name)
        for key, domain in framework.domains.items()
        if key in concerned
    )


def steps_up(framework: Framework, low: Decimal, high: Decimal) -> int:
    """How many steps of the scale lead from one level of it to another; negative downwards."""
    return framework.levels.index(high) - framework.levels.index(low)


def not_there(
    framework: Framework, given: Iterable[Given], compared: Collection[str]
) -> tuple[NotThere, ...]:
    """For each file on another version, what of the compared competences that did not have."""
    found = (
        NotThere(
            one.file,
            one.version or "",
            tuple(
                Reference(key, framework.competences[key].name)
                for key in one.not_there
                if key in compared
            ),
        )
        for one in given
    )
    return tuple(one for one in found if one.competences)


def count(number: int, noun: str, plural: str = "") -> str:
    """`1 gap`, `2 gaps`."""
    return f"{number} {noun if number == 1 else plural or noun + 's'}"
