"""Text as Markdown that shows it as it is: no markup, no link, no mention of anybody."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pmo_path.domain.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_MARKS = re.compile(r"([\\`*_{}\[\]|~$#!])")
# A host makes these into links and notices after it has rendered the text, whatever escapes it.
_LIVE = re.compile(r"@|#(?=[0-9])|\bGH-(?=[0-9])|:(?=//)|\bwww(?=\.)", re.IGNORECASE)
# What would make a list or a heading of a line that begins with it.
_OPENING = re.compile(r"^([0-9]*)([-+=.)])")
_INVISIBLE = "\u200b"


def escaped(words: str) -> str:
    """`words` as Markdown that shows them as they are, on one line."""
    return _OPENING.sub(r"\1\\\2", inner(words))


def inner(words: str) -> str:
    """As `escaped`, for where no line begins: in a cell, or behind a label."""
    quiet = _LIVE.sub(lambda found: found[0] + _INVISIBLE, one_line(words))
    return _MARKS.sub(r"\\\1", quiet.translate(_ENTITIES))


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
