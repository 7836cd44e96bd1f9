"""What competences may be called in sheets of people."""

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
"""So few letters are no name where they stand among others."""
_LONG_NAME = 6
"""Letters of a name from which on a letter more or less is a slip, and not another word."""
_NO_WORD = re.compile(r"[^\w\s]")


class Names:
    """What the headings of a framework's sheets may be called; accents do not count."""

    def __init__(self, framework: Framework, mapping: Mapping[str, str]) -> None:
        self._ids: dict[str, str] = {}
        for key, competence in framework.competences.items():
            for label in (key, competence.name, *competence.aliases):
                self._ids.setdefault(fold_accents(label), key)
        self.mapping = {fold_accents(heading): said for heading, said in mapping.items()}
        self._spelling = Spelling.of(self._ids)
        self._labels = {_words(label): key for label, key in self._ids.items()}
        several = {one: label for label in self._ids if " " in (one := _words(label))}
        self._of_several_words = Spelling(several)
        self._lengths = {len(one) + off for one in several for off in (-1, 0, 1)}
        self._longest = max(self._lengths, default=0)
        self._most_words = max((one.count(" ") for one in self._labels), default=0) + 1
        self._within: dict[str, str | None] = {}
        self._words: dict[str, set[str]] = defaultdict(set)
        for label, key in self._labels.items():
            self._words[key].update(label.split())

    def find(self, text: str) -> str | None:
        """The competence that a heading is the name of."""
        return self._ids.get(fold_accents(text))

    def mapped(self, text: str) -> str | None:
        """What the mapping says of a heading, or of a competence in a long sheet."""
        return self.mapping.get(fold_accents(text))

    def words_of(self, competence: str) -> AbstractSet[str]:
        """The words of everything that a competence is called."""
        return self._words[competence]

    def within(self, heading: str) -> str | None:
        """The one competence whose name stands in a longer heading as whole words."""
        if heading not in self._within:
            found = {
                self._labels[label] for label in self._named_in(_words(fold_accents(heading)))
            }
            self._within[heading] = found.pop() if len(found) == 1 else None
        return self._within[heading]

    def _named_in(self, said: str) -> Iterator[str]:
        """The names in a text, as whole words; 'risk management' goes before 'risk'."""
        words = said.split()
        start = 0
        while start < len(words):
            most = min(len(words), start + self._most_words)
            several = (" ".join(words[start:end]) for end in range(most, start, -1))
            name = next(
                (one for one in several if one in self._labels and len(one) > _NO_NAME), ""
            )
            if name:
                yield name
            start += name.count(" ") + 1

    def nearly_within(self, heading: str) -> str | None:
        """A name of several words that words in a heading are one letter away from.

        None when a longer name stands there as it is.
        """
        words = _words(fold_accents(heading)).split()
        named = max((len(one) for one in self._named_in(" ".join(words))), default=0)
        for start in range(len(words)):
            for end in range(start + 1, len(words) + 1):
                some = " ".join(words[start:end])
                if len(some) > self._longest:
                    break
                if len(some) not in self._lengths or some in self._labels:
                    continue
                near = max(self._of_several_words.one_letter_off(some), key=len, default="")
                if len(near) > named:
                    return near
        return None

    def nearest(self, heading: str) -> str | None:
        """The name that a heading nearly is; one that only resembles it is another thing."""
        said = fold_accents(heading)
        near = self._spelling.nearest(said)
        if near is None or SequenceMatcher(None, said, near).ratio() < _NEARLY:
            return None
        return near


def is_another_word(heading: str, name: str) -> bool:
    """Whether a heading is a word that only resembles a name of one word."""
    said, wanted = fold_accents(heading), fold_accents(name)
    is_word = " " not in said and " " not in wanted
    return is_word and SequenceMatcher(None, said, wanted).ratio() < _MUCH_LIKE


def is_slip(heading: str, name: str) -> bool:
    """Whether a heading is a name with a slip of the pen: at most one letter off in each word."""
    words, wanted = fold_accents(heading).split(), fold_accents(name).split()
    joined, whole = "".join(words), "".join(wanted)
    if len(whole) >= _LONG_NAME and one_letter_off(joined, whole):
        return True
    return (
        len(words) == len(wanted)
        and len(whole) >= _LONG_NAME
        and all(map(one_letter_off, words, wanted))
    )


def _words(text: str) -> str:
    """The words of a text, with a space between them."""
    return " ".join(_NO_WORD.sub(" ", text).split())
