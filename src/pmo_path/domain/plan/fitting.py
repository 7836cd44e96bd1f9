"""A choice of actions whose dates fit: choose, schedule, and choose again if they do not.

A choice that cannot be scheduled is cut off, and the next best one is made. What could be scheduled
of each is kept in mind; if no whole choice fits soon, the best of these parts counts, filled up
with whatever else fits.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from pmo_path.domain.plan.effects import (
    Outcome,
    effects_on,
    outcome,
    outcome_in_order,
    prerequisites_first,
    with_those_before,
    worth,
)
from pmo_path.domain.plan.goal import reaches
from pmo_path.domain.plan.limits import is_balanced, keeps_limits
from pmo_path.domain.plan.model import Action, Method, Selection, Slot, Worth
from pmo_path.domain.plan.schedule import Schedule, schedule

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from collections.abc import Set as AbstractSet

    from pmo_path.domain.plan.model import Blocked, Goal, Solver, Task
    from pmo_path.domain.plan.schedule import Timing

MOST_CUTS = 3
"""How many choices that cannot be scheduled are cut off before their best part counts."""
SHARES_OF_HOURS = tuple(Decimal(percent) / 100 for percent in (95, 90, 80, 70, 60, 50))
"""Shares of the hours with which choices are made after that: fewer actions fit more easily."""
MOST_TRIES = 40
"""How many actions are tried when looking for what else fits."""
MOST_ROUNDS = 3
"""How often whatever else fits is looked for; each round may make more possible."""


class Fitted(NamedTuple):
    """Actions with their weeks."""

    actions: tuple[Action, ...]
    slots: tuple[Slot, ...]
    worth: Worth
    reached: bool
    """Whether the band to reach is reached; true without one."""
    method: Method
    bound: Worth | None


def merit(goal: Goal, worth: Worth, *, is_reached: bool) -> tuple[bool, tuple[Decimal | int, ...]]:
    """The sort key of plans for a goal; the highest is the best."""
    return is_reached, goal.rank(worth) if is_reached else worth.rank


def fit(task: Task, timing: Timing, solver: Solver) -> Fitted | Blocked:
    """Return the best choice that can be scheduled, or what the solver says blocks every choice."""
    first = solver(task, ())
    if not task.actions and task.goal.band is None:
        nothing = Worth(0, Decimal(0), Decimal(0))
        first = Selection(frozenset(), Method.EXACT, nothing)
    if not isinstance(first, Selection):
        return first
    fitter = _Fitter(task, timing)
    best = fitter.scheduled(frozenset())
    for selection in _choices(task, first, solver):
        part = fitter.scheduled(selection.actions)
        best = max(best, part, key=fitter.merit)
        if part.is_whole or _is_best_of_all(best, first):
            break
    if not _is_best_of_all(best, first):
        best = fitter.filled(best)
    return Fitted(
        actions=best.actions,
        slots=best.slots,
        worth=best.worth,
        reached=best.reached,
        method=_method(first, best),
        bound=first.bound,
    )


def _choices(task: Task, first: Selection, solver: Solver) -> Iterator[Selection]:
    """Yield one choice after the other, as long as none of them can be scheduled whole."""
    yield first
    if first.method is Method.GREEDY:
        return
    cuts = [first.actions]
    while len(cuts) <= MOST_CUTS:
        selection = solver(task, tuple(cuts))
        if not isinstance(selection, Selection):
            return
        yield selection
        cuts.append(selection.actions)
    for share in SHARES_OF_HOURS:
        hours = task.limits.hours_per_week * share
        less = task._replace(limits=task.limits._replace(hours_per_week=hours))
        selection = solver(less, ())
        if isinstance(selection, Selection):
            yield selection


def _method(first: Selection, best: _Part) -> Method:
    is_exact = first.method is Method.EXACT
    return Method.BEST_FOUND if is_exact and not _is_best_of_all(best, first) else first.method


def _is_best_of_all(best: _Part, first: Selection) -> bool:
    return best.reached and best.worth == first.bound


class _Part(NamedTuple):
    """What could be scheduled of a choice."""

    actions: tuple[Action, ...]
    outcome: Outcome
    slots: tuple[Slot, ...]
    worth: Worth
    reached: bool
    is_whole: bool
    """Whether it is all that is of use in the choice."""

    @property
    def ids(self) -> frozenset[str]:
        """The ids of its actions."""
        return frozenset(action.id for action in self.actions)


class _Fitter:
    """Schedules choices for a task."""

    def __init__(self, task: Task, timing: Timing) -> None:
        self._task = task
        self._timing = timing
        self._before = {action.id: action.after for action in task.actions}

    def merit(self, part: _Part) -> tuple[bool, tuple[Decimal | int, ...]]:
        """The sort key of parts; the highest is the best."""
        return merit(self._task.goal, part.worth, is_reached=part.reached)

    def scheduled(self, ids: AbstractSet[str]) -> _Part:
        """Schedule as many of the actions as possible, without those that are then of no use."""
        result = outcome(self._actions(ids), self._task.goal.needs)
        actions = self._useful(self._actions(ids), result)
        is_whole = True
        while True:
            result = self._among(actions, result)
            dates = self._schedule(actions, result)
            left = tuple(action for action in actions if action.id not in dates.unplaced)
            if not dates.unplaced:
                return self._part(actions, result, dates, is_whole=is_whole)
            actions, is_whole = self._useful(left, result), False

    def filled(self, part: _Part) -> _Part:
        """Add whatever makes a part better and still fits, the largest gain for its hours first."""
        tries = 0
        for _ in range(MOST_ROUNDS):
            before = part
            for action in self._by_gain(part):
                ids = with_those_before((action.id,), self._before)
                actions = self._actions(part.ids | ids)
                is_more = len(actions) > len(part.actions)
                if is_more and tries < MOST_TRIES and keeps_limits(self._task, actions):
                    tries += 1
                    more = self._with(part, actions)
                    part = part if more is None else max(part, more, key=self.merit)
            if part == before:
                break
        return part

    def _by_gain(self, part: _Part) -> Sequence[Action]:
        """The actions that raise a level that the part reaches, by gain for their hours."""
        gains = dict.fromkeys(self._before, Decimal(0))
        for need in self._task.goal.needs:
            level = part.outcome.levels[need.competence]
            for action, effect in effects_on(need.competence, self._task.actions):
                if effect.raises(level):
                    gains[action.id] += max(Decimal(0), need.gain(level, effect.to))
        raising = [action for action in self._task.actions if gains[action.id]]
        return sorted(raising, key=lambda action: -gains[action.id] / action.expected_hours)

    def _with(self, part: _Part, actions: tuple[Action, ...]) -> _Part | None:
        """The part with more actions, but for those without use; None if they do not fit."""
        # What is added comes last, so nothing that the part has misses its level.
        new = [action for action in actions if action.id not in part.ids]
        added = [action.id for action in prerequisites_first(new)]
        result = self._in_order(actions, (*part.outcome.order, *added))
        actions = self._useful(actions, result)
        result = self._among(actions, result)
        dates = self._schedule(actions, result)
        if dates.unplaced:
            return None
        return self._part(actions, result, dates, is_whole=part.is_whole)

    def _schedule(self, actions: tuple[Action, ...], result: Outcome) -> Schedule:
        return schedule(actions, self._task.goal.needs, result, self._timing)

    def _part(
        self, actions: tuple[Action, ...], result: Outcome, dates: Schedule, *, is_whole: bool
    ) -> _Part:
        return _Part(
            actions,
            result,
            dates.slots,
            worth(actions, result.levels, self._task.goal.needs),
            reaches(self._task.goal, result.levels),
            is_whole,
        )

    def _useful(self, actions: tuple[Action, ...], result: Outcome) -> tuple[Action, ...]:
        """Leave out actions without which the others come to the same, the longest first."""
        gain = self._gain(actions, result)
        for action in sorted(actions, key=lambda action: -action.expected_hours):
            without = tuple(other for other in actions if other.id != action.id)
            if (
                action.id not in self._task.kept
                and not any(action.id in other.after for other in without)
                and (is_balanced(without) or not self._timing.practice_first)
                and self._gain(without, result) == gain
            ):
                return self._useful(without, result)
        return actions

    def _gain(self, actions: tuple[Action, ...], result: Outcome) -> tuple[int, Decimal]:
        levels = self._among(actions, result).levels
        must_haves, points, _ = worth(actions, levels, self._task.goal.needs)
        return must_haves, points

    def _actions(self, ids: AbstractSet[str]) -> tuple[Action, ...]:
        return tuple(action for action in self._task.actions if action.id in ids)

    def _among(self, actions: tuple[Action, ...], result: Outcome) -> Outcome:
        """What some of the actions lead to in the same order."""
        return self._in_order(actions, result.order)

    def _in_order(self, actions: tuple[Action, ...], order: Iterable[str]) -> Outcome:
        known = {action.id: action for action in actions}
        in_order = [known[key] for key in order if key in known]
        return outcome_in_order(in_order, self._task.goal.needs)
