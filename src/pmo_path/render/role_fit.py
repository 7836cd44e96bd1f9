"""How well a person fits a role, in words that stand in a table or a list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_path.domain.numbers import one_decimal, show_number, signed
from pmo_path.domain.report import BandReason, missing_name
from pmo_path.domain.verdict import points_words, range_words
from pmo_path.render.words import joined

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from decimal import Decimal

    from pmo_path.domain.ranking import Fit, ReadinessChange
    from pmo_path.domain.report import BandFacts, BlockingMustHave, NextBand

NO_FIGURE = "none"
"""Where nothing is rated."""
NEXT_BAND = "Next band"
BAND_REASONS = {
    BandReason.NOTHING_RATED: NO_FIGURE,
    BandReason.TOO_MUCH_NA: f"{NO_FIGURE}: too much n/a",
}


def readiness_words(fit: Fit) -> str:
    """Readiness, as a range where anything is unrated; to stand beside what is at target."""
    return NO_FIGURE if fit.readiness is None else range_words(fit.readiness)


def band_words(fit: Fit) -> str:
    """The band that the ratings prove, and the best one that they leave open."""
    if fit.band is None or fit.band_high is None:
        return NO_FIGURE if fit.band_reason is None else BAND_REASONS[fit.band_reason]
    if fit.band == fit.band_high:
        return fit.band.label
    return f"{fit.band.label}, at most {fit.band_high.label}"


def band_rule(band: BandFacts) -> str:
    """What a band takes: `from 75 % with at most 2 must-haves missing, each by at most 1 level`."""
    words = f"from {show_number(band.at_least)} %"
    missing, levels = band.must_haves_missing, band.must_have_gap
    if missing is not None:
        count = "no" if missing == 0 else f"at most {missing}"
        words += f" with {count} must-have{'' if missing in {0, 1} else 's'} missing"
    if levels is not None and missing != 0:
        words += f"{', each' if missing else ' with each missing must-have short'} by "
        words += f"at most {_levels(levels)}"
    return words


def _levels(count: Decimal) -> str:
    return f"{show_number(count)} level{'' if count == 1 else 's'}"


def next_band_words(next_band: NextBand | None) -> str:
    """What is missing to the next band, must-haves by name; empty in the best one."""
    if next_band is None:
        return ""
    steps = joined(_steps(next_band), "; ")
    return f"{next_band.band.label} (from {show_number(next_band.band.at_least)} %): {steps}"


def next_band_count(next_band: NextBand | None) -> str:
    """The same for a cell of a table, must-haves counted."""
    if next_band is None:
        return ""
    count = next_band.must_haves_in_the_way
    must_haves = f"{count} must-have{'' if count == 1 else 's'}" if count else ""
    return f"{next_band.band.label}: {joined((_points(next_band), must_haves))}"


def _points(next_band: NextBand) -> str:
    return points_words(next_band.points) if next_band.points else ""


def _steps(next_band: NextBand) -> Iterator[str]:
    if points := _points(next_band):
        yield f"{points} away"
    count, of = next_band.must_haves_to_meet, len(next_band.must_haves)
    if count:
        which = {1: "the missing must-have", 2: "both missing must-haves"}.get(
            of, f"all {of} missing must-haves"
        )
        if count < of:
            which = f"{count} of the {of} missing must-haves"
        yield f"meet {which}: {_names(next_band.must_haves)}"
    too_deep = [must_have for must_have in next_band.must_haves if must_have.too_deep]
    limit = next_band.band.must_have_gap
    if too_deep and limit is not None and not _all_are_needed(next_band):
        yield f"raise to within {_levels(limit)} of the must-have: {_names(too_deep)}"


def _all_are_needed(next_band: NextBand) -> bool:
    return next_band.must_haves_to_meet == len(next_band.must_haves)


def _names(must_haves: Iterable[BlockingMustHave]) -> str:
    return joined(missing_name(must_have.name, must_have.status) for must_have in must_haves)


def change_words(change: ReadinessChange | None) -> str:
    """Points of readiness, as one figure where both ends of the range changed alike."""
    low, high = _ends(change)
    return low if low == high else f"{low} low, {high} high"


def change_cell(change: ReadinessChange | None) -> str:
    """The same where there is little room: low end, then high end."""
    low, high = _ends(change)
    return low if low == high else f"{low}/{high}"


def _ends(change: ReadinessChange | None) -> tuple[str, str]:
    if change is None:
        return "", ""
    return signed(one_decimal(change.low)), signed(one_decimal(change.high))


def at_target_words(fit: Fit) -> str:
    """How many of the competences that apply are at target."""
    return f"{fit.at_target} of {fit.applicable}"


def missing_count_words(fit: Fit) -> str:
    """How many must-haves are missing."""
    return f"{len(fit.must_haves_missing) or 'none'} missing"


def missing_words(fit: Fit) -> str:
    """The must-haves that are missing, by name; empty when none is."""
    return joined(missing_name(one.name, one.status) for one in fit.must_haves_missing)


def unrated_words(fit: Fit) -> str:
    """What is unrated, by name; empty when nothing is."""
    return joined(one.name for one in fit.unrated)


def count_words(fit: Fit) -> str:
    """How many competences have no level: `3 unrated, 1 n/a`; empty for none."""
    unrated = f"{len(fit.unrated)} unrated" if fit.unrated else ""
    return joined((unrated, f"{fit.not_applicable} n/a" if fit.not_applicable else ""))
