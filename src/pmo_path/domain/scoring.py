"""The scoring method: gap, readiness, order. Its only home; `bands` is its last step.

For required level t above the scale's lowest level s, importance w and rating r:
gap = max(0, t - r), surplus = max(0, r - t), priority = w * gap, and readiness is the share
sum(w * (min(r, t) - s)) / sum(w * (t - s)) over the rated competences. `docs/scoring.md` explains
the method and works an example by hand; weighted gaps go back to Borich (1980), the must-haves to
modified compensatory scoring.
"""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING, Literal, NamedTuple

from pmo_path.domain.ratings import NOT_APPLICABLE, UNRATED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pmo_path.domain.framework import Framework, Requirement
    from pmo_path.domain.ratings import Rating, Ratings

ZERO = Decimal(0)


class Status(StrEnum):
    """The state of a competence: rated, unrated or n/a, which are never mixed."""

    RATED = "rated"
    UNRATED = "unrated"
    NOT_APPLICABLE = "n/a"


class CompetenceResult(NamedTuple):
    """One required competence: what the role requires, what the person has, and the difference.

    `rating`, `gap`, `surplus`, `priority` and `reached` are None unless the status is rated.
    """

    id: str
    name: str
    domain: str
    key: bool
    """Among the competences that are asked first."""
    required: Decimal
    """The level that the role requires."""
    importance: Decimal
    """Its importance."""
    must_have: Decimal | None
    """The level below which the role is out of reach; none when it is no must-have."""
    status: Status
    """Whether the person is rated in it, not rated, or need not be."""
    rating: Decimal | None
    """The person's level; none unless rated."""
    label: str
    """The scale's word for the rating; empty unless rated."""
    gap: Decimal | None
    """Levels below the required level."""
    surplus: Decimal | None
    """Levels above the required level."""
    priority: Decimal | None
    """Importance times gap."""
    reached: Decimal | None
    """Importance times the levels reached of those required: the term in readiness."""
    reachable: Decimal
    """Importance times the levels required: the most that `reached` can be."""
    must_have_missing: bool
    """Whether it is a must-have that is not shown to be reached."""
    must_have_distance: Decimal
    """Levels below the must-have, counted from the lowest level if unrated; else 0."""
    evidence: str
    """Evidence that the person would point to."""
    year: int | None
    """The year of the evidence."""
    confidence: Literal["low", "medium", "high"] | None
    """The rater's confidence; none if not stated."""
    expects: str
    """The role's expectation as text; empty if the framework states none."""

    @property
    def at_target(self) -> bool:
        """Rated, and at or above the required level."""
        return self.gap == 0

    @property
    def short_by_half(self) -> bool:
        """Rated, below the required level, and at most half of the way to it."""
        return bool(self.gap) and self.reached is not None and self.reached * 2 <= self.reachable

    @property
    def must_have_shortfall(self) -> Decimal:
        """Levels by which a rating is below its must-have; 0 if it is not below, or unrated."""
        return Decimal(0) if self.rating is None else self.must_have_distance


class Readiness(NamedTuple):
    """The weighted share of the role's requirements that is reached, in percent."""

    percent: Fraction
    """The part reached of what is reachable, over the rated competences."""
    low: Fraction
    """With every unrated competence at the scale's lowest level."""
    high: Fraction
    """With every unrated competence at its required level."""
    reached: Decimal
    """Weighted levels reached, over the rated competences."""
    reachable: Decimal
    """Weighted levels that could be reached, over the rated competences."""


def score(framework: Framework, role: str, ratings: Ratings) -> tuple[CompetenceResult, ...]:
    """A result for each competence that the role requires, in the framework's order.

    `role` is an id of the framework; ratings are by competence id, each on the scale.
    """
    return tuple(
        _result(framework, competence, requirement, ratings.ratings.get(competence, UNRATED))
        for competence, requirement in framework.scored(role).items()
    )


def _result(
    framework: Framework, competence: str, requirement: Requirement, rating: Rating
) -> CompetenceResult:
    lowest = framework.levels[0]
    level = rating.level if isinstance(rating.level, Decimal) else None
    below = level is None or (requirement.must_have is not None and level < requirement.must_have)
    gap = None if level is None else max(ZERO, requirement.level - level)
    return CompetenceResult(
        id=competence,
        name=framework.shown_name(competence),
        domain=framework.domain_of[competence],
        key=framework.competences[competence].key,
        required=requirement.level,
        importance=requirement.importance,
        must_have=requirement.must_have,
        status=status_of(rating),
        rating=level,
        label="" if level is None else framework.label_of(level),
        gap=gap,
        surplus=None if level is None else max(ZERO, level - requirement.level),
        priority=None if gap is None else requirement.importance * gap,
        reached=None if level is None else requirement.points(lowest, level),
        reachable=requirement.points(lowest),
        must_have_missing=requirement.must_have is not None and below,
        must_have_distance=_distance(requirement, lowest if level is None else level),
        evidence=rating.evidence,
        year=rating.year,
        confidence=rating.confidence,
        expects=requirement.expects,
    )


def _distance(requirement: Requirement, level: Decimal) -> Decimal:
    """Levels by which the must-have is above `level`; 0 if it is not, or if there is no must-have."""
    return ZERO if requirement.must_have is None else max(ZERO, requirement.must_have - level)


def status_of(rating: Rating) -> Status:
    """Return the state of a rating."""
    if rating.level is None:
        return Status.UNRATED
    return Status.NOT_APPLICABLE if rating.level == NOT_APPLICABLE else Status.RATED


def readiness_of(results: Sequence[CompetenceResult]) -> Readiness | None:
    """Readiness in percent with its range, or None when nothing is rated."""
    rated = [result for result in results if result.reached is not None]
    unrated = sum(
        (result.reachable for result in results if result.status is Status.UNRATED), ZERO
    )
    reached = sum((result.reached for result in rated if result.reached is not None), ZERO)
    reachable = sum((result.reachable for result in rated), ZERO)
    if not rated:
        return None
    return Readiness(
        percent=_percent(reached, reachable),
        low=_percent(reached, reachable + unrated),
        high=_percent(reached + unrated, reachable + unrated),
        reached=reached,
        reachable=reachable,
    )


def _percent(part: Decimal, whole: Decimal) -> Fraction:
    return 100 * Fraction(part) / Fraction(whole)


def gaps_in_order(results: Sequence[CompetenceResult]) -> tuple[CompetenceResult, ...]:
    """The gaps: must-have shortfalls first, deepest first; then by priority, gap and order."""
    gaps = [result for result in results if result.gap is not None and result.gap > 0]
    return tuple(
        sorted(
            gaps,
            key=lambda result: (
                -result.must_have_shortfall,
                -(result.priority or ZERO),
                -(result.gap or ZERO),
            ),
        )
    )


def strengths_in_order(results: Sequence[CompetenceResult]) -> tuple[CompetenceResult, ...]:
    """Competences at or above target: surplus on key ones first, then weight and surplus."""
    strong = [result for result in results if result.at_target]
    return tuple(
        sorted(
            strong,
            key=lambda result: (
                -(result.surplus or ZERO) if result.key else ZERO,
                -result.importance,
                -(result.surplus or ZERO),
            ),
        )
    )
