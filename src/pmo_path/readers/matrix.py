"""Read a competency matrix from a text file or a workbook."""

from __future__ import annotations

import io
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from pmo_path.domain.codes import Code
from pmo_path.domain.columns import MAX_COLUMNS
from pmo_path.domain.csv_injection import before_reversible
from pmo_path.domain.errors import UsageProblem
from pmo_path.domain.limits import MAX_MATRIX_BYTES, MAX_MATRIX_CELLS, MAX_MATRIX_ROWS
from pmo_path.domain.matrix.heading_row import score
from pmo_path.domain.matrix.model import Matrix, MatrixRow, MergedCells
from pmo_path.domain.text import shown
from pmo_path.readers.files import not_read, opened, too_large, unusable
from pmo_path.readers.signatures import LONGEST, PARQUET, ZIP, signature_of
from pmo_path.readers.table.csv_records import CANDIDATES, delimiter_of, lines_of, records_of
from pmo_path.readers.table.encoding import text_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from pmo_path.readers.table.csv_records import Record
    from pmo_path.readers.table.xlsx import Table

_SAMPLE = 1 << 16


class MatrixFile(NamedTuple):
    """A matrix, and how it was read."""

    matrix: Matrix
    how: str
    """The separator and the encoding of a text, or the sheet of a workbook."""
    other_sheets: tuple[str, ...]
    """The titles of further sheets that were not read."""
    replaced: int
    """Cells with characters that a terminal would obey or hide, which were replaced."""


def read_matrix(path: Path, sheet: str | None) -> MatrixFile:
    """Read a matrix; `sheet` is the title of a workbook's sheet, by default the likeliest one.

    Raises InputInvalid where the file is not a table, and UsageProblem for a sheet of a text.
    """
    name = str(path)
    try:
        with opened(path) as stream:
            content = stream.read(MAX_MATRIX_BYTES + 1)
    except (OSError, ValueError) as error:
        raise not_read(name, error) from None
    if len(content) > MAX_MATRIX_BYTES:
        raise too_large(name, MAX_MATRIX_BYTES)
    signature = signature_of(content[:LONGEST])
    if signature is ZIP:
        return _of_workbook(content, name, sheet)
    if sheet is not None:
        raise UsageProblem(f"'{name}' is not a workbook, so it has no sheet '{sheet}'")
    if signature is PARQUET:
        hint = "save the table as .xlsx or CSV"
        raise unusable(Code.NOT_A_SHEET, name, "a framework cannot be read from Parquet", hint)
    return _of_text(content, name)


def _of_text(content: bytes, name: str) -> MatrixFile:
    text = text_of(lambda: io.BytesIO(content), name, None)
    try:
        decoded = content.decode(text.codec, text.errors)
    except UnicodeError:
        message = f"the bytes are not {text.shown}"
        raise unusable(Code.INVALID_CHARACTERS, name, message, "save it as UTF-8") from None
    lines = decoded[:_SAMPLE].splitlines(keepends=True)
    delimiter = _separator(lines) or delimiter_of(
        lines, "\t" if name.casefold().endswith((".tsv", ".tab")) else ","
    )
    stream = io.StringIO(decoded, newline="")
    records = _within_limits(records_of(lines_of(stream, name), delimiter, name), name)
    if lines and _separator(lines):
        records = islice(records, 1, None)
    rows, replaced = _rows(records, name, is_text=True)
    shown_delimiter = CANDIDATES.get(delimiter, f"'{delimiter}'-separated")
    return MatrixFile(Matrix(name, rows), f"{shown_delimiter}, {text.shown}", (), replaced)


def _separator(lines: list[str]) -> str:
    """The separator in a first line `sep=;`, which Excel writes; empty without one."""
    first = lines[0].strip().casefold() if lines else ""
    return first[-1] if first.startswith("sep=") and len(first) == len("sep=,") else ""


def _of_workbook(content: bytes, name: str, sheet: str | None) -> MatrixFile:
    from pmo_path.readers.table.xlsx import opened as opened_workbook  # noqa: PLC0415  slow to load
    from pmo_path.readers.table.xlsx import sheets_of  # noqa: PLC0415  slow to load

    matrices: list[tuple[Matrix, int]] = []
    with opened_workbook(io.BytesIO(content), name) as workbook:
        for table in sheets_of(workbook, name, sheet):
            rows, replaced = _rows(_within_limits(table.rows, name), name, is_text=False)
            if rows:
                matrices.append((Matrix(name, rows, table.title, _merged(table)), replaced))
    if not matrices:
        raise unusable(Code.NOT_A_SHEET, name, "the workbook is empty", "export it again")
    best = max(matrices, key=lambda read: score(read[0]))
    others = tuple(matrix.title for matrix, _ in matrices if matrix is not best[0])
    return MatrixFile(best[0], f"sheet '{best[0].title}'", others, best[1])


def _merged(table: Table) -> tuple[MergedCells, ...]:
    return tuple(MergedCells(*span) for span in table.layout.merged)


def _within_limits(records: Iterable[Record], name: str) -> Iterator[Record]:
    """Yield the records. Raises InputInvalid where there are more than a framework can have."""
    cells = rows = 0
    for record in records:
        rows += bool(record.cells)
        cells += len(record.cells)
        if len(record.cells) > MAX_COLUMNS:
            message = (
                f"{len(record.cells):,} columns, more than the {MAX_COLUMNS:,} that can be read"
            )
            raise unusable(
                Code.NOT_A_SHEET, name, message, "delete those that are not needed", record.line
            )
        if rows > MAX_MATRIX_ROWS or cells > MAX_MATRIX_CELLS:
            message = (
                f"more than {MAX_MATRIX_ROWS:,} rows or {MAX_MATRIX_CELLS:,} cells, "
                "which no framework has"
            )
            hint = "check that this is a table with a row for each competence"
            raise unusable(Code.TOO_LARGE, name, message, hint, record.line)
        yield record


def _rows(
    records: Iterable[Record], name: str, *, is_text: bool
) -> tuple[tuple[MatrixRow, ...], int]:
    """The rows that are not blank, and the number of cells whose characters were replaced."""
    rows = []
    replaced = 0
    for record in records:
        if record.fault:
            hint = "close the quote, or take it out"
            raise unusable(Code.SYNTAX, name, record.fault, hint, record.line)
        cells = []
        for cell in record.cells:
            text = before_reversible(cell) if is_text else cell
            text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
            safe = shown(text)
            replaced += safe != text
            cells.append(safe.strip())
        if any(cells):
            rows.append(MatrixRow(record.line, tuple(cells)))
    return tuple(rows), replaced
