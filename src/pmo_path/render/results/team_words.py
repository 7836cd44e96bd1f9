"""The figures of a team in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_path.render.words import chain_words, count, joined

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from decimal import Decimal

    from pmo_path.domain.team import Coverage, Crowd, Demand, Grouping, Team

WITHHELD = "withheld"
LIMITS = (
    "If everybody in a group has the same result, the group's figures tell it of each of them.",
    (
        "Two pages or summaries of the same people, such as grouped by other columns or before and "
        "after somebody joined, can tell together what each of them withholds. Group by several "
        "columns in one run instead."
    ),
    "Who already knows some results of a group can subtract those.",
)
"""What withholding figures cannot prevent."""
SHOWN = 5
"""How many of each kind are named in running text."""


def for_the_holder(kind: str) -> str:
    """Return the notice at the top of a summary or a page with names."""
    return (
        f"This {kind} names people and shows small groups: share it only with those who may see "
        "the sheet."
    )


def people_words(number: int) -> str:
    """Return `1 person`, `12 people`."""
    return count(number, "person", "people")


def band_words(crowd: Crowd, bands: Mapping[str, str]) -> str:
    """Return how many people are in each band that is not empty; `bands` are the labels by id."""
    counts = _counted(crowd.people_by_band, bands)
    if crowd.nothing_rated:
        counts.append(f"nothing rated {crowd.nothing_rated:,}")
    if crowd.too_much_na:
        counts.append(f"no band, too much n/a {crowd.too_much_na:,}")
    if None in crowd.people_by_band.values():
        counts.append(f"others {WITHHELD}" if counts else WITHHELD)
    return ", ".join(counts)


def band_high_words(crowd: Crowd, bands: Mapping[str, str]) -> str:
    """Return the same if everything unrated were at target; empty where no band changes."""
    return (
        ""
        if crowd.people_by_band == crowd.people_by_band_high
        else ", ".join(_counted(crowd.people_by_band_high, bands))
    )


def _counted(counts: Mapping[str, int | None], bands: Mapping[str, str]) -> list[str]:
    return [f"{bands[key]} {number:,}" for key, number in counts.items() if number]


def readiness_words(crowd: Crowd) -> str:
    """Return the median and what it is the median of; empty without ratings."""
    median = median_words(crowd)
    if not median:
        return ""
    rated = ""
    if crowd.without_band and crowd.nothing_rated is not None:
        rated = f" of {people_words(crowd.people - crowd.nothing_rated)} rated"
    ends = "medians of the low and high ends" if " to " in median else "median of both ends"
    return f"{median} ({ends}{rated})"


def median_words(crowd: Crowd) -> str:
    """Return the median alone: `73.7 %`, or `45.6 to 100.0 %`."""
    return percent_range(crowd.readiness_low_median, crowd.readiness_high_median)


def percent_range(low: Decimal | None, high: Decimal | None) -> str:
    """Return readiness in percent: one figure, or both ends where they look different."""
    if low is None or high is None:
        return ""
    from_, to = f"{low:.1f}", f"{high:.1f}"
    return f"{from_} %" if from_ == to else f"{from_} to {to} %"


def gap_words(coverage: Iterable[Coverage]) -> Iterator[str]:
    """Yield competences, each with the number of people who have a gap in it."""
    return (f"{competence.name} {competence.people_with_gap:,}" for competence in coverage)


def missing_words(coverage: Iterable[Coverage]) -> Iterator[str]:
    """Yield must-haves, each with the number of people who miss it."""
    return (
        f"{competence.name} {competence.people_missing_must_have:,}" for competence in coverage
    )


def most(texts: Iterable[str]) -> str:
    """Return the first few texts, and how many more there are."""
    every = list(texts)
    more = len(every) - SHOWN
    shown = every[:SHOWN] + ([f"and {more} more"] if more > 0 else [])
    return "; ".join(shown)


def highlights(
    crowd: Crowd, bands: Mapping[str, str], holders: Mapping[str, str]
) -> tuple[tuple[str, str], ...]:
    """Return what is true of all people, by label; a text may be empty.

    `holders` names people who alone are at target in a competence.
    """
    alone = (
        f"{competence.name} ({holders[competence.id]})"
        if competence.id in holders
        else competence.name
        for competence in crowd.held_by(1)
    )
    return (
        ("Bands", band_words(crowd, bands)),
        ("Best possible bands", band_high_words(crowd, bands)),
        ("Readiness", readiness_words(crowd)),
        ("Gaps", most(gap_words(crowd.most_common_gaps()))),
        ("Must-haves missing", most(missing_words(crowd.most_missing_must_haves()))),
        ("At target: nobody", most(competence.name for competence in crowd.held_by(0))),
        ("At target: one person", most(alone)),
        ("Nobody is rated", most(competence.name for competence in crowd.nobody_rated())),
        ("Training", most(_course_words(crowd.training))),
    )


def _course_words(training: Iterable[Demand]) -> Iterator[str]:
    """Yield courses behind those to take first, with the people and the days for all of them."""
    for course in training:
        days = "" if course.days is None else f", {count(course.days, 'day')}"
        yield f"{chain_words(course)} ({people_words(course.people)}{days})"


def hidden_words(team: Team, grouping: Grouping) -> str:
    """Return how many groups are not shown, and why; empty for none."""
    if not grouping.groups_withheld:
        return ""
    hidden = (
        f"{count(grouping.groups_withheld, 'group')} "
        f"({people_words(grouping.people_in_small_groups)}) by {grouping.group_by} not shown"
    )
    if team.min_group == 1:
        return f"{hidden}: the smallest ones"
    return f"{hidden}: smaller than {team.min_group}, or needed to hide one that is"


def withheld_words(team: Team, crowd: Crowd) -> str:
    """Return how much is withheld of some people, and why; empty for nothing."""
    withheld = withheld_counts(crowd)
    if not withheld:
        return ""
    return (
        f"Withheld in whole or in part: {withheld}. A figure is withheld where it is about fewer "
        f"than {team.min_group} people, or where such a figure could be computed from it"
    )


def withheld_counts(crowd: Crowd) -> str:
    """Return of how many competences and courses something is withheld; empty for none."""
    partly = sum(None in competence for competence in crowd.coverage)
    competences = len(crowd.coverage_withheld) + partly
    return joined(
        (
            count(competences, "competence") if competences else "",
            count(crowd.courses_withheld, "course") if crowd.courses_withheld else "",
        )
    )


def roles_withheld_words(team: Team) -> str:
    """Return how many roles are not shown; empty for none."""
    if not team.roles_withheld:
        return ""
    roles = count(team.roles_withheld, "role")
    return f"{roles} not shown: fewer than {team.min_group} people are rated against it"


def names_nobody_words(team: Team) -> str:
    """Return the notice at the top of a page without names."""
    nobody = "This page names nobody"
    if team.min_group == 1:
        return f"{nobody}, but it shows groups of any size (--min-group 1)."
    return (
        f"{nobody}. Figures about fewer than {team.min_group} people are withheld, and so are "
        "others from which they could be computed."
    )
