"""The error for text that is not usable YAML."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pmo_path.domain.codes import Code


@dataclass(eq=False)
class YamlProblem(Exception):
    """Text that is not usable YAML: what is wrong, and where (counted from 1)."""

    code: Code
    message: str
    line: int
    column: int
    hint: str = ""
    related: tuple[int, int, str] | None = None
    """Line, column and meaning of a second position."""
    others: list[YamlProblem] = field(default_factory=list)
    """Problems that were found before this one."""
