"""From a result to its output: the writer of a format, loaded only when it is asked for."""

from __future__ import annotations

import io
import sys
from contextlib import nullcontext
from typing import TYPE_CHECKING, TextIO

from pmo_path.cli.errors import say
from pmo_path.cli.options import Format
from pmo_path.cli.progress import shown_on_terminal
from pmo_path.cli.terminal import PLAIN_FILE, TextStyle, is_terminal, style_of
from pmo_path.domain.errors import UsageProblem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from pmo_path.render.formats.registry import Result
    from pmo_path.writers.atomic import Outputs


def write_result(result: Result, format_: Format, output: Path | None) -> None:
    """Write a result to a file or to stdout. Raises OutputFailed."""
    from pmo_path.render.formats import registry

    to_output(lambda out, style: registry.write_result(result, format_, out, style), output)


def keep_inputs(output: Path | None, inputs: Iterable[Path | None]) -> None:
    """Look at the output before the work for it is done.

    Raises UsageProblem when it would take the place of a file that is read, and OutputFailed
    when it cannot be written.
    """
    if output is None or str(output) == "-":
        return
    from pmo_path.app.output_files import check_files

    check_files({}, {"--output": output})
    for path in inputs:
        if path is not None:
            check_files({"an input": path}, {"--output": output})


def check_opening(chosen: Format, output: Path | None) -> None:
    """Raises UsageProblem when there will be no page in a file, which a browser could open."""
    if chosen != "html" or output is None or str(output) == "-":
        raise UsageProblem("--open is for a page in a file; say for example --output report.html")


def open_page(output: Path) -> None:
    """Have the browser show a page; says where it is when there is no browser."""
    import webbrowser  # noqa: PLC0415  only when asked

    if not webbrowser.open(output.resolve().as_uri()):
        say(f"no browser could be started; the page is in {output}")


def write_text(text: str, output: Path | None) -> None:
    """Write text that is ready to a file or to stdout. Raises OutputFailed."""

    def write(out: TextIO, _style: TextStyle) -> None:
        out.write(text)

    to_output(write, output)


def write_workbook(made: Callable[[], bytes], output: Path | None) -> None:
    """Write a workbook to a file, or to stdout where that is no terminal.

    Raises UsageProblem before it is made, and OutputFailed.
    """
    if output is None or str(output) == "-":
        if is_terminal(sys.stdout):
            raise UsageProblem(
                "a workbook cannot be printed on a terminal; name a file with --output"
            )
        sys.stdout.buffer.write(made())
        sys.stdout.buffer.flush()
        return
    from pmo_path.writers.atomic import write_atomically

    write_atomically(output, made())


def to_output(
    write: Callable[[TextIO, TextStyle], None], output: Path | None, outputs: Outputs | None = None
) -> None:
    """Let `write` write to stdout, or to a file that is replaced only when all is written.

    `-` is stdout as well. A file is replaced with the other `outputs`, if there are any. Raises
    OutputFailed.
    """
    file = None if output is None or str(output) == "-" else output
    style = style_of(sys.stdout) if file is None else PLAIN_FILE
    text = io.StringIO()
    with shown_on_terminal() as watch:
        watch("Writing", None)
        write(text, style)
    if file is None:
        sys.stdout.write(_safe(text.getvalue()))
        return
    from pmo_path.writers.atomic import Outputs

    with nullcontext(outputs) if outputs else Outputs() as files:
        files.write(file, text.getvalue())


def _safe(text: str) -> str:
    """What stdout is to show: as it is for a program, without hidden characters for a person."""
    if not is_terminal(sys.stdout):
        return text
    from pmo_path.domain.text import laid_out  # noqa: PLC0415  only for a terminal

    return laid_out(text)
