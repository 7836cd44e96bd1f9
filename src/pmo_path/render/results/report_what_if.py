"""How a what-if report is marked, and today's figures beside those of the ratings it assumes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_path.domain.role_fit import fit_of
from pmo_path.render.document import (
    Block,
    Detail,
    ListBlock,
    Paragraph,
    Section,
    Table,
    columns,
    ungrouped,
)
from pmo_path.render.role_fit import NEXT_BAND, change_words, fit_figures
from pmo_path.render.words import change_text, joined, level_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pmo_path.domain.report import Fit, GapReport, WhatIf, WhatIfRating

WHAT_IF = "What if"
"""The mark of a what-if report, before its title and its verdict."""
_TODAY = "Today"


def marked(report: GapReport, text: str) -> str:
    """Return a title or a verdict, with the mark in front if the report assumes ratings."""
    return text if report.what_if is None else f"{WHAT_IF}: {text}"


def what_if_notice(what_if: WhatIf | None) -> str:
    """Return that ratings are assumed, and which; empty for a report on the ratings as they are."""
    if what_if is None:
        return ""
    levels = joined(map(_assumed, what_if.ratings))
    return f"{WHAT_IF}: these figures assume {levels}. The ratings themselves are unchanged."


def _assumed(rating: WhatIfRating) -> str:
    return f"{rating.name} {level_words(rating.rating, rating.status)}"


def what_if_sections(report: GapReport) -> Iterator[Section]:
    """Yield the comparison with today's figures, if the report assumes ratings."""
    if report.what_if is not None:
        yield Section(
            "Beside today",
            tuple(_beside_today(report, report.what_if)),
            detail=Detail.BRIEF,
        )


def _beside_today(report: GapReport, what_if: WhatIf) -> Iterator[Block]:
    yield ListBlock(tuple(map(_change, what_if.ratings)))
    today, assumed = (figures_shown(fit) for fit in (what_if.today, fit_of(report)))
    rows = ((label, before, assumed[label]) for label, before in today.items())
    yield Table(columns(("Figure", _TODAY, WHAT_IF)), ungrouped(rows))
    if change := change_words(what_if.readiness_moved_by):
        yield Paragraph(f"Readiness in points: {change}.")
    if note := without_effect(report):
        yield Paragraph(note)


def without_effect(report: GapReport) -> str:
    """Return which assumed ratings the role does not require; empty for none."""
    ratings = () if report.what_if is None else report.what_if.ratings
    others = joined(rating.name for rating in ratings if not rating.is_required)
    return f"Not required for {report.role.name}, so without effect: {others}." if others else ""


def _change(rating: WhatIfRating) -> str:
    today = level_words(rating.rating_today, rating.status_today)
    return f"{rating.name}: {change_text(today, level_words(rating.rating, rating.status))}"


def figures_shown(fit: Fit) -> dict[str, str]:
    """Return the figures at the head of a report; the next band stands beside them."""
    figures = fit_figures(fit)
    del figures[NEXT_BAND]
    return figures | {"Unrated": str(len(fit.unrated)), "n/a": str(len(fit.not_applicable))}
