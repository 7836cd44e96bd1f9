"""Values of the domain that JSON has in another form, and what writes each.

A nudge becomes an object with other keys, all else a text. The writers for one
kind of result load only with it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Texts = Mapping[type, Callable[[Any], Any]]


def _of_reports() -> Texts:
    from pmo_path.domain.nudges import Nudge, RatedOn
    from pmo_path.domain.recommendations import PriorityReason
    from pmo_path.domain.report import Verdict
    from pmo_path.render.role_fit import verdict
    from pmo_path.render.words import nudge_text, other_framework, why

    return {Nudge: nudge_text, PriorityReason: why, RatedOn: other_framework, Verdict: verdict}


def _of_comparisons() -> Texts:
    from pmo_path.domain.compare.inputs import Remark
    from pmo_path.domain.compare.over_time import Movement
    from pmo_path.domain.compare.raters import Advice, Consensus
    from pmo_path.render.compare_words import (
        advice_words,
        consensus_words,
        movement_words,
        remark_words,
    )

    return {
        Advice: advice_words,
        Consensus: consensus_words,
        Movement: movement_words,
        Remark: remark_words,
    }


MODULES: Mapping[str, Callable[[], Texts]] = {
    "pmo_path.domain.nudges": _of_reports,
    "pmo_path.domain.recommendations": _of_reports,
    "pmo_path.domain.report": _of_reports,
    "pmo_path.domain.compare.inputs": _of_comparisons,
    "pmo_path.domain.compare.over_time": _of_comparisons,
    "pmo_path.domain.compare.raters": _of_comparisons,
}
"""The texts for the types of each module that has any."""
