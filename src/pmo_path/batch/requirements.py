"""Score many roles with few people each by one query, whose size does not grow with the roles.

`pmo_path.batch.scoring_sql` writes the requirements of one role into the query, which is fastest
for many people; but planning it takes longer than scoring a hundred people. Here the requirements
are rows of tables: `REQUIREMENTS` has a row for each role and competence, `ROLE_SPELLINGS` for each
spelling of a role, and `COURSE_RANGES` for each course and competence. Ratings become rows too and
are joined with them. Property tests hold both ways equal to the core.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from pmo_path.batch.people_table import PEOPLE
from pmo_path.batch.scoring_sql import MASK_BITS, RoleQuery, course_order
from pmo_path.readers.table.sheet import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pmo_path.batch.people_table import PeopleTable
    from pmo_path.batch.rejections import ScoredRole

REQUIREMENTS, ROLE_SPELLINGS, COURSE_RANGES = "requirements", "role_spellings", "course_ranges"
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


class _RequirementRow(NamedTuple):
    """One requirement, in units."""

    role: int
    position: int
    """Its index among the role's competences."""
    competence: int
    """Its index in the framework."""
    rating: int
    """The index of its rating column; one past the last if the sheet has none."""
    target: int
    weight: int
    must_have: int | None
    """The minimum of a must-have."""
    reachable: int


def create_tables(staged: PeopleTable, roles: Sequence[ScoredRole]) -> None:
    """Create the tables of requirements, role spellings and course ranges."""
    indexes = {key: index for index, key in enumerate(staged.framework.roles)}
    requirements = [
        row for role in roles for row in _requirement_rows(staged, role.id, indexes[role.id])
    ]
    spellings = [(text, indexes[role.id]) for role in roles for text in role.spellings]
    bounds = ("course", "rank", "competence", "start", "stop")
    _create_table(staged, REQUIREMENTS, _RequirementRow._fields, requirements)
    _create_table(staged, ROLE_SPELLINGS, ("spelling", "role"), spellings)
    _create_table(staged, COURSE_RANGES, bounds, _courses(staged))


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


def _requirement_rows(staged: PeopleTable, role: str, number: int) -> Iterator[_RequirementRow]:
    framework, units = staged.framework, staged.units
    competences = {key: index for index, key in enumerate(framework.competences)}
    columns = staged.sheet.columns
    rated = {
        columns[index].competence: number for number, index in enumerate(staged.rating_indexes())
    }
    for index, (key, requirement) in enumerate(framework.scored(role).items()):
        weight = units.of_weight(requirement.importance)
        least = requirement.must_have
        yield _RequirementRow(
            role=number,
            position=index,
            competence=competences[key],
            rating=rated.get(key, len(rated)),
            target=units.of_level(requirement.level),
            weight=weight,
            must_have=None if least is None else units.of_level(least),
            reachable=weight * units.of_level(requirement.level - framework.levels[0]),
        )


def _courses(staged: PeopleTable) -> list[tuple[int, int, int, int, int]]:
    """Rows of course, tie-break rank, competence, and the range of levels in units."""
    framework, units = staged.framework, staged.units
    competences = {key: index for index, key in enumerate(framework.competences)}
    ranks = {index: rank for rank, index in enumerate(course_order(framework))}
    return [
        (
            index,
            ranks[index],
            competences[key],
            units.of_level(levels.from_),
            units.of_level(levels.to),
        )
        for index, course in enumerate(framework.training.values())
        for key, levels in course.ranges.items()
        if key in competences
    ]


def ratings_sql(staged: PeopleTable, roles: Iterable[int], extra: Sequence[str] = ()) -> str:
    """SQL with a row for each person and competence that the person's role requires.

    It has the columns of `REQUIREMENTS`, the `number` of the person's row, the `level` in units, whether
    the competence is `na`, and the columns `extra` of the table of people; for the roles at these
    places of the framework.
    """
    rated = staged.rating_indexes()
    levels = [*(f"f{index}::HUGEINT" for index in rated), "NULL"]
    bits = staged.not_applicable().values()
    absent = [*(f"({bit.column} >> {bit.position} & 1) = 1" for bit in bits), "false"]
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
    """SQL for the courses that close a gap of each person, best first."""
    closed = (
        "SELECT number, course, rank, sum(weight * (least(stop, target) - level)) AS closed "
        f"FROM ({answered}) JOIN {COURSE_RANGES} USING (competence) "
        "WHERE level >= start AND level < least(stop, target) GROUP BY number, course, rank"
    )
    return (
        "SELECT number, list(course ORDER BY closed DESC, rank) AS courses "
        f"FROM ({closed}) GROUP BY number"
    )
