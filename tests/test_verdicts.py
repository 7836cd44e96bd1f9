"""Verdicts claim what the ratings prove, on ratings files as people send them."""

from __future__ import annotations

import json
from decimal import Decimal
from fractions import Fraction

import pytest
from tests.support import run

from pmo_path.domain.scoring import Readiness
from pmo_path.render.results.team_words import percent_range
from pmo_path.render.role_fit import range_words

DIRECTOR = "pmo-director"
MUST_HAVES = {
    "strategic-thinking": 5,
    "leadership-influence": 5,
    "governance-risk": 5,
    "financial-resource": 4,
    "change-transformation": 4,
    "data-decisions": 4,
    "portfolio-prioritisation": 4,
    "planning-scheduling": 3,
    "risk-facilitation": 4,
    "issue-change-control": 3,
    "reporting-insights": 4,
    "pmo-operation": 4,
    "pmo-team": 4,
}
"""What the role may not do without, at the levels that it requires."""


UNRATED = ("strategic-thinking", "leadership-influence")


@pytest.fixture(name="ratings")
def ratings_fixture(tmp_path):
    def write(levels, target=DIRECTOR):
        path = tmp_path / "ratings.json"
        document = {"schema": 1, "target": target, "date": "2026-11-28", "ratings": levels}
        path.write_text(json.dumps(document), encoding="utf-8")
        return path

    return write


def report_of(path, *options):
    ran = run("assess", path, "--format", "json", *options)
    assert ran.code == 0
    return json.loads(ran.out)


def required(role=DIRECTOR):
    """The level that the role requires of each competence."""
    shown = json.loads(run("show", role, "--format", "json").out)
    return {key: requirement["level"] for key, requirement in shown["requires"].items()}


def test_a_few_excellent_ratings_prove_no_more_than_their_share(ratings):
    levels = dict.fromkeys(MUST_HAVES, 5)

    ran = run("assess", ratings(levels))

    verdict = " ".join(ran.out.split("\n\n")[1].split())
    assert verdict == (
        "Building, at most Ready to apply once everything is rated: readiness 64.6 to 100.0 % with "
        "14 of 27 unrated, 13 of 27 at target, no must-haves missing. The 14 unrated competences "
        "decide which band. "
        "Next band: Nearly ready (from 75 %): 10.5 points away."
    )


def test_unrated_must_haves_are_named_and_keep_a_band_back(ratings):
    levels = {key: level for key, level in required().items() if key not in UNRATED}

    report = report_of(ratings(levels))

    assert (report["band"]["id"], report["band_high"]["id"]) == ("building", "ready")
    assert report["verdict"].startswith(
        "Building, at most Ready to apply once everything is rated: readiness 85.0 to 100.0 % with "
        "2 of 27 unrated"
    )
    assert "2 must-haves missing: " in report["verdict"]
    assert report["verdict"].count("(unrated)") == 2
    assert "2 unrated competences, all of them must-haves, decide which band." in report["verdict"]
    assert report["next_band"]["band"]["id"] == "pending"
    assert report["next_band"]["points"] == 0
    assert [must_have["too_deep"] for must_have in report["next_band"]["must_haves"]] == [
        True,
        True,
    ]


def test_a_must_have_that_is_too_deep_has_the_level_to_raise_it_to(ratings):
    path = ratings({**required(), "financial-resource": 1})

    report = report_of(path)

    [must_have] = report["next_band"]["must_haves"]
    assert (must_have["must_have"], must_have["levels"], must_have["too_deep"]) == (3, 2, True)
    shown = " ".join(run("assess", path, "--full").out.split())
    assert "(from 75 %): raise Financial & Resource Management to at least 2." in shown

    path = ratings({**required(), "financial-resource": 1, "pmo-team": "n/a"})

    shown = " ".join(run("assess", path, "--full").out.split())
    assert (
        "raise Financial & Resource Management to at least 2; "
        "rate PMO team leadership (n/a) at 2 or higher."
    ) in shown


def test_what_is_not_applicable_is_counted_in_the_verdict(ratings):
    levels = {**required(), "meetings-secretariat": "n/a", "financial-resource": "n/a"}

    report = report_of(ratings(levels))

    assert len(report["not_applicable"]) == 2
    assert report["band"] == report["band_high"]
    assert report["band"]["id"] == "building"
    assert (
        "1 must-have missing: Financial & Resource Management (n/a, counts as missing)."
        in report["verdict"]
    )
    assert report["verdict"].endswith("2 of 27 competences are n/a and not counted.")


def test_too_much_that_is_not_applicable_names_no_band(ratings):
    levels = {key: 5 if key in MUST_HAVES else "n/a" for key in required()}

    ran = run("assess", ratings(levels), "--fail-under", "1")
    report = report_of(ratings(levels))

    assert (report["band"], report["band_high"], report["next_band"]) == (None, None, None)
    assert report["band_reason"] == "too_much_na"
    assert report["readiness"]["low"]["rounded"] == 100
    assert report["verdict"] == (
        "No band: readiness 100.0 % over the 13 that apply, 13 of 13 at target, no must-haves "
        "missing. 14 of 27 competences are n/a, more than a third of what the role requires, so there is "
        "no band."
    )
    assert (ran.code, ran.err) == (1, "--fail-under 1: too much is n/a for a band\n")


def test_nothing_rated_has_no_score_and_says_what_to_do(ratings):
    report = report_of(ratings({"meetings-secretariat": "n/a"}))

    assert (report["readiness"], report["band"]) == (None, None)
    assert report["band_reason"] == "nothing_rated"
    assert report["verdict"] == (
        "No ratings yet, so there is no score. 1 of 27 competences is n/a. "
        "Rate at least one competence."
    )


def test_a_must_have_two_levels_short_is_not_pending(ratings):
    levels = {**required(), "financial-resource": 0, "leadership-influence": 1}

    report = report_of(ratings(levels))

    assert report["band"]["id"] == "building"
    ahead = report["next_band"]
    assert (ahead["band"]["id"], ahead["points"], ahead["must_haves_to_meet"]) == ("pending", 0, 0)
    assert {must_have["id"]: must_have["levels"] for must_have in ahead["must_haves"]} == {
        "leadership-influence": 3,
        "financial-resource": 3,
    }


def test_a_figure_just_below_a_bar_is_a_tenth_of_a_point_away(tmp_path):
    framework = tmp_path / "framework.yaml"
    framework.write_text(
        "schema: 1\nframework: {id: f, version: 1.0.0, title: F}\n"
        "scale: {0: {label: No}, 1000: {label: Yes}, 999.9: {label: Nearly}}\n"
        "readiness: {top: {label: Top, at_least: 99.9999}, low: {label: Low, at_least: 0}}\n"
        "domains: {d: {name: D, competences: {c: {name: C}}}}\n"
        "roles: {r: {name: R, requires: {c: 1000}}}\n",
        encoding="utf-8",
    )
    (tmp_path / "me.yaml").write_text("schema: 1\nratings: {c: 999.9}\n", encoding="utf-8")

    ran = run("assess", tmp_path / "me.yaml", "--framework", framework, "--role", "r")

    assert "Low: readiness 100.0 %, 0 of 1 at target" in ran.out
    assert "Next band: Top (from 99.9999 %): 0.1 points away." in ran.out


def test_a_framework_with_one_band_gives_the_range_and_no_band(tmp_path):
    framework = tmp_path / "framework.yaml"
    framework.write_text(
        "schema: 1\nframework: {id: f, version: 1.0.0, title: F}\n"
        "scale: {0: {label: No}, 1: {label: Yes}}\n"
        "readiness: {all: {label: All, at_least: 0}}\n"
        "domains: {d: {name: D, competences: {a: {name: A}, b: {name: B}}}}\n"
        "roles: {r: {name: R, requires: {a: 1, b: 1}}}\n",
        encoding="utf-8",
    )
    (tmp_path / "me.yaml").write_text("schema: 1\nratings: {a: 1}\n", encoding="utf-8")

    ran = run("assess", tmp_path / "me.yaml", "--framework", framework, "--role", "r")

    assert ran.out.split("\n\n")[1] == (
        "Readiness 50.0 to 100.0 % with 1 of 2 unrated, 1 of 2 at target, no must-haves missing."
    )


@pytest.mark.parametrize(
    ("bar", "short"), [("64.5", ""), ("64.56", ""), ("64.6", "0.1 points"), ("100", "35.5 points")]
)
def test_fail_under_compares_the_low_end_and_says_why(ratings, bar, short):
    ran = run("assess", ratings(dict.fromkeys(MUST_HAVES, 5)), "--fail-under", bar)

    assert ran.code == bool(short)
    said = f"--fail-under {bar}: readiness is at least 64.6 %, {short} short\n"
    assert ran.err == (said if short else "")


@pytest.mark.parametrize("format_", ["table", "markdown", "html"])
def test_every_format_for_people_gives_the_verdict_and_the_way_to_the_next_band(ratings, format_):
    levels = {**required(), "financial-resource": 2, "strategic-thinking": 3}

    ran = run("assess", ratings(levels), "--format", format_, "--full")

    said = " ".join(ran.out.replace("&amp;", "&").replace("\\&", "&").split())
    assert "Nearly ready: readiness " in said
    assert (
        "Next band: Ready to apply (from 90 %): meet both missing must-haves: Strategic Thinking, "
        "Financial & Resource Management." in said
    )


def test_a_page_says_of_the_unrated_that_they_may_hide_gaps(ratings):
    some = run("assess", ratings(MUST_HAVES), "--format", "html").out
    whole = run("assess", ratings(required()), "--format", "html").out

    assert "No gaps among the rated competences; 14 of 27 are unrated." in some
    assert "There is no gap to work on." in whole


@pytest.mark.parametrize(
    ("low", "high", "shown"),
    [
        ("66.61", "66.64", "66.6 %"),
        ("66.6", "66.6", "66.6 %"),
        ("66.64", "66.66", "66.6 to 66.7 %"),
    ],
)
def test_ends_of_a_range_that_look_alike_are_shown_as_one_figure(low, high, shown):
    readiness = Readiness(Fraction(low), Fraction(low), Fraction(high), Decimal(1), Decimal(1))

    assert range_words(readiness) == shown
    assert percent_range(Decimal(low), Decimal(high)) == shown
