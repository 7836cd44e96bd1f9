"""Read a mapping file: what the columns and cells of a sheet mean."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from pmo_path.domain.cells import UNRATED, cell_key
from pmo_path.domain.codes import Code
from pmo_path.domain.diagnostics import Finding
from pmo_path.domain.names import fold, nearest
from pmo_path.domain.numbers import level_near, show_number
from pmo_path.domain.ratings import NOT_APPLICABLE, level_named
from pmo_path.readers.files import decode, read_bytes
from pmo_path.readers.parsed import yaml_document

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pmo_path.domain.cells import Meaning
    from pmo_path.domain.framework import Framework

VALUES = "values"
"""The key under which cells are translated; with a text behind it, it is a heading as any other."""
_HINT = "write 'heading: competence', or 'heading: carry' for any other column"
_IN_VALUES = f"cells are translated in the section '{VALUES}'"


class SheetMap(NamedTuple):
    """The meanings of columns and cells."""

    headings: Mapping[str, str] = {}
    """The contents of columns, by heading."""
    values: Mapping[str, Meaning] = {}
    """The meanings of rating cells, by text."""


def load_heading_map(path: Path, framework: Framework) -> SheetMap:
    """Read a mapping file. Raises InputInvalid with every mistake."""
    name = str(path)
    document = yaml_document(decode(read_bytes(path), name), name)
    data = document.data
    document.check(_findings(data, framework))
    section = data.get(VALUES)
    values = section if isinstance(section, Mapping) else {}
    return SheetMap(
        {str(heading): target for heading, target in data.items() if target is not values},
        {_written(cell): _meaning(framework, target) for cell, target in values.items()},
    )


def _findings(data: object, framework: Framework) -> Iterator[Finding]:
    if not isinstance(data, Mapping):
        message = "expected headings, each with what it holds"
        yield Finding(Code.WRONG_TYPE, message, hint=_HINT)
        return
    for heading, target in data.items():
        if heading == VALUES and isinstance(target, Mapping):
            yield from _in_values(target, framework)
        elif not isinstance(target, str) or not target.strip():
            is_section = heading == VALUES or isinstance(target, Mapping)
            hint = f"{_IN_VALUES}: '{VALUES}: {{\"cell\": level}}'" if is_section else _HINT
            message = f"expected a name for '{heading}'"
            yield Finding(Code.WRONG_TYPE, message, (str(heading),), hint=hint)


def _in_values(section: Mapping[Any, Any], framework: Framework) -> Iterator[Finding]:
    first: dict[str, str] = {}
    for cell, target in section.items():
        written = _written(cell)
        path = (VALUES, str(cell))
        key = cell_key(written)
        if not written.strip():
            message = "an empty cell is unrated, and cannot mean anything else"
            yield Finding(Code.WRONG_TYPE, message, path, at_key=True, hint="take it out")
        elif key in first:
            message = f"'{written}' is translated twice: '{first[key]}' is the same cell"
            same = "case, spaces around and the way a number is written do not count"
            hint, related = (
                f"{same}; keep one of the two",
                ((VALUES, first[key]), "it is first here"),
            )
            yield Finding(
                Code.DUPLICATE_KEY, message, path, at_key=True, hint=hint, related=related
            )
        first.setdefault(key, str(cell))
        yield from _target(written, target, path, framework)


def _target(
    cell: str, target: object, path: tuple[str, ...], framework: Framework
) -> Iterator[Finding]:
    is_text = isinstance(target, str) and bool(target.strip())
    if not is_text and type(target) not in {int, Decimal}:
        message, hint = f"expected a level for '{cell}'", f"write {_choices(framework)}"
        yield Finding(Code.WRONG_TYPE, message, path, hint=hint)
    elif _meaning(framework, target) is None:
        labels = (step.label for step in framework.scale.values())
        near = nearest(str(target), (*labels, UNRATED, NOT_APPLICABLE)) if is_text else ""
        message = f"'{cell}' is to be '{target}', which is no level of the scale"
        hint = near or f"use {_choices(framework)}"
        yield Finding(Code.INVALID_MAPPING, message, path, hint=hint)


def _choices(framework: Framework) -> str:
    levels = ", ".join(map(show_number, framework.levels))
    return f"a level ({levels}, or its label), {NOT_APPLICABLE} or {UNRATED}"


def _meaning(framework: Framework, target: Any) -> Any:
    """The meaning of a cell; None if there is no such level."""
    if not isinstance(target, str):
        return level_near(Decimal(target), framework.levels)
    return UNRATED if fold(target) == UNRATED else level_named(framework, target)


def _written(cell: Any) -> str:
    """A key of the section as the text of a cell."""
    return show_number(Decimal(cell)) if type(cell) in {int, Decimal} else str(cell)
