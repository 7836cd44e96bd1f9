"""The gap report as JSON: versioned, and complete."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import TYPE_CHECKING, Any, TextIO

from pmo_path.domain.levels import one_decimal
from pmo_path.domain.report import CONVERSATION_AID

if TYPE_CHECKING:
    from pydantic import BaseModel

    from pmo_path.domain.framework import Framework
    from pmo_path.domain.lookup import Found
    from pmo_path.domain.report import GapReport

SCHEMA = 1


def write_json(report: GapReport, out: TextIO) -> None:
    """Write the report as one JSON object and a line break.

    Numbers are numbers; a percentage has its exact fraction beside the rounded figure.
    """
    document = {"schema": SCHEMA, **plain(report), "reminder": CONVERSATION_AID}
    json.dump(document, out, ensure_ascii=False, indent=2)
    out.write("\n")


def write_found(framework: Framework, found: Found, out: TextIO) -> None:
    """Write one thing of the framework as the framework file has it, with its kind and id."""
    things: dict[str, Mapping[str, BaseModel]] = {
        "framework": {found.id: framework},
        "role": framework.roles,
        "competence": framework.competences,
        "training": framework.training,
        "domain": framework.domains,
    }
    content = things[found.kind][found.id].model_dump(by_alias=True)
    json.dump(
        {"kind": found.kind, "id": found.id, **plain(content)}, out, ensure_ascii=False, indent=2
    )
    out.write("\n")


def plain(value: Any) -> Any:
    """`value` in the types that JSON has."""
    if isinstance(value, Mapping):
        return {str(plain(key)): plain(item) for key, item in value.items()}
    if isinstance(value, tuple):
        fields = getattr(value, "_fields", None)
        if fields is None:
            return [plain(item) for item in value]
        return {field: plain(getattr(value, field)) for field in fields}
    return _plain_scalar(value)


def _plain_scalar(value: Any) -> Any:
    match value:
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case Fraction():
            return {"rounded": float(one_decimal(value)), "exact": str(value)}
        case datetime.date():
            return value.isoformat()
        case Enum():
            return value.value
        case _:
            return value
