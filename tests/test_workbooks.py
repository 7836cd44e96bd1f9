"""Workbooks as people make them, and as nobody should."""

from __future__ import annotations

import datetime
import zipfile

import openpyxl
import pytest
from tests.support import run, same_as_snapshot
from tests.test_batch import FRAMEWORK


def batch(*args):
    return run("batch", *args, "--framework", FRAMEWORK, "--role", "lead")


@pytest.fixture
def messy(tmp_path):
    """A cover, a hidden list, a merged title, two rows of headings, a total and a note."""
    workbook = openpyxl.Workbook()
    workbook.active.title = "Cover"
    workbook.active.append(["Skills survey"])
    hidden = workbook.create_sheet("Lists")
    hidden.sheet_state = "hidden"
    hidden.append(["person", "Planning", "Presenting"])
    sheet = workbook.create_sheet("Ratings")
    for row in (
        ["Team skills, October 2026"],
        [],
        ["Staff ID", "Name", "Joined", "Ratings", None, None, "Comment"],
        [None, None, None, "Planning", "Risk Management", "Presenting", None],
        [7, "王芳", datetime.date(2020, 1, 31), 3, 2.0, "n/a", None],
        ["00008", "Zoë Ñandú", datetime.date(2021, 5, 1), "2 - Able", "1", "Expert", "fine"],
        ["00009", "علي", datetime.datetime(2021, 5, 1, 9, 30), 4, None, None, None],  # noqa: DTZ001
        ["00010", "Bo", None, "#N/A", 1, 1, None],
        ["00011", "Cy", None, True, datetime.date(2024, 1, 2), 1, None],
        ["Average", None, None, 2.5, 1.5, 2, None],
        [],
        ["* rated by the line managers"],
    ):
        sheet.append(row)
    for cells in ("A1:F1", "D3:F3", "A3:A4", "B3:B4", "C3:C4"):
        sheet.merge_cells(cells)
    sheet["A5"].number_format = "00000"
    text = sheet["G5"]
    text.value, text.data_type = "=SUM(A1)", "s"
    path = tmp_path / "people.xlsx"
    workbook.save(path)
    return path


def test_a_messy_workbook_is_read_and_every_problem_has_its_row(messy, tmp_path):
    ran = run(
        *("batch", messy.name, "--framework", FRAMEWORK, "--role", "lead", "-o", "results.xlsx"),
        cwd=tmp_path,
    )

    assert ran.code == 1
    assert same_as_snapshot("sheets/messy.xlsx.txt", ran.err)
    assert (tmp_path / "results.rejects.xlsx").exists()
    run(
        *("batch", messy.name, "--framework", FRAMEWORK, "--role", "lead", "-o", "results.csv"),
        cwd=tmp_path,
    )
    rejects = (tmp_path / "results.rejects.csv").read_text(encoding="utf-8")
    assert same_as_snapshot("sheets/messy.rejects.csv", rejects)


def test_results_keep_leading_zeros_scripts_and_text_that_looks_like_a_formula(messy, tmp_path):
    batch(messy, "-o", tmp_path / "results.xlsx")

    sheet = openpyxl.load_workbook(tmp_path / "results.xlsx").active

    first = [cell.value for cell in sheet[2]][:4]
    assert first == ["00007", "王芳", "2020-01-31", "=SUM(A1)"]
    assert sheet["D2"].data_type == "s"


def test_a_sheet_is_named_when_it_is_not_the_first(messy):
    missing = batch(messy, "--sheet", "People")
    empty = batch(messy, "--sheet", "Cover")

    assert missing.code == empty.code == 3
    assert "there is no sheet called 'People'" in missing.err
    assert "there are: 'Cover', 'Lists', 'Ratings'" in missing.err
    assert "PMO603" in empty.err


def sheet_xml(path, xml):
    """Replace the first sheet of a workbook."""
    changed = path.with_name("changed.xlsx")
    with zipfile.ZipFile(path) as before, zipfile.ZipFile(changed, "w") as after:
        for member in before.infolist():
            content = before.read(member)
            if member.filename == "xl/worksheets/sheet1.xml":
                content = xml.encode()
            after.writestr(member.filename, content, zipfile.ZIP_DEFLATED)
    return changed


@pytest.fixture
def plain(tmp_path):
    workbook = openpyxl.Workbook()
    workbook.active.append(["person", "Planning"])
    workbook.active.append(["Ana", 3])
    workbook.save(tmp_path / "plain.xlsx")
    return tmp_path / "plain.xlsx"


START = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
HEADINGS = (
    '<row r="1"><c r="A1" t="inlineStr"><is><t>person</t></is></c>'
    '<c r="B1" t="inlineStr"><is><t>Planning</t></is></c></row>'
)

FAR = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
FORMULA = (
    '<row r="2"><c r="A2" t="inlineStr"><is><t>Ana</t></is></c><c r="B2"><f>1+2</f></c></row>'
)


@pytest.mark.parametrize(
    ("xml", "words"),
    [
        (
            f"{START}<sheetData>{HEADINGS}{FAR}</sheetData></worksheet>",
            "a cell is far to the right of the 2,000 columns that can be read: XFD1048576",
        ),
        (
            f"{START}<sheetData>{HEADINGS}{FORMULA}</sheetData></worksheet>",
            "the formula in B2 was never calculated",
        ),
        (f"{START}<sheetData>{HEADINGS}", "this workbook cannot be read"),
        (
            '<!DOCTYPE x [<!ENTITY a "b">]>' + f"{START}<sheetData/></worksheet>",
            "this workbook cannot be read",
        ),
        (f"{START}{' ' * 20_000_000}<sheetData/></worksheet>", "this workbook unpacks to"),
    ],
    ids=["a far cell", "a formula", "cut off", "an entity", "a bomb"],
)
def test_a_workbook_that_is_not_to_be_trusted_is_refused(plain, xml, words):
    ran = batch(sheet_xml(plain, xml))

    assert (ran.code, ran.out) == (3, "")
    assert words in ran.err
    assert ran.err.count("hint: ") == 1


def test_a_workbook_is_known_by_what_is_in_it(plain):
    wanted = batch(plain, "-q")
    renamed = plain.rename(plain.with_name("people.csv"))
    piped = run(
        *("batch", "-", "--framework", FRAMEWORK, "--role", "lead", "-q"),
        stdin=renamed.read_bytes(),
    )

    assert wanted.code == 0
    assert batch(renamed, "-q") == wanted
    assert piped == wanted


def test_a_workbook_of_charts_alone_is_refused(tmp_path):
    workbook = openpyxl.Workbook()
    workbook.create_chartsheet("Chart")
    workbook.remove(workbook.worksheets[0])
    workbook.save(tmp_path / "people.xlsx")

    ran = batch(tmp_path / "people.xlsx")

    assert (ran.code, ran.out) == (3, "")
    assert "PMO605 error: this workbook cannot be read: it holds what is no table" in ran.err


def test_a_sheet_that_says_it_is_larger_than_it_is_is_read_as_it_is(plain):
    rows = '<row r="2"><c r="A2" t="inlineStr"><is><t>Ana</t></is></c><c r="B2"><v>3</v></c></row>'
    xml = (
        f'{START}<dimension ref="A1:XFD1048576"/><sheetData>{HEADINGS}{rows}</sheetData>'
        "</worksheet>"
    )

    assert batch(sheet_xml(plain, xml)).out == batch(plain).out


def test_a_text_too_long_for_a_workbook_is_said_and_nothing_is_written(tmp_path):
    people = tmp_path / "people.csv"
    people.write_text(f"person,Planning,note\nAna,3,{'x' * 40_000}\n", encoding="utf-8")

    ran = batch(people, "-o", tmp_path / "results.xlsx")

    assert ran.code == 74
    assert "a text of 40,000 characters" in ran.err
    assert list(tmp_path.iterdir()) == [people]


def test_people_are_read_though_a_page_that_names_competences_stands_before_them(tmp_path):
    workbook = openpyxl.Workbook()
    workbook.active.title = "Read me"
    for row in (["Planning", "what that is"], ["Risk Management", "what that is"]):
        workbook.active.append(row)
    people = workbook.create_sheet("Ratings")
    people.append(["person", "Planning"])
    people.append(["Ana", 3])
    workbook.save(tmp_path / "people.xlsx")

    ran = batch(tmp_path / "people.xlsx")

    assert ran.code == 0
    assert "read sheet 'Ratings' of the workbook" in ran.err
    assert "1 row read: 1 scored, 0 rejected" in ran.err


def test_a_sheet_without_names_is_read_when_no_other_has_ratings(tmp_path):
    workbook = openpyxl.Workbook()
    workbook.active.title = "Answers"
    workbook.active.append(["Planning", "Presenting"])
    workbook.active.append([3, 2])
    staff = workbook.create_sheet("Staff")
    staff.append(["person", "joined"])
    staff.append(["Ana", 2020])
    workbook.save(tmp_path / "people.xlsx")

    assert "read sheet 'Answers' of the workbook" in batch(tmp_path / "people.xlsx").err


def test_a_mistaken_heading_beside_people_is_not_passed_over_for_another_sheet(tmp_path):
    workbook = openpyxl.Workbook()
    workbook.active.append(["person", "Planing", "Presenting"])
    last_year = workbook.create_sheet("Last year")
    last_year.append(["person", "Planning", "Presenting"])
    last_year.append(["Ana", 3, 2])
    workbook.save(tmp_path / "people.xlsx")

    ran = batch(tmp_path / "people.xlsx")

    assert ran.code == 3
    assert "PMO601" in ran.err


def test_headings_without_rows_are_said_to_have_none_and_make_no_team(plain):
    workbook = openpyxl.load_workbook(plain)
    workbook.active.delete_rows(2)
    workbook.save(plain)

    ran = batch(plain)

    assert ran.code == 0
    assert ran.err.splitlines()[-2:] == [
        f"{plain}: no rows to score: the sheet is empty below the headings",
        "0 rows read: 0 scored, 0 rejected",
    ]
    assert "0 people" not in ran.err
