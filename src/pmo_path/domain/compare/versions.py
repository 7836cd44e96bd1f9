"""Ratings that were given on another version of the framework: what of them still speaks."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pmo_path.domain.diff import diff_frameworks
from pmo_path.domain.diff.matching import match_competences, match_roles
from pmo_path.domain.diff.model import ChangeKind, Element
from pmo_path.domain.errors import UsageProblem
from pmo_path.domain.numbers import show_number
from pmo_path.domain.ratings import NOT_APPLICABLE
from pmo_path.domain.references import Reference

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from decimal import Decimal
    from typing import Literal

    from pmo_path.domain.compare.inputs import Given
    from pmo_path.domain.diff.model import Change
    from pmo_path.domain.framework import Framework
    from pmo_path.domain.ratings import Rating, Ratings

NO_COMPETENCE = "the framework in use does not have this competence"


class Lost(NamedTuple):
    """An answer on the old framework that has no place in the framework in use."""

    key: str
    """The competence's id in the old framework."""
    competence: Reference | None
    """What it is in the framework in use; none when it is not there."""
    answer: str
    reason: str


class Followed(NamedTuple):
    """Ratings on the framework in use, and what was lost on the way there."""

    ratings: Ratings
    lost: tuple[Lost, ...]
    lost_roles: tuple[str, ...]
    """Names of the roles held and aimed at that the framework in use does not have."""
    not_there: tuple[str, ...]
    """Ids of the competences that the old framework did not have."""


def check_editions(framework: Framework, old: Framework) -> None:
    """Raises UsageProblem when `old` is no other version of the framework in use."""
    before, after = old.framework, framework.framework
    if before.id != after.id:
        raise UsageProblem(
            f"--old-framework is '{before.id}' and the framework in use is '{after.id}'; "
            "pass an older version of the one in use"
        )
    if before.version == after.version:
        raise UsageProblem(
            f"--old-framework has version {before.version}, as the framework in use has, so it "
            "cannot be told which of them a file was given on; leave the option out, or give the "
            "newer one another version"
        )


def followed(old: Framework, new: Framework, ratings: Ratings) -> Followed:
    """Ratings on `old` as ratings on `new`: by the same id, or by the new one if it was renamed.

    A removed competence whose name leads to another one is not that one, so it is lost.
    """
    competences, roles = match_competences(old, new), match_roles(old, new).kept
    named = {"role": ratings.role, "target": ratings.target}
    kept: dict[str, Rating] = {}
    lost: list[Lost] = []
    for key, rating in ratings.ratings.items():
        now = competences.kept.get(key)
        if now is not None and _fits(new, rating):
            kept[now] = rating
        elif rating.level is not None:
            leads_to = competences.leads_to.get(key)
            name = "" if leads_to is None else new.competences[leads_to].name
            answer = _said(rating.level)
            reason = no_competence(name) if now is None else no_level(new, answer)
            lost.append(Lost(key, None if now is None else facts(new, now), answer, reason))
    changed: dict[str, object] = {
        field: None if role is None else roles.get(role) for field, role in named.items()
    }
    gone = dict.fromkeys(role for role in named.values() if role is not None and role not in roles)
    return Followed(
        ratings.model_copy(update={**changed, "ratings": kept}),
        tuple(lost),
        tuple(old.roles[role].name for role in gone),
        competences.added,
    )


def facts(framework: Framework, competence: str) -> Reference:
    """A competence, an id of the framework, as comparisons name it."""
    return Reference(competence, framework.competences[competence].name)


def _fits(framework: Framework, rating: Rating) -> bool:
    return rating.level in {None, NOT_APPLICABLE} or rating.level in framework.scale


def _said(level: Decimal | Literal["n/a"]) -> str:
    return NOT_APPLICABLE if level == NOT_APPLICABLE else show_number(level)


def no_competence(leads_to: str = "") -> str:
    """Why an answer for a competence that is gone cannot be compared."""
    return f"{NO_COMPETENCE}; its name now leads to {leads_to}" if leads_to else NO_COMPETENCE


def no_level(framework: Framework, answer: str) -> str:
    """Why an answer off the scale cannot be compared."""
    levels = ", ".join(map(show_number, framework.levels))
    return f"'{answer}' is not a level of the scale in use ({levels})"


def same_competence(first: str) -> str:
    """Why the second of two answers cannot be compared whose competences have become one."""
    return f"'{first}', which is answered too, is the same competence now"


def no_role(file: str, role: str) -> str:
    """What to know of a file that names a role which is gone."""
    return f"'{file}' names the role '{role}', which the framework in use does not have."


def read_as_if(file: str, version: str, framework: Framework) -> str:
    """What to know of a file on another version that was read without that version."""
    return (
        f"'{file}' was rated on version {version} of the framework and is read here as if on "
        f"{framework.framework.version}: what was renamed without an alias counts as gone. "
        "With --old-framework, names are followed from that version."
    )


def since_then(
    framework: Framework, old: Framework | None, given: Sequence[Given], role: str
) -> tuple[str, ...]:
    """What to know of the two versions, in words that lead on.

    `old` is the framework with which files naming its version were read, `role` an id of the
    framework in use.
    """
    if old is None:
        return ()
    before, after = old.framework.version, framework.framework.version
    if not any(one.followed for one in given):
        return (
            f"No file names version {before} of the framework, so --old-framework was not used.",
        )
    changes = diff_frameworks(old, framework).changes
    told = "; ".join((*_role_words(changes, role), *_meaning_words(changes)))
    if not told:
        return ()
    words = (
        f"From version {before} to {after} of the framework {told}. Everything here is assessed "
        f"on {after}; 'pmo-path diff' with both versions says more."
    )
    return (words,)


def _role_words(changes: Sequence[Change], role: str) -> Iterator[str]:
    own = [
        change
        for change in changes
        if (change.subject.element, change.subject.id) == (Element.ROLE, role)
    ]
    for change in own:
        if change.kind is ChangeKind.ADDED:
            yield f"{change.subject.name} came as a new role"
    requirements = [change for change in own if change.kind is ChangeKind.REQUIREMENT]
    if requirements:
        number = len(requirements)
        demands = f"{number} of the demands" if number > 1 else "one of the demands"
        yield f"{demands} of {requirements[0].subject.name} changed"


def _meaning_words(changes: Sequence[Change]) -> Iterator[str]:
    if any(
        change.subject.element is Element.LEVEL and change.kind is not ChangeKind.RATED_BY
        for change in changes
    ):
        yield "the scale changed, so a level may not mean what it meant"
    rewritten = dict.fromkeys(
        change.subject.name
        for change in changes
        if change.subject.element is Element.COMPETENCE and change.kind is ChangeKind.RATED_BY
    )
    if rewritten:
        yield f"the words to rate by changed for {', '.join(rewritten)}"
