"""Read the zipped parts of a workbook within limits: a small file can unpack to anything.

The limits count bytes and tags while unpacking, so that nothing too large is parsed.
"""

from __future__ import annotations

import zipfile
from typing import IO, TYPE_CHECKING, Any, BinaryIO, NamedTuple, Self

from pmo_path.domain.codes import Code
from pmo_path.domain.limits import (
    MAX_PART,
    MAX_PART_TAGS,
    MAX_ROW_BYTES,
    MAX_ROW_TAGS,
    MAX_STRING_TAGS,
    MAX_STRINGS,
)
from pmo_path.readers.files import unusable

if TYPE_CHECKING:
    from pathlib import Path

    from pmo_path.domain.errors import InputInvalid

_AS_CSV = "save the table that you need as CSV"
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
        return unusable(Code.TOO_LARGE, self._file, message, _AS_CSV)

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
