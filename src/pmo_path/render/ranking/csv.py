"""All roles by how well a person fits them, as CSV; no cell of it runs in a spreadsheet.

The columns are called as those of `batch`, and hold the same.
"""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, TextIO

from pmo_path.domain.formulas import harmless
from pmo_path.domain.levels import one_decimal
from pmo_path.domain.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pmo_path.domain.fitting import Fit, RankedRole, Ranking

COLUMNS = (
    "place",
    "role",
    "name",
    "band",
    "readiness",
    "readiness_low",
    "readiness_high",
    "at_target",
    "of",
    "must_haves_missing",
    "unrated",
    "top_gaps",
)


def write_csv(ranking: Ranking, out: TextIO) -> None:
    """Write a row for each role, the best fit first, under headings."""
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for place, role in enumerate(ranking.roles, 1):
        cells = (str(place), *_cells(role))
        writer.writerow([harmless(one_line(cell)) for cell in cells])


def _cells(role: RankedRole) -> Iterator[str]:
    fit = role.fit
    yield from (fit.role.id, fit.role.name, "" if fit.band is None else fit.band.id)
    yield from _figures(fit)
    yield from (str(fit.at_target), str(fit.applicable))
    yield _ids(one.id for one in fit.must_haves_missing)
    yield str(len(fit.unrated))
    yield _ids(one.id for one in role.first_gaps)


def _figures(fit: Fit) -> tuple[str, str, str]:
    if fit.readiness is None:
        return "", "", ""
    one = fit.readiness
    return one_decimal(one.percent), one_decimal(one.low), one_decimal(one.high)


def _ids(ids: Iterable[str]) -> str:
    return "|".join(ids)
