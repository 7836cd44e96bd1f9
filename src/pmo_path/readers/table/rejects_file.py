"""The rejects file: rejected rows, unchanged, after their source and reasons."""

from __future__ import annotations

import hashlib
import json
import re
import shlex
import unicodedata
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pmo_path.domain.codes import Code
from pmo_path.domain.columns import REJECT_COLUMNS, REJECT_SOURCE, are_of_rejects
from pmo_path.domain.text import as_it_was, one_line
from pmo_path.readers.files import unusable
from pmo_path.readers.table.rejected_rows import no_competence

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pmo_path.domain.errors import InputInvalid
    from pmo_path.domain.team import RejectedRow
    from pmo_path.readers.table.csv_records import Record
    from pmo_path.readers.table.rejected_rows import Rejection, Rejections, Row
    from pmo_path.readers.table.sheet import Sheet

BETWEEN = " | "
"""Separates several columns, values or reasons of one row."""
KEPT = "fixed; keep this row"
"""The reason of a row that counts because it was fixed, and would not if it were missing."""
_UNKNOWN = 2
_FILE, _, _, _HASH = REJECT_SOURCE
_STDIN = "<stdin>"
_FOLDERS = re.compile(r"[\\/]")
HASH = re.compile("row-[0-9a-f]{16}")
"""A hash begins with letters, so that no spreadsheet program reads it as a number."""


class Reasons(NamedTuple):
    """Why a row is rejected, as texts, joined by `BETWEEN`."""

    columns: str
    values: str
    why: str


def reject_rows(sheet: Sheet, rejections: Rejections) -> Iterator[tuple[object, ...]]:
    """Yield the headings, then each rejected row after its source and the reasons.

    The source of a fixed row that is rejected again is the row of the sheet that it replaces.
    Fixed rows that count come last, so that the file is all that the next run needs.
    """
    yield (*REJECT_COLUMNS, *sheet.input_headings)
    rejected = set()
    for row, reasons in with_reasons(rejections):
        rejected.add(row.line)
        replaced = sheet.replaced.get(row.line)
        original = replaced.hash if replaced else row_hash(sheet.title, row.cells)
        file, title, at = sheet.origin(row.line)
        yield (one_line(file), title, at or "", original, *reasons, *row.cells)
    for line, (original, cells) in sorted(sheet.replaced.items() if rejected else ()):
        if cells is not None and line not in rejected:
            file = one_line(sheet.name)
            yield (file, sheet.title, line, original, *Reasons("", "", KEPT), *cells)


def with_reasons(rejections: Iterable[Rejection]) -> Iterator[tuple[Row, Reasons]]:
    """Yield each rejected row and the reasons."""
    for row, rejects in rejections:
        yield (
            row,
            Reasons(
                columns=BETWEEN.join(reject.column for reject in rejects if reject.column),
                values=BETWEEN.join(reject.value for reject in rejects if reject.column),
                why=BETWEEN.join(
                    dict.fromkeys(f"{reject.code} {reject.reason}" for reject in rejects)
                ),
            ),
        )


def row_hash(title: str, cells: Sequence[str]) -> str:
    """The hash of a row of the sheet with this title, ignoring spaces around its cells.

    Empty cells at the end do not count, so a row has the same hash in text and in a workbook.
    """
    content = [cell.strip() for cell in cells]
    while content and not content[-1]:
        content.pop()
    digest = hashlib.sha256(json.dumps([title, *content]).encode())
    return f"row-{digest.hexdigest()[:16]}"


def located(sheet: Sheet, reject: RejectedRow) -> RejectedRow:
    """A reason with the line in its own file, and that file if there are several."""
    if not sheet.inputs:
        return reject
    file, title, line = sheet.origin(reject.line)
    return reject._replace(line=line, file=file, sheet=title)


class Cause(NamedTuple):
    """A reason for which rows are rejected."""

    first: RejectedRow
    more: int
    """How many further rows are rejected for the same reason, with the same cell."""


class Causes(NamedTuple):
    """The reasons to show for the rejected rows of a sheet."""

    first: list[Cause]
    """In the order of lines; those that follow from other rows come last."""
    more: int
    """How many further reasons there are."""
    unknown: list[str]
    """Texts in rows of a long sheet that name no competence and are near to none: the first two."""


def causes_of(rejects: Iterable[RejectedRow], shown: int) -> Causes:
    """The first reasons, and the number of the others.

    An unknown competence is one reason, however many rows have it.
    """
    causes: list[RejectedRow] = []
    others: list[RejectedRow] = []
    unknown: dict[str, None] = {}
    counts: Counter[str] = Counter()
    count = 0
    for reject in rejects:
        count += 1
        if reject.code == Code.ROW_OF_REJECTED_PERSON:
            if len(others) < shown:
                others.append(reject)
            continue
        is_known = reject.code == Code.ROW_UNKNOWN_COMPETENCE and reject.value in counts
        if reject.code == Code.ROW_UNKNOWN_COMPETENCE:
            counts[reject.value] += 1
            if len(unknown) < _UNKNOWN and reject.reason == no_competence(reject.value):
                unknown[reject.value] = None
        if not is_known and len(causes) < shown:
            causes.append(reject)
    first = [
        Cause(
            reject, counts[reject.value] - 1 if reject.code == Code.ROW_UNKNOWN_COMPETENCE else 0
        )
        for reject in (*causes, *others)[:shown]
    ]
    return Causes(first, count - sum(1 + cause.more for cause in first), list(unknown))


# --- A rejects file that is passed as a sheet -----------------------------------------------------


def refuse_rejects(name: str, headings: Record, below: Iterable[Record]) -> None:
    """Raise InputInvalid for a rejects file that is passed as a sheet of people."""
    if not are_of_rejects(headings.cells):
        return
    own = [heading.strip() for heading in headings.cells]
    if _HASH not in own:
        raise of_older_version(name, headings.line)
    files = (row.cell(own.index(_FILE)) for row in below) if _FILE in own else ()
    file = as_it_was(next(filter(None, files), "PEOPLE"))
    command = ["pmo-path", "batch", "-" if file == _STDIN else _from_here(file, name)]
    command += ["--fixed", "FILE" if name == _STDIN else name]
    message = "these are the rejected rows of a sheet, not the sheet: its other rows would be lost"
    hint = (
        "fix the rows and pass both, with the options of the first run, such as --role and -o: "
        f"{shlex.join(command)}"
    )
    raise mismatch(name, message, hint, headings.line)


def _from_here(file: str, rejects: str) -> str:
    """The path of the sheet: as the rejects file has it, or beside the rejects file."""
    beside = Path(rejects).parent / file_name(file)
    return str(beside) if not _is_file(Path(file)) and _is_file(beside) else file


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # no file can be called so
        return False


def of_older_version(name: str, line: int) -> InputInvalid:
    """The error for rejected rows without their hashes."""
    message = f"these rejected rows do not say what they are from: there is no column '{_HASH}'"
    hint = "run batch on the sheet again, and fix the rejects file that it writes"
    return mismatch(name, message, hint, line)


def file_name(path: str) -> str:
    """The name of a file without its folders, in composed characters."""
    return unicodedata.normalize("NFC", _FOLDERS.split(path)[-1])


def mismatch(name: str, message: str, hint: str, line: int = 0) -> InputInvalid:
    """The error for rejected rows that cannot be put back."""
    return unusable(Code.REJECTS_MISMATCH, name, message, hint, line)
