"""The sentences around the questions: what a selection covers, and how long it takes."""

from __future__ import annotations

from math import floor
from typing import TYPE_CHECKING

from pmo_path.domain.interview import FULL, SHORT, UNRATED, coverage
from pmo_path.domain.questions import minutes
from pmo_path.domain.ratings import is_self, rater_named
from pmo_path.render.words import count

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pmo_path.domain.framework import Framework
    from pmo_path.domain.interview import ScopeCoverage

MANAGER_MAY_RATE = "Your manager may rate you as well."
_SCOPES = {
    FULL: "All competences",
    UNRATED: "Only what is unrated",
    SHORT: "Short run: must-haves, then the most important",
}
_SHORT_RUN_FOR_ANY = "Short run: the most important for all roles"


def scope_text(
    framework: Framework, target: str | None, scope: str, questions: Sequence[str]
) -> str:
    """Return a scope as an option to choose: its questions, its minutes and what it covers."""
    name = _SCOPES.get(scope) or framework.domains[scope].name
    if scope == SHORT and target is None:
        name = _SHORT_RUN_FOR_ANY
    facts = f"{len(questions)}, {_minutes(minutes(framework, questions))}"
    covered = coverage(framework, target, questions)
    if covered.is_whole or scope == UNRATED:
        return f"{name} ({facts})"
    return f"{name} ({facts}; {_covered(covered)} of what counts)"


def _covered(covered: ScopeCoverage) -> str:
    """The must-haves and the share that are covered, where there are must-haves."""
    share = f"{floor(100 * covered.share)} %"
    if not covered.all_must_haves:
        return share
    if covered.must_haves == covered.all_must_haves:
        return f"all {count(covered.all_must_haves, 'must-have')}, {share}"
    return f"{covered.must_haves} of {count(covered.all_must_haves, 'must-have')}, {share}"


def minutes_left_text(left: int) -> str:
    """Return how long the questions still take."""
    return f"{_minutes(left)} left"


def _minutes(number: int) -> str:
    return f"about {count(number, 'minute')}"


def coverage_text(framework: Framework, target: str | None, covered: ScopeCoverage) -> str:
    """Return what questions that leave something out can and cannot show; empty for all of them."""
    if covered.is_whole:
        return ""
    cover = _covered(covered).replace(", ", " and ")
    aim = "all roles together" if target is None else framework.roles[target].name
    share = floor(100 * covered.share)
    missing = covered.all_competences - covered.competences
    unasked = covered.all_must_haves - covered.must_haves
    cannot = f"any gap in the other {missing}"
    if unasked:
        cannot += f", or whether you meet the other {count(unasked, 'must-have')}"
    return (
        f"These {covered.competences} of {covered.all_competences} competences cover "
        f"{cover} of the importance-weighted levels of {aim}. "
        f"They can show your gaps in them and a readiness range about {100 - share} points wide. "
        f"They can't show {cannot}."
    )


def before_first_question(rater: str, person: str) -> str:
    """Return what to know before rating: who else may rate, or whom to rate."""
    if is_self(rater):
        return MANAGER_MAY_RATE
    return (
        f"You rate {person} as {rater_named(rater)}. Rate what you have seen yourself; other "
        "ratings are not shown."
    )
