"""The gap report as a page for a browser."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, NamedTuple, TextIO

from pmo_path.domain.numbers import show_number
from pmo_path.domain.ranking import fit_of
from pmo_path.domain.report import Status
from pmo_path.render.document import Axis, LevelBar, Meter
from pmo_path.render.formats.html import charts
from pmo_path.render.formats.html.page import write_page
from pmo_path.render.nudges import nudge_words
from pmo_path.render.results import report as words
from pmo_path.render.role_fit import band_rule, band_words, range_words, readiness_words, verdict
from pmo_path.render.words import (
    checked_words,
    gap_words,
    joined,
    length_words,
    must_have_words,
    now_words,
    why,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from decimal import Decimal

    from pmo_path.domain.report import CompetenceResult, DomainResult, GapReport, Priority

HELD_BACK_SHOWN = 3


class Row(NamedTuple):
    """A row of the table of every competence."""

    result: CompetenceResult
    domain: str
    kinds: str
    """What it can be filtered by."""
    now: str
    gap: str
    gap_value: str
    """What it is sorted by; above all gaps are those that are unknown."""
    must_have: str
    worked: str
    evidence: str


class Card(NamedTuple):
    """A priority, and what is shown with it."""

    priority: Priority
    why: str
    result: CompetenceResult
    training: str


class Radar(NamedTuple):
    """The radar, and the same as a table."""

    drawn: charts.Radar
    title: str
    kind: str
    """What its axes are."""
    rows: Sequence[tuple[str, str, str]]
    """Name, now and required of each axis."""

    @property
    def words(self) -> str:
        """The radar for whoever does not see it."""
        said = "; ".join(f"{name}: {now} of {required}" for name, now, required in self.rows)
        return f"Radar, now of what is required. {said}"


def write_html(report: GapReport, out: TextIO, *, explain: bool = False) -> None:
    """Write the report as a page; with `explain`, the workings are open from the start."""
    fit = fit_of(report)
    strengths, others = words.strengths(report)
    values = {
        "report": report,
        "meter": report.readiness
        and Meter(report.readiness.low, report.readiness.high, report.bands, ""),
        "verdict": verdict(report.verdict),
        "nudges": [nudge_words(nudge) for nudge in report.nudges],
        "band": band_words(fit),
        "readiness": readiness_words(fit),
        "next_band": words.next_band(report),
        "band_rule": band_rule,
        "range_words": range_words,
        "framework": report.framework,
        "explain": explain,
        "title": words.title(report),
        "rated": words.rated_words(report),
        "explained": list(words.explained(report)),
        "now": _now,
        "missing": [report.result(key) for key in report.must_haves_missing],
        "held_back": _held_back(report),
        "strengths": strengths,
        "other_strengths": others,
        "profile": [(one, _bars(report, results)) for one, results in words.by_domain(report)],
        "ticks": charts.ticks(report.scale),
        "rows": list(_rows(report)),
        "cards": list(_cards(report)),
        "training_title": words.TRAINING,
        "courses": [
            (one, length_words(one), checked_words(one.checked)) for one in report.training
        ],
        "about": list(_about(report)),
        "method": words.METHOD,
        "look_again": words.LOOK_AGAIN,
        "radar": _radar(report),
    }
    write_page("report.html", values, out)


def _held_back(report: GapReport) -> list[CompetenceResult]:
    """The first gaps that are not among the must-haves that are missing."""
    others = (report.result(key) for key in report.gaps if key not in report.must_haves_missing)
    return list(islice(others, HELD_BACK_SHOWN))


def _now(result: CompetenceResult) -> str:
    """What is known of the level, in words."""
    return f"{now_words(result)} now" if result.rating is not None else str(result.status)


def _bars(
    report: GapReport, results: list[CompetenceResult]
) -> list[tuple[CompetenceResult, charts.Bar, str, str]]:
    return [
        (
            one,
            charts.bar(
                LevelBar("", one.rating, one.required, one.must_have, "", ""), report.scale
            ),
            _bar_words(one),
            _figure(one),
        )
        for one in results
    ]


def _figure(result: CompetenceResult) -> str:
    """What stands beside a bar: `3 / 5`."""
    if result.rating is None:
        return str(result.status)
    return f"{now_words(result)} / {show_number(result.required)}"


def _bar_words(result: CompetenceResult) -> str:
    """A bar for whoever does not see it."""
    gap = gap_words(result)
    short = f"{gap} short" if result.gap else gap
    must_have = must_have_words(result)
    return joined(
        (
            f"{result.name}: {_now(result)}",
            f"{show_number(result.required)} required",
            short if result.rating is not None else "",
            f"must-have {must_have}" if must_have else "",
        )
    )


# --- Radar ----------------------------------------------------------------------------------------


def _radar(report: GapReport) -> Radar | None:
    """The radar over the key competences, or over the domains where those are too few or many."""
    keys = [one for one in report.results if one.key and one.status is not Status.NOT_APPLICABLE]
    if charts.MIN_AXES <= len(keys) <= charts.MAX_AXES:
        return _radar_of_keys(report, keys)
    if charts.MIN_AXES <= len(report.domains) <= charts.MAX_AXES:
        return _radar_of_domains(report.domains)
    return None


def _radar_of_keys(report: GapReport, keys: list[CompetenceResult]) -> Radar:
    lowest, highest = report.scale[0].level, report.scale[-1].level

    def share(level: Decimal) -> float:
        return float((level - lowest) / (highest - lowest))

    axes = [
        Axis(
            one.name,
            None if one.rating is None else share(one.rating),
            share(one.required),
            "",
            "",
        )
        for one in keys
    ]
    rows = [(one.name, now_words(one), show_number(one.required)) for one in keys]
    rings = min(len(report.scale) - 1, charts.MAX_RINGS)
    return Radar(charts.radar(axes, rings), "Key competences", "Competence", rows)


def _radar_of_domains(domains: Sequence[DomainResult]) -> Radar:
    """Each domain at the low end of its readiness; the table gives the range."""
    ranges = [domain.readiness for domain in domains]
    axes = [
        Axis(one.name, None if found is None else float(found.low) / 100, 1, "", "")
        for one, found in zip(domains, ranges, strict=True)
    ]
    rows = [
        (one.name, "?" if found is None else range_words(found), "100 %")
        for one, found in zip(domains, ranges, strict=True)
    ]
    return Radar(charts.radar(axes, rings=4), "Domains", "Domain", rows)


# --- Table, cards, facts --------------------------------------------------------------------------


def _rows(report: GapReport) -> Iterator[Row]:
    domains = {one.id: one.name for one in report.domains}
    rest = [one for one in report.results if not one.gap]
    rest.sort(key=lambda one: (one.rating is not None, one.status is Status.NOT_APPLICABLE))
    for result in (*map(report.result, report.gaps), *rest):
        yield Row(
            result=result,
            domain=domains[result.domain],
            kinds=" ".join(_kinds(result)),
            now=now_words(result),
            gap=gap_words(result),
            gap_value="" if result.gap is None else str(result.gap),
            must_have=must_have_words(result),
            worked=words.worked_words(result),
            evidence=words.evidence_words(result),
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


def _cards(report: GapReport) -> Iterator[Card]:
    for one in report.priorities:
        yield Card(one, why(one.why), report.result(one.competence), words.fitting(report, one))


def _about(report: GapReport) -> Iterator[tuple[str, str]]:
    about = report.framework
    yield "Person", report.person
    yield "Role held", report.current_role.name if report.current_role else ""
    yield "Role aimed at", report.role.name
    yield "Rated", words.rated_words(report)
    yield "Framework", f"{about.title} ({about.id}), version {about.version}"
    yield "Content hash", about.content_hash
