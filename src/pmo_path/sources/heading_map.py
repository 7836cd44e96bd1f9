"""A mapping file: what the columns of a sheet hold whose headings do not say it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from pmo_path.domain.diagnostics import Finding, in_order
from pmo_path.domain.errors import InputInvalid
from pmo_path.sources.document import yaml_document
from pmo_path.sources.reading import decode, read_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

WRONG_TYPE = "PMO203"
_HINT = "write 'heading: competence', or 'heading: carry' for a column that is none of ours"


def load_heading_map(path: Path) -> dict[str, str]:
    """What the mapping in a YAML file says, by heading. Raises InputInvalid with every mistake."""
    name = str(path)
    document = yaml_document(decode(read_bytes(path), name), name)
    found = [*document.diagnostics, *document.diagnose(_findings(document.data))]
    if found:
        raise InputInvalid(in_order(found))
    return {str(heading): said for heading, said in document.data.items()}


def _findings(data: object) -> Iterator[Finding]:
    if not isinstance(data, Mapping):
        yield Finding(WRONG_TYPE, "expected headings, each with what it holds", (), hint=_HINT)
        return
    for heading, said in data.items():
        if not isinstance(said, str) or not said.strip():
            yield Finding(WRONG_TYPE, f"expected a name for '{heading}'", (heading,), hint=_HINT)
