"""Score many roles with few people each by one query, whose size does not grow with the roles.

`pmo_path.batch.scoring_sql` writes the requirements of one role into the query, which is fastest
for many people; but planning it takes longer than scoring a hundred people. Here the requirements
are rows of tables: `REQUIREMENTS` has a row for each role and competence, `ROLE_SPELLINGS` for each
spelling of a role, and `COURSE_LIFTS` for each course and competence. Ratings become rows too and
are joined with them. Property tests hold both ways equal to the core.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, NamedTuple

from pmo_path.batch.integers import MASK_BITS
from pmo_path.batch.people_table import PEOPLE, PeopleTable
from pmo_path.batch.ranking_sql import ranked_chains
from pmo_path.batch.scoring_sql import RoleQuery
from pmo_path.readers.table.sheet import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pmo_path.batch.rejections import ScoredRole

REQUIREMENTS, ROLE_SPELLINGS = "requirements", "role_spellings"
COURSE_LIFTS, COURSES_BEFORE, UNSUITED = "course_lifts", "courses_before", "unsuited"


_REQUIREMENT = (
    "role",
    "position",
    "competence",
    "rating",
    "target",
    "weight",
    "must_have",
    "reachable",
)
"""The columns of `REQUIREMENTS`, in units as in `RatedRequirement`.

`role` and `competence` are indexes in the framework; `rating` is the index of the column with the
ratings, one past the last if the sheet has none.
"""


class _Part(IntEnum):
    """What a row of `COURSE_LIFTS` says of a chain of courses."""

    WHOLE = 0
    BEFORE = 1
    """What the courses before the last one cover."""
    WITHOUT_LEVELS = 2
    """That the last course develops the competence, no levels given."""


class _LiftRow(NamedTuple):
    """What a chain of courses does to levels from `start` up to `stop`, in units."""

    course: int
    """The index of the last course in the framework."""
    rank: int
    """Its place in the order of ties."""
    competence: int
    """Its index in the framework."""
    part: int
    start: int
    stop: int
    reach: int


FEW_ROWS = 500
"""The most people for whom a role counts as rare."""
FEWEST_ROLES = 3
"""The fewest rare roles for which creating the tables pays off."""
RATINGS_AT_ONCE = 2_000_000
"""The most ratings in one query, which bounds memory."""


def rare_roles(roles: Sequence[ScoredRole]) -> list[ScoredRole]:
    """The roles that are scored together because each has few people."""
    few = [role for role in roles if role.rows is not None and role.rows <= FEW_ROWS]
    return few if len(few) >= FEWEST_ROLES else []


def role_batches(staged: PeopleTable, roles: Sequence[ScoredRole]) -> Iterator[list[ScoredRole]]:
    """The roles in groups that are scored by one query each."""
    most = max(1, RATINGS_AT_ONCE // (len(staged.rating_indexes()) + 1))
    group: list[ScoredRole] = []
    rows = 0
    for role in roles:
        if group and rows + (role.rows or 0) > most:
            yield group
            group, rows = [], 0
        group.append(role)
        rows += role.rows or 0
    if group:
        yield group


def create_tables(staged: PeopleTable, roles: Sequence[ScoredRole]) -> None:
    indexes = {key: index for index, key in enumerate(staged.framework.roles)}
    requirements = [
        row for role in roles for row in _requirement_rows(staged, role.id, indexes[role.id])
    ]
    spellings = [(text, indexes[role.id]) for role in roles for text in role.spellings]
    _create_table(staged, REQUIREMENTS, _REQUIREMENT, requirements)
    _create_table(staged, ROLE_SPELLINGS, ("spelling", "role"), spellings)
    _create_course_tables(staged, [(role.id, indexes[role.id]) for role in roles])


def _create_course_tables(staged: PeopleTable, roles: Iterable[tuple[str, int]]) -> None:
    """Create the tables of what courses do, what comes before them, and whom they do not suit."""
    _create_table(staged, COURSE_LIFTS, _LiftRow._fields, list(_lift_rows(staged)))
    chains = [ranked.chain for ranked in ranked_chains(staged.framework)]
    indexes = {key: index for index, key in enumerate(staged.framework.training)}
    before = [(indexes[chain.id], indexes[key]) for chain in chains for key in chain.before]
    _create_table(staged, COURSES_BEFORE, ("course", "earlier"), before)
    unsuited = [
        (number, indexes[chain.id])
        for role, number in roles
        for chain in chains
        if not staged.framework.training[chain.id].suits(role)
    ]
    _create_table(staged, UNSUITED, ("role", "course"), unsuited)


def _create_table(
    staged: PeopleTable,
    table: str,
    columns: Sequence[str],
    rows: Sequence[tuple[int | str | None, ...]],
) -> None:
    """Create a table of integers and spellings, by column because that is faster than by row."""
    kinds = [{"spelling": "VARCHAR", "role": "SMALLINT"}.get(name, "HUGEINT") for name in columns]
    pairs = zip(columns, kinds, strict=True)
    staged.connection.execute(
        f"CREATE OR REPLACE TABLE {table} ({', '.join(f'{name} {kind}' for name, kind in pairs)})"
    )
    lists = ", ".join(f"unnest(${number}::{kind}[])" for number, kind in enumerate(kinds, 1))
    values = [[row[index] for row in rows] for index in range(len(columns))]
    staged.connection.execute(f"INSERT INTO {table} SELECT {lists}", values)


def _requirement_rows(
    staged: PeopleTable, role: str, number: int
) -> Iterator[tuple[int | None, ...]]:
    competences = {key: index for index, key in enumerate(staged.framework.competences)}
    ratings = {key: index for index, key in enumerate(staged.columns())}
    query = RoleQuery(staged.framework, role, staged.units, staged.columns(), {})
    for required in query.competences:
        competence = competences[required.id]
        rating = ratings.get(required.id, len(ratings))
        own = (required.target, required.weight, required.must_have, required.reachable)
        yield (number, required.position, competence, rating, *own)


def _lift_rows(staged: PeopleTable) -> Iterator[_LiftRow]:
    framework, of_level = staged.framework, staged.units.of_level
    competences = {key: index for index, key in enumerate(framework.competences)}
    lowest, highest = of_level(framework.levels[0]), of_level(framework.levels[-1])
    for ranked in ranked_chains(framework):
        chain = ranked.chain
        for part, lifts in ((_Part.WHOLE, chain.lifts), (_Part.BEFORE, chain.lifts_before)):
            for key, in_order in lifts.items():
                for lift in in_order:
                    bounds = of_level(lift.start), of_level(lift.stop), of_level(lift.reach)
                    yield _LiftRow(ranked.position, ranked.rank, competences[key], part, *bounds)
        for key in chain.without_levels:
            whole_scale = lowest, highest + 1, lowest
            yield _LiftRow(
                ranked.position, ranked.rank, competences[key], _Part.WITHOUT_LEVELS, *whole_scale
            )


def ratings_sql(staged: PeopleTable, roles: Iterable[int], extra: Sequence[str] = ()) -> str:
    """SQL with a row for each person and competence that the person's role requires.

    It has the columns of `REQUIREMENTS`, the `number` of the person's row, the `level` in units, whether
    the competence is `na`, and the columns `extra` of the table of people; for the roles at these
    indexes of the framework.
    """
    rated = staged.rating_indexes()
    levels = [*(f"f{index}::HUGEINT" for index in rated), "NULL"]
    bits = staged.not_applicable().values()
    absent = [*(bit.is_set() for bit in bits), "false"]
    chosen = [
        f"{PEOPLE}.rowid AS number",
        f"{ROLE_SPELLINGS}.role",
        *extra,
        f"unnest([{', '.join(levels)}]) AS level",
        f"unnest([{', '.join(absent)}]) AS na",
        f"unnest(range({len(levels)})) AS rating",
    ]
    rows = (
        f"SELECT {', '.join(chosen)} FROM {PEOPLE} "
        f"JOIN {ROLE_SPELLINGS} ON {PEOPLE}.f{staged.column_index(Kind.ROLE)} = {ROLE_SPELLINGS}.spelling"
    )
    of = ", ".join(map(str, roles)) or "NULL"
    return f"SELECT * FROM ({rows} WHERE {ROLE_SPELLINGS}.role IN ({of})) JOIN {REQUIREMENTS} USING (role, rating)"


@dataclass(frozen=True)
class ManyRolesQuery(RoleQuery):
    """Writes the query that scores all people with a role in the tables; `role` is empty."""

    masks: int = 1
    """The number of must-have masks in a result."""

    def result(
        self, staged: PeopleTable, roles: Iterable[int], keep: Sequence[str], tops: tuple[int, int]
    ) -> str:
        """A query with the columns of `RoleQuery.scored`, for the roles at these indexes.

        `tops` are the numbers of gaps and of courses.
        """
        answered = f"SELECT * FROM ({ratings_sql(staged, roles)})"
        gaps = [f"gaps[{number}]::SMALLINT AS gap_{number}" for number in range(1, tops[0] + 1)]
        courses = [
            f"courses[{number}]::SMALLINT AS course_{number}" for number in range(1, tops[1] + 1)
        ]
        chosen = ["number", "role", *keep, *self._figures(), *gaps, *courses, *self._exact_sums()]
        joined = (
            f"({self._summed(answered)}) JOIN (SELECT rowid AS number, {', '.join(keep)} "
            f"FROM {PEOPLE}) USING (number)"
            if keep
            else f"({self._summed(answered)})"
        )
        if courses:
            joined += f" LEFT JOIN ({_courses_sql(answered)}) USING (number)"
        return f"SELECT {', '.join(chosen)} FROM {joined}"

    def _summed(self, answered: str) -> str:
        """SQL for each person's sums, from which the figures are computed."""
        distance = "greatest(target - level, 0)"
        missing = "must_have IS NOT NULL AND (level IS NULL OR level < must_have)"
        order = (
            f"greatest(coalesce(must_have, level) - level, 0) DESC, weight * {distance} DESC, "
            f"{distance} DESC, position"
        )
        columns = [
            "sum(reachable) AS total",
            "count(*) AS required",
            f"coalesce(sum(weight * {distance}), 0) AS gap_total",
            "coalesce(sum(reachable) FILTER (level IS NULL), 0) AS no_level_total",
            "coalesce(sum(reachable) FILTER (na), 0) AS not_applicable_total",
            "count(*) FILTER (level IS NULL) AS no_level",
            "count(*) FILTER (na) AS not_applicable",
            "count(*) FILTER (level < target) AS gap_count",
            f"list(position ORDER BY {order}) FILTER (level < target) AS gaps",
        ]
        columns += self._must_have_counts()
        for mask in range(self.masks):
            first = mask * MASK_BITS
            among = f"position >= {first} AND position < {first + MASK_BITS}"
            bits = f"bit_or(1::BIGINT << (position % {MASK_BITS})::INTEGER)"
            columns.append(f"coalesce({bits} FILTER ({among} AND {missing}), 0) AS missing_{mask}")
        return f"SELECT number, role, {', '.join(columns)} FROM ({answered}) GROUP BY number, role"

    def _must_have_counts(self) -> Iterator[str]:
        """SQL for the numbers of must-haves that are unrated or fall short by more than bands allow."""
        lowest = self.units.of_level(self.framework.levels[0])
        yield (
            "count(*) FILTER (must_have IS NOT NULL AND level IS NULL AND NOT na) AS unrated_must_haves"
        )
        for number, depth in enumerate(self._depths()):
            deep = f"must_have - coalesce(level, {lowest}) > {depth}"
            yield f"count(*) FILTER ({deep}) AS deep_{number}"
            yield f"count(*) FILTER ({deep} AND (level IS NOT NULL OR na)) AS deep_high_{number}"

    def _total(self) -> int:
        """An upper bound of every sum, which decides the SQL types."""
        return 2**100

    def _total_sql(self) -> str:
        return "total"

    def _count_sql(self) -> str:
        return "required"

    def _masks(self) -> list[str]:
        return [f"missing_{mask}" for mask in range(self.masks)]


def _courses_sql(answered: str) -> str:
    """SQL for the courses that each person is advised to take, best first."""
    covers = "weight * (least(reach, target) - level)"
    sums = [
        f"coalesce(sum({covers}) FILTER (part = {_Part.WHOLE}), 0) AS covered",
        f"coalesce(sum({covers}) FILTER (part = {_Part.BEFORE}), 0) AS covered_before",
        f"count(*) FILTER (part = {_Part.WITHOUT_LEVELS}) AS touched",
    ]
    fitting = (
        f"SELECT number, course, rank, {', '.join(sums)} "
        f"FROM ({answered}) JOIN {COURSE_LIFTS} USING (competence) "
        f"ANTI JOIN {UNSUITED} USING (role, course) "
        "WHERE level >= start AND level < least(stop, target) GROUP BY number, course, rank "
        "HAVING covered > covered_before OR touched > 0"
    )
    on_the_way = (
        f"SELECT number, earlier AS course FROM fitting JOIN {COURSES_BEFORE} USING (course)"
    )
    return (
        f"WITH fitting AS ({fitting}) "
        "SELECT number, list(course ORDER BY covered DESC, rank) AS courses "
        f"FROM fitting ANTI JOIN ({on_the_way}) USING (number, course) GROUP BY number"
    )
