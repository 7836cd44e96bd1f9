"""Find ratings in columns without a header, below the first rows that were sniffed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_path.batch.engine import text
from pmo_path.batch.level_words import level_words_of
from pmo_path.domain.errors import InputInvalid
from pmo_path.readers.table.first_rows import MOSTLY
from pmo_path.readers.table.unnamed_columns import unnamed_ratings

_AT_ONCE = 50

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import duckdb

    from pmo_path.domain.cells import CellReader
    from pmo_path.readers.table.sheet import Sheet


def check_unnamed(
    connection: duckdb.DuckDBPyConnection, table: str, sheet: Sheet, reader: CellReader
) -> None:
    """Raise InputInvalid if columns without a header have levels in most of their cells.

    `table` has the cells of the sheet in `f0`, `f1` and so on.
    """
    if not sheet.unnamed:
        return
    levels, absent = (", ".join(map(text, texts)) for texts in words_for(reader))
    rated = [
        index
        for some in _pieces(sheet.unnamed)
        for index, (with_level, without, filled) in zip(
            some, _counted(connection, table, some, levels, absent), strict=True
        )
        if is_mostly_rated(with_level, without, filled)
    ]
    if rated:
        line = sheet.heading_line
        raise InputInvalid((unnamed_ratings(sheet.columns, rated, sheet.name, line),))


def _pieces(columns: Sequence[int]) -> Iterator[Sequence[int]]:
    """The columns in batches small enough for a query that lists all texts for each column."""
    for start in range(0, len(columns), _AT_ONCE):
        yield columns[start : start + _AT_ONCE]


def _counted(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    columns: Sequence[int],
    levels: str,
    absent: str,
) -> list[tuple[int, int, int]]:
    """The numbers of cells with a level, `n/a` and anything, by column."""
    counts = ", ".join(
        f"count(*) FILTER (trim(f{index}) IN ({levels})), "
        f"count(*) FILTER (trim(f{index}) IN ({absent})), count(nullif(trim(f{index}), ''))"
        for index in columns
    )
    row = connection.execute(f"SELECT {counts} FROM {table}").fetchall()[0]
    return [row[start : start + 3] for start in range(0, len(row), 3)]


def words_for(reader: CellReader) -> tuple[Sequence[str], Sequence[str]]:
    """The usual texts for levels, and those for n/a."""
    level_words = level_words_of(reader)
    end = level_words.not_applicable << level_words.shift
    return level_words.members[:end], level_words.members[end : end + (1 << level_words.shift)]


def is_mostly_rated(with_level: int, without: int, filled: int) -> bool:
    """Whether a column with these numbers of cells is a rating column."""
    return filled > 0 and with_level >= MOSTLY * (filled - without)
