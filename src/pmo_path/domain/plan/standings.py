"""How a person stands at a date, by the scoring core."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_path.domain.bands import bands_of
from pmo_path.domain.plan.model import Standing
from pmo_path.domain.ratings import Rating
from pmo_path.domain.report import Status
from pmo_path.domain.scoring import readiness_of, score
from pmo_path.domain.verdict import missing_must_haves

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Mapping
    from decimal import Decimal

    from pmo_path.domain.framework import Framework
    from pmo_path.domain.plan.model import Action, Slot
    from pmo_path.domain.ratings import Ratings


def rated_at(ratings: Ratings, levels: Mapping[str, Decimal]) -> Ratings:
    """Return the ratings with these levels by competence in place of theirs."""
    changed = {
        key: ratings.ratings.get(key, Rating()).model_copy(update={"level": level})
        for key, level in levels.items()
    }
    return ratings.model_copy(update={"ratings": {**ratings.ratings, **changed}})


def standing(framework: Framework, role: str, ratings: Ratings, date: datetime.date) -> Standing:
    """Return how somebody with these ratings stands; `date` is when."""
    results = score(framework, role, ratings)
    readiness = readiness_of(results)
    bands = bands_of(framework, results, readiness)
    return Standing(
        date=date,
        readiness=readiness,
        band=bands.low,
        band_reason=bands.reason,
        at_target=sum(result.at_target for result in results),
        applicable=sum(result.status is not Status.NOT_APPLICABLE for result in results),
        must_haves_missing=missing_must_haves(results),
    )


def levels_by(
    actions: Mapping[str, Action], slots: Iterable[Slot], levels: Mapping[str, Decimal], week: int
) -> dict[str, Decimal]:
    """Return the levels at the beginning of a week, from those at the start.

    What has ended before the week counts, if the level at its own beginning was high enough.
    """
    brought: list[tuple[int, str, Decimal]] = []
    for slot in sorted(slots, key=lambda slot: slot.last):
        if slot.last >= week:
            break
        for effect in actions[slot.action].effects:
            level = _level(effect.competence, levels, brought, slot.first)
            if level is not None and level >= effect.from_:
                brought.append((slot.last, effect.competence, effect.to))
    return {
        key: max([level, *(to for _, competence, to in brought if competence == key)])
        for key, level in levels.items()
    }


def _level(
    competence: str,
    levels: Mapping[str, Decimal],
    brought: Iterable[tuple[int, str, Decimal]],
    week: int,
) -> Decimal | None:
    """The level of a competence at the beginning of a week; None if it is not rated."""
    level = levels.get(competence)
    if level is None:
        return None
    ended = (to for last, key, to in brought if key == competence and last < week)
    return max([level, *ended])
