"""Levels in the headings and cells of a matrix, and the scale that they make."""

from __future__ import annotations

import re
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import TYPE_CHECKING, NamedTuple

from pmo_path.domain.matrix.vocabulary import RANKS
from pmo_path.domain.names import fold, fold_accents, half_width
from pmo_path.domain.numbers import exact, parse_number

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

MOST_LEVELS = 25
"""Whole numbers up to which a scale is filled; of a wider one only the numbers in use are levels."""
_NUMBER = r"-?[0-9]{1,4}(?:[.,][0-9]{1,4})?"
_WORD = r"(?:level|lvl\.?|stufe|niveau|nivel|livello)"
_DASHES = r"\-\u2010-\u2015\u2212"
_SEPARATOR = rf"\s*[{_DASHES}:.)=|]\s*|\s*\n\s*"
_HEADING = re.compile(
    rf"(?:(?P<word>{_WORD})\s*|L)?(?P<number>{_NUMBER})"
    rf"(?:(?P<separator>{_SEPARATOR}|\s+)(?P<label>[^\d\s].*))?",
    re.IGNORECASE | re.DOTALL,
)
_LABEL_FIRST = re.compile(
    rf"(?P<label>\S.*?)\s*[(\[]\s*(?:{_WORD}\s*)?(?P<number>{_NUMBER})\s*[)\]]",
    re.IGNORECASE | re.DOTALL,
)
_CELL = re.compile(
    rf"(?:{_WORD}\s*|L)?(?P<number>{_NUMBER})"
    rf"(?:(?:{_SEPARATOR}|\s*[(\[]\s*)(?P<rest>[^\d\s].*?)[)\]]?)?",
    re.IGNORECASE | re.DOTALL,
)
_LONGEST = 200
"""Characters of a heading that may name a level."""


class LevelHeading(NamedTuple):
    """A level as a heading names it."""

    level: Decimal
    label: str


class CellLevel(NamedTuple):
    """The level in a cell, and the text behind it."""

    level: Decimal
    rest: str = ""


def level_heading(text: str) -> LevelHeading | None:
    """The level in a heading such as `3`, `Level 3`, `3 - Competent` or `Competent (3)`."""
    written = half_width(text.strip())[:_LONGEST]
    match = _HEADING.fullmatch(written)
    if match is not None:
        level = _level(match["number"])
        is_apart = match["separator"] is None or match["separator"].strip() or match["word"]
        if level is not None and is_apart:
            return LevelHeading(level, (match["label"] or "").strip())
    match = _LABEL_FIRST.fullmatch(written)
    level = None if match is None else _level(match["number"])
    return None if match is None or level is None else LevelHeading(level, match["label"].strip())


def cell_level(text: str, labels: Mapping[str, Decimal]) -> CellLevel | None:
    """The level in a cell such as `3`, `Level 3`, `3: leads it`, or a label of the scale.

    `labels` has levels by the folded texts that mean them.
    """
    written = half_width(text.strip())
    named = labels.get(fold(written))
    if named is not None:
        return CellLevel(named)
    match = _CELL.fullmatch(written)
    level = None if match is None else _level(match["number"])
    if match is None or level is None:
        return None
    rest = (match["rest"] or "").strip()
    return CellLevel(level, "" if labels.get(fold(rest)) == level else rest)


def _level(number: str) -> Decimal | None:
    parsed = parse_number(number)
    if parsed is None:
        return None
    try:
        return exact(parsed)
    except ValueError:
        return None


def word_rank(text: str) -> int | None:
    """The rank of a usual word for a level; None for any other text."""
    return RANKS.get(fold_accents(text))


def numbered(words: Sequence[str]) -> dict[str, Decimal] | None:
    """Usual words for levels, numbered from 1, lowest first; None where their order is in doubt.

    Words of one rank keep their order.
    """
    ranks = [rank for rank in map(word_rank, words) if rank is not None]
    if len(ranks) != len(words):
        return None
    if ranks == sorted(ranks):
        in_order = list(words)
    elif ranks == sorted(ranks, reverse=True):
        in_order = list(reversed(words))
    else:
        return None
    first = 0 if min(ranks) == 0 else 1
    return {word: Decimal(number) for number, word in enumerate(in_order, first)}


def whole_scale(numbers: Iterable[Decimal]) -> tuple[Decimal, ...]:
    """The levels of a scale on which all numbers lie, lowest first.

    These are the whole numbers from the lowest to the highest one. If all lie between 0 and 1, or
    far apart, they are the numbers themselves.
    """
    used = sorted(set(numbers))
    if not used:
        return ()
    low = int(used[0].to_integral_value(ROUND_FLOOR))
    high = int(used[-1].to_integral_value(ROUND_CEILING))
    is_fraction = low >= 0 and high <= 1 and any(number % 1 for number in used)
    if is_fraction or high - low >= MOST_LEVELS:
        return tuple(used)
    return tuple(map(Decimal, range(low, high + 1)))


def labels_behind(cells: Iterable[CellLevel]) -> dict[Decimal, str]:
    """The label of each level, where every cell of a level has the same text behind the number.

    Empty where one has not, or where two levels share a text.
    """
    labels: dict[Decimal, str] = {}
    for cell in cells:
        if fold(labels.setdefault(cell.level, cell.rest)) != fold(cell.rest):
            return {}
    texts = [fold(label) for label in labels.values()]
    is_whole = len(labels) > 1 and all(texts) and len(set(texts)) == len(texts)
    return labels if is_whole else {}
