"""What the questions ask about, and what typed answers mean: pure rules, without a terminal."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmo_path import load_framework
from pmo_path.domain.interview import (
    FULL,
    SHORT,
    UNRATED,
    Answer,
    Interview,
    coverage,
    extended,
    not_asked,
    questions_for,
    resumed,
    scopes,
)
from pmo_path.domain.questions import (
    Option,
    Response,
    ResponseKind,
    chosen,
    minutes,
    question_of,
    response_to,
)
from pmo_path.render.interview import coverage_text, scope_text

FRAMEWORK = load_framework()
DIRECTOR = "pmo-director"


def interview(scope: str = FULL, target: str | None = DIRECTOR) -> Interview:
    return Interview("", None, target, scope, questions_for(FRAMEWORK, target, scope))


# --- What is asked ----------------------------------------------------------------------------------


@pytest.mark.parametrize("role", FRAMEWORK.roles)
def test_a_short_run_has_all_must_haves_and_no_more_than_it_needs_for_its_share(role):
    requires = FRAMEWORK.scored(role)
    asked = questions_for(FRAMEWORK, role, SHORT)
    covered = coverage(FRAMEWORK, role, asked)

    assert covered.must_haves == covered.all_must_haves
    assert covered.share >= Fraction(60, 100)
    assert asked == questions_for(FRAMEWORK, role, FULL)[: len(asked)]
    if requires[asked[-1]].must_have is None:
        assert coverage(FRAMEWORK, role, asked[:-1]).share < Fraction(60, 100)
    else:
        assert len(asked) == covered.must_haves


def test_the_share_is_of_importance_times_levels_above_the_lowest():
    requires = FRAMEWORK.scored("pmo-analyst")
    points = {key: item.importance * item.level for key, item in requires.items()}
    some = list(requires)[:4]

    share = coverage(FRAMEWORK, "pmo-analyst", some).share

    assert share == Fraction(sum(points[key] for key in some)) / Fraction(sum(points.values()))


def test_for_any_role_everything_is_asked_that_any_role_requires():
    asked = questions_for(FRAMEWORK, None, FULL)

    assert set(asked) == {key for role in FRAMEWORK.roles for key in FRAMEWORK.scored(role)}
    short = questions_for(FRAMEWORK, None, SHORT)
    assert short == asked[: len(short)]
    assert coverage(FRAMEWORK, None, short).all_must_haves == 0
    assert question_of(FRAMEWORK, interview(target=None)).expects is None


def test_what_is_unrated_comes_first_and_can_be_all_that_is_asked():
    everything = questions_for(FRAMEWORK, DIRECTOR, FULL)
    rated = everything[::2]

    assert questions_for(FRAMEWORK, DIRECTOR, FULL, rated) == (*everything[1::2], *rated)
    assert questions_for(FRAMEWORK, DIRECTOR, UNRATED, rated) == everything[1::2]
    assert UNRATED in scopes(FRAMEWORK, DIRECTOR, rated)
    assert UNRATED not in scopes(FRAMEWORK, DIRECTOR)
    assert UNRATED not in scopes(FRAMEWORK, DIRECTOR, everything)


def test_what_a_short_run_leaves_out_can_follow_it_once():
    short = interview(SHORT)
    left = not_asked(short, FRAMEWORK)
    longer = extended(short.go_to(99), FRAMEWORK)

    assert len(left) == 14
    assert longer.questions == (*short.questions, *left)
    assert longer.current == left[0]
    assert not_asked(longer, FRAMEWORK) == ()
    assert resumed(longer, FRAMEWORK)[0] == longer


def test_a_selection_says_what_it_can_and_cannot_show():
    short = coverage(FRAMEWORK, DIRECTOR, questions_for(FRAMEWORK, DIRECTOR, SHORT))
    domain = coverage(FRAMEWORK, DIRECTOR, questions_for(FRAMEWORK, DIRECTOR, "pmo-management"))

    assert coverage_text(FRAMEWORK, DIRECTOR, short) == (
        "These 13 of 27 competences cover all 13 must-haves and 64 % of the importance-weighted "
        "levels of PMO Director. They can show your gaps in them and a readiness range about 36 "
        "points wide. They can't show any gap in the other 14."
    )
    assert "or whether you meet the other 5 must-haves." in coverage_text(
        FRAMEWORK, DIRECTOR, domain
    )
    whole = coverage(FRAMEWORK, DIRECTOR, FRAMEWORK.competences)
    assert coverage_text(FRAMEWORK, DIRECTOR, whole) == ""


def test_a_selection_shows_what_it_covers_before_it_is_chosen():
    chosen_from = scopes(FRAMEWORK, DIRECTOR)
    texts = [scope_text(FRAMEWORK, DIRECTOR, key, asked) for key, asked in chosen_from.items()]

    assert texts[:2] == [
        "All competences (27, about 19 minutes)",
        (
            "Short run: must-haves, then the most important "
            "(13, about 10 minutes; all 13 must-haves, 64 % of what counts)"
        ),
    ]
    assert texts[-1].endswith("(10, about 7 minutes; 8 of 13 must-haves, 58 % of what counts)")
    short = questions_for(FRAMEWORK, None, SHORT)
    assert "must-have" not in scope_text(FRAMEWORK, None, SHORT, short)


def test_minutes_left_go_down_to_one():
    left = [question_of(FRAMEWORK, interview().go_to(index)).minutes_left for index in range(27)]

    assert left == sorted(left, reverse=True)
    assert left[0] == minutes(FRAMEWORK, interview().questions) > 10
    assert left[-1] == 1


# --- Not sure ---------------------------------------------------------------------------------------


def test_not_sure_with_a_level_is_a_rating_with_low_confidence():
    here = interview()
    key = here.current or ""

    assert here.doubt().rate(Decimal(3)).answer_to(key) == Answer(Decimal(3), confidence="low")
    assert here.rate(Decimal(3)).back().doubt().answer_to(key).is_unsure
    assert here.doubt().doubt(is_unsure=False).answer_to(key) == Answer()


@pytest.mark.parametrize("level", ["n/a", None])
def test_only_a_level_can_be_unsure(level):
    here = interview().doubt().rate(level)

    assert here.answer_to(here.questions[0]) == Answer(level)


def test_not_sure_without_a_level_is_kept_and_unrated():
    here = interview().doubt()

    assert question_of(FRAMEWORK, here).is_answered
    assert not question_of(FRAMEWORK, here).is_rated
    assert here.forward().answered == 0


def test_being_sure_again_leaves_another_confidence_as_it_is():
    here = interview()
    key = here.current or ""
    high = here._replace(answers={key: Answer(Decimal(2), confidence="high")})

    assert high.doubt(is_unsure=False) == high
    assert high.rate(Decimal(4)).answer_to(key) == Answer(Decimal(4), confidence="high")


# --- What is typed ----------------------------------------------------------------------------------

QUESTION = question_of(FRAMEWORK, interview())
THREE = Response(ResponseKind.RATE, Decimal(3))


@pytest.mark.parametrize(
    ("typed", "meaning"),
    [
        ("3", THREE),
        ("\uff13", THREE),
        ("3.0", THREE),
        ("competent", THREE),
        ("3 - Competent", THREE),
        ("Competent (3)", THREE),
        ("3, not sure", THREE._replace(is_unsure=True)),
        ("Competent (not sure)", THREE._replace(is_unsure=True)),
        ("3 u", THREE._replace(is_unsure=True)),
        ("n", Response(ResponseKind.NOT_APPLICABLE)),
        ("N/A", Response(ResponseKind.NOT_APPLICABLE)),
        ("not applicable", Response(ResponseKind.NOT_APPLICABLE)),
        ("skip", Response(ResponseKind.SKIP)),
        ("S", Response(ResponseKind.SKIP)),
        ("Back", Response(ResponseKind.BACK)),
        ("evidence", Response(ResponseKind.EVIDENCE)),
        ("not sure", Response(ResponseKind.NOT_SURE)),
        ("Don\N{RIGHT SINGLE QUOTATION MARK}t know", Response(ResponseKind.NOT_SURE)),
        ("quit", Response(ResponseKind.QUIT)),
        ("none", Response(ResponseKind.RATE, Decimal(0))),
        ("7", None),
        ("2.5", None),
        ("n/a, not sure", None),
        ("4 - Competent", None),
        ("x", None),
    ],
)
def test_words_mean_what_keys_mean(typed, meaning):
    assert response_to(QUESTION, typed) == meaning


OPTIONS = (
    Option("None of these", ("none",)),
    Option("PMO Manager", ("pmo-manager", "Head of PMO")),
    Option("Project Manager", ("project-manager",)),
    Option("PMO"),
)


@pytest.mark.parametrize(
    ("typed", "indexes"),
    [
        ("2", (1,)),
        ("02", (1,)),
        ("0", ()),
        ("5", ()),
        ("99999999999999999999", ()),
        ("pmo manager", (1,)),
        ("PMO_Manager", (1,)),
        ("head of", (1,)),
        ("2. PMO Manager", (1,)),
        ("pmo", (3,)),
        ("p", (1, 2, 3)),
        ("manager", (1, 2)),
        ("none", (0,)),
        ("", ()),
        ("boss", ()),
    ],
)
def test_an_option_is_chosen_by_number_or_name(typed, indexes):
    assert chosen(OPTIONS, typed) == indexes


@given(st.text(max_size=40))
def test_no_text_breaks_the_reading_of_answers(text):
    response_to(QUESTION, text)
    assert all(0 <= index < len(OPTIONS) for index in chosen(OPTIONS, text))
