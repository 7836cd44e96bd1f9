"""A DuckDB connection that can open only the files it is given, and helpers to write SQL."""

from __future__ import annotations

import os
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING

import duckdb

from pmo_path.domain.errors import OutputFailed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

LEAST_MEMORY, MOST_MEMORY = 400, 600
"""Megabytes that the engine may take before it spills to its private folder."""
_ERRNO = re.compile(r'"errno":"(\d+)"')
_ABOUT_A_FILE = re.compile(r'file ".*": (.+)')
"""Older versions of the engine name the file and the reason alone."""
_FOR_TWO_AT_WORK = 18
"""Megabytes for each column without which it reads a sheet with one thread alone."""
_MANY_COLUMNS, _FOR_A_COLUMN = 200, 2


@contextmanager
def sealed(
    folder: Path, files: Iterable[Path], columns: int = 0, *, is_small: bool = False
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open an empty in-memory database that can read and write only `files`.

    A table of very many `columns` needs megabytes for each of them. With `is_small`, one thread
    and no optimizer: planning a query would take longer than running it.

    The engine cannot use the network, spills only to the private `folder`, and no query can
    change these settings. An interrupted query raises KeyboardInterrupt; a full disk raises
    OutputFailed.
    """
    memory = min(max(LEAST_MEMORY, columns * _FOR_TWO_AT_WORK), MOST_MEMORY)
    memory += max(0, columns - _MANY_COLUMNS) * _FOR_A_COLUMN
    spill = folder / "spill"
    connection = duckdb.connect(
        ":memory:",
        config={
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "temp_directory": str(spill),
            "memory_limit": f"{memory}MB",
            **({"threads": "1"} if is_small else {}),
        },
    )
    try:
        if is_small:
            connection.execute("PRAGMA disable_optimizer")
        connection.execute("SET checkpoint_threshold = '1GB'")
        # Progress is only counted while its bar is on; printing it is another setting.
        connection.execute("SET enable_progress_bar = true")
        connection.execute("SET enable_progress_bar_print = false")
        connection.execute(f"SET allowed_paths = [{', '.join(text(str(file)) for file in files)}]")
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
        with _plain_errors():
            yield connection
    finally:
        connection.close()


@contextmanager
def _plain_errors() -> Iterator[None]:
    try:
        yield
    except duckdb.InterruptException:
        raise KeyboardInterrupt from None
    except RuntimeError as error:
        if str(error) == "Query interrupted":
            raise KeyboardInterrupt from None
        raise
    except (duckdb.IOException, duckdb.OutOfMemoryException) as error:
        raise OutputFailed(f"the engine ran out of room: {reason(error)}") from None


def reason(error: duckdb.Error) -> str:
    """The cause of an error: the operating system's message if there is one, else the first line."""
    number = _ERRNO.search(str(error))
    if number:
        return os.strerror(int(number[1]))
    first = str(error).splitlines()[0]
    match = _ABOUT_A_FILE.search(first)
    return match[1] if match else first


def share_done(connection: duckdb.DuckDBPyConnection) -> float | None:
    """The progress of the running query from 0 to 1, or None if it is unknown.

    Safe to call from another thread, also after the connection is closed.
    """
    try:
        percent = float(connection.query_progress())
    except duckdb.ConnectionException:  # closed already
        return None
    return percent / 100 if percent >= 0 else None


def text(value: str) -> str:
    """Quote a text as an SQL literal."""
    literals = ["'" + part.replace("'", "''") + "'" for part in value.split("\0")]
    # Some versions of the engine take a NUL for the end of the query.
    return literals[0] if len(literals) == 1 else f"({' || chr(0) || '.join(literals)})"


def enum_members(values: Iterable[str]) -> str:
    """SQL for the members of an enum type, in order.

    A list would have to hold constants, and a text with a NUL is not a constant.
    """
    return f"(SELECT unnest([{', '.join(map(text, values))}]))"


def name(value: str) -> str:
    """Quote a column or table name as an SQL identifier."""
    return '"' + value.replace('"', '""') + '"'
