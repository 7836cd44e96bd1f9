"""Ratings with some levels replaced by assumed ones, to see what they would change.

Nothing here changes the person's own ratings, which are immutable.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Literal, TypeAlias

from pmo_path.domain.errors import UsageProblem
from pmo_path.domain.lookup import ambiguous_name
from pmo_path.domain.numbers import show_number
from pmo_path.domain.ratings import NOT_APPLICABLE, UNRATED, Rating, level_named, show_rating
from pmo_path.domain.report import WhatIf, WhatIfRating
from pmo_path.domain.role_fit import fit_of, readiness_change
from pmo_path.domain.scoring import Status, status_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pmo_path.domain.framework import Framework
    from pmo_path.domain.ratings import Ratings
    from pmo_path.domain.report import GapReport

Level: TypeAlias = Decimal | Literal["n/a"]
"""A level of the scale, or not applicable."""


def assumed_levels(
    framework: Framework, assumptions: Iterable[tuple[str, object]]
) -> dict[str, Level]:
    """Return the level by competence id that each pair of a competence and a level names.

    A competence is named by id, name or alias, a level by number, label, both, or `n/a`. Raises
    UsageProblem for an unknown or ambiguous competence, a level that is not on the scale, and a
    competence with two different levels.
    """
    levels: dict[str, Level] = {}
    for name, text in assumptions:
        key = _competence(framework, name)
        level = _level(framework, name, _typed(text))
        if levels.setdefault(key, level) != level:
            raise UsageProblem(
                f"'{name}' is set to both {show_rating(levels[key])} and {show_rating(level)}; "
                "set each competence once"
            )
    return levels


def _typed(level: object) -> str:
    """Return a level as a person types it: no exponents, and no level for None, which is a label."""
    if level is None:
        return ""
    return show_number(level) if isinstance(level, Decimal) else str(level)


def _competence(framework: Framework, name: str) -> str:
    key = framework.competence_names.find(name)
    if key is not None:
        return key
    if (ambiguous := ambiguous_name(framework, name)) is not None:
        raise UsageProblem(ambiguous.sentence)
    raise UsageProblem(
        f"there is no competence '{name}'; "
        + (framework.competence_names.suggest(name) or "'pmo-path show' lists the competences")
    )


def _level(framework: Framework, name: str, text: str) -> Level:
    level = level_named(framework, text)
    if level is None:
        levels = ", ".join(map(show_number, framework.levels))
        raise UsageProblem(
            f"'{name}' is set to '{text}', which is not a level of the scale; "
            f"use {levels} or {NOT_APPLICABLE}"
        )
    return level


def with_levels(ratings: Ratings, levels: Mapping[str, Level]) -> Ratings:
    """Return a copy of the ratings with these levels by competence id.

    Evidence, its year and the rater's confidence speak of the old level, so they are left out.
    """
    assumed = {key: Rating.model_construct(level=level) for key, level in levels.items()}
    return ratings.model_copy(update={"ratings": {**ratings.ratings, **assumed}})


def what_if_report(
    framework: Framework,
    ratings: Ratings,
    levels: Mapping[str, Level],
    *,
    today: GapReport,
    assumed: GapReport,
) -> GapReport:
    """Return the report on the assumed ratings, marked as such and with today's figures.

    `today` is the report on `ratings`, and `assumed` on the same ratings with `levels`. What is
    worth checking remains that of the person's own ratings.
    """
    return assumed._replace(
        what_if=WhatIf(
            ratings=tuple(
                _what_if_rating(framework, ratings, assumed, key, level)
                for key, level in levels.items()
            ),
            today=fit_of(today),
            readiness_moved_by=readiness_change(fit_of(today), fit_of(assumed)),
            results_today=tuple(result for result in today.results if result.id in levels),
        ),
        nudges=today.nudges,
    )


def _what_if_rating(
    framework: Framework, ratings: Ratings, assumed: GapReport, key: str, level: Level
) -> WhatIfRating:
    own = ratings.ratings.get(key, UNRATED)
    return WhatIfRating(
        id=key,
        name=framework.shown_name(key),
        is_required=any(result.id == key for result in assumed.results),
        status=Status.RATED if isinstance(level, Decimal) else Status.NOT_APPLICABLE,
        rating=level if isinstance(level, Decimal) else None,
        status_today=status_of(own),
        rating_today=own.level if isinstance(own.level, Decimal) else None,
    )
