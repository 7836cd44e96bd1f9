"""Levels and importances as integers (fixed point), so that SQL computes exactly."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pmo_path.domain.numbers import SHOWN_DECIMALS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from decimal import Decimal

    from pmo_path.domain.framework import Framework

_NARROW = 8
"""Decimal places up to which 18 digits hold every level and every priority."""


class Units(NamedTuple):
    """How many units make a level of 1 and an importance of 1."""

    level: int
    weight: int

    def of_level(self, value: Decimal) -> int:
        """A level, or a difference of levels, in units."""
        return int(value * self.level)

    def of_weight(self, value: Decimal) -> int:
        """An importance in units."""
        return int(value * self.weight)


def units_of(framework: Framework) -> Units:
    """The smallest powers of ten that make every level and importance an integer."""
    requirements = [
        requirement for role in framework.roles.values() for requirement in role.requires.values()
    ]
    ranges = [
        levels for course in framework.training.values() for levels in course.ranges.values()
    ]
    levels = [
        *framework.levels,
        *(requirement.level for requirement in requirements),
        *(
            requirement.must_have
            for requirement in requirements
            if requirement.must_have is not None
        ),
        *(bound for levels in ranges for bound in (levels.from_, levels.to)),
        *(
            band.must_have_gap
            for band in framework.readiness.values()
            if band.must_have_gap is not None
        ),
    ]
    return Units(_unit(levels), _unit(requirement.importance for requirement in requirements))


def _unit(values: Iterable[Decimal]) -> int:
    decimals = max((_decimal_places(value) for value in values), default=0)
    return int(10**decimals)


def _decimal_places(value: Decimal) -> int:
    exponent = value.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def is_whole(units: Units) -> bool:
    """Whether every level is an integer, so that `levels` returns integers."""
    return units.level == 1


def levels(value: str, units: Units) -> str:
    """SQL that converts units into levels, as `show_level` shows them.

    Finite decimals are exact; a mean of several raters that is not finite is rounded half up to
    `SHOWN_DECIMALS` places. Requirements have no more places, so a rating and its gap add up as
    shown.
    """
    if is_whole(units):
        return f"({value})::BIGINT"
    exact = max(_times(units.level, 2), _times(units.level, 5))
    is_finite = 10**exact % units.level == 0
    decimals = str(exact if is_finite else SHOWN_DECIMALS)
    if not is_finite and exact > SHOWN_DECIMALS:
        has_form = f"({value})::HUGEINT * {10**exact} % {units.level} = 0"
        decimals = f"if({has_form}, {exact}, {SHOWN_DECIMALS})"
    scale = exact if is_finite else max(exact, SHOWN_DECIMALS)
    width = 18 if scale <= _NARROW else 38
    return f"round(({value}) / {units.level}, {decimals})::DECIMAL({width}, {scale})"


def _times(number: int, factor: int) -> int:
    """The multiplicity of a prime factor in a number."""
    return 0 if number % factor else 1 + _times(number // factor, factor)


def summed(terms: Sequence[str], sql_type: str = "INTEGER") -> str:
    """SQL for a sum, added pair by pair to keep the nesting of long sums low."""
    return f"({_added(terms)})::{sql_type}" if terms else f"0::{sql_type}"


def _added(terms: Sequence[str]) -> str:
    if len(terms) == 1:
        return terms[0]
    half = len(terms) // 2
    return f"({_added(terms[:half])} + {_added(terms[half:])})"
