"""Values of the domain that JSON has in another form, mostly as a text, and what writes each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pmo_path.domain.compare.model import Advice, Consensus, Movement, Remark
from pmo_path.domain.report import Nudge, PriorityReason, RatedOn, Verdict
from pmo_path.render.comparisons import (
    advice_words,
    consensus_words,
    movement_words,
    remark_words,
)
from pmo_path.render.nudges import nudge_text, other_framework
from pmo_path.render.role_fit import verdict
from pmo_path.render.words import why

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

TEXTS: Mapping[type, Callable[[Any], Any]] = {
    Advice: advice_words,
    Consensus: consensus_words,
    Movement: movement_words,
    Nudge: nudge_text,
    PriorityReason: why,
    RatedOn: other_framework,
    Remark: remark_words,
    Verdict: verdict,
}
"""By type. A nudge becomes an object with other keys, all else a text."""
