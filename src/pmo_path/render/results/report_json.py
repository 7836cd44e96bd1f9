"""The gap report as JSON: versioned, and complete."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

from pmo_path.render.formats.json import plain, write_document
from pmo_path.render.words import CONVERSATION_AID

if TYPE_CHECKING:
    from pmo_path.domain.report import GapReport

SCHEMA = 1


def write_json(report: GapReport, out: TextIO) -> None:
    """Write the whole report as one JSON object."""
    write_document({"schema": SCHEMA, **plain(report), "reminder": CONVERSATION_AID}, out)
