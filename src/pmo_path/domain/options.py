"""Choices that the command line and the library share.

Standard library only, since every start of the command line imports it.
"""

from __future__ import annotations

from enum import StrEnum


class Layout(StrEnum):
    """Layouts of a sheet of people."""

    WIDE = "wide"
    """A row for each person, a column for each competence."""
    LONG = "long"
    """A row for each rating: person, competence, rating, and perhaps rater."""


class Combine(StrEnum):
    """Ways to combine several raters' scores."""

    MEDIAN = "median"
    MEAN = "mean"
    MIN = "min"


class SheetFormat(StrEnum):
    """The format of a file with a row of results for each person."""

    CSV = "csv"
    XLSX = "xlsx"
    PARQUET = "parquet"
    JSON_LINES = "jsonl"


class SchemaKind(StrEnum):
    """The files and results that have a JSON Schema."""

    FRAMEWORK = "framework"
    RATINGS = "ratings"
    PLAN = "plan"
    REPORT = "report"
    OVER_TIME = "over-time"
    RATERS = "raters"
    RANKING = "ranking"
    ROLES = "roles"
    HISTORY = "history"
    PLAN_RESULT = "plan-result"
    TEAM = "team"


class TemplateKind(StrEnum):
    """The files to start from."""

    RATINGS = "ratings"
    RATINGS_XLSX = "ratings.xlsx"
    PEOPLE_CSV = "people.csv"
    PEOPLE_TSV = "people.tsv"
    PEOPLE_XLSX = "people.xlsx"
    FRAMEWORK = "framework"
