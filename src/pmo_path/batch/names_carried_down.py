"""People who are named once for several rows, as merged cells and pivot tables leave them.

A row without a person below one with a person is no person of its own where rows belong together:
in a sheet with raters, in one with a row for each rating, and in any where such rows stand below
named ones throughout. A mark such as `-` or `"` in place of a person is like an empty cell. It is read as that of the person
above only where the whole sheet is written so; else it is rejected, and with it the person above,
who would be scored on some of the ratings alone.
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
"""Rows for each person; where there are more, people seldom give their name at all."""
_FEW = 2
_QUARTER = 0.25
_KINDS = (Kind.PERSON, Kind.ROLE, Kind.RATER)
NO_NAME = "no person; if the row belongs to the person above, repeat the name in every row"

_OR_NOBODY = ", or write 'anonymous'"


class RejectedName(NamedTuple):
    """A row that is rejected already, as far as it matters here."""

    position: int
    """As `file_position` says."""
    line: int
    person: str | None
    """None where the cell is missing."""


class PersonBlock(NamedTuple):
    """A row that names a person, and the rows without one below it."""

    number: int
    person: str
    """The person, as `same` has it; empty where that is not known."""
    line: int
    """Of a rejected row in it; 0 where none is rejected."""


class NameBlocks:
    """Rows of a table in blocks: one that names a person, and those without one below it."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        table: str,
        sheet: Sheet,
        rejected: Iterable[RejectedName],
        kinds: Sequence[Kind],
    ) -> None:
        """`kinds` are the columns that are empty below the first row of a block as well."""
        self._connection, self._table, self._sheet = connection, table, sheet
        indexes = {column.kind: index for index, column in enumerate(sheet.columns)}
        self._indexes = {kind: indexes[kind] for kind in _KINDS if kind in indexes}
        self._filled = [kind for kind in kinds if kind in indexes]
        self._rejected = list(rejected)

    def is_there(self) -> bool:
        """Whether any row has no person while another one names somebody."""
        person = f"f{self._indexes[Kind.PERSON]}"
        without = f"count(*) FILTER ({is_nameless_sql(person)})"
        query = f"SELECT {without}, count(*) - {without} FROM {self._table}"
        nameless, named = self._connection.execute(query).fetchall()[0]
        named += sum(not is_nameless(row.person or "") for row in self._rejected)
        return bool(nameless and named)

    def __enter__(self) -> Self:
        """With a table of the blocks, which is there until the end."""
        cells = ", ".join(f"f{index} AS {kind}" for kind, index in self._indexes.items())
        index = file_position_sql(self._sheet)
        rows = (
            f"SELECT rowid AS number, {index} AS position, 0 AS line, {cells} FROM {self._table}"
        )
        if self._rejected:
            self._tell_rejected()
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

    def _tell_rejected(self) -> None:
        """Put the rejected rows into a table: as the text of a query they would take gigabytes."""
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

    def is_habit(self) -> bool:
        """Whether the sheet names people once: nobody twice, and most with rows below."""
        key = ", ".join(identity_key_sql(str(kind)) for kind in self._filled)
        blocks = (
            f"SELECT any_value(concat_ws(chr(31), {key})) FILTER (is_named) AS person, "
            f"bool_or(NOT is_named) AS has_others FROM {_BLOCKS} WHERE block > 0 GROUP BY block"
        )
        query = f"SELECT count(*), count(DISTINCT person), count(*) FILTER (has_others) FROM ({blocks})"
        people, different, with_others = self._connection.execute(query).fetchall()[0]
        return bool(people == different and 2 * with_others >= people)

    def alternates(self) -> bool:
        """Whether rows without a person stand below those with one throughout the sheet."""
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
        """Blocks with a row that has a mark in place of the person above."""
        marked = f"bool_or({is_mark_sql(str(Kind.PERSON))} AND NOT is_named)"
        numbers = f"SELECT block FROM {_BLOCKS} WHERE block > 0 GROUP BY block HAVING {marked}"
        filled = {number for (number,) in self._connection.execute(numbers).fetchall()}
        return (
            [block for block in self.uncertain("true") if block.number in filled] if filled else []
        )

    def uncertain(self, condition: str) -> list[PersonBlock]:
        """Blocks with a rejected row, and those of which the aggregate `condition` is true.

        Only blocks that have a row without a person.
        """
        query = (
            f"SELECT block, coalesce(any_value({identity_key_sql(str(Kind.PERSON))}) "
            f"FILTER (is_named), ''), max(line) FROM {_BLOCKS} WHERE block > 0 GROUP BY block "
            f"HAVING bool_or(NOT is_named) AND (max(line) > 0 OR {condition}) ORDER BY block"
        )
        return [PersonBlock(*row) for row in self._connection.execute(query).fetchall()]

    def fill(self, but: Iterable[PersonBlock] = ()) -> dict[int, str]:
        """Give rows without a person what the rows above in their block have, but not in some.

        Who each row that is changed is for, by its number, as `same` has it.
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
        """The numbers of rows without a person in some blocks."""
        some = ", ".join(str(block.number) for block in blocks)
        if not some:
            return []
        query = (
            f"SELECT number FROM {_BLOCKS} "
            f"WHERE NOT is_named AND block IN ({some}) AND number IS NOT NULL ORDER BY 1"
        )
        return [number for (number,) in self._connection.execute(query).fetchall()]

    def naming(self, people: Iterable[str]) -> dict[int, str]:
        """Who is named, as `same` has it, in each of the rows that name some people."""
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
    """Rejected rows as they are sorted among those of the table."""
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
    """What is said of rows that were read as of the person above them."""
    which = "1 row" if rows == 1 else f"{rows:,} rows"
    return f"each person is named only once: filled in the name in {which}"


def why_left_out(block: PersonBlock) -> str:
    """Why the person of a block is rejected, some of whose rows cannot be counted."""
    if block.line:
        return another_row(block.line)
    return "an unnamed row below may belong to the same person"


def fill_in_names(connection: duckdb.DuckDBPyConnection, staged: PeopleTable) -> PeopleTable:
    """The table of a wide sheet, each row that may belong to the person above filled or rejected.

    Without raters, rows without a person are people without a name, unless they stand below named
    ones throughout, or have a mark there, such as `"`.
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
    once = NameBlocks(connection, PEOPLE, staged.sheet, rejected, (Kind.PERSON, Kind.ROLE))
    if not once.is_there():
        return staged
    with once:
        is_habit = has_raters and once.is_habit()
        if has_raters or once.alternates():
            uncertain = once.uncertain(_conflicts(staged) if is_habit else "true")
        else:
            uncertain = once.with_marks()
        filled = once.fill(uncertain) if is_habit else {}
        why = NO_NAME if has_raters else f"{NO_NAME}{_OR_NOBODY}"
        nameless = RowReason(
            person, Code.ROW_WITHOUT_PERSON, why + rater_hint(staged.sheet.columns)
        )
        reasons = dict.fromkeys(once.without_name(uncertain), nameless)
        by_name = {block.person: block for block in uncertain}
        for number, name in once.naming(by_name).items():
            reasons[number] = RowReason(
                person, Code.ROW_OF_REJECTED_PERSON, why_left_out(by_name[name])
            )
    if filled:
        sheet = staged.sheet
        notices = (*sheet.notices, filled_notice(len(filled)))
        staged = staged._replace(sheet=sheet._replace(notices=notices))
    return reject_rows(connection, staged, reasons)


def _conflicts(staged: PeopleTable) -> str:
    """An aggregate that is true where rows cannot all be of one person: raters say so, or roles."""
    rater = identity_key_sql(str(Kind.RATER))
    raters = f"count(DISTINCT nullif({rater}, '')) < count(*)"
    if staged.column_index(Kind.ROLE) is None:
        return raters
    role = identity_key_sql(str(Kind.ROLE))
    return f"{raters} OR count(DISTINCT nullif({role}, '')) > 1"
