"""How raters of a person differ, as a document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_path.domain.numbers import show_number, signed
from pmo_path.domain.report import Status
from pmo_path.render.comparisons import advice_words, consensus_words
from pmo_path.render.document import (
    Cell,
    Document,
    DotRow,
    Dots,
    Group,
    Mood,
    Row,
    Section,
    Table,
    columns,
    sections_of,
)
from pmo_path.render.results import compare_words
from pmo_path.render.role_fit import (
    NEXT_BAND,
    at_target_words,
    band_words,
    missing_count_words,
    next_band_count,
    readiness_words,
)
from pmo_path.render.words import footnotes, joined, version

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pmo_path.domain.compare.model import Raters, View

ROOM_FOR_NAMES = 30
"""Columns that the names of raters may take as headings; longer ones get numbers instead."""


def raters_document(comparison: Raters) -> Document:
    """The raters of a person side by side, the widest differences first."""
    return Document(
        title=joined((comparison.person, f"{comparison.role.name}, rater by rater"), ": "),
        subtitle=joined((_rated(comparison), version(comparison.framework)), "; "),
        verdict=consensus_words(comparison.verdict),
        sections=(
            _readiness(comparison),
            *_views(comparison),
            *sections_of(
                "Ask a second rater", list(filter(None, [advice_words(comparison.advice)]))
            ),
            *compare_words.apart_sections(comparison),
        ),
        footnotes=footnotes(comparison.framework),
        framework=comparison.framework,
    )


def _rated(comparison: Raters) -> str:
    rated = (
        f"{file.rater} ({file.date})" if file.date is not None else file.rater
        for file in comparison.raters
    )
    return f"rated by {', '.join(rated)}"


def _is_numbered(comparison: Raters) -> bool:
    return sum(len(file.rater) + 2 for file in comparison.raters) > ROOM_FOR_NAMES


def _headings(comparison: Raters) -> tuple[str, ...]:
    """Return a short heading for each rater: the name, or a number that the first table explains."""
    if _is_numbered(comparison):
        return tuple(str(number) for number, _ in enumerate(comparison.raters, 1))
    return tuple(file.rater for file in comparison.raters)


def _labels(comparison: Raters) -> tuple[str, ...]:
    """Return the name of each rater, after the number used for it, if any."""
    names = [file.rater for file in comparison.raters]
    if not _is_numbered(comparison):
        return tuple(names)
    return tuple(f"{number} {name}" for number, name in enumerate(names, 1))


def _readiness(comparison: Raters) -> Section:
    rows = [
        Row(
            (
                label,
                band_words(file.fit),
                readiness_words(file.fit),
                next_band_count(file.fit.next_band),
                at_target_words(file.fit),
                missing_count_words(file.fit),
            )
        )
        for label, file in zip(_labels(comparison), comparison.raters, strict=True)
    ]
    headings = ("Rater", "Band", "Readiness", NEXT_BAND, "At target", "Must-haves")
    missing = tuple(
        (f"{compare_words.MISSING}, {label}", names)
        for label, names in compare_words.missing_rows(
            zip(_headings(comparison), comparison.raters, strict=True)
        )
    )
    # The must-haves stand below the table by name, so their number can drop.
    drops = (NEXT_BAND, "Must-haves", "Band")
    table = Table(columns(headings, ("Readiness",), drops), (Group("", tuple(rows)),))
    return Section(compare_words.READINESS, (table, *compare_words.facts(missing)))


def _views(comparison: Raters) -> Iterator[Section]:
    groups = list(_groups(comparison))
    above = ("Self above",) if _has_others(comparison) else ()
    headings = ("Competence", *_headings(comparison), "Spread", *above, "Required")
    shown = [
        Group(title, tuple(_row(view, mood, comparison) for view in views))
        for title, mood, views in groups
    ]
    names = tuple(file.rater for file in comparison.raters)
    dots = [
        (title, tuple(_dot_row(view, names) for view in views))
        for title, _, views in groups
        if any(map(_ratings, views))
    ]
    table = Table(columns(headings, headings[1:], ("Required", *above, "Spread")), tuple(shown))
    yield Section(
        "Widest differences first", (Dots(names, comparison.scale, tuple(dots), (table,)),)
    )


def _groups(comparison: Raters) -> Iterator[tuple[str, Mood, list[View]]]:
    """Yield the competences by how the raters differ, each group with a title and a mood."""
    special = {*comparison.blind_spots, *comparison.hidden_strengths}
    others = [view for view in comparison.views if view.id not in special]
    groups = (
        ("Blind spots", Mood.BAD, map(comparison.view, comparison.blind_spots)),
        ("Hidden strengths", Mood.GOOD, map(comparison.view, comparison.hidden_strengths)),
        ("Other differences" if special else "Differences", Mood.PLAIN, filter(_is_apart, others)),
        ("Same level", Mood.PLAIN, (view for view in others if view.spread_steps == 0)),
        ("Rated by one rater only", Mood.PLAIN, (view for view in others if _ratings(view) == 1)),
        ("Unrated", Mood.PLAIN, (view for view in others if not _ratings(view))),
    )
    for title, mood, group in groups:
        if views := list(group):
            yield title, mood, views


def _dot_row(view: View, names: Sequence[str]) -> DotRow:
    ratings = ", ".join(
        f"{compare_words.answer_words(answer)} by {name}"
        for name, answer in zip(names, view.answers, strict=True)
    )
    required = "" if view.required is None else f", {show_number(view.required)} required"
    levels = tuple(answer.level for answer in view.answers)
    return DotRow(view.name, levels, view.required, f"{view.name}: {ratings}{required}")


def _ratings(view: View) -> int:
    return sum(answer.status is Status.RATED for answer in view.answers)


def _has_others(comparison: Raters) -> bool:
    """Return whether self is compared with a median; with one other rater it is their level."""
    return comparison.has_self and len(comparison.raters) > 2  # noqa: PLR2004  self and one other


def _is_apart(view: View) -> bool:
    return bool(view.spread_steps)


def _row(view: View, mood: Mood, comparison: Raters) -> Row:
    above = "" if view.self_above is None else signed(show_number(view.self_above))
    return Row(
        (
            view.name,
            *map(compare_words.answer_words, view.answers),
            Cell("" if view.spread is None else show_number(view.spread), mood),
            *((above,) if _has_others(comparison) else ()),
            "" if view.required is None else show_number(view.required),
        )
    )
