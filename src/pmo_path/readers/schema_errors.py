"""Pydantic's errors as findings, in the words of people who edit the file."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pmo_path.domain.base_model import OWN_KEY, Extensible
from pmo_path.domain.codes import Code
from pmo_path.domain.diagnostics import Finding
from pmo_path.domain.fields import LONG_ID, NO_ID
from pmo_path.domain.names import Spelling, nearest
from pmo_path.domain.numbers import NOT_A_NUMBER
from pmo_path.readers.schema_paths import (
    description_at,
    document_path,
    known_keys,
    model_at,
    value_at,
)
from pmo_path.readers.suggestions import NamesInUse, decimal_point, for_type, id_like, split_key
from pmo_path.readers.yaml import ConstantKey
from pmo_path.readers.yaml_text import CURLY, hint_about

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from collections.abc import Set as AbstractSet

    from pydantic import BaseModel, ValidationError
    from pydantic_core import ErrorDetails

    from pmo_path.domain.diagnostics import Path


_DEEPEST_ENTRY = 6
_SHOWN = 40
"""Characters of a long text that a message repeats."""
_SHOWN_ENTRIES = 3
"""The most numbers of a list that a message repeats."""
_UNKNOWN_KEY = {"extra_forbidden", "invalid_key"}
_BOUND = {
    "greater_than": "must be above {gt}",
    "greater_than_equal": "must be {ge} or more",
    "less_than_equal": "must be {le} or less",
}
_MAPPING = "a mapping (key: value)"
_EXPECTED = {
    "number": "a number",
    "string_type": "text",
    "bool_type": "true or false",
    "int_type": "a whole number",
    "tuple_type": "a list",
    "mapping_type": _MAPPING,
    "model_type": _MAPPING,
    "model_attributes_type": _MAPPING,
    "dict_type": _MAPPING,
    "date_type": "a date such as 2026-11-23",
    "none_required": "nothing",
}


def schema_findings(
    error: ValidationError, model: type[BaseModel], data: Any
) -> Iterator[Finding]:
    """The findings where `data` does not fit `model`, in the model's order."""
    return without_misspelt(all_schema_findings(error, model, data), model, data)


def without_misspelt(
    findings: Iterable[Finding], model: type[BaseModel], data: Any
) -> Iterator[Finding]:
    """The findings without the keys that are only missing because they are misspelt."""
    findings = list(findings)
    incomplete = {finding.path[:-1] for finding in findings if finding.code == Code.MISSING_KEY}
    misspelt = {
        (*finding.path[:-1], _meant_key(model, finding.path, data))
        for finding in findings
        if finding.code == Code.UNKNOWN_KEY and finding.path[:-1] in incomplete
    }
    return (
        finding
        for finding in findings
        if finding.code != Code.MISSING_KEY or finding.path not in misspelt
    )


def all_schema_findings(
    error: ValidationError, model: type[BaseModel], data: Any
) -> list[Finding]:
    """The findings where data does not fit a model, with every missing key."""
    findings: dict[tuple[Path, bool], Finding] = {}
    names = NamesInUse(data)
    for detail in error.errors(include_url=False, include_context=True):
        path, at_key = document_path(detail["loc"], data)
        at_key = at_key or detail["type"] in _UNKNOWN_KEY
        # A union reports an error for each of its members; the first is enough.
        if (path, at_key) not in findings:
            finding = _finding(detail, path, model, data, at_key=at_key)
            hint = decimal_point(path, data) or _name_hint(detail, path, names) or finding.hint
            findings[path, at_key] = finding._replace(hint=hint)
    return list(findings.values())


def _finding(
    detail: ErrorDetails, path: Path, model: type[BaseModel], data: Any, *, at_key: bool
) -> Finding:
    kind, value = detail["type"], detail["input"]
    if kind == "missing":
        return _missing(path, model)
    if kind in _UNKNOWN_KEY:
        return _unknown(path, model, data)
    if kind == "value_error" and str(detail["ctx"]["error"]) == NOT_A_NUMBER:
        kind = "number"
    if kind in _EXPECTED:
        subject = f"the key {_shown(value)}" if at_key else _subject(path)
        message = f"{subject} must be {_EXPECTED[kind]}"
        message += "" if at_key else f", not {_shown(value)}"
        hint = (hint_about(value) if isinstance(value, str) else "") or for_type(kind, value)
        return Finding(Code.WRONG_TYPE, message, path, at_key, hint)
    if at_key and kind == "value_error":
        message = f"the key {_shown(value)} is not allowed: {detail['ctx']['error']}"
    else:
        message = f"{_subject(path)}: {_reason(detail)}"
    return Finding(Code.INVALID_VALUE, message, path, at_key, _only_value(detail, model))


def _missing(path: Path, model: type[BaseModel]) -> Finding:
    name, meaning = path[-1], description_at(model, path)
    owner = f" to '{path[-2]}'" if len(path) > 1 else ""
    hint = f"add '{name}:'{owner}" + (f" ({meaning})" if meaning else "")
    return Finding(Code.MISSING_KEY, f"'{name}' is missing", path, at_key=True, hint=hint)


def _unknown(path: Path, model: type[BaseModel], data: Any) -> Finding:
    name, known = str(path[-1]), known_keys(model, path[:-1])
    glued = split_key(name, known)
    hint = (
        hint_about(name)
        or _depth_hint(model, path, data)
        or (f"write '{glued[0]}: {glued[1]}'" if glued else "")
        or nearest(name, known)
        or (f"known here: {', '.join(known)}{_own_data(model, path)}" if known else "")
    )
    return Finding(Code.UNKNOWN_KEY, f"'{name}' is not known here", path, at_key=True, hint=hint)


def _own_data(model: type[BaseModel], path: Path) -> str:
    """The hint at a key for data of your own; empty where the model allows none."""
    owner = model_at(model, path[:-1])
    is_open = owner is not None and issubclass(owner, Extensible)
    if not is_open:
        return ""
    name = str(path[-1])
    is_word = len(name) <= _SHOWN and name.isprintable() and " " not in name
    return f"; data of your own goes under a key such as '{OWN_KEY}{name if is_word else 'note'}'"


def _only_value(detail: ErrorDetails, model: type[BaseModel]) -> str:
    """The hint where only one value is allowed."""
    if detail["type"] != "literal_error" or " or " in detail["ctx"]["expected"]:
        return ""
    meaning = description_at(model, tuple(detail["loc"]))
    return f"write {detail['ctx']['expected']}" + (f" ({meaning})" if meaning else "")


def _name_hint(detail: ErrorDetails, path: Path, names: NamesInUse) -> str:
    """A hint for a name in place of an id, or a label in place of a level."""
    value = detail["input"]
    if detail["type"] != "value_error" or not isinstance(value, str):
        return ""
    match str(detail["ctx"]["error"]):
        case error if error == LONG_ID:
            return f"this one has {len(value)}; shorten it"
        case error if error == NO_ID:
            known = names.id_of(value, path)
            if known is not None:
                return f"write its id, '{known}'"
            return hint_about(value) or id_like(value)
        case error if error == NOT_A_NUMBER:
            level = names.level(value)
            return "" if level is None else f"write {level}, the level with this label"
        case _:
            is_curly = CURLY.search(value) is not None
            return "curly quotes are part of the text; use straight ones" if is_curly else ""


# --- Keys that are not known where they are -------------------------------------------------------


def misplaced(model: type[BaseModel], path: Path, data: Any) -> Path:
    """The path of the mapping that should hold the entry at `path`, judged by the entry's keys.

    Empty when the entry does not look like one of the model's.
    """
    entry = value_at(data, path)
    if not isinstance(entry, Mapping) or not entry or len(path) > _DEEPEST_ENTRY:
        return ()
    within = ((*path[:-1], key) for key in known_keys(model, path[:-1]))
    for holder in (path[:-2], *within):
        if holder and _is_entry(entry, set(known_keys(model, (*holder, "")))):
            return holder
    return ()


def _is_entry(entry: Mapping[Any, Any], known: AbstractSet[str]) -> bool:
    """Whether an entry has known keys, and otherwise only entries with known keys."""
    others = [value for key, value in entry.items() if key not in known and not _is_own(key)]
    return len(others) < len(entry) and all(
        isinstance(other, Mapping) and other.keys() <= known for other in others
    )


def _is_own(key: Any) -> bool:
    return isinstance(key, str) and key.startswith(OWN_KEY)


def _meant_key(model: type[BaseModel], path: Path, data: Any) -> str | None:
    """The known key that the key at `path` is a misspelling of."""
    if misplaced(model, path, data):
        return None
    known = known_keys(model, path[:-1])
    glued = split_key(str(path[-1]), known)
    return glued[0] if glued else Spelling.of(known).nearest(str(path[-1]))


def _depth_hint(model: type[BaseModel], path: Path, data: Any) -> str:
    holder = misplaced(model, path, data)
    if not holder:
        return ""
    if len(holder) < len(path) - 1:
        return f"it is indented one step too far: indent it like '{path[-2]}'"
    return f"it is indented one step too little: indent it like the entries of '{holder[-1]}'"


# --- Words ----------------------------------------------------------------------------------------


def _subject(path: Path) -> str:
    """The value at `path` in words: its key, or its position in a list."""
    if path and isinstance(path[-1], int) and len(path) > 1 and isinstance(path[-2], str):
        return f"entry {path[-1] + 1} of '{path[-2]}'"
    return f"'{path[-1]}'" if path else "the document"


def _reason(detail: ErrorDetails) -> str:
    value = _shown(detail["input"])
    match detail["type"]:
        case "value_error":
            return f"{detail['ctx']['error']}, not {value}"
        case "literal_error":
            return f"expected {detail['ctx']['expected']}, not {value}"
        case kind if kind in _BOUND:
            return f"{_BOUND[kind].format(**detail['ctx'])}, not {value}"
        case "too_short":
            return f"needs at least {detail['ctx']['min_length']}"
        case _:
            return f"{detail['msg'][0].lower()}{detail['msg'][1:]}, not {value}"


def _shown_list(values: tuple[Any, ...] | list[Any]) -> str:
    is_short = 0 < len(values) <= _SHOWN_ENTRIES and all(map(_is_number, values))
    return f"[{', '.join(map(str, values))}]" if is_short else "a list"


def _is_number(value: Any) -> bool:
    return isinstance(value, int | Decimal) and not isinstance(value, bool)


def _shown(value: Any) -> str:
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
            return _shown_list(value)
        case _:
            return str(value)
