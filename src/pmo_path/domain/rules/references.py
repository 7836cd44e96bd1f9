"""Rules on references: what a role, a course or a career path names must exist."""

from __future__ import annotations

import re
from graphlib import CycleError
from typing import TYPE_CHECKING

from pmo_path.domain.codes import Code
from pmo_path.domain.courses import courses_before
from pmo_path.domain.diagnostics import Finding
from pmo_path.domain.limits import MAX_COURSES_BEFORE
from pmo_path.domain.names import Spelling, looks_like
from pmo_path.domain.rules import traversal
from pmo_path.domain.rules.registry import error_rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pmo_path.domain.diagnostics import Path
    from pmo_path.domain.framework import Framework

_LIKE_AN_ID = re.compile(r"[a-z0-9]+([-_][a-z0-9]+)+")
_SHOWN_OF_A_CIRCLE = 6
_SHOWN_OF_A_NAME = 3


@error_rule("domains")
def unknown_competences(framework: Framework) -> Iterator[Finding]:
    """A role or a course names a competence that no domain has."""
    spelling = Spelling.of(framework.competences)
    for path, competence in traversal.named_competences(framework):
        if competence not in framework.competences:
            named = framework.competence_names.find(competence)
            near = named or spelling.nearest(competence)
            yield Finding(
                code=Code.UNKNOWN_COMPETENCE,
                message=f"there is no competence '{competence}'",
                path=path,
                at_key=not isinstance(path[-1], int),
                hint=_one_of(framework.competence_names.candidates(competence))
                or _meant(competence, near, named=named is not None)
                or "add it to a domain, or take the entry out",
                related=_defined(near, "domains", framework.domain_of.get(near or "", "")),
                missing=("domains", competence),
            )


@error_rule("roles")
def unknown_roles(framework: Framework) -> Iterator[Finding]:
    """A career path leads to a role that does not exist, or a course is for such a role."""
    spelling = Spelling.of(framework.roles)
    for path, target in traversal.named_roles(framework):
        if target not in framework.roles:
            named = framework.role_names.find(target)
            near = named or spelling.nearest(target)
            yield Finding(
                code=Code.UNKNOWN_ROLE,
                message=f"there is no role '{target}'",
                path=path,
                hint=_meant(target, near, named=named is not None)
                or "add the role, or take it out of the list",
                related=_defined(near, "roles"),
                missing=("roles", target),
            )


@error_rule("training")
def unknown_training(framework: Framework) -> Iterator[Finding]:
    """A prerequisite is written as the id of a course that does not exist.

    A prerequisite may also be words, so only one word with hyphens, or one that nearly is the id
    of a course, counts as an id.
    """
    spelling = Spelling.of(framework.training)
    for key, training in framework.training.items():
        for position, prerequisite in enumerate(training.prerequisites):
            if prerequisite in framework.training or any(map(str.isspace, prerequisite)):
                continue
            near = spelling.nearest(prerequisite)
            if near or _LIKE_AN_ID.fullmatch(prerequisite):
                yield Finding(
                    code=Code.UNKNOWN_COURSE,
                    message=f"there is no training '{prerequisite}'",
                    path=("training", key, "prerequisites", position),
                    hint=_meant(prerequisite, near)
                    or "add the course, or name it in words, with spaces",
                    related=_defined(near, "training"),
                    missing=("training", prerequisite),
                )


def _meant(written: str, near: str | None, *, named: bool = False) -> str:
    if near is None:
        return ""
    if looks_like(written, near):
        return f"it looks like '{near}', which is typed with other characters; copy it from there"
    return f"write its id, '{near}'" if named else f"did you mean '{near}'?"


def _one_of(ids: Sequence[str]) -> str:
    """A hint for a name that domains share, by the ids that it may mean; empty without any."""
    quoted = [f"'{key}'" for key in ids[:_SHOWN_OF_A_NAME]]
    return f"write the id: {' or '.join(quoted)}" if ids else ""


def _defined(near: str | None, kind: str, domain: str = "") -> tuple[Path, str] | None:
    """The place of the id that may be meant; it may also be the misspelt one of the two."""
    if near is None:
        return None
    within = (kind, domain, "competences") if domain else (kind,)
    return (*within, near), f"'{near}' is here"


@error_rule("roles")
def unknown_extended_roles(framework: Framework) -> Iterator[Finding]:
    """A role extends a role that does not exist."""
    spelling = Spelling.of(framework.roles)
    for key, role in framework.roles.items():
        if role.extends is not None and role.extends not in framework.roles:
            named = framework.role_names.find(role.extends)
            near = named or spelling.nearest(role.extends)
            yield Finding(
                code=Code.UNKNOWN_ROLE,
                message=f"there is no role '{role.extends}'",
                path=("roles", key, "extends"),
                hint=_meant(role.extends, near, named=named is not None)
                or "add the role, or take this out",
                related=_defined(near, "roles"),
                missing=("roles", role.extends),
            )


@error_rule()
def circles(framework: Framework) -> Iterator[Finding]:
    """Career paths, prerequisites or extended roles that lead back to where they began."""
    yield from _circles(
        {key: (role.extends,) if role.extends else () for key, role in framework.roles.items()},
        "roles",
        "extends",
    )
    yield from _circles(
        {key: role.leads_to for key, role in framework.roles.items()}, "roles", "leads_to"
    )
    yield from _circles(
        {key: course.prerequisites for key, course in framework.training.items()},
        "training",
        "prerequisites",
    )


@error_rule()
def long_chains(framework: Framework) -> Iterator[Finding]:
    """A course that presupposes so many others that nobody could take them all."""
    try:
        before = courses_before(framework.training)
    except CycleError:
        return  # which is reported as such
    long = {key: None for key, courses in before.items() if len(courses) > MAX_COURSES_BEFORE}
    for key in long:
        # What comes behind such a course is a consequence.
        if long.keys().isdisjoint(framework.training[key].prerequisites):
            yield Finding(
                code=Code.INVALID_VALUE,
                message=f"more than {MAX_COURSES_BEFORE} courses come before '{key}'",
                path=("training", key, "prerequisites"),
                at_key=True,
                hint="take some out, or name them in words, with spaces",
            )


def _circles(edges: Mapping[str, tuple[str, ...]], section: str, field: str) -> Iterator[Finding]:
    done: set[str] = set()
    for start in edges:
        if start not in done:
            for trail, position in _ways_back(start, edges, done):
                path: Path = (section, trail[-1], field)
                yield _circle(trail, path if field == "extends" else (*path, position))


def _ways_back(
    start: str, edges: Mapping[str, tuple[str, ...]], done: set[str]
) -> Iterator[tuple[list[str], int]]:
    """Each step, reached from `start`, that closes a circle: the circle, and the step's position.

    A depth-first search with a stack of its own, since a career path may be longer than Python
    recurses.
    """
    trail = {start: iter(enumerate(edges[start]))}
    while trail:
        role = next(reversed(trail))
        position, target = next(trail[role], (0, None))
        if target is None:
            del trail[role]
            done.add(role)
        elif target in trail:
            names = list(trail)
            yield names[names.index(target) :], position
        elif target in edges and target not in done:
            trail[target] = iter(enumerate(edges[target]))


def _circle(names: list[str], path: Path) -> Finding:
    shown = names[:_SHOWN_OF_A_CIRCLE]
    left_out = ["…"] if len(names) > len(shown) else []
    return Finding(
        code=Code.CIRCULAR_REFERENCE,
        message="this leads round in a circle: " + " → ".join([*shown, *left_out, names[0]]),
        path=path,
        hint="take one of these steps out",
        rests_on=tuple((str(path[0]), name) for name in shown),
    )
