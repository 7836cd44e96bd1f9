"""Readiness over time as Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

from pmo_path.domain.report import CONVERSATION_AID
from pmo_path.render.fit import (
    at_target_words,
    band_words,
    missing_words,
    range_words,
    readiness_words,
)
from pmo_path.render.history import words
from pmo_path.render.markdown import escaped, table
from pmo_path.render.report.words import LOOK_AGAIN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pmo_path.domain.history import History, Series, SeriesPoint

COLUMNS = (
    "Date",
    "Readiness",
    "Range",
    "Change",
    "Band",
    "At target",
    "Must-haves missing",
    "File",
)
RIGHT = ("Readiness", "Range", "Change", "At target")


def write_markdown(history: History, out: TextIO) -> None:
    """Write a table for each person and rater, and what was left out."""
    out.write("\n\n".join(_parts(history)) + "\n")


def _parts(history: History) -> Iterator[str]:
    yield f"## {escaped(words.title(history))}"
    yield escaped(words.method(history))
    for series in history.series:
        yield from _series(series)
    for heading, lines in (
        (LOOK_AGAIN, words.look_again(history)),
        (words.LEFT_OUT, words.left_out(history)),
    ):
        points = "\n".join(f"- {escaped(line)}" for line in lines)
        if points:
            yield f"### {heading}"
            yield points
    for said in (CONVERSATION_AID, history.framework.notice):
        if said:
            yield f"*{escaped(said)}*"


def _series(series: Series) -> Iterator[str]:
    yield f"### {escaped(words.who(series))}"
    yield table(COLUMNS, map(_row, series.points), right=RIGHT)
    yield from map(escaped, words.remarks(series))


def _row(point: SeriesPoint) -> tuple[str, ...]:
    fit = point.fit
    return (
        f"{point.date}",
        readiness_words(fit),
        range_words(fit),
        words.change_words(point),
        escaped(band_words(fit)),
        at_target_words(fit),
        escaped(missing_words(fit) or "none"),
        escaped(point.file),
    )
