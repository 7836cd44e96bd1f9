"""The weeks of a plan: limits and order hold for any selection, and what matters comes first."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st
from tests.plan_checker import levels_by_week, weeks_faults
from tests.random_plans import (
    COMPETENCES,
    LEVELS,
    course,
    limits,
    need,
    some_actions,
    some_limits,
    some_needs,
    step,
)

from pmo_path.domain.plan.effects import outcome, points
from pmo_path.domain.plan.limits import weeks_of
from pmo_path.domain.plan.model import Effect, Slot
from pmo_path.domain.plan.schedule import Timing, schedule

NEEDS = tuple(need(key, 1, 5) for key in COMPETENCES)


def scheduled(*actions, within=None, needs=NEEDS, practice_first=False, **known):
    """The slots, by action, and what does not fit."""
    timing = Timing(within or limits(), practice_first, **known)
    result = schedule(actions, needs, outcome(actions, needs), timing)
    return {slot.action: (slot.first, slot.last) for slot in result.slots}, result.unplaced


def test_weeks_are_those_stated_or_those_that_the_hours_fill():
    assert weeks_of(step("c0", 2, hours=8, weeks=4), limits(4)) == 4
    assert weeks_of(step("c0", 2, hours=20, weeks=4), limits(4)) == 5
    assert weeks_of(step("c0", 2, hours=1, weeks="0.5"), limits(4)) == 1
    assert weeks_of(step("c0", 2, hours=3, weeks="4.5"), limits("0.5")) == 6


def test_a_step_waits_for_the_step_below():
    weeks, unplaced = scheduled(step("c0", 3), step("c0", 2))

    assert weeks == {"step:c0:2": (0, 3), "step:c0:3": (4, 7)}
    assert unplaced == ()


def test_hours_of_a_week_are_never_exceeded():
    weeks, _ = scheduled(step("c0", 2, hours=12), step("c1", 2, hours=12), within=limits(4))

    assert sorted(weeks.values()) == [(0, 3), (4, 7)]


def test_an_action_takes_longer_where_that_fits_beside_another():
    weeks, _ = scheduled(
        step("c0", 2, hours=30, weeks=10), step("c1", 2, hours=8, weeks=6), within=limits(4, 10)
    )

    assert weeks == {"step:c0:2": (0, 9), "step:c1:2": (0, 7)}


def test_few_assignments_and_competences_run_at_once():
    asked = [step(key, 2, hours=1, needs_assignment=True) for key in COMPETENCES[:3]]
    alone = [step(key, 2, hours=1) for key in COMPETENCES]

    granted, _ = scheduled(*asked, within=limits(40, assignments_at_once=2))
    focused, _ = scheduled(*alone, within=limits(40, competences_at_once=3))

    assert sorted(granted.values()) == [(0, 3), (0, 3), (4, 7)]
    assert sorted(focused.values()) == [(0, 3), (0, 3), (0, 3), (4, 7)]


def test_courses_run_one_at_a_time_and_wait_for_practice():
    courses = [course(f"k{n}", Effect(f"c{n}", LEVELS[1], LEVELS[2]), hours=1) for n in range(3)]
    late = step("c3", 2, hours=1, weeks=6)

    weeks, unplaced = scheduled(*courses, late, practice_first=True, not_before={late.id: 5})

    firsts = [weeks[key][0] for key in weeks if key.startswith("course")]
    assert firsts == [0, 5]
    assert unplaced == ("course:k2",)
    without, _ = scheduled(*courses, late)
    assert [without[course.id][0] for course in courses] == [0, 4, 8]


def test_what_a_course_presupposes_ends_first():
    effect = Effect("c0", LEVELS[1], LEVELS[2])
    weeks, _ = scheduled(
        course("second", effect, after=("course:first",)),
        course("first", Effect("c1", LEVELS[1], LEVELS[2])),
    )

    assert weeks == {"course:first": (0, 3), "course:second": (4, 7)}


def test_a_must_have_comes_first():
    needs = (need("c0", 1, 2, importance=Decimal(5)), need("c1", 1, 2, must_have=Decimal(2)))
    weeks, _ = scheduled(step("c0", 2, hours=16), step("c1", 2, hours=16), needs=needs)

    assert weeks == {"step:c1:2": (0, 3), "step:c0:2": (4, 7)}


def test_pinned_weeks_stay_and_preferred_ones_stay_if_they_fit():
    actions = (step("c0", 2, hours=16), step("c1", 2, hours=16), step("c2", 2, hours=16))

    weeks, _ = scheduled(
        *actions,
        pinned={"step:c0:2": Slot("step:c0:2", 6, 9)},
        preferred={"step:c1:2": 12, "step:c2:2": 7},
    )

    assert weeks == {"step:c0:2": (6, 9), "step:c1:2": (12, 15), "step:c2:2": (0, 3)}


def test_an_action_that_ends_too_late_has_no_weeks():
    assert scheduled(step("c0", 2, weeks=9), within=limits(weeks=8)) == ({}, ("step:c0:2",))


@given(some_actions(), some_needs, some_limits, st.booleans())
def test_any_schedule_keeps_limits_and_order(actions, needs, within, practice_first):
    request = actions, needs, outcome(actions, needs), Timing(within, practice_first)

    result = schedule(*request)

    by_id = {action.id: action for action in actions}
    placed = {slot.action: slot for slot in result.slots}
    assert sorted([*placed, *result.unplaced]) == sorted(by_id)
    assert not list(weeks_faults(by_id, result.slots, within, practice_first=practice_first))
    for key, slot in placed.items():
        least = weeks_of(by_id[key], within)
        assert slot.first >= 0
        assert slot.last < within.weeks
        assert least <= slot.last - slot.first + 1 <= 2 * least
        assert all(placed[other].last < slot.first for other in by_id[key].after)
    assert schedule(*request) == result


@given(some_actions(), some_needs)
def test_dates_bring_the_levels_of_the_best_order(actions, needs):
    plenty = limits(1000, 400, assignments_at_once=9)
    best = outcome(actions, needs)

    result = schedule(actions, needs, best, Timing(plenty, practice_first=False))

    by_id = {action.id: action for action in actions}
    levels = {need.competence: need.level for need in needs}
    by_week = levels_by_week(by_id, result.slots, levels, plenty.weeks)
    assert points(by_week[-1], needs) == points(best.levels, needs)
    assert result.unplaced == ()
