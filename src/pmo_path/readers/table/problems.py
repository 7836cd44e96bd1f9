"""What makes a whole sheet unusable."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_path.domain.diagnostics import Diagnostic, Place
from pmo_path.domain.errors import InputInvalid

if TYPE_CHECKING:
    from pmo_path.domain.codes import Code


def problem(code: Code, name: str, message: str, hint: str = "", line: int = 0) -> Diagnostic:
    """A mistake in a sheet, in one of its lines or in the whole of it."""
    place = Place(name, line, 1 if line else 0)
    return Diagnostic(place, code, message, hint)


def unusable(code: Code, name: str, message: str, hint: str = "", line: int = 0) -> InputInvalid:
    """The error for a sheet with a single mistake."""
    return InputInvalid((problem(code, name, message, hint, line),))
