"""Find framework or ratings files by path, folder or pattern."""

from __future__ import annotations

import errno
import os
import stat
from collections import deque
from fnmatch import fnmatch
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pmo_path.domain.errors import UsageProblem
from pmo_path.readers.files import not_read, read_bytes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_YAML = (".yaml", ".yml")
_RATINGS = (*_YAML, ".json", ".csv", ".tsv", ".xlsx")
_WILD = frozenset("*?[")
_ANY_DEPTH = "**"
_NOWHERE = frozenset({errno.ENOENT, errno.ENOTDIR, errno.ELOOP})
"""The errors for a path that does not exist."""
_LOOP = "this link leads back to a folder above it, and was skipped"
_SPECIAL = "this is not a regular file, and was skipped"
HIDDEN = "hidden or lock file"
_LOCKS = ("~$", ".~lock.")
"""How the names of files begin that mark a document as open in Excel or LibreOffice."""


class FoundFile(NamedTuple):
    """A file to read."""

    path: Path
    is_in_folder: bool = False
    """Whether it was found in a named folder only, and not by its name or a pattern."""
    fault: OSError | None = None
    """Why the folder at `path` could not be searched."""

    def read(self) -> bytes:
        """The content of the file. Raises InputInvalid, also for what cannot be searched."""
        self.check()
        return read_bytes(self.path)

    def check(self) -> None:
        """Raise InputInvalid for a folder that could not be searched."""
        if self.fault is not None:
            raise not_read(str(self.path), self.fault)


class FoundFiles(NamedTuple):
    """The files to read, and what was skipped."""

    files: list[FoundFile]
    """Each file once, in the order given and by name below a folder."""
    notes: list[tuple[Path, str]]
    """Skipped paths, each with the reason."""


def framework_files(names: Iterable[str]) -> FoundFiles:
    """Find framework files by paths, folders and patterns.

    A folder means every .yaml and .yml file below it, except hidden ones. Links are followed,
    and each folder is searched once. Files that do not exist and folders that cannot be searched
    are kept, and reading them reports why. Raises UsageProblem when a folder or a pattern has no
    file.
    """
    return _found(names, _YAML)


def ratings_files(names: Iterable[str]) -> FoundFiles:
    """Find the same for ratings files, which may be JSON, CSV, TSV and workbooks as well."""
    return _found(names, _RATINGS)


def all_files(names: Iterable[str]) -> FoundFiles:
    """Find every file, whatever its ending; what is hidden below a folder is among the notes.

    A folder may be empty.
    """
    return _found(names, None)


def _found(names: Iterable[str], endings: tuple[str, ...] | None) -> FoundFiles:
    files: dict[object, FoundFile] = {}
    notes: dict[tuple[Path, str], None] = {}
    for name in names:
        matches = _matches(name, endings)
        notes.update(dict.fromkeys(matches.notes))
        for file in matches.files:
            _keep(files, file)
    return FoundFiles(list(files.values()), list(notes))


def _keep(files: dict[object, FoundFile], file: FoundFile) -> None:
    """Add a file, unless it is there: then it is named where either is, and by no link."""
    key = _identity(file.path)
    first = files.setdefault(key, file)
    is_in_folder = first.is_in_folder and file.is_in_folder
    path = file.path if _is_link(first.path) else first.path
    files[key] = first._replace(path=path, is_in_folder=is_in_folder)


def _identity(path: Path) -> object:
    """Equal for the paths and links that lead to one name of a file."""
    # Resolving a path takes a look at each folder above it, which only links need.
    path = Path(os.path.realpath(path)) if _is_link(path) else path
    try:
        folder = path.parent.stat()
    except OSError:  # reading the file reports why
        return path
    return folder.st_dev, folder.st_ino, path.name


def _matches(name: str, endings: tuple[str, ...] | None) -> FoundFiles:
    path = Path(name)
    if _is_folder(path):
        if endings is None:
            return _Search((), None).found_below(path)
        kinds = f"{', '.join(endings[:-1])} or {endings[-1]}"
        problem = f"there is no {kinds} file in '{name}'"
        return _or_problem(_Search((), endings).found_below(path), problem)
    if not is_pattern(name):
        return FoundFiles([FoundFile(path)], [])
    root, pattern = _split(path)
    is_of_folders = name.endswith(("/", os.sep))
    if is_of_folders and pattern[-1] == _ANY_DEPTH:
        pattern = pattern[:-1]  # all folders below one are that folder, and what is below it
    search = _Search(pattern, endings, is_of_folders=is_of_folders)
    return _or_problem(search.found_below(root), f"no file matches '{name}'")


def is_pattern(name: str) -> bool:
    """Whether a name is a pattern for files, and not itself the name of one."""
    return bool(_WILD & set(name)) and not os.path.lexists(name)


def _is_folder(path: Path) -> bool:
    """Whether this is a folder; False where that cannot be found out, which reading reports."""
    return os.path.isdir(path)  # noqa: PTH112  Path's raises an error where a name is too long


def _or_problem(search: FoundFiles, problem: str) -> FoundFiles:
    if not search.files:
        raise UsageProblem(problem)
    return search


def _split(path: Path) -> tuple[Path, tuple[str, ...]]:
    """The folder where a pattern starts, and the parts of the pattern below it."""
    parts = path.parts
    start = next(index for index, part in enumerate(parts) if _WILD & set(part))
    pattern: list[str] = []
    for part in parts[start:]:
        if part != _ANY_DEPTH or pattern[-1:] != [_ANY_DEPTH]:
            pattern.append(part)
    return Path(*parts[:start]), tuple(pattern)


class _Search:
    """A search of folders for the parts of a pattern, and of those it matches for endings.

    Each folder is searched at most once for each part, so that no link and no two `**` make more
    of a tree than it is. Links wait until all else is searched: a file goes by its real name where
    it has one.
    """

    def __init__(
        self,
        pattern: tuple[str, ...],
        endings: Sequence[str] | None,
        *,
        is_of_folders: bool = False,
    ) -> None:
        """`endings` are those of files below folders; None for all, which notes hidden files."""
        # A pattern that ends in `**` comes to everything by itself; else the folders that it
        # matches are searched as if they were named.
        self._matches_all = pattern[-1:] == (_ANY_DEPTH,)
        pattern = (*pattern, "*") if self._matches_all else pattern
        self._parts = (*pattern, _ANY_DEPTH, "*")
        self._folder_from = len(pattern)
        self._endings = endings
        self._is_of_folders = is_of_folders
        self._folders: deque[tuple[Path, int]] = deque()
        self._links: deque[tuple[Path, int]] = deque()
        self._searched: set[tuple[int, int, int]] = set()
        self._files: dict[object, FoundFile] = {}
        self._notes: list[tuple[Path, str]] = []

    def found_below(self, root: Path) -> FoundFiles:
        """Search `root`, and what it leads to."""
        self._folders.append((root, 0))
        while self._folders or self._links:
            folder, index = (self._folders or self._links).popleft()
            try:
                self._search(folder, index)
            except OSError as error:
                if error.errno not in _NOWHERE:  # else it is not there, or no longer
                    _keep(self._files, FoundFile(folder, fault=error))
        files = sorted(self._files.values(), key=lambda file: file.path)
        return FoundFiles(files, sorted(set(self._notes)))

    def _search(self, folder: Path, index: int) -> None:
        status = folder.stat()
        key = (status.st_dev, status.st_ino, index)
        if key in self._searched:
            if _is_link(folder) and _leads_back(folder):
                self._notes.append((folder, _LOOP))
            return
        self._searched.add(key)
        part = self._parts[index]
        if part == _ANY_DEPTH:
            self._folders.append((folder, index + 1))
            for name in _names(folder, "*"):
                self._enter(folder / name, index)
        else:
            for name in _names(folder, part) if _WILD & set(part) else [part]:
                self._match(folder / name, index)
            if self._endings is None and index > self._folder_from:
                self._note_hidden(folder)

    def _enter(self, path: Path, index: int) -> None:
        """Queue a path, if it is a folder, for the part of the pattern at `index`."""
        try:
            is_folder = stat.S_ISDIR(path.stat().st_mode)
        except OSError as error:
            if error.errno not in _NOWHERE:
                _keep(self._files, FoundFile(path, fault=error))
            return
        if is_folder:
            (self._links if _is_link(path) else self._folders).append((path, index))

    def _match(self, path: Path, index: int) -> None:
        """Take a file that matches the last part, or queue a folder that matches a part before it."""
        if index > self._folder_from:
            if self._endings is None or path.suffix.lower() in self._endings:
                self._take(path, is_in_folder=True)
        elif index < self._folder_from - 1:
            self._enter(path, index + 1)
        elif _is_folder(path):
            if not self._matches_all:
                self._enter(path, self._folder_from)
        elif not self._is_of_folders:
            self._take(path, is_in_folder=False)

    def _note_hidden(self, folder: Path) -> None:
        for name in _names(folder, ".*"):
            if os.path.isfile(folder / name):  # noqa: PTH113  Path's raises an error for some links
                self._notes.append((folder / name, HIDDEN))

    def _take(self, path: Path, *, is_in_folder: bool) -> None:
        try:
            mode = path.stat().st_mode
        except OSError as error:
            if error.errno in _NOWHERE and not _is_link(path):
                return
            mode = stat.S_IFREG  # reading it reports why
        if self._endings is None and is_in_folder and path.name.startswith(_LOCKS):
            self._notes.append((path, HIDDEN))
        elif stat.S_ISREG(mode):
            _keep(self._files, FoundFile(path, is_in_folder))
        elif not stat.S_ISDIR(mode):
            self._notes.append((path, _SPECIAL))


def _names(folder: Path, part: str) -> Iterator[str]:
    """The names in a folder that fit a part of a pattern; hidden ones only where the part is."""
    is_hidden = part.startswith(".")
    for name in os.listdir(folder):  # noqa: PTH208  no more than names is needed
        if name.startswith(".") == is_hidden and fnmatch(name, part):
            yield name


def _is_link(path: Path) -> bool:
    """Whether this is a link; False where that cannot be found out."""
    return os.path.islink(path)  # noqa: PTH114  Path's raises an error where a name is too long


def _leads_back(link: Path) -> bool:
    """Whether a link leads to a folder above it."""
    return Path(os.path.realpath(link)) in Path(os.path.realpath(link.parent), "x").parents
