"""Values in the types that JSON has; numbers are numbers, a percentage is rounded and exact."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING, Any, TextIO

from pmo_path.domain.numbers import one_decimal
from pmo_path.domain.text import replaced

if TYPE_CHECKING:
    from collections.abc import Callable

    from pmo_path.render.words import TextStyle

    _Texts = Mapping[type, Callable[[Any], Any]]

SCHEMA = 1
"""The version of the shape of every result."""


def record(value: Any, **changed: Any) -> dict[str, Any]:
    """Return a result about people as JSON has it; `changed` replaces or adds keys."""
    from pmo_path.render.words import CONVERSATION_AID

    return {"schema": SCHEMA, **plain(value), **changed, "reminder": CONVERSATION_AID}


def write(value: Mapping[str, Any], out: TextIO, _style: TextStyle | None = None) -> None:
    """Write one JSON object, indented, and a line break.

    Characters that a terminal would obey are written as escapes, which programs read as the same.
    """
    text = json.dumps(value, ensure_ascii=False, indent=2)
    # Line breaks between keys are not part of any text, and stay.
    out.write("\n".join(replaced(line, _escaped) for line in text.split("\n")) + "\n")


def _escaped(character: str) -> str:
    return json.dumps(character).strip('"')


def plain(value: Any) -> Any:
    """`value` in the types that JSON has."""
    kind = type(value)
    write_text = _texts(kind.__module__).get(kind)
    if write_text is not None:
        return plain(write_text(value))
    if isinstance(value, Mapping):
        return {str(plain(key)): plain(item) for key, item in value.items()}
    if isinstance(value, tuple):
        fields = getattr(value, "_fields", None)
        if fields is None:
            return [plain(item) for item in value]
        return {field: plain(getattr(value, field)) for field in fields}
    return _plain_scalar(value)


@cache
def _texts(module: str) -> _Texts:
    """The values of this module that have another form in JSON, and what writes it."""
    return MODULES[module]() if module in MODULES else {}


def _plain_scalar(value: Any) -> Any:
    match value:
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case Fraction():
            return {"rounded": float(one_decimal(value)), "exact": str(value)}
        case datetime.date():
            return value.isoformat()
        case Enum():
            return value.value
        case _:
            return value


# --- Values with another form ---------------------------------------------------------------------
# A nudge becomes an object with other keys, all else a text. The writers for one kind of result load
# only with it.


def _of_reports() -> _Texts:
    from pmo_path.domain.nudges import Nudge, RatedOn
    from pmo_path.domain.recommendations import PriorityReason
    from pmo_path.domain.report import Verdict
    from pmo_path.render.role_fit import verdict
    from pmo_path.render.words import nudge_text, other_framework, why

    return {Nudge: nudge_text, PriorityReason: why, RatedOn: other_framework, Verdict: verdict}


def _of_comparisons() -> _Texts:
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


MODULES: Mapping[str, Callable[[], _Texts]] = {
    "pmo_path.domain.nudges": _of_reports,
    "pmo_path.domain.recommendations": _of_reports,
    "pmo_path.domain.report": _of_reports,
    "pmo_path.domain.compare.inputs": _of_comparisons,
    "pmo_path.domain.compare.over_time": _of_comparisons,
    "pmo_path.domain.compare.raters": _of_comparisons,
}
"""The texts for the types of each module that has any."""
