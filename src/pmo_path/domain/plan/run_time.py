"""How long an action runs."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pmo_path.domain.plan.model import Action, Limits


def weeks_of(action: Action, limits: Limits) -> int:
    """Return how many weeks an action runs: those it is expected to take, or that its hours fill."""
    by_hours = Fraction(action.expected_hours) / Fraction(limits.hours_per_week)
    return max(1, math.ceil(action.expected_weeks), math.ceil(by_hours))
