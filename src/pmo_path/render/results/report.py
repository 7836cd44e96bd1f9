"""Render the gap report: the gaps of a person against a role, and what to do next."""

from __future__ import annotations

from decimal import Decimal
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from pmo_path.domain.next_band_path import next_band_path
from pmo_path.domain.nudges import NudgeKind
from pmo_path.domain.numbers import show_number
from pmo_path.domain.role_fit import fit_of
from pmo_path.render.document import (
    Detail,
    Document,
    Facts,
    Figures,
    ListBlock,
    Meter,
    Mood,
    Paragraph,
    Section,
    Table,
    columns,
    ungrouped,
)
from pmo_path.render.formats.json import plain, record
from pmo_path.render.formats.registry import Result
from pmo_path.render.results.report_advice import (
    network_section,
    next_band_sections,
    priorities_section,
    training_sections,
)
from pmo_path.render.results.report_competences import (
    csv_rows,
    every_competence,
    level_bars,
    radar_section,
)
from pmo_path.render.results.report_method import (
    METHOD,
    WORKED,
    explained,
    symbols,
    worked,
)
from pmo_path.render.results.report_what_if import (
    figures_shown,
    marked,
    what_if_notice,
    what_if_sections,
)
from pmo_path.render.role_fit import (
    NEXT_BAND,
    band_rule,
    must_haves_missing,
    next_band_in_brief,
    next_band_words,
    range_words,
    verdict,
)
from pmo_path.render.words import (
    BRIEF_AID,
    LOOK_AGAIN,
    brief_version,
    change_text,
    footnotes,
    joined,
    now_words,
    nudge_words,
    rated_words,
    version,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pmo_path.domain.recommendations import Priority
    from pmo_path.domain.report import GapReport, Waypoint
    from pmo_path.domain.scoring import CompetenceResult
    from pmo_path.render.document import Block

STRENGTHS_SHOWN = 5
STRENGTHS_IN_BRIEF = 3
FIRST_STEPS_SHOWN = 3
HELD_BACK_SHOWN = 3
_ROLE_HELD = "You hold this role, so the bands show how fully you fill it."
_START = "Where to start"
_START_THIS_WEEK = "Start this week"
_ALL_PRIORITIES = "All priorities, with whom to learn from and which courses fit"


class BriefReport(NamedTuple):
    """What the short form of a report shows, which takes about a screenful of a terminal."""

    first_steps: int = FIRST_STEPS_SHOWN
    """The number of priorities."""
    more: str = ""
    """How to see everything; empty where that is said elsewhere."""


def report_result(
    report: GapReport, *, explain: bool = False, short: BriefReport | None = None
) -> Result:
    """Return the report for any format; with `explain`, how each figure was computed.

    With `short`, a terminal shows the short form; all other formats are full.
    """
    return Result(
        lambda: report_document(report, explain=explain, short=short),
        lambda: record(
            report, verdict=_verdict(report), next_band_path=plain(next_band_path(report))
        ),
        lambda: csv_rows(report),
    )


def report_document(
    report: GapReport, *, explain: bool = False, short: BriefReport | None = None
) -> Document:
    """Return the report laid out; `explain` and `short` are as in `report_result`."""
    about = version(report.framework) if short is None else brief_version(report.framework)
    return Document(
        title=_title(report),
        subtitle=joined((rated_words(report), about), "; "),
        verdict=_verdict(report),
        notice=what_if_notice(report.what_if),
        opening=tuple(_opening(report, is_brief=short is not None)),
        sections=(
            *what_if_sections(report),
            _held_back(report),
            _strengths(report),
            _first_steps(report, FIRST_STEPS_SHOWN if short is None else short.first_steps),
            *(next_band_sections(report) if short is None else ()),
            *radar_section(report),
            Section("Where you stand", (level_bars(report),)),
            Section(
                "Every competence",
                (every_competence(report, explain=explain), symbols()),
                repeats=True,
            ),
            *priorities_section(report),
            *training_sections(report),
            *_worth_checking(report),
            network_section(report),
            _explained(report, explain=explain),
        ),
        about=tuple(_about(report)),
        footnotes=footnotes(report.framework)
        if short is None
        else (joined((BRIEF_AID, short.more), " "),),
        framework=report.framework,
        detail=Detail.FULL if short is None else Detail.BRIEF,
    )


def _title(report: GapReport) -> str:
    """Return whose report it is, and from which role to which."""
    path = report.role.name
    if report.current_role is not None and report.current_role.id != report.role.id:
        path = change_text(report.current_role.name, path)
    return marked(report, joined((report.person, path), ": "))


# --- Verdict --------------------------------------------------------------------------------------


def _verdict(report: GapReport) -> str:
    return marked(report, verdict(report.verdict))


def _opening(report: GapReport, *, is_brief: bool) -> Iterator[Block]:
    away = next_band_in_brief if is_brief else next_band_words
    if steps := away(report.next_band):
        yield Paragraph(f"{NEXT_BAND}: {steps}.")
    if report.current_role is not None and report.current_role.id == report.role.id:
        yield Paragraph(_ROLE_HELD)
    if path := _path(report):
        yield Paragraph(path)
    readiness = report.readiness
    if readiness is not None:
        yield _figures(report)
        rules = "; ".join(f"{band.label} {band_rule(band)}" for band in report.bands)
        yield Meter(readiness.low, readiness.high, report.bands, f"{rules}.")


def _path(report: GapReport) -> str:
    """Return how far the roles between the one held and the target are; empty without any."""
    between = joined(map(_waypoint, report.career_path[:-1]))
    return f"On the way: {between}." if between else ""


def _waypoint(waypoint: Waypoint) -> str:
    """Return a role on the way, with its readiness and the must-haves that are missing."""
    if waypoint.readiness is None:
        return waypoint.role.name
    band = f"{waypoint.band.label}, " if waypoint.band is not None else ""
    missing = must_haves_missing(len(waypoint.must_haves_missing))
    return f"{waypoint.role.name} ({band}readiness {range_words(waypoint.readiness)}, {missing})"


def _figures(report: GapReport) -> Figures:
    figures = figures_shown(fit_of(report)).items()
    optional = {"Unrated", "n/a"}
    return Figures(
        tuple((label, text) for label, text in figures if label not in optional or text != "0")
    )


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
    return Section("What is holding you back", tuple(blocks), panel=Mood.BAD, repeats=True)


def _now(result: CompetenceResult) -> str:
    return f"{now_words(result)} now" if result.rating is not None else str(result.status)


def _strengths(report: GapReport) -> Section:
    strong = [report.result(key) for key in report.strengths]
    shown = _worth_showing(report, strong)[:STRENGTHS_SHOWN]
    items = [_strength(result) for result in shown]
    if others := ", ".join(result.name for result in strong if result not in shown):
        items.append(f"Also at target: {others}")
    block: Block = Paragraph("Nothing rated is at target yet.")
    if items:
        block = ListBlock(tuple(items), brief_items=STRENGTHS_IN_BRIEF)
    return Section(
        "Strengths",
        (block,),
        panel=Mood.GOOD,
        repeats=not items,
        detail=Detail.BRIEF if items else Detail.FULL,
    )


def _worth_showing(
    report: GapReport, strong: Sequence[CompetenceResult]
) -> Sequence[CompetenceResult]:
    """Return strengths without those at the first step of the scale, unless there are no others.

    A role may require no more than that, but to have begun is not what makes a person strong.
    """
    first_step = report.scale[1].level
    return [result for result in strong if (result.rating or 0) > first_step] or strong


def _strength(result: CompetenceResult) -> str:
    level = f"{result.name}: {now_words(result)} ({result.label})"
    required = f"{show_number(result.required)} required"
    if result.surplus:
        return f"{level}, {show_number(result.surplus)} above the {required}"
    return f"{level}, {required}"


def _first_steps(report: GapReport, number: int) -> Section:
    """Return the first thing to do for each of the first priorities."""
    heading = _START
    blocks: list[Block]
    if first := report.priorities[:number]:
        if all(priority.experience and priority.experience.first_move for priority in first):
            heading = _START_THIS_WEEK
        blocks = [
            ListBlock(tuple(_first_step(priority) for priority in first), is_numbered=True),
            Paragraph(_ALL_PRIORITIES, is_small=True, link="first", detail=Detail.FULL),
        ]
    elif report.unrated:
        blocks = [Paragraph(_no_gap_yet(len(report.unrated), report.applicable))]
    else:
        blocks = [Paragraph("There is no gap to work on.")]
    return Section(heading, tuple(blocks), panel=Mood.PLAIN, repeats=True, detail=Detail.BRIEF)


def _no_gap_yet(unrated: int, applicable: int) -> str:
    if unrated == applicable:
        return f"Rate yourself first: none of the {applicable} competences is rated."
    return f"No gaps among the rated competences; {unrated} of {applicable} are unrated."


def _first_step(priority: Priority) -> tuple[str, str] | str:
    """Return a priority with its levels, and the first move, the step or whom to learn from."""
    why, step = priority.why, priority.experience
    levels = f"{show_number(why.rating)} now, {show_number(why.required)} required"
    name = f"{priority.name} ({levels})"
    first = (step.first_move or step.do) if step else next(iter(priority.exposure), "")
    return (name, first) if first else name


def _worth_checking(report: GapReport) -> Iterator[Section]:
    """Yield what to check; the short form has only that the ratings are of another framework."""
    if not report.nudges:
        return
    items = tuple(nudge_words(nudge) for nudge in report.nudges)
    is_brief = report.nudges[0].kind is NudgeKind.OTHER_FRAMEWORK
    yield Section(
        LOOK_AGAIN,
        (ListBlock(items, brief_items=1),),
        detail=Detail.BRIEF if is_brief else Detail.FULL,
    )


# --- Method ---------------------------------------------------------------------------------------


def _explained(report: GapReport, *, explain: bool) -> Section:
    rows = ((result.name, *worked(result)) for result in report.results)
    table = Table(columns(("Competence", *WORKED), WORKED), ungrouped(rows))
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
