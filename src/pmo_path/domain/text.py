"""Make text safe for terminals and spreadsheets.

The characters that start a formula are those of OWASP's page on CSV injection and of its
verification standard, with the wide forms that some programs take for the same. An apostrophe in
front makes the cell text.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_CONTROLS = "\x00-\x08\x0b-\x1f"
_DIRECTIONS = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_OTHER_CONTROLS = "\x7f-\x9f\u2028\u2029"
_UNSEEN = (
    "\u115f\u1160\u17b4\u17b5\u180e\u2060-\u2065\u206a-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e00ff\U000e01f0-\U000e0fff"
)
_NO_CHARACTERS = "\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
_JOINED = (
    "\u0600-\u115e\u1161-\u17b3\u17b6-\u180d\u180f-\u1cff\u20d0-\u3163\u3165-\ud7ff\uf900-\ufdcf"
    "\ufdf0-\ufefe\U00010000-\U0001bc9f\U0001bca4-\U000dffff\U000e0100-\U000e01ef"
)
"""Characters of emoji, and of scripts whose words are written with joiners or broken by U+200B."""
_JOINERS = "\u200b\u200c\u200d"
_INVISIBLE = f"{_DIRECTIONS}{_OTHER_CONTROLS}{_UNSEEN}{_NO_CHARACTERS}{_JOINERS}"
_BREAKS = re.compile(r"[ \t]*[\t\n\r\u2028\u2029]+[ \t]*")
_HIDDEN = re.compile(f"[{_INVISIBLE}]")
_UNSAFE = re.compile(f"[{_CONTROLS}{_INVISIBLE}]")
"""Characters that a terminal or browser would obey, or hide, rather than show; and joiners."""
SHOWN = "\ufffd"
"""The replacement for removed characters, so that a reader sees the change."""
STARTS = "=+-@\t\r\n\0\uff1d\uff0b\uff0d\uff20"
"""Characters that may start a formula."""
PLAIN_NUMBER = "[+-]?[0-9]+([.,][0-9]+)?"
"""A regular expression for texts that begin like a formula but are not one."""


def one_line(text: str) -> str:
    """`text` as one line that no terminal can take for a command.

    Line breaks and tabs become one space. Control characters, bidirectional and invisible ones,
    lone surrogates and what is no character become U+FFFD. No-break spaces and what chooses a form
    of a letter stay; joiners stay beside the scripts and the emoji that need them, since names do.
    """
    return shown(_BREAKS.sub(" ", text.strip()))


def shown(text: str) -> str:
    """`text` of the same length and in the same lines, safe for a terminal like `one_line`."""
    return replaced(text, lambda _: SHOWN)


def laid_out(text: str) -> str:
    """`shown` for text that has colours of our own: control characters stay as they are."""
    return _HIDDEN.sub(lambda match: match[0] if _joins(match) else SHOWN, text)


def replaced(text: str, replacement: Callable[[str], str]) -> str:
    """`text` with `replacement` of each character that is unsafe to show."""
    return _UNSAFE.sub(lambda match: match[0] if _joins(match) else replacement(match[0]), text)


def _joins(match: re.Match[str]) -> bool:
    """Whether it is a joiner beside a character that needs it."""
    if match[0] not in _JOINERS:
        return False
    start, end = match.span()
    neighbours = match.string[max(start - 1, 0) : start] + match.string[end : end + 1]
    return _joined().search(neighbours) is not None


@cache
def _joined() -> re.Pattern[str]:
    """What joiners stand beside; compiled only for a text that has any, since it takes long."""
    return re.compile(f"[{_JOINED}]")


# --- Spreadsheets ------------------------------------------------------------------------------


def harmless(text: str) -> str:
    """Put an apostrophe before text that a spreadsheet would run; leave others, such as `-5`."""
    if not text or text[0] not in STARTS or re.fullmatch(PLAIN_NUMBER, text, re.ASCII):
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
