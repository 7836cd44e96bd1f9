"""One figure is the same wherever it is shown: on pages, in tables, in text and for programs."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from tests.support import EXAMPLES, run

CASES = Path(__file__).resolve().parent / "consistency"


def batch(sheet, framework, *options):
    return run("batch", CASES / sheet, "--framework", CASES / framework, "--role", "r", *options)


def rows(text):
    return list(csv.DictReader(io.StringIO(text, newline="")))


def summary_of(path):
    return json.loads(path.read_text(encoding="utf-8"))


# --- The summary ----------------------------------------------------------------------------------


def test_the_median_is_that_of_exact_readiness(tmp_path):
    # 0 and 66.666… %: half of that is 33.333…, and half of 66.7 would be shown as 33.4.
    page = tmp_path / "team.html"

    ran = batch("median.csv", "median.yaml", "--summary", tmp_path / "team.json", "--report", page)

    assert "33.3 % (median)" in ran.err
    assert "33.3 % (median)" in page.read_text(encoding="utf-8")
    (role,) = summary_of(tmp_path / "team.json")["roles"]
    assert role["everybody"]["readiness_median"] == 33.3


@pytest.mark.parametrize("options", [["--brief"], ["--top", "1"], ["--top", "20"], ["--long"]])
def test_what_is_listed_of_each_person_changes_no_count(tmp_path, options):
    sheet = EXAMPLES / "people.csv"
    whole, other = tmp_path / "whole.json", tmp_path / "other.json"

    usual = run("batch", sheet, "-o", tmp_path / "a.csv", "--summary", whole)
    ran = run("batch", sheet, "-o", tmp_path / "b.csv", "--summary", other, *options)

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
