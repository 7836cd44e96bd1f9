"""A plan as a file that people edit: ticks, dates, supporters and notes; these stay in the next."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from pmo_path.domain.base_model import Extensible, Frozen
from pmo_path.domain.competences import Span
from pmo_path.domain.fields import Amount, Currency, Id, Text
from pmo_path.domain.framework import FormatVersion, Framework
from pmo_path.domain.numbers import Number
from pmo_path.domain.plan.limits import MAX_AT_ONCE, MAX_HOURS_PER_WEEK, MAX_WEEKS
from pmo_path.domain.plan.result import ActionStatus, EarlierAction, Plan, PlannedAction
from pmo_path.domain.ratings import Date, FrameworkRef, RatedLevel, Ratings
from pmo_path.domain.target_level import LevelRole

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


def plan_file(
    plan: Plan, framework: Framework, ratings: Ratings, before: PlanFile | None = None
) -> PlanFile:
    """Return the file of a plan that was made on these ratings.

    `before` is the file that it was made from: its notes and own keys stay, and so do actions that
    are no longer part of the plan but have a tick, a pin, a supporter or a note.
    """
    written = {} if before is None else {entry.id: entry for entry in before.entries}
    planned = {action.id for action in plan.actions}
    return PlanFile.model_validate(
        {
            "schema": 1,
            "kind": "plan",
            "framework": {"id": plan.framework.id, "version": plan.framework.version},
            "person": plan.person,
            "current_role": ratings.role,
            **_target(plan, framework),
            "starts": plan.starts,
            "weeks": plan.limits.weeks,
            "limits": _limits(plan),
            "reach": None if plan.reach is None else plan.reach.id,
            "rated_on": plan.rated_on,
            "ratings": {key: rating.level for key, rating in ratings.ratings.items()},
            "note": "" if before is None else before.note,
            "actions": tuple(_entry(action, written.get(action.id)) for action in plan.actions),
            "earlier": tuple(
                entry
                for entry in written.values()
                if entry.id not in planned and entry.is_worth_keeping
            ),
            "excluded": tuple(reference.id for reference in plan.excluded),
            **({} if before is None else before.model_extra or {}),
        }
    )


def _target(plan: Plan, framework: Framework) -> Mapping[str, Any]:
    role = framework.roles[plan.role.id]
    if not isinstance(role, LevelRole):
        return {"role": plan.role.id}
    return {"target_level": next(iter(role.requires.values())).level}


def _limits(plan: Plan) -> Mapping[str, Any]:
    limits = plan.limits
    return {
        "hours_per_week": limits.hours_per_week,
        "assignments": limits.assignments_at_once,
        "competences": limits.competences_at_once,
        "budget": None if limits.budget is None else limits.budget._asdict(),
    }


def _entry(action: PlannedAction, before: ActionEntry | None) -> ActionEntry:
    """Return the entry of an action, with the own keys that its entry had before."""
    return ActionEntry.model_validate(
        {
            "id": action.id,
            "do": action.title,
            "raises": dict(_raises(action)),
            "hours": action.hours_range,
            "starts": action.starts,
            "due": action.due,
            "status": action.status.value,
            "done_on": action.done_on,
            "pin": action.pinned,
            "supporter": action.supporter,
            "note": action.note,
            **({} if before is None else before.model_extra or {}),
        }
    )


def _raises(action: PlannedAction) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for step in action.raises:
        yield step.competence.id, {"from": step.from_level, "to": step.to_level}
