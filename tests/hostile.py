"""Files in which every text that a person can type is hostile."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from pmo_path.domain.text import one_line

if TYPE_CHECKING:
    from pathlib import Path

TEXTS = {
    "script": "</title></style><script>alert('pwned')</script>",
    "attribute": '"\'><img src=x onerror=alert(1)> " onload="alert(2)',
    "style": "*/ } body { display: none } <style>* {display:none}</style>",
    "template": "{{ 7 * 7 }} {% raw %} {# x #} ${7*7}",
    "markup": "[red]bold[/red] :boom: **b** `c` | d | @team #1 http://x.example <!-- -->",
    "formula": '=HYPERLINK("http://x.example";"click")',
    "terminal": "\x1b[31mred\x1b[0m \x07 \x9b2J \x00",
    "direction": "\u202egnp.exe \u2066x\u2069 \u200fy",
    "invisible": "a\u200bb \u2060 \ufeffc \U000e0041 \u3164",
    "emoji": "👩\u200d💻 🧭 Ω 漢字 العربية",
    "long": "x" * 10_000,
}
"""Hostile texts by what they try."""
IN_A_BROWSER = ("script", "attribute", "style", "direction", "long")
"""Those of which a browser may make more than their characters; it is slow to ask."""


def shown(text: str) -> str:
    """What is to be seen of a text: itself, without what a terminal or browser would obey."""
    return " ".join(one_line(text).split())


def write_framework(path: Path, text: str) -> Path:
    """A framework with the text in every field that people read."""

    def said(what: str) -> str:
        return f"{what} {text}"

    def competence(number: int) -> dict[str, Any]:
        return {
            "name": said(f"Competence {number}"),
            "key": True,
            "second_rater": True,
            "summary": said("summary"),
            "behaviours": {"1": [said("behaviour")]} if number % 2 else [said("behaviour")],
            "levels": {str(level): said(f"anchor {number} {level}") for level in (1, 2, 3)},
            "evidence": {"1": [said("proof")]} if number % 2 else [said("proof")],
            "experience": {
                str(level): {
                    "do": said("do"),
                    "first_move": said("first move"),
                    "hours": [level, 9],
                    "weeks": 3,
                    "start": "ask",
                    "x-own": said("own"),
                }
                for level in (1, 2, 3)
            },
            "exposure": {"1": [said("mentor")]} if number % 2 else [said("mentor")],
            "group": said("group") if number > 2 else "",
            "x-own": said("own"),
        }

    document = {
        "schema": 1,
        "framework": {
            "id": "hostile",
            "version": said("1"),
            "title": said("title"),
            "notice": said("notice"),
        },
        "scale": {str(level): {"label": said(f"label {level}")} for level in range(4)},
        "baseline": -1,
        "baseline_label": said("baseline"),
        "readiness": {
            "ready": {"label": said("ready"), "at_least": 90},
            "early": {"label": said("early"), "at_least": 0},
        },
        "domains": {
            "all": {
                "name": said("domain"),
                "competences": {f"c{number}": competence(number) for number in range(5)},
            }
        },
        "roles": {
            "role": {
                "name": said("role"),
                "leads_to": ["next"],
                "requires": {f"c{number}": {"level": 2, "must_have": 1} for number in range(5)},
            },
            "next": {
                "name": said("next role"),
                "family": said("family"),
                "grade": said("grade"),
                "requires": {
                    f"c{number}": {"level": 3, "must_have": 2, "expects": said("expects")}
                    for number in range(5)
                },
            },
        },
        "training": {
            "course": {
                "title": said("course"),
                "provider": said("provider"),
                "kind": said("kind"),
                "format": said("format"),
                "duration": said("duration"),
                "prerequisites": [said("before")],
                "develops": {f"c{number}": {"from": 0, "to": 3} for number in range(5)},
                "note": said("note"),
                "audience": said("audience"),
                "topics": [said("topic")],
                "cost": {"amount": 5, "currency": "EUR", "note": said("cost note")},
                "url": "https://example.org/?a=<b>&c='\"",
            }
        },
    }
    return _write(path, document)


def write_ratings(path: Path, text: str, **other: Any) -> Path:
    """Ratings on that framework, with the text in every field that a person can type."""
    document = {
        "person": f"person {text}",
        "role": "role",
        "target": "next",
        "rater": f"rater {text}",
        "date": "2026-11-23",
        "ratings": {
            "c0": {"level": 3, "evidence": f"evidence {text}", "year": 2010},
            "c1": {"level": 1, "evidence": f"evidence {text}", "confidence": "low"},
            "c2": {"level": 0},
            "c3": "n/a",
        },
        **other,
    }
    return _write(path, document)


def _write(path: Path, document: dict[str, Any]) -> Path:
    # JSON is YAML as well, but for levels, and can hold what plain YAML cannot.
    text = re.sub(r'"([0-9])": ', r"\1: ", json.dumps(document, indent=1, ensure_ascii=False))
    text = re.sub("[\x7f-\x9f]", lambda found: f"\\u{ord(found[0]):04x}", text)
    path.write_text(text, encoding="utf-8")
    return path
