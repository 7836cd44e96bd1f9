"""The workbook that `template people.xlsx` writes: filled in as people do, and read back."""

from __future__ import annotations

import csv
import io
import json
import os
import pty
import re
import subprocess
import tempfile
import zipfile
from functools import cache
from pathlib import Path

import openpyxl
import pytest
from tests.in_process import called
from tests.processes import Process
from tests.support import ROOT, TIMEOUT, clean, run

from pmo_path import load_framework
from pmo_path.render.templates.people_columns import headings, level_entry

SHIPPED = ROOT / "data" / "framework.yaml"
SEVENS = ROOT / "tests" / "frameworks" / "foreign" / "sevens.yaml"
LAST_ROW = 1_048_576


def written(tmp_path, *args):
    """The path of a template."""
    path = tmp_path / "people.xlsx"
    path.write_bytes(_made(args))
    return path


@cache
def _made(args):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "people.xlsx")
        ran = run("template", "people.xlsx", *args, "-o", path)
        assert ran == (0, "", f"Wrote {path}.\n")
        return path.read_bytes()


def filled(path, *people, title="People"):
    """Fill rows in below the headings as somebody with a spreadsheet program does."""
    workbook = openpyxl.load_workbook(path)
    sheet = workbook[title]
    for number, person in enumerate(people, 2):
        for place, value in enumerate(person, 1):
            if value is not None:
                cell = sheet.cell(number, place, value)
                cell.data_type = "s" if isinstance(value, str) else "n"
    workbook.save(path)


def scored(path, *args):
    return run("batch", path, *args, "--quiet", "--long")


HOSTILE = {
    "schema": 1,
    "framework": {
        "id": "hostile",
        "version": "1.0.0",
        "title": "=cmd|' /C calc'!A0",
        "how_to_rate": "=1+1\x1b[31m\u202e",
    },
    "scale": {
        "0": {"label": '=HYPERLINK("http://x")', "meaning": "@SUM(1)"},
        "0.25": {"label": "Kann's mit Hilfe", "meaning": "ħ" * 40_000},
        "0.5": {"label": "w" * 300},
        "1": {"label": "1"},
    },
    "readiness": {"early": {"label": "Early", "at_least": 0}},
    "domains": {
        "d": {
            "name": "+domain " + "n" * 40_000,
            "summary": "{=1+1}",
            "competences": {
                "formula": {
                    "name": "=cmd|' /C calc'!A0",
                    "levels": {"0": "-1", "0.25": "long " * 10_000, "1": "𝄞" * 20_000},
                },
                "escape": {"name": "Bell\x07 and \u202eback\ufffe"},
                "link": {"name": "https://example.org/a"},
                "role-of-another": {"name": "Role"},
                "lengthy": {"name": "l" * 40_000},
                "breaks": {"name": "Two\nlines  and   spaces"},
                "xml": {"name": "_x0041_ <b>&amp;</b> ]]>"},
                "漢字": {"name": "戦略的思考 — café 👩‍💻"},
            },
        }
    },
    "roles": {
        "boss": {"name": "=1+1", "requires": {"formula": 1, "escape": 0.5, "漢字": 1}},
        "other": {"name": "Bell\x07", "requires": {"link": 1, "breaks": 1}},
    },
}


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """A framework whose every text wants to be something else."""
    return framework_file(tmp_path_factory.mktemp("hostile"))


def framework_file(folder, **changes):
    path = folder / "hostile.yaml"
    text = json.dumps(HOSTILE | changes, ensure_ascii=False).replace("\ufffe", "\\ufffe")
    path.write_text(re.sub(r'"([0-9.]+)": ', r"\1: ", text), encoding="utf-8")
    return path


# --- What is in it ------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [[], ["--role", "pmo-analyst"]], ids=["all", "one role"])
def test_the_headings_are_those_of_the_sheet_as_text(tmp_path, role):
    sheet = openpyxl.load_workbook(written(tmp_path, *role)).worksheets[0]
    text = run("template", "people.csv", *role).out

    assert [[cell.value for cell in sheet[1]]] == list(csv.reader([text]))
    assert sheet.max_row == 1


def test_people_come_first_then_what_explains_and_the_lists_are_hidden(tmp_path):
    workbook = openpyxl.load_workbook(written(tmp_path))

    assert [(sheet.title, sheet.sheet_state) for sheet in workbook.worksheets] == [
        ("People", "visible"),
        ("How to rate", "visible"),
        ("Lists", "hidden"),
    ]


def test_headings_stay_in_sight_and_are_bold_and_wrapped(tmp_path):
    sheet = openpyxl.load_workbook(written(tmp_path)).worksheets[0]

    assert sheet.freeze_panes == "B2"
    for cell in sheet[1]:
        assert cell.font.bold
        assert cell.alignment.wrap_text
    widths = {name: column.width for name, column in sheet.column_dimensions.items()}
    assert widths
    assert all(12 < width < 30 for width in widths.values())


def lists_of(workbook):
    """What each list offers, by the cells in which it does."""
    offered = {}
    for rule in workbook.worksheets[0].data_validations.dataValidation:
        title, _, cells = rule.formula1.partition("!")
        offered[str(rule.sqref)] = [cell.value for (cell,) in workbook[title][cells]]
    return offered


def test_each_competence_offers_the_scale_and_the_role_its_roles(tmp_path):
    workbook = openpyxl.load_workbook(written(tmp_path))

    assert lists_of(workbook) == {
        f"B2:B{LAST_ROW}": [
            *("PMO Administrator", "PMO Analyst", "PMO Lead", "PMO Manager", "PMO Director"),
            *("Planning and Controls Lead", "Benefits Lead", "Governance and Assurance Lead"),
            *("Portfolio Office Lead", "Project Manager"),
        ],
        f"D2:AD{LAST_ROW}": [
            *("0 - None", "1 - Aware", "2 - Practised", "3 - Competent", "4 - Proficient"),
            *("5 - Expert", "n/a"),
        ],
    }
    assert [cell.value for cell in workbook.worksheets[0][1]][
        3
    ] == "Meetings and board secretariat"
    assert workbook.worksheets[0].max_column == 30


def test_what_is_allowed_is_said_before_and_after_and_a_number_is_not_refused(tmp_path):
    workbook = openpyxl.load_workbook(written(tmp_path))

    rules = workbook.worksheets[0].data_validations.dataValidation
    rating = rules[1]
    assert "Leave the cell empty where you cannot tell" in rating.prompt
    assert rating.error.endswith("4 - Proficient, 5 - Expert, n/a.")
    for rule in rules:
        assert (rule.showInputMessage, rule.showErrorMessage) == (True, True)
        assert rule.errorStyle == "warning"
        assert rule.allowBlank


def test_the_sheet_of_one_role_asks_only_what_that_requires_and_for_no_role(tmp_path):
    workbook = openpyxl.load_workbook(written(tmp_path, "--role", "Head of PMO"))
    framework = load_framework()

    shown = [cell.value for cell in workbook.worksheets[0][1]]
    assert shown == headings(framework, "pmo-director")
    assert "role" not in shown
    assert len(lists_of(workbook)) == 1
    guide = text_of(workbook["How to rate"])
    assert "pmo-path batch people.xlsx -o results.xlsx --role pmo-director" in guide


def text_of(sheet):
    return "\n".join(
        str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell
    )


def test_a_note_on_each_heading_says_what_each_level_means(tmp_path):
    sheet = openpyxl.load_workbook(written(tmp_path)).worksheets[0]
    framework = load_framework()

    for cell, competence in zip(sheet[1][3:], framework.competences.values(), strict=True):
        for level, anchor in competence.levels.items():
            assert f"{level_entry(framework, level)}: {anchor}" in cell.comment.text


def test_notes_are_as_high_as_their_text_and_no_higher_than_a_screen(tmp_path):
    with zipfile.ZipFile(written(tmp_path)) as archive:
        drawing = archive.read("xl/drawings/vmlDrawing1.vml").decode()

    sizes = re.findall(r"width:([0-9.]+)pt;height:([0-9.]+)pt", drawing)
    assert len(sizes) == 30
    assert {width for width, _ in sizes} == {"330"}
    heights = [float(height) for _, height in sizes]
    assert min(heights) < 40
    assert 120 < max(heights) < 400


def test_the_page_explains_all_of_it_from_the_framework(tmp_path):
    framework = load_framework()
    guide = text_of(openpyxl.load_workbook(written(tmp_path))["How to rate"])

    for level in framework.levels:
        assert level_entry(framework, level) in guide
        assert framework.scale[level].meaning in guide
    for competence in framework.competences.values():
        assert competence.name in guide
        assert all(anchor in guide for anchor in competence.levels.values())
    for role in framework.roles.values():
        assert role.name in guide
    assert framework.framework.how_to_rate in guide
    assert "Unrated: you cannot tell." in guide
    assert "Not applicable:" in guide
    assert "The lowest level is a rating like any other" in guide
    assert "pmo-path batch people.xlsx -o results.xlsx" in guide


def test_required_levels_are_nowhere_so_that_they_do_not_pull_the_answers(tmp_path):
    workbook = openpyxl.load_workbook(written(tmp_path, "--role", "pmo-director"))

    for sheet in workbook.worksheets:
        assert "require" not in text_of(sheet)


def test_a_framework_of_another_language_and_scale_is_all_that_is_shown(tmp_path):
    path = written(tmp_path, "--framework", SEVENS)
    workbook = openpyxl.load_workbook(path)
    framework = load_framework(SEVENS)

    *_, entries = lists_of(workbook).values()
    assert entries == [*(level_entry(framework, level) for level in framework.levels), "n/a"]
    assert entries[0].startswith("1 - ")
    everything = "\n".join(map(text_of, workbook.worksheets)).replace("pmo-path", "")
    assert "PMO" not in everything
    assert "pmo" not in everything
    assert "--framework sevens.yaml" in everything


# --- Read back ----------------------------------------------------------------------------------


def test_an_untouched_template_has_no_rows_and_that_is_said(tmp_path):
    ran = run("batch", written(tmp_path))

    assert ran.code == 0
    assert ran.err.splitlines()[-2:] == [
        f"{tmp_path / 'people.xlsx'}: no rows to score: the sheet is empty below the headings",
        "0 rows read: 0 scored, 0 rejected",
    ]


PEOPLE = [
    ["007", "PMO Director", "Ops", "3 - Competent", 4, "n/a", None, "Expert", 0, "5"],
    ["Zoë", "pmo-manager", "3-4", "0 - None", 5, 2.0, "1 - aware", None, "N/A"],
    ["=1+1", "Head of PMO", None, "4 - Proficient"],
]


def as_csv(path, rows):
    framework = load_framework()
    names = headings(framework, None)
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(names)
        writer.writerows(row + [None] * (len(names) - len(row)) for row in rows)
    return path


def test_a_filled_workbook_gives_what_the_same_rows_give_as_text(tmp_path):
    path = written(tmp_path)
    filled(path, *PEOPLE)

    ran = scored(path)

    assert ran.code == 0
    assert ran.err.endswith("3 rows read: 3 scored, 0 rejected\n")
    assert ran == scored(as_csv(tmp_path / "people.csv", PEOPLE))
    assert run("batch", path, "-q").out == run("batch", tmp_path / "people.csv", "-q").out


def test_a_wrong_rating_is_named_by_its_row_and_column(tmp_path):
    path = written(tmp_path)
    filled(path, ["Ana", "PMO Analyst", None, 3], ["Bo", "PMO Analyst", None, "7"])

    ran = scored(path)

    assert ran.code == 1
    assert ":3: PMO612 rejected: Meetings and board secretariat is '7'" in ran.err


def test_people_are_found_wherever_their_sheet_stands_and_whatever_it_is_called(tmp_path):
    path = written(tmp_path)
    filled(path, *PEOPLE)
    before = scored(path)
    workbook = openpyxl.load_workbook(path)
    workbook.move_sheet("How to rate", -1)
    workbook["People"].title = "Team A"
    workbook.save(path)

    assert [sheet.title for sheet in workbook.worksheets] == ["How to rate", "Team A", "Lists"]
    assert scored(path) == before


def test_people_are_found_when_every_competence_has_a_name_in_the_page(tmp_path):
    """The names of competences on the page are no headings, in the order of any framework."""
    path = written(tmp_path, "--framework", SEVENS, "--role", first_role(SEVENS))
    filled(path, ["Ana", None, 3])
    workbook = openpyxl.load_workbook(path)
    workbook.move_sheet("How to rate", -1)
    workbook.save(path)

    ran = run("batch", path, "--framework", SEVENS, "--role", first_role(SEVENS))

    assert ran.code == 0
    assert "read sheet 'People' of the workbook" in ran.err
    assert "1 row read: 1 scored, 0 rejected" in ran.err


def first_role(framework):
    return next(iter(load_framework(framework).roles))


def test_each_entry_of_every_list_is_read_back(tmp_path, hostile):
    path = written(tmp_path, "--framework", hostile)
    roles, entries = lists_of(openpyxl.load_workbook(path)).values()
    filled(
        path,
        *(
            [f"p{number}{two}", role, "", entry]
            for number, role in enumerate(roles)
            for two, entry in enumerate(entries)
        ),
    )

    ran = run("batch", path, "--framework", hostile, "--long", "-q")

    assert ran.code == 0
    assert len(entries) == 5
    rows = csv.DictReader(io.StringIO(ran.out))
    found = [(row["status"], row["rating"]) for row in rows if row["competence"] == "formula"]
    levels = [("rated", level) for level in ("0", "0.25", "0.5", "1")]
    assert found == [*levels, ("n/a", "")]
    assert entries == [
        '0 - =HYPERLINK("http://x")',
        "0.25 - Kann's mit Hilfe",
        "0.5",
        "1 - 1",
        "n/a",
    ]


# --- Text as text, and no more of it than goes in -------------------------------------------------


def test_text_that_a_spreadsheet_would_run_stays_text(tmp_path, hostile):
    workbook = openpyxl.load_workbook(written(tmp_path, "--framework", hostile))

    kinds = {
        cell.data_type
        for sheet in workbook.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    }
    assert kinds == {"s"}
    assert workbook["People"]["D1"].value == "=cmd|' /C calc'!A0"
    assert all(cell.hyperlink is None for cell in workbook["People"][1])


def test_nothing_is_lost_of_texts_that_no_cell_and_no_note_can_hold(tmp_path, hostile):
    path = written(tmp_path, "--framework", hostile)
    guide = openpyxl.load_workbook(path)["How to rate"]

    texts = [cell.value or "" for cell in guide["B"]]
    assert max(len(text.encode("utf-16-le")) // 2 for text in texts) < 32_767
    assert "".join(texts).count("long") == 10_000
    assert "".join(texts).count("𝄞") == 20_000
    assert "".join(cell.value or "" for cell in guide["A"]).count("n") >= 40_000
    heights = [row.height for row in guide.row_dimensions.values() if row.height]
    assert max(heights) <= 409


def test_messages_and_notes_keep_within_what_spreadsheets_take(tmp_path, hostile):
    sheet = openpyxl.load_workbook(written(tmp_path, "--framework", hostile)).worksheets[0]

    for rule in sheet.data_validations.dataValidation:
        assert len(rule.promptTitle) <= 32
        assert len(rule.errorTitle) <= 32
        assert len(rule.prompt) <= 255
        assert len(rule.error) <= 255
    notes = [cell.comment.text for cell in sheet[1]]
    assert max(map(len, notes)) < 2000
    cut = next(note for note in notes if "long long" in note)
    assert cut.endswith("𝄞𝄞𝄞…\nThe full text is on the sheet 'How to rate'.")


def test_no_part_holds_a_character_that_a_workbook_must_not(tmp_path, hostile):
    with zipfile.ZipFile(written(tmp_path, "--framework", hostile)) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}

    forbidden = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\u202a-\u202e]")
    assert {name for name, text in parts.items() if forbidden.search(text)} == set()


def test_a_name_that_a_heading_cannot_be_gives_way_to_the_id(tmp_path, hostile):
    sheet = openpyxl.load_workbook(written(tmp_path, "--framework", hostile)).worksheets[0]

    assert [cell.value for cell in sheet[1]] == [
        *("person", "role", "department", "=cmd|' /C calc'!A0", "escape"),
        *("https://example.org/a", "role-of-another", "lengthy", "Two lines  and   spaces"),
        *("_x0041_ <b>&amp;</b> ]]>", "戦略的思考 — café 👩\u200d💻"),
    ]


def test_a_sheet_as_text_runs_nothing_in_a_spreadsheet_either(tmp_path, hostile):
    text = run("template", "people.csv", "--framework", hostile).out
    path = tmp_path / "people.csv"
    path.write_text(f"{text}Ana,boss,Ops,1,0.5\n".replace("Ops,1,0.5", "Ops,1,0.5" + "," * 6))

    assert text.startswith("person,role,department,'=cmd|' /C calc'!A0,escape,")
    ran = run("batch", path, "--framework", hostile, "--long", "-q")
    assert ran.code == 0
    assert "formula,rated,1,1" in ran.out


def test_three_hundred_competences_fit(tmp_path):
    competences = {f"c{number}": {"name": f"Skill number {number}"} for number in range(300)}
    framework = framework_file(
        tmp_path,
        domains={"d": {"name": "D", "competences": competences}},
        roles={"boss": {"name": "Boss", "requires": dict.fromkeys(competences, 1)}},
    )
    path = written(tmp_path, "--framework", framework)
    filled(path, ["Ana", "Boss", None, *["1 - 1", "n/a", 0.25] * 100])

    ran = run("batch", path, "--framework", framework)

    assert ran.code == 0
    assert "1 row read: 1 scored, 0 rejected" in ran.err
    assert "Ana,,boss,early," in ran.out


# --- Where it goes ------------------------------------------------------------------------------


@pytest.mark.parametrize("where", [[], ["-o", "-"]], ids=["nowhere", "stdout"])
def test_a_workbook_is_not_for_a_terminal(where):
    ours, theirs = pty.openpty()
    process = Process(
        ["template", "people.xlsx", *where],
        cwd=ROOT,
        env=clean({}),
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=subprocess.PIPE,
    )
    _, err = process.communicate(timeout=TIMEOUT)
    os.close(theirs)
    os.close(ours)

    assert process.returncode == 2
    assert err == (
        b"pmo-path: A workbook can't be printed on a terminal. Name a file with --output.\n"
    )


@pytest.mark.parametrize("where", [[], ["-o", "-"]], ids=["nowhere", "stdout"])
def test_a_pipe_gets_the_bytes(where):
    code, out, err = called(["template", "people.xlsx", *where], cwd=ROOT, env=clean({}))

    assert (code, err) == (0, b"")
    assert openpyxl.load_workbook(io.BytesIO(out)).sheetnames[0] == "People"


def test_a_fault_leaves_nothing(tmp_path):
    broken = tmp_path / "broken.yaml"
    broken.write_text("schema: 1\n", encoding="utf-8")

    invalid = run(
        *("template", "people.xlsx", "--framework", broken, "-o", tmp_path / "people.xlsx")
    )
    no_folder = run("template", "people.xlsx", "-o", tmp_path / "missing" / "people.xlsx")

    assert (invalid.code, no_folder.code) == (3, 74)
    assert [path.name for path in tmp_path.iterdir()] == ["broken.yaml"]


@pytest.mark.parametrize(
    ("kind", "output", "words"),
    [
        ("people.csv", "people.xlsx", "end it in .csv, or ask for 'template people.xlsx'"),
        ("people.xlsx", "people.CSV", "end it in .xlsx, or ask for 'template people.csv'"),
        ("people.tsv", "people.csv", "end it in .tsv, or ask for 'template people.csv'"),
        ("ratings", "people.csv", "end it in .yaml, or ask for 'template people.csv'"),
        ("framework", "people.tsv", "end it in .yaml, or ask for 'template people.tsv'"),
        ("people.xlsx", "people.yml", "end it in .xlsx, or ask for 'template ratings'"),
    ],
)
def test_a_kind_and_an_ending_that_disagree_are_refused(tmp_path, kind, output, words):
    ran = run("template", kind, "-o", tmp_path / output)

    assert ran == (
        2,
        "",
        f"pmo-path: 'template {kind}' does not write what '{tmp_path / output}' ends in; {words}\n",
    )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("kind", ["people.csv", "people.xlsx"])
def test_an_ending_that_says_nothing_is_let_pass(tmp_path, kind):
    path = tmp_path / "people"
    assert run("template", kind, "-o", path) == (0, "", f"Wrote {path}.\n")
