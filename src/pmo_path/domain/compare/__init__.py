"""Ratings of one person held against each other: over time, or rater by rater."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_path.domain.compare.over_time import over_time
from pmo_path.domain.compare.raters import raters
from pmo_path.domain.errors import UsageProblem
from pmo_path.domain.names import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pmo_path.domain.compare.inputs import Given
    from pmo_path.domain.compare.model import OverTime, Raters
    from pmo_path.domain.framework import Framework


def compare(
    framework: Framework,
    given: Sequence[Given],
    asked: str | None = None,
    old: Framework | None = None,
) -> OverTime | Raters:
    """Two files of one rater over time, or files of several raters with each other.

    Raises UsageProblem when the files are neither, are of two people, or lead to no role.
    """
    match given:
        case [first, second] if fold(first.rater) == fold(second.rater):
            return over_time(framework, (first, second), asked, old)
        case _:
            _check_raters(given)
            return raters(framework, given, asked, old)


def _check_raters(given: Sequence[Given]) -> None:
    """Raises UsageProblem unless there is a file for each of several raters."""
    files: dict[str, list[Given]] = {}
    for one in given:
        files.setdefault(fold(one.rater), []).append(one)
    if len(files) == len(given) > 1:
        return
    if len(given) < 2:  # noqa: PLR2004  it takes two to compare
        raise UsageProblem(
            "comparing takes two files or more: two of one rater, or one of each rater"
        )
    same = next(several for several in files.values() if len(several) > 1)
    if len(files) == 1:
        raise UsageProblem(
            f"these are {len(given)} files of one rater ('{same[0].rater}'); give two of them to "
            "see what moved, or put them in a folder for 'pmo-path history FOLDER'"
        )
    names = " and ".join(f"'{one.file}'" for one in same)
    raise UsageProblem(
        f"{names} are {'both' if len(same) == 2 else 'all'} of the rater '{same[0].rater}'; "  # noqa: PLR2004
        "give one file of each rater, or two files of one rater to see what moved"
    )
