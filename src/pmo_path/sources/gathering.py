"""The framework or ratings files that a person means by a file, a folder or a pattern."""

from __future__ import annotations

import glob
import os
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pmo_path.domain.errors import UsageProblem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_YAML = (".yaml", ".yml")
_RATINGS = (*_YAML, ".json", ".csv", ".tsv")
_WILD = frozenset("*?[")


class Gathered(NamedTuple):
    """A file that is meant."""

    path: Path
    is_in_folder: bool = False
    """Whether only a folder in which it lies is named, and neither it nor a pattern for it."""


def framework_files(given: Iterable[str]) -> list[Gathered]:
    """The files that `given` means, each once, in the order given and by name below a folder.

    A folder means every .yaml and .yml file below it, but for hidden ones. What does not exist is
    kept, so that reading it says so. Raises UsageProblem when a folder or a pattern holds nothing.
    """
    return _files(given, _YAML)


def ratings_files(given: Iterable[str]) -> list[Gathered]:
    """The same of ratings files, which may be JSON, CSV and TSV as well."""
    return _files(given, _RATINGS)


def _files(given: Iterable[str], endings: tuple[str, ...]) -> list[Gathered]:
    files: dict[str, Gathered] = {}
    for one in given:
        for found in _meant(one, endings):
            first = files.setdefault(os.path.realpath(found.path), found)
            if first.is_in_folder and not found.is_in_folder:
                files[os.path.realpath(found.path)] = first._replace(is_in_folder=False)
    return list(files.values())


def _meant(given: str, endings: tuple[str, ...]) -> list[Gathered]:
    path = Path(given)
    if _is_folder(path):
        kinds = f"{', '.join(endings[:-1])} or {endings[-1]}"
        return _or_problem(sorted(_below(path, endings)), f"there is no {kinds} file in '{given}'")
    if os.path.lexists(path) or not _WILD & set(given):
        return [Gathered(path)]
    matches = sorted(map(Path, glob.iglob(given, recursive=True)))  # noqa: PTH207  takes '**' anywhere
    found = [
        file
        for match in matches
        for file in (_below(match, endings) if _is_folder(match) else [Gathered(match)])
    ]
    return _or_problem(found, f"no file matches '{given}'")


def _is_folder(path: Path) -> bool:
    """Whether this is a folder; what cannot be looked at is none, and reading it says why."""
    return os.path.isdir(path)  # noqa: PTH112  Path's raises an error where a name is too long


def _or_problem(found: list[Gathered], problem: str) -> list[Gathered]:
    if not found:
        raise UsageProblem(problem)
    return found


def _below(folder: Path, endings: tuple[str, ...]) -> Iterator[Gathered]:
    for here, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            if not name.startswith(".") and Path(name).suffix.lower() in endings:
                yield Gathered(Path(here, name), is_in_folder=True)
