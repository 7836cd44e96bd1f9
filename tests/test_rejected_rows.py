"""Rejected rows: who is rejected together, and how fixed rows come back into their sheet."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from tests.support import run

FRAMEWORK = Path(__file__).resolve().parent / "sheets" / "framework.yaml"


def batch(*args, **options):
    return run("batch", *args, "--framework", FRAMEWORK, **options)


def rows(text):
    return list(csv.DictReader(io.StringIO(text)))


def scored(sheet, *args):
    """The people and raters who are scored, the lines that are rejected, and why."""
    ran = batch("-", "--quiet", *args, stdin=sheet.encode())
    people = [f"{row['person']} {row['rater']}" for row in rows(ran.out)]
    reasons = {
        int(line.split(":")[1]): line.partition(" rejected: ")[2]
        for line in ran.err.splitlines()
        if " rejected: " in line
    }
    return people, reasons


# --- Raters who are rejected together ------------------------------------------------------------

QUOTES = pytest.mark.parametrize("quote", ["", '"'], ids=["plain", "quoted"])


@QUOTES
def test_a_person_of_whom_a_rater_is_rejected_is_rejected_with_all_raters(quote):
    sheet = (
        "person,rater,Planning,Risk Management\n"
        f"Ana,self,3,2\n{quote}Ana{quote},manager,2,2\nANA ,peer,9,2\nBo,self,3,3\n"
    )

    people, reasons = scored(sheet, "--role", "lead")

    assert people == ["Bo self", "Bo combined"]
    assert sorted(reasons) == [2, 3, 4]
    assert reasons[2] == "person is 'Ana': another row of this person (line 4) is rejected"
    assert reasons[3] == "person is 'Ana': another row of this person (line 4) is rejected"
    assert reasons[4].startswith("Planning is '9': not a level of the scale")


@QUOTES
@pytest.mark.parametrize(
    ("wrong", "rejected"),
    [
        ("Ana,lead,peer,9", {2, 4}),
        ("Ana,Team  Lead,peer,9", {2, 4}),
        ("Ana,leed,peer,1", {2, 3, 4}),
        ("Ana,,peer,1", {2, 3, 4}),
        ("Ana", {2, 3, 4}),
        ("Ana,lead,peer", {2, 4}),
        ("Ana,lead,peer,1,1", {2, 4}),
        ("Ana,lead,self,1", {2, 4}),
        ('Ana,lead,"peer,1', {2, 4}),
        ('"Ana,lead,peer,1', {2, 4}),
        ("Total,lead,peer,1", {4}),
        (",lead,peer,9", {4}),
        ("anonymous,lead,peer,9", {4}),
        ("Cy,lead,peer,9", {4}),
    ],
)
def test_a_rejected_row_counts_for_its_role_or_for_all_where_that_is_unknown(
    wrong, rejected, quote
):
    sheet = (
        "person,role,rater,Planning\n"
        f"Ana,lead,self,3\n{quote}Ana{quote},member,self,2\n{wrong}\nBo,lead,self,1\nanonymous,lead,boss,2\n"
        "anonymous,lead,boss,1\n"
    )

    _, reasons = scored(sheet)

    assert set(reasons) == rejected


def test_raters_of_the_only_person_are_rejected_together():
    ran = batch("-", "-q", "--role", "lead", stdin=b"rater,Planning\nself,3\nboss,9\n")

    assert rows(ran.out) == []
    assert (
        "<stdin>:2: PMO619 rejected: rater is 'self': another row of this person (line 3) is rejected"
        in ran.err
    )


def test_without_raters_the_rows_of_a_person_for_other_roles_count():
    ran = batch("-", "-q", stdin=b"person,role,Planning\nAna,lead,3\nAna,member,9\nAna,boss,1\n")

    assert [row["role"] for row in rows(ran.out)] == ["lead"]


@pytest.mark.parametrize("wrong", ["Ana,Presenting,9", "Ana,Presenting", 'Ana,Presenting,"1'])
def test_a_person_rejected_in_one_row_of_a_long_sheet_is_rejected_with_the_same_code(wrong):
    sheet = f'person,competence,rating\nAna,Planning,3\n{wrong}\nBo,Planning,"2"\n'

    ran = batch("-", "-q", "--role", "lead", stdin=sheet.encode())

    assert [row["person"] for row in rows(ran.out)] == ["Bo"]
    assert (
        "<stdin>:2: PMO619 rejected: person is 'Ana': another row of this person (line 3) is rejected"
        in ran.err
    )


@pytest.mark.parametrize("heading", ["round", "Year", "Runde"])
def test_rounds_in_one_sheet_are_named_where_a_person_is_there_twice(heading):
    sheet = f"person,{heading},Planning\nAna,2025,3\nAna,2026,2\n"

    ran = batch("-", "-q", "--role", "lead", stdin=sheet.encode())

    assert (
        "the same person is in line 3 too; if "
        f"'{heading}' tells rounds apart, save each round as a sheet of its own; "
        f"if it tells raters apart, pass --map with '{heading}: rater'\n"
    ) in ran.err
