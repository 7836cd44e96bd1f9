"""The version bump that changes require, and whether a version is high enough.

`REASONS` is the whole policy; `docs/framework-format.md` has the same table.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pmo_path.domain.diff.model import (
    ChangeKind,
    Direction,
    Element,
    Reason,
    Step,
    VersionAdvice,
    VersionStatus,
)
from pmo_path.domain.numbers import parse_version

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from pmo_path.domain.diff.model import Change, FrameworkVersion
    from pmo_path.domain.numbers import VersionNumber

_ADDED_OR_REMOVED = (ChangeKind.ADDED, ChangeKind.REMOVED, ChangeKind.RENAMED)
_HIGHER = (Direction.MORE, Direction.MIXED)


class _Rule(NamedTuple):
    reason: Reason
    applies: Callable[[Change], bool]


def _kinds(
    *kinds: ChangeKind,
    of: Element | None = None,
    directions: Collection[Direction | None] | None = None,
) -> Callable[[Change], bool]:
    """Whether a change has one of the kinds and, if given, the element and a direction."""
    return lambda change: (
        change.kind in kinds
        and of in {None, change.subject.element}
        and (directions is None or change.direction in directions)
    )


def _importance(change: Change) -> bool:
    before, after = change.before, change.after
    is_kept = change.kind is ChangeKind.REQUIREMENT and before and after
    return is_kept and before.importance != after.importance


_POLICY: dict[Step, dict[str, Callable[[Change], bool]]] = {
    Step.MAJOR: {
        "requirement-raised": _kinds(ChangeKind.REQUIREMENT, directions=_HIGHER),
        "requirement-new": _kinds(ChangeKind.REQUIREMENT, directions=(Direction.NEW,)),
        "band-raised": _kinds(ChangeKind.THRESHOLD, directions=_HIGHER),
        "level-removed": _kinds(ChangeKind.REMOVED, of=Element.LEVEL),
        "label-moved": _kinds(ChangeKind.LABEL_MOVED),
    },
    Step.MINOR: {
        "requirement-lowered": _kinds(ChangeKind.REQUIREMENT, directions=(Direction.LESS,)),
        "requirement-removed": _kinds(ChangeKind.REQUIREMENT, directions=(Direction.GONE,)),
        "importance": _importance,
        "role": _kinds(*_ADDED_OR_REMOVED, ChangeKind.PATH, of=Element.ROLE),
        "competence": _kinds(*_ADDED_OR_REMOVED, ChangeKind.MOVED, of=Element.COMPETENCE),
        "domain": _kinds(*_ADDED_OR_REMOVED, of=Element.DOMAIN),
        "key": _kinds(ChangeKind.KEY),
        "rated-by": _kinds(ChangeKind.RATED_BY),
        "scale": _kinds(
            ChangeKind.ADDED, ChangeKind.LABEL, ChangeKind.LABEL_MOVED, of=Element.LEVEL
        ),
        "band": _kinds(
            *_ADDED_OR_REMOVED,
            ChangeKind.THRESHOLD,
            of=Element.BAND,
            directions=(None, Direction.LESS),
        ),
        "training": _kinds(
            *_ADDED_OR_REMOVED,
            ChangeKind.DEVELOPS,
            ChangeKind.SUITS,
            ChangeKind.TYPE,
            of=Element.COURSE,
        ),
    },
    Step.PATCH: {"words": _kinds(ChangeKind.TEXT, ChangeKind.COST)},
}
_RULES = tuple(
    _Rule(Reason(key, step), applies)
    for step, rules in _POLICY.items()
    for key, applies in rules.items()
)
REASONS: tuple[Reason, ...] = tuple(rule.reason for rule in _RULES)
"""Every reason to raise the version, the largest step first."""


def version_advice(
    before: FrameworkVersion, after: FrameworkVersion, changes: Collection[Change]
) -> VersionAdvice:
    """The step that the changes require, and whether the version of `after` takes it."""
    reasons = tuple(rule.reason for rule in _RULES if any(map(rule.applies, changes)))
    step = reasons[0].step if reasons else Step.NONE
    old = None if before.id != after.id else parse_version(before.version)
    at_least = None if old is None else ".".join(map(str, raised(old, step)))
    return VersionAdvice(step, reasons, at_least, _status(before, after, step))


def raised(version: VersionNumber, step: Step) -> VersionNumber:
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


def _status(before: FrameworkVersion, after: FrameworkVersion, step: Step) -> VersionStatus:
    if before.id != after.id:
        return VersionStatus.OTHER_FRAMEWORK
    if step is Step.NONE and before.version == after.version:
        return VersionStatus.UNCHANGED
    old, new = parse_version(before.version), parse_version(after.version)
    if old is None or new is None:
        return VersionStatus.NOT_A_VERSION
    if new >= raised(old, step):
        return VersionStatus.NOT_NEEDED if step is Step.NONE else VersionStatus.RAISED
    if new == old:
        return VersionStatus.NOT_RAISED
    return VersionStatus.LOWER if new < old else VersionStatus.TOO_LOW
