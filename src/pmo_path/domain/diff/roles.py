"""How the demands of roles differ between two frameworks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_path.domain.diff.model import (
    AddedRole,
    Asked,
    Demand,
    Direction,
    RoleChange,
    RoleChanges,
    Thing,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from decimal import Decimal

    from pmo_path.domain.diff.matching import Kind, Pairs
    from pmo_path.domain.framework import Framework, Requirement

_PARTS = ("name", "aliases", "summary")
_URGENCY = {direction: place for place, direction in enumerate(Direction)}


def role_changes(
    old: Framework, new: Framework, kind: Kind, pairs: Pairs, competences: Pairs
) -> RoleChanges:
    """What changed in the roles; requirements follow the competences that were renamed."""
    demands = _Demands(old, new, competences.kept)
    changed = (
        RoleChange(
            *kind.after(now),
            demands.of(was, now),
            *_paths(kind, pairs, was, now),
        )
        for was, now in pairs.kept.items()
    )
    return RoleChanges(
        added=tuple(_added(new, key) for key in pairs.added),
        removed=kind.gone(pairs),
        renamed=kind.renamed(pairs),
        changed=tuple(one for one in changed if any(one[2:])),
        rewritten=kind.rewritten(pairs, _PARTS),
    )


def direction_of(before: Asked | None, after: Asked | None) -> Direction | None:
    """Whether `after` demands more than `before`; None when it asks the same."""
    if before is None or after is None:
        if before is after:
            return None
        return Direction.NEW if before is None else Direction.GONE
    more = after.level > before.level or is_more(before.must_have, after.must_have)
    less = after.level < before.level or is_more(after.must_have, before.must_have)
    if more or less:
        return combined(more=more, less=less)
    return None if before.importance == after.importance else Direction.IMPORTANCE


def is_more(before: Decimal | None, after: Decimal | None) -> bool:
    """Whether a limit was raised, or set where there was none."""
    return after is not None and (before is None or after > before)


def combined(*, more: bool, less: bool) -> Direction:
    """The direction of something that demands more, less, or more in one way and less in one."""
    if more and less:
        return Direction.MIXED
    return Direction.MORE if more else Direction.LESS


def _added(framework: Framework, key: str) -> AddedRole:
    role = framework.roles[key]
    asked = [one for one in role.requires.values() if one.level > framework.levels[0]]
    must_haves = sum(one.must_have is not None for one in asked)
    return AddedRole(key, role.name, len(asked), must_haves)


def _paths(
    kind: Kind, pairs: Pairs, was: str, now: str
) -> tuple[tuple[Thing, ...], tuple[Thing, ...]]:
    """The roles that a role leads to newly, and those that it leads to no longer."""
    ahead = dict.fromkeys(kind.new[now].leads_to)
    # A role that is gone is told once, not again by each that led to it.
    before = {pairs.kept[key]: None for key in kind.old[was].leads_to if key in pairs.kept}
    newly = tuple(kind.after(key) for key in ahead if key not in before)
    return newly, tuple(kind.after(key) for key in before if key not in ahead)


class _Demands:
    """Compares what roles ask, in the order of the new framework."""

    def __init__(self, old: Framework, new: Framework, kept: Mapping[str, str]) -> None:
        self._old = old
        self._new = new
        self._kept = kept
        self._place = {key: place for place, key in enumerate(new.competences)}

    def of(self, was: str, now: str) -> tuple[Demand, ...]:
        before = {
            self._kept[key]: asked for key, asked in asked_by(self._old, was) if key in self._kept
        }
        after = dict(asked_by(self._new, now))
        found = [
            demand
            for key in sorted(before.keys() | after.keys(), key=self._place.__getitem__)
            if (demand := self._demand(key, before.get(key), after.get(key)))
        ]
        found += [
            Demand(Direction.GONE, Thing(key, self._old.competences[key].name), asked, None)
            for key, asked in asked_by(self._old, was)
            if key not in self._kept
        ]
        return tuple(sorted(found, key=lambda one: _URGENCY[one.direction]))

    def _demand(self, key: str, before: Asked | None, after: Asked | None) -> Demand | None:
        direction = direction_of(before, after)
        if direction is None:
            return None
        return Demand(direction, Thing(key, self._new.competences[key].name), before, after)


def asked_by(framework: Framework, role: str) -> Iterator[tuple[str, Asked]]:
    """What a role asks above the scale's lowest level, which asks nothing, by competence id."""
    for key, requirement in framework.roles[role].requires.items():
        if requirement.level > framework.levels[0]:
            yield key, _facts(framework, requirement)


def _facts(framework: Framework, requirement: Requirement) -> Asked:
    step = framework.scale.get(requirement.level)
    return Asked(
        requirement.level,
        "" if step is None else step.label,
        requirement.must_have,
        requirement.importance,
    )
