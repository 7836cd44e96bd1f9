"""Score a part of a sheet that was read and divided elsewhere, such as by Spark.

Cells come in Arrow tables, with a column for each column of the sheet and a last one with the text
of a line that did not fit. Results, rejected rows and counts are returned packed, so that the
caller keeps them until it knows how many rows are rejected. Whether a person is in several rows
needs the whole sheet and is found out before, from `keys`.
"""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pyarrow as pa

from pmo_path.batch.engine import enum_members, sealed, text
from pmo_path.batch.export import harmless_sql, number_sql
from pmo_path.batch.identity import is_named_sql, keys_sql
from pmo_path.batch.integers import units_of
from pmo_path.batch.level_words import level_words_of
from pmo_path.batch.names_carried_down import NO_NAME, fill_in_names
from pmo_path.batch.people_table import PEOPLE, PeopleTable
from pmo_path.batch.rejections import (
    REPEATED,
    ScoredRole,
    reject_repeated,
    reject_summary_rows,
    roles_in_rows,
)
from pmo_path.batch.results import ResultDetail, ResultsQuery, create_results
from pmo_path.batch.second_table import has_second_table
from pmo_path.batch.shifted_rows import divide
from pmo_path.batch.staging import not_applicable_masks_sql, row_reasons, units_sql
from pmo_path.batch.team_counts import Count, counts_of
from pmo_path.domain.cells import CellReader
from pmo_path.domain.codes import Code
from pmo_path.domain.columns import REJECT_REASONS
from pmo_path.domain.csv_injection import harmless
from pmo_path.domain.options import Layout, SheetFormat
from pmo_path.domain.team import RejectedRow
from pmo_path.readers.table.competence_names import Names
from pmo_path.readers.table.normalise import shifted_reason
from pmo_path.readers.table.rejected_rows import Rejections, Row
from pmo_path.readers.table.rejects_file import with_reasons
from pmo_path.readers.table.sheet import Column, Kind, Sheet

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import duckdb

    from pmo_path.batch.level_words import LevelWords
    from pmo_path.domain.cells import Meaning
    from pmo_path.domain.framework import Framework

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
    """What a packed table holds."""

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

    framework: Framework
    columns: tuple[Column, ...]
    roles: tuple[str, ...]
    """Ids; empty if each row names its own."""
    detail: ResultDetail
    date: datetime.date
    """The date of the run."""
    groups: tuple[int, ...] = ()
    """The indexes of the columns to group by."""
    mapping: Mapping[str, str] = {}
    """The mapping of headers."""
    values: Mapping[str, Meaning] = {}
    """The mapping of rating cells."""
    output: SheetFormat = SheetFormat.PARQUET
    is_guarded: bool = False
    """Whether to escape cells that look like formulas."""
    delimiter: str = ","
    """The delimiter of lines that did not fit."""
    repeated: pa.Table | None = None
    """The keys of people with several rows in the whole sheet; a null role is any role."""

    # --- Entry points, with batches of Arrow tables ----------------------------------------------

    def keys(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """The keys of people and how many rows each has."""
        for table in _tables(batches, ROWS_AT_ONCE):
            with self._connected() as connection:
                self._store(connection, table, self.key_indexes())
                yield from self._keys(connection).cast(KEY_SCHEMA).to_batches()

    def scored(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Results, rejected rows and counts, packed."""
        results = self.schema()
        for table in _tables(batches, min(ROWS_AT_ONCE, CELLS_AT_ONCE // len(self.columns))):
            with self._staged(table) as (connection, staged, roles):
                create_results(connection, staged, roles, self.detail)
                query = self._results_query(staged, roles).query()
                rows = connection.sql(query).to_arrow_table()
                yield from _packed(Packed.RESULTS, rows.cast(results))
                yield from _packed(Packed.REJECTS, self._rejects(staged))
                yield from _packed(Packed.COUNTS, self._counts(connection, staged, roles))

    def schema(self) -> pa.Schema:
        """The columns of the results."""
        names = [f"f{index}" for index in range(len(self.columns))]
        empty = pa.table({name: pa.array([], pa.string()) for name in (*names, "line")})
        with self._staged(empty) as (connection, staged, roles):
            create_results(connection, staged, roles, self.detail)
            return (
                connection.sql(self._results_query(staged, roles).query()).to_arrow_table().schema
            )

    def rejects_schema(self) -> pa.Schema:
        """The columns of the rejected rows."""
        own = [
            f"input_{column.heading}"
            if column.heading.casefold() in REJECT_REASONS
            else column.heading
            for column in self.columns
        ]
        headings = [*REJECT_REASONS, *map(self._guarded, own)]
        return pa.schema([(heading, pa.string()) for heading in headings])

    def key_indexes(self) -> list[int]:
        """The indexes of the person and role columns; empty without a person column."""
        indexes = {column.kind: index for index, column in enumerate(self.columns)}
        if Kind.PERSON not in indexes:
            return []
        return [indexes[kind] for kind in (Kind.PERSON, Kind.ROLE) if kind in indexes]

    # --- Results --------------------------------------------------------------------------------

    def _results_query(self, staged: PeopleTable, roles: Sequence[ScoredRole]) -> ResultsQuery:
        # All parts must have the same columns.
        everybody = self.roles or tuple(self.framework.roles)
        guard = harmless_sql if self.is_guarded else None
        number = number_sql(self.output)
        ids = tuple(role.id for role in roles)
        return ResultsQuery(
            staged, ids, self.detail, self.date, guard, number=number, headings_of=everybody
        )

    def _rejects(self, staged: PeopleTable) -> pa.Table:
        """The rejected rows with their reasons first."""
        schema = self.rejects_schema()
        rows = [
            [self._guarded(cell) or None for cell in (*reasons, *row.cells)]
            for row, reasons in with_reasons(staged.rejections)
        ]
        columns = zip(*rows, strict=True) if rows else ([] for _ in schema)
        return pa.Table.from_arrays(
            [pa.array(column, pa.string()) for column in columns], schema=schema
        )

    def _guarded(self, cell: str) -> str:
        return harmless(cell) if self.is_guarded else cell

    def _counts(
        self,
        connection: duckdb.DuckDBPyConnection,
        staged: PeopleTable,
        roles: Sequence[ScoredRole],
    ) -> pa.Table:
        """The figures of the summary, and the numbers of rows."""
        counts = counts_of(connection, staged, roles, self.detail.courses, self.groups)
        counts.append(Count("", "", ExtraCount.SCORED, 0, staged.scored))
        counts.append(Count("", "", ExtraCount.REJECTED, 0, len(staged.rejections)))
        counts += self._text_counts(connection, staged)
        counts.append(Count("", "", ExtraCount.MISREAD, 0, self._misread(connection)))
        if has_second_table(connection, staged):
            counts.append(Count("", "", ExtraCount.SECOND_TABLE, 0, 1))
        if any(reject.reason.startswith(NO_NAME) for reject in staged.rejections.reasons()):
            counts.append(Count("", "", ExtraCount.NAMED_ONCE, 0, 1))
        columns = [list(column) for column in zip(*counts, strict=True)]
        return pa.Table.from_arrays(
            [
                pa.array(column, kind.type)
                for column, kind in zip(columns, COUNT_SCHEMA, strict=True)
            ],
            schema=COUNT_SCHEMA,
        )

    def _misread(self, connection: duckdb.DuckDBPyConnection) -> int:
        """The number of rows with a replacement character."""
        rated = self._rated()
        names = (f"f{index}" for index in range(len(self.columns)))
        unread = [f"contains({name}, {text(_UNREAD)})" for name in names if name not in rated]
        query = f"SELECT count(*) FROM cells WHERE {' OR '.join([*unread, 'false'])}"
        ((rows,),) = connection.execute(query).fetchall()
        return int(rows)

    def _text_counts(
        self, connection: duckdb.DuckDBPyConnection, staged: PeopleTable
    ) -> Iterator[Count]:
        """The number of cells with each text that is mapped or may mean a missing value."""
        reader = CellReader.of(self.framework, self.values)
        members = connection.execute("SELECT unnest(enum_range(NULL::word))").fetchall()
        spellings = {
            word: ExtraCount.DOUBTFUL
            if reader.translation(word) is None
            else ExtraCount.TRANSLATED
            for (word,) in members
            if reader.is_doubtful(word) or reader.translation(word) is not None
        }
        if not spellings:
            return
        listed, left_out = ", ".join(map(text, spellings)), ", ".join(map(str, staged.rejected))
        where = f" AND rowid NOT IN ({left_out})" if left_out else ""
        for column in self._rated():
            query = f"SELECT {column}, count(*) FROM cells WHERE {column} IN ({listed}){where}"
            for word, cells in connection.execute(f"{query} GROUP BY 1").fetchall():
                yield Count("", word, spellings[word], 0, cells)

    # --- People ----------------------------------------------------------------------------------

    def _keys(self, connection: duckdb.DuckDBPyConnection) -> pa.Table:
        """The keys of named people, with the number of their rows."""
        person, *role = self.key_indexes()
        spellings = {}
        for index in role:
            values = connection.execute(f"SELECT DISTINCT f{index} FROM cells").fetchall()
            names = self.framework.role_names
            roles = {cell: names.find(cell) for (cell,) in values if cell and cell.strip()}
            spellings = {cell: key for cell, key in roles.items() if key is not None}
        keys = keys_sql(self.columns, spellings)
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
    def _connected(self) -> Iterator[duckdb.DuckDBPyConnection]:
        with (
            tempfile.TemporaryDirectory(prefix="pmo-path-") as folder,
            sealed(Path(folder), [], len(self.columns)) as connection,
        ):
            yield connection

    @contextmanager
    def _staged(
        self, table: pa.Table
    ) -> Iterator[tuple[duckdb.DuckDBPyConnection, PeopleTable, list[ScoredRole]]]:
        with self._connected() as connection:
            self._store(connection, table, range(len(self.columns)))
            staged = reject_summary_rows(connection, self._read(connection))
            staged = fill_in_names(connection, staged)
            roles = [ScoredRole(role, "") for role in self.roles]
            if not roles:
                roles, staged = roles_in_rows(connection, staged)
            if self.repeated is not None and self.repeated.num_rows:
                connection.register(REPEATED, self.repeated)
                staged = reject_repeated(connection, staged, roles)
                if not self.roles:
                    roles, staged = roles_in_rows(connection, staged)  # those that are left
            yield connection, staged, roles

    def _store(
        self, connection: duckdb.DuckDBPyConnection, table: pa.Table, indexes: Iterable[int]
    ) -> None:
        """Create the table `cells` of the rows that are not blank, in order.

        `fault` is what is wrong with the whole row, and `line` the text that could not be divided.
        """
        names = [f"f{index}" for index in indexes]
        table = table.rename_columns([*names, "line"])
        numbers = pa.array(range(table.num_rows), pa.int64())
        table = table.append_column("number", numbers)
        cells = ", ".join(f"{name}::VARCHAR AS {name}" for name in names)
        rows = f"SELECT number, {cells}, NULL AS fault, NULL AS line FROM arrived"
        connection.register("arrived", table)
        if table["line"].null_count < table.num_rows:
            connection.register("divided", self._divided(table, names))
            rows += " WHERE line IS NULL UNION ALL BY NAME FROM divided"
            rows = f"SELECT * FROM ({rows}) ORDER BY number"
        chosen = ", ".join(f"nullif({name}, '') AS {name}" for name in names)
        # The first cell mostly shows that a row is not blank.
        first = f"({names[0]} >= '!' AND {names[0]} < chr(127))"
        filled = rf"regexp_matches(concat_ws('', {', '.join(names)}), '[^\s\p{{Z}}]')"
        connection.execute(
            f"CREATE TABLE cells AS SELECT {chosen}, fault, line FROM ({rows}) "
            f"WHERE {first} OR {filled}"
        )
        connection.unregister("arrived")

    def _divided(self, table: pa.Table, names: Sequence[str]) -> pa.Table:
        """The rows of lines that did not fit, divided into cells."""
        broken = table.filter(table["line"].is_valid())
        lines = dict(zip(broken["number"].to_pylist(), broken["line"].to_pylist(), strict=True))
        columns = len(self.columns)
        divided = divide(lines, self.delimiter, columns, table.num_rows - len(lines))
        shifted = shifted_reason(len(self._sheet().columns))
        faults = [row.fault or (shifted if row.is_shifted else None) for row in divided.values()]
        by_column = {
            name: [row.cells[int(name[1:])] for row in divided.values()] for name in names
        }
        return pa.table(
            {
                "number": pa.array(divided, pa.int64()),
                **{name: pa.array(cells, pa.string()) for name, cells in by_column.items()},
                "fault": pa.array(faults, pa.string()),
                "line": pa.array(
                    [row.text if row.fault else None for row in divided.values()], pa.string()
                ),
            }
        )

    def _read(self, connection: duckdb.DuckDBPyConnection) -> PeopleTable:
        level_words = self._level_words(connection)
        connection.execute(f"CREATE TYPE word AS ENUM {enum_members(level_words.members)}")
        numbers = self._faulty_rows(connection)
        self._create_people_table(connection, level_words, numbers)
        sheet = self._sheet()
        reader = CellReader.of(self.framework, self.values)
        is_known = cache(lambda cell: reader.meaning(cell) is not None)
        rows = list(self._rows(connection, numbers))
        faults = self._faults(connection)
        rejections = Rejections("", is_limited=False)
        for row in rows:
            fault, line = faults.get(row.line, ("", None))
            if line is not None:
                rejections.add(
                    row, [RejectedRow(row.line, WHOLE_LINE, line, Code.ROW_SHAPE, fault)]
                )
                continue
            reasons = list(row_reasons(sheet, reader, row, is_known))
            rejections.add(row, reasons or [RejectedRow(row.line, "", "", Code.ROW_SHAPE, fault)])
        ((count,),) = connection.execute(f"SELECT count(*) FROM {PEOPLE}").fetchall()
        return PeopleTable(
            sheet=sheet,
            framework=self.framework,
            units=units_of(self.framework),
            rejected=tuple(numbers),
            rejections=rejections,
            fetch=lambda numbers: self._rows(connection, numbers),
            scored=count,
        )

    def _rated(self) -> list[str]:
        return [
            f"f{index}" for index, column in enumerate(self.columns) if column.kind is Kind.RATING
        ]

    def _level_words(self, connection: duckdb.DuckDBPyConnection) -> LevelWords:
        """The rating texts, with every valid text in the cells."""
        reader = CellReader.of(self.framework, self.values)
        usual = level_words_of(reader)
        known = ", ".join(map(text, usual.members))
        seen: set[str] = set()
        for column in self._rated():
            query = f"SELECT DISTINCT {column} FROM cells WHERE {column} NOT IN ({known})"
            seen |= {value for (value,) in connection.execute(query).fetchall()}
        return level_words_of(reader, sorted(seen)) if seen else usual

    def _faulty_rows(self, connection: duckdb.DuckDBPyConnection) -> list[int]:
        """The numbers of rows with a fault or an unknown rating, in order."""
        wrong = ["fault IS NOT NULL"]
        wrong += [
            f"({name} IS NOT NULL AND TRY_CAST({name} AS word) IS NULL)" for name in self._rated()
        ]
        query = f"SELECT rowid FROM cells WHERE {' OR '.join(wrong)} ORDER BY rowid"
        return [number for (number,) in connection.execute(query).fetchall()]

    def _create_people_table(
        self, connection: duckdb.DuckDBPyConnection, level_words: LevelWords, faulty: Sequence[int]
    ) -> None:
        units = units_of(self.framework)
        chosen, groups = [], []
        for index, column in enumerate(self.columns):
            if column.kind is Kind.RATING:
                group = f"(enum_code(f{index}::word) >> {level_words.shift})"
                groups.append(group)
                chosen.append(f"{units_sql(group, level_words, units)} AS f{index}")
            else:
                chosen.append(f"f{index}")
        chosen += not_applicable_masks_sql(groups, level_words)
        without = f"WHERE rowid NOT IN ({', '.join(map(str, faulty))})" if faulty else ""
        connection.execute(
            f"CREATE TABLE {PEOPLE} AS SELECT {', '.join(chosen)} FROM (FROM cells {without})"
        )

    def _rows(
        self, connection: duckdb.DuckDBPyConnection, numbers: Iterable[int]
    ) -> Iterator[Row]:
        listed = ", ".join(map(str, numbers))
        if not listed:
            return
        cells = ", ".join(f"coalesce(f{index}, '')" for index in range(len(self.columns)))
        query = f"SELECT rowid + 1, {cells} FROM cells WHERE rowid IN ({listed}) ORDER BY rowid"
        for line, *values in connection.execute(query).fetchall():
            yield Row(line, tuple(values))

    def _faults(self, connection: duckdb.DuckDBPyConnection) -> dict[int, tuple[str, str | None]]:
        """The fault of each faulty row, and the line if it could not be divided, by line number."""
        query = "SELECT rowid + 1, fault, line FROM cells WHERE fault IS NOT NULL"
        return {row: (fault, line) for row, fault, line in connection.execute(query).fetchall()}

    def _sheet(self) -> Sheet:
        return Sheet(
            name="",
            names=Names(self.framework, self.mapping),
            path=Path(),
            delimiter=self.delimiter,
            columns=self.columns,
            input_headings=tuple(column.heading for column in self.columns),
            layout=Layout.WIDE,
            values=self.values,
        )


# --- Batches ------------------------------------------------------------------------------------


def unpacked(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Unpack tables."""
    for batch in batches:
        for packed in batch.column("packed"):
            with pa.ipc.open_stream(packed.as_buffer()) as stream:
                yield from stream


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
