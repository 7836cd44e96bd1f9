"""Results from the engine to a file, in the format that is asked for."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from pmo_path.batch.engine import text
from pmo_path.domain.formulas import PLAIN_NUMBER, STARTS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import duckdb

    from pmo_path.batch.results import Selecting

_AT_ONCE = 2000


class Output(StrEnum):
    """What results are written as."""

    CSV = "csv"
    XLSX = "xlsx"
    PARQUET = "parquet"
    JSON_LINES = "jsonl"


_COPY = {
    Output.CSV: "FORMAT csv, HEADER true",
    Output.PARQUET: "FORMAT parquet",
    Output.JSON_LINES: "FORMAT json",
}


def harmless_sql(value: str) -> str:
    """SQL of a text as SQL of what `pmo_path.domain.formulas.harmless` makes of it."""
    # A list of characters instead would be planned as a join, and that for each column.
    starts = "".join(f"\\x{{{ord(one):x}}}" for one in STARTS)
    risky = f"regexp_matches({value}, {text(f'^[{starts}]')})"
    number = f"regexp_full_match({value}, {text(PLAIN_NUMBER)})"
    return f"if({risky} AND NOT {number}, '''' || {value}, {value})"


def write(
    connection: duckdb.DuckDBPyConnection, results: Selecting, path: Path, output: Output
) -> None:
    """Let the engine write the results; not for XLSX, whose rows come from `rows`."""
    connection.execute(
        f"COPY ({results.query()}) TO {text(str(path))} ({_COPY[output]}, USE_TMP_FILE false)"
    )


def rows(
    connection: duckdb.DuckDBPyConnection, results: Selecting
) -> Iterator[tuple[object, ...]]:
    """The headings, then each row of the results."""
    cursor = connection.execute(results.query())
    yield tuple(column[0] for column in cursor.description or ())
    while several := cursor.fetchmany(_AT_ONCE):
        yield from several
