"""Why no plan reaches a band, and what to change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_path.domain.numbers import show_number
from pmo_path.domain.plan.model import Obstruction
from pmo_path.render.words import count

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pmo_path.domain.plan.model import Blocked, Limits, Obstacle

_UNRATED = frozenset(
    {Obstruction.NOTHING_RATED, Obstruction.UNRATED, Obstruction.MUST_HAVE_UNRATED}
)


_SENTENCES = {
    Obstruction.NOTHING_RATED: "nothing is rated; rate at least one competence",
    Obstruction.TOO_MUCH_NA: (
        "more than a third of the role is n/a, so there is no band; rate more of it"
    ),
    Obstruction.UNRATED: (
        "too many competences are unrated: closing every gap would not be enough; rate more first"
    ),
    Obstruction.MUST_HAVE_UNRATED: "the must-have {name} is unrated; rate it first",
    Obstruction.MUST_HAVE_NA: (
        "the must-have {name} is n/a, which counts as missing; rate it, or choose a lower band"
    ),
    Obstruction.NO_ACTION: (
        "nothing leads to {goal}; choose a lower band, or add a step or course to the framework"
    ),
    Obstruction.NO_WEEKS: "nothing leads to {goal} within {weeks}; choose a later end",
    Obstruction.LIMITS: (
        "{hours} hours a week for {weeks} are not enough within these limits; choose a later end, "
        "or raise --hours-per-week, --assignments, --competences or --budget"
    ),
    Obstruction.KEPT: (
        "the pinned actions do not fit into {weeks} within these limits; unpin some, or choose a "
        "later end"
    ),
}


def is_about_ratings(blocked: Blocked) -> bool:
    """Whether ratings that are missing block the band, so that no limit would help."""
    return any(obstacle.reason in _UNRATED for obstacle in blocked.obstacles)


def blocked_words(blocked: Blocked, names: Mapping[str, str]) -> Iterator[str]:
    """Yield a sentence for each obstacle; `names` are the competences' names by id."""
    band = blocked.band
    goal = f"'{band.label}' cannot be reached" if band else "there is no such plan"
    for obstacle in blocked.obstacles:
        yield f"{goal}: {_words(obstacle, blocked.limits, names)}"


def _words(obstacle: Obstacle, limits: Limits, names: Mapping[str, str]) -> str:
    level = "" if obstacle.level is None else f"level {show_number(obstacle.level)} in "
    name = names.get(obstacle.competence, obstacle.competence)
    facts = {
        "name": name,
        "goal": f"{level}{name}",
        "hours": show_number(limits.hours_per_week),
        "weeks": count(limits.weeks, "week"),
    }
    return _SENTENCES[obstacle.reason].format(**facts)
