"""Readiness over time: a chart and a table for each person and rater."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from pmo_path.domain.numbers import one_decimal
from pmo_path.render.diagnostics.json import plain_diagnostic
from pmo_path.render.document import (
    Column,
    Document,
    Paragraph,
    Section,
    Table,
    Trend,
    TrendFigure,
    TrendPoint,
    after_commas,
    sections_of,
    ungrouped,
)
from pmo_path.render.formats.json import record
from pmo_path.render.formats.registry import Result
from pmo_path.render.role_fit import (
    NEXT_BAND,
    change_words,
    fit_figures,
    missing_words,
    verdict,
)
from pmo_path.render.words import (
    LOOK_AGAIN,
    assessed_by,
    footnotes,
    joined,
    other_framework,
    version,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pmo_path.domain.history import History, Series, SeriesPoint
    from pmo_path.render.document import Row

COLUMNS = (
    Column("Date"),
    Column("Readiness", is_right=True),
    Column("Change", is_right=True, drops=3),
    Column("Band", drops=5),
    Column(NEXT_BAND, drops=2),
    Column("At target", is_right=True),
    Column("Must-haves", is_wide=True, drops=4),
    Column("File", is_wide=True, drops=1),
)
FIGURES = ("Readiness", "Change", "At target", "Must-haves")
"""The figures beside the bars of a chart."""
DROPS = ("Change", "Must-haves", "At target", "Readiness")
"""The order in which a chart without room for them drops the figures."""
RANGE = (
    "The low end counts every unrated competence at the lowest level, the high end counts it at "
    "target."
)


def history_result(history: History) -> Result:
    """The history for any format."""
    mistakes = [plain_diagnostic(mistake) for mistake in history.mistakes]
    return Result(
        lambda: history_document(history),
        lambda: record(history._replace(mistakes=()), mistakes=mistakes),
    )


def history_document(history: History) -> Document:
    """A chart and a table for each person and rater, and the files that are left out."""
    days = [point.date for series in history.series for point in series.assessments]
    first, last = min(days), max(days)
    span = f"{first}" if first == last else f"{first} to {last}"
    figures = _chart_columns(history)
    explained = next((series for series in history.series if _has_range(series)), None)
    return Document(
        title=f"Readiness for {history.role.name}, {span}",
        subtitle=f"All points use the current framework: {version(history.framework)}.",
        sections=(
            *(
                _series(series, figures, RANGE if series is explained else "")
                for series in history.series
            ),
            *sections_of(LOOK_AGAIN, _other_frameworks(history)),
            *sections_of("Left out", _left_out(history)),
        ),
        footnotes=footnotes(history.framework),
        framework=history.framework,
    )


def _other_frameworks(history: History) -> Iterator[str]:
    for series in history.series:
        for point in series.assessments:
            if point.other_framework.differs:
                yield f"{point.file}: {other_framework(point.other_framework)}"


def _left_out(history: History) -> Iterator[str]:
    """Which files are not shown, and why."""
    for file in history.without_date:
        yield f"{file}: it has no date; add one such as 'date: 2026-11-23'"
    for file in history.frameworks:
        yield f"{file}: this is a framework, not ratings"
    for other in history.others:
        yield f"{other.file}: {joined((other.what, other.hint), '; ')}"
    for file, mistakes in groupby(history.mistakes, key=lambda mistake: mistake.place.file):
        count = len(list(mistakes))
        yield f"{file}: {'a mistake' if count == 1 else f'{count} mistakes'} in it; see the messages"


# --- One person and rater -----------------------------------------------------------------------


def _series(series: Series, figures: tuple[TrendFigure, ...], note: str) -> Section:
    table = Table(COLUMNS, ungrouped(map(_row, series.assessments)))
    name = _name(series)
    trend = Trend(
        f"Readiness over time. {name}",
        tuple(_points(series)),
        figures,
        note=note,
        alternative=(table,),
    )
    return Section(name, (trend, *map(Paragraph, _remarks(series))))


def _name(series: Series) -> str:
    """Whose ratings they are, and how far readiness moved."""
    by = assessed_by(series.rater, plural=len(series.assessments) > 1)
    person = joined((series.person or "No name", by))
    if len(series.assessments) == 1 or series.change is None:
        return person
    return (
        f"{person}: readiness {change_words(series.change)} over {len(series.assessments)} ratings"
    )


def _has_range(series: Series) -> bool:
    return any(
        point.fit.readiness is not None and point.fit.unrated for point in series.assessments
    )


def _chart_columns(history: History) -> tuple[TrendFigure, ...]:
    """The figures with their widths in all charts, so that bars of different people compare."""
    points = (point for series in history.series for point in series.assessments)
    columns = zip(FIGURES, *map(_chart_figures, points), strict=True)
    return tuple(
        TrendFigure(
            heading=column[0],
            width=max(map(len, column)),
            folded_width=max(len(part) for text in column for part in after_commas(text)),
            drops=DROPS.index(column[0]),
        )
        for column in columns
    )


def _remarks(series: Series) -> Iterator[str]:
    if series.nameless:
        files = joined(series.nameless)
        yield f"Taken as ratings of {series.person}, the only person named here: {files}"
    for day in series.same_day:
        files = joined(point.file for point in series.assessments if point.date == day)
        yield f"Several files of {day}, shown in the order of their names: {files}"


def _row(point: SeriesPoint) -> Row:
    figures = _figures(point)
    names = missing_words(point.fit)
    cells = {
        **figures,
        "Date": f"{point.date}",
        "Must-haves": joined((figures["Must-haves"], names), ": "),
        "File": point.file,
    }
    return tuple(cells[column.heading] for column in COLUMNS)


def _figures(point: SeriesPoint) -> dict[str, str]:
    return {**fit_figures(point.fit), "Change": change_words(point.change)}


def _chart_figures(point: SeriesPoint) -> tuple[str, ...]:
    figures = _figures(point)
    return tuple(figures[heading] for heading in FIGURES)


def _points(series: Series) -> Iterator[TrendPoint]:
    first, last = series.assessments[0].date, series.assessments[-1].date
    days = (last - first).days
    for point in series.assessments:
        fit, readiness = point.fit, point.fit.readiness
        yield TrendPoint(
            label=f"{point.date}",
            position=(point.date - first).days / days if days else 0.5,
            low="" if readiness is None else one_decimal(readiness.low),
            high="" if readiness is None else one_decimal(readiness.high),
            text=f"{verdict(fit.verdict)} ({point.file})",
            figures=_chart_figures(point),
        )
