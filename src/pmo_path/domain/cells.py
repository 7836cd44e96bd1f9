"""The meaning of rating cells: labels of the scale, and translations of other texts."""

from __future__ import annotations

import unicodedata
from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING, Literal, NamedTuple, Self

from pmo_path.domain.names import half_width
from pmo_path.domain.numbers import parse_number, show_number
from pmo_path.domain.ratings import NOT_APPLICABLE, level_named

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pmo_path.domain.framework import Framework

UNRATED: Literal["unrated"] = "unrated"
"""The translation of a cell without a rating."""

Meaning = Decimal | Literal["n/a", "unrated"]
"""The meaning of a cell: a level of the scale, not applicable, or no rating."""

_OF_PROGRAMS = frozenset({"na", "nan", "nil", "none", "null"})
"""Texts that R, Python and others write for a missing value."""
_SAME_NUMBER = 8
"""Decimal places to which numbers are compared."""
_LONGEST = 100
"""A cell with this many characters or more is not a single word."""


class Translation(NamedTuple):
    """A translation: a text in the sheet and its meaning there."""

    written: str
    meaning: Meaning


class Doubt(NamedTuple):
    """A text that was read as a rating but may mean a missing answer."""

    word: str
    meaning: Meaning
    cells: int


class CellReader(NamedTuple):
    """Reads the rating cells of one sheet."""

    framework: Framework
    translations: Mapping[str, Translation] = {}
    """Translations by `cell_key` of their text."""

    @classmethod
    def of(cls, framework: Framework, values: Mapping[str, Meaning]) -> Self:
        """Read the words in `values` as they say, and all others by the scale."""
        translations = {
            cell_key(word): Translation(word, meaning) for word, meaning in values.items()
        }
        return cls(framework, translations)

    def meaning(self, cell: str) -> Meaning | None:
        """The meaning of a cell; None if it is unknown."""
        if not cell.strip():
            return UNRATED
        translation = self.translation(cell)
        return level_named(self.framework, cell) if translation is None else translation.meaning

    def translation(self, cell: str) -> Translation | None:
        """The translation of a cell, if any."""
        return self.translations.get(cell_key(cell)) if self.translations else None

    def is_doubtful(self, cell: str) -> bool:
        """Whether a cell is read as a rating, but is also a common text for a missing value."""
        key = cell_key(cell) if len(cell) < _LONGEST else ""
        return (
            key in _OF_PROGRAMS
            and key not in self.translations
            and level_named(self.framework, cell) is not None
        )

    def unused(self, cells: Iterable[str]) -> list[str]:
        """The texts that have a translation but are not in the sheet, as they were written."""
        keys = set(map(cell_key, cells)) if self.translations else set()
        return [
            translation.written
            for key, translation in self.translations.items()
            if key not in keys
        ]


def cell_key(text: str) -> str:
    """Fold a cell for comparison with translations.

    Case, surrounding and repeated spaces and width do not count, nor how a number is written; all
    else does, so that `-1` is not `1`, and `-` not empty.
    """
    key = " ".join(unicodedata.normalize("NFC", half_width(text)).casefold().split())
    number = parse_number(key)
    return key if number is None else show_number(round(number, _SAME_NUMBER) + 0)


def doubts_shown(doubts: Iterable[Doubt]) -> tuple[str, ...]:
    """Yield how doubtful texts were read and how to correct it, one sentence for each meaning."""
    by_meaning: dict[Meaning, Counter[str]] = {}
    for doubt in doubts:
        cells = by_meaning.setdefault(doubt.meaning, Counter())
        cells[doubt.word.strip()] += doubt.cells
    in_order = sorted(by_meaning, key=lambda meaning: (isinstance(meaning, str), meaning))
    return tuple(
        _shown(meaning, by_meaning[meaning]) for meaning in in_order if by_meaning[meaning].total()
    )


def _shown(meaning: Meaning, cells: Mapping[str, int]) -> str:
    return (
        f"{doubt_shown(meaning, cells, 'cell')}; if it means no answer, pass --map with "
        f"'values: {{{min(cells)}: {UNRATED}}}'"
    )


def doubt_shown(meaning: Meaning, counts: Mapping[str, int], unit: str) -> str:
    """Describe how doubtful texts were read, and in how many units."""
    count = sum(counts.values())
    quoted = " and ".join(f"'{word}'" for word in sorted(counts))
    return (
        f"{quoted} {'was' if len(counts) == 1 else 'were'} read as {_meaning_shown(meaning)} in "
        f"{count:,} {unit}{'' if count == 1 else 's'}"
    )


def _meaning_shown(meaning: Meaning) -> str:
    if isinstance(meaning, Decimal):
        return f"level {show_number(meaning)} (its label)"
    return "not applicable" if meaning == NOT_APPLICABLE else meaning


def unused_shown(texts: Iterable[str]) -> str:
    """Report translations whose texts are not in the sheet."""
    listed = ", ".join(f"'{text}'" for text in texts)
    return f"the mapping translates cells that are not there: {listed}"
