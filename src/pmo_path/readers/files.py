"""Read input files as bytes and text, and recognise types of files by their first bytes."""

from __future__ import annotations

import codecs
import io
import os
import stat
import zipfile
import zlib
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, NamedTuple

from pmo_path.domain.codes import Code
from pmo_path.domain.diagnostics import Diagnostic, Place
from pmo_path.domain.errors import InputInvalid
from pmo_path.domain.limits import MAX_DOCUMENT_BYTES as MAX_BYTES
from pmo_path.domain.self_scoring import PROPERTY, STAMP

try:
    from lzma import LZMAError
except ImportError:  # Python can be built without it, and zipfile then raises RuntimeError
    LZMAError = RuntimeError  # type: ignore[assignment,misc]

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import BinaryIO

_LOOKED_AT = 400
"""Bytes that show the encoding of a text."""
WRITER_WAIT = 3.0
"""Seconds that a named pipe may take to get its writer, which a shell starts at the same time."""


def read_bytes(path: Path, limit: int = MAX_BYTES) -> bytes:
    """Read a file, or a pipe to its end. Raises InputInvalid where it cannot be read or is too large."""
    name = str(path)
    try:
        with opened(path) as stream:
            content = stream.read(limit + 1)
    except (OSError, ValueError) as error:
        raise not_read(name, error) from None
    return within_limit(content, name, limit)


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """Open a file, or a pipe that has a writer. Raises OSError, ValueError, and InputInvalid."""
    # Opening a named pipe blocks until it has a writer, which may be never.
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    with os.fdopen(handle, "rb") as stream:
        has_writer = _wait_for_writer(handle)
        wait_for_input(stream)
        if not has_writer and not stream.peek(1):
            hint = "start the program that fills it"
            raise unusable(Code.UNREADABLE, str(path), "nothing is writing to this pipe", hint)
        yield stream


def read_to_end(stream: BinaryIO) -> bytes:
    """Read a stream to its end, however slowly it comes, but no more than one byte too many."""
    wait_for_input(stream)
    return stream.read(MAX_BYTES + 1)


def wait_for_input(stream: BinaryIO) -> None:
    """Make reads wait for input: a pipe that does not wait seems to end when its writer pauses.

    Whoever shares a pipe can have set it so, stdin included.
    """
    if not hasattr(os, "O_NONBLOCK"):
        return
    with suppress(io.UnsupportedOperation):  # a stream in memory
        os.set_blocking(stream.fileno(), True)


def _wait_for_writer(handle: int) -> bool:
    """Whether a pipe got something to read in time; true for everything that is not a pipe."""
    if not stat.S_ISFIFO(os.fstat(handle).st_mode):
        return True
    import select  # noqa: PLC0415  only pipes need it

    return bool(select.select([handle], [], [], WRITER_WAIT)[0])


def not_read(name: str, error: OSError | ValueError) -> InputInvalid:
    """The error for a file that is not there or cannot be opened."""
    match error:
        case FileNotFoundError():
            message, hint = "there is no such file", "check the path"
        case IsADirectoryError():
            message, hint = "this is a folder", "name a file in it"
        case PermissionError():
            message, hint = "no permission to read it", "check who owns it"
        case _:
            reason = getattr(error, "strerror", None) or error
            message, hint = f"it cannot be read: {reason}", ""
    return unusable(Code.UNREADABLE, name, message, hint)


def within_limit(content: bytes, name: str, limit: int = MAX_BYTES) -> bytes:
    """`content`, unless it is larger than a framework or ratings file may be. Raises InputInvalid."""
    if len(content) > limit:
        raise too_large(name, limit)
    return content


def too_large(name: str, limit: int) -> InputInvalid:
    """The error for a file that has more bytes than are read of its kind."""
    message = f"it is larger than {limit >> 20:,} MiB"
    return unusable(Code.TOO_LARGE, name, message, "check that this is the right file")


def decode(content: bytes, name: str) -> str:
    """Text from UTF-8 bytes, with or without a byte order mark. Raises InputInvalid."""
    other = _other_encoding(content)
    if other:
        message = f"it is {other}, not UTF-8"
        raise unusable(Code.INVALID_CHARACTERS, name, message, "save it again as UTF-8")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        *above, line = content[: error.start].split(b"\n")
        place = Place(name, len(above) + 1, len(line.decode("utf-8", "replace")) + 1)
        message = f"the byte 0x{content[error.start]:02X} is not UTF-8"
        hint = "save the file again as UTF-8"
        diagnostic = Diagnostic(place, Code.INVALID_CHARACTERS, message, hint)
        raise InputInvalid((diagnostic,)) from None


def _other_encoding(content: bytes) -> str:
    """UTF-16 or UTF-32, with or without a byte order mark; empty for any other text."""
    if content.startswith((b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff")):
        return "UTF-32"
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "UTF-16"
    begin = content[:_LOOKED_AT]
    # Of each letter of these alphabets one byte in two, or three in four, is zero.
    if begin.count(0) * 2 > len(begin):
        return "UTF-32"
    return "UTF-16" if begin.count(0) * 3 > len(begin) else ""


def unusable(code: Code, name: str, message: str, hint: str = "", line: int = 0) -> InputInvalid:
    """The error for a file with a single mistake, in one of its lines or as a whole."""
    return InputInvalid((problem(code, name, message, hint, line),))


def problem(code: Code, name: str, message: str, hint: str = "", line: int = 0) -> Diagnostic:
    """A mistake in a file, in one of its lines or as a whole."""
    return Diagnostic(Place(name, line, 1 if line else 0), code, message, hint)


# --- What the first bytes show --------------------------------------------------------------------


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
DAMAGED_ZIP = (
    OSError,
    EOFError,
    zipfile.BadZipFile,
    zlib.error,
    LZMAError,
    RuntimeError,  # a part that is packed in a way, or for a version, that is not known
    ValueError,
)
"""What reading a damaged zip file raises."""
_PART_LOOKED_AT = 1 << 16
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
    except DAMAGED_ZIP:
        return False  # its reader reports it


def _begins_with(archive: zipfile.ZipFile, part: str, text: str) -> bool:
    """Whether a text is near the beginning of a part."""
    if part not in archive.namelist():
        return False
    with archive.open(part) as stream:
        return text.encode() in stream.read(_PART_LOOKED_AT)


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
