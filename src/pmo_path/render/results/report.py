"""Render the gap report: the gaps of a person against a role, and what to do next."""

from __future__ import annotations

from decimal import Decimal
from itertools import islice
from typing import TYPE_CHECKING

from pmo_path.domain.numbers import show_number
from pmo_path.domain.ranking import fit_of
from pmo_path.render.document import (
    ARROW,
    Card,
    Cards,
    Cell,
    Document,
    Facts,
    Figures,
    Group,
    ListBlock,
    Meter,
    Mood,
    Paragraph,
    Row,
    Section,
    Table,
    columns,
    sections_of,
)
from pmo_path.render.formats.json import record
from pmo_path.render.formats.registry import Result
from pmo_path.render.nudges import nudge_words
from pmo_path.render.results.report_charts import level_bars, radar_section
from pmo_path.render.results.report_method import (
    METHOD,
    WORKED,
    explained,
    worked,
)
from pmo_path.render.results.report_tables import by_domain, csv_rows, every_competence, gap_table
from pmo_path.render.role_fit import (
    NEXT_BAND,
    at_target_words,
    band_rule,
    band_words,
    missing_count_words,
    next_band_words,
    readiness_words,
    verdict,
)
from pmo_path.render.words import (
    LOOK_AGAIN,
    checked_words,
    count,
    footnotes,
    joined,
    length_words,
    now_words,
    rated_words,
    version,
    why,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pmo_path.domain.report import (
        CompetenceResult,
        GapReport,
        Priority,
        TrainingOption,
    )
    from pmo_path.render.document import Block

STRENGTHS_SHOWN = 5
COURSES_SHOWN = 5
COURSES_PER_GAP = 2
HELP_SHOWN = 3
HELD_BACK_SHOWN = 3


def report_result(report: GapReport, *, explain: bool = False) -> Result:
    """Return the report for any format; with `explain`, how each figure was computed."""
    return Result(
        lambda: report_document(report, explain=explain),
        lambda: record(report),
        lambda: csv_rows(report),
    )


def report_document(report: GapReport, *, explain: bool = False) -> Document:
    """Return the report laid out; with `explain`, how each figure was computed."""
    return Document(
        title=_title(report),
        subtitle=joined((rated_words(report), version(report.framework)), "; "),
        verdict=verdict(report.verdict),
        opening=tuple(_opening(report)),
        sections=(
            _held_back(report),
            _strengths(report),
            _help(report),
            *radar_section(report),
            Section(
                "Where you stand", (level_bars(report, by_domain(report), gap_table(report)),)
            ),
            Section(
                "Every competence",
                (every_competence(report, explain=explain),),
                only_on_page=True,
            ),
            *_priorities(report),
            *_courses(report),
            *sections_of(LOOK_AGAIN, [nudge_words(nudge) for nudge in report.nudges]),
            _explained(report, explain=explain),
        ),
        about=tuple(_about(report)),
        footnotes=footnotes(report.framework),
        framework=report.framework,
    )


def _title(report: GapReport) -> str:
    """Return whose report it is, and from which role to which."""
    path = report.role.name
    if report.current_role is not None and report.current_role.id != report.role.id:
        path = f"{report.current_role.name} {ARROW} {path}"
    return joined((report.person, path), ": ")


# --- Verdict --------------------------------------------------------------------------------------


def _opening(report: GapReport) -> Iterator[Block]:
    if steps := next_band_words(report.next_band):
        yield Paragraph(f"{NEXT_BAND}: {steps}.")
    readiness = report.readiness
    if readiness is not None:
        yield _figures(report)
        rules = "; ".join(f"{band.label} {band_rule(band)}" for band in report.bands)
        yield Meter(readiness.low, readiness.high, report.bands, f"{rules}.")


def _figures(report: GapReport) -> Figures:
    fit = fit_of(report)
    figures = [
        ("Band", band_words(fit)),
        ("Readiness", readiness_words(fit)),
        ("At target", at_target_words(fit)),
        ("Must-haves", missing_count_words(fit)),
    ]
    counts = (("Unrated", report.unrated), ("n/a", report.not_applicable))
    figures += [(label, str(len(competences))) for label, competences in counts if competences]
    return Figures(tuple(figures))


def _held_back(report: GapReport) -> Section:
    missing = [report.result(must_have.id) for must_have in report.must_haves_missing]
    blocks: list[Block] = [Paragraph("No must-haves missing.")]
    if missing:
        blocks = [
            Paragraph("Must-haves missing:"),
            ListBlock(
                tuple(
                    (
                        result.name,
                        f"{_now(result)}, at least {show_number(result.must_have or Decimal(0))} needed",
                    )
                    for result in missing
                )
            ),
        ]
    other_gaps = (key for key in report.gaps if not report.result(key).must_have_missing)
    if others := [report.result(key) for key in islice(other_gaps, HELD_BACK_SHOWN)]:
        blocks += [
            Paragraph("The first of the other gaps:" if missing else "The first gaps:"),
            ListBlock(
                tuple(
                    f"{result.name}: {_now(result)}, {show_number(result.required)} required"
                    for result in others
                )
            ),
        ]
    return Section("What is holding you back", tuple(blocks), panel=Mood.BAD, only_on_page=True)


def _now(result: CompetenceResult) -> str:
    return f"{now_words(result)} now" if result.rating is not None else str(result.status)


def _strengths(report: GapReport) -> Section:
    strong = [report.result(key) for key in report.strengths]
    items = [_strength(result) for result in strong[:STRENGTHS_SHOWN]]
    if others := ", ".join(result.name for result in strong[STRENGTHS_SHOWN:]):
        items.append(f"Also at target: {others}")
    block = ListBlock(tuple(items)) if items else Paragraph("Nothing rated is at target yet.")
    return Section("Strengths", (block,), panel=Mood.GOOD, only_on_page=not items)


def _strength(result: CompetenceResult) -> str:
    level = f"{result.name}: {now_words(result)} ({result.label})"
    required = f"{show_number(result.required)} required"
    if result.surplus:
        return f"{level}, {show_number(result.surplus)} above the {required}"
    return f"{level}, {required}"


def _help(report: GapReport) -> Section:
    """Return the first steps; the priorities below have all of them."""
    blocks: list[Block]
    if report.priorities:
        steps = [
            (
                priority.name,
                priority.experience.do if priority.experience else "; ".join(priority.exposure),
            )
            for priority in report.priorities[:HELP_SHOWN]
        ]
        everything = "All priorities, with whom to learn from and which courses fit"
        blocks = [
            ListBlock(tuple(step if step[1] else step[0] for step in steps), is_numbered=True),
            Paragraph(everything, is_small=True, link="first"),
        ]
    elif report.unrated:
        unrated = f"{len(report.unrated)} of {report.applicable} are unrated"
        blocks = [Paragraph(f"No gaps among the rated competences; {unrated}.")]
    else:
        blocks = [Paragraph("There is no gap to work on.")]
    return Section("What would help most", tuple(blocks), panel=Mood.PLAIN, only_on_page=True)


# --- What to do -----------------------------------------------------------------------------------


def _priorities(report: GapReport) -> Iterator[Section]:
    if report.priorities:
        cards = tuple(_priority(report, priority) for priority in report.priorities)
        yield Section("Work on these first", (Cards(cards),), name="first")


def _priority(report: GapReport, priority: Priority) -> Card:
    step = priority.experience
    result = report.result(priority.id)
    return Card(
        priority.name,
        (
            ("Why", why(priority.why)),
            ("The role expects", result.expects),
            ("Do", f"{step.do} (towards {show_number(step.level)})" if step else ""),
            ("Learn from", priority.exposure),
            ("Course", _courses_for(report, priority)),
            ("Evidence", priority.evidence_to_collect),
        ),
        Cell("must-have missing", Mood.BAD, is_tag=True) if result.must_have_missing else None,
    )


def _courses_for(report: GapReport, priority: Priority) -> str:
    """Return the courses that fit a gap best, or that there are none."""
    options = {option.id: option for option in report.training}
    fitting = [options[key] for key in priority.training_ids[:COURSES_PER_GAP]]
    if not fitting:
        none = "no course in the framework fits this level"
        return f"{none}; the work above is the way" if priority.experience else none
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


def _courses(report: GapReport) -> Iterator[Section]:
    if not report.training:
        return
    total = sum((result.priority or Decimal(0) for result in report.results), Decimal(0))
    rest = len(report.training) - COURSES_SHOWN
    more = f"{count(rest, 'more course helps', 'more courses help')}; --format json lists all."
    cards = tuple(_course(option, total) for option in report.training)
    yield Section(
        "Courses that would help most",
        (
            Cards(cards, COURSES_SHOWN, more if rest > 0 else ""),
            Paragraph(
                "A course prepares for a level; only work at that level proves it.", is_small=True
            ),
        ),
    )


def _course(option: TrainingOption, total: Decimal) -> Card:
    helps = (
        help_.name
        if help_.to_level is None
        else f"{help_.name} {show_number(help_.from_level)} to {show_number(help_.to_level)}"
        for help_ in option.helps
    )
    covered = f"{show_number(option.covers)} of your {show_number(total)} gap points"
    if len(option.helps) > 1:
        covered += f" ({' + '.join(show_number(help_.covers) for help_ in option.helps)})"
    return Card(
        option.title,
        (
            ("From", joined((option.provider, option.format), "; ")),
            ("Takes", joined((length_words(option), option.kind, checked_words(option.checked)))),
            ("Prepares for", joined(helps)),
            ("Covers", covered),
            ("Take before", joined((course.name for course in option.take_first), ", then ")),
            ("Requires", joined(option.prerequisites, "; ")),
            ("Note", option.note),
        ),
    )


# --- Method ---------------------------------------------------------------------------------------


def _explained(report: GapReport, *, explain: bool) -> Section:
    rows: Iterable[Row] = (Row((result.name, *worked(result))) for result in report.results)
    table = Table(columns(("Competence", *WORKED), WORKED), (Group("", tuple(rows)),))
    return Section(
        "How the figures were computed",
        (ListBlock(tuple(explained(report))), table),
        is_folded=not explain,
    )


def _about(report: GapReport) -> Iterator[Block]:
    yield Facts(
        (
            ("Person", report.person),
            ("Role held", report.current_role.name if report.current_role else ""),
            ("Role aimed at", report.role.name),
            ("Rated", rated_words(report)),
        )
    )
    yield ListBlock(METHOD)
