"""Whether ratings on the old framework mean the same on the new one."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal
    from typing import Literal

    from pmo_path.domain.diagnostics import Diagnostic
    from pmo_path.domain.diff.matching import Match
    from pmo_path.domain.ratings import Ratings

    Level = Decimal | Literal["n/a"] | None
    """A rating's level; None if unrated."""


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
