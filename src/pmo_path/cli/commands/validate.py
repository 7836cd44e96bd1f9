"""`pmo-path validate`: every mistake in framework files."""

from __future__ import annotations

import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TextIO, assert_never

import typer

from pmo_path import __version__
from pmo_path.cli.commands.selection import UNREADABLE, selection
from pmo_path.cli.errors import Exit, say
from pmo_path.cli.input import STDIN, given_content, say_skipped
from pmo_path.cli.options import OutputOption, day
from pmo_path.cli.output import keep_inputs, to_output
from pmo_path.cli.progress import shown_on_terminal
from pmo_path.domain.codes import Code, Severity
from pmo_path.domain.errors import InputInvalid, UsageProblem
from pmo_path.domain.progress import watched

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pmo_path.cli.terminal import TextStyle
    from pmo_path.domain.diagnostics import Diagnostic
    from pmo_path.readers.discovery import Gathered

PASSED_OVER_SHOWN = 5


class DiagnosticFormat(StrEnum):
    """How diagnostics are written."""

    TEXT = "text"
    GITHUB = "github"
    JSON = "json"
    SARIF = "sarif"


def validate(  # noqa: PLR0913  one parameter an option
    frameworks: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="FRAMEWORK",
            help="Framework files, folders of them, or quoted patterns such as 'teams/*.yaml'; - "
            "reads stdin. The shipped framework by default.",
            show_default=False,
        ),
    ] = None,
    format: Annotated[  # noqa: A002  the name of the option
        DiagnosticFormat, typer.Option("--format", help="How to write what is found.")
    ] = DiagnosticFormat.TEXT,
    output: OutputOption = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit with 1 for warnings too.")
    ] = False,
    select: Annotated[
        list[str] | None,
        typer.Option(
            metavar="CODES",
            help=f"Show only these codes, or what begins so: "
            f"{Code.UNKNOWN_COMPETENCE.family},{Code.STEP_WITHOUT_COURSE}.",
        ),
    ] = None,
    ignore: Annotated[
        list[str] | None,
        typer.Option(metavar="CODES", help="Leave out these codes, or what begins so."),
    ] = None,
    today: Annotated[
        datetime.date | None,
        typer.Option(
            metavar="DATE",
            parser=day,
            help="The day from which the age of facts is counted; today by default.",
        ),
    ] = None,
) -> Exit:
    """Check framework files and list every mistake, with its line.

    Examples:

      pmo-path validate framework.yaml

      pmo-path validate frameworks/ --strict --format github
    """
    from pmo_path.domain.diagnostics import bounded

    wanted = selection(select or (), ignore or ())
    files = _files(frameworks or [])
    keep_inputs(output, (one.path for one in files))
    today = today or datetime.date.today()  # noqa: DTZ011  the user's own day
    found, passed_over = _all_examined(files, today)
    checked = sum(file.fault is None for file in files) - len(passed_over)
    unreadable = any(one.code in UNREADABLE for one in found)
    shown = wanted.of(found)
    _write(bounded(shown), checked, format, output)
    if passed_over:
        say(_passed_over(passed_over))
    _summarise(shown, checked)
    if unreadable:
        return Exit.INPUT
    counted = shown if strict else [one for one in shown if one.severity is Severity.ERROR]
    return Exit.FOUND if counted else Exit.FINE


def _files(given: Sequence[str]) -> list[Gathered]:
    from pmo_path.readers.discovery import Gathered, framework_files
    from pmo_path.readers.package_data import shipped_framework

    if not given:
        return [Gathered(Path(shipped_framework().name))]
    named = say_skipped(framework_files(one for one in given if one != str(STDIN)))
    return [Gathered(STDIN), *named] if str(STDIN) in given else named


def _all_examined(
    files: Sequence[Gathered], today: datetime.date
) -> tuple[list[Diagnostic], list[str]]:
    """What is found in all frameworks, and what else lies in the folders.

    Raises UsageProblem when nothing is left to be checked.
    """
    with shown_on_terminal() as watch:
        done = [_examined(one, today) for one in watched(files, "Checking frameworks", watch)]
    others = [str(file.path) for file, found in zip(files, done, strict=True) if found is None]
    if len(others) == len(files):
        raise UsageProblem(f"there is nothing to check: {_passed_over(others)}")
    return [one for found in done for one in found or ()], others


def _examined(file: Gathered, today: datetime.date) -> tuple[Diagnostic, ...] | None:
    """What is found in a file; None when it merely lies in a folder and is no framework."""
    from pmo_path.readers.filetype import may_be_framework
    from pmo_path.readers.framework import check_framework

    try:
        file.check()
        name, content = given_content(file.path)
    except InputInvalid as error:
        return error.diagnostics
    examined = check_framework(content, name, today)
    if file.is_in_folder and examined.errors and not may_be_framework(content, name):
        return None
    return examined.diagnostics


def _passed_over(files: Sequence[str]) -> str:
    named = ", ".join(files[:PASSED_OVER_SHOWN])
    more = len(files) - PASSED_OVER_SHOWN
    rest = f" and {more:,} more" if more > 0 else ""
    if len(files) == 1:
        return f"1 YAML file in a folder is no framework and passed over: {named}"
    return f"{len(files):,} YAML files in folders are no frameworks and passed over: {named}{rest}"


def _write(
    found: Sequence[Diagnostic], files: int, chosen: DiagnosticFormat, output: Path | None
) -> None:
    def write(out: TextIO, style: TextStyle) -> None:
        match chosen:
            case DiagnosticFormat.TEXT:
                _write_text(found, out, style)
            case DiagnosticFormat.GITHUB:
                from pmo_path.render.diagnostics.github import write_github

                write_github(found, out)
            case DiagnosticFormat.JSON:
                from pmo_path.render.diagnostics.json import write_json

                write_json(found, files, out)
            case DiagnosticFormat.SARIF:
                from pmo_path.readers.rulebook import rule_markdown
                from pmo_path.render.diagnostics.sarif import write_sarif

                texts = {code: rule_markdown(code) for code in {one.code for one in found}}
                write_sarif(found, texts, __version__, out)
            case _:
                assert_never(chosen)

    to_output(write, output)


def _write_text(found: Iterable[Diagnostic], out: TextIO, style: TextStyle) -> None:
    from pmo_path.render.diagnostics.text import write_text

    write_text(found, out, color=style.color)


def _summarise(found: Sequence[Diagnostic], files: int) -> None:
    errors = sum(one.severity is Severity.ERROR for one in found)
    counts = (_count(errors, "error"), _count(len(found) - errors, "warning"))
    say(f"{_count(files, 'file')} checked: {', '.join(counts)}")


def _count(number: int, noun: str) -> str:
    return f"{number or 'no'} {noun}{'' if number == 1 else 's'}"
