"""Text as Markdown that shows it as it is: no markup, no links, no mentions."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pmo_path.domain.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_MARKS = re.compile(r"([\\`*_{}\[\]|~$#!])")
# A host turns these into links, notices and pictures after rendering, escaped or not: mentions,
# issue numbers, addresses, emoji, commit ids. Seven characters of an id are enough for a link, so
# ids are split into shorter pieces.
_LIVE = re.compile(
    r"@|[#!$%&~](?=[0-9])|\bGH-(?=[0-9])|:(?=//)|\bwww(?=\.)"
    r"|:(?=(?:100|1234|[+-]1|[\w+-]*[a-z][\w+-]*):)"
    r"|(?<![0-9a-f])[0-9a-f]{40}(?![0-9a-f])",
    re.IGNORECASE,
)
_PIECE = re.compile(r".{1,6}")
# Beginnings of a line that would make it a list or a heading.
_OPENING = re.compile(r"^([0-9]*)([-+=.)])")
_INVISIBLE = "\u200b"


def escaped(text: str) -> str:
    """Return Markdown that shows the text as it is, on one line."""
    return _OPENING.sub(r"\1\\\2", inner(text))


def inner(text: str) -> str:
    """Return the same for text that does not begin a line: in a cell, or after a label."""
    quiet = _LIVE.sub(_parted, one_line(text))
    return _MARKS.sub(r"\\\1", quiet.translate(_ENTITIES))


def _parted(match: re.Match[str]) -> str:
    return "".join(piece + _INVISIBLE for piece in _PIECE.findall(match[0]))


def table(
    headings: Sequence[str], rows: Iterable[Sequence[str]], right: Iterable[str] = ()
) -> str:
    """Return a table of cells that are already Markdown; columns named in `right` align right."""
    return "\n".join(_table_lines(headings, rows, set(right)))


def _table_lines(
    headings: Sequence[str], rows: Iterable[Sequence[str]], right: set[str]
) -> Iterator[str]:
    yield _row(headings)
    yield "|" + "|".join("--:" if heading in right else "---" for heading in headings) + "|"
    for row in rows:
        yield _row(row)


def _row(cells: Iterable[str]) -> str:
    return "|" + "|".join(f" {cell} " if cell else " " for cell in cells) + "|"
