"""JSON Schemas of the files that pmo-path reads and of the results that it writes as JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from pmo_path.domain.options import SchemaKind
from pmo_path.readers.package_data import package_text

if TYPE_CHECKING:
    from collections.abc import Mapping


def schema(kind: SchemaKind | str) -> Mapping[str, Any]:
    """The JSON Schema of framework files, of ratings or plan files, or of a result."""
    kind = SchemaKind(kind)
    if kind is SchemaKind.FRAMEWORK:
        from pmo_path.domain.schema import framework_schema  # noqa: PLC0415  loads the models

        return framework_schema()
    if kind is SchemaKind.RATINGS:
        from pmo_path.domain.schema import ratings_schema  # noqa: PLC0415  loads the models

        return ratings_schema()
    if kind is SchemaKind.PLAN:
        from pmo_path.domain.schema import plan_schema  # noqa: PLC0415  loads the models

        return plan_schema()
    result: Mapping[str, Any] = json.loads(package_text("schemas", f"{kind}.json"))
    return result
