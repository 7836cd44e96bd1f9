"""Write results to files and stdout; the writer of a format is loaded only when it is used."""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING, TextIO

from pmo_path.cli.errors import say
from pmo_path.cli.options import Format
from pmo_path.cli.progress import shown_on_terminal
from pmo_path.cli.terminal import PLAIN_FILE, TerminalStyle, is_terminal, style_of
from pmo_path.domain.errors import UsageProblem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from pmo_path.render.formats.registry import Result


def write_result(result: Result, format_: Format, output: Path | None) -> None:
    """Write a result to a file or to stdout. Raises OutputFailed."""
    from pmo_path.render.formats import registry

    to_output(lambda out, style: registry.write_result(result, format_, out, style), output)


def keep_inputs(output: Path | None, inputs: Iterable[Path | None]) -> None:
    """Check the output before the work for it is done.

    Raises UsageProblem when it would replace an input, and OutputFailed when it cannot be written.
    """
    if output is None or str(output) == "-":
        return
    from pmo_path.app.output_files import check_files

    check_files({}, {"--output": output})
    for path in inputs:
        if path is not None:
            check_files({"an input": path}, {"--output": output})


def check_opening(format_: Format, output: Path | None) -> None:
    """Raises UsageProblem unless a page is written to a file, which a browser can open."""
    if format_ is not Format.HTML or output is None or str(output) == "-":
        raise UsageProblem(
            "--open shows a page that is saved to a file. Add --output report.html."
        )


def open_page(output: Path) -> None:
    """Show a page in the browser, or say where it is if there is no browser."""
    import webbrowser  # noqa: PLC0415  only when asked

    if not webbrowser.open(output.resolve().as_uri()):
        say(f"No browser could be started. The page is in {output}.")


def write_text(text: str, output: Path | None) -> None:
    """Write text to a file or to stdout. Raises OutputFailed."""

    def write(out: TextIO, _style: TerminalStyle) -> None:
        out.write(text)

    to_output(write, output)


def check_workbook_output(output: Path | None) -> None:
    """Raises UsageProblem where a workbook would be printed on a terminal."""
    if (output is None or str(output) == "-") and is_terminal(sys.stdout):
        raise UsageProblem("A workbook can't be printed on a terminal. Name a file with --output.")


def write_bytes(content: bytes, output: Path | None) -> None:
    """Write bytes to a file or to stdout. Raises OutputFailed."""
    if output is None or str(output) == "-":
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
        return
    from pmo_path.app.output_files import write_atomically

    write_atomically(output, content)


def to_output(write: Callable[[TextIO, TerminalStyle], None], output: Path | None) -> None:
    """Call `write` for stdout, or for a file that is replaced once everything is written.

    `-` is stdout as well. Raises OutputFailed.
    """
    file = None if output is None or str(output) == "-" else output
    style = style_of(sys.stdout) if file is None else PLAIN_FILE
    text = io.StringIO()
    with shown_on_terminal() as progress:
        progress("Writing", None)
        write(text, style)
    if file is None:
        sys.stdout.write(_safe(text.getvalue()))
        return
    from pmo_path.app.output_files import write_atomically

    write_atomically(file, text.getvalue())


def _safe(text: str) -> str:
    """Return the text as it is for a program, without hidden characters for a person."""
    if not is_terminal(sys.stdout):
        return text
    from pmo_path.domain.text import laid_out  # noqa: PLC0415  only for a terminal

    return laid_out(text)
