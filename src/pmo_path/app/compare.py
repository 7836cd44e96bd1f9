"""Ratings files of one person, compared over time or rater by rater."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pmo_path.app.inputs import Read, read_file
from pmo_path.domain.assessment import role_named
from pmo_path.domain.compare import roles as role_comparison
from pmo_path.domain.compare.choice import compare as compare_ratings
from pmo_path.domain.compare.versions import check_versions
from pmo_path.domain.errors import InputInvalid, UsageProblem
from pmo_path.domain.progress import Progress, no_progress, track
from pmo_path.readers.other_versions import read_on_any_version

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Sequence

    from pmo_path.domain.compare.inputs import RatedFile
    from pmo_path.domain.compare.over_time import OverTime
    from pmo_path.domain.compare.raters import Raters
    from pmo_path.domain.compare.roles import RoleComparison
    from pmo_path.domain.diagnostics import Diagnostic
    from pmo_path.domain.framework import Framework
    from pmo_path.domain.ratings import Ratings


def compare(  # noqa: PLR0913  the options of the command
    files: Iterable[str | os.PathLike[str]],
    framework: Framework,
    role: str | None = None,
    *,
    old_framework: Framework | None = None,
    read: Read = read_file,
    progress: Progress = no_progress,
) -> OverTime | Raters:
    """Compare ratings files of one person: two dates of one rater, or several raters.

    `old_framework` is another version of the framework, with which files that name it are read.
    `read` reads a file, if not from its path. Raises InputInvalid with every mistake in all
    files, and UsageProblem when the files or the options do not go together.
    """
    if old_framework is not None:
        check_versions(framework, old_framework)
    rated: list[RatedFile] = []
    mistakes: list[Diagnostic] = []
    for file in track([Path(file) for file in files], "Reading ratings", progress):
        try:
            name, content = read(file)
            rated.append(read_on_any_version(content, name, framework, old_framework))
        except InputInvalid as error:
            mistakes += error.diagnostics
    if mistakes:
        raise InputInvalid(tuple(dict.fromkeys(mistakes)))
    progress("Comparing", None)
    return compare_ratings(framework, rated, role, old_framework)


def compare_roles(
    framework: Framework,
    roles: Sequence[str],
    ratings: Ratings | None = None,
    *,
    today: datetime.date | None = None,
) -> RoleComparison:
    """Compare what two roles require and, with ratings, how far a person is from each.

    `roles` are two ids, names or aliases. Raises UsageProblem for an unknown role, for the same
    role twice, and for any other number of roles.
    """
    before, after = _two_roles(framework, roles)
    today = today or datetime.datetime.now(tz=datetime.UTC).astimezone().date()
    return role_comparison.compare_roles(framework, before, after, ratings, today=today)


def _two_roles(framework: Framework, roles: Sequence[str]) -> tuple[str, str]:
    ids = [role_named(framework, role) for role in roles]
    if len(ids) != 2:  # noqa: PLR2004  one role beside the other
        raise UsageProblem(
            f"two roles are compared at a time, not {len(ids)}; "
            "'pmo-path assess RATINGS --role any' ranks all roles for a person"
        )
    before, after = ids
    if before == after:
        raise UsageProblem(
            f"'{roles[0]}' and '{roles[1]}' are the same role, {before}; name another one"
        )
    return before, after
