"""How the figures of a gap report are computed: the rules, and the terms of one report."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from pmo_path.domain.numbers import one_decimal, show_number
from pmo_path.render.document import Facts
from pmo_path.render.role_fit import band_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pmo_path.domain.report import GapReport
    from pmo_path.domain.scoring import CompetenceResult, Readiness

GAP_RULE = (
    "Gap: required level minus rating, never below 0. Priority: importance times gap, in points."
)
REACHED_RULE = (
    "Reached: importance times the levels reached of those required, counted from the bottom of "
    "the scale. Of: the most it can be."
)
READINESS_RULE = (
    "Readiness: the total reached as a share of the total possible. The low end of its range puts "
    "unrated competences at the lowest level, the high end at the required level; n/a is not "
    "counted. A surplus never makes up for a gap."
)
ORDER_RULE = "Order of gaps: must-have shortfalls, deepest first; then priority; then gap."
METHOD = (GAP_RULE, REACHED_RULE, READINESS_RULE, ORDER_RULE)
WORKED = ("Importance", "Reached", "Of", "Priority")
"""The headings of `worked`."""


def explained(report: GapReport) -> Iterator[str]:
    """Return how the figures of this report were computed, a sentence each."""
    yield from (GAP_RULE, REACHED_RULE)
    if report.readiness is not None:
        readiness = report.readiness
        reached, reachable = show_number(readiness.reached), show_number(readiness.reachable)
        yield (
            f"Readiness: {reached} reached of {reachable} over the rated competences = "
            f"{one_decimal(readiness.percent)} % (exactly {readiness.percent})."
        )
        yield from _range(readiness)
    yield from _band(report)
    yield ORDER_RULE


def _range(readiness: Readiness) -> Iterator[str]:
    if readiness.low != readiness.high:
        low, high = one_decimal(readiness.low), one_decimal(readiness.high)
        yield (
            f"Range: {low} % (exactly {readiness.low}) with every unrated competence at the lowest "
            f"level, {high} % (exactly {readiness.high}) with all of them at the required level."
        )


def _band(report: GapReport) -> Iterator[str]:
    if report.band is not None and report.band_high is not None:
        count = len(report.must_haves_missing)
        yield (
            f"Band: '{report.band.label}' is the best band for the low end, within its limits on "
            f"must-haves ({count} missing, including unrated and n/a)."
        )
        if report.band != report.band_high:
            yield (
                f"At most: '{report.band_high.label}' is the best band for the high end, with "
                "unrated must-haves met."
            )


def legend(report: GapReport) -> Facts:
    """Return what bands, importance and the symbols in the table mean."""
    bands = "; ".join(f"{band.label} {band_rule(band)}" for band in report.bands)
    return Facts((("Bands", bands), *symbols().rows))


def symbols() -> Facts:
    """Return what must-haves, importance and the symbols in a table of competences mean."""
    return Facts(
        (
            (
                "Must-have",
                "the lowest level that the role accepts: missing (4) or met (4), with that level",
            ),
            ("Importance", "how much a competence counts; gap points are importance times gap"),
            (
                "Symbols",
                "? is unrated; n/a is not applicable; met +2 is two levels above the required one",
            ),
        )
    )


def worked(result: CompetenceResult) -> list[str]:
    """Return the importance, the points reached and possible, and the priority of a competence."""
    numbers = (result.importance, result.reached, result.reachable, result.priority)
    return [str(result.status) if number is None else show_number(number) for number in numbers]


def worked_words(result: CompetenceResult) -> str:
    """Return how the gap and the priority of a competence were computed."""
    if result.rating is None or result.gap is None or result.priority is None:
        return f"{result.status}: no gap is counted".capitalize()
    gap, importance = show_number(result.gap), show_number(result.importance)
    return (
        f"Gap: {show_number(result.required)} required, {show_number(result.rating)} now: {gap}. "
        f"Priority: importance {importance} times gap {gap} = {show_number(result.priority)}. "
        f"Reached {show_number(result.reached or Decimal(0))} of {show_number(result.reachable)}."
    )
