"""Where a person is when a plan is made: levels, what is done, and what there is to choose from."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pmo_path.domain.plan.actions import actions_for
from pmo_path.domain.plan.effects import outcome
from pmo_path.domain.plan.goal import goal_for, needs_of
from pmo_path.domain.plan.model import ActionStatus
from pmo_path.domain.plan.standings import rated_at
from pmo_path.domain.scoring import score

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from decimal import Decimal

    from pmo_path.domain.framework import Framework
    from pmo_path.domain.plan.effects import Climb
    from pmo_path.domain.plan.model import Action, EarlierAction, Goal, Limits
    from pmo_path.domain.ratings import Ratings


class Situation(NamedTuple):
    """A person on the way to a role."""

    framework: Framework
    role: str
    ratings: Ratings
    """As rated."""
    reached: Ratings
    """As rated, with the levels that actions have brought since."""
    levels: Mapping[str, Decimal]
    """The levels reached, by competence; only of those that are rated."""
    goal: Goal
    actions: tuple[Action, ...]
    """What is left to choose from, with what the person excludes."""
    done: tuple[Action, ...]
    climbs: tuple[Climb, ...]
    """What the actions that are done have raised since the ratings."""
    catalogue: Mapping[str, Action]
    """Every action that leads to the role from the lowest level or from the ratings, by its id."""


def situation(  # noqa: PLR0913  what a plan is made from
    framework: Framework,
    ratings: Ratings,
    role: str,
    *,
    limits: Limits,
    reach: str | None,
    earlier: Sequence[EarlierAction],
) -> Situation:
    """Return where a person is; what is done counts unless the ratings are newer."""
    rated = score(framework, role, ratings)
    at_the_bottom = score(framework, role, _at_the_bottom(framework, ratings, role))
    # What a course counts for depends on the gaps, so those of the ratings come last, and win.
    catalogue = {
        action.id: action
        for results in (at_the_bottom, rated)
        for action in actions_for(framework, role, results, limits)
    }
    done = [action for action in earlier if action.status is ActionStatus.DONE]
    needs = needs_of(rated)
    since = {action.id for action in done if _counts(action, ratings)}
    raised = outcome([action for key, action in catalogue.items() if key in since], needs)
    reached = rated_at(ratings, raised.levels)
    results = score(framework, role, reached)
    over = {action.id for action in done}
    return Situation(
        framework=framework,
        role=role,
        ratings=ratings,
        reached=reached,
        levels={result.id: result.rating for result in results if result.rating is not None},
        goal=goal_for(framework, results, reach),
        actions=tuple(
            action._replace(after=tuple(key for key in action.after if key not in over))
            for action in actions_for(framework, role, results, limits)
            if action.id not in over
        ),
        done=tuple(catalogue[action.id] for action in done if action.id in catalogue),
        climbs=raised.climbs,
        catalogue=catalogue,
    )


def _counts(action: EarlierAction, ratings: Ratings) -> bool:
    """Whether an action was done after the ratings, which else say what it has brought."""
    return ratings.date is None or (action.done_on or action.due) >= ratings.date


def _at_the_bottom(framework: Framework, ratings: Ratings, role: str) -> Ratings:
    """The ratings with the lowest level in everything that the role requires."""
    return rated_at(ratings, dict.fromkeys(framework.scored(role), framework.levels[0]))


def can_be_done(
    actions: Iterable[Action], ends: Mapping[str, int], weeks: int, kept: frozenset[str]
) -> tuple[Action, ...]:
    """Return the actions that can end within the weeks, and whose prerequisites can.

    `ends` is how many weeks are over, at the soonest, when each action has ended. What is kept
    stays.
    """
    left = [action for action in actions if ends[action.id] <= weeks or action.id in kept]
    while True:
        ids = {action.id for action in left}
        able = [action for action in left if ids.issuperset(action.after) or action.id in kept]
        if len(able) == len(left):
            return tuple(able)
        left = able
