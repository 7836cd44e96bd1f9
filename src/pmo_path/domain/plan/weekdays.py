"""The dates of a plan: weeks begin on Mondays, and what is due is due on Fridays."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

WEEK = datetime.timedelta(days=7)
SATURDAY = 5
PHASE_ENDS = (30, 60, 90)
"""The days of a plan on which its phases end; what comes after is one more phase."""
QUARTER = datetime.timedelta(weeks=13)
HALF_A_YEAR = datetime.timedelta(weeks=26)


def first_monday(date: datetime.date) -> datetime.date:
    """Return the date itself if it is a Monday, else the next Monday."""
    return date + datetime.timedelta(days=-date.weekday() % 7)


def monday(starts: datetime.date, week: int) -> datetime.date:
    """Return the first day of a week; `starts` is the Monday of week 0."""
    return starts + week * WEEK


def friday(starts: datetime.date, week: int) -> datetime.date:
    """Return the last working day of a week; `starts` is the Monday of week 0."""
    return monday(starts, week) + datetime.timedelta(days=4)


def week_of(starts: datetime.date, date: datetime.date) -> int:
    """Return the week in which a date lies; negative before the plan begins."""
    return (date - starts).days // 7


def phases_within(
    starts: datetime.date, ends: datetime.date
) -> Iterator[tuple[int | None, datetime.date]]:
    """Yield the phases of a plan: the number of days (None for the last one) and the last date."""
    for days in PHASE_ENDS:
        date = starts + datetime.timedelta(days=days)
        if date >= ends:
            yield days, ends
            return
        yield days, date
    yield None, ends


def review_dates(
    starts: datetime.date,
    ends: datetime.date,
    running: Iterable[tuple[datetime.date, datetime.date]],
) -> tuple[datetime.date, ...]:
    """Return the dates of reviews: at the end of each phase with work in it, then each quarter.

    `running` are the first and last dates of the actions. Reviews are on working days.
    """
    spans = tuple(running)
    last = max((due for _, due in spans), default=starts)
    dates: list[datetime.date] = []
    before = starts
    for days, date in phases_within(starts, ends):
        if any(first <= date and before <= due for first, due in spans):
            dates += [date] if days is not None else _quarters(before, min(last, ends))
        before = date
    return tuple(dict.fromkeys(map(working_day, dates)))


def _quarters(after: datetime.date, last: datetime.date) -> Iterator[datetime.date]:
    """Yield the date a quarter later, and so on, up to the first one that `last` does not exceed."""
    date = after
    while date < last:
        date = min(date + QUARTER, last)
        yield date


def date_to_rate_again(starts: datetime.date, last_due: datetime.date) -> datetime.date:
    """Return the first working day after all is done, or half a year after the start if sooner."""
    return working_day(min(last_due + datetime.timedelta(days=1), starts + HALF_A_YEAR))


def working_day(date: datetime.date) -> datetime.date:
    """Return the date itself, or the Monday after it if it is on a weekend."""
    return date if date.weekday() < SATURDAY else first_monday(date)


def weeks_over(starts: datetime.date, date: datetime.date) -> int:
    """Return how many weeks have had their Friday by the end of a date."""
    return week_of(starts, date - datetime.timedelta(days=4)) + 1
