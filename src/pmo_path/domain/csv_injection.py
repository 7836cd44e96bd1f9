"""Escape text that a spreadsheet would run as a formula.

The characters are those of OWASP's page on CSV injection and of its verification standard, with
the wide forms that some programs take for the same. An apostrophe in front makes the cell text.
"""

from __future__ import annotations

import re

STARTS = "=+-@\t\r\n\0\uff1d\uff0b\uff0d\uff20"
"""Characters that may start a formula."""
PLAIN_NUMBER = "[+-]?[0-9]+([.,][0-9]+)?"
"""A regular expression for texts that begin like a formula but are not one."""

_NUMBER = re.compile(PLAIN_NUMBER, re.ASCII)


def harmless(text: str) -> str:
    """Put an apostrophe before text that a spreadsheet would run; leave others, such as `-5`."""
    if not text or text[0] not in STARTS or _NUMBER.fullmatch(text):
        return text
    return f"'{text}"


def as_it_was(text: str) -> str:
    """Remove the apostrophe that `harmless` adds."""
    return text[1:] if text[:1] == "'" and harmless(text[1:]) == text else text


def reversible(text: str) -> str:
    """Text as `harmless` has it, but so that `before_reversible` gives every text back.

    So text that begins with apostrophes and goes on like a formula gets one more.
    """
    return f"'{text}" if _is_formula_behind_apostrophes(text) else text


def before_reversible(text: str) -> str:
    """Remove the apostrophe that `reversible` adds."""
    is_longer = text[:1] == "'" and _is_formula_behind_apostrophes(text)
    return text[1:] if is_longer else text


def _is_formula_behind_apostrophes(text: str) -> bool:
    rest = text.lstrip("'")
    return harmless(rest) != rest
