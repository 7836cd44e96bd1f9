"""Plans of people on the shipped framework: sound, the same every time, and never absurd."""

from __future__ import annotations

import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tests.plan_checker import faults_of

import pmo_path
from pmo_path.domain.assessment import target_role
from pmo_path.domain.plan.greedy import choose_greedily
from pmo_path.domain.plan.model import ActionKind, Limits
from pmo_path.domain.plan.result import ActionStatus, EarlierAction, Plan
from pmo_path.domain.plan.situation import Order, situation

FRAMEWORK = pmo_path.load_framework()
PEOPLE = sorted((Path(__file__).parent / "cases" / "ratings").glob("p?-*.yaml"))
MONDAY = datetime.date(2026, 11, 30)


def planned(person: Path, hours: int, weeks: int, **options: Any):
    """The plan of a person, and what is wrong with it."""
    ratings = pmo_path.load_ratings(person, FRAMEWORK)
    role = target_role(FRAMEWORK, ratings)
    limits = Limits(Decimal(hours), weeks)
    usual: dict[str, Any] = {
        "starts": MONDAY,
        "today": MONDAY,
        "solver": choose_greedily,
        "trials": 0,
    }
    plan = pmo_path.plan(FRAMEWORK, ratings, role, limits=limits, **{**usual, **options})
    assert isinstance(plan, Plan)
    earlier = {action.id: action for action in options.get("earlier", ())}
    there_is = situation(FRAMEWORK, ratings, role, Order(MONDAY, MONDAY, limits, earlier=earlier))
    return plan, faults_of(plan, FRAMEWORK, ratings, there_is.actions)


@pytest.mark.parametrize("person", PEOPLE, ids=lambda path: path.stem[:2])
@pytest.mark.parametrize(("hours", "weeks"), [(2, 13), (4, 26), (8, 26)])
def test_plans_are_sound(person, hours, weeks):
    plan, faults = planned(person, hours, weeks)

    assert faults == ()
    kinds = [action.kind for action in plan.actions]
    assert kinds.count(ActionKind.COURSE) <= kinds.count(ActionKind.STEP) + 1
    assert plan.end.readiness.low >= plan.now.readiness.low
    assert plan.phases[-1].standing == plan.end


def test_the_same_plan_comes_out_again():
    assert planned(PEOPLE[2], 4, 26, trials=3) == planned(PEOPLE[2], 4, 26, trials=3)


def test_what_is_done_counts_and_what_is_pinned_stays():
    first, _ = planned(PEOPLE[2], 4, 52)
    done, *_, last = first.actions
    written = [
        EarlierAction(
            id=done.id,
            starts=done.starts,
            due=done.due,
            status=ActionStatus.DONE,
            done_on=datetime.date(2026, 12, 22),
            pinned=False,
            supporter="",
            note="well done",
        ),
        EarlierAction(
            id=last.id,
            starts=last.starts + datetime.timedelta(weeks=2),
            due=last.due + datetime.timedelta(weeks=2),
            status=ActionStatus.OPEN,
            done_on=None,
            pinned=True,
            supporter="Ruth",
            note="",
        ),
    ]

    plan, faults = planned(PEOPLE[2], 4, 52, earlier=written, today=datetime.date(2026, 12, 28))

    again = {action.id: action for action in plan.actions}
    assert faults == ()
    assert again[done.id].note == "well done"
    assert again[done.id].raises == done.raises
    before = {must_have.id for must_have in first.now.must_haves_missing}
    assert {must_have.id for must_have in plan.now.must_haves_missing} < before
    assert plan.now.readiness.low > first.now.readiness.low
    assert (again[last.id].starts, again[last.id].supporter) == (written[1].starts, "Ruth")
    assert plan.left_out == ()


def test_what_is_excluded_is_not_planned():
    first, _ = planned(PEOPLE[2], 4, 26)
    gone = first.actions[0]

    plan, faults = planned(PEOPLE[2], 4, 26, exclude=[gone.id])

    assert faults == ()
    assert gone.id not in [action.id for action in plan.actions]
    assert [(entry.id, entry.name) for entry in plan.excluded] == [(gone.id, gone.title)]


def test_an_action_that_is_no_longer_planned_keeps_its_title():
    first, _ = planned(PEOPLE[2], 4, 26)
    dropped = first.actions[0]
    written = EarlierAction(
        id=dropped.id,
        starts=dropped.starts,
        due=dropped.due,
        status=ActionStatus.OPEN,
        done_on=None,
        pinned=False,
        supporter="",
        note="ask Kim",
    )
    unknown = written._replace(id="step:gone:9")

    plan, _ = planned(PEOPLE[2], 4, 26, earlier=[written, unknown], exclude={dropped.id})

    titles = {action.id: action.title for action in plan.left_out}
    assert titles == {dropped.id: dropped.title, "step:gone:9": ""}
