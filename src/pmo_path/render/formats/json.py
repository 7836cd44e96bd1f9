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

SCHEMA = 1
"""The version of the shape of every result."""


def record(value: Any, **changed: Any) -> dict[str, Any]:
    """Return a result about people as JSON has it; `changed` replaces or adds keys."""
    from pmo_path.render.words import CONVERSATION_AID  # noqa: PLC0415  not the rulebook's

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
def _texts(module: str) -> Mapping[type, Callable[[Any], Any]]:
    """The values of this module that have another form in JSON, and what writes it."""
    from pmo_path.render.texts import MODULES  # noqa: PLC0415  the rulebook has none

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
