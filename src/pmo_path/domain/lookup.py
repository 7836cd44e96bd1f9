"""Find a role, competence, course or domain by its id, name or alias."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from pmo_path.domain.errors import UsageProblem
from pmo_path.domain.names import fold, nearest

if TYPE_CHECKING:
    from pmo_path.domain.framework import Framework


_NEAR = 0.7
"""Any word may be looked up, so a suggestion must be nearer than for a misspelt reference."""


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


def find(framework: Framework, text: str) -> Entry:
    """The role, competence, course or domain known by an id, name or alias.

    An exact id wins over names. Raises UsageProblem if no entry, or more than one, is called
    that.
    """
    by_id = {
        EntryKind.ROLE: framework.roles,
        EntryKind.COMPETENCE: framework.competences,
        EntryKind.TRAINING: framework.training,
        EntryKind.DOMAIN: framework.domains,
    }
    indexes = {
        EntryKind.ROLE: framework.role_names,
        EntryKind.COMPETENCE: framework.competence_names,
        EntryKind.TRAINING: framework.training_names,
        EntryKind.DOMAIN: framework.domain_names,
    }
    exact = [Entry(kind, text) for kind, entries in by_id.items() if text in entries]
    named = [
        Entry(kind, key)
        for kind, index in indexes.items()
        if (key := index.find(text)) is not None
    ]
    matches = exact or named
    if len(matches) == 1:
        return matches[0]
    if matches:
        choices = ", ".join(f"{match.id} ({match.kind})" for match in matches)
        raise UsageProblem(f"'{text}' is ambiguous; use an id: {choices}")
    known = {fold(label): label for index in indexes.values() for label in index.labels()}
    hint = (
        nearest(text, known.values(), _NEAR) or "'pmo-path show' lists the roles and competences"
    )
    raise UsageProblem(f"no role, competence, course or domain is called '{text}'; {hint}")
