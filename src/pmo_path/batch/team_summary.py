"""The complete summary of a sheet, for people who may see the sheet."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from pmo_path.batch.team_counts import (
    NOT_RATED,
    Figure,
    count_by_bands,
    count_people,
    count_without_band,
    counts_by_group,
    largest_first,
    sum_counts,
)
from pmo_path.domain.assessment import framework_facts
from pmo_path.domain.numbers import one_decimal
from pmo_path.domain.recommendations import take_first
from pmo_path.domain.report import BandReason
from pmo_path.domain.team import (
    MAX_GROUPS_SHOWN,
    Coverage,
    Crowd,
    Demand,
    Grouping,
    RoleTeam,
    Team,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pmo_path.batch.team_counts import Counted, Tally
    from pmo_path.domain.framework import Framework


def team_of(tally: Tally) -> Team:
    """The summary with the largest groups of each column."""
    roles = [_role_team(tally, role) for role in tally.roles]
    return team(tally, 1, roles, tally.everybody())


def team(tally: Tally, least: int, roles: Sequence[RoleTeam], number: int | None) -> Team:
    """A summary of these roles for `number` people; `least` is the smallest group in it."""
    return Team(
        date=tally.date,
        framework=framework_facts(tally.framework),
        group_by=tally.headings[0] if tally.headings else "",
        further_group_by=tally.headings[1:],
        min_group=least,
        people=number,
        roles=tuple(roles),
        roles_withheld=len(tally.roles) - len(roles),
    )


def role_team(
    framework: Framework, role: str, everybody: Crowd, groupings: Sequence[Grouping]
) -> RoleTeam:
    """The summary of one role, with a grouping for each column."""
    first = groupings[0] if groupings else Grouping("", {}, 0, 0)
    return RoleTeam(
        id=role,
        name=framework.roles[role].name,
        everybody=everybody,
        groups=first.groups,
        people_in_small_groups=first.people_in_small_groups,
        groups_withheld=first.groups_withheld,
        further_groupings=tuple(groupings[1:]),
    )


def _role_team(tally: Tally, role: str) -> RoleTeam:
    framework, cells = tally.framework, tally.roles[role]
    groupings = []
    for column, sizes in enumerate(tally.groups(role)):
        in_order = largest_first(sizes)
        shown, hidden = in_order[:MAX_GROUPS_SHOWN], in_order[MAX_GROUPS_SHOWN:]
        groups = {
            group: crowd(framework, role, counted)
            for group, counted in counts_by_group(cells, column, shown).items()
        }
        people_hidden = sum(sizes[group] for group in hidden)
        groupings.append(Grouping(tally.headings[column], groups, people_hidden, len(hidden)))
    everybody = crowd(framework, role, sum_counts(cells.values()))
    return role_team(framework, role, everybody, groupings)


# --- A group of people --------------------------------------------------------------------------


def crowd(framework: Framework, role: str, counted: Counted) -> Crowd:
    """All figures about a group of people."""
    bands = list(framework.readiness)
    pairs = count_by_bands(counted, len(bands))
    nothing_rated = count_without_band(counted, BandReason.NOTHING_RATED)
    too_much_na = count_without_band(counted, BandReason.TOO_MUCH_NA)
    return Crowd(
        people=count_people(counted),
        people_by_band={
            band: sum(number for (low, _), number in pairs.items() if low == index)
            for index, band in enumerate(bands)
        },
        people_by_band_high={
            band: sum(number for (_, high), number in pairs.items() if high == index)
            for index, band in enumerate(bands)
        },
        without_band=nothing_rated + too_much_na,
        nothing_rated=nothing_rated,
        too_much_na=too_much_na,
        readiness_median=_median(counted, Figure.READINESS, Figure.EXACT_READINESS),
        readiness_low_median=_median(counted, Figure.READINESS_LOW, Figure.EXACT_LOW),
        readiness_high_median=_median(counted, Figure.READINESS_HIGH, Figure.EXACT_HIGH),
        coverage=tuple(_coverage(framework, role, counted)),
        training=tuple(_demand(framework, counted)),
    )


def _median(counts: Counted, shown: Figure, exact: Figure) -> Decimal | None:
    """The median of exact shares in percent, rounded half up to one decimal; None without any.

    Which tenth each share is rounded to decides the median, unless the two in the middle of an even
    number of people are rounded to different ones.
    """
    tenths = sorted(
        (int(index), people)
        for (figure, index), people in counts.items()
        if figure == shown and index != NOT_RATED and people
    )
    rated = sum(people for _, people in tenths)
    if not rated:
        return None
    low, high = _at(tenths, (rated - 1) // 2), _at(tenths, rated // 2)
    if low == high:
        return Decimal(low) / 10
    shares = [100 * Fraction(share) for figure, share in counts if figure == exact]
    below = max(share for share in shares if _tenths(share) == low)
    above = min(share for share in shares if _tenths(share) == high)
    return Decimal(_tenths((below + above) / 2)) / 10


def _at(values: Sequence[tuple[int, int]], position: int) -> int:
    """The value at a position in a list of values with their frequencies."""
    for value, times in values:
        position -= times
        if position < 0:
            return value
    raise IndexError(position)


def _tenths(percent: Fraction) -> int:
    return round(Decimal(one_decimal(percent)) * 10)


def _coverage(framework: Framework, role: str, counts: Counted) -> Iterator[Coverage]:
    size = count_people(counts)
    for index, (competence, requirement) in enumerate(framework.scored(role).items()):
        at_target, rated = counts[Figure.AT_TARGET, index], counts[Figure.RATED, index]
        not_applicable = counts[Figure.NOT_APPLICABLE, index]
        yield Coverage(
            id=competence,
            name=framework.shown_name(competence),
            is_must_have=requirement.must_have is not None,
            people_at_target=at_target,
            people_with_gap=rated - at_target,
            people_missing_must_have=counts[Figure.MISSING, index],
            people_unrated=size - rated - not_applicable,
            people_not_applicable=not_applicable,
        )


def _demand(framework: Framework, counts: Counted) -> Iterator[Demand]:
    courses = list(framework.training.items())
    demanded = [
        (number, int(index))
        for (figure, index), number in counts.items()
        if figure == Figure.COURSE and number
    ]
    for number, index in sorted(demanded, key=lambda item: (-item[0], item[1])):
        key, course = courses[index]
        chain = framework.course_chains[key]
        days = chain.length_in_days
        yield Demand(
            id=key,
            title=course.title,
            take_first=take_first(framework, chain),
            people=number,
            days_each=days,
            days=None if days is None else number * days,
        )
