"""How the training differs between two frameworks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_path.domain.diff.model import Development, Span, Thing, TrainingChange, TrainingChanges

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pmo_path.domain.diff.matching import Kind, Pairs
    from pmo_path.domain.framework import Framework, Range

_PARTS = (
    "title",
    "provider",
    "aliases",
    "kind",
    "format",
    "days",
    "duration",
    "audience",
    "topics",
    "prerequisites",
    "checked",
    "note",
)


def training_changes(
    old: Framework, new: Framework, kind: Kind, pairs: Pairs, competences: Pairs
) -> TrainingChanges:
    """What changed in the training; what it develops follows competences that were renamed."""
    changed = (
        TrainingChange(*kind.after(now), _developments(old, new, was, now, competences.kept))
        for was, now in pairs.kept.items()
    )
    return TrainingChanges(
        added=tuple(map(kind.after, pairs.added)),
        removed=kind.gone(pairs),
        renamed=kind.renamed(pairs),
        changed=tuple(one for one in changed if one.develops),
        rewritten=kind.rewritten(pairs, _PARTS),
    )


def _developments(
    old: Framework, new: Framework, was: str, now: str, kept: Mapping[str, str]
) -> tuple[Development, ...]:
    before = {kept.get(key, key): key for key in old.training[was].develops}
    after = new.training[now].develops
    found = [
        Development(
            Thing(key, new.competences[key].name),
            _span(old.training[was].develops[before[key]]) if key in before else None,
            _span(levels),
        )
        for key, levels in after.items()
    ]
    # What a course taught of a competence that is gone is told with that competence.
    found += [
        Development(
            Thing(key, new.competences[key].name), _span(old.training[was].develops[first]), None
        )
        for key, first in before.items()
        if key in new.competences and key not in after
    ]
    return tuple(one for one in found if one.before != one.after)


def _span(levels: Range) -> Span:
    return Span(levels.from_, levels.to)
