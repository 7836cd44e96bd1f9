"""Ratings files of several dates, read one by one, whatever else lies beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_path.domain.errors import InputInvalid
from pmo_path.domain.history import OtherFile, ReadFile
from pmo_path.domain.progress import unwatched, watched
from pmo_path.readers.filetype import Kind, beside_ratings, kind_of
from pmo_path.readers.ratings import ratings_read

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pmo_path.domain.framework import Framework
    from pmo_path.domain.progress import Watch
    from pmo_path.readers.discovery import Gathered


def read_all(
    files: Sequence[Gathered], framework: Framework, watch: Watch = unwatched
) -> tuple[ReadFile, ...]:
    """What each file holds; a file with mistakes keeps none of the others from being read.

    What merely lies in a folder need not be ratings; what is named itself is to be.
    """
    return tuple(_read(file, framework) for file in watched(files, "Reading ratings", watch))


def _read(file: Gathered, framework: Framework) -> ReadFile:
    name = str(file.path)
    try:
        content = file.read()
    except InputInvalid as error:
        return ReadFile(name, mistakes=error.diagnostics)
    try:
        read = ratings_read(content, name, framework)
        return ReadFile(name, read.ratings, notes=tuple(read.notes()))
    except InputInvalid as error:
        if kind_of(content, name) is Kind.FRAMEWORK:
            return ReadFile(name)
        aside = beside_ratings(content, name) if file.is_in_folder else None
        if aside is not None:
            return ReadFile(name, other=OtherFile(name, aside.what, aside.hint))
        return ReadFile(name, mistakes=error.diagnostics)
