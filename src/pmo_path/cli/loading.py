"""The framework and the ratings that a command was given."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pmo_path.domain.framework import Framework
    from pmo_path.domain.ratings import Ratings

STDIN = Path("-")


def given_framework(path: Path | None) -> Framework:
    """The framework in a file, or the shipped one. Raises InputInvalid."""
    from pmo_path.app.api import load_framework

    return load_framework(path)


def given_ratings(path: Path, framework: Framework) -> Ratings:
    """The ratings in a file, or on stdin when the path is `-`. Raises InputInvalid."""
    from pmo_path.sources.ratings_file import load_ratings, ratings_from
    from pmo_path.sources.reading import MAX_BYTES, within_limit

    if path != STDIN:
        return load_ratings(path, framework)
    content = sys.stdin.buffer.read(MAX_BYTES + 1)
    return ratings_from(within_limit(content, "<stdin>"), "<stdin>", framework)
