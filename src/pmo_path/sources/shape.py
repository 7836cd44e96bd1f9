"""Pydantic's errors in the words of whoever edits the file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, get_args, get_origin

from pydantic import BaseModel

from pmo_path.domain.diagnostics import Finding
from pmo_path.domain.names import nearest

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

    from pmo_path.domain.diagnostics import Path

MISSING, UNKNOWN, WRONG_TYPE, NOT_ALLOWED = "PMO201", "PMO202", "PMO203", "PMO204"

_EXPECTED = {
    "string_type": "text",
    "bool_type": "true or false",
    "int_type": "a whole number",
    "tuple_type": "a list",
    "mapping_type": "a mapping (key: value)",
    "model_type": "a mapping (key: value)",
    "model_attributes_type": "a mapping (key: value)",
    "dict_type": "a mapping (key: value)",
    "date_type": "a date such as 2026-11-23",
    "none_required": "nothing",
}


def shape_findings(error: ValidationError, model: type[BaseModel], data: Any) -> Iterator[Finding]:
    """A finding for each place at which `data` does not fit `model`, in the model's order."""
    seen: set[Path] = set()
    for detail in error.errors(include_url=False, include_context=True):
        path, at_key = _document_path(detail["loc"], data)
        # A union reports one error for each of its members; the first says enough.
        if path in seen:
            continue
        seen.add(path)
        yield _finding(detail, path, model, at_key=at_key or detail["type"] == "extra_forbidden")


def _document_path(loc: Sequence[str | int], data: Any) -> tuple[Path, bool]:
    """`loc` without the steps that pydantic adds for union members and mapping keys."""
    path: list[str | int] = []
    here, at_key = data, False
    for position, step in enumerate(loc):
        if step == "[key]":
            at_key = True
        elif isinstance(here, Mapping):
            known = next((key for key in here if str(key) == str(step)), None)
            if known is None and position < len(loc) - 1:
                continue
            path.append(step)
            here = here.get(known) if known is not None else None
        elif isinstance(here, tuple) and isinstance(step, int):
            path.append(step)
            here = here[step] if step < len(here) else None
    return tuple(path), at_key


def _finding(detail: ErrorDetails, path: Path, model: type[BaseModel], *, at_key: bool) -> Finding:
    kind, name = detail["type"], str(path[-1]) if path else "the document"
    if kind == "missing":
        field = _field(model, path)
        return Finding(
            code=MISSING,
            message=f"'{name}' is missing",
            path=path,
            at_key=True,
            hint=f"add '{name}:'" + (f" ({field})" if field else ""),
        )
    if kind == "extra_forbidden":
        known = _known_keys(model, path[:-1])
        hint = nearest(name, known) or (f"known here: {', '.join(known)}" if known else "")
        return Finding(
            code=UNKNOWN,
            message=f"'{name}' is not known here",
            path=path,
            at_key=at_key,
            hint=hint,
        )
    if kind in _EXPECTED:
        return Finding(
            code=WRONG_TYPE,
            message=f"'{name}' must be {_EXPECTED[kind]}, not {_said(detail['input'])}",
            path=path,
            at_key=at_key,
        )
    return Finding(
        code=NOT_ALLOWED, message=f"'{name}': {_words(detail)}", path=path, at_key=at_key
    )


def _words(detail: ErrorDetails) -> str:
    said = _said(detail["input"])
    match detail["type"]:
        case "value_error":
            return f"{detail['ctx']['error']}, not {said}"
        case "literal_error":
            return f"expected {detail['ctx']['expected']}, not {said}"
        case "too_short":
            return f"needs at least {detail['ctx']['min_length']}"
        case _:
            return f"{detail['msg'][0].lower()}{detail['msg'][1:]}, not {said}"


def _said(value: Any) -> str:
    match value:
        case None:
            return "nothing"
        case True | False:
            return str(value).lower()
        case str():
            return f"'{value[:40]}'" if value else "empty text"
        case Mapping():
            return "a mapping"
        case tuple() | list():
            return "a list"
        case _:
            return str(value)


def _known_keys(model: type[BaseModel], path: Path) -> list[str]:
    at = _model_at(model, path)
    return [field.alias or name for name, field in at.model_fields.items()] if at else []


def _field(model: type[BaseModel], path: Path) -> str:
    at = _model_at(model, path[:-1])
    for name, field in at.model_fields.items() if at else ():
        if (field.alias or name) == path[-1]:
            return (field.description or "").rstrip(".")
    return ""


def _model_at(model: type[BaseModel], path: Path) -> type[BaseModel] | None:
    """The model of what stands at `path` in a document whose top is `model`."""
    here: Any = model
    for step in path:
        if isinstance(here, type) and issubclass(here, BaseModel):
            here = next(
                (
                    field.annotation
                    for name, field in here.model_fields.items()
                    if (field.alias or name) == step
                ),
                None,
            )
        elif get_origin(here) is not None:
            here = get_args(here)[-1]
    return here if isinstance(here, type) and issubclass(here, BaseModel) else None
