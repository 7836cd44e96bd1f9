"""The values of choosing for a plan: actions, limits, goals, and what is chosen.

Hours, weeks and levels are exact; nothing here is rounded or put into words. `docs/planning.md`
explains the method.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from pmo_path.domain.bands import BandFacts
from pmo_path.domain.competences import Start

# --- What there is to choose from -------------------------------------------------------------------


class ActionKind(StrEnum):
    """What an action is."""

    STEP = "step"
    """A step at work."""
    COURSE = "course"
    """A course or a long qualification."""


class Guess(StrEnum):
    """A figure of an action that the framework does not state, so that a default stands in."""

    HOURS = "hours"
    WEEKS = "weeks"
    COST = "cost"


class Effect(NamedTuple):
    """An action raises whoever is at `from_` or above, and below `to`, to the level `to`."""

    competence: str
    """The id of the competence."""
    from_: Decimal
    to: Decimal

    def raises(self, level: Decimal) -> bool:
        """Whether it raises somebody at this level."""
        return self.from_ <= level < self.to


class Action(NamedTuple):
    """Something to do, and the levels that it raises."""

    id: str
    """Its id in plans: `step:COMPETENCE:LEVEL` or `course:ID`."""
    kind: ActionKind
    title: str
    """What to do, or the title of the course."""
    competence: str
    """The id of the competence that it counts for where few may be in progress at once."""
    effects: tuple[Effect, ...]
    """One for each competence of the role that it can raise."""
    hours: tuple[Decimal, Decimal]
    """The lowest and the highest number of hours to find for it, above 0."""
    weeks: tuple[Decimal, Decimal]
    """The lowest and the highest number of weeks from start to end, above 0; those that its hours
    take may be more."""
    needs_assignment: bool
    """Whether somebody has to grant it."""
    cost: Decimal | None
    """Its price in the currency of the budget; None without a budget."""
    after: tuple[str, ...]
    """Ids of the actions that have to be done before it."""
    guesses: frozenset[Guess]
    """The figures for which a default stands in."""
    first_move: str
    """What to do first; empty if the framework does not say."""
    start: Start | None
    """What it takes to begin; None if the framework does not say."""

    @property
    def expected_hours(self) -> Decimal:
        """The middle of its range of hours."""
        low, high = self.hours
        return (low + high) / 2

    @property
    def expected_weeks(self) -> Decimal:
        """The middle of its range of weeks."""
        low, high = self.weeks
        return (low + high) / 2


class Money(NamedTuple):
    """A price."""

    amount: Decimal
    """How much."""
    currency: str
    """Its currency, such as EUR."""


class Limits(NamedTuple):
    """What a plan keeps to."""

    hours_per_week: Decimal
    """Hours for learning in a week."""
    weeks: int
    """How many weeks there are."""
    assignments_at_once: int = 2
    """How many actions that somebody has to grant may run at once."""
    competences_at_once: int = 3
    """How many competences may be in progress at once."""
    budget: Money | None = None
    """Money for courses; none when no limit was set."""


class Need(NamedTuple):
    """A competence that is rated below the level required, and what it counts."""

    competence: str
    level: Decimal
    """The level now."""
    required: Decimal
    importance: Decimal
    must_have: Decimal | None

    @property
    def is_must_have_missing(self) -> bool:
        """Whether the level is below that of a must-have."""
        return self.must_have is not None and self.level < self.must_have

    def gain(self, low: Decimal, high: Decimal) -> Decimal:
        """Importance times the levels gained from one level to another, up to the one required."""
        return self.importance * (min(high, self.required) - low)


class Obstruction(StrEnum):
    """Why a band cannot be reached."""

    NOTHING_RATED = "nothing-rated"
    TOO_MUCH_NA = "too-much-na"
    """More than a third of the role does not apply, so there is no band."""
    UNRATED = "unrated"
    """Too much is unrated for the readiness of the band, even if every gap is closed."""
    MUST_HAVE_UNRATED = "must-have-unrated"
    MUST_HAVE_NA = "must-have-na"
    NO_ACTION = "no-action"
    """Nothing leads to the level."""
    NO_WEEKS = "no-weeks"
    """What leads to the level takes longer than there is."""
    LIMITS = "limits"
    """The hours, the assignments, the competences at once or the money do not suffice."""
    KEPT = "kept"
    """The actions to keep do not fit within the limits."""


class Obstacle(NamedTuple):
    """Something that keeps a person from a band."""

    reason: Obstruction
    competence: str = ""
    """The id of the competence that it is about; empty if it is not about a single one."""
    level: Decimal | None = None
    """The level to which nothing leads; None for other reasons."""


class Blocked(NamedTuple):
    """That nothing can be chosen for a task, and why."""

    obstacles: tuple[Obstacle, ...]
    """At least one; first what the ratings say, then what is missing, then the limits."""
    band: BandFacts | None
    """The band out of reach; None if the plan has no band to reach."""
    limits: Limits
    """Those of the plan."""
    enough: tuple[Limits, ...] | None = None
    """Limits that would do: with more hours a week, and with more weeks, where one of them alone
    helps; None if that was not tried."""


class Worth(NamedTuple):
    """How good a plan, or a part of it, is."""

    must_haves_met: int
    """Must-haves met that are missing now."""
    points: Decimal
    """Importance times levels gained, up to the levels required."""
    expected_hours: Decimal
    """The middle of the ranges of hours, in all; below 0 for hours that are saved."""

    @property
    def rank(self) -> tuple[Decimal | int, ...]:
        """The sort key where as much as possible is to be closed; the best has the greatest."""
        return self.must_haves_met, self.points, -self.expected_hours


class Goal(NamedTuple):
    """What a plan is for: as much as possible, or a band with the least effort.

    Without a band: first as many must-haves as possible, then the largest weighted gap closed, then
    the fewest hours. With one: the fewest hours that reach it.
    """

    needs: tuple[Need, ...]
    """In the order of the gaps."""
    band: BandFacts | None
    """The band to reach."""
    points_to_reach: Fraction
    """Importance times levels to gain for the band's readiness at the low end; 0 without a band."""
    must_haves_lost: int
    """Must-haves that are missing whatever is done: unrated and not applicable ones."""
    obstacles: tuple[Obstacle, ...] = ()
    """What in the ratings keeps the band out of reach, whatever is done."""

    def rank(self, worth: Worth) -> tuple[Decimal | int, ...]:
        """The sort key of what is worth most for this goal; the best has the greatest."""
        if self.band is None:
            return worth.rank
        return -worth.expected_hours, worth.must_haves_met, worth.points


class Task(NamedTuple):
    """What is to be solved."""

    actions: tuple[Action, ...]
    goal: Goal
    limits: Limits
    kept: frozenset[str] = frozenset()
    """Ids of actions that have to be part of the plan."""


# --- What is chosen -----------------------------------------------------------------------------------


class Method(StrEnum):
    """How the actions were chosen."""

    EXACT = "exact"
    """No choice within the limits is better."""
    BEST_FOUND = "best-found"
    """The best choice whose dates fit; `bound` says how good one could be."""
    GREEDY = "greedy"
    """One action after the other, by gain for its hours."""


class Selection(NamedTuple):
    """The actions chosen for a task."""

    actions: frozenset[str]
    """Their ids."""
    method: Method
    bound: Worth | None
    """The worth that no choice exceeds; None if it is not known."""


Solver = Callable[[Task, tuple[frozenset[str], ...]], Selection | Blocked]
"""Chooses actions for a task, but none of the selections passed with it.

Without a band to reach and without kept actions, choosing nothing is a selection too.
"""


class Slot(NamedTuple):
    """When an action runs: from the first day of week `first` to the last of week `last`."""

    action: str
    first: int
    """0 is the week in which the plan begins."""
    last: int
