"""A paper as a page for a browser."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TextIO

from pmo_path.render.formats.html import charts
from pmo_path.render.formats.html.page import write_page

if TYPE_CHECKING:
    from pmo_path.render.document import DotRow, Dots, Paper

SHAPES = 6
"""How many marks can be told apart by their shape."""


class Dotted(NamedTuple):
    """A row of marks as it is drawn."""

    row: DotRow
    drawn: charts.DottedRow


def write_html(paper: Paper, out: TextIO) -> None:
    """Write the paper as a page."""
    values = {
        "paper": paper,
        "framework": paper.framework,
        "dotted": _dotted,
        "ticks": charts.ticks,
        "trend": charts.trend,
        "shapes": SHAPES,
    }
    write_page("paper.html", values, out)


def _dotted(dots: Dots) -> list[tuple[str, list[Dotted]]]:
    return [
        (title, [Dotted(row, charts.dots(row.levels, row.required, dots.scale)) for row in rows])
        for title, rows in dots.groups
    ]
