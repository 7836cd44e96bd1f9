"""Clean up after a killed run: delete temporary files, and complete a set of outputs.

A run holds a claim in each folder that it writes to: a file with a lock that the system takes back
when the run ends, however it ends. Temporary files carry the claim's token in their names, so
whatever belongs to no claim that is held is a leftover.
"""

from __future__ import annotations

import errno
import json
import os
import re
import secrets
import shutil
import signal
import stat
import sys
import tempfile
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_TEMPORARY = re.compile(r"\..*\.pmo-path-(?P<token>[0-9a-f]{16})-[0-9]+", re.DOTALL)
_CLAIM = re.compile(r"\.pmo-path-(?P<token>[0-9a-f]{16})\.run")
_PRIVATE = re.compile(r"pmo-path-run-[a-z0-9_]{8}")
_PREFIX = "pmo-path-run-"
_ONLY_OWNER = 0o700
_HELD = {errno.EWOULDBLOCK, errno.EAGAIN, errno.EACCES, errno.EDEADLK}
"""Error numbers that mean that another program holds a lock."""
_PATIENCE, _SOON = 15, 0.05
"""Seconds until a folder is left as it is, and between two tries to delete it."""
_BEHIND = 1 << 30
_NAME = 50
"""Characters of a target's name that its temporary file shows."""


class Rename(NamedTuple):
    """One temporary file, and the name that it is to take."""

    temporary: Path
    target: Path


class Claim:
    """A run's hold on its temporary files in a folder."""

    def __init__(self, folder: Path) -> None:
        """Raises OSError when no file can be made in the folder."""
        self.folder = folder
        self._count = 0
        while True:
            self._token = secrets.token_hex(8)
            self._path = folder / f".pmo-path-{self._token}.run"
            self._handle = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
            # Another run can have taken it for a leftover before it was locked.
            if is_locked(self._handle) and has_name(self._handle, self._path):
                return
            _drop(self._handle, self._path)

    def temporary(self, target: Path) -> Path:
        """An empty file, for its owner alone, that is to take the name of `target`."""
        self._count += 1
        name = f".{target.name[:_NAME]}.pmo-path-{self._token}-{self._count}"
        path = self.folder / name
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        return path

    def promise(self, renames: Sequence[Rename]) -> None:
        """Record what is about to be renamed, so that a later run can complete it."""
        record = [[*map(str, rename), _state(rename.target)] for rename in renames]
        os.write(self._handle, json.dumps(record).encode("utf-8", "surrogateescape"))
        os.fsync(self._handle)

    def release(self) -> None:
        """End the claim: no temporary file of it is left."""
        _drop(self._handle, self._path)

    def leave(self) -> None:
        """End the claim with its promise, for a later run to keep."""
        os.close(self._handle)


def tidy(folder: Path, *, completes: bool = False) -> list[str]:
    """Delete temporary files that killed runs left in a folder; notes on their outputs.

    With `completes`, outputs that were all written and not all renamed are renamed now, unless
    somebody has changed the older one since. Without, such sets are left alone.
    """
    try:
        names = os.listdir(folder)  # noqa: PTH208  Path's is slower by far
    except OSError:  # what cannot be tidied does no harm
        return []
    notes: list[str] = []
    temporary = [(match["token"], name) for name in names if (match := _TEMPORARY.fullmatch(name))]
    tokens = {match["token"] for name in names if (match := _CLAIM.fullmatch(name))}
    for token in sorted(tokens.union(token for token, _ in temporary)):
        temporaries = [folder / name for other, name in temporary if other == token]
        with suppress(OSError):  # one of somebody else in a shared folder
            claim = folder / f".pmo-path-{token}.run"
            notes += _tidy_run(claim, temporaries, completes=completes)
    return notes


def _tidy_run(claim: Path, temporaries: Sequence[Path], *, completes: bool) -> list[str]:
    try:
        handle = os.open(claim, os.O_RDWR | getattr(os, "O_NOFOLLOW", 0))
    except FileNotFoundError:
        _delete(temporaries)
        return []
    is_leftover, notes = False, list[str]()
    try:
        # Without locks, a leftover cannot be recognised.
        if _is_ours(os.fstat(handle)) and _lock(handle) and has_name(handle, claim):
            promised = _promised(handle)
            if completes or not promised:
                notes, is_leftover = _completed(promised)
    finally:
        if is_leftover:
            _delete(temporaries)
            _drop(handle, claim)
        else:
            os.close(handle)
    return notes


def _promised(handle: int) -> list[tuple[Rename, object]]:
    """The renames that a killed run had begun, each with its target's state; none if it was killed earlier."""
    try:
        content = os.read(handle, os.fstat(handle).st_size)
        record = json.loads(content.decode("utf-8", "surrogateescape"))
        promised = [(Rename(Path(target), Path(other)), state) for target, other, state in record]
    except (ValueError, TypeError):
        return []
    # Nobody but a run of ours has written this, and yet it may only name files of ours.
    return [
        (rename, state)
        for rename, state in promised
        if rename.temporary.parent == rename.target.parent
        and _TEMPORARY.fullmatch(rename.temporary.name)
    ]


def _completed(promised: Sequence[tuple[Rename, object]]) -> tuple[list[str], bool]:
    """Notes on the files to rename, and whether all of them are done."""
    notes, is_done = [], True
    with undisturbed():
        for rename, state in promised:
            if not rename.temporary.exists():  # renamed before the run was killed
                continue
            target = rename.target
            if _state(target) != state:
                notes.append(
                    f"'{target}' is not the one of the last run, which was interrupted: it has "
                    "changed since. Run the same command again to get all files of one run"
                )
                continue
            try:
                rename.temporary.replace(target)
            except OSError as error:
                is_done = False
                notes.append(
                    f"'{target}' is not the one of the last run, which was interrupted, and could "
                    f"not be replaced: {error.strerror or error}"
                )
            else:
                notes.append(f"'{target}' is now the one of the last run, which was interrupted")
    return notes, is_done


@contextmanager
def undisturbed() -> Iterator[None]:
    """Let signals wait that would end the run between two renames."""
    if sys.platform == "win32":
        yield
        return
    ending = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ending)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _state(path: Path) -> list[int] | None:
    """A fingerprint that changes with a file; None if there is no file."""
    try:
        status = path.stat()
    except OSError:
        return None
    return [status.st_ino, status.st_size, status.st_mtime_ns]


def _delete(paths: Sequence[Path]) -> None:
    for path in paths:
        with suppress(OSError):
            if _is_ours(path.lstat()):
                path.unlink()


# --- Folders --------------------------------------------------------------------------------------


@contextmanager
def private_folder() -> Iterator[Path]:
    """A temporary folder for the user alone; those that killed runs left are deleted.

    On Windows, where a folder cannot be locked, they are left to the system.
    """
    _tidy_private(Path(tempfile.gettempdir()))
    if os.name == "nt":  # a folder cannot be locked there
        with tempfile.TemporaryDirectory(prefix=_PREFIX) as name:
            yield Path(name).resolve()
        return
    folder, handle = _locked_folder()
    _in_use.add(folder)
    try:
        yield folder
    finally:
        _remove(folder)
        _in_use.discard(folder)
        os.close(handle)


_in_use: set[Path] = set()
"""The private folders of this process."""


def remove_private_folders() -> None:
    """Delete the private folders of a process that is about to end without leaving them."""
    for folder in _in_use:
        shutil.rmtree(folder, ignore_errors=True)


def _remove(folder: Path) -> None:
    """Delete a folder; what a program that worked for us still writes there goes as well."""
    end = time.monotonic() + _PATIENCE
    while folder.exists() and time.monotonic() < end:
        shutil.rmtree(folder, ignore_errors=True)
        time.sleep(_SOON if folder.exists() else 0)


def _locked_folder() -> tuple[Path, int]:
    while True:
        folder = Path(tempfile.mkdtemp(prefix=_PREFIX)).resolve()
        # Another run can have taken it for a leftover before it was locked.
        with suppress(FileNotFoundError):
            handle = os.open(folder, os.O_RDONLY)
            if is_locked(handle) and has_name(handle, folder):
                return folder, handle
            os.close(handle)


def _tidy_private(folder: Path) -> None:
    if os.name == "nt":
        return
    with suppress(OSError):
        for name in os.listdir(folder):  # noqa: PTH208
            if _PRIVATE.fullmatch(name):
                _tidy_one(folder / name)


def _tidy_one(path: Path) -> None:
    with suppress(OSError):
        handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        try:
            status = os.fstat(handle)
            if _is_ours(status) and stat.S_IMODE(status.st_mode) == _ONLY_OWNER and _lock(handle):
                shutil.rmtree(path)
        finally:
            os.close(handle)


# --- Locks ----------------------------------------------------------------------------------------


def is_locked(handle: int) -> bool:
    """Whether a lock on a file of our own could be had; true where there are no locks."""
    try:
        return _lock(handle)
    except OSError:
        return True


def _lock(handle: int) -> bool:
    """Whether a lock on the file could be had; it is held until the handle is closed.

    Raises OSError where the file system has no locks.
    """
    try:
        if sys.platform == "win32":
            import msvcrt  # noqa: PLC0415  not on every system

            # There a lock keeps others from reading, so it is on a byte behind the content.
            os.lseek(handle, _BEHIND, os.SEEK_SET)
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
            os.lseek(handle, 0, os.SEEK_SET)
        else:
            import fcntl  # noqa: PLC0415  not on every system

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in _HELD:
            return False
        raise
    return True


def _drop(handle: int, path: Path) -> None:
    """Delete a locked file and close it, in the order that the system allows."""
    if os.name == "nt":
        os.close(handle)
    with suppress(OSError):
        path.unlink()  # before another run can lock it
    if os.name != "nt":
        os.close(handle)


def has_name(handle: int, path: Path) -> bool:
    """Whether an open file still has its name."""
    with suppress(OSError):
        return os.path.samestat(os.fstat(handle), path.lstat())
    return False


def _is_ours(status: os.stat_result) -> bool:
    return not hasattr(os, "geteuid") or status.st_uid == os.geteuid()
