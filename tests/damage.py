"""Files of people that are damaged: each must be read or refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.test_batch import FRAMEWORK_MODEL

from pmo_path.app.sheet_scoring import Target, score_sheet
from pmo_path.batch.job import Job
from pmo_path.domain.errors import InputInvalid
from pmo_path.domain.options import SheetFormat

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from pmo_path.app.sheet_scoring import SheetResult
    from pmo_path.domain.diagnostics import Diagnostic


def score(path: Path) -> SheetResult:
    """Score a sheet against the role of a lead."""
    target = Target(SheetFormat.CSV, path.with_name("results.csv"), None)
    return score_sheet(path, path.name, Job(FRAMEWORK_MODEL, ("lead",)), target)


def refused(path: Path, contents: Iterable[bytes]) -> list[Diagnostic]:
    """Why contents of a sheet are refused; those that are read must keep every row."""
    problems = []
    for content in contents:
        path.write_bytes(content)
        try:
            done = score(path)
        except InputInvalid as problem:
            problems.append(problem.diagnostics[0])
        else:
            assert done.read == done.scored + done.rejected
    return problems
