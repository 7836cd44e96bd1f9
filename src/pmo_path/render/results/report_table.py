"""The gap report for a terminal: the verdict, strengths, the gap table, and what to do next."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, TextIO

from rich.text import Text

from pmo_path.domain.numbers import show_number
from pmo_path.render.formats.console import NOTICE, Page, text
from pmo_path.render.nudges import nudge_words
from pmo_path.render.results import report as words
from pmo_path.render.role_fit import verdict
from pmo_path.render.words import gap_words, must_have_words, now_words

if TYPE_CHECKING:
    from pmo_path.domain.report import CompetenceResult, GapReport
    from pmo_path.render.words import TextStyle

CELLS_PER_LEVEL = Decimal(2)
WIDEST_BAR = Decimal(6)


def write_table(
    report: GapReport, out: TextIO, style: TextStyle, *, explain: bool = False
) -> None:
    """Write the report for people; with `explain`, how each number was made."""
    page = Page(style)
    page.text(words.title(report, "→" if style.unicode else "->"), "bold")
    page.text(words.facts(report))
    page.blank()
    page.text(verdict(report.verdict), "bold")
    if ahead := words.next_band(report):
        page.text(ahead)
    _strengths(page, report)
    page.heading(words.STANDING)
    _gap_table(page, report, style)
    _priorities(page, report)
    _training(page, report)
    if report.nudges:
        page.heading(words.LOOK_AGAIN)
        page.bullets(nudge_words(nudge) for nudge in report.nudges)
    if explain:
        _explain(page, report)
    for said in words.footnotes(report.framework):
        page.blank()
        page.text(said, NOTICE)
    page.write(out)


def _strengths(page: Page, report: GapReport) -> None:
    first, rest = words.strengths(report)
    if first:
        page.heading("Strengths")
        page.bullets(first)
    if rest:
        page.bullets([f"Also at target: {rest}"])


def _gap_table(page: Page, report: GapReport, style: TextStyle) -> None:
    cells = _cells_per_level(report)
    rows: list[tuple[Text, ...]] = []
    for domain, results in words.by_domain(report):
        rows.append((text(domain.name, "bold"),))
        rows += [_gap_row(result, cells, style) for result in results]
    page.table(words.COLUMNS, rows, right=("Now", "Required", "Weight"))


def _cells_per_level(report: GapReport) -> Decimal:
    """How many cells of the bar one level takes, so that the widest gap still fits."""
    widest = max((result.gap or Decimal(0) for result in report.results), default=Decimal(0))
    return min(CELLS_PER_LEVEL, WIDEST_BAR / widest) if widest else CELLS_PER_LEVEL


def _gap_row(result: CompetenceResult, cells: Decimal, style: TextStyle) -> tuple[Text, ...]:
    color = "red" if result.must_have_missing else ""
    if result.at_target:
        color = "green"
    return (
        _indented(result.name),
        Text(now_words(result)),
        Text(show_number(result.required)),
        Text(_bar(result, cells, style), color),
        Text(must_have_words(result), "red" if result.must_have_missing else ""),
        Text(show_number(result.importance)),
    )


def _indented(words: str) -> Text:
    return Text("  ").append_text(text(words))


def _bar(result: CompetenceResult, cells: Decimal, style: TextStyle) -> str:
    words = gap_words(result)
    if not result.gap:
        return words
    length = max(1, round(result.gap * cells))
    return f"{words} {('█' if style.unicode else '#') * length}"


def _priorities(page: Page, report: GapReport) -> None:
    if report.priorities:
        page.heading(words.FIRST)
    for number, priority in enumerate(report.priorities, 1):
        page.line(Text.assemble(f"{number}. ", text(priority.name, "bold")))
        page.labelled(words.priority_rows(report, priority))


def _training(page: Page, report: GapReport) -> None:
    if not report.training:
        return
    page.heading(words.TRAINING)
    for number, option in enumerate(report.training[: words.COURSES_SHOWN], 1):
        page.line(Text.assemble(f"{number}. ", text(option.title, "bold")))
        page.labelled(words.course_rows(option))
    if more := words.more_courses(report):
        page.line(Text(f"   {more}; --format json lists all."))


def _explain(page: Page, report: GapReport) -> None:
    page.heading(words.EXPLAINED)
    for line in words.explained(report):
        page.text(line)
    rows = [(text(one.name), *map(Text, words.worked(one))) for one in report.results]
    page.table(("Competence", *words.WORKED), rows, right=words.WORKED)
