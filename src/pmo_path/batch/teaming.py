"""What is true of all people together, counted by the engine.

Counts can be added, so a sheet may be counted in parts.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

from pmo_path.batch.engine import text
from pmo_path.batch.query import BAND_REASONS, MASK_BITS
from pmo_path.batch.results import RESULTS, role_query
from pmo_path.batch.staged import PEOPLE
from pmo_path.domain.report import BandReason
from pmo_path.domain.team import (
    Coverage,
    Crowd,
    Demand,
    RoleTeam,
    Team,
    shown_groups,
    withheld_groups,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    import duckdb

    from pmo_path.batch.query import Rated
    from pmo_path.batch.refusing import Role
    from pmo_path.batch.staged import Staged
    from pmo_path.domain.framework import Framework

NO_GROUP = "(none)"
"""What people are under whose cell in the column of groups is empty."""
NOTHING = -1
"""In place of readiness where a person has no rating."""
NO_BAND = {reason: -1 - place for place, reason in enumerate(BAND_REASONS)}
"""In place of a band: why there is none."""


class What(StrEnum):
    """What is counted; each at a place."""

    BAND = "band"
    """Place of the band in the framework, or why there is none."""
    BAND_HIGH = "band high"
    """The same at the high end."""
    READINESS = "readiness"
    """In tenths of a percent, as the two below."""
    READINESS_LOW = "readiness low"
    READINESS_HIGH = "readiness high"
    AT_TARGET = "at target"
    """Place of the competence among those of the role, as in the three below."""
    RATED = "rated"
    NOT_APPLICABLE = "not applicable"
    MISSING = "must-have missing"
    COURSE = "course"
    """Place of the course in the framework."""


_FIGURES = {
    What.BAND: "coalesce(band, -1 - band_reason)",
    What.BAND_HIGH: "coalesce(band_high, -1 - band_reason)",
    What.READINESS: f"coalesce(readiness, {NOTHING})",
    What.READINESS_LOW: f"coalesce(readiness_low, {NOTHING})",
    What.READINESS_HIGH: f"coalesce(readiness_high, {NOTHING})",
}
"""SQL of what is counted of each person."""


class Count(NamedTuple):
    """How many people of one group something is true of."""

    role: str
    group: str
    what: str
    place: int
    people: int


def counts_of(
    connection: duckdb.DuckDBPyConnection,
    staged: Staged,
    roles: Sequence[Role],
    top: int,
    group: int | None,
) -> list[Count]:
    """The counts, by the column at the place `group`. Each person counts once a role.

    Where there are several raters, what they say together counts.
    """
    return [
        count
        for role in roles
        for count in _Counting(connection, staged, role, top, group).counts()
    ]


def team_of(
    framework: Framework, roles: Iterable[str], counts: Iterable[Count], heading: str, least: int
) -> Team:
    """The summary that counts give; the same count may come in several parts.

    `heading` is that of the column of groups, empty for none; a group needs `least` people.
    """
    added: dict[str, dict[str, Counter[tuple[str, int]]]] = defaultdict(
        lambda: defaultdict(Counter)
    )
    for count in counts:
        added[count.role][count.group][count.what, count.place] += count.people
    return Team(
        heading,
        least,
        tuple(_role_team(framework, role, added[role], bool(heading), least) for role in roles),
    )


# --- Counting -----------------------------------------------------------------------------------


class _Counting:
    """Counts for one role."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        staged: Staged,
        role: Role,
        top: int,
        group: int | None,
    ) -> None:
        self._connection, self._staged, self._role, self._top = connection, staged, role, top
        self._rated = role_query(staged, role.id).competences
        self._of_role = list(staged.framework.roles).index(role.id)
        self._by = "''"
        if group is not None:
            self._by = f"coalesce(nullif(trim(f{group}), ''), {text(NO_GROUP)})"

    def counts(self) -> Iterator[Count]:
        """All of them."""
        for what, place, group, people in (
            *self._figures(),
            *self._levels(),
            *self._missing(),
            *self._courses(),
        ):
            yield Count(self._role.id, group, what, place, people)

    def _figures(self) -> Iterator[tuple[What, int, str, int]]:
        for what, figure in _FIGURES.items():
            query = (
                f"SELECT {figure}, {self._by}, count(*) FROM {RESULTS} {self._in_results()} "
                "GROUP BY 1, 2"
            )
            for place, group, people in self._all(query):
                yield what, place, group, people

    def _levels(self) -> Iterator[tuple[What, int, str, int]]:
        places = [place for place, rated in enumerate(self._rated) if rated.column]
        chosen = [one for place in places for one in self._counted(self._rated[place])]
        where = self._role.condition
        if self._staged.is_combined:
            where = f"{where} AND" if where else "WHERE"
            where += " raters IS NOT NULL"
        query = f"SELECT {', '.join([self._by, *chosen])} FROM {PEOPLE} {where} GROUP BY 1"
        whats = (What.AT_TARGET, What.RATED, What.NOT_APPLICABLE)
        each = [(what, place) for place in places for what in whats]
        for group, *counts in self._all(query):
            for (what, place), people in zip(each, counts, strict=True):
                yield what, place, group, people

    def _counted(self, rated: Rated) -> tuple[str, str, str]:
        target = self._staged.units.of_level(rated.requirement.level)
        bit = rated.not_applicable
        return (
            f"count({rated.column}) FILTER ({rated.column} >= {target})",
            f"count({rated.column})",
            "0" if bit is None else f"count(*) FILTER ({bit.column} >> {bit.place} & 1 = 1)",
        )

    def _missing(self) -> Iterator[tuple[What, int, str, int]]:
        places = _must_haves(self._rated)
        chosen = [
            f"count(*) FILTER ((missing_{place // MASK_BITS} >> {place % MASK_BITS} & 1) = 1)"
            for place in places
        ]
        query = f"SELECT {', '.join([self._by, *chosen])} FROM {RESULTS} {self._in_results()}"
        for group, *counts in self._all(f"{query} GROUP BY 1"):
            for place, people in zip(places, counts, strict=True):
                yield What.MISSING, place, group, people

    def _courses(self) -> Iterator[tuple[What, int, str, int]]:
        # One query for each of few people's would cost more than all of them together.
        courses = [f"course_{number}" for number in range(1, self._top + 1)]
        counted = " UNION ALL ".join(
            f"SELECT {self._by}, {course}, count(*) FROM {RESULTS} {self._in_results()} "
            f"AND {course} IS NOT NULL GROUP BY 1, 2"
            for course in courses
        )
        for group, course, people in self._all(counted) if courses else ():
            yield What.COURSE, course, group, people

    def _in_results(self) -> str:
        together = " AND raters IS NOT NULL" if self._staged.is_combined else ""
        return f"WHERE role = {self._of_role}{together}"

    def _all(self, query: str) -> list[tuple[Any, ...]]:
        return self._connection.execute(query).fetchall()


def _must_haves(rated: Sequence[Rated]) -> list[int]:
    return [place for place, one in enumerate(rated) if one.requirement.must_have is not None]


# --- What the counts say ------------------------------------------------------------------------


def _role_team(
    framework: Framework,
    role: str,
    groups: dict[str, Counter[tuple[str, int]]],
    is_grouped: bool,  # noqa: FBT001  whether there is a column of groups
    least: int,
) -> RoleTeam:
    everybody = _crowd(framework, role, sum(groups.values(), Counter()))
    sizes = {group: _people(counts) for group, counts in groups.items()} if is_grouped else {}
    # What is shown of a group is told of those who are rated in it.
    rated = {group: size - groups[group][What.READINESS, NOTHING] for group, size in sizes.items()}
    shown = shown_groups({group: rated[group] or size for group, size in sizes.items()}, least)
    withheld = _withheld(framework, role, groups, shown, least)
    apart = {group: _crowd(framework, role, groups[group], withheld[group]) for group in shown}
    hidden = sum(people for group, people in sizes.items() if group not in apart)
    return RoleTeam(role, framework.roles[role].name, everybody, apart, hidden)


def _people(counts: Counter[tuple[str, int]]) -> int:
    return sum(people for (what, _), people in counts.items() if what == What.BAND)


def _withheld(
    framework: Framework,
    role: str,
    groups: dict[str, Counter[tuple[str, int]]],
    shown: Collection[str],
    least: int,
) -> dict[str, list[str]]:
    """The competences that may not be told of each group that is shown."""
    withheld: dict[str, list[str]] = {group: [] for group in shown}
    for place, competence in enumerate(framework.scored(role)):
        rated = {group: counts[What.RATED, place] for group, counts in groups.items()}
        for group in withheld_groups(rated, shown, least):
            withheld[group].append(competence)
    return withheld


def _crowd(
    framework: Framework,
    role: str,
    counts: Counter[tuple[str, int]],
    withheld: Collection[str] = (),
) -> Crowd:
    bands = list(framework.readiness)
    nothing_rated = counts[What.BAND, NO_BAND[BandReason.NOTHING_RATED]]
    too_much_na = counts[What.BAND, NO_BAND[BandReason.TOO_MUCH_NA]]
    return Crowd(
        people=_people(counts),
        bands={band: counts[What.BAND, place] for place, band in enumerate(bands)},
        bands_high={band: counts[What.BAND_HIGH, place] for place, band in enumerate(bands)},
        without_band=nothing_rated + too_much_na,
        nothing_rated=nothing_rated,
        too_much_na=too_much_na,
        readiness_median=_median(counts, What.READINESS),
        readiness_low_median=_median(counts, What.READINESS_LOW),
        readiness_high_median=_median(counts, What.READINESS_HIGH),
        coverage=tuple(
            one for one in _coverage(framework, role, counts) if one.id not in withheld
        ),
        training=tuple(_demand(framework, counts)),
        coverage_withheld=tuple(withheld),
    )


def _median(counts: Counter[tuple[str, int]], figure: What) -> Decimal | None:
    """In percent; the middle of an even number of people is rounded half up, to whole tenths."""
    tenths = sorted(
        (place, people)
        for (what, place), people in counts.items()
        if what == figure and place != NOTHING and people
    )
    rated = sum(people for _, people in tenths)
    if not rated:
        return None
    low, high = _at(tenths, (rated - 1) // 2), _at(tenths, rated // 2)
    return Decimal((low + high + 1) // 2) / 10


def _at(values: Sequence[tuple[int, int]], position: int) -> int:
    """The value at a position among values that come so and so often."""
    for value, times in values:
        position -= times
        if position < 0:
            return value
    raise IndexError(position)


def _coverage(
    framework: Framework, role: str, counts: Counter[tuple[str, int]]
) -> Iterator[Coverage]:
    people = _people(counts)
    for place, (competence, requirement) in enumerate(framework.scored(role).items()):
        at_target, rated = counts[What.AT_TARGET, place], counts[What.RATED, place]
        not_applicable = counts[What.NOT_APPLICABLE, place]
        yield Coverage(
            id=competence,
            name=framework.competences[competence].name,
            must_have=requirement.must_have is not None,
            people_at_target=at_target,
            people_with_gap=rated - at_target,
            people_missing_must_have=counts[What.MISSING, place],
            people_unrated=people - rated - not_applicable,
            people_not_applicable=not_applicable,
        )


def _demand(framework: Framework, counts: Counter[tuple[str, int]]) -> Iterator[Demand]:
    courses = list(framework.training.items())
    wanted = [
        (people, place)
        for (what, place), people in counts.items()
        if what == What.COURSE and people
    ]
    for people, place in sorted(wanted, key=lambda one: (-one[0], one[1])):
        key, course = courses[place]
        days = None if course.days is None else people * course.days
        yield Demand(key, course.title, people, days)
