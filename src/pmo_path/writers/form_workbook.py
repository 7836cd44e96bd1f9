"""A form as a workbook: cells with lists to choose from, notes, and a page that explains them."""

from __future__ import annotations

import io
import textwrap
from itertools import groupby, zip_longest
from typing import TYPE_CHECKING, NamedTuple
from unicodedata import east_asian_width

from pmo_path.domain.workbook import Rank
from pmo_path.writers.tables import MAX_ROWS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import xlsxwriter

    from pmo_path.domain.workbook import Form, FormChoice, FormColumn, Line


LISTS = "Lists"
MAX_TITLE, MAX_MESSAGE, MAX_NOTE = 32, 255, 32_000
"""Characters that spreadsheets take in a message's title, in a message, and in a note."""
MAX_SHOWN = 1200
"""Characters of a cell on the page: a row can be no higher than what they may take up."""
MAX_HEIGHT, ROW_LINE, ROW_MARGIN = 409, 15, 3
"""In points: the highest that a row can be, and what each line and its margins take."""
LIGHT = 1.15
"""Letters to a unit of a column's width; bold ones take a unit each."""
MIN_WIDTH, MAX_WIDTH = 13, 26
ABOUT_WIDTH = 22
TERM_WIDTH, TEXT_WIDTH = 30, 100
NOTE_WIDTH, NOTE_LINE, NOTE_MARGIN = 440, 16, 16
"""In pixels: how wide a note is, and how high each line of it and its margins."""
NOTE_COLUMNS = 70
LAST_CELL = "XFD1048576"
A4 = 9
PALE, DARK = "#E8EEF4", "#8A9BAD"


class _Styles(NamedTuple):
    heading: xlsxwriter.format.Format
    entry: xlsxwriter.format.Format
    of_term: Mapping[Rank, xlsxwriter.format.Format]
    of_text: Mapping[Rank, xlsxwriter.format.Format]


def form_workbook(form: Form) -> bytes:
    """The form as a workbook: its table first, then its page, and hidden lists behind them."""
    import xlsxwriter  # noqa: PLC0415  slow to load, and only workbooks need it

    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as workbook:
        styles = _styles(workbook)
        table = workbook.add_worksheet(form.title)
        page = workbook.add_worksheet(form.guide_title)
        lists = workbook.add_worksheet(LISTS)
        lists.hide()
        _write_table(table, form.columns, styles)
        _write_choices(table, lists, form.columns)
        _write_page(page, form.guide, styles)
    return content.getvalue()


def _styles(workbook: xlsxwriter.Workbook) -> _Styles:
    wrapped = {"text_wrap": True, "valign": "top"}
    bold = {"bold": True}
    band = wrapped | {"bg_color": PALE, "bottom": 1, "bottom_color": DARK}
    lined = wrapped | {"top": 1, "top_color": DARK}
    return _Styles(
        heading=workbook.add_format(band | bold),
        # As text, so that nothing is made of what is typed: no date of 3-4, no 7 of 007.
        entry=workbook.add_format({"num_format": "@"}),
        of_term={
            Rank.TITLE: workbook.add_format(bold | {"font_size": 15}),
            Rank.HEADING: workbook.add_format(band | bold),
            Rank.NAME: workbook.add_format(lined | bold),
            Rank.PLAIN: workbook.add_format(wrapped),
        },
        of_text={
            Rank.TITLE: workbook.add_format(),
            Rank.HEADING: workbook.add_format(band),
            Rank.NAME: workbook.add_format(lined),
            Rank.PLAIN: workbook.add_format(wrapped),
        },
    )


# --- The table ------------------------------------------------------------------------------------


def _write_table(
    sheet: xlsxwriter.worksheet.Worksheet, columns: Sequence[FormColumn], styles: _Styles
) -> None:
    for index, column in enumerate(columns):
        sheet.set_column(index, index, _width(column), styles.entry)
        sheet.write_string(0, index, column.heading, styles.heading)
        sheet.write_comment(0, index, within(column.note, MAX_NOTE), _box(column.note))
    sheet.set_row(0, row_height(*((column.heading, _width(column)) for column in columns)))
    sheet.freeze_panes(1, 1)
    sheet.ignore_errors({"number_stored_as_text": f"A1:{LAST_CELL}"})
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.repeat_rows(0)
    sheet.repeat_columns(0)


def _width(column: FormColumn) -> int:
    """Wide enough for the words of the heading, which wrap, and for what is entered."""
    if column.choice is None:
        return ABOUT_WIDTH
    longest = max(map(len, (*column.heading.split(), *column.choice.entries)))
    return min(max(longest + 2, MIN_WIDTH), MAX_WIDTH)


def _box(note: str) -> dict[str, int]:
    lines = sum(_lines(part, NOTE_COLUMNS) for part in note.split("\n"))
    return {"width": NOTE_WIDTH, "height": lines * NOTE_LINE + NOTE_MARGIN, "font_size": 9}


def _write_choices(
    sheet: xlsxwriter.worksheet.Worksheet,
    lists: xlsxwriter.worksheet.Worksheet,
    columns: Sequence[FormColumn],
) -> None:
    """Attach a list of choices, which is on its own sheet, to neighbouring columns.

    A list within the rule itself could have no more characters than a message.
    """
    for number, run in enumerate(_runs(columns)):
        for row, entry in enumerate(run.choice.entries):
            lists.write_string(row, number, entry)
        sheet.data_validation(1, run.first, MAX_ROWS - 1, run.last, _rule(run.choice, number))


class _Run(NamedTuple):
    """Neighbouring columns of one choice."""

    choice: FormChoice
    first: int
    last: int


def _runs(columns: Sequence[FormColumn]) -> Iterable[_Run]:
    for choice, group in groupby(enumerate(columns), key=lambda entry: entry[1].choice):
        indexes = [index for index, _ in group]
        if choice is not None:
            yield _Run(choice, indexes[0], indexes[-1])


def _rule(choice: FormChoice, number: int) -> dict[str, object]:
    from xlsxwriter.utility import xl_col_to_name  # noqa: PLC0415

    column = xl_col_to_name(number, col_abs=True)
    return {
        "validate": "list",
        "source": f"={LISTS}!{column}$1:{column}${len(choice.entries)}",
        "input_title": within(choice.title, MAX_TITLE),
        "input_message": within(choice.prompt, MAX_MESSAGE),
        "error_title": within(choice.title, MAX_TITLE),
        "error_message": within(choice.warning, MAX_MESSAGE),
        # What is not on the list may be right all the same, so it is not refused.
        "error_type": "warning",
    }


# --- The page -------------------------------------------------------------------------------------


def _write_page(
    sheet: xlsxwriter.worksheet.Worksheet, lines: Iterable[Line], styles: _Styles
) -> None:
    sheet.set_column(0, 0, TERM_WIDTH)
    sheet.set_column(1, 1, TEXT_WIDTH)
    sheet.hide_gridlines(2)
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    row = 0
    for line in lines:
        if line.rank is Rank.HEADING:
            row += 1
        # A text that is too long for a row goes on in those below.
        terms, texts = (textwrap.wrap(text, MAX_SHOWN) for text in (line.term, line.text))
        for term, text in zip_longest(terms, texts, fillvalue=""):
            _write_cell(sheet, row, 0, term, styles.of_term[line.rank])
            _write_cell(sheet, row, 1, text, styles.of_text[line.rank])
            if line.rank is not Rank.TITLE:
                sheet.set_row(row, row_height((term, TERM_WIDTH), (text, TEXT_WIDTH * LIGHT)))
            row += 1


def _write_cell(
    sheet: xlsxwriter.worksheet.Worksheet,
    row: int,
    column: int,
    text: str,
    style: xlsxwriter.format.Format,
) -> None:
    if text:
        sheet.write_string(row, column, text, style)
    else:
        sheet.write_blank(row, column, None, style)


def within(text: str, limit: int) -> str:
    """Return the text, or as much of it as stays within a limit that counts in UTF-16."""
    if len(text.encode("utf-16-le")) <= 2 * limit:
        return text
    cut = text.encode("utf-16-le")[: 2 * (limit - 1)].decode("utf-16-le", "ignore")
    return f"{cut}…"


def row_height(*cells: tuple[str, float]) -> int:
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
