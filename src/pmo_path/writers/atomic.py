"""Writing files so that a fault leaves the old ones or the new ones, never half of one."""

from __future__ import annotations

import errno
import os
import stat
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Self

from pmo_path.domain.errors import OutputFailed
from pmo_path.writers.leftovers import Claim, Rename, tidy, undisturbed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

PRIVATE = 0o600
READ_ONLY = "it is read-only; make it writable, or name another file"
_NO_SYNC = frozenset({errno.EINVAL, errno.ENOTSUP, errno.ENOSYS})
"""Errors of file systems without support for it, such as some network ones."""
_PERMISSIONS, _WRITABLE = 0o777, 0o222


class Outputs:
    """Files of one run that take their names together, once all of them are written.

    Each is written under a temporary name beside its target. When the block ends, all reach the
    disk and then take their targets' names; left by an exception, it leaves every target as it
    was. A run that is killed or fails between two renames is completed by the next one (`tidy`).
    """

    def __init__(self) -> None:
        self._claims: dict[Path, Claim] = {}
        self._files: list[_File] = []
        self._renamed = 0

    def __enter__(self) -> Self:
        _open.add(self)
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            if kind is None:
                self._rename()
        finally:
            self._end()
            _open.discard(self)

    def _end(self) -> None:
        if 0 < self._renamed < len(self._files):
            self._leave()
        else:
            self._clear()

    def _clear(self) -> None:
        for file in self._files:
            with suppress(OSError):
                file.temporary.unlink()
        for claim in self._claims.values():
            claim.release()

    def _leave(self) -> None:
        """Let the next run rename what could not be renamed, so that the set becomes whole."""
        for claim in self._claims.values():
            claim.leave()

    def add(self, path: Path, *, private: bool = False, like: Path | None = None) -> Path:
        """A temporary file that is to take the name of `path`, unless it is dropped.

        An existing file keeps its mode; a `private` one is its owner's alone. No file gets a
        permission that the file `like` does not or would not have. Raises OutputFailed.
        """
        target = Path(os.path.realpath(path))
        with blaming(path):
            if is_read_only(target):
                raise PermissionError(errno.EACCES, READ_ONLY)
            mode = PRIVATE if private else _mode_for(target)
            if like is not None:
                mode &= _mode_for(Path(os.path.realpath(like)))
            temporary = self._claim(target.parent).temporary(target)
        self._files.append(_File(temporary, target, mode, path))
        return temporary

    def drop(self, temporary: Path) -> None:
        """Delete a temporary file, which then takes no name."""
        temporary.unlink(missing_ok=True)
        self._files = [file for file in self._files if file.temporary != temporary]

    def write(self, path: Path, content: str | bytes, *, private: bool = False) -> None:
        """Write a text (UTF-8) or bytes to `path`, which take its name with all others.

        What is not a regular file (a terminal, a pipe) is written to at once. Raises OutputFailed.
        """
        with blaming(path):
            _write(path if is_special(path) else self.add(path, private=private), content)

    def _claim(self, folder: Path) -> Claim:
        if folder not in self._claims:
            tidy(folder)
            self._claims[folder] = Claim(folder)
        return self._claims[folder]

    def _rename(self) -> None:
        written = tuple(self._files)
        for file in written:
            with blaming(file.path):
                _sync(file.temporary)
                file.temporary.chmod(file.mode)
        with undisturbed():
            if len(written) > 1:
                self._promise([Rename(file.temporary, file.target) for file in written])
            for file in written:
                with blaming(file.path):
                    file.temporary.replace(file.target)
                self._renamed += 1
        for folder in {file.target.parent for file in written}:
            _sync_folder(folder)

    def _promise(self, renames: Sequence[Rename]) -> None:
        # In each folder, since the next run may come across any of them first.
        for folder, claim in self._claims.items():
            with blaming(folder):
                claim.promise(renames)


_open: set[Outputs] = set()
"""Those whose files have not taken their names yet."""


def clear_outputs() -> None:
    """Delete the temporary files of a process that is about to end without leaving its outputs."""
    for outputs in tuple(_open):
        outputs._end()  # noqa: SLF001


class _File(NamedTuple):
    temporary: Path
    target: Path
    mode: int
    path: Path
    """The target as the person named it."""


def write_atomically(path: Path, content: str | bytes, *, private: bool = False) -> None:
    """Replace the content of `path` by a text (UTF-8) or by bytes, all of it or none.

    What is not a regular file (a terminal, a pipe) is written to directly. Raises OutputFailed.
    """
    with Outputs() as outputs:
        outputs.write(path, content, private=private)


@contextmanager
def blaming(path: Path) -> Iterator[None]:
    """Turn an OSError into the OutputFailed that names `path`."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or error
        raise OutputFailed(f"'{path}' could not be written: {reason}") from None


@contextmanager
def blaming_temporary(folder: Path) -> Iterator[None]:
    """Turn an OSError into the OutputFailed that names where temporary files go.

    `folder` is a private one that no other process uses.
    """
    try:
        yield
    except OSError as error:
        raise OutputFailed(
            f"a temporary file in '{folder.parent}' could not be written: "
            f"{error.strerror or error}; name another folder in TMPDIR"
        ) from None


def _write(path: Path, content: str | bytes) -> None:
    if isinstance(content, str):
        path.write_text(content, encoding="utf-8")
    else:
        path.write_bytes(content)


def is_special(path: Path) -> bool:
    """Whether there is something at `path` that is no regular file: a terminal, a pipe."""
    # What a shell makes for a pipe has a name that cannot be resolved.
    try:
        return not stat.S_ISREG(path.stat().st_mode)
    except OSError:  # nothing is there, or nothing can be: writing says why
        return False


def is_there(path: Path) -> bool:
    """Whether there is something at `path`; under a name that is too long there is nothing."""
    return os.path.exists(path)  # noqa: PTH110  Path's raises an error for such a name


def _sync(path: Path) -> None:
    # Only a handle that may write can be made to reach the disk everywhere.
    _sync_handle(os.open(path, os.O_RDWR))


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":  # Windows cannot open a folder
        return
    # Whoever may write to a folder need not be able to read it.
    with blaming(folder), suppress(PermissionError):
        _sync_handle(os.open(folder, os.O_RDONLY))


def _sync_handle(handle: int) -> None:
    """Have what an open file holds reach the disk, where there is a way; closes it."""
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in _NO_SYNC:
            raise
    finally:
        os.close(handle)


def is_read_only(path: str | Path) -> bool:
    """Whether there is a file that is write-protected, for everyone or for this user."""
    with suppress(OSError):  # what is not there is not protected
        is_for_nobody = not stat.S_IMODE(os.stat(path).st_mode) & _WRITABLE  # noqa: PTH116
        return is_for_nobody or not os.access(path, os.W_OK)
    return False


def _mode_for(target: Path) -> int:
    """The permissions of the file at `target`, or of a new one.

    What is more than a permission (set user or group, sticky) was granted to the old content.
    """
    with suppress(FileNotFoundError):
        return stat.S_IMODE(target.stat().st_mode) & _PERMISSIONS
    # The mask can only be read by setting it.
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
