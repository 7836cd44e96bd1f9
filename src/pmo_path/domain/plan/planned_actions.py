"""What a plan shows of each action, beside its dates."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pmo_path.domain.plan.model import ActionStatus, Money, PlannedAction, Raise
from pmo_path.domain.plan.standings import levels_by
from pmo_path.domain.plan.weekdays import friday, monday
from pmo_path.domain.report import Reference

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Iterator, Mapping
    from decimal import Decimal
    from fractions import Fraction

    from pmo_path.domain.framework import Framework
    from pmo_path.domain.plan.model import Action, EarlierAction, Slot, Worth


class ActionTexts(NamedTuple):
    """Makes the actions of a plan as they are shown."""

    framework: Framework
    role: str
    starts: datetime.date
    """The Monday of week 0."""
    budget: Money | None
    earlier: Mapping[str, EarlierAction]
    """What the person wrote, by action."""
    shares: Mapping[str, Fraction]
    """In how many of the trials each action was chosen."""
    buys: Mapping[str, Worth]
    """What would be lost without each action."""

    def open(
        self, actions: Mapping[str, Action], slots: Iterable[Slot], levels: Mapping[str, Decimal]
    ) -> Iterator[PlannedAction]:
        """Yield the actions with these weeks; `levels` are those at the start."""
        slots = tuple(slots)
        leading = self._leading_to_must_haves(actions, slots, levels)
        for slot in slots:
            action = actions[slot.action]
            shown = self._shown(action, self._raises(action, slot, actions, slots, levels))
            yield shown._replace(
                needed_for=tuple(
                    actions[other.action].title
                    for other in slots
                    if action.id in actions[other.action].after
                ),
                for_must_have=action.id in leading,
                weeks=slot.last - slot.first + 1,
                starts=monday(self.starts, slot.first),
                due=friday(self.starts, slot.last),
                share_of_trials=self.shares.get(action.id),
                buys=self.buys.get(action.id),
            )

    def done(self, action: Action, raised: Mapping[str, Decimal]) -> PlannedAction:
        """The action as done, with the levels from which it `raised` by competence."""
        raises = [
            self._raise(effect.competence, raised[effect.competence], effect.to)
            for effect in action.effects
            if effect.competence in raised
        ]
        return self._shown(action, tuple(raises))

    def _raises(
        self,
        action: Action,
        slot: Slot,
        actions: Mapping[str, Action],
        slots: tuple[Slot, ...],
        levels: Mapping[str, Decimal],
    ) -> tuple[Raise, ...]:
        """What the action raises in its weeks; what another one has raised before its end is not."""
        at_start = levels_by(actions, slots, levels, slot.first)
        at_end = levels_by(actions, slots, levels, slot.last)
        return tuple(
            self._raise(effect.competence, at_end[effect.competence], effect.to)
            for effect in action.effects
            if effect.competence in levels
            and at_start[effect.competence] >= effect.from_
            and at_end[effect.competence] < effect.to
        )

    def _raise(self, competence: str, from_level: Decimal, to_level: Decimal) -> Raise:
        return Raise(
            competence=Reference(competence, self.framework.shown_name(competence)),
            from_level=from_level,
            to_level=to_level,
            required=self.framework.scored(self.role)[competence].level,
        )

    def _leading_to_must_haves(
        self,
        actions: Mapping[str, Action],
        slots: tuple[Slot, ...],
        levels: Mapping[str, Decimal],
    ) -> frozenset[str]:
        """The ids of the actions that lead to a must-have, themselves or by what they come before."""
        requirements = self.framework.scored(self.role)
        leading: set[str] = set()
        for slot in slots:
            for raised in self._raises(actions[slot.action], slot, actions, slots, levels):
                must_have = requirements[raised.competence.id].must_have
                if must_have is not None and raised.from_level < must_have:
                    leading.add(slot.action)
        for slot in reversed(slots):
            if slot.action in leading:
                leading.update(actions[slot.action].after)
        return frozenset(leading)

    def _shown(self, action: Action, raises: tuple[Raise, ...]) -> PlannedAction:
        """The action with what the person wrote about it, and without dates of its own."""
        written = self.earlier.get(action.id)
        main = next(
            (raised for raised in raises if raised.competence.id == action.competence), None
        )
        main = main or next(iter(raises), None)
        competence = None if main is None else self.framework.competences[main.competence.id]
        return PlannedAction(
            id=action.id,
            kind=action.kind,
            title=action.title,
            raises=raises,
            needed_for=(),
            for_must_have=False,
            first_move=action.first_move,
            hours_range=action.hours,
            weeks=0 if written is None else (written.due - written.starts).days // 7 + 1,
            starts=self.starts if written is None else written.starts,
            due=self.starts if written is None else written.due,
            start=action.start,
            supporters=()
            if competence is None or main is None
            else competence.exposure.at(main.to_level),
            supporter="" if written is None else written.supporter,
            evidence_to_collect=()
            if competence is None or main is None
            else competence.evidence.at(main.to_level),
            cost=self._cost(action),
            guesses=tuple(sorted(action.guesses)),
            status=ActionStatus.OPEN if written is None else written.status,
            done_on=None if written is None else written.done_on,
            pinned=written is not None and written.pinned,
            note="" if written is None else written.note,
            share_of_trials=None,
            buys=None,
        )

    def _cost(self, action: Action) -> Money | None:
        if action.cost and self.budget is not None:
            return Money(action.cost, self.budget.currency)
        course = self.framework.training.get(action.id.removeprefix("course:"))
        if course is None or course.cost is None:
            return None
        return Money(course.cost.amount, course.cost.currency)
