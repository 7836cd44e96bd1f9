"""Reject valid rows that cannot be scored: unknown roles, duplicate people, summary rows."""

from __future__ import annotations

from collections import Counter, defaultdict
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from pmo_path.batch.engine import text
from pmo_path.batch.identity import identity_key_sql, is_named_sql, keys_sql, rater_hint
from pmo_path.batch.people_table import PEOPLE, PeopleTable
from pmo_path.batch.summary_rows import (
    NOTE_REASON,
    ROLE_NAME_REASON,
    SCALE_LABEL_REASON,
    Label,
    is_note,
    is_note_sql,
    label_of,
    label_sql,
    may_be_summary_row,
    may_be_summary_row_sql,
    may_be_total,
    named_sql,
    role_labels,
    summary_rows_among,
)
from pmo_path.domain.codes import Code
from pmo_path.domain.columns import ROUND_HEADINGS
from pmo_path.domain.limits import MAX_REJECTED_ROWS
from pmo_path.domain.names import fold, fold_accents
from pmo_path.domain.team import RejectedRow
from pmo_path.readers.table.csv_records import UNCLOSED, divided
from pmo_path.readers.table.rejected_rows import (
    OF_LABEL,
    WHOLE_ROW,
    RowReason,
    another_row,
    no_role,
)
from pmo_path.readers.table.sheet import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import duckdb

    from pmo_path.readers.table.rejected_rows import Row
    from pmo_path.readers.table.sheet import Column

T = TypeVar("T")
_AT_ONCE = 5000
_MOST_SUMMARY_ROWS = 2 * MAX_REJECTED_ROWS
"""The most rows that may be summary rows; a sheet of people has few."""
_PEOPLE_AT_ONCE = 2_000_000
"""People among whom duplicates are searched in one query."""


REPEATED = "repeated"
"""The table of people who are in several rows of a sheet that is scored in parts."""
_EVERYBODY = "(everybody)"
"""The person in a sheet without a person column."""


class ScoredRole(NamedTuple):
    """A role, and which rows are scored against it."""

    id: str
    condition: str
    """An SQL `WHERE` clause, or empty for all rows."""
    spellings: tuple[str, ...] = ()
    """How the rows write the role."""
    rows: int | None = None
    """About how many rows name it; None if everybody is scored against it."""


class _RowRejection(NamedTuple):
    number: int
    """The row number in the people table."""
    column: int
    code: Code
    reason: str


class _RejectedPerson(NamedTuple):
    """The identity of an already rejected row."""

    line: int
    key: tuple[str | None, ...]
    """Person, then role and rater if the sheet has them; None if the cell is missing."""


def roles_in_rows(
    connection: duckdb.DuckDBPyConnection, staged: PeopleTable
) -> tuple[list[ScoredRole], PeopleTable]:
    """The roles that rows name, and the table without rows whose role is unknown."""
    index = staged.column_index(Kind.ROLE)
    if index is None:
        return [], staged
    names = staged.framework.role_names
    by_role: dict[str, dict[str, int]] = defaultdict(dict)
    counted = f"SELECT f{index}, count(*) FROM {PEOPLE} GROUP BY 1"
    for value, rows in connection.execute(counted).fetchall():
        role = names.find(value) if value and value.strip() else None
        if role is not None:
            by_role[role][value] = rows
    known = ", ".join(
        text(spelling) for rows_by_spelling in by_role.values() for spelling in rows_by_spelling
    )
    others = f"f{index} IS NULL OR f{index} NOT IN ({known})" if known else "true"
    unknown = connection.execute(f"SELECT rowid, f{index} FROM {PEOPLE} WHERE {others}")
    reason = cache(lambda value: no_role(staged.framework, value))
    rejections = [
        _RowRejection(row, index, Code.ROW_UNKNOWN_ROLE, reason(value or ""))
        for row, value in staged.rejections.fetched(unknown)
    ]
    roles = [
        ScoredRole(
            role,
            f"WHERE f{index} IN ({', '.join(map(text, by_role[role]))})",
            tuple(by_role[role]),
            sum(by_role[role].values()),
        )
        for role in staged.framework.roles
        if role in by_role
    ]
    return roles, _reject(connection, staged, rejections)


def role_spellings(roles: Iterable[ScoredRole]) -> dict[str, str]:
    """The role id for each text in the role column."""
    return {spelling: role.id for role in roles for spelling in role.spellings}


def reject_duplicates(
    connection: duckdb.DuckDBPyConnection, staged: PeopleTable, roles: Iterable[ScoredRole]
) -> PeopleTable:
    """Reject all rows of people who appear twice for the same role and rater.

    Rejected rows count as appearances. It is unknown which of the rows is right, so none counts.
    """
    index = staged.column_index(Kind.PERSON)
    if index is None:
        return staged
    keys = keys_sql(staged.sheet.columns, role_spellings(roles))
    if not _may_have_duplicates(connection, staged, keys):
        return staged
    rejections: dict[int, _RowRejection] = {}
    hint = _hint(staged.sheet.columns)
    for number, line in (
        *_duplicates_of_rejected(connection, keys, _rejected_people(staged)),
        *_duplicates_in_table(connection, staged, keys),
    ):
        reason = f"the same person is in line {line} too{hint}"
        rejections.setdefault(
            number, _RowRejection(number, index, Code.ROW_DUPLICATE_PERSON, reason)
        )
    return _reject(connection, staged, list(rejections.values()))


def reject_repeated(
    connection: duckdb.DuckDBPyConnection, staged: PeopleTable, roles: Iterable[ScoredRole]
) -> PeopleTable:
    """Reject the rows of people who are in the table `REPEATED`.

    It has the keys of people with several rows in the whole sheet, not just this part; a null
    role means any role.
    """
    index = staged.column_index(Kind.PERSON)
    if index is None:
        return staged
    columns = staged.sheet.columns
    keys = keys_sql(columns, role_spellings(roles))
    chosen = ", ".join(f"{key} AS {kind}" for kind, key in keys.items())
    same = " AND ".join(f"(r.{kind} IS NULL OR r.{kind} = p.{kind})" for kind in keys)
    rows = connection.execute(
        f"SELECT DISTINCT number FROM (SELECT rowid AS number, {chosen} FROM {PEOPLE}) p "
        f"JOIN {REPEATED} r ON r.person = p.person AND {same}"
    ).fetchall()
    reason = f"the same person is in another row too{_hint(columns)}"
    rejections = [
        _RowRejection(number, index, Code.ROW_DUPLICATE_PERSON, reason) for (number,) in rows
    ]
    return _reject(connection, staged, rejections)


def _hint(columns: Sequence[Column]) -> str:
    """A hint on what to do about several rows of a person."""
    return rater_hint(columns) or _rounds_hint(columns)


def _rounds_hint(columns: Sequence[Column]) -> str:
    """A hint if a column seems to name the round of each row."""
    if any(column.kind is Kind.RATER for column in columns):
        return ""
    headings = (column.heading for column in columns if column.kind is Kind.CARRIED)
    named = next(
        (heading for heading in headings if fold_accents(heading) in ROUND_HEADINGS), None
    )
    if named is None:
        return ""
    return (
        f"; if '{named}' tells rounds apart, save each round as a sheet of its own; "
        f"if it tells raters apart, pass --map with '{named}: rater'"
    )


def reject_other_raters(
    connection: duckdb.DuckDBPyConnection, staged: PeopleTable, roles: Iterable[ScoredRole]
) -> PeopleTable:
    """Reject the other raters' rows of each person with a rejected row.

    Otherwise combined ratings and spread would silently rest on the remaining raters. A row
    without a known role counts for every role.
    """
    rater, person = staged.column_index(Kind.RATER), staged.column_index(Kind.PERSON)
    if rater is None or not staged.rejections:
        return staged
    keys = keys_sql(staged.sheet.columns, role_spellings(roles))
    del keys[Kind.RATER]
    # Without a person column, all raters rate the same person.
    keys = {Kind.PERSON: text(_EVERYBODY), **keys}
    rated = (_for_any_rater(staged, rejected) for rejected in _rejected_people(staged))
    column = rater if person is None else person
    rejections = [
        _RowRejection(number, column, Code.ROW_OF_REJECTED_PERSON, another_row(line))
        for number, line in _duplicates_of_rejected(connection, keys, rated)
    ]
    return _reject(connection, staged, rejections)


def _for_any_rater(staged: PeopleTable, rejected: _RejectedPerson) -> _RejectedPerson:
    """The person and, if known, the role of a rejected row."""
    person, *others = rejected.key
    if staged.column_index(Kind.ROLE) is None:
        return _RejectedPerson(rejected.line, (person,))
    role = others[0] if others[0] in staged.framework.roles else None
    return _RejectedPerson(rejected.line, (person, role))


def _may_have_duplicates(
    connection: duckdb.DuckDBPyConnection,
    staged: PeopleTable,
    keys: Mapping[Kind, str],
) -> bool:
    """Whether anybody may have several rows, found out quickly; most sheets have no duplicates."""
    if len(staged.rejections) > _AT_ONCE:
        return True
    rejected = list(_rejected_people(staged))
    if any(None in key for _, key in rejected):
        return True
    also = ""
    if rejected:
        rows = ", ".join(
            f"({', '.join(text(value or '') for value in key)})" for _, key in rejected
        )
        values = ", ".join(_rejected_key_sql(kind, str(kind)) for kind in keys)
        # Several rejected rows of one person do not matter.
        also = (
            f"UNION ALL SELECT DISTINCT hash({values}) FROM (VALUES {rows}) r({', '.join(keys)})"
        )
    whole = f"hash({', '.join(keys.values())})"
    somebody = is_named_sql(keys[Kind.PERSON])
    parts = 1 + staged.scored // _PEOPLE_AT_ONCE
    return any(
        connection.execute(
            f"SELECT 1 FROM (SELECT {whole} AS whole FROM {PEOPLE} WHERE {somebody} {also}) "
            f"WHERE whole % {parts} = {part} GROUP BY whole HAVING count(*) > 1 LIMIT 1"
        ).fetchall()
        for part in range(parts)
    )


def _duplicates_in_table(
    connection: duckdb.DuckDBPyConnection, staged: PeopleTable, keys: Mapping[Kind, str]
) -> list[tuple[int, int]]:
    """Rows of people with several rows in the table: number, and the line of another row."""
    whole = f"hash({', '.join(keys.values())})"
    somebody = is_named_sql(keys[Kind.PERSON])
    duplicates: list[tuple[list[int]]] = []
    repeated = f"SELECT count(*) AS n FROM {PEOPLE} WHERE {somebody} GROUP BY {whole} HAVING n > 1"
    ((count,),) = connection.execute(f"SELECT coalesce(sum(n), 0) FROM ({repeated})").fetchall()
    staged.rejections.check(count)
    # Numbers in place of texts, and not all of them at once, keep this small however many people
    # there are; those that are equal by chance are separated below.
    parts = 1 + staged.scored // _PEOPLE_AT_ONCE
    for part in range(parts):
        some = f" AND {whole} % {parts} = {part}" if parts > 1 else ""
        repeated = f"FROM {PEOPLE} WHERE {somebody}{some} GROUP BY {whole} HAVING count(*) > 1"
        duplicates += connection.execute(
            f"SELECT list(rowid ORDER BY rowid) FROM {PEOPLE} "
            f"WHERE {somebody} AND {whole} IN (SELECT {whole} {repeated}) "
            f"GROUP BY {', '.join(keys.values())} HAVING count(*) > 1"
        ).fetchall()
    numbers = sorted(number for (numbers,) in duplicates for number in numbers)
    lines = dict(zip(numbers, (row.line for row in _rows(staged, numbers)), strict=True))
    return [
        (number, lines[numbers[1] if number == numbers[0] else numbers[0]])
        for (numbers,) in duplicates
        for number in numbers
    ]


def _duplicates_of_rejected(
    connection: duckdb.DuckDBPyConnection,
    keys: Mapping[Kind, str],
    rejected: Iterable[_RejectedPerson],
) -> list[tuple[int, int]]:
    """Rows of people with an already rejected row: number, and the line of that row.

    If a rejected row has no cell for role or rater, it matches any.
    """
    names = ", ".join(["line", *keys])
    same = " AND ".join(
        f"(r.{kind} IS NULL OR {_rejected_key_sql(kind, f'r.{kind}')} = p.{kind})" for kind in keys
    )
    chosen = ", ".join(f"{key} AS {kind}" for kind, key in keys.items())
    numbers = []
    for piece in _batches(rejected):
        rows = ", ".join(
            f"({line}, {', '.join('NULL::VARCHAR' if cell is None else text(cell) for cell in key)})"
            for line, key in piece
        )
        numbers += connection.execute(
            f"SELECT p.number, min(r.line) FROM (SELECT rowid AS number, {chosen} FROM {PEOPLE}) p "
            f"JOIN (VALUES {rows}) r({names}) ON {identity_key_sql('r.person')} = p.person AND {same} "
            f"WHERE {is_named_sql('p.person')} GROUP BY 1"
        ).fetchall()
    return numbers


def _rejected_people(staged: PeopleTable) -> Iterator[_RejectedPerson]:
    """The people in rejected rows, without summary and unnamed rows."""
    for row, reasons in staged.rejections:
        if any(reject.code == Code.ROW_WITHOUT_PERSON for reject in reasons):
            continue
        is_undivided = any(reject.reason == UNCLOSED for reject in reasons)
        for cells in divided(row.cells[0]) if is_undivided else [row.cells]:
            if _names_a_person(staged, cells):
                yield _person_of(staged, row.line, cells)


def _names_a_person(staged: PeopleTable, cells: Sequence[str]) -> bool:
    index = staged.column_index(Kind.PERSON)
    return index is None or index < len(cells)


def _rejected_key_sql(kind: Kind, value: str) -> str:
    """SQL for the key of a value from `_person_of`, in which roles are ids."""
    return value if kind is Kind.ROLE else identity_key_sql(value)


def _person_of(staged: PeopleTable, line: int, cells: Sequence[str]) -> _RejectedPerson:
    """The person of a rejected row, with role and rater if it has these cells."""
    index = staged.column_index(Kind.PERSON)
    values: list[str | None] = [_EVERYBODY if index is None else cells[index]]
    for kind in (Kind.ROLE, Kind.RATER):
        other = staged.column_index(kind)
        if other is None:
            continue
        cell = cells[other] if other < len(cells) else None
        if kind is Kind.ROLE and cell is not None:
            cell = staged.framework.role_names.find(cell) or cell
        values.append(cell)
    return _RejectedPerson(line, tuple(values))


def _batches(rows: Iterable[T]) -> Iterator[Sequence[T]]:
    """Rows in batches that fit into one query."""
    remaining = iter(rows)
    while piece := list(islice(remaining, _AT_ONCE)):
        yield piece


def reject_summary_rows(connection: duckdb.DuckDBPyConnection, staged: PeopleTable) -> PeopleTable:
    """Reject total, requirement and footnote rows, and rows named like roles or levels."""
    label = label_sql(staged.sheet.columns)
    unrated = " AND ".join(
        [
            *(f"f{index} IS NULL" for index in staged.rating_indexes()),
            *(f"na_{mask} = 0" for mask in range(staged.masks)),
        ]
    )
    person = staged.column_index(Kind.PERSON)
    named = "false" if person is None else f"trim(coalesce(f{person}, '')) <> ''"
    rows = connection.execute(
        f"SELECT rowid, {label}, {unrated}, {named} FROM {PEOPLE} "
        f"WHERE {may_be_summary_row_sql(label)} OR ({unrated} AND {is_note_sql(label)}) ORDER BY rowid "
        f"LIMIT {_MOST_SUMMARY_ROWS}"
    ).fetchall()
    if len(rows) == _MOST_SUMMARY_ROWS:
        raise staged.rejections.too_many()
    roles = staged.framework.role_names
    suspects = {number: Label(label, is_named) for number, label, _, is_named in rows}
    labels = {
        number: label for number, label in suspects.items() if may_be_summary_row(label, roles)
    }
    # Rows were taken out before, and the numbers of the others have gaps.
    ((first, last),) = connection.execute(
        f"SELECT min(rowid), max(rowid) FROM {PEOPLE}"
    ).fetchall()
    reasons = summary_rows_among(_totals_and_single(labels), first, last, roles)
    for number, name, is_unrated, _ in rows:
        if is_unrated and is_note(name):
            reasons.setdefault(number, NOTE_REASON)
    reasons |= _other_names(connection, staged, reasons)
    rejections = [
        _RowRejection(number, OF_LABEL, Code.ROW_WITHOUT_PERSON, reason)
        for number, reason in reasons.items()
    ]
    return _reject(connection, staged, rejections)


def _totals_and_single(labels: Mapping[int, Label]) -> dict[int, Label]:
    """The labels, without those outside the person column that several rows share."""
    counts = Counter(label.text for label in labels.values())
    return {
        number: label
        for number, label in labels.items()
        if label.is_of_person or counts[label.text] == 1 or may_be_total(label.text)
    }


def _other_names(
    connection: duckdb.DuckDBPyConnection, staged: PeopleTable, others: Mapping[int, str]
) -> dict[int, str]:
    """The reasons to reject rows whose person is named like a role or a level, by number.

    Without effect if, apart from `others`, all rows are named like roles. A single label of the
    scale may be a name; several are a table of counts.
    """
    index = staged.column_index(Kind.PERSON)
    if index is None:
        return {}
    roles = role_labels(staged.framework.role_names)
    levels = {fold(step.label) for step in staged.framework.scale.values()}
    name = named_sql(f"f{index}", sorted(roles | levels))
    rows = connection.execute(
        f"SELECT rowid, {name} AS name FROM {PEOPLE} WHERE name IS NOT NULL"
    ).fetchall()
    of_roles = {number for number, label in rows if label in roles}
    of_levels = {number: label for number, label in rows if label in levels}
    reasons = {}
    if len(of_roles - others.keys()) < staged.scored - len(others):
        reasons = dict.fromkeys(of_roles, ROLE_NAME_REASON)
    if len(set(of_levels.values())) > 1:
        reasons |= dict.fromkeys(of_levels, SCALE_LABEL_REASON)
    return reasons


def reject_rows(
    connection: duckdb.DuckDBPyConnection, staged: PeopleTable, reasons: Mapping[int, RowReason]
) -> PeopleTable:
    """Reject the rows with these numbers in the people table."""
    rejections = [_RowRejection(number, *reason) for number, reason in reasons.items()]
    return _reject(connection, staged, rejections)


def _rows(staged: PeopleTable, numbers: Iterable[int]) -> Iterator[Row]:
    return staged.fetch(staged.record(number) for number in numbers)


def _reject(
    connection: duckdb.DuckDBPyConnection, staged: PeopleTable, rejections: Sequence[_RowRejection]
) -> PeopleTable:
    if not rejections:
        return staged
    in_order = sorted(rejections)
    staged.rejections.check(len(in_order))
    rows = _rows(staged, [reason.number for reason in in_order])
    columns = staged.sheet.columns
    for reason, row in zip(in_order, rows, strict=True):
        heading = value = ""
        if reason.column != WHOLE_ROW:
            index = label_of(columns, row.cells)[0] if reason.column == OF_LABEL else reason.column
            heading, value = columns[index].heading, row.cells[index]
        staged.rejections.add(
            row, [RejectedRow(row.line, heading, value, reason.code, reason.reason)]
        )
    numbers = ", ".join(str(reason.number) for reason in in_order)
    connection.execute(f"DELETE FROM {PEOPLE} WHERE rowid IN (SELECT unnest([{numbers}]))")
    return staged._replace(scored=staged.scored - len(in_order))
