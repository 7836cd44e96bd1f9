"""Levels and importances as integers (fixed point) and facts as bits, so that SQL is exact and fast."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple, Self

from pmo_path.domain.numbers import SHOWN_DECIMALS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from decimal import Decimal

    from pmo_path.domain.framework import Framework

MASK_BITS = 62
"""How many competences share one mask."""
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


def levels_text(value: str, units: Units) -> str:
    """SQL that converts units into levels as texts, such as `2` and `0.5`."""
    shown = f"({levels(value, units)})::VARCHAR"
    return shown if is_whole(units) else f"rtrim(rtrim({shown}, '0'), '.')"


def _times(number: int, factor: int) -> int:
    return 0 if number % factor else 1 + _times(number // factor, factor)


def summed(terms: Sequence[str], sql_type: str = "INTEGER") -> str:
    """SQL for a sum, added pair by pair to keep the nesting of long sums low."""
    return f"({_added(terms)})::{sql_type}" if terms else f"0::{sql_type}"


def _added(terms: Sequence[str]) -> str:
    if len(terms) == 1:
        return terms[0]
    half = len(terms) // 2
    return f"({_added(terms[:half])} + {_added(terms[half:])})"


# --- Bits -----------------------------------------------------------------------------------------


class Bit(NamedTuple):
    """One bit of a mask column."""

    column: str
    position: int

    @classmethod
    def at(cls, masks: str, index: int) -> Self:
        """The bit with this index in the columns `masks_0`, `masks_1` and so on."""
        return cls(f"{masks}_{index // MASK_BITS}", index % MASK_BITS)

    def is_set(self) -> str:
        """SQL for whether it is set."""
        return f"({self.column} >> {self.position} & 1) = 1"


def masks_sql(conditions: Sequence[str]) -> list[str]:
    """SQL for masks of which conditions are true, `MASK_BITS` each; at least one mask."""
    masks = []
    for start in range(0, max(len(conditions), 1), MASK_BITS):
        bits = (
            f"if({condition}, {1 << bit}::BIGINT, 0)"
            for bit, condition in enumerate(conditions[start : start + MASK_BITS])
        )
        masks.append(f"({' | '.join((*bits, '0::BIGINT'))})")
    return masks


def narrowest_type(bound: int) -> str:
    """The narrowest SQL integer type for twice the bound."""
    if bound < 2**30:
        return "INTEGER"
    return "BIGINT" if bound < 2**62 else "HUGEINT"


def weighed_bits(masks: Mapping[tuple[str, int], int], sql_type: str) -> str:
    """SQL for the sum of weights, each times the number of set bits in its mask."""
    return summed(
        [
            f"{weight}::{sql_type} * bit_count({column} & {mask}::BIGINT)"
            for (column, weight), mask in masks.items()
        ],
        sql_type,
    )


def counted_bits(masks: Mapping[tuple[str, int], int]) -> str:
    """SQL for the number of set bits in all masks."""
    columns: dict[str, int] = defaultdict(int)
    for (column, _), mask in masks.items():
        columns[column] |= mask
    counts = [bits_in(f"{column} & {mask}::BIGINT") for column, mask in columns.items()]
    return summed(counts)


def bits_in(mask: str) -> str:
    """SQL for the number of set bits, in a type that is wide enough for sums of them."""
    return f"bit_count({mask})::INTEGER"
