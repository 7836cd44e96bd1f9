"""Write a workbook to fill in: styles, lists to choose from, notes, protection and charts."""

from __future__ import annotations

import io
import textwrap
from typing import TYPE_CHECKING, Any
from unicodedata import east_asian_width

from pmo_path.domain.limits import MAX_WORKBOOK_ROWS
from pmo_path.domain.workbook import ENTRIES, CellStyle

if TYPE_CHECKING:
    from collections.abc import Mapping

    import xlsxwriter

    from pmo_path.domain.workbook import CellChoice, FormSheet, FormWorkbook, SheetCell, SheetRadar

A4 = 9
MAX_TEXT = 8000
"""Characters of a cell; a program shows no more of it than fits a row."""
MAX_TITLE, MAX_MESSAGE, MAX_NOTE = 32, 255, 32_000
"""Characters that spreadsheets take in a message's title, in a message, and in a note."""
MAX_HEIGHT, ROW_LINE, ROW_MARGIN = 409, 15, 3
"""In points: the highest that a row can be, and what each line and its margins take."""
NOTE_WIDTH, NOTE_LINE, NOTE_MARGIN = 440, 16, 16
"""In pixels: how wide a note is, and how high each line of it and its margins."""
NOTE_COLUMNS = 70
_DARK, _PALE, _LINE, _FILL, _ENTRY = "#1F3A5F", "#E8EEF4", "#B8C4D0", "#FFF8DC", "#C9B458"
_NOW, _REQUIRED = "#1F6FB2", "#C2571A"
_WRAPPED = {"text_wrap": True, "valign": "top"}
_ENTERED = {
    **_WRAPPED,
    "locked": False,
    "bg_color": _FILL,
    "border": 1,
    "border_color": _ENTRY,
}
# What is typed stays text: no date of 3-4, no number of 007.
_STYLES: Mapping[CellStyle, Mapping[str, object]] = {
    CellStyle.PLAIN: {},
    CellStyle.TITLE: {"bold": True, "font_size": 16, "font_color": _DARK},
    CellStyle.VERDICT: {
        **_WRAPPED,
        "bold": True,
        "font_size": 12,
        "bg_color": _PALE,
        "valign": "vcenter",
        "border": 1,
        "border_color": _LINE,
    },
    CellStyle.SECTION: {"bold": True, "font_size": 12, "bottom": 2, "bottom_color": _DARK},
    CellStyle.HEADING: {**_WRAPPED, "bold": True, "bg_color": _PALE, "bottom": 1},
    CellStyle.LABEL: {**_WRAPPED, "font_color": "#333333"},
    CellStyle.TEXT: {**_WRAPPED, "align": "left"},
    CellStyle.NAME: {**_WRAPPED, "bold": True, "align": "left"},
    CellStyle.FIGURE: {**_WRAPPED, "num_format": "0.0", "bold": True, "align": "left"},
    CellStyle.NUMBER: {**_WRAPPED, "bold": True, "align": "left"},
    CellStyle.DATE: {"num_format": "yyyy-mm-dd", "valign": "top", "align": "left"},
    CellStyle.ENTRY: {**_ENTERED, "num_format": "@"},
    CellStyle.OPEN_ENTRY: {"num_format": "@"},
    CellStyle.ENTRY_DATE: {**_ENTERED, "num_format": "yyyy-mm-dd", "align": "left"},
    CellStyle.ENTRY_NUMBER: {**_ENTERED, "num_format": "0", "align": "left"},
}
_ALLOWED = {"format_columns": True, "format_rows": True}
"""What people may do with a protected sheet beside filling it in."""


def form_workbook(form: FormWorkbook) -> bytes:
    """Return the workbook as a file."""
    import xlsxwriter  # noqa: PLC0415  slow to load, and only workbooks need it

    content = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(content, options) as workbook:
        writer = _Writer(workbook)
        workbook.set_properties({"title": _within(form.title, MAX_MESSAGE)})
        for name, value in form.properties.items():
            workbook.set_custom_property(name, value, "text")
        for sheet in form.sheets:
            worksheet = writer.write(sheet)
            if form.is_protected:
                worksheet.protect("", _ALLOWED)
    return content.getvalue()


class _Writer:
    """Writes the sheets of one workbook, whose formats are made once."""

    def __init__(self, workbook: xlsxwriter.Workbook) -> None:
        self._workbook = workbook
        self._formats = {style: workbook.add_format(dict(_STYLES[style])) for style in CellStyle}
        self._bold = workbook.add_format({"bold": True})
        self._light = workbook.add_format({"bold": False, "font_color": "#444444"})

    def write(self, sheet: FormSheet) -> Any:
        """Add a sheet, and return it."""
        worksheet = self._workbook.add_worksheet(sheet.title)
        empty = self._formats[CellStyle.OPEN_ENTRY] if sheet.is_open else None
        for column, width in enumerate(sheet.widths):
            worksheet.set_column(column, column, width or None, empty, {"hidden": not width})
        for row, texts in sheet.room.items():
            worksheet.set_row(row, _row_height(*texts))
        for cell in sheet.cells:
            self._write_cell(worksheet, cell)
        for choice in sheet.choices:
            _add_choice(worksheet, choice)
        for chart in sheet.charts:
            self._add_chart(worksheet, chart)
        if sheet.is_open or any(cell.style in ENTRIES for cell in sheet.cells):
            worksheet.ignore_errors({"number_stored_as_text": f"A1:XFD{MAX_WORKBOOK_ROWS}"})
        if sheet.is_hidden:
            worksheet.hide()
        else:
            _set_up_page(worksheet, sheet)
        return worksheet

    def _write_cell(self, worksheet: Any, cell: SheetCell) -> None:
        style = self._formats[cell.style]
        content = (
            _within(cell.content, MAX_TEXT) if isinstance(cell.content, str) else cell.content
        )
        if cell.last_column is not None:
            worksheet.merge_range(cell.row, cell.column, cell.row, cell.last_column, "", style)
        if cell.formula:
            value = "" if content is None else content
            worksheet.write_formula(cell.row, cell.column, cell.formula, style, value)
        elif cell.details and isinstance(content, str) and content:
            details = f"\n{_within(cell.details, MAX_TEXT)}"
            parts = (self._bold, content, self._light, details)
            worksheet.write_rich_string(cell.row, cell.column, *parts, style)
        elif isinstance(content, str):
            worksheet.write_string(cell.row, cell.column, content, style)
        elif content is None:
            worksheet.write_blank(cell.row, cell.column, None, style)
        else:
            worksheet.write_number(cell.row, cell.column, content, style)
        if cell.note:
            note = _within(cell.note, MAX_NOTE)
            worksheet.write_comment(cell.row, cell.column, note, _note_box(cell.note))

    def _add_chart(self, worksheet: Any, radar: SheetRadar) -> None:
        chart = self._workbook.add_chart({"type": "radar", "subtype": "with_markers"})
        for (name, values), color in zip(radar.series, (_NOW, _REQUIRED), strict=True):
            dash = "solid" if color == _NOW else "dash"  # distinct in black and white too
            chart.add_series(
                {
                    "name": name,
                    "categories": f"={radar.categories}",
                    "values": f"={values}",
                    "line": {"color": color, "width": 2.25, "dash_type": dash},
                    "marker": {"type": "circle" if color == _NOW else "none", "size": 5},
                }
            )
        chart.set_title({"name": radar.title, "name_font": {"size": 12}})
        chart.set_y_axis({"min": radar.low, "max": radar.high, "num_font": {"size": 8}})
        chart.set_x_axis({"num_font": {"size": 9}})
        chart.set_legend({"position": "bottom"})
        chart.set_size({"width": radar.width, "height": radar.height})
        chart.show_hidden_data()
        worksheet.insert_chart(
            radar.row, radar.column, chart, {"description": radar.title, "object_position": 2}
        )


def _add_choice(worksheet: Any, choice: CellChoice) -> None:
    rule = {
        "validate": "list",
        "source": f"={choice.source}",
        "input_title": _within(choice.title, MAX_TITLE),
        "input_message": _within(choice.prompt, MAX_MESSAGE),
        "error_title": _within(choice.title, MAX_TITLE),
        "error_message": _within(choice.warning, MAX_MESSAGE),
        # What is not on the list may be right all the same, so it is not refused.
        "error_type": "warning",
    }
    worksheet.data_validation(
        choice.first_row, choice.first_column, choice.last_row, choice.last_column, rule
    )


def _note_box(note: str) -> dict[str, int]:
    lines = sum(_lines(part, NOTE_COLUMNS) for part in note.split("\n"))
    return {"width": NOTE_WIDTH, "height": lines * NOTE_LINE + NOTE_MARGIN, "font_size": 9}


def _set_up_page(worksheet: Any, sheet: FormSheet) -> None:
    worksheet.set_paper(A4)
    worksheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    worksheet.set_footer("&L&A&RPage &P of &N")
    if sheet.is_open:
        worksheet.repeat_columns(0, sheet.frozen_columns - 1)
    else:
        worksheet.hide_gridlines(2)
        worksheet.fit_to_pages(1, 0)
    if sheet.is_landscape:
        worksheet.set_landscape()
    if sheet.heading_row is not None:
        worksheet.freeze_panes(sheet.heading_row + 1, sheet.frozen_columns)
        worksheet.repeat_rows(sheet.heading_row)


def _within(text: str, limit: int) -> str:
    """Return the text, or as much of it as stays within a limit that counts in UTF-16."""
    if len(text.encode("utf-16-le")) <= 2 * limit:
        return text
    cut = text.encode("utf-16-le")[: 2 * (limit - 1)].decode("utf-16-le", "ignore")
    return f"{cut}…"


def _row_height(*cells: tuple[str, float]) -> int:
    """The height that a row needs for texts in columns of a width; not every program computes it."""
    lines = max(_lines(text, width) for text, width in cells)
    return min(lines * ROW_LINE + ROW_MARGIN, MAX_HEIGHT)


def _lines(text: str, width: float) -> int:
    """The number of lines that a text takes up; the letters of some scripts are twice as wide."""
    if not text:
        return 1
    wide = sum(east_asian_width(character) in "WF" for character in text)
    letters = int(width * len(text) / (len(text) + wide))
    return len(textwrap.wrap(text, max(letters, 1)))
