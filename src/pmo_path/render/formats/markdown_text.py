"""Text as Markdown that shows it as it is: no markup, no link, no mention of anybody."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pmo_path.domain.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_MARKS = re.compile(r"([\\`*_{}\[\]|~$#!])")
# A host makes these into links, notices and pictures after it has rendered the text, whatever
# escapes it: mentions, numbers of issues and the like, addresses, emoji, ids of commits. An id may
# be cut short as far as to seven characters, so a whole one is parted often enough.
_LIVE = re.compile(
    r"@|[#!$%&~](?=[0-9])|\bGH-(?=[0-9])|:(?=//)|\bwww(?=\.)"
    r"|:(?=(?:100|1234|[+-]1|[\w+-]*[a-z][\w+-]*):)"
    r"|(?<![0-9a-f])[0-9a-f]{40}(?![0-9a-f])",
    re.IGNORECASE,
)
_PIECE = re.compile(r".{1,6}")
# What would make a list or a heading of a line that begins with it.
_OPENING = re.compile(r"^([0-9]*)([-+=.)])")
_INVISIBLE = "\u200b"


def escaped(words: str) -> str:
    """`words` as Markdown that shows them as they are, on one line."""
    return _OPENING.sub(r"\1\\\2", inner(words))


def inner(words: str) -> str:
    """As `escaped`, for where no line begins: in a cell, or behind a label."""
    quiet = _LIVE.sub(_parted, one_line(words))
    return _MARKS.sub(r"\\\1", quiet.translate(_ENTITIES))


def _parted(found: re.Match[str]) -> str:
    return "".join(piece + _INVISIBLE for piece in _PIECE.findall(found[0]))


def table(
    headings: Sequence[str], rows: Iterable[Sequence[str]], right: Iterable[str] = ()
) -> str:
    """A table of cells that are Markdown already; columns named in `right` align right."""
    return "\n".join(_table_lines(headings, rows, set(right)))


def _table_lines(
    headings: Sequence[str], rows: Iterable[Sequence[str]], right: set[str]
) -> Iterator[str]:
    yield _row(headings)
    yield "|" + "|".join("--:" if one in right else "---" for one in headings) + "|"
    for row in rows:
        yield _row(row)


def _row(cells: Iterable[str]) -> str:
    return "|" + "|".join(f" {cell} " if cell else " " for cell in cells) + "|"
