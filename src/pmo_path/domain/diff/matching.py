"""What of the old framework is what of the new one, by id and by the names that lead on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from pmo_path.domain.diff.model import Gone, Renamed, Rewritten, Thing

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pmo_path.domain.names import NameIndex


class Pairs(NamedTuple):
    """Old ids and new ids of one kind of thing."""

    kept: Mapping[str, str]
    """From old ids to new ones, renamed or not."""
    added: tuple[str, ...]
    removed: tuple[str, ...]
    leads_to: Mapping[str, str]
    """From removed ids to the things that their id or name leads to now."""


class Kind(NamedTuple):
    """One kind of thing in both frameworks."""

    old: Mapping[str, Any]
    new: Mapping[str, Any]
    names: NameIndex
    """Over the new things."""
    called: str = "name"
    """The field that holds the name."""

    def pairs(self) -> Pairs:
        """Which old thing is which new one.

        An id that is gone is renamed when its id or its name leads to a new thing that no other
        old one has become.
        """
        kept: dict[str, str] = {}
        removed: dict[str, str | None] = {}
        fresh = self.new.keys() - self.old.keys()
        for key, thing in self.old.items():
            target = key if key in self.new else self._led_to(key, thing)
            if target == key or target in fresh:
                kept[key] = target
                fresh.discard(target)
            else:
                removed[key] = target
        return Pairs(
            kept,
            tuple(key for key in self.new if key in fresh),
            tuple(removed),
            {key: target for key, target in removed.items() if target is not None},
        )

    def gone(self, pairs: Pairs) -> tuple[Gone, ...]:
        """What was removed."""
        return tuple(
            Gone(
                *self.before(key),
                self.after(pairs.leads_to[key]) if key in pairs.leads_to else None,
            )
            for key in pairs.removed
        )

    def renamed(self, pairs: Pairs) -> tuple[Renamed, ...]:
        """What has a new id."""
        return tuple(
            Renamed(self.before(old), self.after(new))
            for old, new in pairs.kept.items()
            if old != new
        )

    def rewritten(self, pairs: Pairs, parts: Iterable[str]) -> tuple[Rewritten, ...]:
        """What differs in one of the fields named; a new id brings its new name along."""
        found = (self._rewritten(old, new, parts) for old, new in pairs.kept.items())
        return tuple(one for one in found if one.parts)

    def before(self, key: str) -> Thing:
        """An old thing."""
        return Thing(key, getattr(self.old[key], self.called))

    def after(self, key: str) -> Thing:
        """A new thing."""
        return Thing(key, getattr(self.new[key], self.called))

    def _led_to(self, key: str, thing: Any) -> str | None:
        found = self.names.find(key)
        return self.names.find(getattr(thing, self.called)) if found is None else found

    def _rewritten(self, old: str, new: str, parts: Iterable[str]) -> Rewritten:
        before, after = self.old[old], self.new[new]
        told = {self.called, "aliases"} if old != new else set()
        changed = tuple(
            part
            for part in parts
            if part not in told and getattr(before, part) != getattr(after, part)
        )
        was = getattr(before, self.called) if self.called in changed else None
        return Rewritten(new, getattr(after, self.called), was, changed)
