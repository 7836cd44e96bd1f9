"""Read input files as bytes and text, or report why they cannot be read."""

from __future__ import annotations

import io
import os
import stat
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from pmo_path.domain.codes import Code
from pmo_path.domain.diagnostics import Diagnostic, Place
from pmo_path.domain.errors import InputInvalid
from pmo_path.domain.limits import MAX_DOCUMENT_BYTES as MAX_BYTES

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
