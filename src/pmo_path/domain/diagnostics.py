"""Diagnostics: a mistake in an input, with its place, a stable code and what to do about it.

Standard library only, so that the edge can import it without loading the models.
"""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

Path = tuple[str | int, ...]
"""Where in a document: keys and positions from the top, as pydantic's `loc` has them."""


class Severity(IntEnum):
    """How much a diagnostic matters; errors make an input unusable, warnings are advice."""

    ERROR = 0
    WARNING = 1

    @property
    def word(self) -> str:
        """The word shown to people."""
        return self.name.lower()


class Place(NamedTuple):
    """A place in a text file; line and column count from 1, columns in characters.

    Line 0 stands for the file as a whole.
    """

    file: str
    line: int = 0
    column: int = 0


class Finding(NamedTuple):
    """What a rule found, before anyone knows at which line it stands."""

    code: str
    message: str
    path: Path = ()
    at_key: bool = False
    """Point at the key that names the thing, not at its value."""
    hint: str = ""
    severity: Severity = Severity.ERROR
    related: tuple[Path, str] | None = None
    """A second place that is part of the mistake, and what it is."""
    wanted: Path = ()
    """What the file refers to but does not have: its kind's top-level key, and its id."""
    rests_on: tuple[Path, ...] = ()
    """What else decides whether it is found, likeliest first, each written as in `wanted`."""

    def under(self, prefix: Path) -> Finding:
        """The same finding seen from further up in the document."""
        return self._replace(path=(*prefix, *self.path))


class Diagnostic(NamedTuple):
    """One mistake, ready to be shown: where, what, and what to do."""

    place: Place
    code: str
    severity: Severity
    message: str
    hint: str = ""
    path: Path = ()
    source_line: str = ""
    related: tuple[Place, str] | None = None


def in_order(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """The diagnostics by file, line, column and code, each once."""
    return tuple(
        sorted(
            dict.fromkeys(diagnostics),
            key=lambda found: (found.place, found.severity, found.code, found.message),
        )
    )
