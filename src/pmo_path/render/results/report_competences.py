"""The competences of a gap report: as charts, tables and CSV."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from pmo_path.domain.numbers import show_number
from pmo_path.domain.scoring import Status
from pmo_path.render.document import (
    Axis,
    Cell,
    Column,
    Group,
    LevelBar,
    LevelBars,
    Mood,
    Radar,
    Section,
    Table,
    columns,
    ungrouped,
)
from pmo_path.render.results.report_method import legend, worked_words
from pmo_path.render.role_fit import NO_FIGURE, range_words
from pmo_path.render.words import gap_words, joined, must_have_words, now_words, number_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pmo_path.domain.report import DomainResult, GapReport
    from pmo_path.domain.scoring import CompetenceResult
    from pmo_path.render.document import Row

MIN_AXES, MAX_AXES = 3, 12
"""With fewer axes a radar has no area, with more it cannot be read."""
MAX_RINGS = 6
BAR_PER_LEVEL = Fraction(1, 3)
"""How much of a bar in the table a gap of one level fills at most."""
COLUMNS = (
    Column("Competence"),
    Column("Now", is_right=True),
    Column("Required", is_right=True),
    Column("Gap"),
    Column("Must-have", drops=2),
    Column("Importance", is_right=True, drops=1),
)
PAGE_COLUMNS = columns(
    ("Competence", "Domain", "Now", "Required", "Gap", "Must-have", "Importance", "Priority"),
    right=("Now", "Required", "Importance", "Priority"),
)
FILTERS = (
    ("gap", "gaps"),
    ("missing", "must-haves missing"),
    ("met", "at target"),
    ("unrated", "unrated"),
)


def _by_domain(report: GapReport) -> list[tuple[DomainResult, list[CompetenceResult]]]:
    """Return the results of each domain, widest gaps first and what is met last."""
    return [
        (
            domain,
            sorted(
                (result for result in report.results if result.domain == domain.id),
                key=_worst_first,
            ),
        )
        for domain in report.domains
    ]


def _worst_first(result: CompetenceResult) -> tuple[Decimal, bool, Decimal, Decimal]:
    gap = result.gap if result.gap is not None else Decimal(0)
    is_met = result.status is Status.RATED and not gap
    return -gap, is_met, -result.importance, -(result.surplus or Decimal(0))


def _gap_table(report: GapReport) -> Table:
    widest = max((result.gap or Decimal(0) for result in report.results), default=Decimal(0))
    per_level = min(BAR_PER_LEVEL, 1 / Fraction(widest)) if widest else BAR_PER_LEVEL
    groups = (
        Group(domain.name, tuple(_gap_row(result, per_level) for result in results))
        for domain, results in _by_domain(report)
    )
    return Table(COLUMNS, tuple(groups))


def _gap_row(result: CompetenceResult, per_level: Fraction) -> Row:
    mood = Mood.GOOD if result.at_target else Mood.PLAIN
    bar = Fraction(result.gap) * per_level if result.gap else None
    return (
        result.name,
        now_words(result),
        show_number(result.required),
        Cell(gap_words(result), Mood.BAD if result.must_have_missing else mood, bar),
        _must_have(result),
        show_number(result.importance),
    )


def _must_have(result: CompetenceResult) -> Cell:
    mood = Mood.BAD if result.must_have_missing else Mood.GOOD
    text = must_have_words(result)
    return Cell(text, mood if text else Mood.PLAIN, is_tag=True)


def every_competence(report: GapReport, *, explain: bool) -> Table:
    domains = {domain.id: domain.name for domain in report.domains}
    rest = [result for result in report.results if not result.gap]
    rest.sort(
        key=lambda result: (result.rating is not None, result.status is Status.NOT_APPLICABLE)
    )
    ordered = (*map(report.result, report.gaps), *rest)
    return Table(
        PAGE_COLUMNS,
        ungrouped(_page_row(result, domains[result.domain]) for result in ordered),
        name="gaps",
        note="In the order in which to work on them: gaps first, then what is unrated, then what "
        "is met.",
        is_sortable=True,
        filters=FILTERS,
        are_notes_open=explain,
    )


def _page_row(result: CompetenceResult, domain: str) -> Row:
    expects = f"The role expects: {result.expects}" if result.expects else ""
    notes = (worked_words(result), *filter(None, (expects, _evidence(result))))
    return (
        Cell(result.name, passes=tuple(_kinds(result))),
        domain,
        Cell(now_words(result), sort_by=number_words(result.rating)),
        show_number(result.required),
        Cell(gap_words(result), notes=notes, sort_by=number_words(result.gap)),
        _must_have(result),
        show_number(result.importance),
        number_words(result.priority),
    )


def _kinds(result: CompetenceResult) -> Iterator[str]:
    if result.gap:
        yield "gap"
    if result.at_target:
        yield "met"
    if result.status is Status.UNRATED:
        yield "unrated"
    if result.must_have_missing:
        yield "missing"


def _evidence(result: CompetenceResult) -> str:
    """Return the evidence, its year, and how sure the rater is; empty for nothing."""
    year = "" if result.year is None else str(result.year)
    details = joined((year, f"confidence {result.confidence}" if result.confidence else ""))
    if not result.evidence:
        return details.capitalize()
    return f"Evidence: {result.evidence}" + (f" ({details})" if details else "")


# --- Charts ---------------------------------------------------------------------------------------


def level_bars(report: GapReport) -> LevelBars:
    """Return each level beside the required one; other formats have a table and a legend."""
    groups = (
        (domain.name, _domain_note(domain), tuple(map(_level_bar, results)))
        for domain, results in _by_domain(report)
    )
    return LevelBars(report.scale, tuple(groups), (_gap_table(report), legend(report)))


def _domain_note(domain: DomainResult) -> str:
    readiness = NO_FIGURE if domain.readiness is None else range_words(domain.readiness)
    return f"readiness {readiness}, {domain.at_target} of {domain.applicable} at target"


def _level_bar(result: CompetenceResult) -> LevelBar:
    now, required = now_words(result), show_number(result.required)
    must_have = must_have_words(result)
    description = joined(
        (
            f"{result.name}: {f'{now} now' if result.rating is not None else result.status}",
            f"{required} required",
            f"{gap_words(result)} short" if result.gap else "",
            gap_words(result) if result.at_target else "",
            f"must-have {must_have}" if must_have else "",
        )
    )
    figure = f"{now} / {required}" if result.rating is not None else str(result.status)
    return LevelBar(
        result.name, result.rating, result.required, result.must_have, figure, description
    )


def radar_section(report: GapReport) -> Iterator[Section]:
    """Yield the radar of the key competences, or of the domains where those are too few or many."""
    keys = [
        result
        for result in report.results
        if result.key and result.status is not Status.NOT_APPLICABLE
    ]
    if MIN_AXES <= len(keys) <= MAX_AXES:
        radar = _radar_of_competences(report, keys)
        yield Section("Key competences: now and required", (radar,), repeats=True)
    elif MIN_AXES <= len(report.domains) <= MAX_AXES:
        radar = Radar("Domain", tuple(map(_domain_axis, report.domains)), rings=4)
        yield Section("Domains: now and required", (radar,), repeats=True)


def _radar_of_competences(report: GapReport, results: Iterable[CompetenceResult]) -> Radar:
    lowest, highest = report.scale[0].level, report.scale[-1].level

    def share(level: Decimal) -> float:
        return float((level - lowest) / (highest - lowest))

    axes = (
        Axis(
            result.name,
            None if result.rating is None else share(result.rating),
            share(result.required),
            now_words(result),
            show_number(result.required),
        )
        for result in results
    )
    return Radar("Competence", tuple(axes), rings=min(len(report.scale) - 1, MAX_RINGS))


def _domain_axis(domain: DomainResult) -> Axis:
    """Return a domain at the low end of its readiness; the text gives the range."""
    readiness = domain.readiness
    if readiness is None:
        return Axis(domain.name, None, 1, "?", "100 %")
    return Axis(domain.name, float(readiness.low) / 100, 1, range_words(readiness), "100 %")


# --- CSV ------------------------------------------------------------------------------------------


def csv_rows(report: GapReport) -> Iterator[Sequence[str]]:
    """Yield the headings, and a row for each required competence in the framework's order.

    A what-if report has the figures of the ratings as they are, and further columns for those
    assumed: whoever reads the file back as ratings reads no assumption.
    """
    if report.what_if is None:
        rows = list(map(_csv_cells, report.results))
    else:
        today = {result.id: result for result in report.what_if.results_today}
        rows = [
            _csv_cells(today.get(result.id, result))
            | _what_if_cells(result, is_set=result.id in today)
            for result in report.results
        ]
    yield tuple(rows[0])
    yield from (tuple(row.values()) for row in rows)


def _csv_cells(result: CompetenceResult) -> dict[str, str]:
    return {
        "competence": result.id,
        "name": result.name,
        "domain": result.domain,
        "status": str(result.status),
        "rating": number_words(result.rating),
        "required": show_number(result.required),
        "gap": number_words(result.gap),
        "surplus": number_words(result.surplus),
        "importance": show_number(result.importance),
        "priority": number_words(result.priority),
        "must_have": number_words(result.must_have),
        "must_have_missing": _yes_or_no(result.must_have_missing),
        "evidence": result.evidence,
        "year": "" if result.year is None else str(result.year),
        "confidence": result.confidence or "",
    }


def _what_if_cells(result: CompetenceResult, *, is_set: bool) -> dict[str, str]:
    return {
        "what_if_set": _yes_or_no(is_set),
        "what_if_status": str(result.status),
        "what_if_rating": number_words(result.rating),
        "what_if_gap": number_words(result.gap),
        "what_if_surplus": number_words(result.surplus),
        "what_if_priority": number_words(result.priority),
        "what_if_must_have_missing": _yes_or_no(result.must_have_missing),
    }


def _yes_or_no(value: object) -> str:
    return "true" if value else "false"
