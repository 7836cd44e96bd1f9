"""Options that mean the same in every command."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

FrameworkOption = Annotated[
    Path | None,
    typer.Option(
        "--framework",
        envvar="PMO_PATH_FRAMEWORK",
        show_envvar=True,
        help="Framework file (YAML); the shipped one by default.",
        metavar="FILE",
    ),
]
OutputOption = Annotated[
    Path | None,
    typer.Option("--output", "-o", help="Write to this file instead of stdout.", metavar="FILE"),
]
RoleOption = Annotated[
    str | None,
    typer.Option("--role", help="The role aimed at: id, name or alias.", metavar="ROLE"),
]


class Format(StrEnum):
    """How a result is written."""

    TABLE = "table"
    JSON = "json"


FormatOption = Annotated[Format, typer.Option("--format", help="How to write the result.")]
