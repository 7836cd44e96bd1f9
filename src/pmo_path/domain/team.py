"""The team summary: figures for all people in a sheet, and for groups of them."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from pmo_path.domain.recommendations import EarlierCourse
from pmo_path.domain.report import FrameworkFacts

if TYPE_CHECKING:
    from pmo_path.domain.bands import BandFacts
    from pmo_path.domain.codes import Code
    from pmo_path.domain.scoring import CompetenceResult


MAX_REJECTS_SHOWN = 100
"""The most reasons for rejected rows that a team report lists."""
MIN_GROUP = 5
"""The fewest people that a figure for others may be about, unless an option sets it."""
COURSES_COUNTED = 5
"""Best courses of each person that count as demand."""


class Rows(NamedTuple):
    """The numbers of rows read, scored and rejected."""

    read: int
    """Rows in the sheet."""
    scored: int
    """Rows scored."""
    rejected: int
    """Rows rejected: all others."""


def rows_of(read: int, scored: int) -> Rows:
    """The counts for `read` rows, those not `scored` being rejected."""
    return Rows(read, scored, read - scored)


class Demand(NamedTuple):
    """A course, and the number of people who have it among their best five."""

    id: str
    title: str
    """The title shown."""
    take_first: tuple[EarlierCourse, ...]
    """The courses to take before it, in the order in which to take them."""
    people: int
    """People who have it among their best five courses, however many are listed."""
    days_each: Decimal | None
    """Days for one of them, with the courses to take first; None if the length of any is not known."""
    days: Decimal | None
    """The same for all of them together."""


class Coverage(NamedTuple):
    """The numbers of people at target, below it and without a level in a competence; None if withheld."""

    id: str
    name: str
    is_must_have: bool
    """Whether the role has a must-have level in it."""
    people_at_target: int | None
    """People rated at or above the required level."""
    people_with_gap: int | None
    """People rated below the required level."""
    people_missing_must_have: int | None
    """Below the minimum, unrated, or `n/a`; 0 where it is no must-have."""
    people_unrated: int | None
    """People without a rating."""
    people_not_applicable: int | None
    """People with `n/a`."""

    @property
    def people_rated(self) -> int | None:
        """People with a level; all others are unrated or `n/a`."""
        if self.people_at_target is None or self.people_with_gap is None:
            return None
        return self.people_at_target + self.people_with_gap

    @property
    def share_at_target(self) -> Fraction | None:
        """The share of rated people at target, in percent; None without ratings."""
        if not self.people_rated or self.people_at_target is None:
            return None
        return Fraction(100 * self.people_at_target, self.people_rated)


class Crowd(NamedTuple):
    """Figures about people rated against the same role: all of them, or one group.

    None stands for a figure that is withheld, because it is about few people, or others could be
    computed from it.
    """

    people: int
    """The number of people."""
    people_by_band: Mapping[str, int | None]
    """The number of people in each band at the low end of their readiness, best band first."""
    people_by_band_high: Mapping[str, int | None]
    """The number of people in each band at the high end, with everything unrated at target."""
    without_band: int | None
    """The number of people without a band, for one of the two reasons below."""
    nothing_rated: int | None
    """The number of people without any rating."""
    too_much_na: int | None
    """Of how many more than a third of the role is `n/a`."""
    readiness_median: Decimal | None
    """Over the rated competences: in percent to one decimal, of those who have a rating.

    As the two below it is the median of exact figures, rounded once.
    """
    readiness_low_median: Decimal | None
    """The same of the low end of their ranges, with everything unrated at the lowest level."""
    readiness_high_median: Decimal | None
    """The same of the high end, with everything unrated at the required level."""
    coverage: tuple[Coverage, ...]
    """In the framework's order."""
    training: tuple[Demand, ...]
    """Most wanted first; a course counts for a person when it is among the first five."""
    coverage_withheld: tuple[str, ...] = ()
    """Ids of competences that are left out of `coverage`, since all of their counts are withheld."""
    courses_withheld: int = 0
    """Of how many courses that could help it is withheld how many people want them, if any."""

    def most_common_gaps(self) -> list[Coverage]:
        """Competences with gaps, those of most people first."""
        gaps = [coverage for coverage in self.coverage if coverage.people_with_gap]
        return sorted(gaps, key=lambda coverage: -(coverage.people_with_gap or 0))

    def most_missing_must_haves(self) -> list[Coverage]:
        """Missing must-haves, those of most people first."""
        missing = [coverage for coverage in self.coverage if coverage.people_missing_must_have]
        return sorted(missing, key=lambda coverage: -(coverage.people_missing_must_have or 0))

    def held_by(self, count: int) -> list[Coverage]:
        """Competences that exactly `count` rated people have at target."""
        return [
            coverage
            for coverage in self.coverage
            if coverage.people_rated != 0 and coverage.people_at_target == count
        ]

    def nobody_rated(self) -> list[Coverage]:
        """Competences that none of the people is rated in."""
        return [coverage for coverage in self.coverage if coverage.people_rated == 0]


class Grouping(NamedTuple):
    """The people of a role, grouped by one column."""

    group_by: str
    """The heading of the column."""
    groups: Mapping[str, Crowd]
    """The groups shown, by value of the column, largest first."""
    people_in_small_groups: int
    """The number of people in groups that are not shown."""
    groups_withheld: int
    """The number of groups that are not shown."""


class RoleTeam(NamedTuple):
    """All people rated against one role."""

    id: str
    name: str
    everybody: Crowd
    """All of them together."""
    groups: Mapping[str, Crowd]
    """The groups of the first column that are shown, by value, largest first."""
    people_in_small_groups: int
    """The number of people in groups of that column that are not shown."""
    groups_withheld: int
    """The number of groups of that column that are not shown."""
    further_groupings: tuple[Grouping, ...]
    """The same people by each further column, side by side."""


class Team(NamedTuple):
    """The summary of a sheet."""

    date: datetime.date
    """The day of the run."""
    framework: FrameworkFacts
    """The framework of the ratings."""
    group_by: str
    """The heading of the column to group by; empty for none."""
    further_group_by: tuple[str, ...]
    """The headings of further columns to group the same people by."""
    min_group: int
    """The fewest people that a figure may be about; 1 where nothing is withheld."""
    people: int | None
    """People scored; None where it would reveal how many are in roles not shown."""
    roles: tuple[RoleTeam, ...]
    """The roles that people are rated against."""
    roles_withheld: int = 0
    """Roles that are not shown because fewer people are rated against them."""

    def groupings(self, role: RoleTeam) -> tuple[Grouping, ...]:
        """A role's people by each column, including the first."""
        if not self.group_by:
            return ()
        first = Grouping(
            self.group_by, role.groups, role.people_in_small_groups, role.groups_withheld
        )
        return (first, *role.further_groupings)


class PersonResult(NamedTuple):
    """The result of one person against one role."""

    person: str
    band: str
    """The id of the band that the low end of readiness reaches; empty for none."""
    band_high: str
    """The id of the band that the high end reaches; empty for none."""
    readiness_low: Decimal | None
    """The low end in percent to one decimal; None if nothing is rated."""
    readiness_high: Decimal | None
    """The high end likewise."""
    at_target: int
    applicable: int
    must_haves_missing: int
    results: tuple[CompetenceResult, ...]
    """In the framework's order, as for everybody else of the role."""


class RejectedRow(NamedTuple):
    """A reason why a row cannot be scored."""

    line: int
    """The line at which the row begins, counted from 1; the row's number in a workbook."""
    column: str
    """The heading of the column; empty when the whole row is meant."""
    value: str
    """The cell's text."""
    code: Code
    reason: str
    file: str = ""
    """The file, where the rows of several are scored together."""
    sheet: str = ""
    """The sheet of a workbook, where the rows of several files are scored together."""


class NamedPeople(NamedTuple):
    """The people and rejected rows on a team page that names people."""

    sheet: str
    """The name of the sheet."""
    rejects: tuple[RejectedRow, ...]
    """At most `MAX_REJECTS_SHOWN` reasons."""
    more_rejects: int
    """The number of reasons not listed."""
    people: Mapping[str, tuple[PersonResult, ...]]
    """People by role; empty if there are more than `MAX_PEOPLE_SHOWN`."""
    sole_holders: Mapping[str, Mapping[str, str]]
    """The only person at target, by role and competence."""


class TeamReport(NamedTuple):
    """The contents of a team page."""

    bands: tuple[BandFacts, ...]
    competences: Mapping[str, str]
    """Their names by id, in the framework's order."""
    read: int
    scored: int
    team: Team
    named: NamedPeople | None = None
    """None for a page without names; figures about few people are then withheld."""


MAX_PEOPLE_SHOWN = 200
"""The most people that are listed on a page."""
MAX_GROUPS_SHOWN = 200
"""The most groups of a column that are shown, the largest first."""
