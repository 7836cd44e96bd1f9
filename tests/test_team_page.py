"""The page of a team: what is in the file, without a browser."""

from __future__ import annotations

import csv
import io
import json
import re

import pytest
from tests.hostile import TEXTS, shown, write_framework
from tests.html_page import Seen, keeps_to_itself
from tests.support import run

from pmo_path.domain.text import shown as safe

PEOPLE = "examples/people.csv"


def page_of(tmp_path, sheet, *options, code=0):
    """The page of a sheet, and what the command said."""
    path = tmp_path / "team.html"
    output = ["-o", tmp_path / "results.csv", "--report", path]
    ran = run("batch", sheet, *output, *options)
    assert ran.code == code, ran.err
    return path.read_text(encoding="utf-8"), ran


def rows_of(page: str, caption: str) -> list[list[str]]:
    """The cells of the table in the region with this name, row by row, its headings too."""
    region = page.partition(f'aria-label="{caption}"')[2].partition("</table>")[0]
    rows = re.findall(r"<tr.*?</tr>", region, re.DOTALL)
    cells = (re.findall(r"<t[hd].*?</t[hd]>", row, re.DOTALL) for row in rows)
    return [[Seen(cell).text for cell in row] for row in cells]


def sheet_of(rows: list[list[object]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


def test_the_page_keeps_to_itself_and_says_how_rows_add_up(tmp_path):
    page, _ = page_of(tmp_path, PEOPLE, "--group-by", "department", code=1)

    keeps_to_itself(page)
    text = Seen(page).text
    assert "Rows read16 Scored15 Rejected1" in text
    assert rows_of(page, "Table of rejected rows") == [
        ["Line", "Column", "Value", "Reason"],
        [
            "17",
            "Benefits tracking",
            "6",
            "PMO612 not a level of the scale: use 0, 1, 2, 3, 4, 5, n/a, or leave it empty",
        ],
    ]


def test_each_person_has_a_row_that_says_what_assess_says(tmp_path):
    page, _ = page_of(tmp_path, PEOPLE, "--role", "pmo-manager", code=1)

    headings, required, *people = rows_of(page, "People by competence: PMO Manager")
    assert len(people) == 15
    with open(PEOPLE, encoding="utf-8") as stream:  # noqa: PTH123
        (ana,) = [row for row in csv.DictReader(stream) if row["person"] == "Ana Ng"]
    competences = headings[2:]
    ratings = {name: ana[name] for name in competences}
    (tmp_path / "ana.json").write_text(json.dumps({"ratings": ratings}), encoding="utf-8")
    report = json.loads(
        run("assess", tmp_path / "ana.json", "--role", "pmo-manager", "--format", "json").out
    )
    assert [result["name"] for result in report["results"]] == competences
    assert [str(result["required"]) for result in report["results"]] == required[2:]
    assert people[0] == [
        "Ana Ng",
        f"{report['readiness']['percent']['rounded']} %",
        *(
            {"unrated": "?", "n/a": "n/a"}.get(result["status"], str(result["rating"]))
            for result in report["results"]
        ),
    ]
    cells = re.findall(r"<th scope=\"row\" dir=\"auto\">Ana Ng</th>.*?</tr>", page, re.DOTALL)[0]
    framed = [bool(re.search("must-missing", cell)) for cell in re.findall("<td.*?>", cells)[1:]]
    assert framed == [result["must_have_missing"] for result in report["results"]]


def test_who_alone_is_at_target_is_named(tmp_path):
    sheet = tmp_path / "people.csv"
    sheet.write_text(
        "person,Planning and scheduling,Strategic Thinking,Benefits tracking\n"
        "Ann,5,0,2\nBob,1,0,5\nCy,5,0,3\n",
        encoding="utf-8",
    )

    page, _ = page_of(tmp_path, sheet, "--role", "pmo-director")

    held = {
        name: (at_target, by)
        for name, at_target, *_, by in rows_of(page, "Coverage: PMO Director")[1:]
    }
    assert held["Planning and scheduling"] == ("2 of 3 at target 2", "")
    assert held["Strategic Thinking"] == ("0 of 3 at target 0", "nobody")
    assert held["Benefits tracking"] == ("1 of 3 at target 1", "one person: Bob")


def test_several_raters_of_a_person_are_one_row(tmp_path):
    sheet = tmp_path / "people.csv"
    sheet.write_text(
        "person,rater,Planning and scheduling\nAnn,self,5\nAnn,boss,2\nBob,self,3\nBob,boss,n/a\n",
        encoding="utf-8",
    )

    page, _ = page_of(tmp_path, sheet, "--role", "pmo-director")

    headings, _, *people = rows_of(page, "People by competence: PMO Director")
    place = headings.index("Planning and scheduling")
    assert [(row[0], row[place]) for row in people] == [("Ann", "3.5"), ("Bob", "3")]


def test_above_two_hundred_people_groups_are_shown_and_nobody_is_named(tmp_path):
    rows: list[list[object]] = [["person", "team", "Planning and scheduling"]]
    rows += [[f"Person {number}", "ABCD"[number % 4], number % 6] for number in range(201)]
    sheet = tmp_path / "people.csv"
    sheet.write_bytes(sheet_of(rows))

    grouped, _ = page_of(tmp_path, sheet, "--role", "pmo-director", "--group-by", "team")
    alone, _ = page_of(tmp_path, sheet, "--role", "pmo-director")

    heat = rows_of(grouped, "Groups by competence: PMO Director")
    assert [row[:2] for row in heat[1:]] == [
        ["everybody", "201"],
        *(["A", "51"], ["B", "50"], ["C", "50"], ["D", "50"]),
    ]
    assert "Person 7" not in grouped + alone
    assert "More than 200 people do not fit on a page. Use --group-by" in alone


def test_a_share_is_of_those_rated_and_nothing_where_nobody_is(tmp_path):
    rows: list[list[object]] = [["person", "team", "Planning and scheduling"]]
    for team, level in (("Zero", 0), ("Able", 5), ("None", ""), ("Other", "n/a")):
        rows += [[f"{team} {number}", team, level] for number in range(50)]
    rows += [["Half", "Able", ""]]
    sheet = tmp_path / "people.csv"
    sheet.write_bytes(sheet_of(rows))

    page, _ = page_of(tmp_path, sheet, "--role", "pmo-director", "--group-by", "team")

    heat = rows_of(page, "Groups by competence: PMO Director")
    place = heat[0].index("Planning and scheduling")
    assert {row[0]: row[place] for row in heat[1:]}["Zero"] == "0.0"
    assert {row[0]: row[place] for row in heat[1:]}["Able"] == "100.0"
    assert {row[0]: row[place] for row in heat[1:]}["everybody"] == "50.0"
    coverage = {row[0]: row for row in rows_of(page, "Coverage: PMO Director")}
    assert coverage["Competence"][2:5] == ["With a gap", "Unrated", "n/a"]
    assert coverage["Planning and scheduling"][2:5] == ["50", "51", "50"]
    assert coverage["Strategic Thinking"][3:] == ["201", "0", "201", "nobody is rated"]


def test_a_page_for_whoever_holds_the_sheet_says_so_and_shows_groups_of_any_size(tmp_path):
    rows: list[list[object]] = [["person", "team", "town", "Planning and scheduling"]]
    rows += [
        [f"P{number}", f"team {number // 4}", "X" if number else "Y", 3] for number in range(201)
    ]
    sheet = tmp_path / "people.csv"
    sheet.write_bytes(sheet_of(rows))
    options = ("--role", "pmo-director", "--group-by", "team", "--group-by", "town")

    page, _ = page_of(tmp_path, sheet, *options)

    heat = rows_of(page, "Groups by competence: PMO Director")
    assert [row[:2] for row in heat[1:3]] == [["everybody", "201"], ["team: team 0", "4"]]
    assert [row[:2] for row in heat[-3:]] == [
        ["team: team 50", "1"],
        ["town: X", "200"],
        ["town: Y", "1"],
    ]
    assert len(rows_of(page, "Groups by team: PMO Director")) == 1 + 51
    assert [row[:2] for row in rows_of(page, "Groups by town: PMO Director")[1:]] == [
        ["X", "200"],
        ["Y", "1"],
    ]
    text = Seen(page).text
    assert "names people and shows small groups: share it only with" in text
    assert "withheld" not in text


def test_of_very_many_groups_the_largest_are_shown_and_the_others_are_counted(tmp_path):
    rows: list[list[object]] = [["person", "team", "Planning and scheduling"]]
    rows += [[f"P{number}", f"team {number // 2}", 3] for number in range(403)]
    sheet = tmp_path / "people.csv"
    sheet.write_bytes(sheet_of(rows))

    page, ran = page_of(tmp_path, sheet, "--role", "pmo-director", "--group-by", "team")

    said = "2 groups (3 people) by team not shown: the smallest ones"
    assert said in Seen(page).text
    assert said in ran.err


def test_who_alone_is_at_target_has_a_number_where_nobody_has_a_name(tmp_path):
    sheet = tmp_path / "people.csv"
    sheet.write_text("Planning and scheduling\n1\n5\n2\n", encoding="utf-8")

    page, _ = page_of(tmp_path, sheet, "--role", "pmo-director")

    held = {row[0]: row[-1] for row in rows_of(page, "Coverage: PMO Director")[1:]}
    assert held["Planning and scheduling"] == "one person: no. 2"
    assert rows_of(page, "People by competence: PMO Director")[3][0] == "no. 2"


# --- Without names ------------------------------------------------------------------------------


def nameless(tmp_path, rows, *options, code=0):
    sheet = tmp_path / "jane-doe.csv"
    sheet.write_bytes(sheet_of(rows))
    return page_of(tmp_path, sheet, "--role", "pmo-director", "--no-names", *options, code=code)[0]


def test_a_page_without_names_names_nobody_whatever_is_in_the_sheet(tmp_path):
    rows: list[list[object]] = [["person", "rater", "team", "Planning and scheduling"]]
    rows += [
        [f"Jane Doe {number}", "John Roe", "A", (number == 3 and 5) or 1] for number in range(8)
    ]
    rows += [["Jane Doe 1", "John Roe", "A", 2], ["Jane Doe 99", "John Roe", "A", "ask Jane Doe"]]

    page = nameless(tmp_path, rows, "--group-by", "team", code=1)

    assert not re.search("jane|doe|john|roe", page, re.IGNORECASE)
    keeps_to_itself(page)
    text = Seen(page).text
    assert "This page names nobody. Figures about fewer than 5 people are withheld" in text
    assert "Rows read10 Scored7 Rejected3" in text
    assert "What withholding figures cannot prevent" in text
    assert "Rejected rows" not in text


def test_a_cell_of_few_people_is_withheld_and_cannot_be_computed(tmp_path):
    rows: list[list[object]] = [["person", "team", "Planning and scheduling", "Benefits tracking"]]
    for team in ("Alpha", "Beta", "Gamma", "Delta"):
        rows += [
            [f"{team} {number}", team, 3, 5 if number < 2 or team != "Delta" else ""]
            for number in range(60)
        ]

    page = nameless(tmp_path, rows, "--group-by", "team")

    headings, *groups = rows_of(page, "Groups by competence: PMO Director")
    place = headings.index("Benefits tracking")
    assert {row[0]: row[place] for row in groups} == {
        "everybody": "100.0",
        "Alpha": "100.0",
        "Beta": "100.0",
        "Delta": "\N{MIDDLE DOT}",
        "Gamma": "\N{MIDDLE DOT}",
    }
    withheld = {row[0]: row[-1] for row in rows_of(page, "Groups by team: PMO Director")[1:]}
    assert withheld["Alpha"] == ""
    assert withheld["Delta"].startswith("1 competence")


def test_a_group_of_few_people_is_named_nowhere(tmp_path):
    rows: list[list[object]] = [["person", "team", "Planning and scheduling"]]
    rows += [
        [f"P{number}", "Large" if number < 197 else "Tiny", number % 6] for number in range(201)
    ]

    page = nameless(tmp_path, rows, "--group-by", "team")

    assert "Tiny" not in page
    assert "Large" not in page, "with everybody shown too, the others could be computed"
    text = Seen(page).text
    assert "2 groups (201 people) by team not shown: smaller than 5, or needed to hide one" in text
    assert "No group by team is large enough to show. Group by another column" in text


def test_a_role_of_few_people_is_named_nowhere(tmp_path):
    sheet = tmp_path / "people.csv"
    rows: list[list[object]] = [["person", "role", "Planning and scheduling"]]
    rows += [
        [f"P{number}", "PMO Manager" if number else "PMO Director", number % 6]
        for number in range(9)
    ]
    sheet.write_bytes(sheet_of(rows))

    page, _ = page_of(tmp_path, sheet, "--no-names")

    text = Seen(page).text
    assert "Director" not in page
    assert "1 role not shown: fewer than 5 people are rated against it." in text
    assert not re.search(r"People ?9", text), "nor how many people there are"


def test_who_alone_is_at_target_is_withheld(tmp_path):
    rows: list[list[object]] = [["person", "Planning and scheduling"]]
    rows += [[f"Jane Doe {number}", 5 if number == 77 else 1] for number in range(260)]

    page = nameless(tmp_path, rows)

    assert "one person" not in page
    held = {row[0]: row[1:3] for row in rows_of(page, "Coverage: PMO Director")[1:]}
    assert held["Planning and scheduling"] == ["withheld", "withheld"]
    assert "Use --group-by COLUMN to see groups by competence." in page


@pytest.mark.parametrize("name", ["Ann", " ANN"])
def test_groups_called_like_people_are_refused_on_a_page_without_names(tmp_path, name):
    rows: list[list[object]] = [["person", "manager", "Planning and scheduling"]]
    rows += [[person, name, 3] for person in ("Ann", "Bo", "Cy", "Di", "Eve")]
    sheet = tmp_path / "people.csv"
    sheet.write_bytes(sheet_of(rows))
    options = ["-o", tmp_path / "results.csv", "--report", tmp_path / "team.html", "--no-names"]

    ran = run("batch", sheet, "--role", "pmo-director", "--group-by", "manager", *options)

    assert (ran.code, ran.out) == (2, "")
    assert ran.err.endswith(
        "with --no-names the page cannot be grouped by 'manager': a group is called like a person "
        "of the sheet\n"
    )
    assert list(tmp_path.iterdir()) == [sheet]


def test_no_names_is_for_the_page(tmp_path):
    ran = run("batch", PEOPLE, "-o", tmp_path / "results.csv", "--no-names")

    assert ran.code == 2
    assert ran.err == "pmo-path: --no-names is for the page; add --report FILE\n"


def test_min_group_is_for_figures_that_are_shared(tmp_path):
    ran = run("batch", PEOPLE, "--min-group", "5", "--report", tmp_path / "team.html")

    assert ran.code == 2
    assert ran.err == (
        "pmo-path: --min-group is for figures that are shared; add --summary or --no-names\n"
    )
    assert list(tmp_path.iterdir()) == []


def test_what_is_withheld_of_a_role_is_named_in_the_first_lines(tmp_path):
    report = tmp_path / "team.txt"

    run("batch", PEOPLE, "-o", tmp_path / "out.csv", "--report", report, "--no-names")

    assert "PMO Analyst: bands withheld; 66.7 to" in report.read_text(encoding="utf-8")


# --- Hostile text -------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", TEXTS)
def test_hostile_text_is_seen_as_itself_and_makes_no_element(tmp_path, kind):
    def page(text: str) -> str:
        framework = write_framework(tmp_path / "framework.yaml", text)
        cell = in_a_cell(text)
        rows: list[list[object]] = [["person", "team", "c0", "c1", "c2"]]
        rows += [[f"person {number} {cell}", f"group {cell}", 1, 2, "n/a"] for number in range(5)]
        rows += [[f"bad {cell}", f"group {cell}", f"wrong {cell}", 1, 1]]
        sheet = tmp_path / "people.csv"
        sheet.write_bytes(sheet_of(rows))
        options = ("--framework", framework, "--role", "next", "--group-by", "team")
        made: str = page_of(tmp_path, sheet, *options, code=1)[0]
        return made

    written, text = page(TEXTS[kind]), TEXTS[kind]
    hostile, tame = Seen(written), Seen(page("tame"))

    assert hostile.shape() == tame.shape()
    assert safe(written) == written, "nothing that a terminal would obey"
    for field in ("Competence 0", "course", "ready"):
        assert shown(f"{field} {text}") in hostile.text
    for field in ("person 1", "group"):
        assert shown(f"{field} {in_a_cell(text)}") in hostile.text
    # Cells of rejected rows are cut, since they may hold megabytes.
    assert shown(f"wrong {in_a_cell(text)}")[:250] in hostile.text


def in_a_cell(text: str) -> str:
    """What a sheet can hold of a text: with a zero character in it, it would not be read."""
    return text.replace("\0", "")


def test_a_page_is_refused_another_ending(tmp_path):
    ran = run("batch", PEOPLE, "-o", tmp_path / "results.csv", "--report", tmp_path / "team.pdf")

    assert (ran.code, ran.out) == (2, "")
    assert ran.err == "pmo-path: Can't write .pdf. Use .html, .md or .txt.\n"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("extension", [".md", ".txt"])
def test_the_report_on_a_team_is_text_too_and_guards_what_the_page_guards(tmp_path, extension):
    page, _ = page_of(tmp_path, PEOPLE, code=1)
    report = tmp_path / f"team{extension}"
    options = ["-o", tmp_path / "results.csv", "--report", report]

    assert run("batch", PEOPLE, *options).code == 1
    named = report.read_text(encoding="utf-8")
    assert run("batch", PEOPLE, *options, "--no-names").code == 1
    nameless = report.read_text(encoding="utf-8")

    people = [row[0] for row in rows_of(page, "People by competence: PMO Analyst")[2:]]
    assert len(people) == 7
    for person in people:
        assert person in named
        assert person not in nameless
    assert "withheld" in nameless
    assert "Rejected rows" not in nameless


def test_strict_writes_no_page_when_a_row_is_rejected(tmp_path):
    options = ["-o", tmp_path / "results.csv", "--report", tmp_path / "team.html", "--strict"]

    assert run("batch", PEOPLE, *options).code == 1
    assert list(tmp_path.iterdir()) == []
