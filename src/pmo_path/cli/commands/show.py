"""`pmo-path show`: browse the framework."""

from __future__ import annotations

from typing import Annotated

import typer

from pmo_path.cli import completion
from pmo_path.cli.input import load_framework
from pmo_path.cli.options import FrameworkOption, OutputOption, PageFormatOption
from pmo_path.cli.output import destination, keep_inputs, write_text
from pmo_path.domain.errors import UsageProblem


def show(
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="NAME",
            help="A role, competence, course or domain: id, name or alias.",
            show_default=False,
            autocompletion=completion.entries,
        ),
    ] = None,
    framework: FrameworkOption = None,
    format_: PageFormatOption = None,
    output: OutputOption = None,
    resolved: Annotated[
        bool,
        typer.Option(
            "--resolved",
            help="Write the whole framework as one YAML file, merged with what it extends.",
        ),
    ] = False,
) -> None:
    """List roles and career paths, or show one role, competence or course in full.

    Examples:

      pmo-path show

      pmo-path show pmo-director
    """
    from pmo_path.app.show import resolve_framework
    from pmo_path.app.show import show as entry_of
    from pmo_path.render.results.show import show_result

    keep_inputs(output, (framework,))
    if resolved:
        if name is not None or format_ is not None:
            raise UsageProblem("--resolved writes the whole framework as YAML; omit the rest")
        write_text(resolve_framework(framework), output)
        return
    result_to = destination(format_, output)
    known = load_framework(framework)
    result_to.write(show_result(known, entry_of(known, name)))
