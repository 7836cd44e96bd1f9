"""The differences between two frameworks as one flat list of changes, and what roles require."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pmo_path.domain.framework import Framework
    from pmo_path.domain.report import Reference


class Element(StrEnum):
    """A part of a framework that can change, what matters most to people first."""

    ROLE = "role"
    LEVEL = "level"
    BAND = "band"
    COMPETENCE = "competence"
    COURSE = "course"
    DOMAIN = "domain"
    FRAMEWORK = "framework"


class ChangeKind(StrEnum):
    """The kinds of change to an element, in the order in which they are listed.

    Each member states what `before` and `after` of such a change hold.
    """

    REQUIREMENT = "requirement"
    """A role requires another level of a competence: RequirementFacts, or None if not required."""
    PATH = "path"
    """A role leads to another role: `after` is that role if it is new, `before` if it is gone."""
    THRESHOLD = "threshold"
    """A readiness band is harder or easier to reach: BandThreshold."""
    ADDED = "added"
    """`after` is AddedRole, AddedCompetence or None."""
    REMOVED = "removed"
    """`after` is the entry that the removed id or name leads to, or None."""
    RENAMED = "renamed"
    """An entry has a new id to which the old id or name still leads: Reference."""
    MOVED = "moved"
    """A competence is in another domain: Reference."""
    DEVELOPS = "develops"
    """A course develops a competence between other levels: LevelRange, or None if not at all."""
    SUITS = "suits"
    """A course suits other roles: their References, none for any role."""
    TYPE = "type"
    """A course is now of another type: the type."""
    COST = "cost"
    """A course has another price: CourseCost, or None if it is not known."""
    LABEL = "label"
    """A level of the scale has another label: text."""
    LABEL_MOVED = "label_moved"
    """The same, and the label it had is now that of another level."""
    RATED_BY = "rated_by"
    """A text that people rate by: the text, or None for a list or mapping."""
    KEY = "key"
    """A competence became a key competence, or no longer is one: whether it is one."""
    TEXT = "text"
    """Any other text or fact: the value, or None for a list or mapping."""


class Direction(StrEnum):
    """Whether more is demanded than before, or less; the order is that of importance to people."""

    MORE = "more"
    NEW = "new"
    MIXED = "mixed"
    """More in one way and less in another, such as a higher level without its must-have."""
    LESS = "less"
    GONE = "gone"
    IMPORTANCE = "importance"
    """The same level and must-have, with another importance."""


class RequirementFacts(NamedTuple):
    """A role's requirement of one competence."""

    level: Decimal
    """The required level."""
    label: str
    """The scale's label of the level; empty between two levels."""
    must_have: Decimal | None
    """The level below which the role is out of reach; None if it is not a must-have."""
    importance: Decimal
    """Its importance."""


class LevelRange(NamedTuple):
    """The levels between which a course helps; None for both where they are not known."""

    from_level: Decimal | None
    to_level: Decimal | None


class BandThreshold(NamedTuple):
    """The conditions of a readiness band."""

    at_least: Decimal
    max_must_haves_missing: int | None
    """None for any number."""
    max_must_have_gap: Decimal | None
    """None for any number of levels."""


class AddedRole(NamedTuple):
    """The size of a new role's requirements."""

    requirements: int
    must_haves: int


class AddedCompetence(NamedTuple):
    """Where a new competence belongs, and which roles require it."""

    domain: Reference
    required_by: tuple[Reference, ...]


class Subject(NamedTuple):
    """The changed element, by its new id and name; by its old ones if it was removed."""

    element: Element
    id: str
    name: str
    competence: Reference | None = None
    """The competence that a requirement or a course's range of levels is about."""
    key: str = ""
    """The key in the file, where a single value changed."""


class Change(NamedTuple):
    """One difference between two frameworks."""

    kind: ChangeKind
    subject: Subject
    before: Any = None
    """The old value, in the type that the kind states; None for nothing."""
    after: Any = None
    """The new value."""
    direction: Direction | None = None
    """Whether a requirement or a band demands more or less than before; None for other kinds."""


class Step(StrEnum):
    """The part of the version to raise, from least to most."""

    NONE = "none"
    PATCH = "patch"
    MINOR = "minor"
    MAJOR = "major"


class Reason(NamedTuple):
    """A rule of the version policy, and the step that it requires."""

    key: str
    step: Step


class VersionStatus(StrEnum):
    """The new version compared with the one that the changes require."""

    OTHER_FRAMEWORK = "other_framework"
    NOT_A_VERSION = "not_a_version"
    """One of the two versions is not three numbers."""
    LOWER = "lower"
    """Lower than the old version."""
    NOT_RAISED = "not_raised"
    TOO_LOW = "too_low"
    RAISED = "raised"
    """As high as required, or higher."""
    UNCHANGED = "unchanged"
    """The same, and nothing changed."""
    NOT_NEEDED = "not_needed"
    """Higher, though nothing changed."""


class VersionAdvice(NamedTuple):
    """The version that the changes require, and whether the new framework has it."""

    step: Step
    reasons: tuple[Reason, ...]
    """Every rule that applies, the largest step first."""
    at_least: str | None
    """The lowest sufficient version; None if it cannot be computed."""
    status: VersionStatus

    @property
    def follows(self) -> bool:
        """Whether the new version is sufficient."""
        return self.status in {
            VersionStatus.RAISED,
            VersionStatus.UNCHANGED,
            VersionStatus.NOT_NEEDED,
        }


class FrameworkVersion(NamedTuple):
    """A framework's name for itself, and its size."""

    id: str
    version: str
    title: str
    competences: int
    roles: int


class InCommon(NamedTuple):
    """The number of entries in both frameworks, renamed or not."""

    competences: int
    roles: int


class FrameworkDiff(NamedTuple):
    """Two frameworks, what differs, and the version that the new one should have."""

    before: FrameworkVersion
    after: FrameworkVersion
    in_common: InCommon
    changes: tuple[Change, ...]
    version: VersionAdvice

    @property
    def is_unrelated(self) -> bool:
        """Whether at most a tenth of the smaller framework is in the other one."""
        smaller = min(self.before.competences + self.before.roles, _size(self.after))
        return sum(self.in_common) * 10 <= smaller


def _size(framework: FrameworkVersion) -> int:
    return framework.competences + framework.roles


def requirements_of(framework: Framework, role: str) -> Mapping[str, RequirementFacts]:
    """A role's requirements above the lowest level, by competence id and in the role's order."""
    lowest = framework.levels[0]
    return {
        key: RequirementFacts(
            requirement.level,
            framework.label_of(requirement.level),
            requirement.must_have,
            requirement.importance,
        )
        for key, requirement in framework.roles[role].requires.items()
        if requirement.level > lowest
    }


def direction_of(
    before: RequirementFacts | None, after: RequirementFacts | None
) -> Direction | None:
    """Whether `after` demands more than `before`; None if both demand the same."""
    if before == after:
        return None
    if before is None:
        return Direction.NEW
    if after is None:
        return Direction.GONE
    more = after.level > before.level or _is_higher(before.must_have, after.must_have)
    less = after.level < before.level or _is_higher(after.must_have, before.must_have)
    if more or less:
        return more_or_less(more=more, less=less)
    return None if before.importance == after.importance else Direction.IMPORTANCE


def more_or_less(*, more: bool, less: bool) -> Direction:
    """The direction of a change that demands more, less, or more in one way and less in another."""
    if more and less:
        return Direction.MIXED
    return Direction.MORE if more else Direction.LESS


def _is_higher(before: Decimal | None, after: Decimal | None) -> bool:
    """Whether a minimum was raised, or set where there was none."""
    return after is not None and (before is None or after > before)
