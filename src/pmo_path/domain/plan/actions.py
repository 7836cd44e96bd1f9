"""The actions that a person can choose from on the way to a role.

Figures that the framework does not state are never taken as zero: what it states elsewhere stands
in, and the action says so. `docs/planning.md` explains the defaults.
"""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

from pmo_path.domain.errors import UsageProblem
from pmo_path.domain.numbers import show_number
from pmo_path.domain.plan.goal import needs_of
from pmo_path.domain.plan.model import Action, ActionKind, Effect, Guess
from pmo_path.domain.training import HOURS_IN_DAY

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pmo_path.domain.competences import WorkStep
    from pmo_path.domain.framework import Framework
    from pmo_path.domain.plan.model import Limits, Money, Need
    from pmo_path.domain.scoring import CompetenceResult
    from pmo_path.domain.training import Training, TrainingType

ZERO = Decimal(0)
HOURS_OF_STEP = Decimal(20)
"""The hours of a step where a framework states none of any step."""
WEEKS_OF_STEP = Decimal(8)
"""The weeks of a step, in the same case."""
HOURS_OF_COURSE: Mapping[TrainingType, Decimal] = {
    "course": Decimal(16),
    "qualification": Decimal(80),
    "recognition": ZERO,
}
"""The hours of a course where a framework states none of any course of its type."""

Interval = tuple[Decimal, Decimal]


def actions_for(
    framework: Framework, role: str, results: Sequence[CompetenceResult], limits: Limits
) -> tuple[Action, ...]:
    """Return the actions that bring a person nearer to a role: steps at work, then courses.

    `role` is an id, and `results` are the person's results in it; only rated competences with a
    gap count. Steps are in the order of the gaps, courses in the framework's. Raises UsageProblem
    for a budget in a currency in which the framework states no price.
    """
    needs = needs_of(results)
    figures = _Figures(framework, limits)
    return (*_steps(framework, needs, figures), *_courses(framework, role, needs, figures))


class _Figures:
    """What a framework states about hours, weeks and prices, and what stands in for the rest."""

    def __init__(self, framework: Framework, limits: Limits) -> None:
        self.hours_per_week = limits.hours_per_week
        self.competences = limits.competences_at_once
        self.prices = None if limits.budget is None else _prices(framework, limits.budget)
        steps = [
            (level, step)
            for competence in framework.competences.values()
            for level, step in competence.experience.items()
        ]
        self._hours = [(level, step.hours) for level, step in steps if step.hours is not None]
        self._weeks = [(level, step.weeks) for level, step in steps if step.weeks is not None]
        self._courses = [
            (course.type, hours)
            for course in framework.training.values()
            if (hours := _hours_of(course)) is not None
        ]

    def hours_at(self, level: Decimal) -> Interval:
        """The hours that stand in for those of a step to a level."""
        return _typical(self._hours, level, HOURS_OF_STEP)

    def weeks_at(self, level: Decimal) -> Interval:
        """The weeks that stand in for those of a step to a level."""
        return _typical(self._weeks, level, WEEKS_OF_STEP)

    def hours_of_type(self, type_: TrainingType) -> Decimal:
        """The hours that stand in for those of a course of a type."""
        stated = [hours for other, hours in self._courses if other == type_]
        return median(stated) if stated else HOURS_OF_COURSE[type_]


def _typical(
    stated: Sequence[tuple[Decimal, Interval]], level: Decimal, default: Decimal
) -> Interval:
    """The medians of the lower and of the upper ends at a level, or else at all levels."""
    ranges = [range_ for other, range_ in stated if other == level]
    ranges = ranges or [range_ for _, range_ in stated] or [(default, default)]
    return median(low for low, _ in ranges), median(high for _, high in ranges)


def _hours_of(course: Training) -> Decimal | None:
    return course.days * HOURS_IN_DAY if course.hours is None and course.days else course.hours


# --- Steps at work ------------------------------------------------------------------------------------


def _steps(framework: Framework, needs: Iterable[Need], figures: _Figures) -> Iterator[Action]:
    for need in needs:
        steps = framework.competences[need.competence].experience
        below = framework.levels[0]
        for level in sorted(steps):
            if level > need.level:
                effect = Effect(need.competence, below, level)
                yield _step(steps[level], effect, figures)
            if level >= need.required:
                break
            below = level


def _step(step: WorkStep, effect: Effect, figures: _Figures) -> Action:
    stated = {Guess.HOURS: step.hours, Guess.WEEKS: step.weeks}
    return Action(
        id=f"step:{effect.competence}:{show_number(effect.to)}",
        kind=ActionKind.STEP,
        title=step.do,
        competence=effect.competence,
        effects=(effect,),
        hours=step.hours or figures.hours_at(effect.to),
        weeks=step.weeks or figures.weeks_at(effect.to),
        # What it takes to begin may be unknown; then it is safer to count on somebody's consent.
        needs_assignment=step.start != "alone",
        cost=None if figures.prices is None else ZERO,
        after=(),
        guesses=frozenset(guess for guess, figure in stated.items() if figure is None),
        first_move=step.first_move,
        start=step.start,
    )


# --- Courses ------------------------------------------------------------------------------------------


class _Prices(NamedTuple):
    """The prices of a framework in one currency."""

    by_course: Mapping[str, Decimal]
    typical: Decimal
    """What stands in for a price that is not known."""


def _prices(framework: Framework, budget: Money) -> _Prices:
    known = {
        key: course.cost
        for key, course in framework.training.items()
        if course.cost is not None and course.type != "recognition"
    }
    prices = {key: cost.amount for key, cost in known.items() if cost.currency == budget.currency}
    if not prices:
        currencies = sorted({cost.currency for cost in known.values()})
        raise UsageProblem(
            f"this framework states no price in {budget.currency}, so a budget in it cannot be "
            "kept; "
            + (f"use one of: {', '.join(currencies)}" if currencies else "leave out the budget")
        )
    return _Prices(prices, median(prices.values()))


def _courses(
    framework: Framework,
    role: str,
    needs: Sequence[Need],
    figures: _Figures,
) -> Iterator[Action]:
    prices = figures.prices
    effects = {
        key: _effects(course, needs, figures.competences)
        for key, course in framework.training.items()
    }
    leads_to = _competences(framework, role, effects, needs)
    for key, course in framework.training.items():
        if key in leads_to:
            hours = _hours_of(course) or figures.hours_of_type(course.type)
            price = None if prices is None else prices.by_course.get(key)
            guesses = {
                Guess.HOURS: _hours_of(course) is None,
                Guess.COST: prices is not None and price is None,
            }
            weeks = math.ceil(Fraction(hours) / Fraction(figures.hours_per_week))
            yield Action(
                id=course_action(key),
                kind=ActionKind.COURSE,
                title=course.title,
                competence=leads_to[key],
                effects=effects[key],
                hours=(hours, hours),
                weeks=(Decimal(weeks), Decimal(weeks)),
                needs_assignment=False,
                cost=prices.typical if prices is not None and price is None else price,
                after=tuple(
                    course_action(other)
                    for other in dict.fromkeys(course.prerequisites)
                    if other in framework.training
                ),
                guesses=frozenset(guess for guess, is_guess in guesses.items() if is_guess),
                first_move="",
                start=None,
            )


def course_action(course: str) -> str:
    """The id of the action of taking the course with this id."""
    return f"course:{course}"


def _effects(course: Training, needs: Iterable[Need], most: int) -> tuple[Effect, ...]:
    """What a course can do for gaps; nothing where its levels are not known.

    These are no more than `most`, as many as may be in progress at once: nobody gains a level in
    six competences within three days. Those that it can raise now come first, in the order of the
    gaps.
    """
    if course.type == "recognition":
        return ()
    ranges = course.ranges
    fitting = [
        (range_.from_ > need.level, Effect(need.competence, range_.from_, range_.to))
        for need in needs
        if (range_ := ranges.get(need.competence)) is not None
        and need.level < range_.to
        and range_.from_ < need.required
    ]
    return tuple(effect for _, effect in sorted(fitting, key=lambda pair: pair[0])[:most])


def _competences(
    framework: Framework,
    role: str,
    effects: Mapping[str, tuple[Effect, ...]],
    needs: Iterable[Need],
) -> Mapping[str, str]:
    """Return the courses to choose from, each with the competence that it counts for.

    These are the courses that suit the role and do something for a gap, and those that they
    presuppose. A course that presupposes a recognition is none: practice of years cannot be
    planned. The competence is that of the greatest weighted effect, of the course itself or else
    of one that presupposes it.
    """
    gaps = {need.competence: need for need in needs}
    leads_to: dict[str, str] = {}
    for key, chain in framework.course_chains.items():
        types = {framework.training[other].type for other in (*chain.before, key)}
        if "recognition" in types or not framework.training[key].suits(role) or not effects[key]:
            continue
        for other in (key, *chain.before):
            own = effects[other] or effects[key]
            greatest = max(own, key=lambda effect: _gain(effect, gaps[effect.competence]))
            if effects[other] or other not in leads_to:
                leads_to[other] = greatest.competence
    return leads_to


def _gain(effect: Effect, need: Need) -> Decimal:
    return need.gain(max(effect.from_, need.level), effect.to)
