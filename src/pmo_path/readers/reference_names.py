"""What a framework file calls its things and levels, as far as that can be seen in raw data.

The models may not fit, so nothing here relies on the shape of the data.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from pmo_path.domain.names import Named, NameIndex
from pmo_path.domain.numbers import show_number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pmo_path.domain.diagnostics import Path

_NAMED_IN = {
    "requires": "competences",
    "develops": "competences",
    "leads_to": "roles",
    "prerequisites": "training",
}
"""What the ids in a mapping or list are ids of."""


class Called:
    """What is called how in a framework file; nothing is looked up before it is asked for."""

    def __init__(self, data: Any) -> None:
        self._data = data if isinstance(data, Mapping) else {}

    def id_of(self, name: str, path: Path) -> str | None:
        """The id of what is called `name`, where `path` leads to a reference to it."""
        holder = path[-2] if len(path) > 1 else ""
        return self._indexes[kind].find(name) if (kind := _NAMED_IN.get(str(holder))) else None

    def level(self, label: str) -> str | None:
        """The level that has a label, as it is written."""
        return self._levels.find(label)

    @cached_property
    def _indexes(self) -> Mapping[str, NameIndex]:
        domains = _entries(self._data.get("domains"))
        return {
            "competences": NameIndex(
                thing for _, domain in domains for thing in _named(domain.get("competences"))
            ),
            "roles": NameIndex(_named(self._data.get("roles"))),
            "training": NameIndex(_named(self._data.get("training"))),
        }

    @cached_property
    def _levels(self) -> NameIndex:
        return NameIndex(
            Named(_shown(level), (label,))
            for level, step in _entries(self._data.get("scale"))
            if isinstance(label := step.get("label"), str)
        )


def _shown(level: Any) -> str:
    return show_number(level) if hasattr(level, "as_tuple") else str(level)


def _entries(mapping: Any) -> Iterator[tuple[Any, Mapping[Any, Any]]]:
    for key, entry in mapping.items() if isinstance(mapping, Mapping) else ():
        if isinstance(entry, Mapping):
            yield key, entry


def _named(mapping: Any) -> Iterator[Named]:
    for key, entry in _entries(mapping):
        aliases = entry.get("aliases")
        labels = (
            entry.get("name"),
            entry.get("title"),
            *(aliases if isinstance(aliases, tuple) else ()),
        )
        if isinstance(key, str):
            yield Named(key, tuple(one for one in labels if isinstance(one, str)))
