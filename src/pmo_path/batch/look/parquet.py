"""A Parquet file as the private copy that the engine reads sheets from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb

from pmo_path.batch.engine import name as quoted
from pmo_path.batch.engine import sealed, text
from pmo_path.batch.look.problems import unusable

if TYPE_CHECKING:
    from pathlib import Path

NOT_A_SHEET = "PMO605"
MAGIC = b"PAR1"


def copy_parquet(source: Path, name: str, path: Path, folder: Path) -> tuple[str, ...]:
    """Copy the rows to `path`, each after its number; the names of the columns.

    Raises InputInvalid when the file is broken, or has columns that hold more than one value.
    """
    try:
        with sealed(folder, [source, path]) as connection:
            told = f"read_parquet({text(str(source))}, hive_partitioning = false)"
            described = connection.execute(f"DESCRIBE SELECT * FROM {told}").fetchall()
            headings = [str(row[0]) for row in described]
            nested = [
                row[0]
                for row in described
                if any(one in str(row[1]) for one in "[(")
                and not str(row[1]).startswith(("DECIMAL", "ENUM"))
            ]
            if nested:
                raise unusable(
                    NOT_A_SHEET,
                    name,
                    f"the column '{nested[0]}' holds several values a row",
                    "leave it out, or write it as text",
                )
            chosen = ", ".join(f"{quoted(one)}::VARCHAR" for one in headings)
            cells = [f"f{place}" for place in range(len(headings))]
            filled = " OR ".join(f"trim({one}) <> ''" for one in cells)
            # Numbers are those of the file, so rows are counted before blank ones are left out.
            connection.execute(
                f"COPY (SELECT * FROM (SELECT row_number() OVER (), {chosen} FROM {told}) "
                f"AS t({', '.join(['line', *cells])}) WHERE {filled}) "
                f"TO {text(str(path))} (FORMAT csv, HEADER false, USE_TMP_FILE false)"
            )
    except duckdb.Error as error:
        words = str(error).splitlines()[0].replace(str(source), name)
        raise unusable(
            NOT_A_SHEET, name, f"this Parquet file cannot be read: {words}", "write it anew"
        ) from None
    return tuple(headings)
