"""All roles by how well a person fits them, as CSV; no cell of it runs in a spreadsheet.

The columns are called as those of `batch`, and hold the same.
"""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, TextIO

from pmo_path.domain.columns import BETWEEN_IDS, FitColumn
from pmo_path.domain.csv_injection import harmless
from pmo_path.domain.numbers import one_decimal
from pmo_path.domain.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pmo_path.domain.ranking import Fit, RankedRole, Ranking

COLUMNS = ("place", "role", "name", *FitColumn)


def write_csv(ranking: Ranking, out: TextIO) -> None:
    """Write a row for each role, the best fit first, under headings."""
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for place, role in enumerate(ranking.roles, 1):
        said = _fit(role)
        cells = (
            str(place),
            role.fit.role.id,
            role.fit.role.name,
            *(said[one] for one in FitColumn),
        )
        writer.writerow([harmless(one_line(cell)) for cell in cells])


def _fit(role: RankedRole) -> dict[FitColumn, str]:
    fit = role.fit
    readiness, low, high = _figures(fit)
    return {
        FitColumn.BAND: "" if fit.band is None else fit.band.id,
        FitColumn.BAND_HIGH: "" if fit.band_high is None else fit.band_high.id,
        FitColumn.BAND_REASON: fit.band_reason or "",
        FitColumn.READINESS: readiness,
        FitColumn.READINESS_LOW: low,
        FitColumn.READINESS_HIGH: high,
        FitColumn.AT_TARGET: str(fit.at_target),
        FitColumn.OF: str(fit.applicable),
        FitColumn.MUST_HAVES_MISSING: _ids(one.id for one in fit.must_haves_missing),
        FitColumn.UNRATED: str(len(fit.unrated)),
        FitColumn.NOT_APPLICABLE: str(fit.not_applicable),
        **_next(fit),
        FitColumn.TOP_GAPS: _ids(one.id for one in role.first_gaps),
    }


def _next(fit: Fit) -> dict[FitColumn, str]:
    ahead = fit.next_band
    return {
        FitColumn.NEXT_BAND: "" if ahead is None else ahead.band.id,
        FitColumn.NEXT_BAND_POINTS: "" if ahead is None else f"{ahead.points:.1f}",
        FitColumn.NEXT_BAND_MUST_HAVES: (
            "" if ahead is None else str(ahead.must_haves_in_the_way)
        ),
    }


def _figures(fit: Fit) -> tuple[str, str, str]:
    if fit.readiness is None:
        return "", "", ""
    one = fit.readiness
    return one_decimal(one.percent), one_decimal(one.low), one_decimal(one.high)


def _ids(ids: Iterable[str]) -> str:
    return BETWEEN_IDS.join(ids)
