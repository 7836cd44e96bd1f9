"""The types of single values in files: text, ids, dates, money, addresses and languages."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema

from pmo_path.domain.limits import MAX_ID
from pmo_path.domain.numbers import bounded

LONG_ID = f"expected at most {MAX_ID} characters"
"""The message for an id that is too long."""
NO_ID = "expected a word without spaces"
"""The message for text that is not an id."""
MAX_AMOUNT = 10_000_000
"""The highest price a file may hold: more than any course costs, in any currency."""
_CENTS = 2
"""The decimal places that a price may have."""
MAX_URL = 2000
"""The longest address that every browser opens."""
_URL = r"[Hh][Tt][Tt][Pp][Ss]?://[^\s/?#]\S*"
MAX_LANGUAGE = 35
"""The length that RFC 4646 asks programs to provide for."""
_LANGUAGE = r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*"
_MONTH = r"\d{4}-(0[1-9]|1[0-2])"
_MONTH_OR_YEAR = r"\d{4}(-(0[1-9]|1[0-2]))?"
_CURRENCY = "[A-Z]{3}"


def _in_schema(form: str) -> WithJsonSchema:
    """The JSON Schema of a text in this form, a regular expression for the whole text."""
    return WithJsonSchema({"type": "string", "pattern": f"^{form}$"})


def _in_form(form: str, expected: str, longest: int | None = None) -> AfterValidator:
    """Reject text that does not match `form` or exceeds `longest`; `expected` is the error."""

    def check(text: str) -> str:
        is_long = longest is not None and len(text) > longest
        if is_long or re.fullmatch(form, text, re.ASCII) is None:
            raise ValueError(expected)
        return text

    return AfterValidator(check)


def _not_blank(text: str) -> str:
    if not text.strip():
        raise ValueError("expected some text")
    return text


def is_id(text: str) -> bool:
    """Whether a text can be an id as it is."""
    return _is_word(text) and len(text) <= MAX_ID


def _is_word(text: str) -> bool:
    return bool(text) and not any(map(str.isspace, text))


def _an_id(text: str) -> str:
    if not is_id(text):
        raise ValueError(LONG_ID if _is_word(text) else NO_ID)
    return text


def is_web_address(text: str) -> bool:
    """Whether `text` is the address of a web page: http or https, with a host."""
    return len(text) <= MAX_URL and text.isprintable() and re.fullmatch(_URL, text) is not None


def _web_address(text: str) -> str:
    if not is_web_address(text):
        raise ValueError("expected the address of a web page such as https://example.org/page")
    return text


def _an_amount(value: Any) -> Decimal:
    return bounded(value, MAX_AMOUNT, _CENTS)


Text = Annotated[
    str, AfterValidator(_not_blank), WithJsonSchema({"type": "string", "pattern": r"\S"})
]
"""Text for people, never blank."""

Id = Annotated[str, AfterValidator(_an_id), _in_schema(rf"\S{{1,{MAX_ID}}}")]
"""An id in a file: up to 100 characters without spaces."""

YearMonth = Annotated[
    str, _in_form(_MONTH, "expected a month such as 2026-11"), _in_schema(_MONTH)
]
"""A month such as `2026-11`."""

MonthOrYear = Annotated[
    str,
    _in_form(_MONTH_OR_YEAR, "expected a month such as 2026-11, or a year such as 2026"),
    _in_schema(_MONTH_OR_YEAR),
]
"""A month such as `2026-11`, or a year where the month is not known."""

Currency = Annotated[
    str,
    _in_form(_CURRENCY, "expected the three capital letters of a currency such as EUR"),
    _in_schema(_CURRENCY),
]
"""The code of a currency in ISO 4217, such as `EUR`; whether it exists is not checked."""

Amount = Annotated[Decimal, Field(ge=0, le=MAX_AMOUNT), BeforeValidator(_an_amount)]
"""A price: 0 to ten million, with at most two decimal places."""

Url = Annotated[str, AfterValidator(_web_address), _in_schema(_URL)]
"""The address of a web page, http or https."""

Language = Annotated[
    str,
    _in_form(_LANGUAGE, "expected a language such as en, de or pt-BR", MAX_LANGUAGE),
    _in_schema(_LANGUAGE),
]
"""A language tag in the form of BCP 47, such as `en` or `pt-BR`."""
