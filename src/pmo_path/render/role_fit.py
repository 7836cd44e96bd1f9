"""How well a person fits a role: the sentence of the verdict, and texts for cells and lists."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_path.domain.bands import BandReason
from pmo_path.domain.numbers import one_decimal, show_number, signed, up_to_tenths
from pmo_path.domain.scoring import Status
from pmo_path.render.words import count, joined, missing_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from decimal import Decimal
    from fractions import Fraction

    from pmo_path.domain.bands import BandFacts, BlockingMustHave, NextBand
    from pmo_path.domain.report import Fit, GapReport, MissingMustHave, ReadinessChange, Verdict
    from pmo_path.domain.scoring import Readiness

NO_FIGURE = "none"
"""The text if nothing is rated."""
NEXT_BAND = "Next band"
BAND_REASONS = {
    BandReason.NOTHING_RATED: NO_FIGURE,
    BandReason.TOO_MUCH_NA: f"{NO_FIGURE}: too much n/a",
}


def verdict(facts: Verdict) -> str:
    """Return what the ratings prove, in a few sentences."""
    return " ".join(_verdict(facts))


def _verdict(facts: Verdict) -> Iterator[str]:
    if facts.readiness is None:
        yield "No ratings yet, so there is no score."
        if facts.not_applicable:
            yield f"{_not_applicable(facts)}."
        yield "Rate at least one competence."
        return
    start = f"{_bands(facts)}: readiness" if facts.is_banded else "Readiness"
    yield f"{start} {_headline(facts, facts.readiness)}."
    if facts.band != facts.band_high:
        yield _undecided(facts)
    if facts.band_reason is BandReason.TOO_MUCH_NA:
        yield (
            f"{_not_applicable(facts)}, more than a third of what the role requires, "
            "so there is no band."
        )
    elif facts.not_applicable:
        yield f"{_not_applicable(facts)} and not counted."


def _bands(facts: Verdict) -> str:
    if facts.band is None or facts.band_high is None:
        return "No band"
    if facts.band == facts.band_high:
        return facts.band.label
    return f"{facts.band.label}, at most {facts.band_high.label} once everything is rated"


def _headline(facts: Verdict, readiness: Readiness) -> str:
    applicable = facts.applicable
    counted = ""
    if facts.band_reason is BandReason.TOO_MUCH_NA:
        apply = "that apply" if applicable > 1 else "that applies"
        counted = f" over the {applicable} {apply}"
    unrated = f" with {len(facts.unrated)} of {applicable} unrated" if facts.unrated else ""
    missing = [_missing(must_have) for must_have in facts.must_haves_missing]
    names = f": {', '.join(missing)}" if missing else ""
    return (
        f"{range_words(readiness)}{counted}{unrated}, {facts.at_target} of {applicable} at target, "
        f"{must_haves_missing(len(missing))}{names}"
    )


def _missing(must_have: MissingMustHave) -> str:
    """Return the name of a missing must-have, and why it is missing if it has no level."""
    if must_have.status is Status.NOT_APPLICABLE:
        return f"{must_have.name} ({must_have.status}, counts as missing)"
    return missing_name(must_have.name, must_have.status)


def _undecided(facts: Verdict) -> str:
    """Return what decides between the bands of the two ends."""
    unrated, must_haves = len(facts.unrated), facts.unrated_must_haves
    if unrated == 1:
        aside = ", a must-have," if must_haves else ""
        return f"The unrated competence{aside} decides which band."
    number = "all" if must_haves == unrated else must_haves
    noun = "a must-have" if must_haves == 1 else "must-haves"
    aside = f", {number} of them {noun}," if must_haves else ""
    return f"The {unrated} unrated competences{aside} decide which band."


def _not_applicable(facts: Verdict) -> str:
    number = len(facts.not_applicable)
    total = facts.applicable + number
    return f"{number} of {total} competences {'is' if number == 1 else 'are'} n/a"


def must_haves_missing(number: int) -> str:
    """Return `no must-haves missing`, `1 must-have missing`, `2 must-haves missing`."""
    return f"{count(number, 'must-have') if number else 'no must-haves'} missing"


def shortfall(report: GapReport, percent: Fraction) -> str:
    """Return why a report does not prove a readiness in percent; empty if its low end does."""
    if report.readiness is None:
        return "nothing is rated"
    if report.band is None:
        return "too much is n/a for a band"
    low = report.readiness.low
    if low >= percent:
        return ""
    points = up_to_tenths(percent - low)
    least = "at least " if report.unrated else ""
    return f"readiness is {least}{one_decimal(low)} %, {count(points, 'point')} short"


def range_words(readiness: Readiness) -> str:
    """Return readiness in percent: one figure, or both ends where they look different."""
    low, high = one_decimal(readiness.low), one_decimal(readiness.high)
    return f"{low} %" if low == high else f"{low} to {high} %"


def fit_figures(fit: Fit) -> dict[str, str]:
    """Return the figures of a fit in words, each by the heading that it has in every result."""
    return {
        "Band": _fit_band(fit),
        "Readiness": NO_FIGURE if fit.readiness is None else range_words(fit.readiness),
        NEXT_BAND: _next_band_count(fit.next_band),
        "At target": f"{fit.at_target} of {fit.applicable}",
        "Must-haves": f"{len(fit.must_haves_missing) or 'none'} missing",
    }


def _fit_band(fit: Fit) -> str:
    """Return the band that the ratings prove, and the best one that they leave open."""
    if fit.band is None or fit.band_high is None:
        return NO_FIGURE if fit.band_reason is None else BAND_REASONS[fit.band_reason]
    if fit.band == fit.band_high:
        return fit.band.label
    return f"{fit.band.label}, at most {fit.band_high.label}"


def band_rule(band: BandFacts) -> str:
    """The requirements of a band: `from 75 % with at most 2 must-haves missing, each by at most 1 level`."""
    rule = f"from {show_number(band.at_least)} %"
    missing, levels = band.max_must_haves_missing, band.max_must_have_gap
    if missing is not None:
        limit = "" if missing == 0 else "at most "
        rule += f" with {limit}{must_haves_missing(missing)}"
    if levels is not None and missing != 0:
        rule += f"{', each' if missing else ' with each missing must-have short'} by "
        rule += f"at most {count(levels, 'level')}"
    return rule


def next_band_words(next_band: NextBand | None) -> str:
    """What is missing for the next band, must-haves by name; empty for the best band."""
    if next_band is None:
        return ""
    steps = joined(_steps(next_band), "; ")
    return f"{next_band.band.label} (from {show_number(next_band.band.at_least)} %): {steps}"


def next_band_in_brief(next_band: NextBand | None) -> str:
    """The same in a line, must-haves counted."""
    if next_band is None:
        return ""
    band, number = next_band.band, next_band.must_haves_in_the_way
    missing = len(next_band.must_haves)
    of = f" of {missing}" if number < missing else ""
    must_haves = f"{number}{of} must-have{'' if missing == 1 else 's'}" if number else ""
    distance = " and ".join(filter(None, (_points(next_band), must_haves)))
    return f"{band.label} (from {show_number(band.at_least)} %): {distance} away"


def _next_band_count(next_band: NextBand | None) -> str:
    """Return the same for a cell of a table, must-haves counted."""
    if next_band is None:
        return ""
    number = next_band.must_haves_in_the_way
    must_haves = count(number, "must-have") if number else ""
    return f"{next_band.band.label}: {joined((_points(next_band), must_haves))}"


def _points(next_band: NextBand) -> str:
    return count(next_band.points, "point") if next_band.points else ""


def _steps(next_band: NextBand) -> Iterator[str]:
    if points := _points(next_band):
        yield f"{points} away"
    needed, missing = next_band.must_haves_to_meet, len(next_band.must_haves)
    if needed:
        which = {1: "the missing must-have", 2: "both missing must-haves"}.get(
            missing, f"all {missing} missing must-haves"
        )
        if needed < missing:
            which = f"{needed} of the {missing} missing must-haves"
        yield f"meet {which}: {_names(next_band.must_haves)}"
    too_deep = [must_have for must_have in next_band.must_haves if must_have.too_deep]
    limit = next_band.band.max_must_have_gap
    if too_deep and limit is not None and not _all_are_needed(next_band):
        yield from _within(limit, too_deep)


def _within(limit: Decimal, too_deep: Iterable[BlockingMustHave]) -> Iterator[str]:
    """Yield the levels at which must-haves are within a band's limit: of those rated, of the others."""
    raised, rated = [], []
    for must_have in too_deep:
        level = show_number(must_have.must_have - limit)
        if must_have.status is Status.RATED:
            raised.append(f"{must_have.name} to at least {level}")
        else:
            rated.append(f"{missing_name(must_have.name, must_have.status)} at {level} or higher")
    for verb, steps in (("raise", raised), ("rate", rated)):
        if steps:
            yield f"{verb} {joined(steps)}"


def _all_are_needed(next_band: NextBand) -> bool:
    return next_band.must_haves_to_meet == len(next_band.must_haves)


def _names(must_haves: Iterable[BlockingMustHave]) -> str:
    return joined(missing_name(must_have.name, must_have.status) for must_have in must_haves)


def change_words(change: ReadinessChange | None) -> str:
    """Points of readiness, as one figure where both ends of the range changed alike."""
    if change is None:
        return ""
    low, high = (signed(one_decimal(end)) for end in change)
    return low if low == high else f"{low} low, {high} high"


def missing_words(fit: Fit) -> str:
    """The must-haves that are missing, by name; empty when none is."""
    return joined(missing_name(missing.name, missing.status) for missing in fit.must_haves_missing)
