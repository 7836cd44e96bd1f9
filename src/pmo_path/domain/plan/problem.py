"""What a solver is given: the choice of actions as linear inequalities in whole numbers.

There is a variable for each action, and one for each climb that an action can bring: from a level
that can be the current one to the level of its effect. The climbs of a competence form a path from
the level now. Nothing here knows a solver. `docs/planning.md` explains the model.
"""

from __future__ import annotations

import math
from collections import defaultdict
from decimal import Decimal
from fractions import Fraction
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from pmo_path.domain.plan.effects import Climb, effects_on, possible
from pmo_path.domain.plan.goal import must_haves_missing
from pmo_path.domain.plan.limits import practice_first, weeks_of, within_weeks
from pmo_path.domain.plan.model import ActionKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from pmo_path.domain.plan.model import Action, Need, Task

ZERO = Decimal(0)
LARGEST = 10**7
"""Solvers calculate with floating-point numbers; whole numbers up to here are safe."""


class Constraint(NamedTuple):
    """A sum of variables times whole numbers, with its bounds."""

    terms: Mapping[int, int]
    """The number that each variable is multiplied by."""
    at_most: int
    """The upper bound; there is no lower one."""


class Objective(NamedTuple):
    """A sum to make as large as possible."""

    terms: Mapping[int, int]
    scale: Fraction
    """How many units of the sum make 1 in the figures of the task."""


class Problem(NamedTuple):
    """A task as a solver takes it: all variables are 0 or 1."""

    actions: tuple[Action, ...]
    """The first variables, in this order."""
    climbs: tuple[Climb, ...]
    """The variables after them."""
    rows: tuple[Constraint, ...]
    objectives: tuple[Objective, ...]
    """In order of precedence: each counts only among the best by those before it."""


def problem_of(task: Task, excluded: Iterable[AbstractSet[str]] = ()) -> Problem:
    """Return the linear model of a task, without the selections excluded."""
    return _Builder(task).build(excluded)


def circles(problem: Problem, chosen: Iterable[int]) -> Constraint | None:
    """Return the row that cuts a circle off: climbs that wait for each other; None if none do.

    `chosen` are the variables that are 1.
    """
    first = len(problem.actions)
    climbs = {index: problem.climbs[index - first] for index in chosen if index >= first}
    before: dict[str, dict[str, tuple[int, ...]]] = defaultdict(dict)
    for action in problem.actions:
        before[action.id] |= dict.fromkeys(action.after, ())
    by_level: dict[str, list[int]] = defaultdict(list)
    for index in sorted(climbs, key=lambda index: climbs[index].to_level):
        by_level[climbs[index].competence].append(index)
    for indices in by_level.values():
        for earlier, later in pairwise(indices):
            before[climbs[later].action][climbs[earlier].action] = (earlier, later)
    try:
        tuple(TopologicalSorter(before).static_order())
    except CycleError as error:
        circle = error.args[1]
        waiting = {
            index for earlier, later in pairwise(circle) for index in before[later][earlier]
        }
        return Constraint(dict.fromkeys(waiting, 1), len(waiting) - 1)
    return None


class _Builder:
    """Collects the rows of a task."""

    def __init__(self, task: Task) -> None:
        self._task = task
        self._actions = tuple(
            action
            for action in possible(within_weeks(task.actions, task.limits))
            if action.effects or action.id in task.kept or _is_presupposed(action, task.actions)
        )
        self._indices = {action.id: index for index, action in enumerate(self._actions)}
        self._weeks = {action.id: weeks_of(action, task.limits) for action in self._actions}
        self._climbs = tuple(
            climb for need in task.goal.needs for climb in _climbs(self._actions, need)
        )
        self._climbs_of: dict[str, list[int]] = defaultdict(list)
        self._in: dict[tuple[str, Decimal], list[int]] = defaultdict(list)
        self._out: dict[tuple[str, Decimal], list[int]] = defaultdict(list)
        for index, climb in enumerate(self._climbs, len(self._actions)):
            self._climbs_of[climb.action].append(index)
            self._in[climb.competence, climb.to_level].append(index)
            self._out[climb.competence, climb.from_level].append(index)
        self._rows: list[Constraint] = []

    def build(self, excluded: Iterable[AbstractSet[str]]) -> Problem:
        """Return the whole model."""
        self._add_paths()
        self._add_use()
        self._add_limits()
        self._add_band()
        for selection in excluded:
            self._exclude(selection)
        return Problem(
            actions=self._actions,
            climbs=self._climbs,
            rows=tuple(self._rows),
            objectives=tuple(self._objectives()),
        )

    def _add(self, terms: Mapping[int, Decimal | int], at_most: Decimal | Fraction | int) -> None:
        """Add a row; where its numbers are rounded, it only becomes stricter."""
        whole, scale = _whole(terms)
        self._rows.append(Constraint(whole, math.floor(Fraction(at_most) * scale)))

    def _add_paths(self) -> None:
        """Climbs of a competence form one path, and each effect is used once at most."""
        for need in self._task.goal.needs:
            levels = {level for key, level in self._out if key == need.competence}
            for level in sorted(levels):
                arriving = self._in[need.competence, level] if level != need.level else []
                terms = dict.fromkeys(self._out[need.competence, level], 1)
                terms |= dict.fromkeys(arriving, -1)
                self._add(terms, 1 if level == need.level else 0)
        weeks: dict[str, dict[int, int]] = defaultdict(dict)
        for action in self._actions:
            own: dict[str, list[int]] = defaultdict(list)
            for index in self._climbs_of[action.id]:
                competence = self._climbs[index - len(self._actions)].competence
                own[competence].append(index)
                weeks[competence][index] = self._weeks[action.id]
            for indices in own.values():
                self._add({**dict.fromkeys(indices, 1), self._indices[action.id]: -1}, 0)
        for terms in weeks.values():
            self._add(terms, self._task.limits.weeks)

    def _add_use(self) -> None:
        """What is chosen is used or presupposed, together with what it presupposes itself."""
        for action in self._actions:
            index = self._indices[action.id]
            for other in action.after:
                self._add({index: 1, self._indices[other]: -1}, 0)
            if action.id in self._task.kept:
                continue
            uses = self._climbs_of[action.id] + [
                self._indices[other.id] for other in self._actions if action.id in other.after
            ]
            self._add({index: 1, **dict.fromkeys(uses, -1)}, 0)

    def _add_limits(self) -> None:
        limits = self._task.limits
        numbered = list(enumerate(self._actions))
        weeks = {index: self._weeks[action.id] for index, action in numbered}
        self._add(
            {index: action.expected_hours for index, action in numbered},
            limits.hours_per_week * limits.weeks,
        )
        self._add(
            {index: weeks[index] for index, action in numbered if action.needs_assignment},
            limits.assignments_at_once * limits.weeks,
        )
        self._add(weeks, limits.competences_at_once * limits.weeks)
        if limits.budget is not None:
            costs = {index: action.cost or ZERO for index, action in numbered}
            self._add(costs, limits.budget.amount)
        if practice_first(self._task.actions):
            signs = {ActionKind.COURSE: 1, ActionKind.STEP: -1}
            self._add({index: signs[action.kind] for index, action in numbered}, 1)
        for key in sorted(self._task.kept):
            # An action to keep that cannot be chosen leaves 0 <= -1: nothing fits.
            index = self._indices.get(key)
            self._add({} if index is None else {index: -1}, -1)

    def _add_band(self) -> None:
        goal = self._task.goal
        if goal.band is None:
            return
        if goal.obstacles:
            self._add({}, -1)
        gained = self._gains()
        self._add({index: -gain for index, gain in gained.items()}, -goal.points_to_reach)
        missing = must_haves_missing(goal.needs)
        if goal.band.max_must_haves_missing is not None:
            to_meet = goal.must_haves_lost + len(missing) - goal.band.max_must_haves_missing
            self._add(dict.fromkeys(self._meeting(), -1), -to_meet)
        if goal.band.max_must_have_gap is not None:
            for need in missing:
                level = (need.must_have or ZERO) - goal.band.max_must_have_gap
                if need.level < level:
                    self._add(dict.fromkeys(self._passing(need.competence, level), -1), -1)

    def _exclude(self, selection: AbstractSet[str]) -> None:
        if selection <= self._indices.keys():
            signs = {index: 1 if key in selection else -1 for key, index in self._indices.items()}
            self._add(signs, len(selection) - 1)

    def _objectives(self) -> Iterator[Objective]:
        hours = {index: -action.expected_hours for index, action in enumerate(self._actions)}
        must_haves = dict.fromkeys(self._meeting(), 1)
        ordered: list[Mapping[int, Decimal | int]] = [must_haves, self._gains(), hours]
        if self._task.goal.band is not None:
            ordered = [hours, must_haves, self._gains()]
        for terms in ordered:
            # Rounded up, so that what is found to be the bound is none too low.
            yield Objective(*_whole(terms))

    def _gains(self) -> Mapping[int, Decimal]:
        """Importance times the levels that each climb gains."""
        needs = {need.competence: need for need in self._task.goal.needs}
        return {
            index: climb.gain(needs[climb.competence]) for index, climb in self._numbered_climbs()
        }

    def _meeting(self) -> Sequence[int]:
        """The climbs that meet a must-have."""
        return [
            index
            for need in must_haves_missing(self._task.goal.needs)
            for index in self._passing(need.competence, need.must_have or ZERO)
        ]

    def _passing(self, competence: str, level: Decimal) -> Sequence[int]:
        """The climbs that lead to a level from below it."""
        return [
            index
            for index, climb in self._numbered_climbs()
            if climb.competence == competence and climb.from_level < level <= climb.to_level
        ]

    def _numbered_climbs(self) -> Iterator[tuple[int, Climb]]:
        return enumerate(self._climbs, len(self._actions))


def _is_presupposed(action: Action, actions: Iterable[Action]) -> bool:
    return any(action.id in other.after for other in actions)


def _climbs(actions: Sequence[Action], need: Need) -> Iterator[Climb]:
    """Yield each climb that an action can bring from a level that others can bring."""
    effects = effects_on(need.competence, actions)
    levels = {need.level}
    queue = [need.level]
    while queue:
        level = queue.pop()
        for action, effect in effects:
            if effect.raises(level) and level < need.required:
                yield Climb(action.id, need.competence, level, effect.to)
                if effect.to not in levels:
                    levels.add(effect.to)
                    queue.append(effect.to)


def _whole(terms: Mapping[int, Decimal | int]) -> tuple[dict[int, int], Fraction]:
    """Return the terms times the least number that makes them whole, and that number.

    Where they would be larger than a solver can take, the number is lower, and they are rounded up.
    """
    ratios = {index: value.as_integer_ratio() for index, value in terms.items() if value}
    if not ratios:
        return {}, Fraction(1)
    denominator = math.lcm(*(below for _, below in ratios.values()))
    numerators = {
        index: above * (denominator // below) for index, (above, below) in ratios.items()
    }
    divisor = math.gcd(*numerators.values())
    scale = Fraction(denominator, divisor)
    largest = max(map(abs, numerators.values())) // divisor
    if largest <= LARGEST:
        return {index: number // divisor for index, number in numerators.items()}, scale
    shrink = Fraction(LARGEST, largest)
    rounded = {
        index: math.ceil(number // divisor * shrink) for index, number in numerators.items()
    }
    return rounded, scale * shrink
