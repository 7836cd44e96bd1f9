"""What people do not see in a workbook and `batch` reads or leaves out all the same, as notices."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_path.readers.table.sheet import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pmo_path.readers.table.csv_records import Record
    from pmo_path.readers.table.sheet import Column
    from pmo_path.readers.table.xlsx import Table

_SHOWN = 5


class HiddenRows:
    """Counts rows of a sheet that are hidden and not blank."""

    def __init__(self, hidden: frozenset[int]) -> None:
        self._hidden = hidden
        self.rows = 0

    def count(self, records: Iterable[Record]) -> Iterator[Record]:
        """The records as they come."""
        for record in records:
            if record.line in self._hidden and any(cell.strip() for cell in record.cells):
                self.rows += 1
            yield record


def hidden_notices(table: Table, columns: Sequence[Column], rows: int) -> Iterator[str]:
    """How many hidden rows and which hidden columns with ratings were read."""
    if rows:
        which = "1 row that is" if rows == 1 else f"{rows:,} rows that are"
        yield (
            f"read {which} hidden or filtered out in sheet '{table.title}'; delete rows that "
            "should not count"
        )
    ratings = [
        f"'{one.heading}'"
        for place, one in enumerate(columns)
        if one.kind is Kind.RATING and table.layout.is_hidden(place)
    ]
    if ratings:
        yield f"read hidden columns with ratings: {_list(ratings)}"


def merged_notices(rows: int) -> Iterator[str]:
    """In how many rows merged cells were read as the cells that they cover."""
    if rows:
        where = "1 row" if rows == 1 else f"{rows:,} rows"
        yield f"merged cells apply to every cell they cover (filled {where})"


def others_notice(titles: Sequence[str], *, is_ratings_file: bool) -> Iterator[str]:
    """Which other sheets of a workbook rate somebody too."""
    if titles and is_ratings_file:
        noun = "sheet" if len(titles) == 1 else "sheets"
        yield f"did not read {noun} {_list(titles)}; save the sheet that counts as a file of its own"
    elif titles:
        noun, verb, which = (
            ("sheet", "lists", "it") if len(titles) == 1 else ("sheets", "list", "one")
        )
        yield (
            f"did not read {noun} {_list(titles)}, which also {verb} people; "
            f"use --sheet to choose {which}"
        )


def _list(titles: Sequence[str]) -> str:
    more = len(titles) - _SHOWN
    return ", ".join(titles[:_SHOWN]) + (f" and {more:,} more" if more > 0 else "")
