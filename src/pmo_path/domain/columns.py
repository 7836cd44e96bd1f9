"""Names of columns other than competences in sheets of people, and of columns of results.

Each group of headings is in the order in which they are preferred where a sheet has several.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

MAX_COLUMNS = 2000
"""The most columns that a sheet may have; the engine's time grows with their square."""
FAR = 4 * MAX_COLUMNS
"""A row with more cells than this is not read, not even to report how many there are."""

PERSON_HEADINGS = (
    "person", "person id", "employee id", "employee number", "staff id", "employee",
    "mitarbeiter", "participant", "e mail address", "email address", "e mail", "email",
    "full name", "name", "id",
)  # fmt: skip
ROLE_HEADINGS = ("target role", "target", "role aimed at", "role")
RATER_HEADINGS = ("rater", "rated by", "assessor")
COMPETENCE_HEADINGS = ("competence", "competency", "skill")
DOMAIN_HEADINGS = ("domain",)
RATING_HEADINGS = ("rating", "level", "score")
ROUND_HEADINGS = frozenset(
    {
        "assessment date", "cycle", "date", "half year", "iteration", "month", "period", "quarter",
        "round", "survey", "survey date", "wave", "year",
        "datum", "durchgang", "jahr", "monat", "quartal", "runde", "zeitraum",
    }
)  # fmt: skip
"""Columns that distinguish assessments of the same person."""

REJECT_SOURCE = ("rejected_file", "rejected_sheet", "rejected_line", "rejected_hash")
"""The columns of a rejects file that identify the row of the sheet, so it can be replaced."""
REJECT_REASONS = ("rejected_column", "rejected_value", "reason")
REJECT_COLUMNS = (*REJECT_SOURCE, *REJECT_REASONS)
"""The columns of a rejects file that come before those of the sheet."""


def are_of_rejects(headings: Iterable[str]) -> bool:
    """Whether these are the headings of a rejects file, also of one that lacks some.

    A single one of them may be a sheet's own.
    """
    own = {heading.strip() for heading in headings}.intersection(REJECT_COLUMNS)
    return len(own) > 1 and not own.isdisjoint(REJECT_SOURCE)


class FitColumn(StrEnum):
    """The columns of a person's fit to a role, in order."""

    BAND = "band"
    BAND_HIGH = "band_high"
    BAND_REASON = "band_reason"
    READINESS = "readiness"
    READINESS_LOW = "readiness_low"
    READINESS_HIGH = "readiness_high"
    AT_TARGET = "at_target"
    APPLICABLE = "applicable"
    MUST_HAVES_MISSING = "must_haves_missing"
    UNRATED_COUNT = "unrated_count"
    NOT_APPLICABLE_COUNT = "not_applicable_count"
    NEXT_BAND = "next_band"
    NEXT_BAND_POINTS = "next_band_points"
    NEXT_BAND_MUST_HAVES = "next_band_must_haves"
    TOP_GAPS = "top_gaps"


RUN_COLUMNS = ("scored_on", "framework", "framework_version", "content_hash")
"""The last columns of results: the date and framework of the score."""

BETWEEN_IDS = "|"
"""The separator of ids in one cell of results."""
