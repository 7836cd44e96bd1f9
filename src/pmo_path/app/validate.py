"""Check framework files and collect every diagnostic."""

from __future__ import annotations

import datetime
import os
import re
from typing import TYPE_CHECKING, NamedTuple

from pmo_path.app.inputs import (
    FoundFile,
    FoundFiles,
    Read,
    find_frameworks,
    load_framework,
    read_file,
)
from pmo_path.domain.codes import Code, Severity
from pmo_path.domain.errors import InputInvalid, UsageProblem
from pmo_path.domain.progress import Progress, no_progress, track
from pmo_path.readers.filetype import FileType, identify
from pmo_path.readers.framework import check_framework
from pmo_path.readers.package_data import rule_markdown, shipped_framework

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from pmo_path.domain.diagnostics import Diagnostic

UNREADABLE = frozenset({Code.UNREADABLE, Code.TOO_LARGE})
"""Files that were not read at all; no selection leaves these out."""
_SKIPPED_SHOWN = 5
_PLAN = re.compile(rb"^kind: *['\"]?plan\b", re.MULTILINE)
"""The key of a plan file; nothing is parsed to find it, since a file is parsed once."""


class Validation(NamedTuple):
    diagnostics: tuple[Diagnostic, ...]
    """Those that were selected, by file and line."""
    checked: int
    """The number of files checked."""
    skipped: tuple[str, ...] = ()
    """YAML files in folders that are not frameworks."""

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        """Without warnings."""
        return tuple(
            diagnostic for diagnostic in self.diagnostics if diagnostic.severity is Severity.ERROR
        )

    @property
    def is_unreadable(self) -> bool:
        return any(diagnostic.code in UNREADABLE for diagnostic in self.diagnostics)

    def rules(self) -> Mapping[Code, str]:
        """The rulebook page in Markdown of each code among the diagnostics."""
        codes = dict.fromkeys(diagnostic.code for diagnostic in self.diagnostics)
        return {code: rule_markdown(code) for code in codes}


def validate(  # noqa: PLR0913  the options of the command
    frameworks: Iterable[str | os.PathLike[str]] | FoundFiles = (),
    *,
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
    today: datetime.date | None = None,
    framework: Path | None = None,
    read: Read = read_file,
    progress: Progress = no_progress,
) -> Validation:
    """Check framework and plan files, folders of them and patterns; without any, the shipped framework.

    `select` and `ignore` are codes or their beginnings. `today` is the day from which the age of
    facts is counted. `framework` is the one that plan files are checked on, by default the shipped
    one. `read` reads a file, if not from its path. Raises UsageProblem for codes that
    do not exist, and where there is no framework to check.
    """
    selection = _Selection(_beginnings(select), _beginnings(ignore))
    today = today or datetime.date.today()  # noqa: DTZ011  the user's own day
    files = _files(frameworks)
    if files is None:
        shipped = shipped_framework()
        examined = check_framework(shipped.content, shipped.name, today)
        return Validation(selection.of(examined.diagnostics), 1)
    results = [
        _checked(file, today, read, framework)
        for file in track(files, "Checking frameworks", progress)
    ]
    skipped = [
        str(file.path) for file, result in zip(files, results, strict=True) if result is None
    ]
    if len(skipped) == len(files):
        raise UsageProblem(f"there is nothing to check. {skipped_files(skipped)}")
    diagnostics = [diagnostic for result in results for diagnostic in result or ()]
    checked = sum(file.fault is None for file in files) - len(skipped)
    return Validation(selection.of(diagnostics), checked, tuple(skipped))


def skipped_files(files: Sequence[str]) -> str:
    """A sentence about YAML files in folders that are not frameworks."""
    names = ", ".join(files[:_SKIPPED_SHOWN])
    if len(files) == 1:
        return f"Skipped 1 YAML file that is not a framework: {names}"
    more = len(files) - _SKIPPED_SHOWN
    rest = f" and {more:,} more" if more > 0 else ""
    return f"Skipped {len(files):,} YAML files that are not frameworks: {names}{rest}"


def _files(
    frameworks: Iterable[str | os.PathLike[str]] | FoundFiles,
) -> Sequence[FoundFile] | None:
    """The files to check; None for the shipped framework."""
    if isinstance(frameworks, FoundFiles):
        return frameworks.files
    names = [os.fspath(name) for name in frameworks]
    return find_frameworks(names).files if names else None


def _checked(
    file: FoundFile, today: datetime.date, read: Read, framework: Path | None
) -> tuple[Diagnostic, ...] | None:
    """The diagnostics of a file; None when it only lies in a folder and is not a framework."""
    try:
        file.check()
        name, content = read(file.path)
    except InputInvalid as error:
        return error.diagnostics
    if not file.is_in_folder and _PLAN.search(content):
        from pmo_path.readers.plan import check_plan  # noqa: PLC0415  frameworks need no plans

        return check_plan(identify(content, name, FileType.PLAN), load_framework(framework), today)
    result = check_framework(content, name, today)
    if file.is_in_folder and result.errors and not result.may_be_framework:
        return None
    return result.diagnostics


class _Selection(NamedTuple):
    """The beginnings of the codes that are selected, and of those that are ignored."""

    select: tuple[str, ...]
    ignore: tuple[str, ...]

    def of(self, diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
        return tuple(
            diagnostic
            for diagnostic in diagnostics
            if diagnostic.code in UNREADABLE or self._has(diagnostic.code)
        )

    def _has(self, code: Code) -> bool:
        is_selected = not self.select or code.startswith(self.select)
        return is_selected and not (self.ignore and code.startswith(self.ignore))


def _beginnings(options: Iterable[str]) -> tuple[str, ...]:
    """The beginnings of codes in options such as `PMO3,PMO404`. Raises UsageProblem."""
    parts = [part.strip().upper() for option in options for part in option.split(",")]
    beginnings = tuple(part for part in parts if part)
    for beginning in beginnings:
        if not any(code.startswith(beginning) for code in Code):
            raise UsageProblem(
                f"no code begins with '{beginning}'; 'pmo-path explain' lists all codes"
            )
    return beginnings
