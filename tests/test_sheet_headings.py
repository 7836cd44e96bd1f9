"""Sheets whose headings are hard to find, or say too little: text and workbooks, whole runs."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import openpyxl
import pytest
from tests.support import run

SHEETS = Path(__file__).resolve().parent / "sheets"
FRAMEWORK = SHEETS / "framework.yaml"


def batch(*args, **options):
    return run("batch", *args, "--framework", FRAMEWORK, **options)


def rows(text):
    return list(csv.DictReader(io.StringIO(text)))


def written(folder, lines, ending="csv"):
    path = folder / f"people.{ending}"
    if ending == "csv":
        with path.open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows(lines)
        return path
    workbook = openpyxl.Workbook()
    for line in lines:
        cells = [int(cell) if str(cell).isdigit() else cell or None for cell in line]
        workbook.active.append(cells)
    workbook.save(path)
    return path


def scored(sheet, *options):
    ran = batch(sheet, "--role", "lead", "-q", *options)
    return ran.code, {row["person"]: row["readiness"] for row in rows(ran.out)}


PEOPLE = [["person", "Planning", "Risk Management"], ["Ana", "3", "2"], ["Bo", "1", "0"]]


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
@pytest.mark.parametrize("titles", [0, 1, 39, 40, 45, 1500])
def test_headings_are_read_at_any_line_that_is_named(tmp_path, ending, titles):
    lines = [[f"Note {number}"] for number in range(titles)]
    sheet = written(tmp_path, [*lines, *PEOPLE], ending)

    read = scored(sheet, "--heading-line", str(titles + 1))

    assert read == scored(written(tmp_path, PEOPLE, ending))


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_line_without_headings_cannot_be_named(tmp_path, ending):
    ran = batch(written(tmp_path, PEOPLE, ending), "--role", "lead", "--heading-line", "60")

    assert ran.code == 3
    assert "PMO605 error: there is no header row in line 60" in ran.err


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_headings_far_down_are_pointed_out(tmp_path, ending):
    lines = [[f"Note {number}"] for number in range(300)]

    ran = batch(written(tmp_path, [*lines, *PEOPLE], ending), "--role", "lead")

    assert ran.code == 3
    assert "hint: line 301 looks like headings: pass --heading-line 301" in ran.err


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_headings_below_many_blank_rows_are_found(tmp_path, ending):
    blank = [["", "", ""]] * 60

    read = scored(written(tmp_path, [*blank, *PEOPLE], ending))

    assert read == scored(written(tmp_path, PEOPLE, ending))
    assert read[0] == 0


@pytest.mark.parametrize("is_merged", [False, True])
def test_two_rows_of_headings_in_a_workbook_are_refused_and_can_be_read(tmp_path, is_merged):
    path = tmp_path / "people.xlsx"
    workbook = openpyxl.Workbook()
    table = workbook.active
    text = (SHEETS / "unusable/two-rows-of-headings.csv").read_text(encoding="utf-8")
    for line in csv.reader(text.splitlines()):
        table.append([int(cell) if cell.isdigit() else cell or None for cell in line])
    if is_merged:
        for cells in ("A1:A2", "B1:B2", "C1:E1", "F1:H1"):
            table.merge_cells(cells)
    workbook.save(path)
    mapping = tmp_path / "map.yaml"
    mapping.write_text("Current: planning\nCurrent (2): risk-management\n", encoding="utf-8")

    refused = batch(path, "--role", "lead")
    read = batch(path, "--role", "lead", "--heading-line", "2", "--map", mapping, "-q")

    assert refused.code == 3
    assert "line 2, below the headings, holds headings too: 'Required', 'Current'" in refused.err
    assert "'Current: planning' and 'Current (2): risk-management'" in refused.err
    assert [(row["Employee"], row["readiness"]) for row in rows(read.out)] == [
        ("Ana", "53.8"),
        ("Bo", "61.5"),
    ]


@pytest.mark.parametrize("ending", ["csv", "xlsx", "long"])
def test_ratings_under_an_empty_heading_are_found_below_the_first_rows(tmp_path, ending):
    if ending == "long":
        lines = [["person", "competence", "rating", ""]]
        lines += [[f"P{n}", "Planning", "1", "" if n < 1200 else "2"] for n in range(1500)]
    else:
        lines = [["person", "Planning", "", "team"]]
        lines += [[f"P{n}", "1", "" if n < 1200 else "2", "IT"] for n in range(1500)]
    kind = "xlsx" if ending == "xlsx" else "csv"

    ran = batch(written(tmp_path, lines, kind), "--role", "lead", "-q")

    assert (ran.code, ran.out) == (3, "")
    column = 4 if ending == "long" else 3
    assert f"people.{kind}:1:1: PMO607 error: column {column} has no heading" in ran.err


@pytest.mark.parametrize("texts", [["ok"], ["ok", "2", "ok"]])
def test_text_under_an_empty_heading_is_carried_in_a_long_table(tmp_path, texts):
    lines = [["", "person", "Planning", ""]]
    lines += [[str(n), f"P{n}", "1", texts[n % len(texts)]] for n in range(1500)]

    ran = batch(written(tmp_path, lines), "--role", "lead", "-q")

    assert ran.code == 0
    assert rows(ran.out)[1499]["column 1"] == "1499"


def test_a_column_without_a_heading_can_be_mapped(tmp_path):
    mapping = tmp_path / "map.yaml"
    sheet = SHEETS / "unusable/ratings-under-an-empty-heading.csv"

    for said, unrated in (("carry", "1"), ("risk-management", "0")):
        mapping.write_text(f"column 3: {said}\n", encoding="utf-8")
        ran = batch(sheet, "--role", "lead", "-q", "--map", mapping)
        assert ran.code == 0
        assert rows(ran.out)[0]["unrated_count"] == unrated


@pytest.mark.parametrize(
    "heading",
    [
        "Unnamed: 2", "Unnamed: 2_level_1", "Column3", "Spalte3", "Colonne3", "...3", "V3", "X3",
        "X.1", "F3", "__EMPTY_1", "_c2", "-", "?", "#REF!", "5", "2025", "NaN",
    ],
)  # fmt: skip
def test_what_programs_write_for_an_empty_heading_names_nothing(tmp_path, heading):
    people = [["person", "Planning", heading, "Risk Management"], *("A312", "B201", "C120")]
    sheet = written(tmp_path, people)
    mapping = tmp_path / "map.yaml"
    mapping.write_text(f'"{heading}": carry\n', encoding="utf-8")

    ran = batch(sheet, "--role", "lead", "-q")

    assert ran.code == 3
    assert f"PMO607 error: column 3 ('{heading}') has no heading" in ran.err
    assert batch(sheet, "--role", "lead", "-q", "--map", mapping).code == 0


def long(heading, values, rating="Level", ratings="3313"):
    keys = [("Ana", "Planning"), ("Ana", "Risk Management")]
    keys += [("Bo", "Planning"), ("Bo", "Risk Management")]
    rows = [
        [*key, rating, value] for key, rating, value in zip(keys, ratings, values, strict=True)
    ]
    return [["person", "competence", rating, heading], *rows]


@pytest.mark.parametrize("rating", ["Level", "Rating", "Score"])
@pytest.mark.parametrize(
    "heading",
    [
        "Selbsteinschätzung", "Fremdeinschätzung", "Autoévaluation", "Achieved", "Result", "Value",
        "Employee answer", "2025", "Q1", "After",
    ],
)  # fmt: skip
def test_a_second_column_of_levels_in_a_long_sheet_is_to_be_decided(tmp_path, heading, rating):
    sheet = written(tmp_path, long(heading, "1230", rating))
    mapping = tmp_path / "map.yaml"
    mapping.write_text(f'"{heading}": carry\n', encoding="utf-8")

    ran = batch(sheet, "--role", "lead", "-q")

    assert ran.code == 3
    assert ran.err.count("error") == 1
    assert f"PMO609 error: more than one column may hold the ratings: '{rating}', '{heading}'" in (
        ran.err
    )
    assert batch(sheet, "--role", "lead", "-q", "--map", mapping).code == 0


@pytest.mark.parametrize(
    ("heading", "values"),
    [
        ("Max", "3333"),
        ("Out of", "3333"),
        ("Required", "1230"),
        ("Quarter", "1212"),
        ("Reports", "2233"),
        ("Domain", "1212"),
        ("Choice", "3313"),
        ("Label", ["Expert", "Expert", "Learning", "Expert"]),
    ],
)
def test_numbers_that_are_no_second_rating_are_carried_in_a_long_sheet(tmp_path, heading, values):
    ran = batch(written(tmp_path, long(heading, values)), "--role", "lead", "-q")

    assert (ran.code, ran.err) == (0, "4 rows read: 4 scored, 0 rejected\n")


def test_a_second_rating_may_be_the_same_in_each_row(tmp_path):
    ran = batch(written(tmp_path, long("Selbsteinschätzung", "1111")), "--role", "lead", "-q")

    assert "PMO609" in ran.err


TABLE = ["Planning", "Risk Management"]


@pytest.mark.parametrize(
    ("headings", "mapped"),
    [
        (["Employee", *TABLE, "", "Employee", "Presenting"], "Employee (2)"),
        (["Employee", *TABLE, "", "Name", "Presenting"], "Name"),
        (["Name", *TABLE, "", "Employee", "Presenting"], "Name"),
        (["Employee", *TABLE, "Column4", "Employee.1", "Presenting"], "Employee.1"),
    ],
)
def test_a_second_table_to_the_right_is_refused(tmp_path, headings, mapped):
    same = written(tmp_path, [headings, ["Ana", 3, 1, "", "Ana", 2], ["Bo", 2, 3, "", "Bo", 1]])

    assert batch(same, "--role", "lead", "-q").code == 0
    sheet = written(tmp_path, [headings, ["Ana", 3, 1, "", "Zoe", 2], ["Bo", 2, 3, "", "Yan", 1]])
    ran = batch(sheet, "--role", "lead", "-q")

    assert ran.code == 3
    assert "PMO602 error: columns 1 and 5, " in ran.err
    assert f"'{mapped}: carry'" in ran.err


def test_ids_and_names_of_the_same_people_are_no_second_table(tmp_path):
    people = [["ID", "Planning", "Name", "Risk Management"], ["1", 3, "Ana", 2], ["2", 1, "Bo", 0]]

    assert batch(written(tmp_path, people), "--role", "lead", "-q").code == 0


@pytest.mark.parametrize(("score", "code"), [("Score", 3), ("Required", 0), ("Note", 0)])
def test_levels_beside_the_empty_column_of_a_competence_are_refused(tmp_path, score, code):
    headings = ["person", "Planning", score, "Why", "Risk Management", score, "Why"]
    sheet = written(
        tmp_path, [headings, ["Ana", "", 3, "x", "", 1, ""], ["Bo", "", 2, "", "", 0, "y"]]
    )

    ran = batch(sheet, "--role", "lead", "-q")

    assert ran.code == code
    assert ("PMO607 error: no cell is filled under 'Planning'" in ran.err) == (code == 3)


@pytest.mark.parametrize("column", ["Self Rating", "Manager Rating", "Level"])
def test_the_rating_of_a_long_sheet_can_be_chosen(tmp_path, column):
    mapping = tmp_path / "map.yaml"
    mapping.write_text(f"{column}: rating\n", encoding="utf-8")

    ran = batch(
        SHEETS / "unusable/several-rating-columns.csv", "--role", "lead", "--map", mapping, "-q"
    )

    expected = {"Level": "100.0", "Manager Rating": "76.9", "Self Rating": "53.8"}
    assert ran.code == 0
    assert rows(ran.out)[0]["readiness"] == expected[column]


@pytest.mark.parametrize("name", ["long-with-a-column-like-rater", "a-column-like-rater"])
def test_the_column_that_is_like_raters_can_be_mapped(tmp_path, name):
    mapping = tmp_path / "map.yaml"
    mapping.write_text("Review type: rater\n", encoding="utf-8")

    ran = batch(SHEETS / f"rejected/{name}.csv", "--role", "lead", "--map", mapping, "-q")

    assert ran.code == 0
    assert [row["Review type"] for row in rows(ran.out) if row["person"] == "Ana"] == [
        "self",
        "manager",
        "combined",
    ]


@pytest.mark.parametrize(
    ("delimiter", "name"),
    [("|", "pipe"), ("^", "caret"), ("~", "tilde"), (":", "colon"), ("\t", "tab")],
)
def test_rare_separators_are_found_and_named(tmp_path, delimiter, name):
    sheet = tmp_path / "people.csv"
    text = (SHEETS / "good/plain.csv").read_text(encoding="utf-8")
    sheet.write_text(text.replace(",", delimiter), encoding="utf-8")

    ran = batch(sheet, "--role", "lead")

    assert ran.out == batch(SHEETS / "good/plain.csv", "--role", "lead").out
    assert f"read as {name}-separated" in ran.err


def test_a_sheet_without_roles_says_how_it_was_read(tmp_path):
    lines = [["person", "team", "3. Role?", "Planning"], ["Ana", "IT", "lead", "3"]]

    ran = batch(written(tmp_path, lines))

    assert (ran.code, ran.out) == (2, "")
    assert (
        "the sheet was read as comma-separated, UTF-8: its other columns are '3. Role?', 'team'"
        in (" ".join(ran.err.split()))
    )
