"""Pydantic's errors in the words of whoever edits the file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, Any, get_args, get_origin

from pydantic import BaseModel

from pmo_path.domain.codes import Code
from pmo_path.domain.diagnostics import Finding
from pmo_path.domain.framework import MAX_ID, NO_ID
from pmo_path.domain.names import Spelling, nearest
from pmo_path.domain.numbers import NOT_A_NUMBER, parse_number, show_number
from pmo_path.readers.reference_names import Called
from pmo_path.readers.suggestions import mending
from pmo_path.readers.yaml import ConstantKey
from pmo_path.readers.yaml_lines import CURLY

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from collections.abc import Set as AbstractSet

    from pydantic import ValidationError
    from pydantic.fields import FieldInfo
    from pydantic_core import ErrorDetails

    from pmo_path.domain.diagnostics import Path


MISSING_KEY = object()
_KEYS_OF_AN_ENTRY = 20
_DEEPEST_ENTRY = 6
_LIKE_AN_ID = re.compile(rf"[\w-]{{1,{MAX_ID}}}")
_GLUED = re.compile(r"([\w-]+)\s*[:=]\s*(\S.{0,40})")
_SHOWN = 40
"""How much of a long text a message repeats."""
_DECIMAL_STEP = re.compile(r"Decimal\('([-+0-9.]+)'\)")
"""How pydantic writes a decimal that is a key."""

_UNKNOWN_KEY = {"extra_forbidden", "invalid_key"}
_BOUND = {
    "greater_than": "must be above {gt}",
    "greater_than_equal": "must be {ge} or more",
    "less_than_equal": "must be {le} or less",
}
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
    """A finding for each place at which `data` does not fit `model`, in the model's order.

    A key that is missing is left out where another one beside it is a misspelling of it.
    """
    found = list(every_shape_finding(error, model, data))
    lacking = {one.path[:-1] for one in found if one.code == Code.MISSING_KEY}
    misspelt = {
        (*one.path[:-1], _meant_key(model, one.path, data))
        for one in found
        if one.code == Code.UNKNOWN_KEY and one.path[:-1] in lacking
    }
    return (one for one in found if one.code != Code.MISSING_KEY or one.path not in misspelt)


def every_shape_finding(
    error: ValidationError, model: type[BaseModel], data: Any
) -> Iterator[Finding]:
    """The same with every key that is missing."""
    seen: set[Path] = set()
    called = Called(data)
    for detail in error.errors(include_url=False, include_context=True):
        path, at_key = _document_path(detail["loc"], data)
        # A union reports one error for each of its members; the first says enough.
        if path in seen:
            continue
        seen.add(path)
        at_key = at_key or detail["type"] in _UNKNOWN_KEY
        finding = _finding(detail, path, model, data, at_key=at_key)
        hint = _decimal_point(path, data) or _as_called(detail, path, called) or finding.hint
        yield finding._replace(hint=hint)


def _document_path(loc: Sequence[str | int], data: Any) -> tuple[Path, bool]:
    """`loc` without the steps that pydantic adds for union members and mapping keys."""
    path: list[str | int] = []
    here, at_key = data, False
    for position, step in enumerate(loc):
        if step == "[key]":
            at_key = True
        elif isinstance(here, Mapping):
            name = _as_written(step)
            known = key_in(here, name)
            if known is MISSING_KEY and position < len(loc) - 1:
                continue
            path.append(name)
            here = here.get(known)
        elif isinstance(here, tuple) and isinstance(step, int):
            path.append(step)
            here = here[step] if step < len(here) else None
    return tuple(path), at_key


def _as_written(key: str | int) -> str:
    """A key of a mapping, as pydantic has it in a path, as text: only positions are numbers."""
    found = _DECIMAL_STEP.fullmatch(str(key))
    return show_number(Decimal(found[1])) if found else str(key)


def key_in(mapping: Mapping[Any, Any], step: str | int) -> Any:
    """The key of `mapping` that a step of a path stands for; MISSING_KEY when there is none.

    Numbers, truth values and nothing may be keys in YAML, and are text in a path.
    """
    for key in (step, ConstantKey(str(step)), parse_number(str(step))):
        if key in mapping:
            return key
    return MISSING_KEY


def _finding(
    detail: ErrorDetails, path: Path, model: type[BaseModel], data: Any, *, at_key: bool
) -> Finding:
    kind, name = detail["type"], str(path[-1]) if path else "the document"
    if kind == "missing":
        field = _description(model, path)
        return Finding(
            code=Code.MISSING_KEY,
            message=f"'{name}' is missing",
            path=path,
            at_key=True,
            hint=f"add '{name}:'" + (f" ({field})" if field else ""),
        )
    if kind in _UNKNOWN_KEY:
        known = _known_keys(model, path[:-1])
        hint = (
            _at_wrong_depth(model, path, data)
            or _glued(name, known)
            or nearest(name, known)
            or (f"known here: {', '.join(known)}" if known else "")
        )
        return Finding(
            code=Code.UNKNOWN_KEY,
            message=f"'{name}' is not known here",
            path=path,
            at_key=at_key,
            hint=hint,
        )
    if kind in _EXPECTED:
        return Finding(
            code=Code.WRONG_TYPE,
            message=_said_of(path, _EXPECTED[kind], detail["input"], at_key=at_key),
            path=path,
            at_key=at_key,
            hint=mending(kind, detail["input"]),
        )
    is_number_wanted = kind == "value_error" and str(detail["ctx"]["error"]) == NOT_A_NUMBER
    return Finding(
        code=Code.WRONG_TYPE if is_number_wanted else Code.INVALID_VALUE,
        message=_said_of(path, "a number", detail["input"], at_key=at_key)
        if is_number_wanted
        else _not_allowed(detail, path, at_key=at_key),
        path=path,
        at_key=at_key,
        hint=mending("number", detail["input"])
        if is_number_wanted
        else _only_value(detail, model),
    )


def _not_allowed(detail: ErrorDetails, path: Path, *, at_key: bool) -> str:
    if at_key and detail["type"] == "value_error":
        return f"the key {_said(detail['input'])} is not allowed: {detail['ctx']['error']}"
    return f"{_called(path)}: {_words(detail)}"


def _only_value(detail: ErrorDetails, model: type[BaseModel]) -> str:
    """What to write where there is but one thing that may be written."""
    if detail["type"] != "literal_error" or " or " in detail["ctx"]["expected"]:
        return ""
    field = _description(model, tuple(detail["loc"]))
    return f"write {detail['ctx']['expected']}" + (f" ({field})" if field else "")


def misplaced(model: type[BaseModel], path: Path, data: Any) -> Path:
    """Where an entry belongs whose key is not known at `path`, seen from what is in it.

    The path of the mapping that should hold it; empty when it does not look like one of ours.
    """
    entry = value_at(data, path)
    if not isinstance(entry, Mapping) or not entry or len(path) > _DEEPEST_ENTRY:
        return ()
    for above in (path[:-2], *_mappings_within(model, path[:-1])):
        if above and _is_entry(entry, set(_known_keys(model, (*above, "")))):
            return above
    return ()


def _is_entry(entry: Mapping[Any, Any], known: AbstractSet[str]) -> bool:
    """Whether an entry looks like one with the known keys, others of its kind perhaps within it."""
    others = [value for key, value in entry.items() if key not in known]
    return len(others) < len(entry) and all(
        isinstance(one, Mapping) and one.keys() <= known for one in others
    )


def _mappings_within(model: type[BaseModel], path: Path) -> Iterator[Path]:
    """The mappings of entries that the thing at `path` may have."""
    return ((*path, key) for key in _known_keys(model, path))


def _meant_key(model: type[BaseModel], path: Path, data: Any) -> str | None:
    """The known key of which the one at the end of `path` is a misspelling."""
    if misplaced(model, path, data):
        return None
    known = _known_keys(model, path[:-1])
    glued = _GLUED.fullmatch(str(path[-1]))
    if glued is not None and glued[1] in known:
        return glued[1]
    return Spelling.of(known).nearest(str(path[-1]))


def _glued(key: str, known: Sequence[str]) -> str:
    """What to type for a key such as `level:3` or `level=3`."""
    found = _GLUED.fullmatch(key)
    if found is None or found[1] not in known:
        return ""
    return f"write '{found[1]}: {found[2]}'"


def _at_wrong_depth(model: type[BaseModel], path: Path, data: Any) -> str:
    holder = misplaced(model, path, data)
    if not holder:
        return ""
    if len(holder) < len(path) - 1:
        return f"it stands one step too deep: indent it like '{path[-2]}'"
    return f"it stands one step too high: indent it like the entries of '{holder[-1]}'"


def value_at(data: Any, path: Path) -> Any:
    """What `path` leads to in `data`; None when there is no such place."""
    here = data
    for step in path:
        if isinstance(here, Mapping):
            here = here.get(key_in(here, step))
        elif isinstance(here, tuple) and isinstance(step, int) and step < len(here):
            here = here[step]
        else:
            return None
    return here


def _as_called(detail: ErrorDetails, path: Path, called: Called) -> str:
    """What to type instead of a name where an id belongs, or of a label where a level does."""
    value = detail["input"]
    if detail["type"] != "value_error" or not isinstance(value, str):
        return ""
    match str(detail["ctx"]["error"]):
        case error if error == NO_ID:
            known = called.id_of(value, path)
            if known is not None:
                return f"write its id, '{known}'"
            slug = "-".join(value.split())
            return f"write '{slug}'" if _LIKE_AN_ID.fullmatch(slug) else ""
        case error if error == NOT_A_NUMBER:
            level = called.level(value)
            return f"write {level}, the level with this label" if level is not None else ""
        case _:
            curly = CURLY.search(value) is not None
            return "curly quotes are part of the text; use straight ones" if curly else ""


def _decimal_point(path: Path, data: Any) -> str:
    """What to type where `{level: 2,5}` made the half after the comma a key without a value."""
    here = data
    for step in path[:-1]:
        here = here.get(key_in(here, step)) if isinstance(here, Mapping) else None
    if not isinstance(here, Mapping) or len(here) > _KEYS_OF_AN_ENTRY or not path:
        return ""
    key = key_in(here, path[-1])
    entries = list(here.items())
    before = next((one for one, after in pairwise(entries) if after == (key, None)), None)
    digits = str(path[-1])
    if before is None or not (digits.isdecimal() and _is_digits(before[1])):
        return ""
    return f"a decimal has a point: {before[0]}: {before[1]}.{digits}"


def _is_digits(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _said_of(path: Path, expected: str, value: Any, *, at_key: bool) -> str:
    if at_key:
        return f"the key {_said(value)} must be {expected}"
    return f"{_called(path)} must be {expected}, not {_said(value)}"


def _called(path: Path) -> str:
    """What people call the thing at `path`: its key, or its position in a list."""
    if path and isinstance(path[-1], int) and len(path) > 1 and isinstance(path[-2], str):
        return f"entry {path[-1] + 1} of '{path[-2]}'"
    return f"'{path[-1]}'" if path else "the document"


def _words(detail: ErrorDetails) -> str:
    said = _said(detail["input"])
    match detail["type"]:
        case "value_error":
            return f"{detail['ctx']['error']}, not {said}"
        case "literal_error":
            return f"expected {detail['ctx']['expected']}, not {said}"
        case kind if kind in _BOUND:
            return f"{_BOUND[kind].format(**detail['ctx'])}, not {said}"
        case "too_short":
            return f"needs at least {detail['ctx']['min_length']}"
        case _:
            return f"{detail['msg'][0].lower()}{detail['msg'][1:]}, not {said}"


def _said(value: Any) -> str:
    match value:
        case None | ConstantKey(text=""):
            return "nothing"
        case True | False:
            return str(value).lower()
        case str():
            cut = "\u2026" if len(value) > _SHOWN else ""
            return f"'{value[:_SHOWN]}{cut}'" if value else "empty text"
        case Mapping():
            return "a mapping"
        case tuple() | list():
            return "a list"
        case _:
            return str(value)


def _known_keys(model: type[BaseModel], path: Path) -> list[str]:
    at = model_at(model, path)
    return [field.alias or name for name, field in at.model_fields.items()] if at else []


def _description(model: type[BaseModel], path: Path) -> str:
    field = field_at(model, path)
    return (field.description or "").rstrip(".") if field is not None else ""


def field_at(model: type[BaseModel], path: Path) -> FieldInfo | None:
    """The field that holds what stands at `path` in a document whose top is `model`."""
    at = model_at(model, path[:-1])
    for name, field in at.model_fields.items() if at else ():
        if (field.alias or name) == path[-1]:
            return field
    return None


def model_at(model: type[BaseModel], path: Path) -> type[BaseModel] | None:
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
