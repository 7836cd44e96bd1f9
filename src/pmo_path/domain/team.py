"""What is true of all people of a sheet together, and of groups of them."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import datetime
    from collections.abc import Collection

    from pmo_path.domain.report import BandFacts, CompetenceResult, FrameworkFacts


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
    """A competence, and how the people stand in it."""

    id: str
    """Its id in the framework."""
    name: str
    """The name shown."""
    must_have: bool
    """Whether the role has a minimum below which it is out of reach."""
    people_at_target: int
    """How many are rated at or above what the role requires."""
    people_with_gap: int
    """How many are rated below it."""
    people_missing_must_have: int
    """Below the minimum, unrated, or `n/a`; 0 where it is no must-have."""
    people_unrated: int
    """How many are not rated in it."""
    people_not_applicable: int
    """How many it does not apply to."""

    @property
    def people_rated(self) -> int:
        """How many have a level; the others are unrated, or it does not apply to them."""
        return self.people_at_target + self.people_with_gap

    @property
    def share_at_target(self) -> Fraction | None:
        """How many of those rated have it at target, in percent; none when nobody is rated."""
        if not self.people_rated:
            return None
        return Fraction(100 * self.people_at_target, self.people_rated)


class Crowd(NamedTuple):
    """People who are rated against the same role: all of them, or one group."""

    people: int
    """How many they are."""
    bands: Mapping[str, int]
    """How many reach each band of the framework at the low end of their readiness, best first."""
    bands_high: Mapping[str, int]
    """How many reach each band at the high end, with everything unrated at target."""
    without_band: int
    """How many have no band, for one of the two reasons below."""
    nothing_rated: int
    """How many have no rating at all."""
    too_much_na: int
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
    """Ids of competences that are left out of `coverage`: too few of the group are rated in them,
    or they hide another group of which that is so."""

    def most_common_gaps(self) -> list[Coverage]:
        """Competences that anybody has a gap in, most people first."""
        gaps = [one for one in self.coverage if one.people_with_gap]
        return sorted(gaps, key=lambda one: -one.people_with_gap)

    def most_missing_must_haves(self) -> list[Coverage]:
        """Must-haves that anybody misses, most people first."""
        missing = [one for one in self.coverage if one.people_missing_must_have]
        return sorted(missing, key=lambda one: -one.people_missing_must_have)

    def held_by(self, count: int) -> list[Coverage]:
        """Competences that exactly `count` people of those rated in them have at target."""
        return [one for one in self.coverage if one.people_rated and one.people_at_target == count]

    def nobody_rated(self) -> list[Coverage]:
        """Competences that nobody has a level in, so that nothing is known of them."""
        return [one for one in self.coverage if not one.people_rated]


class RoleTeam(NamedTuple):
    """Everybody who is rated against one role."""

    role: str
    """Its id in the framework."""
    name: str
    """The name shown."""
    everybody: Crowd
    """All of them together."""
    groups: Mapping[str, Crowd]
    """The groups that are large enough to be shown apart, by what the column says."""
    people_in_small_groups: int
    """How many are in groups that are not shown apart."""


class Team(NamedTuple):
    """The summary of a sheet."""

    group_by: str
    """The heading of the column that makes the groups; empty for none."""
    min_group: int
    """How many people a group needs to be shown apart."""
    roles: tuple[RoleTeam, ...]
    """Each role that somebody is rated against."""


class Standing(NamedTuple):
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
    """One reason why a row of the sheet could not be scored."""

    line: int
    column: str
    """Empty when the whole row is meant."""
    value: str
    code: str
    reason: str


class TeamReport(NamedTuple):
    """All that the page of a team shows."""

    framework: FrameworkFacts
    bands: tuple[BandFacts, ...]
    date: datetime.date
    sheet: str
    """What the sheet is called."""
    read: int
    scored: int
    rejects: tuple[RejectedRow, ...]
    team: Team
    people: Mapping[str, tuple[Standing, ...]]
    """By role; nobody where there are more than `MAX_PEOPLE_SHOWN`."""
    sole_holders: Mapping[str, Mapping[str, str]]
    """By role and competence: who is the only one at target."""


MAX_PEOPLE_SHOWN = 200
"""How many people can be told apart on a page."""


def shown_groups(sizes: Mapping[str, int], least: int) -> list[str]:
    """Which groups may be shown apart, largest first.

    None of fewer than `least` people. As all people together are shown too, whatever is not shown
    could be had by subtraction; so it is never a single group nor fewer than `least` people, and
    the smallest of the others are held back until that is so.
    """
    in_order = sorted(sizes, key=lambda group: (-sizes[group], group))
    shown = [group for group in in_order if sizes[group] >= least]
    hidden = in_order[len(shown) :]
    while shown and hidden and (len(hidden) == 1 or sum(sizes[one] for one in hidden) < least):
        hidden.append(shown.pop())
    return shown


def withheld_groups(rated: Mapping[str, int], shown: Collection[str], least: int) -> set[str]:
    """Which of the groups `shown` may not be told apart in one competence.

    `rated` says of all groups, shown or not, how many people are rated in it. Of fewer than
    `least` nothing is told, and as in `shown_groups` not by subtraction either: the smallest of the
    others are held back until the groups without a result here have `least` rated or nobody.
    Where nobody is rated there is nothing to hide; such a group is held back last, when all of them
    together are too few.
    """
    told = [group for group in shown if rated[group] >= least]
    told.sort(key=lambda group: (-rated[group], group))
    unrated = {group for group in shown if not rated[group]}
    apart = sum(rated.values()) - sum(rated[group] for group in told)
    while told and 0 < apart < least:
        apart += rated[told.pop()]
    return set(shown) - set(told) - (set() if 0 < apart < least else unrated)
