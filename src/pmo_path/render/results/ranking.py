"""All roles by how well a person fits them, laid out for any format."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_path.render.document import Grid, Group, Mood, Paper, Row, Section, section
from pmo_path.render.nudges import nudge_words
from pmo_path.render.results import ranking_words as words
from pmo_path.render.results.report import LOOK_AGAIN, footnotes
from pmo_path.render.role_fit import (
    at_target_words,
    band_words,
    count_words,
    missing_count_words,
    readiness_words,
    verdict,
)

if TYPE_CHECKING:
    from pmo_path.domain.ranking import RankedRole, Ranking


def ranking_paper(ranking: Ranking) -> Paper:
    """The roles at a glance, and then what is missing for each."""
    rows = tuple(map(_row, ranking.roles))
    return Paper(
        title=words.title(ranking),
        facts=words.facts(ranking),
        verdict=words.order(ranking),
        sections=(
            Section("At a glance", Grid(words.COLUMNS, (Group("", rows),), right=words.RIGHT)),
            *(_missing(ranking, number, role) for number, role in enumerate(ranking.roles, 1)),
            *section(LOOK_AGAIN, *(nudge_words(nudge) for nudge in ranking.nudges)),
        ),
        footnotes=footnotes(ranking.framework),
        framework=ranking.framework,
    )


def _row(role: RankedRole) -> Row:
    fit = role.fit
    cells = (
        fit.role.name,
        band_words(fit),
        readiness_words(fit),
        at_target_words(fit),
        count_words(fit),
        missing_count_words(fit),
    )
    return Row(cells, Mood.BAD if fit.must_haves_missing else Mood.GOOD, len(cells) - 1)


def _missing(ranking: Ranking, number: int, role: RankedRole) -> Section:
    told = (("Result", verdict(role.fit.verdict)), *words.missing_rows(role))
    return Section(
        f"{number}. {words.name(ranking, role)}",
        labelled=tuple((label, said) for label, said in told if said),
    )
