"""What a plan shows of the actions chosen: dates, levels, phases, standings, and gaps left open."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from pmo_path.domain.assessment import framework_facts, scale_facts
from pmo_path.domain.plan.effects import effects_on
from pmo_path.domain.plan.limits import weeks_of
from pmo_path.domain.plan.model import ActionKind, Money
from pmo_path.domain.plan.result import (
    EarlierAction,
    Mix,
    OpenGap,
    OpenReason,
    Phase,
    Plan,
    PlannedAction,
    Raise,
)
from pmo_path.domain.plan.situation import levels_by, rated_at, standing
from pmo_path.domain.plan.weekdays import (
    date_to_rate_again,
    friday,
    monday,
    phases_within,
    review_dates,
    weeks_over,
)
from pmo_path.domain.report import Reference
from pmo_path.domain.role_fit import fit_to
from pmo_path.domain.scoring import gaps_in_order, score, strengths_in_order

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from fractions import Fraction

    from pmo_path.domain.plan.fitting import Fitted
    from pmo_path.domain.plan.model import Action, Slot, Worth
    from pmo_path.domain.plan.result import Standing
    from pmo_path.domain.plan.situation import Situation

MOST_STRENGTHS = 5
"""Longer lists of strengths are not used."""


def plan_of(
    person: Situation,
    fitted: Fitted,
    not_before: Mapping[str, int],
    shares: Mapping[str, Fraction],
    buys: Mapping[str, Worth],
) -> Plan:
    """Return the plan of a person with the actions and weeks that fit.

    By the id of the action, `not_before` is the first week in which it can begin, `shares` is in
    how many of the trials it was chosen, and `buys` what would be lost without it.
    """
    contents = _Contents(person, fitted, shares, buys)
    order = person.order
    actions = contents.actions()
    results = score(person.framework, person.role, person.ratings)
    fit = fit_to(person.framework, person.role, results)
    levels = contents.levels(order.limits.weeks)
    running = [(action.starts, action.due) for action in actions if action.is_open]
    reviews = review_dates(order.starts, order.ends, running)
    return Plan(
        framework=framework_facts(person.framework),
        person=person.ratings.person,
        role=fit.role,
        rated_on=person.ratings.date,
        starts=order.starts,
        ends=order.ends,
        limits=order.limits,
        reach=person.goal.band,
        reaches_band=fitted.reached,
        method=fitted.method,
        worth=fitted.worth,
        bound=fitted.bound,
        actions=actions,
        excluded=tuple(contents.excluded()),
        now=standing(person.framework, person.role, person.reached, order.today),
        phases=tuple(contents.phases(actions)),
        end=contents.standing(order.limits.weeks, order.ends),
        open_gaps=tuple(contents.open_gaps(levels, not_before)),
        rate_first=fit.unrated,
        not_applicable=fit.not_applicable,
        strengths_to_use=tuple(
            Reference(result.id, result.name)
            for result in strengths_in_order(results)[:MOST_STRENGTHS]
        ),
        mix=_mix(fitted.actions),
        reviews=tuple(date for date in reviews if date >= order.today),
        rate_again=date_to_rate_again(
            max(order.starts, order.today),
            max((action.due for action in actions), default=order.ends),
        ),
        left_out=tuple(contents.left_out(actions)),
        trials=0,
        scale=scale_facts(person.framework),
        levels_at_end=levels,
    )


class _Contents:
    """The actions chosen for a person, and what they lead to."""

    def __init__(
        self,
        person: Situation,
        fitted: Fitted,
        shares: Mapping[str, Fraction],
        buys: Mapping[str, Worth],
    ) -> None:
        self._person = person
        self._order = person.order
        self._slots = fitted.slots
        self._shares = shares
        self._buys = buys
        self._chosen = {action.id: action for action in fitted.actions}
        self._required = person.framework.scored(person.role)
        self._raises = {slot.action: tuple(self._raised_in(slot)) for slot in fitted.slots}

    def levels(self, week: int) -> dict[str, Decimal]:
        """Return the levels at the beginning of a week."""
        return levels_by(self._chosen, self._slots, self._person.levels, week)

    def standing(self, week: int, date: datetime.date) -> Standing:
        """Return the readiness of the person at the beginning of a week, shown with a date."""
        person = self._person
        ratings = rated_at(person.ratings, self.levels(week))
        return standing(person.framework, person.role, ratings, date)

    def phases(self, actions: Sequence[PlannedAction]) -> Iterator[Phase]:
        """Yield the phases of the plan with the actions due in each."""
        starts = self._order.starts
        shown: set[str] = set()
        for last_day, date in phases_within(starts, self._order.ends):
            due = [
                action
                for action in sorted(actions, key=lambda action: action.due)
                if action.id not in shown and (action.due <= date or last_day is None)
            ]
            ids = tuple(action.id for action in due)
            shown.update(ids)
            yield Phase(last_day, ids, self.standing(max(0, weeks_over(starts, date)), date))

    def left_out(self, actions: Iterable[PlannedAction]) -> Iterator[EarlierAction]:
        """Yield what was planned before and is not any more."""
        shown = {action.id for action in actions}
        for key, action in self._order.earlier.items():
            if key not in shown:
                yield action._replace(title=self._title(key))

    def excluded(self) -> Iterator[Reference]:
        """Yield what the person has excluded, by id."""
        for key in sorted(self._order.exclude):
            yield Reference(key, self._title(key) or key)

    def _title(self, key: str) -> str:
        """The title of an action; empty if nothing on the way to the role has this id."""
        action = self._person.catalogue.get(key)
        return "" if action is None else action.title

    # --- Actions ----------------------------------------------------------------------------------

    def actions(self) -> tuple[PlannedAction, ...]:
        """Return the actions, by start and due date."""
        leading = self._leading_to_must_haves()
        shown = [
            *map(self._done, self._person.done),
            *(self._open(slot, for_must_have=slot.action in leading) for slot in self._slots),
        ]
        return tuple(sorted(shown, key=lambda action: (action.starts, action.due)))

    def _open(self, slot: Slot, *, for_must_have: bool) -> PlannedAction:
        starts = self._order.starts
        dates = monday(starts, slot.first), friday(starts, slot.last)
        shown = self._shown(self._chosen[slot.action], self._raises[slot.action], *dates)
        return shown._replace(
            needed_for=tuple(
                self._chosen[other.action].title
                for other in self._slots
                if slot.action in self._chosen[other.action].after
            ),
            for_must_have=for_must_have,
        )

    def _done(self, action: Action) -> PlannedAction:
        written = self._order.earlier[action.id]
        raises = tuple(
            self._raise(climb.competence, climb.from_level, climb.to_level)
            for climb in self._person.climbs
            if climb.action == action.id
        )
        return self._shown(action, raises, *written.days(self._order.today))

    def _raised_in(self, slot: Slot) -> Iterator[Raise]:
        """What an action raises in its weeks; not what another one has raised before its end."""
        at_start, at_end = self.levels(slot.first), self.levels(slot.last)
        for effect in self._chosen[slot.action].effects:
            key = effect.competence
            if key in at_start and at_start[key] >= effect.from_ and at_end[key] < effect.to:
                yield self._raise(key, at_end[key], effect.to)

    def _raise(self, competence: str, from_level: Decimal, to_level: Decimal) -> Raise:
        return Raise(
            competence=Reference(competence, self._person.framework.shown_name(competence)),
            from_level=from_level,
            to_level=to_level,
            required=self._required[competence].level,
        )

    def _leading_to_must_haves(self) -> frozenset[str]:
        """The ids of the actions that lead to a must-have, themselves or by what they come before."""
        leading = {
            key
            for key, raises in self._raises.items()
            for raised in raises
            for must_have in [self._required[raised.competence.id].must_have]
            if must_have is not None and raised.from_level < must_have
        }
        for slot in reversed(self._slots):
            if slot.action in leading:
                leading.update(self._chosen[slot.action].after)
        return frozenset(leading)

    def _shown(
        self,
        action: Action,
        raises: tuple[Raise, ...],
        starts: datetime.date,
        due: datetime.date,
    ) -> PlannedAction:
        """The action with its dates and what the person wrote about it."""
        written = self._order.earlier.get(action.id) or EarlierAction(action.id, starts, due)
        supporters, evidence = self._help(action, raises)
        return PlannedAction(
            id=action.id,
            kind=action.kind,
            title=action.title,
            raises=raises,
            needed_for=(),
            for_must_have=False,
            first_move=action.first_move,
            hours_range=action.hours,
            weeks=(due - starts).days // 7 + 1,
            starts=starts,
            due=due,
            start=action.start,
            supporters=supporters,
            supporter=written.supporter,
            evidence_to_collect=evidence,
            cost=self._cost(action),
            guesses=tuple(sorted(action.guesses)),
            status=written.status,
            done_on=written.done_on,
            pinned=written.pinned,
            note=written.note,
            share_of_trials=self._shares.get(action.id),
            buys=self._buys.get(action.id),
        )

    def _help(
        self, action: Action, raises: Sequence[Raise]
    ) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Whom to learn from and what would prove it, for the competence that it counts for."""
        if not raises:
            return (), ()
        main = next(
            (raised for raised in raises if raised.competence.id == action.competence), raises[0]
        )
        competence = self._person.framework.competences[main.competence.id]
        return competence.exposure.at(main.to_level), competence.evidence.at(main.to_level)

    def _cost(self, action: Action) -> Money | None:
        budget = self._order.limits.budget
        if action.cost and budget is not None:
            return Money(action.cost, budget.currency)
        course = self._person.framework.training.get(action.id.removeprefix("course:"))
        if course is None or course.cost is None:
            return None
        return Money(course.cost.amount, course.cost.currency)

    # --- Gaps left open -----------------------------------------------------------------------------

    def open_gaps(
        self, levels: Mapping[str, Decimal], not_before: Mapping[str, int]
    ) -> Iterator[OpenGap]:
        """Yield the gaps that are left at the final levels, in their order."""
        person = self._person
        results = score(person.framework, person.role, rated_at(person.ratings, levels))
        for gap in gaps_in_order(results):
            if gap.rating is not None:
                yield OpenGap(
                    competence=Reference(gap.id, gap.name),
                    level=gap.rating,
                    required=gap.required,
                    must_have=gap.must_have,
                    reason=self._open_because(gap.id, gap.rating, not_before),
                )

    def _open_because(
        self, competence: str, level: Decimal, not_before: Mapping[str, int]
    ) -> OpenReason:
        raising = [
            action
            for action, effect in effects_on(competence, self._person.actions)
            if action.id not in self._chosen and effect.raises(level)
        ]
        free = [action for action in raising if action.id not in self._order.exclude]
        if not raising:
            return OpenReason.NO_ACTION
        if not free:
            return OpenReason.EXCLUDED
        limits, reached = self._order.limits, self._week_reached(competence)
        if all(
            max(reached, not_before[action.id]) + weeks_of(action, limits) > limits.weeks
            for action in free
        ):
            return OpenReason.NO_TIME
        return OpenReason.OTHERS_FIRST

    def _week_reached(self, competence: str) -> int:
        """The week from which on the last level of the plan in a competence is there."""
        raising = {action.id for action, _ in effects_on(competence, self._chosen.values())}
        return max((slot.last + 1 for slot in self._slots if slot.action in raising), default=0)


def _mix(actions: Iterable[Action]) -> Mix:
    hours = {kind: Decimal(0) for kind in ActionKind}
    for action in actions:
        hours[action.kind] += action.expected_hours
    return Mix(hours[ActionKind.STEP], hours[ActionKind.COURSE])
