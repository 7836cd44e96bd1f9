"""Two roles side by side, as Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

from pmo_path.domain.report import CONVERSATION_AID
from pmo_path.render.markdown import escaped, table
from pmo_path.render.report.words import LOOK_AGAIN
from pmo_path.render.roles import words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pmo_path.domain.comparing.roles import RoleComparison


def write_markdown(comparison: RoleComparison, out: TextIO) -> None:
    """Write what the second role asks beside the first, and how far the person is from each."""
    out.write("\n\n".join(_parts(comparison)) + "\n")


def _parts(comparison: RoleComparison) -> Iterator[str]:
    yield f"## {escaped(words.title(comparison))}"
    yield escaped(words.facts(comparison))
    yield f"**{escaped(words.summary(comparison))}**"
    if must_haves := _labelled(words.must_haves(comparison)):
        yield must_haves
    if comparison.person is not None:
        yield "### How far from each"
        yield _labelled(words.distances(comparison))
    yield "### What each asks"
    yield _table(comparison)
    if comparison.person is None:
        return
    if comparison.person.nudges:
        yield f"### {LOOK_AGAIN}"
        yield "\n".join(f"- {escaped(nudge.text)}" for nudge in comparison.person.nudges)
    for said in (CONVERSATION_AID, comparison.framework.notice):
        if said:
            yield f"*{escaped(said)}*"


def _table(comparison: RoleComparison) -> str:
    columns = words.columns(comparison)
    rows: list[tuple[str, ...]] = []
    for heading, differences in words.groups(comparison):
        rows.append((f"**{heading}**", *[""] * (len(columns) - 1)))
        rows += [
            (escaped(one.name), *words.cells(one), *words.distance_cells(one))
            for one in differences
        ]
    return table(columns, rows)


def _labelled(rows: Iterable[tuple[str, str]]) -> str:
    return "\n".join(f"- **{escaped(label)}**: {escaped(said)}" for label, said in rows if said)
