"""The summary of a sheet of people as a page for a browser."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TextIO

from pmo_path.domain.levels import one_decimal, show_level, show_number
from pmo_path.domain.report import Status
from pmo_path.domain.team import COURSES_COUNTED, MAX_PEOPLE_SHOWN
from pmo_path.render.base import joined
from pmo_path.render.html.shell import write_page
from pmo_path.render.team import words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from fractions import Fraction

    from pmo_path.domain.report import CompetenceResult
    from pmo_path.domain.team import Coverage, Crowd, RoleTeam, Standing, Team, TeamReport

REJECTS_SHOWN = 100
CELL_SHOWN = 300
"""Characters of a rejected cell, and of the reason."""
EVERYBODY = "everybody"
FEW = "few"
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
    withheld: str = ""
    """Why some cells say `FEW`."""


class Covered(NamedTuple):
    """A competence, and how many have it."""

    name: str
    at_target: int
    width: str
    with_gap: int
    missing: str
    unrated: int
    not_applicable: int
    risk: str
    holder: str


class Role(NamedTuple):
    """Everything that is shown of one role."""

    name: str
    people: str
    crowd: Crowd
    in_short: str
    readiness: str
    bands: Sequence[tuple[str, int, str]]
    summary: Sequence[tuple[str, str]]
    heat: Heat | None
    no_heat: str
    """Why there is no heat map, and how to get one."""
    coverage: Sequence[Covered]
    groups: Sequence[tuple[str, ...]]
    hidden: str


def write_team_html(report: TeamReport, out: TextIO) -> None:
    """Write the page of a team."""
    roles = [_role(report, role) for role in report.team.roles]
    counted = joined(f"{one.people} against {one.name}" for one in roles)
    values = {
        "report": report,
        "framework": report.framework,
        "team": report.team,
        "title": f"Team: {counted}",
        "roles": roles,
        "courses_counted": COURSES_COUNTED,
        "rejects": [
            one._replace(value=_cut(one.value), column=_cut(one.column), reason=_cut(one.reason))
            for one in report.rejects[:REJECTS_SHOWN]
        ],
        "more_rejects": max(0, len(report.rejects) - REJECTS_SHOWN),
    }
    write_page("team.html", values, out)


def _cut(said: str) -> str:
    """A cell may hold megabytes, and a page of rejected rows must not."""
    return said if len(said) <= CELL_SHOWN else f"{said[:CELL_SHOWN]}…"


def _role(report: TeamReport, role: RoleTeam) -> Role:
    crowd = role.everybody
    labels = {band.id: band.label for band in report.bands}
    heat = _heat(report, role)
    return Role(
        name=role.name,
        people=words.people_words(crowd.people),
        crowd=crowd,
        in_short=_in_short(crowd, labels),
        readiness=words.readiness_words(crowd),
        bands=list(_bands(crowd, labels)),
        summary=words.summary_rows(crowd, labels)[3:],
        heat=heat,
        no_heat="" if heat is not None else _no_heat(report.team, crowd),
        coverage=[_covered(crowd, one, report.sole_holders[role.role]) for one in crowd.coverage],
        groups=[_group(name, group, labels) for name, group in role.groups.items()],
        hidden=words.hidden_words(report.team, role),
    )


def _in_short(crowd: Crowd, labels: Mapping[str, str]) -> str:
    """How many are where, and what is missing most, in a sentence."""
    missing = next(words.missing_words(crowd.most_missing_must_haves()), "")
    nobody = words.most(one.name for one in crowd.held_by(0))
    best = words.band_high_words(crowd, labels)
    return joined(
        (
            words.band_words(crowd, labels),
            f"best possible: {best}" if best else "",
            words.readiness_words(crowd),
            f"must-have missing most often: {missing}" if missing else "no must-have missing",
            f"at target in nobody: {nobody}" if nobody and crowd.people else "",
        ),
        "; ",
    )


def _bands(crowd: Crowd, labels: Mapping[str, str]) -> Iterator[tuple[str, int, str]]:
    for key, count in crowd.bands.items():
        yield labels[key], count, _width(count, crowd)
    for label, count in (
        ("nothing rated", crowd.nothing_rated),
        ("no band, too much n/a", crowd.too_much_na),
    ):
        if count:
            yield label, count, _width(count, crowd)


def _width(count: int, crowd: Crowd) -> str:
    return f"{100 * count / crowd.people:.2f}%" if crowd.people else "0%"


def _covered(crowd: Crowd, one: Coverage, holders: Mapping[str, str]) -> Covered:
    risk = {0: "nobody", 1: "one person"}.get(one.people_at_target, "")
    if not one.people_rated:
        risk = "nobody is rated"
    return Covered(
        name=one.name,
        at_target=one.people_at_target,
        width=_width(one.people_at_target, crowd),
        with_gap=one.people_with_gap,
        missing=str(one.people_missing_must_have) if one.must_have else "",
        unrated=one.people_unrated,
        not_applicable=one.people_not_applicable,
        risk=risk,
        holder=holders.get(one.id, ""),
    )


def _group(name: str, group: Crowd, labels: Mapping[str, str]) -> tuple[str, ...]:
    return (
        name,
        f"{group.people:,}",
        words.median_words(group),
        "" if group.readiness_low_median is None else str(group.readiness_low_median),
        words.band_words(group, labels),
        words.most(words.gap_words(group.most_common_gaps()[:3])),
    )


# --- Heat maps ------------------------------------------------------------------------------------


def _heat(report: TeamReport, role: RoleTeam) -> Heat | None:
    people = report.people.get(role.role, ())
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
    if not role.groups:
        return None
    return Heat(
        title="Groups by competence",
        kind="Group",
        figure="People",
        columns=[one.name for one in role.everybody.coverage],
        required=(),
        rows=[
            _shares(name, crowd, role.everybody)
            for name, crowd in ((EVERYBODY, role.everybody), *role.groups.items())
        ],
        of_people=False,
        withheld=words.withheld_words(report.team, role),
    )


def _no_heat(team: Team, crowd: Crowd) -> str:
    if not crowd.people:
        return ""
    too_many = f"More than {MAX_PEOPLE_SHOWN} people cannot be told apart on a page"
    if not team.group_by:
        return f"{too_many}; --group-by COLUMN shows groups by competence"
    return (
        f"{too_many}, and no group by {team.group_by} is large enough to be shown apart; "
        "--group-by another column, or a lower --min-group, shows groups by competence"
    )


def _person(one: Standing) -> HeatRow:
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
    told = {one.id: _share(one.share_at_target) for one in crowd.coverage}
    cells = [told.get(one.id, Cell(FEW, "")) for one in everybody.coverage]
    return HeatRow(name, f"{crowd.people:,}", str(crowd.people), cells)


def _share(share: Fraction | None) -> Cell:
    if share is None:
        return Cell(DASH, "")
    return Cell(one_decimal(share), f"q{min(4, int(share // 20))}")
