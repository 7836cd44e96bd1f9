"""The heat map of a team: people by competence, or groups of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_path.domain.numbers import one_decimal, show_level, show_number
from pmo_path.domain.scoring import Status
from pmo_path.domain.team import MAX_PEOPLE_SHOWN
from pmo_path.render.document import (
    Heat,
    HeatCell,
    HeatMap,
    HeatRow,
    Table,
    columns,
    ungrouped,
)
from pmo_path.render.results.team_words import percent_range
from pmo_path.render.words import joined

if TYPE_CHECKING:
    from collections.abc import Sequence
    from fractions import Fraction

    from pmo_path.domain.scoring import CompetenceResult
    from pmo_path.domain.team import Crowd, PersonResult, RoleTeam, TeamReport

EVERYBODY = "everybody"
WITHHELD_CELL = "\N{MIDDLE DOT}"
NOBODY_RATED = "?"
"""The symbol of unrated, as everywhere."""
SHARES = (Heat.SHARE_0, Heat.SHARE_20, Heat.SHARE_40, Heat.SHARE_60, Heat.SHARE_80)
PEOPLE_LEGEND = (
    (HeatCell("4", Heat.MET), "at target"),
    (HeatCell("3", Heat.SHORT), "short"),
    (HeatCell("1", Heat.FAR), "short by half or more"),
    (HeatCell("1", Heat.FAR, is_framed=True), "framed: a must-have is missing"),
    (HeatCell("?"), "unrated"),
    (HeatCell("n/a"), "n/a"),
)
SHARES_LEGEND = tuple(
    (HeatCell(str(number * 20), heat), "and more" if number == len(SHARES) - 1 else "")
    for number, heat in enumerate(SHARES)
)


def heat_map(report: TeamReport, role: RoleTeam) -> HeatMap | None:
    """Return people by competence, else groups by competence; None where neither can be shown."""
    people = report.named.people.get(role.id, ()) if report.named else ()
    heat = _of_people(role, people) if people else _of_groups(report, role)
    return None if heat is None else heat._replace(alternative=(_table(heat),))


def _table(heat: HeatMap) -> Table:
    """Return the same as a table, for a format without colour."""
    required = [("Required", "", *heat.required)] if heat.required else []
    rows = ((row.name, row.figure, *(cell.text for cell in row.cells)) for row in heat.rows)
    return Table(
        columns((heat.kind, heat.figure, *heat.columns), (heat.figure, *heat.columns)),
        ungrouped((*required, *rows)),
    )


def no_heat_words(report: TeamReport) -> str:
    """Return why there is no heat map, and how to get one."""
    team = report.team
    headings = joined(filter(None, (team.group_by, *team.further_group_by)))
    if not headings:
        why = f"More than {MAX_PEOPLE_SHOWN} people do not fit on a page. " if report.named else ""
        return f"{why}Use --group-by COLUMN to see groups by competence."
    return (
        f"No group by {headings} is large enough to show. Group by another column, or lower "
        "--min-group, to see groups by competence."
    )


def _of_people(role: RoleTeam, people: Sequence[PersonResult]) -> HeatMap:
    results = people[0].results
    return HeatMap(
        title=f"People by competence: {role.name}",
        kind="Person",
        figure="Readiness",
        columns=tuple(result.name for result in results),
        required=tuple(show_number(result.required) for result in results),
        rows=tuple(map(_person, people)),
        legend_title="",
        legend=PEOPLE_LEGEND,
    )


def _person(person: PersonResult) -> HeatRow:
    return HeatRow(
        person.person,
        percent_range(person.readiness_low, person.readiness_high),
        "" if person.readiness_low is None else str(person.readiness_low),
        tuple(map(_level, person.results)),
    )


def _level(result: CompetenceResult) -> HeatCell:
    is_framed = result.must_have_missing
    if result.rating is None:
        text = "?" if result.status is Status.UNRATED else str(result.status)
        return HeatCell(text, is_framed=is_framed)
    heat = Heat.MET if result.at_target else Heat.FAR if result.short_by_half else Heat.SHORT
    return HeatCell(show_level(result.rating), heat, is_framed)


def _of_groups(report: TeamReport, role: RoleTeam) -> HeatMap | None:
    groupings = report.team.groupings(role)
    groups = [
        # With more than one column, groups of different ones may have the same name.
        (f"{grouping.group_by}: {name}" if len(groupings) > 1 else name, crowd)
        for grouping in groupings
        for name, crowd in grouping.groups.items()
    ]
    if not groups:
        return None
    everybody = role.everybody
    withheld = ((HeatCell(WITHHELD_CELL), "withheld"),) if report.named is None else ()
    return HeatMap(
        title=f"Groups by competence: {role.name}",
        kind="Group",
        figure="People",
        columns=tuple(competence.name for competence in everybody.coverage),
        required=(),
        rows=tuple(
            _shares(name, crowd, everybody) for name, crowd in ((EVERYBODY, everybody), *groups)
        ),
        legend_title="Share at target of those rated, in %",
        legend=(*SHARES_LEGEND, (HeatCell(NOBODY_RATED), "nobody is rated"), *withheld),
    )


def _shares(name: str, crowd: Crowd, everybody: Crowd) -> HeatRow:
    cells = {
        competence.id: _share(competence.share_at_target)
        for competence in crowd.coverage
        if competence.people_rated is not None
    }
    withheld = HeatCell(WITHHELD_CELL)
    return HeatRow(
        name,
        f"{crowd.people:,}",
        str(crowd.people),
        tuple(cells.get(competence.id, withheld) for competence in everybody.coverage),
    )


def _share(share: Fraction | None) -> HeatCell:
    if share is None:
        return HeatCell(NOBODY_RATED)
    return HeatCell(one_decimal(share), SHARES[min(len(SHARES) - 1, int(share // 20))])
