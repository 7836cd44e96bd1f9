"""Suggest a correction for a wrong value.

Most wrong values come from what other YAML readers make of plain words and numbers (YAML 1.1),
from a spreadsheet's way of writing them, or are a name where an id belongs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from pmo_path.domain.limits import MAX_ID
from pmo_path.domain.names import Named, NameIndex
from pmo_path.readers.schema_paths import key_in, step_of, value_at
from pmo_path.readers.yaml import ConstantKey
from pmo_path.readers.yaml_text import MARKS, SHOWN, in_quotes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pmo_path.domain.diagnostics import Path

_TRUTH = {"yes": "true", "y": "true", "on": "true", "no": "false", "n": "false", "off": "false"}
_PLAIN = re.compile(r"-?[0-9]{1,20}(\.[0-9]{1,20})?", re.ASCII)
_LEADING_ZEROS = re.compile(r"^(-?)0+(?=[0-9])", re.ASCII)
_EXPONENT = re.compile(r"[-+]?[0-9]+(\.[0-9]+)?[eE][-+]?[0-9]{1,2}", re.ASCII)
_CLOCK = re.compile(r"[0-9]+(:[0-9]+)+", re.ASCII)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}.*", re.ASCII)
_BASES = re.compile(r"0x[0-9a-fA-F]{1,8}|0o[0-7]{1,8}|0b[01]{1,20}", re.ASCII)
_WITH_UNIT = re.compile(r"[^\d+.,:-]{0,20}?(-?[0-9]{1,6}(?:[.,][0-9]{1,4})?)[^\d.,:]{0,20}")
_LIKE_AN_ID = re.compile(rf"[\w-]{{1,{MAX_ID}}}")
_GLUED = re.compile(r"([\w-]+)\s*[:=]\s*(\S.{0,40})")
_KEYS_OF_AN_ENTRY = 20
_SECTION_OF = {
    "requires": "competences",
    "develops": "competences",
    "leads_to": "roles",
    "for_roles": "roles",
    "prerequisites": "training",
}
"""The kind of entity that the ids in a mapping or list refer to."""


def for_type(expected: str, value: Any) -> str:
    """A hint at the value to type instead of `value`; empty if the message says enough.

    `expected` is pydantic's name for the error of a type, or `number`.
    """
    match expected:
        case "bool_type":
            truth = _TRUTH.get(str(value).lower())
            return f"write {truth}" if truth else "write true or false, without quotes"
        case "number" | "int_type":
            return _number(value)
        case "string_type":
            return _text(value)
        case "tuple_type":
            return _list(value)
        case _:
            return "" if value is not None else "write the entries below it, indented"


def _number(value: Any) -> str:
    if isinstance(value, tuple):
        return _mapping_in_brackets(value)
    if not isinstance(value, str):
        return "write the number, or take the key out" if value is None else ""
    text = value.strip()
    for pattern, hint in _NOT_NUMBERS:
        if pattern.fullmatch(text):
            return hint(text)
    return _plain_number(text) or _number_with_unit(text)


_NOT_NUMBERS: tuple[tuple[re.Pattern[str], Callable[[str], str]], ...] = (
    (_EXPONENT, lambda text: f"write it out: {Decimal(text):f}"),
    (_BASES, lambda text: f"write {int(text, 0)}"),
    (_CLOCK, lambda _: "this is text, as a time of day is; write one number"),
    (_DATE, lambda _: "this is text, as every date is; write one number"),
)


def _plain_number(text: str) -> str:
    digits = text.replace("_", "").replace(" ", "").replace(",", ".").lstrip("+")
    if not _PLAIN.fullmatch(digits):
        return ""
    bare = _LEADING_ZEROS.sub(r"\1", digits)
    if bare == text:
        return f"write {bare} without quotes"
    return f"write {bare}" + (", without leading zeros" if bare != digits else "")


def _number_with_unit(text: str) -> str:
    """The number in `3 days`, `75%` or `L1`."""
    number = _WITH_UNIT.fullmatch(text)
    if number is None:
        has_digit = any(map(str.isdecimal, text))
        return "write the number alone, without words" if has_digit else "write a number such as 3"
    return f"write {number[1].replace(',', '.')}"


def _mapping_in_brackets(entries: tuple[Any, ...]) -> str:
    """A hint for `[level: 3, must_have: 2]`."""
    if not entries or not all(isinstance(entry, Mapping) and len(entry) == 1 for entry in entries):
        return "write the number alone, without brackets"
    pairs = [pair for entry in entries for pair in entry.items()]
    if any(isinstance(value, Mapping | tuple) for _, value in pairs):
        return ""
    inner = ", ".join(f"{key}: {value}" for key, value in pairs)
    return f"write {{{inner}}}" if len(inner) <= SHOWN * 2 else "put it in braces: {…}"


def _text(value: Any) -> str:
    match value:
        case None:
            return "write some text, or take the key out"
        case True | False:
            return f'put it in quotes: "{str(value).lower()}"'
        case int() | Decimal() | ConstantKey():
            return f'put it in quotes: "{value}"'
        case tuple():
            return "write it without brackets; text that begins with [ must be in quotes"
        case Mapping() if len(value) == 1:
            return _text_read_as_entry(*next(iter(value.items())))
    return ""


def _text_read_as_entry(key: Any, value: Any) -> str:
    if value is None:
        return in_quotes(f"{{{key}}}", "text that begins with { must be in quotes")
    if isinstance(value, (str, int, Decimal)):
        return in_quotes(f"{key}: {value}", 'text that contains ": " must be in quotes')
    return ""


def _list(value: Any) -> str:
    if isinstance(value, str | int | Decimal):
        text = str(value).lower() if isinstance(value, bool) else str(value)
        if text.startswith(MARKS):
            return "begin each entry with a dash and a space: '- '"
        if " - " in text or len(text) > SHOWN:
            return "begin each entry on a line of its own with '- ', the first one too"
        return f"write [{text}], or put '- ' before each entry on a line of its own"
    if isinstance(value, Mapping):
        return "put '- ' before each entry"
    return "write [] for an empty list, or take the key out"


def split_key(key: str, known: Sequence[str]) -> tuple[str, str] | None:
    """A known key and the value that is glued to it, as in `level:3` or `level=3`."""
    glued = _GLUED.fullmatch(key)
    return (glued[1], glued[2]) if glued is not None and glued[1] in known else None


def id_like(text: str) -> str:
    """A hint for an id with spaces; empty if hyphens do not make it an id."""
    slug = "-".join(text.split())
    return f"write '{slug}'" if _LIKE_AN_ID.fullmatch(slug) else ""


def decimal_point(path: Path, data: Any) -> str:
    """A hint for `{level: 2,5}`, whose half after the comma became a key without a value."""
    entry = value_at(data, path[:-1])
    if not path or not isinstance(entry, Mapping) or len(entry) > _KEYS_OF_AN_ENTRY:
        return ""
    half = key_in(entry, path[-1]), None
    key, number = next(
        (before for before, after in pairwise(entry.items()) if after == half), (None, None)
    )
    digits = str(path[-1])
    is_whole = isinstance(number, int) and not isinstance(number, bool)
    return (
        f"a decimal has a point: {key}: {number}.{digits}"
        if is_whole and digits.isdecimal()
        else ""
    )


class NamesInUse:
    """Ids and levels by the names that unvalidated framework data gives them."""

    def __init__(self, data: Any) -> None:
        self._data = data if isinstance(data, Mapping) else {}

    def id_of(self, name: str, path: Path) -> str | None:
        """The id of what is called `name`, where `path` leads to a reference to it."""
        section = _SECTION_OF.get(str(path[-2])) if len(path) > 1 else None
        return self._indexes[section].find(name) if section else None

    def level(self, label: str) -> str | None:
        """The level that has a label, as files write it."""
        return self._levels.find(label)

    @cached_property
    def _indexes(self) -> Mapping[str, NameIndex]:
        domains = _entries(self._data.get("domains"))
        return {
            "competences": NameIndex(
                named for _, domain in domains for named in _named(domain.get("competences"))
            ),
            "roles": NameIndex(_named(self._data.get("roles"))),
            "training": NameIndex(_named(self._data.get("training"))),
        }

    @cached_property
    def _levels(self) -> NameIndex:
        return NameIndex(
            Named(step_of(level), (label,))
            for level, step in _entries(self._data.get("scale"))
            if isinstance(label := step.get("label"), str)
        )


def _entries(mapping: Any) -> Iterator[tuple[Any, Mapping[Any, Any]]]:
    for key, entry in mapping.items() if isinstance(mapping, Mapping) else ():
        if isinstance(entry, Mapping):
            yield key, entry


def _named(mapping: Any) -> Iterator[Named]:
    for key, entry in _entries(mapping):
        aliases = entry.get("aliases")
        labels = (
            entry.get("name"),
            entry.get("title"),
            *(aliases if isinstance(aliases, tuple) else ()),
        )
        if isinstance(key, str):
            yield Named(key, tuple(label for label in labels if isinstance(label, str)))
