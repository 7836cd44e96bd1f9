"""Read the rows of a workbook's sheets one by one, each cell as a program shows it.

A small file can unpack to anything, so bytes and tags are counted while unpacking, and nothing too
large is parsed.
"""

from __future__ import annotations

import datetime
import re
import warnings
import zipfile
from decimal import Decimal
from functools import lru_cache
from typing import IO, TYPE_CHECKING, Any, BinaryIO, NamedTuple, Self

from openpyxl.styles.numbers import BUILTIN_FORMATS, BUILTIN_FORMATS_MAX_SIZE
from openpyxl.worksheet._reader import DATA_TAG, ROW_TAG, WorkSheetParser
from openpyxl.xml.functions import iterparse

from pmo_path.domain.codes import Code
from pmo_path.domain.columns import FAR, MAX_COLUMNS
from pmo_path.domain.limits import (
    MAX_PART,
    MAX_PART_TAGS,
    MAX_ROW_BYTES,
    MAX_ROW_TAGS,
    MAX_STRING_TAGS,
    MAX_STRINGS,
    MAX_WORKBOOK_CELLS,
    MAX_WORKBOOK_ROWS,
    MAX_WORKBOOK_TEXT,
)
from pmo_path.domain.numbers import MAX_DECIMALS, show_number
from pmo_path.readers.files import unusable
from pmo_path.readers.table.csv_records import Record

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from openpyxl.workbook import Workbook

    from pmo_path.domain.errors import InputInvalid


_NEEDED_AS_CSV = "save the table that you need as CSV"
_KNOWN_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


class Limit(NamedTuple):
    """How much of a part may be read."""

    size: int
    tags: int
    """The most tags, each of which takes far more memory than its characters."""
    what: str


OF_A_PART = Limit(MAX_PART, MAX_PART_TAGS, "the part '{}' of this workbook")
OF_STRINGS = Limit(MAX_STRINGS, MAX_STRING_TAGS, "the list of all texts in this workbook ('{}')")
OF_A_ROW = Limit(MAX_ROW_BYTES, MAX_ROW_TAGS, "a row in '{}'")


class Part:
    """A stream of a part that stops at the limit."""

    def __init__(self, stream: IO[bytes], limit: Limit, file: str, part: str) -> None:
        self._stream, self._limit = stream, limit
        self._file, self._part = file, part
        self._size = self._tags = 0

    def read(self, size: int = -1) -> bytes:
        """The next bytes. Raises InputInvalid where there are more than may be read."""
        limit = self._limit
        content = self._stream.read(limit.size + 1 if size < 0 else size)
        self._size += len(content)
        self._tags += content.count(b"<")
        if self._size > limit.size or self._tags > limit.tags:
            raise self._too_large()
        return content

    def check(self, size: int) -> None:
        """Raise InputInvalid if the whole part, of so many bytes, is beyond the limit."""
        if size > self._limit.size:
            raise self._too_large()

    def restart(self) -> None:
        """Start to count again."""
        self._size = self._tags = 0

    def _too_large(self) -> InputInvalid:
        limit = self._limit
        what = limit.what.format(self._part[:100])
        message = (
            f"{what} is larger than can be read ({limit.size >> 20:,} MiB, {limit.tags:,} tags)"
        )
        return unusable(Code.TOO_LARGE, self._file, message, _NEEDED_AS_CSV)

    def close(self) -> None:
        """Close the part."""
        self._stream.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class Parts(zipfile.ZipFile):
    """The zipped parts of a workbook; those that are read whole are limited."""

    def __init__(self, file: Path | BinaryIO, name: str) -> None:
        super().__init__(file)
        self._name = name
        self.limit = OF_A_PART
        """Of each part that is opened from now on."""

    def open(self, name: Any, *_: object, **__: object) -> Any:
        """A stream of a part that is read whole. Raises InputInvalid, also while it is read."""
        part = self.limited(name, self.limit)
        member = self.getinfo(name) if isinstance(name, str) else name
        part.check(member.file_size)
        return part

    def limited(self, part: str | zipfile.ZipInfo, limit: Limit) -> Part:
        """A stream of a part that stops at a limit. Raises InputInvalid while it is read."""
        return Part(self.whole(part), limit, self._name, getattr(part, "filename", str(part)))

    def whole(self, part: str | zipfile.ZipInfo) -> IO[bytes]:
        """A stream of a part without a limit, for readers that keep nothing."""
        member = self.getinfo(part) if isinstance(part, str) else part
        if member.compress_type not in _KNOWN_METHODS:
            # Others may take any amount of memory, and no spreadsheet program writes them.
            raise zipfile.BadZipFile("That compression method is not supported")
        return super().open(member)


# --- Rows -----------------------------------------------------------------------------------------

FEWER_COLUMNS = (
    "delete the columns that are empty or not needed, or give a row for each rating, with the "
    "columns person, competence and rating"
)
_LONGEST_FORMAT = 255
"""Characters of a number format; Excel has no longer ones."""
_AS_CSV = "save the sheet as CSV, which may be larger, or divide it"
_EXACT = 1e15
_LARGE = 20
"""Numbers with more digits cannot be rounded to decimals."""
_ZEROS = re.compile("0{2,20}")
_PART = re.compile(
    r'"(?P<quoted>[^"]*)"?|\\(?P<escaped>.)|_.|\*.|\[\$(?P<currency>[^\]-]*)[^\]]*\]'
    r"|\[[^\]]*\]|(?P<plain>.)",
    re.DOTALL,
)
"""Pieces of a format: text, what is as wide as a character or fills a cell, a currency, colours."""
_DIGITS = frozenset("0#?.,/")
_SIGNS = frozenset("$¢£¤¥฿€₤₩₪₫₭₮₱₲₴₵₸₹₺₼₽₾₿")
_UNITS = frozenset(
    {
        "d", "day", "days", "h", "hr", "hrs", "hour", "hours", "k", "km", "m", "min", "mins",
        "minute", "minutes", "mo", "month", "months", "w", "week", "weeks", "y", "year", "years",
        "yr", "yrs", "percent", "percentage", "pct",
        "jahr", "jahre", "monat", "monate", "prozent", "std", "stunde", "stunden", "tag", "tage",
        "woche", "wochen", "an", "ans", "année", "années", "heure", "heures", "jour", "jours",
        "mois", "semaine", "semaines", "año", "años", "día", "días", "hora", "horas", "mes",
        "meses", "semana", "semanas",
        "aud", "cad", "chf", "cny", "czk", "dkk", "eur", "euro", "euros", "gbp", "huf", "inr",
        "jpy", "nok", "nzd", "pln", "ron", "sek", "try", "usd", "zar", "kr", "zł", "fr",
    }
)  # fmt: skip
"""Words behind or before a number that make it an amount of something, and no level."""
_WORD = re.compile(r"[^\W\d_]+")


class Reading:
    """Reads rows of a workbook up to limits that all its sheets share."""

    def __init__(
        self, archive: Parts, workbook: Workbook, strings: Sequence[str], name: str
    ) -> None:
        self.archive, self._workbook, self._name = archive, workbook, name
        self._strings = strings
        self._formats: dict[int, str] = {}
        self._cells = self._text = 0

    def records(self, part: str) -> Iterator[Record]:
        """Yield the rows of a sheet, including blank ones that the file leaves out.

        Raises InputInvalid, and whatever the reader raises for a damaged part.
        """
        before = 0
        with warnings.catch_warnings():
            # It warns of what it leaves out, such as invalid dates.
            warnings.simplefilter("ignore")
            for number, cells in self._rows(part):
                if number > MAX_WORKBOOK_ROWS:
                    message = f"a row has the number {number:,}, and a sheet has no more than"
                    raise self._too_large(f"{message} {MAX_WORKBOOK_ROWS:,} rows", "save it again")
                if number <= before:
                    message = f"row {number:,} is below row {before:,}"
                    hint = "open the workbook in a spreadsheet program and save it again"
                    raise unusable(Code.NOT_A_SHEET, self._name, message, hint)
                self._count(cells, number - before)
                for missing in range(before + 1, number):
                    yield Record(missing, [])
                yield Record(number, cells)
                before = number

    def _rows(self, part: str) -> Iterator[tuple[int, list[str]]]:
        """Yield the number and the cells of each row in the file."""
        workbook: Any = self._workbook
        with self.archive.limited(part, OF_A_ROW) as source:
            parser = WorkSheetParser(
                source,
                self._strings,
                data_only=True,
                epoch=workbook.epoch,
                date_formats=workbook._date_formats,  # noqa: SLF001  no other way
                timedelta_formats=workbook._timedelta_formats,  # noqa: SLF001  no other way
            )
            for _, element in iterparse(source):
                if element.tag == ROW_TAG:
                    source.restart()
                    number, cells = parser.parse_row(element)
                    # Both would keep something of every row.
                    parser.row_dimensions.clear()
                    element.clear()
                    yield number, self._texts(cells)
                elif element.tag == DATA_TAG:
                    return  # rows below are not needed and may be invalid

    def _texts(self, cells: Sequence[dict[str, Any]]) -> list[str]:
        """The texts of a row, each at its column, without blank ones at the end."""
        texts: list[str] = []
        for cell in cells:
            text = self._text_of(cell["value"], cell["style_id"])
            if not text:
                continue
            column = cell["column"]
            if column > FAR and len(texts) < column - 1:
                raise far_cell(self._name, f"column {column:,}")
            texts += [""] * (column - len(texts))
            texts[column - 1] = text
        while texts and not texts[-1].strip():
            texts.pop()
        return texts

    def _text_of(self, value: Any, style: int) -> str:
        if isinstance(value, str):
            return value
        # To look a format up takes longer than all the rest, and numbers alone need it.
        is_number = isinstance(value, int | float)
        return text_of_cell(value, self._format(style) if is_number else "")

    def _format(self, style: int) -> str:
        number_format = self._formats.get(style)
        if number_format is None:
            workbook: Any = self._workbook
            number = workbook._cell_styles[style].numFmtId  # noqa: SLF001  no other way
            own = number - BUILTIN_FORMATS_MAX_SIZE
            number_format = (
                BUILTIN_FORMATS.get(number, "General")
                if own < 0
                else str(workbook._number_formats[own])  # noqa: SLF001  no other way
            )
            number_format = number_format[:_LONGEST_FORMAT]
            self._formats[style] = number_format
        return number_format

    def _count(self, cells: Sequence[str], rows: int) -> None:
        self._cells += rows + len(cells)
        self._text += sum(map(len, cells))
        if self._cells > MAX_WORKBOOK_CELLS:
            message = f"this workbook has more than the {MAX_WORKBOOK_CELLS:,} cells that are read"
            raise self._too_large(message, _AS_CSV)
        if self._text > MAX_WORKBOOK_TEXT:
            message = (
                f"the cells of this workbook hold more than the {MAX_WORKBOOK_TEXT:,} characters "
                "that are read"
            )
            raise self._too_large(message, _AS_CSV)

    def _too_large(self, message: str, hint: str) -> InputInvalid:
        return unusable(Code.TOO_LARGE, self._name, message, hint)


def far_cell(name: str, where: str) -> InputInvalid:
    """The error for a cell too far to the right."""
    message = (
        f"a cell is far to the right of the {MAX_COLUMNS:,} columns that can be read: {where}"
    )
    return unusable(Code.NOT_A_SHEET, name, message, FEWER_COLUMNS)


# --- The text of a cell ---------------------------------------------------------------------------


class _Shown(NamedTuple):
    """How a number format shows an amount."""

    before: str
    after: str
    is_percent: bool


def text_of_cell(value: Any, number_format: str | None) -> str:
    """The text of a cell's value.

    A number keeps all its digits, whatever its format shows. Percentages, amounts of money and
    durations keep their units, so that they are not read as levels.
    """
    match value:
        case None:
            return ""
        case bool():
            return str(value).upper()
        case int() | float():
            return _number(value, number_format or "")
        case datetime.datetime():
            midnight = value.time() == datetime.time()
            return value.date().isoformat() if midnight else value.isoformat(" ", "seconds")
        case _:
            return str(value)


def _number(value: float, number_format: str) -> str:
    shown = _amount(number_format)
    if shown is not None:
        number = _rounded(Decimal(repr(value)) * (100 if shown.is_percent else 1))
        return f"{shown.before}{show_number(number)}{shown.after}"
    if isinstance(value, int) and _ZEROS.fullmatch(number_format):
        return format(value, f"0{len(number_format)}d")
    return _digits(value)


def _rounded(number: Decimal) -> Decimal:
    """The number without the noise of binary fractions."""
    is_large = not number.is_finite() or number.adjusted() >= _LARGE
    return number if is_large else round(number, MAX_DECIMALS)


def _digits(value: float) -> str:
    return str(value).removesuffix(".0") if abs(value) < _EXACT else str(value)


@lru_cache(maxsize=100_000)
def _amount(number_format: str) -> _Shown | None:
    """How a format shows an amount; None if it shows a bare number, or one with other words."""
    if _DIGITS.issuperset(number_format):
        return None
    before, after, is_percent, is_money = "", "", False, False
    has_digits = False
    for part in _PART.finditer(_first_section(number_format)):
        plain, currency = part["plain"] or "", part["currency"] or ""
        if plain and plain in "0#?":
            has_digits = True
            continue
        shown = (
            part["quoted"]
            or part["escaped"]
            or currency
            or (plain if plain not in _DIGITS else "")
        )
        is_percent |= plain == "%"
        is_money |= bool(currency) or not _SIGNS.isdisjoint(shown)
        before, after = (before, after + shown) if has_digits else (before + shown, after)
    units = _WORD.findall(f"{before} {after}".casefold())
    if is_percent or is_money or "%" in before + after or any(word in _UNITS for word in units):
        return _Shown(before, after, is_percent)
    return None


def _first_section(number_format: str) -> str:
    """The part of a format that is for numbers above zero."""
    section = []
    for part in _PART.finditer(number_format):
        if part["plain"] == ";":
            break
        section.append(part[0])
    return "".join(section)
