"""Diagnostics as text: place, code, words, the line itself, and a hint."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

from pmo_path.domain.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pmo_path.domain.diagnostics import Diagnostic, Place

MAX_SOURCE = 200


def write_text(diagnostics: Iterable[Diagnostic], out: TextIO) -> None:
    """Write each diagnostic as `file:line:column: CODE severity: message` and what helps."""
    for found in diagnostics:
        words = one_line(f"{found.code} {found.severity.word}: {found.message}")
        out.write(f"{_place(found.place)}: {words}\n")
        if found.source_line.strip() and found.place.column <= MAX_SOURCE:
            out.write(_source(found.source_line, found.place))
        if found.related is not None:
            place, what = found.related
            out.write(f"  {_place(place)}: {one_line(what)}\n")
        if found.hint:
            out.write(f"  hint: {one_line(found.hint)}\n")


def _place(place: Place) -> str:
    name = one_line(place.file)
    return f"{name}:{place.line}:{place.column}" if place.line else name


def _source(line: str, place: Place) -> str:
    shown = "".join(one_line(one) or " " for one in line[:MAX_SOURCE])
    return f"  {place.line:>4} | {shown}\n       | {' ' * (place.column - 1)}^\n"
