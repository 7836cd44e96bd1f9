"""What to type instead of a value of the wrong type.

Most of these come from what other YAML readers make of plain words and numbers (YAML 1.1), or
from a spreadsheet's way of writing them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from pmo_path.readers.yaml import ConstantKey
from pmo_path.readers.yaml_lines import MARKS, in_quotes

_TRUTH = {"yes": "true", "y": "true", "on": "true", "no": "false", "n": "false", "off": "false"}
_PLAIN = re.compile(r"-?[0-9]{1,20}(\.[0-9]{1,20})?", re.ASCII)
_LEADING_ZEROS = re.compile(r"^(-?)0+(?=[0-9])", re.ASCII)
_EXPONENT = re.compile(r"[-+]?[0-9]+(\.[0-9]+)?[eE][-+]?[0-9]{1,2}", re.ASCII)
_CLOCK = re.compile(r"[0-9]+(:[0-9]+)+", re.ASCII)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}.*", re.ASCII)
_BASES = re.compile(r"0x[0-9a-fA-F]{1,8}|0o[0-7]{1,8}|0b[01]{1,20}", re.ASCII)
_WITH_WORDS = re.compile(r"[^\d+.,:-]{0,20}?(-?[0-9]{1,6}(?:[.,][0-9]{1,4})?)[^\d.,:]{0,20}")
_SHOWN = 40
"""The longest text that a hint repeats; what one is told to type is never cut short."""


def mending(wanted: str, value: Any) -> str:
    """What to type instead of `value`; an empty string when nothing better than the message.

    `wanted` is pydantic's name for the error of a type, or `number`.
    """
    match wanted:
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
        return _one_mapping(value)
    if not isinstance(value, str):
        return "write the number, or take the key out" if value is None else ""
    text = value.strip()
    found = next((words for form, words in _NO_NUMBERS if form.fullmatch(text)), None)
    if found is not None:
        return found(text)
    return _plain_number(text) or _number_within(text)


def _number_within(text: str) -> str:
    """The number in `3 days`, `75%` or `L1`."""
    found = _WITH_WORDS.fullmatch(text)
    if found is None:
        has_digit = any(map(str.isdecimal, text))
        return "write the number alone, without words" if has_digit else "write a number such as 3"
    return f"write {found[1].replace(',', '.')}"


def _one_mapping(entries: tuple[Any, ...]) -> str:
    """What to write for `[level: 3, must_have: 2]`."""
    if not entries or not all(isinstance(one, Mapping) and len(one) == 1 for one in entries):
        return "write the number alone, without brackets"
    pairs = [pair for one in entries for pair in one.items()]
    if any(isinstance(value, Mapping | tuple) for _, value in pairs):
        return ""
    inner = ", ".join(f"{key}: {value}" for key, value in pairs)
    return f"write {{{inner}}}" if len(inner) <= _SHOWN * 2 else "put it in braces: {…}"


def _plain_number(text: str) -> str:
    digits = text.replace("_", "").replace(" ", "").replace(",", ".").lstrip("+")
    if not _PLAIN.fullmatch(digits):
        return ""
    bare = _LEADING_ZEROS.sub(r"\1", digits)
    if bare == text:
        return f"write {bare} without quotes"
    return f"write {bare}" + (", without leading zeros" if bare != digits else "")


_NO_NUMBERS: tuple[tuple[re.Pattern[str], Callable[[str], str]], ...] = (
    (_EXPONENT, lambda text: f"write it out: {Decimal(text):f}"),
    (_BASES, lambda text: f"write {int(text, 0)}"),
    (_CLOCK, lambda _: "this is text, as a time of day is; write one number"),
    (_DATE, lambda _: "this is text, as every date is; write one number"),
)


def _text(value: Any) -> str:
    match value:
        case None:
            return "write some text, or take the key out"
        case True | False:
            return f'put it in quotes: "{str(value).lower()}"'
        case int() | Decimal() | ConstantKey():
            return f'put it in quotes: "{value}"'
        case tuple():
            return "write it without brackets; text that begins with [ must stand in quotes"
        case Mapping() if len(value) == 1:
            return _text_taken_apart(*next(iter(value.items())))
    return ""


def _text_taken_apart(key: Any, rest: Any) -> str:
    """What to write for text that YAML takes for an entry."""
    if rest is None:
        return in_quotes(f"{{{key}}}", "text that begins with { must stand in quotes")
    if isinstance(rest, (str, int, Decimal)):
        return in_quotes(f"{key}: {rest}", 'text that holds ": " must stand in quotes')
    return ""


def _list(value: Any) -> str:
    if isinstance(value, str | int | Decimal):
        text = str(value)
        if text.startswith(MARKS):
            return "begin each entry with a dash and a space: '- '"
        if " - " in text or len(text) > _SHOWN:
            return "begin each entry on a line of its own with '- ', the first one too"
        return f"write [{text}], or put '- ' before each entry on a line of its own"
    if isinstance(value, Mapping):
        return "put '- ' before each entry"
    return "write [] for an empty list, or take the key out"
