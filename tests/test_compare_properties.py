"""What holds of every comparison, whatever the framework and the ratings."""

from __future__ import annotations

import datetime
from decimal import Decimal
from fractions import Fraction
from statistics import median

from hypothesis import given
from hypothesis import strategies as st
from tests.test_scoring import NAMES, cases

from pmo_path.domain.assessment import assess
from pmo_path.domain.compare.choice import compare
from pmo_path.domain.compare.inputs import RatedFile
from pmo_path.domain.compare.over_time import MustHaveTurn, OverTime, Turn
from pmo_path.domain.compare.raters import Raters
from pmo_path.domain.compare.versions import followed
from pmo_path.domain.numbers import one_decimal, signed
from pmo_path.domain.ratings import Ratings

DAYS = [datetime.date(2026, 1, 1), datetime.date(2026, 7, 1)]
BACK = {
    Turn.CLOSED: Turn.OPENED,
    Turn.OPENED: Turn.CLOSED,
    Turn.NARROWER: Turn.WIDER,
    Turn.WIDER: Turn.NARROWER,
    Turn.NEWLY_RATED: Turn.NO_LONGER_RATED,
    Turn.NO_LONGER_RATED: Turn.NEWLY_RATED,
}
MUST_HAVE_BACK = {
    MustHaveTurn.NEWLY_MET: MustHaveTurn.NEWLY_MISSING,
    MustHaveTurn.NEWLY_MISSING: MustHaveTurn.NEWLY_MET,
}


@st.composite
def several(draw, most=2):
    """A framework with one role, and two or more people's ratings on it."""
    framework, first = draw(cases())
    answers = st.sampled_from([*framework.levels, "n/a", None])
    ratings = st.dictionaries(st.sampled_from(NAMES), answers)
    return framework, [first, *draw(st.lists(ratings, min_size=1, max_size=most - 1))]


def given_as(answers, rater="self", **more):
    ratings = Ratings.model_validate({"ratings": answers, "rater": rater, **more})
    return RatedFile(f"{rater}.yaml", ratings)


def over_time(framework, then, now):
    result = compare(framework, [given_as(then), given_as(now)], "r")
    assert isinstance(result, OverTime)
    return result


def rater_by_rater(framework, answers, names):
    given = [given_as(answer, name) for answer, name in zip(answers, names, strict=False)]
    result = compare(framework, given, "r")
    assert isinstance(result, Raters)
    return result


@given(cases())
def test_comparing_a_file_with_itself_moves_nothing(case):
    framework, answers = case

    result = over_time(framework, answers, answers)

    assert {move.turn for move in result.moves} <= {Turn.SAME}
    assert {move.by for move in result.moves} <= {None, 0}
    assert result.readiness_moved_by in {None, (0, 0)}
    assert set(result.verdict.turns) <= {Turn.SAME}


@given(several())
def test_swapping_the_files_negates_every_move(case):
    framework, (then, now) = case
    there, back = over_time(framework, then, now), over_time(framework, now, then)

    assert (there.then.fit, there.now.fit) == (back.now.fit, back.then.fit)
    if there.readiness_moved_by is not None:
        assert there.readiness_moved_by == tuple(-change for change in back.readiness_moved_by)
    assert [move.id for move in there.moves] == [move.id for move in back.moves]
    for move, back_move in zip(there.moves, back.moves, strict=True):
        assert (move.then, move.now) == (back_move.now, back_move.then)
        assert (move.gap_then, move.gap_now) == (back_move.gap_now, back_move.gap_then)
        assert back_move.turn == BACK.get(move.turn, move.turn)
        assert back_move.must_have_turn == MUST_HAVE_BACK.get(
            move.must_have_turn, move.must_have_turn
        )
        if move.by is not None:
            assert (move.by, move.steps) == (-back_move.by, -back_move.steps)


@given(several())
def test_readiness_then_and_now_is_what_assess_gives(case):
    framework, answers = case
    result = over_time(framework, *answers)

    for standing, ratings in zip((result.then, result.now), answers, strict=True):
        report = assess(framework, Ratings.model_validate({"ratings": ratings}), "r")
        assert standing.fit.readiness == report.readiness
        assert standing.fit.band == report.band
        assert (standing.fit.at_target, standing.fit.applicable) == (
            report.at_target,
            report.applicable,
        )
        assert standing.fit.must_haves_missing == report.must_haves_missing
        assert standing.fit.verdict == report.verdict


@given(several())
def test_the_turn_of_a_gap_is_told_by_the_gaps(case):
    framework, answers = case

    for move in over_time(framework, *answers).moves:
        both = move.gap_then is not None and move.gap_now is not None
        assert (move.turn is Turn.CLOSED) == bool(both and move.gap_then and not move.gap_now)
        assert (move.turn is Turn.OPENED) == bool(both and move.gap_now and not move.gap_then)
        if move.turn in {Turn.NARROWER, Turn.WIDER}:
            assert (move.gap_now < move.gap_then) == (move.turn is Turn.NARROWER)
            assert (move.by > 0) == (move.turn is Turn.NARROWER)
        if move.turn is Turn.SAME:
            assert (move.then, move.gap_then) == (move.now, move.gap_now)


@given(several())
def test_the_date_decides_what_was_then(case):
    framework, (first, second) = case
    early = given_as(first, date=DAYS[0])
    late = given_as(second, date=DAYS[1])

    swapped = compare(framework, [late, early], "r")

    assert swapped._replace(notes=()) == compare(framework, [early, late], "r")


@given(several())
def test_blind_spots_and_hidden_strengths_swap_with_the_two_raters(case):
    framework, answers = case
    result = rater_by_rater(framework, answers, ["self", "boss"])
    swapped = rater_by_rater(framework, answers, ["boss", "self"])

    assert result.blind_spots == swapped.hidden_strengths
    assert result.hidden_strengths == swapped.blind_spots
    assert result.agreement == swapped.agreement
    assert [(view.id, view.spread) for view in result.views] == [
        (view.id, view.spread) for view in swapped.views
    ]


@given(several(most=5))
def test_blind_spots_are_two_steps_above_the_median_and_never_hidden_strengths(case):
    framework, answers = case
    result = rater_by_rater(framework, answers, ["self", "b", "c", "d", "e"])

    assert not set(result.blind_spots) & set(result.hidden_strengths)
    place = {level: number for number, level in enumerate(sorted(framework.scale))}
    blind, hidden = set(), set()
    for key in framework.competences:
        own, *others = (place.get(answer.get(key)) for answer in answers)
        rated = [Fraction(depth) for depth in others if depth is not None]
        if own is not None and rated:
            above = own - median(rated)
            blind |= {key} if above >= 2 else set()
            hidden |= {key} if above <= -2 else set()
            assert result.view(key).self_above == above
    assert (set(result.blind_spots), set(result.hidden_strengths)) == (blind, hidden)


@given(several(most=4), st.randoms())
def test_the_order_of_the_files_changes_no_finding(case, random):
    framework, answers = case
    given = [
        given_as(answer, name) for answer, name in zip(answers, ["self", *"bcd"], strict=False)
    ]
    result = compare(framework, given, "r")
    random.shuffle(given)
    shuffled = compare(framework, given, "r")

    assert isinstance(result, Raters)
    assert isinstance(shuffled, Raters)
    assert shuffled.agreement == result.agreement
    assert (shuffled.blind_spots, shuffled.hidden_strengths) == (
        result.blind_spots,
        result.hidden_strengths,
    )
    assert [view.id for view in shuffled.views] == [view.id for view in result.views]


@given(several(most=4))
def test_what_is_most_apart_comes_first_and_agreement_counts_it(case):
    framework, answers = case
    result = rater_by_rater(framework, answers, ["a", "b", "c", "d"])

    steps = [-1 if view.spread_steps is None else view.spread_steps for view in result.views]
    assert steps == sorted(steps, reverse=True)
    agreement = result.agreement
    assert agreement.same <= agreement.within_one_step <= agreement.rated_by_all
    by_all = [
        view for view in result.views if all(answer.level is not None for answer in view.answers)
    ]
    assert agreement.rated_by_all == len(by_all)
    assert agreement.same == sum(
        len({answer.level for answer in view.answers}) == 1 for view in by_all
    )


@given(cases())
def test_following_ratings_to_the_same_framework_loses_nothing(case):
    framework, answers = case
    ratings = Ratings.model_validate({"ratings": answers, "target": "r"})

    assert followed(framework, framework, ratings) == (ratings, (), (), ())


@given(st.integers(-20_000, 20_000), st.integers(1, 700))
def test_a_difference_is_rounded_alike_in_both_directions(numerator, denominator):
    value = Fraction(numerator, denominator)
    shown, turned = one_decimal(value), one_decimal(-value)

    assert abs(Fraction(shown) - value) <= Fraction(1, 20)
    assert shown.removeprefix("-") == turned.removeprefix("-")
    assert Decimal(signed(shown)) == Decimal(shown)
