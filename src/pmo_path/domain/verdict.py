"""The verdict on one role: what the ratings prove, in a few sentences, and nothing beyond them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_path.domain.numbers import one_decimal, show_number, up_to_tenths
from pmo_path.domain.report import BandReason, Readiness, Status, missing_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from decimal import Decimal
    from fractions import Fraction

    from pmo_path.domain.bands import Bands
    from pmo_path.domain.report import CompetenceResult, GapReport


def verdict(
    results: Sequence[CompetenceResult],
    readiness: Readiness | None,
    bands: Bands,
    *,
    has_bands: bool,
) -> str:
    """The result in words; without `has_bands` the framework has a single band, which says nothing."""
    if readiness is None:
        return " ".join(_nothing_rated(results))
    start = f"{_band(bands)}readiness" if has_bands else "Readiness"
    return " ".join(
        (
            f"{start} {_headline(results, readiness, bands)}.",
            *_open(bands, _of(results, Status.UNRATED)),
            *_not_applicable(results, bands),
        )
    )


def shortfall(report: GapReport, percent: Fraction) -> str:
    """Why a report does not prove a readiness in percent; empty where its low end reaches it."""
    if report.readiness is None:
        return "nothing is rated"
    if report.band is None:
        return "too much is n/a for a band"
    low = report.readiness.low
    if low >= percent:
        return ""
    points = up_to_tenths(percent - low)
    least = "at least " if report.unrated else ""
    return f"readiness is {least}{one_decimal(low)} %, {points_words(points)} short"


def points_words(points: Decimal) -> str:
    """`1 point`, `2.5 points`."""
    return f"{show_number(points)} point{'' if points == 1 else 's'}"


def range_words(readiness: Readiness) -> str:
    """Readiness in percent: one figure, or from the low to the high end where they look different."""
    low, high = one_decimal(readiness.low), one_decimal(readiness.high)
    return f"{low} %" if low == high else f"{low} to {high} %"


def _nothing_rated(results: Sequence[CompetenceResult]) -> Iterator[str]:
    yield "No ratings yet, so there is no score."
    if count := len(_of(results, Status.NOT_APPLICABLE)):
        yield f"{_count(count, len(results))} n/a."
    yield "Rate at least one competence."


def _band(bands: Bands) -> str:
    if bands.low is None or bands.high is None:
        return "No band: "
    if bands.low == bands.high:
        return f"{bands.low.label}: "
    return f"{bands.low.label}, at most {bands.high.label} once everything is rated: "


def _headline(results: Sequence[CompetenceResult], readiness: Readiness, bands: Bands) -> str:
    applicable = len(results) - len(_of(results, Status.NOT_APPLICABLE))
    unrated = len(_of(results, Status.UNRATED))
    at_target = sum(result.at_target for result in results)
    of = ""
    if bands.reason is BandReason.TOO_MUCH_NA:
        of = (
            f" over the {applicable} that apply"
            if applicable > 1
            else " over the one that applies"
        )
    still = f" with {unrated} of {applicable} unrated" if unrated else ""
    return (
        f"{range_words(readiness)}{of}{still}, {at_target} of {applicable} at target, "
        f"{_missing(result for result in results if result.must_have_missing)}"
    )


def _missing(results: Iterable[CompetenceResult]) -> str:
    names = [missing_name(result.name, result.status) for result in results]
    if not names:
        return "no must-have missing"
    return f"{len(names)} must-have{'' if len(names) == 1 else 's'} missing: {', '.join(names)}"


def _open(bands: Bands, unrated: Sequence[CompetenceResult]) -> Iterator[str]:
    """What decides between the bands of the two ends."""
    if bands.low == bands.high:
        return
    must_haves = sum(result.must_have is not None for result in unrated)
    if len(unrated) == 1:
        yield f"The unrated competence{', a must-have,' if must_haves else ''} makes the difference."
        return
    which = "all" if must_haves == len(unrated) else str(must_haves)
    among = f", {which} of them {'a must-have' if must_haves == 1 else 'must-haves'},"
    yield (
        f"The {len(unrated)} unrated competences{among if must_haves else ''} make the difference."
    )


def _not_applicable(results: Sequence[CompetenceResult], bands: Bands) -> Iterator[str]:
    count = len(_of(results, Status.NOT_APPLICABLE))
    if bands.reason is BandReason.TOO_MUCH_NA:
        yield (
            f"{_count(count, len(results))} n/a, more than a third of what the role requires, "
            "so there is no band."
        )
    elif count:
        yield f"{_count(count, len(results))} n/a and not counted."


def _count(count: int, of: int) -> str:
    return f"{count} of {of} competences {'is' if count == 1 else 'are'}"


def _of(results: Sequence[CompetenceResult], status: Status) -> list[CompetenceResult]:
    return [result for result in results if result.status is status]
