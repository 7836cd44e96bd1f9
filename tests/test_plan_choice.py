"""The choice of actions for a plan: exact, greedy, and what both must keep to."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, event, given, settings
from tests.plan_tasks import best_worth, merit, tasks, worth_in_order

from pmo_path.domain.bands import BandFacts
from pmo_path.domain.plan.effects import outcome, possible, prerequisites_first, waits_for, worth
from pmo_path.domain.plan.greedy import choose_greedily
from pmo_path.domain.plan.model import (
    Action,
    ActionKind,
    Blocked,
    Effect,
    Goal,
    Limits,
    Method,
    Need,
    Obstacle,
    Obstruction,
    Selection,
    Task,
)

pytest.importorskip("highspy")

from pmo_path.planning.highs import choose

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]


def worth_of(task, selection):
    """The worth of a selection by an order that keeps everything, worked out by the tests."""
    chosen = [action for action in task.actions if action.id in selection.actions]
    order = outcome(chosen, task.goal.needs).order
    by_id = {action.id: action for action in chosen}
    assert len(order) == len(chosen)
    result = worth_in_order(task, [by_id[key] for key in order])
    assert result is not None, "the selection breaks a limit or has an action without use"
    assert result == worth(chosen, outcome(chosen, task.goal.needs).levels, task.goal.needs)
    return result


@settings(max_examples=200, deadline=None, suppress_health_check=SLOW)
@given(tasks())
def test_the_exact_choice_is_the_best_of_all_that_there_are(task):
    best = best_worth(task)
    selection = choose(task, ())
    if best is None:
        assert isinstance(selection, Blocked)
        event("nothing fits")
    else:
        assert isinstance(selection, Selection)
        assert worth_of(task, selection) == best
        assert selection.method is Method.EXACT
        assert selection.bound == best
        event(f"{len(selection.actions)} actions")


@settings(max_examples=200, deadline=None, suppress_health_check=SLOW)
@given(tasks())
def test_the_greedy_choice_keeps_everything_and_is_never_better(task):
    selection = choose_greedily(task, ())
    if isinstance(selection, Blocked):
        assert selection.obstacles
        assert task.goal.band is not None or task.kept
    else:
        assert merit(task, worth_of(task, selection)) <= merit(task, best_worth(task))
        assert selection.method is Method.GREEDY


# --- Cases by hand ------------------------------------------------------------------------------------


def need(key, level, required, must_have=None, importance=1):
    must = None if must_have is None else Decimal(must_have)
    return Need(key, Decimal(level), Decimal(required), Decimal(importance), must)


def action(key, *effects, kind=ActionKind.COURSE, hours=4, weeks=1, after=()):
    raised = tuple(Effect(name, Decimal(low), Decimal(high)) for name, low, high in effects)
    return Action(
        id=key,
        kind=kind,
        title=key,
        competence=raised[0].competence if raised else "a",
        effects=raised,
        hours=(Decimal(hours), Decimal(hours)),
        weeks=(Decimal(weeks), Decimal(weeks)),
        needs_assignment=kind is ActionKind.STEP,
        cost=None,
        after=tuple(after),
        guesses=frozenset(),
        first_move="",
        start=None,
    )


def task(needs, *actions, band=None, points=0, hours=40, kept=()):
    goal = Goal(tuple(needs), band, Fraction(points), 0)
    return Task(actions, goal, Limits(Decimal(hours), 10), frozenset(kept))


def band(missing=None, gap=None):
    return BandFacts("band", "Band", Decimal(50), missing, None if gap is None else Decimal(gap))


SOLVERS = pytest.mark.parametrize("solver", [choose, choose_greedily])


@SOLVERS
def test_nothing_to_do(solver):
    assert solver(task([])).actions == frozenset()
    assert solver(task([need("a", 1, 3)])).actions == frozenset()


@SOLVERS
def test_hours_that_are_too_few_for_anything(solver):
    asked = task([need("a", 1, 3)], action("course", ("a", 0, 3)), hours=Decimal("0.1"))
    assert solver(asked).actions == frozenset()


@SOLVERS
def test_effects_that_wait_for_each_other_bring_one_level_each(solver):
    asked = task(
        [need("a", 0, 2), need("b", 0, 2)],
        action("one", ("a", 0, 1), ("b", 1, 2)),
        action("two", ("b", 0, 1), ("a", 1, 2)),
    )
    selection = solver(asked)
    result = outcome(asked.actions, asked.goal.needs)
    assert selection.actions == {"one", "two"}
    assert sum(result.levels.values()) == 3


@SOLVERS
def test_a_prerequisite_without_use_of_its_own_comes_along(solver):
    asked = task([need("a", 0, 2)], action("first"), action("then", ("a", 0, 2), after=["first"]))
    assert solver(asked).actions == {"first", "then"}


@SOLVERS
def test_the_must_have_comes_before_more_points(solver):
    asked = task(
        [need("a", 0, 4, importance=5), need("b", 0, 1, must_have=1)],
        action("much", ("a", 0, 4), hours=20),
        action("must", ("b", 0, 1), hours=20),
        hours=2,
    )
    assert solver(asked).actions == {"must"}


def test_courses_alone_are_no_plan_where_there_are_steps():
    needs = [need(key, 0, 1) for key in "abcd"]
    courses = [action(f"course:{key}", (key, 0, 1)) for key in "abcd"]
    step = action("step", ("a", 0, 1), kind=ActionKind.STEP, hours=5)
    selection = choose(task(needs, *courses, step))
    assert isinstance(selection, Selection)
    kinds = ["step" if key == "step" else "course" for key in selection.actions]
    assert sorted(kinds) == ["course", "course", "step"]


@SOLVERS
def test_what_is_kept_is_chosen_even_without_use(solver):
    asked = task([need("a", 0, 1)], action("kept", ("a", 3, 4)), kept=["kept"])
    assert solver(asked).actions == {"kept"}


@SOLVERS
def test_what_is_kept_and_does_not_fit_is_named(solver):
    asked = task([need("a", 0, 1)], action("kept", ("a", 0, 1), weeks=11), kept=["kept"])
    assert solver(asked).obstacles == (Obstacle(Obstruction.KEPT),)


@SOLVERS
def test_a_band_to_which_nothing_leads(solver):
    needs = [need("a", 0, 3, must_have=3)]
    asked = task(needs, action("some", ("a", 0, 2)), band=band(missing=0))
    assert solver(asked).obstacles == (Obstacle(Obstruction.NO_ACTION, "a", Decimal(3)),)


@SOLVERS
def test_a_band_to_which_nothing_leads_in_time(solver):
    needs = [need("a", 0, 3, must_have=3)]
    asked = task(needs, action("long", ("a", 0, 3), weeks=11), band=band(missing=0))
    assert solver(asked).obstacles == (Obstacle(Obstruction.NO_WEEKS, "a", Decimal(3)),)


@SOLVERS
def test_a_band_for_which_the_hours_do_not_suffice(solver):
    needs = [need("a", 0, 1), need("b", 0, 1)]
    actions = [action("a", ("a", 0, 1)), action("b", ("b", 0, 1))]
    asked = task(needs, *actions, band=band(), points=2, hours=Decimal("0.5"))
    assert solver(asked).obstacles == (Obstacle(Obstruction.LIMITS),)


@SOLVERS
def test_a_must_have_that_may_fall_short_by_one_level_is_raised_so_far(solver):
    needs = [need("a", 0, 4, must_have=3)]
    steps = [action(f"step:{to}", ("a", to - 1, to), kind=ActionKind.STEP) for to in (1, 2, 3, 4)]
    selection = solver(task(needs, *steps, band=band(gap=1)))
    assert selection.actions == {"step:1", "step:2"}


@SOLVERS
def test_a_selection_that_is_excluded_is_not_chosen_again(solver):
    asked = task(
        [need("a", 0, 1)], action("one", ("a", 0, 1)), action("two", ("a", 0, 1), hours=5)
    )
    first = solver(asked, ()).actions
    second = solver(asked, (first,)).actions
    assert first != second


def test_the_exact_choice_after_one_that_is_excluded_is_the_next_best():
    asked = task(
        [need("a", 0, 1)], action("one", ("a", 0, 1)), action("two", ("a", 0, 1), hours=5)
    )
    selection = choose(asked, (frozenset({"one"}),))
    assert isinstance(selection, Selection)
    assert selection.actions == {"two"}


def test_without_an_action_goes_what_presupposes_it_unless_it_is_kept():
    actions = [action("then", after=["first"]), action("last", after=["then"]), action("other")]
    assert possible(actions) == (action("other"),)
    assert possible(actions, {"then"}) == tuple(actions)


def test_prerequisites_come_first_as_far_as_they_are_there():
    first, then = action("first", after=["gone"]), action("then", after=["first"])
    assert prerequisites_first([then, first]) == (first, then)


def test_what_leads_on_from_the_level_required_is_of_no_use():
    actions = [action("low", ("a", 0, 2)), action("high", ("a", 2, 3))]
    assert outcome(actions, [need("a", 0, 2)]).unused == {"high"}


def test_dates_keep_an_action_behind_what_brings_its_level():
    needs = [need("a", 0, 3)]
    actions = [action("high", ("a", 2, 3)), action("low", ("a", 0, 2))]
    result = outcome(actions, needs)
    assert result.order == ("low", "high")
    assert waits_for(actions, result) == {"low": frozenset(), "high": {"low"}}


def test_dates_keep_an_action_from_making_another_superfluous():
    needs = [need("a", 0, 2), need("b", 0, 1)]
    actions = [action("both", ("a", 0, 2), ("b", 0, 1)), action("half", ("a", 0, 1))]
    result = outcome(actions, needs)
    assert not result.unused
    assert waits_for(actions, result)["both"] == {"half"}


def test_without_any_work_the_choice_is_still_one_that_fits():
    needs = [need(key, 0, 1) for key in "abc"]
    asked = task(needs, *(action(key, (key, 0, 1)) for key in "abc"))
    selection = choose(asked, (), nodes=0)
    assert worth_of(asked, selection)


def test_the_solver_writes_nothing(capfd):
    choose(task([need("a", 0, 1)], action("one", ("a", 0, 1))), ())
    assert capfd.readouterr() == ("", "")


def test_the_same_task_gives_the_same_choice():
    needs = [need(key, 0, 1) for key in "abcd"]
    twins = [action(f"{key}{turn}", (key, 0, 1)) for key in "abcd" for turn in range(2)]
    asked = task(needs, *twins, hours=1)
    assert len({choose(asked, ()) for _ in range(3)}) == 1
