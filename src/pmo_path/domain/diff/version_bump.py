"""The step of the version that a change asks for, and whether a version takes it.

`REASONS` is the whole policy, and `docs/framework-format.md` has the same table.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from pmo_path.domain.diff.competences import ASKED_FIRST, RATED_BY
from pmo_path.domain.diff.model import Direction, Reason, Step, VersionAdvice

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pmo_path.domain.diff.model import Changes, Edition, Rewritten

_VERSION = re.compile(r"(0|[1-9][0-9]{0,8})\.(0|[1-9][0-9]{0,8})\.(0|[1-9][0-9]{0,8})", re.ASCII)
_HOW_TO_RATE = "how_to_rate"

Number = tuple[int, int, int]


class _Rule(NamedTuple):
    reason: Reason
    applies: Callable[[Changes], bool]


def _rule(key: str, step: Step, words: str, applies: Callable[[Changes], bool]) -> _Rule:
    return _Rule(Reason(key, step, words), applies)


def _demands(*directions: Direction) -> Callable[[Changes], bool]:
    return lambda changes: any(
        demand.direction in directions for role in changes.roles.changed for demand in role.demands
    )


def _bands(*directions: Direction) -> Callable[[Changes], bool]:
    return lambda changes: any(one.direction in directions for one in changes.readiness.changed)


def _rated_by(changes: Changes) -> bool:
    texts = any(RATED_BY & set(one.parts) for one in changes.competences.rewritten)
    return texts or bool(changes.scale.meanings) or _HOW_TO_RATE in changes.texts


def _words(changes: Changes) -> bool:
    other = set(changes.texts) - {_HOW_TO_RATE}
    return bool(other) or any(
        set(one.parts) - RATED_BY - {ASKED_FIRST} for one in _rewritten(changes)
    )


def _rewritten(changes: Changes) -> Iterator[Rewritten]:
    yield from changes.competences.rewritten
    yield from changes.roles.rewritten
    yield from changes.domains.rewritten
    yield from changes.training.rewritten
    yield from changes.readiness.rewritten


def _training(changes: Changes) -> bool:
    here = changes.training
    return bool(here.added or here.removed or here.renamed or here.changed)


_MAJOR = (
    _rule(
        "requirement-raised",
        Step.MAJOR,
        "a level or must-have is raised, or a must-have set where there was none",
        _demands(Direction.MORE, Direction.MIXED),
    ),
    _rule(
        "requirement-new",
        Step.MAJOR,
        "a competence is newly demanded",
        _demands(Direction.NEW),
    ),
    _rule(
        "band-raised",
        Step.MAJOR,
        "a readiness band is harder to reach",
        _bands(Direction.MORE, Direction.MIXED),
    ),
    _rule(
        "level-removed",
        Step.MAJOR,
        "a level of the scale is gone",
        lambda changes: bool(changes.scale.removed),
    ),
    _rule(
        "label-moved",
        Step.MAJOR,
        "a label now names another level",
        lambda changes: any(one.names_another for one in changes.scale.relabelled),
    ),
)
_MINOR = (
    _rule(
        "requirement-lowered",
        Step.MINOR,
        "a level or must-have is lowered, or a must-have dropped",
        _demands(Direction.LESS),
    ),
    _rule(
        "requirement-removed",
        Step.MINOR,
        "a competence is no longer demanded",
        _demands(Direction.GONE),
    ),
    _rule(
        "importance",
        Step.MINOR,
        "the importance of a requirement changes",
        lambda changes: any(
            one.before and one.after and one.before.importance != one.after.importance
            for role in changes.roles.changed
            for one in role.demands
        ),
    ),
    _rule(
        "role",
        Step.MINOR,
        "a role is added, removed or renamed, or leads elsewhere",
        lambda changes: (
            any(changes.roles[:3])
            or any(one.leads_newly_to or one.leads_no_longer_to for one in changes.roles.changed)
        ),
    ),
    _rule(
        "competence",
        Step.MINOR,
        "a competence is added, removed, renamed or moved to another domain",
        lambda changes: any(changes.competences[:4]),
    ),
    _rule(
        "domain",
        Step.MINOR,
        "a domain is added, removed or renamed",
        lambda changes: any(changes.domains[:3]),
    ),
    _rule(
        "key",
        Step.MINOR,
        "a competence becomes a key competence, or is one no longer",
        lambda changes: any(ASKED_FIRST in one.parts for one in changes.competences.rewritten),
    ),
    _rule(
        "rated-by",
        Step.MINOR,
        "what people rate by is put otherwise: anchors, behaviours, meanings of levels, the rule "
        "of rating",
        _rated_by,
    ),
    _rule(
        "scale",
        Step.MINOR,
        "a level is added to the scale, or has another label",
        lambda changes: bool(changes.scale.added or changes.scale.relabelled),
    ),
    _rule(
        "band",
        Step.MINOR,
        "a readiness band is easier to reach, or is added, removed or renamed",
        lambda changes: _bands(Direction.LESS)(changes) or any(changes.readiness[:3]),
    ),
    _rule(
        "training",
        Step.MINOR,
        "training is added, removed or renamed, or develops something else",
        _training,
    ),
)
_PATCH = (
    _rule(
        "words",
        Step.PATCH,
        "words, or facts about courses, change",
        _words,
    ),
)
_RULES = (*_MAJOR, *_MINOR, *_PATCH)
REASONS: tuple[Reason, ...] = tuple(rule.reason for rule in _RULES)
"""Every kind of change that asks for a step, the largest step first."""


def version_advice(before: Edition, after: Edition, changes: Changes) -> VersionAdvice:
    """The step that the changes ask for, and whether the version of `after` takes it."""
    reasons = tuple(rule.reason for rule in _RULES if rule.applies(changes))
    step = reasons[0].step if reasons else Step.NONE
    old, new = parse_version(before.version), parse_version(after.version)
    if before.id != after.id:
        words = (
            f"'{before.id}' and '{after.id}' are different frameworks, so no version of one "
            "follows a version of the other."
        )
        return VersionAdvice(step, reasons, None, follows=False, verdict=words)
    at_least = None if old is None else _shown(raised(old, step))
    problem = _problem(before, after, step, old, new)
    verdict = problem or _fine(before, after, step, at_least)
    return VersionAdvice(step, reasons, at_least, follows=not problem, verdict=verdict)


def parse_version(text: str) -> Number | None:
    """The three numbers of a version such as `1.4.0`, or None when it is written otherwise."""
    found = _VERSION.fullmatch(text)
    return None if found is None else (int(found[1]), int(found[2]), int(found[3]))


def raised(version: Number, step: Step) -> Number:
    """The lowest version that is a step above `version`."""
    major, minor, patch = version
    match step:
        case Step.NONE:
            return version
        case Step.PATCH:
            return major, minor, patch + 1
        case Step.MINOR:
            return major, minor + 1, 0
        case Step.MAJOR:
            return major + 1, 0, 0


def _problem(
    before: Edition, after: Edition, step: Step, old: Number | None, new: Number | None
) -> str:
    if step is Step.NONE and before.version == after.version:
        return ""
    if old is None or new is None:
        odd = before.version if old is None else after.version
        return (
            f"Version '{odd}' is not three numbers such as 1.0.0, so it cannot be told whether "
            "the version follows the changes."
        )
    needed = raised(old, step)
    if new >= needed:
        return ""
    if new < old:
        return f"Version {after.version} is lower than {before.version}; {_wanted(needed, step)}."
    if new == old:
        return f"The version is still {before.version}; {_wanted(needed, step)}."
    return f"Version {after.version} is too small a step; {_wanted(needed, step)}."


def _wanted(needed: Number, step: Step) -> str:
    if step is Step.NONE:
        return "a version never goes down"
    return f"the changes ask for a {step} step, {_shown(needed)} or higher"


def _fine(before: Edition, after: Edition, step: Step, at_least: str | None) -> str:
    if step is not Step.NONE:
        asked = f"they ask for a {step} step, {at_least} or higher"
        return f"Version {after.version} follows the changes: {asked}."
    if before.version == after.version:
        return f"Version {after.version} stays."
    return f"Version {after.version} is higher than it needs to be, which is fine."


def _shown(version: Number) -> str:
    return ".".join(map(str, version))
