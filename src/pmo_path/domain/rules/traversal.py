"""Iterate over entries that several rules check, each with its path in the file."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from pmo_path.domain.competences import Competence
    from pmo_path.domain.diagnostics import Path
    from pmo_path.domain.framework import Framework, Requirement
    from pmo_path.domain.training import Range


SCALE: Path = ("scale",)
"""The path that a finding depends on if a change of the scale's levels may cause it."""


def competence(key: str) -> Path:
    """The path that a finding depends on if a change to a competence, anywhere, may cause it."""
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
        for competence, levels in training.ranges.items():
            yield ("training", key, "develops", competence), levels


def named_competences(framework: Framework) -> Iterator[tuple[Path, str]]:
    """Every id of a competence in a role or a course."""
    for path, _ in chain(requirements(framework), ranges(framework)):
        yield path, str(path[-1])
    for key, training in framework.training.items():
        for position, competence in enumerate(training.without_levels):
            yield ("training", key, "develops", position), competence


def named_roles(framework: Framework) -> Iterator[tuple[Path, str]]:
    """Every id of a role in a career path, or among the roles that a course is for."""
    for path, roles in role_lists(framework):
        for position, role in enumerate(roles):
            yield (*path, position), role


def role_lists(framework: Framework) -> Iterator[tuple[Path, tuple[str, ...]]]:
    """Every list of ids of roles, in career paths and in courses."""
    for key, role in framework.roles.items():
        yield ("roles", key, "leads_to"), role.leads_to
    for key, training in framework.training.items():
        yield ("training", key, "for_roles"), training.for_roles


def developed_lists(framework: Framework) -> Iterator[tuple[Path, tuple[str, ...]]]:
    """Every list of ids of competences that a course develops between levels that are not known."""
    for key, training in framework.training.items():
        yield ("training", key, "develops"), training.without_levels


def prerequisite_lists(framework: Framework) -> Iterator[tuple[Path, tuple[str, ...]]]:
    """Every list of what a course presupposes: ids of other courses, and texts."""
    for key, training in framework.training.items():
        yield ("training", key, "prerequisites"), training.prerequisites


def aliases(framework: Framework) -> Iterator[tuple[Path, str, str, tuple[str, ...]]]:
    """Every entry that may have aliases: its path, the key of its name, the name, the aliases."""
    for path, competence in competences(framework):
        yield path, "name", competence.name, competence.aliases
    for key, role in framework.roles.items():
        yield ("roles", key), "name", role.name, role.aliases
    for key, training in framework.training.items():
        yield ("training", key), "title", training.title, training.aliases


def highest_required(framework: Framework) -> dict[str, Decimal]:
    """The highest level that any role requires of each competence, above the scale's lowest.

    In a framework without roles, people may aim at any level, so it is the top of the scale.
    """
    if not framework.roles:
        return dict.fromkeys(framework.competences, framework.levels[-1])
    highest: dict[str, Decimal] = {}
    for path, requirement in requirements(framework):
        key = str(path[-1])
        if requirement.level > highest.get(key, framework.levels[0]):
            highest[key] = requirement.level
    return highest
