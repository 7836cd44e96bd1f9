"""A development plan, and what a person wrote into the one before."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from pmo_path.domain.bands import BandFacts, BandReason
from pmo_path.domain.competences import Start
from pmo_path.domain.plan.model import ActionKind, Guess, Limits, Method, Money, Worth
from pmo_path.domain.report import FrameworkFacts, LevelFacts, MissingMustHave, Reference
from pmo_path.domain.scoring import Readiness


class ActionStatus(StrEnum):
    """The state of an action in a plan."""

    OPEN = "open"
    DONE = "done"


class EarlierAction(NamedTuple):
    """An action of a plan made before, as the person left it."""

    id: str
    """Its id in plans."""
    starts: datetime.date
    """Its first day."""
    due: datetime.date
    """Its last day."""
    status: ActionStatus = ActionStatus.OPEN
    """Open, or done."""
    done_on: datetime.date | None = None
    """None if it is not done, or if the person does not say when."""
    pinned: bool = False
    """Whether its dates are to be kept."""
    supporter: str = ""
    """Who supports it, as the person wrote; empty if nobody is named."""
    note: str = ""
    """What the person noted."""
    title: str = ""
    """What there is to do; empty if the framework has no such action any more."""

    def days(self, today: datetime.date) -> tuple[datetime.date, datetime.date]:
        """Its first and last day; what was ticked off before it was due has ended by then."""
        if self.status is ActionStatus.OPEN:
            return self.starts, self.due
        ended = min(self.due, self.done_on or today)
        return min(self.starts, ended), ended

    @property
    def is_noted(self) -> bool:
        """Whether the person has written something about it."""
        return bool(self.pinned or self.supporter or self.note)


class Raise(NamedTuple):
    """A level that an action raises in a plan."""

    competence: Reference
    """The competence."""
    from_level: Decimal
    """The level before it."""
    to_level: Decimal
    """The level after it."""
    required: Decimal
    """The level that the role requires."""


class PlannedAction(NamedTuple):
    """An action with its dates."""

    id: str
    """Its id in plans: `step:COMPETENCE:LEVEL` or `course:ID`."""
    kind: ActionKind
    """A step at work, or a course."""
    title: str
    """What to do, or the title of the course."""
    raises: tuple[Raise, ...]
    """What it raises here; empty for a course that another one presupposes."""
    needed_for: tuple[str, ...]
    """Titles of the courses that presuppose it."""
    for_must_have: bool
    """Whether it leads to a must-have that is missing now."""
    first_move: str
    """What to do first; empty if the framework does not say."""
    hours_range: tuple[Decimal, Decimal]
    """The lowest and the highest number of hours to find for it."""
    weeks: int
    """How many weeks it runs in the plan."""
    starts: datetime.date
    """Its first day."""
    due: datetime.date
    """Its last day."""
    start: Start | None
    """What it takes to begin; none if the framework does not say."""
    supporters: tuple[str, ...]
    """Whom to learn from."""
    supporter: str
    """Who supports it, as the person wrote; empty if nobody is named."""
    evidence_to_collect: tuple[str, ...]
    """What would prove it."""
    cost: Money | None
    """Its price; none without a budget."""
    guesses: tuple[Guess, ...]
    """The figures for which a default stands in."""
    status: ActionStatus
    """Open, or done."""
    done_on: datetime.date | None
    """The day on which it was done; none if it is not, or if the person does not say."""
    pinned: bool
    """Whether the person wants its dates kept."""
    note: str
    """What the person noted."""
    share_of_trials: Fraction | None
    """The part of the trials with other efforts in which it was chosen, from 0 to 1; none without
    trials."""
    buys: Worth | None
    """What would be lost without it; none without --explain."""

    @property
    def is_open(self) -> bool:
        """Whether it is still to do."""
        return self.status is ActionStatus.OPEN


class Standing(NamedTuple):
    """The person's readiness on a date, if every action due by then is done."""

    date: datetime.date
    """The day."""
    readiness: Readiness | None
    """None if nothing is rated."""
    band: BandFacts | None
    """The band that the low end of the range reaches; none for the reason in `band_reason`."""
    band_reason: BandReason | None
    """Why there is no band; none when there is one."""
    at_target: int
    """Number of required competences at or above target."""
    applicable: int
    """Number of required competences that are not n/a."""
    must_haves_missing: tuple[MissingMustHave, ...]
    """In the framework's order."""


class Phase(NamedTuple):
    """A part of a plan, and the person's readiness at its end."""

    last_day: int | None
    """The day of the plan on which it ends; None for what comes after the last of them."""
    action_ids: tuple[str, ...]
    """Ids of the actions that are due in it, by date."""
    standing: Standing
    """At its end."""


class OpenReason(StrEnum):
    """Why a gap stays open."""

    NO_ACTION = "no-action"
    """The framework names nothing that leads from the level reached to the next."""
    NO_TIME = "no-time"
    """What leads there takes longer than there is, by weeks."""
    OTHERS_FIRST = "others-first"
    """The hours, the money or the assignments went to what counts more."""
    EXCLUDED = "excluded"
    """What leads there is excluded by the person."""


class OpenGap(NamedTuple):
    """A gap that is left at the end."""

    competence: Reference
    """The competence."""
    level: Decimal
    """The level reached by the plan."""
    required: Decimal
    """The level that the role requires."""
    must_have: Decimal | None
    """The level below which the role is out of reach; none when it is no must-have."""
    reason: OpenReason
    """Why it stays open."""


class Mix(NamedTuple):
    """How the hours of a plan divide."""

    step_hours: Decimal
    """Expected hours of steps at work."""
    course_hours: Decimal
    """Expected hours of courses."""


class Plan(NamedTuple):
    """A development plan of one person for one role."""

    framework: FrameworkFacts
    """The framework in use."""
    person: str
    """Whose plan it is; empty if not specified."""
    role: Reference
    """The role aimed at."""
    rated_on: datetime.date | None
    """When the ratings were given; none if not specified."""
    starts: datetime.date
    """The first day of its first week, a Monday."""
    ends: datetime.date
    """The last day of its last week, a Friday."""
    limits: Limits
    """What it keeps to."""
    reach: BandFacts | None
    """The band to reach; None to close as much of the gap as possible."""
    reaches_band: bool
    """Whether the plan reaches that band; true without one."""
    method: Method
    """How the actions were chosen."""
    worth: Worth
    """What it is worth."""
    bound: Worth | None
    """The worth that no plan exceeds; none if it is not known."""
    actions: tuple[PlannedAction, ...]
    """By start, then by due date."""
    excluded: tuple[Reference, ...]
    """Actions that the person has excluded."""
    now: Standing
    """Before the first open action: the ratings, with what is done counted."""
    phases: tuple[Phase, ...]
    """In their order."""
    end: Standing
    """When every action is done."""
    open_gaps: tuple[OpenGap, ...]
    """In the order of the gaps."""
    rate_first: tuple[Reference, ...]
    """Unrated competences: nothing is planned for them."""
    not_applicable: tuple[Reference, ...]
    """Competences that do not apply to the person."""
    strengths_to_use: tuple[Reference, ...]
    """Competences at or above target that may help, the strongest first."""
    mix: Mix
    """How its hours divide."""
    reviews: tuple[datetime.date, ...]
    """Days on which to review it."""
    rate_again: datetime.date
    """The day on which to rate again."""
    left_out: tuple[EarlierAction, ...]
    """Actions of the plan made before that are not part of this one, so that no note is lost."""
    trials: int
    """How many trials with other efforts were made."""
    scale: tuple[LevelFacts, ...]
    """The levels of the scale, lowest first."""
    levels_at_end: Mapping[str, Decimal]
    """The level of each rated competence at the end."""
