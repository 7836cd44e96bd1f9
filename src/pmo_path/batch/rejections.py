"""Reject rows with unknown roles and duplicate people, and drop older ratings."""

from __future__ import annotations

from collections import defaultdict
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from pmo_path.batch.engine import text
from pmo_path.batch.identity import identity_key_sql, is_named_sql, keys_sql, rater_hint
from pmo_path.batch.people_table import PEOPLE, PeopleTable
from pmo_path.domain.codes import Code
from pmo_path.domain.columns import ROUND_HEADINGS
from pmo_path.domain.names import fold_accents
from pmo_path.readers.table.csv_records import UNCLOSED, divided
from pmo_path.readers.table.rejected_rows import Rejection, RowReason, another_row, no_role
from pmo_path.readers.table.sheet import Kind, Origin, Sheet, input_of_line_sql

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

_AT_ONCE = 5000
"""Rejected rows that are looked for in one query."""
_PEOPLE_AT_ONCE = 2_000_000
"""People among whom duplicates are searched in one query."""
REPEATED = "repeated"
"""The table of people who are in several rows of a sheet that is scored in parts."""
_EVERYBODY = "(everybody)"
"""The person in a sheet without a person column."""
_DATE_HEADINGS = ("date", "assessment date")
_DATED = "dated"
"""The table with the keys, input and date of each row."""


class ScoredRole(NamedTuple):
    """A role, and which rows are scored against it."""

    id: str
    condition: str
    """An SQL `WHERE` clause, or empty for all rows."""
    spellings: tuple[str, ...] = ()
    """How the rows write the role."""
    rows: int | None = None
    """About how many rows name it; None if everybody is scored against it."""


def roles_to_score(
    staged: PeopleTable, roles: Sequence[str]
) -> tuple[list[ScoredRole], PeopleTable]:
    """The roles with these ids for everybody; without any, those that rows name.

    Rows whose role is unknown are then rejected.
    """
    if roles:
        return [ScoredRole(role, "") for role in roles], staged
    index = staged.column_index(Kind.ROLE)
    if index is None:
        return [], staged
    framework = staged.framework
    by_role: dict[str, dict[str, int]] = defaultdict(dict)
    unknown: dict[str | None, RowReason] = {}
    for value, rows in staged.rows(f"SELECT f{index}, count(*) FROM {PEOPLE} GROUP BY 1"):
        role = framework.role_names.find(value) if value and value.strip() else None
        if role is not None:
            by_role[role][value] = rows
        else:
            reason = no_role(framework, value or "")
            unknown[value] = RowReason(index, Code.ROW_UNKNOWN_ROLE, reason)
    named = [
        ScoredRole(
            role,
            f"WHERE f{index} IN ({', '.join(map(text, by_role[role]))})",
            tuple(by_role[role]),
            sum(by_role[role].values()),
        )
        for role in framework.roles
        if role in by_role
    ]
    if not unknown:
        return named, staged
    known = ", ".join(text(spelling) for role in named for spelling in role.spellings)
    others = f"f{index} IS NULL OR f{index} NOT IN ({known})" if known else "true"
    rows = staged.rows_to_reject(f"SELECT rowid, f{index} FROM {PEOPLE} WHERE {others}")
    return named, staged.reject({number: unknown[value] for number, value in rows})


def identity_keys(staged: PeopleTable, roles: Iterable[ScoredRole]) -> dict[Kind, str]:
    """SQL for the keys that identify a row, by kind of column; a role's key is its id."""
    spellings = {spelling: role.id for role in roles for spelling in role.spellings}
    return keys_sql(staged.sheet.columns, spellings)


def reject_duplicates(staged: PeopleTable, roles: Iterable[ScoredRole]) -> PeopleTable:
    """Reject all rows of people who appear twice for the same role and rater.

    Rejected rows count as appearances. It is unknown which of the rows is right, so none counts.
    """
    index = staged.column_index(Kind.PERSON)
    if index is None:
        return staged
    keys = identity_keys(staged, roles)
    lines = _duplicates_in_table(staged, keys)
    lines |= _duplicates_of_rejected(staged, keys, _rejected_people(staged, keys))
    hint = _hint(staged.sheet)
    return staged.reject(
        {
            number: RowReason(
                index,
                Code.ROW_DUPLICATE_PERSON,
                f"the same person is in {staged.sheet.line_shown(line)} too{hint}",
            )
            for number, line in lines.items()
        }
    )


def reject_repeated(staged: PeopleTable, roles: Iterable[ScoredRole]) -> PeopleTable:
    """Reject the rows of people who are in the table `REPEATED`.

    It has the keys of people with several rows in the whole sheet, not just this part; a null
    role means any role.
    """
    index = staged.column_index(Kind.PERSON)
    if index is None:
        return staged
    keys = identity_keys(staged, roles)
    chosen = ", ".join(f"{key} AS {kind}" for kind, key in keys.items())
    same = " AND ".join(f"(r.{kind} IS NULL OR r.{kind} = p.{kind})" for kind in keys)
    numbers = staged.values(
        f"SELECT DISTINCT number FROM (SELECT rowid AS number, {chosen} FROM {PEOPLE}) p "
        f"JOIN {REPEATED} r ON r.person = p.person AND {same}"
    )
    reason = f"the same person is in another row too{_hint(staged.sheet)}"
    return staged.reject(
        dict.fromkeys(numbers, RowReason(index, Code.ROW_DUPLICATE_PERSON, reason))
    )


def reject_other_raters(staged: PeopleTable, roles: Iterable[ScoredRole]) -> PeopleTable:
    """Reject the other raters' rows of each person with a rejected row.

    Otherwise combined ratings and spread would silently rest on the remaining raters. A row
    without a known role counts for every role.
    """
    rater, person = staged.column_index(Kind.RATER), staged.column_index(Kind.PERSON)
    if rater is None or not staged.rejections:
        return staged
    # Without a person column, all raters rate the same person.
    keys = {Kind.PERSON: text(_EVERYBODY), **identity_keys(staged, roles)}
    del keys[Kind.RATER]
    known = {*staged.framework.roles, None}
    rejected = (
        (line, [name, *(role if role in known else None for role in role_of_row)])
        for line, [name, *role_of_row] in _rejected_people(staged, keys)
    )
    column = rater if person is None else person
    return staged.reject(
        {
            number: RowReason(
                column, Code.ROW_OF_REJECTED_PERSON, another_row(staged.sheet.line_shown(line))
            )
            for number, line in _duplicates_of_rejected(staged, keys, rejected).items()
        }
    )


def _hint(sheet: Sheet) -> str:
    """A hint on what to do about several rows of a person, whom a column may tell apart."""
    if sheet.inputs:
        return "; keep one of them, or give both a date such as 2026-11-23: the newer one counts"
    columns = sheet.columns
    hint = rater_hint(columns)
    carried = [column.heading for column in columns if column.kind is Kind.CARRIED]
    rounds = [heading for heading in carried if fold_accents(heading) in ROUND_HEADINGS]
    if hint or not rounds or any(column.kind is Kind.RATER for column in columns):
        return hint
    return (
        f"; if '{rounds[0]}' tells rounds apart, save each round as a sheet of its own; "
        f"if it tells raters apart, pass --map with '{rounds[0]}: rater'"
    )


def _duplicates_in_table(staged: PeopleTable, keys: Mapping[Kind, str]) -> dict[int, int]:
    """The line of another row of the same person, by row number."""
    whole = f"hash({', '.join(keys.values())})"
    duplicates: list[list[int]] = []
    # Numbers in place of texts, and not all of them at once, keep this small however many people
    # there are; those that are equal by chance are separated by the second query.
    parts = 1 + staged.scored // _PEOPLE_AT_ONCE
    for part in range(parts):
        people = f"FROM {PEOPLE} WHERE {is_named_sql(keys[Kind.PERSON])}"
        people += f" AND {whole} % {parts} = {part}" if parts > 1 else ""
        repeated = f"{people} GROUP BY {whole} HAVING count(*) > 1"
        (rows,) = staged.values(f"SELECT sum(n) FROM (SELECT count(*) AS n {repeated})")
        staged.rejections.check(sum(map(len, duplicates), rows or 0))
        if rows:
            duplicates += staged.values(
                f"SELECT list(rowid ORDER BY rowid) {people} AND {whole} IN (SELECT {whole} "
                f"{repeated}) GROUP BY {', '.join(keys.values())} HAVING count(*) > 1"
            )
    listed = sorted(number for numbers in duplicates for number in numbers)
    lines = dict(zip(listed, (row.line for row in staged.records(listed)), strict=True))
    return {
        number: lines[numbers[1] if number == numbers[0] else numbers[0]]
        for numbers in duplicates
        for number in numbers
    }


def _duplicates_of_rejected(
    staged: PeopleTable, keys: Mapping[Kind, str], rejected: Iterator[tuple[int, list[str | None]]]
) -> dict[int, int]:
    """The line of an already rejected row of the same person, by row number.

    If a rejected row has no cell for role or rater, it matches any.
    """
    same = " AND ".join(
        f"(r.{kind} IS NULL OR {_rejected_key_sql(kind)} = p.{kind})" for kind in keys
    )
    chosen = ", ".join(f"{key} AS {kind}" for kind, key in keys.items())
    lines: dict[int, int] = {}
    while piece := list(islice(rejected, _AT_ONCE)):
        rows = ", ".join(
            f"({line}, {', '.join('NULL::VARCHAR' if cell is None else text(cell) for cell in key)})"
            for line, key in piece
        )
        matching = staged.rows(
            f"SELECT p.number, min(r.line) FROM (SELECT rowid AS number, {chosen} FROM {PEOPLE}) p "
            f"JOIN (VALUES {rows}) r(line, {', '.join(keys)}) "
            f"ON {_rejected_key_sql(Kind.PERSON)} = p.person AND {same} "
            f"WHERE {is_named_sql('p.person')} GROUP BY 1"
        )
        lines = {**dict(matching), **lines}
    return lines


def _rejected_key_sql(kind: Kind) -> str:
    """SQL for the key of a cell of a rejected row, in which known roles are ids."""
    return f"r.{kind}" if kind is Kind.ROLE else identity_key_sql(f"r.{kind}")


def _rejected_people(
    staged: PeopleTable, kinds: Iterable[Kind]
) -> Iterator[tuple[int, list[str | None]]]:
    """Line and cells of these kinds in each rejected row of a person; None for missing cells."""
    person = staged.column_index(Kind.PERSON)
    for rejection in staged.rejections:
        for cells in cells_of_people(rejection):
            if person is None or person < len(cells):
                yield rejection.row.line, [_cell(staged, kind, cells) for kind in kinds]


def cells_of_people(rejection: Rejection) -> Iterable[Sequence[str]]:
    """The cells of a rejected row, or of each of the rows in a cell that does not end."""
    codes = {reject.code for reject in rejection.reasons}
    if Code.ROW_WITHOUT_PERSON in codes:
        return []
    is_undivided = any(reject.reason == UNCLOSED for reject in rejection.reasons)
    return divided(rejection.row.cells[0]) if is_undivided else [rejection.row.cells]


def _cell(staged: PeopleTable, kind: Kind, cells: Sequence[str]) -> str | None:
    index = staged.column_index(kind)
    if index is None:
        return _EVERYBODY
    cell = cells[index] if index < len(cells) else None
    if kind is Kind.ROLE and cell is not None:
        return staged.framework.role_names.find(cell) or cell
    return cell


# --- In several files ----------------------------------------------------------------------------


class Older(NamedTuple):
    """A row that does not count, since there is one of the same person and rater that does."""

    line: int
    origin: Origin
    counts: Origin
    """Where the row comes from that counts."""
    is_same: bool
    """Whether both have the same ratings; else the one that counts is newer."""

    @property
    def why(self) -> str:
        return "same ratings again" if self.is_same else "older ratings"


def keep_newest(
    staged: PeopleTable, roles: Iterable[ScoredRole]
) -> tuple[PeopleTable, tuple[Older, ...]]:
    """Take away older ratings for a role by the same rater from another input, and copies.

    Where ratings differ and no date tells which are newer, all stay, to be rejected as duplicates.
    """
    if len(staged.sheet.inputs) == 1 or staged.column_index(Kind.PERSON) is None:
        return staged, ()
    keys = {kind.value: key for kind, key in identity_keys(staged, list(roles)).items()}
    keys = {"role": text(""), "rater": text(""), **keys}
    dates = [
        f"TRY_CAST(trim(f{index}) AS DATE)"
        for index in staged.sheet.indexes(Kind.CARRIED)
        if fold_accents(staged.sheet.columns[index].heading) in _DATE_HEADINGS
    ]
    chosen = ", ".join(f"{keys[kind]} AS {kind}" for kind in ("person", "rater", "role"))
    staged.connection.execute(
        f"CREATE TABLE {_DATED} AS SELECT line, "
        f"{input_of_line_sql('line')} AS input, {chosen}, "
        f"coalesce({', '.join([*dates, 'NULL::DATE'])}) AS date "
        f"FROM {PEOPLE} WHERE {is_named_sql(keys['person'])}"
    )
    older = _older(staged)
    staged.connection.execute(
        f"DELETE FROM {_DATED} WHERE line IN (SELECT unnest($1::BIGINT[]))",
        [[line for line, _ in older]],
    )
    copies = _copies(staged)
    staged.connection.execute(f"DROP TABLE {_DATED}")
    lines = [line for line, _ in (*older, *copies)]
    staged.connection.execute(
        f"DELETE FROM {PEOPLE} WHERE line IN (SELECT unnest($1::BIGINT[]))", [lines]
    )
    origin = staged.sheet.origin
    left_out = [
        *(Older(line, origin(line), origin(newer), is_same=False) for line, newer in older),
        *(Older(line, origin(line), origin(first), is_same=True) for line, first in copies),
    ]
    return staged._replace(scored=staged.scored - len(lines)), tuple(sorted(left_out))


def _older(staged: PeopleTable) -> list[tuple[int, int]]:
    """The lines of rows with a newer one in another input, each with the line of the newest."""
    return staged.rows(
        f"SELECT p.line, list(q.line ORDER BY q.date DESC, q.line)[1] FROM {_DATED} p "
        f"JOIN {_DATED} q USING (person, rater, role) "
        "WHERE q.input <> p.input AND q.date > p.date GROUP BY p.line ORDER BY p.line"
    )


def _copies(staged: PeopleTable) -> list[tuple[int, int]]:
    """The lines of rows with the same ratings as one of another input, each with its line."""
    ratings = [f"f{index}" for index in staged.rating_indexes()]
    masks = [f"na_{mask}" for mask in range(staged.masks)]
    groups = staged.values(
        "SELECT list(d.line ORDER BY d.date DESC NULLS LAST, d.line) "
        f"FROM {_DATED} d JOIN {PEOPLE} p ON p.line = d.line "
        "GROUP BY d.person, d.rater, d.role "
        "HAVING count(*) > 1 AND count(*) = count(DISTINCT d.input) "
        f"AND count(DISTINCT row({', '.join(f'p.{cell}' for cell in [*ratings, *masks])})) = 1"
    )
    return [(line, lines[0]) for lines in groups for line in lines[1:]]
