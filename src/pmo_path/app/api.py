"""The same from Python: load a framework, load ratings, assess. See `docs/python.md`."""

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
    """The framework in a YAML file, or the shipped one without a path.

    Raises pmo_path.domain.errors.InputInvalid, whose `diagnostics` say what is wrong and where.
    """
    return framework_file.load_framework(None if path is None else Path(path))


def load_ratings(path: str | os.PathLike[str], framework: Framework) -> Ratings:
    """The ratings in a YAML, JSON or CSV file, by the framework's competence ids.

    Raises pmo_path.domain.errors.InputInvalid, whose `diagnostics` say what is wrong and where.
    """
    return ratings.load_ratings(Path(path), framework)
