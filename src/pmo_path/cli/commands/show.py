"""`pmo-path show`: browse the framework."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from pmo_path.cli import completion
from pmo_path.cli.input import given_framework
from pmo_path.cli.options import Format, FrameworkOption, OutputOption
from pmo_path.cli.output import keep_inputs, to_output, write_text
from pmo_path.domain.errors import UsageProblem


def show(
    thing: Annotated[
        str | None,
        typer.Argument(
            metavar="THING",
            help="A role, competence, course or domain: id, name or alias.",
            show_default=False,
            autocompletion=completion.things,
        ),
    ] = None,
    framework: FrameworkOption = None,
    format_: Annotated[
        Literal[Format.TABLE, Format.JSON],
        typer.Option("--format", help="How to write the result."),
    ] = Format.TABLE,
    output: OutputOption = None,
    resolved: Annotated[
        bool,
        typer.Option(
            "--resolved", help="Write the whole framework as one file, with what it extends."
        ),
    ] = False,
) -> None:
    """Show the roles and how they lead on, or one thing of the framework whole.

    Examples:

      pmo-path show

      pmo-path show pmo-director
    """
    from pmo_path.app.show import show as entry_of
    from pmo_path.render.results.show import write_found_table
    from pmo_path.render.results.show_json import write_found

    keep_inputs(output, (framework,))
    if resolved:
        _write_resolved(thing, framework, format_, output)
        return
    known = given_framework(framework)
    found = entry_of(known, thing)
    if format_ is Format.JSON:
        to_output(lambda out, _: write_found(known, found, out), output)
    else:
        to_output(lambda out, look: write_found_table(known, found, out, look), output)


def _write_resolved(
    thing: str | None, framework: Path | None, format_: Format, output: Path | None
) -> None:
    from pmo_path.app.show import resolve_framework

    if thing is not None or format_ is not Format.TABLE:
        raise UsageProblem("--resolved writes the whole framework, as YAML; leave the rest out")
    write_text(resolve_framework(framework), output)
