"""Ratings files of several dates, read one by one, whatever else lies beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_path.domain.errors import InputInvalid
from pmo_path.domain.history import ReadFile
from pmo_path.sources.kinds import Kind, kind_of
from pmo_path.sources.ratings_file import ratings_from
from pmo_path.sources.reading import read_bytes

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from pmo_path.domain.framework import Framework

    Share = Callable[[], float | None]
    """Tells how much of a step is done, from 0 to 1, or None where that is not known."""
    Watch = Callable[[str, Share | None], None]
    """Is told each step as it begins."""


def _unwatched(_step: str, _share: Share | None) -> None:
    """Nobody looks on."""


def read_all(
    files: Sequence[Path], framework: Framework, watch: Watch = _unwatched
) -> tuple[ReadFile, ...]:
    """What each file holds; a file with mistakes keeps none of the others from being read."""
    read: list[ReadFile] = []
    watch("Reading ratings", lambda: len(read) / len(files))
    for file in files:
        read.append(_read(file, framework))  # noqa: PERF401  how many there are is watched
    return tuple(read)


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
