"""What a zip file is that is no Excel workbook: many programs pack their files so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_path.domain.codes import Code
from pmo_path.readers.table.problems import unusable

if TYPE_CHECKING:
    import zipfile

_AS_XLSX = "save it as .xlsx or as CSV"
_MIMETYPES = {
    "application/vnd.oasis.opendocument.spreadsheet": ("an OpenDocument sheet (.ods)", _AS_XLSX),
    "application/vnd.oasis.opendocument.text": (
        "an OpenDocument text (.odt)",
        "copy the table into a spreadsheet, and save that as .xlsx or as CSV",
    ),
    "application/vnd.oasis.opendocument": ("an OpenDocument file", _AS_XLSX),
}
_PARTS = (
    ("xl/workbook.bin", "a binary Excel workbook (.xlsb)", _AS_XLSX),
    (
        "word/document.xml",
        "a Word document (.docx)",
        "copy the table into a spreadsheet, and save that as .xlsx or as CSV",
    ),
    ("ppt/presentation.xml", "a PowerPoint presentation (.pptx)", "export the table as CSV"),
    ("Index/Document.iwa", "a file of Apple Numbers or Pages", f"export it: {_AS_XLSX}"),
    ("Index.zip", "a file of Apple Numbers or Pages", f"export it: {_AS_XLSX}"),
)
_TABLES = (".csv", ".tsv", ".txt", ".xlsx", ".parquet")
_LONGEST = 100


def refuse_other_zips(archive: zipfile.ZipFile, name: str) -> None:
    """Raises InputInvalid where a zip file plainly is no workbook of Excel."""
    parts = set(archive.namelist())
    if "xl/workbook.xml" in parts:
        return
    found = _by_mimetype(archive) or _by_part(parts) or _by_content(parts)
    if found is not None:
        what, hint = found
        raise unusable(Code.NOT_A_SHEET, name, f"this is {what}, not an Excel workbook", hint)


def _by_mimetype(archive: zipfile.ZipFile) -> tuple[str, str] | None:
    if "mimetype" not in archive.namelist():
        return None
    with archive.open("mimetype") as stream:
        said = stream.read(_LONGEST).decode("ascii", "replace").strip()
    return next((what for kind, what in _MIMETYPES.items() if said.startswith(kind)), None)


def _by_part(parts: set[str]) -> tuple[str, str] | None:
    return next(((what, hint) for part, what, hint in _PARTS if part in parts), None)


def _by_content(parts: set[str]) -> tuple[str, str] | None:
    if "[Content_Types].xml" in parts:
        return None
    tables = sorted(part for part in parts if part.casefold().endswith(_TABLES))
    if not tables:
        return "a zip file", "unpack it, and name the table in it"
    return f"a zip file with '{tables[0][:_LONGEST]}' in it", "unpack it first"
