"""What is wrong with the value of an option or argument, in words for those who typed it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import typer
from typer.core import TyperCommand

if TYPE_CHECKING:
    from collections.abc import Mapping


class Command(TyperCommand):
    """A command of Typer's that says what it expects; Typer repeats what its checker says."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """As Typer does it. Raises BadParameter and the like."""
        try:
            return super().parse_args(ctx, args)
        except typer.BadParameter as error:
            error.message = _words(error) or error.message
            raise


def _words(error: typer.BadParameter) -> str:
    """What the checker of values found, or an empty text where it was not asked."""
    from pydantic import ValidationError

    from pmo_path.domain.text import one_line  # noqa: PLC0415  only when something is wrong

    cause = error.__cause__
    if not isinstance(cause, ValidationError):
        return ""
    found = cause.errors()[0]
    return one_line(_said(found["type"], found["input"], found.get("ctx", {})))


def _said(kind: str, given: Any, limits: Mapping[str, Any]) -> str:
    match kind:
        case "value_error":
            return str(limits["error"]).removesuffix(".")
        case "greater_than_equal":
            return f"expected {limits['ge']:g} or more, not '{given}'"
        case "less_than_equal":
            return f"expected {limits['le']:g} or less, not '{given}'"
        case _ if kind.startswith("int"):
            return f"expected a whole number, not '{given}'"
        case _ if kind.startswith("float"):
            return f"expected a number, not '{given}'"
        case _:
            return ""
