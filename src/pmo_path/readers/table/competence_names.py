"""Find competences by the headings and cells of a table."""

from __future__ import annotations

import re
from collections import defaultdict
from difflib import SequenceMatcher
from functools import cached_property
from itertools import product
from typing import TYPE_CHECKING

from pmo_path.domain.lookup import shared_name
from pmo_path.domain.names import (
    Named,
    NameIndex,
    Spelling,
    fold_accents,
    one_letter_off,
    qualified,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from collections.abc import Set as AbstractSet

    from pmo_path.domain.framework import Framework
    from pmo_path.domain.lookup import SharedName

NUMBERED = re.compile(r" ?\([0-9]+\)$")
"""What programs put behind a heading that they have had before."""
_NEARLY = 0.75
_MUCH_LIKE = 0.85
_EXAMPLES = 3
_NO_NAME = 2
"""A name this short is not searched for inside longer texts."""
_LONG_NAME = 6
"""Letters of a name from which on a letter more or less is a slip, and not another word."""
_NO_WORD = re.compile(r"[^\w\s]")


class Names(NameIndex):
    """The names of a framework's competences and of a mapping; accents do not count."""

    def __init__(self, framework: Framework, mapping: Mapping[str, str]) -> None:
        entries = tuple(_without_accents(framework))
        super().__init__(entries)
        self._framework, self._as_written = framework, framework.competence_names
        self.mapping = {fold_accents(heading): target for heading, target in mapping.items()}
        ids = _by_label(entries)
        self._of_headings = Spelling.of(ids)
        phrases = {phrase: label for label in ids if " " in (phrase := _words(label))}
        self._of_several_words = Spelling(phrases)
        self._lengths = {len(phrase) + off for phrase in phrases for off in (-1, 0, 1)}
        self._longest = max(self._lengths, default=0)
        self._labels = {_words(label): keys for label, keys in ids.items()}
        """The competences by the words of a name; of a shared name, also with its domains."""
        for label, key in _in_domains(entries, ids):
            phrase = _words(label)
            self._labels[phrase] = tuple(dict.fromkeys((*self._labels.get(phrase, ()), key)))
        self._most_words = max((phrase.count(" ") for phrase in self._labels), default=0) + 1
        self._within: dict[str, str | None] = {}
        self._words = {
            entry.id: {word for label in entry.labels for word in _words(label).split()}
            for entry in entries
        }

    def ids(self, text: str) -> tuple[str, ...]:
        """All competences that a text may name; accents count only where that settles it."""
        return self._as_written.ids(text) or super().ids(fold_accents(text))

    def shared(self, text: str) -> SharedName | None:
        """Describe an ambiguous name; None for any other text."""
        candidates = self.candidates(text)
        return shared_name(self._framework, text, candidates) if candidates else None

    def named(self, text: str) -> str | None:
        """The competence with this name, or the folded name where several have it."""
        return self.find(text) or (fold_accents(text) if self.candidates(text) else None)

    def is_domain(self, text: str) -> bool:
        """Whether a text is the name of a domain."""
        return self._domain(text) is not None

    def in_domain(self, domain: str, text: str) -> str:
        """A name that only this domain's competence has, for an ambiguous one.

        Any other text comes back as it is, and so does one that the domain does not settle.
        """
        domain_id, domain_of = self._domain(domain), self._framework.domain_of
        ids = [key for key in self.candidates(text) if domain_of[key] == domain_id]
        name = qualified(domain.strip(), text.strip())
        if self.find(name) in ids:
            return name
        return ids[0] if len(ids) == 1 else text

    def _domain(self, text: str) -> str | None:
        return self._framework.domain_names.find(text) or self._domains.find(fold_accents(text))

    @cached_property
    def _domains(self) -> NameIndex:
        """The domains by names without accents."""
        return NameIndex(
            Named(key, (fold_accents(key), fold_accents(domain.name)))
            for key, domain in self._framework.domains.items()
        )

    def mapped(self, text: str) -> str | None:
        """What the mapping gives for a heading, or for a competence in a long table."""
        return self.mapping.get(fold_accents(text))

    def is_name(self, cell: str) -> bool:
        """Whether a cell is exactly the name of a competence, or named in the mapping."""
        return self.named(cell) is not None or self.mapped(cell) is not None

    def rated_in(self, cells: Iterable[str]) -> int:
        """Count the cells of a row that are headings of competences or named in the mapping."""
        return sum(self.is_name(cell) or self.within(cell) is not None for cell in cells)

    def examples(self) -> str:
        """The names of the framework's first competences, in quotes."""
        competences = list(self._framework.competences)[:_EXAMPLES]
        return ", ".join(f"'{self._framework.shown_name(key)}'" for key in competences)

    def words_of(self, competence: str) -> AbstractSet[str]:
        """The words in all names of a competence."""
        return self._words[competence]

    def within(self, heading: str) -> str | None:
        """The competence whose name is part of a heading; None for none or more than one."""
        if heading not in self._within:
            competences = set(map(self._labels.get, self._named_in(self._phrase(heading))))
            ids = competences.pop() if len(competences) == 1 else None
            self._within[heading] = ids[0] if ids and len(ids) == 1 else None
        return self._within[heading]

    def shared_within(self, heading: str) -> SharedName | None:
        """Describe the ambiguous name that is part of a heading, where no other name is."""
        phrases = set(self._named_in(self._phrase(heading)))
        phrase = phrases.pop() if len(phrases) == 1 else ""
        ids = self._labels.get(phrase, ())
        if len(ids) <= 1:
            return None
        competence = self._framework.competences[ids[0]]
        labels = (competence.name, *competence.aliases)
        name = next((label for label in labels if self._phrase(label) == phrase), phrase)
        return shared_name(self._framework, name, ids)

    @staticmethod
    def _phrase(heading: str) -> str:
        return _words(fold_accents(heading))

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
        near = self._of_headings.nearest(folded)
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


def _by_label(entries: Iterable[Named]) -> Mapping[str, tuple[str, ...]]:
    """The competences by each of their names."""
    ids: dict[str, dict[str, None]] = defaultdict(dict)
    for entry in entries:
        for label in entry.labels:
            ids[label][entry.id] = None
    return {label: tuple(keys) for label, keys in ids.items()}


def _without_accents(framework: Framework) -> Iterator[Named]:
    """Yield each competence with its id, names and domains, without accents."""
    for domain_id, domain in framework.domains.items():
        domains = (fold_accents(domain_id), fold_accents(domain.name))
        for key, competence in domain.competences.items():
            labels = (key, competence.name, *competence.aliases)
            yield Named(key, tuple(map(fold_accents, labels)), domains)


def _in_domains(
    entries: Iterable[Named], ids: Mapping[str, tuple[str, ...]]
) -> Iterator[tuple[str, str]]:
    """Yield each name that competences share with each name of its domain, and the competence."""
    shared = {label for label, keys in ids.items() if len(keys) > 1}
    for entry in entries:
        for domain, label in product(dict.fromkeys(entry.domains), dict.fromkeys(entry.labels)):
            if label in shared:
                yield qualified(domain, label), entry.id


def _words(text: str) -> str:
    """The text without punctuation, with single spaces between words."""
    return " ".join(_NO_WORD.sub(" ", text).split())
