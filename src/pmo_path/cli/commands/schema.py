"""`pmo-path schema`: a JSON Schema of a file that pmo-path reads or writes."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from pmo_path.cli.options import OutputOption
from pmo_path.cli.output import to_output

if TYPE_CHECKING:
    from collections.abc import Mapping


class Described(StrEnum):
    """What a schema is of."""

    FRAMEWORK = "framework"
    RATINGS = "ratings"
    REPORT = "report"
    OVER_TIME = "over-time"
    RATERS = "raters"
    RANKING = "ranking"
    ROLES = "roles"
    HISTORY = "history"
    TEAM = "team"


def schema(
    kind: Annotated[
        Described,
        typer.Argument(
            metavar="KIND",
            help="Framework files, ratings files, or what a command writes as JSON: 'assess' "
            "(report; ranking with --role any), 'compare' (over-time, raters, roles), 'history' "
            "(history), 'batch --summary' (team).",
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
    from pmo_path.domain.schema import (  # noqa: PLC0415
        DIALECT,
        framework_schema,
        ratings_schema,
    )
    from pmo_path.render.json_schema import document_schema

    match kind:
        case Described.FRAMEWORK:
            return framework_schema()
        case Described.RATINGS:
            return ratings_schema()
        case _:
            from pmo_path.render.formats.json import SCHEMA

            described = _documents()[kind]
            return document_schema(
                described.kind, described.title, SCHEMA, DIALECT, described.ahead
            )


class _Document(NamedTuple):
    """What a command writes as JSON."""

    kind: type
    title: str
    ahead: Mapping[str, type] = {}


def _documents() -> dict[Described, _Document]:
    from pmo_path.domain.compare.model import OverTime, Raters  # noqa: PLC0415
    from pmo_path.domain.compare.roles import RoleComparison  # noqa: PLC0415
    from pmo_path.domain.history import History  # noqa: PLC0415
    from pmo_path.domain.ranking import Ranking  # noqa: PLC0415
    from pmo_path.domain.report import GapReport  # noqa: PLC0415
    from pmo_path.domain.team import Rows, Team  # noqa: PLC0415

    return {
        Described.REPORT: _Document(GapReport, "Gap report"),
        Described.OVER_TIME: _Document(OverTime, "Comparison over time"),
        Described.RATERS: _Document(Raters, "Comparison of raters"),
        Described.RANKING: _Document(Ranking, "Roles by fit"),
        Described.ROLES: _Document(RoleComparison, "Comparison of two roles"),
        Described.HISTORY: _Document(History, "Readiness over time"),
        Described.TEAM: _Document(Team, "Summary of a team", {"rows": Rows}),
    }
