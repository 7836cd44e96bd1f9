"""A plan as a file that people edit: ticks, dates, supporters and notes."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from pmo_path.domain.base_model import Extensible, Frozen
from pmo_path.domain.competences import Span
from pmo_path.domain.fields import Amount, Currency, Id, Text
from pmo_path.domain.framework import FormatVersion
from pmo_path.domain.numbers import Number
from pmo_path.domain.plan.model import ActionStatus, EarlierAction
from pmo_path.domain.ratings import Date, FrameworkRef, RatedLevel

MAX_HOURS_PER_WEEK = 60
"""The most hours a week that a plan can count on."""
MAX_WEEKS = 261
"""The longest plan: five years."""
MAX_AT_ONCE = 20
"""The most assignments or competences at once."""
FIRST_DAY, LAST_DAY = datetime.date(1950, 1, 1), datetime.date(2200, 12, 31)
"""The days that a plan can have; the weeks after a day much later have no date."""


def in_calendar(date: datetime.date) -> datetime.date:
    """Return a day that a plan can have. Raises ValueError for another one."""
    if not FIRST_DAY <= date <= LAST_DAY:
        raise ValueError(f"expected a date from {FIRST_DAY} to {LAST_DAY}")
    return date


PlanDate = Annotated[Date, AfterValidator(in_calendar)]
"""A day of a plan, such as `2026-11-23`."""


class MoneyLimit(Frozen, title="Money for courses"):
    """What the courses of a plan may cost together."""

    amount: Amount = Field(description="The sum.")
    currency: Currency = Field(description="Its currency, such as EUR.")


class PlanLimits(Frozen, title="Limits of a plan"):
    """What a plan keeps to."""

    hours_per_week: Annotated[Number, Field(gt=0, le=MAX_HOURS_PER_WEEK)] = Field(
        description="Hours for learning in a week."
    )
    assignments: Annotated[int, Field(ge=0, le=MAX_AT_ONCE)] = Field(
        2, description="How many actions that somebody has to grant may run at once."
    )
    competences: Annotated[int, Field(ge=1, le=MAX_AT_ONCE)] = Field(
        3, description="How many competences may be in progress at once."
    )
    budget: MoneyLimit | None = Field(
        None, description="Money for courses; default: prices are not looked at."
    )


class LevelChange(Frozen, title="Levels that an action raises"):
    """The levels before and after an action."""

    from_: Number = Field(alias="from", description="The level before it.")
    to: Number = Field(description="The level after it.")


class ActionEntry(Extensible, title="Action of a plan"):
    """Something to do, with its dates, and what became of it."""

    id: Id = Field(description="Its id: step:COMPETENCE:LEVEL or course:ID.")
    do: str = Field("", description="What to do; for reading only.")
    raises: Mapping[str, LevelChange] = Field(
        {}, description="The levels that it raises, by competence; for reading only."
    )
    hours: Span | None = Field(
        None, description="The hours to find for it, the lowest and the highest; for reading only."
    )
    starts: PlanDate = Field(description="Its first day.")
    due: PlanDate = Field(description="Its last day.")
    status: Literal["open", "done"] = Field(
        "open", description="Whether it is still to do: open or done."
    )
    done_on: PlanDate | None = Field(
        None, description="The day on which it was done; default: not known."
    )
    pin: bool = Field(
        default=False, description="Whether to keep its dates when the plan is made again."
    )
    supporter: str = Field("", description="Who supports it; default: nobody yet.")
    note: str = Field("", description="What to remember about it.")

    @property
    def is_done(self) -> bool:
        """Whether it is ticked off."""
        return self.status == "done"

    @property
    def is_worth_keeping(self) -> bool:
        """Whether a person has written something into it that must not be lost."""
        return bool(self.is_done or self.pin or self.supporter or self.note or self.model_extra)

    @property
    def earlier(self) -> EarlierAction:
        """The action as the planner needs it."""
        return EarlierAction(
            self.id,
            self.starts,
            self.due,
            ActionStatus(self.status),
            self.done_on,
            self.pin,
            self.supporter,
            self.note,
        )


class PlanFile(Extensible, title="Development plan"):
    """A development plan of one person, to edit and to make again."""

    schema_: FormatVersion = Field(alias="schema", description="The version of this file format.")
    kind: Literal["plan"] = Field(description="The word plan: what this file is.")
    framework: FrameworkRef = Field(description="The framework that the plan was made on.")
    person: str = Field("", description="Whose plan it is.")
    current_role: str | None = Field(None, description="The current role: id, name or alias.")
    role: str | None = Field(
        None, description="The role aimed at: id, name or alias; or leave it to target_level."
    )
    target_level: Number | None = Field(
        None, description="The level to reach in every competence, in place of a role."
    )
    starts: PlanDate = Field(description="The first day of the plan.")
    weeks: Annotated[int, Field(ge=1, le=MAX_WEEKS)] = Field(
        description="How many weeks the plan has, at most 261."
    )
    limits: PlanLimits = Field(description="What the plan keeps to.")
    reach: str | None = Field(
        None,
        description="The band to reach: its id; default: close as much of the gap as possible.",
    )
    rated_on: Date | None = Field(None, description="The date of the ratings.")
    ratings: Mapping[str, RatedLevel] = Field(
        description="The ratings that the plan was made on, by competence id, name or alias."
    )
    note: str = Field("", description="What to remember about the plan.")
    actions: tuple[ActionEntry, ...] = Field(
        (), description="What to do, in the order of its dates."
    )
    earlier: tuple[ActionEntry, ...] = Field(
        (), description="Actions of earlier plans with a tick or a note, kept as a record."
    )
    excluded: tuple[Text, ...] = Field((), description="Ids of actions that stay out of the plan.")

    @property
    def entries(self) -> tuple[ActionEntry, ...]:
        """The actions of this plan, and those of earlier ones."""
        return (*self.actions, *self.earlier)
