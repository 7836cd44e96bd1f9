"""Which row of a sheet holds the headings: titles and notes may stand above it."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING, NamedTuple

from pmo_path.batch.headings import plain
from pmo_path.batch.look.columns import rated_in
from pmo_path.domain.columns import COMPETENCE_HEADINGS, PERSON_HEADINGS, RATING_HEADINGS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pmo_path.batch.headings import Names
    from pmo_path.batch.look.records import Record

SEARCHED_ROWS = 40
"""How far down a sheet its headings are looked for."""


class Heading(NamedTuple):
    """The row of headings."""

    line: int
    cells: tuple[str, ...]
    remarks: tuple[str, ...] = ()
    """What stood above it."""


def heading_of(records: Sequence[Record], names: Names, wanted: int | None) -> Heading | None:
    """The row that names the most columns, or the one in line `wanted`; None where there is none.

    A cell that is empty in it takes its heading from the row above, as with merged cells.
    """
    filled = [one for one in records[:SEARCHED_ROWS] if any(cell.strip() for cell in one.cells)]
    if wanted is not None:
        filled = [one for one in filled if one.line <= wanted]
        best = next((one for one in filled if one.line == wanted), None)
    else:
        # The first of the best; without any name, the first row with more than a title.
        best = max(filled, key=lambda one: _named(one.cells, names), default=None)
    if best is None:
        return None
    above = [one for one in filled if one.line < best.line]
    cells, completed = _completed(best, above)
    remarks = []
    if completed:
        remarks.append(f"headings that are empty in line {best.line} taken from line {completed}")
    skipped = [str(one.line) for one in above if one.line != completed]
    if skipped:
        plural = "" if len(skipped) == 1 else "s"
        remarks.append(
            f"headings found in line {best.line}; skipped line{plural} {_list(skipped)} "
            "(--heading-line names another)"
        )
    return Heading(best.line, cells, tuple(remarks))


def is_of_people(heading: Heading, names: Names) -> bool:
    """Whether the headings name a person and what is rated, as those of an explanation do not."""
    rated, has_person, _ = _named(heading.cells, names)
    return rated > 0 and has_person


def _named(cells: Sequence[str], names: Names) -> tuple[int, bool, bool]:
    known = {plain(names.mapped(cell) or cell) for cell in cells}
    person = any(one in known for one in PERSON_HEADINGS)
    long = any(one in known for one in COMPETENCE_HEADINGS) and any(
        one in known for one in RATING_HEADINGS
    )
    filled = sum(bool(cell.strip()) for cell in cells)
    return rated_in(cells, names) + 2 * long, person, filled > 1


def _completed(best: Record, above: Sequence[Record]) -> tuple[tuple[str, ...], int]:
    """The headings, and the line that completes them; 0 for none."""
    row = above[-1] if above else best
    if row.line != best.line - 1:
        return tuple(best.cells), 0
    both = tuple(
        own if own.strip() else other
        for own, other in zip_longest(best.cells, row.cells, fillvalue="")
    )
    named = sum(bool(cell.strip()) for cell in row.cells)
    # A title stands in a single cell, and is no heading.
    return (both, row.line) if named > 1 and both != tuple(best.cells) else (tuple(best.cells), 0)


def _list(lines: Sequence[str]) -> str:
    return ", ".join(lines) if len(lines) <= 6 else f"{lines[0]} to {lines[-1]}"  # noqa: PLR2004
