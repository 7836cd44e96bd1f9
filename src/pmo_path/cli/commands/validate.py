"""`pmo-path validate`: every mistake in framework files."""

from __future__ import annotations

import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TextIO, assert_never

import typer

from pmo_path import __version__
from pmo_path.cli.errors import Exit, say
from pmo_path.cli.input import read_input, say_skipped
from pmo_path.cli.options import (
    FrameworkOption,
    OutputOption,
    argument,
    day_option,
    flag,
    value_option,
)
from pmo_path.cli.output import keep_inputs, shown_on_terminal, to_output
from pmo_path.domain.codes import Code

if TYPE_CHECKING:
    from pmo_path.app.validate import Validation
    from pmo_path.cli.streams import TerminalStyle


class DiagnosticFormat(StrEnum):
    """Output formats of diagnostics."""

    TEXT = "text"
    GITHUB = "github"
    JSON = "json"
    SARIF = "sarif"


def validate(  # noqa: PLR0913  one parameter an option
    frameworks: Annotated[
        list[str] | None,
        argument(
            "FRAMEWORK",
            "Framework files, folders of them, plan files, or quoted patterns such as "
            "'teams/*.yaml'; - reads stdin. Default: the shipped framework.",
        ),
    ] = None,
    format: Annotated[  # noqa: A002  the name of the option
        DiagnosticFormat, typer.Option("--format", help="Output format.")
    ] = DiagnosticFormat.TEXT,
    output: OutputOption = None,
    strict: Annotated[bool, flag("--strict", "Exit with 1 on warnings too.")] = False,
    select: Annotated[
        list[str] | None,
        value_option(
            "CODES",
            "Show only these codes or prefixes of codes, such as "
            f"{Code.UNKNOWN_COMPETENCE.family},{Code.STEP_WITHOUT_COURSE}.",
        ),
    ] = None,
    ignore: Annotated[
        list[str] | None, value_option("CODES", "Hide these codes or prefixes of codes.")
    ] = None,
    framework: FrameworkOption = None,
    today: Annotated[
        datetime.date | None, day_option(help="Date to judge the age of facts by. Default: today.")
    ] = None,
) -> Exit:
    """Check framework files and list every mistake, with its line.

    Examples:

      pmo-path validate framework.yaml

      pmo-path validate frameworks/ --strict --format github
    """
    from pmo_path.app.inputs import find_frameworks, shipped_framework
    from pmo_path.app.validate import skipped_files
    from pmo_path.app.validate import validate as check

    discovery = find_frameworks(frameworks or ())
    files = say_skipped(discovery)
    shipped = () if frameworks else (Path(shipped_framework().name),)
    keep_inputs(output, (*(file.path for file in files), *shipped))
    with shown_on_terminal() as progress:
        result = check(
            discovery if frameworks else (),
            select=select or (),
            ignore=ignore or (),
            today=today,
            framework=framework,
            read=read_input,
            progress=progress,
        )
    _write(result, format, output)
    if result.skipped:
        say(skipped_files(result.skipped))
    _summarise(result)
    if result.is_unreadable:
        return Exit.INPUT
    return Exit.FOUND if (result.diagnostics if strict else result.errors) else Exit.FINE


def _write(result: Validation, chosen: DiagnosticFormat, output: Path | None) -> None:
    from pmo_path.domain.diagnostics import bounded

    diagnostics = bounded(result.diagnostics)

    def write(out: TextIO, style: TerminalStyle) -> None:
        match chosen:
            case DiagnosticFormat.TEXT:
                from pmo_path.render.diagnostics.text import write_text

                write_text(diagnostics, out, color=style.color)
            case DiagnosticFormat.GITHUB:
                from pmo_path.render.diagnostics.github import write_github

                write_github(diagnostics, out)
            case DiagnosticFormat.JSON:
                from pmo_path.render.diagnostics.json import write_json

                write_json(diagnostics, result.checked, out)
            case DiagnosticFormat.SARIF:
                from pmo_path.render.diagnostics.sarif import write_sarif

                write_sarif(diagnostics, result.rules(), __version__, out)
            case _:
                assert_never(chosen)

    to_output(write, output)


def _summarise(result: Validation) -> None:
    from pmo_path.domain.diagnostics import total

    errors = total(result.errors)
    counts = (_count(errors, "error"), _count(total(result.diagnostics) - errors, "warning"))
    say(f"{_count(result.checked, 'file')} checked: {', '.join(counts)}")


def _count(number: int, noun: str) -> str:
    return f"{number or 'no'} {noun}{'' if number == 1 else 's'}"
