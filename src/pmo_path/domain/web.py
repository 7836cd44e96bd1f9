"""Web addresses and languages in framework files."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, WithJsonSchema

MAX_URL = 2000
"""The longest address that every browser opens."""
_URL_FORM = r"[Hh][Tt][Tt][Pp][Ss]?://[^\s/?#]\S*"
_LANGUAGE_FORM = r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*"
_URL = re.compile(_URL_FORM)
_LANGUAGE = re.compile(_LANGUAGE_FORM)
MAX_LANGUAGE = 35
"""The length that RFC 4646 asks programs to provide for."""


def is_web_address(text: str) -> bool:
    """Whether `text` is the address of a web page: http or https, with a host."""
    return len(text) <= MAX_URL and text.isprintable() and _URL.fullmatch(text) is not None


def _web_address(text: str) -> str:
    if not is_web_address(text):
        raise ValueError("expected the address of a web page such as https://example.org/page")
    return text


def _language(text: str) -> str:
    if len(text) > MAX_LANGUAGE or _LANGUAGE.fullmatch(text) is None:
        raise ValueError("expected a language such as en, de or pt-BR")
    return text


Url = Annotated[
    str,
    AfterValidator(_web_address),
    WithJsonSchema({"type": "string", "pattern": f"^{_URL_FORM}$"}),
]
"""The address of a web page, http or https."""

Language = Annotated[
    str,
    AfterValidator(_language),
    WithJsonSchema({"type": "string", "pattern": f"^{_LANGUAGE_FORM}$"}),
]
"""A language tag in the form of BCP 47, such as `en` or `pt-BR`."""
