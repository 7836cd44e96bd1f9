"""Load a framework and ratings, and assess them. See `docs/python.md`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pmo_path.domain.assessment import assess
from pmo_path.readers import framework as framework_file
from pmo_path.readers import ratings

if TYPE_CHECKING:
    import os

    from pmo_path.domain.framework import Framework
    from pmo_path.domain.ratings import Ratings

__all__ = ["assess", "load_framework", "load_ratings"]


def load_framework(path: str | os.PathLike[str] | None = None) -> Framework:
    """Load a framework file, or the shipped framework without a path.

    Raises InputInvalid, whose `diagnostics` list every mistake with its line.
    """
    return framework_file.load_framework(None if path is None else Path(path))


def load_ratings(path: str | os.PathLike[str], framework: Framework) -> Ratings:
    """Load one person's ratings from a YAML, JSON or CSV file, by the framework's competence ids.

    Raises InputInvalid, whose `diagnostics` list every mistake with its line.
    """
    return ratings.load_ratings(Path(path), framework)
