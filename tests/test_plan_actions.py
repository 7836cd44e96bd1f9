"""The actions and the goal of a plan, from a framework and ratings."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.worlds import worlds

from pmo_path.domain.bands import bands_of
from pmo_path.domain.errors import UsageProblem
from pmo_path.domain.framework import Framework
from pmo_path.domain.plan.actions import actions_for
from pmo_path.domain.plan.goal import band_named, goal_for, reaches
from pmo_path.domain.plan.model import Effect, Guess, Limits, Money
from pmo_path.domain.ratings import Ratings
from pmo_path.domain.scoring import readiness_of, score

LIMITS = Limits(Decimal(4), 26)


def framework(training=None, experience=None, bands=None):
    return Framework.model_validate(
        {
            "schema": 1,
            "framework": {"id": "f", "version": "1.0.0", "title": "F"},
            "scale": {level: {"label": f"L{level}"} for level in range(6)},
            "readiness": bands or {"all": {"label": "All", "at_least": 0}},
            "domains": {
                "d": {
                    "name": "D",
                    "competences": {
                        "a": {"name": "A", "experience": experience or {}},
                        "b": {"name": "B"},
                    },
                }
            },
            "roles": {
                "r": {"name": "R", "requires": {"a": {"level": 3}, "b": {"level": 2}}},
                "s": {"name": "S", "requires": {"a": {"level": 1}}},
            },
            "training": training or {},
        }
    )


def listed(made, a=1, b=0, limits=LIMITS):
    ratings = Ratings.model_validate({"ratings": {"a": a, "b": b}})
    return {
        action.id: action for action in actions_for(made, "r", score(made, "r", ratings), limits)
    }


def course(**fields):
    return {"title": "Course", "develops": {"a": {"from": 0, "to": 2}}, **fields}


def test_steps_lead_from_the_step_below_up_to_what_is_required():
    steps = listed(framework(experience={2: "two", 4: "four", 5: "five"}))
    assert {key: step.effects for key, step in steps.items()} == {
        "step:a:2": (Effect("a", Decimal(0), Decimal(2)),),
        "step:a:4": (Effect("a", Decimal(2), Decimal(4)),),
    }


def test_what_is_unrated_or_not_applicable_is_never_planned():
    made = framework({"t": course()}, {2: "two"})
    assert listed(made, a=None) == {}
    assert listed(made, a="n/a") == {}


def test_figures_that_are_not_stated_come_from_other_steps_to_the_level():
    steps = listed(
        framework(experience={2: {"do": "two", "hours": [4, 8]}, 3: {"do": "three", "weeks": 3}})
    )
    assert steps["step:a:2"].hours == (4, 8)
    assert steps["step:a:2"].weeks == (3, 3)
    assert steps["step:a:2"].guesses == {Guess.WEEKS}
    assert steps["step:a:3"].hours == (4, 8)
    assert steps["step:a:3"].guesses == {Guess.HOURS}


def test_figures_that_no_step_states_are_not_zero():
    step = listed(framework(experience={2: "two"}))["step:a:2"]
    assert (step.hours, step.weeks, step.needs_assignment) == ((20, 20), (8, 8), True)
    assert step.guesses == {Guess.HOURS, Guess.WEEKS}


def test_a_course_takes_what_is_stated_or_what_its_type_takes():
    courses = listed(
        framework(
            {
                "days": course(days=2),
                "unknown": course(),
                "long": course(type="qualification"),
                "chartered": course(type="recognition"),
                "no-levels": course(develops=("a",)),
                "other-role": course(for_roles=("s",)),
            }
        )
    )
    assert {key: (action.hours[0], action.weeks[0]) for key, action in courses.items()} == {
        "course:days": (16, 4),
        "course:unknown": (16, 4),
        "course:long": (80, 20),
    }
    assert courses["course:unknown"].guesses == {Guess.HOURS}


def test_a_course_brings_what_it_presupposes_even_if_that_is_for_others():
    made = framework(
        {
            "base": course(for_roles=("s",), develops={"a": {"from": 3, "to": 4}}),
            "top": course(prerequisites=("base",)),
            "charter": course(type="recognition"),
            "blocked": course(prerequisites=("charter",)),
        }
    )
    courses = listed(made)
    assert list(courses) == ["course:base", "course:top"]
    assert courses["course:base"].effects == ()
    assert courses["course:base"].competence == "a"
    assert courses["course:top"].after == ("course:base",)


def test_prices_that_are_not_known_are_typical_ones():
    prices = {"cheap": 100, "dear": 300}
    training = {
        key: course(cost={"amount": price, "currency": "EUR"}) for key, price in prices.items()
    }
    made = framework({**training, "unknown": course()}, {2: "two"})
    actions = listed(made, limits=LIMITS._replace(budget=Money(Decimal(9), "EUR")))
    assert {key: action.cost for key, action in actions.items()} == {
        "step:a:2": 0,
        "course:cheap": 100,
        "course:dear": 300,
        "course:unknown": 200,
    }
    assert Guess.COST in actions["course:unknown"].guesses
    with pytest.raises(UsageProblem, match=r"no price in USD.*use one of: EUR"):
        listed(made, limits=LIMITS._replace(budget=Money(Decimal(9), "USD")))
    with pytest.raises(UsageProblem, match="leave out the budget"):
        listed(framework(), limits=LIMITS._replace(budget=Money(Decimal(9), "USD")))


def test_a_band_is_known_by_its_id_and_label():
    made = framework(
        bands={
            "top": {"label": "Ready to go", "at_least": 90},
            "low": {"label": "Early", "at_least": 0},
        }
    )
    assert band_named(made, "TOP") == band_named(made, "ready to go") == "top"
    with pytest.raises(
        UsageProblem, match=r"there is no readiness band 'tip'; did you mean 'top'\? bands: "
    ):
        band_named(made, "tip")


@given(worlds(), st.data())
def test_levels_reach_a_band_exactly_if_the_report_gives_it_or_a_better_one(world, data):
    made, ratings = world
    role = data.draw(st.sampled_from(sorted(made.roles)))
    if not made.scored(role):
        return
    goals = [goal_for(made, score(made, role, ratings), band) for band in made.readiness]
    levels = {
        need.competence: data.draw(
            st.sampled_from([level for level in made.levels if level >= need.level])
        )
        for need in goals[0].needs
    }
    raised = {
        key: rating.model_copy(update={"level": levels.get(key, rating.level)})
        for key, rating in ratings.ratings.items()
    }
    later = score(made, role, ratings.model_copy(update={"ratings": raised}))
    low = bands_of(made, later, readiness_of(later)).low
    first = next(
        (key for key, goal in zip(made.readiness, goals, strict=True) if reaches(goal, levels)),
        None,
    )
    assert first == (None if low is None else low.id)
