"""Signals that end a run, each with its own exit code.

Only what Python has loaded at its start is imported here, so that a signal during the imports of
the command line finds its handler.
"""

from __future__ import annotations

import os
import signal
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

ENDING = [
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
]
"""Those that a terminal, a shell or another program sends to end a run."""
PATIENCE = 3
"""The signal that ends a run whose cleaning up does not end. A terminal that closes sends two."""
PATIENCE_IN_SECONDS = 20
"""How long cleaning up after the first signal may take.

The engine of `batch`, when it is interrupted while it writes a file, now and then waits for itself
for ever (seen once in some hundred interrupted runs), and then no handler of Python runs any more.
"""
_SOON = 0.01
"""In seconds."""
_received: list[int] = []
_handled: list[int] = []
"""The signals that have a handler of ours; empty where only a part of the program runs."""


def exit_at_once() -> None:
    """Exit at the first signal: while modules are imported there is nothing to clean up."""
    for number in ENDING:
        # Whoever starts a run may shield it from a signal, as nohup does.
        if signal.getsignal(number) is not signal.SIG_IGN:
            _handled.append(number)
            signal.signal(number, lambda received, _: os._exit(_code(received)))


def unwind() -> None:
    """Raise an exception at the first signal, so that everything is cleaned up."""
    for number in _handled:
        signal.signal(number, _raise)
    if _handled and hasattr(signal, "setitimer"):
        sys.unraisablehook = _RaisedInVain()


def hold_back() -> None:
    """Let no signal change how a run ends that is over."""
    if _handled and hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_BLOCK, _handled)


def code() -> int | None:
    """The exit code of the signal that ends this run; None before there is one."""
    return _code(_received[0]) if _received else None


def _code(number: int) -> int:
    return 128 + number


def _raise(number: int, _frame: object) -> None:
    _received.append(number)
    if len(_received) == 1:
        _watch()
        raise _ending(number)
    if len(_received) >= PATIENCE:
        os._exit(_code(_received[0]))


def _watch() -> None:
    """End the run from a thread of its own if it does not end by itself."""
    from threading import Timer  # noqa: PLC0415  only in a run that ends

    timer = Timer(PATIENCE_IN_SECONDS, _give_up)
    timer.daemon = True
    timer.start()


def _give_up() -> None:
    from pmo_path.app.output_files import abandon

    try:
        abandon()
    finally:
        os._exit(_code(_received[0]))


def _ending(number: int) -> BaseException:
    return KeyboardInterrupt() if number == signal.SIGINT else SystemExit(_code(number))


def _raise_again(_number: int, _frame: object) -> None:
    raise _ending(_received[0])


class _RaisedInVain:
    """Raises again what Python dropped, since it came where no exception can leave."""

    def __init__(self) -> None:
        self._others = sys.unraisablehook

    def __call__(self, unraisable: Any) -> None:
        dropped = unraisable.exc_value
        if not _received or not isinstance(dropped, KeyboardInterrupt | SystemExit):
            self._others(unraisable)
            return
        # Not from here, where it would be dropped again.
        signal.signal(signal.SIGALRM, _raise_again)
        signal.setitimer(signal.ITIMER_REAL, _SOON)
