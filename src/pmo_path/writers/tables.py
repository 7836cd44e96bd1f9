"""Tables as files that people open: workbooks, and CSV that no spreadsheet runs."""

from __future__ import annotations

import csv
from contextlib import contextmanager
from decimal import Decimal
from itertools import chain, islice
from textwrap import wrap
from typing import TYPE_CHECKING, NamedTuple
from unicodedata import east_asian_width

from pmo_path.domain.errors import OutputFailed
from pmo_path.domain.limits import MAX_WORKBOOK_ROWS
from pmo_path.domain.text import harmless

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    import xlsxwriter

_MEASURED = 500
"""Rows, the headings among them, by which widths are set."""
_LEAST, _MOST, _BUTTON, _INDENT = 6, 40, 4, 2
"""The width of columns in characters, and what a filter's button and the indent take of it."""
_LINE, _MOST_LINES = 15, 10
"""The height of a line in points, and the lines that a row takes at most."""
_AT_TOP = {"valign": "top"}
_ON_A_PAGE = 350
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
    hold, and OSError.
    """
    import xlsxwriter  # noqa: PLC0415  slow to load, and only workbooks need it

    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "tmpdir": str(scratch),
    }
    with _faults_as_errors(), xlsxwriter.Workbook(path, options) as workbook:
        _write_rows(workbook, workbook.add_worksheet(title), rows)


@contextmanager
def _faults_as_errors() -> Iterator[None]:
    """Raise the system's own error, or OutputFailed, for what the library makes of it."""
    from xlsxwriter.exceptions import FileCreateError, FileSizeError  # noqa: PLC0415

    try:
        yield
    except FileCreateError as error:
        raise error.args[0] from None
    except FileSizeError:
        raise OutputFailed(
            "a workbook cannot be this large; write .csv or .parquet instead"
        ) from None


def _write_rows(
    workbook: xlsxwriter.Workbook,
    sheet: xlsxwriter.worksheet.Worksheet,
    rows: Iterable[Sequence[object]],
) -> None:
    # Rows are written as they come, so the first ones represent all.
    every = iter(rows)
    first = list(islice(every, _MEASURED))
    columns = _columns(first)
    _lay_out(sheet, columns)
    _set_styles(workbook, sheet, columns)
    heading = workbook.add_format({"bold": True, "text_wrap": True, **_AT_TOP})
    number = 0
    for number, row in enumerate(chain(first, every)):
        if number >= MAX_WORKBOOK_ROWS:
            raise OutputFailed(
                f"a workbook holds no more than {MAX_WORKBOOK_ROWS:,} rows; write .csv or .parquet instead"
            )
        lines = _lines(row, columns) if number else _heading_lines(row, columns)
        if lines > 1:
            # No program fits the height of a row that it reads from a file by itself.
            sheet.set_row(number, lines * _LINE)
        for index, value in enumerate(row):
            _write_cell(sheet, number, index, value, None if number else heading)
    if columns:
        sheet.autofilter(0, 0, number, len(columns) - 1)


class _Column(NamedTuple):
    """The layout of a column, as its first cells need it."""

    width: int
    """In characters."""
    is_figures: bool
    """Whether it holds numbers alone."""
    is_in_tenths: bool
    """Whether it holds figures with one decimal."""
    is_long: bool
    """Whether it holds texts that take several lines."""


def _columns(first: Sequence[Sequence[object]]) -> list[_Column]:
    columns = []
    for index in range(max(map(len, first), default=0)):
        heading, *others = (row[index] for row in first if index < len(row))
        # The button of a filter covers the end of the last line.
        word = max(map(_measured, str(heading).split()), default=0) + _BUTTON
        needed = max(_LEAST, word, *(_measured(other) + _INDENT for other in others))
        is_figures = all(map(_is_figure, filter(None, others)))
        is_in_tenths = any(map(_is_in_tenths, others))
        columns.append(_Column(min(needed, _MOST), is_figures, is_in_tenths, needed > _MOST))
    return columns


def _is_figure(value: object) -> bool:
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def _is_in_tenths(value: object) -> bool:
    return isinstance(value, Decimal) and value.as_tuple().exponent == -1


def _set_styles(
    workbook: xlsxwriter.Workbook,
    sheet: xlsxwriter.worksheet.Worksheet,
    columns: Sequence[_Column],
) -> None:
    """Set the width and the style of each column; cells have none of their own, which is quicker."""
    plain = workbook.add_format(_AT_TOP)
    # Without an indent, a figure runs into the text beside it.
    figures = {"align": "right", "indent": 1, **_AT_TOP}
    whole = workbook.add_format(figures)
    tenths = workbook.add_format({"num_format": "0.0", **figures})
    wrapped = workbook.add_format({"text_wrap": True, **_AT_TOP})
    for index, column in enumerate(columns):
        style = wrapped if column.is_long else whole if column.is_figures else plain
        style = tenths if column.is_in_tenths else style
        sheet.set_column(index, index, column.width, style)


def _lines(row: Sequence[object], columns: Sequence[_Column]) -> int:
    """The number of lines that the cells of a row take."""
    most = 1
    for value, column in zip(row, columns, strict=False):
        if column.is_long and isinstance(value, str):
            # Lines are broken between words, so some of each is left empty.
            most = max(most, -(-len(value) // (column.width - column.width // 8)))
    return min(most, _MOST_LINES)


def _heading_lines(row: Sequence[object], columns: Sequence[_Column]) -> int:
    """The number of lines that the headings take, with the button of a filter beside each."""
    pairs = zip(row, columns, strict=False)
    lines = (len(wrap(str(value), column.width - _BUTTON)) for value, column in pairs)
    return min(max(lines, default=1), _MOST_LINES)


def _lay_out(sheet: xlsxwriter.worksheet.Worksheet, columns: Sequence[_Column]) -> None:
    """Keep the headings in view, and print as few pages across as can be read."""
    sheet.freeze_panes(1, 0)
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.5)
    pages = max(1, -(-sum(column.width for column in columns) // _ON_A_PAGE))
    sheet.fit_to_pages(pages, 0)
    sheet.repeat_rows(0)
    if pages > 1:
        sheet.repeat_columns(0)


def _measured(cell: object) -> int:
    """The width of a cell in characters; of its longest line if it has several."""
    if cell is None:
        return 0
    lines = str(cell)[:MAX_TEXT].splitlines()
    return max(
        (sum(_WIDE.get(east_asian_width(character), 1) for character in line) for line in lines),
        default=0,
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
