"""Options that mean the same in every command."""

from __future__ import annotations

import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from pmo_path.cli import completion
from pmo_path.domain.errors import UsageProblem

if TYPE_CHECKING:
    from collections.abc import Mapping

FrameworkOption = Annotated[
    Path | None,
    typer.Option(
        "--framework",
        envvar="PMO_PATH_FRAMEWORK",
        show_envvar=True,
        help="Framework file (YAML); the shipped one by default.",
        metavar="FILE",
        # Here and elsewhere: reading a file says why it cannot be read, with the exit code for it.
        readable=False,
    ),
]
OutputOption = Annotated[
    Path | None,
    typer.Option(
        "--output",
        "-o",
        help="Write to this file instead of stdout.",
        metavar="FILE",
        readable=False,
    ),
]
RoleOption = Annotated[
    str | None,
    typer.Option(
        "--role",
        help="The role aimed at: id, name or alias.",
        metavar="ROLE",
        autocompletion=completion.roles,
    ),
]


def day(text: str) -> datetime.date:
    """A date as a person types it for an option. Raises BadParameter."""
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        from pmo_path.domain.text import one_line  # noqa: PLC0415  only when something is wrong

        words = f"expected a date such as 2026-11-23, not '{one_line(text)}'"
        raise typer.BadParameter(words) from None


class Format(StrEnum):
    """How a thing of the framework is written."""

    TABLE = "table"
    JSON = "json"


FormatOption = Annotated[Format, typer.Option("--format", help="How to write the result.")]


class PageFormat(StrEnum):
    """How a result that people look at is written."""

    TABLE = "table"
    HTML = "html"
    MARKDOWN = "markdown"
    JSON = "json"


class ReportFormat(StrEnum):
    """How a gap report is written."""

    TABLE = "table"
    HTML = "html"
    MARKDOWN = "markdown"
    CSV = "csv"
    JSON = "json"


_BY_ENDING_HELP = "How to write the result; by the ending of --output, else as a table."
PageFormatOption = Annotated[PageFormat | None, typer.Option("--format", help=_BY_ENDING_HELP)]
ReportFormatOption = Annotated[ReportFormat | None, typer.Option("--format", help=_BY_ENDING_HELP)]

OpenOption = Annotated[
    bool, typer.Option("--open", help="Open the page in your browser once it is written.")
]

ENDINGS: Mapping[str, str] = {
    ".html": "html",
    ".htm": "html",
    ".md": "markdown",
    ".markdown": "markdown",
    ".csv": "csv",
    ".json": "json",
}
FOREIGN = frozenset(
    {
        *(".pdf", ".doc", ".docx", ".odt", ".rtf", ".xls", ".xlsx", ".ods", ".tsv"),
        *(".png", ".jpg", ".jpeg", ".svg", ".xml", ".yaml", ".yml", ".parquet", ".jsonl"),
    }
)
"""Endings of files that would not be what they say, were a table written into them."""
Chosen = TypeVar("Chosen", PageFormat, ReportFormat)


def format_for(formats: type[Chosen], given: Chosen | None, output: Path | None) -> Chosen:
    """The format that was asked for, or that the ending of the output says, or a table.

    Raises UsageProblem for an ending whose format is not among `formats`.
    """
    if given is not None:
        return given
    ending = "" if output is None else output.suffix.casefold()
    known = {one.value for one in formats}
    meant = ENDINGS.get(ending, "table")
    if ending in FOREIGN or meant not in known:
        endings = ", ".join(one for one, format_ in ENDINGS.items() if format_ in known)
        raise UsageProblem(
            f"cannot write {ending} files; end '{output}' in {endings} or .txt, or pass --format"
        )
    return formats(meant)
