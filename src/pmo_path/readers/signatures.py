"""Identify a file by its first bytes or the contents of a zip file, and reject other types."""

from __future__ import annotations

import codecs
import io
import zipfile
import zlib
from typing import NamedTuple

from pmo_path.domain.codes import Code
from pmo_path.domain.self_scoring import PROPERTY, STAMP
from pmo_path.readers.files import unusable


class Signature(NamedTuple):
    """The first bytes of a file type, its name, and what to do with such a file instead."""

    start: bytes
    name: str
    hint: str = ""


ZIP = Signature(
    b"PK\x03\x04", "a zip file or a workbook", "name a workbook .xlsx, or unpack the file"
)
PARQUET = Signature(b"PAR1", "a Parquet table")
_SIGNATURES = (
    ZIP,
    PARQUET,
    Signature(b"\xd0\xcf\x11\xe0", "an old Excel file (.xls)", "save it as .xlsx or as CSV"),
    Signature(b"\x1f\x8b", "a gzip file", "unpack it first"),
    Signature(b"%PDF", "a PDF", "export the table as .xlsx or CSV"),
)
LONGEST = max(len(signature.start) for signature in _SIGNATURES)
_AS_XLSX = "save it as .xlsx or as CSV"
_FROM_TEXT = "copy the table into a spreadsheet, and save that as .xlsx or as CSV"
_MARKUP = (b"<!doctype", b"<html", b"<?xml", b"<table")
_MIMETYPES = {
    "application/vnd.oasis.opendocument.spreadsheet": ("an OpenDocument sheet (.ods)", _AS_XLSX),
    "application/vnd.oasis.opendocument.text": ("an OpenDocument text (.odt)", _FROM_TEXT),
    "application/vnd.oasis.opendocument": ("an OpenDocument file", _AS_XLSX),
}
_PARTS = (
    ("xl/workbook.bin", "a binary Excel workbook (.xlsb)", _AS_XLSX),
    ("word/document.xml", "a Word document (.docx)", _FROM_TEXT),
    ("ppt/presentation.xml", "a PowerPoint presentation (.pptx)", "export the table as CSV"),
    ("Index/Document.iwa", "a file of Apple Numbers or Pages", f"export it: {_AS_XLSX}"),
    ("Index.zip", "a file of Apple Numbers or Pages", f"export it: {_AS_XLSX}"),
)
_TABLES = (".csv", ".tsv", ".txt", ".xlsx", ".parquet")
_LONGEST = 100
_LOOKED_AT = 1 << 16
"""Bytes of a part of a workbook that show whether it scores itself."""
_SELF_SCORED = {"docProps/custom.xml": f'"{PROPERTY}"', "xl/workbook.xml": f'name="{STAMP}"'}
"""Parts of such a workbook, and what is in them: programs may drop one of the two."""


def signature_of(content: bytes) -> Signature | None:
    """The signature with which `content` begins; None for text."""
    return next((known for known in _SIGNATURES if content.startswith(known.start)), None)


def is_self_scored(content: bytes) -> bool:
    """Whether a file is a workbook that scores itself, with or without the sheet that says so."""
    if signature_of(content) is not ZIP or b"xl/workbook" not in content:
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return any(_begins_with(archive, part, text) for part, text in _SELF_SCORED.items())
    except (
        zipfile.BadZipFile,
        zlib.error,
        OSError,
        EOFError,
        ValueError,
        NotImplementedError,
        RuntimeError,
    ):
        return False  # a damaged one, which its reader reports


def _begins_with(archive: zipfile.ZipFile, part: str, text: str) -> bool:
    """Whether a text is near the beginning of a part."""
    if part not in archive.namelist():
        return False
    with archive.open(part) as stream:
        return text.encode() in stream.read(_LOOKED_AT)


def refuse_other_files(start: bytes, name: str) -> None:
    """Raise InputInvalid where the first bytes of a file are not those of a table of text."""
    signature = signature_of(start)
    begin = start.lstrip(codecs.BOM_UTF8 + b" \t\r\n")[:20].lower()
    code, message, hint = Code.NOT_A_SHEET, "", "export it as .xlsx or CSV"
    if signature is not None:
        message, hint = f"this is {signature.name}, not a table of text", signature.hint
    elif begin.startswith(_MARKUP):
        message = "this is a page, not a table of text"
    elif begin.startswith((b"{", b"[")):
        message = "this is JSON, not a table"
    elif not start.strip():
        code, message, hint = Code.EMPTY_FILE, "the file is empty", "export the sheet again"
    if message:
        raise unusable(code, name, message, hint)


def refuse_other_zips(archive: zipfile.ZipFile, name: str) -> None:
    """Raise InputInvalid for a zip file that is clearly not an Excel workbook."""
    parts = set(archive.namelist())
    if "xl/workbook.xml" in parts:
        return
    by_part = ((what, hint) for part, what, hint in _PARTS if part in parts)
    kind = _by_mimetype(archive) or next(by_part, None) or _by_content(parts)
    if kind is not None:
        what, hint = kind
        raise unusable(Code.NOT_A_SHEET, name, f"this is {what}, not an Excel workbook", hint)


def _by_mimetype(archive: zipfile.ZipFile) -> tuple[str, str] | None:
    if "mimetype" not in archive.namelist():
        return None
    with archive.open("mimetype") as stream:
        mimetype = stream.read(_LONGEST).decode("ascii", "replace").strip()
    return next((kind for start, kind in _MIMETYPES.items() if mimetype.startswith(start)), None)


def _by_content(parts: set[str]) -> tuple[str, str] | None:
    if "[Content_Types].xml" in parts:
        return None
    tables = sorted(part for part in parts if part.casefold().endswith(_TABLES))
    if not tables:
        return "a zip file", "unpack it, and name the table in it"
    return f"a zip file with '{tables[0][:_LONGEST]}' in it", "unpack it first"
