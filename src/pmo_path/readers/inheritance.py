"""Requirements that a role takes over from the role that it extends.

They are merged as data, like an overlay over its base: by competence and by key, and `null` removes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from pmo_path.domain.codes import Code
from pmo_path.domain.diagnostics import Finding
from pmo_path.domain.limits import MAX_REQUIREMENTS
from pmo_path.domain.names import nearest
from pmo_path.readers.overlay import EXTENDS, long_form

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pmo_path.domain.diagnostics import Path

_REQUIREMENT = 4
"""The length of the path to a requirement: `roles`, role, `requires`, competence."""


class Inherited(NamedTuple):
    """A framework's data in which every role has all of its requirements."""

    data: Any
    origins: Mapping[Path, Path]
    """Where a requirement is in the file, by where a role has it that takes it over."""
    findings: tuple[Finding, ...]
    """Requirements that a role removes and the role that it extends does not have."""

    def at_origin(self, finding: Finding) -> Finding:
        """The finding at the places in the file."""
        related = finding.related
        return finding._replace(
            path=self._origin(finding.path),
            related=related and (self._origin(related[0]), related[1]),
        )

    def _origin(self, path: Path) -> Path:
        origin = self.origins.get(path[:_REQUIREMENT])
        return path if origin is None else (*origin, *path[_REQUIREMENT:])


def inherit(data: Any) -> Inherited | Finding:
    """Resolve `extends` of every role; `data` is not validated yet, so it may have any shape.

    A role that extends an unknown one has its own requirements alone. A finding if there are too
    many requirements in all.
    """
    roles = data.get("roles") if isinstance(data, Mapping) else None
    if not isinstance(roles, Mapping) or not any(map(_base_of, roles.values())):
        return Inherited(data, {}, ())
    inheritance = _Inheritance(data, roles)
    for key in _bases_first(roles):
        inheritance.resolve(key)
        if inheritance.count > MAX_REQUIREMENTS:
            return _too_many(key)
    return inheritance.result()


def _too_many(role: Any) -> Finding:
    most = f"{MAX_REQUIREMENTS:,}"
    message = f"there are more than {most} requirements, with those that roles take over"
    path = ("roles", str(role), EXTENDS)
    return Finding(Code.TOO_LARGE, message, path, hint="let fewer roles extend others")


def _base_of(role: Any) -> str | None:
    base = role.get(EXTENDS) if isinstance(role, Mapping) else None
    return base if isinstance(base, str) else None


def _bases_first(roles: Mapping[Any, Any]) -> Iterator[Any]:
    """Every role once, behind the one that it extends unless they extend each other in a circle."""
    done: set[Any] = set()
    for start in roles:
        trail: dict[Any, None] = {}
        key = start
        while key in roles and key not in done and key not in trail:
            trail[key] = None
            key = _base_of(roles[key])
        yield from reversed(trail)
        done.update(trail)


class _Inheritance:
    def __init__(self, data: Mapping[Any, Any], roles: Mapping[Any, Any]) -> None:
        self._data, self._roles = data, roles
        self._known = _competences(data)
        self._requires: dict[Any, Mapping[Any, Any] | None] = {}
        """All requirements of the roles so far; None for a role that cannot be read."""
        self._owners: dict[Any, Mapping[Any, Any]] = {}
        """The role that has each of these requirements in the file."""
        self._findings: list[Finding] = []
        self.count = 0
        """The number of all requirements so far."""

    def resolve(self, key: Any) -> None:
        """Give a role its requirements and those that it takes over, which are resolved already."""
        role = self._roles[key]
        base = _base_of(role)
        own = (role.get("requires") or {}) if isinstance(role, Mapping) else None
        inherited = self._requires.get(base, {})
        if not isinstance(own, Mapping) or inherited is None:
            self._requires[key] = None
            return
        if base in self._requires:
            self._check_removals(key, own, inherited)
        requires = dict(inherited)
        owners = dict(self._owners.get(base, {}))
        for competence, requirement in own.items():
            if requirement is None:
                requires.pop(competence, None)
            else:
                requires[competence] = _merged(requires.get(competence), requirement)
                owners[competence] = key
        self._requires[key], self._owners[key] = requires, owners
        self.count += len(requires)

    def result(self) -> Inherited:
        """The data with all roles resolved."""
        roles = {
            key: role
            if _base_of(role) is None or self._requires[key] is None
            else {**role, "requires": self._requires[key]}
            for key, role in self._roles.items()
        }
        origins = {
            _path(key, competence): _path(owner, competence)
            for key, owners in self._owners.items()
            for competence, owner in owners.items()
            if owner != key
        }
        return Inherited({**self._data, "roles": roles}, origins, tuple(self._findings))

    def _check_removals(
        self, key: Any, own: Mapping[Any, Any], inherited: Mapping[Any, Any]
    ) -> None:
        for competence, requirement in own.items():
            # An overlay may remove what its base has, whether or not the role takes it over.
            if requirement is None and not (competence in inherited or competence in self._known):
                base = f"the role '{_base_of(self._roles[key])}', which this one extends,"
                message = f"{base} does not require '{competence}'"
                hint = nearest(str(competence), map(str, inherited)) or "take this line out"
                path = _path(key, competence)
                self._findings.append(
                    Finding(Code.NOT_IN_BASE, message, path, at_key=True, hint=hint)
                )


def _path(role: Any, competence: Any) -> Path:
    return ("roles", str(role), "requires", str(competence))


def _competences(data: Mapping[Any, Any]) -> dict[Any, Any]:
    domains = data.get("domains")
    known: dict[Any, Any] = {}
    for domain in domains.values() if isinstance(domains, Mapping) else ():
        competences = domain.get("competences") if isinstance(domain, Mapping) else None
        known |= competences if isinstance(competences, Mapping) else {}
    return known


def _merged(before: Any, requirement: Any) -> Any:
    if before is None:
        return requirement
    before, requirement = long_form(before, "level"), long_form(requirement, "level")
    if not (isinstance(before, Mapping) and isinstance(requirement, Mapping)):
        return requirement
    merged = {**before, **requirement}
    return {key: value for key, value in merged.items() if value is not None or key not in before}
