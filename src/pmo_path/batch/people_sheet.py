"""Open a sheet of people: sniff it, put fixed rows back, and make it a file that the engine reads."""

from __future__ import annotations

from contextlib import suppress
from itertools import islice
from typing import TYPE_CHECKING

import duckdb

from pmo_path.batch.engine import name as quoted
from pmo_path.batch.engine import sealed, text
from pmo_path.domain.codes import Code
from pmo_path.domain.limits import MAX_TABLE_BYTES
from pmo_path.domain.text import one_line
from pmo_path.readers.files import unusable
from pmo_path.readers.table.corrections import Fixes, read_fixed
from pmo_path.readers.table.csv_records import Record, records_of
from pmo_path.readers.table.encoding import source_of
from pmo_path.readers.table.header_row import sample_rows
from pmo_path.readers.table.normalise import copy_rows, records_of_copy
from pmo_path.readers.table.sniffer import Sniffer

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from pmo_path.domain.errors import InputInvalid
    from pmo_path.domain.framework import Framework
    from pmo_path.readers.table.sheet import Sheet, SheetOptions

SMALL_BYTES = 200_000
"""Up to this size, some thousands of people, planning a query takes longer than running it."""


def open_people_sheet(
    source: Path, framework: Framework, options: SheetOptions, folder: Path, name: str
) -> Sheet:
    """Sniff the sheet at `source`, and copy to `folder` what the engine cannot read as it is.

    Raises InputInvalid with everything that makes the sheet unusable.
    """
    with suppress(OSError):  # sniffing reports why it cannot be read
        _check_size(source, name)
    sheet = _PeopleSniffer(source, name, framework, options, folder).sheet()
    return sheet._replace(is_small=sheet.path.stat().st_size < SMALL_BYTES)


def _check_size(source: Path, name: str) -> None:
    if source.stat().st_size > MAX_TABLE_BYTES:
        message = f"it is larger than {MAX_TABLE_BYTES >> 20:,} MiB"
        raise unusable(Code.TOO_LARGE, name, message, "divide it into several files")


class _PeopleSniffer(Sniffer):
    def __init__(
        self, path: Path, name: str, framework: Framework, options: SheetOptions, folder: Path
    ) -> None:
        super().__init__(source_of(path), name, framework, options)
        self._path, self._folder = path, folder
        self._fixed = [read_fixed(path) for path in options.fixed]

    def _take(self, records: Iterable[Record], sheet: Sheet, *, is_clean: bool) -> Sheet:
        if is_clean and not self._fixed and not self._options.has_lines:
            return sheet._replace(path=self._path)
        return self._copied(records, sheet, self._folder / "sheet.csv")

    def _of_parquet(self) -> Sheet:
        path = self._folder / "sheet.csv"
        headings = copy_parquet(self._path, self._name, path, self._folder)
        most = sample_rows(len(headings))
        with path.open(encoding="utf-8", newline="") as stream:
            copied = list(islice(records_of(stream, ","), most + 1))
        # The copy has the number of each row before its cells.
        numbered = [Record(int(row.cells[0]), row.cells[1:]) for row in copied]
        first = self._cells(numbered[:most], is_whole=len(numbered) <= most)
        sheet = self._matched_headings(headings, 0, first, ("read as Parquet",))
        if not self._fixed:
            return sheet._replace(path=path, is_copy=True, quoted=True)
        return self._copied(records_of_copy(path), sheet, self._folder / "fixed.csv")

    def _copied(self, records: Iterable[Record], sheet: Sheet, path: Path) -> Sheet:
        fixes = Fixes(self._fixed, sheet)
        copied = copy_rows(fixes.applied(records), sheet.columns, path, self._name)
        fixes.check_all_applied()
        return sheet._replace(
            path=path,
            is_copy=True,
            delimiter=",",
            crlf=True,
            skip=0,
            quoted=copied.quoted,
            rejections=copied.rejections,
            sample=copied.sample,
            shifted=copied.shifted,
            below_blank=copied.below_blank,
            replaced=fixes.replaced,
            notices=(*sheet.notices, *fixes.notices()),
        )


# --- Parquet -------------------------------------------------------------------------------------


def copy_parquet(source: Path, name: str, path: Path, folder: Path) -> tuple[str, ...]:
    """Copy the rows with their numbers to `path`, and return the column names.

    Raises InputInvalid if the file is damaged or has nested columns, and OutputFailed if there is
    no room for the copy.
    """
    table = f"read_parquet({text(str(source))}, hive_partitioning = false)"
    try:
        with sealed(folder, [source, path]) as connection:
            try:
                return _copied(connection, table, name, path)
            except duckdb.IOException as error:
                # The engine says the same of a file that is cut off and of a full disk.
                if _is_readable(connection, table):
                    raise
                raise _damaged(source, name, error) from None
    except duckdb.Error as error:
        raise _damaged(source, name, error) from None


def _copied(
    connection: duckdb.DuckDBPyConnection, table: str, name: str, path: Path
) -> tuple[str, ...]:
    described = connection.execute(f"DESCRIBE SELECT * FROM {table}").fetchall()
    headings = [str(row[0]) for row in described]
    nested = [
        row[0]
        for row in described
        if any(bracket in str(row[1]) for bracket in "[(")
        and not str(row[1]).startswith(("DECIMAL", "ENUM"))
    ]
    if nested:
        raise unusable(
            Code.NOT_A_SHEET,
            name,
            f"the column '{nested[0]}' holds several values a row",
            "leave it out, or write it as text",
        )
    chosen = ", ".join(f"{quoted(heading)}::VARCHAR" for heading in headings)
    cells = [f"f{index}" for index in range(len(headings))]
    filled = " OR ".join(f"trim({cell}) <> ''" for cell in cells)
    # Row numbers refer to the file, so rows are counted before blank ones are dropped.
    connection.execute(
        f"COPY (SELECT * FROM (SELECT row_number() OVER (), {chosen} FROM {table}) "
        f"AS t({', '.join(['line', *cells])}) WHERE {filled}) "
        f"TO {text(str(path))} (FORMAT csv, HEADER false, USE_TMP_FILE false)"
    )
    return tuple(headings)


def _is_readable(connection: duckdb.DuckDBPyConnection, table: str) -> bool:
    """Whether every value of a table can be read."""
    try:
        connection.execute(f"SELECT max(hash(COLUMNS(*))) FROM {table}").fetchall()
    except duckdb.Error:
        return False
    return True


def _damaged(source: Path, name: str, error: duckdb.Error) -> InputInvalid:
    message = one_line(str(error).splitlines()[0].replace(str(source), name))
    return unusable(
        Code.NOT_A_SHEET,
        name,
        f"this Parquet file is damaged or incomplete: {message}",
        "copy or export it again",
    )
