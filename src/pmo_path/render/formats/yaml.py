"""A result as a file in YAML to edit, and to pass to the command again."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from pmo_path.render.formats.registry import Result
    from pmo_path.render.words import TextStyle


def write(result: Result, out: TextIO, _style: TextStyle) -> None:
    """Write the file of a result that can be read again."""
    if result.file is None:
        raise TypeError("this result is not read again")
    out.write(result.file())
