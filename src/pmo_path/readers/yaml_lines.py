"""What a line of a file was meant to say, seen from the line itself.

Pure functions of text: the parser knows where it gave up, and these what people type there.
"""

from __future__ import annotations

import re
from typing import NamedTuple

MARKS = ("-", "\u2010", "\u2011", "\u2012", "\u2013", "\u2014", "\u2022", "\u00b7", "* ", "+ ")
"""What people begin the entries of a list with."""
CURLY = re.compile("[\u2018-\u201f]")
_SHOWN = 40
"""The longest text that a hint repeats; what one is told to type is never cut short."""
_WORDS_OF_A_VALUE = 4
"""More words behind one that might be a key are prose."""

_CONTENT = re.compile(r" *(?:- +)*")
_COMMENT = re.compile(r"(?:^|\s)#.*")
_ODD_SPACES = "\u00a0\u1680\u2000-\u200b\u202f\u205f\u3000"
_KEY = re.compile(
    rf"(?P<key>[\w-]+)(?P<sign>:[{_ODD_SPACES}]|\s*(?:[=-]>|[=\uff1a\ufe55\ufe13\u2236])|(?=\s))"
    r"\s*(?P<value>.*)"
)
_ENTRY = r"[\w-]+: +[^,:()\[\]{}\s][^,:()\[\]{}]*"
_ENTRIES = re.compile(
    rf"(?P<open>[(\[{{]?) *(?P<inner>{_ENTRY}(?:, *{_ENTRY})*)(?P<close>[)\]}}]?)"
)
_NUMBER_AT_END = re.compile(r": +[0-9.]+ *$")


class Advised(NamedTuple):
    """What is wrong with a line, at which of its characters (from 0), and what to type."""

    column: int
    message: str
    hint: str


def said(line: str) -> str:
    """A line without its comment and the space at its end."""
    return _COMMENT.sub("", line).rstrip()


def indent(line: str) -> int:
    """How far a line is indented."""
    return len(line) - len(line.lstrip(" "))


def content_column(line: str) -> int:
    """Where a line's text begins, behind its indentation and the dashes of lists."""
    found = _CONTENT.match(line)
    return found.end() if found else 0


def has_colon(line: str) -> bool:
    """Whether a line has a key, as YAML reads it."""
    text = said(line)
    return ": " in text or text.endswith(":")


def opens_block(line: str) -> bool:
    """Whether what belongs to a line stands below it."""
    return said(line).endswith(":")


def without_colon(line: str) -> Advised | None:
    """What to say of a line that should be `key: value` and is not; None when it is prose."""
    found = _KEY.match(said(line), content_column(line))
    if found is None:
        return None
    key, sign, value = found["key"], found["sign"].strip(" "), found["value"].strip()
    if sign.startswith(":"):
        return Advised(
            found.start("sign") + 1,
            f"this is the character U+{ord(sign[1]):04X}, which only looks like a space",
            "type an ordinary space; it may have come with pasted text",
        )
    if not sign and len(value.split()) > _WORDS_OF_A_VALUE:
        return None
    instead = f"write '{key}: ' in place of '{key}{found['sign'] or ' '}'"
    hint = f"write '{key}: {value}'" if len(value) <= _SHOWN else instead
    return Advised(found.start("sign"), f"there is no ': ' after '{key}'", hint)


def as_entry_of_list(line: str) -> Advised:
    """What to say of a line that should begin with `- ` and does not."""
    text = said(line).strip()
    mark = next((one for one in MARKS if text.startswith(one)), "")
    rest = text.removeprefix(mark).strip()
    hint = f"write '- {rest}'"
    if not rest or len(rest) > _SHOWN:
        before = f"before '{rest.split(maxsplit=1)[0]}'" if rest else "before the text"
        hint = f"put a dash and a space {before}: '- '"
    return Advised(indent(line), "an entry of a list must begin with '- '", hint)


def in_braces(value: str) -> str:
    """What to write for `level: 3, must_have: 2` behind a key; empty when it is no such thing."""
    found = _ENTRIES.fullmatch(value.strip())
    if found is None:
        return ""
    inner = found["inner"].strip()
    if not (found["open"] or found["close"] or ", " in inner or _NUMBER_AT_END.search(inner)):
        return ""
    return f"write {{{inner}}}"


def in_quotes(text: str, why: str) -> str:
    """`why`, and what to type: the text if it is short, else where its quotes go."""
    mark = "'" if '"' in text else '"'
    if mark in text:
        return f'{why}: a " before it and one at its end, and \\" for each that is in it'
    if len(text) <= _SHOWN:
        return f"{why}: {mark}{text}{mark}"
    return f"{why}: a {mark} before {text.split(maxsplit=1)[0]} and one at its end"
