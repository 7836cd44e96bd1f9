"""The summary of a sheet of people: for a terminal, and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

from pmo_path.domain.levels import show_number
from pmo_path.domain.report import CONVERSATION_AID
from pmo_path.render.page import NOTICE, Page, text
from pmo_path.render.plain import plain, write_document

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from decimal import Decimal

    from rich.text import Text

    from pmo_path.domain.team import Coverage, Crowd, Demand, RoleTeam, Team
    from pmo_path.render.base import Look

SCHEMA = 1
SHOWN = 5
"""How many of each kind are shown to people; JSON has them all."""


def write_team(team: Team, bands: Mapping[str, str], out: TextIO, look: Look) -> None:
    """Write the summary for people; `bands` are the labels of the framework's bands."""
    page = Page(look)
    for role in team.roles:
        _role(page, team, role, bands)
    page.blank()
    page.text(CONVERSATION_AID, NOTICE)
    page.write(out)


def write_team_json(team: Team, rows: Mapping[str, int], out: TextIO) -> None:
    """Write the whole summary as one JSON object; `rows` says how many were read and rejected."""
    document = {"schema": SCHEMA, "rows": rows, **plain(team), "reminder": CONVERSATION_AID}
    write_document(document, out)


def _role(page: Page, team: Team, role: RoleTeam, bands: Mapping[str, str]) -> None:
    crowd = role.everybody
    page.heading(f"{role.name}: {_people(crowd.people)}")
    if not crowd.people:
        return
    page.labelled(
        [
            ("Bands", _bands(crowd, bands)),
            ("Readiness", _readiness(crowd)),
            ("Gaps", _most(_gaps(crowd.most_common_gaps()))),
            ("Must-haves missing", _most(_missing(crowd.most_missing_must_haves()))),
            ("At target: nobody", _most(one.name for one in crowd.held_by(0))),
            ("At target: one person", _most(one.name for one in crowd.held_by(1))),
            ("Training", _most(_courses(crowd.training))),
        ]
    )
    if role.groups:
        page.blank()
        page.table(*_groups(team, role, bands), right=("People", "Readiness"))
    if role.people_in_small_groups:
        words = f"{_people(role.people_in_small_groups)} in groups that are not shown apart"
        page.text(f"{words}: smaller than {team.min_group}, or needed to hide one that is")


def _groups(
    team: Team, role: RoleTeam, bands: Mapping[str, str]
) -> tuple[Sequence[str], Sequence[Sequence[Text]]]:
    rows = [
        (
            text(group),
            text(str(crowd.people)),
            text("" if crowd.readiness_median is None else f"{crowd.readiness_median:.1f} %"),
            text(_bands(crowd, bands)),
            text(next(_gaps(crowd.most_common_gaps()), "")),
        )
        for group, crowd in role.groups.items()
    ]
    return (team.group_by, "People", "Readiness", "Bands", "Most common gap"), rows


def _people(count: int) -> str:
    return f"{count:,} {'person' if count == 1 else 'people'}"


def _bands(crowd: Crowd, bands: Mapping[str, str]) -> str:
    said = [f"{bands[key]} {count:,}" for key, count in crowd.bands.items() if count]
    if crowd.without_band:
        said.append(f"nothing rated {crowd.without_band:,}")
    return ", ".join(said)


def _readiness(crowd: Crowd) -> str:
    if crowd.readiness_median is None:
        return ""
    return f"{crowd.readiness_median:.1f} % (median)"


def _gaps(coverage: Sequence[Coverage]) -> Iterator[str]:
    return (f"{one.name} {one.people_with_gap:,}" for one in coverage)


def _missing(coverage: Sequence[Coverage]) -> Iterator[str]:
    return (f"{one.name} {one.people_missing_must_have:,}" for one in coverage)


def _courses(training: Sequence[Demand]) -> Iterator[str]:
    for one in training:
        days = "" if one.days is None else f", {_days(one.days)}"
        yield f"{one.name} ({_people(one.people)}{days})"


def _days(days: Decimal) -> str:
    return f"{show_number(days)} day{'' if days == 1 else 's'}"


def _most(said: Iterable[str]) -> str:
    """The first few, and how many more there are."""
    every = list(said)
    more = len(every) - SHOWN
    shown = every[:SHOWN] + ([f"and {more} more"] if more > 0 else [])
    return "; ".join(shown)
