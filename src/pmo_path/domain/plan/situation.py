"""A person's levels when a plan is made, the options of the plan, and readiness on a date."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pmo_path.domain.plan.actions import actions_for
from pmo_path.domain.plan.effects import outcome
from pmo_path.domain.plan.goal import goal_for, needs_of
from pmo_path.domain.plan.result import ActionStatus, Standing
from pmo_path.domain.plan.weekdays import first_monday, friday, week_of
from pmo_path.domain.ratings import Rating
from pmo_path.domain.role_fit import fit_to
from pmo_path.domain.scoring import score

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Mapping
    from decimal import Decimal

    from pmo_path.domain.framework import Framework
    from pmo_path.domain.plan.effects import Climb
    from pmo_path.domain.plan.model import Action, Goal, Limits, Slot
    from pmo_path.domain.plan.result import EarlierAction
    from pmo_path.domain.ratings import Ratings


class Order(NamedTuple):
    """The options of a plan."""

    starts: datetime.date
    """The Monday of week 0."""
    today: datetime.date
    limits: Limits
    reach: str | None = None
    """The id of the band to reach; None to close as much of the gap as possible."""
    exclude: frozenset[str] = frozenset()
    """Ids of actions that stay out."""
    earlier: Mapping[str, EarlierAction] = {}
    """The actions of a plan made before, by id."""

    @property
    def weeks_over(self) -> int:
        """How many weeks are over or have begun: nothing new begins in them."""
        return max(0, week_of(self.starts, first_monday(self.today)))

    @property
    def ends(self) -> datetime.date:
        """The last Friday."""
        return friday(self.starts, self.limits.weeks - 1)


class Situation(NamedTuple):
    """A person on the way to a role."""

    framework: Framework
    role: str
    ratings: Ratings
    """As rated."""
    reached: Ratings
    """As rated, with the levels that actions have brought since."""
    order: Order
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


def situation(framework: Framework, ratings: Ratings, role: str, order: Order) -> Situation:
    """Return where a person is; what is done counts unless the ratings are newer.

    `role` is an id. Raises UsageProblem for a budget in a currency without any known price.
    """
    rated = score(framework, role, ratings)
    at_the_bottom = score(framework, role, _at_the_bottom(framework, ratings, role))
    # What a course counts for depends on the gaps, so those of the ratings come last, and win.
    catalogue = {
        action.id: action
        for results in (at_the_bottom, rated)
        for action in actions_for(framework, role, results, order.limits)
    }
    done = [action for action in order.earlier.values() if action.status is ActionStatus.DONE]
    since = {action.id for action in done if _counts(action, ratings)}
    raised = outcome(
        [action for key, action in catalogue.items() if key in since], needs_of(rated)
    )
    reached = rated_at(ratings, raised.levels)
    results = score(framework, role, reached)
    over = {action.id for action in done}
    return Situation(
        framework=framework,
        role=role,
        ratings=ratings,
        reached=reached,
        order=order,
        levels={result.id: result.rating for result in results if result.rating is not None},
        goal=goal_for(framework, results, order.reach),
        actions=tuple(
            action._replace(after=tuple(key for key in action.after if key not in over))
            for action in actions_for(framework, role, results, order.limits)
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


def rated_at(ratings: Ratings, levels: Mapping[str, Decimal]) -> Ratings:
    """Return the ratings with these levels by competence in place of theirs."""
    changed = {
        key: ratings.ratings.get(key, Rating()).model_copy(update={"level": level})
        for key, level in levels.items()
    }
    return ratings.model_copy(update={"ratings": {**ratings.ratings, **changed}})


def standing(framework: Framework, role: str, ratings: Ratings, date: datetime.date) -> Standing:
    """Return the readiness of a person with these ratings; `date` is the date shown with it."""
    fit = fit_to(framework, role, score(framework, role, ratings))
    return Standing(
        date=date,
        readiness=fit.readiness,
        band=fit.band,
        band_reason=fit.band_reason,
        at_target=fit.at_target,
        applicable=fit.applicable,
        must_haves_missing=fit.must_haves_missing,
    )


def levels_by(
    actions: Mapping[str, Action], slots: Iterable[Slot], levels: Mapping[str, Decimal], week: int
) -> dict[str, Decimal]:
    """Return the levels at the beginning of a week, from those at the start.

    What has ended before the week counts, if the level at its own beginning was high enough.
    """
    brought: list[tuple[int, str, Decimal]] = []

    def level_in(competence: str, week: int) -> Decimal:
        ended = (to for last, key, to in brought if key == competence and last < week)
        return max([levels[competence], *ended])

    for slot in sorted(slots, key=lambda slot: slot.last):
        if slot.last >= week:
            break
        for effect in actions[slot.action].effects:
            key = effect.competence
            if key in levels and level_in(key, slot.first) >= effect.from_:
                brought.append((slot.last, key, effect.to))
    return {key: level_in(key, week) for key in levels}
