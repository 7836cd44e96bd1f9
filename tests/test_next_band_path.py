"""The shortest way to the next band, against every way there is on small frameworks."""

from __future__ import annotations

import json
import time
from decimal import Decimal
from itertools import pairwise, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support import EXAMPLES, run

from pmo_path.domain.assessment import assess
from pmo_path.domain.bands import bands_of
from pmo_path.domain.framework import Framework
from pmo_path.domain.next_band_path import next_band_path
from pmo_path.domain.ratings import Ratings
from pmo_path.domain.scoring import Status, readiness_of, score

MANAGER = EXAMPLES / "ratings-manager.yaml"
SCALES = [
    ("0", "1", "2", "3"),
    ("0", "1", "4", "5"),
    ("1", "1.5", "4", "4.5"),
    ("0", "3", "4", "6"),
]


@st.composite
def worlds(draw):
    """A framework of one role with uneven levels and limits on must-haves, and ratings between levels."""
    scale = [Decimal(level) for level in draw(st.sampled_from(SCALES))]
    between = [(low + high) / 2 for low, high in pairwise(scale)]
    keys = [f"c{number}" for number in range(draw(st.integers(1, 5)))]

    def requirement():
        level = draw(st.sampled_from([*scale[1:], *between]))
        return {
            "level": level,
            "importance": draw(st.sampled_from([Decimal(1), Decimal(2), Decimal("2.5")])),
            "must_have": draw(st.sampled_from([None, *(x for x in scale[1:] if x <= level)])),
        }

    missing = sorted(
        (draw(st.sampled_from([None, 0, 1, 1, 2])) for _ in range(2)), key=_loosest_last
    )
    gaps = sorted((draw(st.sampled_from([None, *scale])) for _ in range(2)), key=_loosest_last)
    bands = {
        key: {
            "label": key,
            "at_least": at_least,
            "must_haves_missing": missing[index],
            "must_have_gap": gaps[index],
        }
        for index, (key, at_least) in enumerate(
            [("top", draw(st.sampled_from([20, 50, 75, 90, 100]))), ("mid", 10)]
        )
    }
    framework = Framework.model_validate(
        {
            "schema": 1,
            "framework": {"id": "f", "version": "1", "title": "F"},
            "scale": {level: {"label": f"L{level}"} for level in scale},
            "readiness": {**bands, "low": {"label": "low", "at_least": 0}},
            "domains": {"d": {"name": "D", "competences": {key: {"name": key} for key in keys}}},
            "roles": {"r": {"name": "R", "requires": {key: requirement() for key in keys}}},
        }
    )
    answers = st.sampled_from([*scale[:2], *scale[:2], *scale, *between, None, "n/a"])
    return framework, Ratings.model_validate({"ratings": {key: draw(answers) for key in keys}})


def _loosest_last(limit):
    return (limit is None, limit or 0)


def raised(framework, report, ratings, steps):
    """The ratings after a number of steps on the scale by competence."""
    levels = {}
    for key, number in steps.items():
        above = [level for level in framework.levels if level > report.result(key).rating]
        levels[key] = {"level": above[number - 1]} if number else ratings.ratings[key]
    return Ratings.model_validate({"ratings": {**ratings.ratings, **levels}})


def reaches(framework, ratings, band):
    results = score(framework, "r", ratings)
    readiness = readiness_of(results)
    low = bands_of(framework, results, readiness).low
    assert low is not None
    assert readiness is not None
    order = list(framework.readiness)
    return order.index(low.id) <= order.index(band.id), readiness.low


def all_ways(framework, report, ratings):
    """Every way that reaches the band: its steps, then readiness, then steps by gap."""
    choices = []
    for key in report.gaps:
        result = report.result(key)
        below = sum(result.rating < level < result.required for level in framework.levels)
        choices.append(range(below + 2))
    for numbers in product(*choices):
        steps = dict(zip(report.gaps, numbers, strict=True))
        is_reached, readiness = reaches(
            framework, raised(framework, report, ratings, steps), report.next_band.band
        )
        if is_reached:
            yield sum(numbers), -readiness, tuple(-number for number in numbers)


@given(worlds())
@settings(max_examples=250, deadline=None)
def test_it_is_the_best_of_all_ways(world):
    framework, ratings = world
    report = assess(framework, ratings, "r")
    path = next_band_path(report)
    if report.next_band is None:
        assert path is None
        return

    assert path is not None
    best = min(all_ways(framework, report, ratings), default=None)

    assert path.band == report.next_band.band
    if best is None:
        assert (path.step_count, path.raised, path.readiness) == (None, (), None)
        assert path.rate_first or path.never_applicable
        return
    steps = dict.fromkeys(report.gaps, 0) | {entry.id: entry.step_count for entry in path.raised}
    assert path.readiness is not None
    numbers = tuple(-steps[gap] for gap in report.gaps)
    assert (path.step_count, -path.readiness.low, numbers) == best
    after = raised(framework, report, ratings, steps)
    assert all(after.ratings[entry.id].level == entry.to_level for entry in path.raised)
    assert readiness_of(score(framework, "r", after)) == path.readiness


@given(worlds())
@settings(max_examples=150, deadline=None)
def test_what_has_no_level_is_never_raised_and_named_where_it_blocks(world):
    framework, ratings = world
    report = assess(framework, ratings, "r")
    path = next_band_path(report)
    if path is None or path.step_count is not None:
        return

    statuses = {result.id: result.status for result in report.results}
    assert all(statuses[entry.id] is Status.UNRATED for entry in path.rate_first)
    assert all(statuses[entry.id] is Status.NOT_APPLICABLE for entry in path.never_applicable)
    if not path.never_applicable:
        rated = {entry.id: {"level": framework.levels[-1]} for entry in path.rate_first}
        others = Ratings.model_validate({"ratings": {**ratings.ratings, **rated}})
        now = assess(framework, others, "r")
        further = next_band_path(now)
        # Once they are rated, nothing blocks this band any more.
        assert further is None or further.step_count or further.band != path.band


def test_the_way_is_in_full_reports_alone():
    full = run("assess", MANAGER, "--full").out
    brief = run("assess", MANAGER).out
    way = json.loads(run("assess", MANAGER, "--format", "json").out)["next_band_path"]

    assert "Shortest way to Nearly ready\nAt least 3 levels to gain" in full
    assert "Strategic Thinking: 3 → 5" in full
    assert "Shortest way" not in brief
    assert "Shortest way to Nearly ready" in run("assess", MANAGER, "--format", "html").out
    assert way["step_count"] == 3
    assert [(step["id"], step["from_level"], step["to_level"]) for step in way["raised"]] == [
        ("strategic-thinking", 3, 5),
        ("financial-resource", 2, 3),
    ]
    assert way["readiness"]["low"]["rounded"] == 75.1


def test_a_band_that_unrated_competences_block_says_what_to_rate_first():
    ratings = b"ratings: {strategic-thinking: 3, leadership-influence: n/a}"
    command = ["assess", "-", "--role", "pmo-director"]

    full = " ".join(run(*command, "--full", stdin=ratings).out.split())
    way = json.loads(run(*command, "--format", "json", stdin=ratings).out)["next_band_path"]

    assert "Raising rated competences cannot reach it. Rate first: " in full
    assert (
        "Status collection and registers, Planning and scheduling, Risk facilitation and 20 more."
        in full
    )
    assert way["step_count"] is None
    assert len(way["rate_first"]) == 25


@pytest.mark.parametrize("most_missing", [0, 2, 40, None])
@pytest.mark.parametrize("scale", SCALES[:2], ids=["even", "uneven"])
def test_two_hundred_competences_take_little_time(most_missing, scale):
    keys = [f"c{number}" for number in range(200)]
    levels = [Decimal(level) for level in scale]
    requires = {
        key: {"level": levels[-1], "importance": 1 + index % 5, "must_have": levels[2]}
        if index % 3 == 0
        else {"level": levels[-1], "importance": 1 + index % 7}
        for index, key in enumerate(keys)
    }
    top = {"label": "Top", "at_least": 90, "must_haves_missing": most_missing}
    framework = Framework.model_validate(
        {
            "schema": 1,
            "framework": {"id": "f", "version": "1", "title": "F"},
            "scale": {level: {"label": f"L{level}"} for level in levels},
            "readiness": {"top": top, "low": {"label": "Low", "at_least": 0}},
            "domains": {"d": {"name": "D", "competences": {key: {"name": key} for key in keys}}},
            "roles": {"r": {"name": "R", "requires": requires}},
        }
    )
    ratings = Ratings.model_validate(
        {"ratings": {key: levels[index % 2] for index, key in enumerate(keys)}}
    )
    report = assess(framework, ratings, "r")

    before = time.process_time()
    path = next_band_path(report)
    assert time.process_time() - before < 2

    assert path is not None
    assert path.step_count
