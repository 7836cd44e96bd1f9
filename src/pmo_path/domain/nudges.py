"""Nudges: results worth checking, such as a top rating without evidence. They change no figure."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from pmo_path.domain.ratings import is_self
from pmo_path.domain.scoring import Status

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Iterator, Sequence

    from pmo_path.domain.framework import Framework
    from pmo_path.domain.ratings import Ratings
    from pmo_path.domain.scoring import CompetenceResult

MAX_EVIDENCE_AGE = 5
"""Years after which evidence counts as old."""


class NudgeKind(StrEnum):
    """The subject of a nudge."""

    OTHER_FRAMEWORK = "other-framework"
    """The ratings name another framework or version."""
    TOP_WITHOUT_EVIDENCE = "top-without-evidence"
    OLD_EVIDENCE = "old-evidence"
    LOW_CONFIDENCE = "low-confidence"
    NOT_SURE = "not-sure"
    """Left unrated, as the rater was not sure."""
    SECOND_RATER = "second-rater"


class NudgedCompetence(NamedTuple):
    """A competence that a nudge is about."""

    id: str
    name: str
    year: int | None
    """The year of the evidence."""


class RatedOn(NamedTuple):
    """The framework that ratings name, beside the one in use. JSON has a text, empty when alike."""

    id: str
    """The id that the ratings name, else that of the framework in use."""
    version: str
    """The version that the ratings name, else that of the framework in use."""
    used_id: str
    """The id of the framework in use."""
    used_version: str
    """The version of the framework in use."""

    @property
    def differs(self) -> bool:
        """Whether the ratings name another framework or version than the one in use."""
        return (self.id, self.version) != (self.used_id, self.used_version)


class Nudge(NamedTuple):
    """Something worth checking; it never changes a figure."""

    kind: NudgeKind
    """Its subject."""
    competences: tuple[NudgedCompetence, ...]
    """The competences that it is about."""
    rated_on: RatedOn | None = None
    """For `other-framework`: the two frameworks."""


def nudges(
    framework: Framework,
    ratings: Ratings,
    results: Sequence[CompetenceResult],
    today: datetime.date | None,
) -> tuple[Nudge, ...]:
    """Return all nudges for these results in the order of `NudgeKind`.

    The age of evidence is counted back from `today`; without a date no evidence is old.
    """
    unsure = [result for result in results if result.confidence == "low"]
    return (
        *_other_framework(framework, ratings),
        *_for(NudgeKind.TOP_WITHOUT_EVIDENCE, _top_without_evidence(framework, results)),
        *_for(NudgeKind.OLD_EVIDENCE, _old_evidence(results, today)),
        *_for(NudgeKind.LOW_CONFIDENCE, (r for r in unsure if r.status is not Status.UNRATED)),
        *_for(NudgeKind.NOT_SURE, (r for r in unsure if r.status is Status.UNRATED)),
        *_for(NudgeKind.SECOND_RATER, _needing_second_rater(framework, ratings, results)),
    )


def rated_on(framework: Framework, ratings: Ratings) -> RatedOn:
    """Return the framework that the ratings name, beside the one in use."""
    about, reference = framework.framework, ratings.framework
    return RatedOn(
        id=about.id if reference is None else reference.id,
        version=(None if reference is None else reference.version) or about.version,
        used_id=about.id,
        used_version=about.version,
    )


def needs_second_rater(framework: Framework, competence: str) -> bool:
    """Return whether one person's own rating of a competence (an id) is not enough."""
    return framework.competences[competence].second_rater


def _other_framework(framework: Framework, ratings: Ratings) -> Iterator[Nudge]:
    reference = rated_on(framework, ratings)
    if reference.differs:
        yield Nudge(NudgeKind.OTHER_FRAMEWORK, (), reference)


def _for(kind: NudgeKind, results: Iterable[CompetenceResult]) -> Iterator[Nudge]:
    competences = tuple(NudgedCompetence(r.id, r.name, r.year) for r in results)
    if competences:
        yield Nudge(kind, competences)


def _top_without_evidence(
    framework: Framework, results: Sequence[CompetenceResult]
) -> Iterator[CompetenceResult]:
    top = framework.levels[-1]
    return (result for result in results if result.rating == top and not result.evidence)


def _old_evidence(
    results: Sequence[CompetenceResult], today: datetime.date | None
) -> Iterator[CompetenceResult]:
    for result in results:
        if today and result.year is not None and today.year - result.year > MAX_EVIDENCE_AGE:
            yield result


def _needing_second_rater(
    framework: Framework, ratings: Ratings, results: Sequence[CompetenceResult]
) -> Iterator[CompetenceResult]:
    if is_self(ratings.rater):
        for result in results:
            if result.rating is not None and needs_second_rater(framework, result.id):
                yield result


def nudges_over(
    framework: Framework,
    ratings: Ratings,
    by_role: Iterable[Iterable[CompetenceResult]],
    today: datetime.date | None,
) -> tuple[Nudge, ...]:
    """Return the nudges about ratings from their results for several roles, each once."""
    by_id = {result.id: result for results in by_role for result in results}
    in_order = [by_id[key] for key in framework.competences if key in by_id]
    return nudges(framework, ratings, in_order, today or ratings.date)
