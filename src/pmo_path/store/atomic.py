"""Writing a file so that a fault leaves the old one or the new one, never half of one."""

from __future__ import annotations

import os
import stat
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from pmo_path.domain.errors import OutputFailed

if TYPE_CHECKING:
    from collections.abc import Iterator

PRIVATE = 0o600


def write_atomically(path: Path, content: str | bytes, *, private: bool = False) -> None:
    """Replace the content of `path` by a text (UTF-8) or by bytes, all of it or none.

    It goes to a temporary file beside the target, reaches the disk, and takes the target's
    name. An existing file keeps its mode; a `private` one is its owner's alone. What is no
    regular file (a terminal, a pipe) is written to directly. Raises OutputFailed.
    """
    if is_special(path):
        try:
            _write(path, content)
        except OSError as error:
            raise _failed(path, error) from None
        return
    with replacing(path, private=private) as temporary:
        _write(temporary, content)


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


@contextmanager
def replacing(path: Path, *, private: bool = False, like: Path | None = None) -> Iterator[Path]:
    """A temporary file beside `path`, to be written; it takes the name of `path` at the end.

    It gets no permission that the file `like` has not, or would not have.

    When the block is left by an exception, or has removed the temporary file, `path` is as it was.
    Raises OutputFailed, also for an OSError in the block.
    """
    target = Path(os.path.realpath(path))
    try:
        mode = PRIVATE if private else _mode_for(target)
        if like is not None:
            mode &= _mode_for(Path(os.path.realpath(like)))
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name[:50]}.")
    except OSError as error:
        raise _failed(path, error) from None
    os.close(handle)
    temporary = Path(name)
    try:
        yield temporary
        if not temporary.exists():
            return
        _sync(temporary)
        temporary.chmod(mode)
        temporary.replace(target)
        _sync_folder(target.parent)
    except BaseException as error:
        with suppress(OSError):
            temporary.unlink()
        if isinstance(error, OSError):
            raise _failed(path, error) from None
        raise


def _failed(path: Path, error: OSError) -> OutputFailed:
    return OutputFailed(f"'{path}' could not be written: {error.strerror or error}")


def _sync(path: Path) -> None:
    # Only a handle that may write can be made to reach the disk everywhere.
    handle = os.open(path, os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _mode_for(target: Path) -> int:
    with suppress(FileNotFoundError):
        return stat.S_IMODE(target.stat().st_mode)
    # The mask can only be read by setting it.
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":  # Windows cannot open a folder
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
