"""Open an Excel workbook and read its sheets, within limits: a small file can unpack to anything."""

from __future__ import annotations

import re
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, NamedTuple

from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.stylesheet import apply_stylesheet
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from pmo_path.domain.codes import Code
from pmo_path.domain.columns import FAR
from pmo_path.domain.limits import MAX_RATIO, MAX_UNPACKED, MAX_WORKBOOK_PARTS, MAX_WORKBOOK_SHEETS
from pmo_path.readers.files import DAMAGED_ZIP, refuse_other_zips, unusable
from pmo_path.readers.table.xlsx_layout import LayoutReader, SheetLayout
from pmo_path.readers.table.xlsx_rows import OF_A_PART, OF_STRINGS, Parts, Reading, far_cell

if TYPE_CHECKING:
    import zipfile
    from collections.abc import Iterator, Mapping
    from pathlib import Path
    from typing import BinaryIO

    from pmo_path.readers.table.csv_records import Record

_SMALL = 1 << 20
_CHUNK = 1 << 20
_OVERLAP = 4096
_FAR = get_column_letter(FAR).encode()
# No part of a pattern goes over the end of a tag, nor back where it has been, so that tags without
# an end cost no more than others.
_REFERENCE = re.compile(rb'<(?:\w{1,20}:)?c [^<>]*?\br="([A-Z]{1,4})([0-9]{1,8})"')
_UNCALCULATED = re.compile(
    rb'<(?:\w{1,20}:)?c (?>[^<>]*?\br="([A-Z]+[0-9]+)")[^<>]*+>\s*+<(?:\w{1,20}:)?f\b'
    rb"(?:(?>[^<>]*?/>)|[^<>]*+>[^<]*+</(?:\w{1,20}:)?f>)\s*+(?:<(?:\w{1,20}:)?v\s*+/>\s*+)?"
    rb"</(?:\w{1,20}:)?c>"
)
_FORMULA = re.compile(
    rb'<(?:\w{1,20}:)?c (?>[^<>]*?\br="([A-Z]+[0-9]+)")[^<>]*+>\s*+<(?:\w{1,20}:)?f\b'
)
_BROKEN = (
    InvalidFileException,
    *DAMAGED_ZIP,
    SyntaxError,  # XML that is not well-formed, or forbidden by defusedxml
    ArithmeticError,  # a date or a number beyond what there is
    KeyError,
)
"""What is raised where a workbook is damaged."""
_UNKNOWN = (AttributeError, TypeError, LookupError)
"""What is raised where it holds what the reader does not know, such as charts or an encoding."""


class Table(NamedTuple):
    """One sheet of a workbook."""

    title: str
    rows: Iterator[Record]
    """Each with its number in the sheet; cells at the end of a row that hold nothing are left out."""
    layout: SheetLayout
    """What is merged and what is hidden in it."""


class _Sheet(NamedTuple):
    title: str
    is_visible: bool
    part: str


class CheckedWorkbook(NamedTuple):
    """A workbook that passed the checks."""

    sheets: tuple[_Sheet, ...]
    reading: Reading
    layouts: Mapping[str, SheetLayout]
    """By the part of the file that holds the sheet."""


@contextmanager
def opened(
    file: Path | BinaryIO, name: str, *, needs_values: bool = True
) -> Iterator[CheckedWorkbook]:
    """Open and check a workbook. Raises InputInvalid.

    Unless its formulas do not matter, each `needs_values`: one that was never calculated has none.
    """
    with ExitStack() as stack:
        try:
            archive = stack.enter_context(Parts(file, name))
            workbook = _loaded(archive, name, needs_values=needs_values)
        except _BROKEN as error:
            raise _broken(name, error) from None
        except _UNKNOWN:
            raise _broken(name, ValueError("it holds what is no table")) from None
        yield workbook


def _loaded(archive: Parts, name: str, *, needs_values: bool) -> CheckedWorkbook:
    layouts = _check_parts(archive, name, needs_values=needs_values)
    reader = ExcelReader(archive.fp, read_only=True, data_only=True, keep_links=False)
    # All that is read goes through the limits; what no table needs is not read.
    reader.archive = archive
    with _reading("the list of its parts"):
        reader.read_manifest()
    archive.limit = OF_STRINGS
    with _reading("the texts"):
        reader.read_strings()
    archive.limit = OF_A_PART
    with _reading("the list of its sheets"):
        reader.read_workbook()
    if len(reader.parser.sheets) > MAX_WORKBOOK_SHEETS:
        message = f"this workbook has more than {MAX_WORKBOOK_SHEETS} sheets"
        raise unusable(
            Code.TOO_LARGE, name, message, "copy the sheet that you need to a new workbook"
        )
    with _reading("stylesheet"):
        apply_stylesheet(archive, reader.wb)
    parts = frozenset(archive.namelist())
    sheets = tuple(
        _Sheet(sheet.name, sheet.state == "visible", link.target)
        for sheet, link in reader.parser.find_sheets()
        if link.target in parts and "chartsheet" not in link.Type
    )
    if not sheets:
        raise TypeError("charts, and no table")
    return CheckedWorkbook(
        sheets, Reading(archive, reader.wb, reader.shared_strings, name), layouts
    )


@contextmanager
def _reading(what: str) -> Iterator[None]:
    """Replace the reader's error message by one that names the part."""
    try:
        yield
    except ValueError:
        raise ValueError(f"could not read {what}") from None


def sheets_of(workbook: CheckedWorkbook, name: str, title: str | None) -> Iterator[Table]:
    """Yield the visible sheets, or the one with this title. Raises InputInvalid."""
    sheets = [sheet for sheet in workbook.sheets if sheet.is_visible]
    if title is not None:
        sheets = [sheet for sheet in workbook.sheets if sheet.title.casefold() == title.casefold()]
        if not sheets:
            titles = ", ".join(f"'{sheet.title}'" for sheet in workbook.sheets)
            message = f"there is no sheet called '{title}'"
            hint = f"there are: {titles}"
            raise unusable(Code.NOT_A_SHEET, name, message, hint)
    for sheet in sheets:
        layout = workbook.layouts.get(sheet.part, SheetLayout())
        yield Table(sheet.title, _records(workbook.reading, sheet.part, name), layout)


def cells_with_formulas(workbook: CheckedWorkbook, title: str) -> frozenset[str]:
    """The names of the cells of a sheet that hold formulas, such as `C7`."""
    cells: set[str] = set()
    for sheet in workbook.sheets:
        if sheet.title.casefold() == title.casefold():
            for text in _pieces(workbook.reading.archive, sheet.part):
                cells.update(match[1].decode() for match in _FORMULA.finditer(text))
    return frozenset(cells)


def _pieces(archive: Parts, part: str | zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield the text of a part in pieces that overlap, so that no tag is only seen cut in two."""
    before = b""
    with archive.whole(part) as stream:
        while chunk := stream.read(_CHUNK):
            text = before + chunk
            yield text
            before = text[-_OVERLAP:]


def _broken(name: str, error: Exception) -> Exception:
    reason = " ".join(str(error).split()) or type(error).__name__
    hint = "open it in a spreadsheet program and save it again as .xlsx, or as CSV"
    return unusable(Code.NOT_A_SHEET, name, f"this workbook cannot be read: {reason[:200]}", hint)


def _records(reading: Reading, part: str, name: str) -> Iterator[Record]:
    try:
        yield from reading.records(part)
    except (*_BROKEN, *_UNKNOWN) as error:
        raise _broken(name, error) from None


def _check_parts(archive: Parts, name: str, *, needs_values: bool) -> dict[str, SheetLayout]:
    """The layout of each sheet, by the part that holds it."""
    layouts = {}
    members = archive.infolist()
    # Before any part is opened, which needs the password.
    if any(member.flag_bits & 1 for member in members):
        is_workbook = "xl/workbook.xml" in archive.namelist()
        what = "workbook" if is_workbook else "zip file"
        raise unusable(Code.NOT_A_SHEET, name, f"this {what} is encrypted", "save it unprotected")
    refuse_other_zips(archive, name)
    unpacked = sum(part.file_size for part in members)
    packed = max(1, sum(part.compress_size for part in members))
    too_much = unpacked > MAX_UNPACKED or (unpacked > _SMALL and unpacked / packed > MAX_RATIO)
    if len(members) > MAX_WORKBOOK_PARTS or too_much:
        message = f"this workbook unpacks to {unpacked:,} bytes in {len(members):,} parts"
        hint = "save what is needed as CSV"
        raise unusable(Code.NOT_A_SHEET, name, message, hint)
    for member in members:
        if member.filename.startswith("xl/worksheets/") and member.filename.endswith(".xml"):
            layouts[member.filename] = _check_sheet(
                archive, member, name, needs_values=needs_values
            )
    return layouts


def _check_sheet(
    archive: Parts, member: zipfile.ZipInfo, name: str, *, needs_values: bool
) -> SheetLayout:
    reader = LayoutReader(name)
    for text in _pieces(archive, member):
        for column, row in _REFERENCE.findall(text):
            if len(column) >= len(_FAR) and (len(column), column) > (len(_FAR), _FAR):
                raise far_cell(name, (column + row).decode())
        formula = _UNCALCULATED.search(text) if needs_values else None
        if formula is not None:
            message = f"the formula in {formula[1].decode()} was never calculated"
            hint = "open the workbook in a spreadsheet program and save it"
            raise unusable(Code.NOT_A_SHEET, name, message, hint)
        reader.take(text)
    return reader.layout()
