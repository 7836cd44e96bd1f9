"""What cells of sheets are read as: levels in every spelling, and what a mapping makes of them."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import duckdb
from tests.support import run

FRAMEWORK = Path(__file__).resolve().parent / "sheets" / "framework.yaml"


def batch(*args, **options):
    return run("batch", *args, "--role", "lead", "--framework", FRAMEWORK, **options)


def rows(text):
    return list(csv.DictReader(io.StringIO(text)))


# --- Spellings of levels ------------------------------------------------------------------------


def test_computed_levels_are_read_in_parquet(tmp_path):
    sheet = tmp_path / "people.parquet"
    duckdb.execute(
        "COPY (FROM (VALUES ('Ana', 2.9999999999999996::DOUBLE, 5.55e-17::DOUBLE), "
        "('Bo', 2.9::DOUBLE, 2.000000001::DOUBLE)) t(person, Planning, Presenting)) "
        f"TO '{sheet}' (FORMAT parquet)"
    )

    ran = batch(sheet, "-q", "--gaps")

    assert [(one["gap_planning"], one["gap_presenting"]) for one in rows(ran.out)] == [("0", "2")]
    assert "people.parquet:2: PMO612 rejected: Planning is '2.9'" in ran.err
