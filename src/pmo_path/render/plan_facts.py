"""Limits and worths as JSON has them, where a key means the same as in every other result."""

from __future__ import annotations

from decimal import Decimal  # noqa: TC003  a schema is made of the types
from typing import TYPE_CHECKING, NamedTuple

from pmo_path.domain.plan.model import Budget  # noqa: TC001  the same

if TYPE_CHECKING:
    from pmo_path.domain.plan.model import Limits, Worth


class LimitFacts(NamedTuple):
    """What a plan keeps to."""

    hours_per_week: Decimal
    """Hours for learning in a week."""
    weeks: int
    """How many weeks there are."""
    assignments_at_once: int
    """How many actions that somebody has to grant may run at once."""
    competences_at_once: int
    """How many competences may be in progress at once."""
    budget: Budget | None
    """Money for courses; none when no limit was set."""


class WorthFacts(NamedTuple):
    """How good a plan, or a part of it, is."""

    must_haves_met: int
    """Must-haves met that are missing now."""
    points: Decimal
    """Importance times levels gained, up to the levels required."""
    expected_hours: Decimal
    """The middle of the ranges of hours, in all; below 0 for hours that are saved."""


def limit_facts(limits: Limits) -> LimitFacts:
    """Return limits as JSON has them."""
    return LimitFacts(*limits)


def worth_facts(worth: Worth) -> WorthFacts:
    """Return a worth as JSON has it."""
    return WorthFacts(worth.must_haves, worth.points, -worth.hours_saved)
