"""A sheet that explains a workbook: terms, and beside each of them what it means."""

from __future__ import annotations

from itertools import zip_longest
from textwrap import wrap
from typing import TYPE_CHECKING, NamedTuple

from pmo_path.domain.workbook import CellStyle, FormSheet, SheetCell

if TYPE_CHECKING:
    from collections.abc import Iterable

MAX_SHOWN = 1200
"""Characters of a cell: a row can be no higher than what they may take up."""
_WIDTHS = (28.0, 100.0)
_HEADINGS = frozenset({CellStyle.TITLE, CellStyle.SECTION})
"""The styles of lines that have no text beside the term."""


class GuideLine(NamedTuple):
    """A term and its text, or a heading."""

    term: str
    text: str = ""
    style: CellStyle = CellStyle.LABEL


def guide_heading(title: str) -> GuideLine:
    """Return the heading of a part of the guide."""
    return GuideLine(title, style=CellStyle.SECTION)


def guide_sheet(title: str, lines: Iterable[GuideLine]) -> FormSheet:
    """Return the sheet; a text that is too long for a row goes on in those below."""
    cells: list[SheetCell] = []
    room: dict[int, tuple[tuple[str, float], ...]] = {}
    row = 0
    for line in lines:
        if line.style is CellStyle.SECTION:
            row += 1
        parts = (wrap(text, MAX_SHOWN) for text in (line.term, line.text))
        for term, text in zip_longest(*parts, fillvalue=""):
            if line.style in _HEADINGS:
                cells.append(SheetCell(row, 0, term, line.style, last_column=1))
            else:
                cells.append(SheetCell(row, 0, term, line.style))
                cells.append(SheetCell(row, 1, text, CellStyle.TEXT))
                room[row] = tuple(zip((term, text), _WIDTHS, strict=True))
            row += 1
    return FormSheet(title, tuple(cells), widths=_WIDTHS, room=room, is_landscape=False)
