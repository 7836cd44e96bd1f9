"""A paper as Markdown, for a review document or an issue."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

from pmo_path.render.formats.markdown_text import escaped, inner, table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pmo_path.render.document import Grid, Paper, Section


def write_markdown(paper: Paper, out: TextIO) -> None:
    """Write the paper."""
    out.write("\n\n".join(_parts(paper)) + "\n")


def _parts(paper: Paper) -> Iterator[str]:
    yield f"## {escaped(paper.title)}"
    yield escaped(paper.facts)
    if paper.verdict:
        yield f"**{escaped(paper.verdict)}**"
    for section in paper.sections:
        yield from _section(section)
    for said in paper.footnotes:
        yield f"*{escaped(said)}*"


def _section(section: Section) -> Iterator[str]:
    yield f"### {escaped(section.heading)}"
    if section.grid is not None:
        yield _grid(section.grid)
    points = (
        *(f"**{inner(label)}**: {inner(said)}" for label, said in section.labelled),
        *map(escaped, section.points),
    )
    if points:
        yield "\n".join(f"- {point}" for point in points)
    yield from map(escaped, section.sentences)


def _grid(grid: Grid) -> str:
    headings = [inner(one) for one in grid.headings]
    rows: list[Iterable[str]] = []
    for group in grid.groups:
        if group.title:
            rows.append((f"**{inner(group.title)}**", *[""] * (len(headings) - 1)))
        rows += [tuple(map(inner, row.cells)) for row in group.rows]
    return table(headings, map(tuple, rows), right=map(inner, grid.right))
