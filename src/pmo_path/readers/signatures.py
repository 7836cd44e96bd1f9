"""The first bytes of files that are not text."""

from __future__ import annotations

from typing import NamedTuple


class Signature(NamedTuple):
    """How files of a kind begin, what people call them, and what to do with one instead."""

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


def signature_of(content: bytes) -> Signature | None:
    """The signature with which `content` begins; None for text."""
    return next((known for known in _SIGNATURES if content.startswith(known.start)), None)
