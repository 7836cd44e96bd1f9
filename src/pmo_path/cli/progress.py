"""Show the progress of a long-running command on a terminal."""

from __future__ import annotations

import sys
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from pmo_path.cli.terminal import is_terminal
from pmo_path.domain.progress import no_progress

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pmo_path.domain.progress import Progress, Share

PATIENCE = 0.5
"""Seconds before anything is shown; most runs are over by then."""
INTERVAL = 0.1


@contextmanager
def shown_on_terminal() -> Iterator[Progress]:
    """Show each step and its share on stderr, if that is a terminal."""
    if not is_terminal(sys.stderr):
        yield no_progress
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
    """A progress bar drawn by its own thread, since the engine keeps the main thread busy."""

    def __init__(self) -> None:
        self.over = threading.Event()
        self._step = ""
        self._share: Share | None = None

    def begin(self, step: str, share: Share | None) -> None:
        """Begin a step with its own share."""
        self._step, self._share = step, share

    def run(self) -> None:
        """Draw the bar until `over` is set."""
        if self.over.wait(PATIENCE):
            return
        from rich import progress
        from rich.console import Console

        columns = (
            progress.TextColumn("{task.description}"),
            progress.BarColumn(),
            progress.TimeElapsedColumn(),
        )
        console = Console(stderr=True)
        with progress.Progress(
            *columns, console=console, transient=True, auto_refresh=False
        ) as bar:
            task = bar.add_task(self._step, total=None)
            while not self.over.wait(INTERVAL):
                share = self._share() if self._share is not None else None
                bar.update(task, description=self._step, completed=share or 0, total=share and 1)
                bar.refresh()
