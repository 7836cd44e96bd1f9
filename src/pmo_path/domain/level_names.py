"""Texts that name a level twice, by its number and by its label: `3 - Competent`, `Expert (5)`.

Such texts are what a form offers to choose from, often with an explanation behind. Because number
and label must be those of one level, a text that is cut, shifted or from another scale is refused.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple, Protocol

from pmo_path.domain.names import fold
from pmo_path.domain.numbers import level_near, parse_number, show_number

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from decimal import Decimal

_LONGEST = 1000
"""The longest text that is parsed, in characters; an option of a form is shorter."""
_DASHES = r"\-\u2010-\u2015\u2212"
_NUMBER = re.compile(
    r"(?<!\w)(?<![0-9][.,])[0-9]{1,6}(?:[.,][0-9]{1,20})?(?!\w)(?![.,][0-9])", re.ASCII
)
_BEFORE_NUMBER = re.compile(r"\s*[(\[]?\s*(?P<word>level\s*)?", re.IGNORECASE)
_TO_LABEL = rf"[\s_)\].:=,|/>\u2192{_DASHES}]{{0,6}}"
_TO_NUMBER = rf"[\s_(\[.:=,|/>\u2192{_DASHES}]{{1,6}}"
_EXPLANATION = re.compile(
    rf"(?:\s*:\s*|\.\s+|\s+[{_DASHES}]+\s+|[{_DASHES}]\s+|\s*[(\[]|\s*\n\s*)(?P<words>\S.*)",
    re.DOTALL,
)
_NOTHING = "(?!)"
"""A pattern that never matches; used for a label of dashes alone, which names no level."""
_WORD = re.compile(r"\w+")
_END = re.compile(r"\s*\.?\s*")
_NOT_APPLICABLE = re.compile(r"n\s?[./]?\s?a\b|not applicable", re.IGNORECASE)


class Labelled(Protocol):
    """A level of a scale."""

    @property
    def label(self) -> str:
        """Its name."""


class _Label(NamedTuple):
    """The patterns that find one label."""

    behind_number: re.Pattern[str]
    before_number: re.Pattern[str]
    at_start: re.Pattern[str]
    as_written: re.Pattern[str]


def level_named_twice(scale: Mapping[Decimal, Labelled], text: str) -> Decimal | None:
    """The level that a text names by both its number and its label, such as `3 - Competent`.

    The two may come in either order, with brackets or a separator between, and an explanation may
    follow after a colon, a dash, a full stop, a bracket or on a line of its own. None where they
    disagree, and where another level is named as well.
    """
    if len(text) > _LONGEST:
        return None
    number = unicodedata.normalize("NFKC", text).strip()
    levels = set(_agreeing(scale, number))
    if len(levels) != 1:
        return None
    # `1 [low]` names no level where another one is called `1 (low)`.
    alike = {level for level, step in scale.items() if _words(step.label) == _words(number)}
    return levels.pop() if alike <= levels else None


def _words(text: str) -> list[str]:
    return _WORD.findall(fold(text))


def _agreeing(scale: Mapping[Decimal, Labelled], text: str) -> Iterator[Decimal]:
    for number in _NUMBER.finditer(text):
        before, after = text[: number.start()], text[number.end() :]
        for sign in ("", "-") if before.endswith("-") else ("",):
            level = _level(scale, f"{sign}{number[0]}")
            if level is None:
                continue
            head = before.removesuffix(sign).removesuffix("+")
            rest = _behind_both(scale, level, head, after)
            if rest is not None and _only_explains(scale, level, rest):
                yield level


def _level(scale: Mapping[Decimal, Labelled], number: str) -> Decimal | None:
    parsed = parse_number(number)
    return None if parsed is None else level_near(parsed, scale)


def _behind_both(
    scale: Mapping[Decimal, Labelled], level: Decimal, before: str, after: str
) -> str | None:
    """The text after the number and label; None if the label is on neither side of the number."""
    label = _label(scale[level].label)
    front = _BEFORE_NUMBER.fullmatch(before)
    if front is not None and not (front["word"] and _is_label(scale, level)):
        behind = label.behind_number.fullmatch(after)
        return None if behind is None else behind["rest"]
    if label.before_number.fullmatch(before) is not None:
        return re.sub(r"^\s*[)\]]", "", after)
    return None


def _is_label(scale: Mapping[Decimal, Labelled], level: Decimal) -> bool:
    """Whether another level has the label `Level 3`."""
    label = fold(f"level {show_number(level)}")
    return any(fold(step.label) == label for other, step in scale.items() if other != level)


def _only_explains(scale: Mapping[Decimal, Labelled], level: Decimal, rest: str) -> bool:
    """Whether the rest is empty or an explanation that names no other level."""
    if _END.fullmatch(rest):
        return True
    explanation = _EXPLANATION.fullmatch(rest)
    if explanation is None:
        return False
    explained = explanation["words"]
    if not any(map(str.isalpha, explained)) or _NOT_APPLICABLE.match(explained):
        return False
    numbers = (_level(scale, number[0]) for number in _NUMBER.finditer(explained))
    if any(number not in {None, level} for number in numbers):
        return False
    labels = (_label(step.label) for other, step in scale.items() if other != level)
    return not any(
        label.at_start.match(explained) or label.as_written.search(explained) for label in labels
    )


@lru_cache(maxsize=1000)
def _label(label: str) -> _Label:
    written = unicodedata.normalize("NFKC", label)
    parts = filter(None, re.split(r"[\s_-]+", written))
    name = r"[\s_-]+".join(map(re.escape, parts)) or _NOTHING
    edge = "[A-Za-z0-9]"
    return _Label(
        re.compile(
            rf"{_TO_LABEL}(?:{name}|\({name}\)|\[{name}\])(?P<rest>.*)", re.IGNORECASE | re.DOTALL
        ),
        re.compile(rf"\s*{name}{_TO_NUMBER}(?:level\s*)?", re.IGNORECASE),
        re.compile(rf"{name}(?!\w)", re.IGNORECASE),
        re.compile(rf"(?<!{edge}){name}(?!{edge})"),
    )
