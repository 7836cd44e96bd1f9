"""Find competences by the headings and cells of a table."""

from __future__ import annotations

import re
from collections import defaultdict
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from pmo_path.domain.names import Spelling, fold_accents, one_letter_off

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from collections.abc import Set as AbstractSet

    from pmo_path.domain.framework import Framework

NUMBERED = re.compile(r" ?\([0-9]+\)$")
"""What programs put behind a heading that they have had before."""
_NEARLY = 0.75
_MUCH_LIKE = 0.85
_NO_NAME = 2
"""A name this short is not searched for inside longer texts."""
_LONG_NAME = 6
"""Letters of a name from which on a letter more or less is a slip, and not another word."""
_NO_WORD = re.compile(r"[^\w\s]")


class Names:
    """The names of a framework's competences and of a mapping; accents do not count."""

    def __init__(self, framework: Framework, mapping: Mapping[str, str]) -> None:
        self._as_written = framework.competence_names
        self._ids: dict[str, str] = {}
        for key, competence in framework.competences.items():
            for label in (key, competence.name, *competence.aliases):
                self._ids.setdefault(fold_accents(label), key)
        self.mapping = {fold_accents(heading): target for heading, target in mapping.items()}
        self._spelling = Spelling.of(self._ids)
        self._labels = {_words(label): key for label, key in self._ids.items()}
        phrases = {phrase: label for label in self._ids if " " in (phrase := _words(label))}
        self._of_several_words = Spelling(phrases)
        self._lengths = {len(phrase) + off for phrase in phrases for off in (-1, 0, 1)}
        self._longest = max(self._lengths, default=0)
        self._most_words = max((phrase.count(" ") for phrase in self._labels), default=0) + 1
        self._within: dict[str, str | None] = {}
        self._words: dict[str, set[str]] = defaultdict(set)
        for label, key in self._labels.items():
            self._words[key].update(label.split())

    def find(self, text: str) -> str | None:
        """The competence with this name."""
        return self._as_written.find(text) or self._ids.get(fold_accents(text))

    def mapped(self, text: str) -> str | None:
        """What the mapping gives for a heading, or for a competence in a long table."""
        return self.mapping.get(fold_accents(text))

    def words_of(self, competence: str) -> AbstractSet[str]:
        """The words in all names of a competence."""
        return self._words[competence]

    def within(self, heading: str) -> str | None:
        """The competence whose name is part of a heading; None for none or more than one."""
        if heading not in self._within:
            competences = {
                self._labels[label] for label in self._named_in(_words(fold_accents(heading)))
            }
            self._within[heading] = competences.pop() if len(competences) == 1 else None
        return self._within[heading]

    def _named_in(self, text: str) -> Iterator[str]:
        """Yield the names in a text, as whole words; 'risk management' wins over 'risk'."""
        parts = text.split()
        start = 0
        while start < len(parts):
            most = min(len(parts), start + self._most_words)
            phrases = (" ".join(parts[start:end]) for end in range(most, start, -1))
            name = next(
                (
                    phrase
                    for phrase in phrases
                    if phrase in self._labels and len(phrase) > _NO_NAME
                ),
                "",
            )
            if name:
                yield name
            start += name.count(" ") + 1

    def nearly_within(self, heading: str) -> str | None:
        """The name of several words that a part of a heading is one letter off.

        None if a longer name is part of the heading.
        """
        parts = _words(fold_accents(heading)).split()
        named = max((len(name) for name in self._named_in(" ".join(parts))), default=0)
        for start in range(len(parts)):
            for end in range(start + 1, len(parts) + 1):
                some = " ".join(parts[start:end])
                if len(some) > self._longest:
                    break
                if len(some) not in self._lengths or some in self._labels:
                    continue
                near = max(self._of_several_words.one_letter_off(some), key=len, default="")
                if len(near) > named:
                    return near
        return None

    def nearest(self, heading: str) -> str | None:
        """The name that a heading nearly is, with most letters in common; None for no such name."""
        folded = fold_accents(heading)
        near = self._spelling.nearest(folded)
        if near is None or SequenceMatcher(None, folded, near).ratio() < _NEARLY:
            return None
        return near


def is_another_word(heading: str, name: str) -> bool:
    """Whether a heading is a different word that only resembles a name of one word."""
    folded, other = fold_accents(heading), fold_accents(name)
    is_word = " " not in folded and " " not in other
    return is_word and SequenceMatcher(None, folded, other).ratio() < _MUCH_LIKE


def is_slip(heading: str, name: str) -> bool:
    """Whether a heading is a misspelt name: at most one letter off in each word."""
    parts, name_parts = fold_accents(heading).split(), fold_accents(name).split()
    joined, whole = "".join(parts), "".join(name_parts)
    if len(whole) < _LONG_NAME:
        return False
    return one_letter_off(joined, whole) or (
        len(parts) == len(name_parts) and all(map(one_letter_off, parts, name_parts))
    )


def _words(text: str) -> str:
    """The text without punctuation, with single spaces between words."""
    return " ".join(_NO_WORD.sub(" ", text).split())
