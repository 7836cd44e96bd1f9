"""The complete summary of a sheet and its people, for people who may see the sheet."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from pmo_path.batch.integers import Bit
from pmo_path.batch.people_table import PEOPLE, PeopleTable
from pmo_path.batch.results import RESULTS, role_query
from pmo_path.batch.team_counts import (
    NOT_RATED,
    Counted,
    Figure,
    Tally,
    count_by_bands,
    count_people,
    count_without_band,
    counts_by_group,
    largest_first,
    sum_counts,
)
from pmo_path.domain.assessment import framework_facts
from pmo_path.domain.bands import BandReason
from pmo_path.domain.numbers import one_decimal
from pmo_path.domain.ratings import NOT_APPLICABLE, Rating, Ratings
from pmo_path.domain.recommendations import take_first
from pmo_path.domain.scoring import score
from pmo_path.domain.team import (
    MAX_GROUPS_SHOWN,
    MAX_PEOPLE_SHOWN,
    Coverage,
    Crowd,
    Demand,
    Grouping,
    PersonResult,
    RoleTeam,
    Team,
)
from pmo_path.readers.table.sheet import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pmo_path.batch.scoring_sql import RatedRequirement
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


# --- Person by person ----------------------------------------------------------------------------

_PERSON_FIGURES = (
    "band",
    "band_high",
    "readiness_low",
    "readiness_high",
    "at_target",
    "applicable",
    "must_haves_missing",
)


def person_results(staged: PeopleTable, role: str) -> Iterator[PersonResult]:
    """The result of each person rated against a role, in the order of the sheet.

    Figures come from the engine, and results of competences from the core. With several raters,
    combined ratings count.
    """
    rated = role_query(staged, role).competences
    figures = [f"{RESULTS}.{figure}" for figure in _PERSON_FIGURES]
    cells = [
        cell
        for requirement in rated
        for cell in (_level(requirement), _does_not_apply(requirement))
    ]
    query = (
        f"SELECT {', '.join([_person(staged), *figures, *cells])} "
        f"{_everybody(staged, role)} ORDER BY {RESULTS}.number"
    )
    for number, row in enumerate(staged.rows(query), 1):
        yield _person_result(staged, role, rated, number, row)


def everybody(staged: PeopleTable, team: Team) -> dict[str, tuple[PersonResult, ...]]:
    """The results of all people by role, for roles with few enough people to show."""
    return {
        team_role.id: tuple(person_results(staged, team_role.id))
        for team_role in team.roles
        if team_role.everybody.people <= MAX_PEOPLE_SHOWN
    }


def holders(staged: PeopleTable, team: Team) -> dict[str, dict[str, str]]:
    """The only person at target, by role and competence."""
    return {
        team_role.id: {
            held.id: _sole_holder(staged, team_role.id, held.id)
            for held in team_role.everybody.held_by(1)
        }
        for team_role in team.roles
    }


def called_like(staged: PeopleTable, names: Iterable[str]) -> list[str]:
    """The names that are also the name of a person or rater in the sheet."""
    folded = {name.strip().lower(): name for name in names}
    cells = [
        f"lower(trim(f{index}::VARCHAR))"
        for index in staged.sheet.indexes(Kind.PERSON, Kind.RATER)
    ]
    if not cells or not folded:
        return []
    query = f"SELECT DISTINCT unnest([{', '.join(cells)}]) AS cell FROM {PEOPLE}"
    listed = "list_contains($names, cell)"
    called = staged.values(f"SELECT cell FROM ({query}) WHERE {listed}", {"names": list(folded)})
    return [folded[name] for name in called]


def _sole_holder(staged: PeopleTable, role: str, competence: str) -> str:
    """The single person at target in a competence."""
    (rated,) = (item for item in role_query(staged, role).competences if item.id == competence)
    everybody = (
        f"SELECT {_person(staged)} AS person, {_level(rated)} AS level, "
        f"row_number() OVER (ORDER BY {RESULTS}.number) AS nth {_everybody(staged, role)}"
    )
    query = f"SELECT person, nth FROM ({everybody}) WHERE level >= {rated.target}"
    ((person, number),) = staged.rows(query)
    return _name_or_number(person, number)


def _name_or_number(person: str | None, number: int) -> str:
    """The person's name, or their number in the sheet, from 1."""
    return person or f"no. {number}"


def _person(staged: PeopleTable) -> str:
    index = staged.column_index(Kind.PERSON)
    return "NULL" if index is None else f"{PEOPLE}.f{index}"


def _everybody(staged: PeopleTable, role: str) -> str:
    together = f" AND {PEOPLE}.raters IS NOT NULL" if staged.is_combined else ""
    index = list(staged.framework.roles).index(role)
    return (
        f"FROM {RESULTS} JOIN {PEOPLE} ON {PEOPLE}.rowid = {RESULTS}.number "
        f"WHERE {RESULTS}.role = {index}{together}"
    )


def _level(rated: RatedRequirement) -> str:
    return f"{PEOPLE}.{rated.column}" if rated.column else "NULL"


def _does_not_apply(rated: RatedRequirement) -> str:
    bit = rated.not_applicable
    return "false" if bit is None else Bit(f"{PEOPLE}.{bit.column}", bit.position).is_set()


def _person_result(
    staged: PeopleTable,
    role: str,
    rated: Sequence[RatedRequirement],
    number: int,
    row: Sequence[Any],
) -> PersonResult:
    person, band, band_high, low, high, at_target, applicable, missing, *cells = row
    bands = list(staged.framework.readiness)
    pairs = zip(cells[::2], cells[1::2], strict=True)
    levels = {
        requirement.id: Rating.model_construct(level=_rating(staged, level, not_applicable))
        for requirement, (level, not_applicable) in zip(rated, pairs, strict=True)
    }
    return PersonResult(
        person=_name_or_number(person, number),
        band="" if band is None else bands[band],
        band_high="" if band_high is None else bands[band_high],
        readiness_low=None if low is None else Decimal(low) / 10,
        readiness_high=None if high is None else Decimal(high) / 10,
        at_target=at_target,
        applicable=applicable,
        must_haves_missing=missing,
        results=score(staged.framework, role, Ratings.model_construct(ratings=levels)),
    )


def _rating(staged: PeopleTable, level: int | None, not_applicable: bool) -> Any:  # noqa: FBT001  a cell
    if level is not None:
        return Decimal(level) / staged.units.level
    return NOT_APPLICABLE if not_applicable else None
