"""Readiness over time as JSON: versioned, and complete."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

from pmo_path.render.diagnostics.json import plain_diagnostic
from pmo_path.render.formats.json import plain, write_document
from pmo_path.render.words import CONVERSATION_AID

if TYPE_CHECKING:
    from pmo_path.domain.history import History

SCHEMA = 1


def write_json(history: History, out: TextIO) -> None:
    """Write the whole history as one JSON object."""
    told = plain(history._replace(mistakes=()))
    document = {
        "schema": SCHEMA,
        **told,
        "mistakes": [plain_diagnostic(one) for one in history.mistakes],
        "reminder": CONVERSATION_AID,
    }
    write_document(document, out)
