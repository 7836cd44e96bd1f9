"""Put rejected rows that a person fixed back into their sheet."""

from __future__ import annotations

import math
import re
import shlex
from collections import Counter
from decimal import Decimal, InvalidOperation
from itertools import chain, islice, zip_longest
from typing import TYPE_CHECKING, NamedTuple

from pmo_path.domain.codes import Code
from pmo_path.domain.columns import REJECT_COLUMNS, REJECT_SOURCE, are_of_rejects
from pmo_path.domain.errors import InputInvalid
from pmo_path.domain.limits import MAX_FIXED_BYTES
from pmo_path.domain.text import as_it_was, one_line
from pmo_path.readers.files import LONGEST, ZIP, signature_of, unusable
from pmo_path.readers.table.csv_records import CANDIDATES, Record, lines_of, records_of
from pmo_path.readers.table.encoding import not_decoded, source_of, text_of
from pmo_path.readers.table.rejects_file import (
    HASH,
    file_name,
    mismatch,
    of_older_version,
    row_hash,
)
from pmo_path.readers.table.sheet import Replaced

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from pmo_path.readers.table.sheet import Sheet

_, _, _LINE, _HASH = REJECT_SOURCE
_SEARCHED_ROWS = 40
_WHOLE = re.compile(r"([0-9]{1,15})(?:\.0+)?")
_CUT = re.compile("[1-9][0-9]{14}0+")
"""A number cut to the 15 digits that a workbook keeps."""
_NOT_LATIN_1 = frozenset(map(chr, range(0x80, 0xA0)))
"""The characters in which Windows-1252 differs from Latin-1."""
_CLOSE, _CLOSE_CUT = 1e-4, 1e-14
"""How far a long number is from what is left of it, as 1,235E+19 or with zeros at its end."""


class FixedRow(NamedTuple):
    """A row that replaces a row of the sheet."""

    rejects: str
    """The rejects file that it is in."""
    at: int
    """Its line there."""
    file: str
    sheet: str
    line: int
    """The line in the sheet of the row that it replaces."""
    hash: str
    cells: Sequence[str]
    """All of its cells, in the order of the rejects file."""


class FixedFile(NamedTuple):
    """A rejects file whose rows were fixed."""

    name: str
    columns: Mapping[str, int]
    """Where the headings of the sheet are."""
    width: int
    """How many headings there are; cells behind them belong to no column."""
    rows: tuple[FixedRow, ...]

    def cells_of(self, row: FixedRow, indices: Iterable[int]) -> list[str]:
        """The cells of a row in these columns, then those behind all headings."""
        order = (*indices, *range(self.width, len(row.cells)))
        return [row.cells[index] if index < len(row.cells) else "" for index in order]


# --- Reading ------------------------------------------------------------------------------------


def read_fixed(path: Path) -> FixedFile:
    """Read a rejects file, also as a spreadsheet program saved it. Raises InputInvalid."""
    name = str(path)
    if path.stat().st_size > MAX_FIXED_BYTES:
        message = f"it is larger than {MAX_FIXED_BYTES >> 20:,} MiB"
        raise unusable(Code.TOO_LARGE, name, message, "fix the sheet itself, or divide it first")
    with path.open("rb") as stream:
        is_workbook = signature_of(stream.read(LONGEST)) is ZIP
    headings, records = _of_workbook(path, name) if is_workbook else _of_text(path, name)
    return _fixed_file(name, headings, records)


def holds_changes(path: Path) -> bool:
    """Whether rows of a rejects file were edited; false for any other file."""
    try:
        file = read_fixed(path)
    except (InputInvalid, OSError):
        return False
    indices = file.columns.values()
    cells = ([as_it_was(cell) for cell in file.cells_of(row, indices)] for row in file.rows)
    rows = zip(file.rows, cells, strict=True)
    return any(row_hash(row.sheet, own) != row.hash for row, own in rows)


def _of_workbook(path: Path, name: str) -> tuple[Record, list[Record]]:
    from pmo_path.readers.table.xlsx import opened, sheets_of  # noqa: PLC0415  slow to load

    start: list[Record] = []
    with opened(path, name) as workbook:
        for table in sheets_of(workbook, name, None):
            start = list(islice(table.rows, _SEARCHED_ROWS))
            headings = _headings(start)
            if headings is not None:
                rows = chain(start, table.rows)
                return headings, [row for row in rows if row.line > headings.line]
    raise _no_rejects(name, start)


def _of_text(path: Path, name: str) -> tuple[Record, list[Record]]:
    text = text_of(source_of(path), name, None)
    start: list[Record] = []
    try:
        with path.open(encoding=text.codec, errors=text.errors, newline="") as stream:
            lines = list(lines_of(stream, name))
    except UnicodeError as error:
        raise not_decoded(error, text, name) from None
    for delimiter in CANDIDATES:
        start = list(islice(records_of(lines, delimiter, name), _SEARCHED_ROWS))
        headings = _headings(start)
        if headings is not None:
            records = records_of(lines, delimiter, name)
            return headings, [row for row in records if row.line > headings.line]
        if any(are_of_rejects(record.cells) for record in start):
            break
    raise _no_rejects(name, start)


def _headings(start: Iterable[Record]) -> Record | None:
    return next((row for row in start if _HASH in {cell.strip() for cell in row.cells}), None)


def _no_rejects(name: str, start: Iterable[Record]) -> InputInvalid:
    older = next((row for row in start if are_of_rejects(row.cells)), None)
    if older is not None:
        return of_older_version(name, older.line)
    return mismatch(
        name,
        f"this is not a file of rejected rows: there is no column '{_HASH}'",
        "pass the file that batch names behind 'rejected (see', with its headings as they were",
    )


def _fixed_file(name: str, headings: Record, records: Iterable[Record]) -> FixedFile:
    cells = [heading.strip() for heading in headings.cells]
    while cells and not cells[-1]:
        cells.pop()
    own = {column: cells.index(column) for column in REJECT_COLUMNS if column in cells}
    others = [index for index in range(len(cells)) if index not in own.values()]
    texts = [" ".join(cells[index].split()) for index in others]
    missing = [f"there is no column '{column}'" for column in REJECT_SOURCE if column not in own]
    counts = Counter(filter(None, texts))
    twice = [f"two columns are called '{text}'" for text, count in counts.items() if count > 1]
    if missing or twice:
        hint = "put the headings back as batch wrote them"
        raise mismatch(name, (*missing, *twice)[0], hint, headings.line)
    columns = dict(zip(texts, others, strict=True))
    return FixedFile(name, columns, len(cells), tuple(_fixed_rows(name, own, records)))


def _fixed_rows(
    name: str, own: Mapping[str, int], records: Iterable[Record]
) -> Iterator[FixedRow]:
    seen: dict[tuple[str, str, int], int] = {}
    for record in records:
        if record.is_blank:
            continue
        if record.fault:
            raise mismatch(name, record.fault, "close the quote, or take it out", record.line)
        row = _fixed_row(name, own, record)
        key = (row.file, row.sheet, row.line)
        if key in seen:
            message = f"line {row.line:,} of the sheet is here twice: in line {seen[key]:,} too"
            hint = "keep one of the two rows"
            raise mismatch(name, message, hint, record.line)
        seen[key] = record.line
        yield row


def _fixed_row(name: str, own: Mapping[str, int], record: Record) -> FixedRow:
    source = (as_it_was(record.cell(own[column])) for column in REJECT_SOURCE)
    file, sheet, line, hashed = source
    number = _WHOLE.fullmatch(line)
    if number is None or HASH.fullmatch(hashed) is None:
        message = f"'{_LINE}' and '{_HASH}' do not say which row of the sheet this one replaces"
        hint = "leave these columns as batch wrote them; add new rows to the sheet itself"
        raise mismatch(name, message, hint, record.line)
    return FixedRow(name, record.line, file, sheet, int(number[1]), hashed, record.cells)


# --- Putting back -------------------------------------------------------------------------------


class _Fixed(NamedTuple):
    """A row of the sheet after a fix."""

    cells: list[str]
    """By the headings of the sheet, then what is behind all headings."""
    restored: list[tuple[str, str]]
    """Cells that read as in the sheet: what is there now, and what was."""
    is_changed: bool


class Fixes:
    """The rows that replace rows of a sheet.

    For each line, the last row that was edited counts, so that an untouched row never undoes an
    edit, whatever the order of the files.
    """

    def __init__(self, files: Sequence[FixedFile], sheet: Sheet) -> None:
        self._sheet = sheet
        self._rows: dict[int, list[FixedRow]] = {}
        """The fixed rows by line, with their cells in the order of the sheet."""
        for file in files:
            self._check_source(file)
            indices = _indices_of(file, sheet.input_headings) if file.rows else []
            for row in file.rows:
                fixed = row._replace(cells=file.cells_of(row, indices))
                self._rows.setdefault(row.line, []).append(fixed)
        self.replaced: dict[int, Replaced] = {}
        """Each row for which there is a fixed one, by line."""
        self._left_out = 0
        self._restored: list[tuple[str, str]] = []

    def applied(self, records: Iterable[Record]) -> Iterable[Record]:
        """The rows of the sheet with the fixed ones in place. Raises InputInvalid."""
        return self._applied(records) if self._rows else records

    def check_all_applied(self) -> None:
        """Raise InputInvalid when a row that was rejected is not in the sheet any more."""
        missing = min(self._rows.keys() - self.replaced.keys(), default=None)
        if missing is not None:
            raise self._differs(self._rows[missing][-1])

    def notices(self) -> Iterator[str]:
        """Notices of rows left out and of cells restored."""
        if self._left_out:
            rows = "1 row is" if self._left_out == 1 else f"{self._left_out:,} rows are"
            yield f"{rows} left out, since all cells are empty in the fixed rows"
        if self._restored:
            count, (now, before) = len(self._restored), self._restored[0]
            cells = "1 cell is" if count == 1 else f"{count:,} cells are"
            yield (
                f"{cells} read as in the sheet, and not as a spreadsheet program writes CSV "
                f"(as '{before}', not '{now}'); to change that, fix the sheet"
            )

    def _check_source(self, file: FixedFile) -> None:
        name = file_name(one_line(self._sheet.name))
        other = next((row for row in file.rows if not _is_same(file_name(row.file), name)), None)
        if other is not None:
            message = f"this row is from '{other.file}', not from '{self._sheet.name}'"
            hint = "pass the sheet that the rows are from"
            raise mismatch(file.name, message, hint, other.at)

    def _applied(self, records: Iterable[Record]) -> Iterator[Record]:
        for record in records:
            fixes = self._rows.get(record.line)
            if fixes is None:
                yield record
                continue
            original = row_hash(self._sheet.title, record.cells)
            for fix in reversed(fixes):
                if fix.hash != original:
                    raise self._differs(fix)
            # The last row that was edited counts, or the last one if none was.
            read = [self._read(fix, record, original) for fix in reversed(fixes)]
            fixed = next((fix for fix in read if fix.is_changed), read[0])
            self._restored += fixed.restored
            if not fixed.is_changed:
                self.replaced[record.line] = Replaced(original)
                yield record  # nothing was fixed, nor has a missing cell become an empty one
                continue
            self.replaced[record.line] = Replaced(original, tuple(fixed.cells))
            row = Record(record.line, fixed.cells)
            if row.is_blank:
                self._left_out += 1
            else:
                yield row

    def _read(self, fix: FixedRow, record: Record, original: str) -> _Fixed:
        cells, restored = [], []
        for now, was in zip_longest(fix.cells, record.cells[: len(fix.cells)], fillvalue=""):
            # What was written as CSV may be a workbook by now.
            cell = now if now == was else as_it_was(now)
            is_spoilt = _is_spoilt(cell, was)
            if is_spoilt:
                restored.append((cell, was))
            cells.append(was if is_spoilt else cell)
        return _Fixed(cells, restored, row_hash(self._sheet.title, cells) != original)

    def _differs(self, row: FixedRow) -> InputInvalid:
        title = self._sheet.title
        if row.sheet not in {title, ""}:
            read = f"sheet '{title}'" if title else "another sheet"
            message = f"this row is from sheet '{row.sheet}' of the workbook, and {read} is read"
            hint = f"pass --sheet {shlex.quote(row.sheet)}"
            return mismatch(row.rejects, message, hint, row.at)
        message = (
            f"this is not the row that was rejected: the sheet has changed since '{row.rejects}' "
            f"was written (see its line {row.at:,})"
        )
        hint = "run batch again without --fixed, with --rejects NEWFILE to keep your fixed rows"
        return mismatch(self._sheet.name, message, hint, row.line)


def _indices_of(file: FixedFile, headings: Sequence[str]) -> list[int]:
    """The index of each column of the sheet in the rejects file. Raises InputInvalid."""
    known = frozenset(headings)
    others = {text: index for text, index in file.columns.items() if text not in known}
    indices = []
    for heading in headings:
        index = file.columns.get(heading)
        if index is None:
            text = next((text for text in others if _is_same(text, heading)), "")
            index = others.pop(text, None)  # so headings in the same order are found at once
        if index is None:
            message = f"the sheet has a column '{heading}', and the fixed rows have none"
            hint = "put the headings back as batch wrote them; columns may be added behind them"
            raise mismatch(file.name, message, hint)
        indices.append(index)
    return indices


def _is_same(text: str, original: str) -> bool:
    """Whether a text is the original, or what a spreadsheet program may have made of it."""
    text = as_it_was(text)
    return text == original or _is_spoilt(text, original)


def _is_spoilt(text: str, original: str) -> bool:
    """Whether a spreadsheet program may have changed the original text to this one.

    With CSV, it drops leading zeros, cuts long numbers, writes `?` for letters of other scripts,
    and reads UTF-8 as Windows-1252.
    """
    if text.strip() == original.strip() or not text:
        return False
    if not original.isascii():
        is_lossy = original.encode("cp1252", "replace").decode("cp1252") == text
        return is_lossy or _is_misread(text, original)
    first, second = _number(text), _number(original)
    if first is None or second is None:
        return False
    close = 0.0
    if "e" in text.casefold() and "e" not in original.casefold():
        close = _CLOSE
    elif _CUT.fullmatch(text.strip()):
        close = _CLOSE_CUT
    return first == second or (close > 0 and math.isclose(first, second, rel_tol=close))


def _is_misread(text: str, original: str) -> bool:
    """Whether a text is the original, with its UTF-8 read as Windows-1252.

    Programs replace or drop bytes that Windows-1252 lacks or reads differently from Latin-1.
    """
    bits: dict[str, int] = {}
    for index, character in enumerate(text):
        bits[character] = bits.get(character, 0) | 1 << index
    # Each bit is how much of the text may be read by now, so no choice is ever tried again.
    everything = (2 << len(text)) - 1
    read = 1
    for character in original.encode("utf-8", "replace").decode("latin-1"):
        if character in _NOT_LATIN_1:
            read |= read << 1 & everything
        else:
            read = (read & bits.get(character, 0)) << 1
        if not read:
            return False
    return bool(read >> len(text))


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text.strip().replace(",", "."))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
