"""Two assessments by the same rater side by side, as a document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_path.domain.compare.model import MustHaveTurn, Turn
from pmo_path.domain.numbers import show_number, signed
from pmo_path.domain.report import Status
from pmo_path.render.comparisons import movement_words
from pmo_path.render.document import (
    ARROW,
    Cell,
    Document,
    DotRow,
    Dots,
    Facts,
    Group,
    Mood,
    Row,
    Section,
    Table,
    columns,
)
from pmo_path.render.results import compare_words
from pmo_path.render.role_fit import (
    NEXT_BAND,
    at_target_words,
    band_words,
    change_words,
    missing_count_words,
    next_band_count,
    readiness_words,
)
from pmo_path.render.words import assessed_by, footnotes, joined, version

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from decimal import Decimal

    from pmo_path.domain.compare.model import (
        AssessedFile,
        ComparedRating,
        CompetenceChange,
        OverTime,
    )

_GROUPS = {
    Turn.CLOSED: "Gaps closed",
    Turn.NARROWER: "Gaps narrower",
    Turn.WIDER: "Gaps wider",
    Turn.OPENED: "Gaps opened",
    Turn.MOVED: "Changed without a gap",
    Turn.NEWLY_RATED: "Newly rated",
    Turn.NO_LONGER_RATED: "No longer rated",
    Turn.APPLIES_OTHERWISE: "Between unrated and n/a",
    Turn.NOT_THERE: compare_words.NOT_THERE,
    Turn.INCOMPARABLE: compare_words.INCOMPARABLE,
}
_COLUMNS = ("Competence", "Then", "Now", "Change", "Required", "Gap", "Must-have")
_DROPS = ("Required", "Change", "Must-have", "Gap")


def over_time_document(comparison: OverTime) -> Document:
    """Return two assessments of a person side by side, and what changed between them."""
    return Document(
        title=joined((comparison.person, f"{comparison.role.name}, then and now"), ": "),
        subtitle=joined((_rated(comparison), version(comparison.framework)), "; "),
        verdict=movement_words(comparison.verdict),
        sections=(
            _readiness(comparison),
            *_changes(comparison),
            *compare_words.apart_sections(comparison),
        ),
        footnotes=footnotes(comparison.framework),
        framework=comparison.framework,
    )


def _rated(comparison: OverTime) -> str:
    rated = assessed_by(comparison.rater, plural=True)
    dates = [str(file.date) for file in (comparison.then, comparison.now) if file.date is not None]
    return f"{rated} of {' and '.join(dates)}" if dates else rated


def _readiness(comparison: OverTime) -> Section:
    both = comparison.then, comparison.now
    fits = [file.fit for file in both]
    rows = [
        ("Band", *map(band_words, fits)),
        ("Readiness", *map(readiness_words, fits)),
        ("Change", "", change_words(comparison.readiness_moved_by)),
        (NEXT_BAND, *(next_band_count(fit.next_band) for fit in fits)),
        ("n/a", *(str(len(fit.not_applicable) or "") for fit in fits)),
        ("At target", *map(at_target_words, fits)),
        ("Must-haves", *map(missing_count_words, fits)),
    ]
    headings = ("", _when("Then", comparison.then), _when("Now", comparison.now))
    shown = tuple(Row(cells) for cells in rows if any(cells[1:]))
    missing = compare_words.missing_rows(
        (f"{compare_words.MISSING} {label}", file)
        for label, file in zip(("then", "now"), both, strict=True)
    )
    return Section(
        compare_words.READINESS,
        (Table(columns(headings), (Group("", shown),)), *compare_words.facts(missing)),
    )


def _when(label: str, file: AssessedFile) -> str:
    return label if file.date is None else f"{label}, {file.date}"


def _changes(comparison: OverTime) -> Iterator[Section]:
    groups = {
        title: moves
        for turn, title in _GROUPS.items()
        if (moves := list(filter(_is_answered, comparison.turned(turn))))
    }
    if groups:
        rows = (Group(title, tuple(map(_row, moves))) for title, moves in groups.items())
        dots = ((title, tuple(map(_dot_row, moves))) for title, moves in groups.items())
        right = ("Then", "Now", "Change", "Required")
        table = Table(columns(_COLUMNS, right, _DROPS), tuple(rows))
        yield Section(
            "What changed", (Dots(("then", "now"), comparison.scale, tuple(dots), (table,)),)
        )
    if same := tuple(_same(comparison.turned(Turn.SAME))):
        yield Section("Unchanged", (Facts(same),))


def _dot_row(move: CompetenceChange) -> DotRow:
    then, now = _answer(move, move.then), _answer(move, move.now)
    required = f", {_level(move.required)} required" if move.required is not None else ""
    return DotRow(
        move.name,
        (move.then.level, move.now.level),
        move.required,
        f"{move.name}: {then} then, {now} now{required}",
    )


def _same(moves: Sequence[CompetenceChange]) -> Iterator[tuple[str, str]]:
    """Yield the names of unchanged competences by their state."""
    rated = [move for move in moves if move.now.status is Status.RATED]
    lists = (
        ("At target", _names(move for move in rated if move.gap_now == 0)),
        (
            "With a gap",
            ", ".join(f"{move.name} ({_level(move.gap_now)})" for move in rated if move.gap_now),
        ),
        ("Not required by the role", _names(move for move in rated if move.gap_now is None)),
        ("Unrated", _names(move for move in moves if move.now.status is Status.UNRATED)),
        (
            "n/a",
            _names(move for move in moves if move.now.status is Status.NOT_APPLICABLE),
        ),
    )
    return ((label, names) for label, names in lists if names)


def _names(moves: Iterable[CompetenceChange]) -> str:
    return ", ".join(move.name for move in moves)


def _row(move: CompetenceChange) -> Row:
    change = "" if move.by is None else signed(show_number(move.by))
    return Row(
        (
            move.name,
            _answer(move, move.then),
            _answer(move, move.now),
            Cell(change, _mood(move)),
            _level(move.required),
            _gap(move),
            _must_have(move),
        )
    )


def _is_answered(move: CompetenceChange) -> bool:
    return any(rating.status is not Status.UNRATED for rating in (move.then, move.now))


def _answer(move: CompetenceChange, answer: ComparedRating) -> str:
    """Return an answer as shown; a dash instead of `?` where none was possible or it does not fit."""
    if move.turn in {Turn.NOT_THERE, Turn.INCOMPARABLE} and answer.status is Status.UNRATED:
        return "-"
    return compare_words.answer_words(answer)


def _mood(move: CompetenceChange) -> Mood:
    if not move.by:
        return Mood.PLAIN
    return Mood.GOOD if move.by > 0 else Mood.BAD


def _gap(move: CompetenceChange) -> str:
    """Return the gap then and now, or one if both are the same; `unrated` or `n/a` for none."""
    if move.gap_then is None and move.gap_now is None:
        return ""
    then = _gap_words(move.then, move.gap_then, move.required)
    now = _gap_words(move.now, move.gap_now, move.required)
    return f" {ARROW} ".join(dict.fromkeys((then, now)))


def _gap_words(answer: ComparedRating, gap: Decimal | None, required: Decimal | None) -> str:
    if gap is None:
        return str(answer.status)
    if gap or answer.level is None or required is None or answer.level == required:
        return show_number(gap) if gap else "met"
    return f"met +{show_number(answer.level - required)}"


def _level(level: Decimal | None) -> str:
    return "" if level is None else show_number(level)


def _must_have(move: CompetenceChange) -> str:
    turn: MustHaveTurn | None = move.must_have_turn
    return "" if turn is None else f"{turn} ({_level(move.must_have)})"
