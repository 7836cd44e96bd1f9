"""All roles by how well a person fits them, for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

from rich.text import Text

from pmo_path.domain.report import CONVERSATION_AID
from pmo_path.render.fit import (
    at_target_words,
    band_words,
    missing_count_words,
    readiness_words,
)
from pmo_path.render.page import NOTICE, Page, text
from pmo_path.render.ranking import words
from pmo_path.render.report.words import LOOK_AGAIN

if TYPE_CHECKING:
    from pmo_path.domain.fitting import RankedRole, Ranking
    from pmo_path.render.base import Look


def write_table(ranking: Ranking, out: TextIO, look: Look) -> None:
    """Write the roles at a glance, and then what is missing for each."""
    page = Page(look)
    page.text(words.title(ranking), "bold")
    page.text(words.facts(ranking))
    page.blank()
    page.table(words.COLUMNS, [_row(one) for one in ranking.roles], right=words.RIGHT)
    page.heading("What is missing")
    for number, role in enumerate(ranking.roles, 1):
        page.line(Text.assemble(f"{number}. ", text(words.name(ranking, role), "bold")))
        page.hanging(Text("   "), role.fit.verdict)
        page.labelled(words.missing_rows(role))
    if ranking.nudges:
        page.heading(LOOK_AGAIN)
        page.bullets(nudge.text for nudge in ranking.nudges)
    for said in (CONVERSATION_AID, ranking.framework.notice):
        if said:
            page.blank()
            page.text(said, NOTICE)
    page.write(out)


def _row(role: RankedRole) -> tuple[Text, ...]:
    fit = role.fit
    return (
        text(fit.role.name),
        text(band_words(fit)),
        Text(readiness_words(fit)),
        Text(at_target_words(fit)),
        Text(missing_count_words(fit), "red" if fit.must_haves_missing else "green"),
    )
