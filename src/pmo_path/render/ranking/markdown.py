"""All roles by how well a person fits them, as Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

from pmo_path.domain.report import CONVERSATION_AID
from pmo_path.render.fit import (
    at_target_words,
    band_words,
    missing_count_words,
    readiness_words,
)
from pmo_path.render.markdown import escaped, table
from pmo_path.render.ranking import words
from pmo_path.render.report.words import LOOK_AGAIN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pmo_path.domain.fitting import RankedRole, Ranking


def write_markdown(ranking: Ranking, out: TextIO) -> None:
    """Write the roles at a glance, and then what is missing for each."""
    out.write("\n\n".join(_parts(ranking)) + "\n")


def _parts(ranking: Ranking) -> Iterator[str]:
    yield f"## {escaped(words.title(ranking))}"
    yield escaped(words.facts(ranking))
    yield table(words.COLUMNS, map(_row, ranking.roles), right=words.RIGHT)
    yield "### What is missing"
    for number, role in enumerate(ranking.roles, 1):
        yield f"{number}. **{escaped(words.name(ranking, role))}**\n{_points(role)}"
    if ranking.nudges:
        yield f"### {LOOK_AGAIN}"
        yield "\n".join(f"- {escaped(nudge.text)}" for nudge in ranking.nudges)
    for said in (CONVERSATION_AID, ranking.framework.notice):
        if said:
            yield f"*{escaped(said)}*"


def _row(role: RankedRole) -> tuple[str, ...]:
    fit = role.fit
    return (
        escaped(fit.role.name),
        escaped(band_words(fit)),
        readiness_words(fit),
        at_target_words(fit),
        missing_count_words(fit),
    )


def _points(role: RankedRole) -> str:
    rows = [f"{label}: {escaped(said)}" for label, said in words.missing_rows(role) if said]
    return "\n".join(f"   - {line}" for line in (escaped(role.fit.verdict), *rows))
