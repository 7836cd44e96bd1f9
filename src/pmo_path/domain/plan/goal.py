"""What a plan is for, as much of the gap as possible or a readiness band, and what blocks it.

The conditions of a band are those of `domain.bands`: its percentage at the low end of the range,
where unrated competences count at the lowest level, and its limits on missing must-haves.
"""

from __future__ import annotations

import heapq
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from pmo_path.domain.bands import BandReason, band_facts, bands_of
from pmo_path.domain.errors import UsageProblem
from pmo_path.domain.names import Named, NameIndex
from pmo_path.domain.next_band_path import (
    blocking_must_haves,
    missing_without_level,
    needs_more_ratings,
    points_to_reach,
)
from pmo_path.domain.plan.effects import effects_on, highest_levels, points
from pmo_path.domain.plan.limits import weeks_of, within_weeks
from pmo_path.domain.plan.model import Blocked, Goal, Need, Obstacle, Obstruction
from pmo_path.domain.scoring import Status, gaps_in_order, readiness_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pmo_path.domain.bands import BandFacts
    from pmo_path.domain.framework import Framework
    from pmo_path.domain.plan.model import Action, Limits, Task
    from pmo_path.domain.scoring import CompetenceResult

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
    goal = Goal(needs_of(results), None, Fraction(0), len(missing_without_level(results)))
    if reach is None:
        return goal
    band = band_facts(reach, framework.readiness[reach])
    return goal._replace(
        band=band,
        points_to_reach=points_to_reach(results, band),
        obstacles=tuple(_obstacles(framework, results, band)),
    )


def needs_of(results: Sequence[CompetenceResult]) -> tuple[Need, ...]:
    """Return the rated competences below what is required, in the order of the gaps."""
    return tuple(
        Need(gap.id, gap.rating, gap.required, gap.importance, gap.must_have)
        for gap in gaps_in_order(results)
        if gap.rating is not None
    )


def _obstacles(
    framework: Framework, results: Sequence[CompetenceResult], band: BandFacts
) -> Iterator[Obstacle]:
    """Yield what no action can change: unrated and not applicable competences."""
    reason = bands_of(framework, results, readiness_of(results)).reason
    if reason is not None:
        yield Obstacle(_NO_BAND[reason])
        return
    for result in blocking_must_haves(results, band):
        is_unrated = result.status is Status.UNRATED
        yield Obstacle(
            Obstruction.MUST_HAVE_UNRATED if is_unrated else Obstruction.MUST_HAVE_NA, result.id
        )
    if needs_more_ratings(results, band):
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
    return tuple(need for need in needs if need.is_must_have_missing)


# --- What is in the way ---------------------------------------------------------------------------------


def blocked(task: Task) -> Blocked:
    """Return why no selection is fit for a task, given that none is."""
    obstacles = (*task.goal.obstacles, *_out_of_reach(task))
    reason = Obstruction.LIMITS if task.goal.band is not None else Obstruction.KEPT
    return Blocked(obstacles or (Obstacle(reason),), task.goal.band, task.limits)


def _out_of_reach(task: Task) -> Iterator[Obstacle]:
    """Yield the levels that the band requires and to which nothing leads, or not in time."""
    band = task.goal.band
    if band is None:
        return
    anyhow = highest_levels(task.actions, task.goal.needs)
    in_time = _levels_within_weeks(task)
    levels = {key: min(level, in_time[key]) for key, level in anyhow.items()}
    short = missing_by(task.goal, levels)
    most, limit = band.max_must_have_gap, band.max_must_haves_missing
    too_many = limit is not None and task.goal.must_haves_lost + len(short) > limit
    needed = {
        need.competence: need.must_have
        for need in must_haves_missing(task.goal.needs)
        if need.must_have is not None and need.competence in short
        if too_many or (most is not None and short[need.competence] > most)
    }
    if not needed and points(levels, task.goal.needs) < task.goal.points_to_reach:
        needed = {
            need.competence: need.required
            for need in task.goal.needs
            if levels[need.competence] < need.required
        }
    for key, level in needed.items():
        leads_nowhere = anyhow[key] < level
        reason = Obstruction.NO_ACTION if leads_nowhere else Obstruction.NO_WEEKS
        yield Obstacle(reason, key, level)


def _levels_within_weeks(task: Task) -> Mapping[str, Decimal]:
    """Return the highest level that a chain of actions leads to in time, by competence.

    Each competence is looked at alone, so a level may be out of reach for other reasons.
    """
    actions = within_weeks(task.actions, task.limits)
    return {
        need.competence: _level_in_time(need, actions, task.limits) for need in task.goal.needs
    }


def _level_in_time(need: Need, actions: Sequence[Action], limits: Limits) -> Decimal:
    """The shortest way to each level, by weeks (Dijkstra's algorithm)."""
    effects = effects_on(need.competence, actions)
    reached = need.level
    known: set[Decimal] = set()
    queue = [(0, need.level)]
    while queue:
        weeks, level = heapq.heappop(queue)
        if level in known or weeks > limits.weeks:
            continue
        known.add(level)
        reached = max(reached, level)
        for action, effect in effects:
            if effect.raises(level):
                heapq.heappush(queue, (weeks + weeks_of(action, limits), effect.to))
    return reached
