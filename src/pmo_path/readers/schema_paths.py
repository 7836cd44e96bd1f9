"""Follow paths through the data of a document and through its model."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from types import UnionType
from typing import TYPE_CHECKING, Annotated, Any, TypeGuard, Union, get_args, get_origin

from pydantic import BaseModel

from pmo_path.domain.numbers import parse_number, show_number
from pmo_path.readers.yaml import ConstantKey

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydantic.fields import FieldInfo

    from pmo_path.domain.diagnostics import Path

MISSING_KEY = object()
_DECIMAL_STEP = re.compile(r"Decimal\('([-+0-9.]+)'\)")
"""The form in which pydantic writes a decimal key."""


def step_of(key: Any) -> str:
    """A key of a mapping as a step of a path: text, since only positions in lists are numbers."""
    if isinstance(key, Decimal):
        return show_number(key)
    decimal = _DECIMAL_STEP.fullmatch(str(key))
    return show_number(Decimal(decimal[1])) if decimal else str(key)


def key_in(mapping: Mapping[Any, Any], step: str | int) -> Any:
    """The key of `mapping` for a step of a path; MISSING_KEY if there is no such key.

    YAML allows numbers, truth values and nothing as keys, which are text in a path.
    """
    for key in (step, ConstantKey(str(step)), parse_number(str(step))):
        if key in mapping:
            return key
    return MISSING_KEY


def value_at(data: Any, path: Path) -> Any:
    """The value at `path` in `data`, or None."""
    value = data
    for step in path:
        if isinstance(value, Mapping):
            value = value.get(key_in(value, step))
        elif isinstance(value, tuple) and isinstance(step, int) and step < len(value):
            value = value[step]
        else:
            return None
    return value


def document_path(loc: Sequence[str | int], data: Any) -> tuple[Path, bool]:
    """The path in `data` of one of pydantic's errors, and whether it is about the key there.

    That is `loc` without the steps that pydantic adds for members of unions and for keys.
    """
    path: list[str | int] = []
    value, at_key = data, False
    for position, step in enumerate(loc):
        if step == "[key]":
            at_key = True
        elif isinstance(value, Mapping):
            name = step_of(step)
            key = key_in(value, name)
            if key is MISSING_KEY and position < len(loc) - 1:
                continue
            path.append(name)
            value = value.get(key)
        elif isinstance(value, tuple) and isinstance(step, int):
            path.append(step)
            value = value[step] if step < len(value) else None
    return tuple(path), at_key


def fields_of(model: type[BaseModel]) -> dict[str, FieldInfo]:
    """The fields of a model by the keys that files use."""
    return {field.alias or name: field for name, field in model.model_fields.items()}


def keyed(annotation: Any) -> Any:
    """The form with keys among those that a field may have: a model or a mapping, if there is one.

    So `Cost | None` gives `Cost`, and a mapping or a list gives the mapping.
    """
    if get_origin(annotation) is Annotated:
        return keyed(get_args(annotation)[0])
    if get_origin(annotation) not in {Union, UnionType}:
        return annotation
    forms = [keyed(form) for form in get_args(annotation)]
    return next((form for form in forms if entry_model(form)), annotation)


def entry_model(annotation: Any) -> type[BaseModel] | None:
    """The model of a field, or of the entries of a mapping; None for plain values."""
    form = keyed(annotation)
    inner = get_args(form)[-1] if get_origin(form) is Mapping else form
    return inner if _is_model(inner) else None


def _is_model(annotation: Any) -> TypeGuard[type[BaseModel]]:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def model_at(model: type[BaseModel], path: Path) -> type[BaseModel] | None:
    """The model of what is at `path` in a document whose top is `model`."""
    annotation: Any = model
    for step in path:
        if _is_model(annotation):
            field = fields_of(annotation).get(str(step))
            annotation = None if field is None else keyed(field.annotation)
        elif get_origin(annotation) is not None:
            annotation = get_args(annotation)[-1]
    return annotation if _is_model(annotation) else None


def known_keys(model: type[BaseModel], path: Path) -> list[str]:
    """The keys that the mapping at `path` may have; none where they are free."""
    owner = model_at(model, path)
    return list(fields_of(owner)) if owner else []


def description_at(model: type[BaseModel], path: Path) -> str:
    """The description of the field at `path` without a full stop; empty if there is no field."""
    owner = model_at(model, path[:-1])
    field = fields_of(owner).get(str(path[-1])) if owner and path else None
    return (field.description or "").rstrip(".") if field is not None else ""
