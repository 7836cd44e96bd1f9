"""Finding a thing by what people call it: its id, its name or an alias, whatever the case."""

from __future__ import annotations

import unicodedata
from difflib import get_close_matches
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, NamedTuple, Self

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


MAX_COMPARED = 80
"""Characters of a name that count when the nearest is looked for."""
_HALF_WIDTH = {0x3000: " ", **{wide: chr(wide - 0xFEE0) for wide in range(0xFF01, 0xFF5F)}}


class Named(NamedTuple):
    """Everything one thing may be called; the first of `labels` is its name."""

    id: str
    labels: tuple[str, ...]


def fold(text: str) -> str:
    """The form in which two spellings are compared: case, width, spaces and dashes do not count."""
    spaced = unicodedata.normalize("NFKC", text).casefold().replace("-", " ").replace("_", " ")
    return " ".join(spaced.split())


@lru_cache(maxsize=10_000)
def fold_accents(text: str) -> str:
    """The folded form without accents, in which headings and names in tables are compared."""
    if text.isascii():
        return fold(text)
    decomposed = unicodedata.normalize("NFKD", text)
    return fold("".join(char for char in decomposed if not unicodedata.combining(char)))


def half_width(text: str) -> str:
    """The text with full-width characters, which East Asian keyboards type, as those they mean."""
    return text if text.isascii() else text.translate(_HALF_WIDTH)


def looks_like(text: str, other: str) -> bool:
    """Whether two different texts look the same: an umlaut may be one character or two."""
    return text != other and _as_seen(text) == _as_seen(other)


def _as_seen(text: str) -> str:
    """The text without characters that nobody sees, such as a zero-width space."""
    seen = (letter for letter in text if unicodedata.category(letter) != "Cf")
    return unicodedata.normalize("NFC", "".join(seen))


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
        return self._spelling.hint(text)

    @cached_property
    def _spelling(self) -> Spelling:
        return Spelling(self._known)


class Spelling:
    """Finds the known name that a misspelt one is nearest to.

    Comparing a name with every known one costs too much once there are many of either. So names
    that become equal when each loses at most one character are looked up in an index (the idea of
    symmetric deletion), and the slower comparison is kept for few names and few questions.
    """

    MANY = 300
    """Known names from which on only the index is asked."""

    def __init__(self, known: Mapping[str, str]) -> None:
        """`known` leads from the folded form of a name to the form shown."""
        self._known = known
        self._questions = 0

    @classmethod
    def of(cls, names: Iterable[str]) -> Self:
        """The spelling of names that are shown as they are."""
        return cls({fold(name): name for name in names})

    def hint(self, text: str) -> str:
        """`did you mean '…'?`, or an empty string when nothing is near."""
        near = self.nearest(text)
        return f"did you mean '{near}'?" if near is not None else ""

    def nearest(self, text: str) -> str | None:
        """The known name that `text` is nearest to, as it is shown."""
        folded = fold(text[:MAX_COMPARED])[:MAX_COMPARED]
        self._questions += 1
        few = len(self._known) <= self.MANY and self._questions <= self.MANY
        choices: Iterable[str] = self._known if few else self._by_deletion(folded)
        near = get_close_matches(folded, choices, n=1, cutoff=0.7)
        return self._known[near[0]] if near else None

    def one_letter_off(self, text: str) -> list[str]:
        """The known names that `text` becomes when each of the two loses at most one character."""
        return [
            self._known[candidate] for candidate in self._by_deletion(fold(text)[:MAX_COMPARED])
        ]

    def _by_deletion(self, folded: str) -> list[str]:
        matches = (self._shortened.get(form, ()) for form in _shorter_by_one(folded))
        return list(dict.fromkeys(name for names in matches for name in names))[: self.MANY]

    @cached_property
    def _shortened(self) -> Mapping[str, list[str]]:
        shortened: dict[str, list[str]] = {}
        for name in self._known:
            for form in _shorter_by_one(name[:MAX_COMPARED]):
                shortened.setdefault(form, []).append(name)
        return shortened


def one_letter_off(text: str, other: str) -> bool:
    """Whether two texts become equal when each loses at most one character."""
    return not _shorter_by_one(text).isdisjoint(_shorter_by_one(other))


def _shorter_by_one(text: str) -> set[str]:
    return {text, *(text[:index] + text[index + 1 :] for index in range(len(text)))}


def nearest(text: str, choices: Iterable[str]) -> str:
    """A hint naming the nearest of `choices`, or an empty string."""
    return Spelling.of(choices).hint(text)
