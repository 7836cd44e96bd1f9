"""Diagnostics as text: location, code, message, source line and hint, in colour or plain."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from pmo_path.domain.codes import Severity
from pmo_path.domain.text import one_line, shown

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pmo_path.domain.diagnostics import Diagnostic, Place

MAX_SOURCE = 200
MAX_ALSO = 20
"""How many further places of a mistake are listed."""
_BEFORE_CARET = 60
"""How much of a long line is shown before the caret."""


class _Plain:
    """Writes every part as it is."""

    def location(self, text: str, file: str) -> str:  # noqa: ARG002
        return text

    def code(self, text: str, severity: Severity) -> str:  # noqa: ARG002
        return text

    def caret(self, text: str) -> str:
        return text


class _Coloured(_Plain):
    """Writes locations as links to their files, and codes in the colour of their severity."""

    def location(self, text: str, file: str) -> str:
        is_there = os.path.exists(file)  # noqa: PTH110  Path's raises an error for too long a name
        return _styled(text, "bold", Path(file).resolve().as_uri() if is_there else None)

    def code(self, text: str, severity: Severity) -> str:
        return _styled(text, "bold red" if severity is Severity.ERROR else "bold yellow")

    def caret(self, text: str) -> str:
        return _styled(text, "bold green")


def _styled(text: str, style: str, link: str | None = None) -> str:
    from rich.color import ColorSystem  # noqa: PLC0415  needed only where there is colour
    from rich.style import Style  # noqa: PLC0415

    linked = Style.parse(style) + Style(link=link)
    return linked.render(text, color_system=ColorSystem.STANDARD)


def write_text(diagnostics: Iterable[Diagnostic], out: TextIO, *, color: bool = False) -> None:
    """Write each diagnostic as `file:line:column: CODE severity: message`, its line and hint."""
    paint = _Coloured() if color else _Plain()
    for diagnostic in diagnostics:
        severity = diagnostic.severity
        code = paint.code(f"{diagnostic.code} {severity.word}:", severity)
        out.write(f"{_location(diagnostic.place, paint)}: {code} {message(diagnostic)}\n")
        if diagnostic.source_line.strip() and diagnostic.place.column:
            out.write(_source(diagnostic.source_line, diagnostic.place, paint))
        if diagnostic.related is not None:
            second, meaning = diagnostic.related
            out.write(f"  {_location(second, paint)}: {one_line(meaning)}\n")
        if diagnostic.also:
            out.write(f"  {also(diagnostic)}\n")
        if diagnostic.hint:
            out.write(f"  hint: {one_line(diagnostic.hint)}\n")


def message(diagnostic: Diagnostic) -> str:
    """The message on one line, with the number of places if there are several."""
    times = f" ({diagnostic.occurrences} times)" if diagnostic.also else ""
    return f"{one_line(diagnostic.message)}{times}"


def also(diagnostic: Diagnostic) -> str:
    """Where else the same mistake is: the first places, and how many more there are."""
    others = diagnostic.also
    more = f" and {len(others) - MAX_ALSO} more" if len(others) > MAX_ALSO else ""
    if any(position.file != diagnostic.place.file for position in others):
        files = ", ".join(
            f"{one_line(position.file)}:{position.line}" for position in others[:MAX_ALSO]
        )
        return f"also at {files}{more}"
    lines = ", ".join(str(position.line) for position in others[:MAX_ALSO])
    return f"also in line{'' if len(others) == 1 else 's'} {lines}{more}"


def _location(position: Place, paint: _Plain) -> str:
    name = one_line(position.file)
    shown_at = f"{name}:{position.line}:{position.column}" if position.line else name
    return paint.location(shown_at, position.file)


def _source(line: str, position: Place, paint: _Plain) -> str:
    start, lead = 0, ""
    if position.column > MAX_SOURCE:
        start, lead = position.column - _BEFORE_CARET, "… "
    excerpt = lead + shown(line[start : start + MAX_SOURCE].replace("\t", " "))
    caret = paint.caret("^")
    indent = " " * (position.column - 1 - start + len(lead))
    return f"  {position.line:>4} | {excerpt}\n       | {indent}{caret}\n"
