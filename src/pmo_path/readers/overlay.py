"""An overlay merged over its base: by id, lists replaced whole, `null` removes."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain, pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from pmo_path.domain.diagnostics import Finding
from pmo_path.domain.names import nearest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pmo_path.domain.diagnostics import Path

EXTENDS = "extends"
NOT_IN_BASE = "PMO311"
_NAMED_BY = {"domains": "name", "competences": "name", "roles": "name", "training": "title"}
"""What an entry must say when it is new, by the mapping that it stands in."""
_KIND_IN: dict[Any, str] = {
    "domains": "domains",
    "competences": "domains",
    "requires": "domains",
    "develops": "domains",
    "roles": "roles",
    "training": "training",
}
"""The top-level key of what a mapping has by id."""


class Merged(NamedTuple):
    """The result of a merge."""

    data: dict[Any, Any]
    findings: tuple[Finding, ...]
    """What the overlay takes away or changes though the base does not have it."""
    removed: Mapping[Path, Path]
    """Where the overlay takes something away: by its kind's top-level key and its id."""
    changed: Mapping[Path, Path]
    """Where the overlay first says, adds or takes away something about a thing, written as in
    `removed`; under the key of the scale alone, where it first adds or takes away a level."""


def merge(base: Mapping[Any, Any], overlay: Mapping[Any, Any]) -> Merged:
    """`overlay` over `base`; both as their files have them, so of any shape below the top."""
    merging = _Merging()
    data = merging.mapping(base, overlay, ())
    return Merged(data, tuple(merging.findings), merging.removed, merging.changed)


class _Merging:
    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self.removed: dict[Path, Path] = {}
        self.changed: dict[Path, Path] = {}

    def mapping(
        self, base: Mapping[Any, Any], overlay: Mapping[Any, Any], path: Path
    ) -> dict[Any, Any]:
        merged = dict(base)
        for key, value in overlay.items():
            here = (*path, key if isinstance(key, str | int) else str(key))
            if key not in base:
                if self._is_new(base, key, value, here):
                    merged[key] = value
                    self._note_changed(value, here)
            elif value is None:
                del merged[key]
                self._note_removed(base[key], here)
                self._note_changed(base[key], here)
            else:
                merged[key] = self._over(base[key], value, here)
        # Bands and levels go by their order, so an overlay that names all of them may set it.
        if set(merged) <= set(overlay):
            return {key: merged[key] for key in overlay if key in merged}
        return merged

    def _over(self, base: Any, overlay: Any, path: Path) -> Any:
        if _is_requirement(path):
            base, overlay = _in_full(base), _in_full(overlay)
        if isinstance(base, Mapping) and isinstance(overlay, Mapping):
            return self.mapping(base, overlay, path)
        for thing in things_on(path):
            self.changed.setdefault(thing, path)
        return overlay

    def _is_new(self, base: Mapping[Any, Any], key: Any, value: Any, path: Path) -> bool:
        """Whether the overlay adds an entry, not: means one that the base does not have."""
        parent = path[-2] if len(path) > 1 else ""
        named_by = _NAMED_BY.get(str(parent)) if len(path) in {2, 4} else None
        is_change = named_by and isinstance(value, Mapping) and named_by not in value
        if value is not None and not is_change:
            return True
        what = "take out" if value is None else "change"
        add = f"; to add it, give it a '{named_by}'" if is_change else ""
        near = nearest(str(key), map(str, base))
        self.findings.append(
            Finding(
                code=NOT_IN_BASE,
                message=f"there is no '{key}' in the base to {what}{add}",
                path=path,
                at_key=True,
                hint=near or ("take this line out" if value is None else ""),
            )
        )
        return False

    def _note_changed(self, entry: Any, path: Path) -> None:
        """Note what an entry that comes or goes is about, and all that is in it."""
        if path[0] == "scale" and len(path) == 2:  # noqa: PLR2004  a level
            self.changed.setdefault(("scale",), path)
        for thing in chain(things_on(path), _things_in(entry, path[-1])):
            self.changed.setdefault(thing, path)

    def _note_removed(self, old: Any, path: Path) -> None:
        match path:
            case ("roles" | "training" as kind, str(key)):
                self.removed[kind, key] = path
            case ("domains", _, "competences", str(key)):
                self.removed["domains", key] = path
            case ("domains", _) if isinstance(old, Mapping):
                competences = old.get("competences")
                for key in competences if isinstance(competences, Mapping) else ():
                    self.removed["domains", str(key)] = path
            case _:
                pass


def things_on(path: Path) -> Iterator[Path]:
    """What a path leads through that has an id: its kind's top-level key, and the id."""
    for holder, key in pairwise(path):
        if holder in _KIND_IN:
            yield _KIND_IN[holder], str(key)


def _things_in(entry: Any, key: str | int) -> Iterator[Path]:
    """What an entry under `key` names by an id, at any depth."""
    if isinstance(entry, Mapping):
        for inner, value in entry.items():
            if key in _KIND_IN:
                yield _KIND_IN[key], str(inner)
            yield from _things_in(value, inner)


def _is_requirement(path: Path) -> bool:
    return len(path) == 4 and path[0] == "roles" and path[2] == "requires"  # noqa: PLR2004


def _in_full(requirement: Any) -> Any:
    """A requirement's short form (`planning: 3`) in full, so that its parts merge."""
    is_short = not isinstance(requirement, Mapping | tuple)
    return {"level": requirement} if is_short else requirement
