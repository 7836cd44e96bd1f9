"""How the scale and the readiness bands differ between two frameworks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_path.domain.diff.model import (
    BandChange,
    BandChanges,
    Bar,
    Level,
    Relabelled,
    ScaleChanges,
)
from pmo_path.domain.diff.roles import combined
from pmo_path.domain.names import fold

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from pmo_path.domain.diff.matching import Kind, Pairs
    from pmo_path.domain.framework import Band, Framework


def scale_changes(old: Framework, new: Framework) -> ScaleChanges:
    """What changed in the scale, lowest level first."""
    both = [level for level in old.levels if level in new.scale]
    return ScaleChanges(
        added=tuple(_level(new, one) for one in new.levels if one not in old.scale),
        removed=tuple(_level(old, one) for one in old.levels if one not in new.scale),
        relabelled=tuple(_relabelled(old, new, both)),
        meanings=tuple(
            _level(new, one) for one in both if old.scale[one].meaning != new.scale[one].meaning
        ),
    )


def band_changes(kind: Kind, pairs: Pairs) -> BandChanges:
    """What changed in the readiness bands."""
    changed = (
        _band_change(kind, was, now)
        for was, now in pairs.kept.items()
        if _bar(kind.old[was]) != _bar(kind.new[now])
    )
    return BandChanges(
        added=tuple(map(kind.after, pairs.added)),
        removed=kind.gone(pairs),
        renamed=kind.renamed(pairs),
        changed=tuple(changed),
        rewritten=kind.rewritten(pairs, ("label",)),
    )


def _level(framework: Framework, level: Decimal) -> Level:
    return Level(level, framework.scale[level].label)


def _relabelled(old: Framework, new: Framework, both: list[Decimal]) -> Iterator[Relabelled]:
    now = {fold(step.label): level for level, step in new.scale.items()}
    for level in both:
        before, after = old.scale[level].label, new.scale[level].label
        if before != after:
            yield Relabelled(level, before, after, now.get(fold(before), level) != level)


def _band_change(kind: Kind, was: str, now: str) -> BandChange:
    before, after = _bar(kind.old[was]), _bar(kind.new[now])
    more = after.at_least > before.at_least or _stricter(before, after)
    less = after.at_least < before.at_least or _stricter(after, before)
    return BandChange(*kind.after(now), combined(more=more, less=less), before, after)


def _stricter(before: Bar, after: Bar) -> bool:
    """Whether `after` lets fewer must-haves be missing, or by fewer levels."""
    return _lower(before.must_haves_missing, after.must_haves_missing) or _lower(
        before.must_have_gap, after.must_have_gap
    )


def _lower(before: Decimal | int | None, after: Decimal | int | None) -> bool:
    """Whether the limit `after` is the lower one; none is above all."""
    return after is not None and (before is None or after < before)


def _bar(band: Band) -> Bar:
    return Bar(band.at_least, band.must_haves_missing, band.must_have_gap)
