"""The scale of a matrix: from the mapping file, the headings or the cells."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pmo_path.domain.matrix.levels import (
    CellLevel,
    cell_level,
    labels_behind,
    numbered,
    whole_scale,
    word_rank,
)
from pmo_path.domain.matrix.model import ColumnMeaning, ScaleSource
from pmo_path.domain.matrix.vocabulary import NOTHING, RANKS
from pmo_path.domain.names import fold, fold_accents
from pmo_path.domain.numbers import show_number

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from decimal import Decimal

    from pmo_path.domain.matrix.model import MatrixColumn, MatrixMap
    from pmo_path.domain.matrix.rows import CompetenceRow

_HALF = 0.5
_WITHOUT_LABEL = "Level"


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
    meanings = {fold(label): level for level, label in levels.items()} | dict(settings.values)
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
