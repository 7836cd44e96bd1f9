"""What differs between two frameworks: frozen values that say everything a writer may show.

Things go by the id and name that they have now, and those that are gone by the last they had.
"""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pmo_path.domain.diagnostics import Diagnostic


class Thing(NamedTuple):
    """A competence, role, course, domain or band."""

    id: str
    name: str


class Gone(NamedTuple):
    """Something that the new framework does not have."""

    id: str
    name: str
    leads_to: Thing | None
    """What its id or name leads to now, as an alias does."""


class Renamed(NamedTuple):
    """Something with a new id to which the old id or name still leads."""

    before: Thing
    after: Thing


class Rewritten(NamedTuple):
    """Something whose words or facts changed and that asks the same as before."""

    id: str
    name: str
    was: str | None
    """Its name before, when that is among what changed."""
    parts: tuple[str, ...]
    """The keys of the file that changed."""


class Direction(StrEnum):
    """Whether more is demanded than before, or less; the order is that of importance to people."""

    MORE = "more"
    NEW = "new"
    MIXED = "mixed"
    """More in one way and less in another, such as a higher level without its must-have."""
    LESS = "less"
    GONE = "gone"
    IMPORTANCE = "importance"
    """As much as before, with another weight."""


class Asked(NamedTuple):
    """What a role asks of one competence."""

    level: Decimal
    """The level that it requires."""
    label: str
    """The scale's word for the level; empty between two levels."""
    must_have: Decimal | None
    """The level below which the role is out of reach; none when it is no must-have."""
    importance: Decimal
    """How much it weighs."""


class Demand(NamedTuple):
    """How a role's requirement of one competence changed."""

    direction: Direction
    competence: Thing
    before: Asked | None
    after: Asked | None


class RoleChange(NamedTuple):
    """How the demands of a role changed, and where it leads."""

    id: str
    name: str
    demands: tuple[Demand, ...]
    leads_newly_to: tuple[Thing, ...]
    leads_no_longer_to: tuple[Thing, ...]


class AddedRole(NamedTuple):
    """A role that was not there before."""

    id: str
    name: str
    requirements: int
    must_haves: int


class RoleChanges(NamedTuple):
    """What changed in the roles."""

    added: tuple[AddedRole, ...] = ()
    removed: tuple[Gone, ...] = ()
    renamed: tuple[Renamed, ...] = ()
    changed: tuple[RoleChange, ...] = ()
    rewritten: tuple[Rewritten, ...] = ()


class AddedCompetence(NamedTuple):
    """A competence that was not there before."""

    id: str
    name: str
    domain: Thing
    required_by: tuple[Thing, ...]


class Moved(NamedTuple):
    """A competence that is in another domain."""

    id: str
    name: str
    before: Thing
    after: Thing


class CompetenceChanges(NamedTuple):
    """What changed in the competences."""

    added: tuple[AddedCompetence, ...] = ()
    removed: tuple[Gone, ...] = ()
    renamed: tuple[Renamed, ...] = ()
    moved: tuple[Moved, ...] = ()
    rewritten: tuple[Rewritten, ...] = ()


class DomainChanges(NamedTuple):
    """What changed in the domains themselves."""

    added: tuple[Thing, ...] = ()
    removed: tuple[Gone, ...] = ()
    renamed: tuple[Renamed, ...] = ()
    rewritten: tuple[Rewritten, ...] = ()


class Span(NamedTuple):
    """The levels between which a course helps."""

    from_level: Decimal
    to_level: Decimal


class Development(NamedTuple):
    """How far a course develops a competence, before and now."""

    competence: Thing
    before: Span | None
    after: Span | None


class TrainingChange(NamedTuple):
    """A course that develops something else than before."""

    id: str
    name: str
    develops: tuple[Development, ...]


class TrainingChanges(NamedTuple):
    """What changed in the training."""

    added: tuple[Thing, ...] = ()
    removed: tuple[Gone, ...] = ()
    renamed: tuple[Renamed, ...] = ()
    changed: tuple[TrainingChange, ...] = ()
    rewritten: tuple[Rewritten, ...] = ()


class Level(NamedTuple):
    """A level of the scale."""

    level: Decimal
    label: str


class Relabelled(NamedTuple):
    """A level with another label."""

    level: Decimal
    before: str
    after: str
    names_another: bool
    """Whether the label that it had is now that of another level."""


class ScaleChanges(NamedTuple):
    """What changed in the proficiency scale."""

    added: tuple[Level, ...] = ()
    removed: tuple[Level, ...] = ()
    relabelled: tuple[Relabelled, ...] = ()
    meanings: tuple[Level, ...] = ()
    """Levels whose meaning is put in other words."""


class Bar(NamedTuple):
    """What a readiness band takes."""

    at_least: Decimal
    must_haves_missing: int | None
    """None for any number."""
    must_have_gap: Decimal | None
    """None for any number of levels."""


class BandChange(NamedTuple):
    """A readiness band that is harder or easier to reach."""

    id: str
    name: str
    direction: Direction
    before: Bar
    after: Bar


class BandChanges(NamedTuple):
    """What changed in the readiness bands."""

    added: tuple[Thing, ...] = ()
    removed: tuple[Gone, ...] = ()
    renamed: tuple[Renamed, ...] = ()
    changed: tuple[BandChange, ...] = ()
    rewritten: tuple[Rewritten, ...] = ()


class Changes(NamedTuple):
    """Everything that differs between two frameworks, but for id and version."""

    texts: tuple[str, ...] = ()
    """The keys of the framework's own texts that changed: title, notice, how_to_rate."""
    scale: ScaleChanges = ScaleChanges()
    readiness: BandChanges = BandChanges()
    domains: DomainChanges = DomainChanges()
    competences: CompetenceChanges = CompetenceChanges()
    roles: RoleChanges = RoleChanges()
    training: TrainingChanges = TrainingChanges()


class Step(StrEnum):
    """The part of the version to raise, from least to most."""

    NONE = "none"
    PATCH = "patch"
    MINOR = "minor"
    MAJOR = "major"


class Reason(NamedTuple):
    """A kind of change, and the step that it asks for."""

    key: str
    step: Step
    words: str


class VersionAdvice(NamedTuple):
    """The version that the changes ask for, and whether the new framework has it."""

    step: Step
    reasons: tuple[Reason, ...]
    """All that was found, the largest step first."""
    at_least: str | None
    """The lowest version that would do; None when that cannot be told."""
    follows: bool
    verdict: str
    """In words what is right or wrong with the version of the new framework."""


class Edition(NamedTuple):
    """A framework as it calls itself."""

    id: str
    version: str
    title: str
    roles: int


class Comparison(NamedTuple):
    """Two editions of a framework, what differs, and the version that follows."""

    before: Edition
    after: Edition
    changes: Changes
    version: VersionAdvice

    @property
    def changed(self) -> bool:
        """Whether anything differs but id and version."""
        return self.changes != Changes()


class Answers(NamedTuple):
    """Whether the answers in one ratings file fit the new framework."""

    file: str
    misfits: tuple[Diagnostic, ...] = ()
    """What was right with the old framework and is wrong with the new one."""
    mistakes: tuple[Diagnostic, ...] = ()
    """What was wrong already."""
    read_otherwise: tuple[str, ...] = ()
    """In words: answers that fit and now say something else."""
    notes: tuple[tuple[int, str], ...] = ()
    """How words were read that may mean no answer, each with its line."""

    @property
    def is_fine(self) -> bool:
        """Whether every answer fits and says what it said."""
        return not (self.misfits or self.mistakes or self.read_otherwise)
