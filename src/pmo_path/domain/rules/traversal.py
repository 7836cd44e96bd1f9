"""Iterate over entries that several rules check, each with its path in the file."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

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
    """Every id of a role in a career path, among the roles of a course, or that a role extends."""
    for path, ids in role_lists(framework):
        for position, target in enumerate(ids):
            yield (*path, position), target
    for key, role in framework.roles.items():
        if role.extends is not None:
            yield ("roles", key, "extends"), role.extends


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


def prerequisites(framework: Framework) -> Iterator[tuple[Path, str]]:
    """Every id of a course, and every text, in what a course presupposes."""
    for key, training in framework.training.items():
        for position, prerequisite in enumerate(training.prerequisites):
            yield ("training", key, "prerequisites", position), prerequisite


class NamedEntry(NamedTuple):
    """A domain, competence, role or course with all of its names."""

    kind: str
    """The plural of what it is."""
    id: str
    path: Path
    name: str
    aliases: tuple[str, ...] = ()
    domain: str = ""
    """The domain within which its names must be unique; empty for the whole framework."""

    @property
    def name_path(self) -> Path:
        """The path of its name."""
        return (*self.path, "title" if self.path[0] == "training" else "name")


def named_entries(framework: Framework) -> Iterator[NamedEntry]:
    """Every entry that has a name; a competence in a second domain gets an id of its own."""
    for key, domain in framework.domains.items():
        yield NamedEntry("domains", key, ("domains", key), domain.name)
    for path, item in competences(framework):
        domain_key, key = str(path[1]), str(path[-1])
        owner = key if framework.domain_of[key] == domain_key else f"{domain_key}.{key}"
        yield NamedEntry("competences", owner, path, item.name, item.aliases, domain_key)
    for key, role in framework.roles.items():
        yield NamedEntry("roles", key, ("roles", key), role.name, role.aliases)
    for key, course in framework.training.items():
        yield NamedEntry("courses", key, ("training", key), course.title, course.aliases)


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
