"""The layout of a comparison, whichever kind it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_path.domain.comparing.model import OverTime
from pmo_path.render.comparing.over_time import over_time_paper
from pmo_path.render.comparing.raters import raters_paper

if TYPE_CHECKING:
    from pmo_path.domain.comparing.model import Raters
    from pmo_path.render.paper.shapes import Paper


def paper_of(comparison: OverTime | Raters) -> Paper:
    """What is shown of it."""
    if isinstance(comparison, OverTime):
        return over_time_paper(comparison)
    return raters_paper(comparison)
