"""Pages of the rulebook for people: one code whole, or all codes with their titles."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TextIO

from rich.text import Text

from pmo_path.domain.rulebook import PieceKind
from pmo_path.render.formats.console import HEADING, Page, text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pmo_path.domain.rulebook import Family, Piece, RulePage
    from pmo_path.render.words import TextStyle

INDENT = "    "
_LINK = re.compile(r"\[([^]]+)\]\([^)]+\)")
_CODE = re.compile(r"`([^`]+)`")


def write_rule(page: RulePage, out: TextIO, style: TextStyle) -> None:
    """Write what the rulebook says about a code."""
    shown = Page(style)
    shown.line(text(f"{page.code}: {_plain(page.code.summary)}", "bold"))
    before = PieceKind.PARAGRAPH
    for piece in page.pieces:
        if before is not PieceKind.HEADING and {before, piece.kind} != {PieceKind.ITEM}:
            shown.blank()
        _write_piece(shown, piece)
        before = piece.kind
    shown.write(out)


def write_rules(families: Iterable[Family], out: TextIO, style: TextStyle) -> None:
    """Write every code with its title."""
    shown = Page(style)
    for position, family in enumerate(families):
        if position:
            shown.blank()
        shown.line(_heading(family.title))
        shown.labelled([(page.code, _plain(page.code.summary)) for page in family.pages], 1)
    shown.write(out)


def _write_piece(shown: Page, piece: Piece) -> None:
    match piece.kind:
        case PieceKind.HEADING:
            shown.line(_heading(piece.text))
        case PieceKind.ITEM:
            shown.bullets([_plain(piece.text)])
        case PieceKind.EXAMPLE:
            # Not wrapped, whatever the width: a line of a file is copied as it stands.
            shown.line(*(Text(INDENT + line) for line in piece.text.splitlines()))
        case PieceKind.PARAGRAPH:
            shown.text(_plain(piece.text))


def _heading(words: str) -> Text:
    return text(words, HEADING)


def _plain(words: str) -> str:
    """Markdown's words without its marks; code in quotes, as in diagnostics."""
    return _CODE.sub(r"'\1'", _LINK.sub(r"\1", words))
