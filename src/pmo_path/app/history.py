"""Ratings files of several dates, read one by one, whatever else lies beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_path.domain.errors import InputInvalid
from pmo_path.domain.history import ReadFile
from pmo_path.domain.watching import unwatched, watched
from pmo_path.sources.kinds import Kind, kind_of
from pmo_path.sources.ratings_file import ratings_from
from pmo_path.sources.reading import read_bytes

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pmo_path.domain.framework import Framework
    from pmo_path.domain.watching import Watch


def read_all(
    files: Sequence[Path], framework: Framework, watch: Watch = unwatched
) -> tuple[ReadFile, ...]:
    """What each file holds; a file with mistakes keeps none of the others from being read."""
    return tuple(_read(file, framework) for file in watched(files, "Reading ratings", watch))


def _read(file: Path, framework: Framework) -> ReadFile:
    name = str(file)
    try:
        content = read_bytes(file)
    except InputInvalid as error:
        return ReadFile(name, mistakes=error.diagnostics)
    try:
        return ReadFile(name, ratings_from(content, name, framework))
    except InputInvalid as error:
        is_framework = kind_of(content, name) is Kind.FRAMEWORK
        return ReadFile(name, mistakes=() if is_framework else error.diagnostics)
