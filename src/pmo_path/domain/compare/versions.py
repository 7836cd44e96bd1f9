"""Ratings on another version of the framework, and which of them can still be compared."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pmo_path.domain.compare.inputs import RemarkKind, facts, remark
from pmo_path.domain.diff import diff_frameworks
from pmo_path.domain.diff.matching import match_competences, match_roles
from pmo_path.domain.diff.model import ChangeKind, Element
from pmo_path.domain.errors import UsageProblem
from pmo_path.domain.numbers import show_number
from pmo_path.domain.ratings import NOT_APPLICABLE, show_rating

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pmo_path.domain.compare.inputs import RatedFile, Remark
    from pmo_path.domain.diff.model import Change
    from pmo_path.domain.framework import Framework
    from pmo_path.domain.ratings import Rating, Ratings
    from pmo_path.domain.report import Reference


class Lost(NamedTuple):
    """An answer on the old framework that does not fit the framework in use."""

    key: str
    """The competence's id in the old framework."""
    competence: Reference | None
    """The competence in the framework in use; none when it is not there."""
    answer: str
    reason: Remark


class Followed(NamedTuple):
    """Ratings moved to the framework in use, and the answers lost on the way."""

    ratings: Ratings
    lost: tuple[Lost, ...]
    lost_roles: tuple[str, ...]
    """Names of current and target roles that the framework in use does not have."""
    not_there: tuple[str, ...]
    """Ids of the competences that the old framework did not have."""


def check_versions(framework: Framework, old: Framework) -> None:
    """Raise UsageProblem unless `old` is another version of the framework in use."""
    before, after = old.framework, framework.framework
    if before.id != after.id:
        raise UsageProblem(
            f"--old-framework is '{before.id}', but the framework in use is '{after.id}'; "
            "pass an older version of the one in use"
        )
    if before.version == after.version:
        raise UsageProblem(
            f"--old-framework and the framework in use both have version {before.version}; "
            "leave the option out, or give the newer one another version"
        )


def followed(old: Framework, new: Framework, ratings: Ratings) -> Followed:
    """Move ratings from `old` to `new`: by the same id, or by the new one if it was renamed.

    The answer for a removed competence is lost, even if its name now leads to another one.
    """
    competences, roles = match_competences(old, new), match_roles(old, new).kept
    named = {"role": ratings.role, "target": ratings.target}
    ratings_now: dict[str, Rating] = {}
    lost: list[Lost] = []
    for key, rating in ratings.ratings.items():
        now = competences.kept.get(key)
        if now is not None and _fits(new, rating):
            ratings_now[now] = rating
        elif rating.level is not None:
            leads_to = competences.leads_to.get(key)
            name = "" if leads_to is None else new.shown_name(leads_to)
            answer = show_rating(rating.level)
            reason = no_competence(name) if now is None else no_level(new, answer)
            lost.append(Lost(key, None if now is None else facts(new, now), answer, reason))
    changed: dict[str, object] = {
        field: None if role is None else roles.get(role) for field, role in named.items()
    }
    named_roles = dict.fromkeys(role for role in named.values() if role is not None)
    return Followed(
        ratings.model_copy(update={**changed, "ratings": ratings_now}),
        tuple(lost),
        tuple(old.roles[role].name for role in named_roles if role not in roles),
        competences.added,
    )


def _fits(framework: Framework, rating: Rating) -> bool:
    return rating.level in {None, NOT_APPLICABLE} or rating.level in framework.scale


def no_competence(leads_to: str = "") -> Remark:
    """Return why an answer for a competence that is gone cannot be compared."""
    if leads_to:
        return remark(RemarkKind.LEADS_TO, competence=leads_to)
    return remark(RemarkKind.NO_COMPETENCE)


def no_level(framework: Framework, answer: str) -> Remark:
    """Return why an answer off the scale cannot be compared."""
    levels = ", ".join(map(show_number, framework.levels))
    return remark(RemarkKind.NO_LEVEL, answer=answer, levels=levels)


def remarks_on_versions(
    framework: Framework, old: Framework | None, files: Sequence[RatedFile], role: str
) -> tuple[Remark, ...]:
    """Return what changed in the framework since `old` that matters when reading a comparison.

    `old` is the framework with which files that name its version were read, and `role` an id of
    the framework in use.
    """
    if old is None:
        return ()
    before, after = old.framework.version, framework.framework.version
    if not any(file.followed for file in files):
        return (remark(RemarkKind.OLD_UNUSED, version=before),)
    changes = diff_frameworks(old, framework).changes
    kinds = [
        change.kind
        for change in changes
        if (change.subject.element, change.subject.id) == (Element.ROLE, role)
    ]
    name = framework.roles[role].name
    remarks = (*_on_role(kinds, name, before), *_on_meaning(changes, before))
    return (*remarks, remark(RemarkKind.ASSESSED_ON, version=after)) if remarks else ()


def _on_role(kinds: Sequence[ChangeKind], role: str, before: str) -> Iterator[Remark]:
    if ChangeKind.ADDED in kinds:
        yield remark(RemarkKind.ROLE_ADDED, role=role, before=before)
    number = kinds.count(ChangeKind.REQUIREMENT)
    if number:
        yield remark(RemarkKind.REQUIREMENTS_CHANGED, role=role, number=number, before=before)


def _on_meaning(changes: Sequence[Change], before: str) -> Iterator[Remark]:
    if any(
        change.subject.element is Element.LEVEL and change.kind is not ChangeKind.RATED_BY
        for change in changes
    ):
        yield remark(RemarkKind.SCALE_CHANGED, before=before)
    rewritten = dict.fromkeys(
        change.subject.name
        for change in changes
        if change.subject.element is Element.COMPETENCE and change.kind is ChangeKind.RATED_BY
    )
    if rewritten:
        names = ", ".join(rewritten)
        yield remark(RemarkKind.ANCHORS_CHANGED, competences=names, before=before)
