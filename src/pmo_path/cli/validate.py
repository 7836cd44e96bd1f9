"""`pmo-path validate`: every mistake in a framework file."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from pmo_path.cli.exits import Exit, say


def validate(
    frameworks: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="FRAMEWORK",
            help="Framework files (YAML); the shipped one by default.",
            show_default=False,
        ),
    ] = None,
) -> Exit:
    """Check framework files and list every mistake, with its line.

    Example:

      pmo-path validate framework.yaml
    """
    from pmo_path.render.diagnostics import write_text
    from pmo_path.sources.framework_file import (
        examine_framework,
        shipped_framework,
    )
    from pmo_path.sources.reading import read_bytes

    files = frameworks or [shipped_framework()]
    found = [
        diagnostic
        for path in files
        for diagnostic in examine_framework(read_bytes(path), str(path))[1]
    ]
    write_text(found, sys.stdout)
    counted = f"{len(files)} file{'s' if len(files) > 1 else ''} checked"
    say(f"{counted}: {len(found) or 'no'} error{'' if len(found) == 1 else 's'}")
    return Exit.FOUND if found else Exit.FINE
