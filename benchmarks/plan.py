"""How good and how quick the choice of actions for a plan is, by three methods.

Run with `make bench`. On the shipped framework, with random ratings of people on the way to
director: the share of the best weighted gap that is closed, and the must-haves that are lost, by the
order of the gaps, by the greedy choice and by the exact one. Then what whole plans, trials and
--explain cost, and growth with the size of a made-up framework.
"""

from __future__ import annotations

import datetime
import random
import resource
import time
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from pmo_path import load_framework, plan
from pmo_path.domain.plan.actions import actions_for
from pmo_path.domain.plan.effects import outcome, worth
from pmo_path.domain.plan.goal import goal_for
from pmo_path.domain.plan.greedy import choose_greedily
from pmo_path.domain.plan.limits import keeps_limits
from pmo_path.domain.plan.model import (
    Action,
    ActionKind,
    Effect,
    Goal,
    Limits,
    Method,
    Need,
    Selection,
    Task,
    Worth,
)
from pmo_path.domain.plan.planner import TRIALS, shares_of_trials
from pmo_path.domain.ratings import Ratings
from pmo_path.domain.scoring import score
from pmo_path.planning.highs import choose

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROLE = "pmo-director"
MONDAY = datetime.date(2026, 11, 30)
PEOPLE = 10
SIZES = ((25, 125), (50, 250), (100, 500))


def in_list_order(task: Task, _: tuple[frozenset[str], ...] = ()) -> Selection:
    """Take what is next for each gap, gap by gap, as long as it keeps the limits."""
    chosen: list[Action] = []
    for action in task.actions:
        more = [*chosen, action]
        if keeps_limits(task, more) and not outcome(more, task.goal.needs).unused:
            chosen = more
    return Selection(frozenset(action.id for action in chosen), Method.GREEDY, None)


METHODS: dict[str, Callable[..., object]] = {
    "list order": in_list_order,
    "greedy": choose_greedily,
    "exact": choose,
}


def worth_of(task: Task, selection: object) -> Worth:
    assert isinstance(selection, Selection)
    chosen = [action for action in task.actions if action.id in selection.actions]
    return worth(chosen, outcome(chosen, task.goal.needs).levels, task.goal.needs)


def shipped_ratings(hours: int) -> Iterator[Ratings]:
    """Yield ratings at random up to two levels below what is required."""
    dice = random.Random(hours)
    scored = load_framework().scored(ROLE)
    for _ in range(PEOPLE):
        yield Ratings.model_validate(
            {
                "ratings": {
                    key: max(Decimal(0), requirement.level - dice.choice([0, 1, 1, 2]))
                    for key, requirement in scored.items()
                }
            }
        )


def shipped_tasks(hours: int) -> list[Task]:
    """Tasks of these people."""
    framework = load_framework()
    tasks = []
    for ratings in shipped_ratings(hours):
        results = score(framework, ROLE, ratings)
        limits = Limits(Decimal(hours), 39)
        actions = actions_for(framework, ROLE, results, limits)
        tasks.append(Task(actions, goal_for(framework, results, None), limits))
    return tasks


def compare(hours: int) -> None:
    """Print what each method reaches with so many hours a week."""
    tasks = shipped_tasks(hours)
    best = [worth_of(task, choose(task)) for task in tasks]
    for name, method in METHODS.items():
        before = time.process_time()
        worths = [worth_of(task, method(task)) for task in tasks]
        used = (time.process_time() - before) / len(tasks)
        shares = [
            float(Fraction(mine.points) / Fraction(top.points)) if top.points else 1.0
            for mine, top in zip(worths, best, strict=True)
        ]
        lost = sum(
            mine.must_haves_met < top.must_haves_met
            for mine, top in zip(worths, best, strict=True)
        )
        print(
            f"  {hours} h a week, {name:10}  gap closed {min(shares):4.0%} to {max(shares):4.0%} "
            f"of the best choice's, a must-have lost for {lost} of {len(tasks)}, {used:.2f} s"
        )


def whole_plans(hours: int) -> None:
    """Print what whole plans of these people cost, alone, with trials, and with --explain."""
    framework = load_framework()
    options: dict[str, dict[str, Any]] = {
        "dates": {"trials": 0},
        "trials": {},
        "explain": {"trials": 0, "explain": True},
    }
    for name, option in options.items():
        used = []
        for ratings in shipped_ratings(hours):
            before = time.process_time()
            plan(
                framework,
                ratings,
                ROLE,
                starts=MONDAY,
                today=MONDAY,
                limits=Limits(Decimal(hours), 39),
                **option,
            )
            used.append(time.process_time() - before)
        print(
            f"  {hours} h a week, plan with {name:7}  {sum(used) / len(used):.2f} s, "
            f"at most {max(used):.2f} s"
        )


def made_up_task(competences: int, actions: int) -> Task:
    """A task with one step for each of four levels, and courses with three effects each."""
    dice = random.Random(1)
    names = [f"c{number}" for number in range(competences)]
    needs = tuple(
        Need(name, Decimal(dice.randint(0, 2)), Decimal(4), Decimal(dice.randint(1, 5)), must)
        for name in names
        for must in [dice.choice([None, None, Decimal(3)])]
    )
    made: list[Action] = []
    for number in range(actions):
        name = names[number % competences]
        level = Decimal(number // competences)
        is_step = level < 4
        chosen = [name] if is_step else dice.sample(names, 3)
        hours = Decimal(dice.randint(5, 60) if is_step else 8 * dice.randint(1, 5))
        weeks = Decimal(dice.randint(2, 20) if is_step else 1)
        low = level if is_step else Decimal(dice.randint(0, 2))
        made.append(
            Action(
                id=str(number),
                kind=ActionKind.STEP if is_step else ActionKind.COURSE,
                title="",
                competence=name,
                effects=tuple(Effect(key, low, low + 1) for key in chosen),
                hours=(hours, hours),
                weeks=(weeks, weeks),
                needs_assignment=is_step and dice.random() < 0.7,
                cost=None,
                after=(),
                guesses=frozenset(),
                first_move="",
                start=None,
            )
        )
    return Task(tuple(made), Goal(needs, None, Fraction(0), 0), Limits(Decimal(6), 52))


def grow() -> None:
    """Print what larger frameworks cost."""
    for competences, actions in SIZES:
        task = made_up_task(competences, actions)
        for name in ("greedy", "exact"):
            before = time.process_time()
            selection = METHODS[name](task)
            used = time.process_time() - before
            assert isinstance(selection, Selection)
            memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            print(
                f"  {competences} competences, {actions} actions, {name:6}  {used:5.1f} s, "
                f"{memory:.0f} MB, {selection.method}, points {worth_of(task, selection).points}"
            )
        before = time.process_time()
        shares_of_trials(task, choose, TRIALS)
        print(f"  {competences} competences, trials  {time.process_time() - before:5.1f} s")


def main() -> None:
    """Compare the methods, then show how they grow."""
    for hours in (2, 4, 8):
        compare(hours)
        whole_plans(hours)
    grow()


if __name__ == "__main__":
    main()
