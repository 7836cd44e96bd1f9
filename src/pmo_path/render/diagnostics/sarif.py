"""Diagnostics as SARIF 2.1.0, the format in which code hosts take the results of checkers.

Source: OASIS, Static Analysis Results Interchange Format (SARIF) Version 2.1.0.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO
from urllib.parse import quote

from pmo_path.domain.diagnostics import MOST_ALIKE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pmo_path.domain.codes import Code
    from pmo_path.domain.diagnostics import Diagnostic, Place

_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)


def write_sarif(
    diagnostics: Sequence[Diagnostic], rules: Mapping[Code, str], version: str, out: TextIO
) -> None:
    """Write one run with a result for each diagnostic; `rules` has each code's help in Markdown."""
    used = sorted({diagnostic.code for diagnostic in diagnostics})
    driver = {
        "name": "pmo-path",
        "semanticVersion": version,
        "rules": [_rule(code, rules[code]) for code in used],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [
            _result(diagnostic, used.index(diagnostic.code)) for diagnostic in diagnostics
        ],
    }
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    json.dump(log, out, indent=2)
    out.write("\n")


def _rule(code: Code, markdown: str) -> dict[str, Any]:
    return {
        "id": code,
        "shortDescription": {"text": code.summary},
        "help": {"text": markdown, "markdown": markdown},
    }


def _result(diagnostic: Diagnostic, rule: int) -> dict[str, Any]:
    text = diagnostic.message + (f" (hint: {diagnostic.hint})" if diagnostic.hint else "")
    result: dict[str, Any] = {
        "ruleId": diagnostic.code,
        "ruleIndex": rule,
        "level": diagnostic.severity.word,
        "message": {"text": text},
        "locations": [_location(diagnostic.place)],
    }
    others = [(position, "also here") for position in diagnostic.also[:MOST_ALIKE]]
    if diagnostic.related is not None:
        others.insert(0, diagnostic.related)
    if others:
        result["relatedLocations"] = [
            {**_location(position), "message": {"text": meaning}} for position, meaning in others
        ]
    if diagnostic.also:
        result["occurrenceCount"] = diagnostic.occurrences
    return result


def _location(position: Place) -> dict[str, Any]:
    physical: dict[str, Any] = {"artifactLocation": {"uri": _uri(position.file)}}
    if position.line:
        physical["region"] = {"startLine": position.line, "startColumn": position.column}
    return {"physicalLocation": physical}


def _uri(file: str) -> str:
    path = Path(file)
    if path.is_absolute():
        return path.as_uri()
    return quote(path.as_posix().encode("utf-8", "replace"), safe="/")
