"""`pmo-path template`: a file to start from: empty ratings, a sheet of people, or a framework."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer  # noqa: TC002  it reads annotations while running

from pmo_path.cli.errors import Exit, say
from pmo_path.cli.options import (
    FrameworkOption,
    OutputOption,
    RoleOption,
    TargetLevelOption,
    argument,
    file_option,
    value_option,
)
from pmo_path.cli.output import is_stdout, keep_inputs, write_content
from pmo_path.domain.errors import OutputFailed, UsageProblem
from pmo_path.domain.options import TemplateKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ENDINGS: Mapping[TemplateKind, Sequence[str]] = {
    TemplateKind.RATINGS: (".yaml", ".yml"),
    TemplateKind.PEOPLE_CSV: (".csv",),
    TemplateKind.PEOPLE_TSV: (".tsv", ".tab"),
    TemplateKind.PEOPLE_XLSX: (".xlsx",),
    TemplateKind.RATINGS_XLSX: (".xlsx",),
    TemplateKind.FRAMEWORK: (".yaml", ".yml"),
}
"""Extensions that tell the kind of a template; others tell nothing."""


def template(  # noqa: PLR0913  one parameter an option
    context: typer.Context,
    kind: Annotated[
        TemplateKind,
        argument(
            "KIND",
            "Empty ratings for one person (with -o FILE.xlsx, a workbook that shows the result "
            "as you rate yourself), an empty sheet of people for 'batch' (the workbook has "
            "instructions and drop-down lists), or a small commented framework to turn into "
            "your own.",
        ),
    ] = TemplateKind.RATINGS,
    role: RoleOption = None,
    target_level: TargetLevelOption = None,
    framework: FrameworkOption = None,
    table: Annotated[
        Path | None,
        file_option(
            "With 'framework': make it from this table (CSV, TSV or XLSX) with a row for each "
            "competence and a column for each role or level. With 'ratings': the ratings file "
            "of the person whom somebody else will rate.",
            "--from",
        ),
    ] = None,
    rater: Annotated[
        str | None,
        value_option("RATER", "With 'ratings': who will rate, such as 'manager'. Default: self."),
    ] = None,
    mapping: Annotated[
        Path | None,
        file_option(
            "With --from: YAML file that defines what columns hold ('columns: {heading: "
            "role}') and the scale ('scale: {1: Beginner}').",
            "--map",
        ),
    ] = None,
    sheet: Annotated[
        str | None, value_option("NAME", "With --from: sheet of a workbook to read.")
    ] = None,
    output: OutputOption = None,
) -> Exit:
    """Write a file to start from: empty ratings, a sheet of people, or a framework.

    Empty ratings explain each level; a sheet has a column for each competence. With --role, both
    contain only what that role requires.

    Examples:

      pmo-path template --role pmo-director -o ratings.yaml

      pmo-path template ratings --from mine.yaml --rater manager -o manager.yaml

      pmo-path template ratings --role pmo-director -o me.xlsx

      pmo-path template people.xlsx --role pmo-manager -o people.xlsx

      pmo-path template framework -o framework.yaml

      pmo-path template framework --from matrix.xlsx -o framework.yaml
    """
    if kind is TemplateKind.RATINGS and output is not None and output.suffix.casefold() == ".xlsx":
        kind = TemplateKind.RATINGS_XLSX
    _check_ending(kind, output)
    keep_inputs(output, (framework, table, mapping))
    _check_new(output)
    if kind is TemplateKind.FRAMEWORK:
        _refuse(context, "role", "target_level", "framework", "rater")
    is_for_one = kind in {TemplateKind.RATINGS, TemplateKind.RATINGS_XLSX}
    if table is not None and not (is_for_one and (mapping, sheet) == (None, None)):
        return _from_table(kind, table, mapping, sheet, output)
    if mapping is not None or sheet is not None:
        raise UsageProblem("--map and --sheet are for a table. Name it with --from.")
    from pmo_path.app.templates import template as content_of

    content = content_of(
        kind, framework=framework, role=role, target_level=target_level, ratings=table, rater=rater
    )
    write_content(content, output)
    return Exit.FINE


def _from_table(
    kind: TemplateKind, table: Path, mapping: Path | None, sheet: str | None, output: Path | None
) -> Exit:
    """Write a framework made of a table; stderr gets what was taken for what, and what it lacks."""
    if kind is not TemplateKind.FRAMEWORK:
        raise UsageProblem(
            "--from makes a framework of a table, or a second rater's file of ratings. Write "
            "'pmo-path template framework --from FILE'."
        )
    from pmo_path.app.matrix import FILE_NAME, framework_from_table
    from pmo_path.domain.diagnostics import bounded, total
    from pmo_path.render.diagnostics.text import write_text
    from pmo_path.render.words import count

    name = FILE_NAME if output is None or is_stdout(output) else str(output)
    result = framework_from_table(table, mapping=mapping, sheet=sheet, name=name)
    write_content(result.text, output)
    for line in result.lines:
        say(f"{table}: {line}")
    if not result.errors:
        return Exit.FINE
    write_text(bounded(result.errors), sys.stderr)
    errors = count(total(result.errors), "error")
    say(f"The framework lacks what the table does not have: {errors}")
    return Exit.FOUND


def _check_ending(kind: TemplateKind, output: Path | None) -> None:
    """Raises UsageProblem for a file that ends in what another kind is written as."""
    ending = "" if output is None else output.suffix.casefold()
    others = [other for other, endings in ENDINGS.items() if ending in endings]
    if others and kind not in others:
        raise UsageProblem(
            f"'template {kind}' does not write what '{output}' ends in; "
            f"end it in {ENDINGS[kind][0]}, or ask for 'template {others[0]}'"
        )


def _check_new(output: Path | None) -> None:
    """Raises OutputFailed for a file that is there: it may be a template that somebody filled in."""
    if output is None or is_stdout(output):
        return
    from pmo_path.app.output_files import is_special, is_there

    if is_there(output) and not is_special(output):
        raise OutputFailed(
            f"'{output}' already exists and may hold answers; name another file, or delete it"
        )


def _refuse(context: typer.Context, *options: str) -> None:
    """Raises UsageProblem when an option was typed that says nothing about a framework.

    A framework named by the environment is for other commands, and no mistake here.
    """
    for option in options:
        source = context.get_parameter_source(option)
        if source is not None and source.name == "COMMANDLINE":
            raise UsageProblem(
                f"--{option.replace('_', '-')} is for ratings and sheets of people; 'template framework' always writes the "
                "same small framework"
            )
