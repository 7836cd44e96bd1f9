"""Read a competency matrix from a text file or a workbook, and its mapping file."""

from __future__ import annotations

import io
from collections.abc import Mapping
from decimal import Decimal
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from pmo_path.domain.codes import Code
from pmo_path.domain.columns import MAX_COLUMNS
from pmo_path.domain.diagnostics import Finding
from pmo_path.domain.errors import UsageProblem
from pmo_path.domain.fields import is_id
from pmo_path.domain.limits import MAX_MATRIX_BYTES, MAX_MATRIX_CELLS, MAX_MATRIX_ROWS
from pmo_path.domain.matrix.heading_row import score
from pmo_path.domain.matrix.levels import fold_cell
from pmo_path.domain.matrix.model import SINGLE, Matrix, MatrixMap, MatrixRow, TakenBy
from pmo_path.domain.matrix.vocabulary import column_of
from pmo_path.domain.names import fold, nearest
from pmo_path.domain.numbers import exact, exact_or_none
from pmo_path.domain.text import before_reversible, shown
from pmo_path.readers.files import (
    LONGEST,
    PARQUET,
    ZIP,
    decode,
    read_bytes,
    signature_of,
    unusable,
)
from pmo_path.readers.parsed import yaml_document
from pmo_path.readers.table.csv_records import (
    declared_delimiter,
    delimiter_of,
    lines_of,
    records_of,
    separated_by,
)
from pmo_path.readers.table.encoding import not_decoded, text_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from pmo_path.readers.table.csv_records import Record

_SAMPLE = 1 << 16
_KEYS = ("columns", "values", "scale", "baseline", "heading_line", "sheet", "framework")
_ABOUT = ("id", "version", "title")
_MEANINGS = (
    "write competence, domain, group, description, role, 'role at level 2', 'role and level 2', "
    "'level 2', 'expects: ROLE', 'importance: ROLE', 'must-have: ROLE', x-KEY or ignore"
)


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
    content = read_bytes(path, MAX_MATRIX_BYTES)
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
    except UnicodeError as error:
        raise not_decoded(error, text, name) from None
    lines = decoded[:_SAMPLE].splitlines(keepends=True)
    declared = declared_delimiter(lines)
    delimiter = declared or delimiter_of(lines, name)
    stream = io.StringIO(decoded, newline="")
    records = _within_limits(records_of(lines_of(stream, name), delimiter, name), name)
    rows, replaced = _rows(islice(records, bool(declared), None), name, is_text=True)
    how = f"{separated_by(delimiter)}, {text.shown}"
    return MatrixFile(Matrix(name, rows), how, (), replaced)


def _of_workbook(content: bytes, name: str, sheet: str | None) -> MatrixFile:
    from pmo_path.readers.table.xlsx import opened as opened_workbook  # noqa: PLC0415  slow to load
    from pmo_path.readers.table.xlsx import sheets_of  # noqa: PLC0415  slow to load

    matrices: list[tuple[Matrix, int]] = []
    with opened_workbook(io.BytesIO(content), name) as workbook:
        for table in sheets_of(workbook, name, sheet):
            rows, replaced = _rows(_within_limits(table.rows, name), name, is_text=False)
            if rows:
                matrices.append((Matrix(name, rows, table.title, table.layout.merged), replaced))
    if not matrices:
        raise unusable(Code.NOT_A_SHEET, name, "the workbook is empty", "export it again")
    best = max(matrices, key=lambda read: score(read[0]))
    others = tuple(matrix.title for matrix, _ in matrices if matrix is not best[0])
    return MatrixFile(best[0], f"sheet '{best[0].title}'", others, best[1])


def _within_limits(records: Iterable[Record], name: str) -> Iterator[Record]:
    """Yield the records. Raises InputInvalid where there are more than a framework can have."""
    cells = rows = 0
    for record in records:
        rows += bool(record.cells)
        cells += len(record.cells)
        if len(record.cells) > MAX_COLUMNS:
            count, hint = len(record.cells), "delete those that are not needed"
            message = f"{count:,} columns, more than the {MAX_COLUMNS:,} that can be read"
            raise unusable(Code.NOT_A_SHEET, name, message, hint, record.line)
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


# --- The mapping file -----------------------------------------------------------------------------


def load_matrix_map(path: Path) -> MatrixMap:
    """Read a mapping file. Raises InputInvalid with every mistake."""
    name = str(path)
    document = yaml_document(decode(read_bytes(path), name), name)
    document.check(_findings(document.data))
    return _map(document.data)


def _map(data: Mapping[str, Any]) -> MatrixMap:
    columns = {}
    for heading, meaning in (data.get("columns") or {}).items():
        column = column_of(str(meaning).strip(), 0, str(heading), TakenBy.MAP)
        if column is not None:
            columns[fold(str(heading))] = column
    return MatrixMap(
        columns,
        {fold_cell(str(cell)): exact(level) for cell, level in (data.get("values") or {}).items()},
        {exact(level): str(label) for level, label in (data.get("scale") or {}).items()},
        None if data.get("baseline") is None else exact(data["baseline"]),
        data.get("heading_line"),
        None if data.get("sheet") is None else str(data["sheet"]),
        {key: str(value) for key, value in (data.get("framework") or {}).items()},
    )


def _findings(data: object) -> Iterator[Finding]:
    if not isinstance(data, Mapping):
        hint = f"write sections: {', '.join(_KEYS)}"
        yield Finding(Code.WRONG_TYPE, "expected a mapping", (), hint=hint)
        return
    for key, value in data.items():
        path = (str(key),)
        if key not in _KEYS:
            near = nearest(str(key), _KEYS)
            hint = near or f"use {', '.join(_KEYS)}"
            message = f"'{key}' is not known here"
            yield Finding(Code.UNKNOWN_KEY, message, path, at_key=True, hint=hint)
        elif key in {"columns", "values", "scale", "framework"}:
            yield from _in_section(str(key), value)
        elif key == "baseline" and exact_or_none(value) is None:
            yield Finding(Code.WRONG_TYPE, "expected a number below the lowest level", path)
        elif key == "heading_line" and not (type(value) is int and value > 0):
            yield Finding(Code.WRONG_TYPE, "expected the number of a line", path)


def _in_section(key: str, section: object) -> Iterator[Finding]:
    if section is None:
        return
    if not isinstance(section, Mapping):
        yield Finding(Code.WRONG_TYPE, "expected a mapping", (key,))
        return
    check = {"columns": _column, "values": _value, "scale": _level, "framework": _about}[key]
    for name, value in section.items():
        yield from check(
            name, value, (key, name if isinstance(name, int | Decimal) else str(name))
        )


def _column(heading: object, meaning: object, path: tuple[Any, ...]) -> Iterator[Finding]:
    text = str(meaning).strip()
    if not isinstance(meaning, str) or column_of(text, 0, str(heading), TakenBy.MAP) is None:
        hint = nearest(text, (*SINGLE, "role", "ignore"), 0.8) or _MEANINGS
        message = f"'{heading}' is to be '{text}', which no column can hold"
        yield Finding(Code.INVALID_MAPPING, message, path, hint=hint)


def _value(cell: object, level: object, path: tuple[Any, ...]) -> Iterator[Finding]:
    if exact_or_none(level) is None:
        yield Finding(Code.WRONG_TYPE, f"expected the number of a level for '{cell}'", path)


def _level(level: object, label: object, path: tuple[Any, ...]) -> Iterator[Finding]:
    if exact_or_none(level) is None:
        hint = "write 'scale: {1: Beginner, 2: Expert}'"
        message = f"expected a number, not '{level}'"
        yield Finding(Code.WRONG_TYPE, message, path, at_key=True, hint=hint)
    elif label is None or isinstance(label, Mapping | tuple | list) or not str(label).strip():
        yield Finding(Code.WRONG_TYPE, f"expected a label for level {level}", path)


def _about(key: object, value: object, path: tuple[Any, ...]) -> Iterator[Finding]:
    if key not in _ABOUT:
        hint = f"use {', '.join(_ABOUT)}"
        yield Finding(Code.UNKNOWN_KEY, f"'{key}' is not known here", path, at_key=True, hint=hint)
    elif not isinstance(value, str | int | Decimal) or (key == "id" and not is_id(str(value))):
        expected = "a word without spaces" if key == "id" else "some text"
        yield Finding(Code.WRONG_TYPE, f"expected {expected}", path)
