"""SQL for the courses that a role's people are advised to take, equal to `domain.recommendations`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from pmo_path.batch.integers import Units, summed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pmo_path.domain.framework import Framework
    from pmo_path.domain.training import CourseChain, Lift


class RankedChain(NamedTuple):
    """A chain of courses, and where it belongs among those that cover the same."""

    position: int
    """The index of its last course in the framework."""
    rank: int
    """Its place in the order of ties."""
    chain: CourseChain


def ranked_chains(framework: Framework) -> list[RankedChain]:
    """Return the chains that end with a short course, in the order that decides ties."""
    indexes = {key: index for index, key in enumerate(framework.training)}
    courses = [
        chain
        for chain in framework.course_chains.values()
        if framework.training[chain.id].type == "course"
    ]
    in_order = sorted(courses, key=lambda chain: chain.length_order)
    return [RankedChain(indexes[chain.id], rank, chain) for rank, chain in enumerate(in_order)]


class Term(NamedTuple):
    """A required competence with ratings, in units."""

    level: str
    """SQL for the person's level, above the scale if there is none."""
    target: int
    weight: int


@dataclass(frozen=True)
class CourseSql:
    """Writes a key for each course that suits a role: the greater, the better; 0 for no advice.

    A course that has others before or behind it depends on them, so `columns` go into a subquery
    under the one that has `keys`.
    """

    framework: Framework
    role: str
    units: Units
    terms: Mapping[str, Term]
    """By competence id."""
    sql_type: str
    """An integer type that holds every key."""

    @cached_property
    def chains(self) -> list[RankedChain]:
        """The chains that suit the role and help with a competence of `terms`."""
        return [
            ranked
            for ranked in ranked_chains(self.framework)
            if self.framework.training[ranked.chain.id].suits(self.role)
            and (self._covered(ranked.chain.lifts) or self._touched(ranked.chain))
        ]

    @cached_property
    def _behind(self) -> Mapping[str, list[int]]:
        """The indexes of the courses that presuppose a course, by its id."""
        behind: dict[str, list[int]] = {}
        for ranked in self.chains:
            for key in ranked.chain.before:
                behind.setdefault(key, []).append(ranked.position)
        return behind

    @cached_property
    def _may_cover_nothing(self) -> bool:
        """Whether some course is advised that covers nothing, since its levels are not known."""
        return any(self._touched(ranked.chain) for ranked in self.chains)

    def columns(self) -> Iterator[str]:
        """SQL for the columns that keys depend on."""
        for ranked in self.chains:
            if self._has_columns(ranked.chain):
                yield f"{self._sum(ranked.chain.lifts)} AS covered_{ranked.position}"
                yield f"({self._fits(ranked)}) AS fits_{ranked.position}"

    def keys(self) -> Iterator[str]:
        """SQL for the key of each chain."""
        count = len(self.framework.training)
        for ranked in self.chains:
            if not self._has_columns(ranked.chain):
                yield f"({self._sum(ranked.chain.lifts)} * {count} - {ranked.rank})::{self.sql_type}"
                continue
            fits = f"fits_{ranked.position}"
            behind = " OR ".join(
                f"fits_{index}" for index in self._behind.get(ranked.chain.id, ())
            )
            if behind:
                fits += f" AND NOT ({behind})"
            covered = f"(covered_{ranked.position} + {int(self._may_cover_nothing)})"
            yield f"if({fits}, {covered} * {count} - {ranked.rank}, 0)::{self.sql_type}"

    def _has_columns(self, chain: CourseChain) -> bool:
        return bool(self._may_cover_nothing or chain.before or chain.id in self._behind)

    def _fits(self, ranked: RankedChain) -> str:
        """SQL for whether the last course of a chain adds something to the others."""
        adds = f"covered_{ranked.position} > {self._sum(ranked.chain.lifts_before)}"
        return " OR ".join([adds, *self._touched(ranked.chain)])

    def _touched(self, chain: CourseChain) -> list[str]:
        """SQL for whether there is a gap in each competence that a course develops without levels."""
        touched = [self.terms[key] for key in chain.without_levels if key in self.terms]
        return [f"{term.level} < {term.target}" for term in touched]

    def _sum(self, lifts: Mapping[str, Sequence[Lift]]) -> str:
        return summed(self._covered(lifts), self.sql_type)

    def _covered(self, lifts: Mapping[str, Sequence[Lift]]) -> list[str]:
        """SQL for the weighted gap that lifts cover, a term for each of them that can."""
        return [
            covered
            for key, in_order in lifts.items()
            if key in self.terms
            for lift in in_order
            if (covered := self._covered_by(lift, self.terms[key]))
        ]

    def _covered_by(self, lift: Lift, term: Term) -> str:
        of_level = self.units.of_level
        start = of_level(lift.start)
        stop, end = (min(of_level(level), term.target) for level in (lift.stop, lift.reach))
        if start >= stop:
            return ""
        covered = f"{term.weight}::{self.sql_type} * greatest({end} - {term.level}, 0)"
        conditions = []
        if start > of_level(self.framework.levels[0]):
            conditions.append(f"{term.level} >= {start}")
        if stop < end:
            conditions.append(f"{term.level} < {stop}")
        if conditions:
            covered += f" * ({' AND '.join(conditions)})::{self.sql_type}"
        return covered
