"""Every change from one framework to another.

Entries are compared through mappings by id, so the work grows with the size of the files.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain
from typing import TYPE_CHECKING, Any

from pmo_path.domain.competences import LevelTexts
from pmo_path.domain.diff.matching import match
from pmo_path.domain.diff.model import (
    AddedCompetence,
    AddedRole,
    BandThreshold,
    Change,
    ChangeKind,
    Direction,
    Element,
    LevelRange,
    Subject,
    direction_of,
    more_or_less,
    requirements_of,
)
from pmo_path.domain.names import Named, NameIndex, fold
from pmo_path.domain.numbers import show_number
from pmo_path.domain.recommendations import course_cost
from pmo_path.domain.report import Reference

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from pmo_path.domain.base_model import Extensible
    from pmo_path.domain.diff.matching import Match
    from pmo_path.domain.framework import Band, Framework, ScaleLevel
    from pmo_path.domain.training import Training

_KEYS: Mapping[Element, tuple[str, ...]] = {
    Element.ROLE: ("name", "aliases", "summary", "url", "family", "grade", "extends"),
    Element.LEVEL: ("meaning",),
    Element.BAND: ("label",),
    Element.COMPETENCE: (
        *("name", "aliases", "key", "summary", "behaviours", "levels"),
        *("evidence", "experience", "exposure", "second_rater", "group", "url"),
    ),
    Element.COURSE: (
        *("title", "provider", "aliases", "kind", "format", "days", "hours", "duration"),
        *("audience", "topics", "prerequisites", "url", "checked", "source_date", "note"),
    ),
    Element.DOMAIN: ("name", "summary"),
    Element.FRAMEWORK: ("title", "notice", "how_to_rate", "language", "url"),
}
"""The keys in the file that are compared as they are; other keys have a kind of change."""
_KIND_OF_KEY = {
    "levels": ChangeKind.RATED_BY,
    "behaviours": ChangeKind.RATED_BY,
    "meaning": ChangeKind.RATED_BY,
    "how_to_rate": ChangeKind.RATED_BY,
    "key": ChangeKind.KEY,
}
_ELEMENTS, _KINDS = list(Element), list(ChangeKind)


def all_changes(
    old: Framework, new: Framework, competences: Match, roles: Match
) -> tuple[Change, ...]:
    """Every change but those of id and version, by element and kind.

    The order of entries is not compared. `competences` and `roles` say how those correspond.
    """
    domains = match(Element.DOMAIN, old.domains, new.domains, new.domain_names)
    courses = match(Element.COURSE, old.training, new.training, new.training_names, label="title")
    band_names = NameIndex(Named(key, (band.label,)) for key, band in new.readiness.items())
    bands = match(Element.BAND, old.readiness, new.readiness, band_names, label="label")
    levels = match(Element.LEVEL, _levels(old), _levels(new), label="label")
    # Two frameworks are one entry, whatever their ids.
    key = new.framework.id
    frameworks = match(
        Element.FRAMEWORK, {key: old.framework}, {key: new.framework}, label="title"
    )
    changes = [
        *_requirements(old, new, roles, competences),
        *_paths(roles),
        *_expectations(roles, competences),
        *_labels(levels),
        *_thresholds(bands),
        *_moves(old, new, competences, domains),
        *_developments(courses, competences),
        *_offers(courses, roles),
    ]
    for entries in (roles, levels, bands, competences, courses, domains, frameworks):
        changes += (*_added(entries, new), *_removed(entries), *_renamed(entries))
        changes += _texts(entries)
        for subject, before, after in entries.pairs():
            changes += _own_data(subject, before, after)
    changes += _own_data(frameworks.subject(key), old, new)
    return tuple(
        sorted(
            changes,
            key=lambda change: (
                _ELEMENTS.index(change.subject.element),
                _KINDS.index(change.kind),
            ),
        )
    )


def _levels(framework: Framework) -> Mapping[str, ScaleLevel]:
    """The levels of the scale, lowest first; their ids are their numbers."""
    return {show_number(level): framework.scale[level] for level in framework.levels}


# --- Any entry ----------------------------------------------------------------------------------


def _added(entries: Match, new: Framework) -> Iterator[Change]:
    required_by = _required_by(new) if entries.element is Element.COMPETENCE else {}
    for key in entries.added:
        after: AddedRole | AddedCompetence | None = None
        if entries.element is Element.ROLE:
            required = requirements_of(new, key).values()
            must_haves = sum(facts.must_have is not None for facts in required)
            after = AddedRole(len(required), must_haves)
        elif entries.element is Element.COMPETENCE:
            after = AddedCompetence(_domain(new, key), tuple(required_by.get(key, ())))
        yield Change(ChangeKind.ADDED, entries.subject(key), after=after)


def _required_by(framework: Framework) -> Mapping[str, list[Reference]]:
    roles: dict[str, list[Reference]] = {}
    for key, role in framework.roles.items():
        for competence in requirements_of(framework, key):
            roles.setdefault(competence, []).append(Reference(key, role.name))
    return roles


def _removed(entries: Match) -> Iterator[Change]:
    for key in entries.removed:
        target = entries.leads_to.get(key)
        subject = Subject(entries.element, *entries.before(key))
        yield Change(
            ChangeKind.REMOVED, subject, after=None if target is None else entries.after(target)
        )


def _renamed(entries: Match) -> Iterator[Change]:
    for old, new in entries.kept.items():
        if old != new:
            names = (entries.before(old), entries.after(new))
            yield Change(ChangeKind.RENAMED, entries.subject(new), *names)


def _texts(entries: Match) -> Iterator[Change]:
    for old, new in entries.kept.items():
        # A new id brings its new name along.
        skipped = {entries.label, "aliases"} if old != new else set()
        for key in _KEYS[entries.element]:
            before, after = getattr(entries.old[old], key), getattr(entries.new[new], key)
            if key not in skipped and before != after:
                kind = _KIND_OF_KEY.get(key, ChangeKind.TEXT)
                subject = entries.subject(new)._replace(key=key)
                yield Change(kind, subject, _single(before), _single(after))


def _own_data(subject: Subject, old: Extensible, new: Extensible) -> Iterator[Change]:
    """Changes of what owners keep with an entry under keys of their own."""
    before, after = old.model_extra or {}, new.model_extra or {}
    for key in dict.fromkeys((*after, *before)):
        if key not in before or key not in after or before[key] != after[key]:
            yield Change(ChangeKind.TEXT, subject._replace(key=key))


def _single(value: Any) -> Any:
    return None if isinstance(value, tuple | Mapping | LevelTexts) else value


# --- Roles --------------------------------------------------------------------------------------


def _requirements(
    old: Framework, new: Framework, roles: Match, competences: Match
) -> Iterator[Change]:
    """Changed requirements of the roles in both frameworks, those that demand more first."""
    for was, now in roles.kept.items():
        required = requirements_of(old, was).items()
        before = {competences.kept.get(key, key): facts for key, facts in required}
        after = requirements_of(new, now)
        removed = [key for key in before if key not in competences.new]
        changes: dict[Direction, list[Change]] = {direction: [] for direction in Direction}
        for key in (*competences.new, *removed):
            first, second = before.get(key), after.get(key)
            direction = direction_of(first, second)
            if direction is not None:
                competence = (competences.before if key in removed else competences.after)(key)
                subject = roles.subject(now, competence)
                changes[direction].append(
                    Change(ChangeKind.REQUIREMENT, subject, first, second, direction)
                )
        yield from chain.from_iterable(changes.values())


def _expectations(roles: Match, competences: Match) -> Iterator[Change]:
    """Changes in roles' expectations of competences that they required before and still do."""
    for role, old, new in roles.pairs():
        for subject, before, after in _in_both(role, old.requires, new.requires, competences):
            if before.expects != after.expects:
                texts = before.expects, after.expects
                yield Change(ChangeKind.RATED_BY, subject._replace(key="expects"), *texts)
            yield from _own_data(subject, before, after)


def _in_both(
    subject: Subject, old: Mapping[str, Any], new: Mapping[str, Any], competences: Match
) -> Iterator[tuple[Subject, Any, Any]]:
    """What an entry has for a competence both times, with the subject of changes in it."""
    for key, before in old.items():
        kept = competences.kept.get(key)
        if kept is not None and kept in new:
            yield subject._replace(competence=competences.after(kept)), before, new[kept]


def _paths(roles: Match) -> Iterator[Change]:
    for subject, old, new in roles.pairs():
        after = dict.fromkeys(new.leads_to)
        # A removed role is a change of its own, not of each role that led to it.
        before = dict.fromkeys(roles.kept[key] for key in old.leads_to if key in roles.kept)
        for key in after:
            if key not in before:
                yield Change(ChangeKind.PATH, subject, after=roles.after(key))
        for key in before:
            if key not in after:
                yield Change(ChangeKind.PATH, subject, before=roles.after(key))


# --- Scale and readiness bands ------------------------------------------------------------------


def _labels(levels: Match) -> Iterator[Change]:
    level_of = {fold(level.label): key for key, level in levels.new.items()}
    for key in levels.kept:
        before, after = levels.old[key].label, levels.new[key].label
        if before != after:
            is_moved = level_of.get(fold(before), key) != key
            kind = ChangeKind.LABEL_MOVED if is_moved else ChangeKind.LABEL
            yield Change(kind, levels.subject(key), before, after)


def _thresholds(bands: Match) -> Iterator[Change]:
    for subject, old, new in bands.pairs():
        before, after = _threshold(old), _threshold(new)
        if before != after:
            direction = more_or_less(
                more=_is_stricter(before, after), less=_is_stricter(after, before)
            )
            yield Change(ChangeKind.THRESHOLD, subject, before, after, direction)


def _threshold(band: Band) -> BandThreshold:
    return BandThreshold(band.at_least, band.must_haves_missing, band.must_have_gap)


def _is_stricter(before: BandThreshold, after: BandThreshold) -> bool:
    """Whether `after` needs a higher percentage, or allows fewer or smaller missing must-haves."""
    return (
        after.at_least > before.at_least
        or _is_lower(before.max_must_haves_missing, after.max_must_haves_missing)
        or _is_lower(before.max_must_have_gap, after.max_must_have_gap)
    )


def _is_lower(before: Decimal | int | None, after: Decimal | int | None) -> bool:
    """Whether a maximum was lowered, or set where there was none."""
    return after is not None and (before is None or after < before)


# --- Competences and courses --------------------------------------------------------------------


def _moves(old: Framework, new: Framework, competences: Match, domains: Match) -> Iterator[Change]:
    for was, now in competences.kept.items():
        if domains.kept.get(old.domain_of[was]) != new.domain_of[now]:
            domain_ids = (_domain(old, was), _domain(new, now))
            yield Change(ChangeKind.MOVED, competences.subject(now), *domain_ids)


def _domain(framework: Framework, competence: str) -> Reference:
    key = framework.domain_of[competence]
    return Reference(key, framework.domains[key].name)


def _offers(courses: Match, roles: Match) -> Iterator[Change]:
    """Whom courses suit, of which type they are and what they cost, where that changed."""
    for subject, old, new in courses.pairs():
        # A removed role is a change of its own, not of each course that suits it.
        before = {roles.kept[role] for role in old.for_roles if role in roles.kept}
        if before != set(new.for_roles) or bool(old.for_roles) != bool(new.for_roles):
            yield Change(
                ChangeKind.SUITS,
                subject,
                tuple(map(roles.before, old.for_roles)),
                tuple(map(roles.after, new.for_roles)),
            )
        if old.type != new.type:
            yield Change(ChangeKind.TYPE, subject, old.type, new.type)
        costs = course_cost(old.cost), course_cost(new.cost)
        if costs[0] != costs[1]:
            yield Change(ChangeKind.COST, subject, *costs)
        if old.cost is not None and new.cost is not None:
            yield from _own_data(subject, old.cost, new.cost)


def _developments(courses: Match, competences: Match) -> Iterator[Change]:
    """Changed ranges of levels; what a course taught of a removed competence went with that."""
    for course, old, new in courses.pairs():
        after = _levels_of(new)
        before = {
            competences.kept.get(key, key): levels for key, levels in _levels_of(old).items()
        }
        for key in dict.fromkeys((*after, *before)):
            first, second = before.get(key), after.get(key)
            if first != second and key in competences.new:
                subject = course._replace(competence=competences.after(key))
                yield Change(ChangeKind.DEVELOPS, subject, first, second)
        for subject, old_range, new_range in _in_both(course, old.ranges, new.ranges, competences):
            yield from _own_data(subject, old_range, new_range)


def _levels_of(course: Training) -> Mapping[str, LevelRange]:
    """The levels between which a course develops each competence, known or not."""
    unknown = dict.fromkeys(course.without_levels, LevelRange(None, None))
    known = {key: LevelRange(levels.from_, levels.to) for key, levels in course.ranges.items()}
    return {**unknown, **known}
