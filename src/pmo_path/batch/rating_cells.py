"""The texts in rating cells: what they mean, how SQL reads them, and why one is refused.

The engine matches whole cells with known texts and never parses numbers itself: parsers disagree
on `1_0`, ` 3`, `1e1` and digits of other scripts.
"""

from __future__ import annotations

import json
import re
import secrets
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from pmo_path.batch.engine import text
from pmo_path.batch.integers import Units, masks_sql
from pmo_path.batch.people_table import PEOPLE, PeopleTable
from pmo_path.domain.cells import UNRATED, CellReader
from pmo_path.domain.errors import InputInvalid
from pmo_path.domain.names import half_width
from pmo_path.domain.numbers import parse_number, show_number
from pmo_path.domain.ratings import answers_hint
from pmo_path.readers.table.header_row import MOSTLY
from pmo_path.readers.table.sheet import Column, Kind
from pmo_path.readers.table.unnamed_columns import unnamed_ratings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pmo_path.domain.framework import Framework

_NOT_APPLICABLE_WORDS = ("n/a", "N/A", "na", "NA", "n.a.", "N.A.", "not applicable")
_PERCENTAGE = re.compile(r"\s*[+-]?[0-9.,]+\s*%\s*", re.ASCII)
_WORD = 40
"""The longest cell, in characters, for which a reason suggests a mapping."""
_TRANSLATED = 5
"""The most cells of a row for which it does."""


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
        return frozenset(self.members)


def level_words_of(reader: CellReader, seen: Iterable[str] = ()) -> LevelWords:
    """The usual texts for the levels of a scale, and those in `seen` that have a meaning.

    Mapped texts, and those that programs write for missing values, are included only if they
    were seen, so that the summary can report them.
    """
    levels = reader.framework.levels
    groups: list[dict[str, None]] = [{} for _ in range(len(levels) + 2)]
    usual = (
        word
        for word in _usual(reader.framework)
        if reader.translation(word) is None and not reader.is_doubtful(word)
    )
    for spelling in filter(None, (*usual, *seen)):
        meaning = reader.meaning(spelling)
        if isinstance(meaning, Decimal):
            groups[levels.index(meaning)][spelling] = None
        elif meaning is not None:
            groups[len(levels) + (meaning == UNRATED)][spelling] = None
    size = 1 << (max(map(len, groups)) - 1).bit_length()
    # Padding must not equal a text in the sheet.
    suffix = secrets.token_hex(8)
    members = [
        word
        for number, group in enumerate(groups)
        for word in (*group, *(f"{suffix} {number} {free}" for free in range(len(group), size)))
    ]
    return LevelWords(tuple(members), size.bit_length() - 1, levels)


def _usual(framework: Framework) -> Iterator[str]:
    yield from _NOT_APPLICABLE_WORDS
    for level, step in framework.scale.items():
        number = show_number(level)
        yield from (number, f"{number}.0", f"{number},0", number.replace(".", ","))
        for label in (step.label, f"{number} - {step.label}"):
            yield from (label, label.lower(), label.upper())


# --- As SQL ----------------------------------------------------------------------------------------


def people_columns_sql(
    columns: Sequence[Column], level_words: LevelWords, units: Units
) -> list[str]:
    """SQL for the columns of the people table, from cells whose ratings are members of `word`."""
    chosen, groups = [], []
    for index, column in enumerate(columns):
        if column.kind is Kind.RATING:
            groups.append(f"(enum_code(f{index}) >> {level_words.shift})")
            chosen.append(f"{_units_sql(groups[-1], level_words, units)} AS f{index}")
        else:
            chosen.append(f"f{index}")
    masks = masks_sql([f"{group} = {level_words.not_applicable}" for group in groups])
    chosen += (f"{mask} AS na_{number}" for number, mask in enumerate(masks))
    return chosen


def _units_sql(group: str, level_words: LevelWords, units: Units) -> str:
    """SQL for the units of the level with group number `group`; null if it is not a level."""
    levels = [units.of_level(level) for level in level_words.levels]
    bound = max(map(abs, levels))
    kind = "TINYINT" if bound < 2**7 else "SMALLINT" if bound < 2**15 else "INTEGER"
    step = levels[1] - levels[0]
    if levels == list(range(levels[0], levels[-1] + 1, step)):
        # Where the number of a group is the level, nothing is to be computed for each cell.
        is_level = (levels[0], step) == (0, 1)
        value = group if is_level else f"{levels[0]} + {group}::INTEGER * {step}"
        return f"if({group} < {len(levels)}, {value}, NULL)::{kind}"
    cases = " ".join(f"WHEN {index} THEN {level}" for index, level in enumerate(levels))
    return f"(CASE {group} {cases} END)::{kind}"


# --- Refused ----------------------------------------------------------------------------------------


def off_scale_reason(framework: Framework, cell: str, together: Sequence[str]) -> str:
    """What a cell must hold that holds no rating, and how to translate it and those beside it.

    A number is not translated: it is more likely mistyped than a word of their own for a level.
    """
    percentage = "a percentage, " if _PERCENTAGE.fullmatch(cell) else ""
    reason = f"{percentage}not a level of the scale: {answers_hint(framework)}"
    spellings = list(dict.fromkeys(filter(_is_word, map(str.strip, together))))[:_TRANSLATED]
    if not _is_word(cell.strip()):
        return reason
    entries = ", ".join(f"{json.dumps(word, ensure_ascii=False)}: LEVEL" for word in spellings)
    pronoun = "it" if len(spellings) == 1 else "them"
    return f"{reason}; to translate {pronoun}, pass --map with 'values: {{{entries}}}'"


def _is_word(cell: str) -> bool:
    return cell.isprintable() and len(cell) <= _WORD and parse_number(half_width(cell)) is None


# --- In columns without a header ------------------------------------------------------------------


def check_unnamed(staged: PeopleTable) -> None:
    """Raise InputInvalid if columns without a header have levels in most of their cells.

    The first rows, by which the sheet was sniffed, did not show it.
    """
    sheet, rated = staged.sheet, []
    if not sheet.unnamed:
        return
    reader = CellReader.of(staged.framework, sheet.values)
    levels, absent = (", ".join(map(text, texts)) for texts in words_for(reader))
    for index in sheet.unnamed:
        cell = f"trim(f{index})"
        counts = staged.rows(
            f"SELECT count(*) FILTER ({cell} IN ({levels})), count(*) FILTER ({cell} IN ({absent})), "
            f"count(nullif({cell}, '')) FROM {PEOPLE}"
        )
        if is_mostly_rated(*counts[0]):
            rated.append(index)
    if rated:
        line = sheet.heading_line
        raise InputInvalid((unnamed_ratings(sheet.columns, rated, sheet.name, line),))


def words_for(reader: CellReader) -> tuple[Sequence[str], Sequence[str]]:
    """The usual texts for levels, and those for n/a."""
    level_words = level_words_of(reader)
    end = level_words.not_applicable << level_words.shift
    return level_words.members[:end], level_words.members[end : end + (1 << level_words.shift)]


def is_mostly_rated(with_level: int, without: int, filled: int) -> bool:
    """Whether a column with these numbers of cells is a rating column."""
    return filled > 0 and with_level >= MOSTLY * (filled - without)
