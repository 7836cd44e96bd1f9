"""Write the table of results to a file in the requested format."""

from __future__ import annotations

import errno
import shutil
from typing import TYPE_CHECKING

import duckdb

from pmo_path.batch.engine import reason, text
from pmo_path.batch.results import RESULTS, ResultsQuery, today
from pmo_path.domain.options import SheetFormat
from pmo_path.domain.text import PLAIN_NUMBER, STARTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from pmo_path.batch.job import Job
    from pmo_path.batch.people_table import PeopleTable
    from pmo_path.batch.rejections import ScoredRole

_AT_ONCE = 2000
FIRST_WIDE = "\uff00"
"""The first character that may be a wide form of one that starts a formula."""
ROWS_AT_ONCE = 500_000
"""Rows of text that are written in one query."""


_COPY = {
    SheetFormat.CSV: "FORMAT csv, HEADER true",
    SheetFormat.PARQUET: "FORMAT parquet",
    SheetFormat.JSON_LINES: "FORMAT json",
}

_BELOW = {**_COPY, SheetFormat.CSV: "FORMAT csv, HEADER false"}
"""Copy options for rows appended to a file."""


def harmless_sql(value: str) -> str:
    """SQL that does to the text `value` what `pmo_path.domain.text.harmless` does."""
    # A list of characters instead would be planned as a join, and that for each column.
    starts = "".join(f"\\x{{{ord(start):x}}}" for start in STARTS)
    risky = f"regexp_matches({value}, {text(f'^[{starts}]')})"
    number = f"regexp_full_match({value}, {text(PLAIN_NUMBER)})"
    # Most texts begin with a letter, and are spared the patterns.
    letter = f"{value} >= 'A' AND {value} < '{FIRST_WIDE}'"
    return (
        f"CASE WHEN {letter} THEN {value} WHEN {risky} AND NOT {number} THEN '''' || {value} "
        f"ELSE {value} END"
    )


def number_sql(output: SheetFormat) -> Callable[[str], str] | None:
    """A function that turns SQL for a decimal into SQL for how it is written; None to keep decimals.

    Text formats drop trailing zeros: `2` and `0.5`, as in `assess`.
    """
    match output:
        case SheetFormat.CSV:
            return _trimmed
        case SheetFormat.JSON_LINES:
            return lambda value: f"({_trimmed(value)})::JSON"
        case SheetFormat.XLSX | SheetFormat.PARQUET:
            return None


def _trimmed(value: str) -> str:
    return f"rtrim(rtrim(({value})::VARCHAR, '0'), '.')"


def results_query(
    people: PeopleTable,
    roles: Sequence[ScoredRole],
    job: Job,
    output: SheetFormat,
    headings_of: tuple[str, ...] = (),
) -> ResultsQuery:
    """The query that exports results in a format; `headings_of` is that of `ResultsQuery`."""
    return ResultsQuery(
        people,
        tuple(role.id for role in roles),
        job.detail,
        job.date or today(),
        guard=harmless_sql if job.escapes(output) else None,
        number=number_sql(output),
        headings_of=headings_of,
    )


def write_results(results: ResultsQuery, path: Path, output: SheetFormat, piece: Path) -> None:
    """Write the results as CSV, Parquet or JSON Lines; XLSX is written from `result_rows`.

    The engine keeps text in memory until it is in order. So more than `ROWS_AT_ONCE` rows are
    written in several queries, each through the temporary file `piece`.
    """
    if output is SheetFormat.PARQUET or not results.detail.long:
        _copy(results, path, _COPY[output])
        return
    (last,) = results.staged.values(f"SELECT coalesce(max(number), 0) FROM {RESULTS}")
    people = max(1, ROWS_AT_ONCE // results.rows_a_person())
    with path.open("wb") as whole:
        for start in range(0, last + 1, people):
            some = results._replace(people=range(start, start + people))
            is_first_csv = output is SheetFormat.CSV and start == 0
            _copy(some, piece, _COPY[output] if is_first_csv else _BELOW[output])
            with piece.open("rb") as written:
                shutil.copyfileobj(written, whole)


def _copy(results: ResultsQuery, path: Path, options: str) -> None:
    copied = f"COPY ({results.query()}) TO {text(str(path))}"
    try:
        results.staged.connection.execute(f"{copied} ({options}, USE_TMP_FILE false)")
    except duckdb.IOException as error:
        if path.name in str(error):
            raise OSError(errno.EIO, reason(error)) from None
        raise  # about a temporary file


def result_rows(results: ResultsQuery) -> Iterator[tuple[object, ...]]:
    cursor = results.staged.connection.execute(results.query())
    yield tuple(column[0] for column in cursor.description or ())
    while batch := cursor.fetchmany(_AT_ONCE):
        yield from batch
