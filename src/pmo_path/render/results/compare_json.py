"""A comparison as JSON: versioned, and complete."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

from pmo_path.render.formats.json import plain, write_document
from pmo_path.render.words import CONVERSATION_AID

if TYPE_CHECKING:
    from pmo_path.domain.compare.model import OverTime, Raters

SCHEMA = 1


def write_json(comparison: OverTime | Raters, out: TextIO) -> None:
    """Write the whole comparison as one JSON object; `comparison` in it says which kind it is."""
    write_document({"schema": SCHEMA, **plain(comparison), "reminder": CONVERSATION_AID}, out)
