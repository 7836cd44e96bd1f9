"""`assess --set`: other levels beside today's figures, marked everywhere and kept nowhere."""

from __future__ import annotations

import csv
import io
import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.hostile import TEXTS, write_framework
from tests.support import EXAMPLES, run
from tests.worlds import COMPETENCES, worlds

import pmo_path
from pmo_path.domain.errors import UsageProblem
from pmo_path.domain.role_fit import fit_of

MANAGER = EXAMPLES / "ratings-manager.yaml"
FRAMEWORK = pmo_path.load_framework()
RATINGS = pmo_path.load_ratings(MANAGER, FRAMEWORK)
SET = ["--set", "strategic-thinking=4"]


def what_if(*options):
    ran = run("assess", MANAGER, *options, "--format", "json")
    assert (ran.code, ran.err) == (0, "")
    return json.loads(ran.out)


# --- What can be typed ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "strategic-thinking=4",
        "Strategic Thinking=4",
        "STRATEGIC_THINKING = 4.0",
        "strategic-thinking=Proficient",
        "strategic-thinking=4 - Proficient",
        "strategic-thinking=proficient (4)",
    ],
)
def test_a_competence_and_a_level_are_named_as_in_a_file(text):
    report = what_if("--set", text)

    assert report["what_if"]["ratings"] == [
        {
            "id": "strategic-thinking",
            "name": "Strategic Thinking",
            "is_required": True,
            "status": "rated",
            "rating": 4,
            "status_today": "rated",
            "rating_today": 3,
        }
    ]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["x"], "--set takes a competence and a level, such as strategic-thinking=4, not 'x'"),
        (["=4"], "--set takes a competence and a level, such as strategic-thinking=4, not '=4'"),
        (["x= "], "--set takes a competence and a level, such as strategic-thinking=4, not 'x= '"),
        (
            ["strtegic-thinking=4"],
            "there is no competence 'strtegic-thinking'; did you mean 'strategic-thinking'?",
        ),
        (
            ["qqq=4"],
            "there is no competence 'qqq'; 'pmo-path show' lists the competences",
        ),
        (
            ["strategic-thinking=9"],
            "'strategic-thinking' is set to '9', which is not a level of the scale; use 0, 1, 2, 3, 4, 5 or n/a",
        ),
        (
            ["strategic-thinking=3.5"],
            "'strategic-thinking' is set to '3.5', which is not a level of the scale; use 0, 1, 2, 3, 4, 5 or n/a",
        ),
        (
            ["strategic-thinking=4", "Strategic Thinking=n/a"],
            "'Strategic Thinking' is set to both 4 and n/a; set each competence once",
        ),
    ],
)
def test_bad_input_is_a_usage_error(options, message):
    ran = run("assess", MANAGER, *(f"--set={option}" for option in options))

    assert (ran.code, ran.out, ran.err) == (2, "", f"pmo-path: {message}\n")


def test_a_name_that_domains_share_is_refused_with_what_to_write(tmp_path):
    framework = tmp_path / "framework.yaml"
    framework.write_text(
        "schema: 1\nframework: {id: f, version: '1', title: F}\n"
        "scale: {0: {label: No}, 1: {label: Yes}}\n"
        "readiness: {any: {label: Any, at_least: 0}}\n"
        "domains:\n"
        "  a: {name: A, competences: {a-scope: {name: Scope}}}\n"
        "  b: {name: B, competences: {b-scope: {name: Scope}}}\n"
        "roles: {r: {name: R, requires: {a-scope: 1, b-scope: 1}}}\n",
        encoding="utf-8",
    )
    command = ["assess", "-", "--framework", framework, "--role", "r", "--format", "json"]

    bare = run(*command, "--set", "scope=1", stdin=b"ratings: {a-scope: 0}")
    named = run(*command, "--set", "B / Scope=1", stdin=b"ratings: {a-scope: 0}")

    assert bare.code == 2
    assert "write 'A / Scope' or 'B / Scope'" in bare.err
    assert json.loads(named.out)["what_if"]["ratings"][0]["id"] == "b-scope"


def test_the_same_level_twice_counts_once():
    report = what_if(*SET, "--set", "Strategic Thinking=Proficient")

    assert len(report["what_if"]["ratings"]) == 1


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ([MANAGER, "--role", "any"], "compares one role"),
        ([MANAGER, "--fail-under", "10"], "leave one of them out"),
        ([], "pass a ratings file"),
    ],
)
def test_options_that_need_the_ratings_as_they_are_are_refused(options, reason):
    ran = run("assess", *options, *SET)

    assert (ran.code, ran.out) == (2, "")
    assert "--set" in ran.err
    assert reason in ran.err


@pytest.mark.parametrize("kind", [kind for kind in TEXTS if kind != "terminal"])
def test_hostile_text_is_shown_as_it_is_and_not_obeyed(tmp_path, kind):
    framework = write_framework(tmp_path / "framework.yaml", TEXTS[kind])
    command = ["assess", "-", "--framework", framework, "--target-level", "3"]
    ratings = json.dumps({"ratings": {}}).encode()

    unknown = run(*command, "--set", f"{TEXTS[kind][:99]}=2", stdin=ratings)
    level = run(*command, "--set", f"Competence 1 {TEXTS[kind]}={TEXTS[kind]}", stdin=ratings)

    for ran in (unknown, level):
        assert (ran.code, ran.out) == (2, "")
        assert len(ran.err.splitlines()) == 1
        assert not any(character in ran.err for character in "\x1b\x07\u202e\u200b")


# --- Marked in every format -----------------------------------------------------------------------


@pytest.mark.parametrize("to", [[], ["--full"], ["--explain"], ["--format", "markdown"]])
def test_a_document_is_marked_in_title_notice_and_verdict(to):
    ran = run("assess", MANAGER, *SET, *to)

    assert ran.code == 0
    lines = [line.lstrip("#* ") for line in ran.out.splitlines()]
    assert lines[0].startswith("What if: Ana Moreno")
    assert any(
        line.startswith("What if: these figures assume Strategic Thinking 4") for line in lines
    )
    assert any(line.startswith("What if: Building, at most Nearly ready") for line in lines)
    assert "Beside today" in lines
    assert "70.3 to 76.0 %" in ran.out  # today
    assert "71.9 to 77.6 %" in ran.out


def test_a_page_is_marked():
    page = run("assess", MANAGER, *SET, "--format", "html").out

    assert "<title>What if: Ana Moreno" in page
    assert '<p class="notice">What if: these figures assume Strategic Thinking 4.' in page


def test_json_is_marked_and_has_the_figures_of_today():
    report, own = what_if(*SET), what_if()

    assert own["what_if"] is None
    assert report["verdict"].startswith("What if: ")
    assert report["what_if"]["today"]["readiness"] == own["readiness"]
    assert report["what_if"]["today"]["verdict"] == own["verdict"]
    (today,) = report["what_if"]["results_today"]
    assert today in own["results"]
    assert report["what_if"]["readiness_moved_by"]["low"]["exact"] == "500/317"
    assert report["readiness"]["low"]["exact"] == "22800/317"


def rows(text):
    return list(csv.DictReader(io.StringIO(text)))


def test_csv_keeps_the_figures_of_today_and_adds_the_assumed_ones():
    own = rows(run("assess", MANAGER, "--format", "csv").out)
    assumed = rows(run("assess", MANAGER, *SET, "--format", "csv").out)

    assert [{key: row[key] for key in own[0]} for row in assumed] == own
    (changed,) = (row for row in assumed if row["what_if_set"] == "true")
    assert (changed["rating"], changed["what_if_rating"]) == ("3", "4")
    assert (changed["gap"], changed["what_if_gap"]) == ("2", "1")
    assert (changed["must_have_missing"], changed["what_if_must_have_missing"]) == (
        "true",
        "false",
    )


def test_a_competence_that_the_role_does_not_require_is_noted():
    options = ["--role", "project-manager", "--set", "meetings-secretariat=5"]
    note = "Not required for Project Manager, so without effect: Meetings and board secretariat."

    report = what_if(*options)
    table = run("assess", MANAGER, *options)
    sheet = run("assess", MANAGER, *options, "--format", "csv")

    assert [rating["is_required"] for rating in report["what_if"]["ratings"]] == [False]
    assert report["readiness"] == report["what_if"]["today"]["readiness"]
    assert note in " ".join(table.out.split())
    assert (table.err, sheet.err) == ("", f"{note}\n")


# --- Kept nowhere ---------------------------------------------------------------------------------


def test_the_ratings_file_and_the_ratings_are_unchanged():
    before, levels = MANAGER.read_bytes(), dict(RATINGS.ratings)

    run("assess", MANAGER, *SET)
    pmo_path.assess(FRAMEWORK, RATINGS, what_if={"strategic-thinking": 4})

    assert MANAGER.read_bytes() == before
    assert dict(RATINGS.ratings) == levels


@pytest.mark.parametrize("to", ["csv", "json"])
def test_a_result_is_never_read_back_as_ratings(tmp_path, to):
    result = tmp_path / f"what-if.{to}"
    run("assess", MANAGER, *SET, "-o", result)

    ran = run("assess", result, "--role", "pmo-director", "--format", "json")

    assert ran.code == 3 or json.loads(ran.out)["readiness"] == what_if()["readiness"]


def test_evidence_is_that_of_the_own_level_and_checks_are_those_of_the_own_ratings():
    report, own = what_if("--set", "planning-scheduling=2", *SET), what_if()

    changed = {result["id"]: result for result in report["results"]}
    assert changed["planning-scheduling"]["evidence"] == ""
    assert report["nudges"] == own["nudges"]


# --- From Python ----------------------------------------------------------------------------------


@pytest.mark.parametrize("level", [4, 4.0, Decimal("4.00"), "Proficient"])
def test_python_takes_numbers_and_texts(level):
    report = pmo_path.assess(FRAMEWORK, RATINGS, what_if={"Strategic Thinking": level})

    assert report.result("strategic-thinking").rating == 4


@pytest.mark.parametrize("level", [None, True, 9, float("nan"), [], "", "two words"])
def test_python_refuses_what_is_no_level(level):
    with pytest.raises(UsageProblem, match="is not a level of the scale"):
        pmo_path.assess(FRAMEWORK, RATINGS, what_if={"strategic-thinking": level})


def test_nothing_set_is_a_report_on_the_ratings_as_they_are():
    own = pmo_path.assess(FRAMEWORK, RATINGS)

    assert pmo_path.assess(FRAMEWORK, RATINGS, what_if={}) == own


@given(worlds(), st.data())
def test_a_report_is_that_on_ratings_with_these_levels(world, data):
    framework, ratings = world
    role = next(iter(framework.roles))
    levels = data.draw(
        st.dictionaries(
            st.sampled_from(COMPETENCES), st.sampled_from([*framework.levels, "n/a"]), min_size=1
        )
    )
    changed = {key: {"level": level} for key, level in levels.items()}
    others = ratings.model_validate(
        {"ratings": {**{key: {"level": r.level} for key, r in ratings.ratings.items()}, **changed}}
    )

    report = pmo_path.assess(framework, ratings, role, what_if=levels)

    own = pmo_path.assess(framework, ratings, role)
    assert report.what_if is not None
    assert report.what_if.today == fit_of(own)
    expected = pmo_path.assess(framework, others, role)
    assert report._replace(what_if=None, nudges=()) == expected._replace(nudges=())
