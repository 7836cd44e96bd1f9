"""Ratings files of a person side by side: one rater's over time, or those of several raters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_path.domain.compare.over_time import OverTime, Turn
from pmo_path.domain.numbers import show_number, signed
from pmo_path.domain.scoring import Status
from pmo_path.render.compare_words import (
    advice_words,
    consensus_words,
    movement_words,
    not_there_words,
    remark_words,
    unfit_words,
)
from pmo_path.render.document import (
    Cell,
    Document,
    DotRow,
    Dots,
    Facts,
    Group,
    Mood,
    Section,
    Table,
    columns,
    fact_sections,
    sections_of,
    ungrouped,
)
from pmo_path.render.formats.json import record
from pmo_path.render.formats.registry import Result
from pmo_path.render.role_fit import NEXT_BAND, change_words, fit_figures, missing_words
from pmo_path.render.words import (
    assessed_by,
    change_text,
    footnotes,
    joined,
    level_words,
    number_words,
    version,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from decimal import Decimal

    from pmo_path.domain.compare.inputs import AssessedFile, ComparedRating
    from pmo_path.domain.compare.over_time import CompetenceChange
    from pmo_path.domain.compare.raters import Raters, View
    from pmo_path.render.document import Row

NOT_THERE = "New in the framework"
INCOMPARABLE = "Cannot be compared"
ROOM_FOR_NAMES = 30
"""Columns that the names of raters may take as headings; longer ones get numbers instead."""
_TURNS = {
    Turn.CLOSED: "Gaps closed",
    Turn.NARROWER: "Gaps narrower",
    Turn.WIDER: "Gaps wider",
    Turn.OPENED: "Gaps opened",
    Turn.MOVED: "Changed without a gap",
    Turn.NEWLY_RATED: "Newly rated",
    Turn.NO_LONGER_RATED: "No longer rated",
    Turn.APPLIES_OTHERWISE: "Between unrated and n/a",
    Turn.NOT_THERE: NOT_THERE,
    Turn.INCOMPARABLE: INCOMPARABLE,
}
_TIME_FIGURES = ("Band", "Readiness", "Change", NEXT_BAND, "n/a", "At target", "Must-haves")
_RATER_FIGURES = ("Band", "Readiness", NEXT_BAND, "At target", "Must-haves")
_TIME_COLUMNS = columns(
    ("Competence", "Then", "Now", "Change", "Required", "Gap", "Must-have"),
    right=("Then", "Now", "Change", "Required"),
    drops=("Required", "Change", "Must-have", "Gap"),
)


def compare_result(comparison: OverTime | Raters) -> Result:
    """Return the comparison for any format; `comparison` in its JSON says which kind it is."""
    if isinstance(comparison, OverTime):
        return Result(lambda: _over_time(comparison), lambda: record(comparison))
    return Result(lambda: _raters(comparison), lambda: record(comparison))


def _document(
    comparison: OverTime | Raters,
    title: str,
    rated: str,
    verdict: str,
    sections: Iterable[Section],
) -> Document:
    """Return the document, with what cannot be compared, and what to know, behind the sections."""
    return Document(
        title=joined((comparison.person, f"{comparison.role.name}, {title}"), ": "),
        subtitle=joined((rated, version(comparison.framework)), "; "),
        verdict=verdict,
        sections=(
            *sections,
            *sections_of(INCOMPARABLE, map(unfit_words, comparison.unfit)),
            *sections_of(NOT_THERE, map(not_there_words, comparison.not_there)),
            *sections_of("Notes", map(remark_words, comparison.notes)),
        ),
        footnotes=footnotes(comparison.framework),
        framework=comparison.framework,
    )


def _readiness(table: Table, files: Iterable[tuple[str, AssessedFile]]) -> Section:
    """Return the table, and the must-haves that each file misses beside its label."""
    missing = tuple((label, missing_words(file.fit)) for label, file in files)
    blocks = (table, Facts(missing)) if any(names for _, names in missing) else (table,)
    return Section("Readiness", blocks)


def _answer(answer: ComparedRating) -> str:
    return level_words(answer.level, answer.status)


# --- Over time ------------------------------------------------------------------------------------


def _over_time(comparison: OverTime) -> Document:
    """Return two assessments of a person side by side, and what changed between them."""
    then, now = comparison.then, comparison.now
    rated = assessed_by(comparison.rater, plural=True)
    dates = [str(file.date) for file in (then, now) if file.date is not None]
    table = Table(
        columns(("", _when("Then", then), _when("Now", now))), ungrouped(_figures(comparison))
    )
    return _document(
        comparison,
        "then and now",
        f"{rated} of {' and '.join(dates)}" if dates else rated,
        movement_words(comparison.verdict),
        (_readiness(table, (("Missing then", then), ("Missing now", now))), *_changes(comparison)),
    )


def _when(label: str, file: AssessedFile) -> str:
    return label if file.date is None else f"{label}, {file.date}"


def _figures(comparison: OverTime) -> Iterator[tuple[str, str, str]]:
    """Yield each figure then and now; nothing for one that neither has."""
    then, now = (
        {**fit_figures(file.fit), "n/a": str(len(file.fit.not_applicable) or "")}
        for file in (comparison.then, comparison.now)
    )
    then["Change"], now["Change"] = "", change_words(comparison.readiness_moved_by)
    for figure in _TIME_FIGURES:
        if then[figure] or now[figure]:
            yield figure, then[figure], now[figure]


def _changes(comparison: OverTime) -> Iterator[Section]:
    groups = {
        title: changes
        for turn, title in _TURNS.items()
        if (changes := list(filter(_is_answered, comparison.turned(turn))))
    }
    if groups:
        rows = (Group(title, tuple(map(_change_row, each))) for title, each in groups.items())
        dots = ((title, tuple(map(_change_dots, each))) for title, each in groups.items())
        table = Table(_TIME_COLUMNS, tuple(rows))
        yield Section(
            "What changed", (Dots(("then", "now"), comparison.scale, tuple(dots), (table,)),)
        )
    yield from fact_sections("Unchanged", _unchanged(comparison.turned(Turn.SAME)))


def _is_answered(change: CompetenceChange) -> bool:
    return any(rating.status is not Status.UNRATED for rating in (change.then, change.now))


def _change_dots(change: CompetenceChange) -> DotRow:
    then, now = (_possible_answer(change, answer) for answer in (change.then, change.now))
    required = f", {show_number(change.required)} required" if change.required is not None else ""
    return DotRow(
        change.name,
        (change.then.level, change.now.level),
        change.required,
        f"{change.name}: {then} then, {now} now{required}",
    )


def _unchanged(changes: Sequence[CompetenceChange]) -> Iterator[tuple[str, str]]:
    """Yield the names of unchanged competences by their state; a text may be empty."""
    rated = [change for change in changes if change.now.status is Status.RATED]
    with_gap = (
        f"{change.name} ({show_number(change.gap_now)})" for change in rated if change.gap_now
    )
    yield "At target", _names(change for change in rated if change.gap_now == 0)
    yield "With a gap", ", ".join(with_gap)
    yield "Not required by the role", _names(change for change in rated if change.gap_now is None)
    for label, status in (("Unrated", Status.UNRATED), ("n/a", Status.NOT_APPLICABLE)):
        yield label, _names(change for change in changes if change.now.status is status)


def _names(changes: Iterable[CompetenceChange]) -> str:
    return ", ".join(change.name for change in changes)


def _change_row(change: CompetenceChange) -> Row:
    turn = change.must_have_turn
    mood = Mood.PLAIN
    if change.by:
        mood = Mood.GOOD if change.by > 0 else Mood.BAD
    return (
        change.name,
        _possible_answer(change, change.then),
        _possible_answer(change, change.now),
        Cell("" if change.by is None else signed(show_number(change.by)), mood),
        number_words(change.required),
        _gap(change),
        "" if turn is None else f"{turn} ({number_words(change.must_have)})",
    )


def _possible_answer(change: CompetenceChange, answer: ComparedRating) -> str:
    """Return an answer as shown; a dash instead of `?` where none was possible or it does not fit."""
    if change.turn in {Turn.NOT_THERE, Turn.INCOMPARABLE} and answer.status is Status.UNRATED:
        return "-"
    return _answer(answer)


def _gap(change: CompetenceChange) -> str:
    """Return the gap then and now, or one if both are the same; `unrated` or `n/a` for none."""
    if change.gap_then is None and change.gap_now is None:
        return ""
    then = _gap_at(change.then, change.gap_then, change.required)
    now = _gap_at(change.now, change.gap_now, change.required)
    return change_text(then, now)


def _gap_at(answer: ComparedRating, gap: Decimal | None, required: Decimal | None) -> str:
    if gap is None:
        return str(answer.status)
    if gap or answer.level is None or required is None or answer.level == required:
        return show_number(gap) if gap else "met"
    return f"met +{show_number(answer.level - required)}"


# --- Raters ---------------------------------------------------------------------------------------


def _raters(comparison: Raters) -> Document:
    """Return the raters of a person side by side, the widest differences first."""
    names = [file.rater for file in comparison.raters]
    headings, labels = names, names
    if sum(len(name) + 2 for name in names) > ROOM_FOR_NAMES:
        # The first table explains the numbers.
        headings = [str(number) for number, _ in enumerate(names, 1)]
        labels = [f"{number} {name}" for number, name in enumerate(names, 1)]
    rated = (
        f"{file.rater} ({file.date})" if file.date is not None else file.rater
        for file in comparison.raters
    )
    figures = [fit_figures(file.fit) for file in comparison.raters]
    # The must-haves stand below the table by name, so their number can drop.
    table = Table(
        columns(("Rater", *_RATER_FIGURES), ("Readiness",), (NEXT_BAND, "Must-haves", "Band")),
        ungrouped(
            (label, *(each[figure] for figure in _RATER_FIGURES))
            for label, each in zip(labels, figures, strict=True)
        ),
    )
    missing = (f"Missing, {heading}" for heading in headings)
    return _document(
        comparison,
        "rater by rater",
        f"rated by {', '.join(rated)}",
        consensus_words(comparison.verdict),
        (
            _readiness(table, zip(missing, comparison.raters, strict=True)),
            _views(comparison, headings),
            *sections_of("Ask a second rater", filter(None, (advice_words(comparison.advice),))),
        ),
    )


def _views(comparison: Raters, raters: Sequence[str]) -> Section:
    """Return the competences by how the raters differ; `raters` are their headings."""
    groups = list(_view_groups(comparison))
    above = ("Self above",) if _has_others(comparison) else ()
    headings = ("Competence", *raters, "Spread", *above, "Required")
    shown = (
        Group(title, tuple(_view_row(view, mood, comparison) for view in views))
        for title, mood, views in groups
    )
    names = tuple(file.rater for file in comparison.raters)
    dots = (
        (title, tuple(_view_dots(view, names) for view in views))
        for title, _, views in groups
        if any(map(_ratings, views))
    )
    table = Table(columns(headings, headings[1:], ("Required", *above, "Spread")), tuple(shown))
    chart = Dots(names, comparison.scale, tuple(dots), (table,))
    return Section("Widest differences first", (chart,))


def _view_groups(comparison: Raters) -> Iterator[tuple[str, Mood, list[View]]]:
    """Yield the competences by how the raters differ, each group with a title and a mood."""
    special = {*comparison.blind_spots, *comparison.hidden_strengths}
    others = [view for view in comparison.views if view.id not in special]
    apart = (view for view in others if view.spread_steps)
    groups = (
        ("Blind spots", Mood.BAD, map(comparison.view, comparison.blind_spots)),
        ("Hidden strengths", Mood.GOOD, map(comparison.view, comparison.hidden_strengths)),
        ("Other differences" if special else "Differences", Mood.PLAIN, apart),
        ("Same level", Mood.PLAIN, (view for view in others if view.spread_steps == 0)),
        ("Rated by one rater only", Mood.PLAIN, (view for view in others if _ratings(view) == 1)),
        ("Unrated", Mood.PLAIN, (view for view in others if not _ratings(view))),
    )
    for title, mood, group in groups:
        if views := list(group):
            yield title, mood, views


def _ratings(view: View) -> int:
    return sum(answer.status is Status.RATED for answer in view.answers)


def _has_others(comparison: Raters) -> bool:
    """Return whether self is compared with a median; with one other rater it is their level."""
    return comparison.has_self and len(comparison.raters) > 2  # noqa: PLR2004  self and one other


def _view_dots(view: View, names: Sequence[str]) -> DotRow:
    ratings = ", ".join(
        f"{_answer(answer)} by {name}" for name, answer in zip(names, view.answers, strict=True)
    )
    required = "" if view.required is None else f", {show_number(view.required)} required"
    levels = tuple(answer.level for answer in view.answers)
    return DotRow(view.name, levels, view.required, f"{view.name}: {ratings}{required}")


def _view_row(view: View, mood: Mood, comparison: Raters) -> Row:
    above = "" if view.self_above is None else signed(show_number(view.self_above))
    return (
        view.name,
        *map(_answer, view.answers),
        Cell(number_words(view.spread), mood),
        *((above,) if _has_others(comparison) else ()),
        number_words(view.required),
    )
