"""YAML as text: the error class, odd characters, quotes and nesting."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pmo_path.domain.codes import Code


@dataclass(eq=False)
class YamlProblem(Exception):
    """Text that is not usable YAML: what is wrong, and where (counted from 1)."""

    code: Code
    message: str
    line: int
    column: int
    hint: str = ""
    related: tuple[int, int, str] | None = None
    """Line, column and meaning of a second position."""
    others: list[YamlProblem] = field(default_factory=list)
    """Problems that were found before this one."""


# --- Odd and invisible characters -----------------------------------------------------------------

LINE_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
"""Characters that end a line for the parser."""
BYTE_ORDER_MARK = "\ufeff"
ODD_SPACES = "\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
"""Characters that look like a space, for a regular expression."""
INVISIBLE = "\u200b\u2060\u180e"
"""Invisible characters that no script needs, for a regular expression."""
_INDENT = re.compile(
    rf"^[ \t]*[{ODD_SPACES}{INVISIBLE}][ \t{ODD_SPACES}{INVISIBLE}]*"
    rf"(?=(?:- +)?[^\s:#{INVISIBLE}][^:#\n]*:(?:\s|$)|- )",
    re.MULTILINE,
)
"""An indentation with such a character, before a key or an entry of a list."""
_ODD = re.compile(f"[{ODD_SPACES}{INVISIBLE}]")
_UNSEEN = re.compile(f"[{INVISIBLE}]")
_BEHIND_COLON = re.compile(f":[{ODD_SPACES}]")
_JOINED = re.compile(
    rf"(?P<key>[^:]+):(?P<odd>[{ODD_SPACES}])\s*(?P<quote>[\"']?)(?P<value>.*)(?P=quote)"
)
_WIDE_SPACE = "\u3000"


def odd_indents(text: str) -> list[re.Match[str]]:
    """The indentations of `text` in which not every character is a space or a tab."""
    return [] if text.isascii() else list(_INDENT.finditer(text))


def straightened(text: str, indents: Iterable[re.Match[str]]) -> str:
    """`text` with spaces in these indentations, as many as people see."""
    parts, end = [], 0
    for indent in indents:
        parts += [text[end : indent.start()], _ODD.sub(_as_seen, indent[0])]
        end = indent.end()
    return "".join([*parts, text[end:]])


def _as_seen(odd: re.Match[str]) -> str:
    if _UNSEEN.match(odd[0]):
        return ""
    return "  " if odd[0] == _WIDE_SPACE else " "


def has_odd_space_behind_colon(text: str) -> bool:
    """Whether there may be a `key: value` with a space that YAML does not take for one."""
    return not text.isascii() and _BEHIND_COLON.search(text) is not None


def joined_entry(text: str) -> re.Match[str] | None:
    """The parts of a key that holds its value as well, since the space between them is odd."""
    return _JOINED.fullmatch(text)


def odd_in(indent: re.Match[str]) -> tuple[str, int]:
    """The first character of an indentation that is not a space, and its index in the text."""
    index = next(index for index, character in enumerate(indent[0]) if character not in " \t")
    return indent[0][index], indent.start() + index


def unseen_in(text: str) -> re.Match[str] | None:
    """The first invisible character of `text`."""
    return None if text.isascii() else _UNSEEN.search(text)


def without_unseen(text: str) -> str:
    """`text` without invisible characters."""
    return text if text.isascii() else _UNSEEN.sub("", text)


def odd_character(character: str, where: str) -> tuple[str, str]:
    """The message about a character that looks like a space or like nothing, and the hint."""
    name = f"the character U+{ord(character):04X}"
    if re.match(f"[{ODD_SPACES}]", character):
        message = f"{where} {name}, which only looks like a space"
        return message, "type ordinary spaces; it may have come with pasted text"
    return f"{where} {name}, which cannot be seen", "delete it; it may have come with pasted text"


def hint_about(text: str) -> str:
    """The hint for a word that is wrong because of such a character; empty when it has none."""
    odd = None if text.isascii() else _ODD.search(text)
    return "" if odd is None else "; ".join(odd_character(odd[0], "it contains"))


# --- What may be typed ----------------------------------------------------------------------------

MARKS = ("-", "\u2010", "\u2011", "\u2012", "\u2013", "\u2014", "\u2022", "\u00b7", "* ", "+ ")
"""Characters with which people begin the entries of a list."""
CURLY = re.compile("[\u2018-\u201f]")
SHOWN = 40
"""The longest text that a hint repeats; nothing that should be typed is cut short."""


def in_quotes(text: str, reason: str) -> str:
    """`reason`, and what to type: the text if it is short, otherwise where its quotes go."""
    mark = "'" if '"' in text else '"'
    if mark in text:
        return f'{reason}: a " before it and one at its end, and \\" for each that is in it'
    if len(text) <= SHOWN:
        return f"{reason}: {mark}{text}{mark}"
    return f"{reason}: a {mark} before {text.split(maxsplit=1)[0]} and one at its end"


# --- Nesting --------------------------------------------------------------------------------------

SAFE_NESTING = 1000
"""Brackets, or columns, that cannot nest deep enough to exhaust the C parser's stack."""
_PAIR = re.compile(
    r"[\[{]"
    r"(?:[^\[\]{}\"'#\n]"
    r"|(?:(?<=[:,] )|(?<=[\[{,]))\"[^\"\\\[\]{}#\n]*\"(?=[,\]} ]))*"
    r"[\]}]"
)
"""Brackets on one line, without others between them, so that the second closes the first.

If the first is a bracket and no part of a text, then so is the second: between the two, quotes
are only where they begin and end a text.
"""
_PAIRS_WITHIN_PAIRS = 4


def may_nest_deep(text: str) -> bool:
    """Whether there are brackets enough, or lines long enough, to exhaust the C parser's stack.

    Brackets that surely come in pairs do not nest; what is left of the others is counted.
    """
    if max(map(len, text.split("\n"))) >= SAFE_NESTING:
        return True
    for _ in range(_PAIRS_WITHIN_PAIRS):
        if text.count("[") + text.count("{") < SAFE_NESTING:
            return False
        text = _PAIR.sub("", text)
    return text.count("[") + text.count("{") >= SAFE_NESTING
