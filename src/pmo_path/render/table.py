"""The gap report for a terminal: the verdict, strengths, the gap table, and what to do next."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, TextIO

from rich.text import Text

from pmo_path.domain.levels import one_decimal, show_number
from pmo_path.domain.report import CONVERSATION_AID, Status
from pmo_path.render.base import (
    checked_words,
    gap_words,
    joined,
    length_words,
    must_have_words,
    now_words,
)
from pmo_path.render.page import NOTICE, Page, text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pmo_path.domain.report import CompetenceResult, GapReport, Priority, TrainingOption
    from pmo_path.render.base import Look

STRENGTHS_SHOWN = 5
COURSES_SHOWN = 5
COURSES_PER_GAP = 2
CELLS_PER_LEVEL = Decimal(2)
WIDEST_BAR = Decimal(6)


def write_table(report: GapReport, out: TextIO, look: Look, *, explain: bool = False) -> None:
    """Write the report for people; with `explain`, how each number was made."""
    page = Page(look)
    page.text(_title(report, look), "bold")
    page.text(_facts(report))
    page.blank()
    page.text(report.verdict, "bold")
    _strengths(page, report)
    page.heading("Where you stand")
    _gap_table(page, report, look)
    _priorities(page, report)
    _training(page, report)
    if report.nudges:
        page.heading("Look again")
        page.bullets(nudge.text for nudge in report.nudges)
    if explain:
        _explain(page, report)
    for words in (CONVERSATION_AID, report.framework.notice):
        if words:
            page.blank()
            page.text(words, NOTICE)
    page.write(out)


def _title(report: GapReport, look: Look) -> str:
    arrow = "→" if look.unicode else "->"
    path = report.role.name
    if report.current_role is not None and report.current_role.id != report.role.id:
        path = f"{report.current_role.name} {arrow} {path}"
    return joined((report.person, path), ": ")


def _facts(report: GapReport) -> str:
    about = report.framework
    rated = f"rated by {report.rater}" if report.rater != "self" else "self-assessment"
    return joined(
        (f"{rated} of {report.date}" if report.date else rated, f"{about.title}, {about.version}"),
        "; ",
    )


def _strengths(page: Page, report: GapReport) -> None:
    if not report.strengths:
        return
    strong = [report.result(key) for key in report.strengths]
    page.heading("Strengths")
    page.bullets(_strength(result) for result in strong[:STRENGTHS_SHOWN])
    rest = strong[STRENGTHS_SHOWN:]
    if rest:
        page.bullets([f"Also at target: {', '.join(result.name for result in rest)}"])


def _strength(result: CompetenceResult) -> str:
    words = f"{result.name}: {now_words(result)} ({result.label})"
    required = f"{show_number(result.required)} required"
    if result.surplus:
        return f"{words}, {show_number(result.surplus)} above the {required}"
    return f"{words}, {required}"


def _gap_table(page: Page, report: GapReport, look: Look) -> None:
    cells = _cells_per_level(report)
    rows: list[tuple[Text, ...]] = []
    for domain, name in report.domains:
        rows.append((text(name, "bold"),))
        results = [result for result in report.results if result.domain == domain]
        rows += [_gap_row(result, cells, look) for result in sorted(results, key=_worst_first)]
    headings = ("Competence", "Now", "Required", "Gap", "Must-have", "Weight")
    page.table(headings, rows, right=("Now", "Required", "Weight"))


def _worst_first(result: CompetenceResult) -> tuple[Decimal, bool, Decimal, Decimal]:
    gap = result.gap if result.gap is not None else Decimal(0)
    known = result.status is Status.RATED
    return -gap, known and not gap, -result.importance, -(result.surplus or Decimal(0))


def _cells_per_level(report: GapReport) -> Decimal:
    """How many cells of the bar one level takes, so that the widest gap still fits."""
    widest = max((result.gap or Decimal(0) for result in report.results), default=Decimal(0))
    return min(CELLS_PER_LEVEL, WIDEST_BAR / widest) if widest else CELLS_PER_LEVEL


def _gap_row(result: CompetenceResult, cells: Decimal, look: Look) -> tuple[Text, ...]:
    style = "red" if result.must_have_missing else ""
    if result.at_target:
        style = "green"
    return (
        _indented(result.name),
        Text(now_words(result)),
        Text(show_number(result.required)),
        Text(_bar(result, cells, look), style),
        Text(must_have_words(result), "red" if result.must_have_missing else ""),
        Text(show_number(result.importance)),
    )


def _indented(words: str) -> Text:
    return Text("  ").append_text(text(words))


def _bar(result: CompetenceResult, cells: Decimal, look: Look) -> str:
    words = gap_words(result)
    if not result.gap:
        return words
    length = max(1, round(result.gap * cells))
    return f"{words} {('█' if look.unicode else '#') * length}"


def _priorities(page: Page, report: GapReport) -> None:
    if report.priorities:
        page.heading("Work on these first")
    for number, priority in enumerate(report.priorities, 1):
        page.line(Text.assemble(f"{number}. ", text(priority.name, "bold")))
        page.labelled(_priority_rows(report, priority))


def _priority_rows(report: GapReport, priority: Priority) -> Iterator[tuple[str, str]]:
    yield "Why", priority.why
    if priority.experience is not None:
        step = priority.experience
        yield "Do", f"{step.action} (towards {show_number(step.level)})"
    yield "Learn from", priority.exposure
    yield "Training", _fitting(report, priority)
    yield "Proof", "; ".join(priority.evidence)


def _fitting(report: GapReport, priority: Priority) -> str:
    options = {option.id: option for option in report.training}
    fitting = [options[key] for key in priority.training[:COURSES_PER_GAP]]
    if not fitting:
        nothing = "no course in the framework fits this level"
        return f"{nothing}; the work above is the way" if priority.experience else nothing
    return "; or ".join(
        joined(
            (
                option.title,
                option.provider,
                length_words(option),
                "" if option.checked else checked_words(None),
            )
        )
        for option in fitting
    )


def _training(page: Page, report: GapReport) -> None:
    if not report.training:
        return
    page.heading("Training, by how much of all your gaps it closes")
    for number, option in enumerate(report.training[:COURSES_SHOWN], 1):
        page.line(Text.assemble(f"{number}. ", text(option.title, "bold")))
        page.labelled(_course_rows(option))
    rest = len(report.training) - COURSES_SHOWN
    if rest > 0:
        noun = "course helps" if rest == 1 else "courses help"
        page.line(Text(f"   {rest} more {noun}; --format json lists all."))


def _course_rows(option: TrainingOption) -> Iterator[tuple[str, str]]:
    helps = (
        f"{one.name} {show_number(one.from_level)} to {show_number(one.to_level)}"
        for one in option.helps
    )
    yield "From", joined((option.provider, option.format), "; ")
    yield "Takes", joined((length_words(option), option.kind, checked_words(option.checked)))
    yield "Prepares for", f"{joined(helps)} (closes {show_number(option.closes)} by weight)"
    yield "Needs first", joined(option.prerequisites, "; ")
    yield "Note", option.note


def _explain(page: Page, report: GapReport) -> None:
    page.heading("How the numbers were made")
    for line in _explained(report):
        page.text(line)
    numbers = ("Weight", "Reached", "Of", "Priority")
    page.table(("Competence", *numbers), [_worked(one) for one in report.results], right=numbers)


def _worked(result: CompetenceResult) -> tuple[Text, ...]:
    numbers = (result.importance, result.reached, result.reachable, result.priority)
    shown = (str(result.status) if one is None else show_number(one) for one in numbers)
    return (text(result.name), *map(Text, shown))


def _explained(report: GapReport) -> Iterator[str]:
    yield "Gap: required level minus rating, never below 0. Priority: weight times gap."
    yield (
        "Reached: weight times the levels reached of those required, counted from the bottom of "
        "the scale. Of: the most it can be."
    )
    if report.readiness is not None:
        one = report.readiness
        yield (
            f"Readiness: {show_number(one.reached)} reached of {show_number(one.reachable)} "
            f"over the rated competences = {one_decimal(one.percent)} % (exactly {one.percent})."
        )
    if report.band is not None:
        yield (
            f"Band: '{report.band.label}' is the best band that this readiness reaches and whose "
            f"limit on must-haves is kept ({len(report.must_haves_missing)} missing)."
        )
    yield "Order of gaps: must-have shortfalls, deepest first; then priority; then gap."
