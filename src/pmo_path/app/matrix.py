"""Make a framework of a competency matrix."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pmo_path.domain.codes import Code
from pmo_path.domain.limits import MAX_DOCUMENT_BYTES
from pmo_path.domain.matrix.build import framework_of
from pmo_path.domain.matrix.export import framework_rows, left_out
from pmo_path.domain.matrix.model import MatrixMap, MatrixReading
from pmo_path.domain.options import SheetFormat
from pmo_path.domain.text import one_line, reversible
from pmo_path.readers.files import unusable
from pmo_path.readers.framework import check_framework
from pmo_path.readers.matrix import load_matrix_map, read_matrix
from pmo_path.render.matrix import matrix_lines
from pmo_path.writers.tables import write_csv, write_workbook
from pmo_path.writers.yaml import commented, resolved_yaml

if TYPE_CHECKING:
    import os
    from collections.abc import Sequence

    from pmo_path.domain.diagnostics import Diagnostic
    from pmo_path.domain.framework import Framework

FILE_NAME = "framework.yaml"
"""The name of a framework in diagnostics that is written to no file."""


class FrameworkFromTable(NamedTuple):
    """A framework file made of a table."""

    text: str
    """The file, with what was taken for what as comments."""
    lines: tuple[str, ...]
    """What was taken for what, and what could not be placed."""
    errors: tuple[Diagnostic, ...]
    """What the file lacks: mistakes that `validate` shows."""
    reading: MatrixReading


def framework_from_table(
    table: str | os.PathLike[str],
    *,
    mapping: str | os.PathLike[str] | None = None,
    sheet: str | None = None,
    name: str = FILE_NAME,
) -> FrameworkFromTable:
    """Make a framework file of a table with a row for each competence.

    `mapping` is a file that settles what columns and cells mean, `sheet` a workbook's sheet, and
    `name` what diagnostics call the framework file. Raises InputInvalid where the table cannot be
    read, and where it is in doubt what it holds.
    """
    path = Path(table)
    settings = MatrixMap() if mapping is None else load_matrix_map(Path(mapping))
    file = read_matrix(path, sheet or settings.sheet)
    reading = framework_of(file.matrix, settings, one_line(path.stem) or "Framework")
    lines = tuple(matrix_lines(reading, file.how, file.other_sheets, file.replaced))
    about = (f"Made from the table {one_line(path.name)}:", *(f"- {line}" for line in lines))
    text = commented(about, resolved_yaml(reading.data))
    content = text.encode()
    if len(content) > MAX_DOCUMENT_BYTES:
        message = f"the framework in it would be larger than {MAX_DOCUMENT_BYTES >> 20:,} MiB"
        raise unusable(Code.TOO_LARGE, str(path), message, "divide the table")
    return FrameworkFromTable(text, lines, check_framework(content, name).errors, reading)


class FrameworkTable(NamedTuple):
    content: bytes
    left_out: tuple[str, ...]
    """What the framework has and the table has no place for."""


def framework_table(framework: Framework, format: SheetFormat | str) -> FrameworkTable:  # noqa: A002
    """A framework as CSV or a workbook, which `framework_from_table` reads again.

    Cells that a spreadsheet would run are text. Raises OutputFailed for what a workbook cannot hold.
    """
    rows = framework_rows(framework)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "framework"
        if SheetFormat(format) is SheetFormat.XLSX:
            write_workbook(path, "Framework", rows, Path(folder))
        else:
            write_csv(path, map(_reversible, rows), raw=True)
        return FrameworkTable(path.read_bytes(), left_out(framework))


def _reversible(row: Sequence[object]) -> list[object]:
    return [reversible(cell) if isinstance(cell, str) else cell for cell in row]
