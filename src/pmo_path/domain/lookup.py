"""Find an entry by its id, name or alias; what to write for a name that domains share."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from pmo_path.domain.errors import UsageProblem
from pmo_path.domain.names import fold, nearest, qualified

if TYPE_CHECKING:
    from collections.abc import Container, Sequence

    from pmo_path.domain.framework import Framework
    from pmo_path.domain.names import NameIndex

_NEAR = 0.7
"""Any word may be looked up, so a suggestion must be nearer than for a misspelt reference."""
_MOST_SHOWN = 5
ANY = "any"
"""The word that stands for all roles."""


class EntryKind(StrEnum):
    """The kinds of entries of a framework; `FRAMEWORK` is the whole."""

    FRAMEWORK = "framework"
    ROLE = "role"
    COMPETENCE = "competence"
    TRAINING = "training"
    DOMAIN = "domain"


class Entry(NamedTuple):
    """An entry of a framework."""

    kind: EntryKind
    id: str


def overview(framework: Framework) -> Entry:
    """The framework itself."""
    return Entry(EntryKind.FRAMEWORK, framework.framework.id)


def means_any_role(framework: Framework, text: str) -> bool:
    """Return whether `text` means all roles; it does not if the framework has a role of that name."""
    return fold(text) == ANY and framework.role_names.find(text) is None


def find(framework: Framework, text: str) -> Entry:
    """The role, competence, course or domain known by an id, name or alias.

    An exact id wins over names. Raises UsageProblem if no entry, or more than one, is called
    that.
    """
    kinds: tuple[tuple[EntryKind, Container[str], NameIndex], ...] = (
        (EntryKind.ROLE, framework.roles, framework.role_names),
        (EntryKind.COMPETENCE, framework.competences, framework.competence_names),
        (EntryKind.TRAINING, framework.training, framework.training_names),
        (EntryKind.DOMAIN, framework.domains, framework.domain_names),
    )
    exact = [Entry(kind, text) for kind, ids, _ in kinds if text in ids]
    named = ((kind, index.find(text)) for kind, _, index in kinds)
    matches = exact or [Entry(kind, key) for kind, key in named if key is not None]
    if len(matches) == 1:
        return matches[0]
    if matches:
        choices = ", ".join(f"{match.id} ({match.kind})" for match in matches)
        raise UsageProblem(f"'{text}' is ambiguous; use an id: {choices}")
    ambiguous = ambiguous_name(framework, text)
    if ambiguous is not None:
        raise UsageProblem(ambiguous.sentence)
    known = {fold(label): label for *_, index in kinds for label in index.labels()}
    hint = (
        nearest(text, known.values(), _NEAR) or "'pmo-path show' lists the roles and competences"
    )
    raise UsageProblem(f"no role, competence, course or domain is called '{text}'; {hint}")


class AmbiguousName(NamedTuple):
    """An ambiguous competence name: what is wrong, and what to write instead."""

    message: str
    hint: str

    @property
    def sentence(self) -> str:
        """Message and hint in one sentence."""
        return f"{self.message}: {self.hint}"


def ambiguous_name(
    framework: Framework, text: str, ids: Sequence[str] = ()
) -> AmbiguousName | None:
    """Describe an ambiguous name of competences; None for any other text.

    `ids` are the competences that it may mean where a reader knows more of them than the
    framework, such as by a name without its accents.
    """
    keys = tuple(ids) or framework.competence_names.candidates(text)
    if not keys:
        return None
    names = [f"'{_in_domain(framework, key, text)}'" for key in keys]
    count = "two" if len(keys) == 2 else str(len(keys))  # noqa: PLR2004
    is_of_domains = len({framework.domain_of[key] for key in keys}) == len(keys)
    where = f"is in {count} domains" if is_of_domains else f"may mean {count} competences"
    return AmbiguousName(f"'{text}' {where}", f"write {_either(names)}")


def _in_domain(framework: Framework, key: str, text: str) -> str:
    """The competence with its domain: by this name if it is its own, else by its usual name."""
    competence, domain = framework.competences[key], framework.domains[framework.domain_of[key]]
    labels = (competence.name, *competence.aliases)
    label = next((label for label in labels if fold(label) == fold(text)), competence.name)
    name = qualified(domain.name, label)
    is_known = framework.competence_names.find(name) == key
    return name if is_known else framework.shown_name(key)


def _either(names: Sequence[str]) -> str:
    """`A, B or C`, with no more than a few of the names."""
    if len(names) > _MOST_SHOWN:
        return f"one of {', '.join(names[:_MOST_SHOWN])} and {len(names) - _MOST_SHOWN} more"
    return f"{', '.join(names[:-1])} or {names[-1]}"
