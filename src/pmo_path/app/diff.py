"""Ratings files against a new edition of their framework."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_path.domain.diff.model import Answers
from pmo_path.domain.diff.reinterpretation import rereading
from pmo_path.domain.errors import InputInvalid
from pmo_path.domain.progress import unwatched, watched
from pmo_path.readers.ratings import ratings_read

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pmo_path.domain.diagnostics import Diagnostic
    from pmo_path.domain.framework import Framework
    from pmo_path.domain.progress import Watch
    from pmo_path.domain.ratings import Ratings
    from pmo_path.readers.discovery import Gathered
    from pmo_path.readers.ratings import ReadRatings


def answers_in(
    files: Sequence[Gathered], old: Framework, new: Framework, watch: Watch = unwatched
) -> tuple[Answers, ...]:
    """For each ratings file, what of it fitted the old framework and does not fit the new one.

    A file that fits the new framework is right, whatever the old one would say: ratings may have
    been changed along with it.
    """
    differences = rereading(old, new)
    return tuple(
        _answers(file, old, new, differences) for file in watched(files, "Reading ratings", watch)
    )


def _answers(
    file: Gathered,
    old: Framework,
    new: Framework,
    differences: Callable[[Ratings, Ratings], tuple[str, ...]],
) -> Answers:
    name = str(file.path)
    try:
        content = file.read()
    except InputInvalid as error:
        return Answers(name, mistakes=error.diagnostics)
    before, wrong_before = _read(content, name, old)
    after, wrong_now = _read(content, name, new, old.framework.id)
    read = after or before
    notes = () if read is None else tuple(read.notes())
    if before is not None and after is not None:
        otherwise = differences(before.ratings, after.ratings)
        return Answers(name, read_otherwise=otherwise, notes=notes)
    already = set(map(_mistake, wrong_before))
    # A hint is about typing errors; a name that was right is not a misspelt other one.
    return Answers(
        name,
        misfits=tuple(one._replace(hint="") for one in wrong_now if _mistake(one) not in already),
        mistakes=tuple(one for one in wrong_now if _mistake(one) in already),
        notes=notes,
    )


def _read(
    content: bytes, name: str, framework: Framework, once_called: str | None = None
) -> tuple[ReadRatings | None, tuple[Diagnostic, ...]]:
    try:
        return ratings_read(content, name, framework, once_called), ()
    except InputInvalid as error:
        return None, error.diagnostics


def _mistake(found: Diagnostic) -> tuple[object, ...]:
    """What makes two mistakes the same, whichever framework's names the words then suggest."""
    return found.place, found.code, found.path
