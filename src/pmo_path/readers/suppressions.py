"""Suppress warnings by comments on their lines: `# pmo-path: ignore PMO405`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pmo_path.domain.codes import CODE_PATTERN, Code, Severity
from pmo_path.domain.diagnostics import Diagnostic, Place
from pmo_path.readers.yaml import is_inside, text_spans

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from collections.abc import Set as AbstractSet

    from pmo_path.readers.parsed import SourceMap

_MARKER = "pmo-path: ignore"
_CODE = CODE_PATTERN.pattern
_COMMENT = re.compile(rf"#[ \t]*{_MARKER}\b(?P<codes>[ \t]+{_CODE}(?:[, \t]+{_CODE})*)?")


def silenced(
    diagnostics: Iterable[Diagnostic],
    positions: SourceMap,
    unchecked: AbstractSet[str] = frozenset(),
) -> list[Diagnostic]:
    """Remove suppressed warnings, and add a diagnostic for each comment without effect.

    `diagnostics` must be all warnings on the file. `unchecked` are codes that were not checked,
    so a comment for one of these may or may not have an effect. Errors cannot be silenced.
    """
    diagnostics = list(diagnostics)
    if _MARKER not in positions.text:
        return diagnostics
    comments = dict(_comments(positions))
    used: set[tuple[int, str]] = set()
    kept = []
    for diagnostic in diagnostics:
        line = diagnostic.place.line if diagnostic.place.file == positions.file else 0
        is_named = diagnostic.code in comments.get(line, ((), 0))[0]
        if is_named and diagnostic.severity is Severity.WARNING:
            used.add((line, diagnostic.code))
        else:
            kept.append(diagnostic)
    return kept + list(_unused(comments, used, unchecked, positions))


def _comments(positions: SourceMap) -> Iterator[tuple[int, tuple[tuple[str, ...], int]]]:
    """The codes that each comment names and the column of the comment, by line."""
    spans = sorted(text_spans(positions.root))
    for match in _COMMENT.finditer(positions.text):
        if not is_inside(match.start(), spans):
            start = positions.position_at(match.start())
            yield start.line, (tuple(CODE_PATTERN.findall(match["codes"] or "")), start.column)


def _unused(
    comments: dict[int, tuple[tuple[str, ...], int]],
    used: set[tuple[int, str]],
    unchecked: AbstractSet[str],
    positions: SourceMap,
) -> Iterator[Diagnostic]:
    for line, (codes, column) in comments.items():
        start = Place(positions.file, line, column)
        unused = [code for code in codes if code not in unchecked and (line, code) not in used]
        if unused or not codes:
            message = f"this comment suppresses no {' and no '.join(unused)}"
            hint = "remove it; it works only on the line of a warning, and never on an error"
            if not codes:
                message = "this comment names no code to suppress"
                hint = f"write the code after it, as in '# {_MARKER} {Code.UNUSED_COURSE}'"
            shown, code = positions.line(start), Code.UNUSED_SUPPRESSION
            yield Diagnostic(start, code, message, hint, source_line=shown)
