"""What people do not see in a workbook and `batch` reads or leaves out all the same, as notices."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_path.batch.sheet import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pmo_path.batch.look.records import Record
    from pmo_path.batch.look.workbook import Table
    from pmo_path.batch.sheet import Column

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
        which = "1 row is" if rows == 1 else f"{rows:,} rows are"
        yield (
            f"{which} hidden or filtered out in sheet '{table.title}', and read like all others; "
            "delete what is not to count"
        )
    ratings = [
        f"'{one.heading}'"
        for place, one in enumerate(columns)
        if one.kind is Kind.RATING and table.layout.is_hidden(place)
    ]
    if ratings:
        yield f"columns with ratings are hidden, and read like all others: {_list(ratings)}"


def merged_notices(rows: int) -> Iterator[str]:
    """In how many rows merged cells were read as the cells that they cover."""
    if rows:
        where = "1 row" if rows == 1 else f"{rows:,} rows"
        yield f"merged cells count for every row and column that they cover ({where} filled)"


def others_notice(titles: Sequence[str]) -> Iterator[str]:
    """Which other sheets name people too."""
    if titles:
        noun, verb = ("sheet", "names") if len(titles) == 1 else ("sheets", "name")
        yield f"the {noun} {_list(titles)} {verb} people too and {'was' if len(titles) == 1 else 'were'} not read; --sheet reads another"


def _list(titles: Sequence[str]) -> str:
    more = len(titles) - _SHOWN
    return ", ".join(titles[:_SHOWN]) + (f" and {more:,} more" if more > 0 else "")
