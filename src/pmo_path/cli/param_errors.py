"""What is wrong with the value of an option or argument, in words for those who typed it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import typer
from typer.core import TyperCommand

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


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
    choices = error.param.type_descriptor.choices if error.param is not None else None
    said = _said(found["type"], found["input"], found.get("ctx", {}), choices or ())
    return one_line(said)


def _said(kind: str, given: Any, limits: Mapping[str, Any], choices: Iterable[str]) -> str:
    match kind:
        case "value_error":
            return str(limits["error"]).removesuffix(".") + _meant(str(given), choices)
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


def _meant(given: str, choices: Iterable[str]) -> str:
    """Which of the choices begin so, or which one is nearest."""
    from pmo_path.domain.names import nearest  # noqa: PLC0415  only when something is wrong

    known = [str(one) for one in choices]
    longer = [f"'{one}'" for one in known if given and one.startswith(given)]
    if longer:
        *before, last = longer
        either = f"{', '.join(before)} or {last}" if before else last
        return f"; did you mean {either}?"
    hint = nearest(given, known)
    return f"; {hint}" if hint else ""
