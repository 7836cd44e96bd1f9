"""What a plan is for: as much of the gap as possible, or a readiness band.

The conditions of a band are those of `domain.bands`: its percentage at the low end of the range,
where unrated competences count at the lowest level, and its limits on missing must-haves.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from pmo_path.domain.bands import band_facts, bands_of
from pmo_path.domain.errors import UsageProblem
from pmo_path.domain.names import Named, NameIndex
from pmo_path.domain.plan.effects import points
from pmo_path.domain.plan.model import Goal, Need, Obstacle, Obstruction
from pmo_path.domain.report import BandReason, Status
from pmo_path.domain.scoring import gaps_in_order, readiness_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pmo_path.domain.framework import Framework
    from pmo_path.domain.report import BandFacts, CompetenceResult

ZERO = Decimal(0)
_NO_BAND = {
    BandReason.NOTHING_RATED: Obstruction.NOTHING_RATED,
    BandReason.TOO_MUCH_NA: Obstruction.TOO_MUCH_NA,
}


def band_named(framework: Framework, text: str) -> str:
    """Return the id of the readiness band with this id or label. Raises UsageProblem."""
    bands = NameIndex(Named(key, (band.label,)) for key, band in framework.readiness.items())
    key = bands.find(text)
    if key is None:
        names = ", ".join(f"{key} ({band.label})" for key, band in framework.readiness.items())
        raise UsageProblem(
            f"there is no readiness band '{text}'; "
            + f"{bands.suggest(text)} bands: {names}".lstrip()
        )
    return key


def goal_for(framework: Framework, results: Sequence[CompetenceResult], reach: str | None) -> Goal:
    """Return the goal for the results of one role; `reach` is the id of a band, or None."""
    needs = needs_of(results)
    lost = [
        result
        for result in results
        if result.must_have_missing and result.status is not Status.RATED
    ]
    if reach is None:
        return Goal(needs, None, Fraction(0), len(lost))
    band = band_facts(reach, framework.readiness[reach])
    missing = _points_to_reach(results, band)
    return Goal(
        needs=needs,
        band=band,
        points_to_reach=missing,
        must_haves_lost=len(lost),
        obstacles=tuple(_obstacles(framework, results, band, lost)),
    )


def needs_of(results: Sequence[CompetenceResult]) -> tuple[Need, ...]:
    """Return the rated competences below what is required, in the order of the gaps."""
    return tuple(
        Need(gap.id, gap.rating, gap.required, gap.importance, gap.must_have)
        for gap in gaps_in_order(results)
        if gap.rating is not None
    )


def _points_to_reach(results: Sequence[CompetenceResult], band: BandFacts) -> Fraction:
    counted = [result for result in results if result.status is not Status.NOT_APPLICABLE]
    reachable = sum((result.reachable for result in counted), ZERO)
    reached = sum((result.reached or ZERO for result in counted), ZERO)
    whole = Fraction(band.at_least) * Fraction(reachable) / 100
    return max(Fraction(0), whole - Fraction(reached))


def _obstacles(
    framework: Framework,
    results: Sequence[CompetenceResult],
    band: BandFacts,
    lost: Sequence[CompetenceResult],
) -> Iterator[Obstacle]:
    """Yield what no action can change: unrated and not applicable competences."""
    reason = bands_of(framework, results, readiness_of(results)).reason
    if reason is not None:
        yield Obstacle(_NO_BAND[reason])
        return
    limit, most = band.max_must_haves_missing, band.max_must_have_gap
    too_many = limit is not None and len(lost) > limit
    for result in lost:
        if too_many or (most is not None and result.must_have_distance > most):
            is_unrated = result.status is Status.UNRATED
            yield Obstacle(
                Obstruction.MUST_HAVE_UNRATED if is_unrated else Obstruction.MUST_HAVE_NA,
                result.id,
            )
    most_points = sum((result.priority or ZERO for result in results), ZERO)
    if _points_to_reach(results, band) > most_points:
        yield Obstacle(Obstruction.UNRATED)


def reaches(goal: Goal, levels: Mapping[str, Decimal]) -> bool:
    """Whether levels by competence are enough for the band of the goal; true without a band."""
    if goal.band is None:
        return True
    limit, most = goal.band.max_must_haves_missing, goal.band.max_must_have_gap
    short = tuple(missing_by(goal, levels).values())
    return (
        not goal.obstacles
        and points(levels, goal.needs) >= goal.points_to_reach
        and (limit is None or goal.must_haves_lost + len(short) <= limit)
        and (most is None or all(distance <= most for distance in short))
    )


def missing_by(goal: Goal, levels: Mapping[str, Decimal]) -> Mapping[str, Decimal]:
    """Return by how much each must-have with a gap is missed, by competence; only those missed."""
    return {
        need.competence: need.must_have - levels[need.competence]
        for need in must_haves_missing(goal.needs)
        if need.must_have is not None and levels[need.competence] < need.must_have
    }


def must_haves_missing(needs: Iterable[Need]) -> tuple[Need, ...]:
    """Return the needs whose must-have is missing now."""
    return tuple(
        need for need in needs if need.must_have is not None and need.level < need.must_have
    )
