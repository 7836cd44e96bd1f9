"""Why gaps stay open at the end of a plan."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pmo_path.domain.plan.limits import weeks_of
from pmo_path.domain.plan.model import OpenGap, OpenReason
from pmo_path.domain.report import Reference
from pmo_path.domain.scoring import gaps_in_order

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from decimal import Decimal

    from pmo_path.domain.plan.model import Action, Limits, Slot
    from pmo_path.domain.report import CompetenceResult


class Ended(NamedTuple):
    """The end of a plan, as far as it says why gaps stay open."""

    actions: Sequence[Action]
    """All that there are for the person, those excluded among them."""
    slots: Mapping[str, Slot]
    """Those of the plan, by action."""
    limits: Limits
    not_before: Mapping[str, int]
    excluded: frozenset[str]

    def gaps(self, results: Sequence[CompetenceResult]) -> Iterator[OpenGap]:
        """Yield the gaps that the results at the end have, in their order."""
        for gap in gaps_in_order(results):
            if gap.rating is not None:
                yield OpenGap(
                    competence=Reference(gap.id, gap.name),
                    level=gap.rating,
                    required=gap.required,
                    must_have=gap.must_have,
                    reason=self._reason(gap.id, gap.rating),
                )

    def _reason(self, competence: str, level: Decimal) -> OpenReason:
        raising = [
            action
            for action in self.actions
            if action.id not in self.slots and _raises(action, competence, level)
        ]
        free = [action for action in raising if action.id not in self.excluded]
        if not raising:
            return OpenReason.NO_ACTION
        if not free:
            return OpenReason.EXCLUDED
        begins = self._reached_in(competence)
        if all(self._end(action, begins) > self.limits.weeks for action in free):
            return OpenReason.NO_TIME
        return OpenReason.OTHERS_FIRST

    def _reached_in(self, competence: str) -> int:
        """The week from which on the last level of the plan in a competence is there."""
        ends = (
            self.slots[action.id].last + 1
            for action in self.actions
            if action.id in self.slots
            and any(effect.competence == competence for effect in action.effects)
        )
        return max(ends, default=0)

    def _end(self, action: Action, begins: int) -> int:
        first = max(begins, self.not_before.get(action.id, 0))
        return first + weeks_of(action, self.limits)


def _raises(action: Action, competence: str, level: Decimal) -> bool:
    return any(
        effect.competence == competence and effect.from_ <= level < effect.to
        for effect in action.effects
    )
