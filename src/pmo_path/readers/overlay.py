"""Merge an overlay over its base: by id, lists replaced whole, `null` removes.

Also the positions in the files that are merged: a mistake is shown in the file that makes it.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain, pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from pmo_path.domain.codes import Code, Severity
from pmo_path.domain.diagnostics import Finding
from pmo_path.domain.names import nearest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pmo_path.domain.diagnostics import Path, Place
    from pmo_path.readers.parsed import Positions, SourceMap

EXTENDS = "extends"
_NAME_KEYS = {"domains": "name", "competences": "name", "roles": "name", "training": "title"}
"""The key that a new entry must have, by the mapping that holds the entry."""
_SECTIONS: dict[Any, str] = {
    "domains": "domains",
    "competences": "domains",
    "requires": "domains",
    "develops": "domains",
    "roles": "roles",
    "training": "training",
}
"""The top-level key of the entities that a mapping has by id."""


class Merged(NamedTuple):
    """The result of a merge."""

    data: dict[Any, Any]
    findings: tuple[Finding, ...]
    """Entries that the overlay removes or changes and the base does not have."""
    removed: Mapping[Path, Path]
    """Where the overlay removes an entity, by the entity's section and id."""
    changed: Mapping[Path, Path]
    """Where the overlay first changes, adds or removes an entity, keyed as `removed`; under
    `("scale",)`, where it first adds or removes a level or sets the baseline."""


def merge(base: Mapping[Any, Any], overlay: Mapping[Any, Any]) -> Merged:
    """`overlay` over `base`; neither is validated yet, so both may have any shape below the top."""
    merger = _Merger(_roles_of(base, overlay))
    data = merger.mapping(base, overlay, ())
    return Merged(data, tuple(merger.findings), merger.removed, merger.changed)


def _roles_of(*files: Mapping[Any, Any]) -> dict[Any, dict[Any, Any]]:
    """The keys of each role in any of the files."""
    roles: dict[Any, dict[Any, Any]] = {}
    for file in files:
        entries = file.get("roles")
        for key, role in entries.items() if isinstance(entries, Mapping) else ():
            if isinstance(role, Mapping):
                roles.setdefault(key, {}).update(role)
    return roles


class _Merger:
    def __init__(self, roles: Mapping[Any, Mapping[Any, Any]]) -> None:
        self.roles = roles
        self.findings: list[Finding] = []
        self.removed: dict[Path, Path] = {}
        self.changed: dict[Path, Path] = {}

    def mapping(
        self, base: Mapping[Any, Any], overlay: Mapping[Any, Any], path: Path
    ) -> dict[Any, Any]:
        merged = dict(base)
        for key, value in overlay.items():
            entry_path = (*path, key if isinstance(key, str | int) else str(key))
            if key not in base:
                if self._is_new(base, key, value, entry_path):
                    merged[key] = value
                    self._note_changed(value, entry_path)
            elif value is None:
                del merged[key]
                if self._is_inherited(entry_path):
                    merged[key] = None
                self._note_removed(base[key], entry_path)
                self._note_changed(base[key], entry_path)
            else:
                merged[key] = self._value(base[key], value, entry_path)
        # The order of bands and levels matters, so an overlay that names all of them sets it.
        if set(merged) <= set(overlay):
            return {key: merged[key] for key in overlay if key in merged}
        return merged

    def _value(self, base: Any, overlay: Any, path: Path) -> Any:
        short_for = _short_form_of(path)
        if short_for:
            base, overlay = long_form(base, short_for), long_form(overlay, short_for)
        if isinstance(base, Mapping) and isinstance(overlay, Mapping):
            return self.mapping(base, overlay, path)
        if path == ("baseline",):
            self.changed.setdefault(("scale",), path)
        key = path[-1]
        named = chain(_entities_in(base, key), _entities_in(overlay, key))
        for entity in chain(entities_on(path), named):
            self.changed.setdefault(entity, path)
        return overlay

    def _is_inherited(self, path: Path) -> bool:
        """Whether a path leads to a requirement that its role may take over from another one."""
        return _short_form_of(path) == "level" and EXTENDS in self.roles.get(path[1], {})

    def _is_new(self, base: Mapping[Any, Any], key: Any, value: Any, path: Path) -> bool:
        """Whether the overlay adds an entry, rather than naming one that the base lacks."""
        parent = path[-2] if len(path) > 1 else ""
        if value is None and self._is_inherited(path):
            return True  # it removes what the role would take over from the one that it extends
        name_key = _NAME_KEYS.get(str(parent)) if len(path) in {2, 4} else None
        is_change = name_key and isinstance(value, Mapping) and name_key not in value
        if value is not None and not is_change:
            return True
        verb = "take out" if value is None else "change"
        add = f"; to add it, give it a '{name_key}'" if is_change else ""
        message = f"there is no '{key}' in the base to {verb}{add}"
        near = nearest(str(key), map(str, base))
        hint = near or ("take this line out" if value is None else "")
        self.findings.append(Finding(Code.NOT_IN_BASE, message, path, at_key=True, hint=hint))
        return False

    def _note_changed(self, entry: Any, path: Path) -> None:
        """Note the entities that an added or removed entry belongs to or contains."""
        if path[0] == "scale" and len(path) == 2:  # noqa: PLR2004  a level
            self.changed.setdefault(("scale",), path)
        if path == ("baseline",):
            self.changed.setdefault(("scale",), path)
        for entity in chain(entities_on(path), _entities_in(entry, path[-1])):
            self.changed.setdefault(entity, path)

    def _note_removed(self, old: Any, path: Path) -> None:
        match path:
            case ("roles" | "training" as section, str(key)):
                self.removed[section, key] = path
            case ("domains", _, "competences", str(key)):
                self.removed["domains", key] = path
            case ("domains", _) if isinstance(old, Mapping):
                competences = old.get("competences")
                for key in competences if isinstance(competences, Mapping) else ():
                    self.removed["domains", str(key)] = path
            case _:
                pass


def entities_on(path: Path) -> Iterator[Path]:
    """The entities that a path leads through, each as its section and id."""
    for holder, key in pairwise(path):
        if holder in _SECTIONS:
            yield _SECTIONS[holder], str(key)


def _entities_in(entry: Any, key: str | int) -> Iterator[Path]:
    """The entities that an entry under `key` names by id, at any depth."""
    if isinstance(entry, tuple) and key in _SECTIONS:
        yield from ((_SECTIONS[key], str(item)) for item in entry)
    if isinstance(entry, Mapping):
        for inner, value in entry.items():
            if key in _SECTIONS:
                yield _SECTIONS[key], str(inner)
            yield from _entities_in(value, inner)


def _short_form_of(path: Path) -> str:
    """The key that a value without keys stands for at `path`; empty if it stands for itself."""
    match path:
        case ("roles", _, "requires", _):
            return "level"
        case ("domains", _, "competences", _, "experience", _):
            return "do"
        case _:
            return ""


def long_form(value: Any, key: str) -> Any:
    """A value as a mapping, also when it is written without its key, so that its keys merge."""
    return value if isinstance(value, Mapping | tuple) else {key: value}


class OverlayPositions(NamedTuple):
    """Positions in an overlay and its base, which may be an overlay itself."""

    top: SourceMap
    base: Positions
    removed: Mapping[Path, Path]
    """As in `Merged`."""
    changed: Mapping[Path, Path]
    """As in `Merged`."""

    def position(self, path: Path, *, at_key: bool = False) -> Place:
        """The position of what `path` leads to, in the topmost file that has it."""
        if self.top.settles(path) or self.top.depth_of(path) >= self.base.depth_of(path):
            return self.top.position(path, at_key=at_key)
        return self.base.position(path, at_key=at_key)

    def depth_of(self, path: Path) -> int:
        """The number of steps of `path` that exist in the files."""
        return max(self.top.depth_of(path), self.base.depth_of(path))

    def line(self, position: Place) -> str:
        """The text of the line at `position`."""
        return (self.top if position.file == self.top.file else self.base).line(position)

    def blame(self, finding: Finding) -> Finding:
        """The finding, moved to the part of the overlay that causes it.

        The base was valid by itself, so a finding in the base has its cause above: the other half
        of a conflict, a removed entity, or a change to the same entities.
        """
        if self.top.settles(finding.path):
            return finding
        if finding.missing in self.removed:
            removal = _removal(finding.path)
            return finding._replace(
                path=self.removed[finding.missing],
                at_key=True,
                message=f"{finding.message} any more, because this takes it out",
                hint=f"take it out there as well: {removal}"
                if removal
                else "repeat that list without it",
                related=(finding.path, "it is still named here"),
            )
        if finding.related is not None and self.top.settles(finding.related[0]):
            path, _ = finding.related
            return finding._replace(path=path, related=(finding.path, "it conflicts with this"))
        is_error = finding.severity is Severity.ERROR
        meaning = "it comes from here" if is_error else "this is what it is about"
        return finding._replace(
            path=self._cause(finding), at_key=True, related=(finding.path, meaning)
        )

    def _cause(self, finding: Finding) -> Path:
        """The likeliest cause, within the overlay, of a finding that points into the base."""
        shared = finding.path[: self.top.depth_of(finding.path)]
        entities = tuple(entities_on(finding.path))
        if shared and (not entities or entities[-1] in entities_on(shared)):
            return shared
        rests_on = (*finding.rests_on, *reversed(entities))
        known = (self.changed[entity] for entity in rests_on if entity in self.changed)
        return next(known, shared or (EXTENDS,))


def _removal(path: Path) -> str:
    """The YAML that removes an entry of a mapping; empty for an entry of a list."""
    if isinstance(path[-1], int):
        return ""
    text = "null"
    for step in reversed(path):
        text = f"{{{step}: {text}}}"
    return text.removeprefix("{").removesuffix("}")
