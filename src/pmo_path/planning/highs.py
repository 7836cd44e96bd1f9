"""Choose actions with HiGHS, a solver of linear problems in whole numbers.

Each objective is solved in turn, and its best value kept for the next ones. What HiGHS finds is
worked out again exactly; what does not stand up to that is cut off.
"""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

import highspy
import numpy as np

from pmo_path.domain.plan.effects import outcome, worth
from pmo_path.domain.plan.goal import blocked, reaches
from pmo_path.domain.plan.greedy import choose_greedily
from pmo_path.domain.plan.limits import keeps_limits
from pmo_path.domain.plan.model import Blocked, Method, Selection, Worth
from pmo_path.domain.plan.problem import Constraint, circles, problem_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pmo_path.domain.plan.model import Task
    from pmo_path.domain.plan.problem import Objective, Problem

MOST_NODES = 2_000
"""After so many nodes of branch and bound for one objective, the best selection found so far counts.
Work is counted, not time, so that a slower machine makes the same plan."""
MOST_CUTS = 100
"""Selections and circles that are cut off before the best selection so far counts."""
HALF = 0.5
"""The solver's 0 and 1 are floating-point numbers near them."""


class _Unsolved(Exception):
    """The solver found no solution, and does not know that there is none: the time was up."""


class _QuietHighs(highspy.Highs):
    """HiGHS without callbacks: registering them prints a banner before it can be switched off."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]

    def enableCallbacks(self) -> None:  # noqa: N802  its own name
        """Do nothing: no callback is used."""


class _Optimum(NamedTuple):
    """What the solver found."""

    chosen: frozenset[int]
    """The variables that are 1."""
    bounds: tuple[int, ...]
    """By objective, what no solution exceeds."""
    is_proven: bool


def choose(
    task: Task, excluded: tuple[frozenset[str], ...] = (), *, nodes: int = MOST_NODES
) -> Selection | Blocked:
    """Return the best selection for a task, or why there is none; a `Solver`.

    If so many `nodes` do not suffice, it is the best one found, with a bound.
    """
    if task.goal.obstacles:
        return blocked(task)
    try:
        best = _Search(task, nodes).best(excluded)
    except _Unsolved:
        return choose_greedily(task, excluded)
    return best or blocked(task)


class _Search:
    """The search for a selection that still keeps all limits when computed exactly."""

    def __init__(self, task: Task, nodes: int) -> None:
        self._task = task
        self._nodes = nodes
        self._circles: list[Constraint] = []
        self._problem: Problem

    def best(self, excluded: Iterable[frozenset[str]]) -> Selection | None:
        """Return the best selection; None if there is none.

        A solution that breaks a limit is cut off, and so is one that is not as good as its bound.
        """
        cuts = list(excluded)
        best: Selection | None = None
        best_rank: tuple[Decimal | int, ...] = ()
        for _ in range(MOST_CUTS):
            optimum = self._optimum(cuts)
            if optimum is None:
                break
            ids = frozenset(
                action.id
                for index, action in enumerate(self._problem.actions)
                if index in optimum.chosen
            )
            bound = self._bound(optimum)
            value = self._worth(ids)
            if value is not None and (best is None or self._rank(value) > best_rank):
                best_rank = self._rank(value)
                is_exact = optimum.is_proven and best_rank >= self._rank(bound)
                best = (
                    Selection(ids, Method.EXACT, value)
                    if is_exact
                    else Selection(ids, Method.BEST_FOUND, bound)
                )
            if best is not None and (not optimum.is_proven or best_rank >= self._rank(bound)):
                break
            cuts.append(ids)
        return best

    def _optimum(self, excluded: Sequence[frozenset[str]]) -> _Optimum | None:
        """Return the best solution without circles, or None if there is none."""
        self._problem = problem_of(self._task, excluded)
        while True:
            result = _solve(self._problem, self._circles, self._nodes)
            circle = None if result is None else circles(self._problem, result.chosen)
            if circle is None:
                return result
            self._circles.append(circle)

    def _worth(self, ids: frozenset[str]) -> Worth | None:
        """The worth of a selection by exact arithmetic; None if it breaks a limit."""
        task = self._task
        chosen = tuple(action for action in task.actions if action.id in ids)
        result = outcome(chosen, task.goal.needs)
        if (
            not keeps_limits(task, chosen)
            or result.unused - task.kept
            or not reaches(task.goal, result.levels)
        ):
            return None
        return worth(chosen, result.levels, task.goal.needs)

    def _rank(self, value: Worth) -> tuple[Decimal | int, ...]:
        return self._task.goal.rank(value)

    def _bound(self, optimum: _Optimum) -> Worth:
        values = [
            _decimal(Fraction(bound) / objective.scale)
            for bound, objective in zip(optimum.bounds, self._problem.objectives, strict=True)
        ]
        if self._task.goal.band is None:
            must_haves, points, hours = values
        else:
            hours, must_haves, points = values
        return Worth(int(must_haves), points, -hours)


def _decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)


def _solve(problem: Problem, cuts: Sequence[Constraint], nodes: int) -> _Optimum | None:
    """Solve one objective after the other; None if nothing fits. Raises _Unsolved."""
    if not problem.actions:
        fits = all(row.at_most >= 0 for row in problem.rows)
        return (
            _Optimum(frozenset(), (0,) * len(problem.objectives), is_proven=True) if fits else None
        )
    highs = _highs(problem, cuts)
    highs.setOptionValue("mip_max_nodes", nodes)
    bounds: list[int] = []
    chosen: frozenset[int] = frozenset()
    is_proven = True
    for objective in problem.objectives:
        _maximise(highs, objective)
        highs.run()
        status = highs.getModelStatus()
        if status == highspy.HighsModelStatus.kInfeasible:
            return None
        solution = highs.getSolution()
        if (
            highs.getInfo().primal_solution_status
            != highspy.SolutionStatus.kSolutionStatusFeasible
        ):
            raise _Unsolved
        chosen = frozenset(np.flatnonzero(np.asarray(solution.col_value) > HALF).tolist())
        value = sum(number for index, number in objective.terms.items() if index in chosen)
        if status != highspy.HighsModelStatus.kOptimal:
            is_proven = False
        bounds.append(value if is_proven else _bound(highs, objective))
        # Later objectives must keep this value.
        _add_row(highs, objective.terms, value, highspy.kHighsInf)
        highs.setSolution(solution)
    return _Optimum(chosen, tuple(bounds), is_proven)


def _bound(highs: highspy.Highs, objective: Objective) -> int:
    """What no solution exceeds, when the solver had to stop."""
    most = sum(number for number in objective.terms.values() if number > 0)
    bound = highs.getInfo().mip_dual_bound
    return min(most, math.floor(bound + HALF)) if math.isfinite(bound) else most


def _highs(problem: Problem, cuts: Sequence[Constraint]) -> highspy.Highs:
    highs = _QuietHighs()
    for option, setting in _OPTIONS.items():
        highs.setOptionValue(option, setting)
    count = len(problem.actions) + len(problem.climbs)
    for _ in range(count):
        highs.addVar(0.0, 1.0)
    integers = np.full(count, highspy.HighsVarType.kInteger)
    if count:
        highs.changeColsIntegrality(count, np.arange(count, dtype=np.int32), integers)
    for row in (*problem.rows, *cuts):
        _add_row(highs, row.terms, -highspy.kHighsInf, row.at_most)
    return highs


_OPTIONS: Mapping[str, bool | float | str] = {
    "output_flag": False,
    # The presolver of HiGHS 1.16 sometimes gives solutions back that break a constraint.
    "presolve": "off",
    "threads": 1,
    "random_seed": 1,
    "mip_rel_gap": 0.0,
    "mip_abs_gap": 0.0,
}


def _add_row(highs: highspy.Highs, terms: Mapping[int, int], low: float, high: float) -> None:
    indices = np.array(list(terms), dtype=np.int32)
    values = np.array(list(terms.values()), dtype=np.float64)
    highs.addRow(low, high, len(terms), indices, values)


def _maximise(highs: highspy.Highs, objective: Objective) -> None:
    count = highs.getNumCol()
    costs = np.zeros(count)
    for index, number in objective.terms.items():
        costs[index] = number
    highs.changeColsCost(count, np.arange(count, dtype=np.int32), costs)
    highs.changeObjectiveSense(highspy.ObjSense.kMaximize)
