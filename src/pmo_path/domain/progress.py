"""How a long run tells whoever looks on what it is doing, and how far it has come."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Share = Callable[[], float | None]
"""Tells how much of a step is done, from 0 to 1, or None where that is not known."""
Watch = Callable[[str, Share | None], None]
"""Is told each step as it begins."""
T = TypeVar("T")


def unwatched(_step: str, _share: Share | None) -> None:
    """Nobody looks on."""


def watched(things: Sequence[T], step: str, watch: Watch) -> Iterator[T]:
    """Each of the things in turn; the step is told, and how many of them are done with."""
    done = 0
    watch(step, lambda: done / len(things))
    for done, thing in enumerate(things):  # noqa: B007  the share is told of it
        yield thing
