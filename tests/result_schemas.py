"""The JSON Schemas of results, made from the types of their values and the docstrings in them.

The package carries them as files in `pmo_path/schemas`, so that it needs no sources of its own.
"""

from __future__ import annotations

import ast
import datetime
import inspect
import json
from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise
from textwrap import dedent
from types import NoneType, UnionType
from typing import Any, Literal, NamedTuple, Union, get_args, get_origin, get_type_hints

from pmo_path.domain.compare.over_time import OverTime
from pmo_path.domain.compare.raters import Raters
from pmo_path.domain.compare.roles import RoleComparison
from pmo_path.domain.diagnostics import Diagnostic
from pmo_path.domain.history import History
from pmo_path.domain.nudges import Nudge
from pmo_path.domain.options import SchemaKind
from pmo_path.domain.plan.result import Plan
from pmo_path.domain.ranking import Ranking
from pmo_path.domain.report import Fit, GapReport, NextBandPath
from pmo_path.domain.schema import DIALECT
from pmo_path.domain.team import Rows, Team
from pmo_path.render.diagnostics.json import DiagnosticFacts
from pmo_path.render.formats.json import MODULES, SCHEMA
from pmo_path.render.words import NudgeText

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
    **{kind: str for texts in MODULES.values() for kind in texts()},
    Nudge: NudgeText,
    Diagnostic: DiagnosticFacts,
}
"""What is written otherwise than field by field."""


_USUAL = {
    "id": "Its id in the framework.",
    "name": "The name shown.",
    "domain": "The id of its domain.",
}
"""The descriptions of fields that say no more than their name."""


class _Document(NamedTuple):
    """A result that a command writes as JSON."""

    kind: type
    title: str
    ahead: Mapping[str, type] = {}
    """Values that the JSON has before those of the result, by key."""
    behind: Mapping[str, Any] = {}
    """The same after them."""


DOCUMENTS = {
    SchemaKind.REPORT: _Document(
        GapReport, "Gap report", behind={"next_band_path": NextBandPath | None}
    ),
    SchemaKind.OVER_TIME: _Document(OverTime, "Comparison over time"),
    SchemaKind.RATERS: _Document(Raters, "Comparison of raters"),
    SchemaKind.RANKING: _Document(Ranking, "Roles by fit"),
    SchemaKind.ROLES: _Document(RoleComparison, "Comparison of two roles"),
    SchemaKind.HISTORY: _Document(History, "Readiness over time"),
    SchemaKind.PLAN_RESULT: _Document(Plan, "Development plan"),
    SchemaKind.TEAM: _Document(Team, "Summary of a team", {"rows": Rows}),
}


def result_schema(kind: SchemaKind) -> str:
    """The JSON Schema of a result as text, made from the type of its value.

    It allows keys that it does not name, because later versions of the format may add some.
    """
    document = DOCUMENTS[kind]
    shapes = _Shapes()
    value = shapes.named_tuple(document.kind)
    properties = {
        "schema": {"const": SCHEMA, "description": "The version of this format."},
        **{key: shapes.of(type_) for key, type_ in document.ahead.items()},
        **value["properties"],
        **{key: shapes.of(type_) for key, type_ in document.behind.items()},
        "reminder": {"type": "string", "description": "What it is for, and what not."},
    }
    schema = {
        "$schema": DIALECT,
        "title": document.title,
        **value,
        "properties": properties,
        "required": list(properties),
        "$defs": dict(sorted(shapes.definitions.items())),
    }
    return f"{json.dumps(schema, ensure_ascii=False, indent=2)}\n"


class _Shapes:
    """Types to schemas; what has a name goes into the definitions, once."""

    def __init__(self) -> None:
        self.definitions: dict[str, Schema] = {}

    def named_tuple(self, kind: type) -> Schema:
        descriptions = _attribute_docstrings(kind)
        if kind is GapReport:
            descriptions = {**_attribute_docstrings(Fit), **descriptions}
        fields = {
            name: {**self.of(hint), **(descriptions.get(name) or _usual(name))}
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
            return {"anyOf": [self.of(choice) for choice in inner]}
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


def _usual(name: str) -> Schema:
    return {"description": _USUAL[name]} if name in _USUAL else {}


def _attribute_docstrings(kind: type) -> dict[str, Schema]:
    """What the docstrings below a class's fields say, by field."""
    (definition,) = ast.parse(dedent(inspect.getsource(kind))).body
    assert isinstance(definition, ast.ClassDef)
    return {
        field.target.id: {"description": inspect.cleandoc(below.value.value)}
        for field, below in pairwise(definition.body)
        if isinstance(field, ast.AnnAssign)
        and isinstance(field.target, ast.Name)
        and isinstance(below, ast.Expr)
        and isinstance(below.value, ast.Constant)
        and isinstance(below.value.value, str)
    }
