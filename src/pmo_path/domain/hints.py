"""Nudges: what a rater may want to look at again. They never change a number."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_path.domain.ratings import is_self
from pmo_path.domain.report import Nudge

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator, Sequence

    from pmo_path.domain.framework import Framework
    from pmo_path.domain.ratings import Ratings
    from pmo_path.domain.report import CompetenceResult

OTHER_FRAMEWORK = "other-framework"
"""The kind of nudge for ratings that were given against another framework or version."""
MAX_EVIDENCE_AGE = 5
"""Years after which evidence counts as old."""


def nudges(
    framework: Framework,
    ratings: Ratings,
    results: Sequence[CompetenceResult],
    today: datetime.date | None,
) -> tuple[Nudge, ...]:
    """Everything worth a second look, in a fixed order. Ages count back from `today`."""
    return (
        *_other_framework(framework, ratings),
        *_top_without_evidence(framework, results),
        *_old_evidence(results, today),
        *_low_confidence(results),
        *_second_rater(framework, ratings, results),
    )


def _other_framework(framework: Framework, ratings: Ratings) -> Iterator[Nudge]:
    about, reference = framework.framework, ratings.framework
    if reference is None:
        return
    if reference.id != about.id:
        text = f"These ratings were given against another framework ('{reference.id}')."
    elif reference.version not in {None, about.version}:
        text = (
            f"These ratings were given against version {reference.version} of the framework; "
            f"this report uses {about.version}. Look again at what changed."
        )
    else:
        return
    yield Nudge(kind=OTHER_FRAMEWORK, text=text, competences=())


def _top_without_evidence(
    framework: Framework, results: Sequence[CompetenceResult]
) -> Iterator[Nudge]:
    found = [one for one in results if one.rating == framework.levels[-1] and not one.evidence]
    if found:
        yield _nudge("top-without-evidence", "The top rating, but no evidence named", found)


def _old_evidence(
    results: Sequence[CompetenceResult], today: datetime.date | None
) -> Iterator[Nudge]:
    if today is None:
        return
    found = [
        one for one in results if one.year is not None and today.year - one.year > MAX_EVIDENCE_AGE
    ]
    if found:
        text = f"Evidence more than {MAX_EVIDENCE_AGE} years old; is there a newer example"
        yield _nudge("old-evidence", text, found)


def _low_confidence(results: Sequence[CompetenceResult]) -> Iterator[Nudge]:
    found = [one for one in results if one.confidence == "low"]
    if found:
        yield _nudge("low-confidence", "Rated with low confidence; ask a second rater", found)


def _second_rater(
    framework: Framework, ratings: Ratings, results: Sequence[CompetenceResult]
) -> Iterator[Nudge]:
    if not is_self(ratings.rater):
        return
    found = [
        one for one in results if one.rating is not None and needs_second_rater(framework, one.id)
    ]
    if found:
        text = "Self-ratings mislead most here; ask somebody who sees your work to rate it too"
        yield _nudge("second-rater", text, found)


def needs_second_rater(framework: Framework, competence: str) -> bool:
    """Whether one person's own rating of a competence, an id of the framework, is too little."""
    return framework.competences[competence].second_rater


def _nudge(kind: str, text: str, found: Sequence[CompetenceResult]) -> Nudge:
    names = ", ".join(f"{one.name} ({one.year})" if "old" in kind else one.name for one in found)
    return Nudge(kind=kind, text=f"{text}: {names}.", competences=tuple(one.id for one in found))
