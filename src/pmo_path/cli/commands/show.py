"""`pmo-path show`: browse the framework."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from pmo_path.cli import completion
from pmo_path.cli.errors import say
from pmo_path.cli.input import load_framework
from pmo_path.cli.options import FORMAT_HELP, Format, FrameworkOption, OutputOption, argument, flag
from pmo_path.cli.output import destination, is_stdout, keep_inputs, write_content
from pmo_path.domain.errors import UsageProblem
from pmo_path.domain.options import SheetFormat
from pmo_path.render.formats.registry import ROW_FORMATS  # noqa: TID253  light

if TYPE_CHECKING:
    from pathlib import Path

    ShowFormat = str
else:
    ShowFormat = Literal[
        (
            *(format_.value for format_ in Format if format_ in ROW_FORMATS),
            SheetFormat.XLSX.value,
        )
    ]

_TABLES = (SheetFormat.CSV, SheetFormat.XLSX)


def show(  # noqa: PLR0913  one parameter an option
    name: Annotated[
        str | None,
        argument(
            "NAME",
            "A role, competence, course or domain: id, name or alias.",
            autocompletion=completion.entries,
        ),
    ] = None,
    framework: FrameworkOption = None,
    format_: Annotated[ShowFormat | None, typer.Option("--format", help=FORMAT_HELP)] = None,
    output: OutputOption = None,
    resolved: Annotated[
        bool,
        flag(
            "--resolved",
            "Write the whole framework as one YAML file, merged with what it extends.",
        ),
    ] = False,
    is_whole: Annotated[
        bool,
        flag(
            "--all",
            "Write the whole framework as a table, CSV or XLSX, that 'template framework "
            "--from' reads.",
        ),
    ] = False,
) -> None:
    """List roles and career paths, or show one role, competence or course in full.

    Examples:

      pmo-path show

      pmo-path show pmo-director

      pmo-path show --all -o framework.xlsx
    """
    from pmo_path.app.reference import resolve_framework
    from pmo_path.app.reference import show as entry_of
    from pmo_path.render.results.show import show_result

    keep_inputs(output, (framework,))
    if resolved:
        if name is not None or format_ is not None or is_whole:
            raise UsageProblem("--resolved writes the whole framework as YAML; omit the rest")
        write_content(resolve_framework(framework), output)
        return
    if is_whole:
        if name is not None:
            raise UsageProblem("--all writes the whole framework; omit the name")
        _write_table(framework, format_, output)
        return
    if format_ in _TABLES:
        raise UsageProblem(f"--format {format_} writes the whole framework as a table. Add --all.")
    chosen = next((known for known in Format if known == format_), None)
    result_to = destination(chosen, output)
    known = load_framework(framework)
    result_to.write(show_result(known, entry_of(known, name)))


def _write_table(framework: Path | None, format_: str | None, output: Path | None) -> None:
    """Write the whole framework as a table; stderr gets what a table has no place for."""
    ending = "" if output is None else output.suffix.casefold().removeprefix(".")
    chosen = format_ or ending or SheetFormat.CSV
    if chosen not in _TABLES:
        raise UsageProblem("--all writes a table. Use --format csv or xlsx, or end the file so.")
    from pmo_path.app.matrix import framework_table

    table = framework_table(load_framework(framework), chosen)
    is_text = chosen == SheetFormat.CSV and is_stdout(output)
    write_content(table.content.decode() if is_text else table.content, output)
    say(f"A table has no place for: {', '.join(table.left_out)}. Keep the YAML file.")
