"""What to do at work to reach a level, and what it takes."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema

from pmo_path.domain.base_model import Extensible, ShortForm
from pmo_path.domain.fields import Text
from pmo_path.domain.numbers import MAX_MAGNITUDE, exact

_BOTH_ENDS = 2
_NO_SPAN = "expected a number, or a lower and an upper one such as [4, 8]"


def _span(value: Any) -> tuple[Decimal, Decimal]:
    ends = value if isinstance(value, tuple | list) else (value, value)
    if len(ends) != _BOTH_ENDS:
        raise ValueError(_NO_SPAN)
    try:
        low, high = map(exact, ends)
    except ValueError as error:
        raise ValueError(_NO_SPAN) from error
    if low <= 0:
        raise ValueError("expected numbers above 0")
    if low > high:
        raise ValueError("expected the lower number first")
    return low, high


_END = {"type": "number", "exclusiveMinimum": 0, "maximum": MAX_MAGNITUDE}
Span = Annotated[
    tuple[Decimal, Decimal],
    BeforeValidator(_span),
    WithJsonSchema(
        {**_END, "type": ["number", "array"], "items": _END, "minItems": 2, "maxItems": 2}
    ),
]
"""The lowest and the highest number of hours or weeks; a number alone in a file is both."""

Start = Literal["alone", "ask", "position", "event"]
"""What it takes to begin a step: nothing, somebody's consent, a position, or an outside event."""


class WorkStep(ShortForm, Extensible, title="Step at work"):
    """What to do at work to reach a level; a text alone in the file is what to do."""

    short_for = "do"

    do: Text = Field(description="What to do at work to reach the level.")
    first_move: str = Field("", description="What to do first, this week.")
    hours: Span | None = Field(
        None,
        description="The time one must find for it, in hours, preparation and reflection "
        "included: a number, or the lowest and the highest; default: unknown.",
    )
    weeks: Span | None = Field(
        None,
        description="How long it takes from start to end, in weeks: a number, or the lowest and "
        "the highest; default: unknown.",
    )
    start: Start | None = Field(
        None,
        description="What it takes to begin: alone (nothing), ask (somebody's consent), position "
        "(a role that allows it) or event (something that cannot be arranged); default: unknown.",
    )
