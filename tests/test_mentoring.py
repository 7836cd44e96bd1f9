"""The reports of six people, as somebody who mentors them would want to hand them over."""

from __future__ import annotations

import json
from functools import cache
from itertools import chain

import pytest
from tests.support import ROOT, run

PEOPLE = ROOT / "tests" / "cases" / "ratings"
ADMINISTRATOR = "p1-administrator-to-analyst"
ANALYST = "p2-analyst-to-manager"
MANAGER = "p3-manager-to-director"
DIRECTOR = "p4-director-18-months"
PROJECT_MANAGER = "p5-project-manager-to-pmo-manager"
NO_FINANCE = "p6-delivery-strong-no-finance"
FIRST_COURSE = {
    ADMINISTRATOR: "essentials-pmo-analysts",
    ANALYST: "essentials-pmo-managers",
    MANAGER: "essentials-pmo-directors",
    DIRECTOR: "essentials-pmo-directors",
    PROJECT_MANAGER: "essentials-pmo-managers",
    NO_FINANCE: "essentials-pmo-directors",
}
EVERYBODY = sorted(FIRST_COURSE)
MOST_POSTS = 2
"""How many of the first five steps may need a post or a mandate."""


@cache
def report(name):
    ran = run("assess", PEOPLE / f"{name}.yaml", "--format", "json")
    assert ran.code == 0
    return json.loads(ran.out)


@cache
def shown(name):
    return " ".join(run("assess", PEOPLE / f"{name}.yaml", "--full").out.split())


@pytest.mark.parametrize(("name", "course"), FIRST_COURSE.items())
def test_the_course_for_the_next_role_comes_first(name, course):
    courses = [option["id"] for option in report(name)["training"]]

    assert courses[0] == course
    assert not {key for key in courses if key.startswith("essentials-")} - {course}


@pytest.mark.parametrize("name", EVERYBODY)
def test_recognition_is_no_course_and_months_are_no_days(name):
    lists = ("training", "course"), ("qualifications", "qualification"), ("recognition",) * 2

    for key, type_ in lists:
        assert {option["type"] for option in report(name)[key]} <= {type_}


@pytest.mark.parametrize("name", EVERYBODY)
def test_a_course_comes_after_those_that_it_presupposes(name):
    courses = report(name)["training"]

    earlier = [course["id"] for option in courses for course in option["take_first"]]
    assert not set(earlier) & {option["id"] for option in courses}


def test_a_course_with_a_prerequisite_names_it_with_its_length():
    courses = {option["id"]: option for option in report(PROJECT_MANAGER)["training"]}

    [foundation] = courses["p3o-practitioner"]["take_first"]
    assert (foundation["id"], foundation["days"]) == ("p3o-foundation", 3)


def test_recognition_of_the_post_comes_before_that_of_one_craft():
    assert [option["id"] for option in report(MANAGER)["recognition"]] == [
        "pmi-pmo-certified-professional",
        "chartered-project-professional",
        "pmi-risk-management-professional",
    ]


def test_finance_is_learned_from_a_finance_course():
    first = report(NO_FINANCE)["priorities"][0]

    assert first["id"] == "financial-resource"
    assert first["training_ids"][0] == "finance-for-non-financial-managers"
    assert first["experience"]["level"] == 2


def test_somebody_who_begins_is_sent_to_people_they_can_reach():
    people = chain.from_iterable(step["exposure"] for step in report(ADMINISTRATOR)["priorities"])

    assert not [text for text in people if "executive" in text or "corporate" in text]


@pytest.mark.parametrize("name", [ANALYST, MANAGER, NO_FINANCE])
def test_the_way_to_a_post_does_not_begin_with_holding_it(name):
    starts = [step["experience"]["start"] for step in report(name)["priorities"]]

    assert starts[0] != "position"
    assert starts.count("position") <= MOST_POSTS


def test_a_director_in_post_is_not_told_to_apply_without_a_word():
    held = "You hold this role, so the bands show how fully you fill it."

    assert held in shown(DIRECTOR)
    assert held not in shown(MANAGER)


def test_to_have_begun_is_at_target_but_no_strength():
    strengths = shown(ADMINISTRATOR).partition("Strengths")[2].partition("Shortest way")[0]

    named, _, others = strengths.partition("Also at target: ")
    assert "(Practised)" in named
    assert "(Aware)" not in named
    assert others.strip() == "Strategic Thinking, Change & Transformation Leadership"


@pytest.mark.parametrize("name", EVERYBODY)
def test_every_report_ends_with_the_advice_to_widen_the_network(name):
    assert "Widen your network Skills, experience and the people you know" in shown(name)


@pytest.mark.parametrize("name", EVERYBODY)
def test_each_priority_has_a_first_move_people_evidence_and_a_step(name):
    for priority in report(name)["priorities"]:
        assert priority["experience"]["first_move"], priority["id"]
        assert priority["exposure"], priority["id"]
        assert priority["evidence_to_collect"], priority["id"]
