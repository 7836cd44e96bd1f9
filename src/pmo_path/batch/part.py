"""A part of a sheet that somebody else reads and divides, scored by the same query.

Cells come as text in Arrow tables, a column each in the order of the sheet; results, rejected rows
and counts go out as Arrow tables. What takes a look at the whole (whether a person stands there
twice, whether a line was broken) is told in a last column, `fault`: a code, and the line itself.
"""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pyarrow as pa

from pmo_path.batch.engine import sealed, text
from pmo_path.batch.headings import Names
from pmo_path.batch.look.copying import CELLS
from pmo_path.batch.reasons import TWICE
from pmo_path.batch.refusing import Role, real_people, roles_by_row
from pmo_path.batch.rejects import with_reasons
from pmo_path.batch.results import Detail, Selecting, score
from pmo_path.batch.sheet import Column, Kind, Layout, Reject, Sheet
from pmo_path.batch.stage import masks_sql, reasons_of, units_sql
from pmo_path.batch.staged import PEOPLE, Row, Staged
from pmo_path.batch.teaming import Count, counts_of
from pmo_path.batch.tokens import tokens_of
from pmo_path.batch.units import units_of
from pmo_path.batch.writing import harmless_sql
from pmo_path.domain.cells import CellReader
from pmo_path.domain.columns import REJECT_REASONS

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import duckdb

    from pmo_path.batch.tokens import Tokens
    from pmo_path.domain.cells import Meaning
    from pmo_path.domain.framework import Framework

ROWS_AT_ONCE = 200_000
"""Rows that are scored together; fewer cost more planning than work."""
FAULT = "fault"
FAULTS = {
    TWICE: "the same person stands there more than once",
    CELLS: "the row has too few or too many cells",
}
WHOLE_LINE = "(line)"
"""In place of a heading where a line could not be divided into cells."""
COUNT_SCHEMA = pa.schema(
    [
        ("role", pa.string()),
        ("group", pa.string()),
        ("what", pa.string()),
        ("place", pa.int64()),
        ("people", pa.int64()),
        ("of", pa.int64()),
    ]
)
REJECTED, DOUBTFUL, TRANSLATED = "rejected", "doubtful", "translated"
"""What the counts are called of rejected rows, and of cells whose word stands as their group."""


class Part(NamedTuple):
    """How every part of a sheet is scored; it can be sent to other machines."""

    framework: Framework
    columns: tuple[Column, ...]
    roles: tuple[str, ...]
    """Ids; none where each row names its own."""
    detail: Detail
    date: datetime.date
    """The day of the run."""
    group: int | None = None
    """The place of the column whose groups are counted."""
    values: Mapping[str, Meaning] = {}
    """What cells with ratings mean that are translated, by what stands in them."""
    is_guarded: bool = False
    """Whether cells that a spreadsheet would run are made harmless."""

    def results(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """A row of results for each person and role."""
        for table in _together(batches):
            yield from self._results(table).to_batches()

    def schema(self) -> pa.Schema:
        """The columns of the results."""
        names = [*(f"f{place}" for place in range(len(self.columns))), FAULT]
        return self._results(pa.table({one: pa.array([], pa.string()) for one in names})).schema

    def _results(self, table: pa.Table) -> pa.Table:
        with self._staged(table) as (connection, staged, roles):
            score(connection, staged, roles, self.detail._replace(is_summed_up=False))
            # All parts have the same columns, whoever is in them.
            everybody = self.roles or tuple(self.framework.roles)
            there = tuple(role.id for role in roles)
            guard = harmless_sql if self.is_guarded else None
            selecting = Selecting(
                staged, there, self.detail, self.date, guard, headings_of=everybody
            )
            query = selecting.query()
            return connection.sql(query).to_arrow_table()

    def rejects(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """The rows that cannot be scored, as they came, after the reasons."""
        for table in _together(batches):
            with self._staged(table) as (_, staged, _roles):
                headings = (*REJECT_REASONS, *staged.sheet.input_headings)
                schema = pa.schema([(heading, pa.string()) for heading in headings])
                rejected = with_reasons(staged.rejects, staged.rows)
                rows = [(*reasons, *row.cells) for row, reasons in rejected]
                columns = zip(*rows, strict=True)
                arrays = [pa.array([value or None for value in column]) for column in columns]
                if rows:
                    yield pa.RecordBatch.from_arrays(
                        [array.cast(pa.string()) for array in arrays], schema=schema
                    )

    def counts(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """What the summary is added up from, and how many rows were rejected."""
        for table in _together(batches):
            with self._staged(table) as (connection, staged, roles):
                score(connection, staged, roles, self.detail._replace(gaps=False, long=False))
                counts = counts_of(connection, staged, roles, self.detail.courses, self.group)
                counts.append(Count("", "", REJECTED, 0, len(staged.rows)))
                counts += self._words(connection, staged)
                columns = [list(column) for column in zip(*counts, strict=True)]
                yield pa.RecordBatch.from_pydict(
                    dict(zip(COUNT_SCHEMA.names, columns, strict=True)), schema=COUNT_SCHEMA
                )

    # --- Steps ----------------------------------------------------------------------------------

    @contextmanager
    def _staged(
        self, table: pa.Table
    ) -> Iterator[tuple[duckdb.DuckDBPyConnection, Staged, list[Role]]]:
        with (
            tempfile.TemporaryDirectory(prefix="pmo-path-") as folder,
            sealed(Path(folder), []) as connection,
        ):
            staged = real_people(connection, self._read(connection, table))
            roles = [Role(role, "") for role in self.roles]
            if not roles:
                roles, staged = roles_by_row(connection, staged)
            yield connection, staged, roles

    def _read(self, connection: duckdb.DuckDBPyConnection, table: pa.Table) -> Staged:
        names = [*(f"f{place}" for place in range(len(self.columns))), FAULT]
        connection.register("arrived", table.rename_columns(names))
        cells = ", ".join(
            f"nullif(f{place}, '') AS f{place}" for place in range(len(self.columns))
        )
        connection.execute(
            f"CREATE TABLE cells AS SELECT row_number() OVER () - 1 AS number, {cells}, {FAULT} "
            "FROM arrived"
        )
        connection.unregister("arrived")
        tokens = self._tokens(connection)
        members = ", ".join(map(text, tokens.members))
        connection.execute(f"CREATE TYPE word AS ENUM ({members})")
        bad = self._bad(connection)
        self._people(connection, tokens, [row.line for row in bad])
        sheet = self._sheet()
        reader = CellReader.of(self.framework, self.values)
        is_known = cache(lambda cell: reader.meaning(cell) is not None)
        told = self._told(connection)
        rejects: list[Reject] = []
        for row in bad:
            fault = told.get(row.line, "")
            reasons = list(reasons_of(sheet, reader, row, is_known))
            if fault.startswith(CELLS) or not reasons:
                reasons = list(self._reasons(row, fault))
            rejects += reasons
        return Staged(
            sheet=sheet,
            framework=self.framework,
            units=units_of(self.framework),
            rejected=tuple(row.line for row in bad),
            rejects=tuple(rejects),
            rows=tuple(bad),
            fetch=lambda numbers: self._rows(connection, numbers),
            scored=table.num_rows - len(bad),
        )

    def _rated(self) -> list[str]:
        return [f"f{place}" for place, one in enumerate(self.columns) if one.kind is Kind.RATING]

    def _tokens(self, connection: duckdb.DuckDBPyConnection) -> Tokens:
        """The words of the scale, with every spelling of them that is in the cells."""
        reader = CellReader.of(self.framework, self.values)
        usual = tokens_of(reader)
        known = ", ".join(map(text, usual.members))
        seen: set[str] = set()
        for column in self._rated():
            query = f"SELECT DISTINCT {column} FROM cells WHERE {column} NOT IN ({known})"
            seen |= {value for (value,) in connection.execute(query).fetchall()}
        return tokens_of(reader, sorted(seen)) if seen else usual

    def _words(self, connection: duckdb.DuckDBPyConnection, staged: Staged) -> Iterator[Count]:
        """How many cells hold each word that is translated, or may mean no value."""
        reader = CellReader.of(self.framework, self.values)
        members = connection.execute("SELECT unnest(enum_range(NULL::word))").fetchall()
        words = {
            word: DOUBTFUL if reader.translation(word) is None else TRANSLATED
            for (word,) in members
            if reader.is_doubtful(word) or reader.translation(word) is not None
        }
        if not words:
            return
        listed, left_out = ", ".join(map(text, words)), ", ".join(map(str, staged.rejected))
        where = f" AND number NOT IN ({left_out})" if left_out else ""
        for column in self._rated():
            query = f"SELECT {column}, count(*) FROM cells WHERE {column} IN ({listed}){where}"
            for word, cells in connection.execute(f"{query} GROUP BY 1").fetchall():
                yield Count("", word, words[word], 0, cells)

    def _bad(self, connection: duckdb.DuckDBPyConnection) -> list[Row]:
        wrong = [f"{FAULT} IS NOT NULL"]
        wrong += [
            f"({one} IS NOT NULL AND TRY_CAST({one} AS word) IS NULL)" for one in self._rated()
        ]
        query = f"SELECT number FROM cells WHERE {' OR '.join(wrong)} ORDER BY number"
        return list(
            self._rows(connection, (one for (one,) in connection.execute(query).fetchall()))
        )

    def _people(
        self, connection: duckdb.DuckDBPyConnection, tokens: Tokens, bad: Sequence[int]
    ) -> None:
        units = units_of(self.framework)
        chosen, groups = [], []
        for place, column in enumerate(self.columns):
            if column.kind is Kind.RATING:
                group = f"(enum_code(f{place}::word) >> {tokens.shift})"
                groups.append(group)
                chosen.append(f"{units_sql(group, tokens, units)} AS f{place}")
            else:
                chosen.append(f"f{place}")
        chosen += masks_sql(groups, tokens)
        without = f"WHERE number NOT IN ({', '.join(map(str, bad))})" if bad else ""
        connection.execute(
            f"CREATE TABLE {PEOPLE} AS SELECT {', '.join(chosen)} "
            f"FROM (SELECT * FROM cells {without} ORDER BY number)"
        )

    def _rows(
        self, connection: duckdb.DuckDBPyConnection, numbers: Iterable[int]
    ) -> Iterator[Row]:
        wanted = ", ".join(map(str, numbers))
        if not wanted:
            return
        cells = ", ".join(f"coalesce(f{place}, '')" for place in range(len(self.columns)))
        query = f"SELECT number, {cells} FROM cells WHERE number IN ({wanted}) ORDER BY number"
        for number, *values in connection.execute(query).fetchall():
            yield Row(number, tuple(values))

    def _told(self, connection: duckdb.DuckDBPyConnection) -> dict[int, str]:
        """What was told of rows, by their numbers."""
        query = f"SELECT number, {FAULT} FROM cells WHERE {FAULT} IS NOT NULL"
        return dict(connection.execute(query).fetchall())

    def _reasons(self, row: Row, told: str) -> Iterator[Reject]:
        """What is wrong with a row as a whole."""
        fault, _, line = told.partition(" ")
        place = next(
            (place for place, one in enumerate(self.columns) if one.kind is Kind.PERSON), None
        )
        if fault == TWICE and place is not None:
            heading = self.columns[place].heading
            yield Reject(row.line, heading, row.cells[place], fault, FAULTS[fault])
        else:
            yield Reject(row.line, WHOLE_LINE, line, fault, FAULTS[fault])

    def _sheet(self) -> Sheet:
        return Sheet(
            name="",
            names=Names(self.framework, {}),
            path=Path(),
            delimiter=",",
            columns=self.columns,
            input_headings=tuple(one.heading for one in self.columns),
            layout=Layout.WIDE,
            values=self.values,
        )


def _together(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.Table]:
    """Batches put together until there are enough rows."""
    waiting: list[pa.RecordBatch] = []
    for batch in batches:
        waiting.append(batch)
        if sum(one.num_rows for one in waiting) >= ROWS_AT_ONCE:
            yield pa.Table.from_batches(waiting)
            waiting = []
    if waiting:
        yield pa.Table.from_batches(waiting)
