"""How the competences and their domains differ between two frameworks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_path.domain.diff.model import (
    AddedCompetence,
    CompetenceChanges,
    DomainChanges,
    Moved,
    Thing,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pmo_path.domain.diff.matching import Kind, Pairs
    from pmo_path.domain.framework import Framework

RATED_BY = frozenset({"levels", "behaviours"})
"""The texts of a competence by which people rate."""
ASKED_FIRST = "key"
_PARTS = (
    "name",
    "aliases",
    ASKED_FIRST,
    "summary",
    "behaviours",
    "levels",
    "evidence",
    "experience",
    "exposure",
    "second_rater",
)


def domain_changes(kind: Kind, pairs: Pairs) -> DomainChanges:
    """What changed in the domains themselves."""
    return DomainChanges(
        added=tuple(map(kind.after, pairs.added)),
        removed=kind.gone(pairs),
        renamed=kind.renamed(pairs),
        rewritten=kind.rewritten(pairs, ("name", "summary")),
    )


def competence_changes(
    old: Framework, new: Framework, kind: Kind, pairs: Pairs, domains: Mapping[str, str]
) -> CompetenceChanges:
    """What changed in the competences; `domains` leads from old ids of domains to new ones."""
    required_by = _required_by(new)
    added = tuple(
        AddedCompetence(*kind.after(key), _domain(new, key), tuple(required_by.get(key, ())))
        for key in pairs.added
    )
    moved = tuple(
        Moved(*kind.after(now), _domain(old, was), _domain(new, now))
        for was, now in pairs.kept.items()
        if domains.get(old.domain_of[was]) != new.domain_of[now]
    )
    return CompetenceChanges(
        added, kind.gone(pairs), kind.renamed(pairs), moved, kind.rewritten(pairs, _PARTS)
    )


def _required_by(framework: Framework) -> Mapping[str, list[Thing]]:
    roles: dict[str, list[Thing]] = {}
    for key, role in framework.roles.items():
        for competence, requirement in role.requires.items():
            if requirement.level > framework.levels[0]:
                roles.setdefault(competence, []).append(Thing(key, role.name))
    return roles


def _domain(framework: Framework, competence: str) -> Thing:
    key = framework.domain_of[competence]
    return Thing(key, framework.domains[key].name)
