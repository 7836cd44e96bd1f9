"""SQL that ranks the gaps of people, and the courses that they are advised to take.

Gaps and courses are not sorted. Everything that decides their order is packed into one integer key,
minus the index of the gap or course. The greatest key is the first item, the next greatest the
second, and so on; keys of other competences are not positive. This is arithmetic without branches,
which a columnar engine does fastest.

For few people, planning such a query takes longer than running it. Then the same keys are sorted
in a list, which takes a fifth of the SQL.

The order of courses is that of `domain.recommendations`.
"""

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


class FirstByKey(NamedTuple):
    """Picks the gaps or courses with the greatest keys."""

    name: str
    keys: Sequence[str]
    """SQL for the key of each: positive where there is something, and the greater, the better."""
    order: Sequence[int]
    """The index that each number in a key means."""
    size: int
    """How many numbers there may be; a key is a multiple of it, minus the number."""
    top: int
    is_short: bool
    """Whether keys are sorted in a list, which takes less SQL."""

    def columns(self) -> list[str]:
        """SQL for the columns with the keys."""
        if self.is_short:
            return [f"list_reverse_sort([{', '.join(self.keys)}]) AS {self.name}_keys"]
        return [f"{key} AS {self.name}_key_{index}" for index, key in enumerate(self.keys)]

    def with_greatest(self, source: str) -> str:
        """SQL for `source` with a column for each of the greatest keys, unless they are sorted."""
        key = f"{self.name}_key"
        for number in self._numbers() if not self.is_short else ():
            below = f"{key}_top_{number - 1}"
            candidates = [
                f"{key}_{index}"
                if number == 1
                else f"{key}_{index} * ({key}_{index} < {below})::TINYINT"
                for index in range(len(self.keys))
            ]
            single = len(candidates) == 1
            greatest = candidates[0] if single else f"greatest({', '.join(candidates)})"
            source = f"SELECT *, {greatest} AS {key}_top_{number} FROM ({source})"
        return source

    def chosen(self) -> list[str]:
        """SQL for the indexes with the greatest keys; null if there are fewer."""
        chosen = []
        for number in self._numbers():
            name = self.name
            key = f"{name}_keys[{number}]" if self.is_short else f"{name}_key_top_{number}"
            index = f"(({self.size} - {key} % {self.size}) % {self.size})"
            if list(self.order) != list(range(len(self.order))):
                index = f"[{', '.join(map(str, self.order))}][{index} + 1]"
            chosen.append(f"if({key} > 0, {index}, NULL)::SMALLINT AS {name}_{number}")
        missing = range(len(chosen) + 1, self.top + 1)
        return chosen + [f"NULL::SMALLINT AS {self.name}_{number}" for number in missing]

    def _numbers(self) -> range:
        return range(1, min(self.top, len(self.keys)) + 1)
