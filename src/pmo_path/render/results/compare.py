"""A comparison of ratings files, whichever kind it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_path.domain.compare.model import OverTime
from pmo_path.render.formats.json import record
from pmo_path.render.formats.registry import Result
from pmo_path.render.results.compare_over_time import over_time_document
from pmo_path.render.results.compare_raters import raters_document

if TYPE_CHECKING:
    from pmo_path.domain.compare.model import Raters


def compare_result(comparison: OverTime | Raters) -> Result:
    """The comparison for any format; `comparison` in its JSON says which kind it is."""
    if isinstance(comparison, OverTime):
        return Result(lambda: over_time_document(comparison), lambda: record(comparison))
    return Result(lambda: raters_document(comparison), lambda: record(comparison))
