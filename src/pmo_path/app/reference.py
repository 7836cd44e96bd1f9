"""Look up entries of a framework, diagnostic codes and JSON Schemas."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pmo_path.domain.lookup import Entry, find, overview
from pmo_path.domain.options import SchemaKind
from pmo_path.readers.package_data import package_text, rule_families, rule_page

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping

    from pmo_path.domain.framework import Framework
    from pmo_path.domain.rulebook import Family, RulePage


def explain(code: str) -> RulePage:
    """The page of a code, in capitals or not. Raises UsageProblem for an unknown code."""
    return rule_page(code)


def rules() -> tuple[Family, ...]:
    """The pages of all codes, by family."""
    return rule_families()


def schema(kind: SchemaKind | str) -> Mapping[str, Any]:
    """The JSON Schema of framework files, of ratings or plan files, or of a result."""
    kind = SchemaKind(kind)
    if kind in {SchemaKind.FRAMEWORK, SchemaKind.RATINGS, SchemaKind.PLAN}:
        from pmo_path.domain import schema as schemas  # noqa: PLC0415  loads the models

        schema_of = {
            SchemaKind.FRAMEWORK: schemas.framework_schema,
            SchemaKind.RATINGS: schemas.ratings_schema,
            SchemaKind.PLAN: schemas.plan_schema,
        }
        return schema_of[kind]()
    result: Mapping[str, Any] = json.loads(package_text("schemas", f"{kind}.json"))
    return result


def show(framework: Framework, name: str | None = None) -> Entry:
    """The kind and the id of a role, competence, course or domain; without a name, the framework.

    The name is an id, a name or an alias. Raises UsageProblem for an unknown and an ambiguous one.
    """
    return overview(framework) if name is None else find(framework, name)


def resolve_framework(path: str | os.PathLike[str] | None = None) -> str:
    """The YAML of a framework file merged over the files that it extends.

    Without a path, the shipped framework. Raises InputInvalid with every error.
    """
    from pmo_path.readers.framework import resolved_framework  # noqa: PLC0415  loads YAML
    from pmo_path.writers.yaml import resolved_yaml  # noqa: PLC0415

    return resolved_yaml(resolved_framework(None if path is None else Path(path)))
