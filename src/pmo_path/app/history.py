"""Readiness over time, from ratings files of several dates."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from pmo_path.domain.errors import InputInvalid, UsageProblem
from pmo_path.domain.history import History, OtherFile, ReadFile, history_of
from pmo_path.domain.progress import Progress, no_progress, track
from pmo_path.readers.discovery import FoundFile, ratings_files
from pmo_path.readers.filetype import FileType, beside_ratings, identify
from pmo_path.readers.ratings import ratings_document, read_ratings

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pmo_path.domain.framework import Framework


def history(
    files: Iterable[str | os.PathLike[str]],
    framework: Framework,
    role: str | None = None,
    *,
    progress: Progress = no_progress,
) -> History:
    """Readiness at each date for a role; by default, the role that the newest file aims at.

    `files` are ratings files, folders of them and patterns. A file with mistakes is left out and
    its mistakes are in the result. Raises UsageProblem for an unknown role and where no file has
    a date; InputInvalid instead when mistakes may be the cause.
    """
    discovered = ratings_files(os.fspath(file) for file in files).files
    return history_of_files(read_all(discovered, framework, progress), framework, role, progress)


def history_of_files(
    files: Sequence[ReadFile],
    framework: Framework,
    role: str | None = None,
    progress: Progress = no_progress,
) -> History:
    """The same for files that were read already."""
    try:
        return history_of(framework, files, role, progress)
    except UsageProblem as problem:
        mistakes = tuple(mistake for file in files for mistake in file.mistakes)
        if not mistakes:
            raise
        raise InputInvalid(mistakes) from problem


def read_all(
    files: Sequence[FoundFile], framework: Framework, progress: Progress = no_progress
) -> tuple[ReadFile, ...]:
    """Read each file; mistakes in one do not stop the others.

    What merely lies in a folder need not be ratings; what is named itself is to be.
    """
    return tuple(_read(file, framework) for file in track(files, "Reading ratings", progress))


def _read(file: FoundFile, framework: Framework) -> ReadFile:
    name = str(file.path)
    try:
        content = file.read()
    except InputInvalid as error:
        return ReadFile(name, mistakes=error.diagnostics)
    identified = identify(content, name)
    document = None
    try:
        document = ratings_document(identified, framework)
        read = read_ratings(document, framework).checked()
        return ReadFile(name, read.ratings, notes=tuple(read.notes()))
    except InputInvalid as error:
        if identified.type is FileType.FRAMEWORK:
            return ReadFile(name)
        is_ratings = not file.is_in_folder or (document is not None and document.is_table)
        aside = None if is_ratings else beside_ratings(identified, error.diagnostics[0])
        if aside is not None:
            return ReadFile(name, other=OtherFile(name, aside.what, aside.hint))
        return ReadFile(name, mistakes=error.diagnostics)
