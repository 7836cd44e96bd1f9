"""Progress reporting for long-running commands."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Share = Callable[[], float | None]
"""Returns the share of a step that is done, from 0 to 1, or None if it is unknown."""
Progress = Callable[[str, Share | None], None]
"""Called with the name of each step as it begins."""
T = TypeVar("T")


def no_progress(_step: str, _share: Share | None) -> None:
    """Report no progress."""


def track(items: Sequence[T], step: str, progress: Progress) -> Iterator[T]:
    """Yield the items in order, and report `step` and the share of them that is done."""
    done = 0
    progress(step, lambda: done / len(items))
    for done, item in enumerate(items):  # noqa: B007  the share reads it
        yield item
