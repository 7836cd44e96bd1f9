"""The `pmo-path` command: its subcommands and its entry point.

Nothing heavy is imported here, so that help and version come at once.
"""

from __future__ import annotations

import gc
import os
import sys
from typing import Annotated

import typer

from pmo_path import __version__
from pmo_path.cli import completion
from pmo_path.cli.errors import Exit, drop_late_faults, report
from pmo_path.cli.lazy import CommandsOnDemand
from pmo_path.cli.streams import prepare_streams

app = typer.Typer(
    name="pmo-path",
    cls=CommandsOnDemand,
    help="Rate yourself against a role, see which gaps matter most, and get a next step for each.",
    epilog="Start with: pmo-path assess    More on a command: pmo-path COMMAND --help",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(value: bool) -> None:  # noqa: FBT001  Typer's callback
    if value:
        typer.echo(f"pmo-path {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    *,
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Show the version and exit."
        ),
    ] = False,
) -> None:
    pass


def main() -> None:
    """Run the command line and exit with its code."""
    # A run is over before garbage would matter; collecting it costs start-up time.
    gc.disable()
    prepare_streams()
    sys.unraisablehook = drop_late_faults
    # Looking for plugins among all installed packages costs more than reading the files.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    completion.prepare(sys.argv[1:])
    try:
        app()
    except SystemExit as ended:
        # Typer takes a reader that has gone away for an error of its own.
        if isinstance(ended.__context__, BrokenPipeError):
            sys.exit(Exit.PIPE_CLOSED)
        raise
    except Exception as error:  # noqa: BLE001  the last boundary: help that cannot be printed
        sys.exit(Exit.BUG if completion.is_asked() else report(error))
