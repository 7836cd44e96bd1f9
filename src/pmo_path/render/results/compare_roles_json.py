"""Two roles side by side, as JSON: versioned, and complete."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

from pmo_path.render.formats.json import plain, write_document
from pmo_path.render.words import CONVERSATION_AID

if TYPE_CHECKING:
    from pmo_path.domain.compare.roles import RoleComparison

SCHEMA = 1


def write_json(comparison: RoleComparison, out: TextIO) -> None:
    """Write the whole comparison as one JSON object; `person` is null without ratings."""
    write_document({"schema": SCHEMA, **plain(comparison), "reminder": CONVERSATION_AID}, out)
