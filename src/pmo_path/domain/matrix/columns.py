"""Find out what each column of a matrix holds."""

from __future__ import annotations

import re
from collections import Counter
from enum import Enum, auto
from typing import TYPE_CHECKING

from pmo_path.domain.codes import Code
from pmo_path.domain.diagnostics import Diagnostic, Place
from pmo_path.domain.errors import InputInvalid
from pmo_path.domain.matrix.levels import (
    NOTHING,
    LevelHeading,
    cell_level,
    fold_cell,
    level_heading,
    numbered,
    word_rank,
)
from pmo_path.domain.matrix.model import SINGLE, ColumnMeaning, MatrixColumn, TakenBy
from pmo_path.domain.matrix.rows import TOTALS
from pmo_path.domain.matrix.vocabulary import EXPLICIT, HEADINGS, column_of
from pmo_path.domain.names import fold, fold_accents, slug

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from decimal import Decimal

    from pmo_path.domain.matrix.heading_row import HeadingRow
    from pmo_path.domain.matrix.model import Matrix, MatrixMap, MatrixRow

_HALF = 0.5
_MARK = 3
"""Characters of a cell that marks something rather than describing it."""
_SHOWN = 60
_FARTHEST = 4
"""Columns among which the names of the competences are looked for."""
_SUFFIX = re.compile(
    r"(?P<name>\S.*?)[\s:,\u2013\u2014(-]+(?P<word>importance|weight|must[ -]have|minimum"
    r"|expects|expectations?|level|required level)\)?",
    re.IGNORECASE | re.DOTALL,
)
_SUFFIXES = {
    "importance": ColumnMeaning.IMPORTANCE,
    "weight": ColumnMeaning.IMPORTANCE,
    "must have": ColumnMeaning.MUST_HAVE,
    "minimum": ColumnMeaning.MUST_HAVE,
    "expects": ColumnMeaning.EXPECTS,
    "expectation": ColumnMeaning.EXPECTS,
    "expectations": ColumnMeaning.EXPECTS,
    "level": ColumnMeaning.ROLE,
    "required level": ColumnMeaning.ROLE,
}


class CellsKind(Enum):
    """What most cells of a column are."""

    NONE = auto()
    LEVELS = auto()
    WORDS = auto()
    """Usual words for levels."""
    MARKS = auto()
    TEXTS = auto()


def matrix_columns(
    matrix: Matrix, header: HeadingRow, settings: MatrixMap
) -> tuple[MatrixColumn, ...]:
    """What each column holds, in order. Raises InputInvalid where that cannot be decided."""
    return _Columns(matrix, header, settings).all()


class _Columns:
    """The columns, decided step by step: what is certain first."""

    def __init__(self, matrix: Matrix, header: HeadingRow, settings: MatrixMap) -> None:
        self._matrix, self._header, self._settings = matrix, header, settings
        self._decided: dict[int, MatrixColumn] = {}
        self._labels = {fold_cell(label): level for level, label in settings.scale.items()}
        meanings = {**self._labels, **settings.values}
        self._kinds = {
            index: _kind(header.below, index, meanings) for index in range(len(header.headings))
        }

    def all(self) -> tuple[MatrixColumn, ...]:
        self._by_statement()
        self._by_known_heading()
        self._by_suffix()
        self._by_level_words()
        self._find_competences()
        self._by_cells()
        self._check_single()
        return tuple(self._decided[index] for index in sorted(self._decided))

    def _open(self) -> list[int]:
        return [index for index in self._kinds if index not in self._decided]

    def _heading(self, index: int) -> str:
        return self._header.headings[index] or f"column {index + 1}"

    def _take(  # noqa: PLR0913  what is known of a column
        self,
        index: int,
        meaning: ColumnMeaning,
        by: TakenBy = TakenBy.HEADING,
        *,
        name: str = "",
        level: Decimal | None = None,
        is_in_family: bool = False,
    ) -> None:
        heading = self._heading(index)
        is_own = meaning is ColumnMeaning.OWN
        key = f"x-{slug(heading, f'column-{index + 1}')}" if is_own else ""
        column = MatrixColumn(index, heading, meaning, by, name, level=level, key=key)
        self._decided[index] = self._with_family(column) if is_in_family else column

    def _by_statement(self) -> None:
        """Take columns that the mapping file names, or whose heading states what they hold."""
        for index in self._open():
            heading = self._heading(index)
            mapped = self._settings.columns.get(fold(heading))
            column = None
            if mapped is not None:
                column = mapped._replace(position=index, heading=heading)
            elif EXPLICIT.match(heading):
                column = column_of(heading, index, heading, TakenBy.HEADING)
            if column is not None:
                self._decided[index] = self._with_family(column)

    def _with_family(self, column: MatrixColumn) -> MatrixColumn:
        family = self._header.families[column.position]
        if not family or column.meaning is not ColumnMeaning.ROLE:
            return column
        return column._replace(name=f"{family} {column.name}", family=family, grade=column.name)

    def _by_known_heading(self) -> None:
        taken = {column.meaning for column in self._decided.values()}
        for index in self._open():
            meaning = HEADINGS.get(fold_accents(self._header.headings[index]))
            if meaning is None:
                continue
            if meaning in SINGLE and meaning in taken:
                meaning = ColumnMeaning.OWN
            taken.add(meaning)
            self._take(index, meaning)

    def _by_suffix(self) -> None:
        """Take `Analyst importance` beside `Analyst`, or beside `Analyst expects`."""
        suffixed = {index: _SUFFIX.fullmatch(self._heading(index)) for index in self._open()}
        names = Counter(fold(self._heading(index)) for index in suffixed)
        names.update(fold(match["name"]) for match in suffixed.values() if match is not None)
        for index, match in suffixed.items():
            if match is None or names[fold(match["name"])] < 2:  # noqa: PLR2004  itself
                continue
            self._take(index, _SUFFIXES[fold(match["word"])], name=match["name"])

    def _by_level_words(self) -> None:
        """Take headings that name levels above cells that are not levels themselves."""
        candidates = [
            index for index in self._open() if self._kinds[index] is not CellsKind.LEVELS
        ]
        for index in candidates:
            heading = self._header.headings[index]
            level = self._labels.get(fold_cell(heading))
            named = level_heading(heading) if level is None else LevelHeading(level, heading)
            if named is not None and self._header.families[index]:
                level, role = named.level, ColumnMeaning.ROLE
                self._take(index, role, name=heading, level=level, is_in_family=True)
            elif named is not None:
                self._take(index, ColumnMeaning.LEVEL, name=named.label, level=named.level)
        words = [
            index
            for index in candidates
            if index in self._open() and word_rank(self._header.headings[index]) is not None
        ]
        if len(words) > 1:
            self._number_words(words)

    def _number_words(self, indexes: Sequence[int]) -> None:
        headings = [self._header.headings[index] for index in indexes]
        levels = numbered(headings)
        if levels is None or len({fold(heading) for heading in headings}) < len(headings):
            lines = [
                f"{_quoted(heading)}: level {number}" for number, heading in enumerate(headings, 1)
            ]
            raise self._undecided("the order of the levels in the headings is in doubt", lines)
        for index, heading in zip(indexes, headings, strict=True):
            self._take(index, ColumnMeaning.LEVEL, name=heading, level=levels[heading])

    def _find_competences(self) -> None:
        """Without a heading for it, take the first column of different texts."""
        meanings = {column.meaning for column in self._decided.values()}
        if ColumnMeaning.COMPETENCE in meanings:
            return
        before: list[int] = []
        for index in range(min(_FARTHEST, len(self._kinds))):
            if index not in self._open() or self._kinds[index] is not CellsKind.TEXTS:
                continue
            if not self._is_different(index):
                before.append(index)
                continue
            self._take(index, ColumnMeaning.COMPETENCE, TakenBy.POSITION)
            free = [
                meaning
                for meaning in (ColumnMeaning.DOMAIN, ColumnMeaning.GROUP)
                if meaning not in meanings
            ]
            for other, meaning in zip(before, free, strict=False):
                self._take(other, meaning, TakenBy.POSITION)
            return
        first = next((index for index in before or self._open()), 0)
        lines = [f"{_quoted(self._heading(first))}: competence"]
        raise self._undecided("no column is known to hold the names of the competences", lines)

    def _is_different(self, index: int) -> bool:
        """Whether a column has a different text in nearly every row."""
        texts = [fold(row.cell(index)) for row in self._header.below if row.cell(index)]
        return len(texts) > _HALF * len(self._header.below) and len(set(texts)) == len(texts)

    def _by_cells(self) -> None:
        """Take columns of levels as roles, and those of texts as roles if there are no others."""
        roles = {ColumnMeaning.ROLE, ColumnMeaning.LEVEL}
        for index in self._open():
            kind = self._kinds[index]
            if kind is CellsKind.MARKS:
                raise self._marks(index)
            if kind in {CellsKind.LEVELS, CellsKind.WORDS}:
                self._role(index)
        has_levels = any(column.meaning in roles for column in self._decided.values())
        texts = [index for index in self._open() if self._kinds[index] is CellsKind.TEXTS]
        for index in texts:
            if has_levels or len(texts) == 1:
                self._take(index, ColumnMeaning.OWN, TakenBy.CELLS)
            else:
                self._role(index)
        for index in self._open():
            if self._header.headings[index]:
                self._take(index, ColumnMeaning.IGNORE, TakenBy.CELLS)

    def _role(self, index: int) -> None:
        heading = self._header.headings[index]
        named = level_heading(heading)
        if not heading or (named is not None and not named.label):
            lines = [
                f"{_quoted(self._heading(index))}: role",
                f"{_quoted(self._heading(index))}: ignore",
            ]
            message = f"the column '{_short(self._heading(index))}' holds levels, but no role is named above it"
            raise self._undecided(message, lines, is_choice=True)
        self._take(index, ColumnMeaning.ROLE, TakenBy.CELLS, name=heading, is_in_family=True)

    def _marks(self, index: int) -> InputInvalid:
        marks = {row.cell(index) for row in self._header.below if row.cell(index)}
        mark = min(mark for mark in marks if fold(mark) not in NOTHING)
        message = (
            f"the cells of '{_short(self._heading(index))}' are marks such as '{_short(mark)}', "
            "and the table does not show which level they stand for"
        )
        return self._undecided(message, [f"{_quoted(mark)}: 3"], section="values")

    def _check_single(self) -> None:
        seen: dict[ColumnMeaning, MatrixColumn] = {}
        for column in self._decided.values():
            first = seen.setdefault(column.meaning, column)
            if column.meaning in SINGLE and first is not column:
                message = (
                    f"the columns '{_short(first.heading)}' and '{_short(column.heading)}' would "
                    f"both hold the {column.meaning}"
                )
                raise self._undecided(message, [f"{_quoted(column.heading)}: ignore"])

    def _undecided(
        self,
        message: str,
        lines: Sequence[str],
        *,
        section: str = "columns",
        is_choice: bool = False,
    ) -> InputInvalid:
        """The error for a table that leaves a doubt, with the lines of the mapping file to add."""
        joined = " or ".join(f"'{line}'" for line in lines) if is_choice else ", ".join(lines)
        written = joined if is_choice else f"'{section}: {{{joined}}}'"
        hint = f"decide it with --map: {written}"
        place = Place(self._matrix.name, self._header.line, 1)
        return InputInvalid((Diagnostic(place, Code.NO_RATING_COLUMN, message, hint),))


def _kind(rows: Sequence[MatrixRow], index: int, values: Mapping[str, Decimal]) -> CellsKind:
    cells = [cell for cell in _cells(rows, index) if fold(cell) not in NOTHING]
    if not cells:
        return CellsKind.NONE
    levels = sum(cell_level(cell, values) is not None for cell in cells)
    if levels >= _HALF * len(cells):
        return CellsKind.LEVELS
    if all(word_rank(cell) is not None for cell in cells):
        return CellsKind.WORDS
    is_short = all(len(cell) <= _MARK for cell in cells)
    return CellsKind.MARKS if is_short and len(set(cells)) <= _MARK else CellsKind.TEXTS


def _cells(rows: Sequence[MatrixRow], index: int) -> Iterator[str]:
    """The filled cells of a column, without those of rows of totals."""
    for row in rows:
        if row.cell(index) and fold(row.cell(row.filled[0])) not in TOTALS:
            yield row.cell(index)


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _quoted(text: str) -> str:
    """A text as a key of a YAML mapping."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
