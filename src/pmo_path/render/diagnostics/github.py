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
    for found in diagnostics:
        place = found.place
        properties = {"file": place.file}
        if place.line:
            properties |= {"line": str(place.line), "col": str(place.column)}
        properties["title"] = found.code
        told = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
        out.write(f"::{found.severity.word} {told}::{_message(found)}\n")


def _message(found: Diagnostic) -> str:
    lines = [message(found)]
    if found.related is not None:
        place, what = found.related
        lines.append(f"{one_line(place.file)}:{place.line}: {one_line(what)}")
    if found.also:
        lines.append(also(found))
    if found.hint:
        lines.append(f"hint: {one_line(found.hint)}")
    return _data("\n".join(lines))


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(one_line(text)).replace(":", "%3A").replace(",", "%2C")
