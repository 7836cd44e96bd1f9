"""Which entry of the old framework is which of the new one: by id, name and alias."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from pmo_path.domain.diff.model import Element
from pmo_path.domain.references import Reference

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pmo_path.domain.framework import Framework
    from pmo_path.domain.names import NameIndex


class Match(NamedTuple):
    """The entries of one kind in two frameworks, and how they correspond."""

    element: Element
    old: Mapping[str, Any]
    new: Mapping[str, Any]
    label: str
    """The field that holds an entry's name."""
    kept: Mapping[str, str]
    """New ids by old ones, renamed or not."""
    added: tuple[str, ...]
    removed: tuple[str, ...]
    leads_to: Mapping[str, str]
    """New ids by removed ones: what their id or name leads to now."""

    def before(self, key: str) -> Reference:
        """An entry of the old framework."""
        return Reference(key, getattr(self.old[key], self.label))

    def after(self, key: str) -> Reference:
        """An entry of the new framework."""
        return Reference(key, getattr(self.new[key], self.label))


def match(
    element: Element,
    old: Mapping[str, Any],
    new: Mapping[str, Any],
    names: NameIndex | None = None,
    label: str = "name",
) -> Match:
    """Match the entries `old` and `new`.

    An id that is gone counts as renamed if `names`, an index of the new entries, leads from it or
    from the entry's name to a new entry that no other old one has become.
    """

    def led_to(key: str) -> str | None:
        if names is None:
            return None
        return names.find(key) or names.find(getattr(old[key], label))

    matched: dict[str, str] = {}
    removed: dict[str, str | None] = {}
    fresh = new.keys() - old.keys()
    for key in old:
        target = key if key in new else led_to(key)
        if target == key or target in fresh:
            matched[key] = target
            fresh.discard(target)
        else:
            removed[key] = target
    return Match(
        element,
        old,
        new,
        label,
        matched,
        tuple(key for key in new if key in fresh),
        tuple(removed),
        {key: target for key, target in removed.items() if target is not None},
    )


def match_competences(old: Framework, new: Framework) -> Match:
    """Match the competences of two frameworks."""
    return match(Element.COMPETENCE, old.competences, new.competences, new.competence_names)


def match_roles(old: Framework, new: Framework) -> Match:
    """Match the roles of two frameworks."""
    return match(Element.ROLE, old.roles, new.roles, new.role_names)
