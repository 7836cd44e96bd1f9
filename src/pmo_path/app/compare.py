"""Ratings files of one person, compared over time or rater by rater."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_path.domain.compare import compare
from pmo_path.domain.compare.versions import check_versions
from pmo_path.domain.errors import InputInvalid
from pmo_path.domain.progress import unwatched, watched
from pmo_path.readers.other_versions import read_on_any_version

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from pmo_path.domain.compare.inputs import RatedFile
    from pmo_path.domain.compare.model import OverTime, Raters
    from pmo_path.domain.diagnostics import Diagnostic
    from pmo_path.domain.framework import Framework
    from pmo_path.domain.progress import Watch

Content = tuple[str, bytes]
"""What to call a file, and what is in it."""


def compare_files(  # noqa: PLR0913  files, frameworks, and what to do with them
    files: Sequence[Path],
    content_of: Callable[[Path], Content],
    framework: Framework,
    old: Framework | None = None,
    role: str | None = None,
    *,
    watch: Watch = unwatched,
) -> OverTime | Raters:
    """Compare ratings files of one person, on the framework in use.

    `content_of` reads a file and may raise InputInvalid. `old` is another version of the
    framework, with which files that name it are read. Raises InputInvalid with every mistake in
    all files, and UsageProblem when the files or the options do not go together.
    """
    if old is not None:
        check_versions(framework, old)
    rated: list[RatedFile] = []
    mistakes: list[Diagnostic] = []
    for file in watched(files, "Reading ratings", watch):
        try:
            name, content = content_of(file)
            rated.append(read_on_any_version(content, name, framework, old))
        except InputInvalid as error:
            mistakes += error.diagnostics
    if mistakes:
        raise InputInvalid(tuple(dict.fromkeys(mistakes)))
    watch("Comparing", None)
    return compare(framework, rated, role, old)
