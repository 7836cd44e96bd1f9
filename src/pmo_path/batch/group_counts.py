"""Counts of people put together: by role, and by the cell that their groups make."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, NamedTuple

from pmo_path.batch.team import NO_BAND, NOT_RATED, Count, Figure

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Mapping, Sequence
    from fractions import Fraction

    from pmo_path.domain.disclosure import Cell
    from pmo_path.domain.framework import Framework
    from pmo_path.domain.report import BandReason

Counted = Counter["tuple[str, int | Fraction]"]
"""How many people each thing is true of: what, and at which place."""


class Tally(NamedTuple):
    """What is counted of a sheet, and what its parts are called."""

    framework: Framework
    date: datetime.date
    headings: tuple[str, ...]
    """Of the columns that make the groups."""
    has_same_people: bool
    """Whether the same people are rated against every role."""
    roles: Mapping[str, Mapping[Cell, Counted]]

    def everybody(self) -> int:
        """How many people there are; where each aims at a role of their own, in all roles."""
        sizes = [count_people(sum_counts(cells.values())) for cells in self.roles.values()]
        return max(sizes, default=0) if self.has_same_people else sum(sizes)

    def groups(self, role: str) -> list[Counter[str]]:
        """The groups of each column, with their sizes."""
        sizes: list[Counter[str]] = [Counter() for _ in self.headings]
        for cell, counted in self.roles[role].items():
            for column, group in zip(sizes, cell, strict=True):
                column[group] += count_people(counted)
        return sizes


def tally_of(  # noqa: PLR0913  what the counts are of
    framework: Framework,
    date: datetime.date,
    headings: Sequence[str],
    roles: Iterable[str],
    counts: Iterable[Count],
    *,
    has_same_people: bool,
) -> Tally:
    """The counts of all parts of a sheet together; the same count may come in several parts."""
    added: dict[str, dict[str, Counted]] = {role: defaultdict(Counter) for role in roles}
    for count in counts:
        added[count.role][count.group][count.key] += count.people
    return Tally(
        framework=framework,
        date=date,
        headings=tuple(headings),
        has_same_people=has_same_people,
        roles={
            role: {tuple(json.loads(group)): counted for group, counted in groups.items()}
            for role, groups in added.items()
        },
    )


def sum_counts(parts: Iterable[Counted]) -> Counted:
    """What is counted in all parts."""
    sums: Counted = Counter()
    for part in parts:
        sums.update(part)
    return sums


def counts_by_group(
    cells: Mapping[Cell, Counted], column: int, groups: Iterable[str]
) -> dict[str, Counted]:
    """What is counted in some groups of a column, in their order."""
    parts: dict[str, list[Counted]] = {group: [] for group in groups}
    for cell, counted in cells.items():
        if cell[column] in parts:
            parts[cell[column]].append(counted)
    return {group: sum_counts(counted) for group, counted in parts.items()}


def largest_first(sizes: Mapping[str, int]) -> list[str]:
    """Groups in the order in which they are shown."""
    return sorted(sizes, key=lambda group: (-sizes[group], group))


# --- What is counted ----------------------------------------------------------------------------


def count_people(counted: Counted) -> int:
    """How many people they are."""
    return sum(number for (figure, _), number in counted.items() if figure == Figure.BAND)


def count_rated(counted: Counted) -> int:
    """How many of them have any rating."""
    return count_people(counted) - counted[Figure.READINESS, NOT_RATED]


def count_without_band(counted: Counted, reason: BandReason) -> int:
    """How many have no band for this reason."""
    return counted[Figure.BAND, NO_BAND[reason]]


def count_by_bands(counted: Counted, bands: int) -> Counter[tuple[int, int]]:
    """How many people are in each pair of bands, at the low and the high end, by place."""
    return Counter(
        {
            divmod(int(index), bands): number
            for (figure, index), number in counted.items()
            if figure == Figure.BAND and index >= 0
        }
    )
