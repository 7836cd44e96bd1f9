"""Rows of an Excel workbook, behind limits: a small file can hold a sheet without end."""

from __future__ import annotations

import lzma
import re
import zipfile
import zlib
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from pmo_path.batch.look.cell_text import text_of_cell
from pmo_path.batch.look.problems import unusable
from pmo_path.batch.look.records import Record
from pmo_path.batch.look.sheet_layout import LayoutReader, SheetLayout, number_of
from pmo_path.batch.look.zips import refuse_other_zips
from pmo_path.domain.columns import MAX_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from openpyxl.workbook import Workbook

NOT_A_SHEET = "PMO605"
MAX_MEMBERS = 2000
MAX_UNPACKED = 1 << 30
MAX_RATIO = 500
FAR = 4 * MAX_COLUMNS
"""A sheet that is wider than can be read is named; beyond this no row of it is looked at."""
_SMALL = 1 << 20
_CHUNK = 1 << 20
_OVERLAP = 4096
_REFERENCE = re.compile(rb'<(?:\w+:)?c [^>]*?\br="([A-Z]{1,4})([0-9]{1,8})"')
_UNCALCULATED = re.compile(
    rb'<(?:\w+:)?c [^>]*?\br="([A-Z]+[0-9]+)"[^>]*>\s*<(?:\w+:)?f\b[^>]*?'
    rb"(?:/>|>[^<]*</(?:\w+:)?f>)\s*(?:<(?:\w+:)?v\s*/>\s*)?</(?:\w+:)?c>"
)
_BROKEN = (
    InvalidFileException,
    OSError,
    EOFError,
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    RuntimeError,  # a part that is packed in a way, or for a version, that is not known
    SyntaxError,  # XML that is not well-formed, or forbidden by defusedxml
    ValueError,
    ArithmeticError,  # a date or a number beyond what there is
    KeyError,
)
"""What is raised where a workbook is damaged."""
_UNKNOWN = (AttributeError, TypeError, LookupError)
"""What is raised where it holds what the reader does not know, such as charts or an encoding."""
_READERS_WORDS = re.compile(r"Unable to read workbook: (could not .*?) from .*")
"""What the reader says of a part; the rest is about itself and a path of its own."""


class Table(NamedTuple):
    """One sheet of a workbook."""

    title: str
    rows: Iterator[Record]
    """Each with its number in the sheet; cells at the end of a row that hold nothing are left out."""
    layout: SheetLayout
    """What is merged and what is hidden in it."""


class Opened(NamedTuple):
    """A workbook that was looked over."""

    workbook: Workbook
    layouts: Mapping[str, SheetLayout]
    """By the part of the file that holds the sheet."""


@contextmanager
def opened(path: Path, name: str) -> Iterator[Opened]:
    """The workbook, after it was looked over. Raises InputInvalid."""
    with ExitStack() as stack:
        found = _loaded(path, name, stack)
        stack.callback(found.workbook.close)
        yield found


def _loaded(path: Path, name: str, stack: ExitStack) -> Opened:
    try:
        layouts = _look_over(path, name)
        # The reader goes by the ending of a name, where it is given one.
        stream = stack.enter_context(path.open("rb"))
        workbook = openpyxl.load_workbook(stream, read_only=True, data_only=True, keep_links=False)
    except _BROKEN as error:
        raise _broken(name, error) from None
    except _UNKNOWN:
        raise _broken(name, ValueError("it holds what is no table")) from None
    return Opened(workbook, layouts)


def tables_of(found: Opened, name: str, wanted: str | None) -> Iterator[Table]:
    """The sheets that are not hidden, or the one called `wanted`. Raises InputInvalid."""
    workbook = found.workbook
    sheets = [one for one in workbook.worksheets if one.sheet_state == "visible"]
    if wanted is not None:
        sheets = [one for one in workbook.worksheets if one.title.casefold() == wanted.casefold()]
        if not sheets:
            titles = ", ".join(f"'{one}'" for one in workbook.sheetnames)
            raise unusable(
                NOT_A_SHEET, name, f"there is no sheet called '{wanted}'", f"there are: {titles}"
            )
    for sheet in sheets:
        sheet.reset_dimensions()
        part = str(sheet._worksheet_path).lstrip("/")  # noqa: SLF001  no other way
        yield Table(sheet.title, _records(sheet, name), found.layouts.get(part, SheetLayout()))


def _broken(name: str, error: Exception) -> Exception:
    words = _READERS_WORDS.sub(r"\1", " ".join(str(error).split())) or type(error).__name__
    hint = "open it in a spreadsheet program and save it again as .xlsx, or as CSV"
    return unusable(NOT_A_SHEET, name, f"this workbook cannot be read: {words[:200]}", hint)


def _records(sheet: Any, name: str) -> Iterator[Record]:
    try:
        for number, row in enumerate(sheet.iter_rows(), 1):
            cells = [_text(cell) for cell in row]
            while cells and not cells[-1].strip():
                cells.pop()
            yield Record(number, cells)
    except (*_BROKEN, *_UNKNOWN) as error:
        raise _broken(name, error) from None


def _text(cell: Any) -> str:
    value = cell.value
    if isinstance(value, str):
        return value
    # To look a format up takes longer than all the rest, and numbers alone need it.
    is_number = isinstance(value, int | float)
    return text_of_cell(value, cell.number_format if is_number else "")


def _look_over(path: Path, name: str) -> dict[str, SheetLayout]:
    """The layout of each sheet, by the part that holds it."""
    layouts = {}
    with zipfile.ZipFile(path) as archive:
        members = archive.infolist()
        # Before any part is opened, which needs the password.
        if any(member.flag_bits & 1 for member in members):
            is_workbook = "xl/workbook.xml" in archive.namelist()
            what = "workbook" if is_workbook else "zip file"
            raise unusable(NOT_A_SHEET, name, f"this {what} is encrypted", "save it unprotected")
        refuse_other_zips(archive, name)
        unpacked = sum(one.file_size for one in members)
        packed = max(1, sum(one.compress_size for one in members))
        too_much = unpacked > MAX_UNPACKED or (unpacked > _SMALL and unpacked / packed > MAX_RATIO)
        if len(members) > MAX_MEMBERS or too_much:
            raise unusable(
                NOT_A_SHEET,
                name,
                f"this workbook unpacks to {unpacked:,} bytes in {len(members):,} parts",
                "save what is needed as CSV",
            )
        for member in members:
            if member.filename.startswith("xl/worksheets/") and member.filename.endswith(".xml"):
                layouts[member.filename] = _look_over_sheet(archive, member, name)
    return layouts


def _look_over_sheet(archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str) -> SheetLayout:
    before = b""
    reader = LayoutReader(name)
    with archive.open(member) as stream:
        while chunk := stream.read(_CHUNK):
            text = before + chunk
            for column, row in _REFERENCE.findall(text):
                if len(column) > 2 and number_of(column) > FAR:  # noqa: PLR2004
                    cell = (column + row).decode()
                    raise unusable(
                        NOT_A_SHEET,
                        name,
                        f"a cell stands far to the right of the {MAX_COLUMNS:,} columns that can "
                        f"be read: {cell}",
                        "delete the columns that are empty or not needed, or give a row for each "
                        "rating, with the columns person, competence and rating",
                    )
            found = _UNCALCULATED.search(text)
            if found is not None:
                raise unusable(
                    NOT_A_SHEET,
                    name,
                    f"the formula in {found[1].decode()} was never calculated",
                    "open the workbook in a spreadsheet program and save it",
                )
            reader.take(text)
            before = text[-_OVERLAP:]
    return reader.layout()
