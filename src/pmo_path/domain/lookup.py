"""Finding one thing of a framework by what people call it, whatever kind of thing it is."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from pmo_path.domain.errors import UsageProblem
from pmo_path.domain.names import fold, nearest

if TYPE_CHECKING:
    from pmo_path.domain.framework import Framework


class EntryKind(StrEnum):
    """The kinds of thing that a framework holds; `FRAMEWORK` is the whole."""

    FRAMEWORK = "framework"
    ROLE = "role"
    COMPETENCE = "competence"
    TRAINING = "training"
    DOMAIN = "domain"


class Found(NamedTuple):
    """One thing of a framework."""

    kind: EntryKind
    id: str


def overview(framework: Framework) -> Found:
    """The framework itself."""
    return Found(EntryKind.FRAMEWORK, framework.framework.id)


def find(framework: Framework, text: str) -> Found:
    """The role, competence, course or domain known by an id, name or alias.

    An exact id wins over names. Raises UsageProblem when nothing, or more than one thing, is
    known by it.
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
    exact = [Found(kind, text) for kind, things in by_id.items() if text in things]
    named = [
        Found(kind, found)
        for kind, index in indexes.items()
        if (found := index.find(text)) is not None
    ]
    hits = exact or named
    if len(hits) == 1:
        return hits[0]
    if hits:
        choices = ", ".join(f"{hit.id} ({hit.kind})" for hit in hits)
        raise UsageProblem(f"'{text}' is the name of several things; use an id: {choices}")
    known = {fold(label): label for index in indexes.values() for label in index.labels()}
    hint = nearest(text, known.values()) or "'pmo-path show' lists the roles and competences"
    raise UsageProblem(f"there is nothing called '{text}'; {hint}")
