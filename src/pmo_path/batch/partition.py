"""Score a part of a sheet that was read and divided elsewhere, such as by Spark.

Cells come in Arrow tables, with a column for each column of the sheet and a last one with the text
of a line that did not fit. Results, rejected rows and counts are returned packed, so that the
caller keeps them until it knows how many rows are rejected. Whether a person is in several rows
needs the whole sheet and is found out before, from `keys`.
"""

from __future__ import annotations

import csv
import tempfile
from contextlib import contextmanager
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pyarrow as pa

from pmo_path.batch.engine import enum_members, sealed, text
from pmo_path.batch.export import results_query
from pmo_path.batch.identity import is_named_sql, keys_sql
from pmo_path.batch.names_carried_down import NO_NAME, fill_in_names
from pmo_path.batch.people_table import PEOPLE, PeopleTable
from pmo_path.batch.rating_cells import level_words_of, people_columns_sql
from pmo_path.batch.rejections import REPEATED, ScoredRole, reject_repeated, roles_to_score
from pmo_path.batch.results import create_results, unreserved
from pmo_path.batch.second_table import HeadingRows
from pmo_path.batch.staging import row_reasons
from pmo_path.batch.summary_rows import reject_summary_rows
from pmo_path.batch.team_counts import Count, counts_of
from pmo_path.domain.cells import CellReader
from pmo_path.domain.codes import Code
from pmo_path.domain.columns import REJECT_REASONS
from pmo_path.domain.options import SheetFormat
from pmo_path.domain.team import RejectedRow
from pmo_path.domain.text import harmless
from pmo_path.readers.table.normalise import (
    SurplusCells,
    shifted_reason,
    surplus_of,
    without_empty_ends,
    wrong_cells,
)
from pmo_path.readers.table.rejected_rows import Rejections, Row
from pmo_path.readers.table.rejects_file import with_reasons
from pmo_path.readers.table.sheet import Kind, Sheet

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import duckdb

    from pmo_path.batch.job import Job

ROWS_AT_ONCE = 200_000
"""Rows that are scored together; with fewer, planning costs more than scoring."""
CELLS_AT_ONCE = 8_000_000
_ROWS_PACKED = 10_000
_UNREAD = "\N{REPLACEMENT CHARACTER}"
WHOLE_LINE = "(line)"
"""The column of a rejected line that could not be divided into cells."""
COUNT_SCHEMA = pa.schema(
    [
        ("role", pa.string()),
        ("group", pa.string()),
        ("figure", pa.string()),
        ("value", pa.int64()),
        ("people", pa.int64()),
        ("of", pa.int64()),
    ]
)
KEY_SCHEMA = pa.schema([("person", pa.string()), ("role", pa.string()), ("rows", pa.int64())])
PACKED_SCHEMA = pa.schema([("kind", pa.string()), ("packed", pa.binary())])


class Packed(StrEnum):
    RESULTS = "results"
    REJECTS = "rejects"
    COUNTS = "counts"


class ExtraCount(StrEnum):
    """What is counted in addition to the figures of the summary."""

    SCORED = "scored"
    REJECTED = "rejected"
    DOUBTFUL = "doubtful"
    """Cells that may mean a missing value; the group is their text, as for `TRANSLATED`."""
    TRANSLATED = "translated"
    SECOND_TABLE = "second table"
    """Parts with the header of a second table; other parts may be below it."""
    NAMED_ONCE = "named once"
    """Parts with rows of the person above, who may be in another part."""
    MISREAD = "misread"
    """Rows with a replacement character, for a character that could not be decoded."""


class PartScorer(NamedTuple):
    """Scores parts of a sheet; can be sent to other machines."""

    job: Job
    sheet: Sheet
    output: SheetFormat = SheetFormat.PARQUET
    repeated: pa.Table | None = None
    """The keys of people with several rows in the whole sheet; a null role is any role."""

    # --- Entry points, with batches of Arrow tables ----------------------------------------------

    def keys(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """The keys of people and how many rows each has."""
        for table in _tables(batches, ROWS_AT_ONCE):
            with self._connected(table, self.key_indexes()) as connection:
                yield from self._keys(connection).cast(KEY_SCHEMA).to_batches()

    def scored(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Results, rejected rows and counts, packed."""
        schema = self.schema()
        for table in _tables(batches, min(ROWS_AT_ONCE, CELLS_AT_ONCE // len(self.sheet.columns))):
            with self._staged(table) as (staged, roles):
                yield from _packed(Packed.RESULTS, self._results(staged, roles).cast(schema))
                yield from _packed(Packed.REJECTS, self._rejects(staged))
                yield from _packed(Packed.COUNTS, self._counts(staged, roles))

    def schema(self) -> pa.Schema:
        names = [f"f{index}" for index in range(len(self.sheet.columns))]
        empty = pa.table({name: pa.array([], pa.string()) for name in (*names, "line")})
        with self._staged(empty) as (staged, roles):
            return self._results(staged, roles).schema

    def rejects_schema(self) -> pa.Schema:
        own = unreserved((column.heading for column in self.sheet.columns), REJECT_REASONS)
        headings = [*REJECT_REASONS, *map(self._guarded, own)]
        return pa.schema([(heading, pa.string()) for heading in headings])

    def key_indexes(self) -> list[int]:
        """The indexes of the person and role columns; empty without a person column."""
        indexes = {column.kind: index for index, column in enumerate(self.sheet.columns)}
        if Kind.PERSON not in indexes:
            return []
        return [indexes[kind] for kind in (Kind.PERSON, Kind.ROLE) if kind in indexes]

    # --- Results --------------------------------------------------------------------------------

    def _results(self, staged: PeopleTable, roles: Sequence[ScoredRole]) -> pa.Table:
        create_results(staged, roles, self.job.detail)
        # All parts must have the same columns.
        headings_of = self.job.roles or tuple(self.job.framework.roles)
        query = results_query(staged, roles, self.job, self.output, headings_of)
        return staged.connection.sql(query.query()).to_arrow_table()

    def _rejects(self, staged: PeopleTable) -> pa.Table:
        schema = self.rejects_schema()
        rows = [
            [self._guarded(cell) or None for cell in (*reasons, *row.cells)]
            for row, reasons in with_reasons(staged.rejections)
        ]
        return _table(list(zip(*rows, strict=True)) if rows else [[] for _ in schema], schema)

    def _guarded(self, cell: str) -> str:
        return harmless(cell) if self.job.escapes(self.output) else cell

    def _counts(self, staged: PeopleTable, roles: Sequence[ScoredRole]) -> pa.Table:
        """The figures of the summary, and the numbers of rows."""
        rows = {
            ExtraCount.SCORED: staged.scored,
            ExtraCount.REJECTED: len(staged.rejections),
            ExtraCount.MISREAD: self._misread(staged),
        }
        if HeadingRows(staged).first() != (None, None):
            rows[ExtraCount.SECOND_TABLE] = 1
        if any(reject.reason.startswith(NO_NAME) for reject in staged.rejections.reasons()):
            rows[ExtraCount.NAMED_ONCE] = 1
        counts = [
            *counts_of(staged, roles, self.job),
            *(Count("", "", figure, 0, number) for figure, number in rows.items()),
            *self._text_counts(staged),
        ]
        return _table([list(column) for column in zip(*counts, strict=True)], COUNT_SCHEMA)

    def _misread(self, staged: PeopleTable) -> int:
        """The number of rows with a replacement character."""
        rated = self._rated()
        names = (f"f{index}" for index in range(len(self.sheet.columns)))
        unread = [f"contains({name}, {text(_UNREAD)})" for name in names if name not in rated]
        query = f"SELECT count(*) FROM cells WHERE {' OR '.join([*unread, 'false'])}"
        return int(staged.values(query)[0])

    def _text_counts(self, staged: PeopleTable) -> Iterator[Count]:
        """The number of cells with each text that is mapped or may mean a missing value."""
        reader = CellReader.of(self.job.framework, self.sheet.values)
        members = staged.values("SELECT unnest(enum_range(NULL::word))")
        mapped = {word for word in members if reader.translation(word) is not None}
        spellings = mapped.union(filter(reader.is_doubtful, members))
        if not spellings:
            return
        listed, left_out = ", ".join(map(text, spellings)), ", ".join(map(str, staged.rejected))
        where = f" AND rowid NOT IN ({left_out})" if left_out else ""
        for column in self._rated():
            query = f"SELECT {column}, count(*) FROM cells WHERE {column} IN ({listed}){where}"
            for word, cells in staged.rows(f"{query} GROUP BY 1"):
                figure = ExtraCount.TRANSLATED if word in mapped else ExtraCount.DOUBTFUL
                yield Count("", word, figure, 0, cells)

    # --- People ----------------------------------------------------------------------------------

    def _keys(self, connection: duckdb.DuckDBPyConnection) -> pa.Table:
        """The keys of named people, with the number of their rows."""
        person, *role = self.key_indexes()
        spellings = {}
        for index in role:
            values = connection.execute(f"SELECT DISTINCT f{index} FROM cells").fetchall()
            names = self.job.framework.role_names
            roles = {cell: names.find(cell) for (cell,) in values if cell and cell.strip()}
            spellings = {cell: key for cell, key in roles.items() if key is not None}
        keys = keys_sql(self.sheet.columns, spellings)
        # A line with too few cells may be of any role.
        named = (
            f"if(fault IS NOT NULL AND f{role[0]} IS NULL, NULL, {keys[Kind.ROLE]})"
            if role
            else "''"
        )
        query = (
            f"SELECT {keys[Kind.PERSON]} AS person, {named} AS role, count(*) AS rows FROM cells "
            f"WHERE {is_named_sql('person')} AND f{person} IS NOT NULL GROUP BY ALL"
        )
        return connection.sql(query).to_arrow_table()

    # --- Rows -----------------------------------------------------------------------------------

    @contextmanager
    def _connected(
        self, table: pa.Table, indexes: Sequence[int]
    ) -> Iterator[duckdb.DuckDBPyConnection]:
        """An engine with the table `cells` of the rows that are not blank, in order.

        `fault` is what is wrong with the whole row, and `line` the text that could not be divided.
        """
        names = [f"f{index}" for index in indexes]
        table = table.rename_columns([*names, "line"])
        table = table.append_column("number", pa.array(range(table.num_rows), pa.int64()))
        cells = ", ".join(f"{name}::VARCHAR AS {name}" for name in names)
        rows = f"SELECT number, {cells}, NULL AS fault, NULL AS line FROM arrived"
        chosen = ", ".join(f"nullif({name}, '') AS {name}" for name in names)
        # The first cell mostly shows that a row is not blank.
        first = f"({names[0]} >= '!' AND {names[0]} < chr(127))"
        filled = rf"regexp_matches(concat_ws('', {', '.join(names)}), '[^\s\p{{Z}}]')"
        with (
            tempfile.TemporaryDirectory(prefix="pmo-path-") as folder,
            sealed(Path(folder), [], len(self.sheet.columns)) as connection,
        ):
            connection.register("arrived", table)
            if table["line"].null_count < table.num_rows:
                connection.register("divided", self._divided(table, indexes))
                rows += " WHERE line IS NULL UNION ALL BY NAME FROM divided"
                rows = f"SELECT * FROM ({rows}) ORDER BY number"
            connection.execute(
                f"CREATE TABLE cells AS SELECT {chosen}, fault, line FROM ({rows}) "
                f"WHERE {first} OR {filled}"
            )
            connection.unregister("arrived")
            yield connection

    def _divided(self, table: pa.Table, indexes: Sequence[int]) -> pa.Table:
        """The rows of lines that did not fit, divided into cells."""
        broken = table.filter(table["line"].is_valid())
        surplus, width = SurplusCells(), len(self.sheet.columns)
        surplus.take_others(table.num_rows - broken.num_rows)
        rows: dict[int, list[str | None]] = {}
        for number, line in zip(
            broken["number"].to_pylist(), broken["line"].to_pylist(), strict=True
        ):
            cells = _cells(line, self.sheet.delimiter)
            count = len(without_empty_ends(cells, width)) if len(cells) > width else len(cells)
            is_wrong = count != width
            if not is_wrong:
                surplus.take(number, surplus_of(cells, width))
            rows[number] = [
                *(cells[index] if index < len(cells) else None for index in indexes),
                wrong_cells(count, width) if is_wrong else None,
                line if is_wrong else None,
            ]
        for number in surplus.shifted():
            rows[number][-2] = shifted_reason(width)
        names = [*(f"f{index}" for index in indexes), "fault", "line"]
        schema = pa.schema([(name, pa.string()) for name in names])
        divided = _table(list(zip(*rows.values(), strict=True)), schema)
        return divided.append_column("number", pa.array(rows, pa.int64()))

    @contextmanager
    def _staged(self, table: pa.Table) -> Iterator[tuple[PeopleTable, list[ScoredRole]]]:
        with self._connected(table, range(len(self.sheet.columns))) as connection:
            staged = fill_in_names(reject_summary_rows(self._read(connection)))
            roles, staged = roles_to_score(staged, self.job.roles)
            if self.repeated is not None and self.repeated.num_rows:
                connection.register(REPEATED, self.repeated)
                staged = reject_repeated(staged, roles)
                roles, staged = roles_to_score(staged, self.job.roles)  # those that are left
            yield staged, roles

    def _read(self, connection: duckdb.DuckDBPyConnection) -> PeopleTable:
        staged = PeopleTable.empty(connection, self.sheet, self.job.framework)._replace(
            rejections=Rejections("", is_limited=False),
            fetch=lambda numbers: self._rows(connection, numbers),
        )
        staged = staged._replace(rejected=self._create_people_table(staged))
        reader = CellReader.of(self.job.framework, self.sheet.values)
        is_known = cache(lambda cell: reader.meaning(cell) is not None)
        query = "SELECT rowid + 1, fault, line FROM cells WHERE fault IS NOT NULL"
        faults = {row: (fault, line) for row, fault, line in staged.rows(query)}
        for row in staged.fetch(staged.rejected):
            fault, line = faults.get(row.line, ("", None))
            whole = RejectedRow(
                row.line, WHOLE_LINE if line else "", line or "", Code.ROW_SHAPE, fault
            )
            reasons = [] if line else list(row_reasons(staged.sheet, reader, row, is_known))
            staged.rejections.add(row, reasons or [whole])
        return staged._replace(scored=staged.count())

    def _create_people_table(self, staged: PeopleTable) -> tuple[int, ...]:
        """Create the table of people, and return the numbers of rows that are not in it.

        They have a fault or an unknown rating.
        """
        rated = self._rated()
        reader = CellReader.of(self.job.framework, self.sheet.values)
        level_words = level_words_of(reader)
        known = ", ".join(map(text, level_words.members))
        seen: set[str] = set()
        for name in rated:
            query = f"SELECT DISTINCT {name} FROM cells WHERE {name} NOT IN ({known})"
            seen.update(staged.values(query))
        if seen:
            level_words = level_words_of(reader, sorted(seen))
        staged.connection.execute(f"CREATE TYPE word AS ENUM {enum_members(level_words.members)}")
        wrong = [
            "fault IS NOT NULL",
            *(f"({name} IS NOT NULL AND TRY_CAST({name} AS word) IS NULL)" for name in rated),
        ]
        query = f"SELECT rowid FROM cells WHERE {' OR '.join(wrong)} ORDER BY rowid"
        faulty = staged.values(query)
        without = f"WHERE rowid NOT IN ({', '.join(map(str, faulty))})" if faulty else ""
        as_words = ", ".join(f"{name}::word AS {name}" for name in rated)
        source = f"SELECT * REPLACE ({as_words}) FROM cells {without}" if rated else "FROM cells"
        chosen = ", ".join(people_columns_sql(self.sheet.columns, level_words, staged.units))
        staged.connection.execute(f"CREATE TABLE {PEOPLE} AS SELECT {chosen} FROM ({source})")
        return tuple(faulty)

    def _rated(self) -> list[str]:
        return [f"f{index}" for index in self.sheet.indexes(Kind.RATING)]

    def _rows(
        self, connection: duckdb.DuckDBPyConnection, numbers: Iterable[int]
    ) -> Iterator[Row]:
        listed = ", ".join(map(str, numbers))
        if not listed:
            return
        cells = ", ".join(f"coalesce(f{index}, '')" for index in range(len(self.sheet.columns)))
        query = f"SELECT rowid + 1, {cells} FROM cells WHERE rowid IN ({listed}) ORDER BY rowid"
        for line, *values in connection.execute(query).fetchall():
            yield Row(line, tuple(values))


# --- Batches ------------------------------------------------------------------------------------


def unpacked(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        for packed in batch.column("packed"):
            with pa.ipc.open_stream(packed.as_buffer()) as stream:
                yield from stream


def _table(columns: Sequence[Sequence[object]], schema: pa.Schema) -> pa.Table:
    arrays = [pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)]
    return pa.Table.from_arrays(arrays, schema=schema)


def _cells(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:  # such as a cell without an end
        return [line]


def _packed(kind: Packed, table: pa.Table) -> Iterator[pa.RecordBatch]:
    options = pa.ipc.IpcWriteOptions(compression="lz4")
    for batch in table.to_batches(max_chunksize=_ROWS_PACKED):
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, table.schema, options=options) as stream:
            stream.write_batch(batch)
        packed = [pa.array([str(kind)]), pa.array([sink.getvalue().to_pybytes()], pa.binary())]
        yield pa.RecordBatch.from_arrays(packed, schema=PACKED_SCHEMA)


def _tables(batches: Iterable[pa.RecordBatch], rows: int) -> Iterator[pa.Table]:
    """Tables of at least `rows` rows, but for the last."""
    waiting: list[pa.RecordBatch] = []
    for batch in batches:
        waiting.append(batch)
        if sum(batch.num_rows for batch in waiting) >= rows:
            yield pa.Table.from_batches(waiting)
            waiting = []
    if waiting:
        yield pa.Table.from_batches(waiting)
