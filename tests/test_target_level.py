"""Frameworks without roles, and a level of every competence as the target."""

from __future__ import annotations

import csv
import datetime
import io
import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support import run
from tests.worlds import worlds

from pmo_path import assess, at_target_level, load_framework
from pmo_path.domain.errors import UsageProblem
from pmo_path.domain.interview import Interview, to_ratings

FRAMEWORK = """\
schema: 1
framework: {id: f, version: 1.0.0, title: F}
scale: {1: {label: Follow}, 2: {label: Assist}, 3: {label: Apply}}
baseline: 0
readiness: {good: {label: Good, at_least: 80}, low: {label: Low, at_least: 0}}
domains:
  d:
    name: D
    competences:
      planning: {name: Planning, experience: {1: a, 2: b, 3: c}}
      risk: {name: Risk, experience: {1: a, 2: b, 3: c}}
"""
RATINGS = "person: Ana\ndate: 2026-05-01\nratings: {planning: 3, risk: 1}\n"


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "f.yaml").write_text(FRAMEWORK, encoding="utf-8")
    (tmp_path / "r.yaml").write_text(RATINGS, encoding="utf-8")
    later = RATINGS.replace("2026-05", "2026-09").replace("risk: 1", "risk: 2")
    (tmp_path / "r2.yaml").write_text(later, encoding="utf-8")
    (tmp_path / "p.csv").write_text(
        "person,Planning,Risk\nAna,3,1\nBo,2,not yet\nCy,n/a,\n", encoding="utf-8"
    )
    return tmp_path


def at(folder, *args):
    return run(*args, cwd=folder, PMO_PATH_FRAMEWORK="f.yaml")


def test_a_framework_without_roles_is_valid_and_shown(folder):
    validated = at(folder, "validate", "f.yaml", "--strict", "--ignore", "PMO4")
    assert validated.code == 0
    assert "PMO402" not in at(folder, "validate", "f.yaml").out
    assert "Roles" not in at(folder, "show").out


@pytest.mark.parametrize(
    "command",
    [
        ("assess", "r.yaml"),
        ("assess", "r.yaml", "--role", "any"),
        ("assess", "r.yaml", "--role", "boss"),
        ("batch", "p.csv"),
        ("batch", "p.csv", "--role", "boss"),
        ("compare", "r.yaml", "r2.yaml"),
        ("history", "r.yaml", "r2.yaml"),
        ("template", "--role", "boss"),
    ],
)
def test_a_missing_role_is_answered_with_the_option(folder, command):
    ran = at(folder, *command)

    assert (ran.code, ran.out) == (2, "")
    assert "this framework has no roles; name the level to reach with --target-level" in ran.err


@pytest.mark.parametrize(
    "command",
    [
        ("assess", "r.yaml"),
        ("batch", "p.csv"),
        ("compare", "r.yaml", "r2.yaml"),
        ("history", "r.yaml", "r2.yaml"),
        ("template",),
        ("template", "people.csv"),
    ],
)
def test_every_command_that_takes_a_role_takes_a_level(folder, command):
    ran = at(folder, *command, "--target-level", "2")

    assert ran.code == 0
    both = at(folder, *command, "--target-level", "2", "--role", "boss")
    assert both.code == 2
    assert "--role and --target-level both set the target" in both.err


ROLES = "roles: {boss: {name: Boss, requires: {planning: {level: 3, must_have: 2}, risk: 1}}}\n"


def test_a_role_is_compared_with_a_level(folder):
    (folder / "f.yaml").write_text(FRAMEWORK + ROLES, encoding="utf-8")

    ran = at(folder, "compare", "--target-level", "2", "--role", "Boss", "--format", "json")

    compared = json.loads(ran.out)
    assert (compared["before"]["id"], compared["after"]["id"]) == ("boss", "level-2")
    assert {item["id"]: item["kind"] for item in compared["differences"]} == {
        "risk": "higher",
        "planning": "lower",
    }


def test_two_levels_are_compared_for_a_person_without_any_roles(folder):
    levels = ("--target-level", "3", "--target-level", "1.5")

    ran = at(folder, "compare", "r.yaml", *levels, "--format", "json")

    fits = json.loads(ran.out)["person_fit"]
    assert (fits["before"]["role"]["id"], fits["after"]["role"]["id"]) == ("level-3", "level-1.5")
    assert fits["before"]["readiness"]["low"]["rounded"] == pytest.approx(66.7)
    assert at(folder, "compare", *levels).out.startswith("Level 3 Apply compared with Level 1.5\n")


@pytest.mark.parametrize(
    ("args", "problem"),
    [
        (("--target-level", "2", "--target-level", "2.0"), "--target-level 2 is repeated"),
        (("--target-level", "2", "--target-level", "9"), "takes a level above 0 and up to 3"),
        (("--target-level", "2"), "name two ratings files, or name two roles"),
        (("--target-level=1", "--target-level=2", "--role", "boss"), "not 3"),
        (
            ("--target-level=1", "--target-level=2", "r.yaml", "r2.yaml"),
            "one ratings file at most",
        ),
        (
            ("--target-level=1", "--target-level=2", "--old-framework", "f.yaml"),
            "ratings over time",
        ),
    ],
)
def test_targets_that_cannot_be_compared_are_refused(folder, args, problem):
    (folder / "f.yaml").write_text(FRAMEWORK + ROLES, encoding="utf-8")

    ran = at(folder, "compare", *args)

    assert (ran.code, ran.out) == (2, "")
    assert problem in ran.err


@pytest.mark.parametrize("level", ["0", "-1", "3.5", "two", "", "1.23456", "nan", "1e1"])
def test_a_level_is_above_the_lowest_and_on_the_scale(folder, level):
    ran = at(folder, "assess", "r.yaml", f"--target-level={level}")

    assert (ran.code, ran.out) == (2, "")
    assert f"--target-level takes a level above 0 and up to 3, not '{level}'" in ran.err


def test_batch_says_what_assess_says(folder):
    ran = at(folder, "batch", "p.csv", "--target-level", "2.5")
    rows = list(csv.DictReader(io.StringIO(ran.out)))

    report = json.loads(
        at(folder, "assess", "r.yaml", "--target-level", "2.5", "--format", "json").out
    )
    assert [row["role"] for row in rows] == ["level-2.5"] * 3
    assert rows[0]["content_hash"] == report["framework"]["content_hash"]
    assert float(rows[0]["readiness_low"]) == report["readiness"]["low"]["rounded"]
    assert report["role"] == {"id": "level-2.5", "name": "Level 2.5"}


@given(worlds(), st.data())
def test_a_target_level_is_a_role_that_requires_it_of_everything(world, data):
    framework, ratings = world
    level = data.draw(st.sampled_from(framework.levels[1:]))

    widened, role = at_target_level(framework, level)
    report = assess(widened, ratings, role, today=datetime.date(2026, 11, 1))

    assert role not in framework.roles
    assert widened.content_hash == framework.content_hash
    assert {result.id for result in report.results} == set(framework.competences)
    assert {result.required for result in report.results} == {level}
    assert {result.importance for result in report.results} == {3}
    assert report.must_haves_missing == ()


def test_the_id_of_the_level_is_free(folder):
    text = FRAMEWORK + "roles: {level-2: {name: Two, requires: {risk: 2}}}\n"
    (folder / "f.yaml").write_text(text, encoding="utf-8")

    report = at(folder, "assess", "r.yaml", "--target-level", "2", "--format", "json")

    assert json.loads(report.out)["role"]["id"] == "level-2-2"


def test_answers_for_a_level_name_no_role_that_another_run_would_not_find(folder):
    framework, role = at_target_level(load_framework(folder / "f.yaml"), "2")
    interview = Interview("Ana", None, role, "full", ("planning",))

    assert to_ratings(interview, framework, datetime.date(2026, 11, 1)).target is None


def test_a_ratings_file_that_names_a_role_is_told_that_there_are_none(folder):
    (folder / "r.yaml").write_text("target: boss\n" + RATINGS, encoding="utf-8")

    ran = at(folder, "assess", "r.yaml", "--target-level", "2")

    assert ran.code == 3
    assert "this framework has no roles; take it out, and use --target-level" in ran.err


def test_templates_without_roles_have_no_place_for_one(folder):
    assert at(folder, "template", "people.csv").out == "person,department,Planning,Risk\n"
    assert "role" not in at(folder, "template").out


def test_roles_are_listed_by_family_and_grade(folder):
    roles = """\
roles:
  boss: {name: Boss, requires: {risk: 3}}
  b2: {name: Builder two, family: Build, grade: 10, requires: {risk: 2}}
  r1: {name: Runner, family: Run, grade: Senior, requires: {risk: 1}}
  b1: {name: Builder one, family: Build, grade: 9, requires: {risk: 1}}
"""
    (folder / "f.yaml").write_text(FRAMEWORK + roles, encoding="utf-8")

    lines = [line.strip() for line in at(folder, "show").out.splitlines()]

    assert lines[lines.index("Roles") :][:9] == [
        "Roles",
        "boss  Boss: 1 competence",
        "",
        "Roles: Build",
        "b1  Builder one (grade 9): 1 competence",
        "b2  Builder two (grade 10): 1 competence",
        "",
        "Roles: Run",
        "r1  Runner (grade Senior): 1 competence",
    ]
    assert json.loads(at(folder, "show", "b1", "--format", "json").out)["grade"] == "9"
    assert "Family  Build" in at(folder, "show", "b1").out


def test_the_level_is_above_the_baseline_of_the_python_interface_too(folder):
    with pytest.raises(UsageProblem):
        at_target_level(load_framework(folder / "f.yaml"), Decimal(0))
