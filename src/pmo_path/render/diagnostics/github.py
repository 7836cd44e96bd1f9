"""Diagnostics as GitHub workflow commands, which become annotations on the lines of a change."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

from pmo_path.domain.text import one_line
from pmo_path.render.diagnostics.text import also, message

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pmo_path.domain.diagnostics import Diagnostic


def write_github(diagnostics: Iterable[Diagnostic], out: TextIO) -> None:
    """Write one workflow command a diagnostic; nothing that was typed can end or start one."""
    for diagnostic in diagnostics:
        start = diagnostic.place
        properties = {"file": start.file}
        if start.line:
            properties |= {"line": str(start.line), "col": str(start.column)}
        properties["title"] = diagnostic.code
        joined = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
        out.write(f"::{diagnostic.severity.word} {joined}::{_message(diagnostic)}\n")


def _message(diagnostic: Diagnostic) -> str:
    lines = [message(diagnostic)]
    if diagnostic.related is not None:
        second, meaning = diagnostic.related
        lines.append(f"{one_line(second.file)}:{second.line}: {one_line(meaning)}")
    if diagnostic.also:
        lines.append(also(diagnostic))
    if diagnostic.hint:
        lines.append(f"hint: {one_line(diagnostic.hint)}")
    return _data("\n".join(lines))


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(one_line(text)).replace(":", "%3A").replace(",", "%2C")
