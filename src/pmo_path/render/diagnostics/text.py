"""Diagnostics as text: place, code, words, the line itself, and a hint."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TextIO

from pmo_path.domain.text import one_line, shown

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pmo_path.domain.diagnostics import Diagnostic, Place

MAX_SOURCE = 200
_BEFORE_CARET = 60
"""How much of a long line is shown before the caret."""


class Paint(Protocol):
    """Makes parts of the text stand out; the text itself stays as it is."""

    def place(self, text: str, file: str) -> str:
        """A place, as a link to its file."""

    def severity(self, text: str, code: str) -> str:
        """A code and how bad it is."""

    def caret(self, text: str) -> str:
        """What points at the mistake."""


class _Plain:
    def place(self, text: str, file: str) -> str:  # noqa: ARG002
        return text

    def severity(self, text: str, code: str) -> str:  # noqa: ARG002
        return text

    def caret(self, text: str) -> str:
        return text


PLAIN: Paint = _Plain()


def write_text(diagnostics: Iterable[Diagnostic], out: TextIO, paint: Paint = PLAIN) -> None:
    """Write each diagnostic as `file:line:column: CODE severity: message` and what helps."""
    for found in diagnostics:
        kind = paint.severity(f"{found.code} {found.severity.word}:", found.code)
        out.write(f"{_place(found.place, paint)}: {kind} {one_line(found.message)}\n")
        if found.source_line.strip() and found.place.column:
            out.write(_source(found.source_line, found.place, paint))
        if found.related is not None:
            place, what = found.related
            out.write(f"  {_place(place, paint)}: {one_line(what)}\n")
        if found.hint:
            out.write(f"  hint: {one_line(found.hint)}\n")


def _place(place: Place, paint: Paint) -> str:
    name = one_line(place.file)
    return paint.place(f"{name}:{place.line}:{place.column}" if place.line else name, place.file)


def _source(line: str, place: Place, paint: Paint) -> str:
    start, lead = 0, ""
    if place.column > MAX_SOURCE:
        start, lead = place.column - _BEFORE_CARET, "… "
    excerpt = lead + shown(line[start : start + MAX_SOURCE].replace("\t", " "))
    caret = paint.caret("^")
    indent = " " * (place.column - 1 - start + len(lead))
    return f"  {place.line:>4} | {excerpt}\n       | {indent}{caret}\n"
