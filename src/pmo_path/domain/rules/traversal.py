"""Iterate over entries that several rules check, each with its path in the file."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from pmo_path.domain.diagnostics import Path
    from pmo_path.domain.framework import Competence, Framework, Range, Requirement


SCALE: Path = ("scale",)
"""What a finding rests on that a change of the scale's levels may cause."""


def competence(key: str) -> Path:
    """What a finding rests on that a change about a competence, anywhere, may cause."""
    return ("domains", key)


def competences(framework: Framework) -> Iterator[tuple[Path, Competence]]:
    """Every competence of every domain."""
    for domain_key, domain in framework.domains.items():
        for key, competence in domain.competences.items():
            yield ("domains", domain_key, "competences", key), competence


def requirements(framework: Framework) -> Iterator[tuple[Path, Requirement]]:
    """Every requirement of every role; its path ends in the competence's id."""
    for key, role in framework.roles.items():
        for competence, requirement in role.requires.items():
            yield ("roles", key, "requires", competence), requirement


def ranges(framework: Framework) -> Iterator[tuple[Path, Range]]:
    """Every range that a course develops; its path ends in the competence's id."""
    for key, training in framework.training.items():
        for competence, levels in training.develops.items():
            yield ("training", key, "develops", competence), levels


def highest_required(framework: Framework) -> dict[str, Decimal]:
    """The highest level that any role requires of each competence, above the scale's lowest."""
    highest: dict[str, Decimal] = {}
    for path, requirement in requirements(framework):
        key = str(path[-1])
        if requirement.level > highest.get(key, framework.levels[0]):
            highest[key] = requirement.level
    return highest
