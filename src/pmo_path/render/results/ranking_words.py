"""What all writers of a ranking say alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_path.domain.numbers import show_number
from pmo_path.render.results.report import edition, rated_words
from pmo_path.render.role_fit import NEXT_BAND, next_band_words, unrated_words
from pmo_path.render.words import joined

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pmo_path.domain.ranking import FirstGap, RankedRole, Ranking

COLUMNS = ("Role", "Band", "Readiness", "At target", "No level", "Must-haves")
RIGHT = ("Readiness", "At target")


def title(ranking: Ranking) -> str:
    """Whose roles are ranked."""
    count = len(ranking.roles)
    roles = "The one role there is" if count == 1 else f"All {count} roles by fit"
    return joined((ranking.person, roles), ": ")


def facts(ranking: Ranking) -> str:
    """Who rated, when, and on which framework."""
    return joined((rated_words(ranking), edition(ranking.framework)), "; ")


def order(ranking: Ranking) -> str:
    """In which order the roles stand."""
    if len(ranking.roles) == 1:
        return ""
    if all(role.fit.readiness is None for role in ranking.roles):
        return "Nothing is rated yet, so the roles are in the order of the framework."
    best = ranking.best_band
    if best is not None and ranking.roles[0].fit.band == best:
        return (
            f"Roles in the best band, '{best.label}', come first, the most demanding at the top; "
            "then the closest of the rest."
        )
    return "Closest role first: by band, then by readiness."


def name(ranking: Ranking, role: RankedRole) -> str:
    """A role's name, and whether it is the one held now."""
    held = ranking.current_role
    is_held = held is not None and held.id == role.fit.role.id
    return f"{role.fit.role.name} (held now)" if is_held else role.fit.role.name


def missing_rows(role: RankedRole) -> Iterator[tuple[str, str]]:
    """What is missing for a role beyond its verdict, by label; a text may be empty."""
    more = role.gaps - len(role.first_gaps)
    rest = f"and {more} more" if more else ""
    yield "First gaps", joined((*map(_gap, role.first_gaps), rest), "; ")
    yield "Unrated", unrated_words(role.fit)
    yield NEXT_BAND, next_band_words(role.fit.next_band)


def _gap(gap: FirstGap) -> str:
    words = f"{show_number(gap.rating)} now, {show_number(gap.required)} required"
    if gap.must_have_missing and gap.must_have is not None:
        words += f", must-have {show_number(gap.must_have)}"
    return f"{gap.name} ({words})"
