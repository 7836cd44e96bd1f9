"""Which diagnostics are wanted, by code or by how a code begins."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pmo_path.domain.errors import UsageProblem

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from pmo_path.domain.diagnostics import Diagnostic

UNREADABLE = frozenset({"PMO101", "PMO102"})
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


def selection(select: Iterable[str], ignore: Iterable[str], codes: Collection[str]) -> Selection:
    """What the options ask for. Raises UsageProblem for what no code begins with."""
    return Selection(_beginnings(select, codes), _beginnings(ignore, codes))


def _beginnings(given: Iterable[str], codes: Collection[str]) -> tuple[str, ...]:
    wanted = [part.strip().upper() for one in given for part in one.split(",") if part.strip()]
    for one in wanted:
        if not any(code.startswith(one) for code in codes):
            raise UsageProblem(f"no code begins with '{one}'; 'pmo-path explain' lists all codes")
    return tuple(wanted)
