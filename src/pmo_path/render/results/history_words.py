"""What all writers of a history say alike."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from pmo_path.render.nudges import other_framework
from pmo_path.render.role_fit import change_cell, change_words
from pmo_path.render.words import assessed_by, edition, joined

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pmo_path.domain.history import History, Series, SeriesPoint

LEFT_OUT = "Left out"


def title(history: History) -> str:
    """What is shown, and of which time."""
    days = [point.date for series in history.series for point in series.points]
    first, last = min(days), max(days)
    span = f"{first}" if first == last else f"{first} to {last}"
    return f"Readiness for {history.role.name}, {span}"


def method(history: History) -> str:
    """With which framework all of it was computed."""
    return f"All points are computed with the framework in use: {edition(history.framework)}."


def who(series: Series) -> str:
    """Whose ratings they are, and how far these came."""
    by = assessed_by(series.rater, plural=len(series.points) > 1)
    person = joined((series.person or "No name", by))
    if len(series.points) == 1 or series.change is None:
        return person
    return f"{person}: readiness {change_words(series.change)} over {len(series.points)} ratings"


def change(point: SeriesPoint) -> str:
    """Points of readiness since the rating before; empty where there is nothing to compare."""
    return change_cell(point.change)


def has_range(point: SeriesPoint) -> bool:
    """Whether readiness has a low and a high end, because something is unrated."""
    return point.fit.readiness is not None and bool(point.fit.unrated)


def remarks(series: Series) -> Iterator[str]:
    """What to know about whose the points are, and about their order."""
    if series.nameless:
        files = joined(series.nameless)
        yield f"Taken as ratings of {series.person}, the only person named here: {files}"
    for day in series.same_day:
        files = joined(point.file for point in series.points if point.date == day)
        yield f"Several files of {day}, shown in the order of their names: {files}"


def look_again(history: History) -> Iterator[str]:
    """Which files to look at again, and why."""
    for series in history.series:
        for point in series.points:
            if point.other_framework.differs:
                yield f"{point.file}: {other_framework(point.other_framework)}"


def left_out(history: History) -> Iterator[str]:
    """Which files are not shown, and why."""
    for file in history.without_date:
        yield f"{file}: it has no date, so it cannot be placed; add one such as 'date: 2026-11-23'"
    for file in history.frameworks:
        yield f"{file}: this is a framework, not ratings"
    for other in history.others:
        yield f"{other.file}: {joined((other.what, other.hint), '; ')}"
    for file, found in groupby(history.mistakes, key=lambda one: one.place.file):
        count = len(list(found))
        mistakes = "a mistake" if count == 1 else f"{count} mistakes"
        yield f"{file}: {mistakes} in it; see the messages"
