"""Colour and links for a terminal."""

from __future__ import annotations

import os
from pathlib import Path

from rich.color import ColorSystem
from rich.style import Style

_PLACE, _CARET = Style(bold=True), Style(color="green", bold=True)
_ERROR, _WARNING = Style(color="red", bold=True), Style(color="yellow", bold=True)


class TerminalPaint:
    """Severities in colour, places as links to their files."""

    def place(self, text: str, file: str) -> str:
        """A place, as a link to its file."""
        is_there = os.path.exists(file)  # noqa: PTH110  Path's raises an error for too long a name
        link = Path(file).resolve().as_uri() if is_there else None
        return _rendered(Style(bold=True, link=link) if link else _PLACE, text)

    def severity(self, text: str, code: str) -> str:
        """A code and how bad it is."""
        return _rendered(_WARNING if code.startswith("PMO4") else _ERROR, text)

    def caret(self, text: str) -> str:
        """What points at the mistake."""
        return _rendered(_CARET, text)


def _rendered(style: Style, text: str) -> str:
    return style.render(text, color_system=ColorSystem.STANDARD)
