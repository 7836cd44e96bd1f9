"""Find entries by id, name or alias, suggest the nearest known name, and make ids from names."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from difflib import get_close_matches
from functools import cached_property, lru_cache
from itertools import product
from typing import TYPE_CHECKING, NamedTuple, Self

from pmo_path.domain.limits import MAX_ID

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping

MAX_COMPARED = 80
"""The number of characters compared when looking for the nearest name."""
BETWEEN_NAMES = " / "
"""What is between the domain and the name where a competence is named by both."""
_SLASH = re.compile(r" ?/ ?")
_SHARP_S = re.compile("[ßẞ]")
FULL_WIDTH = 0xFEE0
"""How far full-width characters are from the ASCII ones that they stand for."""
_HALF_WIDTH = {0x3000: " ", **{wide: chr(wide - FULL_WIDTH) for wide in range(0xFF01, 0xFF5F)}}


class Named(NamedTuple):
    """An entry's id and labels: its name first, then its aliases."""

    id: str
    labels: tuple[str, ...]
    domains: tuple[str, ...] = ()
    """The id and the name of the domain within which the labels are unique; else empty."""


def fold(text: str) -> str:
    """Fold a name for comparison: ignore case, width, spaces and dashes."""
    spaced = unicodedata.normalize("NFKC", text).casefold().replace("-", " ").replace("_", " ")
    return " ".join(spaced.split())


def fold_word(text: str) -> str:
    """Fold a name as `fold` does, but keep ß apart from ss: Maße are not Masse."""
    return (
        "ß".join(fold(part) for part in _SHARP_S.split(text))
        if _SHARP_S.search(text)
        else fold(text)
    )


@lru_cache(maxsize=10_000)
def fold_accents(text: str) -> str:
    """Fold a name for comparison, ignoring accents too, as for headings and names in tables."""
    if text.isascii():
        return fold(text)
    decomposed = unicodedata.normalize("NFKD", text)
    return fold("".join(char for char in decomposed if not unicodedata.combining(char)))


def half_width(text: str) -> str:
    """The text with full-width characters, as East Asian keyboards type, replaced by ASCII ones."""
    return text if text.isascii() else text.translate(_HALF_WIDTH)


def looks_like(text: str, other: str) -> bool:
    """Whether two different texts look the same: an umlaut may be one character or two."""
    return text != other and _as_seen(text) == _as_seen(other)


def _as_seen(text: str) -> str:
    """The text without invisible characters, such as a zero-width space."""
    seen = (letter for letter in text if unicodedata.category(letter) != "Cf")
    return unicodedata.normalize("NFC", "".join(seen))


def qualified(domain: str, name: str) -> str:
    """The name of a competence together with its domain: `Domain / Name`."""
    return f"{domain}{BETWEEN_NAMES}{name}"


def fold_qualified(folded: str) -> str:
    """A folded `Domain / Name` without the blanks around the slash, which are optional."""
    return _SLASH.sub("/", folded)


class NameIndex:
    """An index of ids by id, name and alias, and by `Domain / Name` for entries of domains."""

    def __init__(self, entries: Iterable[Named]) -> None:
        self._entries = tuple(entries)
        self._exact: dict[str, tuple[str, ...]] = {}
        self._folded: dict[str, tuple[str, ...]] = {}
        """As `_exact`, with names that differ only in ß and ss together."""
        self._known: dict[str, str] = {}
        for entry in self._entries:
            for label in (entry.id, *entry.labels):
                _add(self._exact, fold_word(label), entry.id)
                _add(self._folded, fold(label), entry.id)
                self._known.setdefault(fold(label), label)

    def find(self, text: str) -> str | None:
        """The id that `text` names, or None for none or more than one."""
        ids = self.ids(text)
        return ids[0] if len(ids) == 1 else None

    def candidates(self, text: str) -> tuple[str, ...]:
        """The ids of all entries that an ambiguous name may mean; empty for any other text."""
        ids = self.ids(text)
        return ids if len(ids) > 1 else ()

    def ids(self, text: str) -> tuple[str, ...]:
        """The ids of all entries that `text` may name, as a name or as `Domain / Name`."""
        folded = fold(text)
        ids = self._exact.get(fold_word(text)) or self._folded.get(folded) or ()
        if "/" not in folded:
            return ids
        others = self._with_slash.get(fold_qualified(folded), {})
        # A name of its own counts beside domain and name, but not as another spelling of a name.
        in_domains = (key for key, is_in_domain in others.items() if is_in_domain or not ids)
        return tuple(dict.fromkeys((*ids, *in_domains)))

    @cached_property
    def _with_slash(self) -> Mapping[str, Mapping[str, bool]]:
        """The ids by folded `Domain / Name`, and by names with a slash of their own.

        With each id comes whether it is known by domain and name.
        """
        names: dict[str, dict[str, bool]] = defaultdict(dict)
        for entry in self._entries:
            labels = (entry.id, *entry.labels)
            for label in labels:
                names[fold_qualified(fold(label))].setdefault(entry.id, False)
            for domain, label in product(entry.domains, labels):
                names[fold_qualified(fold(qualified(domain, label)))][entry.id] = True
        return names

    def labels(self) -> tuple[str, ...]:
        """All known names as they were written."""
        return tuple(self._known.values())

    def suggest(self, text: str) -> str:
        """A hint for an unknown name: `did you mean '…'?`, or an empty string."""
        return self._spelling.hint(text)

    @cached_property
    def _spelling(self) -> Spelling:
        return Spelling(self._known)


def _add(index: dict[str, tuple[str, ...]], name: str, key: str) -> None:
    ids = index.get(name, ())
    if key not in ids:
        index[name] = (*ids, key)


NEAR = 0.6
"""The least similarity of a suggestion, from 0 to 1, as `difflib` counts."""


class Spelling:
    """Finds the known name nearest to a misspelt one.

    Comparing a name with every known one costs too much once there are many of either. So names
    that become equal when each loses at most one character are looked up in an index (the idea of
    symmetric deletion), and the slower comparison is kept for few names and few questions.
    """

    MANY = 300
    """With more known names than this, only the index is used."""

    def __init__(self, known: Mapping[str, str]) -> None:
        """`known` leads from the folded form of a name to the form shown."""
        self._known = known
        self._questions = 0

    @classmethod
    def of(cls, names: Iterable[str]) -> Self:
        """Suggestions for names that are shown as written."""
        return cls({fold(name): name for name in names})

    def hint(self, text: str, cutoff: float = NEAR) -> str:
        """`did you mean '…'?`, or an empty string when nothing is near."""
        near = self.nearest(text, cutoff)
        return f"did you mean '{near}'?" if near is not None else ""

    def nearest(self, text: str, cutoff: float = NEAR) -> str | None:
        """The known name nearest to `text`, as it is shown; `cutoff` is the least similarity."""
        folded = fold(text[:MAX_COMPARED])[:MAX_COMPARED]
        self._questions += 1
        few = len(self._known) <= self.MANY and self._questions <= self.MANY
        choices: Iterable[str] = self._known if few else self._by_deletion(folded)
        near = get_close_matches(folded, choices, n=1, cutoff=cutoff)
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


def nearest(text: str, choices: Iterable[str], cutoff: float = NEAR) -> str:
    """A hint naming the nearest of `choices`, or an empty string."""
    return Spelling.of(choices).hint(text, cutoff)


def slug(name: str, default: str) -> str:
    """An id from a name: `Größe & Form` becomes `grosse-form`; `default` for one without letters.

    Letters of any script and digits stay, in lower case and without accents.
    """
    decomposed = unicodedata.normalize("NFKD", name).casefold()
    letters = (letter for letter in decomposed if not unicodedata.combining(letter))
    spaced = "".join(letter if letter.isalnum() else " " for letter in letters)
    composed = unicodedata.normalize("NFC", "-".join(spaced.split()))
    return composed[:MAX_ID].strip("-") or default


def free_id(candidates: Iterable[str], taken: Container[str]) -> str:
    """The first candidate that is not taken; else the last one with a number behind it."""
    last = ""
    for candidate in candidates:
        last = candidate[:MAX_ID].strip("-")
        if last not in taken:
            return last
    number = 2
    while (numbered := f"{last[: MAX_ID - len(f'-{number}')]}-{number}") in taken:
        number += 1
    return numbered
