"""What a long run is doing, on a terminal."""

from __future__ import annotations

import sys
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from pmo_path.cli.terminal import is_terminal
from pmo_path.domain.progress import unwatched

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pmo_path.domain.progress import Share, Watch

PATIENCE = 0.5
"""Seconds before anything is shown; most runs are over by then."""
INTERVAL = 0.1


@contextmanager
def shown_on_terminal() -> Iterator[Watch]:
    """Show each step and its share on stderr, if that is a terminal."""
    if not is_terminal(sys.stderr):
        yield unwatched
        return
    bar = _Bar()
    thread = threading.Thread(target=bar.run, daemon=True)
    thread.start()
    try:
        yield bar.begin
    finally:
        bar.over.set()
        thread.join()


class _Bar:
    """Drawn by a thread of its own, since the engine keeps the first one busy."""

    def __init__(self) -> None:
        self.over = threading.Event()
        self._step = ""
        self._share: Share | None = None

    def begin(self, step: str, share: Share | None) -> None:
        """From now on this is what is being done."""
        self._step, self._share = step, share

    def run(self) -> None:
        """Draw until it is over."""
        if self.over.wait(PATIENCE):
            return
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

        columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
        console = Console(stderr=True)
        with Progress(*columns, console=console, transient=True, auto_refresh=False) as progress:
            task = progress.add_task(self._step, total=None)
            while not self.over.wait(INTERVAL):
                share = self._share() if self._share is not None else None
                progress.update(
                    task, description=self._step, completed=share or 0, total=share and 1
                )
                progress.refresh()
