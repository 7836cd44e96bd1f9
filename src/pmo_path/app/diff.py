"""Ratings files checked against a new version of their framework."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_path.domain.diff.matching import match_competences
from pmo_path.domain.diff.ratings import RatingsCheck, read_differently
from pmo_path.domain.errors import InputInvalid
from pmo_path.domain.progress import unwatched, watched
from pmo_path.readers.ratings import ratings_read

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pmo_path.domain.diagnostics import Diagnostic
    from pmo_path.domain.diff.matching import Match
    from pmo_path.domain.framework import Framework
    from pmo_path.domain.progress import Watch
    from pmo_path.readers.discovery import Gathered
    from pmo_path.readers.ratings import ReadRatings


def check_ratings(
    files: Sequence[Gathered], old: Framework, new: Framework, watch: Watch = unwatched
) -> tuple[RatingsCheck, ...]:
    """For each ratings file, what fitted the old framework and does not fit the new one.

    A file that fits the new framework is fine, even if it does not fit the old one: it may have
    been changed along with the framework.
    """
    competences = match_competences(old, new)
    return tuple(
        _check(file, old, new, competences) for file in watched(files, "Reading ratings", watch)
    )


def _check(file: Gathered, old: Framework, new: Framework, competences: Match) -> RatingsCheck:
    name = str(file.path)
    try:
        content = file.read()
    except InputInvalid as error:
        return RatingsCheck(name, mistakes=error.diagnostics)
    before, old_mistakes = _read(content, name, old)
    after, new_mistakes = _read(content, name, new, old.framework.id)
    read = after or before
    notes = () if read is None else tuple(read.notes())
    if before is not None and after is not None:
        differences = read_differently(competences, before.ratings, after.ratings)
        return RatingsCheck(name, read_differently=tuple(differences), notes=notes)
    already = set(map(_identity, old_mistakes))
    return RatingsCheck(
        name,
        # A hint is about typing errors; a name that was right is not a misspelt other one.
        misfits=tuple(
            mistake._replace(hint="")
            for mistake in new_mistakes
            if _identity(mistake) not in already
        ),
        mistakes=tuple(mistake for mistake in new_mistakes if _identity(mistake) in already),
        notes=notes,
    )


def _read(
    content: bytes, name: str, framework: Framework, once_called: str | None = None
) -> tuple[ReadRatings | None, tuple[Diagnostic, ...]]:
    try:
        return ratings_read(content, name, framework, once_called), ()
    except InputInvalid as error:
        return None, error.diagnostics


def _identity(mistake: Diagnostic) -> tuple[object, ...]:
    """What two mistakes have in common if they are the same, whichever framework found them."""
    return mistake.place, mistake.code, mistake.path
