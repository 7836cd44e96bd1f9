"""Whether a selection keeps the limits of its task, and why nothing does."""

from __future__ import annotations

import heapq
from decimal import Decimal
from typing import TYPE_CHECKING

from pmo_path.domain.plan.effects import highest_levels, points
from pmo_path.domain.plan.goal import missing_by, must_haves_missing
from pmo_path.domain.plan.model import ActionKind, Blocked, Obstacle, Obstruction
from pmo_path.domain.plan.run_time import weeks_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pmo_path.domain.plan.model import Action, Limits, Need, Task

ZERO = Decimal(0)


def practice_first(actions: Iterable[Action]) -> bool:
    """Whether courses are bound to steps: where there are steps to choose at all."""
    return any(action.kind is ActionKind.STEP for action in actions)


def keeps_limits(task: Task, chosen: Sequence[Action]) -> bool:
    """Whether chosen actions can be done within the hours, weeks and money of a task.

    Their dates may still not fit; what does not keep these limits never will.
    """
    limits = task.limits
    ids = {action.id for action in chosen}
    weeks = {action.id: weeks_of(action, limits) for action in chosen}
    granted = sum(weeks[action.id] for action in chosen if action.needs_assignment)
    hours = sum((action.expected_hours for action in chosen), ZERO)
    return (
        task.kept <= ids
        and all(ids.issuperset(action.after) for action in chosen)
        and hours <= limits.hours_per_week * limits.weeks
        and all(length <= limits.weeks for length in weeks.values())
        and granted <= limits.assignments * limits.weeks
        and sum(weeks.values()) <= limits.competences * limits.weeks
        and _is_affordable(chosen, limits)
        and _is_balanced(task, chosen)
    )


def _is_affordable(chosen: Iterable[Action], limits: Limits) -> bool:
    cost = sum((action.cost or ZERO for action in chosen), ZERO)
    return limits.budget is None or cost <= limits.budget.amount


def _is_balanced(task: Task, chosen: Iterable[Action]) -> bool:
    kinds = [action.kind for action in chosen]
    courses, steps = kinds.count(ActionKind.COURSE), kinds.count(ActionKind.STEP)
    return not practice_first(task.actions) or courses <= steps + 1


def within_weeks(actions: Iterable[Action], limits: Limits) -> tuple[Action, ...]:
    """Return the actions that take no longer than there is."""
    return tuple(action for action in actions if weeks_of(action, limits) <= limits.weeks)


def levels_within_weeks(task: Task) -> Mapping[str, Decimal]:
    """Return the highest level that a chain of actions leads to in time, by competence.

    Each competence is looked at alone, so a level may be out of reach for other reasons.
    """
    actions = within_weeks(task.actions, task.limits)
    return {
        need.competence: _level_in_time(need, actions, task.limits) for need in task.goal.needs
    }


def _level_in_time(need: Need, actions: Sequence[Action], limits: Limits) -> Decimal:
    """The shortest way to each level, by weeks (Dijkstra's algorithm)."""
    effects = [
        (weeks_of(action, limits), effect)
        for action in actions
        for effect in action.effects
        if effect.competence == need.competence
    ]
    reached = need.level
    known: set[Decimal] = set()
    queue = [(0, need.level)]
    while queue:
        weeks, level = heapq.heappop(queue)
        if level in known or weeks > limits.weeks:
            continue
        known.add(level)
        reached = max(reached, level)
        for length, effect in effects:
            if effect.from_ <= level < effect.to:
                heapq.heappush(queue, (weeks + length, effect.to))
    return reached


def blocked(task: Task) -> Blocked:
    """Return why no selection is fit for a task, given that none is."""
    obstacles = (*task.goal.obstacles, *_out_of_reach(task))
    reason = Obstruction.LIMITS if task.goal.band is not None else Obstruction.KEPT
    return Blocked(obstacles or (Obstacle(reason),))


def _out_of_reach(task: Task) -> Iterator[Obstacle]:
    """Yield the levels that the band requires and to which nothing leads, or not in time."""
    band = task.goal.band
    if band is None:
        return
    anyhow = highest_levels(task.actions, task.goal.needs)
    in_time = levels_within_weeks(task)
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
