"""The choice of actions for a plan: exact, greedy, and what both must keep to."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, event, given, settings

from pmo_path.domain.plan.effects import outcome, worth
from pmo_path.domain.plan.greedy import choose_greedily
from pmo_path.domain.plan.model import Blocked, Method
from tests.plan_tasks import best_worth, merit, tasks, worth_in_order

pytest.importorskip("highspy")

from pmo_path.planning.highs import choose  # noqa: E402

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


@settings(max_examples=300, deadline=None, suppress_health_check=SLOW)
@given(tasks())
def test_the_exact_choice_is_the_best_of_all_that_there_are(task):
    best = best_worth(task)
    selection = choose(task, ())
    if best is None:
        assert isinstance(selection, Blocked)
        event("nothing fits")
    else:
        assert worth_of(task, selection) == best
        assert selection.method is Method.EXACT
        assert selection.bound == best
        event(f"{len(selection.actions)} actions")


@settings(max_examples=300, deadline=None, suppress_health_check=SLOW)
@given(tasks())
def test_the_greedy_choice_keeps_everything_and_is_never_better(task):
    selection = choose_greedily(task, ())
    if isinstance(selection, Blocked):
        assert selection.obstacles
        assert task.goal.band is not None or task.kept
    else:
        assert merit(task, worth_of(task, selection)) <= merit(task, best_worth(task))
        assert selection.method is Method.GREEDY
