"""The verdict on one role: what the ratings prove, as figures and names without a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_path.domain.references import Reference
from pmo_path.domain.report import MissingMustHave, Readiness, Status, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pmo_path.domain.bands import Bands
    from pmo_path.domain.report import CompetenceResult


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
