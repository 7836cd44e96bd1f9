"""Rejected rows as they are written down: as they came, after what is wrong with them."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from pmo_path.batch.reasons import ANOTHER_ROW, NO_COMPETENCE, no_competence
from pmo_path.domain.columns import REJECT_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

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


class Cause(NamedTuple):
    """A reason for which rows are rejected."""

    first: Reject
    more: int
    """How many further rows are rejected for the same reason, with the same cell."""


def causes_first(rejects: Sequence[Reject]) -> list[Cause]:
    """Each reason, in the order of lines; those that follow from other rows come last.

    A competence that is not known is one reason, however many rows have it.
    """
    counts = Counter(one.value for one in rejects if one.code == NO_COMPETENCE)
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
