"""Copy a sheet to a clean CSV file for the engine, each row with its line number."""

from __future__ import annotations

import csv
import re
from array import array
from typing import TYPE_CHECKING, NamedTuple

from pmo_path.domain.codes import Code
from pmo_path.domain.limits import MANY_COLUMNS, MAX_TEXT_CELLS, MAX_WIDE_CELLS
from pmo_path.domain.team import RejectedRow
from pmo_path.readers.files import unusable
from pmo_path.readers.table.csv_records import Record
from pmo_path.readers.table.rejected_rows import Rejections, Row
from pmo_path.readers.table.sheet import Kind, of_kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from pmo_path.domain.errors import InputInvalid
    from pmo_path.readers.table.sheet import Column

MAX_ROW = 1_000_000
"""Characters in one row; the engine reads no more than two million bytes."""
_SAMPLE = 1000
_NOTE_CELLS = 2
"""The most cells of a note under a table, such as `Source:` and what it was."""

_NEARLY_ALL = 0.9
_FEW_ROWS = 3
_LETTER = re.compile(r"[^\W\d_]")


class Copied(NamedTuple):
    """The result of copying the rows."""

    quoted: bool
    rejections: Rejections
    sample: frozenset[str]
    shifted: tuple[int, ...] = ()
    """Lines of rows in the copy whose cells may belong to other columns."""
    below_blank: tuple[int, ...] = ()
    """Lines of rows in the copy below a blank one, whose ratings are all words."""


def copy_rows(
    records: Iterable[Record], columns: Sequence[Column], path: Path, name: str
) -> Copied:
    """Write the rows to `path` as UTF-8, comma separated, after the line that each begins at.

    Blank rows are left out. Rows that do not have one cell a column are not copied but rejected.
    Raises InputInvalid, with the `name` of the sheet, where there is far too much.
    """
    copying = _Copying(columns, name)
    with path.open("w", encoding="utf-8", newline="") as stream:
        # What is among the characters of a line's end is quoted, so both of them are.
        writer = csv.writer(stream, lineterminator="\r\n")
        for record in records:
            if copying.takes(record):
                writer.writerow((record.line, *record.cells[: len(columns)]))
    return copying.copied()


def records_of_copy(path: Path) -> Iterator[Record]:
    """The rows of a private copy, each with the line of the input in its first cell."""
    with path.open(encoding="utf-8", newline="") as stream:
        for cells in csv.reader(stream):
            yield Record(int(cells[0]), cells[1:])


class _Copying:
    def __init__(self, columns: Sequence[Column], name: str) -> None:
        self._width = len(columns)
        self._rated = of_kind(columns, Kind.RATING)
        self._sample: set[str] = set()
        self._quoted = False
        self._after_blank = False
        self._rejections = Rejections(name)
        self._name, self._cells = name, 0
        self._most_cells = MAX_WIDE_CELLS if self._width > MANY_COLUMNS else MAX_TEXT_CELLS
        self._surplus = SurplusCells()
        self._below_blank = array("q")
        self._taken = self._taken_below_blank = 0

    def takes(self, record: Record) -> bool:
        """Whether the row goes into the copy."""
        self._cells += len(record.cells)
        if self._cells > self._most_cells:
            raise too_many_cells(self._name, self._most_cells, self._width)
        if record.is_blank:
            self._after_blank = True
            return False
        if self._after_blank and self._are_words(record.cells):
            self._below_blank.append(record.line)
        reason = record.fault or self._fault(record.cells)
        if reason:
            row = Row(record.line, tuple(record.cells))
            self._rejections.add(row, [RejectedRow(record.line, "", "", Code.ROW_SHAPE, reason)])
            return False
        self._taken += 1
        self._taken_below_blank += self._after_blank
        self._after_blank = False
        self._surplus.take(record.line, surplus_of(record.cells, self._width))
        if len(self._sample) < _SAMPLE:
            self._sample.update(record.cells[index] for index in self._rated)
        joined = "".join(record.cells)
        self._quoted |= any(char in joined for char in '",\n\r')
        return True

    def _fault(self, cells: Sequence[str]) -> str:
        if self._after_blank and self._is_note(cells):
            return (
                "below a blank row and without any rating: a note under the table, not a person; "
                "take the row out, or the blank row above it"
            )
        count = len(cells)
        if count > self._width:
            count = len(without_empty_ends(cells, self._width))
        if count != self._width:
            return wrong_cells(count, self._width)
        if sum(map(len, cells)) > MAX_ROW:
            return f"the row has more than {MAX_ROW:,} characters"
        return ""

    def _is_note(self, cells: Sequence[str]) -> bool:
        rated = any(cells[index].strip() for index in self._rated if index < len(cells))
        filled = sum(bool(cell.strip()) for cell in cells)
        return filled <= _NOTE_CELLS < self._width and not rated

    def _are_words(self, cells: Sequence[str]) -> bool:
        rated = [cells[index] for index in self._rated if index < len(cells)]
        filled = [cell for cell in rated if cell.strip()]
        return bool(filled) and all(map(_LETTER.search, filled))

    def copied(self) -> Copied:
        """The result, after the last row."""
        # A single cell that is empty is written in quotes too, so one column is always quoted.
        return Copied(
            self._quoted or self._width == 1,
            self._rejections,
            frozenset(self._sample),
            self._surplus.shifted(),
            # Where blank rows are everywhere, they say nothing of the rows below.
            tuple(self._below_blank) if 2 * self._taken_below_blank <= self._taken else (),
        )


def too_many_cells(name: str, most: int, columns: int) -> InputInvalid:
    """The error for a sheet with too many cells for its width."""
    message = f"a sheet of {columns:,} columns with more than {most:,} cells is not read"
    hint = "leave out columns, or divide it into several files"
    return unusable(Code.TOO_LARGE, name, message, hint)


def without_empty_ends(cells: Sequence[str], width: int) -> list[str]:
    """The cells without empty ones after the last column."""
    count = len(cells)
    while count > width and not cells[count - 1]:
        count -= 1
    return list(cells[:count])


def wrong_cells(count: int, columns: int) -> str:
    """The reason for rejecting a row with the wrong number of cells."""
    return f"{count} cell{'' if count == 1 else 's'}, but {columns} columns"


# --- Cells after the last column ------------------------------------------------------------------
#
# Many programs end every row with a delimiter. In other files, a row with an extra empty cell may
# have a doubled delimiter further left, or one in a number such as `3,0` or in a text without
# quotes; then every rating after it is in the wrong column.


class Surplus(NamedTuple):
    """What the extra cells of a row show."""

    is_there: bool
    is_shifted: bool
    """Whether a delimiter among the others may be the one that is too many."""
    is_full: bool = True
    """Whether none of the other cells is empty."""


class SurplusCells:
    """Counts rows with extra empty cells, and decides which of them may be shifted."""

    def __init__(self) -> None:
        self._rows = self._surplus = self._full = self._certain = 0
        self._shifted = array("q")

    def take(self, line: int, surplus: Surplus) -> None:
        """Count a row that begins at a line."""
        self._rows += 1
        if surplus.is_there:
            self._surplus += 1
            self._full += surplus.is_full
            self._certain += surplus.is_full and not surplus.is_shifted
            if surplus.is_shifted:
                self._shifted.append(line)

    def take_others(self, rows: int) -> None:
        """Count rows without extra cells."""
        self._rows += rows

    def shifted(self) -> tuple[int, ...]:
        """The lines of rows that may be shifted; empty if nearly every row has extra cells."""
        is_habit = self._surplus >= _NEARLY_ALL * self._rows
        is_clear = self._certain or (self._full and self._rows > 1) or self._rows >= _FEW_ROWS
        if is_habit and is_clear:
            return ()
        return tuple(self._shifted)


def surplus_of(cells: Sequence[str], columns: int) -> Surplus:
    """What empty cells after the last column show.

    A single one may mean a shifted row. More of them only do with an empty cell further left, or
    with as many numbers that a comma may have split.
    """
    if len(cells) <= columns or any(cells[columns:]):
        return Surplus(is_there=False, is_shifted=False)
    is_filled = [bool(cell.strip()) for cell in cells[:columns]]
    while is_filled and not is_filled[-1]:
        is_filled.pop()
    surplus = len(cells) - columns
    is_full = all(is_filled)
    is_open = surplus == 1 or not is_full or _numbers_in_two(cells[:columns]) >= surplus
    return Surplus(is_there=True, is_shifted=is_open, is_full=is_full)


def shifted_reason(columns: int) -> str:
    """The reason to reject a row whose cells may be shifted."""
    return (
        f"one empty cell too many for {columns} columns: a delimiter may be doubled, or part of a "
        "number or text, so cells may be in the wrong columns; remove the extra delimiter, or put "
        "the number or text in quotes"
    )


def _numbers_in_two(cells: Sequence[str]) -> int:
    """How many numbers may have been split at a decimal comma."""
    are_digits = [cell.strip().isdigit() for cell in cells]
    count = index = 0
    while index + 1 < len(cells):
        is_pair = are_digits[index] and are_digits[index + 1]
        count += is_pair
        index += 1 + is_pair
    return count
