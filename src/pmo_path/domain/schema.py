"""The JSON Schemas of framework, ratings and plan files, made from the models.

A schema may allow more than the models and the rules do, and never less: what it refuses,
`validate` refuses too. So it serves an editor as help while typing, and replaces no check.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pydantic import Field
from pydantic.json_schema import GenerateJsonSchema

from pmo_path.domain.base_model import OWN_KEY, Extensible, Frozen, ShortForm
from pmo_path.domain.fields import Text
from pmo_path.domain.framework import Framework, Requirement, Role
from pmo_path.domain.numbers import MAX_MAGNITUDE
from pmo_path.domain.plan.file import PlanFile
from pmo_path.domain.ratings import Ratings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import BaseModel
    from pydantic_core import core_schema

Schema = dict[str, Any]
DIALECT = GenerateJsonSchema.schema_dialect
"""The draft of JSON Schema that every schema is in."""

_REF = "#/$defs/"
_NULL = {"type": "null"}
_BOUNDS = {"ge": "minimum", "gt": "exclusiveMinimum", "le": "maximum"}
_NUMBER_AS_KEY = r"^[-+]?[0-9]+(\.[0-9]+)?$"
_DEMANDS = frozenset({"required", "minProperties"})
"""Keys that a whole framework requires and an overlay need not repeat."""
_SAID_OF_A_KEY = frozenset({"title", "description", "default"})


class Overlay(Frozen, title="Framework over another one"):
    """Changes to another framework: what is named here is added to it or put in its place.

    A list is replaced whole, and `null` takes an entry out.
    """

    extends: Text = Field(
        description="The framework that this file changes: the path of its file, seen from the "
        "folder of this one, or `pmo` for the one that comes with pmo-path. All keys of a "
        "framework may follow, and none must."
    )


def framework_schema() -> Schema:
    """The schema of a framework file: a whole framework, or an overlay over another one."""
    whole = _schema_of(Framework)
    definitions = whole.pop("$defs")
    definitions[Framework.__name__] = whole
    overlay = _schema_of(Overlay)
    extends = overlay["properties"]["extends"]
    changes = {_in_overlay(name): _relaxed(definition) for name, definition in definitions.items()}
    top = changes[_in_overlay(Framework.__name__)]
    top |= {"title": overlay["title"], "description": overlay["description"]}
    top["properties"] = {"extends": extends, **top["properties"]}
    top["propertyNames"] = _own_keys_beside(top["properties"])
    return {
        "$schema": DIALECT,
        "title": whole["title"],
        "type": "object",
        "properties": {"extends": extends},
        "if": {"required": ["extends"]},
        "then": {"$ref": _REF + _in_overlay(Framework.__name__)},
        "else": {"$ref": _REF + Framework.__name__},
        "$defs": {**definitions, **changes},
    }


def ratings_schema() -> Schema:
    """The schema of a ratings file in YAML or JSON."""
    return {"$schema": DIALECT, **_schema_of(Ratings)}


def plan_schema() -> Schema:
    """The schema of a plan file."""
    return {"$schema": DIALECT, **_schema_of(PlanFile)}


def _schema_of(model: type[BaseModel]) -> Schema:
    return model.model_json_schema(schema_generator=_FileSchema)


class _FileSchema(GenerateJsonSchema):
    """Corrects the schema where pydantic describes a model differently from what files may hold."""

    def decimal_schema(self, schema: core_schema.DecimalSchema) -> Schema:
        constraints: Mapping[str, Any] = schema
        bounds = {
            name: int(constraints[key]) for key, name in _BOUNDS.items() if key in constraints
        }
        lowest = {} if "exclusiveMinimum" in bounds else {"minimum": -MAX_MAGNITUDE}
        return {"type": "number", **lowest, "maximum": MAX_MAGNITUDE, **bounds}

    def dict_schema(self, schema: core_schema.DictSchema) -> Schema:
        written = super().dict_schema(schema)
        # Keys of YAML may be numbers, over which `patternProperties` makes validators stumble.
        for pattern, values in written.pop("patternProperties", {}).items():
            written |= {"propertyNames": {"pattern": pattern}, "additionalProperties": values}
        keys = schema.get("keys_schema")
        if keys is not None and self.generate_inner(keys).get("type") == "number":
            written["propertyNames"] = {"pattern": _NUMBER_AS_KEY}
        return written

    def model_schema(self, schema: core_schema.ModelSchema) -> Schema:
        written = super().model_schema(schema)
        model = schema["cls"]
        if issubclass(model, Extensible):
            written = _with_own_keys(written)
        if model in {Role, Requirement}:
            written = _with_inheritance(written)
        if not issubclass(model, ShortForm):
            return written
        # One schema for both forms, so that a mistake in the long one is shown at its own place.
        value = written["properties"][model.short_for]
        kinds = value["type"] if isinstance(value["type"], list) else [value["type"]]
        return {**value, **written, "type": [*kinds, written["type"]]}

    def tagged_union_schema(self, schema: core_schema.TaggedUnionSchema) -> Schema:
        # One schema for a list or a mapping, so that a mistake in either is shown at its own place.
        forms = [self.generate_inner(form) for form in schema["choices"].values()]
        merged = {key: value for form in forms for key, value in form.items()}
        return {**merged, "type": [form["type"] for form in forms]}

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> Schema:
        written = super().default_schema(schema)
        # Editors offer the default as the initial value; an empty one is not useful.
        if not written.get("default"):
            written.pop("default", None)
        return written

    def encode_default(self, dft: Any) -> Any:
        return int(dft) if isinstance(dft, Decimal) else super().encode_default(dft)

    def get_title_from_name(self, name: str) -> str:
        # What an editor shows in bold above the description.
        return name.replace("_", " ").strip().capitalize()


def _with_own_keys(written: Schema) -> Schema:
    """The schema of a model, with its owner's own data allowed.

    Keys of YAML may be numbers, over which `patternProperties` makes validators stumble.
    """
    written.pop("additionalProperties", None)
    return {**written, "propertyNames": _own_keys_beside(written["properties"])}


def _with_inheritance(written: Schema) -> Schema:
    """The schema of a role that may take over requirements, or of a part of one of them."""
    properties = written["properties"]
    if "requires" in properties:
        values = properties["requires"]["additionalProperties"]
        properties["requires"]["additionalProperties"] = {"anyOf": [values, _NULL]}
    inherited = {"requires", "level"}
    required = [key for key in written.get("required", ()) if key not in inherited]
    return {
        **{key: value for key, value in written.items() if key != "required"},
        **({"required": required} if required else {}),
    }


def _own_keys_beside(properties: Schema) -> Schema:
    return {"anyOf": [{"enum": list(properties)}, {"pattern": f"^{OWN_KEY}."}]}


def _in_overlay(name: str) -> str:
    return f"{name}InOverlay"


def _relaxed(schema: Mapping[str, Any]) -> Schema:
    """The schema of an entry in an overlay: every key is optional, and `null` removes it."""
    relaxed = {key: value for key, value in schema.items() if key not in _DEMANDS}
    if "$ref" in schema:
        relaxed["$ref"] = _REF + _in_overlay(schema["$ref"].removeprefix(_REF))
    if "anyOf" in schema:
        relaxed["anyOf"] = [_relaxed(option) for option in schema["anyOf"]]
    if "properties" in schema:
        relaxed["properties"] = {
            key: _or_null(_relaxed(value)) for key, value in schema["properties"].items()
        }
    if schema.get("additionalProperties"):
        relaxed["additionalProperties"] = _or_null(_relaxed(schema["additionalProperties"]))
    return relaxed


def _or_null(schema: Schema) -> Schema:
    if "anyOf" in schema:
        others = schema["anyOf"]
        return schema if _NULL in others else {**schema, "anyOf": [*others, _NULL]}
    described = {key: value for key, value in schema.items() if key in _SAID_OF_A_KEY}
    rest = {key: value for key, value in schema.items() if key not in _SAID_OF_A_KEY}
    return {**described, "anyOf": [rest, _NULL]}
