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
    from pmo_path.sources.ratings_file import ratings_from

    name, content = given_content(path)
    return ratings_from(content, name, framework)


def given_content(path: Path) -> tuple[str, bytes]:
    """What to call a file, and what is in it; `-` is stdin. Raises InputInvalid."""
    from pmo_path.sources.reading import MAX_BYTES, read_bytes, within_limit

    if path != STDIN:
        return str(path), read_bytes(path)
    name = "<stdin>"
    return name, within_limit(sys.stdin.buffer.read(MAX_BYTES + 1), name)
