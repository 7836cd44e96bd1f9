"""Plans on random small frameworks, made whole and looked at by the independent checker."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, assume, event, given, settings
from hypothesis import strategies as st
from tests.plan_checker import faults_of

from pmo_path import plan as plan_for
from pmo_path.domain.framework import Framework
from pmo_path.domain.plan.greedy import choose_greedily
from pmo_path.domain.plan.model import Blocked, Limits, Method, Money, Worth
from pmo_path.domain.plan.result import OpenReason, Plan
from pmo_path.domain.plan.situation import Order, situation
from pmo_path.domain.ratings import Ratings
from pmo_path.domain.training import Cost

pytest.importorskip("highspy")

from pmo_path.planning.highs import choose

MONDAY = datetime.date(2026, 11, 30)
COMPETENCES = ("a", "b", "c")
LEVELS = range(6)
SOLVERS = pytest.mark.parametrize("solver", [choose, choose_greedily])
SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]


class Case(NamedTuple):
    """Somebody on the way to a role."""

    framework: Framework
    ratings: Ratings
    limits: Limits


def interval(draw, most):
    low = draw(st.integers(1, most // 2))
    return [low, draw(st.integers(low, most))]


@st.composite
def steps(draw):
    """Steps to some levels, with or without hours, weeks and what it takes to begin."""
    made = {}
    for level in sorted(draw(st.sets(st.sampled_from(LEVELS[1:]), min_size=1))):
        step: dict[str, Any] = {"do": f"do {level}"}
        if draw(st.booleans()):
            step["hours"] = interval(draw, 40)
        if draw(st.booleans()):
            step["weeks"] = interval(draw, 12)
        start = draw(st.sampled_from([None, "alone", "ask", "position", "event"]))
        if start is not None:
            step["start"] = start
        made[level] = step
    return made


@st.composite
def courses(draw):
    """Up to four courses, some of which presuppose others."""
    made: dict[str, Any] = {}
    for number in range(draw(st.integers(1, 5))):
        develops = {}
        for key in sorted(draw(st.sets(st.sampled_from(COMPETENCES), min_size=1))):
            low, high = sorted(
                draw(st.lists(st.sampled_from(LEVELS), min_size=2, max_size=2, unique=True))
            )
            develops[key] = {"from": low, "to": high}
        course: dict[str, Any] = {
            "title": f"Course {number}",
            "provider": "P",
            "develops": develops,
        }
        if draw(st.booleans()):
            course["hours"] = draw(st.integers(1, 60))
        if draw(st.booleans()):
            course["cost"] = {"amount": draw(st.integers(0, 900)), "currency": "EUR"}
        if made and draw(st.booleans()):
            course["prerequisites"] = (draw(st.sampled_from(sorted(made))),)
        made[f"k{number}"] = course
    return made


@st.composite
def cases(draw):
    """A small framework, somebody's ratings, and limits."""
    requires: dict[str, dict[str, int]] = {}
    for key in COMPETENCES:
        level = draw(st.integers(1, 5))
        requires[key] = {"level": level, "importance": draw(st.integers(1, 5))}
        if draw(st.booleans()):
            requires[key]["must_have"] = draw(st.integers(1, level))
    framework = Framework.model_validate(
        {
            "schema": 1,
            "framework": {"id": "f", "version": "1.0.0", "title": "F"},
            "scale": {level: {"label": f"L{level}"} for level in LEVELS},
            "readiness": {
                "ready": {"label": "Ready", "at_least": 80, "must_haves_missing": 0},
                "near": {"label": "Near", "at_least": 50, "must_have_gap": 1},
                "early": {"label": "Early", "at_least": 0},
            },
            "domains": {
                "d": {
                    "name": "D",
                    "competences": {
                        key: {"name": key, "experience": draw(steps())} for key in COMPETENCES
                    },
                }
            },
            "roles": {
                "target": {"name": "T", "requires": requires},
                "below": {
                    "name": "B",
                    "requires": {"a": {"level": 1}},
                    "leads_to": draw(st.sampled_from([(), ("target",)])),
                },
            },
            "training": draw(courses()),
        }
    )
    gap = st.sampled_from([None, "n/a", 0, 1, 1, 2, 2, 3, 4])
    ratings = Ratings.model_validate(
        {
            "role": draw(st.sampled_from([None, "below", "target"])),
            "ratings": {
                key: max(0, required["level"] - levels) if isinstance(levels, int) else levels
                for key, required in requires.items()
                for levels in [draw(gap)]
            },
        }
    )
    has_price = any(course.cost is not None for course in framework.training.values())
    limits = Limits(
        hours_per_week=draw(st.sampled_from([Decimal(1), Decimal(4), Decimal(8)])),
        weeks=draw(st.sampled_from([8, 13, 26, 60])),
        assignments_at_once=draw(st.integers(1, 2)),
        competences_at_once=draw(st.integers(1, 3)),
        budget=Money(Decimal(draw(st.integers(0, 1500))), "EUR")
        if has_price and draw(st.booleans())
        else None,
    )
    return Case(framework, ratings, limits)


def made(case, solver, **options):
    """The plan of a case, or what blocks it."""
    usual: dict[str, Any] = {"starts": MONDAY, "today": MONDAY, "trials": 0}
    return plan_for(
        case.framework,
        case.ratings,
        "target",
        limits=case.limits,
        solver=solver,
        **{**usual, **options},
    )


def choice_of(case):
    """The actions that there are for a case."""
    order = Order(MONDAY, MONDAY, case.limits)
    return situation(case.framework, case.ratings, "target", order).actions


def faults(case, plan):
    return faults_of(plan, case.framework, case.ratings, choice_of(case))


@SOLVERS
@settings(max_examples=100, deadline=None, suppress_health_check=SLOW)
@given(case=cases())
def test_a_plan_keeps_all_limits_and_states_what_it_leads_to(solver, case):
    plan = made(case, solver)

    assert isinstance(plan, Plan)
    assert faults(case, plan) == ()
    event(f"{len(plan.actions)} actions")


@SOLVERS
@settings(max_examples=60, deadline=None, suppress_health_check=SLOW)
@given(case=cases(), amount=st.integers(0, 300), price=st.integers(100, 200))
def test_the_prices_of_a_plan_are_within_its_budget(solver, case, amount, price):
    cost = Cost(amount=Decimal(price), currency="EUR")
    training = {
        key: course.model_copy(update={"cost": cost})
        for key, course in case.framework.training.items()
    }
    if not training:
        return
    case = case._replace(
        framework=case.framework.model_copy(update={"training": training}),
        limits=case.limits._replace(budget=Money(Decimal(amount), "EUR")),
    )

    plan = made(case, solver)

    assert isinstance(plan, Plan)
    assert sum(action.cost.amount for action in plan.actions if action.cost) <= amount
    event(f"{sum(action.cost is not None for action in plan.actions)} courses")


@SOLVERS
@settings(max_examples=60, deadline=None, suppress_health_check=SLOW)
@given(case=cases(), band=st.sampled_from(["ready", "near", "early"]))
def test_a_plan_towards_a_band_reaches_it_or_says_what_is_in_the_way(solver, case, band):
    plan = made(case, solver, reach=band)

    if isinstance(plan, Blocked):
        assert plan.obstacles
        event("blocked")
        return
    assert faults(case, plan) == ()
    bands = list(case.framework.readiness)
    reached = plan.end.band is not None and bands.index(plan.end.band.id) <= bands.index(band)
    assert plan.reaches_band == reached
    if plan.method is Method.EXACT:
        assert reached
    event(f"{plan.method}, {'reached' if reached else 'missed'}")


@settings(max_examples=30, deadline=None, suppress_health_check=SLOW)
@given(case=cases())
def test_the_exact_plan_is_no_worse_than_the_greedy_one_and_no_better_than_its_bound(case):
    exact, greedy = made(case, choose), made(case, choose_greedily)

    assert isinstance(exact, Plan)
    assert isinstance(greedy, Plan)
    if exact.method is Method.EXACT:
        assert exact.worth == exact.bound
        assert exact.worth.rank >= greedy.worth.rank
    assert exact.bound is None or greedy.worth.rank <= exact.bound.rank


@settings(max_examples=30, deadline=None, suppress_health_check=SLOW)
@given(case=cases())
def test_what_an_action_buys_is_lost_without_it(case):
    plan = made(case, choose, explain=True)

    assert isinstance(plan, Plan)
    for action in plan.actions:
        without_it = made(case, choose, exclude=[action.id])
        assert isinstance(without_it, Plan)
        assert action.buys is not None
        lost = Worth(
            max(0, plan.worth.must_haves_met - without_it.worth.must_haves_met),
            max(Decimal(0), plan.worth.points - without_it.worth.points),
            plan.worth.expected_hours - without_it.worth.expected_hours,
        )
        is_worse = without_it.worth.rank < plan.worth.rank
        assert action.buys == (lost if is_worse else Worth(0, Decimal(0), Decimal(0)))


@settings(max_examples=30, deadline=None, suppress_health_check=SLOW)
@given(case=cases(), band=st.sampled_from(["ready", "near"]))
def test_towards_a_band_an_action_buys_the_hours_that_the_band_costs_without_it(case, band):
    plan = made(case, choose, reach=band, explain=True)
    assume(isinstance(plan, Plan) and plan.reaches_band)

    for action in plan.actions:
        without_it = made(case, choose, reach=band, exclude=[action.id])
        if isinstance(without_it, Plan) and without_it.reaches_band:
            hours = plan.worth.expected_hours - without_it.worth.expected_hours
            assert action.buys is not None
            assert action.buys.expected_hours == hours <= 0
            assert min(action.buys.must_haves_met, action.buys.points) >= 0


@settings(max_examples=60, deadline=None, suppress_health_check=SLOW)
@given(case=cases())
def test_a_gap_stays_open_for_the_reason_stated(case):
    plan = made(case, choose)

    assert isinstance(plan, Plan)
    there_is = choice_of(case)
    chosen = {action.id for action in plan.actions}
    for gap in plan.open_gaps:
        leading = [
            action
            for action in there_is
            if action.id not in chosen
            and any(
                effect.competence == gap.competence.id and effect.from_ <= gap.level < effect.to
                for effect in action.effects
            )
        ]
        event(gap.reason)
        assert gap.level < gap.required
        assert (gap.reason is OpenReason.NO_ACTION) == (not leading)
        assert gap.reason is not OpenReason.EXCLUDED


@settings(max_examples=40, deadline=None, suppress_health_check=SLOW)
@given(case=cases())
def test_what_needs_a_position_or_an_event_waits_for_a_quarter(case):
    plan = made(case, choose_greedily)

    assert isinstance(plan, Plan)
    roles = case.framework.roles
    held = case.ratings.role
    is_next = held == "target" or (held is not None and "target" in roles[held].leads_to)
    quarter = MONDAY + datetime.timedelta(weeks=13)
    for action in plan.actions:
        if action.start in {"position", "event"} and not is_next:
            event("waits")
            assert action.starts >= quarter
