"""Detect the encoding of a table of text."""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from pmo_path.domain.codes import Code
from pmo_path.domain.limits import MAX_LINE
from pmo_path.readers.files import refuse_other_files, unusable
from pmo_path.readers.table.csv_records import too_long

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from typing import BinaryIO

    from pmo_path.domain.errors import InputInvalid

_CHUNK = 1 << 20
_SHOWN = 4
_MOST = 0.9
_AS_LATIN_1 = "pmo-path-as-latin-1"
_BOMS = (
    # The mark of UTF-16 is the first half of that of UTF-32.
    (codecs.BOM_UTF32_LE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF32_BE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
# A row that begins with neither a letter nor a digit may hold nothing but separators, whatever
# they are, and spaces, also those that are no ASCII.
_BLANK_ROW = re.compile(
    rb"\n(?:[^0-9A-Za-z\x80-\xff]|\xc2[\x85\xa0]|\xe1\x9a\x80|\xe2\x80|\xe2\x81\x9f|\xe3\x80\x80)"
)
_NOT_ASCII = re.compile(rb"[\x80-\xff]+")
_CHARACTER = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}"
    rb"|\xed[\x80-\x9f][\x80-\xbf]|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}"
    rb"|\xf4[\x80-\x8f][\x80-\xbf]{2}"
)
"""A character beyond ASCII as UTF-8 writes it; hardly any text in Windows-1252 looks like one."""
_LINE_END = re.compile(rb"\r\n|\r|\n")
_UNFINISHED = re.compile(rb"(?:\r|[\xc2-\xf4]|[\xe0-\xf4][\x80-\xbf]|[\xf0-\xf4][\x80-\xbf]{2})\Z")
"""What may go on in the next piece: half a line end, or the beginning of a character."""
_BYTES = 4
"""The most bytes of a character."""
_LONGEST = 3
"""Bytes of a character without its last."""


def _as_latin_1(error: UnicodeError) -> tuple[str, int]:
    """Read the five bytes that Windows-1252 does not define as browsers do."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("latin-1"), error.end


codecs.register_error(_AS_LATIN_1, _as_latin_1)


class Text(NamedTuple):
    """How to decode a file, and whether the engine can read it unchanged."""

    codec: str
    shown: str
    """What people call it."""
    is_clean: bool = False
    """UTF-8 with one kind of line end, no quotes, no blank rows, no NUL."""
    crlf: bool = False
    errors: str = "strict"
    """What is done with bytes that the codec does not know."""


Source: TypeAlias = "Callable[[], BinaryIO]"
"""Opens a file to read its bytes, as often as needed."""


def source_of(path: Path) -> Source:
    """A function that opens the file at `path`."""
    return lambda: path.open("rb")


def text_of(source: Source, name: str, encoding: str | None) -> Text:
    """Detect how to decode a file, unless an encoding is specified. Raises InputInvalid.

    A byte order mark decides, then strict UTF-8; everything else is read as Windows-1252.
    """
    with source() as stream:
        start = stream.read(_CHUNK)
    refuse_other_files(start, name)
    if encoding is not None:
        return _as_specified(source, start, encoding, name)
    for mark, codec, shown in _BOMS:
        if start.startswith(mark):
            is_utf8 = codec == "utf-8-sig"
            return _Scan.of(source, name).as_utf_8() if is_utf8 else Text(codec, shown)
    if unmarked := _utf_32(start):
        return Text(unmarked, "UTF-32")
    if unmarked := _utf_16(start):
        return Text(unmarked, "UTF-16")
    scan = _Scan.of(source, name)
    if scan.is_utf8:
        return scan.as_utf_8()
    _refuse_nearly_utf_8(source, name)
    return Text("cp1252", "Windows-1252", errors=_AS_LATIN_1)


def not_decoded(
    error: UnicodeError, text: Text, name: str, hint: str = "save it as UTF-8"
) -> InputInvalid:
    """The error for a file whose bytes are not of its encoding."""
    wrong = ""
    if isinstance(error, UnicodeDecodeError):  # some codecs raise what does not say where
        wrong = f"{error.object[error.start : error.end][:_SHOWN]!r} "
    message = f"the bytes {wrong}are not {text.shown}"
    return unusable(Code.INVALID_CHARACTERS, name, message, hint)


def _refuse_nearly_utf_8(source: Source, name: str) -> None:
    """Raise InputInvalid for UTF-8 with some invalid bytes, naming the first of them.

    As Windows-1252, every name with an accent would be wrong.
    """
    characters = others = 0
    wrong: tuple[int, bytes] | None = None
    for number, piece in _pieces(source):
        if piece.isascii():
            continue
        characters += len(_CHARACTER.findall(piece))
        rest = _CHARACTER.sub(b" ", piece)
        invalid = _NOT_ASCII.search(rest)
        others += sum(map(len, _NOT_ASCII.findall(rest)))
        if wrong is None and invalid is not None:
            # A character that was replaced has no line ends in it.
            before = rest[: invalid.start()]
            wrong = number + len(_LINE_END.findall(before)), invalid[0]
    if wrong is not None and characters >= others:
        where, first = wrong
        shown = " ".join(f"0x{byte:02X}" for byte in first[:_SHOWN])
        raise unusable(
            Code.INVALID_CHARACTERS,
            name,
            f"the file is UTF-8, but for {others:,} byte{'' if others == 1 else 's'}; "
            f"the first is {shown}",
            "save it as UTF-8 again; or, to read it all the same, name another --encoding "
            "(cp1252 for Western Europe)",
            where,
        )


def _pieces(source: Source) -> Iterator[tuple[int, bytes]]:
    """Yield the bytes of a file in pieces, each after the number of its first line.

    No piece ends within a character of UTF-8, nor between the two bytes of a line end.
    """
    number, held = 1, b""
    with source() as stream:
        while chunk := stream.read(_CHUNK):
            piece = held + chunk
            cut = _UNFINISHED.search(piece, max(0, len(piece) - _LONGEST))
            end = len(piece) if cut is None else cut.start()
            piece, held = piece[:end], piece[end:]
            yield number, piece
            number += len(_LINE_END.findall(piece))
    yield number, held


def _utf_32(start: bytes) -> str:
    """The variant of UTF-32 without a mark, by its zero bytes; empty for other text."""
    quarter = len(start) // 4
    if quarter == 0:
        return ""
    zeros = [start[offset : quarter * 4 : 4].count(0) for offset in range(4)]
    # No character needs the highest byte, and few need the second one.
    if zeros[3] == quarter and zeros[2] > _MOST * quarter and zeros[1] > quarter // 2:
        return "utf-32-le"
    is_big = zeros[0] == quarter and zeros[1] > _MOST * quarter and zeros[2] > quarter // 2
    return "utf-32-be" if is_big else ""


def _utf_16(start: bytes) -> str:
    """The variant of UTF-16 without a mark, by its zero bytes; empty for other text."""
    if start and start[1::2].count(0) > len(start) // 4:
        return "utf-16-le"
    return "utf-16-be" if start and start[::2].count(0) > len(start) // 4 else ""


def _as_specified(source: Source, start: bytes, encoding: str, name: str) -> Text:
    codec = codecs.lookup(encoding).name
    if codec == "utf-16" and not start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return Text(_utf_16(start) or "utf-16-le", "UTF-16")
    if codec not in {"utf-8", "utf-8-sig"}:
        return Text(codec, encoding, errors=_AS_LATIN_1 if codec == "cp1252" else "strict")
    return _Scan.of(source, name).as_utf_8()


class _Scan:
    """One pass over the bytes of a file."""

    def __init__(self) -> None:
        self.is_utf8 = True
        self._decoder = codecs.getincrementaldecoder("utf-8")("strict")
        self._lf = self._crlf = self._cr = 0
        self._odd = self._has_bare_lf = False
        self._before = b"\n"
        self._lines = 0
        self._open = 0
        """Bytes since the last end of a line."""

    @classmethod
    def of(cls, source: Source, name: str) -> _Scan:
        """A scan of the whole file. Raises InputInvalid where a line is longer than can be read."""
        scan = cls()
        with source() as stream:
            while chunk := stream.read(_CHUNK):
                scan._take(chunk)
                if scan._open > _BYTES * MAX_LINE:
                    raise too_long(name, scan._lines + 1)
        scan._decode(b"", is_last=True)
        return scan

    def as_utf_8(self) -> Text:
        """How to decode the file as UTF-8, whether it is or not."""
        # Every line is a record and ends like the others.
        only_crlf = self._cr == self._crlf == self._lf and not self._has_bare_lf
        is_clean = self.is_utf8 and not self._odd and (self._cr == 0 or only_crlf)
        return Text("utf-8-sig", "UTF-8", is_clean, self._crlf > 0)

    def _take(self, chunk: bytes) -> None:
        self._decode(chunk)
        last = max(chunk.rfind(b"\n"), chunk.rfind(b"\r"))
        self._lines += chunk.count(b"\n")
        self._open = self._open + len(chunk) if last < 0 else len(chunk) - last - 1
        seam = self._before + chunk
        if b"\r" in chunk:
            self._cr += chunk.count(b"\r")
            self._lf += chunk.count(b"\n")
            self._crlf += seam.count(b"\r\n")
        else:
            self._has_bare_lf = True
        self._odd = (
            self._odd or b'"' in chunk or b"\0" in chunk or _BLANK_ROW.search(seam) is not None
        )
        self._before = seam[-1:]

    def _decode(self, chunk: bytes, *, is_last: bool = False) -> None:
        is_cut = bool(self._decoder.getstate()[0])  # a character by the end of the last piece
        if self.is_utf8 and (is_cut or not chunk.isascii()):
            try:
                self._decoder.decode(chunk, is_last)
            except UnicodeDecodeError:
                self.is_utf8 = False
