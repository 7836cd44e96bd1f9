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
from pmo_path.batch.people_table import PEOPLE, PeopleTable
from pmo_path.domain.codes import Code
from pmo_path.readers.table.rejected_rows import RowReason, another_row
from pmo_path.readers.table.sheet import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


_BLOCKS, _REJECTED = "blocks", "rejected_rows"
_LEAST_PEOPLE = 2
_MOST_ROWS = 13
"""The most rows a person; with more, most people are simply unnamed."""
_FEW = 2
_QUARTER = 0.25
_NOT_OF_PEOPLE = {Code.ROW_WITHOUT_PERSON, Code.ROW_OF_SECOND_TABLE}
"""Why rows are rejected that cannot belong to a person above or below."""
NO_NAME = "no person; if the row belongs to the person above, repeat the name in every row"

_OR_ANONYMOUS = ", or write 'anonymous'"
_UNNAMED_BELOW = "an unnamed row below may belong to the same person"
HAS_REJECTED = "max(line) > 0"
"""SQL for whether a row of a block is already rejected."""


class PersonBlock(NamedTuple):
    """A row with a name and the rows without one below it."""

    number: int
    person: str
    """The person key; empty if unknown."""
    line: int
    """The line of a rejected row in the block, or 0."""


class NameBlocks:
    """The rows of a table in blocks: a row with a name and the rows without one below it."""

    def __init__(self, staged: PeopleTable, kinds: Sequence[Kind]) -> None:
        """`kinds` are the columns that may be left empty below the first row of a block."""
        self._staged, columns = staged, staged.sheet.columns
        self._indexes = {
            columns[index].kind: index
            for index in staged.sheet.indexes(Kind.PERSON, Kind.ROLE, Kind.RATER)
        }
        self._filled = [kind for kind in kinds if kind in self._indexes]
        person = self._indexes[Kind.PERSON]
        self._rejected = [
            (
                staged.position(row.line),
                row.line,
                row.cells[person] if person < len(row.cells) else None,
            )
            for row, reasons in staged.rejections
            if _NOT_OF_PEOPLE.isdisjoint(reject.code for reject in reasons)
        ]

    def has_unnamed_rows(self) -> bool:
        """Whether some rows have a name and others do not."""
        person = f"f{self._indexes[Kind.PERSON]}"
        without = f"count(*) FILTER ({is_nameless_sql(person)})"
        query = f"SELECT {without}, count(*) - {without} FROM {PEOPLE}"
        ((nameless, named),) = self._staged.rows(query)
        named += sum(not is_nameless(name or "") for _, _, name in self._rejected)
        return bool(nameless and named)

    def __enter__(self) -> Self:
        """Create the table of blocks, which is dropped on exit."""
        connection = self._staged.connection
        cells = ", ".join(f"f{index} AS {kind}" for kind, index in self._indexes.items())
        # As literals in a query, rejected rows would take gigabytes.
        connection.execute(
            f"CREATE TEMP TABLE {_REJECTED} (position BIGINT, line BIGINT, {Kind.PERSON} VARCHAR)"
        )
        if self._rejected:
            connection.execute(
                f"INSERT INTO {_REJECTED} SELECT unnest($1), unnest($2), unnest($3::VARCHAR[])",
                [list(column) for column in zip(*self._rejected, strict=True)],
            )
        named = f"NOT {is_nameless_sql(str(Kind.PERSON))} OR is_unknown"
        connection.execute(
            f"CREATE TEMP TABLE {_BLOCKS} AS SELECT *, {named} AS is_named, "
            f"count(*) FILTER ({named}) OVER (ORDER BY position, line "
            "ROWS UNBOUNDED PRECEDING) AS block "
            f"FROM (SELECT *, line > 0 AND {Kind.PERSON} IS NULL AS is_unknown FROM ("
            f"SELECT rowid AS number, {self._staged.position_sql()} AS position, 0 AS line, {cells} "
            f"FROM {PEOPLE} UNION ALL BY NAME FROM {_REJECTED}))"
        )
        return self

    def __exit__(self, *_: object) -> None:
        for table in (_BLOCKS, _REJECTED):
            self._staged.connection.execute(f"DROP TABLE {table}")

    def is_named_once(self) -> bool:
        """Whether each person is named once and most have rows below."""
        key = ", ".join(identity_key_sql(str(kind)) for kind in self._filled)
        blocks = (
            f"SELECT any_value(concat_ws(chr(31), {key})) FILTER (is_named) AS person, "
            f"bool_or(NOT is_named) AS has_others FROM {_BLOCKS} WHERE block > 0 GROUP BY block"
        )
        query = f"SELECT count(*), count(DISTINCT person), count(*) FILTER (has_others) FROM ({blocks})"
        people, different, with_others = self._staged.rows(query)[0]
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
        people, rows, nameless, with_others, sizes = self._staged.rows(query)[0]
        if people < _LEAST_PEOPLE or people * _MOST_ROWS < rows:
            return False
        if with_others == people and sizes == 1:
            return True
        is_much = nameless > _FEW and nameless >= _QUARTER * rows
        return bool(is_much and 2 * with_others >= people)

    def uncertain(self, condition: str) -> list[PersonBlock]:
        """Blocks with a row without a name for which the aggregate `condition` is true."""
        query = (
            f"SELECT block, coalesce(any_value({identity_key_sql(str(Kind.PERSON))}) "
            f"FILTER (is_named), ''), max(line) FROM {_BLOCKS} WHERE block > 0 GROUP BY block "
            f"HAVING bool_or(NOT is_named) AND ({condition}) ORDER BY block"
        )
        return [PersonBlock(*row) for row in self._staged.rows(query)]

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
        people = dict(self._staged.rows(query))
        changed = ", ".join(f"f{self._indexes[kind]} = filled.{kind}" for kind in self._filled)
        self._staged.connection.execute(
            f"UPDATE {PEOPLE} SET {changed} FROM {source} "
            f"WHERE {PEOPLE}.rowid = filled.number AND {rows}"
        )
        return people

    def reasons(self, blocks: Sequence[PersonBlock], nameless: RowReason) -> dict[int, RowReason]:
        """The reasons to reject the rows of these blocks and the other rows of their people."""
        if not blocks:
            return {}
        some = ", ".join(str(block.number) for block in blocks)
        by_name = {block.person: block for block in blocks}
        names = ", ".join(map(text, sorted(by_name.keys() - set(UNNAMED_KEYS)))) or "NULL"
        person = identity_key_sql(str(Kind.PERSON))
        rows = f"SELECT number, {person} FROM {_BLOCKS} WHERE number IS NOT NULL AND"
        without = self._staged.values(f"{rows} NOT is_named AND block IN ({some}) ORDER BY 1")
        reasons = dict.fromkeys(without, nameless)
        for number, name in self._staged.rows(f"{rows} {person} IN ({names})"):
            line = by_name[name].line
            why = another_row(f"line {line}") if line else _UNNAMED_BELOW
            reasons[number] = RowReason(nameless.column, Code.ROW_OF_REJECTED_PERSON, why)
        return reasons


def filled_notice(rows: int) -> str:
    which = "1 row" if rows == 1 else f"{rows:,} rows"
    return f"each person is named only once: filled in the name in {which}"


def fill_in_names(staged: PeopleTable) -> PeopleTable:
    """Fill in or reject the rows of a wide sheet that may belong to the person above.

    Without raters, rows without a name are unnamed people, unless they follow named rows
    throughout the sheet or have a mark such as `"`.
    """
    sheet, person = staged.sheet, staged.column_index(Kind.PERSON)
    if person is None:
        return staged
    has_raters = staged.column_index(Kind.RATER) is not None
    blocks = NameBlocks(staged, (Kind.PERSON, Kind.ROLE))
    if not blocks.has_unnamed_rows():
        return staged
    with blocks:
        is_named_once = has_raters and blocks.is_named_once()
        condition = "true"
        if is_named_once:
            condition = f"{HAS_REJECTED} OR {_conflicts(staged)}"
        elif not has_raters and not blocks.alternates():
            condition = f"bool_or({is_mark_sql(str(Kind.PERSON))} AND NOT is_named)"
        uncertain = blocks.uncertain(condition)
        filled = blocks.fill(uncertain) if is_named_once else {}
        why = NO_NAME if has_raters else f"{NO_NAME}{_OR_ANONYMOUS}"
        why += rater_hint(sheet.columns)
        reasons = blocks.reasons(uncertain, RowReason(person, Code.ROW_WITHOUT_PERSON, why))
    if filled:
        notices = (*sheet.notices, filled_notice(len(filled)))
        staged = staged._replace(sheet=sheet._replace(notices=notices))
    return staged.reject(reasons)


def _conflicts(staged: PeopleTable) -> str:
    """SQL for an aggregate that is true if raters or roles show that rows are of several people."""
    rater = identity_key_sql(str(Kind.RATER))
    raters = f"count(DISTINCT nullif({rater}, '')) < count(*)"
    if staged.column_index(Kind.ROLE) is None:
        return raters
    role = identity_key_sql(str(Kind.ROLE))
    return f"{raters} OR count(DISTINCT nullif({role}, '')) > 1"
