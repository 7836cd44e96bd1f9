"""Exit codes, and the one boundary at which errors become text."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from enum import IntEnum
from functools import wraps
from typing import TYPE_CHECKING, ParamSpec

import typer

from pmo_path.cli import signals
from pmo_path.cli.streams import StdoutFailed
from pmo_path.domain.errors import InputInvalid, OutputFailed, PmoPathError, UsageProblem

if TYPE_CHECKING:
    from collections.abc import Callable

P = ParamSpec("P")


class Exit(IntEnum):
    """The exit codes of the command; `docs/design.md` has the same table."""

    FINE = 0
    FOUND = 1
    USAGE = 2
    INPUT = 3
    BUG = 70
    OUTPUT = 74
    HUNG_UP = 129
    INTERRUPTED = 130
    PIPE_CLOSED = 141
    TERMINATED = 143


class Interrupted(PmoPathError):
    """The person interrupted the command; the message says what was saved."""


class Stopped(PmoPathError):
    """The person chose to stop; the message says what was saved."""


def guarded(command: Callable[P, Exit | None]) -> Callable[P, None]:
    """Wrap a command so that its errors become a message on stderr and an exit code."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        signals.unwind()
        try:
            code = command(*args, **kwargs) or Exit.FINE
            sys.stdout.flush()
        except (typer.Exit, typer.Abort, typer.BadParameter):
            raise
        except BaseException as error:  # noqa: BLE001  every one is given its code
            code = _ended_by_signal(error) or report(error)
        finally:
            signals.hold_back()
        raise typer.Exit(code)

    return run


def _ended_by_signal(error: BaseException) -> Exit | None:
    """The exit code of a signal that came; an error is what it broke off, and decides nothing."""
    code = signals.code()
    if code is None or isinstance(error, Interrupted):
        return None
    if code == Exit.INTERRUPTED:
        say("Interrupted.")
    elif code == Exit.HUNG_UP:
        _forget_stdout()  # the terminal is gone
    return Exit(code)


def report(error: BaseException) -> Exit:
    """Say on stderr what went wrong; the exit code for it. Re-raises SystemExit."""
    match error:
        case SystemExit():
            raise error
        case BrokenPipeError():
            _forget_stdout()
            return Exit.PIPE_CLOSED
        case KeyboardInterrupt():
            say("Interrupted.")
            return Exit.INTERRUPTED
        case InputInvalid():
            _show_diagnostics(error)
            return Exit.INPUT
        case PmoPathError():
            if isinstance(error, StdoutFailed):
                _forget_stdout()
            kept = isinstance(error, Interrupted | Stopped)
            say(str(error) if kept else f"pmo-path: {error}")
            return _code(error)
        case FileNotFoundError() if not _has_working_folder():
            say("pmo-path: the current folder was deleted; change to another one")
            return Exit.INPUT
        case _:
            return _bug(error)


def _code(error: PmoPathError) -> Exit:
    match error:
        case UsageProblem():
            return Exit.USAGE
        case OutputFailed():
            return Exit.OUTPUT
        case Interrupted():
            return Exit.INTERRUPTED
        case Stopped():
            return Exit.FINE
        case _:
            return Exit.INPUT


def _has_working_folder() -> bool:
    try:
        os.getcwd()  # noqa: PTH109  quicker to load
    except FileNotFoundError:
        return False
    return True


def say(text: str) -> None:
    """Print one line on stderr, without characters that could harm a terminal."""
    from pmo_path.domain.text import one_line  # noqa: PLC0415  only when there is talk

    typer.echo(one_line(text), err=True)


def drop_late_faults(unraisable: sys.UnraisableHookArgs) -> None:
    """Print nothing when an unclosed file cannot be written at exit.

    Whoever wrote to it has met the fault before, and reports it.
    """
    if not isinstance(unraisable.exc_value, OSError | OutputFailed):
        sys.__unraisablehook__(unraisable)


def _show_diagnostics(error: InputInvalid) -> None:
    from pmo_path.domain.diagnostics import bounded
    from pmo_path.render.diagnostics.text import write_text

    write_text(bounded(error.diagnostics), sys.stderr)


def _forget_stdout() -> None:
    # Python flushes stdout once more at exit; what cannot be written must not fail there again.
    # One that is closed or replaced has nothing left to flush.
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _bug(error: BaseException) -> Exit:
    import traceback  # noqa: PLC0415  only when there is a bug

    from platformdirs import user_log_path

    log = user_log_path("pmo-path", appauthor=False) / "error.log"
    try:
        log.parent.mkdir(parents=True, exist_ok=True)
        log.write_text("".join(traceback.format_exception(error)), encoding="utf-8")
        where = f"details are in {log}"
    except OSError:
        where = f"{type(error).__name__}: {error}"
    say(f"pmo-path: this is a bug in pmo-path, not in your files; {where}")
    return Exit.BUG
