"""Commands that are loaded when they are run.

Typer looks into the parameters of every command that it knows before it runs one of them, and
their modules would all be imported. With ten commands that is a fifth of a start.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from pmo_path.cli.errors import guarded
from pmo_path.cli.param_errors import Command

NAMES = (
    *("assess", "batch", "compare", "diff", "explain", "history", "plan", "schema", "show"),
    *("template", "validate"),
)
"""Each is a function in the module of its name in `cli/commands`."""


class _OnDemand(Mapping[str, Any]):
    """Commands by name, each made when it is asked for."""

    def __getitem__(self, name: str) -> Any:
        if name not in NAMES:
            raise KeyError(name)
        alone = typer.Typer(
            rich_markup_mode=None, pretty_exceptions_enable=False, add_completion=False
        )
        alone.command(cls=Command)(guarded(_function(name)))
        return typer.main.get_command(alone)

    def __iter__(self) -> Iterator[str]:
        return iter(NAMES)

    def __len__(self) -> int:
        return len(NAMES)


def _function(name: str) -> Callable[..., Any]:
    function: Callable[..., Any] = getattr(import_module(f"pmo_path.cli.commands.{name}"), name)
    return function


class CommandsOnDemand(TyperGroup):
    """The group of all commands."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**{**settings, "commands": _OnDemand()})

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002  as Typer calls it
        """List the commands by what their functions say of themselves, which takes no more."""
        room = formatter.width - 6 - max(map(len, NAMES))
        rows = [
            (
                name,
                TyperCommand(name, help=inspect.getdoc(_function(name))).get_short_help_str(room),
            )
            for name in NAMES
        ]
        with formatter.section("Commands"):
            formatter.write_dl(rows)
