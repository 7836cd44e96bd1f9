"""What a framework must hold beyond its shape: references, order, names, levels.

Each rule is a generator over the framework; `RULES` lists them. A new rule is one function, one
bad example file and one line of documentation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import pairwise
from typing import TYPE_CHECKING

from pmo_path.domain.diagnostics import Finding, Path
from pmo_path.domain.framework import Framework, Requirement
from pmo_path.domain.levels import show_number
from pmo_path.domain.names import fold, nearest

if TYPE_CHECKING:
    from decimal import Decimal

Rule = Callable[[Framework], Iterator[Finding]]


def unknown_competences(framework: Framework) -> Iterator[Finding]:
    """A role or a course names a competence that no domain has."""
    for path in _competence_references(framework):
        competence = str(path[-1])
        if competence not in framework.competences:
            yield Finding(
                code="PMO301",
                message=f"there is no competence '{competence}'",
                path=path,
                at_key=True,
                hint=nearest(competence, framework.competences),
            )


def _competence_references(framework: Framework) -> Iterator[Path]:
    for key, role in framework.roles.items():
        for competence in role.requires:
            yield "roles", key, "requires", competence
    for key, training in framework.training.items():
        for competence in training.develops:
            yield "training", key, "develops", competence


def unknown_roles(framework: Framework) -> Iterator[Finding]:
    """A career path leads to a role that does not exist."""
    for key, role in framework.roles.items():
        for position, target in enumerate(role.leads_to):
            if target not in framework.roles:
                yield Finding(
                    code="PMO302",
                    message=f"there is no role '{target}'",
                    path=("roles", key, "leads_to", position),
                    hint=nearest(target, framework.roles),
                )


def must_have_above_level(framework: Framework) -> Iterator[Finding]:
    """A must-have asks more than the required level."""
    for path, requirement in _requirements(framework):
        if requirement.must_have is not None and requirement.must_have > requirement.level:
            yield Finding(
                code="PMO304",
                message=f"the must-have {show_number(requirement.must_have)} is above the required "
                f"level {show_number(requirement.level)}",
                path=(*path, "must_have"),
                hint="lower the must-have, or raise the level",
            )


def training_ranges(framework: Framework) -> Iterator[Finding]:
    """A course that does not lead from a lower level to a higher one."""
    for key, training in framework.training.items():
        for competence, levels in training.develops.items():
            if levels.from_ >= levels.to:
                yield Finding(
                    code="PMO305",
                    message=f"'from' ({show_number(levels.from_)}) must be below 'to' "
                    f"({show_number(levels.to)})",
                    path=("training", key, "develops", competence),
                    hint="swap the two, or take the entry out",
                )


def bands(framework: Framework) -> Iterator[Finding]:
    """Readiness bands that are not in order from best to worst, or leave a hole at 0."""
    entries = list(framework.readiness.items())
    for (_, above), (key, band) in pairwise(entries):
        if band.at_least >= above.at_least:
            yield Finding(
                code="PMO307",
                message=f"the band '{key}' starts at {show_number(band.at_least)}, which is not "
                f"below the band before it ({show_number(above.at_least)})",
                path=("readiness", key, "at_least"),
                hint="list the bands from best to worst",
            )
    last, band = entries[-1]
    if band.at_least != 0 or band.must_haves_missing is not None:
        yield Finding(
            code="PMO307",
            message="the last band must take everybody: 'at_least: 0' without a limit on must-haves",
            path=("readiness", last),
            at_key=True,
            hint="set 'at_least: 0' and take 'must_haves_missing' out",
        )


def shared_names(framework: Framework) -> Iterator[Finding]:
    """Two things of one kind that are known by the same name, alias or id."""
    for kind, labels in _labels(framework).items():
        first: dict[str, tuple[str, Path]] = {}
        for owner, label, path in labels:
            known, known_path = first.setdefault(fold(label), (owner, path))
            if known != owner:
                yield Finding(
                    code="PMO308",
                    message=f"two {kind} are known as '{label}': '{known}' and '{owner}'",
                    path=path,
                    at_key=label == owner,
                    hint="rename one of them, or take the alias out",
                    related=(known_path, f"'{known}' has it here"),
                )


def _labels(framework: Framework) -> Mapping[str, Iterable[tuple[str, str, Path]]]:
    def of(
        owner: str, here: Path, name_key: str, name: str, aliases: tuple[str, ...]
    ) -> Iterator[tuple[str, str, Path]]:
        yield owner, owner, here
        yield owner, name, (*here, name_key)
        for position, alias in enumerate(aliases):
            yield owner, alias, (*here, "aliases", position)

    return {
        "domains": [
            label
            for key, domain in framework.domains.items()
            for label in of(key, ("domains", key), "name", domain.name, ())
        ],
        "competences": [
            label
            for place, domain in framework.domains.items()
            for key, item in domain.competences.items()
            for label in of(
                f"{place}.{key}" if framework.domain_of[key] != place else key,
                ("domains", place, "competences", key),
                "name",
                item.name,
                item.aliases,
            )
        ],
        "roles": [
            label
            for key, role in framework.roles.items()
            for label in of(key, ("roles", key), "name", role.name, role.aliases)
        ],
        "courses": [
            label
            for key, item in framework.training.items()
            for label in of(key, ("training", key), "title", item.title, item.aliases)
        ],
    }


def roles_without_requirements(framework: Framework) -> Iterator[Finding]:
    """A role that asks nothing of anybody."""
    for key, role in framework.roles.items():
        lowest = framework.levels[0]
        if not any(requirement.level > lowest for requirement in role.requires.values()):
            yield Finding(
                code="PMO309",
                message=f"the role '{key}' requires nothing above the lowest level",
                path=("roles", key, "requires"),
                at_key=True,
                hint="add what it requires, or take the role out",
            )


def levels_off_the_scale(framework: Framework) -> Iterator[Finding]:
    """A level that the scale does not have, or a required level outside it."""
    for path, level in _exact_levels(framework):
        if level not in framework.scale:
            yield _off_scale(framework, path, level, at_key=True)
    low, high = framework.levels[0], framework.levels[-1]
    for path, level in _levels_between(framework):
        if not low <= level <= high:
            yield _off_scale(framework, path, level, at_key=False)


def _exact_levels(framework: Framework) -> Iterator[tuple[Path, Decimal]]:
    for domain_key, domain in framework.domains.items():
        for key, competence in domain.competences.items():
            here = ("domains", domain_key, "competences", key)
            for field, levels in (
                ("levels", competence.levels),
                ("experience", competence.experience),
            ):
                for level in levels:
                    yield (*here, field, show_number(level)), level


def _levels_between(framework: Framework) -> Iterator[tuple[Path, Decimal]]:
    for path, requirement in _requirements(framework):
        yield path, requirement.level
        if requirement.must_have is not None:
            yield (*path, "must_have"), requirement.must_have
    for key, training in framework.training.items():
        for competence, levels in training.develops.items():
            here = ("training", key, "develops", competence)
            yield (*here, "from"), levels.from_
            yield (*here, "to"), levels.to


def _off_scale(framework: Framework, path: Path, level: Decimal, *, at_key: bool) -> Finding:
    low, high = framework.levels[0], framework.levels[-1]
    return Finding(
        code="PMO310",
        message=f"the level {show_number(level)} is not on the scale",
        path=path,
        at_key=at_key,
        hint=f"the scale goes from {show_number(low)} to {show_number(high)}",
    )


def _requirements(framework: Framework) -> Iterator[tuple[Path, Requirement]]:
    for key, role in framework.roles.items():
        for competence, requirement in role.requires.items():
            yield ("roles", key, "requires", competence), requirement


RULES: tuple[Rule, ...] = (
    unknown_competences,
    unknown_roles,
    must_have_above_level,
    training_ranges,
    bands,
    shared_names,
    roles_without_requirements,
    levels_off_the_scale,
)


def check(framework: Framework) -> Iterator[Finding]:
    """Everything the rules find in a framework, in the rules' order."""
    for rule in RULES:
        yield from rule(framework)
