"""The rejects file: rejected rows as they came, after where they are from and why."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from pmo_path.batch.reasons import ANOTHER_ROW, NO_COMPETENCE, no_competence
from pmo_path.domain.columns import REJECT_COLUMNS
from pmo_path.domain.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pmo_path.batch.sheet import Reject, Sheet
    from pmo_path.batch.staged import Row

BETWEEN = " | "
"""Separates several columns, values or reasons of one row."""
KEPT = "fixed; keep this row"
"""The reason of a row that counts because it was fixed, and would not if it were missing."""
HASH = re.compile("row-[0-9a-f]{16}")
"""A hash begins with letters, so that no spreadsheet program reads it as a number."""


class Reasons(NamedTuple):
    """Why a row is rejected, as text: several are separated by `BETWEEN`."""

    columns: str
    values: str
    why: str


def reject_rows(
    sheet: Sheet, rejects: Sequence[Reject], rows: Sequence[Row]
) -> Iterator[tuple[object, ...]]:
    """Yield the headings, then each rejected row after its source and the reasons.

    `rejects` and `rows` are in order. The source of a row that was fixed, and is rejected again,
    is the row of the sheet that it replaces. Behind them come the rows that were fixed and count,
    so that these rows are all that the next run needs.
    """
    yield (*REJECT_COLUMNS, *sheet.input_headings)
    file = one_line(sheet.name)
    for row, reasons in with_reasons(rejects, rows):
        replaced = sheet.replaced.get(row.line)
        original = replaced.hash if replaced else row_hash(sheet.title, row.cells)
        yield (file, sheet.title, row.line, original, *reasons, *row.cells)
    rejected = {row.line for row in rows}
    for line, (original, cells) in sorted(sheet.replaced.items() if rows else ()):
        if cells is not None and line not in rejected:
            yield (file, sheet.title, line, original, *Reasons("", "", KEPT), *cells)


def with_reasons(rejects: Sequence[Reject], rows: Sequence[Row]) -> Iterator[tuple[Row, Reasons]]:
    """Yield each rejected row and the reasons. Both are in order."""
    by_line = {line: list(several) for line, several in groupby(rejects, lambda one: one.line)}
    for row in rows:
        of_row = by_line[row.line]
        yield (
            row,
            Reasons(
                columns=BETWEEN.join(reject.column for reject in of_row if reject.column),
                values=BETWEEN.join(reject.value for reject in of_row if reject.column),
                why=BETWEEN.join(
                    dict.fromkeys(f"{reject.code} {reject.reason}" for reject in of_row)
                ),
            ),
        )


def row_hash(title: str, cells: Sequence[str]) -> str:
    """The hash of a row of the sheet with this title: of its cells without spaces around them.

    Empty cells at the end do not count, so a row has the same hash in text and in a workbook.
    """
    content = [cell.strip() for cell in cells]
    while content and not content[-1]:
        content.pop()
    digest = hashlib.sha256(json.dumps([title, *content]).encode())
    return f"row-{digest.hexdigest()[:16]}"


class Cause(NamedTuple):
    """A reason for which rows are rejected."""

    first: Reject
    more: int
    """How many further rows are rejected for the same reason, with the same cell."""


def causes_first(rejects: Sequence[Reject]) -> list[Cause]:
    """Each reason, in the order of lines; those that follow from other rows come last.

    A competence that is not known is one reason, however many rows have it.
    """
    counts = Counter(reject.value for reject in rejects if reject.code == NO_COMPETENCE)
    causes, others = [], []
    for reject in rejects:
        if reject.code == ANOTHER_ROW:
            others.append(Cause(reject, 0))
        elif reject.code != NO_COMPETENCE:
            causes.append(Cause(reject, 0))
        elif reject.value in counts:
            causes.append(Cause(reject, counts.pop(reject.value) - 1))
    return causes + others


def unknown_competences(rejects: Iterable[Reject]) -> list[str]:
    """The texts in rows of a long sheet that name no competence and are near to none."""
    return list(
        dict.fromkeys(
            reject.value
            for reject in rejects
            if reject.code == NO_COMPETENCE and reject.reason == no_competence(reject.value)
        )
    )
