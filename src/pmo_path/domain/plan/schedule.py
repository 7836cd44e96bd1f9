"""When each action of a selection runs: weeks from the start, within what a person can do at once.

A serial schedule: the actions are placed one after the other by a priority rule, each as early as
it fits. Rules differ in which action comes first; the best of their schedules counts. If it leaves
something out, that comes first in the next one, a few times over.
`docs/planning.md` explains the rules.
"""

from __future__ import annotations

import math
from collections import Counter
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from pmo_path.domain.plan.effects import waits_for, with_those_before
from pmo_path.domain.plan.limits import weeks_of
from pmo_path.domain.plan.model import ActionKind, Limits, Slot

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pmo_path.domain.plan.effects import Climb, Outcome
    from pmo_path.domain.plan.model import Action, Need

ZERO = Decimal(0)
STRETCHES = (Fraction(1), Fraction(5, 4), Fraction(3, 2), Fraction(2))
"""How many times its weeks an action may take, so that it fits beside others with fewer hours in
each of them."""
MOST_REPAIRS = 5
"""How often what is left out is moved up."""
Rank: TypeAlias = tuple[Fraction | Decimal | int, ...]
"""A sort key of actions; the lowest comes first."""


class Timing(NamedTuple):
    """What the dates have to keep to."""

    limits: Limits
    """The weeks that are over are among its weeks; those of a task are only the weeks to come."""
    practice_first: bool
    """Whether courses wait for steps: never more of them begun than steps and one."""
    not_before: Mapping[str, int] = {}
    """The first week in which an action can begin, by its id; 0 for all others."""
    pinned: Mapping[str, Slot] = {}
    """The weeks that actions keep whatever else holds."""
    preferred: Mapping[str, int] = {}
    """The week in which an action begins if that fits."""


class Schedule(NamedTuple):
    """The weeks of actions, and which of them do not fit."""

    slots: tuple[Slot, ...]
    """By first week, then last week, then in the order of the actions."""
    unplaced: tuple[str, ...]
    """Ids of actions for which there are no weeks, in the order of the actions."""


def schedule(
    actions: Iterable[Action], needs: Iterable[Need], result: Outcome, timing: Timing
) -> Schedule:
    """Return the schedule that leaves out fewest actions and brings what matters most soonest.

    `needs` are the gaps to close, and `result` is what the actions lead to, and in which order.
    """
    board = _Board(actions, needs, result, timing)
    orders = tuple(board.orders())
    best, order = min(
        ((board.place_all(order, STRETCHES), order) for order in orders),
        key=lambda made: board.merit(made[0]),
    )
    for slowest in range(len(STRETCHES)):
        # With fewer hours in each week, more of them may run beside each other.
        repaired = board.repaired(best, order, STRETCHES[slowest:])
        best = min(best, repaired, key=board.merit)
    return min((best, *board.must_haves_forward(best)), key=board.merit)


class _Board:
    """A selection to schedule, with what every order needs to know of its actions."""

    def __init__(
        self, actions: Iterable[Action], needs: Iterable[Need], result: Outcome, timing: Timing
    ) -> None:
        self.timing = timing
        self.actions = {action.id: action for action in actions}
        self.weeks = {key: weeks_of(action, timing.limits) for key, action in self.actions.items()}
        self.waits = {
            **{key: frozenset(action.after) for key, action in self.actions.items()},
            **waits_for(tuple(self.actions.values()), result),
        }
        gaps = {need.competence: need for need in needs}
        self.gains = {
            key: sum((climb.gain(gaps[climb.competence]) for climb in result.of(key)), ZERO)
            for key in self.actions
        }
        self.must_haves = with_those_before(
            (
                climb.action
                for climb in result.climbs
                if _leads_to_must_have(climb, gaps[climb.competence])
            ),
            self.waits,
        )
        self.tails = self._tails()
        self.unit = self._unit()

    def orders(self) -> Iterator[Sequence[str]]:
        """Yield the ids of the actions in four orders, by different ideas of what comes first.

        What was planned before comes first in each, or others would take its weeks.
        """
        for key_of in (
            self._soonest_must_have,
            self._longest_chain,
            self._largest_gain,
            self._most_hours_a_week,
        ):
            ranks = {key: key_of(key) for key in self.actions}
            yield sorted(
                self.actions, key=lambda key: (key not in self.timing.preferred, ranks[key])
            )

    def _soonest_must_have(self, key: str) -> Rank:
        return key not in self.must_haves, -self.tails[key], -self.gains[key]

    def _longest_chain(self, key: str) -> Rank:
        return -self.tails[key], key not in self.must_haves, -self.gains[key]

    def _largest_gain(self, key: str) -> Rank:
        return key not in self.must_haves, -self.gains[key], -self.tails[key]

    def _most_hours_a_week(self, key: str) -> Rank:
        hours = Fraction(self.actions[key].expected_hours) / self.weeks[key]
        return -hours, -self.tails[key]

    def repaired(
        self, result: Schedule, order: Sequence[str], stretches: Sequence[Fraction]
    ) -> Schedule:
        """The best schedule that follows from moving up, time and again, what is left out."""
        best = result
        for _ in range(MOST_REPAIRS):
            if not result.unplaced:
                break
            late = with_those_before(result.unplaced, self.waits)
            order = sorted(order, key=lambda key: key not in late)
            result = self.place_all(order, stretches)
            best = min(best, result, key=self.merit)
        return best

    def must_haves_forward(self, result: Schedule) -> Iterator[Schedule]:
        """Yield schedules in the order of another one, but with what must-haves need first."""
        order = [slot.action for slot in result.slots] + list(result.unplaced)
        if self.must_haves:
            order.sort(key=lambda key: key not in self.must_haves)
            for slowest in range(len(STRETCHES)):
                yield self.place_all(order, STRETCHES[slowest:])

    def place_all(self, in_order: Sequence[str], stretches: Sequence[Fraction]) -> Schedule:
        """Place the actions one after the other, each in one of these multiples of its weeks."""
        weeks = _Weeks(self.timing, self.unit, stretches)
        for key, slot in self.timing.pinned.items():
            if key in self.actions:
                weeks.add(self.actions[key], slot)
        left = [key for key in in_order if key not in weeks.slots]
        hopeless: set[str] = set()
        while (placed := self._place_next(left, weeks, hopeless)) is not None:
            left.remove(placed)
        positions = {key: position for position, key in enumerate(self.actions)}
        return Schedule(
            tuple(
                sorted(
                    weeks.slots.values(),
                    key=lambda slot: (slot.first, slot.last, positions[slot.action]),
                )
            ),
            tuple(sorted(left, key=positions.__getitem__)),
        )

    def merit(self, result: Schedule) -> Rank:
        """The sort key of a schedule; the lowest is the best."""
        ends = {slot.action: slot.last + 1 for slot in result.slots}
        gain = {key: self.gains[key] * end for key, end in ends.items()}
        lost = sum((self.gains[key] for key in result.unplaced), ZERO)
        return (
            len(self.must_haves.intersection(result.unplaced)),
            lost,
            len(result.unplaced),
            sum((gain[key] for key in gain if key in self.must_haves), ZERO),
            sum(gain.values(), ZERO),
            max(ends.values(), default=0),
        )

    def _place_next(self, keys: Iterable[str], weeks: _Weeks, hopeless: set[str]) -> str | None:
        """Place the first action that fits, and return it; None if none does.

        Weeks only fill up, so a step that has not fit once never will: it joins the `hopeless`. A
        course may only have to wait for steps.
        """
        for key in keys:
            earliest = None if key in hopeless else self._ready(key, weeks.slots)
            if earliest is None:
                continue
            if self._place(key, weeks, earliest):
                return key
            if self.actions[key].kind is ActionKind.STEP:
                hopeless.add(key)
        return None

    def _place(self, key: str, weeks: _Weeks, earliest: int) -> bool:
        """Place an action as early as it fits from `earliest` on; False if it does not fit."""
        preferred = self.timing.preferred.get(key, 0)
        starts = [preferred, earliest] if preferred > earliest else [earliest]
        action = self.actions[key]
        for start in starts:
            slot = weeks.earliest(action, start, self.weeks[key])
            # A week that no longer fits is worth nothing more than any other.
            if slot is not None and (start == earliest or slot.first == preferred):
                weeks.add(action, slot)
                return True
        return False

    def _unit(self) -> int:
        """The number of parts of an hour in which every share of a week's hours is whole."""
        lengths = {
            length for weeks in self.weeks.values() for length in _lengths(weeks, STRETCHES)
        }
        pinned = {slot.last - slot.first + 1 for slot in self.timing.pinned.values()}
        figures = [
            self.timing.limits.hours_per_week,
            *(action.expected_hours for action in self.actions.values()),
        ]
        return math.lcm(*lengths, *pinned) * math.lcm(
            *(figure.as_integer_ratio()[1] for figure in figures)
        )

    def _ready(self, key: str, slots: Mapping[str, Slot]) -> int | None:
        """The first week in which an action can begin; None while what it needs has no weeks."""
        if not slots.keys() >= self.waits[key]:
            return None
        ends = [slots[other].last + 1 for other in self.waits[key]]
        return max([self.timing.not_before.get(key, 0), *ends])

    def _tails(self) -> Mapping[str, int]:
        """The weeks from the start of each action to the end of the longest chain behind it."""
        tails = dict(self.weeks)
        for _ in self.actions:  # as many rounds as the longest possible chain has actions
            for key, before in self.waits.items():
                for other in before & tails.keys():
                    tails[other] = max(tails[other], self.weeks[other] + tails[key])
        return tails


def _leads_to_must_have(climb: Climb, need: Need) -> bool:
    return need.must_have is not None and climb.from_level < need.must_have


class _Weeks:
    """What is going on in each week."""

    def __init__(self, timing: Timing, unit: int, stretches: Sequence[Fraction]) -> None:
        self.limits = limits = timing.limits
        self.practice_first = timing.practice_first
        self.slots: dict[str, Slot] = {}
        self._unit = unit
        self._stretches = stretches
        self._most = _parts(limits.hours_per_week, unit)
        # Whole parts of an hour, because fractions make up most of the time otherwise.
        self._hours = [0] * limits.weeks
        self._assignments = [0] * limits.weeks
        self._courses = [0] * limits.weeks
        self._competences = [Counter[str]() for _ in range(limits.weeks)]
        self._begun = {kind: [0] * limits.weeks for kind in ActionKind}

    def add(self, action: Action, slot: Slot) -> None:
        """Take the weeks of a slot for an action."""
        self.slots[action.id] = slot
        share = _parts(action.expected_hours, self._unit) // (slot.last - slot.first + 1)
        for week in range(slot.first, min(slot.last + 1, self.limits.weeks)):
            self._hours[week] += share
            self._assignments[week] += action.needs_assignment
            self._courses[week] += action.kind is ActionKind.COURSE
            self._competences[week][action.competence] += 1
        for week in range(slot.first, self.limits.weeks):
            self._begun[action.kind][week] += 1

    def earliest(self, action: Action, start: int, weeks: int) -> Slot | None:
        """The weeks from `start` on in which an action ends soonest, or None if there are none."""
        if self.practice_first and action.kind is ActionKind.COURSE:
            start = max(start, self._after_practice())
        # What would take too long that way takes its usual time.
        for stretches in (self._stretches, STRETCHES):
            slots = [
                Slot(action.id, first, first + length - 1)
                for length in _lengths(weeks, stretches)
                if (first := self._first(action, start, length)) is not None
            ]
            if slots:
                return min(slots, key=lambda slot: slot.last)
        return None

    def _after_practice(self) -> int:
        """The first week from which on one more course would not be ahead of the steps."""
        begun = zip(self._begun[ActionKind.COURSE], self._begun[ActionKind.STEP], strict=True)
        ahead = [week for week, (courses, steps) in enumerate(begun) if courses > steps]
        return max(ahead, default=-1) + 1

    def _first(self, action: Action, start: int, length: int) -> int | None:
        """The first week from `start` on in which an action of this length fits."""
        spare = self._most - _parts(action.expected_hours, self._unit) // length
        week = start
        while week < start + length:
            if start + length > self.limits.weeks:
                return None
            if self._is_full(action, week, spare):
                start = week + 1
            week += 1
        return start

    def _is_full(self, action: Action, week: int, spare: int) -> bool:
        busy = self._competences[week]
        return (
            self._hours[week] > spare
            or (
                action.needs_assignment
                and self._assignments[week] >= self.limits.assignments_at_once
            )
            or (action.kind is ActionKind.COURSE and self._courses[week] > 0)
            or (action.competence not in busy and len(busy) >= self.limits.competences_at_once)
        )


def _lengths(weeks: int, stretches: Iterable[Fraction]) -> Iterable[int]:
    """The numbers of weeks that an action of so many weeks may take, the lowest first."""
    return dict.fromkeys(math.ceil(weeks * stretch) for stretch in stretches)


def _parts(hours: Decimal, unit: int) -> int:
    """The hours in parts of an hour, of which `unit` are one hour."""
    numerator, denominator = hours.as_integer_ratio()
    return numerator * unit // denominator
