"""Which entry of the old framework is which of the new one, and what that means for ratings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from pmo_path.domain.diff.model import Element, Subject
from pmo_path.domain.names import qualified
from pmo_path.domain.report import Reference

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from decimal import Decimal
    from typing import Literal

    from pmo_path.domain.diagnostics import Diagnostic
    from pmo_path.domain.framework import Framework
    from pmo_path.domain.names import NameIndex
    from pmo_path.domain.ratings import Ratings

    Level = Decimal | Literal["n/a"] | None
    """A rating's level; None if unrated."""


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
    old_names: Mapping[str, str] = {}
    """The names of old entries by id, as far as other text than their label is shown."""
    new_names: Mapping[str, str] = {}

    def before(self, key: str) -> Reference:
        """An entry of the old framework."""
        return Reference(key, self.old_names.get(key) or getattr(self.old[key], self.label))

    def after(self, key: str) -> Reference:
        """An entry of the new framework."""
        return Reference(key, self.new_names.get(key) or getattr(self.new[key], self.label))

    def subject(self, key: str, competence: Reference | None = None) -> Subject:
        """An entry of the new framework as the subject of a change."""
        return Subject(self.element, *self.after(key), competence)

    def pairs(self) -> Iterator[tuple[Subject, Any, Any]]:
        """The entries in both frameworks: the subject of changes, the old and the new entry."""
        for old, new in self.kept.items():
            yield self.subject(new), self.old[old], self.new[new]


def match(  # noqa: PLR0913  what is matched, and by which names
    element: Element,
    old: Mapping[str, Any],
    new: Mapping[str, Any],
    names: NameIndex | None = None,
    *,
    label: str = "name",
    known_as: Callable[[str], Iterable[str]] | None = None,
) -> Match:
    """Match the entries `old` and `new`.

    An id that is gone counts as renamed if `names`, an index of the new entries, leads from it or
    from the entry's name to a new entry that no other old one has become. `known_as`
    returns the names of an old entry where they are not its label alone.
    """

    def led_to(key: str) -> str | None:
        if names is None:
            return None
        known = (getattr(old[key], label),) if known_as is None else known_as(key)
        return next(filter(None, map(names.find, (key, *known))), None)

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

    def names(key: str) -> tuple[str, str]:
        domain = old.domains[old.domain_of[key]].name
        return old.shown_name(key), qualified(domain, old.competences[key].name)

    return match(
        Element.COMPETENCE, old.competences, new.competences, new.competence_names, known_as=names
    )._replace(
        old_names={key: old.shown_name(key) for key in old.competences},
        new_names={key: new.shown_name(key) for key in new.competences},
    )


def match_roles(old: Framework, new: Framework) -> Match:
    """Match the roles of two frameworks."""
    return match(Element.ROLE, old.roles, new.roles, new.role_names)


class ReadDifferently(NamedTuple):
    """A rating that fits both frameworks and means something else on the new one."""

    competence: str
    """The competence's name in the old framework."""
    before: Level
    after: Level
    is_moved: bool
    """Whether it now counts for another competence."""


class RatingsCheck(NamedTuple):
    """The fit of the ratings in one file to the new framework."""

    file: str
    misfits: tuple[Diagnostic, ...] = ()
    """Ratings that fit the old framework and do not fit the new one."""
    mistakes: tuple[Diagnostic, ...] = ()
    """Mistakes on either framework."""
    read_differently: tuple[ReadDifferently, ...] = ()
    notes: tuple[tuple[int, str], ...] = ()
    """Notes on cells that may mean 'no rating', each with its line."""

    @property
    def is_fine(self) -> bool:
        """Whether every rating fits and means what it meant."""
        return not (self.misfits or self.mistakes or self.read_differently)


def read_differently(
    competences: Match, before: Ratings, after: Ratings
) -> Iterator[ReadDifferently]:
    """The ratings of one file that the two frameworks read differently.

    `before` is the file as the old framework reads it, `after` as the new one does.
    """
    for key, rating in before.ratings.items():
        name = competences.before(key).name
        now = after.ratings.get(competences.kept.get(key) or competences.leads_to.get(key, key))
        if now is None:
            yield ReadDifferently(name, rating.level, None, is_moved=True)
        elif now.level != rating.level:
            yield ReadDifferently(name, rating.level, now.level, is_moved=False)
