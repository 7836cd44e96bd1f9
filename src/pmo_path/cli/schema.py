"""`pmo-path schema`: a JSON Schema of a file that pmo-path reads or writes."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any, assert_never

import typer

from pmo_path.cli.options import OutputOption
from pmo_path.cli.writers import to_output

if TYPE_CHECKING:
    from collections.abc import Mapping


class Described(StrEnum):
    """What a schema is of."""

    FRAMEWORK = "framework"
    RATINGS = "ratings"
    REPORT = "report"
    OVER_TIME = "over-time"
    RATERS = "raters"


def schema(
    kind: Annotated[
        Described,
        typer.Argument(
            metavar="KIND",
            help="Framework files, ratings files, what 'assess --format json' writes (report), or "
            "what 'compare --format json' does (over-time, raters).",
            show_default=False,
        ),
    ],
    output: OutputOption = None,
) -> None:
    """Write a JSON Schema, with which editors help and programs check.

    Save it beside your file, under the name that the file's first line gives.

    Examples:

      pmo-path schema framework -o framework.schema.json

      pmo-path schema ratings -o ratings.schema.json
    """
    from pmo_path.render.json_schema import write_schema

    made = _schema_of(kind)
    to_output(lambda out, _: write_schema(made, out), output)


def _schema_of(kind: Described) -> Mapping[str, Any]:
    from pmo_path.domain.comparing.model import OverTime, Raters  # noqa: PLC0415
    from pmo_path.domain.report import GapReport  # noqa: PLC0415
    from pmo_path.domain.schema import (  # noqa: PLC0415
        DIALECT,
        framework_schema,
        ratings_schema,
    )
    from pmo_path.render.comparing.json import SCHEMA as COMPARISON
    from pmo_path.render.json_schema import document_schema
    from pmo_path.render.report.json import SCHEMA as REPORT

    match kind:
        case Described.FRAMEWORK:
            return framework_schema()
        case Described.RATINGS:
            return ratings_schema()
        case Described.REPORT:
            return document_schema(GapReport, "Gap report", REPORT, DIALECT)
        case Described.OVER_TIME:
            return document_schema(OverTime, "Comparison over time", COMPARISON, DIALECT)
        case Described.RATERS:
            return document_schema(Raters, "Comparison of raters", COMPARISON, DIALECT)
        case _:
            assert_never(kind)
