"""One filter for every string that a person typed and a terminal will show."""

from __future__ import annotations

import re

UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069"
    "\ud800-\udfff\ufffe\uffff]"
)
"""What a terminal or browser would obey rather than show."""
_BREAKS = re.compile(r"[ \t]*[\t\n\r\u2028\u2029]+[ \t]*")


def one_line(text: str) -> str:
    """`text` as one line that no terminal can take for a command.

    Line breaks and tabs become one space. Control characters, bidirectional overrides, lone
    surrogates and what is no character become U+FFFD, so that a reader sees that something was there. Joiners and no-break
    spaces stay, since names and emoji need them.
    """
    return UNSAFE.sub("\ufffd", _BREAKS.sub(" ", text.strip()))
