"""A role's requirements and bands as whole numbers, with which a spreadsheet scores exactly.

Spreadsheet programs compute with binary fractions and compare 15 digits. So levels, importances
and percentages are multiplied until they are whole, and no sum or product may have more digits.
"""

from __future__ import annotations

from fractions import Fraction
from math import lcm
from typing import TYPE_CHECKING, NamedTuple

from pmo_path.domain.errors import UsageProblem

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from decimal import Decimal

    from pmo_path.domain.framework import Framework, Requirement

LARGEST = 10**15
"""Numbers from here on are not compared exactly by every spreadsheet program."""
MAX_COMPETENCES = 1000
"""Beyond that a spreadsheet program takes too long to put the gaps in order."""
NONE = -1
"""Stands for a limit or a must-have that there is not."""


class ScaledRequirement(NamedTuple):
    """A requirement in whole numbers; levels count from the lowest possible rating."""

    id: str
    required: int
    importance: int
    must_have: int
    """`NONE` where it is no must-have."""

    @property
    def reachable(self) -> int:
        """Importance times the required level."""
        return self.importance * self.required


class ScaledBand(NamedTuple):
    """A readiness band in whole numbers."""

    label: str
    at_least: int
    most_missing: int
    """The most must-haves that may be missing; `NONE` for any number."""
    deepest: int
    """The most levels that each may be short; `NONE` for any number."""


class ScaledRole(NamedTuple):
    """What a role requires, in whole numbers."""

    level_unit: int
    """What levels were multiplied by."""
    importance_unit: int
    percent_unit: int
    levels: tuple[int, ...]
    requirements: tuple[ScaledRequirement, ...]
    """In the framework's order."""
    bands: tuple[ScaledBand, ...]
    """Best first."""

    @property
    def reachable(self) -> int:
        """The most that can be reached."""
        return sum(requirement.reachable for requirement in self.requirements)


def scaled_role(framework: Framework, role: str) -> ScaledRole:
    """Return what the role requires in whole numbers.

    Raises UsageProblem where these, or the products that a score takes, could get too large.
    """
    requires = framework.scored(role)
    if len(requires) > MAX_COMPETENCES:
        raise UsageProblem(
            f"A workbook that scores itself takes up to {MAX_COMPETENCES:,} competences, and this "
            f"role requires {len(requires):,}. Use a ratings file: 'pmo-path template ratings'."
        )
    scaled = _scaled(framework, requires)
    # The largest products that the formulas make of it; see `scoring_cells`.
    largest = scaled.reachable * (1001 * max(scaled.percent_unit, 2) + 1)
    if largest >= LARGEST:
        raise UsageProblem(
            "The levels, importances and bands of this framework have too many digits: as whole "
            f"numbers they make sums of up to {largest:,}, and a spreadsheet program is exact up "
            f"to {LARGEST:,}. Use fewer decimal places, or a ratings file: 'pmo-path template "
            "ratings'."
        )
    return scaled


def _scaled(framework: Framework, requires: Mapping[str, Requirement]) -> ScaledRole:
    lowest = framework.levels[0]
    bands = framework.readiness.values()
    deepest = [band.must_have_gap for band in bands if band.must_have_gap is not None]
    must_haves = [need.must_have for need in requires.values() if need.must_have is not None]
    levels = [need.level for need in requires.values()]
    level_unit = _unit((*framework.levels, *levels, *must_haves, *deepest))
    importance_unit = _unit(need.importance for need in requires.values())
    percent_unit = _unit(band.at_least for band in bands)

    def steps(level: Decimal | None) -> int:
        return NONE if level is None else int((level - lowest) * level_unit)

    return ScaledRole(
        level_unit=level_unit,
        importance_unit=importance_unit,
        percent_unit=percent_unit,
        levels=tuple(map(steps, framework.levels)),
        requirements=tuple(
            ScaledRequirement(
                key,
                steps(need.level),
                int(need.importance * importance_unit),
                steps(need.must_have),
            )
            for key, need in requires.items()
        ),
        bands=tuple(
            ScaledBand(
                label=band.label,
                at_least=int(band.at_least * percent_unit),
                most_missing=NONE if band.must_haves_missing is None else band.must_haves_missing,
                deepest=NONE
                if band.must_have_gap is None
                else int(band.must_have_gap * level_unit),
            )
            for band in bands
        ),
    )


def _unit(numbers: Iterable[Decimal]) -> int:
    """The least number by which all of them become whole."""
    return lcm(*(Fraction(number).denominator for number in numbers))
