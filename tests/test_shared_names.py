"""Competences of the same name in two domains: named with the domain, and never guessed."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from tempfile import TemporaryDirectory

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support import run
from tests.test_batch_equals_assess import by_the_core, results
from tests.worlds import frameworks_with_shared_names

from pmo_path import load_framework, validate
from pmo_path.domain.diff.matching import match_competences
from pmo_path.domain.errors import InputInvalid
from pmo_path.readers.ratings import ratings_from
from pmo_path.readers.table.competence_names import Names
from pmo_path.render.templates.people_columns import competence_headings

PROFESSIONS = """
schema: 1
framework: {id: professions, version: 1.0.0, title: Professions}
scale: {0: {label: Not yet}, 1: {label: Aware}, 2: {label: Able}, 3: {label: Expert}}
readiness: {ready: {label: Ready, at_least: 80}, early: {label: Early, at_least: 0}}
domains:
  design:
    name: Design
    competences:
      design-scope: {name: Scope}
      craft: {name: Craft, aliases: [Tooling]}
  build:
    name: Build
    competences:
      build-scope: {name: Scope}
      tools: {name: Tooling}
roles:
  lead: {name: Lead, requires: {design-scope: 3, craft: 2, build-scope: 2, tools: 1}}
"""
WRITE = "write 'Design / Scope' or 'Build / Scope'"


@pytest.fixture
def path(tmp_path):
    """The file of the framework."""
    file = tmp_path / "professions.yaml"
    file.write_text(PROFESSIONS)
    return file


@pytest.fixture
def framework(path):
    return load_framework(path)


def refused(function, *args):
    with pytest.raises(InputInvalid) as error:
        function(*args)
    return [(found.code, found.message, found.hint) for found in error.value.diagnostics]


def levels(text, framework, name="me.yaml"):
    """The level of each competence that a ratings file rates."""
    ratings = ratings_from(text.encode(), name, framework).ratings
    return {key: rating.level for key, rating in ratings.items() if rating.level is not None}


def errors(text, tmp_path):
    file = tmp_path / "other.yaml"
    file.write_text(text)
    found = validate([file], ignore=["PMO4"]).diagnostics
    return [(diagnostic.code, diagnostic.message) for diagnostic in found]


# --- The rule -------------------------------------------------------------------------------------


def test_domains_may_share_names_and_aliases(tmp_path):
    assert errors(PROFESSIONS, tmp_path) == []


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("name: Craft", "name: SCOPE", "known as 'SCOPE': 'design-scope' and 'craft'"),
        ("[Tooling]", "[Scope]", "known as 'Scope': 'design-scope' and 'craft'"),
        ("[Tooling]", "[build-scope]", "known as 'build-scope': 'craft' and 'build-scope'"),
        ("name: Tooling", "name: Design scope", "'Design scope': 'design-scope' and 'tools'"),
        ("name: Build", "name: Design", "two domains are known as 'Design'"),
    ],
)
def test_other_names_are_still_unique(tmp_path, old, new, message):
    ((code, text),) = errors(PROFESSIONS.replace(old, new), tmp_path)
    assert code == "PMO308"
    assert message in text


def test_a_reference_by_a_shared_name_is_told_the_ids(tmp_path):
    file = tmp_path / "other.yaml"
    file.write_text(PROFESSIONS.replace("design-scope: 3", "Scope: 3"))
    hints = [diagnostic.hint for diagnostic in validate([file], select=["PMO301"]).diagnostics]
    assert hints == ["write the id: 'design-scope' or 'build-scope'"]


# --- Ratings --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["Build / Scope", "build/scope", "BUILD  /Scope", "build-scope"])
def test_ratings_name_the_domain(framework, name):
    assert levels(f"ratings: {{'{name}': 2}}", framework) == {"build-scope": 2}


def test_a_name_that_one_domain_has_needs_none(framework):
    ratings = "ratings: {craft: 2, Design / Tooling: 3}"
    (code, message, _), *_ = refused(levels, ratings, framework)
    assert (code, message) == (
        "PMO503",
        "'Design / Tooling' is rated twice: 'craft' is the same competence",
    )
    assert levels("ratings: {Craft: 2}", framework) == {"craft": 2}


def test_a_shared_name_alone_is_refused(framework):
    assert refused(levels, "ratings: {Scope: 2, Tooling: 1}", framework) == [
        ("PMO501", "'Scope' is in two domains", WRITE),
        ("PMO501", "'Tooling' is in two domains", "write 'Design / Tooling' or 'Build / Tooling'"),
    ]


@pytest.mark.parametrize("heading", ["domain", "Domain"])
def test_a_table_of_ratings_has_a_column_of_domains(framework, heading):
    table = f"{heading},competence,rating\nDesign,Scope,3\nbuild,Scope,1\n,Craft,2\n"
    assert levels(table, framework, "me.csv") == {"design-scope": 3, "build-scope": 1, "craft": 2}


def test_a_table_of_ratings_without_the_domain(framework):
    table = "domain,competence,rating\nDesign,Scope,3\n,Scope,1\n"
    assert refused(levels, table, framework, "me.csv") == [
        ("PMO501", "'Scope' is in two domains", WRITE)
    ]


def test_show_takes_both_names(path):
    shown = run("show", "build / scope", "--framework", path)
    assert (shown.code, "build-scope" in shown.out) == (0, True)
    assert run("show", "Scope", "--framework", path)[::2] == (
        2,
        f"pmo-path: 'Scope' is in two domains: {WRITE}\n",
    )


# --- Sheets of people -----------------------------------------------------------------------------


def batch(tmp_path, path, text, *args):
    (tmp_path / "people.csv").write_text(text)
    output = tmp_path / "results.csv"
    done = run(
        *("batch", tmp_path / "people.csv", "--framework", path, "--role", "lead"),
        *("-o", output, *args),
    )
    rows = output.read_text().splitlines() if output.exists() else []
    return done, list(csv.DictReader(rows))


@pytest.mark.parametrize(
    "sheet",
    [
        "person,Design / Scope,Build/Scope,Craft\nAna,3,1,2\n",
        "person,Design [Scope],How is your Build Scope?,Craft\nAna,3,1,2\n",
        ",Design,Build,\nperson,Scope,Scope,Craft\nAna,3,1,2\n",
        ",Design,,Build\nperson,Scope,Craft,Scope\nAna,3,2,1\n",
        "person,domain,competence,rating\nAna,Design,Scope,3\nAna,BUILD,Scope,1\nAna,,Craft,2\n",
        "person,competence,rating\nAna,design/scope,3\nAna,build/scope,1\nAna,craft,2\n",
    ],
)
def test_a_sheet_tells_shared_names_apart(tmp_path, path, framework, sheet):
    done, (row,) = batch(tmp_path, path, sheet)
    assert done.code == 0
    ratings = {"design-scope": "3", "build-scope": "1", "craft": "2"}
    expected = by_the_core(framework, "lead", ratings)
    assert {key: row[key] for key in expected} == expected


def test_a_mapping_names_the_domain(tmp_path, path, framework):
    (tmp_path / "map.yaml").write_text("Scope: Design / Scope\nReach: Scope\n")
    sheet = "person,Scope,Reach\nAna,3,1\n"
    done, _ = batch(tmp_path, path, sheet, "--map", tmp_path / "map.yaml")
    assert "the mapping gives 'Reach' to 'Scope', but 'Scope' is in two domains" in done.err
    (tmp_path / "map.yaml").write_text("Scope: Design / Scope\nReach: build-scope\n")
    done, (row,) = batch(tmp_path, path, sheet, "--map", tmp_path / "map.yaml")
    expected = by_the_core(framework, "lead", {"design-scope": "3", "build-scope": "1"})
    assert {key: row[key] for key in expected} == expected


@pytest.mark.parametrize("heading", ["Scope", "SCOPE", "How good is your scope?"])
def test_a_heading_with_a_shared_name_is_refused(tmp_path, path, heading):
    done, rows = batch(tmp_path, path, f"person,{heading},Craft\nAna,3,2\n")
    assert (done.code, rows) == (3, [])
    assert "PMO609" in done.err
    assert "is in two domains" in done.err
    assert f"hint: {WRITE}; or pass --map with '{heading}: Domain / Name'" in done.err


def test_a_row_of_a_long_sheet_with_a_shared_name_is_rejected(tmp_path, path):
    sheet = (
        "person,domain,competence,rating\nAna,Design,Scope,3\nBo,,Scope,2\nCy,Sales,Scope,2\n"
        "Di,build,Scope,1\nDi,build,Tooling,1\n"
    )
    done, rows = batch(tmp_path, path, sheet)
    assert [row["person"] for row in rows] == ["Ana", "Di"]
    assert f"competence is 'Scope': 'Scope' is in two domains: {WRITE}" in done.err
    rejects = (tmp_path / "results.rejects.csv").read_text()
    assert rejects.count(f"'Scope' is in two domains: {WRITE}") == 2


def test_a_column_of_other_domains_is_carried(tmp_path, path):
    sheet = "person,domain,competence,rating\nAna,Finance,Craft,3\n"
    _, (row,) = batch(tmp_path, path, sheet)
    assert row["domain"] == "Finance"


def test_results_name_the_domain(tmp_path, path):
    sheet = "person,Design / Scope,Build/Scope,Craft\nAna,2,1,2\n"
    page = tmp_path / "team.md"
    done, _ = batch(tmp_path, path, sheet, "--report", page)
    assert "Design / Scope" in done.err + done.out
    text = page.read_text()
    assert "Design / Scope" in text
    assert "Build / Scope" in text


# --- What we write can be read back ---------------------------------------------------------------


@pytest.mark.parametrize("kind", ["people.csv", "people.xlsx"])
def test_a_template_is_read_back(tmp_path, path, kind):
    sheet = tmp_path / kind
    assert run("template", kind, "--framework", path, "--role", "lead", "-o", sheet).code == 0
    if kind.endswith("csv"):
        heading = sheet.read_text().splitlines()[0]
        assert heading == "person,department,Design / Scope,Craft,Build / Scope,Build / Tooling"
        sheet.write_text(f"{heading}\nAna,,3,2,1,1\n")
    else:
        book = openpyxl.load_workbook(sheet)
        book["People"].append(["Ana", None, 3, 2, 1, 1])
        book.save(sheet)
    done = run("batch", sheet, "--framework", path, "--role", "lead", "-o", tmp_path / "o.csv")
    assert done.code == 0
    (row,) = csv.DictReader((tmp_path / "o.csv").read_text().splitlines())
    assert (row["at_target"], row["unrated_count"]) == ("3", "0")


def test_a_report_names_the_domain(tmp_path, path):
    ratings = tmp_path / "me.yaml"
    ratings.write_text("ratings: {build / scope: 1, design / scope: 3, craft: 1}\n")
    args = ("assess", ratings, "--framework", path, "--role", "lead")
    report = json.loads(run(*args, "--format", "json").out)
    names = {result["id"]: result["name"] for result in report["results"]}
    assert names == {
        "design-scope": "Design / Scope",
        "craft": "Craft",
        "build-scope": "Build / Scope",
        "tools": "Build / Tooling",
    }
    assert "Build / Scope" in run(*args).out


@settings(max_examples=200, deadline=None)
@given(frameworks_with_shared_names())
def test_a_shown_name_leads_back(framework):
    names, headings = Names(framework, {}), competence_headings(framework, None)
    for key, competence in framework.competences.items():
        shown = framework.shown_name(key)
        upper = shown if "ß" in shown else shown.upper()
        for name in (shown, upper, shown.replace(" / ", "/"), headings[key]):
            assert framework.competence_names.find(name) == key, name
            assert names.find(name) == key, name
        for label in (competence.name, *competence.aliases):
            index = framework.competence_names
            assert index.find(label) == key or key in index.candidates(label)
            assert names.find(label) == key or names.ambiguous(label) is not None


@settings(max_examples=200, deadline=None)
@given(frameworks_with_shared_names())
def test_an_ambiguous_name_is_answered_with_names_that_work(framework):
    names = Names(framework, {})
    for competence in framework.competences.values():
        ambiguous = names.ambiguous(competence.name)
        if ambiguous is not None:
            choices = ambiguous.hint.removeprefix("write ").split("'")[1::2]
            keys = {framework.competence_names.find(choice) for choice in choices}
            assert keys == set(names.candidates(competence.name))


@settings(max_examples=25, deadline=None)
@given(frameworks_with_shared_names(), st.data())
def test_batch_equals_assess(framework, data):
    cells = st.sampled_from([*map(str, framework.levels), "n/a", ""])
    ratings = {key: data.draw(cells) for key in framework.competences}
    wide = [["person", *map(framework.shown_name, ratings)], ["Ana", *ratings.values()]]
    domains = {key: framework.domains[domain] for key, domain in framework.domain_of.items()}
    long = [["person", "domain", "competence", "rating"]] + [
        ["Ana", domains[key].name, framework.competences[key].name, text]
        for key, text in ratings.items()
    ]
    expected = by_the_core(framework, "r", ratings)
    for rows in (wide, long):
        with TemporaryDirectory() as folder:
            sheet = Path(folder, "people.csv")
            stream = io.StringIO(newline="")
            csv.writer(stream).writerows(rows)
            sheet.write_text(stream.getvalue(), encoding="utf-8", newline="")
            _, (row,) = results(sheet, framework, ("r",), Path(folder))
        assert {key: row[key] for key in expected} == expected


# --- Other versions -------------------------------------------------------------------------------


def test_a_renamed_competence_is_found_in_its_domain(tmp_path, framework):
    text = PROFESSIONS.replace("design-scope", "reach").replace("build-scope", "extent")
    (tmp_path / "new.yaml").write_text(text)
    matched = match_competences(framework, load_framework(tmp_path / "new.yaml"))
    assert matched.kept == {
        "design-scope": "reach",
        "craft": "craft",
        "build-scope": "extent",
        "tools": "tools",
    }


def test_diff_names_the_domain(tmp_path, path):
    (tmp_path / "new.yaml").write_text(PROFESSIONS.replace("build-scope: 2", "build-scope: 3"))
    assert "Build / Scope: level 2 → 3" in run("diff", path, tmp_path / "new.yaml").out
