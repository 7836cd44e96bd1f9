"""The shortest way to the next band, as a section of a gap report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_path.domain.next_band_path import next_band_path
from pmo_path.domain.numbers import show_level
from pmo_path.render.document import Block, ListBlock, Paragraph, Section
from pmo_path.render.role_fit import range_words
from pmo_path.render.words import change_text, count, joined

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pmo_path.domain.report import GapReport, NextBandPath, RaisedCompetence, Reference

MOST_NAMED = 5
"""The most competences that are named as blocking; JSON has all."""


def next_band_sections(report: GapReport) -> Iterator[Section]:
    """Yield the shortest way to the next band, if there is one."""
    path = next_band_path(report)
    if path is not None:
        yield Section(f"Shortest way to {path.band.label}", tuple(_path(path)))


def _path(path: NextBandPath) -> Iterator[Block]:
    if path.step_count is None or path.readiness is None:
        yield Paragraph(f"Raising rated competences cannot reach it. {_blocked(path)}")
        return
    steps = count(path.step_count, "level")
    yield Paragraph(
        f"At least {steps} to gain, for a readiness of {range_words(path.readiness)}. "
        "This counts levels, not the effort that they take."
    )
    yield ListBlock(tuple(map(_raised, path.raised)))


def _blocked(path: NextBandPath) -> str:
    rate, never = _names(path.rate_first), _names(path.never_applicable)
    reasons = (
        f"Rate first: {rate}." if rate else "",
        f"Must-haves that are n/a count as missing: {never}." if never else "",
    )
    return joined(reasons, " ")


def _names(competences: Sequence[Reference]) -> str:
    """Return the names, or the first of many and how many more there are."""
    more = len(competences) - MOST_NAMED
    names = joined(competence.name for competence in competences[:MOST_NAMED])
    return f"{names} and {more} more" if more > 0 else names


def _raised(raised: RaisedCompetence) -> str:
    levels = change_text(show_level(raised.from_level), show_level(raised.to_level))
    return f"{raised.name}: {levels}"
