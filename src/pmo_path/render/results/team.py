"""What all writers of a team's summary say alike: words for what it holds, computing nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_path.domain.numbers import show_number

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
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


def for_the_holder(what: str) -> str:
    """What a summary or a page with names says at its top."""
    return (
        f"This {what} names people and shows small groups: share it only with those who may see "
        "the sheet."
    )


def people_words(count: int) -> str:
    """`1 person`, `12 people`."""
    return f"{count:,} {'person' if count == 1 else 'people'}"


def band_words(crowd: Crowd, bands: Mapping[str, str]) -> str:
    """How many are in each band that anybody is in; `bands` are the labels by id."""
    said = _counted(crowd.bands, bands)
    if crowd.nothing_rated:
        said.append(f"nothing rated {crowd.nothing_rated:,}")
    if crowd.too_much_na:
        said.append(f"no band, too much n/a {crowd.too_much_na:,}")
    if None in crowd.bands.values():
        said.append(f"others {WITHHELD}" if said else WITHHELD)
    return ", ".join(said)


def band_high_words(crowd: Crowd, bands: Mapping[str, str]) -> str:
    """The same if everything unrated were at target; empty where that changes no band."""
    return "" if crowd.bands == crowd.bands_high else ", ".join(_counted(crowd.bands_high, bands))


def _counted(counts: Mapping[str, int | None], bands: Mapping[str, str]) -> list[str]:
    return [f"{bands[key]} {count:,}" for key, count in counts.items() if count]


def readiness_words(crowd: Crowd) -> str:
    """The median, as a range where anything is unrated; empty when nobody has a rating."""
    words = median_words(crowd)
    if not words:
        return ""
    of = ""
    if crowd.without_band and crowd.nothing_rated is not None:
        of = f" of {people_words(crowd.people - crowd.nothing_rated)} rated"
    ends = "medians of the low and high ends" if " to " in words else "median of both ends"
    return f"{words} ({ends}{of})"


def median_words(crowd: Crowd) -> str:
    """The figure alone: `73.7 %`, or `45.6 to 100.0 %`."""
    return percent_range(crowd.readiness_low_median, crowd.readiness_high_median)


def percent_range(low: Decimal | None, high: Decimal | None) -> str:
    """Readiness in percent: one figure, or from the low to the high end where they look different."""
    if low is None or high is None:
        return ""
    from_, to = f"{low:.1f}", f"{high:.1f}"
    return f"{from_} %" if from_ == to else f"{from_} to {to} %"


def gap_words(coverage: Iterable[Coverage]) -> Iterator[str]:
    """Competences, and how many people have a gap in each."""
    return (f"{one.name} {one.people_with_gap:,}" for one in coverage)


def missing_words(coverage: Iterable[Coverage]) -> Iterator[str]:
    """Must-haves, and how many people miss each."""
    return (f"{one.name} {one.people_missing_must_have:,}" for one in coverage)


def course_words(training: Iterable[Demand]) -> Iterator[str]:
    """Courses, for how many people, and how many days that makes."""
    for one in training:
        days = "" if one.days is None else f", {day_words(one.days)}"
        yield f"{one.name} ({people_words(one.people)}{days})"


def day_words(days: Decimal) -> str:
    """`1 day`, `12 days`."""
    return f"{show_number(days)} day{'' if days == 1 else 's'}"


def most(said: Iterable[str]) -> str:
    """The first few, and how many more there are."""
    every = list(said)
    more = len(every) - SHOWN
    shown = every[:SHOWN] + ([f"and {more} more"] if more > 0 else [])
    return "; ".join(shown)


def summary_rows(
    crowd: Crowd, bands: Mapping[str, str], holders: Mapping[str, str]
) -> Sequence[tuple[str, str]]:
    """What is true of all of them, by label; a text may be empty.

    `holders` names those who alone are at target in a competence.
    """
    alone = (
        f"{one.name} ({holders[one.id]})" if one.id in holders else one.name
        for one in crowd.held_by(1)
    )
    return [
        ("Bands", band_words(crowd, bands)),
        ("Best possible bands", band_high_words(crowd, bands)),
        ("Readiness", readiness_words(crowd)),
        ("Gaps", most(gap_words(crowd.most_common_gaps()))),
        ("Must-haves missing", most(missing_words(crowd.most_missing_must_haves()))),
        ("At target: nobody", most(one.name for one in crowd.held_by(0))),
        ("At target: one person", most(alone)),
        ("Nobody is rated", most(one.name for one in crowd.nobody_rated())),
        ("Training", most(course_words(crowd.training))),
    ]


def hidden_words(team: Team, grouping: Grouping) -> str:
    """How many groups are not shown, and why; empty for none."""
    if not grouping.groups_withheld:
        return ""
    counted = (
        f"{grouping.groups_withheld:,} {'group' if grouping.groups_withheld == 1 else 'groups'} "
        f"({people_words(grouping.people_in_small_groups)}) by {grouping.group_by} not shown"
    )
    if team.min_group == 1:
        return f"{counted}: the smallest ones"
    return f"{counted}: smaller than {team.min_group}, or needed to hide one that is"


def withheld_words(team: Team, crowd: Crowd) -> str:
    """How much is withheld of some people, and why; empty for nothing."""
    said = withheld_counts(crowd)
    if not said:
        return ""
    return (
        f"Withheld in whole or in part: {said}. A figure is withheld where it is about fewer than "
        f"{team.min_group} people, or where such a figure could be computed from it"
    )


def withheld_counts(crowd: Crowd) -> str:
    """Of how many competences and courses something is withheld; empty for none."""
    partly = sum(None in one for one in crowd.coverage)
    parts = (
        _number(len(crowd.coverage_withheld) + partly, "competence"),
        _number(crowd.courses_withheld, "course"),
    )
    return ", ".join(part for part in parts if part)


def roles_withheld_words(team: Team) -> str:
    """How many roles are not shown; empty for none."""
    if not team.roles_withheld:
        return ""
    said = _number(team.roles_withheld, "role")
    return f"{said} not shown: fewer than {team.min_group} people are rated against it"


def names_nobody_words(team: Team) -> str:
    """What a page without names says at its top."""
    said = "This page names nobody"
    if team.min_group == 1:
        return f"{said}, but it shows groups of any size (--min-group 1)."
    return (
        f"{said}. Figures about fewer than {team.min_group} people are withheld, and so are others "
        "from which they could be computed."
    )


def _number(count: int, what: str, more: str = "") -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}{more}" if count else ""
