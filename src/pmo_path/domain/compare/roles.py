"""What one role asks that another does not, and how far a person is from each of the two."""

from __future__ import annotations

import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from pmo_path.domain.assessment import assess, framework_facts, role_facts, scale_facts
from pmo_path.domain.diff.requirements import RequirementFacts, requirements_of
from pmo_path.domain.ranking import Fit, fit_of, nudges_over
from pmo_path.domain.references import Reference
from pmo_path.domain.report import (
    CompetenceResult,
    FrameworkFacts,
    LevelFacts,
    Nudge,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from pmo_path.domain.framework import Framework
    from pmo_path.domain.ratings import Ratings
    from pmo_path.domain.report import GapReport


class RequirementShift(StrEnum):
    """How a level, must-have or weight differs from the first role to the second."""

    NEW = "new"
    RAISED = "raised"
    SAME = "same"
    LOWERED = "lowered"
    GONE = "gone"


class DifferenceKind(StrEnum):
    """What kind of difference there is in one competence, in the order shown."""

    NEW = "new"
    HIGHER = "higher"
    OTHER = "other"
    """The same level, with another must-have or weight."""
    LOWER = "lower"
    GONE = "gone"
    SAME = "same"


class Distance(NamedTuple):
    """A person's result in one competence against each role; None where a role does not ask it."""

    before: CompetenceResult | None
    """The result against the first role."""
    after: CompetenceResult | None
    """The result against the second role."""

    @property
    def either(self) -> CompetenceResult | None:
        """The result against a role that asks it; what is rated is the same in both."""
        return self.after or self.before


class RoleDifference(NamedTuple):
    """What the two roles ask of one competence; None where a role does not ask it."""

    id: str
    """Its id in the framework."""
    name: str
    """The name shown."""
    kind: DifferenceKind
    """What kind of difference it is."""
    level: RequirementShift
    """How the required level differs."""
    must_have: RequirementShift
    """How the must-have differs."""
    importance: RequirementShift
    """How the weight differs."""
    before: RequirementFacts | None
    """What the first role asks."""
    after: RequirementFacts | None
    """What the second role asks."""
    distance: Distance | None
    """None without ratings."""


class PersonBetween(NamedTuple):
    """How far one person is from each of the two roles."""

    person: str
    """Who is rated; empty when not said."""
    rater: str
    """Who rated: self, a manager, a peer."""
    date: datetime.date | None
    """When the ratings were given; none when not said."""
    before: Fit
    """How far the person is from the first role."""
    after: Fit
    """How far the person is from the second role."""
    nudges: tuple[Nudge, ...]
    """What to think about again."""


class RoleComparison(NamedTuple):
    """What the second role asks that the first does not, and the other way round."""

    framework: FrameworkFacts
    """The framework whose roles they are."""
    before: Reference
    """The first role."""
    after: Reference
    """The second role."""
    differences: tuple[RoleDifference, ...]
    """One for each competence that either role asks, by kind and in the framework's order."""
    scale: tuple[LevelFacts, ...]
    """The framework's levels, lowest first."""
    person: PersonBetween | None
    """How far a person is from the two; null without ratings."""

    def of_kind(self, kind: DifferenceKind) -> tuple[RoleDifference, ...]:
        """The competences that differ in this way."""
        return tuple(difference for difference in self.differences if difference.kind is kind)

    @property
    def differs(self) -> bool:
        """Whether the two roles ask anything that is not the same."""
        return any(difference.kind is not DifferenceKind.SAME for difference in self.differences)


def compare_roles(
    framework: Framework,
    before: str,
    after: str,
    ratings: Ratings | None = None,
    *,
    today: datetime.date | None = None,
) -> RoleComparison:
    """What `after` asks that `before` does not; both are ids of the framework.

    With `ratings`, also how far that person is from each; `today` as in `assess`.
    """
    reports = (
        None
        if ratings is None
        else (
            assess(framework, ratings, before, today=today),
            assess(framework, ratings, after, today=today),
        )
    )
    return RoleComparison(
        framework=framework_facts(framework),
        before=role_facts(framework, before),
        after=role_facts(framework, after),
        differences=tuple(
            sorted(
                _differences(framework, before, after, reports),
                key=lambda difference: _ORDER[difference.kind],
            )
        ),
        scale=scale_facts(framework),
        person=None
        if ratings is None or reports is None
        else _between(framework, ratings, reports, today),
    )


_ORDER = {kind: rank for rank, kind in enumerate(DifferenceKind)}


def move_of(before: Decimal | None, after: Decimal | None) -> RequirementShift:
    """How a number, or its absence, differs."""
    if before == after:
        return RequirementShift.SAME
    if before is None or after is None:
        return RequirementShift.NEW if before is None else RequirementShift.GONE
    return RequirementShift.RAISED if after > before else RequirementShift.LOWERED


def _differences(
    framework: Framework, before: str, after: str, reports: tuple[GapReport, GapReport] | None
) -> Iterator[RoleDifference]:
    first, second = requirements_of(framework, before), requirements_of(framework, after)
    results = (
        None
        if reports is None
        else [{result.id: result for result in each.results} for each in reports]
    )
    for key, competence in framework.competences.items():
        was, now = first.get(key), second.get(key)
        if was is None and now is None:
            continue
        level = move_of(was and was.level, now and now.level)
        must_have = move_of(was and was.must_have, now and now.must_have)
        importance = move_of(was and was.importance, now and now.importance)
        yield RoleDifference(
            id=key,
            name=competence.name,
            kind=_kind(level, must_have, importance),
            level=level,
            must_have=must_have,
            importance=importance,
            before=was,
            after=now,
            distance=None
            if results is None
            else Distance(results[0].get(key), results[1].get(key)),
        )


def _kind(
    level: RequirementShift, must_have: RequirementShift, importance: RequirementShift
) -> DifferenceKind:
    if level is not RequirementShift.SAME:
        return _BY_LEVEL[level]
    same = must_have is importance is RequirementShift.SAME
    return DifferenceKind.SAME if same else DifferenceKind.OTHER


_BY_LEVEL = {
    RequirementShift.NEW: DifferenceKind.NEW,
    RequirementShift.RAISED: DifferenceKind.HIGHER,
    RequirementShift.LOWERED: DifferenceKind.LOWER,
    RequirementShift.GONE: DifferenceKind.GONE,
}


def _between(
    framework: Framework,
    ratings: Ratings,
    reports: tuple[GapReport, GapReport],
    today: datetime.date | None,
) -> PersonBetween:
    before, after = reports
    return PersonBetween(
        person=ratings.person,
        rater=ratings.rater,
        date=after.date,
        before=fit_of(before),
        after=fit_of(after),
        nudges=nudges_over(framework, ratings, reports, today),
    )
