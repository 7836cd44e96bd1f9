"""JSON Schemas of the files that pmo-path reads and of the results that it writes as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from pmo_path.domain.compare.model import OverTime, Raters
from pmo_path.domain.compare.roles import RoleComparison
from pmo_path.domain.history import History
from pmo_path.domain.options import SchemaKind
from pmo_path.domain.ranking import Ranking
from pmo_path.domain.report import GapReport
from pmo_path.domain.schema import DIALECT, framework_schema, ratings_schema
from pmo_path.domain.team import Rows, Team
from pmo_path.render.formats.json import SCHEMA
from pmo_path.render.json_schema import document_schema

if TYPE_CHECKING:
    from collections.abc import Mapping


class _Document(NamedTuple):
    """A result that a command writes as JSON."""

    kind: type
    title: str
    ahead: Mapping[str, type] = {}
    """Values that the JSON has before those of the result, by key."""


_DOCUMENTS = {
    SchemaKind.REPORT: _Document(GapReport, "Gap report"),
    SchemaKind.OVER_TIME: _Document(OverTime, "Comparison over time"),
    SchemaKind.RATERS: _Document(Raters, "Comparison of raters"),
    SchemaKind.RANKING: _Document(Ranking, "Roles by fit"),
    SchemaKind.ROLES: _Document(RoleComparison, "Comparison of two roles"),
    SchemaKind.HISTORY: _Document(History, "Readiness over time"),
    SchemaKind.TEAM: _Document(Team, "Summary of a team", {"rows": Rows}),
}


def schema(kind: SchemaKind | str) -> Mapping[str, Any]:
    """The JSON Schema of framework files, of ratings files, or of a result."""
    kind = SchemaKind(kind)
    if kind is SchemaKind.FRAMEWORK:
        return framework_schema()
    if kind is SchemaKind.RATINGS:
        return ratings_schema()
    document = _DOCUMENTS[kind]
    return document_schema(document.kind, document.title, SCHEMA, DIALECT, document.ahead)
