"""Results as text, in any format of the command line."""

from __future__ import annotations

import io
from importlib import import_module
from typing import Any, NamedTuple

from pmo_path.app.diff import Diff
from pmo_path.domain.compare.over_time import OverTime
from pmo_path.domain.compare.raters import Raters
from pmo_path.domain.compare.roles import RoleComparison
from pmo_path.domain.history import History
from pmo_path.domain.ranking import Ranking
from pmo_path.domain.report import GapReport
from pmo_path.domain.rulebook import RulePage
from pmo_path.render.formats.registry import Format, Result, write_result

_RESULTS = {
    Diff: "diff.diff_result",
    GapReport: "report.report_result",
    History: "history.history_result",
    OverTime: "compare.compare_result",
    Raters: "compare.compare_result",
    Ranking: "ranking.ranking_result",
    RoleComparison: "compare_roles.roles_result",
    RulePage: "rulebook.rule_result",
}
"""The function in `render/results` that lays out each type of value."""


class _FileStyle(NamedTuple):
    """Text for a file: nothing is cut off or coloured."""

    width: int | None = None
    color: bool = False
    unicode: bool = True


def to_text(
    value: GapReport | Ranking | OverTime | Raters | RoleComparison | History | Diff | RulePage,
    format: Format | str = Format.MARKDOWN,  # noqa: A002  as the option is called
) -> str:
    """Write a report, ranking, comparison, history, difference or page of the rulebook.

    The text is what the command would write to a file. The formats are `table`, `html`,
    `markdown`, `csv` (reports and rankings) and `json`.
    """
    chosen = Format(format)  # type: ignore[call-arg]  # a lookup takes the value alone
    return text_of(_result(value), chosen)


def text_of(result: Result, format_: Format) -> str:
    text = io.StringIO()
    write_result(result, format_, text, _FileStyle())
    return text.getvalue()


def _result(value: Any) -> Result:
    module, _, name = _RESULTS[type(value)].partition(".")
    function = getattr(import_module(f"pmo_path.render.results.{module}"), name)
    values = value if isinstance(value, Diff) else (value,)
    result: Result = function(*values)
    return result
