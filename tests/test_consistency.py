"""One figure is the same wherever it is shown: on pages, in tables, in text and for programs."""

from __future__ import annotations

import csv
import io
import json
import re
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from tests.support import EXAMPLES, run

CASES = Path(__file__).resolve().parent / "consistency"


def batch(sheet, framework, *options):
    return run("batch", CASES / sheet, "--framework", CASES / framework, "--role", "r", *options)


def rows(text):
    return list(csv.DictReader(io.StringIO(text, newline="")))


def summary_to(path):
    """Options for a summary in which nothing is withheld."""
    return ("--min-group", 1, "--summary", path)


def summary_of(path):
    return json.loads(path.read_text(encoding="utf-8"))


# --- The summary ----------------------------------------------------------------------------------


def test_the_median_is_that_of_exact_readiness(tmp_path):
    # 0 and 66.666… %: half of that is 33.333…, and half of 66.7 would be shown as 33.4.
    page = tmp_path / "team.html"

    ran = batch("median.csv", "median.yaml", *summary_to(tmp_path / "team.json"), "--report", page)

    assert "26.3 to 36.8 %" in ran.err
    assert "26.3 to 36.8 %" in page.read_text(encoding="utf-8")
    (role,) = summary_of(tmp_path / "team.json")["roles"]
    medians = {key: value for key, value in role["everybody"].items() if "median" in key}
    assert medians == {
        "readiness_median": 33.3,
        "readiness_low_median": 26.3,
        "readiness_high_median": 36.8,
    }


@pytest.mark.parametrize("options", [["--brief"], ["--top", "1"], ["--top", "20"], ["--long"]])
def test_what_is_listed_of_each_person_changes_no_count(tmp_path, options):
    sheet = EXAMPLES / "people.csv"
    whole, other = tmp_path / "whole.json", tmp_path / "other.json"

    usual = run("batch", sheet, "-o", tmp_path / "a.csv", *summary_to(whole))
    ran = run("batch", sheet, "-o", tmp_path / "b.csv", *summary_to(other), *options)

    assert summary_of(whole) == summary_of(other)
    assert summary_of(whole)["roles"][0]["everybody"]["training"]
    assert ran.err.replace("b.rejects", "a.rejects") == usual.err


def test_the_page_says_among_how_many_courses_one_counts(tmp_path):
    page = tmp_path / "team.html"

    run(
        "batch",
        EXAMPLES / "people.csv",
        "--brief",
        "-q",
        "-o",
        tmp_path / "a.csv",
        "--report",
        page,
    )

    text = page.read_text(encoding="utf-8")
    assert "Training that comes next" in text
    assert "when it is among the first 5," in text


# --- Levels ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sheet", "framework", "level"),
    [
        ("heat.csv", "quarters.yaml", "0.625"),  # two raters, and no third decimal on the scale
        ("thirds.csv", "thirds.yaml", "0.6667"),  # a level of the scale itself
        ("thirds-rater.csv", "thirds.yaml", "0.6667"),
    ],
)
def test_the_page_shows_the_level_that_the_table_has(tmp_path, sheet, framework, level):
    page = tmp_path / "team.html"

    ran = batch(sheet, framework, "--long", "--quiet", "--report", page)

    assert level in [row["rating"] for row in rows(ran.out)]
    cells = re.findall(r"<td[^>]*>([0-9.]+)</td>", page.read_text(encoding="utf-8"))
    assert level in cells


@pytest.mark.parametrize("how", ["median", "mean", "min"])
@pytest.mark.parametrize(
    ("sheet", "framework"),
    [
        ("quarters.csv", "quarters.yaml"),
        ("heat.csv", "quarters.yaml"),
        ("mean.csv", "halves.yaml"),  # three raters: a third has no finite form
        ("mean.csv", "quarters.yaml"),
        ("thirds-rater.csv", "thirds.yaml"),
    ],
)
def test_a_rating_and_its_gap_add_up_to_what_is_required(tmp_path, how, sheet, framework):
    if sheet == "mean.csv" and framework == "quarters.yaml":
        two = "".join(
            f"{','.join(line.split(',')[:4])}\n"
            for line in (CASES / sheet).read_text(encoding="utf-8").splitlines()
        )
        (tmp_path / sheet).write_text(two, encoding="utf-8")
        sheet = tmp_path / sheet
    ran = batch(sheet, framework, "--combine", how, "--long", "--quiet")

    rated = [row for row in rows(ran.out) if row["rating"]]
    assert rated
    for row in rated:
        rating, required, gap = (Decimal(row[key]) for key in ("rating", "required", "gap"))
        assert gap == max(Decimal(0), required - rating)


def test_combined_levels_are_exact_for_programs_too(tmp_path):
    wanted = {"rating": 0.375, "required": 0.5, "gap": 0.125, "priority": 0.28125}
    options = ("--long", "--quiet")

    lines = batch("quarters.csv", "quarters.yaml", *options, "--format", "jsonl").out
    (row,) = (
        row
        for row in map(json.loads, lines.splitlines())
        if (row["rater"], row["competence"]) == ("combined", "a")
    )
    parquet = tmp_path / "long.parquet"
    batch("quarters.csv", "quarters.yaml", *options, "-o", parquet)
    stored = duckdb.execute(
        f"SELECT {', '.join(wanted)} FROM '{parquet}' WHERE rater = 'combined' AND competence = 'a'"
    ).fetchone()

    assert {key: row[key] for key in wanted} == wanted
    assert stored == tuple(Decimal(str(value)) for value in wanted.values())


def test_the_spread_of_raters_is_exact():
    (*_, combined) = rows(batch("thirds-rater.csv", "thirds.yaml", "--quiet").out)
    assert combined["spread"] == ""
    (*_, combined) = rows(batch("heat.csv", "quarters.yaml", "--quiet").out)
    assert combined["spread"] == "1"


def test_numbers_are_written_as_assess_writes_them(tmp_path):
    ratings = tmp_path / "ratings.yaml"
    ratings.write_text("schema: 1\nratings: {a: 0, b: 1, c: 0, e: 0}\n", encoding="utf-8")
    sheet = tmp_path / "people.csv"
    sheet.write_text("person,a,b,c,e\nAnn,0,1,0,0\n", encoding="utf-8")
    framework = CASES / "halves.yaml"

    of_one = run("assess", ratings, "--framework", framework, "--role", "r", "--format", "csv")
    of_many = batch(sheet, "halves.yaml", "--long", "--quiet")

    figures = ("rating", "required", "gap", "priority", "must_have_missing")
    alone = {row["competence"]: [row[key] for key in figures] for row in rows(of_one.out)}
    assert {row["competence"]: [row[key] for key in figures] for row in rows(of_many.out)} == alone
    assert alone["c"] == ["0", "0.5", "0.5", "5", "false"]


def test_a_whole_median_has_its_decimal_in_json(tmp_path):
    sheet = tmp_path / "people.csv"
    sheet.write_text("person,a,b,c,e\nAnn,1,1,1,1\n", encoding="utf-8")

    batch(sheet, "median.yaml", "--quiet", *summary_to(tmp_path / "team.json"))

    assert '"readiness_median": 100.0,' in (tmp_path / "team.json").read_text(encoding="utf-8")


# --- What asks nothing, and what was not rated --------------------------------------------------


def test_what_is_required_at_the_lowest_level_is_shown_nowhere():
    framework = ("--framework", CASES / "bottom.yaml")

    competence = run("show", "b", *framework).out
    role = json.loads(run("show", "r", "--format", "json", *framework).out)

    assert "Required by\n   no role\n" in competence
    assert list(role["requires"]) == ["a"]


def test_a_gap_that_there_was_once_says_when():
    framework = ("--role", "r", "--framework", CASES / "quarters.yaml")

    ran = run("compare", CASES / "q-1.yaml", CASES / "q-2.yaml", *framework)

    (row,) = (line.split() for line in ran.out.splitlines() if line.startswith("  B "))
    assert row[-3:] == ["met", "→", "n/a"]


def test_a_gap_next_to_no_rating_is_told_from_now_and_then(tmp_path):
    file = tmp_path / "now.yaml"
    file.write_text("schema: 1\nperson: Ann\ndate: 2026-01-01\nratings: {a: 0.25}\n")
    framework = ("--role", "r", "--framework", CASES / "quarters.yaml")

    ran = run("compare", CASES / "q-1.yaml", file, *framework)

    assert "met → unrated" in ran.out
