"""The verdict on one role, and the figures of a report that comparisons and rankings show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_path.domain.report import (
    Fit,
    MissingMustHave,
    Readiness,
    ReadinessChange,
    Reference,
    Status,
    Verdict,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pmo_path.domain.bands import Bands
    from pmo_path.domain.report import CompetenceResult, GapReport


def verdict(
    results: Sequence[CompetenceResult],
    readiness: Readiness | None,
    bands: Bands,
    *,
    is_banded: bool,
) -> Verdict:
    """Return the verdict on the results of one role.

    `is_banded` is false for a framework with a single band, which distinguishes no one.
    """
    unrated = [result for result in results if result.status is Status.UNRATED]
    not_applicable = [result for result in results if result.status is Status.NOT_APPLICABLE]
    return Verdict(
        is_banded=is_banded,
        band=bands.low,
        band_high=bands.high,
        band_reason=bands.reason,
        readiness=readiness,
        at_target=sum(result.at_target for result in results),
        applicable=len(results) - len(not_applicable),
        not_applicable=_references(not_applicable),
        unrated=_references(unrated),
        unrated_must_haves=sum(result.must_have is not None for result in unrated),
        must_haves_missing=missing_must_haves(results),
    )


def missing_must_haves(results: Iterable[CompetenceResult]) -> tuple[MissingMustHave, ...]:
    """Return the must-haves among the results that are not shown to be reached."""
    return tuple(
        MissingMustHave(result.id, result.name, result.status)
        for result in results
        if result.must_have_missing
    )


def _references(results: Iterable[CompetenceResult]) -> tuple[Reference, ...]:
    return tuple(Reference(result.id, result.name) for result in results)


def fit_of(report: GapReport) -> Fit:
    """Return the figures of a gap report that comparisons and rankings show."""
    return Fit._make(getattr(report, field) for field in Fit._fields)


def readiness_change(before: Fit, after: Fit) -> ReadinessChange | None:
    """Return the change in readiness; none when one of the two has none."""
    if before.readiness is None or after.readiness is None:
        return None
    return ReadinessChange(
        after.readiness.low - before.readiness.low, after.readiness.high - before.readiness.high
    )
