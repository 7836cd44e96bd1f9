"""Tables as files that people open: workbooks, and CSV that no spreadsheet runs."""

from __future__ import annotations

import csv
from decimal import Decimal
from itertools import chain, islice
from textwrap import wrap
from typing import TYPE_CHECKING
from unicodedata import east_asian_width

from pmo_path.domain.errors import OutputFailed
from pmo_path.domain.formulas import harmless

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    import xlsxwriter

MAX_ROWS = 1_048_576
"""Rows that a sheet of a workbook can have, its headings among them."""
_MEASURED = 500
"""Rows, the headings among them, by which widths are set."""
_LEAST, _MOST, _BUTTON, _INDENT = 6, 40, 4, 2
"""The width of columns in characters, and what a filter's button and the indent take of it."""
_LINE, _MOST_LINES = 15, 10
"""The height of a line in points, and the lines that a row takes at most."""
_ON_A_PAGE = 240
"""Characters across a page that can still be read."""
_WIDE = {"W": 2, "F": 2}
_A4 = 9
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
        # Rows are written as they come, so the first ones stand for all.
        every = iter(rows)
        first = list(islice(every, _MEASURED))
        widths = _widths(first)
        _lay_out(sheet, widths)
        styles = _Styles(workbook, widths)
        number = 0
        for number, row in enumerate(chain(first, every)):
            if number >= MAX_ROWS:
                raise OutputFailed(
                    f"a workbook holds no more than {MAX_ROWS:,} rows; "
                    "write .csv or .parquet instead"
                )
            lines = _lines(row, widths, is_heading=number == 0)
            if lines > 1:
                # No program fits the height of a row that it reads from a file by itself.
                sheet.set_row(number, lines * _LINE)
            for place, value in enumerate(row):
                style = styles.of(place, value) if number else styles.heading
                _write_cell(sheet, number, place, value, style)
        if widths:
            sheet.autofilter(0, 0, number, len(widths) - 1)


class _Styles:
    """How cells look: headings, figures with one decimal, and texts that take several lines."""

    def __init__(self, workbook: xlsxwriter.Workbook, widths: Sequence[int]) -> None:
        self._widths = widths
        # Without an indent, a text runs into the figure beside it.
        top = {"valign": "top", "indent": 1}
        self.heading = workbook.add_format({"bold": True, "text_wrap": True, **top})
        self._plain = workbook.add_format(top)
        self._tenths = workbook.add_format({"num_format": "0.0", **top})
        self._wrapped = workbook.add_format({"text_wrap": True, **top})

    def of(self, place: int, value: object) -> xlsxwriter.format.Format:
        """The style of a cell in a column."""
        if isinstance(value, Decimal) and value.as_tuple().exponent == -1:
            return self._tenths
        is_long = isinstance(value, str) and len(value) > self._widths[place]
        return self._wrapped if is_long else self._plain


def _lines(row: Sequence[object], widths: Sequence[int], *, is_heading: bool) -> int:
    """How many lines the cells of a row take, wrapped to the widths of their columns."""
    most = 1
    for value, width in zip(row, widths, strict=False):
        if isinstance(value, str) and (is_heading or len(value) > width):
            # A filter's button takes place in a heading, and letters differ in width.
            room = width - _BUTTON if is_heading else width - width // 8
            most = max(most, len(wrap(value[: _MOST_LINES * width], max(1, room))))
    return min(most, _MOST_LINES)


def _lay_out(sheet: xlsxwriter.worksheet.Worksheet, widths: Sequence[int]) -> None:
    """Set widths, keep the headings in view, and print as few pages across as can be read."""
    sheet.freeze_panes(1, 0)
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.5)
    pages = max(1, -(-sum(widths) // _ON_A_PAGE))
    sheet.fit_to_pages(pages, 0)
    sheet.repeat_rows(0)
    if pages > 1:
        sheet.repeat_columns(0)
    for place, width in enumerate(widths):
        sheet.set_column(place, place, width)


def _widths(first: Sequence[Sequence[object]]) -> list[int]:
    """Characters that fit the cells of each column; headings are wrapped between their words."""
    widths = []
    for place in range(max(map(len, first), default=0)):
        heading, *others = (row[place] for row in first if place < len(row))
        # The button of a filter covers the end of the last line.
        word = max(map(_measured, str(heading).split()), default=0) + _BUTTON
        widths.append(min(max(_LEAST, word, *(_measured(one) + _INDENT for one in others)), _MOST))
    return widths


def _measured(cell: object) -> int:
    """How many characters wide a cell is, its longest line if it has several."""
    if cell is None:
        return 0
    lines = str(cell)[:MAX_TEXT].splitlines()
    return max(
        (sum(_WIDE.get(east_asian_width(one), 1) for one in line) for line in lines), default=0
    )


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
