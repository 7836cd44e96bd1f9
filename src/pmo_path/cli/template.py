"""`pmo-path template`: a file to start from: empty ratings, a sheet of people, or a framework."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from pmo_path.cli.loading import given_framework
from pmo_path.cli.options import FrameworkOption, OutputOption, RoleOption
from pmo_path.cli.writers import write_text
from pmo_path.domain.errors import UsageProblem

if TYPE_CHECKING:
    from pathlib import Path


class Kind(StrEnum):
    """What a template is for."""

    RATINGS = "ratings"
    PEOPLE_CSV = "people.csv"
    PEOPLE_TSV = "people.tsv"
    FRAMEWORK = "framework"


def template(
    context: typer.Context,
    kind: Annotated[
        Kind,
        typer.Argument(
            metavar="KIND",
            help="Empty ratings of one person, an empty sheet of many people for 'batch', or a "
            "small commented framework to turn into your own.",
        ),
    ] = Kind.RATINGS,
    role: RoleOption = None,
    framework: FrameworkOption = None,
    output: OutputOption = None,
) -> None:
    """Write a file to start from: empty ratings, a sheet of people, or a framework.

    Beside each empty rating stands what each level means; a sheet has a column for each
    competence. With --role both hold only what that role requires.

    Examples:

      pmo-path template --role pmo-director -o ratings.yaml

      pmo-path template people.csv --role pmo-manager -o people.csv

      pmo-path template framework -o framework.yaml
    """
    match kind:
        case Kind.RATINGS:
            write_text(_empty_ratings(role, framework), output)
        case Kind.PEOPLE_CSV:
            write_text(_people(role, framework, ","), output)
        case Kind.PEOPLE_TSV:
            write_text(_people(role, framework, "\t"), output)
        case Kind.FRAMEWORK:
            _refuse(context, "role", "framework")
            write_text(_small_framework(), output)


def _empty_ratings(role: str | None, framework: Path | None) -> str:
    from pmo_path.domain.assessment import role_named  # noqa: PLC0415
    from pmo_path.render.ratings_yaml import template_yaml

    known = given_framework(framework)
    return template_yaml(known, role_named(known, role) if role else None)


def _people(role: str | None, framework: Path | None, delimiter: str) -> str:
    from pmo_path.domain.assessment import role_named  # noqa: PLC0415
    from pmo_path.render.people_sheet import people_sheet

    known = given_framework(framework)
    return people_sheet(known, role_named(known, role) if role else None, delimiter)


def _small_framework() -> str:
    from pmo_path.sources.framework_file import starter_framework

    return starter_framework()


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
