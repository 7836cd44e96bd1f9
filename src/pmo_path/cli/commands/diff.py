"""`pmo-path diff`: compare two versions of a framework."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TextIO, assert_never

import typer

from pmo_path.cli.errors import Exit, say
from pmo_path.cli.input import STDIN, read_input, say_notes, say_skipped
from pmo_path.cli.options import OutputOption
from pmo_path.cli.output import keep_inputs, to_output
from pmo_path.cli.progress import shown_on_terminal
from pmo_path.domain.errors import InputInvalid, UsageProblem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pmo_path.cli.terminal import TextStyle
    from pmo_path.domain.diff.model import FrameworkDiff
    from pmo_path.domain.diff.ratings import RatingsCheck


class DiffFormat(StrEnum):
    """How the changes are written."""

    TEXT = "text"
    MARKDOWN = "markdown"
    JSON = "json"


def diff(  # noqa: PLR0913  one parameter an option
    old: Annotated[
        Path,
        typer.Argument(
            metavar="OLD", help="The old framework file; - reads stdin.", readable=False
        ),
    ],
    new: Annotated[
        Path,
        typer.Argument(
            metavar="NEW", help="The new framework file; - reads stdin.", readable=False
        ),
    ],
    ratings: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FILES",
            help="List the ratings in these files that no longer fit: a file, a folder of YAML, JSON, "
            "CSV, TSV and XLSX files, or a quoted pattern such as 'people/*.yaml'. Can be repeated.",
        ),
    ] = None,
    check: Annotated[
        bool,
        typer.Option("--check", help="Exit with 1 if the version is too low for the changes."),
    ] = False,
    format_: Annotated[
        DiffFormat, typer.Option("--format", help="Output format.")
    ] = DiffFormat.TEXT,
    output: OutputOption = None,
) -> Exit:
    """Compare two framework versions: what changes for each role, and which version bump it needs.

    Examples:

      pmo-path diff before.yaml framework.yaml

      git show main:framework.yaml | pmo-path diff - framework.yaml --check
    """
    from pmo_path.app.diff import diff as compare
    from pmo_path.app.inputs import ratings_files

    found = ratings_files(ratings or ())
    files = say_skipped(found)
    keep_inputs(output, (old, new, *(file.path for file in files)))
    if old == new == STDIN:
        raise UsageProblem("only one of the two frameworks can come from stdin")
    with shown_on_terminal() as watch:
        result = compare(
            old, new, None if ratings is None else found, read=read_input, watch=watch
        )
    for file in result.ratings or ():
        say_notes(file.file, file.notes)
    _write(result.changes, result.ratings, format_, output)
    if result.mistakes:
        raise InputInvalid(result.mistakes)
    if check and not result.changes.version.follows:
        from pmo_path.render.results.diff import verdict

        say(f"pmo-path: {verdict(result.changes)}")
        return Exit.FOUND
    return Exit.FINE


def _write(
    diff: FrameworkDiff,
    checks: Sequence[RatingsCheck] | None,
    chosen: DiffFormat,
    output: Path | None,
) -> None:
    def write(out: TextIO, style: TextStyle) -> None:
        match chosen:
            case DiffFormat.TEXT:
                from pmo_path.render.results.diff_text import write_text

                write_text(diff, checks, out, style)
            case DiffFormat.MARKDOWN:
                from pmo_path.render.results.diff_markdown import write_markdown

                write_markdown(diff, checks, out)
            case DiffFormat.JSON:
                from pmo_path.render.results.diff_json import write_json

                write_json(diff, checks, out)
            case _:
                assert_never(chosen)

    to_output(write, output)
    # Mistakes in ratings are still to be reported, and end the command in another way.
    sys.stdout.flush()
