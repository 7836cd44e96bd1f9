"""Write results to files and stdout, and show progress on stderr until they are there.

The writer of a format is loaded only when it is used.
"""

from __future__ import annotations

import io
import sys
import threading
from contextlib import contextmanager
from itertools import chain, count
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TextIO

from pmo_path.cli.errors import say
from pmo_path.cli.options import Format, format_for
from pmo_path.cli.streams import PLAIN_FILE, TerminalStyle, is_terminal, style_of
from pmo_path.domain.errors import UsageProblem
from pmo_path.domain.progress import no_progress
from pmo_path.render.formats.registry import PAGE_FORMATS  # noqa: TID253  light

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

    from pmo_path.domain.progress import Progress, Share
    from pmo_path.render.formats.registry import Result

PATIENCE = 0.5
"""Seconds before progress is shown; most runs are over by then."""
INTERVAL = 0.1
"""Seconds between two drawings of the progress bar."""


class Destination(NamedTuple):
    """The format of a result, and the file that it goes to; None for stdout."""

    format: Format
    output: Path | None
    is_opened: bool = False
    """Whether the file, a page, is shown in the browser."""

    @property
    def is_on_terminal(self) -> bool:
        """Whether the result is printed as text for people."""
        return self.format is Format.TABLE and is_stdout(self.output)

    def write(self, result: Result) -> None:
        """Write a result, and open it if it is a page to be opened. Raises OutputFailed.

        Stdout is flushed: mistakes may still be reported, and end the command in another way.
        """
        from pmo_path.render.formats.registry import write_result

        to_output(lambda out, style: write_result(result, self.format, out, style), self.output)
        sys.stdout.flush()
        if self.is_opened and self.output is not None:
            import webbrowser  # noqa: PLC0415  only when asked

            if not webbrowser.open(self.output.resolve().as_uri()):
                say(f"No browser could be started. The page is in {self.output}.")


def destination(
    format_: Format | None,
    output: Path | None,
    *,
    opens: bool = False,
    page: str = "",
    formats: Collection[Format] = PAGE_FORMATS,
) -> Destination:
    """Where a result goes by the options of a command; `formats` are those that it has.

    A page that is opened is named after `page` if no output is. Raises UsageProblem for an
    extension of another format, and where there is no page to open.
    """
    if opens and output is None and format_ in {None, Format.HTML}:
        output = _free_name(page)
    chosen = format_for(format_, output, formats)
    if opens and (chosen is not Format.HTML or is_stdout(output)):
        raise UsageProblem(
            "--open shows a page that is saved to a file. Add --output report.html."
        )
    return Destination(chosen, output, opens)


def _free_name(page: str) -> Path:
    """A name for a page in the current folder that no file has: `report.html`, then `report-2.html`."""
    from pmo_path.app.output_files import is_there

    numbers = chain(("",), (f"-{number}" for number in count(2)))
    names = (Path(f"{page}{number}.html") for number in numbers)
    return next(name for name in names if not is_there(name))


def is_stdout(output: Path | None) -> bool:
    """Whether the option --output stands for stdout: it is missing, or `-`."""
    return output is None or str(output) == "-"


def keep_inputs(output: Path | None, inputs: Iterable[Path | None]) -> None:
    """Check the output before the work for it is done.

    Raises UsageProblem when it would replace an input, and OutputFailed when it cannot be written.
    """
    if output is None or is_stdout(output):
        return
    from pmo_path.app.output_files import check_files

    check_files({}, {"--output": output})
    for path in inputs:
        if path is not None:
            check_files({"an input": path}, {"--output": output})


def write_content(content: str | bytes, output: Path | None) -> None:
    """Write text, or the bytes of a workbook, to a file or to stdout.

    Raises OutputFailed, and UsageProblem for a workbook on a terminal.
    """
    if isinstance(content, str):
        to_output(lambda out, _style: out.write(content), output)
    elif output is not None and not is_stdout(output):
        _replace(output, content)
    elif is_terminal(sys.stdout):
        raise UsageProblem("A workbook can't be printed on a terminal. Name a file with --output.")
    else:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()


def to_output(write: Callable[[TextIO, TerminalStyle], object], output: Path | None) -> None:
    """Call `write` for stdout, or for a file that is replaced once everything is written.

    `-` is stdout as well. Raises OutputFailed.
    """
    is_printed = is_stdout(output)
    text = io.StringIO()
    with shown_on_terminal() as progress:
        progress("Writing", None)
        write(text, style_of(sys.stdout) if is_printed else PLAIN_FILE)
    if output is None or is_printed:
        sys.stdout.write(_safe(text.getvalue()))
    else:
        _replace(output, text.getvalue())


def _replace(output: Path, content: str | bytes) -> None:
    """Write a file, and say so on stderr."""
    from pmo_path.app.output_files import write_atomically

    write_atomically(output, content)
    say(f"Wrote {output}.")


def _safe(text: str) -> str:
    """Return the text as it is for a program, without hidden characters for a person."""
    if not is_terminal(sys.stdout):
        return text
    from pmo_path.domain.text import laid_out  # noqa: PLC0415  only for a terminal

    return laid_out(text)


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
