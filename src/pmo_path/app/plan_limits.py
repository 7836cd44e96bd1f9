"""The limits of a plan, from options and from the file of an earlier plan."""

from __future__ import annotations

import datetime
import re
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from pmo_path.domain.errors import UsageProblem
from pmo_path.domain.numbers import exact
from pmo_path.domain.plan.file import MAX_AT_ONCE, MAX_HOURS_PER_WEEK, MAX_WEEKS, in_calendar
from pmo_path.domain.plan.model import Budget, Limits

if TYPE_CHECKING:
    from pmo_path.domain.plan.file import PlanFile

DEFAULT_WEEKS = 26
"""Half a year: as long as people can foresee, and when to rate again."""
_AMOUNT = r"(?P<amount>\d{1,8}(?:\.\d{1,2})?)"
_CURRENCY = r"(?P<currency>[A-Za-z]{3})"
_BUDGET = (
    re.compile(rf"{_AMOUNT} *{_CURRENCY}", re.ASCII),
    re.compile(rf"{_CURRENCY} *{_AMOUNT}", re.ASCII),
)
_MONDAY_TO_FRIDAY = 4
_WEEK = 7


class PlanOptions(NamedTuple):
    """What a person asks of a plan; None for what an earlier plan or a default says."""

    hours_per_week: Decimal | None = None
    until: datetime.date | None = None
    weeks: int | None = None
    start: datetime.date | None = None
    assignments: int | None = None
    competences: int | None = None
    budget: str | None = None


class PlanSpan(NamedTuple):
    """The days and limits of a plan."""

    starts: datetime.date
    limits: Limits


def span_of(options: PlanOptions, before: PlanFile | None, today: datetime.date) -> PlanSpan:
    """Return when a plan begins, and its limits. Raises UsageProblem for what cannot be."""
    if options.until is not None and options.weeks is not None:
        raise UsageProblem("--until and --weeks both set the end; leave one of them out")
    starts = _start(options.start) or (today if before is None else before.starts)
    hours = options.hours_per_week
    if hours is None and before is not None:
        hours = before.limits.hours_per_week
    earlier = None if before is None else before.limits
    return PlanSpan(
        starts,
        Limits(
            hours_per_week=_hours(hours),
            weeks=_weeks(options, starts, DEFAULT_WEEKS if before is None else before.weeks),
            assignments=_at_once(
                options.assignments,
                2 if earlier is None else earlier.assignments,
                "assignments",
                0,
            ),
            competences=_at_once(
                options.competences,
                3 if earlier is None else earlier.competences,
                "competences",
                1,
            ),
            budget=_budget(options, before),
        ),
    )


def _start(start: datetime.date | None) -> datetime.date | None:
    try:
        return None if start is None else in_calendar(start)
    except ValueError as error:
        raise UsageProblem(f"--start: {error}, not {start}") from None


def _hours(hours: Decimal | None) -> Decimal:
    if hours is None:
        raise UsageProblem(
            "how many hours a week can you find for learning? Add --hours-per-week 4"
        )
    try:
        is_possible = 0 < exact(hours) <= MAX_HOURS_PER_WEEK
    except ValueError:
        is_possible = False
    if not is_possible:
        raise UsageProblem(
            f"--hours-per-week takes a number above 0 and up to {MAX_HOURS_PER_WEEK}, not {hours}"
        )
    return hours


def _weeks(options: PlanOptions, starts: datetime.date, default: int) -> int:
    weeks = options.weeks if options.weeks is not None else default
    if options.until is not None:
        weeks = _weeks_until(options.until, starts)
    if weeks < 1:
        raise UsageProblem(f"--weeks takes a number of 1 or more, not {weeks}")
    if weeks > MAX_WEEKS:
        raise UsageProblem(
            f"a plan of {weeks} weeks is longer than five years ({MAX_WEEKS} weeks); "
            "choose an earlier end"
        )
    return weeks


def _weeks_until(until: datetime.date, starts: datetime.date) -> int:
    """How many weeks from Monday to Friday lie between the start and the end."""
    if until < starts:
        raise UsageProblem(f"the end, {until}, is before the start, {starts}; choose a later end")
    monday = starts + datetime.timedelta(days=-starts.weekday() % _WEEK)
    weeks = ((until - monday).days - _MONDAY_TO_FRIDAY) // _WEEK + 1
    if weeks < 1:
        raise UsageProblem(
            f"there is no whole week from Monday to Friday between {starts} and {until}; "
            "choose a later end"
        )
    return weeks


def _at_once(number: int | None, default: int, option: str, least: int) -> int:
    chosen = default if number is None else number
    if not least <= chosen <= MAX_AT_ONCE:
        raise UsageProblem(
            f"--{option} takes a whole number from {least} to {MAX_AT_ONCE}, not {chosen}"
        )
    return chosen


def _budget(options: PlanOptions, before: PlanFile | None) -> Budget | None:
    if options.budget is None:
        earlier = None if before is None else before.limits.budget
        return None if earlier is None else Budget(earlier.amount, earlier.currency)
    for pattern in _BUDGET:
        if match := pattern.fullmatch(options.budget.strip()):
            return Budget(Decimal(match["amount"]), match["currency"].upper())
    raise UsageProblem(
        f"--budget takes a sum and its currency, such as '2000 EUR', not '{options.budget}'"
    )
