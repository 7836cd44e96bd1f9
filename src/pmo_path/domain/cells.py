"""What the cells of a sheet mean: the words of the scale, and translations of other words."""

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
"""What a translation calls a cell that holds no rating."""

Meaning = Decimal | Literal["n/a", "unrated"]
"""What a cell means: a level of the scale, not applicable, or no rating."""

_OF_PROGRAMS = frozenset({"na", "nan", "nil", "none", "null"})
"""What R, Python and others write where there is no value."""
_SAME_NUMBER = 8
"""Decimal places in which two numbers are told apart."""
_LONGEST = 100
"""Characters of a cell from which on it is no single word."""


class Translation(NamedTuple):
    """What one word means in a sheet, whatever it means elsewhere."""

    written: str
    meaning: Meaning


class Doubt(NamedTuple):
    """A word that was read as it stands, and may have been written for no answer at all."""

    word: str
    meaning: Meaning
    cells: int


class CellReader(NamedTuple):
    """How the cells of one sheet are read."""

    framework: Framework
    translations: Mapping[str, Translation] = {}
    """By what `cell_key` makes of the word."""

    @classmethod
    def of(cls, framework: Framework, values: Mapping[str, Meaning]) -> Self:
        """Read the words in `values` as they say, and all others by the scale."""
        translations = {
            cell_key(word): Translation(word, meaning) for word, meaning in values.items()
        }
        return cls(framework, translations)

    def meaning(self, cell: str) -> Meaning | None:
        """What a cell means; None when nobody can tell."""
        if not cell.strip():
            return UNRATED
        translation = self.translation(cell)
        return level_named(self.framework, cell) if translation is None else translation.meaning

    def translation(self, cell: str) -> Translation | None:
        """What the translations say of a cell."""
        return self.translations.get(cell_key(cell)) if self.translations else None

    def is_doubtful(self, cell: str) -> bool:
        """Whether a cell is read, and is what programs write where there is no value."""
        key = cell_key(cell) if len(cell) < _LONGEST else ""
        return (
            key in _OF_PROGRAMS
            and key not in self.translations
            and level_named(self.framework, cell) is not None
        )

    def unused(self, cells: Iterable[str]) -> list[str]:
        """The translations of what is not among the cells, as they are written."""
        keys = set(map(cell_key, cells)) if self.translations else set()
        return [
            translation.written
            for key, translation in self.translations.items()
            if key not in keys
        ]


def cell_key(text: str) -> str:
    """The form in which cells are compared with translations.

    Case, surrounding and repeated spaces and width do not count, nor how a number is written; all
    else does, so that `-1` is not `1`, and `-` not empty.
    """
    key = " ".join(unicodedata.normalize("NFC", half_width(text)).casefold().split())
    number = parse_number(key)
    return key if number is None else show_number(round(number, _SAME_NUMBER) + 0)


def doubts_shown(doubts: Iterable[Doubt]) -> tuple[str, ...]:
    """How doubtful words were read, and what to do if that is wrong: a sentence for each meaning."""
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
    """How doubtful words were read, and how many of the units hold them."""
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
    """That translations of these words translate nothing."""
    listed = ", ".join(f"'{text}'" for text in texts)
    return f"the mapping translates cells that are not there: {listed}"
