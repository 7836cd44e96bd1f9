"""Levels in the headings and cells of a matrix, and the scale that they make."""

from __future__ import annotations

import re
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import TYPE_CHECKING, NamedTuple

from pmo_path.domain.matrix.model import ColumnMeaning, ScaleSource
from pmo_path.domain.names import fold, fold_accents, half_width
from pmo_path.domain.numbers import exact_or_none, parse_number, show_number

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from pmo_path.domain.matrix.model import MatrixColumn, MatrixMap
    from pmo_path.domain.matrix.rows import CompetenceRow

NOTHING = frozenset(
    {"", "-", "\u2013", "\u2014", "n/a", "na", "n.a.", "not applicable", "not required"}
)
"""Cells of a role that does not require the competence."""

_PROFICIENCY = (
    ("none", "no knowledge", "not yet", "unaware"),
    ("aware", "awareness", "novice", "learning", "learner", "starting"),
    (
        "beginner", "basic", "basics", "foundation", "foundational", "fundamental", "elementary",
        "advanced beginner", "entry", "grundkenntnisse",
    ),
    (
        "developing", "intermediate", "working", "practitioner", "competent", "proficient",
        "skilled", "independent", "solid", "fortgeschritten",
    ),
    ("advanced", "experienced", "strong", "senior practitioner"),
    ("expert", "experte"),
    ("master", "mastery", "leading", "authority", "thought leader"),
)  # fmt: skip
RANKS = {word: rank for rank, words in enumerate(_PROFICIENCY) for word in words}
"""The rank of usual words for levels; words of one rank may come in either order."""

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
_HALF = 0.5
_WITHOUT_LABEL = "Level"
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


def fold_cell(text: str) -> str:
    """Fold a cell or a label for comparison, as a name unless it is a number: -5 is not 5."""
    number = parse_number(half_width(text.strip()))
    return fold(text) if number is None else show_number(number)


def cell_level(text: str, labels: Mapping[str, Decimal]) -> CellLevel | None:
    """The level in a cell such as `3`, `Level 3`, `3: leads it`, or a label of the scale.

    `labels` has levels by the folded texts that mean them.
    """
    written = half_width(text.strip())
    named = labels.get(fold_cell(written))
    if named is not None:
        return CellLevel(named)
    match = _CELL.fullmatch(written)
    level = None if match is None else _level(match["number"])
    if match is None or level is None:
        return None
    rest = (match["rest"] or "").strip()
    return CellLevel(level, "" if labels.get(fold_cell(rest)) == level else rest)


def _level(number: str) -> Decimal | None:
    return exact_or_none(parse_number(number))


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


class MatrixScale(NamedTuple):
    """The levels of a framework, and what cells mean them."""

    levels: Mapping[Decimal, str]
    """The label of each level, lowest first."""
    meanings: Mapping[str, Decimal]
    """Levels by the folded texts of cells."""
    source: ScaleSource
    text_columns: Collection[int]
    """The columns of roles that hold texts rather than levels."""
    baseline: Decimal | None = None
    baseline_label: str = ""

    @property
    def lowest(self) -> Decimal | None:
        """The lowest level; None without a scale."""
        return min(self.levels, default=None)

    def is_label(self, cell: CellLevel) -> bool:
        """Whether the text behind a level is its label."""
        return fold(self.levels.get(cell.level, "")) == fold(cell.rest)


def matrix_scale(
    columns: Sequence[MatrixColumn], rows: Sequence[CompetenceRow], settings: MatrixMap
) -> MatrixScale:
    """The scale that the mapping file names, or else the headings, or else the cells."""
    baseline = next(
        (column for column in columns if column.meaning is ColumnMeaning.BASELINE), None
    )
    levels, source = _levels(columns, rows, settings)
    meanings = {fold_cell(label): level for level, label in levels.items()} | {**settings.values}
    texts = frozenset(
        column.position
        for column in columns
        if column.meaning is ColumnMeaning.ROLE and not _holds_levels(column, rows, meanings)
    )
    level = settings.baseline if baseline is None else baseline.level
    name = "" if baseline is None else baseline.name
    in_order = {number: levels[number] for number in sorted(levels)}
    return MatrixScale(in_order, meanings, source, texts, level, name)


def _levels(
    columns: Sequence[MatrixColumn], rows: Sequence[CompetenceRow], settings: MatrixMap
) -> tuple[dict[Decimal, str], ScaleSource]:
    if settings.scale:
        return dict(settings.scale), ScaleSource.MAP
    headed = {
        column.level: _label(column.level, column.name)
        for column in columns
        if column.level is not None and column.meaning is ColumnMeaning.LEVEL
    }
    headed |= {
        column.level: _label(column.level, column.grade or column.name)
        for column in columns
        if column.level is not None
        and column.meaning is ColumnMeaning.ROLE
        and column.level not in headed
    }
    if headed:
        is_of_words = any(
            column.meaning is ColumnMeaning.LEVEL and fold_accents(column.heading) in RANKS
            for column in columns
        )
        return headed, ScaleSource.HEADING_WORDS if is_of_words else ScaleSource.HEADINGS
    cells = [text for column in columns for text in _cells(column, rows)]
    return _from_cells(cells, settings.values)


def _from_cells(
    cells: Iterable[str], values: Mapping[str, Decimal]
) -> tuple[dict[Decimal, str], ScaleSource]:
    texts = [text for text in cells if fold(text) not in NOTHING]
    words = list(
        {fold_accents(text): text for text in texts if word_rank(text) is not None}.values()
    )
    by_rank = sorted(words, key=lambda word: word_rank(word) or 0)
    ranks = [word_rank(word) for word in words]
    levels = numbered(by_rank) if words and len(set(ranks)) == len(ranks) else None
    if levels is not None and len(words) > 1:
        return {level: word for word, level in levels.items()}, ScaleSource.CELL_WORDS
    read = [cell for cell in (cell_level(text, values) for text in texts) if cell is not None]
    labels = labels_behind(read)
    scale = whole_scale(cell.level for cell in read)
    named = {level: _label(level, labels.get(level, "")) for level in scale}
    if not named:
        return {}, ScaleSource.NONE
    return named, ScaleSource.CELL_LABELS if labels else ScaleSource.NUMBERS


def _label(level: Decimal, label: str) -> str:
    return label or f"{_WITHOUT_LABEL} {show_number(level)}"


def _holds_levels(
    column: MatrixColumn, rows: Sequence[CompetenceRow], meanings: Mapping[str, Decimal]
) -> bool:
    cells = _cells(column, rows)
    levels = sum(cell_level(cell, meanings) is not None for cell in cells)
    return levels >= _HALF * len(cells)


def _cells(column: MatrixColumn, rows: Sequence[CompetenceRow]) -> list[str]:
    """The cells of a role's column that require something."""
    if column.meaning is not ColumnMeaning.ROLE or column.level is not None:
        return []
    texts = (row.texts.get(column.position, "") for row in rows)
    return [text for text in texts if fold(text) not in NOTHING]
