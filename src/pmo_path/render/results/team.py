"""The summary of a sheet of people: short for a terminal, whole as a page, and as a record."""

from __future__ import annotations

from fractions import Fraction
from itertools import chain
from typing import TYPE_CHECKING, Any

from pmo_path.domain.numbers import show_number
from pmo_path.domain.team import COURSES_COUNTED, Coverage, rows_of
from pmo_path.render.document import (
    Cell,
    Column,
    Document,
    Facts,
    Figures,
    ListBlock,
    Mood,
    Paragraph,
    Section,
    ShareBar,
    ShareBars,
    Table,
    columns,
    ungrouped,
)
from pmo_path.render.formats.json import plain, record
from pmo_path.render.formats.registry import Result
from pmo_path.render.results import team_words
from pmo_path.render.results.team_heat import heat_map, no_heat_words
from pmo_path.render.words import CONVERSATION_AID, footnotes, joined, take_first_words, version

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from decimal import Decimal

    from pmo_path.domain.team import Crowd, Grouping, NamedPeople, RoleTeam, Rows, Team, TeamReport
    from pmo_path.render.document import Block, Row

CELL_SHOWN = 300
"""Characters of a rejected cell, and of the reason."""
ON_PAGE = 3
"""The first highlights that a page shows as charts instead."""
METHOD = (
    "Readiness is the weighted share of the required levels that a person reaches; a surplus never "
    "makes up for a gap. The low end of a range puts unrated competences at the lowest level, the "
    "high end at the required level; n/a is not counted. Bands are based on the low end. A course "
    f"counts for a person when it is among the first {COURSES_COUNTED}, by how much of all the "
    "person's gaps it closes. Days include the courses to take first."
)
COVERAGE_COLUMNS = (
    Column("Competence"),
    Column("At target", is_wide=True),
    Column("With a gap", is_right=True),
    Column("Unrated", is_right=True),
    Column("n/a", is_right=True),
    Column("Must-have missing", is_right=True),
    Column("Held by", is_wide=True),
)


def team_record(team: Team, rows: Rows) -> dict[str, Any]:
    """Return a guarded summary for programs; `rows` are how many were read and rejected."""
    summary = plain(team)
    for role in summary["roles"]:
        further = (grouping["groups"].values() for grouping in role["further_groupings"])
        for crowd in chain([role["everybody"]], role["groups"].values(), *further):
            # A percentage has one decimal in everything that programs read.
            for key in crowd:
                if key.endswith("_median") and crowd[key] is not None:
                    crowd[key] = float(crowd[key])
    return record({"rows": rows, **summary})


def team_result(report: TeamReport) -> Result:
    """Return the whole summary for any format that people read."""
    rows = rows_of(report.read, report.scored)
    return Result(lambda: team_document(report), lambda: team_record(report.team, rows))


# --- The short summary ----------------------------------------------------------------------------


def team_summary(
    team: Team, bands: Mapping[str, str], sole_holders: Mapping[str, Mapping[str, str]]
) -> Document:
    """Return the summary with all figures, for people who may see the sheet.

    `bands` are the labels of the framework's bands; `sole_holders` are named by role and competence.
    """
    return Document(
        title="",
        notice=team_words.for_the_holder("summary"),
        sections=tuple(
            Section(
                f"{role.name}: {team_words.people_words(role.everybody.people)}",
                tuple(_short_role(team, role, bands, sole_holders.get(role.id, {}))),
            )
            for role in team.roles
        ),
        footnotes=(CONVERSATION_AID,),
    )


def _short_role(
    team: Team, role: RoleTeam, bands: Mapping[str, str], holders: Mapping[str, str]
) -> Iterator[Block]:
    if not role.everybody.people:
        return
    yield Facts(team_words.highlights(role.everybody, bands, holders), indent=3)
    for grouping in team.groupings(role):
        yield _short_groups(grouping, bands)
        if hidden := team_words.hidden_words(team, grouping):
            yield Paragraph(hidden)


def _short_groups(grouping: Grouping, bands: Mapping[str, str]) -> Table:
    rows = (
        (
            name,
            f"{crowd.people:,}",
            team_words.median_words(crowd),
            team_words.band_words(crowd, bands),
            next(team_words.gap_words(crowd.most_common_gaps()), ""),
        )
        for name, crowd in grouping.groups.items()
    )
    return Table(
        (
            Column(grouping.group_by),
            Column("People", is_right=True, drops=3),
            Column("Readiness", is_right=True),
            Column("Bands", drops=2),
            Column("Most common gap", drops=1),
        ),
        ungrouped(rows),
    )


# --- The whole summary ----------------------------------------------------------------------------


def team_document(report: TeamReport) -> Document:
    """Return all that a page shows of a team."""
    team, named = report.team, report.named
    labels = {band.id: band.label for band in report.bands}
    counted = joined(
        f"{team_words.people_words(role.everybody.people)} against {role.name}"
        for role in team.roles
    )
    scored = f"Sheet {named.sheet}, scored" if named else "Scored"
    return Document(
        title=f"Team: {counted}" if counted else "Team",
        subtitle=f"{scored} on {team.date} against {version(team.framework)}",
        notice=team_words.for_the_holder("page") if named else team_words.names_nobody_words(team),
        opening=tuple(_opening(report, labels)),
        sections=(
            *(_role(report, role, labels) for role in team.roles),
            *(_rejected(named) if named and named.rejects else ()),
        ),
        about=tuple(_about(report)),
        footnotes=footnotes(team.framework),
        framework=team.framework,
    )


def _opening(report: TeamReport, labels: Mapping[str, str]) -> Iterator[Block]:
    team = report.team
    figures = [(role.name, team_words.people_words(role.everybody.people)) for role in team.roles]
    if team.people is not None and len(team.roles) != 1:
        figures.append(("People", f"{team.people:,}"))
    rows = (
        ("Rows read", report.read),
        ("Scored", report.scored),
        ("Rejected", report.read - report.scored),
    )
    figures += [(label, f"{number:,}") for label, number in rows]
    yield Figures(tuple(figures))
    yield ListBlock(tuple((role.name, _in_short(role.everybody, labels)) for role in team.roles))
    if withheld := team_words.roles_withheld_words(team):
        yield Paragraph(f"{withheld}.")
    if report.named and report.named.rejects:
        yield Paragraph(
            "Rejected rows are not counted. See why they were rejected.",
            link="rejected",
        )


def _in_short(crowd: Crowd, labels: Mapping[str, str]) -> str:
    """Return how many people are in each band, and what is missing most, in a sentence."""
    missing = next(team_words.missing_words(crowd.most_missing_must_haves()), "")
    none_missing = all(competence.people_missing_must_have == 0 for competence in crowd.coverage)
    nobody = team_words.most(competence.name for competence in crowd.held_by(0))
    bands, best = team_words.band_words(crowd, labels), team_words.band_high_words(crowd, labels)
    return joined(
        (
            f"bands {bands}" if bands == team_words.WITHHELD else bands,
            f"best possible: {best}" if best else "",
            team_words.readiness_words(crowd),
            f"must-have missing most often: {missing}" if missing else "",
            "no must-haves missing" if none_missing and not crowd.coverage_withheld else "",
            f"nobody is at target in: {nobody}" if nobody and crowd.people else "",
        ),
        "; ",
    )


def _role(report: TeamReport, role: RoleTeam, labels: Mapping[str, str]) -> Section:
    people = team_words.people_words(role.everybody.people)
    blocks = _role_blocks(report, role, labels) if role.everybody.people else ()
    return Section(f"{role.name}: {people}", tuple(blocks))


def _role_blocks(report: TeamReport, role: RoleTeam, labels: Mapping[str, str]) -> Iterator[Block]:
    team, crowd = report.team, role.everybody
    holders = report.named.sole_holders.get(role.id, {}) if report.named else {}
    highlights = team_words.highlights(crowd, labels, holders)
    yield _readiness(crowd, labels, highlights)
    if any(text for _, text in highlights[ON_PAGE:]):
        yield Section("What stands out", (Facts(highlights[ON_PAGE:]),), panel=Mood.PLAIN)
    if (heat := heat_map(report, role)) is not None:
        yield Section(heat.title.removesuffix(f": {role.name}"), (heat,))
    else:
        yield Paragraph(no_heat_words(report), is_small=True)
    yield Section("Coverage", (_coverage(report, role, holders),))
    if withheld := team_words.withheld_words(team, crowd):
        yield Paragraph(f"{withheld}.", is_small=True)
    for grouping in team.groupings(role):
        yield _groups(report, role, grouping, labels)
    if crowd.training:
        yield Section("Training that comes next", (_training(role),))


def _readiness(
    crowd: Crowd, labels: Mapping[str, str], highlights: tuple[tuple[str, str], ...]
) -> Section:
    counts = [(labels[key], count) for key, count in crowd.people_by_band.items()]
    without = (
        ("nothing rated", crowd.nothing_rated),
        ("no band, too much n/a", crowd.too_much_na),
    )
    counts += [(label, count) for label, count in without if count != 0]
    bars = tuple(ShareBar(label, _share(count, crowd), _count(count)) for label, count in counts)
    readiness = team_words.readiness_words(crowd)
    blocks = (
        *((Paragraph(readiness),) if readiness else ()),
        ShareBars(bars, (Facts(highlights[:2]),)),
    )
    return Section("Readiness", blocks, panel=Mood.PLAIN)


def _count(count: int | None) -> str:
    return team_words.WITHHELD if count is None else f"{count:,}"


def _share(count: int | None, crowd: Crowd) -> Fraction | None:
    if count is None:
        return None
    return Fraction(count, crowd.people) if crowd.people else Fraction(0)


# --- Tables ---------------------------------------------------------------------------------------


def _coverage(report: TeamReport, role: RoleTeam, holders: Mapping[str, str]) -> Table:
    """Return each competence in the framework's order, also where all its counts are withheld."""
    crowd = role.everybody
    counted = {competence.id: competence for competence in crowd.coverage}
    for key in crowd.coverage_withheld:
        name = report.competences[key]
        counted[key] = Coverage(key, name, True, None, None, None, None, None)  # noqa: FBT003
    rows = (
        _covered(crowd, counted[key], holders.get(key, ""))
        for key in report.competences
        if key in counted
    )
    return Table(
        COVERAGE_COLUMNS,
        ungrouped(rows),
        title=f"Coverage: {role.name}",
        is_sortable=True,
    )


def _covered(crowd: Crowd, competence: Coverage, holder: str) -> Row:
    at_target = _count(competence.people_at_target)
    must_haves = _count(competence.people_missing_must_have) if competence.is_must_have else ""
    return (
        competence.name,
        Cell(
            at_target,
            bar=_share(competence.people_at_target, crowd),
            bar_text=f"{at_target} of {crowd.people} at target",
            sort_by=_sort_key(competence.people_at_target),
        ),
        _count(competence.people_with_gap),
        _count(competence.people_unrated),
        _count(competence.people_not_applicable),
        must_haves,
        Cell(joined((_risk(competence), holder), ": "), Mood.BAD, is_tag=True),
    )


def _risk(competence: Coverage) -> str:
    """Return who is at target in a competence if that is at most one person; else empty."""
    match competence.people_at_target:
        case 0:
            return "nobody is rated" if competence.people_rated == 0 else "nobody"
        case 1:
            return "one person"
        case _:
            return ""


def _sort_key(number: object) -> str:
    """Return what a page sorts a cell by: the number without commas, and unknown ones last."""
    return "" if number is None else str(number)


def _groups(
    report: TeamReport, role: RoleTeam, grouping: Grouping, labels: Mapping[str, str]
) -> Section:
    is_guarded = report.named is None
    headings = ("Group", "People", "Readiness (median)", "Bands", "Most common gaps")
    table = Table(
        columns(
            (*headings, "Withheld") if is_guarded else headings, ("People", "Readiness (median)")
        ),
        ungrouped(
            _group(name, crowd, labels, is_guarded=is_guarded)
            for name, crowd in grouping.groups.items()
        ),
        title=f"Groups by {grouping.group_by}: {role.name}",
        is_sortable=True,
    )
    hidden = team_words.hidden_words(report.team, grouping)
    return Section(
        f"By {grouping.group_by}",
        (
            *((table,) if grouping.groups else ()),
            *((Paragraph(f"{hidden}.", is_small=True),) if hidden else ()),
        ),
    )


def _group(name: str, crowd: Crowd, labels: Mapping[str, str], *, is_guarded: bool) -> Row:
    return (
        name,
        Cell(f"{crowd.people:,}", sort_by=str(crowd.people)),
        Cell(
            team_words.median_words(crowd) or team_words.WITHHELD,
            sort_by=_sort_key(crowd.readiness_low_median),
        ),
        team_words.band_words(crowd, labels),
        team_words.most(team_words.gap_words(crowd.most_common_gaps()[:3])),
        *((team_words.withheld_counts(crowd),) if is_guarded else ()),
    )


def _training(role: RoleTeam) -> Table:
    rows = (
        (
            course.title,
            take_first_words(course),
            Cell(f"{course.people:,}", sort_by=str(course.people)),
            _days(course.days_each),
            _days(course.days),
        )
        for course in role.everybody.training
    )
    headings = ("Course", "Take first", "People", "Days each", "Days for all of them")
    return Table(
        columns(headings, headings[2:]),
        ungrouped(rows),
        title=f"Training: {role.name}",
        is_sortable=True,
    )


def _days(days: Decimal | None) -> Cell:
    if days is None:
        return Cell("not known", sort_by="")
    return Cell(show_number(days), sort_by=show_number(days))


def _rejected(named: NamedPeople) -> Iterator[Section]:
    has_files = any(row.file for row in named.rejects)
    rows = (
        (
            *((_cut(row.file), _cut(row.sheet)) if has_files else ()),
            str(row.line or ""),
            _cut(row.column),
            _cut(row.value),
            f"{row.code} {_cut(row.reason)}",
        )
        for row in named.rejects
    )
    source = ("File", "Sheet") if has_files else ()
    table = Table(
        columns((*source, "Line", "Column", "Value", "Reason"), ("Line",)),
        ungrouped(rows),
        title="Table of rejected rows",
    )
    more = f"And {named.more_rejects} more reasons; all are in the file of rejected rows."
    rest = (Paragraph(more, is_small=True),) if named.more_rejects else ()
    yield Section("Rejected rows", (table, *rest), name="rejected")


def _cut(text: str) -> str:
    """Return the beginning of a cell, which may hold megabytes."""
    return text if len(text) <= CELL_SHOWN else f"{text[:CELL_SHOWN]}…"


def _about(report: TeamReport) -> Iterator[Block]:
    yield Paragraph(METHOD)
    if report.named is None:
        yield Paragraph("What withholding figures cannot prevent:")
        yield ListBlock(team_words.LIMITS)
