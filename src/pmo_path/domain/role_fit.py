"""A person's fit to a role: what the ratings prove, as figures and names without a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_path.domain.bands import bands_of
from pmo_path.domain.report import Fit, MissingMustHave, ReadinessChange, Reference, Verdict
from pmo_path.domain.scoring import Status, readiness_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pmo_path.domain.framework import Framework
    from pmo_path.domain.report import GapReport
    from pmo_path.domain.scoring import CompetenceResult


def fit_to(framework: Framework, role: str, results: Sequence[CompetenceResult]) -> Fit:
    """Return the fit to a role, an id of the framework, by the results in what it requires."""
    readiness = readiness_of(results)
    bands = bands_of(framework, results, readiness)
    unrated = [result for result in results if result.status is Status.UNRATED]
    verdict = Verdict(
        is_banded=len(framework.readiness) > 1,  # a single band distinguishes no one
        band=bands.low,
        band_high=bands.high,
        band_reason=bands.reason,
        readiness=readiness,
        at_target=sum(result.at_target for result in results),
        applicable=sum(result.status is not Status.NOT_APPLICABLE for result in results),
        not_applicable=references(results, Status.NOT_APPLICABLE),
        unrated=references(results, Status.UNRATED),
        unrated_must_haves=sum(result.must_have is not None for result in unrated),
        must_haves_missing=_missing_must_haves(results),
    )
    shared = {field: value for field, value in verdict._asdict().items() if field in Fit._fields}
    return Fit(role=role_facts(framework, role), next_band=bands.next, verdict=verdict, **shared)


def fit_of(report: GapReport) -> Fit:
    """Return the figures of a gap report that comparisons and rankings show."""
    return Fit._make(getattr(report, field) for field in Fit._fields)


def role_facts(framework: Framework, role: str) -> Reference:
    """A role as reports name it; `role` is an id of the framework."""
    return Reference(id=role, name=framework.roles[role].name)


def _missing_must_haves(results: Iterable[CompetenceResult]) -> tuple[MissingMustHave, ...]:
    """The must-haves among the results that are not shown to be reached."""
    return tuple(
        MissingMustHave(result.id, result.name, result.status)
        for result in results
        if result.must_have_missing
    )


def references(results: Iterable[CompetenceResult], status: Status) -> tuple[Reference, ...]:
    """Return the competences whose results have a status."""
    return tuple(
        Reference(result.id, result.name) for result in results if result.status is status
    )


def readiness_change(before: Fit, after: Fit) -> ReadinessChange | None:
    """Return the change in readiness; none when one of the two has none."""
    if before.readiness is None or after.readiness is None:
        return None
    return ReadinessChange(
        after.readiness.low - before.readiness.low, after.readiness.high - before.readiness.high
    )
