"""Random tasks of choosing actions, and the best selection by trying all of them."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from itertools import permutations
from math import ceil

from hypothesis import strategies as st

from pmo_path.domain.bands import BandFacts
from pmo_path.domain.plan.model import (
    Action,
    ActionKind,
    Effect,
    Goal,
    Limits,
    Money,
    Need,
    Task,
    Worth,
)

COMPETENCES = ("a", "b", "c")
LEVELS = [Decimal(half) / 2 for half in range(9)]
MOST_ACTIONS = 6


@st.composite
def needs(draw):
    """One to three competences with a gap, some with a must-have."""
    made = []
    for key in COMPETENCES[: draw(st.integers(1, 3))]:
        level = draw(st.sampled_from(LEVELS[:5]))
        required = draw(st.sampled_from([other for other in LEVELS if other > level]))
        must_have = draw(st.none() | st.sampled_from([lev for lev in LEVELS if lev <= required]))
        importance = draw(st.sampled_from([Decimal(1), Decimal(5), Decimal("2.5")]))
        made.append(Need(key, level, required, importance, must_have))
    return tuple(made)


@st.composite
def effects(draw, keys):
    """An effect on one competence or on several ones."""
    made = []
    for key in draw(st.lists(st.sampled_from(keys), min_size=1, unique=True)):
        low = draw(st.sampled_from(LEVELS[:-1]))
        high = draw(st.sampled_from([level for level in LEVELS if level > low]))
        made.append(Effect(key, low, high))
    return tuple(made)


@st.composite
def actions(draw, keys):
    """Steps and courses, some of which presuppose others."""
    made: list[Action] = []
    for number in range(draw(st.integers(0, MOST_ACTIONS))):
        kind = draw(st.sampled_from(ActionKind))
        own = draw(effects(keys))
        before = [action.id for action in made]
        after = draw(st.lists(st.sampled_from(before), max_size=2, unique=True)) if before else []
        hours = Decimal(draw(st.integers(1, 9)))
        made.append(
            Action(
                id=f"{kind}:{number}",
                kind=kind,
                title="",
                competence=own[0].competence,
                effects=own if kind is ActionKind.COURSE else own[:1],
                hours=(hours, hours + draw(st.integers(0, 1))),
                weeks=(Decimal(1), Decimal(1)),
                needs_assignment=draw(st.booleans()),
                cost=Decimal(draw(st.integers(0, 5))),
                after=tuple(after),
                guesses=frozenset(),
                first_move="",
                start=None,
            )
        )
    return tuple(made)


@st.composite
def goals(draw):
    """A goal with or without a band."""
    gaps = draw(needs())
    if draw(st.booleans()):
        return Goal(gaps, None, Fraction(0), 0)
    most = sum(need.importance * (need.required - need.level) for need in gaps)
    band = BandFacts(
        id="band",
        label="Band",
        at_least=Decimal(0),
        max_must_haves_missing=draw(st.none() | st.integers(0, 2)),
        max_must_have_gap=draw(st.none() | st.sampled_from(LEVELS[:3])),
    )
    share = draw(st.fractions(0, 1, max_denominator=7))
    return Goal(gaps, band, share * Fraction(most), draw(st.integers(0, 1)))


@st.composite
def tasks(draw):
    """A task small enough to try everything."""
    goal = draw(goals())
    choice = draw(actions([need.competence for need in goal.needs]))
    budget = draw(st.none() | st.integers(0, 12))
    ids = [action.id for action in choice]
    kept = draw(st.lists(st.sampled_from(ids), max_size=1)) if ids else []
    return Task(
        choice,
        goal,
        Limits(
            hours_per_week=Decimal(draw(st.sampled_from(["0.5", "1", "2", "8"]))),
            weeks=draw(st.sampled_from([10, 20])),
            assignments_at_once=draw(st.integers(0, 2)),
            competences_at_once=draw(st.integers(1, 3)),
            budget=None if budget is None else Money(Decimal(budget), "EUR"),
        ),
        frozenset(kept),
    )


def best_worth(task):
    """The best worth of any order of any of the actions; None if none is fit."""
    worths = [
        worth
        for size in range(len(task.actions) + 1)
        for order in permutations(task.actions, size)
        if (worth := worth_in_order(task, order)) is not None
    ]
    return max(worths, key=lambda worth: merit(task, worth), default=None)


def merit(task, worth):
    """The sort key of a worth for the goal of a task."""
    if task.goal.band is None:
        return worth.must_haves_met, worth.points, -worth.expected_hours
    return -worth.expected_hours, worth.must_haves_met, worth.points


def _climbed(goal, order):
    """The levels that an order leads to, and the ids of the actions of use."""
    levels, used = {need.competence: need.level for need in goal.needs}, set()
    required = {need.competence: need.required for need in goal.needs}
    for action in order:
        for effect in action.effects:
            level = levels[effect.competence]
            if effect.from_ <= level < effect.to and level < required[effect.competence]:
                levels[effect.competence] = effect.to
                used.add(action.id)
    for action in reversed(order):
        if action.id in used:
            used.update(action.after)
    return levels, used


def worth_in_order(task, order):
    """The worth of an order of actions; None if it breaks a limit or has one without use."""
    levels, used = _climbed(task.goal, order)
    done = [action.id for action in order]
    if any(set(action.after) - set(done[:turn]) for turn, action in enumerate(order)):
        return None
    if set(done) - used - task.kept or task.kept - set(done):
        return None
    if not _within_limits(task, order) or not _reaches(task.goal, levels):
        return None
    return Worth(
        sum(
            need.must_have is not None and need.level < need.must_have <= levels[need.competence]
            for need in task.goal.needs
        ),
        _points(task.goal, levels),
        sum((action.expected_hours for action in order), Decimal(0)),
    )


def _points(goal, levels):
    return sum(
        need.importance * (min(levels[need.competence], need.required) - need.level)
        for need in goal.needs
    )


def _within_limits(task, order):
    limits = task.limits
    weeks = [max(1, ceil(action.expected_hours / limits.hours_per_week)) for action in order]
    kinds = [action.kind for action in order]
    granted = [
        length for length, action in zip(weeks, order, strict=True) if action.needs_assignment
    ]
    steps_exist = any(action.kind is ActionKind.STEP for action in task.actions)
    return (
        sum(action.expected_hours for action in order) <= limits.hours_per_week * limits.weeks
        and all(length <= limits.weeks for length in weeks)
        and sum(granted) <= limits.assignments_at_once * limits.weeks
        and sum(weeks) <= limits.competences_at_once * limits.weeks
        and (limits.budget is None or sum(action.cost for action in order) <= limits.budget.amount)
        and (not steps_exist or kinds.count(ActionKind.COURSE) <= kinds.count(ActionKind.STEP) + 1)
    )


def _reaches(goal, levels):
    if goal.band is None:
        return True
    short = [
        need.must_have - levels[need.competence]
        for need in goal.needs
        if need.must_have is not None and levels[need.competence] < need.must_have
    ]
    most, limit = goal.band.max_must_have_gap, goal.band.max_must_haves_missing
    return (
        _points(goal, levels) >= goal.points_to_reach
        and (limit is None or goal.must_haves_lost + len(short) <= limit)
        and (most is None or all(distance <= most for distance in short))
    )
