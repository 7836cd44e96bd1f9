"""Readiness over time, laid out for any format that does not draw its own chart of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_path.domain.numbers import one_decimal
from pmo_path.render.diagnostics.json import plain_diagnostic
from pmo_path.render.document import (
    Document,
    Group,
    Paragraph,
    Row,
    Section,
    Table,
    Trend,
    TrendPoint,
    columns,
    sections_of,
)
from pmo_path.render.formats.json import record
from pmo_path.render.formats.registry import Result
from pmo_path.render.results import history_words as words
from pmo_path.render.role_fit import (
    at_target_words,
    band_words,
    missing_words,
    next_band_count,
    readiness_words,
    verdict,
)
from pmo_path.render.words import LOOK_AGAIN, footnotes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pmo_path.domain.history import History, Series, SeriesPoint

COLUMNS = (
    "Date",
    "Readiness",
    "Change",
    "Band",
    "Next band",
    "At target",
    "Must-haves missing",
    "File",
)
RIGHT = ("Readiness", "Change", "At target")


def history_result(history: History) -> Result:
    """The history for any format."""
    mistakes = [plain_diagnostic(mistake) for mistake in history.mistakes]
    return Result(
        lambda: history_document(history),
        lambda: record(history._replace(mistakes=()), mistakes=mistakes),
    )


def history_document(history: History) -> Document:
    """A chart and a table for each person and rater, and what was left out."""
    return Document(
        title=words.title(history),
        subtitle=words.method(history),
        verdict="",
        sections=(
            *map(_series, history.series),
            *sections_of(LOOK_AGAIN, list(words.look_again(history))),
            *sections_of(words.LEFT_OUT, list(words.left_out(history))),
        ),
        footnotes=footnotes(history.framework),
        framework=history.framework,
    )


def _series(series: Series) -> Section:
    table = Table(columns(COLUMNS, RIGHT), (Group("", tuple(map(_row, series.points))),))
    chart = _trend(series, table) or table
    return Section(words.who(series), (chart, *map(Paragraph, words.remarks(series))))


def _row(point: SeriesPoint) -> Row:
    fit = point.fit
    return Row(
        (
            f"{point.date}",
            readiness_words(fit),
            words.change(point),
            band_words(fit),
            next_band_count(fit.next_band),
            at_target_words(fit),
            missing_words(fit) or "none",
            point.file,
        )
    )


def _trend(series: Series, table: Table) -> Trend | None:
    points = tuple(_points(series))
    title = f"Readiness over time. {words.who(series)}"
    return Trend(title, points, (table,)) if points else None


def _points(series: Series) -> Iterator[TrendPoint]:
    first, last = series.points[0].date, series.points[-1].date
    days = (last - first).days
    for point in series.points:
        readiness = point.fit.readiness
        if readiness is not None:
            yield TrendPoint(
                label=f"{point.date}",
                position=(point.date - first).days / days if days else 0.5,
                low=one_decimal(readiness.low),
                high=one_decimal(readiness.high),
                text=f"{point.date}: {verdict(point.fit.verdict)}",
            )
