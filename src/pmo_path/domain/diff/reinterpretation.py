"""Whether answers that were given on the old framework say the same on the new one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_path.domain.diff import competence_kind
from pmo_path.domain.numbers import show_number
from pmo_path.domain.ratings import NOT_APPLICABLE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from decimal import Decimal
    from typing import Literal

    from pmo_path.domain.framework import Framework
    from pmo_path.domain.ratings import Rating, Ratings


def rereading(old: Framework, new: Framework) -> Callable[[Ratings, Ratings], tuple[str, ...]]:
    """What says, in words, which answers of one file are read otherwise by the new framework.

    It takes the file as the old framework reads it, and as the new one does.
    """
    pairs = competence_kind(old, new).pairs()
    became = {**pairs.leads_to, **pairs.kept}

    def differences(before: Ratings, after: Ratings) -> Iterator[str]:
        for key, rating in before.ratings.items():
            name = old.competences[key].name
            now = after.ratings.get(became.get(key, key))
            if now is None:
                yield f"the answer for '{name}' counts for another competence"
            elif now.level != rating.level:
                yield f"the answer for '{name}' was {_said(rating)} and is {_said(now)}"

    return lambda before, after: tuple(differences(before, after))


def _said(rating: Rating) -> str:
    level: Decimal | Literal["n/a"] | None = rating.level
    if level is None:
        return "unrated"
    return NOT_APPLICABLE if level == NOT_APPLICABLE else show_number(level)
