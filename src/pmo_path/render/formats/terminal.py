"""A paper for a terminal."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, TextIO

from rich.text import Text

from pmo_path.render.document import ARROW, Mood
from pmo_path.render.formats.console import NOTICE, Page, text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pmo_path.render.document import Grid, Paper, Row
    from pmo_path.render.words import TextStyle

_STYLES = {Mood.PLAIN: "", Mood.GOOD: "green", Mood.BAD: "red"}


def write_table(paper: Paper, out: TextIO, style: TextStyle) -> None:
    """Write the paper for people."""
    page = Page(style)
    page.text(paper.title, "bold")
    page.text(paper.facts)
    if paper.verdict:
        page.blank()
        page.text(paper.verdict, "bold")
    for section in paper.sections:
        page.heading(section.heading)
        if section.grid is not None:
            _write_grid(page, section.grid)
            if section.labelled:
                page.blank()
        page.labelled(section.labelled, indent=0)
        page.bullets(section.points)
        for sentence in section.sentences:
            page.text(sentence)
    for said in paper.footnotes:
        page.blank()
        page.text(said, NOTICE)
    written = io.StringIO()
    page.write(written)
    shown = written.getvalue()
    out.write(shown if style.unicode else shown.replace(ARROW, "->"))


def _write_grid(page: Page, grid: Grid) -> None:
    headings = [str(text(one)) for one in grid.headings]
    rows: list[tuple[Text, ...]] = []
    for group in grid.groups:
        if group.title:
            rows.append((text(group.title, "bold"),))
        rows += [tuple(_cells(row, indented=bool(group.title))) for row in group.rows]
    if page.fits(headings, rows):
        page.table(headings, rows, right=grid.right)
    else:
        _write_stacked(page, grid)


def _cells(row: Row, *, indented: bool) -> Iterator[Text]:
    for position, cell in enumerate(row.cells):
        shown = text(cell, _STYLES[row.mood] if position == row.told_in else "")
        yield Text("  ").append_text(shown) if indented and not position else shown


def _write_stacked(page: Page, grid: Grid) -> None:
    """The rows below each other, each cell beside its heading: for a page too narrow for columns."""
    for position, group in enumerate(grid.groups):
        if position:
            page.blank()
        if group.title:
            page.text(group.title, "bold")
        for row in group.rows:
            page.text(row.cells[0])
            page.labelled(zip(grid.headings[1:], row.cells[1:], strict=True))
