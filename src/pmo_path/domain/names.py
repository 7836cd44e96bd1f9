"""Finding a thing by what people call it: its id, its name or an alias, whatever the case."""

from __future__ import annotations

import unicodedata
from difflib import get_close_matches
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class Named(NamedTuple):
    """Everything one thing may be called; the first of `labels` is its name."""

    id: str
    labels: tuple[str, ...]


def fold(text: str) -> str:
    """The form in which two spellings are compared: case, width, spaces and dashes do not count."""
    words = unicodedata.normalize("NFKC", text).casefold().replace("-", " ").replace("_", " ")
    return " ".join(words.split())


class NameIndex:
    """Ids by everything they may be called."""

    def __init__(self, things: Iterable[Named]) -> None:
        self._ids: dict[str, str] = {}
        self._known: dict[str, str] = {}
        for thing in things:
            for label in (thing.id, *thing.labels):
                self._ids.setdefault(fold(label), thing.id)
                self._known.setdefault(fold(label), label)

    def find(self, text: str) -> str | None:
        """The id of what `text` names, or None."""
        return self._ids.get(fold(text))

    def labels(self) -> tuple[str, ...]:
        """Everything that is known, as it was written."""
        return tuple(self._known.values())

    def suggest(self, text: str) -> str:
        """A hint for a name that is not known: `did you mean '…'?`, or an empty string."""
        return did_you_mean(text, self._known)


def did_you_mean(text: str, known: Mapping[str, str]) -> str:
    """A hint naming the nearest of `known` (folded form to shown form), or an empty string."""
    near = get_close_matches(fold(text)[:80], known, n=1, cutoff=0.6)
    return f"did you mean '{known[near[0]]}'?" if near else ""


def nearest(text: str, choices: Iterable[str]) -> str:
    """A hint naming the nearest of `choices`, or an empty string."""
    return did_you_mean(text, {fold(choice): choice for choice in choices})
