"""The `pmo-path` command: its entry point, and its subcommands, each loaded when it is run.

Nothing heavy is imported here, so that help and version come at once.
"""

from __future__ import annotations

import gc
import inspect
import os
import sys
from collections.abc import Callable
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from pmo_path import __version__
from pmo_path.cli import completion
from pmo_path.cli.errors import Command, Exit, drop_late_faults, guarded, report
from pmo_path.cli.streams import prepare_streams

COMMANDS = (
    *("assess", "batch", "compare", "diff", "explain", "history", "plan", "schema", "show"),
    *("template", "validate"),
)
"""Each is a function in the module of its name in `cli/commands`."""


def _function(name: str) -> Callable[..., Any]:
    function: Callable[..., Any] = getattr(import_module(f"pmo_path.cli.commands.{name}"), name)
    return function


class _Group(TyperGroup):
    """The group of all commands, each made when it is run.

    Typer inspects the parameters of every command that it has before it runs one of them, and
    would import all their modules: a fifth of a start.
    """

    def __init__(self, **settings: Any) -> None:
        super().__init__(**{**settings, "commands": dict.fromkeys(COMMANDS)})

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002  as Typer calls it
        """Return a command, or None if there is none of that name."""
        if cmd_name not in COMMANDS:
            return None
        alone = typer.Typer(
            rich_markup_mode=None, pretty_exceptions_enable=False, add_completion=False
        )
        alone.command(cls=Command)(guarded(_function(cmd_name)))
        return typer.main.get_command(alone)

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002  as Typer calls it
        """List the commands with the first sentence of their docstrings, without making them."""
        room = formatter.width - 6 - max(map(len, COMMANDS))
        with formatter.section("Commands"):
            formatter.write_dl([(name, _short_help(name, room)) for name in COMMANDS])


def _short_help(name: str, room: int) -> str:
    return TyperCommand(name, help=inspect.getdoc(_function(name))).get_short_help_str(room)


app = typer.Typer(
    name="pmo-path",
    cls=_Group,
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
