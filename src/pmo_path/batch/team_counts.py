"""Count people by role and group with the engine, and add up the counts of the parts of a sheet."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from enum import StrEnum
from fractions import Fraction
from itertools import product
from typing import TYPE_CHECKING, Any, NamedTuple

from pmo_path.batch.engine import text
from pmo_path.batch.integers import MASK_BITS
from pmo_path.batch.job import Job, group_indexes
from pmo_path.batch.people_table import PEOPLE, PeopleTable
from pmo_path.batch.requirements import rare_roles, ratings_sql, role_batches
from pmo_path.batch.results import RESULTS, role_query, today
from pmo_path.batch.scoring_sql import BAND_REASONS, RatedRequirement
from pmo_path.domain.team import COURSES_COUNTED

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pmo_path.batch.rejections import ScoredRole
    from pmo_path.domain.bands import BandReason
    from pmo_path.domain.disclosure import Cell
    from pmo_path.domain.framework import Framework
    from pmo_path.readers.table.sheet import Sheet

NO_GROUP = "(none)"
"""The group of people with an empty cell in the group column."""
NOT_RATED = -1
"""The value of readiness of people without ratings."""
NO_BAND = {reason: -1 - index for index, reason in enumerate(BAND_REASONS)}
"""The value instead of a band, by the reason for having none."""


class Figure(StrEnum):
    """A figure that people are counted by; each count is for one value of it."""

    BAND = "band"
    """The index of the band at the low end, times the number of bands, plus the index at the high
    end; or a value of `NO_BAND`."""
    READINESS = "readiness"
    """In tenths of a percent, rounded, like the next two."""
    READINESS_LOW = "readiness low"
    READINESS_HIGH = "readiness high"
    EXACT_READINESS = "exact readiness"
    """An exact fraction of `of`. Only the least and the greatest of those that round to the same
    tenth are kept, once for each part of the sheet in which they occur."""
    EXACT_LOW = "exact readiness low"
    EXACT_HIGH = "exact readiness high"
    AT_TARGET = "at target"
    """The index among the role's competences, as in the next three."""
    RATED = "rated"
    NOT_APPLICABLE = "not applicable"
    MISSING = "must-have missing"
    COURSE = "course"
    """The index of the course in the framework."""


_OF_LEVELS = (Figure.AT_TARGET, Figure.RATED, Figure.NOT_APPLICABLE, Figure.MISSING)
"""The figures about each competence of a role."""
_FIGURES = {
    Figure.READINESS: f"coalesce(readiness, {NOT_RATED})",
    Figure.READINESS_LOW: f"coalesce(readiness_low, {NOT_RATED})",
    Figure.READINESS_HIGH: f"coalesce(readiness_high, {NOT_RATED})",
}
"""SQL for the value of each figure."""
_WHOLE = "reachable + unrated_reachable"
_EXACT = {
    Figure.EXACT_READINESS: ("readiness", "reached", "reachable"),
    Figure.EXACT_LOW: ("readiness_low", "reached", _WHOLE),
    Figure.EXACT_HIGH: ("readiness_high", "reached + unrated_reachable", _WHOLE),
}
"""For each exact figure: the column with the rounded one, and SQL for part and whole."""
EXACT_IN_DOUBLE = 2**53
"""Below this, quotients of floats have the order of exact ones, and equal ones stay equal."""


class Count(NamedTuple):
    """The number of people in a group with a value of a figure."""

    role: str
    group: str
    """A JSON list with the group in each column."""
    figure: str
    value: int
    people: int
    of: int = 1

    @property
    def key(self) -> tuple[str, int | Fraction]:
        """Figure and value, by which counts are added."""
        return self.figure, self.value if self.of == 1 else Fraction(self.value, self.of)


def counts_of(staged: PeopleTable, roles: Sequence[ScoredRole], job: Job) -> list[Count]:
    """Count people by role and by the columns that the job groups by, once a role.

    With several raters, combined ratings count. Of the courses in the results, at most
    `COURSES_COUNTED` are counted for each person.
    """
    groups = group_indexes(staged.sheet, job.group_by)
    return list(_FigureCounts(staged, roles, job.detail.courses, groups).counts())


# --- Counting -----------------------------------------------------------------------------------


class _FigureCounts:
    def __init__(
        self, staged: PeopleTable, roles: Sequence[ScoredRole], courses: int, groups: Sequence[int]
    ) -> None:
        self._counted_courses = min(courses, COURSES_COUNTED)
        self._staged, self._roles = staged, roles
        self._ids = list(staged.framework.roles)
        named = [f"coalesce(nullif(trim(f{group}), ''), {text(NO_GROUP)})" for group in groups]
        self._by = f"to_json([{', '.join(named)}])::VARCHAR" if named else text("[]")
        self._together = "WHERE raters IS NOT NULL" if staged.is_combined else ""

    def counts(self) -> Iterator[Count]:
        few = rare_roles(self._roles)
        ids = {role.id for role in few}
        yield from self._figures()
        yield from self._exact()
        yield from self._courses()
        for role in self._roles:
            if role.id not in ids:
                yield from self._levels(role)
        for roles in role_batches(self._staged, few):
            yield from self._of_rare_roles([self._ids.index(role.id) for role in roles])

    # --- From results ----------------------------------------------------------------------------

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
        """The least and the greatest exact figures that round to the same tenth."""
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

    # --- From ratings ----------------------------------------------------------------------------

    def _levels(self, role: ScoredRole) -> Iterator[Count]:
        competences = role_query(self._staged, role.id).competences
        # The engine's time grows with the square of what one query counts.
        for start in range(0, len(competences), MASK_BITS):
            counted = competences[start : start + MASK_BITS]
            chosen = [count for competence in counted for count in _counted(competence)]
            query = (
                f"SELECT {', '.join([self._by, *chosen])} "
                f"FROM (FROM {PEOPLE} {role.condition}) {self._together} GROUP BY 1"
            )
            each = list(product(range(start, start + len(counted)), _OF_LEVELS))
            for group, *counts in self._all(query):
                for (index, figure), people in zip(each, counts, strict=True):
                    yield Count(role.id, group, figure, index, people)

    def _of_rare_roles(self, roles: Sequence[int]) -> Iterator[Count]:
        """The counts of `_levels` for rare roles."""
        extra = [f"{self._by} AS grp"]
        if self._staged.is_combined:
            extra.append("raters")
        query = (
            "SELECT role, grp, position, count(*) FILTER (level >= target), count(level), "
            "count(*) FILTER (na), "
            "count(*) FILTER (must_have IS NOT NULL AND (level IS NULL OR level < must_have)) "
            f"FROM ({ratings_sql(self._staged, roles, extra)}) {self._together} GROUP BY 1, 2, 3"
        )
        for role, group, index, *counts in self._all(query):
            for figure, people in zip(_OF_LEVELS, counts, strict=True):
                yield Count(self._ids[role], group, figure, index, people)

    def _all(self, query: str) -> list[tuple[Any, ...]]:
        return self._staged.rows(query)


def _counted(rated: RatedRequirement) -> tuple[str, str, str, str]:
    """SQL for the figures `_OF_LEVELS`."""
    column = rated.column or "NULL::INTEGER"
    missing = "false"
    if rated.must_have is not None:
        missing = f"{column} IS NULL OR {column} < {rated.must_have}"
    return (
        f"count({column}) FILTER ({column} >= {rated.target})",
        f"count({column})",
        f"count(*) FILTER ({rated.is_not_applicable()})",
        f"count(*) FILTER ({missing})",
    )


# --- Adding up -----------------------------------------------------------------------------------

Counted = Counter["tuple[str, int | Fraction]"]


class Tally(NamedTuple):
    framework: Framework
    date: datetime.date
    headings: tuple[str, ...]
    """The headers of the group columns."""
    has_same_people: bool
    """Whether the same people are rated against every role."""
    roles: Mapping[str, Mapping[Cell, Counted]]

    def everybody(self) -> int:
        """The number of people, over all roles if each has their own."""
        sizes = [count_people(sum_counts(cells.values())) for cells in self.roles.values()]
        return max(sizes, default=0) if self.has_same_people else sum(sizes)

    def groups(self, role: str) -> list[Counter[str]]:
        sizes: list[Counter[str]] = [Counter() for _ in self.headings]
        for cell, counted in self.roles[role].items():
            for column, group in zip(sizes, cell, strict=True):
                column[group] += count_people(counted)
        return sizes


def tally_of(job: Job, sheet: Sheet, roles: Iterable[str], counts: Iterable[Count]) -> Tally:
    """Add up the counts of all parts of a sheet, for the roles with these ids."""
    added: dict[str, dict[str, Counted]] = {role: defaultdict(Counter) for role in roles}
    for count in counts:
        added[count.role][count.group][count.key] += count.people
    groups = group_indexes(sheet, job.group_by)
    return Tally(
        framework=job.framework,
        date=job.date or today(),
        headings=tuple(sheet.columns[group].heading for group in groups),
        has_same_people=bool(job.roles),
        roles={
            role: {tuple(json.loads(group)): counted for group, counted in groups.items()}
            for role, groups in added.items()
        },
    )


def sum_counts(parts: Iterable[Counted]) -> Counted:
    sums: Counted = Counter()
    for part in parts:
        sums.update(part)
    return sums


def counts_by_group(
    cells: Mapping[Cell, Counted], column: int, groups: Iterable[str]
) -> dict[str, Counted]:
    """The counts of some groups of a column, in order."""
    parts: dict[str, list[Counted]] = {group: [] for group in groups}
    for cell, counted in cells.items():
        if cell[column] in parts:
            parts[cell[column]].append(counted)
    return {group: sum_counts(counted) for group, counted in parts.items()}


def largest_first(sizes: Mapping[str, int]) -> list[str]:
    """The groups in the order in which they are shown."""
    return sorted(sizes, key=lambda group: (-sizes[group], group))


# --- What is counted ----------------------------------------------------------------------------


def count_people(counted: Counted) -> int:
    return sum(number for (figure, _), number in counted.items() if figure == Figure.BAND)


def count_rated(counted: Counted) -> int:
    return count_people(counted) - counted[Figure.READINESS, NOT_RATED]


def count_without_band(counted: Counted, reason: BandReason) -> int:
    return counted[Figure.BAND, NO_BAND[reason]]


def count_by_bands(counted: Counted, bands: int) -> Counter[tuple[int, int]]:
    """The number of people by indexes of the bands at the low and the high end."""
    return Counter(
        {
            divmod(int(index), bands): number
            for (figure, index), number in counted.items()
            if figure == Figure.BAND and index >= 0
        }
    )
