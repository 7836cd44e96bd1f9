"""Rules on references: what a role, a course or a career path names must exist."""

from __future__ import annotations

import re
from graphlib import CycleError
from typing import TYPE_CHECKING, NamedTuple

from pmo_path.domain.codes import Code
from pmo_path.domain.diagnostics import Finding
from pmo_path.domain.limits import MAX_COURSES_BEFORE
from pmo_path.domain.names import Spelling, looks_like
from pmo_path.domain.rules import traversal
from pmo_path.domain.rules.registry import error_rule
from pmo_path.domain.training import courses_before

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pmo_path.domain.diagnostics import Path
    from pmo_path.domain.framework import Framework
    from pmo_path.domain.names import NameIndex

_LIKE_AN_ID = re.compile(r"[a-z0-9]+([-_][a-z0-9]+)+")
_SHOWN_OF_A_CIRCLE = 6
_SHOWN_OF_A_NAME = 3


@error_rule("domains")
def unknown_competences(framework: Framework) -> Iterator[Finding]:
    """A role or a course names a competence that no domain has."""
    kind = _Kind(
        Code.UNKNOWN_COMPETENCE,
        "domains",
        "competence",
        "add it to a domain, or take the entry out",
    )
    return _unknown(
        kind,
        traversal.named_competences(framework),
        {
            key: ("domains", domain, "competences", key)
            for key, domain in framework.domain_of.items()
        },
        framework.competence_names,
    )


@error_rule("roles")
def unknown_roles(framework: Framework) -> Iterator[Finding]:
    """A career path, a course or another role names a role that does not exist."""
    kind = _Kind(Code.UNKNOWN_ROLE, "roles", "role", "add the role, or take it out")
    return _unknown(
        kind,
        traversal.named_roles(framework),
        {key: ("roles", key) for key in framework.roles},
        framework.role_names,
    )


@error_rule("training")
def unknown_training(framework: Framework) -> Iterator[Finding]:
    """A prerequisite is written as the id of a course that does not exist.

    A prerequisite may also be words, so only one word with hyphens, or one that nearly is the id
    of a course, counts as an id.
    """
    kind = _Kind(
        Code.UNKNOWN_COURSE,
        "training",
        "training",
        "add the course, or name it in words, with spaces",
    )
    written_as_ids = (
        (path, text)
        for path, text in traversal.prerequisites(framework)
        if not any(map(str.isspace, text))
    )
    courses: Mapping[str, Path] = {key: ("training", key) for key in framework.training}
    for finding in _unknown(kind, written_as_ids, courses):
        if finding.related or _LIKE_AN_ID.fullmatch(str(finding.missing[-1])):
            yield finding


class _Kind(NamedTuple):
    """A kind of entries that others name."""

    code: Code
    """The code of a reference to one that does not exist."""
    section: str
    noun: str
    fix: str
    """What to do where no entry is meant."""


def _unknown(
    kind: _Kind,
    references: Iterable[tuple[Path, str]],
    entries: Mapping[str, Path],
    names: NameIndex | None = None,
) -> Iterator[Finding]:
    """A finding for each reference that is not in `entries`.

    `entries` are paths by id; `names` suggest ids.
    """
    spelling = Spelling.of(entries)
    for path, text in references:
        if text in entries:
            continue
        named = None if names is None else names.find(text)
        near = named or spelling.nearest(text)
        yield Finding(
            code=kind.code,
            message=f"there is no {kind.noun} '{text}'",
            path=path,
            at_key=kind.section == "domains" and not isinstance(path[-1], int),
            hint=_one_of(() if names is None else names.candidates(text))
            or _meant(text, near, named=named is not None)
            or kind.fix,
            # The entry that may be meant; it may also be the misspelt one of the two.
            related=None if near is None else (entries[near], f"'{near}' is here"),
            missing=(kind.section, text),
        )


def _meant(written: str, near: str | None, *, named: bool) -> str:
    if near is None:
        return ""
    if looks_like(written, near):
        return f"it looks like '{near}', which is typed with other characters; copy it from there"
    return f"write its id, '{near}'" if named else f"did you mean '{near}'?"


def _one_of(ids: Sequence[str]) -> str:
    """A hint for a name that domains share, by the ids that it may mean; empty without any."""
    quoted = [f"'{key}'" for key in ids[:_SHOWN_OF_A_NAME]]
    return f"write the id: {' or '.join(quoted)}" if ids else ""


@error_rule()
def circles(framework: Framework) -> Iterator[Finding]:
    """Career paths, prerequisites or extended roles that lead back to where they began."""
    roles = framework.roles.items()
    extended = {key: (role.extends,) if role.extends else () for key, role in roles}
    ahead = {key: role.leads_to for key, role in roles}
    before = {key: course.prerequisites for key, course in framework.training.items()}
    yield from _circles(extended, "roles", "extends")
    yield from _circles(ahead, "roles", "leads_to")
    yield from _circles(before, "training", "prerequisites")


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
