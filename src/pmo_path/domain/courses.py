"""Courses as they can be taken: each behind the courses that it presupposes.

What a chain of courses does to a level depends on the framework alone, so it is computed once, and
`batch` scores people with the same numbers.
"""

from __future__ import annotations

from decimal import Decimal
from graphlib import TopologicalSorter
from itertools import islice, pairwise
from typing import TYPE_CHECKING, NamedTuple

from pmo_path.domain.limits import MAX_COURSES_BEFORE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pmo_path.domain.training import Range, Training


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
