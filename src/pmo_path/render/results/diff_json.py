"""What a change of framework asks of people, as JSON: versioned, and complete."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TextIO

from pmo_path.render.formats.json import plain, write_document

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pmo_path.domain.diagnostics import Diagnostic
    from pmo_path.domain.diff.model import Answers, Comparison

SCHEMA = 1


def write_json(comparison: Comparison, answers: Sequence[Answers] | None, out: TextIO) -> None:
    """Write the comparison as one JSON object and a line break.

    `ratings` is null when no ratings were asked about.
    """
    document = {
        "schema": SCHEMA,
        "before": plain(comparison.before),
        "after": plain(comparison.after),
        "changed": comparison.changed,
        "version": plain(comparison.version),
        **plain(comparison.changes),
        "ratings": None if answers is None else [_answers(one) for one in answers],
    }
    write_document(document, out)


def _answers(answers: Answers) -> dict[str, Any]:
    return {
        "file": answers.file,
        "no_longer_fit": [_diagnostic(one) for one in answers.misfits],
        "read_otherwise": list(answers.read_otherwise),
        "wrong_already": [_diagnostic(one) for one in answers.mistakes],
    }


def _diagnostic(found: Diagnostic) -> dict[str, Any]:
    return {
        "line": found.place.line or None,
        "column": found.place.column or None,
        "code": found.code,
        "message": found.message,
        "hint": found.hint,
    }
