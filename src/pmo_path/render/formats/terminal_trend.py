"""A figure over time on a terminal: a bar for each point, and the figures beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from rich.text import Text

from pmo_path.render.formats.console import text

if TYPE_CHECKING:
    from pmo_path.render.document import Trend, TrendPoint
    from pmo_path.render.formats.console import Page
    from pmo_path.render.words import TextStyle

WIDEST = 50
NARROWEST = 12
"""Columns of bars below which the figures are left out; the text of each point has them too."""
GAP = "  "


class _Bars(NamedTuple):
    """The characters of a bar."""

    low: str
    """Up to the low end of the range."""
    high: str
    """From there to the high end."""


UNICODE_BARS = _Bars("█", "░")
ASCII_BARS = _Bars("#", "-")


def write_trend(page: Page, trend: Trend, style: TextStyle) -> None:
    """Write the chart, then each point's text."""
    bars = UNICODE_BARS if style.unicode else ASCII_BARS
    rows = [("Date", trend.figures), *((point.label, point.figures) for point in trend.points)]
    labels = [label for label, _ in rows]
    columns = list(zip(*(figures for _, figures in rows), strict=True))
    label_width = max(map(len, labels))
    room = page.width - label_width - len(GAP)
    beside = sum(width + len(GAP) for width in trend.widths)
    if room - beside < NARROWEST:
        columns, beside = [], 0
    width = min(WIDEST, room - beside)
    scale = "0 %" + "100 %".rjust(width - len("0 %"))
    drawn = [scale, *(_bar(point, width, bars).ljust(width) for point in trend.points)]
    figures = (
        [f"{cell:>{size}}" for cell in column]
        for column, size in zip(columns, trend.widths, strict=False)
    )
    table = [[f"{label:{label_width}}" for label in labels], drawn, *figures]
    head, *lines = (GAP.join(cells) for cells in zip(*table, strict=True))
    page.line(Text(head, "bold"), *map(text, lines))
    if trend.note:
        page.text(f"{bars.low} up to the low end, {bars.high} to the high end. {trend.note}")
    page.blank()
    page.labelled(((point.label, point.text) for point in trend.points), indent=0)


def _bar(point: TrendPoint, width: int, bars: _Bars) -> str:
    if not point.low:
        return ""
    low, high = (round(float(end) * width / 100) for end in (point.low, point.high))
    return bars.low * low + bars.high * (high - low)
