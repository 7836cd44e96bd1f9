"""Find a role, competence, course or domain by its id, name or alias."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from pmo_path.domain.errors import UsageProblem
from pmo_path.domain.names import fold, nearest
from pmo_path.domain.shared_names import shared_name

if TYPE_CHECKING:
    from collections.abc import Container

    from pmo_path.domain.framework import Framework
    from pmo_path.domain.names import NameIndex

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
    shared = shared_name(framework, text)
    if shared is not None:
        raise UsageProblem(shared.sentence)
    known = {fold(label): label for *_, index in kinds for label in index.labels()}
    hint = (
        nearest(text, known.values(), _NEAR) or "'pmo-path show' lists the roles and competences"
    )
    raise UsageProblem(f"no role, competence, course or domain is called '{text}'; {hint}")
