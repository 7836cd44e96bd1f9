"""The layout of a comparison, whichever kind it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_path.domain.compare.model import OverTime
from pmo_path.render.results.compare_over_time import over_time_paper
from pmo_path.render.results.compare_raters import raters_paper

if TYPE_CHECKING:
    from pmo_path.domain.compare.model import Raters
    from pmo_path.render.document import Paper


def paper_of(comparison: OverTime | Raters) -> Paper:
    """What is shown of it."""
    if isinstance(comparison, OverTime):
        return over_time_paper(comparison)
    return raters_paper(comparison)
