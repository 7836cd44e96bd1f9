"""Read a mapping file for a competency matrix: what its columns and cells mean."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pmo_path.domain.codes import Code
from pmo_path.domain.diagnostics import Finding, in_order
from pmo_path.domain.errors import InputInvalid
from pmo_path.domain.fields import is_id
from pmo_path.domain.matrix.model import SINGLE, MatrixMap, TakenBy
from pmo_path.domain.matrix.vocabulary import column_of
from pmo_path.domain.names import fold, nearest
from pmo_path.domain.numbers import exact
from pmo_path.readers.files import decode, read_bytes
from pmo_path.readers.parsed import yaml_document

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_KEYS = ("columns", "values", "scale", "baseline", "heading_line", "sheet", "framework")
_ABOUT = ("id", "version", "title")
_MEANINGS = (
    "write competence, domain, group, description, role, 'role at level 2', 'role and level 2', "
    "'level 2', 'expects: ROLE', 'importance: ROLE', 'must-have: ROLE', x-KEY or ignore"
)


def load_matrix_map(path: Path) -> MatrixMap:
    """Read a mapping file. Raises InputInvalid with every mistake."""
    name = str(path)
    document = yaml_document(decode(read_bytes(path), name), name)
    data = document.data
    diagnostics = [*document.diagnostics, *document.diagnose(_findings(data))]
    if diagnostics:
        raise InputInvalid(in_order(diagnostics))
    return _map(data)


def _map(data: Mapping[str, Any]) -> MatrixMap:
    columns = {}
    for heading, meaning in (data.get("columns") or {}).items():
        column = column_of(str(meaning).strip(), 0, str(heading), TakenBy.MAP)
        if column is not None:
            columns[fold(str(heading))] = column
    return MatrixMap(
        columns,
        {fold(str(cell)): exact(level) for cell, level in (data.get("values") or {}).items()},
        {exact(level): str(label) for level, label in (data.get("scale") or {}).items()},
        None if data.get("baseline") is None else exact(data["baseline"]),
        data.get("heading_line"),
        None if data.get("sheet") is None else str(data["sheet"]),
        {key: str(value) for key, value in (data.get("framework") or {}).items()},
    )


def _findings(data: object) -> Iterator[Finding]:
    if not isinstance(data, Mapping):
        hint = f"write sections: {', '.join(_KEYS)}"
        yield Finding(Code.WRONG_TYPE, "expected a mapping", (), hint=hint)
        return
    for key, value in data.items():
        path = (str(key),)
        if key not in _KEYS:
            near = nearest(str(key), _KEYS)
            hint = near or f"use {', '.join(_KEYS)}"
            yield Finding(
                Code.UNKNOWN_KEY, f"'{key}' is not known here", path, at_key=True, hint=hint
            )
        elif key in {"columns", "values", "scale", "framework"}:
            yield from _in_section(str(key), value)
        elif key == "baseline" and not _is_number(value):
            yield Finding(Code.WRONG_TYPE, "expected a number below the lowest level", path)
        elif key == "heading_line" and not (type(value) is int and value > 0):
            yield Finding(Code.WRONG_TYPE, "expected the number of a line", path)


def _in_section(key: str, section: object) -> Iterator[Finding]:
    if section is None:
        return
    if not isinstance(section, Mapping):
        yield Finding(Code.WRONG_TYPE, "expected a mapping", (key,))
        return
    check = {"columns": _column, "values": _value, "scale": _level, "framework": _about}[key]
    for name, value in section.items():
        yield from check(
            name, value, (key, name if isinstance(name, int | Decimal) else str(name))
        )


def _column(heading: object, meaning: object, path: tuple[Any, ...]) -> Iterator[Finding]:
    text = str(meaning).strip()
    if not isinstance(meaning, str) or column_of(text, 0, str(heading), TakenBy.MAP) is None:
        hint = nearest(text, (*SINGLE, "role", "ignore"), 0.8) or _MEANINGS
        message = f"'{heading}' is to be '{text}', which no column can hold"
        yield Finding(Code.INVALID_MAPPING, message, path, hint=hint)


def _value(cell: object, level: object, path: tuple[Any, ...]) -> Iterator[Finding]:
    if not _is_number(level):
        yield Finding(Code.WRONG_TYPE, f"expected the number of a level for '{cell}'", path)


def _level(level: object, label: object, path: tuple[Any, ...]) -> Iterator[Finding]:
    if not _is_number(level):
        hint = "write 'scale: {1: Beginner, 2: Expert}'"
        yield Finding(
            Code.WRONG_TYPE, f"expected a number, not '{level}'", path, at_key=True, hint=hint
        )
    elif label is None or isinstance(label, Mapping | tuple | list) or not str(label).strip():
        yield Finding(Code.WRONG_TYPE, f"expected a label for level {level}", path)


def _about(key: object, value: object, path: tuple[Any, ...]) -> Iterator[Finding]:
    if key not in _ABOUT:
        hint = f"use {', '.join(_ABOUT)}"
        yield Finding(Code.UNKNOWN_KEY, f"'{key}' is not known here", path, at_key=True, hint=hint)
    elif not isinstance(value, str | int | Decimal) or (key == "id" and not is_id(str(value))):
        expected = "a word without spaces" if key == "id" else "some text"
        yield Finding(Code.WRONG_TYPE, f"expected {expected}", path)


def _is_number(value: object) -> bool:
    try:
        exact(value)
    except ValueError:
        return False
    return True
