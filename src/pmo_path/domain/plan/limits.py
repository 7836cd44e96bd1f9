"""What a choice of actions has to keep to: hours, weeks, money, and courses beside steps."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from pmo_path.domain.plan.model import ActionKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pmo_path.domain.plan.model import Action, Limits, Task

ZERO = Decimal(0)
MAX_HOURS_PER_WEEK = 60
"""The most hours a week that a plan can count on."""
MAX_WEEKS = 261
"""The longest plan: five years."""
MAX_AT_ONCE = 20
"""The most assignments or competences at once."""


def weeks_of(action: Action, limits: Limits) -> int:
    """Return how many weeks an action runs: those it is expected to take, or that its hours fill."""
    by_hours = Fraction(action.expected_hours) / Fraction(limits.hours_per_week)
    return max(1, math.ceil(action.expected_weeks), math.ceil(by_hours))


def within_weeks(actions: Iterable[Action], limits: Limits) -> tuple[Action, ...]:
    """Return the actions that take no longer than there is."""
    return tuple(action for action in actions if weeks_of(action, limits) <= limits.weeks)


def practice_first(actions: Iterable[Action]) -> bool:
    """Whether courses are bound to steps: where there are steps to choose at all."""
    return any(action.kind is ActionKind.STEP for action in actions)


def is_balanced(chosen: Iterable[Action]) -> bool:
    """Whether there is at most one course more than there are steps."""
    kinds = [action.kind for action in chosen]
    return kinds.count(ActionKind.COURSE) <= kinds.count(ActionKind.STEP) + 1


def keeps_limits(task: Task, chosen: Sequence[Action]) -> bool:
    """Whether chosen actions can be done within the hours, weeks and money of a task.

    Their dates may still not fit; what does not keep these limits never will.
    """
    limits = task.limits
    ids = {action.id for action in chosen}
    weeks = {action.id: weeks_of(action, limits) for action in chosen}
    granted = sum(weeks[action.id] for action in chosen if action.needs_assignment)
    hours = sum((action.expected_hours for action in chosen), ZERO)
    cost = sum((action.cost or ZERO for action in chosen), ZERO)
    return (
        task.kept <= ids
        and all(ids.issuperset(action.after) for action in chosen)
        and hours <= limits.hours_per_week * limits.weeks
        and all(length <= limits.weeks for length in weeks.values())
        and granted <= limits.assignments_at_once * limits.weeks
        and sum(weeks.values()) <= limits.competences_at_once * limits.weeks
        and (limits.budget is None or cost <= limits.budget.amount)
        and (is_balanced(chosen) or not practice_first(task.actions))
    )
