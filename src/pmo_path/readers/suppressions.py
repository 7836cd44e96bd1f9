"""Comments that silence a warning on their line: `# pmo-path: ignore PMO405`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pmo_path.domain.codes import CODE_PATTERN, Code, Severity
from pmo_path.domain.diagnostics import Diagnostic, Place
from pmo_path.readers.yaml import text_spans

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from collections.abc import Set as AbstractSet

    from pmo_path.readers.yaml import SourceMap

_MARKER = "pmo-path: ignore"
_CODE = CODE_PATTERN.pattern
_COMMENT = re.compile(rf"#[ \t]*{_MARKER}\b(?P<codes>[ \t]+{_CODE}(?:[, \t]+{_CODE})*)?")


def silenced(
    found: Iterable[Diagnostic], places: SourceMap, unjudged: AbstractSet[str] = frozenset()
) -> list[Diagnostic]:
    """The diagnostics without the silenced warnings; a comment that does nothing is one more.

    `found` is all that is to say about the file: what a comment silences must be among it.
    `unjudged` are the codes that nothing could be said about; whether a comment does something for
    these, nobody knows. Errors stay: what makes a framework unusable cannot be talked away.
    """
    found = list(found)
    if _MARKER not in places.text:
        return found
    comments = dict(_comments(places))
    used: set[tuple[int, str]] = set()
    kept = []
    for one in found:
        line = one.place.line if one.place.file == places.file else 0
        if one.severity is Severity.WARNING and one.code in comments.get(line, ((), 0))[0]:
            used.add((line, one.code))
        else:
            kept.append(one)
    return kept + list(_idle(comments, used, unjudged, places))


def _comments(places: SourceMap) -> Iterator[tuple[int, tuple[tuple[str, ...], int]]]:
    """By line: the codes that a comment names, and the column of the comment."""
    spans = sorted(text_spans(places.root))
    following = 0
    for match in _COMMENT.finditer(places.text):
        while following < len(spans) and spans[following][1] <= match.start():
            following += 1
        if following < len(spans) and spans[following][0] <= match.start():
            continue  # inside a text, where it is no comment
        place = places.place_at(match.start())
        yield place.line, (tuple(CODE_PATTERN.findall(match["codes"] or "")), place.column)


def _idle(
    comments: dict[int, tuple[tuple[str, ...], int]],
    used: set[tuple[int, str]],
    unjudged: AbstractSet[str],
    places: SourceMap,
) -> Iterator[Diagnostic]:
    for line, (codes, column) in comments.items():
        place = Place(places.file, line, column)
        unused = [code for code in codes if code not in unjudged and (line, code) not in used]
        if unused or not codes:
            yield Diagnostic(
                place=place,
                code=Code.UNUSED_SUPPRESSION,
                message=f"this comment silences no {' and no '.join(unused)}"
                if codes
                else "this comment names no code to silence",
                hint="take it out; it works on the line of a warning, and never on an error"
                if codes
                else f"write the code after it, as in '# {_MARKER} {Code.UNUSED_COURSE}'",
                source_line=places.line(place),
            )
