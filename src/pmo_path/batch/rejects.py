"""Rejected rows as they are written down: as they came, after what is wrong with them."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from pmo_path.domain.columns import REJECT_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pmo_path.batch.sheet import Reject, Sheet
    from pmo_path.batch.staged import Row

BETWEEN = " | "
"""What stands between several columns, values or reasons of one row."""


def reject_rows(
    sheet: Sheet, rejects: Sequence[Reject], rows: Sequence[Row]
) -> Iterator[tuple[object, ...]]:
    """The headings, then each rejected row after its line, columns, values and reasons.

    Corrected, these rows can be read as a sheet again. `rejects` and `rows` are in order.
    """
    yield (*REJECT_COLUMNS, *sheet.input_headings)
    reasons = {line: list(of_row) for line, of_row in groupby(rejects, lambda one: one.line)}
    for row in rows:
        of_row = reasons[row.line]
        columns = BETWEEN.join(one.column for one in of_row if one.column)
        values = BETWEEN.join(one.value for one in of_row if one.column)
        why = BETWEEN.join(dict.fromkeys(f"{one.code} {one.reason}" for one in of_row))
        yield (row.line, columns, values, why, *row.cells)
