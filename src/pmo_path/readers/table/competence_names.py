"""Find competences by the headings and cells of a table."""

from __future__ import annotations

import re
from collections import defaultdict
from difflib import SequenceMatcher
from functools import cached_property
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

from pmo_path.domain.lookup import ambiguous_name
from pmo_path.domain.names import (
    Named,
    NameIndex,
    Spelling,
    fold_accents,
    one_letter_off,
    qualified,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from pmo_path.domain.framework import Framework
    from pmo_path.domain.lookup import AmbiguousName

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
_BRACKETS = re.compile(r"[\[(](?P<inside>[^\[\]()]*)[\])]")


class Inside(NamedTuple):
    """How a heading that is not a competence's name relates to a competence."""

    competence: str | None = None
    """The one whose name it holds."""
    is_whole: bool = False
    """Whether that name is all that a pair of brackets holds, or all around them."""
    about: str = ""
    """A word that says that it is about that competence, and does not rate it."""
    near: str | None = None
    """The name that something in it nearly is."""
    is_slip: bool = False
    """Whether that is a slip of the pen, and not another word."""
    ambiguous: AmbiguousName | None = None
    """The ambiguous name that it holds."""


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

    def ambiguous(self, text: str) -> AmbiguousName | None:
        """Describe an ambiguous name; None for any other text."""
        candidates = self.candidates(text)
        return ambiguous_name(self._framework, text, candidates) if candidates else None

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

    def inside(self, heading: str) -> Inside:
        """The competence that a longer heading names, or the name that a part of it nearly is.

        A long name that is nearly there wins over a shorter one that is exactly there.
        """
        brackets = [part["inside"] for part in _BRACKETS.finditer(heading)]
        parts = (heading, *brackets, _BRACKETS.sub(" ", heading))
        in_brackets = [key for part in brackets if (key := self.find(part))]
        exact = in_brackets[0] if len(in_brackets) == 1 else self.find(parts[-1])
        within = exact or self.within(heading)
        nearly = [self.nearest(part) for part in parts]
        nearly_within = self.nearly_within(heading)
        about = about_word(heading, self._own_words(within, *nearly, nearly_within))
        if about and within:
            return Inside(within, about=about)
        if exact is not None:
            return Inside(exact, is_whole=True)
        if not within and (ambiguous := self._ambiguous_part(parts)) is not None:
            return Inside() if about else Inside(ambiguous=ambiguous)
        if about:
            parts, nearly_within = (heading,), None
        for part, near in zip(parts, nearly, strict=False):
            if near is not None and within not in (self.ids(near) or [None]):
                return Inside(near=near, is_slip=is_slip(part, near))
        if nearly_within is not None and self.find(nearly_within) != within:
            return Inside(near=nearly_within, is_slip=True)
        return Inside(within)

    def _ambiguous_part(self, parts: Sequence[str]) -> AmbiguousName | None:
        """The ambiguous name that a part of a heading is, or that the heading, the first, holds."""
        heading, *others = parts
        ambiguous = next(filter(None, map(self.ambiguous, others)), None)
        return ambiguous or self.ambiguous_within(heading)

    def _own_words(self, *names: str | None) -> set[str]:
        """All words in the names of the competences with one of these names."""
        keys = (key for name in names if name is not None for key in self.ids(name))
        return {word for key in keys for word in self._words[key]}

    def within(self, heading: str) -> str | None:
        """The competence whose name is part of a heading; None for none or more than one."""
        if heading not in self._within:
            competences = set(map(self._labels.get, self._named_in(self._phrase(heading))))
            ids = competences.pop() if len(competences) == 1 else None
            self._within[heading] = ids[0] if ids and len(ids) == 1 else None
        return self._within[heading]

    def ambiguous_within(self, heading: str) -> AmbiguousName | None:
        """Describe the ambiguous name that is part of a heading, where no other name is."""
        phrases = set(self._named_in(self._phrase(heading)))
        phrase = phrases.pop() if len(phrases) == 1 else ""
        ids = self._labels.get(phrase, ())
        if len(ids) <= 1:
            return None
        competence = self._framework.competences[ids[0]]
        labels = (competence.name, *competence.aliases)
        name = next((label for label in labels if self._phrase(label) == phrase), phrase)
        return ambiguous_name(self._framework, name, ids)

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


# --- Headings about a competence that do not rate it ----------------------------------------------

_WORD = re.compile(r"\w+")
_ABOUT = frozenset(
    {
        # what somebody writes about a rating
        "comment", "comments", "evidence", "example", "examples", "explain", "feedback", "note",
        "notes", "points", "reason", "remark", "remarks", "why",
        "beispiel", "grund", "kommentar", "nachweis", "warum",
        # what is to be reached, and what is missing
        "demand", "desired", "expected", "gap", "goal", "ideal", "required", "target",
        "benchmark", "future", "potential", "req", "tgt",
        "bedarf", "erforderlich", "lucke", "soll", "wunsch", "ziel", "zielniveau", "zielwert",
        "attendu", "attendue", "cible", "objectif", "requis", "requise", "souhaite", "souhaitee",
        "deseado", "esperado", "exigido", "objetivo", "requerido",
        # how much it matters, to the job or to the person
        "confidence", "confident", "critical", "criticality", "importance", "important", "interest",
        "interested", "motivated", "motivation", "need", "needed", "needs", "priority",
        "relevance", "relevant", "want", "wanted", "weight", "weighting", "willing",
        "willingness", "wish", "wishes",
        "bedeutung", "gewicht", "gewichtung", "interesse", "interessiert", "prioritat", "relevanz", "sicher", "wichtig", "wichtigkeit",
        "difficulty", "enjoy", "rank", "ranking", "satisfaction", "satisfied", "importancia",
        # how often it is done
        "frequency", "frequently", "often", "haufig", "haufigkeit", "oft", "frequence",
        "frecuencia",
    }
)  # fmt: skip
"""Words that say that a heading is about a competence without rating it."""
_ABOUT_UNLESS_RATED = frozenset(
    {
        "certificate", "certificates", "certification", "certifications", "certified", "course",
        "courses", "day", "days", "hour", "hours", "learn", "month", "months", "training", "trainings",
        "spent", "week", "weeks", "workshop", "workshops", "year", "years",
        "jahr", "jahre", "jahren", "kurs", "kurse", "monate", "schulung", "schulungen", "stunden",
        "tage", "zertifikat",
    }
)  # fmt: skip
"""Words that say so unless it is rated by the same heading, as in `your level this year`."""
_RATED = frozenset(
    {
        "able", "competence", "competent", "good", "level", "proficiency", "proficient", "rate",
        "rating", "score", "skill", "skilled", "skills", "well",
        "bewerten", "bewertung", "einschatzung", "gut", "kompetenz", "niveau", "stufe",
    }
)  # fmt: skip


def about_word(heading: str, own: AbstractSet[str] = frozenset()) -> str:
    """The word that shows that a heading is not for ratings; empty without such a word.

    The competence's `own` words do not count.
    """
    words = [word for word in _WORD.findall(fold_accents(heading)) if word not in own]
    about = _ABOUT if not _RATED.isdisjoint(words) else _ABOUT | _ABOUT_UNLESS_RATED
    return next((word for word in words if word in about), "")
