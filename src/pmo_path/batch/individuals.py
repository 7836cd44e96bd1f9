"""Results person by person, for the team report that names people."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pmo_path.batch.people_table import PEOPLE
from pmo_path.batch.results import RESULTS, role_query
from pmo_path.domain.ratings import NOT_APPLICABLE, Rating, Ratings
from pmo_path.domain.scoring import score
from pmo_path.domain.team import MAX_PEOPLE_SHOWN, PersonResult
from pmo_path.readers.table.sheet import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pmo_path.batch.people_table import PeopleTable
    from pmo_path.batch.scoring_sql import RatedRequirement
    from pmo_path.domain.team import Team

FIGURES = (
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
    figures = [f"{RESULTS}.{figure}" for figure in FIGURES]
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
    target = staged.units.of_level(rated.requirement.level)
    everybody = (
        f"SELECT {_person(staged)} AS person, {_level(rated)} AS level, "
        f"row_number() OVER (ORDER BY {RESULTS}.number) AS nth {_everybody(staged, role)}"
    )
    query = f"SELECT person, nth FROM ({everybody}) WHERE level >= {target}"
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
    return "false" if bit is None else f"({PEOPLE}.{bit.column} >> {bit.position} & 1) = 1"


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
