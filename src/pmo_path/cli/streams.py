"""The standard streams, whatever the shell has made of them: closed, full or without a reader."""

from __future__ import annotations

import errno
import io
import os
import sys
from contextlib import suppress
from typing import Any

from pmo_path.cli.terminal import is_terminal
from pmo_path.domain.errors import OutputFailed

_FULL = "/dev/full"


class Messages(io.TextIOWrapper):
    """A stderr that never fails: a message that cannot be written changes no result."""

    def write(self, text: str) -> int:
        """Write as far as that is possible; the number of characters taken.

        Typer repeats what was typed, so hidden characters are taken out here as well.
        """
        from pmo_path.domain.text import laid_out  # noqa: PLC0415  only when there is talk

        with suppress(OSError):
            super().write(laid_out(text))
        return len(text)

    def flush(self) -> None:
        """Flush as far as that is possible."""
        with suppress(OSError):
            super().flush()


class StdoutFailed(OutputFailed):
    """Stdout is full or closed. A reader that has gone away is a BrokenPipeError instead."""


class Results(io.FileIO):
    """Stdout as a file whose errors cannot be taken for those of another file."""

    def write(self, content: Any) -> int:
        """Write as any file does. Raises StdoutFailed and BrokenPipeError."""
        try:
            return super().write(content)
        except BrokenPipeError:
            raise
        except OSError as error:
            reason = "stdout is closed" if error.errno == errno.EBADF else error.strerror or error
            raise StdoutFailed(f"the output could not be written: {reason}") from None


def prepare_streams() -> None:
    """Make stdout and stderr safe to write to.

    Pipes get UTF-8, and consoles replace what they lack. Writing to a closed or a full stdout
    raises StdoutFailed. A message on stderr never raises.
    """
    _replace_closed()
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout = _failing_by_name(sys.stdout)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            if is_terminal(stream):
                stream.reconfigure(errors="replace")
            else:
                stream.reconfigure(encoding="utf-8", errors="replace")
    if isinstance(sys.stderr, io.TextIOWrapper):
        sys.stderr = _unfailing(sys.stderr)


def _replace_closed() -> None:
    """Put something in the place of each closed stream.

    Else the first file that is opened would get its number, and what is printed by anyone would
    go into that file. stdin stays None, which those who read it check.
    """
    if sys.stdin is None:
        _opened(os.devnull, os.O_WRONLY)
    if sys.stdout is None:
        # What is open for reading refuses what is written, as a closed stream does. The device
        # that is always full also refuses those who open it again under the name /dev/stdout.
        device = _FULL if os.path.exists(_FULL) else os.devnull  # noqa: PTH110  quicker to load
        sys.stdout = os.fdopen(_opened(device, os.O_RDONLY), "w", encoding="utf-8", closefd=False)
    if sys.stderr is None:
        sys.stderr = os.fdopen(_opened(os.devnull, os.O_WRONLY), "w", encoding="utf-8")


def _opened(device: str, flags: int) -> int:
    """Open a device on the lowest free number; programs that are started inherit it."""
    handle = os.open(device, flags)
    os.set_inheritable(handle, True)  # noqa: FBT003  it takes no keyword
    return handle


def _failing_by_name(stream: io.TextIOWrapper) -> io.TextIOWrapper:
    """Another stream to the same file, whose errors name stdout."""
    buffer = stream.buffer
    raw = buffer.raw if isinstance(buffer, io.BufferedWriter) else buffer
    if type(raw) is not io.FileIO:  # a console of Windows, or a stream in memory
        return stream
    file = Results(raw.fileno(), "wb", closefd=False)
    return io.TextIOWrapper(
        file if buffer is raw else io.BufferedWriter(file),
        encoding=stream.encoding,
        errors=stream.errors,
        line_buffering=stream.line_buffering,
        write_through=stream.write_through,
    )


def _unfailing(stream: io.TextIOWrapper) -> Messages:
    encoding, errors = stream.encoding, stream.errors
    return Messages(stream.detach(), encoding=encoding, errors=errors, line_buffering=True)
