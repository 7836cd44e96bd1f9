"""The types of single values in framework and ratings files: text, ids, dates and money."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema

from pmo_path.domain.numbers import bounded

MAX_ID = 100
LONG_ID = f"expected at most {MAX_ID} characters"
"""The message for an id that is too long."""
NO_ID = "expected a word without spaces"
"""The message for text that is not an id."""
MAX_AMOUNT = 10_000_000
"""The highest price a file may hold: more than any course costs, in any currency."""
_CENTS = 2
"""The decimal places that a price may have."""
_MONTHS = frozenset(f"{month:02}" for month in range(1, 13))
_CURRENCY = re.compile("[A-Z]{3}", re.ASCII)


def _not_blank(text: str) -> str:
    if not text.strip():
        raise ValueError("expected some text")
    return text


Text = Annotated[
    str, AfterValidator(_not_blank), WithJsonSchema({"type": "string", "pattern": r"\S"})
]
"""Text for people, never blank."""


def _one_word(text: str) -> str:
    if not text or any(map(str.isspace, text)):
        raise ValueError(NO_ID)
    if len(text) > MAX_ID:
        raise ValueError(LONG_ID)
    return text


def _is_year(text: str) -> bool:
    return len(text) == 4 and text.isascii() and text.isdecimal()  # noqa: PLR2004  digits


def _a_month(text: str) -> str:
    year, _, month = text.partition("-")
    if not (_is_year(year) and month in _MONTHS):
        raise ValueError("expected a month such as 2026-11")
    return text


def _a_month_or_year(text: str) -> str:
    year, dash, month = text.partition("-")
    if not _is_year(year) or (dash and month not in _MONTHS):
        raise ValueError("expected a month such as 2026-11, or a year such as 2026")
    return text


def _a_currency(text: str) -> str:
    if not _CURRENCY.fullmatch(text):
        raise ValueError("expected the three capital letters of a currency such as EUR")
    return text


def _an_amount(value: Any) -> Decimal:
    return bounded(value, MAX_AMOUNT, _CENTS)


Id = Annotated[
    str,
    AfterValidator(_one_word),
    WithJsonSchema({"type": "string", "pattern": rf"^\S{{1,{MAX_ID}}}$"}),
]
"""An id in a file: up to 100 characters without spaces."""

YearMonth = Annotated[
    str,
    AfterValidator(_a_month),
    WithJsonSchema({"type": "string", "pattern": r"^\d{4}-(0[1-9]|1[0-2])$"}),
]
"""A month such as `2026-11`."""

MonthOrYear = Annotated[
    str,
    AfterValidator(_a_month_or_year),
    WithJsonSchema({"type": "string", "pattern": r"^\d{4}(-(0[1-9]|1[0-2]))?$"}),
]
"""A month such as `2026-11`, or a year where the month is not known."""

Currency = Annotated[
    str,
    AfterValidator(_a_currency),
    WithJsonSchema({"type": "string", "pattern": "^[A-Z]{3}$"}),
]
"""The code of a currency in ISO 4217, such as `EUR`; whether it exists is not checked."""

Amount = Annotated[Decimal, Field(ge=0, le=MAX_AMOUNT), BeforeValidator(_an_amount)]
"""A price: 0 to ten million, with at most two decimal places."""
