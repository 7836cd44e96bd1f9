"""A result as a file in YAML to edit, and to pass to the command again."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from pmo_path.render.words import TextStyle


def write(text: str, out: TextIO, _style: TextStyle) -> None:
    """Write the file of a result that can be read again."""
    out.write(text)
