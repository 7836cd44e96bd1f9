"""Errors in the values of options and arguments, worded for those who type them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import typer
from typer.core import TyperCommand

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class Command(TyperCommand):
    """A Typer command that states what an option expects, where Typer repeats pydantic."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Convert a value like Typer. Raises BadParameter and the like."""
        try:
            return super().parse_args(ctx, args)
        except typer.BadParameter as error:
            error.message = _problem(error) or error.message
            raise


def _problem(error: typer.BadParameter) -> str:
    """The error in the value; empty if pydantic did not check it."""
    from pydantic import ValidationError

    from pmo_path.domain.text import one_line  # noqa: PLC0415  only when something is wrong

    cause = error.__cause__
    if not isinstance(cause, ValidationError):
        return ""
    first = cause.errors()[0]
    choices = error.param.type_descriptor.choices if error.param is not None else None
    return one_line(_expected(first["type"], first["input"], first.get("ctx", {}), choices or ()))


def _expected(kind: str, value: Any, limits: Mapping[str, Any], choices: Iterable[str]) -> str:
    match kind:
        case "value_error":
            return str(limits["error"]).removesuffix(".") + _suggestion(str(value), choices)
        case "greater_than_equal":
            return f"expected {limits['ge']:g} or more, not '{value}'"
        case "less_than_equal":
            return f"expected {limits['le']:g} or less, not '{value}'"
        case _ if kind.startswith("int"):
            return f"expected a whole number, not '{value}'"
        case _ if kind.startswith("float"):
            return f"expected a number, not '{value}'"
        case _:
            return ""


def _suggestion(value: str, choices: Iterable[str]) -> str:
    """The choices that begin with the value, or the nearest choice."""
    from pmo_path.domain.names import nearest  # noqa: PLC0415  only when something is wrong

    known = list(map(str, choices))
    longer = [f"'{choice}'" for choice in known if value and choice.startswith(value)]
    if longer:
        *before, last = longer
        either = f"{', '.join(before)} or {last}" if before else last
        return f"; did you mean {either}?"
    hint = nearest(value, known)
    return f"; {hint}" if hint else ""
