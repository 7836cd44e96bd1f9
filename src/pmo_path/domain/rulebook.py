"""What the rulebook holds: for each code what it means, why it matters, and examples."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pmo_path.domain.codes import Code


class PieceKind(StrEnum):
    """What a piece of a rule's page is."""

    PARAGRAPH = "paragraph"
    ITEM = "item"
    """One entry of a list."""
    HEADING = "heading"
    EXAMPLE = "example"
    """Lines of a file or a terminal, as they stand."""


class Piece(NamedTuple):
    """One piece of a rule's page, in the order of reading; code in its text has backticks."""

    kind: PieceKind
    text: str


class RulePage(NamedTuple):
    """Everything the rulebook says about one code."""

    code: Code
    pieces: tuple[Piece, ...]


class Family(NamedTuple):
    """Codes that begin alike, and what they are about."""

    title: str
    pages: tuple[RulePage, ...]
