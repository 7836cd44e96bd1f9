"""Results as text, in any format of the command line."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from pmo_path.domain.compare.roles import RoleComparison
from pmo_path.domain.history import History
from pmo_path.domain.ranking import Ranking
from pmo_path.domain.report import GapReport
from pmo_path.render.formats.registry import Format, write_result

if TYPE_CHECKING:
    from pmo_path.domain.compare.model import OverTime, Raters
    from pmo_path.render.formats.registry import Result

    Value: TypeAlias = GapReport | Ranking | OverTime | Raters | RoleComparison | History


class _FileStyle(NamedTuple):
    """Text for a file: nothing is cut off or coloured."""

    width: int | None = None
    color: bool = False
    unicode: bool = True


def to_text(value: Value, format: Format | str = Format.MARKDOWN) -> str:  # noqa: A002  as the option
    """Write a report, ranking, comparison or history as the command would write it to a file.

    The formats are `table`, `html`, `markdown`, `csv` (reports and rankings) and `json`.
    """
    text = io.StringIO()
    chosen = Format(format)  # type: ignore[call-arg]  # a lookup takes the value alone
    write_result(_result(value), chosen, text, _FileStyle())
    return text.getvalue()


def _result(value: Value) -> Result:
    match value:
        case GapReport():
            from pmo_path.render.results.report import report_result  # noqa: PLC0415  one of many

            return report_result(value)
        case Ranking():
            from pmo_path.render.results.ranking import ranking_result  # noqa: PLC0415  the same

            return ranking_result(value)
        case RoleComparison():
            from pmo_path.render.results.compare_roles import roles_result  # noqa: PLC0415  the same

            return roles_result(value)
        case History():
            from pmo_path.render.results.history import history_result  # noqa: PLC0415  the same

            return history_result(value)
        case _:
            from pmo_path.render.results.compare import compare_result  # noqa: PLC0415  the same

            return compare_result(value)
