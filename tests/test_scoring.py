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
from pmo_path.domain.levels import one_decimal
from pmo_path.domain.ratings import Ratings
from pmo_path.domain.report import Status

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
BANDS: dict[str, dict[str, Any]] = {
    "top": {"label": "Top", "at_least": 90, "must_haves_missing": 0},
    "near": {"label": "Near", "at_least": 75, "must_haves_missing": 2},
    "half": {"label": "Half", "at_least": 50},
    "low": {"label": "Low", "at_least": 0},
}


@st.composite
def cases(draw):
    """A framework with one role, and ratings on it."""
    scale = draw(st.sampled_from(SCALES))
    between = [(low + high) / 2 for low, high in pairwise(scale)]
    names = draw(st.lists(st.sampled_from(NAMES), min_size=1, unique=True))
    requires, develops = {}, {}
    for name in names:
        level = draw(st.sampled_from([*scale[1:], *between]))
        must_have = draw(st.none() | st.sampled_from([one for one in scale if one <= level]))
        weight = draw(st.sampled_from([Decimal(1), Decimal(5), Decimal("2.5")]))
        requires[name] = {"level": level, "importance": weight, "must_have": must_have}
        low, high = sorted(draw(st.lists(st.sampled_from(scale), min_size=2, max_size=2)))
        if low < high:
            develops[name] = {"from": low, "to": high}
    framework = Framework.model_validate(
        {
            "schema": 1,
            "framework": {"id": "f", "version": "1", "title": "F"},
            "scale": {level: {"label": f"L{level}"} for level in scale},
            "readiness": BANDS,
            "domains": {"d": {"name": "D", "competences": {one: {"name": one} for one in NAMES}}},
            "roles": {"r": {"name": "R", "requires": requires}},
            "training": {
                f"t{number}": {
                    "title": f"T{number}",
                    "provider": "P",
                    "days": draw(st.sampled_from([None, Decimal(1), Decimal(3)])),
                    "develops": {key: develops[key] for key in list(develops)[number:]},
                }
                for number in range(3)
            },
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
    higher = data.draw(st.sampled_from([one for one in framework.scale if one >= answers[name]]))
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
        name: min(one for one in framework.scale if one >= requires[name].level)
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
    statuses = [one.result(name).status for one in reports.values()]

    assert statuses == [Status.UNRATED, Status.NOT_APPLICABLE, Status.RATED]
    assert unrated.unrated == not_applicable.unrated + 1 == lowest.unrated + 1
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


@given(cases())
def test_the_band_is_the_first_whose_bar_and_limit_are_kept(case):
    report = report_on(*case)
    if report.readiness is None:
        assert report.band is None
        return
    fitting = [
        key
        for key, band in BANDS.items()
        if report.readiness.percent >= band["at_least"]
        and len(report.must_haves_missing) <= band.get("must_haves_missing", 99)
    ]
    assert report.band.id == fitting[0]


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
    assert list(report_on(framework, answers).must_haves_missing) == expected


@given(cases())
def test_gaps_come_must_have_first_then_by_priority_gap_and_order(case):
    framework, answers = case
    report = report_on(framework, answers)
    order = list(framework.competences)

    def rank(key):
        one = report.result(key)
        return -one.must_have_shortfall, -one.priority, -one.gap, order.index(key)

    gaps = [one.id for one in report.results if one.gap]
    assert list(report.gaps) == sorted(gaps, key=rank)
    assert [one.competence for one in report.priorities] == list(report.gaps[:5])


@given(cases())
def test_training_fits_the_level_and_is_ranked_by_what_it_closes(case):
    framework, answers = case
    report = report_on(framework, answers)
    order = list(framework.training)
    expected = []
    for key, training in framework.training.items():
        closes = Decimal(0)
        for name, levels in training.develops.items():
            rating = answers.get(name)
            asked = framework.roles["r"].requires.get(name)
            if asked and isinstance(rating, Decimal) and levels.from_ <= rating < levels.to:
                closes += asked.importance * max(Decimal(0), min(levels.to, asked.level) - rating)
        if closes:
            days = training.days
            expected.append((-closes, days is None, days or 0, order.index(key), key))

    assert [option.id for option in report.training] == [one[-1] for one in sorted(expected)]
    assert [-option.closes for option in report.training] == [one[0] for one in sorted(expected)]


def test_percentages_round_half_up_at_one_decimal():
    shown = {
        Fraction(37, 8): "4.6",
        Fraction(1, 20): "0.1",
        Fraction(49, 1000): "0.0",
        Fraction(100): "100.0",
        Fraction(2, 3): "0.7",
    }
    assert {value: one_decimal(value) for value in shown} == shown
