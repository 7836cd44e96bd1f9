"""Check plans without the code that makes them: limits, order, use, standings.

It goes through a plan week by week, so it is slow and simple.
"""

from __future__ import annotations

import datetime
import math
from collections import Counter
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from pmo_path.domain.bands import bands_of
from pmo_path.domain.plan.model import ActionKind, Slot
from pmo_path.domain.plan.result import ActionStatus
from pmo_path.domain.ratings import Rating
from pmo_path.domain.scoring import Status, readiness_of, score

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from pmo_path.domain.framework import Framework
    from pmo_path.domain.plan.model import Action, Limits
    from pmo_path.domain.plan.result import Plan, PlannedAction, Standing
    from pmo_path.domain.ratings import Ratings

FRIDAY = 4
MOST_STRETCH = 2
"""An action runs no longer than this many times its weeks."""
WEEKS_TO_A_POSITION = 13
"""Nobody below the role that leads to the target gets a position or an outside event sooner."""


class FaultKind(StrEnum):
    """What can be wrong with a plan."""

    UNKNOWN = "unknown"
    """An action that the framework does not have, or twice the same one."""
    DATES = "dates"
    """A start that is not a Monday, a due date that is not a Friday, or dates out of order."""
    TOO_SHORT = "too-short"
    TOO_LONG = "too-long"
    AFTER_THE_END = "after-the-end"
    TOO_SOON = "too-soon"
    """A position or an event before one can be had."""
    HOURS = "hours"
    ASSIGNMENTS = "assignments"
    COMPETENCES = "competences"
    COURSES_AT_ONCE = "courses-at-once"
    COURSES_AHEAD = "courses-ahead"
    """More courses begun than steps and one."""
    MONEY = "money"
    PREREQUISITE = "prerequisite"
    """A course that begins before one that it presupposes has ended."""
    RAISES = "raises"
    """Other levels than its dates allow."""
    NO_USE = "no-use"
    STANDING = "standing"
    """Figures other than those of the core for the levels at that time."""
    LEVELS = "levels"
    WORTH = "worth"


class Fault(NamedTuple):
    """Something wrong with a plan."""

    kind: FaultKind
    about: str
    """The id of the action, or the week or date, where it is."""


def faults_of(
    plan: Plan, framework: Framework, ratings: Ratings, actions: Iterable[Action]
) -> tuple[Fault, ...]:
    """Return everything that is wrong with a plan for these ratings; empty for a sound one.

    `actions` are all that the plan could choose from. What the person has pinned may break limits.
    """
    known = {action.id: action for action in actions}
    planned = [action for action in plan.actions if action.status is ActionStatus.OPEN]
    unknown = [action.id for action in planned if action.id not in known]
    twice = [key for key, count in Counter(action.id for action in planned).items() if count > 1]
    if unknown or twice:
        return tuple(Fault(FaultKind.UNKNOWN, key) for key in (*unknown, *twice))
    check = _Check(plan, framework, ratings, known)
    return tuple(
        fault
        for part in (
            check.dates(),
            check.lengths(),
            check.weeks(),
            check.money(),
            check.order(),
            check.raises(),
            check.use(),
            check.standings(),
            check.outcome(),
        )
        for fault in part
    )


def weeks_faults(
    actions: Mapping[str, Action],
    slots: Sequence[Slot],
    limits: Limits,
    *,
    practice_first: bool,
    pinned: Collection[str] = (),
) -> Iterator[Fault]:
    """Yield each week in which the slots break a limit that is not broken by what is pinned."""
    for week in range(limits.weeks):
        running = [slot for slot in slots if slot.first <= week <= slot.last]
        if all(slot.action in pinned for slot in running):
            continue
        going = [actions[slot.action] for slot in running]
        hours = sum(
            Fraction(actions[slot.action].expected_hours) / (slot.last - slot.first + 1)
            for slot in running
        )
        begun = [actions[slot.action].kind for slot in slots if slot.first <= week]
        courses, steps = begun.count(ActionKind.COURSE), begun.count(ActionKind.STEP)
        broken = {
            FaultKind.HOURS: hours > Fraction(limits.hours_per_week),
            FaultKind.ASSIGNMENTS: sum(action.needs_assignment for action in going)
            > limits.assignments_at_once,
            FaultKind.COMPETENCES: len({action.competence for action in going})
            > limits.competences_at_once,
            FaultKind.COURSES_AT_ONCE: [action.kind for action in going].count(ActionKind.COURSE)
            > 1,
            FaultKind.COURSES_AHEAD: practice_first and courses > steps + 1,
        }
        yield from (Fault(kind, f"{week}") for kind, is_broken in broken.items() if is_broken)


def levels_by_week(
    actions: Mapping[str, Action], slots: Sequence[Slot], levels: Mapping[str, Decimal], weeks: int
) -> list[dict[str, Decimal]]:
    """Return the levels at the beginning of each week, and those at the end of the last one.

    An action counts at its end, if the level at its beginning was high enough for it.
    """
    by_week = [dict(levels)]
    for week in range(weeks):
        now = dict(by_week[-1])
        for slot in slots:
            if slot.last == week:
                for effect in actions[slot.action].effects:
                    before = by_week[slot.first].get(effect.competence)
                    if before is not None and before >= effect.from_:
                        now[effect.competence] = max(now[effect.competence], effect.to)
        by_week.append(now)
    return by_week


class _Check:
    """A plan under examination."""

    def __init__(
        self, plan: Plan, framework: Framework, ratings: Ratings, known: Mapping[str, Action]
    ) -> None:
        self.plan = plan
        self.framework = framework
        self.ratings = ratings
        self.known = known
        self.open = [action for action in plan.actions if action.status is ActionStatus.OPEN]
        self.free = [action for action in self.open if not action.pinned]
        self.pinned = {action.id for action in self.open if action.pinned}
        self.done = {action.id for action in plan.actions if action.status is ActionStatus.DONE}
        self.slots = [
            Slot(action.id, self._week(action.starts), self._week(action.due))
            for action in self.open
        ]
        self.rated = {
            key: rating.level
            for key, rating in ratings.ratings.items()
            if isinstance(rating.level, Decimal)
        }
        self.start = self._with_done()
        self.practice_first = any(action.kind is ActionKind.STEP for action in known.values())
        weeks = max([plan.limits.weeks, *(slot.last + 1 for slot in self.slots)])
        self.levels = levels_by_week(known, self.slots, self.start, weeks)

    def dates(self) -> Iterator[Fault]:
        """Yield actions whose dates are not those of whole weeks within the plan."""
        for action in self.open:
            if (
                action.starts.weekday() != 0
                or action.due.weekday() != FRIDAY
                or not self.plan.starts <= action.starts < action.due
            ):
                yield Fault(FaultKind.DATES, action.id)

    def lengths(self) -> Iterator[Fault]:
        """Yield actions that run too short or too long, past the end, or that come too soon."""
        for action in self.free:
            known = self.known[action.id]
            hours = Fraction(known.hours[0] + known.hours[1]) / 2
            in_weeks = math.ceil(hours / Fraction(self.plan.limits.hours_per_week))
            least = max(1, in_weeks, math.ceil((known.weeks[0] + known.weeks[1]) / 2))
            length = self._week(action.due) - self._week(action.starts) + 1
            if action.weeks != length or length < least:
                yield Fault(FaultKind.TOO_SHORT, action.id)
            if length > MOST_STRETCH * least:
                yield Fault(FaultKind.TOO_LONG, action.id)
            if self._week(action.due) >= self.plan.limits.weeks:
                yield Fault(FaultKind.AFTER_THE_END, action.id)
            waits = known.start in {"position", "event"} and not self._is_next_role()
            if waits and self._week(action.starts) < WEEKS_TO_A_POSITION:
                yield Fault(FaultKind.TOO_SOON, action.id)

    def weeks(self) -> Iterator[Fault]:
        """Yield weeks with too much in them."""
        return weeks_faults(
            self.known,
            self.slots,
            self.plan.limits,
            practice_first=self.practice_first,
            pinned=self.pinned,
        )

    def money(self) -> Iterator[Fault]:
        """Yield the budget if the actions cost more, and actions whose price is not known."""
        budget = self.plan.limits.budget
        if budget is not None:
            costs = {action.id: self.known[action.id].cost for action in self.free}
            yield from (Fault(FaultKind.MONEY, key) for key, cost in costs.items() if cost is None)
            if sum(cost for cost in costs.values() if cost is not None) > budget.amount:
                yield Fault(FaultKind.MONEY, budget.currency)

    def order(self) -> Iterator[Fault]:
        """Yield actions that begin before one that they presuppose has ended."""
        ends = {slot.action: slot.last for slot in self.slots}
        for action in self.free:
            for other in self.known[action.id].after:
                if other not in self.done and ends.get(other, math.inf) >= self._week(
                    action.starts
                ):
                    yield Fault(FaultKind.PREREQUISITE, action.id)

    def raises(self) -> Iterator[Fault]:
        """Yield actions that claim other levels than they bring at their dates."""
        for action in self.open:
            first, last = self._week(action.starts), self._week(action.due)
            brought = {
                (effect.competence, effect.to)
                for effect in self.known[action.id].effects
                if effect.competence in self.start
                and self.levels[first][effect.competence] >= effect.from_
                and self.levels[last][effect.competence] < effect.to
            }
            claimed = {(raised.competence.id, raised.to_level) for raised in action.raises}
            if claimed != brought:
                yield Fault(FaultKind.RAISES, action.id)

    def use(self) -> Iterator[Fault]:
        """Yield actions without which the plan would come to the same."""
        presupposed = {key for action in self.open for key in self.known[action.id].after}
        for action in self.free:
            without = [slot for slot in self.slots if slot.action != action.id]
            levels = levels_by_week(self.known, without, self.start, len(self.levels) - 1)
            if (
                action.id not in presupposed
                and self._points(levels[-1]) == self._points(self.levels[-1])
                and not self._gives_practice(action)
            ):
                yield Fault(FaultKind.NO_USE, action.id)

    def standings(self) -> Iterator[Fault]:
        """Yield standings whose figures are not those of the core on the levels of that date."""
        if not self._is_right(self.plan.now, self.start):
            yield Fault(FaultKind.STANDING, self.plan.now.date.isoformat())
        for standing in (*(phase.standing for phase in self.plan.phases), self.plan.end):
            ended = [slot for slot in self.slots if self._friday(slot.last) <= standing.date]
            week = max((slot.last + 1 for slot in ended), default=0)
            if not self._is_right(standing, self.levels[week]):
                yield Fault(FaultKind.STANDING, standing.date.isoformat())

    def outcome(self) -> Iterator[Fault]:
        """Yield final levels and a worth that are not those of the actions."""
        final = self.levels[-1]
        if dict(self.plan.levels_at_end) != {
            key: final[key] for key in self._requirements() if key in final
        }:
            yield Fault(FaultKind.LEVELS, self.plan.end.date.isoformat())
        points = self._points(final) - self._points(self.start)
        if self.plan.worth.points != points:
            yield Fault(FaultKind.WORTH, "points")
        if self.plan.worth.expected_hours != sum(
            self.known[action.id].expected_hours for action in self.open
        ):
            yield Fault(FaultKind.WORTH, "hours")
        if self.plan.worth.must_haves_met != self._met(final) - self._met(self.start):
            yield Fault(FaultKind.WORTH, "must-haves")
        if self.plan.bound is not None and self.plan.bound.rank < self.plan.worth.rank:
            yield Fault(FaultKind.WORTH, "bound")

    def _week(self, date: datetime.date) -> int:
        return (date - self.plan.starts).days // 7

    def _friday(self, week: int) -> datetime.date:
        return self.plan.starts + datetime.timedelta(days=7 * week + FRIDAY)

    def _requirements(self) -> Mapping[str, Decimal]:
        scored = self.framework.scored(self.plan.role.id)
        return {key: requirement.level for key, requirement in scored.items()}

    def _is_next_role(self) -> bool:
        held = self.framework.roles.get(self.ratings.role or "")
        target = self.plan.role.id
        return self.ratings.role == target or (held is not None and target in held.leads_to)

    def _with_done(self) -> dict[str, Decimal]:
        """The levels at the start, with those of the actions that are done."""
        levels = dict(self.rated)
        for action in self.plan.actions:
            for raised in action.raises if action.status is ActionStatus.DONE else ():
                key = raised.competence.id
                levels[key] = max(levels[key], raised.to_level)
        return levels

    def _points(self, levels: Mapping[str, Decimal]) -> Decimal:
        return sum(
            (
                requirement.importance * min(levels[key], requirement.level)
                for key, requirement in self.framework.scored(self.plan.role.id).items()
                if key in levels
            ),
            Decimal(0),
        )

    def _met(self, levels: Mapping[str, Decimal]) -> int:
        return sum(
            requirement.must_have is not None and levels[key] >= requirement.must_have
            for key, requirement in self.framework.scored(self.plan.role.id).items()
            if key in levels
        )

    def _gives_practice(self, action: PlannedAction) -> bool:
        """Whether there would be too many courses without this step."""
        kinds = [other.kind for other in self.open]
        courses, steps = kinds.count(ActionKind.COURSE), kinds.count(ActionKind.STEP)
        return action.kind is ActionKind.STEP and courses == steps + 1

    def _is_right(self, standing: Standing, levels: Mapping[str, Decimal]) -> bool:
        ratings = {
            **self.ratings.ratings,
            **{key: Rating(level=level) for key, level in levels.items()},
        }
        changed = self.ratings.model_copy(update={"ratings": ratings})
        results = score(self.framework, self.plan.role.id, changed)
        readiness = readiness_of(results)
        bands = bands_of(self.framework, results, readiness)
        return (
            standing.readiness == readiness
            and standing.applicable
            == sum(result.status is not Status.NOT_APPLICABLE for result in results)
            and (standing.band, standing.band_reason) == (bands.low, bands.reason)
            and standing.at_target == sum(result.at_target for result in results)
            and [missing.id for missing in standing.must_haves_missing]
            == [result.id for result in results if result.must_have_missing]
        )
