"""The differences between two frameworks as JSON: versioned, and complete."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TextIO

from pmo_path.render.formats.json import plain, write_document
from pmo_path.render.results.diff import REASON_WORDS, difference, verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pmo_path.domain.diagnostics import Diagnostic
    from pmo_path.domain.diff.model import FrameworkDiff
    from pmo_path.domain.diff.ratings import RatingsCheck

SCHEMA = 1


def write_json(diff: FrameworkDiff, checks: Sequence[RatingsCheck] | None, out: TextIO) -> None:
    """Write the differences as one JSON object; `ratings` is null without `checks`."""
    version = diff.version
    document = {
        "schema": SCHEMA,
        "before": plain(diff.before),
        "after": plain(diff.after),
        "in_common": plain(diff.in_common),
        "changed": bool(diff.changes),
        "version": {
            **plain(version),
            "reasons": [
                {**plain(reason), "words": REASON_WORDS[reason.key]} for reason in version.reasons
            ],
            "follows": version.follows,
            "verdict": verdict(diff),
        },
        "changes": plain(diff.changes),
        "ratings": None if checks is None else [_check(check) for check in checks],
    }
    write_document(document, out)


def _check(check: RatingsCheck) -> dict[str, Any]:
    return {
        "file": check.file,
        "no_longer_fit": [_diagnostic(misfit) for misfit in check.misfits],
        "read_differently": [difference(change) for change in check.read_differently],
        "wrong_already": [_diagnostic(mistake) for mistake in check.mistakes],
    }


def _diagnostic(problem: Diagnostic) -> dict[str, Any]:
    return {
        "line": problem.place.line or None,
        "column": problem.place.column or None,
        "code": problem.code,
        "message": problem.message,
        "hint": problem.hint,
    }
