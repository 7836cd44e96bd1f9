"""Make a development plan: choose actions, give them weeks, and try how certain the choice is."""

from __future__ import annotations

import math
import random
from bisect import bisect_left
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from pmo_path.domain.plan.contents import plan_of
from pmo_path.domain.plan.effects import possible
from pmo_path.domain.plan.fitting import Fitted, fit, merit
from pmo_path.domain.plan.goal import blocked
from pmo_path.domain.plan.limits import MAX_HOURS_PER_WEEK, MAX_WEEKS, practice_first, weeks_of
from pmo_path.domain.plan.model import Obstruction, Selection, Slot, Task, Worth
from pmo_path.domain.plan.schedule import Timing
from pmo_path.domain.plan.situation import situation
from pmo_path.domain.plan.weekdays import monday, week_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pmo_path.domain.plan.model import Action, Blocked, Goal, Limits, Solver
    from pmo_path.domain.plan.result import Plan
    from pmo_path.domain.plan.situation import Situation

TRIALS = 25
"""How often the task is solved with other efforts."""
PARTS = 100
"""An effort is drawn from this many equal parts of its range, so it is an exact number."""
WEEKS_TO_A_POSITION = 13
"""Somebody whose role does not lead to the target gets no position and no outside event sooner."""
_HELPED_BY_LIMITS = frozenset({Obstruction.NO_WEEKS, Obstruction.LIMITS, Obstruction.KEPT})
"""What more hours a week or more weeks may remove."""


def make_plan(
    person: Situation, solver: Solver, *, trials: int = TRIALS, explain: bool = False
) -> Plan | Blocked:
    """Return a plan for a person, or what keeps the band out of reach.

    Nothing new begins before the Monday on or after today. Of the actions of a plan made before,
    what is done counts, what is pinned or running keeps its dates, and the rest keeps its weeks
    where they fit. `explain` adds what each action buys.
    """
    planner = _Planner(person, solver)
    fitted = planner.fitted()
    if not isinstance(fitted, Fitted):
        # An action that cannot end in time is never chosen, but shows that more weeks would help.
        reasons = blocked(planner.task._replace(actions=planner.allowed))
        is_about_limits = _HELPED_BY_LIMITS.issuperset(
            obstacle.reason for obstacle in reasons.obstacles
        )
        enough = tuple(_enough(person, solver)) if is_about_limits else None
        return reasons._replace(limits=person.order.limits, enough=enough)
    shares = shares_of_trials(planner.task, solver, trials) if trials else {}
    buys = dict(planner.buys(fitted)) if explain else {}
    plan = plan_of(person, fitted, planner.timing.not_before, shares, buys)
    return plan._replace(trials=trials)


def _enough(person: Situation, solver: Solver) -> Iterator[Limits]:
    """Yield the limits with the fewest hours a week, and with the fewest weeks, that would do."""
    limits = person.order.limits
    hours = range(math.floor(limits.hours_per_week) + 1, MAX_HOURS_PER_WEEK + 1)
    weeks = range(limits.weeks + 1, MAX_WEEKS + 1)
    for wider in (
        [limits._replace(hours_per_week=Decimal(number)) for number in hours],
        [limits._replace(weeks=number) for number in weeks],
    ):
        if wider and _would_do(person, wider[-1], solver):
            yield wider[bisect_left(wider, 1, key=lambda other: _would_do(person, other, solver))]


def _would_do(person: Situation, limits: Limits, solver: Solver) -> bool:
    """Whether a plan within other limits reaches its goal."""
    order = person.order._replace(limits=limits)
    other = situation(person.framework, person.ratings, person.role, order)
    fitted = _Planner(other, solver).fitted()
    return isinstance(fitted, Fitted) and fitted.reached


class _Planner:
    """What is solved for a person, and what its dates keep to."""

    def __init__(self, person: Situation, solver: Solver) -> None:
        self._person = person
        self._order = order = person.order
        self._solver = solver
        self.allowed = possible(
            action for action in person.actions if action.id not in order.exclude
        )
        pinned = self._slots_kept()
        self.timing = Timing(
            limits=order.limits,
            practice_first=practice_first(person.actions),
            not_before={action.id: self._first_week(action) for action in person.actions},
            pinned=pinned,
            preferred=self._weeks_preferred(),
        )
        in_time = (
            action for action in self.allowed if action.id in pinned or self._can_end(action)
        )
        self.task = Task(
            actions=possible(in_time, pinned.keys()),
            goal=person.goal,
            limits=order.limits._replace(weeks=max(1, order.limits.weeks - order.weeks_over)),
            kept=frozenset(pinned),
        )

    def fitted(self) -> Fitted | Blocked:
        """Return the best choice whose dates fit, or what blocks every choice."""
        return fit(self.task, self.timing, self._solver)

    def buys(self, fitted: Fitted) -> Iterator[tuple[str, Worth]]:
        """Yield for each action what the best plan without it is worth less."""
        for action in fitted.actions:
            kept = self.task.kept - {action.id}
            others = (other for other in self.task.actions if other.id != action.id)
            task = self.task._replace(actions=possible(others, kept), kept=kept)
            other = fit(task, self.timing, self._solver)
            if isinstance(other, Fitted):
                yield action.id, _lost(self.task.goal, fitted, other)

    def _slots_kept(self) -> Mapping[str, Slot]:
        """The weeks of what is pinned, and of what has begun and is not due yet."""
        order = self._order
        begins = monday(order.starts, order.weeks_over)
        kept = {}
        for action in self.allowed:
            written = order.earlier.get(action.id)
            if written is not None and (written.pinned or written.starts < begins <= written.due):
                first = max(0, week_of(order.starts, written.starts))
                last = max(first, week_of(order.starts, written.due))
                kept[action.id] = Slot(action.id, first, last)
        return kept

    def _weeks_preferred(self) -> Mapping[str, int]:
        """The first weeks of what was planned before and has not begun.

        What was to begin after an action that was done early may begin sooner.
        """
        order = self._order
        earlier = order.earlier.values()
        early = [action.due for action in earlier if action.days(order.today)[1] < action.due]
        weeks = {
            action.id: week_of(order.starts, action.starts)
            for action in earlier
            if not early or action.starts <= min(early)
        }
        return {key: week for key, week in weeks.items() if week >= order.weeks_over}

    def _first_week(self, action: Action) -> int:
        """The first week in which an action can begin, whatever it waits for."""
        needs_a_chance = action.start in {"position", "event"} and not self._is_next_role()
        return max(self._order.weeks_over, WEEKS_TO_A_POSITION if needs_a_chance else 0)

    def _is_next_role(self) -> bool:
        """Whether the person holds the target or a role that leads to it."""
        held, target = self._person.ratings.role, self._person.role
        roles = self._person.framework.roles
        return held == target or (held is not None and target in roles[held].leads_to)

    def _can_end(self, action: Action) -> bool:
        """Whether an action ends within the plan if it begins as soon as it can."""
        limits = self._order.limits
        return self.timing.not_before[action.id] + weeks_of(action, limits) <= limits.weeks


def _lost(goal: Goal, with_it: Fitted, without_it: Fitted) -> Worth:
    """What is lost; nothing where the plan without it was found to be as good.

    What the other plan has more of is no loss, except that it may take more hours.
    """
    more, less = with_it.worth, without_it.worth
    if merit(goal, less, is_reached=without_it.reached) >= merit(
        goal, more, is_reached=with_it.reached
    ):
        return Worth(0, Decimal(0), Decimal(0))
    return Worth(
        max(0, more.must_haves_met - less.must_haves_met),
        max(Decimal(0), more.points - less.points),
        more.expected_hours - less.expected_hours,
    )


def shares_of_trials(task: Task, solver: Solver, trials: int) -> Mapping[str, Fraction]:
    """Return in which share of the trials each action of a task is chosen, by its id.

    In each trial, hours are drawn at random from their ranges. The draws depend on nothing but the
    number of the trial and the id of the action, so results are the same everywhere, and an action
    keeps its efforts when others come or go.
    """
    chosen = dict.fromkeys((action.id for action in task.actions), 0)
    for trial in range(trials):
        drawn = tuple(_drawn(action, trial) for action in task.actions)
        selection = solver(task._replace(actions=drawn), ())
        for key in selection.actions if isinstance(selection, Selection) else ():
            chosen[key] += 1
    return {key: Fraction(count, trials) for key, count in chosen.items()}


def _drawn(action: Action, trial: int) -> Action:
    """The action with hours drawn from its range."""
    low, high = action.hours
    part = random.Random(f"{trial} {action.id}").randrange(PARTS + 1)  # noqa: S311  no secret
    hours = low + (high - low) * part / PARTS
    return action._replace(hours=(Decimal(hours), Decimal(hours)))
