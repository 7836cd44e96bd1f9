"""Choose actions one after the other by what they gain for their hours, without a solver.

What is added each time is a bundle: the actions that lead from the level reached to another one, by
the fewest hours, with what they presuppose. Missing must-haves come first. The result keeps every
limit, and it may be worse than the best choice.
"""

from __future__ import annotations

import heapq
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from pmo_path.domain.plan.effects import (
    effects_on,
    highest_levels,
    outcome,
    points,
    possible,
    with_those_before,
    worth,
)
from pmo_path.domain.plan.goal import blocked, missing_by, reaches
from pmo_path.domain.plan.limits import keeps_limits, within_weeks
from pmo_path.domain.plan.model import Blocked, Method, Selection

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from collections.abc import Set as AbstractSet

    from pmo_path.domain.plan.model import Action, Need, Task

ZERO = Decimal(0)

Ids = frozenset[str]


def choose_greedily(task: Task, excluded: tuple[frozenset[str], ...] = ()) -> Selection | Blocked:
    """Return a good selection for a task, or why there is none; a `Solver`."""
    greedy = _Greedy(task)
    chosen = greedy.start()
    if chosen is None or task.goal.obstacles:
        return blocked(task)
    while (more := greedy.better(chosen)) is not None:
        chosen = more
    if task.goal.band is not None:
        chosen = greedy.shortened(chosen)
    while chosen in excluded:
        shorter = greedy.one_less(chosen)
        if shorter is None:
            return blocked(task)
        chosen = shorter
    if not greedy.is_fit(chosen) or not greedy.reaches(chosen):
        return blocked(task)
    return Selection(chosen, Method.GREEDY, None)


class _Greedy:
    """Selections of one task, and which of them comes next."""

    def __init__(self, task: Task) -> None:
        self._task = task
        self._needs = task.goal.needs
        self._actions = {
            action.id: action for action in possible(within_weeks(task.actions, task.limits))
        }
        self._before = {key: action.after for key, action in self._actions.items()}

    def start(self) -> Ids | None:
        """The actions to keep with what they presuppose; None if they do not fit."""
        if not self._task.kept <= self._actions.keys():
            return None
        start = self._with_prerequisites(self._task.kept)
        return start if self._keeps_limits(start) else None

    def better(self, chosen: Ids) -> Ids | None:
        """The selection with the bundle that gains most for its hours; None if nothing fits."""
        if self._task.goal.band is not None and self.reaches(chosen):
            return None
        levels = self._levels(chosen)
        best, best_rate = None, (0, Fraction(0))
        for bundle in self._bundles(chosen, levels):
            more = chosen | bundle
            if more != chosen and self._keeps_limits(more):
                rate = self._rate(chosen, more, levels)
                if rate > best_rate and self.is_fit(more):
                    best, best_rate = more, rate
        return best

    def shortened(self, chosen: Ids) -> Ids:
        """The selection without the actions that the band does not need, the longest first."""
        by_hours = sorted(chosen, key=lambda key: (-self._actions[key].expected_hours, key))
        for key in by_hours:
            fewer = chosen - {key}
            if self.is_fit(fewer) and self.reaches(fewer):
                chosen = fewer
        return chosen

    def one_less(self, chosen: Ids) -> Ids | None:
        """The best selection with one action less; None if there is none."""
        fewer = (chosen - {key} for key in sorted(chosen))
        fitting = (ids for ids in fewer if self.is_fit(ids) and self.reaches(ids))
        return max(fitting, key=self._rank, default=None)

    def is_fit(self, chosen: Ids) -> bool:
        """Whether a selection keeps the limits, and each of its actions is of use."""
        if not self._keeps_limits(chosen):
            return False
        return not outcome(self._in_order(chosen), self._needs).unused - self._task.kept

    def reaches(self, chosen: Ids) -> bool:
        """Whether a selection reaches the band of the goal; true without a band."""
        return reaches(self._task.goal, outcome(self._in_order(chosen), self._needs).levels)

    def _rank(self, chosen: Ids) -> tuple[Decimal | int, ...]:
        actions = self._in_order(chosen)
        return worth(actions, outcome(actions, self._needs).levels, self._needs).rank

    def _keeps_limits(self, chosen: Ids) -> bool:
        return keeps_limits(self._task, self._in_order(chosen))

    def _in_order(self, chosen: AbstractSet[str]) -> tuple[Action, ...]:
        return tuple(action for key, action in self._actions.items() if key in chosen)

    def _levels(self, chosen: Ids) -> Mapping[str, Decimal]:
        return highest_levels(self._in_order(chosen), self._needs)

    def _rate(self, chosen: Ids, more: Ids, levels: Mapping[str, Decimal]) -> tuple[int, Fraction]:
        """What a selection gains by more actions: must-haves, then points for each hour.

        For a must-have, what counts is how many hours it takes.
        """
        raised = self._levels(more)
        hours = sum((self._actions[key].expected_hours for key in more - chosen), ZERO)
        goal = self._task.goal
        met = len(missing_by(goal, levels)) - len(missing_by(goal, raised))
        gain = points(raised, self._needs) - points(levels, self._needs)
        return (1 if met else 0), Fraction(met or gain) / Fraction(hours)

    def _bundles(self, chosen: Ids, levels: Mapping[str, Decimal]) -> Iterator[Ids]:
        """Yield for each level that can be reached the actions that lead there soonest."""
        for need in self._needs:
            yield from self._ways(need, chosen, levels[need.competence])

    def _ways(self, need: Need, chosen: Ids, start: Decimal) -> Iterator[Ids]:
        """Yield the shortest ways by hours to each level above `start` (Dijkstra's algorithm)."""
        effects = effects_on(need.competence, self._actions.values())
        known: set[Decimal] = set()
        queue: list[tuple[Decimal, Decimal, tuple[str, ...]]] = [(ZERO, start, ())]
        while queue:
            _, level, way = heapq.heappop(queue)
            if level in known:
                continue
            known.add(level)
            if way:
                yield frozenset(way)
            for action, effect in effects:
                if effect.raises(level) and level < need.required:
                    longer = self._with_prerequisites({*way, action.id})
                    hours = sum(
                        (self._actions[other].expected_hours for other in longer - chosen), ZERO
                    )
                    heapq.heappush(queue, (hours, effect.to, tuple(sorted(longer))))

    def _with_prerequisites(self, ids: AbstractSet[str]) -> Ids:
        return with_those_before(ids, self._before)
