"""Cells of a workbook as people see them: formats, merged cells, what is hidden, and other zips."""

from __future__ import annotations

import csv
import io
import zipfile

import openpyxl
import pytest
from tests.support import run
from tests.test_batch import FRAMEWORK
from tests.test_workbooks import HEADINGS, START, sheet_xml

from pmo_path.readers.table.xlsx_rows import text_of_cell

HEADING = ["person", "department", "Planning", "Risk Management", "Presenting"]


def batch(*args, **options):
    return run("batch", *args, "--framework", FRAMEWORK, "--role", "lead", **options)


def saved(tmp_path, rows, heading=HEADING, merged=()):
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.title = "People"
    sheet.append(heading)
    for row in rows:
        sheet.append(row)
    for cells in merged:
        sheet.merge_cells(cells)
    path = tmp_path / "people.xlsx"
    workbook.save(path)
    return path


def results(ran):
    return list(csv.DictReader(io.StringIO(ran.out)))


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        (3, "# ##0", "3"),
        (1, "0%", "100%"),
        (0, "0%", "0%"),
        (0.2, "0%", "20%"),
        (0.125, "0.0%", "12.5%"),
        (1, "0 %", "100 %"),
        (1, "[Red]0%;-0%", "100%"),
        (3, '0"%"', "3%"),
        (3, r"0\%", "3%"),
        (3, '"€"#,##0.00', "€3"),
        (3, "[$€-407] #,##0", "€ 3"),
        (3, "$#,##0_);($#,##0)", "$3"),
        (3, '_("$"* #,##0.00_);_("$"* (#,##0.00)', "$3"),
        (3, '#,##0 "EUR"', "3 EUR"),
        (3, '0 "years"', "3 years"),
        (2.5, '0.0" h"', "2.5 h"),
        (3, "General", "3"),
        (3.0, "0", "3"),
        (2.6, "0", "2.6"),
        (3, "0.0", "3"),
        (3, "@", "3"),
        (3, "# ?/?", "3"),
        (3, "0.00E+00", "3"),
        (3, "#,##0", "3"),
        (3, "0;-0;;@", "3"),
        (3, '0" of 5"', "3"),
        (3, '"Level "0', "3"),
        (3, '[=3]"Able";0', "3"),
        (3, "_-* #,##0.00\\ _€_-;-* #,##0.00\\ _€_-", "3"),
        (3, "[$-409]0", "3"),
        (3, '0" - Year of the plan"', "3 - Year of the plan"),
        (7, "00000", "00007"),
        (True, "0%", "TRUE"),
        ("100%", "0%", "100%"),
        (None, "0%", ""),
    ],
)
def test_a_number_keeps_what_its_format_makes_of_it(value, number_format, text):
    assert text_of_cell(value, number_format) == text


@pytest.mark.parametrize("number_format", ["0%", '"€"0', '0 "years"', "d/m/yyyy", "[h]:mm"])
def test_an_amount_of_something_is_no_level(tmp_path, number_format):
    path = saved(tmp_path, [["Ana", "IT", 1, 1, 1], ["Bo", "IT", 3, 2, 2]])
    workbook = openpyxl.load_workbook(path)
    workbook.active["C2"].number_format = number_format
    workbook.save(path)

    ran = batch(path, "--brief")

    assert ran.code == 1
    assert [row["person"] for row in results(ran)] == ["Bo"]
    assert f"{path}:2: PMO612 rejected: Planning is '" in ran.err


def test_a_percentage_is_named_as_such_in_every_layout():
    wide = b"person,Planning\nAna,100%\nBo,3\n"
    long = b"person,competence,rating\nAna,Planning,75 %\nBo,Planning,3\n"

    words = "rejected: {} is '{}': a percentage, not a level of the scale: use 0, 1, 2, 3, n/a"
    assert words.format("Planning", "100%") in batch("-", stdin=wide).err
    assert words.format("rating", "75 %") in batch("-", stdin=long).err


def test_a_merged_cell_counts_for_everybody_whom_it_covers(tmp_path):
    rows = [
        ["Ana", "IT", 3, 2, 2],
        ["Bo", None, None, 1, 2],
        ["Cy", None, 1, "n/a", None],
        ["Di", "HR", 2, None, 1],
    ]
    path = saved(tmp_path, rows, merged=["B2:B4", "C2:C3", "D4:E4", "C5:D5"])

    ran = batch(path, "--long", "-q")

    levels: dict[tuple[str, str], list[str]] = {}
    for row in results(ran):
        levels.setdefault((row["person"], row["department"]), []).append(row["rating"])
    assert ran.code == 0
    assert levels == {
        ("Ana", "IT"): ["3", "2", "2"],
        ("Bo", "IT"): ["3", "1", "2"],
        ("Cy", "IT"): ["1", "", ""],
        ("Di", "HR"): ["2", "2", "1"],
    }
    assert [row["status"] for row in results(ran)][6:9] == [
        "rated",
        "n/a",
        "n/a",
    ]
    assert "note: merged cells apply to every cell they cover (filled 3 rows)" in (ran.err)


def test_a_person_merged_over_rows_of_raters_and_of_competences_is_named_in_each(tmp_path):
    heading = ["person", "rater", "Planning"]
    raters = saved(
        tmp_path,
        [["Ana", "self", 3], [None, "boss", 1], ["Bo", "self", 2]],
        heading,
        ["A2:A3"],
    )
    of_raters = batch(raters, "--brief", "-q")
    long = saved(
        tmp_path,
        [["Ana", "Planning", 3], [None, "Presenting", 1], ["Bo", "Planning", 2]],
        ["person", "competence", "rating"],
        ["A2:A3"],
    )
    of_competences = batch(long, "--brief", "-q")

    assert of_raters.code == of_competences.code == 0
    assert [(row["person"], row["rater"]) for row in results(of_raters)] == [
        ("Ana", "self"),
        ("Ana", "boss"),
        ("Ana", "combined"),
        ("Bo", "self"),
        ("Bo", "combined"),
    ]
    assert [(row["person"], row["unrated_count"]) for row in results(of_competences)] == [
        ("Ana", "1"),
        ("Bo", "2"),
    ]


def test_a_title_merged_across_the_table_is_nobody(tmp_path):
    rows = [["Team Blue"], ["Ana", "IT", 3, 2, 2], ["Team Red"], ["Bo", "IT", 1, 1, 1]]
    path = saved(tmp_path, rows, merged=["A2:E2", "A4:E4"])

    ran = batch(path, "--brief")

    assert ran.code == 1
    assert [row["person"] for row in results(ran)] == ["Ana", "Bo"]
    assert f"{path}:2: PMO611 rejected: the cells A2:E2 are merged across columns" in ran.err


ROW = (
    '<row r="{0}"><c r="A{0}" t="inlineStr"><is><t>P{0}</t></is></c><c r="B{0}"><v>3</v></c></row>'
)
ROWS = "".join(ROW.format(number) for number in range(2, 6))


@pytest.fixture
def plain(tmp_path):
    workbook = openpyxl.Workbook()
    workbook.save(tmp_path / "plain.xlsx")
    return tmp_path / "plain.xlsx"


@pytest.mark.parametrize(
    ("merged", "code", "words"),
    [
        (["A1:XFD1048576"], 0, "4 rows read: 4 scored"),
        (["A2:XFD1048576"], 1, "the cells A2:XFD1048576 are merged across columns"),
        (["C2:XFD1048576"], 0, "4 rows read: 4 scored"),
        (["B3:B1048576", "B4:B5"], 3, "the merged cells B3:B1048576 and B4:B5 overlap"),
        (
            [f"A{place}:A{place + 1}" for place in range(10, 220_000, 2)],
            3,
            "more than 100,000 ranges",
        ),
    ],
    ids=["everything", "all below", "beside", "overlapping", "very many"],
)
def test_merged_cells_that_are_not_to_be_trusted_cost_little(plain, merged, code, words):
    ranges = "".join(f'<mergeCell ref="{range_}"/>' for range_ in merged)
    xml = (
        f"{START}<sheetData>{HEADINGS}{ROWS}</sheetData>"
        f'<mergeCells count="{len(merged)}">{ranges}</mergeCells></worksheet>'
    )

    ran = batch(sheet_xml(plain, xml), "--brief")

    assert ran.code == code
    assert words in ran.err


def test_hidden_rows_and_columns_are_counted_and_said_also_with_quiet(tmp_path):
    rows = [["Ana", "IT", 3, 2, 2], ["Bo", "IT", 1, 1, 1], ["Cy", "IT", 1, 1, 1]]
    path = saved(tmp_path, rows)
    workbook = openpyxl.load_workbook(path)
    sheet = workbook.active
    for number in (3, 4, 9):
        sheet.row_dimensions[number].hidden = True
    sheet.column_dimensions["B"].hidden = True
    sheet.column_dimensions["E"].hidden = True
    workbook.save(path)

    ran = batch(path, "--brief", "-q")

    assert (ran.code, len(results(ran))) == (0, 3)
    assert ran.err == (
        f"{path}: note: read 2 rows that are hidden or filtered out in sheet 'People'; delete rows "
        "that should not count\n"
        f"{path}: note: read hidden columns with ratings: 'Presenting'\n"
        "3 rows read: 3 scored, 0 rejected\n"
    )


def test_other_sheets_of_people_are_named_unless_one_was_chosen(tmp_path):
    path = saved(tmp_path, [["Ana", "IT", 3, 2, 2]])
    workbook = openpyxl.load_workbook(path)
    for title, heading in (
        ("2024", HEADING),
        ("How to rate", ["Planning", "what that is"]),
        ("2023", HEADING),
        ("Lists", HEADING),
    ):
        workbook.create_sheet(title).append(heading)
    workbook["Lists"].sheet_state = "hidden"
    workbook.save(path)

    words = "note: did not read sheets '2024', '2023', which also list people; use --sheet to choose one"
    assert words in batch(path, "-q").err
    assert "note:" not in batch(path, "-q", "--sheet", "People").err


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        (
            {"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "<a/>"},
            (
                "this is an OpenDocument sheet (.ods), not an Excel workbook\n"
                "  hint: save it as .xlsx or as CSV"
            ),
        ),
        (
            {"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<a/>"},
            "this is an OpenDocument text (.odt), not an Excel workbook",
        ),
        (
            {"[Content_Types].xml": "<a/>", "word/document.xml": "<a/>"},
            "this is a Word document (.docx), not an Excel workbook",
        ),
        (
            {"[Content_Types].xml": "<a/>", "xl/workbook.bin": "x"},
            "this is a binary Excel workbook (.xlsb), not an Excel workbook",
        ),
        ({"Index/Document.iwa": "x"}, "this is a file of Apple Numbers or Pages"),
        (
            {"data/people.csv": "person,Planning\nAna,3\n"},
            (
                "this is a zip file with 'data/people.csv' in it, not an Excel workbook\n"
                "  hint: unpack it first"
            ),
        ),
        ({"photo.jpg": "x"}, "this is a zip file, not an Excel workbook"),
    ],
    ids=["ods", "odt", "docx", "xlsb", "numbers", "a zipped table", "a zip"],
)
def test_a_zip_that_is_no_workbook_is_named_as_what_it_is(tmp_path, parts, words):
    path = tmp_path / "people.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)

    ran = batch(path)

    assert (ran.code, ran.out) == (3, "")
    assert f"{path}: PMO605 error: {words}" in ran.err


def test_results_and_rejects_are_laid_out_to_be_read_filtered_and_printed(tmp_path):
    sheet = (
        "person,department,Planning,Risk Management,Presenting\n"
        "Ana Maria Ng,Operations,3,2,2\nBo,IT,1,1,1\nCy,IT,9,x,1\n"
    )

    ran = batch("-", "-q", "--brief", "-o", tmp_path / "results.xlsx", stdin=sheet.encode())

    results = openpyxl.load_workbook(tmp_path / "results.xlsx").active
    rejects = openpyxl.load_workbook(tmp_path / "results.rejects.xlsx").active
    assert ran.code == 1
    for written in (results, rejects):
        assert written.freeze_panes == "A2"
        assert written.auto_filter.ref == written.dimensions
        assert written.page_setup.orientation == "landscape"
        # A width of one page is what is meant where nothing is written.
        assert (written.page_setup.fitToWidth or 1, written.page_setup.fitToHeight) == (1, 0)
        assert written.print_title_rows == "$1:$1"
        widths = [written.column_dimensions[cell.column_letter].width for cell in written[1]]
        assert all(6 <= width <= 41 for width in widths)
    names = {cell.value: cell.column_letter for cell in results[1]}
    assert results.column_dimensions[names["person"]].width >= len("Ana Maria Ng")
    assert results[f"{names['readiness']}2"].number_format == "0.0"
    assert results[f"{names['at_target']}2"].number_format == "General"
    reason = next(cell for cell in rejects[2] if "PMO612" in str(cell.value))
    assert reason.alignment.wrap_text
    assert rejects.row_dimensions[2].height > 15


def test_a_sheet_wider_than_a_page_takes_several_and_repeats_the_person(tmp_path):
    carried = ",".join(f"a column with many words {number}" for number in range(40))
    sheet = f"person,Planning,{carried}\nAna,3{',something longer' * 40}\n"

    batch("-", "-q", "-o", tmp_path / "results.xlsx", stdin=sheet.encode())

    written = openpyxl.load_workbook(tmp_path / "results.xlsx").active
    assert written.page_setup.fitToWidth > 1
    assert written.print_title_cols == "$A:$A"
