"""Rows of required levels, weights and gaps are nobody's, and people keep their names."""

from __future__ import annotations

import csv
import io
import json

import pytest
from tests.support import run
from tests.test_batch import FRAMEWORK, FRAMEWORK_MODEL

from pmo_path.batch.summary_rows import REFERENCE_REASON, TOTAL_REASON, summary_row_reason

ROLES = FRAMEWORK_MODEL.role_names


def batch(*args, stdin=b""):
    return run(
        *("batch", "-", "--framework", FRAMEWORK, "--role", "lead", "-q", *args), stdin=stdin
    )


def people(ran):
    return [row["person"] for row in csv.DictReader(io.StringIO(ran.out))]


@pytest.mark.parametrize(
    "label",
    [
        "Required level",
        "Required",
        "Level required",
        "Required (analysts)",
        "Minimum required",
        "Target",
        "TARGET LEVEL:",
        "Target 2026",
        "Gap",
        "Gap (team)",
        "Skills gap",
        "Gap to target",
        "Coverage",
        "Coverage %",
        "Weight (%)",
        "Weights",
        "Weighting",
        "Importance",
        "Importance (1-5)",
        "Expected",
        "Expected proficiency",
        "Max score",
        "Maximum level",
        "Min. rating",
        "Benchmark",
        "Standard level",
        "Zielwert",
        "Soll-Niveau",
        "Mindestanforderung",
        "Target: Team lead",
        "Should be",
        "Must have",
        "Must-have",
        "Nice to have",
        "Req",
        "Wt",
        "Relevance",
        "Team member target",
        "Soll (Team lead)",
    ],
)
def test_a_label_of_a_required_level_is_no_name(label):
    assert summary_row_reason(label, ROLES) == REFERENCE_REASON


@pytest.mark.parametrize(
    "label",
    [
        "Max",
        "Max Ziel",
        "Ziel, Max",
        "Ziel",
        "Soll",
        "Norm",
        "Norm Standard",
        "Anna Weight",
        "Weight, Anna",
        "John Target",
        "Target, John",
        "Goal",
        "Gap-Jo Kim",
        "Ana",
        "P1",
        "",
    ],
)
def test_a_name_is_not_taken_for_a_required_level(label):
    assert summary_row_reason(label, ROLES) == ""


def test_a_total_keeps_its_own_reason():
    assert summary_row_reason("Team average", ROLES) == TOTAL_REASON


def test_rows_of_required_levels_are_rejected_and_not_in_the_figures_of_the_team(tmp_path):
    sheet = (
        "person,Planning,Risk Management\nSoll,3,3\nAna,1,1\nZiel,1,1\nBo,1,1\nTeam lead,3,3\n"
        "Target,3,3\nMinimum required,3,3\nStandard,3,3\n"
    )
    summary = tmp_path / "team.json"

    ran = batch("--summary", summary, "--min-group", "2", stdin=sheet.encode())

    assert (ran.code, people(ran)) == (1, ["Ana", "Ziel", "Bo"])
    for line, label in enumerate(("Target", "Minimum required", "Standard"), 7):
        assert (
            f"<stdin>:{line}: PMO615 rejected: person is '{label}': {REFERENCE_REASON}" in ran.err
        )
    assert (
        "<stdin>:6: PMO615 rejected: person is 'Team lead': this is the name of a role" in ran.err
    )
    assert json.loads(summary.read_text(encoding="utf-8"))["roles"][0]["everybody"]["people"] == 3


def test_a_row_of_required_levels_is_nobodys_in_a_long_sheet():
    sheet = (
        "person,competence,rating\nRequired level,Planning,3\nAna,Planning,1\n"
        "team lead,Planning,2\nTarget,Planning,3\n"
    )

    ran = batch("--brief", stdin=sheet.encode())

    assert (ran.code, people(ran)) == (1, ["Ana"])
    assert ran.err.count("PMO615") == 3


def test_positions_are_rated_where_every_row_is_one():
    sheet = "person,Planning\nTeam lead,3\nTeam member,1\n"

    ran = batch("--brief", stdin=sheet.encode())

    assert (ran.code, people(ran)) == (0, ["Team lead", "Team member"])


def test_answers_in_a_sheet_without_names_are_no_labels():
    sheet = "Coaching,Planning\nRequired,3\nRequired,1\nOptional,2\nRequired,2\n"

    ran = batch("--brief", stdin=sheet.encode())

    assert ran.err == "4 rows read: 4 scored, 0 rejected\n"
