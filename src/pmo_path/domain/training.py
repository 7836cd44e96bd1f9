"""Courses, qualifications and recognitions: what they develop, for whom, how long, how much.

Courses are taken behind those that they presuppose. What such a chain does to a level depends on
the framework alone, so it is computed once, and `batch` scores people with the same numbers.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from graphlib import TopologicalSorter
from itertools import islice, pairwise
from typing import TYPE_CHECKING, Annotated, Literal, NamedTuple

from pydantic import Discriminator, Field, Tag

from pmo_path.domain.base_model import Extensible
from pmo_path.domain.competences import BY_KEY, LIST, form_of
from pmo_path.domain.fields import Amount, Currency, Id, MonthOrYear, Text, Url, YearMonth
from pmo_path.domain.limits import MAX_COURSES_BEFORE
from pmo_path.domain.numbers import Number, Positive

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

HOURS_IN_DAY = 8
"""How many hours count as a day where lengths are compared or added up."""

TrainingType = Literal["course", "qualification", "recognition"]
"""What kind of learning it is: of days or weeks, of months, or proof of long practice."""


class Range(Extensible, title="Range of levels"):
    """The levels for which a course is suggested: at `from` or above, and below `to`."""

    from_: Number = Field(alias="from", description="The level that a participant should have.")
    to: Number = Field(description="The level that the course prepares for.")


class Cost(Extensible, title="Cost of training"):
    """What a course costs, as far as it is known; an indication and no offer."""

    amount: Amount = Field(description="The price.")
    currency: Currency = Field(description="Its currency, such as EUR.")
    as_of: MonthOrYear | None = Field(
        None, description="The month or year of the price; default: not known."
    )
    note: str = Field("", description="What it includes: tax, exam, membership.")


Developed = Annotated[
    Annotated[Mapping[Id, Range], Tag(BY_KEY)] | Annotated[tuple[Id, ...], Tag(LIST)],
    Discriminator(form_of),
]
"""Competences with the levels between which a course develops each, or without levels."""


class Training(Extensible):
    """A course, a qualification or another kind of formal learning."""

    title: Text = Field(description="The displayed title.")
    provider: str = Field("", description="Who offers it; default: not stated.")
    aliases: tuple[Text, ...] = Field((), description="Other titles.")
    type: TrainingType = Field(
        "course",
        description="course: days or weeks; qualification: months, often with an exam; "
        "recognition: proof of long practice, such as chartered status.",
    )
    kind: str = Field("", description="The same in words of your own: workshop, exam, …")
    format: str = Field("", description="Classroom, virtual, self-study, …")
    days: Positive | None = Field(None, description="Length in days; default: unknown.")
    hours: Positive | None = Field(
        None, description="Length in hours, in place of days; default: unknown."
    )
    duration: str = Field(
        "", description="Length as text, if it cannot be given in days or hours."
    )
    audience: str = Field("", description="Who it is for.")
    for_roles: tuple[Id, ...] = Field(
        (), description="Ids of the target roles that it suits; default: any role."
    )
    topics: tuple[Text, ...] = Field((), description="What it covers.")
    prerequisites: tuple[Text, ...] = Field(
        (), description="Ids of other training, or plain text."
    )
    develops: Developed = Field(
        description="From which level to which it develops each competence, by competence id; "
        "or a list of competence ids where the levels are not known."
    )
    cost: Cost | None = Field(None, description="What it costs; default: unknown.")
    url: Url | None = Field(None, description="The provider's page about it.")
    checked: YearMonth | None = Field(
        None, description="Month in which the facts were last checked; default: not verified."
    )
    source_date: MonthOrYear | None = Field(
        None, description="Month or year of the source of the facts; default: not known."
    )
    note: str = Field("", description="What a buyer should know.")

    @property
    def length_in_days(self) -> Decimal | None:
        """The length for comparisons and sums, with 8 hours to a day; None if it is not known."""
        return self.hours / HOURS_IN_DAY if self.days is None and self.hours else self.days

    def suits(self, role: str) -> bool:
        """Whether it suits those who aim at the role with this id."""
        return not self.for_roles or role in self.for_roles

    @property
    def ranges(self) -> Mapping[str, Range]:
        """The levels between which it develops competences, by competence id.

        Empty where the file does not give levels.
        """
        return self.develops if isinstance(self.develops, Mapping) else {}

    @property
    def without_levels(self) -> tuple[str, ...]:
        """The competences that it develops between levels that are not known."""
        return () if isinstance(self.develops, Mapping) else self.develops


# --- Courses with those that they presuppose ----------------------------------------------------


class Lift(NamedTuple):
    """Whoever is at `start` or above, and below `stop`, is prepared for `reach`."""

    start: Decimal
    stop: Decimal
    reach: Decimal


class CourseChain(NamedTuple):
    """A course with those that come before it."""

    id: str
    """The id of the course."""
    before: tuple[str, ...]
    """Ids of the courses that it presupposes, directly or not, in the order in which to take them."""
    lifts: Mapping[str, tuple[Lift, ...]]
    """What the whole chain prepares for, by competence id; lifts are disjoint and ascend."""
    lifts_before: Mapping[str, tuple[Lift, ...]]
    """What the courses before it prepare for without it."""
    without_levels: tuple[str, ...]
    """Ids of competences that the course develops without a word on levels."""
    length_in_days: Decimal | None
    """The length of the whole chain; none if that of a part is not known."""

    @property
    def length_order(self) -> tuple[bool, Decimal, int]:
        """The sort key: shorter chains first, unknown lengths last, then fewer courses first."""
        return self.length_in_days is None, self.length_in_days or Decimal(0), len(self.before)


def courses_before(training: Mapping[str, Training]) -> Mapping[str, tuple[str, ...]]:
    """Return the courses that each course presupposes, directly or not, in the order to take them.

    A prerequisite that is a text, and not the id of training, is left out. No more than one course
    above `MAX_COURSES_BEFORE` is listed. Raises graphlib.CycleError for prerequisites in a circle.
    """
    needed = {
        key: [other for other in course.prerequisites if other in training]
        for key, course in training.items()
    }
    before: dict[str, tuple[str, ...]] = {}
    for key in TopologicalSorter(needed).static_order():
        earlier = (course for other in needed[key] for course in (*before[other], other))
        before[key] = tuple(islice(dict.fromkeys(earlier), MAX_COURSES_BEFORE + 1))
    return before


def course_chains(training: Mapping[str, Training]) -> Mapping[str, CourseChain]:
    """Return the chain of every course of a valid framework by its id, in the framework's order."""
    before = courses_before(training)
    return {
        key: _chain(key, course, {earlier: training[earlier] for earlier in before[key]})
        for key, course in training.items()
    }


def _chain(key: str, course: Training, before: Mapping[str, Training]) -> CourseChain:
    taken = (*before.values(), course)
    return CourseChain(
        id=key,
        before=tuple(before),
        lifts=_lifts(taken),
        lifts_before=_lifts(before.values()),
        without_levels=course.without_levels,
        length_in_days=_total(part.length_in_days for part in taken),
    )


def _total(lengths: Iterable[Decimal | None]) -> Decimal | None:
    total = Decimal(0)
    for length in lengths:
        if length is None:
            return None
        total += length
    return total


def _lifts(courses: Iterable[Training]) -> Mapping[str, tuple[Lift, ...]]:
    """Return what courses prepare for, one after the other; a recognition prepares for nothing."""
    ranges: dict[str, list[Range]] = {}
    for course in courses:
        if course.type != "recognition":
            for key, range_ in course.ranges.items():
                ranges.setdefault(key, []).append(range_)
    return {key: _in_sequence(in_order) for key, in_order in ranges.items()}


def _in_sequence(ranges: Sequence[Range]) -> tuple[Lift, ...]:
    """Return what ranges do to a level, one after the other.

    Between two neighbouring bounds all levels lie in the same ranges, so one level speaks for all.
    """
    bounds = sorted({bound for range_ in ranges for bound in (range_.from_, range_.to)})
    lifts: list[Lift] = []
    for start, stop in pairwise(bounds):
        reach = _reach(ranges, start)
        if reach == start:
            continue
        if lifts and lifts[-1].stop == start and lifts[-1].reach == reach:
            lifts[-1] = lifts[-1]._replace(stop=stop)
        else:
            lifts.append(Lift(start, stop, reach))
    return tuple(lifts)


def _reach(ranges: Iterable[Range], level: Decimal) -> Decimal:
    for range_ in ranges:
        if range_.from_ <= level < range_.to:
            level = range_.to
    return level


def lifted(lifts: Iterable[Lift], level: Decimal) -> Decimal:
    """Return the level that somebody at `level` is prepared for; `level` itself if for no higher one."""
    return next((lift.reach for lift in lifts if lift.start <= level < lift.stop), level)


def deciding_competences(chains: Mapping[str, CourseChain]) -> Mapping[str, frozenset[str]]:
    """Return for each course the competences whose levels decide whether it is advised.

    These are those of its chain, and of the chains that it is a part of.
    """
    deciding: dict[str, frozenset[str]] = {}
    for chain in chains.values():
        developed = frozenset((*chain.lifts, *chain.without_levels))
        for key in (*chain.before, chain.id):
            deciding[key] = deciding.get(key, frozenset()) | developed
    return deciding
