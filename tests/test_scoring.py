"""The scoring method, by properties and by an independent computation."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from pmo_path.domain.assessment import assess
from pmo_path.domain.framework import Framework
from pmo_path.domain.numbers import one_decimal
from pmo_path.domain.ratings import Ratings
from pmo_path.domain.scoring import Status

SCALES = [
    tuple(Decimal(number) for number in numbers)
    for numbers in (
        ("0", "1", "2", "3", "4", "5"),
        ("1", "2", "3", "4", "5", "6", "7"),
        ("0", "0.25", "0.5", "0.75", "1"),
        ("1", "1.5", "2", "2.5", "3"),
    )
]
NAMES = [f"c{number}" for number in range(6)]


@st.composite
def bands(draw):
    """One to four bands, best first; the last one takes everybody."""
    bars = draw(st.lists(st.sampled_from(["90", "75", "62.5", "50", "33.3333"]), unique=True))
    limits = st.none() | st.integers(0, 3)
    depths = st.none() | st.sampled_from([Decimal(depth) for depth in ("0", "0.25", "1", "2")])
    above: dict[str, dict[str, Any]] = {
        f"from-{bar}": {
            "label": f"From {bar}",
            "at_least": Decimal(bar),
            "must_haves_missing": draw(limits),
            "must_have_gap": draw(depths),
        }
        for bar in sorted(bars, key=Decimal, reverse=True)
    }
    return {**above, "low": {"label": "Low", "at_least": 0}}


@st.composite
def courses(draw, scale):
    """Up to five courses of every type; some presuppose earlier ones, some do not give levels."""
    entries: dict[str, dict[str, Any]] = {}
    for number in range(draw(st.integers(0, 5))):
        names = draw(st.lists(st.sampled_from(NAMES), max_size=4, unique=True))
        pairs = ((low, high) for low in scale for high in scale if low < high)
        levels = st.sampled_from([{"from": low, "to": high} for low, high in pairs])
        has_levels = draw(st.sampled_from([True, True, True, False]))
        earlier = st.sampled_from([*entries, "Two years of experience"])
        entries[f"t{number}"] = {
            "title": f"T{number}",
            "type": draw(st.sampled_from(["course", "course", "qualification", "recognition"])),
            "days": draw(st.sampled_from([None, Decimal(1), Decimal(3)])),
            "for_roles": draw(st.sampled_from([(), (), ("r",), ("another",)])),
            "prerequisites": tuple(draw(st.lists(earlier, max_size=2, unique=True))),
            "develops": {name: draw(levels) for name in names} if has_levels else tuple(names),
        }
    return entries


@st.composite
def cases(draw):
    """A framework with one role, and ratings on it."""
    scale = draw(st.sampled_from(SCALES))
    between = [(low + high) / 2 for low, high in pairwise(scale)]
    names = draw(st.lists(st.sampled_from(NAMES), min_size=1, unique=True))
    requires = {}
    for name in names:
        level = draw(st.sampled_from([*scale[1:], *between]))
        must_have = draw(st.none() | st.sampled_from([step for step in scale if step <= level]))
        weight = draw(st.sampled_from([Decimal(1), Decimal(5), Decimal("2.5")]))
        requires[name] = {"level": level, "importance": weight, "must_have": must_have}
    framework = Framework.model_validate(
        {
            "schema": 1,
            "framework": {"id": "f", "version": "1", "title": "F"},
            "scale": {level: {"label": f"L{level}"} for level in scale},
            "readiness": draw(bands()),
            "domains": {"d": {"name": "D", "competences": {key: {"name": key} for key in NAMES}}},
            "roles": {"r": {"name": "R", "requires": requires}},
            "training": draw(courses(scale)),
        }
    )
    answers = st.sampled_from([*scale, "n/a", None])
    return framework, {name: draw(answers) for name in names}


def report_on(framework, answers):
    return assess(framework, Ratings.model_validate({"ratings": answers}), "r")


def expected_percent(framework, answers):
    """Readiness as the method's sentence says it, computed without the code under test."""
    lowest = min(framework.scale)
    reached = possible = Fraction(0)
    for name, asked in framework.roles["r"].requires.items():
        rating = answers[name]
        if isinstance(rating, Decimal):
            weight = Fraction(asked.importance)
            reached += weight * Fraction(min(rating, asked.level) - lowest)
            possible += weight * Fraction(asked.level - lowest)
    return 100 * reached / possible if possible else None


@given(cases())
def test_readiness_is_the_weighted_share_of_what_is_required(case):
    framework, answers = case
    readiness = report_on(framework, answers).readiness

    assert (readiness.percent if readiness else None) == expected_percent(framework, answers)


@given(cases())
def test_gap_and_surplus_are_never_negative_and_never_both(case):
    for result in report_on(*case).results:
        if result.status is Status.RATED:
            assert result.gap >= 0
            assert result.surplus >= 0
            assert result.gap == 0 or result.surplus == 0
            assert result.gap - result.surplus == result.required - result.rating
            assert result.priority == result.importance * result.gap
        else:
            assert result.gap is result.surplus is result.priority is None


@given(cases(), st.data())
def test_raising_a_rating_never_raises_a_gap_or_lowers_readiness(case, data):
    framework, answers = case
    rated = [name for name, level in answers.items() if isinstance(level, Decimal)]
    if not rated:
        return
    name = data.draw(st.sampled_from(rated))
    higher = data.draw(
        st.sampled_from([level for level in framework.scale if level >= answers[name]])
    )
    before, after = report_on(framework, answers), report_on(framework, {**answers, name: higher})

    assert after.readiness.percent >= before.readiness.percent
    assert after.readiness.low >= before.readiness.low
    assert after.readiness.high >= before.readiness.high
    for old, new in zip(before.results, after.results, strict=True):
        assert old.gap is None or new.gap <= old.gap


@given(cases())
def test_surplus_never_pays_for_a_shortfall(case):
    framework, answers = case
    requires = framework.roles["r"].requires
    capped = {
        name: min(level for level in framework.scale if level >= requires[name].level)
        if isinstance(level, Decimal) and level >= requires[name].level
        else level
        for name, level in answers.items()
    }

    assert report_on(framework, capped).readiness == report_on(framework, answers).readiness


@given(cases())
def test_the_range_always_holds_the_figure(case):
    framework, answers = case
    readiness = report_on(framework, answers).readiness
    if readiness is not None:
        assert 0 <= readiness.low <= readiness.percent <= readiness.high <= 100
        filled = {k: min(framework.scale) if v is None else v for k, v in answers.items()}
        assert report_on(framework, filled).readiness.percent == readiness.low


@given(cases(), st.sampled_from(NAMES))
def test_unrated_not_applicable_and_lowest_stay_apart(case, name):
    framework, answers = case
    if name not in answers:
        return
    reports = {
        level: report_on(framework, {**answers, name: level})
        for level in (None, "n/a", min(framework.scale))
    }
    unrated, not_applicable, lowest = reports.values()
    statuses = [report.result(name).status for report in reports.values()]

    assert statuses == [Status.UNRATED, Status.NOT_APPLICABLE, Status.RATED]
    assert [len(report.unrated) for report in (unrated, not_applicable, lowest)] == [
        len(lowest.unrated) + extra for extra in (1, 0, 0)
    ]
    assert not_applicable.applicable + 1 == unrated.applicable == lowest.applicable
    if unrated.readiness is not None:
        assert unrated.readiness.percent == not_applicable.readiness.percent
        assert lowest.readiness.percent <= unrated.readiness.percent
        assert unrated.readiness.low == lowest.readiness.low


@given(cases(), st.randoms())
def test_the_order_of_the_ratings_does_not_matter(case, random):
    framework, answers = case
    shuffled = list(answers.items())
    random.shuffle(shuffled)

    assert report_on(framework, dict(shuffled)) == report_on(framework, answers)


def band_at(framework, percent, missing):
    """The best band for a readiness and missing must-haves with their depths, by the sentence."""
    for key, band in framework.readiness.items():
        limit, depth = band.must_haves_missing, band.must_have_gap
        if (
            percent >= Fraction(band.at_least)
            and (limit is None or len(missing) <= limit)
            and (depth is None or all(lack <= depth for lack in missing))
        ):
            return key
    raise AssertionError("the last band takes everybody")


def depths_of(framework, report, statuses):
    """By how many levels missing must-haves with one of these statuses fall short."""
    lowest = min(framework.scale)
    return [
        result.must_have - (lowest if result.rating is None else result.rating)
        for result in report.results
        if result.must_have is not None
        and result.status in statuses
        and (result.rating is None or result.rating < result.must_have)
    ]


def share_not_applicable(report):
    whole = sum(result.reachable for result in report.results)
    left_out = (
        result.reachable for result in report.results if result.status is Status.NOT_APPLICABLE
    )
    return Fraction(sum(left_out, Decimal(0))) / Fraction(whole)


@given(cases())
def test_the_band_is_the_best_that_the_low_end_reaches_and_the_high_end_has_its_own(case):
    framework, _ = case
    report = report_on(*case)
    if report.readiness is None or share_not_applicable(report) > Fraction(1, 3):
        reason = "nothing_rated" if report.readiness is None else "too_much_na"
        assert (report.band, report.band_high, report.band_reason) == (None, None, reason)
        assert report.next_band is None
        return
    low, high = report.readiness.low, report.readiness.high
    assert report.band_reason is None
    assert report.band.id == band_at(framework, low, depths_of(framework, report, set(Status)))
    assert report.band_high.id == band_at(
        framework, high, depths_of(framework, report, set(Status) - {Status.UNRATED})
    )


@given(cases(), st.data())
def test_no_rating_of_what_is_unrated_leads_below_the_band_or_above_the_one_at_best(case, data):
    framework, answers = case
    report = report_on(framework, answers)
    if report.band is None:
        return
    levels = st.sampled_from(list(framework.scale))
    rated = {
        name: data.draw(levels) if answer is None else answer for name, answer in answers.items()
    }

    complete = report_on(framework, rated)

    places = list(framework.readiness)
    assert complete.unrated == ()
    assert (complete.readiness.low, complete.band) == (complete.readiness.high, complete.band_high)
    assert (
        places.index(report.band_high.id)
        <= places.index(complete.band.id)
        <= places.index(report.band.id)
    )
    assert report.readiness.low <= complete.readiness.low <= report.readiness.high


@given(cases())
def test_the_next_band_is_as_far_as_its_points_and_must_haves_say(case):
    framework, _ = case
    report = report_on(*case)
    if report.band is None:
        return
    places = list(framework.readiness)
    place = places.index(report.band.id)
    ahead = report.next_band
    if place == 0:
        assert ahead is None
        return
    assert ahead.band.id == places[place - 1]
    bar, low = Fraction(ahead.band.at_least), report.readiness.low
    assert low + Fraction(ahead.points) >= bar
    assert ahead.points == 0 or low + Fraction(ahead.points) - Fraction(1, 10) < bar
    assert (ahead.points == 0) == (low >= bar)
    missing = len(report.must_haves_missing)
    limit, depth = ahead.band.max_must_haves_missing, ahead.band.max_must_have_gap
    assert ahead.must_haves_to_meet == (0 if limit is None else max(0, missing - limit))
    too_deep = [must_have.id for must_have in ahead.must_haves if must_have.too_deep]
    deep = {
        result.id
        for result in report.results
        if result.must_have_missing and depth is not None and result.must_have_distance > depth
    }
    assert set(too_deep) == deep
    assert ahead.points or ahead.must_haves_to_meet or too_deep
    if ahead.must_haves_to_meet:
        missing_ids = [must_have.id for must_have in report.must_haves_missing]
        assert [must_have.id for must_have in ahead.must_haves] == missing_ids


@given(cases())
def test_a_must_have_is_missing_below_its_level_unrated_or_not_applicable(case):
    framework, answers = case
    expected = [
        name
        for name in framework.competences
        if name in answers
        and (must := framework.roles["r"].requires[name].must_have) is not None
        and not (isinstance(answers[name], Decimal) and answers[name] >= must)
    ]
    assert [
        must_have.id for must_have in report_on(framework, answers).must_haves_missing
    ] == expected


@given(cases())
def test_gaps_come_must_have_first_then_by_priority_gap_and_order(case):
    framework, answers = case
    report = report_on(framework, answers)
    order = list(framework.competences)

    def rank(key):
        result = report.result(key)
        return -result.must_have_shortfall, -result.priority, -result.gap, order.index(key)

    gaps = [result.id for result in report.results if result.gap]
    assert list(report.gaps) == sorted(gaps, key=rank)
    assert [priority.id for priority in report.priorities] == list(report.gaps[:5])


def taken(framework, key):
    """A course and all that it presupposes, in the order in which one can take them."""
    order = []
    for earlier in framework.training[key].prerequisites:
        if earlier in framework.training:
            order += [course for course in taken(framework, earlier) if course not in order]
    return [*order, key]


def levels_after(framework, answers, order):
    """The levels of somebody who takes courses one after the other, at most those required."""
    requires = framework.roles["r"].requires
    levels = {name: level for name, level in answers.items() if isinstance(level, Decimal)}
    for key in order:
        course = framework.training[key]
        for name, range_ in course.ranges.items() if course.type != "recognition" else ():
            if name in levels and range_.from_ <= levels[name] < range_.to:
                levels[name] = range_.to
    return {name: min(level, requires[name].level) for name, level in levels.items()}


def expected_training(framework, answers, type_):
    """The courses of a type by what their chains cover, computed without the code under test."""
    requires = framework.roles["r"].requires
    now = levels_after(framework, answers, [])
    scores = {}
    for index, (key, course) in enumerate(framework.training.items()):
        *before, _ = order = taken(framework, key)
        after = levels_after(framework, answers, order)
        short = [name for name, level in now.items() if level < requires[name].level]
        adds = after != levels_after(framework, answers, before)
        adds = adds or any(name in short for name in course.without_levels)
        if course.type == type_ and course.for_roles in ((), ("r",)) and adds:
            covers = sum(requires[name].importance * (after[name] - now[name]) for name in now)
            days = [framework.training[each].days for each in order]
            length = (None in days, 0 if None in days else sum(days), len(days))
            scores[key] = (-covers, *length, index)
    on_the_way = {earlier for key in scores for earlier in taken(framework, key)[:-1]}
    best = sorted((score, key) for key, score in scores.items() if key not in on_the_way)
    return [(key, -score[0]) for score, key in best]


@given(cases())
def test_training_that_suits_is_ranked_by_what_its_chain_covers(case):
    framework, answers = case
    report = report_on(framework, answers)

    for type_, options in (("course", report.training), ("qualification", report.qualifications)):
        expected = expected_training(framework, answers, type_)
        assert [(option.id, option.covers) for option in options] == expected


@given(cases())
def test_no_course_comes_before_what_it_presupposes_and_none_is_listed_twice(case):
    framework, answers = case
    report = report_on(framework, answers)

    for options in (report.training, report.qualifications):
        listed = [
            key for option in options for key in (*(c.id for c in option.take_first), option.id)
        ]
        for option in options:
            assert [*(course.id for course in option.take_first), option.id] == taken(
                framework, option.id
            )
            assert listed.count(option.id) == 1


@given(cases())
def test_courses_for_a_gap_begin_with_those_that_cover_most_of_it(case):
    framework, answers = case
    report = report_on(framework, answers)

    for priority in report.priorities:
        covers = {
            option.id: help_.covers
            for option in report.training
            for help_ in option.helps
            if help_.id == priority.id
        }
        in_order = [covers[key] for key in priority.training_ids]
        assert set(priority.training_ids) == set(covers)
        assert in_order == sorted(in_order, reverse=True)


@given(cases())
def test_recognition_covers_nothing_and_asks_for_no_level_that_is_not_reached(case):
    framework, answers = case
    report = report_on(framework, answers)

    for option in report.recognition:
        asked = framework.training[option.id].ranges
        rated = {key: answers[key] for key in asked if isinstance(answers.get(key), Decimal)}
        assert (option.covers, option.helps) == (0, ())
        assert rated
        assert all(level >= asked[key].from_ for key, level in rated.items())


@given(cases())
def test_recognition_of_what_matters_most_for_the_role_comes_first(case):
    framework, answers = case
    report = report_on(framework, answers)

    recognised = [
        sum(
            result.importance
            for result in report.results
            if result.id in framework.training[option.id].ranges
        )
        for option in report.recognition
    ]
    assert recognised == sorted(recognised, reverse=True)


def test_percentages_round_half_up_at_one_decimal():
    shown = {
        Fraction(37, 8): "4.6",
        Fraction(1, 20): "0.1",
        Fraction(49, 1000): "0.0",
        Fraction(100): "100.0",
        Fraction(2, 3): "0.7",
    }
    assert {value: one_decimal(value) for value in shown} == shown
