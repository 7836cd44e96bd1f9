"""Diagnostics as JSON: versioned, and complete."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TextIO

from pmo_path.domain.codes import Severity
from pmo_path.domain.diagnostics import MOST_ALIKE, total
from pmo_path.render.formats.json import plain, write

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pmo_path.domain.diagnostics import Diagnostic

SCHEMA = 1
MOST_OF_A_LINE = 1000
"""Characters of a source line; a file on one line would otherwise be repeated for each mistake."""


class SecondPlace(NamedTuple):
    """Another place that is part of a mistake."""

    file: str
    """The file."""
    line: int | None
    """Counted from 1; none for the file as a whole."""
    column: int | None
    """In characters, counted from 1; none for the whole line or file."""
    message: str
    """What this place is."""


class OtherPlace(NamedTuple):
    """A further place with the same mistake."""

    file: str
    """The file."""
    line: int | None
    """Counted from 1; none for the file as a whole."""
    column: int | None
    """In characters, counted from 1; none for the whole line or file."""


class DiagnosticFacts(NamedTuple):
    """One mistake: where it is, what it is, and what to do."""

    file: str
    """The file."""
    line: int | None
    """Counted from 1; none for the file as a whole."""
    column: int | None
    """In characters, counted from 1; none for the whole line or file."""
    code: str
    """What kind of mistake it is; `pmo-path explain` describes each."""
    severity: Literal["error", "warning"]
    """Errors make a file unusable, warnings are advice."""
    message: str
    """What is wrong."""
    hint: str
    """What to do about it; empty when the message says it."""
    path: tuple[str | int, ...]
    """Where in the document it is: keys and positions from the top."""
    source_line: str
    """The source line or its beginning; empty if there is none."""
    related: SecondPlace | None
    """A second place that is part of it."""
    occurrences: int
    """How many mistakes it counts as."""
    also: tuple[OtherPlace, ...]
    """The first 1,000 further places with the same mistake: references to one missing id."""


def write_json(diagnostics: Sequence[Diagnostic], files: int, out: TextIO) -> None:
    """Write the diagnostics, and how many there are, as one JSON object and a line break."""
    document = {
        "schema": SCHEMA,
        "files": files,
        "errors": _total(diagnostics, Severity.ERROR),
        "warnings": _total(diagnostics, Severity.WARNING),
        "diagnostics": [plain_diagnostic(diagnostic) for diagnostic in diagnostics],
    }
    write(document, out)


def _total(diagnostics: Iterable[Diagnostic], severity: Severity) -> int:
    return total(diagnostic for diagnostic in diagnostics if diagnostic.severity is severity)


def plain_diagnostic(diagnostic: Diagnostic) -> dict[str, Any]:
    """A diagnostic in the types that JSON has."""
    start, related = diagnostic.place, diagnostic.related
    second = related and SecondPlace(
        related[0].file, related[0].line or None, related[0].column or None, related[1]
    )
    written: dict[str, Any] = plain(
        DiagnosticFacts(
            file=start.file,
            line=start.line or None,
            column=start.column or None,
            code=diagnostic.code,
            severity=diagnostic.severity.word,
            message=diagnostic.message,
            hint=diagnostic.hint,
            path=diagnostic.path,
            source_line=diagnostic.source_line[:MOST_OF_A_LINE],
            related=second,
            occurrences=diagnostic.occurrences,
            also=tuple(
                OtherPlace(other.file, other.line or None, other.column or None)
                for other in diagnostic.also[:MOST_ALIKE]
            ),
        )
    )
    return written
