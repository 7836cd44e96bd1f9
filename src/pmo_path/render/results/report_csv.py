"""The rows of a gap report as CSV."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_path.domain.numbers import show_number

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from decimal import Decimal

    from pmo_path.domain.report import CompetenceResult, GapReport

COLUMNS = (
    "competence",
    "name",
    "domain",
    "status",
    "rating",
    "required",
    "gap",
    "surplus",
    "importance",
    "priority",
    "must_have",
    "must_have_missing",
    "evidence",
    "year",
    "confidence",
)


def csv_rows(report: GapReport) -> Iterator[Sequence[str]]:
    """Yield the headings, and a row for each required competence in the framework's order."""
    yield COLUMNS
    for result in report.results:
        yield tuple(_cells(result))


def _cells(result: CompetenceResult) -> Iterator[str]:
    yield from (result.id, result.name, result.domain, str(result.status))
    yield _number(result.rating)
    yield show_number(result.required)
    yield from (_number(result.gap), _number(result.surplus))
    yield show_number(result.importance)
    yield from (_number(result.priority), _number(result.must_have))
    yield "yes" if result.must_have_missing else "no"
    yield from (result.evidence, "" if result.year is None else str(result.year))
    yield result.confidence or ""


def _number(value: Decimal | None) -> str:
    return "" if value is None else show_number(value)
