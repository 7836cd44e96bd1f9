"""What to ask about: everything, a short run, what is unrated, or one domain."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from pmo_path.domain.target_level import LevelRole

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from pmo_path.domain.framework import Framework

FULL = "full"
SHORT = "quick"
"""The short run; saved answers hold the word."""
UNRATED = "unrated"
"""What an earlier file leaves unrated."""
ENOUGH = Fraction(60, 100)
"""The share of a role's points that a short run covers at least."""
ZERO = Decimal(0)


class AskedCompetence(NamedTuple):
    """How much a competence counts for the target."""

    must_have: bool
    importance: Decimal
    points: Decimal
    """Its importance times the required levels above the lowest one."""


class ScopeCoverage(NamedTuple):
    """What a selection of competences covers of all that the target requires."""

    competences: int
    all_competences: int
    must_haves: int
    all_must_haves: int
    share: Fraction
    """The share of the points, from 0 to 1."""

    @property
    def is_whole(self) -> bool:
        """Whether nothing is left out."""
        return self.competences == self.all_competences


def questions_for(
    framework: Framework, target: str | None, scope: str, rated: Collection[str] = ()
) -> tuple[str, ...]:
    """Return the competences (ids) to ask about for a target role, or without one for any role.

    `rated` are those that have an earlier answer: the others come before them. Must-haves come
    first, since people tire; then the more important ones, then the framework's order. Without a
    target, the importance of all roles is added up, and there are no must-haves.
    """
    required = _required(framework, target)
    if scope == SHORT:
        asked = _short_run(required)
    else:
        domain_of = framework.domain_of
        asked = (key for key in required if scope in {FULL, UNRATED, domain_of[key]})
    if scope == UNRATED:
        asked = (key for key in asked if key not in rated)
    return tuple(sorted(asked, key=lambda key: key in rated))


def scopes(
    framework: Framework, target: str | None, rated: Collection[str] = ()
) -> Mapping[str, tuple[str, ...]]:
    """Return the scopes to choose from, each with its questions; none is empty.

    The short run and what is unrated are left out where they are the same as everything.
    """
    names = (FULL, UNRATED, SHORT, *framework.domains)
    asked = {scope: questions_for(framework, target, scope, rated) for scope in names}
    everything = len(asked[FULL])
    return {
        scope: questions
        for scope, questions in asked.items()
        if questions and (scope not in {SHORT, UNRATED} or len(questions) < everything)
    }


def coverage(
    framework: Framework, target: str | None, competences: Iterable[str]
) -> ScopeCoverage:
    """Return what these competences (ids) cover of all that the target requires."""
    required = _required(framework, target)
    chosen = [required[key] for key in set(competences) if key in required]
    everything = required.values()
    return ScopeCoverage(
        competences=len(chosen),
        all_competences=len(required),
        must_haves=sum(item.must_have for item in chosen),
        all_must_haves=sum(item.must_have for item in everything),
        share=Fraction(_points(chosen)) / Fraction(_points(everything) or 1),
    )


def _required(framework: Framework, target: str | None) -> dict[str, AskedCompetence]:
    """What the target requires, in the order to ask; without a target, what any role requires."""
    lowest = framework.levels[0]
    roles = [key for key, role in framework.roles.items() if not isinstance(role, LevelRole)]
    added: dict[str, AskedCompetence] = {}
    for role in roles if target is None else (target,):
        for key, requirement in framework.scored(role).items():
            before = added.get(key, AskedCompetence(must_have=False, importance=ZERO, points=ZERO))
            added[key] = AskedCompetence(
                must_have=target is not None and requirement.must_have is not None,
                importance=before.importance + requirement.importance,
                points=before.points + requirement.points(lowest),
            )
    in_framework = (key for key in framework.competences if key in added)
    order = sorted(
        in_framework, key=lambda key: (not added[key].must_have, -added[key].importance)
    )
    return {key: added[key] for key in order}


def _short_run(required: Mapping[str, AskedCompetence]) -> Iterator[str]:
    """The must-haves, then the most important, until enough of the points is covered."""
    enough = ENOUGH * Fraction(_points(required.values()))
    covered = ZERO
    for key, item in required.items():
        if not item.must_have and covered >= enough:
            return
        covered += item.points
        yield key


def _points(items: Iterable[AskedCompetence]) -> Decimal:
    return sum((item.points for item in items), ZERO)
