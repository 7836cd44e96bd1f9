"""Writing a file so that a fault leaves the old one or the new one, never half of one."""

from __future__ import annotations

import os
import stat
import tempfile
from contextlib import suppress
from pathlib import Path

from pmo_path.domain.errors import OutputFailed

PRIVATE = 0o600


def write_atomically(path: Path, text: str, *, private: bool = False) -> None:
    """Replace the content of `path` by `text` (UTF-8), all of it or none.

    The text goes to a temporary file beside the target, reaches the disk, and takes the target's
    name. An existing file keeps its mode; a `private` one is its owner's alone. What is no
    regular file (a terminal, a pipe) is written to directly. Raises OutputFailed.
    """
    try:
        target = path.resolve()
        if target.exists() and not stat.S_ISREG(target.stat().st_mode):
            target.write_text(text, encoding="utf-8")
        else:
            _replace(target, text.encode("utf-8"), private=private)
    except OSError as error:
        raise OutputFailed(f"'{path}' could not be written: {error.strerror or error}") from None


def _replace(target: Path, content: bytes, *, private: bool) -> None:
    mode = PRIVATE if private else _mode_for(target)
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name[:50]}.")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.chmod(mode)
        temporary.replace(target)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise
    _sync_folder(target.parent)


def _mode_for(target: Path) -> int:
    if target.exists():
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
