"""Copy a Parquet file to the CSV file that sheets are read from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb

from pmo_path.batch.engine import name as quoted
from pmo_path.batch.engine import sealed, text
from pmo_path.domain.codes import Code
from pmo_path.domain.text import one_line
from pmo_path.readers.files import unusable

if TYPE_CHECKING:
    from pathlib import Path

    from pmo_path.domain.errors import InputInvalid


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
