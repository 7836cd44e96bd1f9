"""The summary of a sheet of people for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

from pmo_path.domain.report import CONVERSATION_AID
from pmo_path.render.page import NOTICE, Page, text
from pmo_path.render.team import words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rich.text import Text

    from pmo_path.domain.team import RoleTeam, Team
    from pmo_path.render.base import Look


def write_team(team: Team, bands: Mapping[str, str], out: TextIO, look: Look) -> None:
    """Write the summary for people; `bands` are the labels of the framework's bands."""
    page = Page(look)
    for role in team.roles:
        _role(page, team, role, bands)
    page.blank()
    page.text(CONVERSATION_AID, NOTICE)
    page.write(out)


def _role(page: Page, team: Team, role: RoleTeam, bands: Mapping[str, str]) -> None:
    page.heading(f"{role.name}: {words.people_words(role.everybody.people)}")
    if not role.everybody.people:
        return
    page.labelled(words.summary_rows(role.everybody, bands))
    if role.groups:
        page.blank()
        page.table(*_groups(team, role, bands), right=("People", "Readiness"))
    if withheld := words.withheld_words(team, role):
        page.text(f"Gaps are not told where {withheld}")
    if hidden := words.hidden_words(team, role):
        page.text(hidden)


def _groups(
    team: Team, role: RoleTeam, bands: Mapping[str, str]
) -> tuple[Sequence[str], Sequence[Sequence[Text]]]:
    rows = [
        (
            text(group),
            text(str(crowd.people)),
            text(words.median_words(crowd)),
            text(words.band_words(crowd, bands)),
            text(next(words.gap_words(crowd.most_common_gaps()), "")),
        )
        for group, crowd in role.groups.items()
    ]
    return (team.group_by, "People", "Readiness", "Bands", "Most common gap"), rows
