"""How well a person fits a role, in words that stand in a table or a list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_path.domain.levels import one_decimal
from pmo_path.domain.report import missing_name
from pmo_path.render.base import joined

if TYPE_CHECKING:
    from pmo_path.domain.fitting import Fit

NO_FIGURE = "none"
"""Where nothing is rated."""


def readiness_words(fit: Fit) -> str:
    """The readiness alone, to stand beside `at_target_words` and `missing_words`."""
    return NO_FIGURE if fit.readiness is None else f"{one_decimal(fit.readiness.percent)} %"


def range_words(fit: Fit) -> str:
    """Between which figures it lies; empty when nothing is left unrated."""
    if fit.readiness is None or not fit.unrated:
        return ""
    low, high = one_decimal(fit.readiness.low), one_decimal(fit.readiness.high)
    return f"{low} to {high} %"


def band_words(fit: Fit) -> str:
    """The band given."""
    return NO_FIGURE if fit.band is None else fit.band.label


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
