"""What is true of all people together, counted by the engine.

Counts can be added, so a sheet may be counted in parts.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

from pmo_path.batch.engine import text
from pmo_path.batch.query import BAND_REASONS, MASK_BITS
from pmo_path.batch.requirements import answers, at_once, rare
from pmo_path.batch.results import RESULTS, role_query
from pmo_path.batch.staged import PEOPLE
from pmo_path.domain.levels import one_decimal
from pmo_path.domain.report import BandReason
from pmo_path.domain.team import (
    COURSES_COUNTED,
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
    What.BAND: "coalesce(band, -1 - band_reason)",
    What.BAND_HIGH: "coalesce(band_high, -1 - band_reason)",
    What.READINESS: f"coalesce(readiness, {NOTHING})",
    What.READINESS_LOW: f"coalesce(readiness_low, {NOTHING})",
    What.READINESS_HIGH: f"coalesce(readiness_high, {NOTHING})",
}
"""SQL of what is counted of each person."""
_WHOLE = "reachable + unrated_reachable"
_EXACT = {
    What.EXACT_READINESS: ("readiness", "reached", "reachable"),
    What.EXACT_LOW: ("readiness_low", "reached", _WHOLE),
    What.EXACT_HIGH: ("readiness_high", "reached + unrated_reachable", _WHOLE),
}
"""By what is counted: the column with the rounded figure, and SQL of the part and the whole."""
EXACT_IN_DOUBLE = 2**53
"""Below this a quotient in floats keeps the order of exact ones, and equal ones stay equal."""
Counted = Counter[tuple[str, int | Fraction]]


class Count(NamedTuple):
    """How many people of one group something is true of."""

    role: str
    group: str
    what: str
    place: int
    people: int
    of: int = 1

    @property
    def key(self) -> tuple[str, int | Fraction]:
        """What is counted, to add counts by."""
        return self.what, self.place if self.of == 1 else Fraction(self.place, self.of)


def counts_of(
    connection: duckdb.DuckDBPyConnection,
    staged: Staged,
    roles: Sequence[Role],
    courses: int,
    group: int | None,
) -> list[Count]:
    """The counts, by the column at the place `group`. Each person counts once a role.

    Where there are several raters, what they say together counts. The results have so many
    `courses` of each person; more than `COURSES_COUNTED` do not count.
    """
    return list(_Counting(connection, staged, roles, courses, group).counts())


def team_of(
    framework: Framework, roles: Iterable[str], counts: Iterable[Count], heading: str, least: int
) -> Team:
    """The summary that counts give; the same count may come in several parts.

    `heading` is that of the column of groups, empty for none; a group needs `least` people.
    """
    added: dict[str, dict[str, Counted]] = defaultdict(lambda: defaultdict(Counter))
    for count in counts:
        added[count.role][count.group][count.key] += count.people
    return Team(
        heading,
        least,
        tuple(_role_team(framework, role, added[role], bool(heading), least) for role in roles),
    )


# --- Counting -----------------------------------------------------------------------------------


class _Counting:
    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        staged: Staged,
        roles: Sequence[Role],
        courses: int,
        group: int | None,
    ) -> None:
        self._counted_courses = min(courses, COURSES_COUNTED)
        self._connection, self._staged, self._roles = connection, staged, roles
        self._ids = list(staged.framework.roles)
        self._by = "''"
        if group is not None:
            self._by = f"coalesce(nullif(trim(f{group}), ''), {text(NO_GROUP)})"
        self._together = "WHERE raters IS NOT NULL" if staged.is_combined else ""

    def counts(self) -> Iterator[Count]:
        """All of them."""
        few = rare(self._roles)
        ids = {role.id for role in few}
        yield from self._figures()
        yield from self._exact()
        yield from self._courses()
        for role in self._roles:
            if role.id not in ids:
                yield from self._levels(role)
                yield from self._missing(role.id)
        for roles in at_once(self._staged, few):
            yield from self._of_few([self._ids.index(role.id) for role in roles])

    # --- What results say ------------------------------------------------------------------------

    def _figures(self) -> Iterator[Count]:
        for what, figure in _FIGURES.items():
            query = (
                f"SELECT role, {figure}, {self._by}, count(*) FROM {RESULTS} {self._together} "
                "GROUP BY 1, 2, 3"
            )
            for role, place, group, people in self._all(query):
                yield Count(self._ids[role], group, what, place, people)

    def _exact(self) -> Iterator[Count]:
        """The least and the greatest exact figures that are shown as the same one."""
        for what, (shown, part, whole) in _EXACT.items():
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
            for place, group, reached, reachable in self._all(edges):
                yield Count(self._ids[place], group, what, reached, 1, reachable)

    def _courses(self) -> Iterator[Count]:
        # One query for each of few people's would cost more than all of them together.
        counted = " UNION ALL ".join(
            f"SELECT role, {self._by}, course_{number}, count(*) FROM {RESULTS} "
            f"{self._together or 'WHERE true'} AND course_{number} IS NOT NULL GROUP BY 1, 2, 3"
            for number in range(1, self._counted_courses + 1)
        )
        for place, group, course, people in self._all(counted) if counted else ():
            yield Count(self._ids[place], group, What.COURSE, course, people)

    def _missing(self, role: str) -> Iterator[Count]:
        must_haves = _must_haves(role_query(self._staged, role).competences)
        for start in range(0, len(must_haves), MASK_BITS):
            places = must_haves[start : start + MASK_BITS]
            chosen = [
                f"count(*) FILTER ((missing_{place // MASK_BITS} >> {place % MASK_BITS} & 1) = 1)"
                for place in places
            ]
            query = (
                f"SELECT {', '.join([self._by, *chosen])} FROM {RESULTS} "
                f"{self._together or 'WHERE true'} AND role = {self._ids.index(role)} GROUP BY 1"
            )
            for group, *counts in self._all(query):
                for place, people in zip(places, counts, strict=True):
                    yield Count(role, group, What.MISSING, place, people)

    # --- What people say -------------------------------------------------------------------------

    def _levels(self, role: Role) -> Iterator[Count]:
        competences = role_query(self._staged, role.id).competences
        rated = [place for place, one in enumerate(competences) if one.column]
        whats = (What.AT_TARGET, What.RATED, What.NOT_APPLICABLE)
        # The engine's time grows with the square of what one query counts.
        for start in range(0, max(len(rated), 1), MASK_BITS):
            places = rated[start : start + MASK_BITS]
            chosen = [count for place in places for count in self._counted(competences[place])]
            query = (
                f"SELECT {', '.join([self._by, *chosen])} "
                f"FROM (FROM {PEOPLE} {role.condition}) {self._together} GROUP BY 1"
            )
            each = [(what, place) for place in places for what in whats]
            for group, *counts in self._all(query):
                for (what, place), people in zip(each, counts, strict=True):
                    yield Count(role.id, group, what, place, people)

    def _counted(self, rated: Rated) -> tuple[str, str, str]:
        target = self._staged.units.of_level(rated.requirement.level)
        bit = rated.not_applicable
        return (
            f"count({rated.column}) FILTER ({rated.column} >= {target})",
            f"count({rated.column})",
            "0" if bit is None else f"count(*) FILTER ({bit.column} >> {bit.place} & 1 = 1)",
        )

    def _of_few(self, roles: Sequence[int]) -> Iterator[Count]:
        """What `_levels` and `_missing` count, of roles that few people each aim at."""
        extra = [f"{self._by} AS grp"]
        if self._staged.is_combined:
            extra.append("raters")
        query = (
            "SELECT role, grp, place, count(*) FILTER (level >= target), count(level), "
            "count(*) FILTER (na), "
            "count(*) FILTER (least IS NOT NULL AND (level IS NULL OR level < least)) "
            f"FROM ({answers(self._staged, roles, extra)}) {self._together} GROUP BY 1, 2, 3"
        )
        whats = (What.AT_TARGET, What.RATED, What.NOT_APPLICABLE, What.MISSING)
        for role, group, place, *counts in self._all(query):
            for what, people in zip(whats, counts, strict=True):
                yield Count(self._ids[role], group, what, place, people)

    def _all(self, query: str) -> list[tuple[Any, ...]]:
        return self._connection.execute(query).fetchall()


def _must_haves(rated: Sequence[Rated]) -> list[int]:
    return [place for place, one in enumerate(rated) if one.requirement.must_have is not None]


# --- What the counts say ------------------------------------------------------------------------


def _role_team(
    framework: Framework,
    role: str,
    groups: dict[str, Counted],
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


def _people(counts: Counted) -> int:
    return sum(people for (what, _), people in counts.items() if what == What.BAND)


def _withheld(
    framework: Framework,
    role: str,
    groups: dict[str, Counted],
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
    counts: Counted,
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
        readiness_median=_median(counts, What.READINESS, What.EXACT_READINESS),
        readiness_low_median=_median(counts, What.READINESS_LOW, What.EXACT_LOW),
        readiness_high_median=_median(counts, What.READINESS_HIGH, What.EXACT_HIGH),
        coverage=tuple(
            one for one in _coverage(framework, role, counts) if one.id not in withheld
        ),
        training=tuple(_demand(framework, counts)),
        coverage_withheld=tuple(withheld),
    )


def _median(counts: Counted, shown: What, exact: What) -> Decimal | None:
    """The median of exact shares in percent, to one decimal, half up; None where there are none.

    Which tenth each share is rounded to decides the median, unless the two in the middle of an even
    number of people are rounded to different ones.
    """
    tenths = sorted(
        (int(place), people)
        for (what, place), people in counts.items()
        if what == shown and place != NOTHING and people
    )
    rated = sum(people for _, people in tenths)
    if not rated:
        return None
    low, high = _at(tenths, (rated - 1) // 2), _at(tenths, rated // 2)
    if low == high:
        return Decimal(low) / 10
    shares = [100 * Fraction(share) for what, share in counts if what == exact]
    below = max(share for share in shares if _tenths(share) == low)
    above = min(share for share in shares if _tenths(share) == high)
    return Decimal(_tenths((below + above) / 2)) / 10


def _at(values: Sequence[tuple[int, int]], position: int) -> int:
    """The value at a position among values that come so and so often."""
    for value, times in values:
        position -= times
        if position < 0:
            return value
    raise IndexError(position)


def _tenths(percent: Fraction) -> int:
    return round(Decimal(one_decimal(percent)) * 10)


def _coverage(framework: Framework, role: str, counts: Counted) -> Iterator[Coverage]:
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


def _demand(framework: Framework, counts: Counted) -> Iterator[Demand]:
    courses = list(framework.training.items())
    wanted = [
        (people, int(place))
        for (what, place), people in counts.items()
        if what == What.COURSE and people
    ]
    for people, place in sorted(wanted, key=lambda one: (-one[0], one[1])):
        key, course = courses[place]
        days = None if course.days is None else people * course.days
        yield Demand(key, course.title, people, days)
