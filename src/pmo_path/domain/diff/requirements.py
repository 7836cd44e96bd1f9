"""A role's requirement of one competence, and whether another one demands more."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pmo_path.domain.framework import Framework


class Direction(StrEnum):
    """Whether more is demanded than before, or less; the order is that of importance to people."""

    MORE = "more"
    NEW = "new"
    MIXED = "mixed"
    """More in one way and less in another, such as a higher level without its must-have."""
    LESS = "less"
    GONE = "gone"
    IMPORTANCE = "importance"
    """The same level and must-have, with another importance."""


class RequirementFacts(NamedTuple):
    """A role's requirement of one competence."""

    level: Decimal
    """The required level."""
    label: str
    """The scale's label of the level; empty between two levels."""
    must_have: Decimal | None
    """The level below which the role is out of reach; None if it is not a must-have."""
    importance: Decimal
    """Its importance."""


def requirements_of(framework: Framework, role: str) -> Mapping[str, RequirementFacts]:
    """A role's requirements above the lowest level, by competence id and in the role's order."""
    lowest = framework.levels[0]
    return {
        key: RequirementFacts(
            requirement.level,
            framework.scale[requirement.level].label
            if requirement.level in framework.scale
            else "",
            requirement.must_have,
            requirement.importance,
        )
        for key, requirement in framework.roles[role].requires.items()
        if requirement.level > lowest
    }


def direction_of(
    before: RequirementFacts | None, after: RequirementFacts | None
) -> Direction | None:
    """Whether `after` demands more than `before`; None if both demand the same."""
    if before == after:
        return None
    if before is None:
        return Direction.NEW
    if after is None:
        return Direction.GONE
    more = after.level > before.level or _is_higher(before.must_have, after.must_have)
    less = after.level < before.level or _is_higher(after.must_have, before.must_have)
    if more or less:
        return more_or_less(more=more, less=less)
    return None if before.importance == after.importance else Direction.IMPORTANCE


def more_or_less(*, more: bool, less: bool) -> Direction:
    """The direction of a change that demands more, less, or more in one way and less in another."""
    if more and less:
        return Direction.MIXED
    return Direction.MORE if more else Direction.LESS


def _is_higher(before: Decimal | None, after: Decimal | None) -> bool:
    """Whether a minimum was raised, or set where there was none."""
    return after is not None and (before is None or after > before)
