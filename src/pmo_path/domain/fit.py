"""A report's fit: the figures of it that comparisons and rankings show, and their change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_path.domain.report import Fit, ReadinessChange

if TYPE_CHECKING:
    from pmo_path.domain.report import GapReport


def fit_of(report: GapReport) -> Fit:
    """Return the figures of a gap report that comparisons and rankings show."""
    return Fit(
        role=report.role,
        readiness=report.readiness,
        band=report.band,
        band_high=report.band_high,
        band_reason=report.band_reason,
        next_band=report.next_band,
        at_target=report.at_target,
        applicable=report.applicable,
        unrated=report.unrated,
        not_applicable=report.not_applicable,
        must_haves_missing=report.must_haves_missing,
        verdict=report.verdict,
    )


def readiness_change(before: Fit, after: Fit) -> ReadinessChange | None:
    """Return the change in readiness; none when one of the two has none."""
    if before.readiness is None or after.readiness is None:
        return None
    return ReadinessChange(
        after.readiness.low - before.readiness.low, after.readiness.high - before.readiness.high
    )
