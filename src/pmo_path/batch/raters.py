"""Combine the ratings of several raters of a person, and measure their spread."""

from __future__ import annotations

from math import lcm
from typing import TYPE_CHECKING

from pmo_path.batch.engine import text
from pmo_path.batch.identity import distinct_key_sql
from pmo_path.batch.integers import masks_sql
from pmo_path.batch.people_table import PEOPLE, PeopleTable
from pmo_path.batch.rejections import ScoredRole, identity_keys
from pmo_path.domain.columns import BETWEEN_IDS
from pmo_path.domain.errors import UsageProblem
from pmo_path.domain.options import Combine
from pmo_path.readers.table.sheet import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


COMBINED = "combined"
"""The rater in a row that combines several raters."""
_MOST_UNITS = 2**31


def combine_raters(staged: PeopleTable, how: Combine, roles: Iterable[ScoredRole]) -> PeopleTable:
    """Add a row for each person that combines all raters, below the rows of the raters.

    A competence without ratings is not applicable if a rater marked it so. Ratings are exact: a
    level gets as many units as it takes to make every mean an integer. The spread is the largest
    difference between two raters in any competence.
    """
    if staged.column_index(Kind.RATER) is None:
        return staged
    return _RaterTable(staged, how, roles).combined()


class _RaterTable:
    def __init__(self, staged: PeopleTable, how: Combine, roles: Iterable[ScoredRole]) -> None:
        self._staged, self._how = staged, how
        keys = identity_keys(staged, roles)
        # Rows without a name are each a separate person.
        self._key = [
            distinct_key_sql(key) if kind is Kind.PERSON else key
            for kind, key in keys.items()
            if kind is not Kind.RATER
        ]
        self._factor = 1
        self._joined = {
            f"f{index}"
            for index, column in enumerate(staged.sheet.columns)
            if column.kind is Kind.ORIGIN
        }
        """Columns in which the combined row has what each rater's row has."""

    def combined(self) -> PeopleTable:
        """Rebuild the table with finer units."""
        self._factor = self._unit_factor()
        staged, rated = self._staged, {f"f{index}" for index in self._staged.rating_indexes()}
        names = [f"f{index}" for index in range(len(staged.sheet.columns))]
        masks = [f"na_{mask}" for mask in range(staged.masks)]
        apart = ", ".join(
            [
                *(
                    f"{name}::BIGINT * {self._factor} AS {name}" if name in rated else name
                    for name in names
                ),
                *masks,
            ]
        )
        together = ", ".join(
            [*(f"{self._value(name, name in rated)} AS {name}" for name in names), *self._masks()]
        )
        partition = f"PARTITION BY {', '.join(self._key)}" if self._key else ""
        # Without a group, no rows at all would be one row together.
        group = f"GROUP BY {', '.join(self._key)}" if self._key else "HAVING count(*) > 0"
        staged.replace(
            f"SELECT {', '.join([*names, *masks])}, raters, spread FROM ("
            f"SELECT min(rowid) OVER ({partition}) AS first, rowid AS number, {apart}, "
            f"NULL::INTEGER AS raters, NULL::BIGINT AS spread FROM {PEOPLE} UNION ALL "
            f"SELECT min(rowid), NULL, {together}, count(*)::INTEGER, {self._spread()} "
            f"FROM {PEOPLE} {group}) ORDER BY first, number NULLS LAST"
        )
        units = staged.units._replace(level=staged.units.level * self._factor)
        return staged._replace(units=units, is_combined=True)

    def _unit_factor(self) -> int:
        """The factor for finer units that makes every combined rating an integer."""
        if self._how is not Combine.MEAN:
            return 2 if self._how is Combine.MEDIAN else 1
        group = f"GROUP BY {', '.join(self._key)}" if self._key else ""
        counts = [f"count(f{index})" for index in self._staged.rating_indexes()]
        rows = self._staged.rows(
            f"SELECT DISTINCT unnest([{', '.join(counts)}]) FROM {PEOPLE} {group}"
        )
        factor = lcm(*(count for (count,) in rows if count))
        if factor * self._staged.units.level > _MOST_UNITS:
            raise UsageProblem(
                "one person has so many raters that a mean cannot be computed exactly; "
                "use --combine median or min"
            )
        return factor

    def _value(self, column: str, is_rated: bool) -> str:  # noqa: FBT001  one of two kinds
        if column == f"f{self._staged.column_index(Kind.RATER)}":
            return text(COMBINED)
        if column in self._joined:
            return f"string_agg(DISTINCT {column}, {text(BETWEEN_IDS)} ORDER BY {column})"
        if not is_rated:
            return f"arg_min({column}, rowid)"
        match self._how:
            case Combine.MEDIAN:
                return f"(median({column}) * 2)::BIGINT"
            case Combine.MIN:
                return f"min({column})::BIGINT"
            case Combine.MEAN:
                return f"(sum({column})::HUGEINT * {self._factor} // count({column}))::BIGINT"

    def _masks(self) -> Iterator[str]:
        unrated = [f"count(f{index}) = 0" for index in self._staged.rating_indexes()]
        for number, mask in enumerate(masks_sql(unrated)):
            yield f"bit_or(na_{number}) & {mask} AS na_{number}"

    def _spread(self) -> str:
        apart = [
            f"if(count(f{index}) > 1, max(f{index}) - min(f{index}), NULL)"
            for index in self._staged.rating_indexes()
        ]
        return f"greatest({', '.join([*apart, 'NULL'])})::BIGINT * {self._factor}"
