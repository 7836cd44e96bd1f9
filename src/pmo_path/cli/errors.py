"""Exit codes, and the boundary at which errors become text."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from enum import IntEnum
from functools import wraps
from typing import TYPE_CHECKING, Any, ParamSpec

import typer
from typer.core import TyperCommand

from pmo_path.cli import signals
from pmo_path.cli.streams import StdoutFailed
from pmo_path.domain.errors import InputInvalid, OutputFailed, PmoPathError, UsageProblem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

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


_CODES: dict[type[PmoPathError], Exit] = {
    UsageProblem: Exit.USAGE,
    OutputFailed: Exit.OUTPUT,
    Interrupted: Exit.INTERRUPTED,
    Stopped: Exit.FINE,
}
"""The exit codes of errors that are not about an input."""


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
            return next(
                (code for kind, code in _CODES.items() if isinstance(error, kind)), Exit.INPUT
            )
        case FileNotFoundError() if not _has_working_folder():
            say("pmo-path: the current folder was deleted; change to another one")
            return Exit.INPUT
        case _:
            return _bug(error)


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


# --- Values of options and arguments -------------------------------------------------------------


class Command(TyperCommand):
    """A Typer command that states what an option expects, where Typer repeats pydantic."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Convert values like Typer. Raises BadParameter and the like."""
        try:
            return super().parse_args(ctx, args)
        except typer.BadParameter as error:
            error.message = _problem(error) or error.message
            raise


def _problem(error: typer.BadParameter) -> str:
    """The error in the value; empty if pydantic did not check it."""
    from pydantic import ValidationError

    from pmo_path.domain.text import one_line  # noqa: PLC0415  only when something is wrong

    cause = error.__cause__
    if not isinstance(cause, ValidationError):
        return ""
    first = cause.errors()[0]
    choices = error.param.type_descriptor.choices if error.param is not None else None
    return one_line(_expected(first["type"], first["input"], first.get("ctx", {}), choices or ()))


def _expected(kind: str, value: Any, limits: Mapping[str, Any], choices: Iterable[str]) -> str:
    match kind:
        case "value_error":
            return str(limits["error"]).removesuffix(".") + _suggestion(str(value), choices)
        case "greater_than_equal":
            return f"expected {limits['ge']:g} or more, not '{value}'"
        case "less_than_equal":
            return f"expected {limits['le']:g} or less, not '{value}'"
        case _ if kind.startswith("int"):
            return f"expected a whole number, not '{value}'"
        case _ if kind.startswith("float"):
            return f"expected a number, not '{value}'"
        case _:
            return ""


def _suggestion(value: str, choices: Iterable[str]) -> str:
    """The choices that begin with the value, or the nearest choice."""
    from pmo_path.domain.names import nearest  # noqa: PLC0415  only when something is wrong

    known = list(map(str, choices))
    longer = [f"'{choice}'" for choice in known if value and choice.startswith(value)]
    if longer:
        *before, last = longer
        either = f"{', '.join(before)} or {last}" if before else last
        return f"; did you mean {either}?"
    hint = nearest(value, known)
    return f"; {hint}" if hint else ""
