"""The readiness band that ratings prove, the best one still possible, and the distance to the next.

A verdict claims only what is rated. The band comes from the exact low end of the range, where
unrated competences count at the lowest level and unrated must-haves as missing. The band of the
high end, where they count as met, is the best that further ratings could prove. `n/a` is in neither
sum, and a must-have that is `n/a` is missing at both ends.
`docs/scoring.md` explains the method.
"""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from pmo_path.domain.numbers import up_to_tenths
from pmo_path.domain.scoring import Status

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pmo_path.domain.framework import Band, Framework
    from pmo_path.domain.scoring import CompetenceResult, Readiness

ZERO = Decimal(0)
MOST_NOT_APPLICABLE = Fraction(1, 3)
"""The share of a role, by importance times levels, that may be `n/a` for a band."""


class BandReason(StrEnum):
    """Why no readiness band is given."""

    NOTHING_RATED = "nothing_rated"
    TOO_MUCH_NA = "too_much_na"
    """More than a third of the role, by importance, does not apply to the person."""


class BandFacts(NamedTuple):
    """A readiness band, and what it requires."""

    id: str
    label: str
    """The words of the verdict."""
    at_least: Decimal
    """The readiness in percent from which it may be given."""
    max_must_haves_missing: int | None
    """The most must-haves that may be missing; none for any number."""
    max_must_have_gap: Decimal | None
    """By how many levels each of them may fall short at most; none for any number."""


class BlockingMustHave(NamedTuple):
    """A missing must-have that keeps a person from a band."""

    id: str
    name: str
    status: Status
    """Rated and below it, unrated, or not applicable."""
    must_have: Decimal
    """The level that it needs at least."""
    levels: Decimal
    """By how many levels it falls short, from the lowest level unless rated."""
    too_deep: bool
    """Whether that is more than the band allows."""


class NextBand(NamedTuple):
    """The next better band, and what is missing to it from the low end of the range."""

    band: BandFacts
    """The band."""
    points: Decimal
    """Points of readiness missing to it, rounded up to 0.1; 0 when the low end reaches it."""
    must_haves_to_meet: int
    """The number of `must_haves` to meet at least."""
    must_haves: tuple[BlockingMustHave, ...]
    """Those in the way: all that are missing where some have to be met, else those that are too
    deep; in the framework's order."""

    @property
    def must_haves_in_the_way(self) -> int:
        """The number of must-haves to meet or raise at least."""
        too_deep = sum(must_have.too_deep for must_have in self.must_haves)
        return max(self.must_haves_to_meet, too_deep)


class Bands(NamedTuple):
    """The bands at both ends of the range, and the distance to the next band."""

    low: BandFacts | None
    """The band proved; None together with a reason."""
    high: BandFacts | None
    """The band if everything unrated is at its required level; None together with a reason."""
    reason: BandReason | None
    """Why there is no band; None where there is one."""
    next: NextBand | None
    """The next better band; None for the best band and for no band."""


def bands_of(
    framework: Framework, results: Sequence[CompetenceResult], readiness: Readiness | None
) -> Bands:
    """Return the bands for the results of one role and their readiness."""
    if readiness is None:
        return Bands(None, None, BandReason.NOTHING_RATED, None)
    if _share_not_applicable(results) > MOST_NOT_APPLICABLE:
        return Bands(None, None, BandReason.TOO_MUCH_NA, None)
    missing = [result for result in results if result.must_have_missing]
    lasting = [result for result in missing if result.status is not Status.UNRATED]
    low = _best(framework, readiness.low, missing)
    high = _best(framework, readiness.high, lasting)
    return Bands(
        band_facts(low, framework.readiness[low]),
        band_facts(high, framework.readiness[high]),
        None,
        _next(framework, low, readiness, missing),
    )


def band_facts(key: str, band: Band) -> BandFacts:
    """Return a band as reports name it."""
    return BandFacts(
        id=key,
        label=band.label,
        at_least=band.at_least,
        max_must_haves_missing=band.must_haves_missing,
        max_must_have_gap=band.must_have_gap,
    )


def _share_not_applicable(results: Sequence[CompetenceResult]) -> Fraction:
    whole = sum((result.reachable for result in results), ZERO)
    left_out = sum(
        (result.reachable for result in results if result.status is Status.NOT_APPLICABLE), ZERO
    )
    return Fraction(left_out) / Fraction(whole)


def _best(framework: Framework, percent: Fraction, missing: Sequence[CompetenceResult]) -> str:
    """Return the id of the best band that `percent` and the missing must-haves allow.

    The last band of a valid framework has no conditions.
    """
    fitting = (key for key, band in framework.readiness.items() if _allows(band, percent, missing))
    return next(fitting, list(framework.readiness)[-1])


def _allows(band: Band, percent: Fraction, missing: Sequence[CompetenceResult]) -> bool:
    return (
        percent >= Fraction(band.at_least)
        and _to_meet(band, missing) == 0
        and not _too_deep(band, missing)
    )


def _to_meet(band: Band, missing: Sequence[CompetenceResult]) -> int:
    """Return how many of the missing must-haves have to be met for the band."""
    limit = band.must_haves_missing
    return 0 if limit is None else max(0, len(missing) - limit)


def _too_deep(band: Band, missing: Sequence[CompetenceResult]) -> list[CompetenceResult]:
    """Return the missing must-haves that fall short by more levels than the band allows."""
    limit = band.must_have_gap
    if limit is None:
        return []
    return [result for result in missing if result.must_have_distance > limit]


def _next(
    framework: Framework, low: str, readiness: Readiness, missing: Sequence[CompetenceResult]
) -> NextBand | None:
    better = {worse: key for key, worse in pairwise(framework.readiness)}.get(low)
    if better is None:
        return None
    band = framework.readiness[better]
    to_meet, too_deep = _to_meet(band, missing), _too_deep(band, missing)
    in_the_way = missing if to_meet else too_deep
    return NextBand(
        band=band_facts(better, band),
        points=up_to_tenths(max(Fraction(0), Fraction(band.at_least) - readiness.low)),
        must_haves_to_meet=to_meet,
        must_haves=tuple(
            BlockingMustHave(
                id=result.id,
                name=result.name,
                status=result.status,
                must_have=result.must_have or Decimal(0),
                levels=result.must_have_distance,
                too_deep=result in too_deep,
            )
            for result in in_the_way
        ),
    )
