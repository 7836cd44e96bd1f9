"""JSON Schemas as text, and those of what we write as JSON, made from the types of the values."""

from __future__ import annotations

import ast
import datetime
import inspect
from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise
from textwrap import dedent
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from pmo_path.domain.diagnostics import Diagnostic
from pmo_path.domain.report import Nudge
from pmo_path.render.diagnostics.json import DiagnosticFacts
from pmo_path.render.nudges import NudgeText
from pmo_path.render.texts import TEXTS

Schema = dict[str, Any]

_PLAIN: Mapping[Any, Schema] = {
    NoneType: {"type": "null"},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    str: {"type": "string"},
    Decimal: {"type": "number"},
    datetime.date: {"type": "string", "format": "date"},
}
_PERCENTAGE: Schema = {
    "type": "object",
    "description": "A percentage, or the difference of two, rounded to one decimal and exact.",
    "properties": {
        "rounded": {"type": "number", "description": "To one decimal, half up."},
        "exact": {
            "type": "string",
            "pattern": "^-?[0-9]+(/[0-9]+)?$",
            "description": "A whole number or a fraction, such as 6850/93.",
        },
    },
    "required": ["rounded", "exact"],
}


_WRITTEN_AS: Mapping[Any, type] = {
    **dict.fromkeys(TEXTS, str),
    Nudge: NudgeText,
    Diagnostic: DiagnosticFacts,
}
"""What is written otherwise than field by field."""


def document_schema(
    kind: type, title: str, version: int, dialect: str, ahead: Mapping[str, type]
) -> Schema:
    """The schema of a value of the named tuple `kind` as we write it: version, value, reminder.

    `ahead` are the named tuples that stand before the value, by their keys. It allows keys that it
    does not name, because later versions of the format may add some.
    """
    shapes = _Shapes()
    value = shapes.named_tuple(kind)
    properties = {
        "schema": {"const": version, "description": "The version of this format."},
        **{key: shapes.of(one) for key, one in ahead.items()},
        **value["properties"],
        "reminder": {"type": "string", "description": "What it is for, and what not."},
    }
    return {
        "$schema": dialect,
        "title": title,
        **value,
        "properties": properties,
        "required": list(properties),
        "$defs": dict(sorted(shapes.definitions.items())),
    }


class _Shapes:
    """Types to schemas; what has a name goes into the definitions, once."""

    def __init__(self) -> None:
        self.definitions: dict[str, Schema] = {}

    def named_tuple(self, kind: type) -> Schema:
        said = _attribute_docstrings(kind)
        fields = {
            name: {**self.of(hint), **said.get(name, {})}
            for name, hint in get_type_hints(kind).items()
        }
        return {
            "type": "object",
            "description": inspect.getdoc(kind),
            "properties": fields,
            "required": list(fields),
        }

    def of(self, kind: Any) -> Schema:
        """The schema of a value of any type that we write."""
        kind = _WRITTEN_AS.get(kind, kind)
        origin, inner = get_origin(kind), get_args(kind)
        if origin in {Union, UnionType}:
            return {"anyOf": [self.of(one) for one in inner]}
        if origin is Literal:
            return {"enum": list(inner)}
        if origin is tuple:
            return {"type": "array", "items": self.of(inner[0])}
        if origin is Mapping:
            return {"type": "object", "additionalProperties": self.of(inner[1])}
        if kind in _PLAIN:
            return dict(_PLAIN[kind])
        return self._defined(kind)

    def _defined(self, kind: type) -> Schema:
        name = "Percentage" if kind is Fraction else kind.__name__
        if name not in self.definitions:
            self.definitions[name] = self._definition(kind)
        return {"$ref": f"#/$defs/{name}"}

    def _definition(self, kind: type) -> Schema:
        if kind is Fraction:
            return _PERCENTAGE
        if issubclass(kind, StrEnum):
            return {"enum": list(kind), "description": inspect.getdoc(kind)}
        return self.named_tuple(kind)


def _attribute_docstrings(kind: type) -> dict[str, Schema]:
    """What the docstrings below a class's fields say, by field."""
    (definition,) = ast.parse(dedent(inspect.getsource(kind))).body
    assert isinstance(definition, ast.ClassDef)  # noqa: S101  the source of a class
    return {
        field.target.id: {"description": inspect.cleandoc(below.value.value)}
        for field, below in pairwise(definition.body)
        if isinstance(field, ast.AnnAssign)
        and isinstance(field.target, ast.Name)
        and isinstance(below, ast.Expr)
        and isinstance(below.value, ast.Constant)
        and isinstance(below.value.value, str)
    }
