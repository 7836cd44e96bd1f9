"""Two roles side by side, for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

from rich.text import Text

from pmo_path.domain.report import CONVERSATION_AID
from pmo_path.render.page import NOTICE, Page, text
from pmo_path.render.report.words import LOOK_AGAIN
from pmo_path.render.roles import words

if TYPE_CHECKING:
    from pmo_path.domain.comparing.roles import RoleComparison, RoleDifference
    from pmo_path.render.base import Look


def write_table(comparison: RoleComparison, out: TextIO, look: Look) -> None:
    """Write what the second role asks beside the first, and how far the person is from each."""
    arrow = "→" if look.unicode else "->"
    page = Page(look)
    page.text(words.title(comparison, arrow), "bold")
    page.text(words.facts(comparison))
    page.blank()
    page.text(words.summary(comparison), "bold")
    page.labelled(words.must_haves(comparison, arrow), indent=1)
    if comparison.person is not None:
        page.heading("How far from each")
        page.labelled(words.distances(comparison), indent=1)
    page.heading("What each asks")
    rows: list[tuple[Text, ...]] = []
    for heading, differences in words.groups(comparison):
        rows.append((text(heading, "bold"),))
        rows += [_row(one, arrow) for one in differences]
    page.table(words.columns(comparison), rows)
    if comparison.person is None:
        return page.write(out)
    if comparison.person.nudges:
        page.heading(LOOK_AGAIN)
        page.bullets(nudge.text for nudge in comparison.person.nudges)
    for said in (CONVERSATION_AID, comparison.framework.notice):
        if said:
            page.blank()
            page.text(said, NOTICE)
    return page.write(out)


def _row(one: RoleDifference, arrow: str) -> tuple[Text, ...]:
    cells = (*words.cells(one, arrow), *words.distance_cells(one, arrow))
    return (Text("  ").append_text(text(one.name)), *map(Text, cells))
