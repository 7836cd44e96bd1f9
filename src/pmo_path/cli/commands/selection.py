"""Which diagnostics are wanted, by code or by how a code begins."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pmo_path.domain.codes import Code
from pmo_path.domain.errors import UsageProblem

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pmo_path.domain.diagnostics import Diagnostic

UNREADABLE = frozenset({Code.UNREADABLE, Code.TOO_LARGE})
"""A file that was not read at all cannot be left out of sight."""


class Selection(NamedTuple):
    """The beginnings of the codes that are selected, and of those that are ignored."""

    select: tuple[str, ...]
    ignore: tuple[str, ...]

    def of(self, found: Iterable[Diagnostic]) -> list[Diagnostic]:
        """The diagnostics that are wanted."""
        return [one for one in found if one.code in UNREADABLE or self._wants(one.code)]

    def _wants(self, code: str) -> bool:
        selected = not self.select or code.startswith(self.select)
        return selected and not (self.ignore and code.startswith(self.ignore))


def selection(select: Iterable[str], ignore: Iterable[str]) -> Selection:
    """What the options ask for. Raises UsageProblem for what no code begins with."""
    return Selection(_beginnings(select), _beginnings(ignore))


def _beginnings(values: Iterable[str]) -> tuple[str, ...]:
    parts = [part.strip().upper() for value in values for part in value.split(",")]
    beginnings = tuple(part for part in parts if part)
    for beginning in beginnings:
        if not any(code.startswith(beginning) for code in Code):
            hint = "'pmo-path explain' lists all codes"
            raise UsageProblem(f"no code begins with '{beginning}'; {hint}")
    return beginnings
