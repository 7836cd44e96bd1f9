"""The texts that people write into rating cells, grouped by the level that they mean.

The engine matches whole cells with these texts and never parses numbers itself: parsers disagree
on `1_0`, ` 3`, `1e1` and digits of other scripts.
"""

from __future__ import annotations

import secrets
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from pmo_path.domain.cells import UNRATED
from pmo_path.domain.numbers import show_number

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pmo_path.domain.cells import CellReader
    from pmo_path.domain.framework import Framework

_NOT_APPLICABLE_WORDS = ("n/a", "N/A", "na", "NA", "n.a.", "N.A.", "not applicable")


class LevelWords(NamedTuple):
    """Texts in groups of equal size (a power of two), one group for each level, lowest first.

    The last two groups are `n/a` and unrated. The index of a text in `members`, shifted right by
    `shift`, is the number of its group.
    """

    members: tuple[str, ...]
    shift: int
    levels: tuple[Decimal, ...]

    @property
    def not_applicable(self) -> int:
        """The number of the `n/a` group."""
        return len(self.levels)

    def texts(self) -> frozenset[str]:
        """All members as a set."""
        return frozenset(self.members)


def level_words_of(reader: CellReader, seen: Iterable[str] = ()) -> LevelWords:
    """The usual texts for the levels of a scale, and those in `seen` that have a meaning.

    Mapped texts, and those that programs write for missing values, are included only if they
    were seen, so that the summary can report them.
    """
    groups: list[dict[str, None]] = [{} for _ in range(len(reader.framework.levels) + 2)]
    usual = (
        word
        for word in _usual(reader.framework)
        if reader.translation(word) is None and not reader.is_doubtful(word)
    )
    for text in (*usual, *seen):
        group = _group(reader, text)
        if group is not None and text:
            groups[group][text] = None
    size = 1 << (max(map(len, groups)) - 1).bit_length()
    # Padding must not equal a text in the sheet.
    suffix = secrets.token_hex(8)
    members = [
        word
        for number, group in enumerate(groups)
        for word in (*group, *(f"{suffix} {number} {free}" for free in range(len(group), size)))
    ]
    return LevelWords(tuple(members), size.bit_length() - 1, reader.framework.levels)


def _group(reader: CellReader, text: str) -> int | None:
    levels, meaning = reader.framework.levels, reader.meaning(text)
    if meaning is None:
        return None
    if isinstance(meaning, Decimal):
        return levels.index(meaning)
    return len(levels) + (meaning == UNRATED)


def _usual(framework: Framework) -> Iterator[str]:
    yield from _NOT_APPLICABLE_WORDS
    for level, step in framework.scale.items():
        number = show_number(level)
        yield from (number, f"{number}.0", f"{number},0", number.replace(".", ","))
        for text in (step.label, f"{number} - {step.label}"):
            yield from (text, text.lower(), text.upper())
