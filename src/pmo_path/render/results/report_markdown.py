"""The gap report as Markdown, for a review document or an issue."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

from pmo_path.domain.numbers import show_number
from pmo_path.render.formats.markdown_text import escaped, table
from pmo_path.render.nudges import nudge_words
from pmo_path.render.results import report as words
from pmo_path.render.role_fit import verdict
from pmo_path.render.words import gap_words, must_have_words, now_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pmo_path.domain.report import CompetenceResult, GapReport


def write_markdown(report: GapReport, out: TextIO, *, explain: bool = False) -> None:
    """Write the report; with `explain`, how each number was made."""
    out.write("\n\n".join(_parts(report, explain=explain)) + "\n")


def _parts(report: GapReport, *, explain: bool) -> Iterator[str]:
    yield f"## {escaped(words.title(report))}"
    yield escaped(words.facts(report))
    yield f"**{escaped(verdict(report.verdict))}**"
    if ahead := words.next_band(report):
        yield escaped(ahead)
    yield from _strengths(report)
    yield f"### {words.STANDING}"
    yield _gap_table(report)
    yield from _priorities(report)
    yield from _training(report)
    if report.nudges:
        yield f"### {words.LOOK_AGAIN}"
        yield _bullets(nudge_words(nudge) for nudge in report.nudges)
    if explain:
        yield from _explained(report)
    for said in words.footnotes(report.framework):
        yield f"*{escaped(said)}*"


def _strengths(report: GapReport) -> Iterator[str]:
    first, rest = words.strengths(report)
    if first:
        yield "### Strengths"
        yield _bullets([*first, *([f"Also at target: {rest}"] if rest else [])])


def _gap_table(report: GapReport) -> str:
    rows: list[tuple[str, ...]] = []
    for domain, results in words.by_domain(report):
        rows.append((f"**{escaped(domain.name)}**", *[""] * (len(words.COLUMNS) - 1)))
        rows += [_gap_row(result) for result in results]
    return table(words.COLUMNS, rows, right=("Now", "Required", "Gap", "Weight"))


def _gap_row(result: CompetenceResult) -> tuple[str, ...]:
    must_have = must_have_words(result)
    return (
        escaped(result.name),
        now_words(result),
        show_number(result.required),
        gap_words(result),
        f"**{must_have}**" if result.must_have_missing else must_have,
        show_number(result.importance),
    )


def _priorities(report: GapReport) -> Iterator[str]:
    if report.priorities:
        yield f"### {words.FIRST}"
    for number, priority in enumerate(report.priorities, 1):
        yield f"{number}. **{escaped(priority.name)}**\n" + _labelled(
            words.priority_rows(report, priority)
        )


def _training(report: GapReport) -> Iterator[str]:
    if report.training:
        yield f"### {words.TRAINING}"
    for number, option in enumerate(report.training[: words.COURSES_SHOWN], 1):
        yield f"{number}. **{escaped(option.title)}**\n" + _labelled(words.course_rows(option))
    if more := words.more_courses(report):
        yield f"{more}."


def _explained(report: GapReport) -> Iterator[str]:
    yield f"### {words.EXPLAINED}"
    yield _bullets(words.explained(report))
    rows = [(escaped(one.name), *words.worked(one)) for one in report.results]
    yield table(("Competence", *words.WORKED), rows, right=words.WORKED)


def _labelled(rows: Iterable[tuple[str, str]]) -> str:
    """The rows that say something, as the points below a numbered one."""
    return "\n".join(f"   - {label}: {escaped(said)}" for label, said in rows if said)


def _bullets(lines: Iterable[str]) -> str:
    return "\n".join(f"- {escaped(line)}" for line in lines)
