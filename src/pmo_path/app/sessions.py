"""Interviews: answers kept between runs, and the ratings file at the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_path.render.templates.ratings import ratings_yaml
from pmo_path.writers.atomic import is_there, write_atomically
from pmo_path.writers.sessions import KEPT_DAYS, Saved, Session, new_session, unfinished

if TYPE_CHECKING:
    from pathlib import Path

    from pmo_path.domain.framework import Framework
    from pmo_path.domain.ratings import Ratings

# For the interview, which may not import `writers`.
__all__ = ["KEPT_DAYS", "Saved", "Session", "is_there", "new_session", "unfinished"]


def save_ratings(path: Path, ratings: Ratings, framework: Framework) -> None:
    """Write ratings as a YAML file. Raises OutputFailed."""
    write_atomically(path, ratings_yaml(ratings, framework))
