"""Odd spaces and invisible characters in the structure of YAML."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING

from pmo_path.domain.codes import Code
from pmo_path.readers.yaml_errors import (
    INVISIBLE,
    LINE_BREAK,
    ODD_SPACES,
    YamlProblem,
    odd_character,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_INDENT = re.compile(
    rf"^[ \t]*[{ODD_SPACES}{INVISIBLE}][ \t{ODD_SPACES}{INVISIBLE}]*"
    rf"(?=(?:- +)?[^\s:#{INVISIBLE}][^:#\n]*:(?:\s|$)|- )",
    re.MULTILINE,
)
"""An indentation with such a character, before a key or an entry of a list."""
_ODD = re.compile(f"[{ODD_SPACES}{INVISIBLE}]")
_UNSEEN = re.compile(f"[{INVISIBLE}]")
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


def indent_problems(text: str, indents: Iterable[re.Match[str]]) -> list[YamlProblem]:
    """The problem of each indentation, at its first character that is not a space."""
    starts = [0, *(line_break.end() for line_break in LINE_BREAK.finditer(text))]
    return [_indent_problem(indent, starts) for indent in indents]


def _indent_problem(indent: re.Match[str], line_starts: Sequence[int]) -> YamlProblem:
    odd = _ODD.search(indent[0])
    assert odd is not None  # noqa: S101  by the pattern of indentations
    line = bisect_right(line_starts, indent.start())
    column = indent.start() - line_starts[line - 1] + odd.start() + 1
    message, hint = odd_character(odd[0], "this line begins with")
    return YamlProblem(Code.SYNTAX, message, line, column, hint)


def unseen_in(text: str) -> re.Match[str] | None:
    """The first invisible character of `text`."""
    return None if text.isascii() else _UNSEEN.search(text)


def without_unseen(text: str) -> str:
    """`text` without invisible characters."""
    return text if text.isascii() else _UNSEEN.sub("", text)


def hint_about(text: str) -> str:
    """The hint for a word that is wrong because of such a character; empty when it has none."""
    odd = None if text.isascii() else _ODD.search(text)
    return "" if odd is None else "; ".join(odd_character(odd[0], "it contains"))
