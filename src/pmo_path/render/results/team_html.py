"""The summary of a sheet of people as a page for a browser."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TextIO

from pmo_path.domain.numbers import one_decimal, show_level, show_number
from pmo_path.domain.report import Status
from pmo_path.domain.team import COURSES_COUNTED, MAX_PEOPLE_SHOWN, Coverage
from pmo_path.render.formats.html.page import write_page
from pmo_path.render.results import team as words
from pmo_path.render.words import joined

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from fractions import Fraction

    from pmo_path.domain.report import CompetenceResult
    from pmo_path.domain.team import (
        Crowd,
        Grouping,
        PersonResult,
        RoleTeam,
        Team,
        TeamReport,
    )

CELL_SHOWN = 300
"""Characters of a rejected cell, and of the reason."""
EVERYBODY = "everybody"
FEW = "\N{MIDDLE DOT}"
"""In place of a share that is withheld."""
DASH = "–"  # noqa: RUF001  a dash that is seen


class Cell(NamedTuple):
    """A cell of a heat map."""

    text: str
    kind: str
    """How it is coloured."""
    value: str = ""
    """What it is sorted by, where that is not its text."""


class HeatRow(NamedTuple):
    """A person, or a group."""

    name: str
    figure: str
    value: str
    """What the figure is sorted by."""
    cells: Sequence[Cell]


class Heat(NamedTuple):
    """People, or groups of them, by competence."""

    title: str
    kind: str
    """What the rows are."""
    figure: str
    """What stands beside each name."""
    columns: Sequence[str]
    required: Sequence[str]
    """The level that each column requires; none where rows are groups."""
    rows: Sequence[HeatRow]
    of_people: bool
    has_withheld: bool = False
    """Why some cells say `FEW`."""


class Covered(NamedTuple):
    """A competence as the table of coverage shows it; a count that is withheld is a word."""

    name: str
    at_target: str
    width: str
    """How wide its bar is; empty for none."""
    with_gap: str
    missing: str
    unrated: str
    not_applicable: str
    risk: str
    """Why it may be at risk; empty when several people hold it."""
    holder: str
    """Who alone holds it."""


class Group(NamedTuple):
    """A group as the table of groups shows it."""

    name: str
    people: int
    readiness: str
    value: str
    """What readiness is sorted by."""
    bands: str
    gaps: str
    withheld: str


class Groups(NamedTuple):
    """The groups of one column."""

    group_by: str
    rows: Sequence[Group]
    hidden: str


class Role(NamedTuple):
    """All that is shown of one role."""

    name: str
    people: str
    crowd: Crowd
    in_short: str
    readiness: str
    bands: Sequence[tuple[str, str, str]]
    summary: Sequence[tuple[str, str]]
    heat: Heat | None
    no_heat: str
    """Why there is no heat map, and how to get one."""
    coverage: Sequence[Covered]
    withheld: str
    """How much is withheld of everybody."""
    groupings: Sequence[Groups]


def write_team_html(report: TeamReport, out: TextIO) -> None:
    """Write the page of a team."""
    team = report.team
    roles = [_role(report, role) for role in team.roles]
    counted = joined(f"{one.people} against {one.name}" for one in roles)
    rejects = () if report.named is None else report.named.rejects
    values = {
        "report": report,
        "framework": team.framework,
        "team": team,
        "title": f"Team: {counted}" if counted else "Team",
        "roles": roles,
        "roles_withheld": words.roles_withheld_words(team),
        "notice": words.for_the_holder("page") if report.named else words.names_nobody_words(team),
        "limits": () if report.named else words.LIMITS,
        "courses_counted": COURSES_COUNTED,
        "rejects": [
            one._replace(value=_cut(one.value), column=_cut(one.column), reason=_cut(one.reason))
            for one in rejects
        ],
        "more_rejects": report.named.more_rejects if report.named else 0,
    }
    write_page("team.html", values, out)


def _cut(said: str) -> str:
    """A cell may hold megabytes, and a page of rejected rows must not."""
    return said if len(said) <= CELL_SHOWN else f"{said[:CELL_SHOWN]}…"


def _role(report: TeamReport, role: RoleTeam) -> Role:
    crowd = role.everybody
    labels = {band.id: band.label for band in report.bands}
    heat = _heat(report, role)
    holders = report.named.sole_holders.get(role.role, {}) if report.named else {}
    return Role(
        name=role.name,
        people=words.people_words(crowd.people),
        crowd=crowd,
        in_short=_in_short(crowd, labels),
        readiness=words.readiness_words(crowd),
        bands=list(_bands(crowd, labels)),
        summary=words.summary_rows(crowd, labels, holders)[3:],
        heat=heat,
        no_heat="" if heat is not None else _no_heat(report, crowd),
        coverage=[_covered(crowd, one, holders) for one in _whole(report, crowd)],
        withheld=words.withheld_words(report.team, crowd),
        groupings=[_groups(report.team, one, labels) for one in report.team.groupings(role)],
    )


def _whole(report: TeamReport, crowd: Crowd) -> list[Coverage]:
    """Each competence in the framework's order, also where all of its counts are withheld."""
    rows = {one.id: one for one in crowd.coverage}
    for key in crowd.coverage_withheld:
        name = report.competences[key]
        rows[key] = Coverage(key, name, True, None, None, None, None, None)  # noqa: FBT003  unknown
    return sorted(rows.values(), key=lambda one: list(report.competences).index(one.id))


def _in_short(crowd: Crowd, labels: Mapping[str, str]) -> str:
    """How many are where, and what is missing most, in a sentence."""
    missing = next(words.missing_words(crowd.most_missing_must_haves()), "")
    none_missing = all(one.people_missing_must_have == 0 for one in crowd.coverage)
    nobody = words.most(one.name for one in crowd.held_by(0))
    best = words.band_high_words(crowd, labels)
    return joined(
        (
            words.band_words(crowd, labels),
            f"best possible: {best}" if best else "",
            words.readiness_words(crowd),
            f"must-have missing most often: {missing}" if missing else "",
            "no must-have missing" if none_missing and not crowd.coverage_withheld else "",
            f"nobody is at target in: {nobody}" if nobody and crowd.people else "",
        ),
        "; ",
    )


def _bands(crowd: Crowd, labels: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    for key, count in crowd.bands.items():
        yield labels[key], _count(count), _width(count, crowd)
    for label, count in (
        ("nothing rated", crowd.nothing_rated),
        ("no band, too much n/a", crowd.too_much_na),
    ):
        if count != 0:
            yield label, _count(count), _width(count, crowd)


def _count(count: int | None) -> str:
    return words.WITHHELD if count is None else f"{count:,}"


def _width(count: int | None, crowd: Crowd) -> str:
    if count is None:
        return ""
    return f"{100 * count / crowd.people:.2f}%" if crowd.people else "0%"


def _covered(crowd: Crowd, one: Coverage, holders: Mapping[str, str]) -> Covered:
    match one.people_at_target:
        case 0:
            risk = "nobody is rated" if one.people_rated == 0 else "nobody"
        case 1:
            risk = "one person"
        case _:
            risk = ""
    return Covered(
        name=one.name,
        at_target=_count(one.people_at_target),
        width=_width(one.people_at_target, crowd),
        with_gap=_count(one.people_with_gap),
        missing=_count(one.people_missing_must_have) if one.must_have else "",
        unrated=_count(one.people_unrated),
        not_applicable=_count(one.people_not_applicable),
        risk=risk,
        holder=holders.get(one.id, ""),
    )


def _groups(team: Team, grouping: Grouping, labels: Mapping[str, str]) -> Groups:
    rows = [_group(name, group, labels) for name, group in grouping.groups.items()]
    return Groups(grouping.group_by, rows, words.hidden_words(team, grouping))


def _group(name: str, group: Crowd, labels: Mapping[str, str]) -> Group:
    return Group(
        name=name,
        people=group.people,
        readiness=words.median_words(group) or words.WITHHELD,
        value="" if group.readiness_low_median is None else str(group.readiness_low_median),
        bands=words.band_words(group, labels),
        gaps=words.most(words.gap_words(group.most_common_gaps()[:3])),
        withheld=words.withheld_counts(group),
    )


# --- Heat maps ------------------------------------------------------------------------------------


def _heat(report: TeamReport, role: RoleTeam) -> Heat | None:
    people = report.named.people.get(role.role, ()) if report.named else ()
    if people:
        return Heat(
            title="People by competence",
            kind="Person",
            figure="Readiness",
            columns=[one.name for one in people[0].results],
            required=[show_number(one.required) for one in people[0].results],
            rows=[_person(one) for one in people],
            of_people=True,
        )
    groupings = report.team.groupings(role)
    rows = [
        # With several columns, groups of different ones may be called the same.
        (f"{one.group_by}: {name}" if len(groupings) > 1 else name, crowd)
        for one in groupings
        for name, crowd in one.groups.items()
    ]
    if not rows:
        return None
    return Heat(
        title="Groups by competence",
        kind="Group",
        figure="People",
        columns=[one.name for one in role.everybody.coverage],
        required=(),
        rows=[
            _shares(name, crowd, role.everybody)
            for name, crowd in ((EVERYBODY, role.everybody), *rows)
        ],
        of_people=False,
        has_withheld=report.named is None,
    )


def _no_heat(report: TeamReport, crowd: Crowd) -> str:
    if not crowd.people:
        return ""
    columns = joined([one for one in (report.team.group_by, *report.team.further_group_by) if one])
    if not columns:
        why = (
            f"More than {MAX_PEOPLE_SHOWN} people do not fit on a page"
            if report.named
            else "Nobody is shown apart"
        )
        return f"{why}; --group-by COLUMN shows groups by competence"
    return (
        f"No group by {columns} is large enough to be shown; --group-by another column, or a "
        "lower --min-group, shows groups by competence"
    )


def _person(one: PersonResult) -> HeatRow:
    figure = words.percent_range(one.readiness_low, one.readiness_high)
    value = "" if one.readiness_low is None else str(one.readiness_low)
    return HeatRow(one.person, figure, value, [_cell(result) for result in one.results])


def _cell(result: CompetenceResult) -> Cell:
    if result.rating is None:
        missing = "must-missing" if result.must_have_missing else ""
        return Cell("?" if result.status is Status.UNRATED else DASH, missing)
    kind = "met" if result.at_target else "far" if result.short_by_half else "short-of"
    return Cell(
        show_level(result.rating), f"{kind} must-missing" if result.must_have_missing else kind
    )


def _shares(name: str, crowd: Crowd, everybody: Crowd) -> HeatRow:
    told = {
        one.id: _share(one.share_at_target)
        for one in crowd.coverage
        if one.people_rated is not None
    }
    cells = [told.get(one.id, Cell(FEW, "")) for one in everybody.coverage]
    return HeatRow(name, f"{crowd.people:,}", str(crowd.people), cells)


def _share(share: Fraction | None) -> Cell:
    if share is None:
        return Cell(DASH, "")
    return Cell(one_decimal(share), f"q{min(4, int(share // 20))}")
