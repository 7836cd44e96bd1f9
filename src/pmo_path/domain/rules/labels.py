"""The rule on names: nothing of one kind is known as something else is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_path.domain.diagnostics import Finding
from pmo_path.domain.names import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pmo_path.domain.diagnostics import Path
    from pmo_path.domain.framework import Framework


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
