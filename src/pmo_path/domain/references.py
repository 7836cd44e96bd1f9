"""References of a result to an entry of the framework."""

from __future__ import annotations

from typing import NamedTuple


class Reference(NamedTuple):
    """An entry of the framework: a competence, role, course, domain or band."""

    id: str
    """Its id in the framework."""
    name: str
    """The name shown."""
