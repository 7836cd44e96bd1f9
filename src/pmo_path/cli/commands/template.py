"""`pmo-path template`: a file to start from: empty ratings, a sheet of people, or a framework."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from pmo_path.cli.input import given_framework
from pmo_path.cli.options import FrameworkOption, OutputOption, RoleOption
from pmo_path.cli.output import keep_inputs, write_text, write_workbook
from pmo_path.domain.errors import OutputFailed, UsageProblem

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from pmo_path.domain.framework import Framework


class TemplateKind(StrEnum):
    """What a template is for."""

    RATINGS = "ratings"
    PEOPLE_CSV = "people.csv"
    PEOPLE_TSV = "people.tsv"
    PEOPLE_XLSX = "people.xlsx"
    FRAMEWORK = "framework"


ENDINGS: Mapping[TemplateKind, Sequence[str]] = {
    TemplateKind.RATINGS: (".yaml", ".yml"),
    TemplateKind.PEOPLE_CSV: (".csv",),
    TemplateKind.PEOPLE_TSV: (".tsv", ".tab"),
    TemplateKind.PEOPLE_XLSX: (".xlsx",),
    TemplateKind.FRAMEWORK: (".yaml", ".yml"),
}
"""What a file may end in that says what is in it; other endings say nothing."""


def template(
    context: typer.Context,
    kind: Annotated[
        TemplateKind,
        typer.Argument(
            metavar="KIND",
            help="Empty ratings of one person, an empty sheet of many people for 'batch' (the "
            "workbook explains itself and offers what to choose), or a small commented framework "
            "to turn into your own.",
        ),
    ] = TemplateKind.RATINGS,
    role: RoleOption = None,
    framework: FrameworkOption = None,
    output: OutputOption = None,
) -> None:
    """Write a file to start from: empty ratings, a sheet of people, or a framework.

    Beside each empty rating stands what each level means; a sheet has a column for each
    competence. With --role both hold only what that role requires.

    Examples:

      pmo-path template --role pmo-director -o ratings.yaml

      pmo-path template people.xlsx --role pmo-manager -o people.xlsx

      pmo-path template framework -o framework.yaml
    """
    _check_ending(kind, output)
    keep_inputs(output, (framework,))
    _check_new(output)
    match kind:
        case TemplateKind.RATINGS:
            write_text(_empty_ratings(role, framework), output)
        case TemplateKind.PEOPLE_CSV:
            write_text(_people(role, framework, ","), output)
        case TemplateKind.PEOPLE_TSV:
            write_text(_people(role, framework, "\t"), output)
        case TemplateKind.PEOPLE_XLSX:
            write_workbook(lambda: _people_form(role, framework), output)
        case TemplateKind.FRAMEWORK:
            _refuse(context, "role", "framework")
            write_text(_small_framework(), output)


def _empty_ratings(role: str | None, framework: Path | None) -> str:
    from pmo_path.domain.assessment import role_named  # noqa: PLC0415
    from pmo_path.render.templates.ratings import template_yaml

    known = given_framework(framework)
    return template_yaml(known, role_named(known, role) if role else None)


def _people(role: str | None, framework: Path | None, delimiter: str) -> str:
    from pmo_path.domain.assessment import role_named  # noqa: PLC0415
    from pmo_path.render.templates.people_text import people_text

    known = given_framework(framework)
    wanted = role_named(known, role) if role else None
    _check_width(known, wanted)
    return people_text(known, wanted, delimiter)


def _people_form(role: str | None, framework: Path | None) -> bytes:
    from pmo_path.domain.assessment import role_named  # noqa: PLC0415
    from pmo_path.render.templates.people_form import people_form
    from pmo_path.writers.form_workbook import form_workbook

    known = given_framework(framework)
    wanted = role_named(known, role) if role else None
    _check_width(known, wanted)
    return form_workbook(people_form(known, wanted, _batch_command(wanted, framework)))


def _check_width(framework: Framework, role: str | None) -> None:
    """Raises UsageProblem where `batch` would not read the sheet."""
    from pmo_path.domain.columns import MAX_COLUMNS  # noqa: PLC0415
    from pmo_path.render.templates.people_columns import headings

    columns = len(headings(framework, role))
    if columns > MAX_COLUMNS:
        narrower = "" if role is not None else "ask for the competences of a single --role, or "
        raise UsageProblem(
            f"a sheet with a column for each competence has {columns:,} columns, and 'batch' reads "
            f"no more than {MAX_COLUMNS:,}; {narrower}give 'batch' a sheet with a row for each "
            "rating: person, competence, rating"
        )


def _batch_command(role: str | None, framework: Path | None) -> str:
    """What to run with a filled sheet, by its usual name."""
    import shlex

    words = ["pmo-path", "batch", "people.xlsx", "-o", "results.xlsx"]
    if role is not None:
        words += ["--role", role]
    if framework is not None:
        words += ["--framework", framework.name]
    return shlex.join(words)


def _small_framework() -> str:
    from pmo_path.readers.package_data import starter_framework

    return starter_framework()


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
    from pmo_path.writers.atomic import is_special, is_there

    if output is not None and str(output) != "-" and is_there(output) and not is_special(output):
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
                f"--{option} is for ratings and sheets of people; 'template framework' always writes the "
                "same small framework"
            )
