"""What all writers of a team's summary say alike: words for what it holds, computing nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_path.domain.levels import show_number

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from decimal import Decimal

    from pmo_path.domain.team import Coverage, Crowd, Demand, RoleTeam, Team

SHOWN = 5
"""How many of each kind are named in running text."""


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
    return ", ".join(said)


def band_high_words(crowd: Crowd, bands: Mapping[str, str]) -> str:
    """The same if everything unrated were at target; empty where that changes no band."""
    return "" if crowd.bands == crowd.bands_high else ", ".join(_counted(crowd.bands_high, bands))


def _counted(counts: Mapping[str, int], bands: Mapping[str, str]) -> list[str]:
    return [f"{bands[key]} {count:,}" for key, count in counts.items() if count]


def readiness_words(crowd: Crowd) -> str:
    """The median, as a range where anything is unrated; empty when nobody has a rating."""
    words = median_words(crowd)
    if not words:
        return ""
    has_range = " to " in words
    rated = crowd.people - crowd.nothing_rated
    of = f" of {people_words(rated)} rated" if crowd.without_band else ""
    return f"{words} ({'medians of the low and high ends' if has_range else 'median'}{of})"


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


def summary_rows(crowd: Crowd, bands: Mapping[str, str]) -> Sequence[tuple[str, str]]:
    """What is true of all of them, by label; a text may be empty."""
    return [
        ("Bands", band_words(crowd, bands)),
        ("Best possible bands", band_high_words(crowd, bands)),
        ("Readiness", readiness_words(crowd)),
        ("Gaps", most(gap_words(crowd.most_common_gaps()))),
        ("Must-haves missing", most(missing_words(crowd.most_missing_must_haves()))),
        ("At target: nobody", most(one.name for one in crowd.held_by(0))),
        ("At target: one person", most(one.name for one in crowd.held_by(1))),
        ("Nobody is rated", most(one.name for one in crowd.nobody_rated())),
        ("Training", most(course_words(crowd.training))),
    ]


def withheld_words(team: Team, role: RoleTeam) -> str:
    """Why nothing is said of groups in some competences; empty where something always is."""
    if not any(crowd.coverage_withheld for crowd in role.groups.values()):
        return ""
    return (
        f"fewer than {team.min_group} of the group are rated in the competence, "
        "or it hides a group of which that is so"
    )


def hidden_words(team: Team, role: RoleTeam) -> str:
    """How many people are in groups that are not shown apart, and why; empty for none."""
    if not role.people_in_small_groups:
        return ""
    said = f"{people_words(role.people_in_small_groups)} in groups that are not shown apart"
    return f"{said}: smaller than {team.min_group}, or needed to hide one that is"
