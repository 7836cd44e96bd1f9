"""How many people something is true of, counted by the engine.

Counts can be added, so a sheet may be counted in parts.
"""

from __future__ import annotations

from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

from pmo_path.batch.engine import text
from pmo_path.batch.people_table import PEOPLE
from pmo_path.batch.requirements import rare_roles, ratings_sql, role_batches
from pmo_path.batch.results import RESULTS, role_query
from pmo_path.batch.scoring_sql import BAND_REASONS, MASK_BITS
from pmo_path.domain.team import COURSES_COUNTED

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import duckdb

    from pmo_path.batch.people_table import PeopleTable
    from pmo_path.batch.rejections import ScoredRole
    from pmo_path.batch.scoring_sql import RatedRequirement

NO_GROUP = "(none)"
"""What people are under whose cell in the column of groups is empty."""
NOT_RATED = -1
"""In place of readiness where a person has no rating."""
NO_BAND = {reason: -1 - index for index, reason in enumerate(BAND_REASONS)}
"""In place of a band: why there is none."""


class Figure(StrEnum):
    """What is counted; each at a place."""

    BAND = "band"
    """The bands at both ends, or why there is none: the place of the low end's, times the number of
    bands, plus the place of the high end's."""
    READINESS = "readiness"
    """In tenths of a percent, rounded, as the two below."""
    READINESS_LOW = "readiness low"
    READINESS_HIGH = "readiness high"
    EXACT_READINESS = "exact readiness"
    """A share: the place is what it is a part `of`. Only the least and the greatest of those that
    are rounded to the same tenth are there, each as often as it was met in a part of the sheet."""
    EXACT_LOW = "exact readiness low"
    EXACT_HIGH = "exact readiness high"
    AT_TARGET = "at target"
    """Place of the competence among those of the role, as in the three below."""
    RATED = "rated"
    NOT_APPLICABLE = "not applicable"
    MISSING = "must-have missing"
    COURSE = "course"
    """Place of the course in the framework."""


_FIGURES = {
    Figure.READINESS: f"coalesce(readiness, {NOT_RATED})",
    Figure.READINESS_LOW: f"coalesce(readiness_low, {NOT_RATED})",
    Figure.READINESS_HIGH: f"coalesce(readiness_high, {NOT_RATED})",
}
"""SQL of what is counted of each person."""
_WHOLE = "reachable + unrated_reachable"
_EXACT = {
    Figure.EXACT_READINESS: ("readiness", "reached", "reachable"),
    Figure.EXACT_LOW: ("readiness_low", "reached", _WHOLE),
    Figure.EXACT_HIGH: ("readiness_high", "reached + unrated_reachable", _WHOLE),
}
"""By what is counted: the column with the rounded figure, and SQL of the part and the whole."""
EXACT_IN_DOUBLE = 2**53
"""Below this a quotient in floats keeps the order of exact ones, and equal ones stay equal."""


class Count(NamedTuple):
    """How many people of one group something is true of."""

    role: str
    group: str
    """A JSON list: the group in each of the columns."""
    figure: str
    value: int
    people: int
    of: int = 1

    @property
    def key(self) -> tuple[str, int | Fraction]:
        """What is counted, to add counts by."""
        return self.figure, self.value if self.of == 1 else Fraction(self.value, self.of)


def counts_of(
    connection: duckdb.DuckDBPyConnection,
    staged: PeopleTable,
    roles: Sequence[ScoredRole],
    courses: int,
    groups: Sequence[int],
) -> list[Count]:
    """The counts, by the columns at the places `groups`. Each person counts once a role.

    Where there are several raters, what they say together counts. The results have so many
    `courses` of each person; more than `COURSES_COUNTED` do not count.
    """
    return list(_FigureCounts(connection, staged, roles, courses, groups).counts())


# --- Counting -----------------------------------------------------------------------------------


class _FigureCounts:
    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        staged: PeopleTable,
        roles: Sequence[ScoredRole],
        courses: int,
        groups: Sequence[int],
    ) -> None:
        self._counted_courses = min(courses, COURSES_COUNTED)
        self._connection, self._staged, self._roles = connection, staged, roles
        self._ids = list(staged.framework.roles)
        named = [f"coalesce(nullif(trim(f{group}), ''), {text(NO_GROUP)})" for group in groups]
        self._by = f"to_json([{', '.join(named)}])::VARCHAR" if named else text("[]")
        self._together = "WHERE raters IS NOT NULL" if staged.is_combined else ""

    def counts(self) -> Iterator[Count]:
        """All of them."""
        few = rare_roles(self._roles)
        ids = {role.id for role in few}
        yield from self._figures()
        yield from self._exact()
        yield from self._courses()
        for role in self._roles:
            if role.id not in ids:
                yield from self._levels(role)
                yield from self._missing(role.id)
        for roles in role_batches(self._staged, few):
            yield from self._of_few([self._ids.index(role.id) for role in roles])

    # --- What results say ------------------------------------------------------------------------

    def _figures(self) -> Iterator[Count]:
        bands = len(self._staged.framework.readiness)
        figures = {
            Figure.BAND: f"coalesce(band::INTEGER * {bands} + band_high, -1 - band_reason)",
            **_FIGURES,
        }
        for kind, figure in figures.items():
            query = (
                f"SELECT role, {figure}, {self._by}, count(*) FROM {RESULTS} {self._together} "
                "GROUP BY 1, 2, 3"
            )
            for role, index, group, people in self._all(query):
                yield Count(self._ids[role], group, kind, index, people)

    def _exact(self) -> Iterator[Count]:
        """The least and the greatest exact figures that are shown as the same one."""
        for figure, (shown, part, whole) in _EXACT.items():
            query = (
                f"SELECT DISTINCT role, {self._by} AS grp, {shown} AS shown, {part} AS part, "
                f"{whole} AS whole, ({part})::DOUBLE / ({whole}) AS about FROM {RESULTS} "
                f"{self._together or 'WHERE true'} AND {shown} IS NOT NULL"
            )
            edges = (
                f"SELECT role, grp, part, whole FROM ({query}) "
                "WINDOW same AS (PARTITION BY role, grp, shown) "
                "QUALIFY about = min(about) OVER same OR about = max(about) OVER same "
                f"OR whole >= {EXACT_IN_DOUBLE}"
            )
            for index, group, reached, reachable in self._all(edges):
                yield Count(self._ids[index], group, figure, reached, 1, reachable)

    def _courses(self) -> Iterator[Count]:
        # One query for each of few people's would cost more than all of them together.
        counted = " UNION ALL ".join(
            f"SELECT role, {self._by}, course_{number}, count(*) FROM {RESULTS} "
            f"{self._together or 'WHERE true'} AND course_{number} IS NOT NULL GROUP BY 1, 2, 3"
            for number in range(1, self._counted_courses + 1)
        )
        for index, group, course, people in self._all(counted) if counted else ():
            yield Count(self._ids[index], group, Figure.COURSE, course, people)

    def _missing(self, role: str) -> Iterator[Count]:
        must_haves = _must_haves(role_query(self._staged, role).competences)
        for start in range(0, len(must_haves), MASK_BITS):
            indexes = must_haves[start : start + MASK_BITS]
            chosen = [
                f"count(*) FILTER ((missing_{index // MASK_BITS} >> {index % MASK_BITS} & 1) = 1)"
                for index in indexes
            ]
            query = (
                f"SELECT {', '.join([self._by, *chosen])} FROM {RESULTS} "
                f"{self._together or 'WHERE true'} AND role = {self._ids.index(role)} GROUP BY 1"
            )
            for group, *counts in self._all(query):
                for index, people in zip(indexes, counts, strict=True):
                    yield Count(role, group, Figure.MISSING, index, people)

    # --- What people say -------------------------------------------------------------------------

    def _levels(self, role: ScoredRole) -> Iterator[Count]:
        competences = role_query(self._staged, role.id).competences
        rated = [index for index, competence in enumerate(competences) if competence.column]
        figures = (Figure.AT_TARGET, Figure.RATED, Figure.NOT_APPLICABLE)
        # The engine's time grows with the square of what one query counts.
        for start in range(0, max(len(rated), 1), MASK_BITS):
            indexes = rated[start : start + MASK_BITS]
            chosen = [count for index in indexes for count in self._counted(competences[index])]
            query = (
                f"SELECT {', '.join([self._by, *chosen])} "
                f"FROM (FROM {PEOPLE} {role.condition}) {self._together} GROUP BY 1"
            )
            each = [(figure, index) for index in indexes for figure in figures]
            for group, *counts in self._all(query):
                for (figure, index), people in zip(each, counts, strict=True):
                    yield Count(role.id, group, figure, index, people)

    def _counted(self, rated: RatedRequirement) -> tuple[str, str, str]:
        target = self._staged.units.of_level(rated.requirement.level)
        bit = rated.not_applicable
        return (
            f"count({rated.column}) FILTER ({rated.column} >= {target})",
            f"count({rated.column})",
            "0" if bit is None else f"count(*) FILTER ({bit.column} >> {bit.position} & 1 = 1)",
        )

    def _of_few(self, roles: Sequence[int]) -> Iterator[Count]:
        """What `_levels` and `_missing` count, of roles that few people each aim at."""
        extra = [f"{self._by} AS grp"]
        if self._staged.is_combined:
            extra.append("raters")
        query = (
            "SELECT role, grp, position, count(*) FILTER (level >= target), count(level), "
            "count(*) FILTER (na), "
            "count(*) FILTER (must_have IS NOT NULL AND (level IS NULL OR level < must_have)) "
            f"FROM ({ratings_sql(self._staged, roles, extra)}) {self._together} GROUP BY 1, 2, 3"
        )
        figures = (Figure.AT_TARGET, Figure.RATED, Figure.NOT_APPLICABLE, Figure.MISSING)
        for role, group, index, *counts in self._all(query):
            for figure, people in zip(figures, counts, strict=True):
                yield Count(self._ids[role], group, figure, index, people)

    def _all(self, query: str) -> list[tuple[Any, ...]]:
        return self._connection.execute(query).fetchall()


def _must_haves(rated: Sequence[RatedRequirement]) -> list[int]:
    return [
        index
        for index, competence in enumerate(rated)
        if competence.requirement.must_have is not None
    ]
