"""Files as people sent them, on the shipped framework: what is said of each, whole.

A file is added by putting it into a folder of `tests/cases`, with the options that it needs below.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.support import run, same_as_snapshot, without_run

CASES = Path(__file__).resolve().parent / "cases"
MAPS = {".yaml", ".yml"}
OPTIONS = {
    "pollock-row_more_sep_row33_col2.csv": ("--map", "pollock-map.yaml", "--role", "pmo-analyst"),
    "titles-of-45-lines.csv": ("--heading-line", "46", "--role", "pmo-director"),
}
"""Of `batch`; the others are scored for a role."""
EXIT_CODES = {
    "a-sentence-taken-for-headings.csv": 3,
    "broken.parquet": 3,
    "doubled-delimiter.csv": 1,
    "form.ods": 3,
    "long-heading-actual-level.csv": 3,
    "long-several-rating-columns.csv": 3,
    "percent-cells.xlsx": 1,
    "pollock-row_more_sep_row33_col2.csv": 1,
    "questions-about-importance.csv": 3,
    "raters-one-rejected.csv": 1,
    "ratings-under-an-empty-heading.csv": 3,
    "rounds.csv": 1,
    "row-of-required-levels.csv": 1,
    "rows-target-minimum-gap-coverage.csv": 1,
    "second-table-other-order.csv": 1,
    "survey-a-column-per-choice.csv": 3,
    "transposed.csv": 3,
    "two-row-headings-required-current-gap.csv": 3,
    "utf-8-with-one-bad-byte.csv": 3,
    # Of ratings.
    "de-semicolon-bom.csv": 3,
    "interview-saved-as-x.csv": 3,
}
"""Of all that is not scored, or not whole."""


def files_in(*folders):
    return [
        pytest.param(path, id=f"{path.parent.name}/{path.name}")
        for folder in folders
        for path in sorted((CASES / folder).iterdir())
    ]


@pytest.mark.parametrize(
    "path", [case for case in files_in("sheets", "team") if case.values[0].suffix not in MAPS]
)
def test_a_sheet_is_scored_rejected_or_refused_as_it_should_be(path):
    options = OPTIONS.get(path.name, ("--role", "pmo-director"))

    ran = run("batch", path.name, "--brief", "--quiet", *options, cwd=path.parent)

    assert ran.code == EXIT_CODES.get(path.name, 0)
    said = f"{without_run(ran.out)}---\n{ran.err}"
    assert same_as_snapshot(f"cases/{path.parent.name}/{path.name}.txt", said)


@pytest.mark.parametrize("path", files_in("ratings"))
def test_the_verdict_on_a_ratings_file_claims_what_it_proves(path):
    role = () if path.suffix == ".yaml" else ("--role", "pmo-director")

    ran = run("assess", path.name, *role, cwd=path.parent)

    assert ran.code == EXIT_CODES.get(path.name, 0)
    # The day is that of the run where the file names none.
    verdict = "" if ran.code else ran.out.split("\n\n")[1] + "\n"
    assert same_as_snapshot(f"cases/ratings/{path.name}.txt", f"{verdict}---\n{ran.err}")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("any-half", ("any-half.yaml", "any-one-band.yaml")),
        ("any-zero", ("any-zero.yaml", "any.yaml")),
    ],
)
def test_roles_are_ranked_in_the_order_that_is_named(name, words):
    ratings, framework = words

    ran = run(
        *("assess", ratings, "--framework", framework, "--role", "any"),
        cwd=CASES / "consistency",
    )

    assert ran.code == 0
    shown = "\n\n".join(ran.out.split("\n\n")[1:])
    assert same_as_snapshot(f"cases/consistency/{name}.txt", shown)


@pytest.mark.parametrize(
    ("name", "band"),
    [
        ("p1-administrator-to-analyst", "building"),
        ("p2-analyst-to-manager", "building"),
        ("p3-manager-to-director", "pending"),
        ("p4-director-18-months", "pending"),
        ("p5-project-manager-to-pmo-manager", "building"),
        ("p6-delivery-strong-no-finance", "building"),
        ("s1-director-no-team", "building"),
        ("s3-director-finance0-leadership1", "building"),
        ("s4-director-no-operation-no-team", "building"),
    ],
)
def test_people_are_in_the_band_where_a_mentor_would_see_them(name, band):
    report = json.loads(run("assess", CASES / "ratings" / f"{name}.yaml", "--format", "json").out)

    assert (report["band"]["id"], report["band_high"]["id"]) == (band, band)
