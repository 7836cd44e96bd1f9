"""Options that mean the same in every command."""

from __future__ import annotations

import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from pmo_path.cli import completion
from pmo_path.render.formats import registry  # noqa: TID253  light, and for all commands

if TYPE_CHECKING:
    from collections.abc import Collection

Format = registry.Format


def argument(metavar: str, text: str, **settings: Any) -> Any:
    """An argument; readers report a file that cannot be read, with the exit code for it."""
    return typer.Argument(metavar=metavar, help=text, readable=False, **settings)


def flag(name: str, text: str, *names: str) -> Any:
    """An option without a value."""
    return typer.Option(name, *names, help=text)


def value_option(metavar: str, text: str, *names: str, **settings: Any) -> Any:
    """An option with a value; it is named after its parameter if `names` are empty."""
    return typer.Option(*names, metavar=metavar, help=text, **settings)


def file_option(text: str, *names: str, **settings: Any) -> Any:
    """An option that names a file."""
    return value_option("FILE", text, *names, readable=False, **settings)


role_option = partial(typer.Option, "--role", metavar="ROLE", autocompletion=completion.roles)
target_level_option = partial(typer.Option, "--target-level", metavar="LEVEL")


FrameworkOption = Annotated[
    Path | None,
    file_option(
        "Framework file (YAML). Default: the shipped framework.",
        envvar="PMO_PATH_FRAMEWORK",
        show_envvar=True,
    ),
]
OutputOption = Annotated[
    Path | None, file_option("Write to this file instead of stdout.", "--output", "-o")
]
RoleOption = Annotated[str | None, role_option(help="Target role: id, name or alias.")]
TargetLevelOption = Annotated[
    str | None,
    target_level_option(help="Level to reach in every competence, in place of a role."),
]


def day(text: str) -> datetime.date:
    """A date as a person types it for an option. Raises BadParameter."""
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        from pmo_path.domain.text import one_line  # noqa: PLC0415  only when something is wrong

        problem = f"expected a date such as 2026-11-23, not '{one_line(text)}'"
        raise typer.BadParameter(problem) from None


day_option = partial(typer.Option, metavar="DATE", parser=day)

if TYPE_CHECKING:
    PageFormat = Format
    RowFormat = Format
else:
    # The formats of a result without rows, and of one with them, for help, completion and errors.
    PageFormat = Literal[tuple(format_ for format_ in Format if format_ in registry.PAGE_FORMATS)]
    RowFormat = Literal[tuple(format_ for format_ in Format if format_ in registry.ROW_FORMATS)]

FORMAT_HELP = "Output format. Default: from the --output extension, otherwise table."
PageFormatOption = Annotated[PageFormat | None, typer.Option("--format", help=FORMAT_HELP)]
RowFormatOption = Annotated[RowFormat | None, typer.Option("--format", help=FORMAT_HELP)]
PlanFormatOption = Annotated[Format | None, typer.Option("--format", help=FORMAT_HELP)]

OpenOption = Annotated[bool, flag("--open", "Write a page and open it in your browser.")]

FOREIGN = frozenset(
    {
        *(".pdf", ".doc", ".docx", ".odt", ".rtf", ".xls", ".xlsx", ".ods", ".tsv"),
        *(".png", ".jpg", ".jpeg", ".svg", ".xml", ".parquet", ".jsonl"),
    }
)
"""Extensions of files that would not be what they say if a table were written into them."""


def format_for(
    format_: Format | None,
    output: Path | None,
    formats: Collection[Format] = registry.ROW_FORMATS,
) -> Format:
    """Return the format that was chosen, or that of the output's extension, or a table.

    `formats` are those of the result. Raises UsageProblem for an extension of another format.
    """
    if format_ is not None:
        return format_
    extension = "" if output is None else output.suffix.casefold()
    meant = registry.format_of(extension)
    if extension in FOREIGN or not (meant is None or meant in formats):
        raise registry.cannot_write(extension, formats)
    return meant or Format.TABLE
