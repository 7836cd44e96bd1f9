"""Levels and weights as whole numbers, so that SQL computes what the core computes, exactly."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

    from pmo_path.domain.framework import Framework


class Units(NamedTuple):
    """How many units a level of 1, and an importance of 1, are."""

    level: int
    weight: int

    def of_level(self, value: Decimal) -> int:
        """A level, or a difference of levels, in units."""
        return int(value * self.level)

    def of_weight(self, value: Decimal) -> int:
        """An importance in units."""
        return int(value * self.weight)


def units_of(framework: Framework) -> Units:
    """The smallest powers of ten in which every level and every importance is whole."""
    requirements = [one for role in framework.roles.values() for one in role.requires.values()]
    ranges = [one for course in framework.training.values() for one in course.develops.values()]
    levels = [
        *framework.levels,
        *(one.level for one in requirements),
        *(one.must_have for one in requirements if one.must_have is not None),
        *(bound for one in ranges for bound in (one.from_, one.to)),
        *(
            band.must_have_gap
            for band in framework.readiness.values()
            if band.must_have_gap is not None
        ),
    ]
    return Units(_unit(levels), _unit(one.importance for one in requirements))


def _unit(values: Iterable[Decimal]) -> int:
    places = max((_decimal_places(value) for value in values), default=0)
    return int(10**places)


def _decimal_places(value: Decimal) -> int:
    exponent = value.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def levels(value: str, units: Units) -> str:
    """SQL that turns whole units of level into levels: whole, or with as many places as it takes.

    Means of several raters can take more than any; they are rounded to two, half up.
    """
    if units.level == 1:
        return f"({value})::BIGINT"
    places = len(str(units.level)) - 1
    if units.level == 10**places:
        return f"(({value}) / {units.level})::DECIMAL(18, {places})"
    return f"round(({value}) / {units.level}, 2)::DECIMAL(18, 2)"
