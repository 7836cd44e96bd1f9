"""What is true of all people of a sheet together, and of groups of them."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from pmo_path.domain.report import FrameworkFacts

if TYPE_CHECKING:
    from pmo_path.domain.codes import Code
    from pmo_path.domain.report import BandFacts, CompetenceResult


MAX_REJECTS_SHOWN = 100
"""Reasons for rejected rows that a report of a team names."""
MIN_GROUP = 5
"""The fewest people that a figure for others may be about, unless an option sets it."""
COURSES_COUNTED = 5
"""Among how many courses of a person, the best first, each counts as demand."""


class Rows(NamedTuple):
    """How many rows a sheet has, and what became of them."""

    read: int
    """How many there are."""
    scored: int
    """How many count."""
    rejected: int
    """How many could not be scored: the others."""


def rows_of(read: int, scored: int) -> Rows:
    """How many rows were read, scored and therefore rejected."""
    return Rows(read, scored, read - scored)


class Demand(NamedTuple):
    """A course, and for how many people it is among the first five."""

    id: str
    """Its id in the framework."""
    name: str
    """The title shown."""
    people: int
    """For how many it is among the first five courses, however many are listed."""
    days: Decimal | None
    """For all of them together; None where the framework does not know how long it takes."""


class Coverage(NamedTuple):
    """A competence, and how the people stand in it; None for a count that is withheld."""

    id: str
    """Its id in the framework."""
    name: str
    """The name shown."""
    must_have: bool
    """Whether the role has a minimum below which it is out of reach."""
    people_at_target: int | None
    """How many are rated at or above what the role requires."""
    people_with_gap: int | None
    """How many are rated below it."""
    people_missing_must_have: int | None
    """Below the minimum, unrated, or `n/a`; 0 where it is no must-have."""
    people_unrated: int | None
    """How many are not rated in it."""
    people_not_applicable: int | None
    """How many it does not apply to."""

    @property
    def people_rated(self) -> int | None:
        """How many have a level; the others are unrated, or it does not apply to them."""
        if self.people_at_target is None or self.people_with_gap is None:
            return None
        return self.people_at_target + self.people_with_gap

    @property
    def share_at_target(self) -> Fraction | None:
        """How many of those rated have it at target, in percent; none when nobody is rated."""
        if not self.people_rated or self.people_at_target is None:
            return None
        return Fraction(100 * self.people_at_target, self.people_rated)


class Crowd(NamedTuple):
    """People who are rated against the same role: all of them, or one group.

    None stands for a figure that is withheld, because it is about few people, or others could be
    computed from it.
    """

    people: int
    """How many they are."""
    bands: Mapping[str, int | None]
    """How many reach each band of the framework at the low end of their readiness, best first."""
    bands_high: Mapping[str, int | None]
    """How many reach each band at the high end, with everything unrated at target."""
    without_band: int | None
    """How many have no band, for one of the two reasons below."""
    nothing_rated: int | None
    """How many have no rating at all."""
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
        """Competences that anybody has a gap in, most people first."""
        gaps = [coverage for coverage in self.coverage if coverage.people_with_gap]
        return sorted(gaps, key=lambda coverage: -(coverage.people_with_gap or 0))

    def most_missing_must_haves(self) -> list[Coverage]:
        """Must-haves that anybody misses, most people first."""
        missing = [coverage for coverage in self.coverage if coverage.people_missing_must_have]
        return sorted(missing, key=lambda coverage: -(coverage.people_missing_must_have or 0))

    def held_by(self, count: int) -> list[Coverage]:
        """Competences that exactly `count` people of those rated in them have at target."""
        return [
            coverage
            for coverage in self.coverage
            if coverage.people_rated != 0 and coverage.people_at_target == count
        ]

    def nobody_rated(self) -> list[Coverage]:
        """Competences that nobody has a level in, so that nothing is known of them."""
        return [coverage for coverage in self.coverage if coverage.people_rated == 0]


class Grouping(NamedTuple):
    """The people of a role by what one column says."""

    group_by: str
    """The heading of the column."""
    groups: Mapping[str, Crowd]
    """The groups that are shown, by what the column says, largest first."""
    people_in_small_groups: int
    """How many people are in groups that are not shown."""
    groups_withheld: int
    """How many groups are not shown."""


class RoleTeam(NamedTuple):
    """Everybody who is rated against one role."""

    role: str
    """Its id in the framework."""
    name: str
    """The name shown."""
    everybody: Crowd
    """All of them together."""
    groups: Mapping[str, Crowd]
    """The groups of the first column that are shown, by what it says, largest first."""
    people_in_small_groups: int
    """How many people are in groups of that column that are not shown."""
    groups_withheld: int
    """How many groups of that column are not shown."""
    further_groupings: tuple[Grouping, ...]
    """The same people by each further column, side by side."""


class Team(NamedTuple):
    """The summary of a sheet."""

    date: datetime.date
    """The day of the run."""
    framework: FrameworkFacts
    """What the people are rated on."""
    group_by: str
    """The heading of the column that makes the groups; empty for none."""
    further_group_by: tuple[str, ...]
    """The headings of further columns, which make other groups of the same people."""
    min_group: int
    """No figure is about fewer people; 1 where nothing is withheld."""
    people: int | None
    """How many people are scored; None where it would tell how many are in roles not shown."""
    roles: tuple[RoleTeam, ...]
    """Each role that somebody is rated against."""
    roles_withheld: int = 0
    """How many roles are not shown, since fewer people are rated against them."""

    def groupings(self, role: RoleTeam) -> tuple[Grouping, ...]:
        """A role's people by each of the columns, the first one too."""
        if not self.group_by:
            return ()
        first = Grouping(
            self.group_by, role.groups, role.people_in_small_groups, role.groups_withheld
        )
        return (first, *role.further_groupings)


class PersonResult(NamedTuple):
    """How one person of a sheet stands against one role."""

    person: str
    band: str
    """The id of the band that the low end of readiness reaches; empty for none."""
    band_high: str
    """The id of the band that the high end reaches; empty for none."""
    readiness_low: Decimal | None
    """The low end in percent to one decimal; none when nothing is rated."""
    readiness_high: Decimal | None
    """The high end likewise."""
    at_target: int
    applicable: int
    must_haves_missing: int
    results: tuple[CompetenceResult, ...]
    """In the framework's order, as for everybody else of the role."""


class RejectedRow(NamedTuple):
    """One reason why a row of the sheet cannot be scored."""

    line: int
    """The line at which the row begins, counted from 1; the row's number in a workbook."""
    column: str
    """The heading of the column; empty when the whole row is meant."""
    value: str
    """The cell's text."""
    code: Code
    reason: str


class NamedPeople(NamedTuple):
    """What the page of a team shows of single people."""

    sheet: str
    """What the sheet is called."""
    rejects: tuple[RejectedRow, ...]
    """No more of them than `MAX_REJECTS_SHOWN`."""
    more_rejects: int
    """How many others there are."""
    people: Mapping[str, tuple[PersonResult, ...]]
    """By role; nobody where there are more than `MAX_PEOPLE_SHOWN`."""
    sole_holders: Mapping[str, Mapping[str, str]]
    """By role and competence: who is the only one at target."""


class TeamReport(NamedTuple):
    """All that the page of a team shows."""

    bands: tuple[BandFacts, ...]
    competences: Mapping[str, str]
    """Their names by id, in the framework's order."""
    read: int
    scored: int
    team: Team
    named: NamedPeople | None = None
    """None where nobody is named; then figures about few people are withheld."""


MAX_PEOPLE_SHOWN = 200
"""How many people can be told apart on a page."""
MAX_GROUPS_SHOWN = 200
"""How many groups of a column can be shown on a page and a terminal, the largest ones."""
