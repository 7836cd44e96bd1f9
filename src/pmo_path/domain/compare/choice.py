"""Compare one person's ratings files: over time, or rater by rater."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_path.domain.compare.over_time import over_time
from pmo_path.domain.compare.raters import raters
from pmo_path.domain.errors import UsageProblem
from pmo_path.domain.names import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pmo_path.domain.compare.inputs import RatedFile
    from pmo_path.domain.compare.over_time import OverTime
    from pmo_path.domain.compare.raters import Raters
    from pmo_path.domain.framework import Framework


def compare(
    framework: Framework,
    files: Sequence[RatedFile],
    role: str | None = None,
    old: Framework | None = None,
) -> OverTime | Raters:
    """Compare two files of one rater over time, or the files of several raters.

    Raises UsageProblem for any other set of files, for files of two people, and when neither
    `role` nor a file names the role to assess against.
    """
    match files:
        case [first, second] if fold(first.rater) == fold(second.rater):
            return over_time(framework, (first, second), role, old)
        case _:
            _check_raters(files)
            return raters(framework, files, role, old)


def _check_raters(files: Sequence[RatedFile]) -> None:
    """Raise UsageProblem unless there are two files or more, each of another rater."""
    by_rater: dict[str, list[RatedFile]] = {}
    for file in files:
        by_rater.setdefault(fold(file.rater), []).append(file)
    if len(by_rater) == len(files) > 1:
        return
    if len(files) < 2:  # noqa: PLR2004  it takes two to compare
        raise UsageProblem("compare needs two files: two by one rater, or one from each rater")
    same = next(group for group in by_rater.values() if len(group) > 1)
    rater = same[0].rater
    if len(by_rater) == 1:
        raise UsageProblem(
            f"all {len(files)} files are by one rater ('{rater}'); compare two of them, or put "
            "them in a folder and run 'pmo-path history FOLDER'"
        )
    names = [f"'{file.file}'" for file in same]
    raise UsageProblem(
        f"{' and '.join(names)} have the same rater, '{rater}'; "
        "pass one file of each rater, or two files of one rater to see what changed"
    )
