"""Rows that read well and still cannot be scored: an unknown role, the same person twice."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from pmo_path.batch.engine import text
from pmo_path.batch.long import NO_PERSON, NO_ROLE, TWICE, no_role
from pmo_path.batch.sheet import Kind, Reject
from pmo_path.batch.staged import PEOPLE, Row, Staged

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import duckdb

TOTALS = frozenset(
    {
        "average", "count", "grand total", "max", "maximum", "mean", "median", "min", "minimum",
        "n", "number", "sum", "total", "totals",
        "anzahl", "durchschnitt", "gesamt", "mittelwert", "summe",
        "moyenne", "promedio", "media", "somme", "suma", "totale",
    }
)  # fmt: skip
"""What the first cell of a row says that sums the others up, in a few languages."""
_AT_ONCE = 5000
NOBODY = ("", "anonymous")
"""What stands for a person where nobody is named; such rows are never the same person."""


class Role(NamedTuple):
    """A role to score for, and which rows are scored for it."""

    id: str
    condition: str
    """`WHERE …` in SQL, or nothing for all rows."""


class _Refused(NamedTuple):
    number: int
    """Of the row in the table of people."""
    column: int
    value: str
    code: str
    reason: str


def roles_by_row(
    connection: duckdb.DuckDBPyConnection, staged: Staged
) -> tuple[list[Role], Staged]:
    """The roles that the rows name, and what is left when rows with an unknown one are refused."""
    place = staged.place(Kind.ROLE)
    if place is None:
        return [], staged
    names = staged.framework.role_names
    found: dict[str, list[str]] = defaultdict(list)
    refused: list[_Refused] = []
    for (said,) in connection.execute(f"SELECT DISTINCT f{place} FROM {PEOPLE}").fetchall():
        role = names.find(said) if said and said.strip() else None
        if role is not None:
            found[role].append(said)
            continue
        which = f"f{place} IS NULL" if said is None else f"f{place} = {text(said)}"
        rows = connection.execute(f"SELECT rowid FROM {PEOPLE} WHERE {which}").fetchall()
        reason = no_role(staged.framework, said or "")
        refused += [_Refused(row, place, said or "", NO_ROLE, reason) for (row,) in rows]
    in_order = [role for role in staged.framework.roles if role in found]
    roles = [
        Role(role, f"WHERE f{place} IN ({', '.join(map(text, found[role]))})") for role in in_order
    ]
    return roles, _without(connection, staged, refused)


def each_person_once(connection: duckdb.DuckDBPyConnection, staged: Staged) -> Staged:
    """What is left when every row of a person who stands there twice is refused.

    Twice is for the same role and by the same rater, and in a row that is already rejected too.
    Which of the rows is right cannot be told, so none counts.
    """
    place = staged.place(Kind.PERSON)
    if place is None:
        return staged
    others = (staged.place(Kind.ROLE), staged.place(Kind.RATER))
    key = [place, *(one for one in others if one is not None)]
    refused: dict[int, _Refused] = {}
    for number, person, line in (
        *_with_a_rejected_row(connection, staged, key),
        *_with_another_row(connection, staged, key),
    ):
        reason = f"the same person stands in line {line} too"
        refused.setdefault(number, _Refused(number, place, person, TWICE, reason))
    return _without(connection, staged, list(refused.values()))


def _with_another_row(
    connection: duckdb.DuckDBPyConnection, staged: Staged, key: Sequence[int]
) -> list[tuple[int, str, int]]:
    """Rows of people with several in the table: number, person, and the line of another one."""
    columns = ", ".join(f"f{one}" for one in key)
    nobody = ", ".join(map(text, NOBODY))
    several = (
        f"FROM {PEOPLE} WHERE lower(trim(coalesce(f{key[0]}, ''))) NOT IN ({nobody}) "
        f"GROUP BY {columns} HAVING count(*) > 1"
    )
    # Whether there are any is asked first, since that is quick and mostly not so.
    if not connection.execute(f"SELECT {columns} {several} LIMIT 1").fetchall():
        return []
    twice = connection.execute(
        f"SELECT list(rowid ORDER BY rowid), f{key[0]} {several}"
    ).fetchall()
    numbers = sorted(number for numbers, _ in twice for number in numbers)
    lines = dict(zip(numbers, (row.line for row in _rows(staged, numbers)), strict=True))
    return [
        (number, person, lines[numbers[1] if number == numbers[0] else numbers[0]])
        for numbers, person in twice
        for number in numbers
    ]


def _with_a_rejected_row(
    connection: duckdb.DuckDBPyConnection, staged: Staged, key: Sequence[int]
) -> list[tuple[int, str, int]]:
    """Rows of people of whom a row is already rejected: number, person, and its line."""
    width = len(staged.sheet.columns)
    lines = {
        tuple(row.cells[one] for one in key): row.line
        for row in reversed(staged.rows)
        if len(row.cells) == width and row.cells[key[0]].strip().lower() not in NOBODY
    }
    columns = ", ".join(f"coalesce(f{one}, '')" for one in key)
    found = []
    for several in _in_pieces(list(lines)):
        keys = ", ".join(f"({', '.join(map(text, one))})" for one in several)
        query = f"SELECT rowid, {columns} FROM {PEOPLE} WHERE ({columns}) IN ({keys})"
        for number, *cells in connection.execute(query).fetchall():
            found.append((number, cells[0], lines[tuple(cells)]))
    return found


def _in_pieces(keys: Sequence[tuple[str, ...]]) -> Iterator[Sequence[tuple[str, ...]]]:
    """A query names no more than so many people at once."""
    for start in range(0, len(keys), _AT_ONCE):
        yield keys[start : start + _AT_ONCE]


def real_people(connection: duckdb.DuckDBPyConnection, staged: Staged) -> Staged:
    """What is left when rows that sum the others up are refused."""
    place = staged.place(Kind.PERSON)
    if place is None:
        return staged
    words = ", ".join(map(text, totals()))
    rows = connection.execute(
        f"SELECT rowid, f{place} FROM {PEOPLE} WHERE f{place} IN ({words})"
    ).fetchall()
    reason = "this looks like a total of the rows above, not like a person; take the row out"
    return _without(
        connection, staged, [_Refused(row, place, said, NO_PERSON, reason) for row, said in rows]
    )


def totals() -> list[str]:
    """The words of a total as they are written; a list is quicker to look in than a pattern."""
    return [
        spelling + end
        for word in sorted(TOTALS)
        for spelling in (word, word.capitalize(), word.title(), word.upper())
        for end in ("", ":", " ")
    ]


def _rows(staged: Staged, numbers: Iterable[int]) -> Iterator[Row]:
    return staged.fetch(staged.record(number) for number in numbers)


def _without(
    connection: duckdb.DuckDBPyConnection, staged: Staged, refused: Sequence[_Refused]
) -> Staged:
    if not refused:
        return staged
    in_order = sorted(refused)
    rows = list(_rows(staged, [one.number for one in in_order]))
    rejects = [
        Reject(row.line, staged.sheet.columns[one.column].heading, one.value, one.code, one.reason)
        for one, row in zip(in_order, rows, strict=True)
    ]
    numbers = ", ".join(str(one.number) for one in in_order)
    connection.execute(f"DELETE FROM {PEOPLE} WHERE rowid IN (SELECT unnest([{numbers}]))")
    return staged._replace(
        rejects=tuple(sorted((*staged.rejects, *rejects))),
        rows=tuple(sorted((*staged.rows, *rows))),
        scored=staged.scored - len(rows),
    )
