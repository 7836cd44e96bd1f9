"""Detect the width, colour and characters of stdout."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING, Any, NamedTuple, TextIO

if TYPE_CHECKING:
    from collections.abc import Mapping

MIN_WIDTH = 40


class TerminalStyle(NamedTuple):
    """The abilities of the output."""

    width: int | None
    """Columns of the terminal; None without a terminal, so that the data decides."""
    color: bool
    unicode: bool


PLAIN_FILE = TerminalStyle(width=None, color=False, unicode=True)
"""For a file or a pipe: nothing cut off, no colour."""


def style_of(stream: TextIO, environ: Mapping[str, str] = os.environ) -> TerminalStyle:
    """The abilities of `stream`, by NO_COLOR, FORCE_COLOR, TERM and COLUMNS."""
    terminal = is_terminal(stream)
    width = max(MIN_WIDTH, shutil.get_terminal_size((80, 24)).columns) if terminal else None
    forced = environ.get("FORCE_COLOR", "") not in {"", "0"}
    color = (terminal and environ.get("TERM") != "dumb") or forced
    encoding = (getattr(stream, "encoding", None) or "utf-8").lower().replace("-", "")
    return TerminalStyle(width, color and not environ.get("NO_COLOR"), encoding.startswith("utf"))


def is_terminal(stream: Any) -> bool:
    """Whether `stream` is a terminal; False for a closed or missing stream."""
    try:
        return bool(stream.isatty())
    except (AttributeError, ValueError):
        return False
