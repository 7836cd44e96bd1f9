"""Diagnostics as SARIF 2.1.0, the format in which code hosts take the results of checkers.

Source: OASIS, Static Analysis Results Interchange Format (SARIF) Version 2.1.0.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO
from urllib.parse import quote

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
    used = sorted({one.code for one in diagnostics})
    driver = {
        "name": "pmo-path",
        "semanticVersion": version,
        "rules": [_rule(code, rules[code]) for code in used],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(one, used.index(one.code)) for one in diagnostics],
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


def _result(found: Diagnostic, rule: int) -> dict[str, Any]:
    words = found.message + (f" (hint: {found.hint})" if found.hint else "")
    result: dict[str, Any] = {
        "ruleId": found.code,
        "ruleIndex": rule,
        "level": found.severity.word,
        "message": {"text": words},
        "locations": [_location(found.place)],
    }
    others = [(place, "also here") for place in found.also]
    if found.related is not None:
        others.insert(0, found.related)
    if others:
        result["relatedLocations"] = [
            {**_location(place), "message": {"text": meaning}} for place, meaning in others
        ]
    if found.also:
        result["occurrenceCount"] = found.occurrences
    return result


def _location(place: Place) -> dict[str, Any]:
    physical: dict[str, Any] = {"artifactLocation": {"uri": _uri(place.file)}}
    if place.line:
        physical["region"] = {"startLine": place.line, "startColumn": place.column}
    return {"physicalLocation": physical}


def _uri(file: str) -> str:
    path = Path(file)
    if path.is_absolute():
        return path.as_uri()
    return quote(path.as_posix().encode("utf-8", "replace"), safe="/")
