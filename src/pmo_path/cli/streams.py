"""The standard streams: what they can show, and safe to write to even when closed or full."""

from __future__ import annotations

import errno
import io
import os
import shutil
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple, TextIO

from pmo_path.domain.errors import OutputFailed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

MIN_WIDTH = 40
_FULL = "/dev/full"


class TerminalStyle(NamedTuple):
    """The abilities of the output."""

    width: int | None
    """Columns of the terminal; None without a terminal, so that the data decides."""
    color: bool
    unicode: bool


PLAIN_FILE = TerminalStyle(width=None, color=False, unicode=True)
"""For a file or a pipe: nothing cut off, no colour."""


def style_of(stream: TextIO, environ: Mapping[str, str] = os.environ) -> TerminalStyle:
    """The abilities of `stream`, by NO_COLOR, FORCE_COLOR, TERM and COLUMNS."""
    terminal = is_terminal(stream)
    width = max(MIN_WIDTH, shutil.get_terminal_size((80, 24)).columns) if terminal else None
    forced = environ.get("FORCE_COLOR", "") not in {"", "0"}
    color = (terminal and environ.get("TERM") != "dumb") or forced
    encoding = (getattr(stream, "encoding", None) or "utf-8").lower().replace("-", "")
    return TerminalStyle(width, color and not environ.get("NO_COLOR"), encoding.startswith("utf"))


def is_terminal(stream: Any) -> bool:
    """Whether `stream` is a terminal; False for a closed or missing stream."""
    try:
        return bool(stream.isatty())
    except (AttributeError, ValueError):
        return False


class Messages(io.TextIOWrapper):
    """A stderr that never fails: a message that cannot be written changes no result."""

    _safe: Callable[[str], str] | None = None
    """What makes a message safe, once it is loaded."""

    def write(self, text: str) -> int:
        """Write as far as that is possible; the number of characters taken.

        Typer repeats what was typed, so hidden characters are taken out here as well.
        """
        if self._safe is None:
            # With `python -v`, this import writes to stderr too.
            self._safe = str
            from pmo_path.domain.text import laid_out  # noqa: PLC0415  only when there is talk

            self._safe = laid_out
        with suppress(OSError):
            super().write(self._safe(text))
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
        encoding, errors = sys.stderr.encoding, sys.stderr.errors
        sys.stderr = Messages(
            sys.stderr.detach(), encoding=encoding, errors=errors, line_buffering=True
        )


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
