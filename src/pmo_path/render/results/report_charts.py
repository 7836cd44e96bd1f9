"""The charts of a gap report: each level beside the required one, and the shape of them all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_path.domain.numbers import show_number
from pmo_path.domain.scoring import Status
from pmo_path.render.document import Axis, LevelBar, LevelBars, Radar, Section
from pmo_path.render.role_fit import NO_FIGURE, range_words
from pmo_path.render.words import gap_words, joined, must_have_words, now_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from decimal import Decimal

    from pmo_path.domain.report import DomainResult, GapReport
    from pmo_path.domain.scoring import CompetenceResult
    from pmo_path.render.document import Block

MIN_AXES, MAX_AXES = 3, 12
"""With fewer axes a radar has no area, with more it cannot be read."""
MAX_RINGS = 6


def level_bars(
    report: GapReport,
    by_domain: Iterable[tuple[DomainResult, Sequence[CompetenceResult]]],
    alternative: tuple[Block, ...],
) -> LevelBars:
    """Return each level beside the required one; `alternative` is the same for other formats."""
    groups = (
        (domain.name, _domain_note(domain), tuple(map(_level_bar, results)))
        for domain, results in by_domain
    )
    return LevelBars(report.scale, tuple(groups), alternative)


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
