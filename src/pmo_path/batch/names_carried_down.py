"""Fill in names that are written only once for several rows, as in merged cells and pivot tables.

A row without a name continues the person above in a sheet with raters, in a long sheet, and in any
sheet that has such rows throughout. A mark such as `-` or `"` counts as an empty cell. The name is
filled in only if the whole sheet follows this pattern; otherwise the row is rejected together with
the person above, who would be scored on part of the ratings.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Self

from pmo_path.batch.engine import text
from pmo_path.batch.identity import (
    UNNAMED_KEYS,
    identity_key_sql,
    is_mark_sql,
    is_nameless,
    is_nameless_sql,
    rater_hint,
)
from pmo_path.batch.people_table import PEOPLE, file_position, file_position_sql
from pmo_path.batch.rejections import reject_rows
from pmo_path.domain.codes import Code
from pmo_path.readers.table.rejected_rows import RowReason, another_row
from pmo_path.readers.table.sheet import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import duckdb

    from pmo_path.batch.people_table import PeopleTable
    from pmo_path.readers.table.rejected_rows import Row
    from pmo_path.readers.table.sheet import Sheet

_BLOCKS, _REJECTED = "blocks", "rejected_rows"
_LEAST_PEOPLE = 2
_MOST_ROWS = 13
"""The most rows a person; with more, most people are simply unnamed."""
_FEW = 2
_QUARTER = 0.25
_KINDS = (Kind.PERSON, Kind.ROLE, Kind.RATER)
NO_NAME = "no person; if the row belongs to the person above, repeat the name in every row"

_OR_ANONYMOUS = ", or write 'anonymous'"


class RejectedName(NamedTuple):
    """The name in a row that is already rejected."""

    position: int
    """Its `file_position`."""
    line: int
    person: str | None
    """None if the cell is missing."""


class PersonBlock(NamedTuple):
    """A row with a name and the rows without one below it."""

    number: int
    person: str
    """The person key; empty if unknown."""
    line: int
    """The line of a rejected row in the block, or 0."""


class NameBlocks:
    """The rows of a table in blocks: a row with a name and the rows without one below it."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        table: str,
        sheet: Sheet,
        rejected: Iterable[RejectedName],
        kinds: Sequence[Kind],
    ) -> None:
        """`kinds` are the columns that may be left empty below the first row of a block."""
        self._connection, self._table, self._sheet = connection, table, sheet
        indexes = {column.kind: index for index, column in enumerate(sheet.columns)}
        self._indexes = {kind: indexes[kind] for kind in _KINDS if kind in indexes}
        self._filled = [kind for kind in kinds if kind in indexes]
        self._rejected = list(rejected)

    def has_unnamed_rows(self) -> bool:
        """Whether some rows have a name and others do not."""
        person = f"f{self._indexes[Kind.PERSON]}"
        without = f"count(*) FILTER ({is_nameless_sql(person)})"
        query = f"SELECT {without}, count(*) - {without} FROM {self._table}"
        nameless, named = self._connection.execute(query).fetchall()[0]
        named += sum(not is_nameless(row.person or "") for row in self._rejected)
        return bool(nameless and named)

    def __enter__(self) -> Self:
        """Create the table of blocks, which is dropped on exit."""
        cells = ", ".join(f"f{index} AS {kind}" for kind, index in self._indexes.items())
        index = file_position_sql(self._sheet)
        rows = (
            f"SELECT rowid AS number, {index} AS position, 0 AS line, {cells} FROM {self._table}"
        )
        if self._rejected:
            self._store_rejected()
            rows = f"{rows} UNION ALL {self._rejected_sql()}"
        named = f"NOT {is_nameless_sql(str(Kind.PERSON))} OR is_unknown"
        self._connection.execute(
            f"CREATE TEMP TABLE {_BLOCKS} AS SELECT *, {named} AS is_named, "
            f"count(*) FILTER ({named}) OVER (ORDER BY position, line "
            f"ROWS UNBOUNDED PRECEDING) AS block FROM "
            f"(SELECT *, line > 0 AND {Kind.PERSON} IS NULL AS is_unknown FROM ({rows}))"
        )
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.execute(f"DROP TABLE {_BLOCKS}")
        self._connection.execute(f"DROP TABLE IF EXISTS {_REJECTED}")

    def _store_rejected(self) -> None:
        """Put the rejected rows into a table; as literals in a query they would take gigabytes."""
        self._connection.execute(
            f"CREATE TEMP TABLE {_REJECTED} (position BIGINT, line BIGINT, {Kind.PERSON} VARCHAR)"
        )
        columns = [list(column) for column in zip(*self._rejected, strict=True)]
        self._connection.execute(
            f"INSERT INTO {_REJECTED} SELECT unnest($1), unnest($2), unnest($3::VARCHAR[])",
            columns,
        )

    def _rejected_sql(self) -> str:
        cells = ", ".join(
            str(kind) if kind is Kind.PERSON else f"NULL AS {kind}" for kind in self._indexes
        )
        return f"SELECT NULL, position, line, {cells} FROM {_REJECTED}"

    def is_named_once(self) -> bool:
        """Whether each person is named once and most have rows below."""
        key = ", ".join(identity_key_sql(str(kind)) for kind in self._filled)
        blocks = (
            f"SELECT any_value(concat_ws(chr(31), {key})) FILTER (is_named) AS person, "
            f"bool_or(NOT is_named) AS has_others FROM {_BLOCKS} WHERE block > 0 GROUP BY block"
        )
        query = f"SELECT count(*), count(DISTINCT person), count(*) FILTER (has_others) FROM ({blocks})"
        people, different, with_others = self._connection.execute(query).fetchall()[0]
        return bool(people == different and 2 * with_others >= people)

    def alternates(self) -> bool:
        """Whether named rows are followed by unnamed ones throughout the sheet."""
        blocks = (
            f"SELECT count(*) AS rows, count(*) FILTER (NOT is_named) AS nameless "
            f"FROM {_BLOCKS} WHERE block > 0 GROUP BY block"
        )
        query = (
            "SELECT count(*), sum(rows), sum(nameless), count(*) FILTER (nameless > 0), "
            f"count(DISTINCT nameless) FROM ({blocks})"
        )
        people, rows, nameless, with_others, sizes = self._connection.execute(query).fetchall()[0]
        if people < _LEAST_PEOPLE or people * _MOST_ROWS < rows:
            return False
        if with_others == people and sizes == 1:
            return True
        is_much = nameless > _FEW and nameless >= _QUARTER * rows
        return bool(is_much and 2 * with_others >= people)

    def with_marks(self) -> list[PersonBlock]:
        """Blocks with a row that has a mark instead of the name."""
        marked = f"bool_or({is_mark_sql(str(Kind.PERSON))} AND NOT is_named)"
        numbers = f"SELECT block FROM {_BLOCKS} WHERE block > 0 GROUP BY block HAVING {marked}"
        filled = {number for (number,) in self._connection.execute(numbers).fetchall()}
        return (
            [block for block in self.uncertain("true") if block.number in filled] if filled else []
        )

    def uncertain(self, condition: str) -> list[PersonBlock]:
        """Blocks with a row without a name, and a rejected row or a true aggregate `condition`."""
        query = (
            f"SELECT block, coalesce(any_value({identity_key_sql(str(Kind.PERSON))}) "
            f"FILTER (is_named), ''), max(line) FROM {_BLOCKS} WHERE block > 0 GROUP BY block "
            f"HAVING bool_or(NOT is_named) AND (max(line) > 0 OR {condition}) ORDER BY block"
        )
        return [PersonBlock(*row) for row in self._connection.execute(query).fetchall()]

    def fill(self, but: Iterable[PersonBlock] = ()) -> dict[int, str]:
        """Fill in names from above, except in the blocks `but`.

        Returns the person key of each changed row by its number.
        """
        chosen = ", ".join(
            f"last_value(CASE WHEN NOT {is_nameless_sql(kind)} THEN {kind} END IGNORE NULLS) OVER "
            f"(PARTITION BY block ORDER BY position, line ROWS UNBOUNDED PRECEDING) AS {kind}"
            for kind in self._filled
        )
        source = f"(SELECT number, is_named, block, {chosen} FROM {_BLOCKS}) AS filled"
        others = ", ".join(["0", *(str(block.number) for block in but)])
        rows = (
            f"NOT filled.is_named AND filled.number IS NOT NULL "
            f"AND filled.{Kind.PERSON} IS NOT NULL AND filled.block NOT IN ({others})"
        )
        person = identity_key_sql(f"filled.{Kind.PERSON}")
        query = f"SELECT number, {person} FROM {source} WHERE {rows} ORDER BY number"
        people = dict(self._connection.execute(query).fetchall())
        changed = ", ".join(f"f{self._indexes[kind]} = filled.{kind}" for kind in self._filled)
        self._connection.execute(
            f"UPDATE {self._table} SET {changed} FROM {source} "
            f"WHERE {self._table}.rowid = filled.number AND {rows}"
        )
        return people

    def without_name(self, blocks: Iterable[PersonBlock]) -> list[int]:
        """The numbers of rows without a name in these blocks."""
        some = ", ".join(str(block.number) for block in blocks)
        if not some:
            return []
        query = (
            f"SELECT number FROM {_BLOCKS} "
            f"WHERE NOT is_named AND block IN ({some}) AND number IS NOT NULL ORDER BY 1"
        )
        return [number for (number,) in self._connection.execute(query).fetchall()]

    def naming(self, people: Iterable[str]) -> dict[int, str]:
        """The person key of each row that names one of these people, by row number."""
        some = ", ".join(
            text(person) for person in sorted(set(people)) if person not in UNNAMED_KEYS
        )
        if not some:
            return {}
        person = identity_key_sql(str(Kind.PERSON))
        query = f"SELECT number, {person} FROM {_BLOCKS} WHERE {person} IN ({some})"
        rows = self._connection.execute(f"{query} AND number IS NOT NULL").fetchall()
        return dict(rows)


def rejected_rows(
    sheet: Sheet, rejected: Sequence[int], rows: Iterable[Row]
) -> list[RejectedName]:
    """The names in rejected rows, with sort keys among the rows of the table."""
    person = next(
        number for number, column in enumerate(sheet.columns) if column.kind is Kind.PERSON
    )
    return [
        RejectedName(
            file_position(sheet, rejected, row.line),
            row.line,
            row.cells[person] if person < len(row.cells) else None,
        )
        for row in rows
    ]


def filled_notice(rows: int) -> str:
    """The notice about names that were filled in."""
    which = "1 row" if rows == 1 else f"{rows:,} rows"
    return f"each person is named only once: filled in the name in {which}"


def why_left_out(block: PersonBlock) -> str:
    """The reason to reject the person of a block with rows that cannot be scored."""
    if block.line:
        return another_row(block.line)
    return "an unnamed row below may belong to the same person"


def fill_in_names(connection: duckdb.DuckDBPyConnection, staged: PeopleTable) -> PeopleTable:
    """Fill in or reject the rows of a wide sheet that may belong to the person above.

    Without raters, rows without a name are unnamed people, unless they follow named rows
    throughout the sheet or have a mark such as `"`.
    """
    person = staged.column_index(Kind.PERSON)
    if person is None:
        return staged
    has_raters = staged.column_index(Kind.RATER) is not None
    others = {Code.ROW_WITHOUT_PERSON, Code.ROW_OF_SECOND_TABLE}
    rows = (
        row
        for row, reasons in staged.rejections
        if others.isdisjoint(reject.code for reject in reasons)
    )
    rejected = rejected_rows(staged.sheet, staged.rejected, rows)
    blocks = NameBlocks(connection, PEOPLE, staged.sheet, rejected, (Kind.PERSON, Kind.ROLE))
    if not blocks.has_unnamed_rows():
        return staged
    with blocks:
        is_named_once = has_raters and blocks.is_named_once()
        if has_raters or blocks.alternates():
            uncertain = blocks.uncertain(_conflicts(staged) if is_named_once else "true")
        else:
            uncertain = blocks.with_marks()
        filled = blocks.fill(uncertain) if is_named_once else {}
        why = NO_NAME if has_raters else f"{NO_NAME}{_OR_ANONYMOUS}"
        nameless = RowReason(
            person, Code.ROW_WITHOUT_PERSON, why + rater_hint(staged.sheet.columns)
        )
        reasons = dict.fromkeys(blocks.without_name(uncertain), nameless)
        by_name = {block.person: block for block in uncertain}
        for number, name in blocks.naming(by_name).items():
            reasons[number] = RowReason(
                person, Code.ROW_OF_REJECTED_PERSON, why_left_out(by_name[name])
            )
    if filled:
        sheet = staged.sheet
        notices = (*sheet.notices, filled_notice(len(filled)))
        staged = staged._replace(sheet=sheet._replace(notices=notices))
    return reject_rows(connection, staged, reasons)


def _conflicts(staged: PeopleTable) -> str:
    """SQL for an aggregate that is true if raters or roles show that rows are of several people."""
    rater = identity_key_sql(str(Kind.RATER))
    raters = f"count(DISTINCT nullif({rater}, '')) < count(*)"
    if staged.column_index(Kind.ROLE) is None:
        return raters
    role = identity_key_sql(str(Kind.ROLE))
    return f"{raters} OR count(DISTINCT nullif({role}, '')) > 1"
