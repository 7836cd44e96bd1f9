"""Two versions of a framework, and ratings files checked against the new one."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pmo_path.app.inputs import FoundFiles, Read, ratings_files, read_file
from pmo_path.domain.diff import diff_frameworks
from pmo_path.domain.diff.matching import Match, RatingsCheck, match_competences, read_differently
from pmo_path.domain.errors import InputInvalid
from pmo_path.domain.progress import Progress, no_progress, track
from pmo_path.readers.filetype import IdentifiedFile, identify
from pmo_path.readers.framework import CheckResult, check_framework
from pmo_path.readers.ratings import ReadRatings, ratings_read

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pmo_path.domain.diagnostics import Diagnostic
    from pmo_path.domain.diff.model import FrameworkDiff
    from pmo_path.domain.framework import Framework
    from pmo_path.readers.discovery import FoundFile


class Diff(NamedTuple):
    """The differences between two versions of a framework."""

    changes: FrameworkDiff
    ratings: tuple[RatingsCheck, ...] | None
    """The ratings that no longer fit, by file; None if no files were named."""

    @property
    def mistakes(self) -> tuple[Diagnostic, ...]:
        """The mistakes in ratings files that fit neither version."""
        return tuple(mistake for check in self.ratings or () for mistake in check.mistakes)


def diff(
    old: str | os.PathLike[str],
    new: str | os.PathLike[str],
    ratings: Iterable[str | os.PathLike[str]] | FoundFiles | None = None,
    *,
    read: Read = read_file,
    progress: Progress = no_progress,
) -> Diff:
    """Compare two versions of a framework file.

    `ratings` are files, folders and patterns to check against the new version. `read` reads a
    framework file, if not from its path. Raises InputInvalid with the errors of both frameworks.
    """
    before, after = _checked(Path(old), read), _checked(Path(new), read)
    if before.framework is None or after.framework is None:
        raise InputInvalid(tuple(dict.fromkeys((*before.errors, *after.errors))))
    changes = diff_frameworks(before.framework, after.framework)
    if ratings is None:
        return Diff(changes, None)
    if not isinstance(ratings, FoundFiles):
        ratings = ratings_files(os.fspath(file) for file in ratings)
    return Diff(changes, check_ratings(ratings.files, before.framework, after.framework, progress))


def _checked(path: Path, read: Read) -> CheckResult:
    try:
        name, content = read(path)
    except InputInvalid as error:
        return CheckResult(None, error.diagnostics)
    return check_framework(content, name)


def check_ratings(
    files: Sequence[FoundFile], old: Framework, new: Framework, progress: Progress = no_progress
) -> tuple[RatingsCheck, ...]:
    """For each ratings file, what fitted the old framework and does not fit the new one.

    A file that fits the new framework is fine, even if it does not fit the old one: it may have
    been changed along with the framework.
    """
    competences = match_competences(old, new)
    return tuple(
        _check(file, old, new, competences) for file in track(files, "Reading ratings", progress)
    )


def _check(file: FoundFile, old: Framework, new: Framework, competences: Match) -> RatingsCheck:
    name = str(file.path)
    try:
        identified = identify(file.read(), name)
    except InputInvalid as error:
        return RatingsCheck(name, mistakes=error.diagnostics)
    before, old_mistakes = _read(identified, old)
    after, new_mistakes = _read(identified, new, old.framework.id)
    read = after or before
    notes = () if read is None else tuple(read.notes())
    if before is not None and after is not None:
        differences = read_differently(competences, before.ratings, after.ratings)
        return RatingsCheck(name, read_differently=tuple(differences), notes=notes)
    already = set(map(_identity, old_mistakes))
    return RatingsCheck(
        name,
        # Hints correct typing errors, and a name that was right before is not an error.
        misfits=tuple(
            mistake._replace(hint="")
            for mistake in new_mistakes
            if _identity(mistake) not in already
        ),
        mistakes=tuple(mistake for mistake in new_mistakes if _identity(mistake) in already),
        notes=notes,
    )


def _read(
    file: IdentifiedFile, framework: Framework, once_called: str | None = None
) -> tuple[ReadRatings | None, tuple[Diagnostic, ...]]:
    try:
        return ratings_read(file, framework, once_called), ()
    except InputInvalid as error:
        return None, error.diagnostics


def _identity(mistake: Diagnostic) -> tuple[object, ...]:
    """A key that is equal for the same mistake, whichever framework found it."""
    return mistake.place, mistake.code, mistake.path
