"""A person's fit to each role, and all roles ranked by it."""

from __future__ import annotations

import datetime
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from pmo_path.domain.assessment import DEFAULT_TOP, assess, framework_facts
from pmo_path.domain.bands import BandFacts
from pmo_path.domain.nudges import Nudge, nudges_over
from pmo_path.domain.report import Fit, FrameworkFacts, Reference
from pmo_path.domain.role_fit import fit_of
from pmo_path.domain.target_level import no_roles

if TYPE_CHECKING:
    from pmo_path.domain.framework import Framework
    from pmo_path.domain.ratings import Ratings
    from pmo_path.domain.report import GapReport


class TopGap(NamedTuple):
    """One of the gaps to work on first."""

    id: str
    name: str
    rating: Decimal
    """The level rated."""
    required: Decimal
    """The level required."""
    gap: Decimal
    """The number of missing levels."""
    must_have: Decimal | None
    """The level below which the role is out of reach; none when it is no must-have."""
    must_have_missing: bool
    """Whether the rating is below it."""


class RankedRole(NamedTuple):
    """A role in the order of fit, and what is missing for it."""

    fit: Fit
    """The person's fit to it."""
    gap_count: int
    """The number of gaps."""
    top_gaps: tuple[TopGap, ...]
    """The first of them, in the order in which to work on them."""


class Ranking(NamedTuple):
    """All roles of a framework for one person, the best fit first."""

    framework: FrameworkFacts
    """The framework whose roles they are."""
    person: str
    """Who is rated; empty if not specified."""
    rater: str
    """Who rated: self, a manager, a peer."""
    date: datetime.date | None
    """When the ratings were given; none if not specified."""
    current_role: Reference | None
    """The role held now."""
    best_band: BandFacts | None
    """The best band of the framework; none where a single band takes everybody."""
    roles: tuple[RankedRole, ...]
    """Every role of the framework, the best fit first."""
    nudges: tuple[Nudge, ...]
    """Ratings that are worth checking."""


def rank(
    framework: Framework,
    ratings: Ratings,
    *,
    top: int = DEFAULT_TOP,
    today: datetime.date | None = None,
) -> Ranking:
    """Rank every role of the framework by fit; `top` and `today` as in `assess`.

    Roles in the best band come first, the most demanding at the top, because everybody is readier
    for a role that requires little; a single band that takes everybody does not count as best.
    Then by band, no band last; then by the low end of readiness, the high end, fewer missing
    must-haves, and the framework's order.
    """
    if not framework.roles:
        raise no_roles(framework)
    reports = [assess(framework, ratings, role, top=top, today=today) for role in framework.roles]
    ranks = {band: rank for rank, band in enumerate(framework.readiness)}
    first, *_ = reports
    return Ranking(
        framework=framework_facts(framework),
        person=ratings.person,
        rater=ratings.rater,
        date=first.date,
        current_role=first.current_role,
        best_band=first.bands[0] if len(first.bands) > 1 else None,
        roles=tuple(
            _ranked(report)
            for report in sorted(reports, key=lambda report: _best_first(report, ranks))
        ),
        nudges=nudges_over(framework, ratings, [report.results for report in reports], today),
    )


def _best_first(
    report: GapReport, ranks: dict[str, int]
) -> tuple[int, Decimal, Fraction | int, Fraction | int, int]:
    band, readiness = report.band, report.readiness
    rank = len(ranks) if band is None else ranks[band.id]
    is_best = rank == 0 and len(ranks) > 1
    demand = sum((result.reachable for result in report.results), Decimal(0))
    return (
        rank,
        -demand if is_best else Decimal(0),
        1 if readiness is None else -readiness.low,
        1 if readiness is None else -readiness.high,
        len(report.must_haves_missing),
    )


def _ranked(report: GapReport) -> RankedRole:
    gaps = [report.result(priority.id) for priority in report.priorities]
    return RankedRole(
        fit=fit_of(report),
        gap_count=len(report.gaps),
        top_gaps=tuple(
            TopGap(
                id=gap.id,
                name=gap.name,
                rating=gap.rating,
                required=gap.required,
                gap=gap.gap,
                must_have=gap.must_have,
                must_have_missing=gap.must_have_missing,
            )
            for gap in gaps
            if gap.rating is not None and gap.gap is not None
        ),
    )
