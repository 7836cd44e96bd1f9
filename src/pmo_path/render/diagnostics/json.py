"""Diagnostics as JSON: versioned, and complete."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TextIO

from pmo_path.domain.diagnostics import Severity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pmo_path.domain.diagnostics import Diagnostic, Place

SCHEMA = 1
MOST_OF_A_LINE = 1000
"""Characters of a source line; a file on one line would be written anew for each mistake in it."""


def write_json(diagnostics: Sequence[Diagnostic], files: int, out: TextIO) -> None:
    """Write the diagnostics, and how many there are, as one JSON object and a line break."""
    document = {
        "schema": SCHEMA,
        "files": files,
        "errors": _count(diagnostics, Severity.ERROR),
        "warnings": _count(diagnostics, Severity.WARNING),
        "diagnostics": [plain_diagnostic(one) for one in diagnostics],
    }
    text = json.dumps(document, ensure_ascii=False, indent=2)
    out.write(text.encode("utf-8", "replace").decode() + "\n")


def _count(diagnostics: Sequence[Diagnostic], severity: Severity) -> int:
    return sum(one.stands_for for one in diagnostics if one.severity is severity)


def plain_diagnostic(found: Diagnostic) -> dict[str, Any]:
    """A diagnostic in the types that JSON has."""
    related = found.related
    return {
        **_place(found.place),
        "code": found.code,
        "severity": found.severity.word,
        "message": found.message,
        "hint": found.hint,
        "path": list(found.path),
        "source_line": found.source_line[:MOST_OF_A_LINE],
        "related": {**_place(related[0]), "message": related[1]} if related else None,
    }


def _place(place: Place) -> dict[str, Any]:
    return {"file": place.file, "line": place.line or None, "column": place.column or None}
