"""Rejected rows that were fixed: the sheet is scored with them in place, or nothing is."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import NamedTuple

import duckdb
import openpyxl
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.support import IS_THOROUGH, examples, run

from pmo_path import load_framework
from pmo_path.app.sheet_scoring import Target, score_sheet
from pmo_path.batch.job import Job
from pmo_path.domain.errors import InputInvalid
from pmo_path.domain.options import SheetFormat
from pmo_path.readers.table.rejects_file import KEPT
from pmo_path.readers.table.sheet import SheetOptions

HERE = Path(__file__).resolve().parent
FRAMEWORK = HERE / "sheets" / "framework.yaml"
MODEL = load_framework(FRAMEWORK)
OLDER = HERE / "loop"
OWN = ["rejected_file", "rejected_sheet", "rejected_line", "rejected_hash"]
OWN += ["rejected_column", "rejected_value", "reason"]
PEOPLE = """\
person,rater,Planning,Risk Management,note
Ana,self,3,2,=1+1
Ana,boss,9,2,
Bo,self,1,1,"two
lines"
007,self,4,1,Łódź
Cy,self,2,0,x
"""


def batch(*args, **options):
    return run("batch", *args, "--framework", FRAMEWORK, "--role", "lead", **options)


def rows(text):
    return list(csv.DictReader(io.StringIO(text)))


def table_of(path):
    """The rows of CSV or of a workbook, the headings first, as text."""
    if path.suffix == ".xlsx":
        cells = openpyxl.load_workbook(path).active.iter_rows(values_only=True)
        return [["" if cell is None else str(cell) for cell in row] for row in cells]
    return list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))


def write_table(path, table, *, delimiter=",", encoding="utf-8"):
    if path.suffix == ".xlsx":
        workbook = openpyxl.Workbook()
        for number, row in enumerate(table, 1):
            for column, value in enumerate(row, 1):
                if value:
                    cell = workbook.active.cell(number, column)
                    cell.value, cell.data_type = value, "s"
        workbook.save(path)
        return
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows(table)
    path.write_bytes(text.getvalue().encode(encoding, "replace"))


def fix(path, changes, target=None, **options):
    """Change cells of a rejects file by line of the sheet and heading."""
    headings, *others = table_of(path)
    for row in others:
        row.extend([""] * (len(headings) - len(row)))
        for heading, value in changes.get(int(row[2]), {}).items():
            row[headings.index(heading)] = value
    write_table(target or path, [headings, *others], **options)


def scored(text):
    return [f"{row['person']} {row['rater']} {row['readiness']}" for row in rows(text)]


@pytest.fixture
def people(tmp_path):
    path = tmp_path / "people.csv"
    path.write_text(PEOPLE, encoding="utf-8")
    return path


def first_run(people, ending="csv"):
    results = people.with_name(f"results.{ending}")
    batch(people, "-o", results, "-q")
    return people.with_name(f"results.rejects.{ending}")


# --- The loop -----------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_the_sheet_is_scored_with_the_fixed_rows_in_place(people, ending):
    rejects = first_run(people, ending)
    fix(rejects, {3: {"Planning": "3"}, 6: {"Planning": "2"}})

    ran = batch(people, "--fixed", rejects, "-q")

    people.write_text(PEOPLE.replace("boss,9", "boss,3").replace("self,4", "self,2"), "utf-8")
    assert ran == batch(people, "-q")
    assert ran.code == 0


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_rows_that_are_still_wrong_go_to_a_new_file_with_which_the_loop_goes_on(people, ending):
    rejects = first_run(people, ending)
    fix(rejects, {3: {"Planning": "8"}, 6: {"Planning": "2"}})
    fixed = rejects.read_bytes()

    again = batch(people, "--fixed", rejects, "-o", people.with_name(f"results.{ending}"), "-q")

    second = people.with_name(f"results.rejects-2.{ending}")
    assert again.code == 1
    assert again.err == f"5 rows read: 3 scored, 2 rejected (see {second})\n"
    assert rejects.read_bytes() == fixed
    headings, *others = table_of(second)
    assert headings == [*OWN, "person", "rater", "Planning", "Risk Management", "note"]
    assert [(row[2], row[9]) for row in others] == [("2", "3"), ("3", "8"), ("6", "2")]
    assert others[2][4:7] == ["", "", KEPT]
    first = {row[2]: row[:4] for row in table_of(rejects)}
    assert all(row[:4] == first[row[2]] for row in others)

    fix(second, {3: {"Planning": "3"}})
    for files in (["--fixed", second], ["--fixed", rejects, "--fixed", second]):
        last = batch(people, *files, "-o", people.with_name(f"results.{ending}"), "-q")

        assert last == (0, "", "5 rows read: 5 scored, 0 rejected\n")
        assert not people.with_name(f"results.rejects-3.{ending}").exists()


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
@pytest.mark.parametrize("order", [(0,), (1,), (0, 1), (1, 0)])
def test_a_second_file_alone_or_with_the_first_keeps_what_was_fixed(tmp_path, ending, order):
    people = tmp_path / "people.csv"
    people.write_text("person,Planning\nAna,9\nTotal,9\nBo,8\nCy,1\n", encoding="utf-8")
    rejects, second = first_run(people, ending), tmp_path / f"results.rejects-2.{ending}"
    fix(rejects, {2: {"Planning": "3"}, 3: {"person": "", "Planning": ""}})
    options = ["-o", tmp_path / f"results.{ending}", "-q"]
    summary = tmp_path / "team.json"
    ran = batch(people, "--fixed", rejects, *options, "--summary", summary)
    assert ran.err.endswith(f"3 rows read: 2 scored, 1 rejected (see {second})\n")
    assert json.loads(summary.read_text())["rows"] == {"read": 3, "scored": 2, "rejected": 1}
    reasons = [(row[2], row[6] == KEPT) for row in table_of(second)[1:]]
    assert reasons == [("4", False), ("2", True), ("3", True)]
    fix(second, {4: {"Planning": "2"}})

    files = [("--fixed", (rejects, second)[place]) for place in order]
    ran = batch(people, *(word for words in files for word in words), "-q")

    assert [row["person"] for row in rows(ran.out)] == [
        "Ana",
        *(["Bo"] if 1 in order else []),
        "Cy",
    ]
    assert ran.code == (0 if 1 in order else 1)


def test_a_row_that_nobody_touched_undoes_none_in_a_file_before(people):
    rejects = first_run(people)
    untouched = people.with_name("untouched.csv")
    fix(rejects, {6: {"person": "7"}}, untouched)  # as a spreadsheet program saves it
    fix(rejects, {3: {"Planning": "3"}, 6: {"Planning": "2"}})

    ran = batch(people, "--fixed", rejects, "--fixed", untouched, "-q")

    assert ran == (0, ran.out, "5 rows read: 5 scored, 0 rejected\n")
    assert ran == batch(people, "--fixed", untouched, "--fixed", rejects, "-q")


def test_a_file_of_a_second_round_is_not_written_over_by_a_plain_run(people):
    rejects = first_run(people)
    fix(rejects, {6: {"Planning": "2"}})
    second = people.with_name("second.csv")
    batch(people, "--fixed", rejects, "--rejects", second, "-q")
    before = second.read_bytes()

    ran = batch(people, "--rejects", second, "-q")

    assert (ran.code, ran.out) == (2, "")
    assert second.read_bytes() == before


def test_of_several_files_the_last_one_counts(people):
    rejects = first_run(people)
    fix(rejects, {3: {"Planning": "1"}}, people.with_name("a.csv"))
    fix(rejects, {3: {"Planning": "3"}}, people.with_name("b.xlsx"))

    ran = batch(
        *(people, "--fixed", people.with_name("a.csv"), "--fixed", people.with_name("b.xlsx")),
        *("-q", "--gaps"),
    )

    ratings = [row["gap_planning"] for row in rows(ran.out) if row["rater"] == "boss"]
    assert ratings == ["0"]


def test_rows_that_are_not_in_the_fixed_file_or_not_fixed_stay_rejected(people):
    rejects = first_run(people)
    headings, *others = table_of(rejects)
    write_table(rejects, [headings, *(row for row in others if row[2] != "6")])

    ran = batch(people, "--fixed", rejects, "-q")

    assert ran == batch(people, "-q")
    assert ran.code == 1


def test_all_cells_of_a_fixed_row_count(people):
    rejects = first_run(people)
    fix(rejects, {3: {"Planning": "3", "person": "Di", "rater": "self", "note": "moved"}})

    ran = batch(people, "--fixed", rejects, "-q")

    found = [(row["person"], row["rater"], row["note"]) for row in rows(ran.out)]
    assert found[:4] == [
        ("Ana", "self", "'=1+1"),
        ("Ana", "combined", "'=1+1"),
        ("Di", "self", "moved"),
        ("Di", "combined", "moved"),
    ]


def test_a_row_whose_cells_are_emptied_is_taken_out_of_the_sheet(tmp_path):
    people = tmp_path / "people.csv"
    people.write_text("person,Planning\nAna,3\nAna,1\nTotal,4\nBo,2\n", encoding="utf-8")
    rejects = first_run(people)
    empty = {"person": "", "Planning": ""}
    fix(rejects, {3: empty, 4: empty})

    ran = batch(people, "--fixed", rejects, "-q")

    assert [row["person"] for row in rows(ran.out)] == ["Ana", "Bo"]
    assert ran.code == 0
    assert ran.err == (
        f"{people}: note: 2 rows are left out, since all cells are empty in the fixed rows\n"
        "2 rows read: 2 scored, 0 rejected\n"
    )


def test_a_row_that_is_left_as_it_is_stays_too_short_whatever_was_saved(tmp_path):
    people = tmp_path / "people.csv"
    people.write_text("person,Planning,Presenting\nAna,3\nBo,1,2,,4\nCy,1,1\n", encoding="utf-8")
    rejects = first_run(people, "xlsx")
    fix(rejects, {})

    ran = batch(people, "--fixed", rejects, "-q")

    assert ran == batch(people, "-q")
    assert "2 cells, but 3 columns" in ran.err
    assert "5 cells, but 3 columns" in ran.err


def test_a_line_that_a_stray_quote_keeps_whole_can_be_divided(tmp_path):
    people = tmp_path / "people.csv"
    people.write_text('person,Planning\nAna,"3\nBo,1\n', encoding="utf-8")
    rejects = first_run(people)
    fix(rejects, {2: {"person": "Ana", "Planning": "3"}})

    ran = batch(people, "--fixed", rejects, "-q")

    assert [row["person"] for row in rows(ran.out)] == ["Ana", "Bo"]


def test_a_long_sheet_takes_fixed_rows_by_line(tmp_path):
    people = tmp_path / "people.csv"
    text = "person,competence,rating\nAna,Planning,3\nAna,Risk Management,{}\nBo,Planning,1\n"
    people.write_text(text.format("9"), encoding="utf-8")
    rejects = first_run(people)
    fix(rejects, {3: {"rating": "2"}})

    ran = batch(people, "--fixed", rejects, "-q")

    people.write_text(text.format("2"), encoding="utf-8")
    assert ran == batch(people, "-q")


def test_a_sheet_of_a_workbook_and_parquet_take_fixed_rows(tmp_path):
    table = [["person", "Planning"], ["Ana", "9"], ["Bo", "1"]]
    write_table(tmp_path / "people.xlsx", table)
    duckdb.execute(
        "COPY (FROM (VALUES ('Ana', '9'), ('Bo', '1')) t(person, Planning)) "
        f"TO '{tmp_path / 'people.parquet'}' (FORMAT parquet)"
    )
    for people in (tmp_path / "people.xlsx", tmp_path / "people.parquet"):
        rejects = people.with_name(f"{people.name}.rejects.csv")
        batch(people, "--rejects", rejects, "-q")
        line = int(table_of(rejects)[1][2])
        fix(rejects, {line: {"Planning": "3"}})

        ran = batch(people, "--fixed", rejects, "-q")

        assert [row["person"] for row in rows(ran.out)] == ["Ana", "Bo"]
        assert ran.err == "2 rows read: 2 scored, 0 rejected\n"


def test_a_sheet_from_stdin_takes_fixed_rows(tmp_path):
    rejects = tmp_path / "r.csv"
    batch("-", "--rejects", rejects, "-q", stdin=PEOPLE.encode())
    fix(rejects, {3: {"Planning": "3"}, 6: {"Planning": "2"}})

    ran = batch("-", "--fixed", rejects, "-q", stdin=PEOPLE.encode())

    assert ran.err == "5 rows read: 5 scored, 0 rejected\n"


def test_summary_report_groups_and_strict_see_the_whole_sheet(people):
    rejects = first_run(people)
    fix(rejects, {3: {"Planning": "3"}, 6: {"Planning": "2"}})
    summary, page = people.with_name("team.json"), people.with_name("team.html")

    options = ["--strict", "--summary", summary, "--report", page, "--group-by", "note"]
    options += ["-o", people.with_name("results.csv"), "-q"]

    ran = batch(people, "--fixed", rejects, *options)

    written = summary.read_bytes(), page.read_bytes()
    assert (ran.code, ran.err) == (0, "5 rows read: 5 scored, 0 rejected\n")
    assert json.loads(written[0])["rows"] == {"read": 5, "scored": 5, "rejected": 0}
    people.write_text(PEOPLE.replace("boss,9", "boss,3").replace("self,4", "self,2"), "utf-8")
    batch(people, *options)
    assert (summary.read_bytes(), page.read_bytes()) == written


def test_strict_writes_nothing_while_a_fixed_row_is_rejected_again(people):
    rejects = first_run(people)
    before = {path.name: path.read_bytes() for path in people.parent.iterdir()}

    ran = batch(
        people, "--fixed", rejects, "--strict", "-o", people.with_name("results.csv"), "-q"
    )

    assert ran.code == 1
    assert {path.name: path.read_bytes() for path in people.parent.iterdir()} == before


def test_the_whole_loop_with_raters_gives_what_the_fixed_sheet_gives(tmp_path):
    people = tmp_path / "people.xlsx"
    people.write_bytes((OLDER / "people-40-three-raters.xlsx").read_bytes())
    results = tmp_path / "results.xlsx"
    command = ["batch", people, "-o", results, "-q"]
    first = run(*command)
    rejects = tmp_path / "results.rejects.xlsx"
    headings, *others = table_of(rejects)
    last = people.with_name("last.csv")
    fixed: dict[int, dict[str, str]] = {}
    for row in others:
        codes = {part.split()[0] for part in row[6].split(" | ")}
        if codes == {"PMO612"}:
            fixed |= {int(row[2]): dict.fromkeys(row[4].split(" | "), "2")}
        elif codes == {"PMO613"}:
            fixed |= {int(row[2]): {"role": "PMO Manager"}}
        elif codes == {"PMO615"}:
            fixed |= {int(row[2]): dict.fromkeys(headings[7:], "")}
    assert fixed
    fix(rejects, fixed)

    ran = run("batch", people, "--fixed", rejects, "-o", last, "-q")

    sheet = openpyxl.load_workbook(people)
    source = next(tab for tab in sheet.worksheets if tab.title == others[0][1])
    places = {cell.value: cell.column for cell in source[1]}
    for line, changes in sorted(fixed.items(), reverse=True):
        if not any(changes.values()):
            source.delete_rows(line)
            continue
        for heading, value in changes.items():
            source.cell(line, places[heading], value)
    sheet.save(people)
    whole = run("batch", people, "-q")
    assert first.code == 1
    assert ran.code == whole.code == 0
    assert last.read_text(encoding="utf-8") == whole.out


# --- As spreadsheet programs save it --------------------------------------------------------------


@pytest.mark.parametrize(
    ("delimiter", "encoding"),
    [(";", "cp1252"), ("\t", "utf-16"), (",", "utf-8-sig"), (";", "utf-8")],
)
def test_a_rejects_file_is_read_as_spreadsheet_programs_save_it(people, delimiter, encoding):
    rejects = first_run(people)
    headings, *others = table_of(rejects)
    for row in others:
        row[9] = {"9": "3", "4": "2"}.get(row[9], row[9])
        row[7] = row[7].lstrip("0") or "0"
    table = [[*headings, "done by"], *([*row, "me"] for row in reversed(others)), [""] * 4]
    table.insert(2, [])
    write_table(rejects, table, delimiter=delimiter, encoding=encoding)

    ran = batch(people, "--fixed", rejects, "-q")

    people.write_text(PEOPLE.replace("boss,9", "boss,3").replace("self,4", "self,2"), "utf-8")
    assert ran.out == batch(people, "-q").out
    assert "(as '007', not '7')" in ran.err
    assert ran.err.endswith("5 rows read: 5 scored, 0 rejected\n")


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_what_a_spreadsheet_program_did_to_text_is_said_and_undone(people, ending):
    rejects = first_run(people, ending)
    fix(rejects, {6: {"person": "7", "Planning": "2"}})

    ran = batch(people, "--fixed", rejects, "-q")

    assert "007" in [row["person"] for row in rows(ran.out)]
    assert (
        f"{people}: note: 1 cell is read as in the sheet, and not as a spreadsheet program writes "
        "CSV (as '007', not '7'); to change that, fix the sheet\n"
    ) in ran.err


@pytest.mark.parametrize(
    ("original", "saved", "encoding"),
    [
        ("00012", "12", "cp1252"),
        ("12345678901234567890", "1,23457E+19", "cp1252"),
        ("12345678901234567", "1.23456789012346E+016", "cp1252"),
        ("12345678901234567", "12345678901234600", "cp1252"),
        ("Łukasz", "?ukasz", "cp1252"),
        ("Élodie", "Ã‰lodie", "cp1252"),
        # In Windows-1252 these are UTF-8 but for some bytes, which no file may be.
        ("Élodie", "Ã0lodie", "utf-8"),
        ("Łódź", "ÅÃ³dÅº", "utf-8"),
        ("😀" * 2000, "ðŸ" * 2000, "utf-8"),
        ("=Ana", "'=Ana", "cp1252"),
    ],
    ids=lambda text: text[:24],
)
def test_a_person_is_the_same_whatever_a_spreadsheet_program_saved(
    tmp_path, original, saved, encoding
):
    people = tmp_path / "Führung.csv"
    people.write_text(f"person,Planning,Jahr für Jahr\n{original},9,x\n", encoding="utf-8")
    rejects = first_run(people)
    headings, row = table_of(rejects)
    row[0], row[7], row[8] = "FÃ¼hrung.csv", saved, "3"
    headings[9] = "Jahr fÃ¼r Jahr"
    write_table(rejects, [headings, row], encoding=encoding)

    ran = batch(people, "--fixed", rejects, "-q", "--raw")

    assert [(row["person"], row["Jahr für Jahr"]) for row in rows(ran.out)] == [(original, "x")]


@pytest.mark.parametrize(
    ("original", "typed"),
    [
        ("0012", "0013"),
        ("12345678901234567", "12345678901234568"),
        ("Élodie", "Elodie"),
        ("Łukasz", "Lukasz"),
        ("😀" * 22, "ð" * 22 + "x" * 70),
        ("😀" * 2000, "ð" * 1999),
        ("a", "b"),
    ],
    ids=lambda text: text[:24],
)
def test_a_person_who_is_named_otherwise_is_somebody_else(tmp_path, original, typed):
    people = tmp_path / "people.csv"
    people.write_text(f"person,Planning\n{original},9\n", encoding="utf-8")
    rejects = first_run(people)
    fix(rejects, {2: {"person": typed, "Planning": "3"}})

    ran = batch(people, "--fixed", rejects, "-q")

    assert [row["person"] for row in rows(ran.out)] == [typed]
    assert ran.err == "1 row read: 1 scored, 0 rejected\n"


def test_a_rejects_file_in_text_that_was_saved_as_a_workbook_is_read(tmp_path):
    people = tmp_path / "people.csv"
    people.write_text("person,Planning,=note\n=Ana,9,+1\nBo,2,\n", encoding="utf-8")
    rejects = first_run(people)
    workbook = tmp_path / "saved.xlsx"
    fix(rejects, {2: {"Planning": "3"}}, workbook)

    ran = batch(people, "--fixed", workbook, "-q", "--raw")

    people.write_text("person,Planning,=note\n=Ana,3,+1\nBo,2,\n", encoding="utf-8")
    assert ran == batch(people, "-q", "--raw")


# --- What does not fit ----------------------------------------------------------------------------


def refused(people, *args):
    """What is said where nothing may be scored."""
    results = people.with_name("results.csv")
    before = results.read_bytes()

    ran = batch(people, *args, "-o", results, "-q")

    assert (ran.code, ran.out) == (3, "")
    assert results.read_bytes() == before
    return ran.err


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("Ana,boss,9", "Ana,boss,3", 3),
        ("Ana,self,3", "Ana,self,2", 2),
        ("Bo,self,1,1,", "New,self,1,1,\nBo,self,1,1,", 6),
        ("007,self,4,1,Łódź\n", "", 6),
    ],
)
def test_a_sheet_that_was_edited_is_refused_at_the_first_line_that_differs(people, old, new, line):
    rejects = first_run(people)
    assert old in PEOPLE
    people.write_text(PEOPLE.replace(old, new), encoding="utf-8")

    err = refused(people, "--fixed", rejects)

    at = {2: 2, 3: 3, 6: 4}[line]
    assert err == (
        f"{people}:{line}:1: PMO621 error: this is not the row that was rejected: the sheet has "
        f"changed since '{rejects}' was written (see its line {at})\n"
        "  hint: run batch again without --fixed, with --rejects NEWFILE to keep your fixed rows\n"
    )


def test_a_sheet_that_ends_before_the_row_is_refused(people):
    rejects = first_run(people)
    people.write_text(PEOPLE[: PEOPLE.index("007")], encoding="utf-8")

    assert f"{people}:6:1: PMO621" in refused(people, "--fixed", rejects)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda t: [t[0], t[1], t[1]], "line 2 of the sheet is here twice: in line 2 too"),
        (lambda t: [[*t[0][:9], "Plannning", *t[0][10:]], *t[1:]], "a column 'Planning', and the"),
        (lambda t: [[*t[0], "Planning"], *t[1:]], "two columns are called 'Planning'"),
        (lambda t: [row[1:] for row in t], "there is no column 'rejected_file'"),
        (lambda t: [row[4:] for row in t], "not a file of rejected rows: there is no column"),
        (lambda t: [[*t[0][:3], "hash", *t[0][4:]], *t[1:]], "do not say what they are from"),
        (
            lambda t: [*t, ["", "", "", "", "", "", "", "New", "self", "1"]],
            "do not say which row of",
        ),
        (lambda t: [*t, [*t[1][:2], "x", *t[1][3:]]], "which row of the sheet this one replaces"),
        (lambda t: [t[0], [*t[1][:3], "row-1", *t[1][4:]]], "and 'rejected_hash' do not say"),
        (lambda t: [t[0], ["other.csv", *t[1][1:]]], "this row is from 'other.csv', not from"),
        (lambda t: t[:0], "the file is empty"),
    ],
)
def test_a_rejects_file_that_does_not_fit_is_refused(people, change, words):
    rejects = first_run(people)
    write_table(rejects, change(table_of(rejects)))

    err = refused(people, "--fixed", rejects)

    assert err.startswith(f"{rejects}:")
    assert words in err


def test_a_stray_quote_in_a_rejects_file_is_refused(people):
    rejects = first_run(people)
    text = rejects.read_text(encoding="utf-8")
    rejects.write_text(text.replace("Ana,boss", '"Ana,boss'), encoding="utf-8")

    assert f"{rejects}:3:1: PMO621 error: a quote is not closed" in refused(
        people, "--fixed", rejects
    )


def test_rows_of_another_sheet_of_the_workbook_are_refused(tmp_path):
    people = tmp_path / "people.xlsx"
    workbook = openpyxl.Workbook()
    for title in ("IT", "HR"):
        sheet = workbook.create_sheet(title)
        for row in (["person", "Planning"], ["Ana", "9"]):
            sheet.append(row)
    workbook.save(people)
    rejects = tmp_path / "results.rejects.csv"
    batch(people, "--sheet", "HR", "-o", tmp_path / "results.csv", "-q")

    err = refused(people, "--fixed", rejects)

    assert err == (
        f"{rejects}:2:1: PMO621 error: this row is from sheet 'HR' of the workbook, and sheet "
        "'IT' is read\n  hint: pass --sheet HR\n"
    )
    assert batch(people, "--sheet", "HR", "--fixed", rejects, "-q").code == 1


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_rejects_file_as_the_sheet_is_refused_with_the_right_command(people, ending):
    rejects = first_run(people, ending)
    results = people.with_name(f"results.{ending}")
    before = results.read_bytes(), rejects.read_bytes()

    ran = batch(rejects, "-o", results)

    assert (ran.code, ran.out) == (3, "")
    assert ran.err == (
        f"{rejects}:1:1: PMO621 error: these are the rejected rows of a sheet, not the sheet: its "
        "other rows would be lost\n"
        "  hint: fix the rows and pass both, with the options of the first run, such as --role and "
        f"-o: pmo-path batch {people} --fixed {rejects}\n"
    )
    assert (results.read_bytes(), rejects.read_bytes()) == before


@pytest.mark.parametrize(
    ("cwd", "sheet"), [(".", "in/people.csv"), ("in", "people.csv"), ("out", "in/people.csv")]
)
def test_the_command_names_the_sheet_from_where_it_is_run(tmp_path, cwd, sheet):
    for name in ("in", "out"):
        (tmp_path / name).mkdir()
    (tmp_path / "in" / "people.csv").write_text(PEOPLE, encoding="utf-8")
    rejects = tmp_path / "in" / "r.csv"
    batch("in/people.csv", "--rejects", rejects, "-q", cwd=tmp_path)
    name = {".": "in/r.csv", "in": "r.csv", "out": "../in/r.csv"}[cwd]

    err = batch(name, cwd=tmp_path / cwd).err

    shown = {"out": "../in/people.csv"}.get(cwd, sheet)
    assert err.endswith(f"-o: pmo-path batch {shown} --fixed {name}\n")


@pytest.mark.parametrize("file", [".", "..", "no/such.csv", "x" * 5000, "a/"])
def test_a_sheet_that_is_nowhere_is_named_as_it_was(people, file):
    rejects = first_run(people)
    headings, *others = table_of(rejects)
    write_table(rejects, [headings, *([file, *row[1:]] for row in others)])

    ran = batch(rejects)

    assert ran.code == 3
    assert f"pmo-path batch {file} --fixed {rejects}" in ran.err


def test_rejected_rows_that_have_lost_the_name_of_their_sheet_are_refused(people):
    rejects = first_run(people)
    headings, *others = table_of(rejects)
    file = headings.index("rejected_file")
    write_table(rejects, [row[:file] + row[file + 1 :] for row in (headings, *others)])

    ran = batch(rejects)

    assert (ran.code, ran.out) == (3, "")
    assert ran.err.endswith(f"pmo-path batch PEOPLE --fixed {rejects}\n")


@pytest.mark.parametrize("name", ["older-rejects.csv", "older-rejects.xlsx"])
def test_rejected_rows_of_an_older_version_are_refused(people, name):
    first_run(people)
    older = OLDER / name

    assert "run batch on the sheet again" in refused(people, "--fixed", older)
    ran = batch(older)
    assert (ran.code, ran.out) == (3, "")
    assert "run batch on the sheet again" in ran.err


def test_a_rejects_file_that_was_made_parquet_is_refused(people, tmp_path):
    rejects = first_run(people)
    table = tmp_path / "rejects.parquet"
    duckdb.execute(
        f"COPY (FROM read_csv('{rejects}', all_varchar = true)) TO '{table}' (FORMAT parquet)"
    )

    ran = batch(table)

    assert ran.code == 3
    assert "PMO621 error: these are the rejected rows of a sheet" in ran.err


def test_what_is_hostile_in_a_rejects_file_commands_nothing(tmp_path):
    people = tmp_path / "=cmd [red]\x1b[31m'$(x).csv"
    people.write_text("person,Planning\nAna,9\nBo,1\n", encoding="utf-8")
    rejects = tmp_path / "r.csv"
    batch(people, "--rejects", rejects, "-q")

    with rejects.open(encoding="utf-8", newline="") as stream:
        assert not [
            cell for row in csv.reader(stream) for cell in row if cell[:1] in {"=", "\x1b"}
        ]
    ran = batch(rejects)
    assert ran.code == 3
    assert "\x1b" not in ran.err
    assert "'\"'\"'$(x).csv' --fixed" in ran.err
    fix(rejects, {2: {"Planning": "1"}})
    assert batch(people, "--fixed", rejects, "-q").code == 0


@pytest.mark.parametrize(
    "args",
    [
        ("--fixed", "-"),
        ("--fixed", "/dev/null"),
        ("--fixed", "results.rejects.csv", "--rejects", "results.rejects.csv"),
        ("--fixed", "results.rejects.csv", "-o", "results.rejects.csv"),
        ("--fixed", "results.rejects.csv", "--summary", "results.rejects.csv"),
        ("--fixed", "results.rejects.csv", "--spark", "local[1]"),
    ],
    ids=" ".join,
)
def test_files_that_cannot_be_fixed_rows_or_would_be_replaced_are_refused(people, args):
    rejects = first_run(people)
    before = {path.name: path.read_bytes() for path in people.parent.iterdir()}

    ran = batch(people.name, "-q", *args, cwd=people.parent)

    assert (ran.code, ran.out) == (2, "")
    assert {path.name: path.read_bytes() for path in people.parent.iterdir()} == before
    assert rejects.exists()


def test_fixed_rows_that_are_not_there_are_an_input_error(people):
    ran = batch(people, "--fixed", people.with_name("missing.csv"))

    assert ran.code == 3
    assert "there is no such file" in ran.err


# --- Any sheet ------------------------------------------------------------------------------------

NAMES = st.sampled_from(["Ana", "Bo", "007", "=Cy", "'Di", "anonymous", "Łu", "1e5", ""])
RATERS = st.sampled_from(["self", "boss", "-peer"])
RATINGS = st.sampled_from(["0", "1", "2", "3", "n/a", "", "Able"])
MISTAKES = st.sampled_from(["9", "x", "=1", "3;4", 'a"b', " ? "])
SHEET_ROWS = st.lists(
    st.tuples(NAMES, RATERS, RATINGS, RATINGS, st.sampled_from(["", "a,b", "+1", "é\nf"])),
    min_size=1,
    max_size=8,
    unique_by=lambda row: (row[0].strip(), row[1]),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("any")


class AnySheet(NamedTuple):
    right: list[tuple[str, ...]]
    mistakes: dict[tuple[int, int], str]
    ending: str
    rejects_ending: str
    has_raters: bool

    def headings(self):
        second = "rater" if self.has_raters else "office"
        return ["person", second, "Planning", "Risk Management", "note"]

    def rows(self):
        if self.has_raters:
            return [list(row) for row in self.right]
        return [list(row) for row in {row[0]: row for row in self.right}.values()]

    def with_mistakes(self):
        table = self.rows()
        for (row, column), mistake in self.mistakes.items():
            if row < len(table):
                table[row][column] = mistake
        return table


ENDINGS = st.sampled_from(["csv", "xlsx"])
ANY_SHEET = st.builds(
    AnySheet,
    SHEET_ROWS,
    st.dictionaries(st.tuples(st.integers(0, 7), st.integers(2, 3)), MISTAKES, max_size=6),
    ENDINGS,
    ENDINGS,
    st.booleans(),
)


@given(ANY_SHEET, st.frozensets(st.integers(0, 7)))
@settings(max_examples=examples(20), derandomize=not IS_THOROUGH)
def test_fixing_the_rejected_rows_gives_what_fixing_the_sheet_gives(folder, sheet, first):
    """Some of them in a first round, and the others in a second one."""
    people, rejects = folder / f"people.{sheet.ending}", folder / f"r.{sheet.rejects_ending}"
    right, wrong = sheet.rows(), sheet.with_mistakes()
    write_table(people, [sheet.headings(), *wrong])
    second = folder / f"r-2.{sheet.rejects_ending}"
    for path in (rejects, second):
        path.unlink(missing_ok=True)
    try:
        score(people, rejects)
    except InputInvalid as problem:
        # A sheet in which nothing at all is a level is refused, and has no rejected rows.
        assume(all(diagnostic.code != "PMO603" for diagnostic in problem.diagnostics))
        raise

    if rejects.exists():
        starts = starting_lines([sheet.headings(), *wrong], sheet.ending)[1:]
        changes = {
            line: {
                heading: cell
                for heading, cell, before in zip(sheet.headings(), *cells, strict=True)
                if cell != before
            }
            for line, *cells in zip(starts, right, wrong, strict=True)
        }
        fix(rejects, {line: changes[line] for row, line in enumerate(starts) if row in first})
        score(people, second, rejects)
        if second.exists():
            fix(second, changes)
    newest = [path for path in (second, rejects) if path.exists()][:1]
    fixed = score(people, None, *newest)
    write_table(people, [sheet.headings(), *right])

    assert fixed == score(people, None)


def score(people, rejects, *fixed):
    """The results, how many rows count, and why others are rejected."""
    results = people.with_name("results.csv")
    look = SheetOptions(has_roles=False, fixed=fixed)
    target = Target(SheetFormat.CSV, results, rejects)
    done = score_sheet(people, str(people), Job(MODEL, ("lead",), look), target)
    return results.read_text(encoding="utf-8"), done.read, done.rejects, done.sheet.notices


def starting_lines(table, ending):
    if ending == "xlsx":
        return list(range(1, len(table) + 1))
    starts, line = [], 1
    for row in table:
        starts.append(line)
        line += 1 + sum(cell.count("\n") for cell in row)
    return starts


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_rows_that_somebody_fixed_are_not_written_over_by_the_next_run(people, ending):
    rejects = first_run(people, ending)
    before = rejects.read_bytes()
    again = first_run(people, ending)
    assert table_of(again) == table_of(rejects)
    fix(rejects, {3: {"Planning": "3"}})
    fixed = rejects.read_bytes()

    ran = batch(people, "-o", people.with_name(f"results.{ending}"), "-q")

    assert (ran.code, ran.out) == (2, "")
    assert ran.err == (
        f"pmo-path: '{rejects}' contains rows that you changed; pass --fixed '{rejects}' to score "
        "them, or choose another file with --rejects\n"
    )
    assert before != fixed == rejects.read_bytes()
