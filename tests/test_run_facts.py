"""Which run results come from, and who may read the files that it writes."""

from __future__ import annotations

import json
import os
import stat

import duckdb
import openpyxl
import pytest
from tests.support import run

from pmo_path import load_framework

FACTS = ("2026-11-23", "pmo", load_framework().framework.version, load_framework().content_hash)
COLUMNS = ("scored_on", "framework", "framework_version", "content_hash")
SHEET = "person,framework,Planning\nAna,agile,4\nBo,lean,3\n"
BAD_ROW = "Cy,lean,33\n"


def written(tmp_path, ending, *options, sheet=SHEET):
    people, results = tmp_path / "people.csv", tmp_path / f"results.{ending}"
    people.write_text(sheet, encoding="utf-8")
    wanted = ("--role", "pmo-manager", "-o", results, "--today", FACTS[0])

    ran = run("batch", people, *wanted, *options, "--quiet")

    assert ran.code == int(BAD_ROW in sheet), ran.err
    return results


def rows_of(path):
    if path.suffix == ".xlsx":
        sheet = openpyxl.load_workbook(path).active
        headings, *rows = sheet.iter_rows(values_only=True)
        return [dict(zip(headings, row, strict=True)) for row in rows]
    if path.suffix == ".jsonl":
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    options = ", all_varchar = true" if path.suffix == ".csv" else ""
    reader = "read_csv" if path.suffix == ".csv" else "read_parquet"
    with duckdb.connect() as connection:
        found = connection.sql(f"FROM {reader}('{path}'{options})")
        assert found is not None
        return [dict(zip(found.columns, map(str, row), strict=True)) for row in found.fetchall()]


@pytest.mark.parametrize("detail", ["--brief", "--gaps", "--long"])
@pytest.mark.parametrize("ending", ["csv", "xlsx", "parquet", "jsonl"])
def test_every_row_of_results_names_the_day_and_the_framework(tmp_path, ending, detail):
    results = rows_of(written(tmp_path, ending, detail))

    assert {tuple(row)[-4:] for row in results} == {COLUMNS}
    assert {tuple(row[column] for column in COLUMNS) for row in results} == {FACTS}
    assert {row["input_framework"] for row in results} == {"agile", "lean"}


def test_results_are_dated_today_by_default_and_a_date_is_checked(tmp_path):
    people = tmp_path / "people.csv"
    people.write_text(SHEET, encoding="utf-8")

    ran = run("batch", people, "--role", "pmo-manager", "--today", "tomorrow")

    assert ran.code == 2
    assert "expected a date such as 2026-11-23, not 'tomorrow'" in ran.err


# --- Modes --------------------------------------------------------------------------------------


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
@pytest.mark.parametrize("rejects", [None, 0o600, 0o644])
def test_rejected_rows_are_no_more_open_than_results(tmp_path, ending, rejects):
    def mode(path):
        return stat.S_IMODE(path.stat().st_mode)

    results = tmp_path / f"results.{ending}"
    rejected = tmp_path / f"results.rejects.{ending}"
    results.touch(0o600)
    if rejects is not None:
        written(tmp_path, ending, sheet=SHEET + BAD_ROW)
        rejected.chmod(rejects)

    written(tmp_path, ending, sheet=SHEET + BAD_ROW)

    assert (mode(results), mode(rejected)) == (0o600, 0o600)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_rejected_rows_that_few_may_read_stay_so(tmp_path):
    rejected = tmp_path / "results.rejects.csv"
    results = written(tmp_path, "csv", sheet=SHEET + BAD_ROW)
    rejected.chmod(0o600)

    written(tmp_path, "csv", sheet=SHEET + BAD_ROW)

    assert stat.S_IMODE(rejected.stat().st_mode) == 0o600
    assert stat.S_IMODE(results.stat().st_mode) == 0o666 & ~current_mask()


def current_mask():
    mask = os.umask(0)
    os.umask(mask)
    return mask
