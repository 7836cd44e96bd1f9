"""Readiness over time for a terminal: a bar for each rating, and what stands behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TextIO

from rich.text import Text

from pmo_path.render.formats.console import HEADING, NOTICE, Page, text
from pmo_path.render.results import history_words as words
from pmo_path.render.role_fit import at_target_words, missing_count_words, readiness_words, verdict
from pmo_path.render.words import LOOK_AGAIN, footnotes

if TYPE_CHECKING:
    from fractions import Fraction

    from pmo_path.domain.history import History, Series, SeriesPoint
    from pmo_path.render.words import TextStyle

WIDEST_CHART = 50
NARROWEST_CHART = 12
"""Columns below which the figures leave the chart and stand only under it."""
GAP = "  "
DATE = 10
"""Columns of a date."""
FIGURES = (("Readiness", 15), ("Change", 11), ("At target", 9), ("Must-haves", 12))
"""What stands beside a bar, and its width."""


class _Bars(NamedTuple):
    """What bars are drawn with."""

    sure: str
    """Up to the low end of the range."""
    open: str
    """From there to the high end."""


UNICODE_BARS = _Bars("█", "░")
ASCII_BARS = _Bars("#", "-")


def write_table(history: History, out: TextIO, style: TextStyle) -> None:
    """Write a chart for each person and rater, and what was left out."""
    bars = UNICODE_BARS if style.unicode else ASCII_BARS
    page = Page(style)
    page.text(words.title(history), "bold")
    page.text(words.method(history))
    if any(words.has_range(one) for series in history.series for one in series.points):
        page.text(
            "Solid bars show the low end of readiness, with every unrated competence at the lowest "
            f"level; {bars.open} goes up to the high end, with all of them at target. Change shows "
            "both ends."
        )
    for series in history.series:
        page.blank()
        page.text(words.who(series), HEADING)
        _chart(page, series, bars)
        page.blank()
        page.labelled(((f"{one.date}", _behind(one)) for one in series.points), indent=0)
        for remark in words.remarks(series):
            page.text(remark)
    _list(page, LOOK_AGAIN, list(words.look_again(history)))
    _list(page, words.LEFT_OUT, list(words.left_out(history)))
    for said in footnotes(history.framework):
        page.blank()
        page.text(said, NOTICE)
    page.write(out)


def _list(page: Page, heading: str, lines: list[str]) -> None:
    if lines:
        page.heading(heading)
        page.bullets(lines)


def _behind(point: SeriesPoint) -> str:
    return f"{verdict(point.fit.verdict)} ({point.file})"


def _chart(page: Page, series: Series, bars: _Bars) -> None:
    beside = sum(width + len(GAP) for _, width in FIGURES)
    room = page.width - DATE - len(GAP)
    is_narrow = room - beside < NARROWEST_CHART
    width = min(WIDEST_CHART, room if is_narrow else room - beside)
    figures = () if is_narrow else FIGURES
    heads = [f"{name:>{columns}}" for name, columns in figures]
    scale = "0 %" + "100 %".rjust(width - len("0 %"))
    page.line(Text(GAP.join((f"{'Date':{DATE}}", scale, *heads)), "bold"))
    for point in series.points:
        cells = [
            f"{cell:>{columns}}"
            for cell, (_, columns) in zip(_figures(point), figures, strict=False)
        ]
        bar = f"{_bar(point, width, bars):{width}}"
        page.line(text(GAP.join((f"{point.date}", bar, *cells))))


def _figures(point: SeriesPoint) -> tuple[str, ...]:
    fit = point.fit
    return (
        readiness_words(fit),
        words.change(point),
        at_target_words(fit),
        missing_count_words(fit),
    )


def _bar(point: SeriesPoint, width: int, bars: _Bars) -> str:
    readiness = point.fit.readiness
    if readiness is None:
        return ""
    low, high = _cells(readiness.low, width), _cells(readiness.high, width)
    return bars.sure * low + bars.open * (high - low)


def _cells(percent: Fraction, width: int) -> int:
    return round(percent * width / 100)
