"""Differences between the requirements of two roles, and a person's fit to each."""

from __future__ import annotations

import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from pmo_path.domain.assessment import assess, framework_facts, scale_facts
from pmo_path.domain.diff.model import RequirementFacts, requirements_of
from pmo_path.domain.nudges import Nudge, nudges_over
from pmo_path.domain.report import Fit, FrameworkFacts, LevelFacts, Reference
from pmo_path.domain.role_fit import fit_of, role_facts
from pmo_path.domain.scoring import CompetenceResult

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from decimal import Decimal

    from pmo_path.domain.framework import Framework
    from pmo_path.domain.ratings import Ratings


class RequirementShift(StrEnum):
    """The direction in which a level, must-have or importance differs between two roles."""

    NEW = "new"
    RAISED = "raised"
    SAME = "same"
    LOWERED = "lowered"
    GONE = "gone"


class DifferenceKind(StrEnum):
    """The kinds of difference in a competence, in the order shown."""

    NEW = "new"
    HIGHER = "higher"
    OTHER = "other"
    """The same level, with another must-have or importance."""
    LOWER = "lower"
    GONE = "gone"
    SAME = "same"


class Distance(NamedTuple):
    """A person's result in one competence for each role; None where a role does not require it."""

    before: CompetenceResult | None
    """The result against the first role."""
    after: CompetenceResult | None
    """The result against the second role."""

    @property
    def either(self) -> CompetenceResult | None:
        """The result against a role that requires it; what is rated is the same in both."""
        return self.after or self.before


class RoleDifference(NamedTuple):
    """The two roles' requirements of one competence; None where a role does not require it."""

    id: str
    name: str
    kind: DifferenceKind
    """The kind of difference."""
    level_shift: RequirementShift
    """The difference in the required level."""
    must_have_shift: RequirementShift
    """The difference in the must-have."""
    importance_shift: RequirementShift
    """The difference in importance."""
    before: RequirementFacts | None
    """The first role's requirement."""
    after: RequirementFacts | None
    """The second role's requirement."""
    distance: Distance | None
    """None without ratings."""


class PersonBetween(NamedTuple):
    """A person's fit to each of the two roles."""

    person: str
    """Who is rated; empty if not specified."""
    rater: str
    """Who rated: self, a manager, a peer."""
    date: datetime.date | None
    """When the ratings were given; none if not specified."""
    before: Fit
    """The person's fit to the first role."""
    after: Fit
    """The person's fit to the second role."""
    nudges: tuple[Nudge, ...]
    """Ratings that are worth checking."""


class RoleComparison(NamedTuple):
    """The differences between the requirements of two roles."""

    framework: FrameworkFacts
    """The framework whose roles they are."""
    before: Reference
    """The first role."""
    after: Reference
    """The second role."""
    differences: tuple[RoleDifference, ...]
    """One for each competence that either role requires, by kind and in the framework's order."""
    scale: tuple[LevelFacts, ...]
    """The framework's levels, lowest first."""
    person_fit: PersonBetween | None
    """The person's fit to the two; null without ratings."""

    def of_kind(self, kind: DifferenceKind) -> tuple[RoleDifference, ...]:
        """The competences that differ in this way."""
        return tuple(difference for difference in self.differences if difference.kind is kind)

    @property
    def differs(self) -> bool:
        """Whether the two roles require anything that is not the same."""
        return any(difference.kind is not DifferenceKind.SAME for difference in self.differences)


def compare_roles(
    framework: Framework,
    before: str,
    after: str,
    ratings: Ratings | None = None,
    *,
    today: datetime.date | None = None,
) -> RoleComparison:
    """Compare what `before` and `after` require; both are ids of the framework.

    With `ratings`, also how far that person is from each; `today` as in `assess`.
    """
    results: list[Mapping[str, CompetenceResult]] = []
    person = None
    if ratings is not None:
        reports = [assess(framework, ratings, role, today=today) for role in (before, after)]
        results = [{result.id: result for result in report.results} for report in reports]
        first, second = map(fit_of, reports)
        nudges = nudges_over(framework, ratings, [report.results for report in reports], today)
        date = reports[0].date
        person = PersonBetween(ratings.person, ratings.rater, date, first, second, nudges)
    differences = _differences(framework, before, after, results)
    return RoleComparison(
        framework=framework_facts(framework),
        before=role_facts(framework, before),
        after=role_facts(framework, after),
        differences=tuple(
            sorted(differences, key=lambda difference: _KINDS.index(difference.kind))
        ),
        scale=scale_facts(framework),
        person_fit=person,
    )


_KINDS = list(DifferenceKind)


def move_of(before: Decimal | None, after: Decimal | None) -> RequirementShift:
    """The direction in which a number, or its absence, differs."""
    if before == after:
        return RequirementShift.SAME
    if before is None or after is None:
        return RequirementShift.NEW if before is None else RequirementShift.GONE
    return RequirementShift.RAISED if after > before else RequirementShift.LOWERED


def _differences(
    framework: Framework,
    before: str,
    after: str,
    results: Sequence[Mapping[str, CompetenceResult]],
) -> Iterator[RoleDifference]:
    first, second = requirements_of(framework, before), requirements_of(framework, after)
    for key in framework.competences:
        was, now = first.get(key), second.get(key)
        if was is None and now is None:
            continue
        level = move_of(was and was.level, now and now.level)
        must_have = move_of(was and was.must_have, now and now.must_have)
        importance = move_of(was and was.importance, now and now.importance)
        yield RoleDifference(
            id=key,
            name=framework.shown_name(key),
            kind=_kind(level, must_have, importance),
            level_shift=level,
            must_have_shift=must_have,
            importance_shift=importance,
            before=was,
            after=now,
            distance=Distance(*(result.get(key) for result in results)) if results else None,
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
