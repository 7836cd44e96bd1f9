"""Sheets with very many columns: one limit for what is written, read and said."""

from __future__ import annotations

import csv

import openpyxl
import pytest
import yaml
from tests.support import run

LIMIT = 2000


@pytest.fixture(scope="module")
def framework(tmp_path_factory):
    """Frameworks by their number of competences; the role `half` requires half of them."""

    def written(competences):
        path = tmp_path_factory.mktemp("wide") / f"{competences}.yaml"
        names = [f"c{number}" for number in range(competences)]
        required = {name: {"level": 1, "must_have": 1} for name in names}
        document = {
            "schema": 1,
            "framework": {"id": "wide", "version": "1.0.0", "title": "Wide"},
            "scale": {0: {"label": "No"}, 1: {"label": "Yes"}},
            "readiness": {"r": {"label": "R", "at_least": 90}, "e": {"label": "E", "at_least": 0}},
            "domains": {
                "d": {"name": "D", "competences": {name: {"name": name} for name in names}}
            },
            "roles": {
                "all": {"name": "All", "requires": required},
                "half": {"name": "Half", "requires": dict(list(required.items())[::2])},
            },
        }
        path.write_text(yaml.safe_dump(document, sort_keys=False), encoding="utf-8")
        return path

    return written


def test_a_workbook_for_many_competences_is_read_when_it_comes_back(tmp_path, framework):
    path = framework(1100)
    form, results = tmp_path / "people.xlsx", tmp_path / "results.csv"
    run("template", "people.xlsx", "--framework", path, "-o", form)
    workbook = openpyxl.load_workbook(form)
    workbook["People"].cell(2, 1, "Ann")
    workbook["People"].cell(2, 4, "1")
    workbook.save(form)

    ran = run("batch", form, "--framework", path, "--role", "all", "--brief", "-o", results)

    assert (ran.code, "1 row read: 1 scored, 0 rejected" in ran.err) == (0, True)
    (row,) = csv.DictReader(results.read_text(encoding="utf-8").splitlines())
    assert [
        row["person"],
        row["applicable"],
        row["must_haves_missing_count"],
        row["unrated_count"],
    ] == [
        "Ann",
        "1100",
        "1099",
        "1099",
    ]


@pytest.mark.parametrize("kind", ["people.csv", "people.tsv", "people.xlsx"])
def test_no_sheet_is_written_that_is_too_wide_to_be_read(tmp_path, framework, kind):
    path = framework(LIMIT)

    whole = run("template", kind, "--framework", path, "-o", tmp_path / kind)
    of_role = run("template", kind, "--framework", path, "--role", "half", "-o", tmp_path / kind)

    assert whole.code == 2
    assert "has 2,003 columns, and 'batch' reads no more than 2,000" in " ".join(whole.err.split())
    assert "--role" in whole.err
    assert of_role.code == 0


def test_a_workbook_says_which_of_its_sheets_is_too_wide(tmp_path, framework):
    path, wide = framework(LIMIT), tmp_path / "wide.xlsx"
    workbook = openpyxl.Workbook()
    workbook.active.title = "Staff"
    workbook.active.append(["person", *(f"c{number}" for number in range(LIMIT))])
    workbook.active.append(["Ann", 1])
    other = workbook.create_sheet("Old")
    other.append(["person", "c0"])
    other.append(["Bo", 1])
    workbook.save(wide)

    ran = run("batch", wide, "--framework", path, "--role", "all", "-o", tmp_path / "o.csv")

    assert ran.code == 3
    assert "PMO605" in ran.err
    assert "sheet 'Staff' has 2,001 columns, more than the 2,000" in " ".join(ran.err.split())
    assert not (tmp_path / "o.csv").exists()


def test_a_text_that_is_too_wide_is_refused_with_a_way_out(tmp_path, framework):
    path, wide = framework(LIMIT), tmp_path / "wide.csv"
    wide.write_text(f"person,{','.join(f'c{number}' for number in range(LIMIT))}\nAnn,1\n")

    ran = run("batch", wide, "--framework", path, "--role", "all", "-o", tmp_path / "o.csv")

    assert ran.code == 3
    assert "PMO605" in ran.err
    assert "a row for each rating" in ran.err
