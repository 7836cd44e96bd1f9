"""Requirements that a role takes over from the role that it extends.

They are merged as data, like an overlay over its base: by competence and by key, and `null` removes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from pmo_path.domain.codes import Code
from pmo_path.domain.diagnostics import Finding
from pmo_path.domain.names import nearest
from pmo_path.readers.overlay import EXTENDS, long_form

if TYPE_CHECKING:
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


def inherit(data: Any) -> Inherited:
    """Resolve `extends` of every role; `data` is not validated yet, so it may have any shape.

    A role that extends an unknown one has its own requirements alone.
    """
    roles = data.get("roles") if isinstance(data, Mapping) else None
    if not isinstance(roles, Mapping) or not any(_base_of(role) for role in roles.values()):
        return Inherited(data, {}, ())
    inheritance = _Inheritance(data, roles)
    resolved = {key: inheritance.resolved(key) for key in roles}
    return Inherited({**data, "roles": resolved}, inheritance.origins, tuple(inheritance.findings))


def _base_of(role: Any) -> str | None:
    base = role.get(EXTENDS) if isinstance(role, Mapping) else None
    return base if isinstance(base, str) else None


class _Inheritance:
    def __init__(self, data: Mapping[Any, Any], roles: Mapping[Any, Any]) -> None:
        self._roles = roles
        self._known = _competences(data)
        self.origins: dict[Path, Path] = {}
        self.findings: list[Finding] = []

    def resolved(self, key: Any) -> Any:
        """The role with all of its requirements."""
        role = self._roles[key]
        chain = self._chain(key)
        if _base_of(role) is None or not all(map(self._is_readable, chain)):
            return role
        requires: dict[Any, Any] = {}
        origins: dict[Any, Path] = {}
        for step in reversed(chain):
            own = self._roles[step].get("requires") or {}
            if step == key and len(chain) > 1:
                self._check_removals(key, own, requires)
            for competence, requirement in own.items():
                if requirement is None:
                    requires.pop(competence, None)
                else:
                    requires[competence] = _merged(requires.get(competence), requirement)
                    origins[competence] = ("roles", str(step), "requires", str(competence))
        for competence, origin in origins.items():
            if origin[1] != str(key):
                self.origins["roles", str(key), "requires", str(competence)] = origin
        return {**role, "requires": requires}

    def _chain(self, key: Any) -> list[Any]:
        """The role and those that it extends, each once."""
        chain = [key]
        while (base := _base_of(self._roles[chain[-1]])) in self._roles:
            if base in chain:
                break
            chain.append(base)
        return chain

    def _is_readable(self, key: Any) -> bool:
        role = self._roles[key]
        return isinstance(role, Mapping) and isinstance(role.get("requires") or {}, Mapping)

    def _check_removals(
        self, key: Any, own: Mapping[Any, Any], inherited: Mapping[Any, Any]
    ) -> None:
        for competence, requirement in own.items():
            # An overlay may remove what its base has, whether or not the role takes it over.
            if requirement is None and not (competence in inherited or competence in self._known):
                self.findings.append(
                    Finding(
                        code=Code.NOT_IN_BASE,
                        message=f"the role '{_base_of(self._roles[key])}', which this one extends, "
                        f"does not require '{competence}'",
                        path=("roles", str(key), "requires", str(competence)),
                        at_key=True,
                        hint=nearest(str(competence), map(str, inherited)) or "take this line out",
                    )
                )


def _competences(data: Mapping[Any, Any]) -> dict[Any, Any]:
    domains = data.get("domains")
    found: dict[Any, Any] = {}
    for domain in domains.values() if isinstance(domains, Mapping) else ():
        competences = domain.get("competences") if isinstance(domain, Mapping) else None
        found |= competences if isinstance(competences, Mapping) else {}
    return found


def _merged(before: Any, requirement: Any) -> Any:
    if before is None:
        return requirement
    before, requirement = long_form(before, "level"), long_form(requirement, "level")
    if not (isinstance(before, Mapping) and isinstance(requirement, Mapping)):
        return requirement
    merged = {**before, **requirement}
    return {key: value for key, value in merged.items() if value is not None or key not in before}
