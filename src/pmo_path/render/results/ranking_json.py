"""All roles by how well a person fits them, as JSON: versioned, and complete."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

from pmo_path.render.formats.json import plain, write_document
from pmo_path.render.words import CONVERSATION_AID

if TYPE_CHECKING:
    from pmo_path.domain.ranking import Ranking

SCHEMA = 1


def write_json(ranking: Ranking, out: TextIO) -> None:
    """Write the whole ranking as one JSON object."""
    write_document({"schema": SCHEMA, **plain(ranking), "reminder": CONVERSATION_AID}, out)
