"""The summary of a sheet of people for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

from pmo_path.render.formats.console import NOTICE, Page, text
from pmo_path.render.results import team as words
from pmo_path.render.words import CONVERSATION_AID

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rich.text import Text

    from pmo_path.domain.team import Grouping, RoleTeam, Team
    from pmo_path.render.words import TextStyle


def write_team(
    team: Team,
    bands: Mapping[str, str],
    sole_holders: Mapping[str, Mapping[str, str]],
    out: TextIO,
    style: TextStyle,
) -> None:
    """Write the summary for whoever holds the sheet, with all figures.

    `bands` are the labels of the framework's bands; `sole_holders` are named by role and competence.
    """
    page = Page(style)
    page.blank()
    page.text(words.for_the_holder("summary"), NOTICE)
    for role in team.roles:
        _role(page, team, role, bands, sole_holders.get(role.role, {}))
    page.blank()
    page.text(CONVERSATION_AID, NOTICE)
    page.write(out)


def _role(
    page: Page,
    team: Team,
    role: RoleTeam,
    bands: Mapping[str, str],
    holders: Mapping[str, str],
) -> None:
    page.heading(f"{role.name}: {words.people_words(role.everybody.people)}")
    if not role.everybody.people:
        return
    page.labelled(words.summary_rows(role.everybody, bands, holders))
    for grouping in team.groupings(role):
        page.blank()
        headings, rows = _groups(grouping, bands)
        if not page.fits(headings, rows):
            headings, rows = headings[:-1], [row[:-1] for row in rows]
        page.table(headings, rows, right=("People", "Readiness"))
        if hidden := words.hidden_words(team, grouping):
            page.text(hidden)


def _groups(
    grouping: Grouping, bands: Mapping[str, str]
) -> tuple[Sequence[str], Sequence[Sequence[Text]]]:
    rows = [
        (
            text(group),
            text(f"{crowd.people:,}"),
            text(words.median_words(crowd)),
            text(words.band_words(crowd, bands)),
            text(next(words.gap_words(crowd.most_common_gaps()), "")),
        )
        for group, crowd in grouping.groups.items()
    ]
    return (grouping.group_by, "People", "Readiness", "Bands", "Most common gap"), rows
