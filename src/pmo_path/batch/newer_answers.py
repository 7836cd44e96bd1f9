"""Which ratings count when several files have the same person's by the same rater."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pmo_path.batch.engine import text
from pmo_path.batch.identity import is_named_sql
from pmo_path.batch.people_table import PEOPLE, PeopleTable
from pmo_path.batch.rejections import identity_keys
from pmo_path.domain.names import fold_accents
from pmo_path.readers.table.sheet import Kind, input_of_line_sql

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pmo_path.batch.rejections import ScoredRole
    from pmo_path.readers.table.sheet import Origin

_DATE_HEADINGS = ("date", "assessment date")
_DATED = "dated"
"""The table with the keys, input and date of each row."""


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
        """Why the row does not count."""
        return "same ratings again" if self.is_same else "older ratings"


def keep_newest(
    staged: PeopleTable, roles: Iterable[ScoredRole]
) -> tuple[PeopleTable, tuple[Older, ...]]:
    """Take away older ratings of a person by the same rater from another input, and copies.

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
        f"CREATE TABLE {_DATED} AS SELECT rowid AS number, line, "
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
    return [
        (line, newer)
        for line, newer in staged.rows(
            f"SELECT p.line, list(q.line ORDER BY q.date DESC, q.line)[1] FROM {_DATED} p JOIN {_DATED} q ON "
            "q.person = p.person AND q.rater = p.rater AND q.input <> p.input AND q.date > p.date "
            "GROUP BY p.line ORDER BY p.line"
        )
    ]


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
