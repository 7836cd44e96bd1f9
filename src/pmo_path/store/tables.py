"""Tables as files that people open: workbooks, and CSV that no spreadsheet runs."""

from __future__ import annotations

import csv
from decimal import Decimal
from typing import TYPE_CHECKING

from pmo_path.domain.errors import OutputFailed
from pmo_path.domain.formulas import harmless

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    import xlsxwriter

MAX_ROWS = 1_048_576
"""Rows that a sheet of a workbook can have, its headings among them."""
MAX_TEXT = 32_767
"""Characters that a cell of a workbook can have."""


def write_workbook(
    path: Path, title: str, rows: Iterable[Sequence[object]], scratch: Path
) -> None:
    """Write rows, the headings first, as the only sheet of a workbook; text stays text.

    Temporary files go to the folder `scratch`. Raises OutputFailed for what a workbook cannot
    hold.
    """
    import xlsxwriter  # noqa: PLC0415  slow to load, and only workbooks need it

    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "tmpdir": str(scratch),
    }
    with xlsxwriter.Workbook(path, options) as workbook:
        sheet = workbook.add_worksheet(title)
        sheet.freeze_panes(1, 0)
        bold = workbook.add_format({"bold": True})
        for number, row in enumerate(rows):
            if number >= MAX_ROWS:
                raise OutputFailed(
                    f"a workbook holds no more than {MAX_ROWS:,} rows; "
                    "write .csv or .parquet instead"
                )
            for place, value in enumerate(row):
                _write_cell(sheet, number, place, value, bold if number == 0 else None)


def _write_cell(
    sheet: xlsxwriter.worksheet.Worksheet,
    row: int,
    column: int,
    value: object,
    style: xlsxwriter.format.Format | None,
) -> None:
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        sheet.write_number(row, column, value, style)
        return
    text = "" if value is None else str(value)
    if len(text) > MAX_TEXT:
        raise OutputFailed(
            f"row {row + 1} holds a text of {len(text):,} characters, and a cell of a workbook "
            f"no more than {MAX_TEXT:,}; write .csv or .parquet instead"
        )
    if text:
        sheet.write_string(row, column, text, style)


def write_csv(path: Path, rows: Iterable[Sequence[object]], *, raw: bool = False) -> None:
    """Write rows as CSV (UTF-8); cells that a spreadsheet would run are made harmless."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        # As RFC 4180 has it; and only what is in a line's end is quoted.
        writer = csv.writer(stream, lineterminator="\r\n")
        for row in rows:
            texts = ["" if value is None else str(value) for value in row]
            writer.writerow(texts if raw else [harmless(text) for text in texts])
