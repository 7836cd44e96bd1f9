"""The fewest steps on the scale that reach the next band, computed exactly.

A step raises one rated competence to the next level of the scale, up to its required level. What
is unrated or `n/a` counts as in `bands` and is never raised, so it may keep a band out of reach.

Two kinds of competences keep this fast. Where each step is worth no more than the one before it,
and no must-have is left to choose, the best steps are simply the largest. All others, on uneven
scales and among must-haves of which some may stay missing, go through dynamic programming over
the steps used and the must-haves still missing.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from fractions import Fraction
from itertools import accumulate, pairwise
from math import ceil, lcm
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from pmo_path.domain.report import NextBandPath, RaisedCompetence
from pmo_path.domain.role_fit import references
from pmo_path.domain.scoring import Status, readiness_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from decimal import Decimal

    from pmo_path.domain.bands import BandFacts
    from pmo_path.domain.report import GapReport
    from pmo_path.domain.scoring import CompetenceResult


class _Chosen(NamedTuple):
    """The steps taken in one gap, and what was chosen before."""

    gap: int
    """The index of the gap."""
    steps: int
    before: _Chosen | None


States: TypeAlias = dict[tuple[int, int], tuple[int, _Chosen | None]]
"""The best value, and what was chosen for it, by steps used and must-haves still missing."""


class _Ladder(NamedTuple):
    """The steps that close one gap; every sequence begins with the rating as it is."""

    result: CompetenceResult
    levels: tuple[Decimal, ...]
    reached: tuple[Decimal, ...]
    """Importance times the levels reached, as in `CompetenceResult`."""
    is_missing: tuple[bool, ...]
    """Whether the must-have is then missing."""


class _Options(NamedTuple):
    """What remains to choose in one gap, beyond the steps that are needed in any case."""

    gap: int
    """The index of the gap."""
    values: tuple[int, ...]
    """By number of further steps, from none on."""
    is_missing: tuple[bool, ...]

    @property
    def is_limited(self) -> bool:
        """Whether it is a must-have of which only so many may stay missing."""
        return any(self.is_missing)

    @property
    def is_simple(self) -> bool:
        """Whether the best steps are the largest: no must-have to choose, and none grows."""
        steps = [high - low for low, high in pairwise(self.values)]
        return not self.is_limited and all(low >= high for low, high in pairwise(steps))


def next_band_path(report: GapReport) -> NextBandPath | None:
    """Return the shortest way to the next band; None in the best band and without a band.

    Of the ways with the fewest steps, it is the one with the highest readiness, and of these the
    one that raises the first gaps most, in the order in which to work on them.
    """
    if report.next_band is None:
        return None
    band = report.next_band.band
    if blocking := _blocking(report, band):
        return NextBandPath(
            band=band,
            step_count=None,
            raised=(),
            readiness=None,
            rate_first=references(blocking, Status.UNRATED),
            never_applicable=references(blocking, Status.NOT_APPLICABLE),
        )
    ladders = [_ladder(report, report.result(gap)) for gap in report.gaps]
    steps = _fewest_steps(report, band, ladders)
    reached = {ladders[i].result.id: ladders[i].reached[number] for i, number in steps.items()}
    return NextBandPath(
        band=band,
        step_count=sum(steps.values()),
        raised=tuple(_raised(ladders[index], steps[index]) for index in sorted(steps)),
        readiness=readiness_of(
            [
                result._replace(reached=reached.get(result.id, result.reached))
                for result in report.results
            ]
        ),
        rate_first=(),
        never_applicable=(),
    )


def _raised(ladder: _Ladder, steps: int) -> RaisedCompetence:
    return RaisedCompetence(
        id=ladder.result.id,
        name=ladder.result.name,
        from_level=ladder.levels[0],
        to_level=ladder.levels[steps],
        step_count=steps,
    )


# --- What cannot be raised ------------------------------------------------------------------------


def _blocking(report: GapReport, band: BandFacts) -> list[CompetenceResult]:
    """Return the competences without a level that keep the band out of reach, in order."""
    blocking = {result.id for result in blocking_must_haves(report.results, band)}
    if needs_more_ratings(report.results, band):
        blocking |= {r.id for r in report.results if r.status is Status.UNRATED}
    return [result for result in report.results if result.id in blocking]


def blocking_must_haves(
    results: Iterable[CompetenceResult], band: BandFacts
) -> list[CompetenceResult]:
    """Return the must-haves without a level that keep a band out of reach, whatever is raised."""
    fixed = missing_without_level(results)
    most, deepest = band.max_must_haves_missing, band.max_must_have_gap
    if most is not None and len(fixed) > most:
        return fixed
    return [r for r in fixed if deepest is not None and r.must_have_distance > deepest]


def missing_without_level(results: Iterable[CompetenceResult]) -> list[CompetenceResult]:
    """Return the must-haves that are missing because they are unrated or not applicable."""
    return [r for r in results if r.must_have_missing and r.status is not Status.RATED]


def needs_more_ratings(results: Sequence[CompetenceResult], band: BandFacts) -> bool:
    """Whether readiness would stay below a band even if every gap were closed."""
    gaps = sum((Fraction(r.priority) for r in results if r.priority is not None), Fraction(0))
    return points_to_reach(results, band) > gaps


def points_to_reach(results: Iterable[CompetenceResult], band: BandFacts) -> Fraction:
    """Return importance times levels to gain for the readiness of a band, at the low end."""
    counted = [r for r in results if r.status is not Status.NOT_APPLICABLE]
    whole = sum((Fraction(r.reachable) for r in counted), Fraction(0))
    reached = sum((Fraction(r.reached) for r in counted if r.reached is not None), Fraction(0))
    return max(Fraction(0), Fraction(band.at_least) * whole / 100 - reached)


# --- What can -------------------------------------------------------------------------------------


def _ladder(report: GapReport, result: CompetenceResult) -> _Ladder:
    rating, reached = result.rating, result.reached
    if rating is None or reached is None:
        raise ValueError("a gap without a rating")
    above = [fact.level for fact in report.scale if fact.level > rating]
    steps = sum(level < result.required for level in above) + 1
    levels = (rating, *above[:steps])
    lowest, must_have = report.scale[0].level, result.must_have
    raised = (result.importance * (min(level, result.required) - lowest) for level in levels[1:])
    return _Ladder(
        result=result,
        levels=levels,
        reached=(reached, *raised),
        is_missing=tuple(must_have is not None and level < must_have for level in levels),
    )


def _fewest_steps(
    report: GapReport, band: BandFacts, ladders: Sequence[_Ladder]
) -> Mapping[int, int]:
    """Return the number of steps by the index of each gap to raise."""
    values, needed = _values(report, band, ladders)
    most, allowed = band.max_must_haves_missing, len(ladders)
    if most is not None:
        allowed = min(allowed, most - len(missing_without_level(report.results)))
    first = [_needed_steps(ladder, band, may_be_missing=allowed > 0) for ladder in ladders]
    is_limited = (
        sum(ladder.is_missing[start] for ladder, start in zip(ladders, first, strict=True))
        > allowed
    )
    options = [
        _Options(
            index,
            tuple(value - values[index][start] for value in values[index][start:]),
            tuple(is_limited and missing for missing in ladders[index].is_missing[start:]),
        )
        for index, start in enumerate(first)
    ]
    needed -= sum(values[index][start] for index, start in enumerate(first))
    chosen = Counter(dict(enumerate(first)))
    chosen.update(_best(options, needed, allowed))
    return +chosen


def _values(
    report: GapReport, band: BandFacts, ladders: Sequence[_Ladder]
) -> tuple[list[list[int]], int]:
    """Return the value of each number of steps by gap, and the total that the band requires.

    A value is a whole number, because these add and compare quickly. It holds the points gained,
    and below them the preference for earlier gaps, which never weighs up a point.
    """
    points = [
        [Fraction(term - ladder.reached[0]) for term in ladder.reached] for ladder in ladders
    ]
    unit = lcm(*(point.denominator for row in points for point in row))
    base = max((len(row) for row in points), default=1)
    above = base ** len(ladders)
    values = [
        [
            int(point * unit) * above + steps * base ** (len(ladders) - 1 - index)
            for steps, point in enumerate(row)
        ]
        for index, row in enumerate(points)
    ]
    return values, ceil(points_to_reach(report.results, band) * unit) * above


def _needed_steps(ladder: _Ladder, band: BandFacts, *, may_be_missing: bool) -> int:
    """Return the number of steps without which the band is out of reach in any case."""
    must_have, deepest = ladder.result.must_have, band.max_must_have_gap
    if must_have is None:
        return 0
    for steps, level in enumerate(ladder.levels):
        is_near = deepest is None or must_have - level <= deepest
        if level >= must_have or (may_be_missing and is_near):
            return steps
    return len(ladder.levels) - 1


def _best(options: Sequence[_Options], needed: int, allowed: int) -> dict[int, int]:
    """Return the further steps by gap: the fewest of a value of at least `needed`."""
    simple = sorted(
        (
            (high - low, option.gap)
            for option in options
            if option.is_simple
            for low, high in pairwise(option.values)
        ),
        reverse=True,
    )
    totals = list(accumulate((value for value, _ in simple), initial=0))
    states: States = {(0, 0): (0, None)}
    for option in options:
        if option.is_limited:
            states = _extended(states, option, allowed)
    # Where nothing else counts must-haves, it no longer matters how many are missing.
    states = _without_missing(states)
    for option in options:
        if not option.is_limited and not option.is_simple:
            states = _extended(states, option, allowed)
    _, _, number, chosen = min(_finished(states, totals, needed), key=lambda way: way[:2])
    steps = Counter(index for _, index in simple[:number])
    while chosen is not None:
        steps[chosen.gap] += chosen.steps
        chosen = chosen.before
    return dict(steps)


def _extended(states: States, option: _Options, allowed: int) -> States:
    """Return the best states with a number of steps in one more gap; `allowed` may be missing."""
    further: States = {}
    for (used, missing), (value, chosen) in states.items():
        for steps, gained in enumerate(option.values):
            key = used + steps, missing + option.is_missing[steps]
            if key[1] <= allowed and (key not in further or further[key][0] < value + gained):
                further[key] = value + gained, _Chosen(option.gap, steps, chosen)
    return further


def _without_missing(states: States) -> States:
    """Return the best state for each number of steps, as if no must-have were missing."""
    best: States = {}
    for (used, _), state in states.items():
        if (used, 0) not in best or best[used, 0][0] < state[0]:
            best[used, 0] = state
    return best


def _finished(
    states: States, totals: Sequence[int], needed: int
) -> Iterator[tuple[int, int, int, _Chosen | None]]:
    """Yield each state with the fewest of the simple steps: all steps, minus its value, the simple ones."""
    for (used, _), (value, chosen) in states.items():
        number = bisect_left(totals, needed - value)
        if number < len(totals):
            yield used + number, -(value + totals[number]), number, chosen
