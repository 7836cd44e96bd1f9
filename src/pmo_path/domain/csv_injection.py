"""Text that a spreadsheet would run as a formula, made harmless.

The characters are those of OWASP's page on CSV injection and of its verification standard, with
the wide forms that some programs take for the same. An apostrophe in front makes the cell text.
"""

from __future__ import annotations

import re

STARTS = "=+-@\t\r\n\0\uff1d\uff0b\uff0d\uff20"
"""What a cell begins with that a spreadsheet may run."""
PLAIN_NUMBER = "[+-]?[0-9]+([.,][0-9]+)?"
"""What begins like a formula and is none, as a regular expression."""

_NUMBER = re.compile(PLAIN_NUMBER, re.ASCII)


def harmless(text: str) -> str:
    """`text`, with an apostrophe in front where a spreadsheet would run it; `-5` stays as it is."""
    if not text or text[0] not in STARTS or _NUMBER.fullmatch(text):
        return text
    return f"'{text}"


def as_it_was(text: str) -> str:
    """`text` without the apostrophe that `harmless` puts in front."""
    return text[1:] if text[:1] == "'" and harmless(text[1:]) == text else text
