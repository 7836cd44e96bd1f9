"""`pmo-path show`: browse the framework."""

from __future__ import annotations

from typing import Annotated

import typer

from pmo_path.cli.loading import given_framework
from pmo_path.cli.options import Format, FormatOption, FrameworkOption, OutputOption
from pmo_path.cli.writers import to_output


def show(
    thing: Annotated[
        str | None,
        typer.Argument(
            metavar="THING",
            help="A role, competence, course or domain: id, name or alias.",
            show_default=False,
        ),
    ] = None,
    framework: FrameworkOption = None,
    format_: FormatOption = Format.TABLE,
    output: OutputOption = None,
) -> None:
    """Show the roles and how they lead on, or one thing of the framework whole.

    Examples:

      pmo-path show

      pmo-path show pmo-director
    """
    from pmo_path.domain.lookup import find, overview  # noqa: PLC0415
    from pmo_path.render.json_report import write_found
    from pmo_path.render.show import write_found_table

    known = given_framework(framework)
    found = overview(known) if thing is None else find(known, thing)
    if format_ is Format.JSON:
        to_output(lambda out, _: write_found(known, found, out), output)
    else:
        to_output(lambda out, look: write_found_table(known, found, out, look), output)
