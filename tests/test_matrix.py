"""`template framework --from`: a framework from a competency matrix."""

from __future__ import annotations

import csv
import io
import zipfile
from decimal import Decimal
from textwrap import dedent

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from tests.hostile import TEXTS, write_framework
from tests.support import run
from tests.worlds import frameworks

from pmo_path import framework_from_table, load_framework
from pmo_path.app.matrix import framework_table
from pmo_path.domain.errors import InputInvalid, UsageProblem
from pmo_path.domain.framework import Framework
from pmo_path.domain.text import harmless
from pmo_path.readers.framework import check_framework

NUMBERS = """\
Area,Skill,Analyst,Manager,Analyst importance,Manager must-have,Notes
Delivery,Planning,2,3,5,2,kept
,Risk,1,"3: leads it",,yes,
People,Coaching,-,2,,no,
"""


@pytest.fixture
def made(tmp_path):
    """Makes a framework of a table's text, and perhaps of a mapping file's."""

    def make(table, mapping="", name="matrix.csv"):
        path = tmp_path / name
        path.write_bytes(table if isinstance(table, bytes) else dedent(table).encode())
        map_path = tmp_path / "map.yaml"
        map_path.write_text(dedent(mapping), encoding="utf-8")
        return framework_from_table(path, mapping=map_path if mapping else None)

    return make


@pytest.fixture
def loaded(tmp_path):
    """Loads the framework that was made of a table."""

    def load(result):
        assert result.errors == ()
        path = tmp_path / "framework.yaml"
        path.write_text(result.text, encoding="utf-8")
        return load_framework(path)

    return load


def workbook(path, sheets, merged=()):
    with xlsxwriter.Workbook(path) as book:
        for title, rows in sheets.items():
            sheet = book.add_worksheet(title)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
            for span in merged:
                sheet.merge_range(*span)


def has_line(result, *parts):
    return any(all(part in line for part in parts) for line in result.lines)


def test_numbers_become_required_levels(made, loaded):
    framework = loaded(made(NUMBERS))

    assert list(framework.scale) == [1, 2, 3]
    assert framework.domain_of == {
        "planning": "delivery",
        "risk": "delivery",
        "coaching": "people",
    }
    analyst, manager = (framework.roles[role].requires for role in ("analyst", "manager"))
    assert {key: requirement.level for key, requirement in analyst.items()} == {
        "planning": 2,
        "risk": 1,
    }
    assert analyst["planning"].importance == 5
    assert manager["planning"].must_have == 2
    assert (manager["risk"].level, manager["risk"].expects) == (3, "leads it")
    assert manager["risk"].must_have == 3
    assert manager["coaching"].must_have is None
    assert framework.competences["planning"].model_extra == {"x-notes": "kept"}


def test_it_says_what_it_took_for_what(made):
    result = made(NUMBERS)

    assert has_line(result, "comma-separated, UTF-8", "headings in line 1")
    assert has_line(result, "competence: 'Skill'")
    assert has_line(result, "domain: 'Area'")
    assert has_line(result, "roles: 'Analyst', 'Manager'")
    assert has_line(result, "kept as it is: 'Notes'")
    assert has_line(result, "scale: 1 Level 1, 2 Level 2, 3 Level 3", "--map")
    assert has_line(result, "made 3 competences in 2 domains and 2 roles")
    assert has_line(result, "blank domain", "line 3, Delivery")
    assert has_line(result, "1 requirement of level 1 counts for nothing", "'baseline: 0'")
    assert all(f"# - {line}" in result.text for line in result.lines)


def test_a_framework_without_roles_comes_from_levels_across(made, loaded):
    result = made(
        """\
        Category,Subcategory,Skill,Code,Description,1,2,3,4,5,6,7
        Strategy,Direction,Roadmaps,RDMP,Where to go,,,Draws,Plans,Leads,Shapes,
        Strategy,Direction,Portfolio,PORT,What to fund,,,,,Runs,Owns,Sets
        Delivery,Checks,Test design,TSTD,What to try,Follows,Assists,Applies,,,,
        """
    )
    framework = loaded(result)

    assert list(framework.scale) == list(range(1, 8))
    assert framework.roles == {}
    assert list(framework.competences) == ["RDMP", "PORT", "TSTD"]
    assert framework.competences["TSTD"].levels == {1: "Follows", 2: "Assists", 3: "Applies"}
    assert framework.competences["PORT"].group == "Direction"
    assert framework.competences["PORT"].summary == "What to fund"
    assert has_line(result, "1 competence describes level 1", "'baseline: 0'")


def test_professions_by_grades_come_from_two_rows_of_headings(made, loaded):
    framework = loaded(
        made(
            """\
            ,,Data analyst,,Data engineer,
            Domain,Skill,Junior,Senior,Junior,Senior
            Code,Python,1,3,2,4
            People,Explaining,2,3,1,2
            """
        )
    )

    role = framework.roles["data-engineer-senior"]
    assert (role.name, role.family, role.grade) == (
        "Data engineer Senior",
        "Data engineer",
        "Senior",
    )
    assert {key: requirement.level for key, requirement in role.requires.items()} == {
        "python": 4,
        "explaining": 2,
    }
    assert list(framework.roles) == [
        "data-analyst-junior",
        "data-analyst-senior",
        "data-engineer-junior",
        "data-engineer-senior",
    ]


ROLES_WITH_TEXTS = """\
Theme;Junior;Engineer;Principal
Delivery;Finishes small tasks;Finishes features;Leads projects
Communication;Asks questions;Explains choices;Speaks for the team
"""


def test_texts_of_roles_without_levels_show_only_what_is_missing(made):
    result = made(ROLES_WITH_TEXTS)

    missing = {(error.code, error.message) for error in result.errors}
    assert missing == {("PMO201", "'scale' is missing"), ("PMO201", "'level' is missing")}
    assert "expects: Finishes small tasks" in result.text
    assert has_line(result, "no level", '"Junior": role at level 1', "--map")
    assert has_line(result, "scale: the table has no levels")


def test_a_mapping_gives_texts_of_roles_their_level(made, loaded):
    framework = loaded(
        made(
            ROLES_WITH_TEXTS,
            """\
            columns:
              Junior: role at level 1
              Engineer: role at level 1
              Principal: role at level 3
            scale: {1: Works, 2: Guides, 3: Leads}
            baseline: 0
            """,
        )
    )

    assert framework.baseline == 0
    requirement = framework.roles["engineer"].requires["delivery"]
    assert (requirement.level, requirement.expects) == (1, "Finishes features")


def test_a_mapping_makes_grades_the_scale(made, loaded):
    framework = loaded(
        made(
            ROLES_WITH_TEXTS,
            """\
            columns:
              Junior: role and level 1
              Engineer: role and level 2
              Principal: role and level 3
            baseline: 0
            """,
        )
    )

    assert [step.label for step in framework.written_scale.values()] == [
        "Junior",
        "Engineer",
        "Principal",
    ]
    assert framework.competences["delivery"].levels[3] == "Leads projects"
    assert framework.roles["principal"].requires["communication"].level == 3


@pytest.mark.parametrize(
    ("headings", "levels"),
    [
        ("Level 1,Level 2,Level 3", {1: "Level 1", 2: "Level 2", 3: "Level 3"}),
        ("1 - Aware,2 - Able,3 - Expert", {1: "Aware", 2: "Able", 3: "Expert"}),
        ("Aware (0),Able (0.5),Expert (1)", {0: "Aware", Decimal("0.5"): "Able", 1: "Expert"}),
        ("L1: Aware,L2: Able,L3: Expert", {1: "Aware", 2: "Able", 3: "Expert"}),
        ("Beginner,Intermediate,Expert", {1: "Beginner", 2: "Intermediate", 3: "Expert"}),
        ("Expert,Intermediate,Beginner", {1: "Beginner", 2: "Intermediate", 3: "Expert"}),
        ("None,Basic,Expert", {0: "None", 1: "Basic", 2: "Expert"}),
    ],
)
def test_headings_name_levels(made, loaded, headings, levels):
    framework = loaded(made(f"Competence,{headings}\nPlanning,one thing,another,a third\n"))

    assert {level: step.label for level, step in framework.scale.items()} == levels
    assert len(framework.competences["planning"].levels) == 3


def test_words_in_cells_are_levels(made, loaded):
    framework = loaded(
        made("Skill,Analyst,Manager\nPlanning,Beginner,Expert\nRisk,Expert,Expert\n")
    )

    assert {level: step.label for level, step in framework.scale.items()} == {
        1: "Beginner",
        2: "Expert",
    }
    assert framework.roles["analyst"].requires["risk"].level == 2


def test_texts_behind_numbers_are_labels_if_they_never_differ(made, loaded):
    framework = loaded(
        made("Skill,Analyst,Manager\nPlanning,1 - Able,2 - Good\nRisk,2 - Good,1 - Able\n")
    )

    assert [step.label for step in framework.scale.values()] == ["Able", "Good"]
    assert framework.roles["analyst"].requires["risk"].expects == ""


def test_decimals_lie_between_whole_levels(made, loaded):
    framework = loaded(made("Skill;Analyst\nPlanning;2,5\nRisk;4\n"))

    assert list(framework.scale) == [2, 3, 4]
    assert framework.roles["analyst"].requires["planning"].level == Decimal("2.5")


def test_sections_are_domains(made, loaded):
    framework = loaded(
        made(
            """\
            Skills of the office
            ,
            Skill,Analyst,Manager
            Delivery,,
            Planning,1,2
            People,,
            Coaching,2,3
            Total,3,5
            """
        )
    )

    assert framework.domain_of == {"planning": "delivery", "coaching": "people"}
    assert framework.model_extra == {"x-rows": ("1: Skills of the office", "8: Total | 3 | 5")}


def test_nothing_is_dropped_in_silence(made, loaded):
    result = made(
        """\
        Skill,Analyst,Manager
        Planning,2,soon
        ,3,1
        Risk,1-2,3
        Coaching,3,1
        """
    )
    framework = loaded(result)

    assert framework.competences["planning"].model_extra == {"x-cells": {"Manager": "soon"}}
    assert framework.competences["risk"].model_extra == {"x-cells": {"Analyst": "1-2"}}
    assert framework.model_extra == {"x-rows": ("3: 3 | 1",)}
    assert has_line(result, "kept 2 cells", "line 2, Manager: soon", "line 4, Analyst: 1-2")
    assert has_line(result, "kept 1 row without a competence", "line 3")


def test_texts_go_on_below(made, loaded):
    framework = loaded(
        made("Skill,Level 1,Level 2\nPlanning,first,second\n,and more,\nRisk,other,last\n")
    )

    assert framework.competences["planning"].levels[1] == "first\nand more"


def test_names_that_are_there_already(made):
    result = made("Domain,Skill,Analyst\nDesign,Scope,1\nCode,Scope,2\nCode,Tests,2\n")
    domains = result.reading.data["domains"]
    assert [[*domain["competences"]] for domain in domains.values()] == [
        ["scope"],
        ["code-scope", "tests"],
    ]

    result = made("Skill,Analyst\nScope,1\nscope,2\n")
    assert {error.code for error in result.errors} == {"PMO308"}
    assert has_line(result, "name is there already", "line 3, scope")


def test_ids_are_kept_if_they_can_be(made, loaded):
    result = made("ID,Skill,Analyst\nA-1,Planning,1\nA-1,Risk,2\nno id,Coaching,2\n,Budget,2\n")
    framework = loaded(result)

    assert list(framework.competences) == ["A-1", "risk", "coaching", "budget"]
    assert has_line(result, "gave a new id to 2 entries", "line 3, A-1", "line 4, no id")


@pytest.mark.parametrize(
    ("table", "message", "hint"),
    [
        (
            "Skill,Analyst,Manager\nPlanning,x,\nRisk,x,x\n",
            "marks such as 'x'",
            "'values: {\"x\": 3}'",
        ),
        (
            "Skill,Beginner,Expert,Basic\nPlanning,one,two,three\n",
            "order of the levels in the headings is in doubt",
            '"Beginner": level 1, "Expert": level 2',
        ),
        ("Skill,1,2\nPlanning,1,2\n", "no role is named above it", "'\"1\": role'"),
        (
            "a,b\n1,2\n",
            "no column is known to hold the names of the competences",
            '"a": competence',
        ),
        ("Skill\n", "no row of headings", "give the table a row of headings"),
    ],
)
def test_doubts_are_not_decided(made, table, message, hint):
    with pytest.raises(InputInvalid) as raised:
        made(table)

    (diagnostic,) = raised.value.diagnostics
    assert message in diagnostic.message
    assert hint in diagnostic.hint


def test_marks_mean_what_the_mapping_says(made, loaded):
    framework = loaded(
        made(
            "Skill,Analyst,Manager\nPlanning,x,\nRisk,x,X\n",
            "values: {x: 3}\nscale: {1: Able, 2: Good, 3: Best}\n",
        )
    )

    assert framework.roles["analyst"].requires["risk"].level == 3
    assert list(framework.roles["manager"].requires) == ["risk"]


def test_the_mapping_goes_before_everything_else(made, loaded):
    framework = loaded(
        made(
            "Notes\nWhat,Owner,Level 1,Level 2\nPlanning,Ana,2,3\n",
            """\
            heading_line: 2
            columns: {What: competence, Owner: x-who, Level 1: role, Level 2: "role: Lead [lead-1]"}
            framework: {id: mine, version: 2.0.0, title: Mine}
            baseline: 0
            """,
        )
    )

    assert list(framework.roles) == ["level-1", "lead-1"]
    assert framework.competences["planning"].model_extra == {"x-who": "Ana"}
    assert (framework.framework.id, framework.framework.version) == ("mine", "2.0.0")


@pytest.mark.parametrize(
    ("mapping", "message"),
    [
        ("- a\n", "expected a mapping"),
        ("column: {}\n", "'column' is not known here"),
        ("columns: {Skill: competense}\n", "which no column can hold"),
        ("columns: {Skill: 3}\n", "which no column can hold"),
        ("columns: [a]\n", "expected a mapping"),
        ("values: {x: high}\n", "expected the number of a level"),
        ("scale: {a: b}\n", "expected a number"),
        ("scale: {1: }\n", "expected a label"),
        ("baseline: low\n", "expected a number"),
        ("heading_line: 0\n", "expected the number of a line"),
        ("heading_line: 9\n", "no row of headings in line 9"),
        ("framework: {owner: me}\n", "'owner' is not known here"),
        ("framework: {id: my id}\n", "expected a word without spaces"),
        ("columns: {Skill: competence, Analyst: competence}\n", "would both hold the competence"),
    ],
)
def test_mistakes_in_a_mapping(made, mapping, message):
    with pytest.raises(InputInvalid) as raised:
        made("Skill,Analyst\nPlanning,1\nRisk,2\n", mapping)

    assert message in raised.value.diagnostics[0].message


def test_a_mapping_that_is_not_used_is_noted(made):
    result = made("Skill,Analyst\nPlanning,1\nRisk,2\n", "columns: {Analist: role}\n")

    assert has_line(result, "found no column", "Analist")


@pytest.mark.parametrize(
    ("encoding", "shown"),
    [("cp1252", "Windows-1252"), ("utf-16", "UTF-16"), ("utf-8-sig", "UTF-8")],
)
def test_text_files_of_every_kind(made, loaded, encoding, shown):
    result = made("Skill;Führung\nMaß & Größe;2\nRisk;1\n".encode(encoding))
    framework = loaded(result)

    assert framework.roles["fuhrung"].name == "Führung"
    assert "mass-grosse" in framework.competences
    assert has_line(result, "semicolon-separated", shown)


def test_a_workbook_with_merged_cells(tmp_path, loaded):
    path = tmp_path / "matrix.xlsx"
    rows = [
        ["Our skills"],
        ["Area", "Skill", "Analyst", "Manager"],
        ["Delivery", "Planning", 2, 3],
        ["", "Risk", 2.5, ""],
        [],
        ["People", "Coaching", 4, "=1+1"],
    ]
    merged = [(2, 0, 3, 0, "Delivery"), (3, 2, 3, 3, 2.5)]
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False}) as book:
        book.add_worksheet("Read me").write_row(0, 0, ["How to use this", "Ask Ana"])
        sheet = book.add_worksheet("Matrix")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
        for span in merged:
            sheet.merge_range(*span)
    result = framework_from_table(path)
    framework = loaded(result)

    assert has_line(result, "sheet 'Matrix'", "line 2")
    assert has_line(result, "did not read 'Read me'", "--sheet")
    assert framework.domain_of["risk"] == "delivery"
    assert framework.roles["manager"].requires["risk"].level == Decimal("2.5")
    assert framework.competences["coaching"].model_extra == {"x-cells": {"Manager": "=1+1"}}


HOSTILE = [
    "=cmd|' /C calc'!A0",
    "[bold]x[/bold]",
    "\x1b[31mred\x07",
    "<script>alert(1)</script>",
    "a: b # c",
    "- {x: [y",
    "!!python/object:os.system",
    "&anchor *alias",
    "true",
    "2026-11-29",
    "0x1F",
    "'quoted' \"twice\"",
    "%TAG",
    "\u202egnp.exe",
    "@import",
    "? key",
    "| block",
    "null",
    "~",
    "<<",
    "1e3",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_cells_stay_text(made, loaded, text):
    quoted = '"' + text.replace('"', '""') + '"'
    table = f"Domain,Skill,Analyst,{quoted},Notes\n{quoted},{quoted},1,2,{quoted}\nB,Risk,2,1,z\n"
    result = made(table)
    framework = loaded(result)

    (competence,) = [key for key in framework.competences if key != "risk"]
    shown = "".join(letter if letter not in "\x1b\x07\u202e" else "\ufffd" for letter in text)
    assert framework.competences[competence].name == shown
    assert framework.competences[competence].model_extra == {"x-notes": shown}
    assert any(role.name == shown for role in framework.roles.values())
    assert not any("\x1b" in line or "\n" in line for line in result.lines)


def test_a_table_without_end_is_refused(made):
    with pytest.raises(InputInvalid) as raised:
        made("Skill,Analyst\n" + "Planning,1\n" * 20_001)
    assert raised.value.diagnostics[0].code == "PMO102"

    with pytest.raises(InputInvalid) as raised:
        made("Skill" + ",a" * 2_001 + "\nPlanning\n")
    assert "columns" in raised.value.diagnostics[0].message


def test_a_quote_that_is_not_closed(made):
    with pytest.raises(InputInvalid) as raised:
        made('Skill,Analyst\n"Planning,1\nRisk,2\n')

    assert raised.value.diagnostics[0].place.line == 2


def test_the_command_writes_the_file_and_says_how(tmp_path):
    table = tmp_path / "matrix.csv"
    table.write_text(NUMBERS, encoding="utf-8")
    output = tmp_path / "framework.yaml"

    ran = run("template", "framework", "--from", table, "-o", output)
    assert (ran.code, ran.out) == (0, "")
    assert f"{table}: competence: 'Skill'\n" in ran.err
    assert run("validate", output).code == 0

    again = run("template", "framework", "--from", table, "-o", output)
    assert again.code == 74


def test_the_command_fails_where_the_table_lacks_something(tmp_path):
    table = tmp_path / "matrix.csv"
    table.write_text(ROLES_WITH_TEXTS, encoding="utf-8")

    ran = run("template", "framework", "--from", table)

    assert ran.code == 1
    assert ran.out.startswith("# Made from the table matrix.csv:\n")
    assert "PMO201 error: 'scale' is missing" in ran.err
    assert "lacks what the table does not have: 7 errors" in ran.err


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("framework", "--map", "m.yaml"), "--map and --sheet are for a table"),
        (("ratings", "--from", "t.csv"), "name who will rate, such as --rater manager"),
        (("framework", "--from", "t.csv", "--role", "x"), "--role is for ratings"),
    ],
)
def test_options_that_do_not_fit(args, message):
    ran = run("template", *args)

    assert ran.code == 2
    assert message in ran.err


def test_inputs_that_are_not_tables(tmp_path, made):
    with pytest.raises(InputInvalid, match="no such file"):
        framework_from_table(tmp_path / "none.csv")
    with pytest.raises(InputInvalid, match="Parquet"):
        made(b"PAR1" + b"\0" * 20)
    with pytest.raises(InputInvalid):
        made(b"%PDF-1.4\n")
    with pytest.raises(InputInvalid):
        made(b"")
    with pytest.raises(UsageProblem, match="not a workbook"):
        framework_from_table(tmp_path / "matrix.csv", sheet="One")


def held(framework):
    """What a table can hold of a framework."""
    return {
        "scale": {level: step.label for level, step in framework.scale.items()},
        "baseline": framework.baseline,
        "domains": {key: domain.name for key, domain in framework.domains.items()},
        "competences": {
            key: (
                framework.domain_of[key],
                competence.name,
                competence.aliases,
                competence.key,
                " ".join(competence.summary.split()),
                competence.group,
                competence.url,
                competence.second_rater,
                {level: text.strip() for level, text in competence.levels.items()},
                competence.behaviours.flat,
                competence.evidence.flat,
                competence.exposure.flat,
            )
            for key, competence in framework.competences.items()
        },
        "roles": {
            key: (
                role.name,
                {
                    competence: (
                        requirement.level,
                        requirement.importance,
                        requirement.must_have,
                        requirement.expects.strip(),
                    )
                    for competence, requirement in role.requires.items()
                },
            )
            for key, role in framework.roles.items()
        },
    }


def read_back(framework, format_, folder):
    table = folder / f"table.{format_}"
    table.write_bytes(framework_table(framework, format_).content)
    result = framework_from_table(table)
    path = folder / "back.yaml"
    path.write_text(result.text, encoding="utf-8")
    return check_framework(path.read_bytes(), str(path)), result


@pytest.mark.parametrize("format_", ["csv", "xlsx"])
def test_the_shipped_framework_comes_back_from_a_table(tmp_path, format_):
    framework = load_framework()
    checked, _ = read_back(framework, format_, tmp_path)

    assert checked.errors == ()
    assert held(checked.framework) == held(framework)


@given(framework=frameworks())
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_framework_comes_back_from_a_table(tmp_path, framework):
    checked, result = read_back(framework, "csv", tmp_path)

    if checked.framework is None:  # a role that requires nothing is a mistake of the framework
        assert {error.code for error in checked.errors} == {"PMO309"}
    else:
        assert held(checked.framework) == held(framework)
    assert result.reading.data["scale"].keys() == framework.written_scale.keys()


def test_the_table_of_a_framework_runs_no_formulas(tmp_path, made, loaded):
    framework = loaded(made('Skill,Level 1,Level 2\n"=1+1",@x,"+2;z"\nRisk,a,b\n'))
    for format_ in ("csv", "xlsx"):
        checked, _ = read_back(framework, format_, tmp_path)
        assert held(checked.framework) == held(framework)
    rows = csv.reader(io.StringIO(framework_table(framework, "csv").content.decode()))
    assert not any(cell.startswith(("=", "@")) for row in rows for cell in row)


@pytest.mark.parametrize(
    "text", ["'=1+1", "''=1", "'=", "'", "''", "'-5", "-5", "'@x", "'quoted'"]
)
@pytest.mark.parametrize("format_", ["csv", "xlsx"])
def test_apostrophes_come_back_from_a_table(tmp_path, format_, text):
    old = load_framework().model_dump(by_alias=True)
    competence = old["domains"]["pmo-management"]["competences"]["strategic-thinking"]
    competence |= {"name": text, "summary": text, "group": text, "evidence": (text, f"a {text}")}
    competence |= {"levels": {Decimal(3): text}, "x-own": text}
    old["roles"]["pmo-director"]["name"] = text
    old["roles"]["pmo-director"]["requires"]["strategic-thinking"]["expects"] = text
    old["domains"]["pmo-management"]["name"] = text
    framework = Framework.model_validate(old)
    checked, _ = read_back(framework, format_, tmp_path)

    assert checked.errors == ()
    assert held(checked.framework) == held(framework)
    own = checked.framework.competences["strategic-thinking"].model_extra
    assert own == {"x-own": text}


@pytest.mark.parametrize("kind", TEXTS)
def test_hostile_text_of_a_framework_runs_in_no_sheet(tmp_path, kind):
    framework = write_framework(tmp_path / "f.json", TEXTS[kind])
    sheet, book = tmp_path / "f.csv", tmp_path / "f.xlsx"

    for path in (sheet, book):
        ran = run("show", "--all", "--framework", framework, "-o", path)
        assert ran.code == 0
        assert run("template", "framework", "--from", path).code in {0, 1}

    rows = csv.reader(io.StringIO(sheet.read_text(encoding="utf-8"), newline=""))
    cells = [cell for row in rows for cell in row]
    assert any(TEXTS[kind] in cell for cell in cells) or kind in {"terminal", "invisible"}
    assert not any(cell != harmless(cell) for cell in cells)
    with zipfile.ZipFile(book) as parts:
        assert b"<f>" not in parts.read("xl/worksheets/sheet1.xml")


def test_what_a_table_has_no_place_for_is_named(tmp_path):
    path = tmp_path / "f.yaml"
    path.write_text(
        """\
schema: 1
framework: {id: f, version: 1.0.0, title: F}
scale: {0: {label: None}, 1: {label: Able, x-a: 1}}
readiness: {all: {label: All, at_least: 0}}
domains: {d: {name: D, competences: {c: {name: C, x-b: [1], x-c: text}}}, e: {name: E, competences: {}}}
roles: {r: {name: R, requires: {c: 1}}, s: {name: S, extends: r, requires: {}}}
""",
        encoding="utf-8",
    )

    assert framework_table(load_framework(path), "csv").left_out == (
        "framework",
        "readiness",
        "extends of roles",
        "empty domains",
        "x- keys of other entries than competences",
        "x- keys that hold more than text",
    )


def test_show_all_writes_a_table(tmp_path):
    ran = run("show", "--all", "--format", "csv")
    assert ran.code == 0
    assert ran.out.startswith("domain id,domain,id,competence,")
    assert "A table has no place for: framework, readiness, training" in ran.err

    output = tmp_path / "framework.xlsx"
    assert run("show", "--all", "-o", output).code == 0
    assert output.read_bytes().startswith(b"PK")


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("--format", "csv"), "Add --all"),
        (("--all", "--format", "json"), "--all writes a table"),
        (("--all", "pmo-director"), "omit the name"),
        (("--all", "--resolved"), "omit the rest"),
    ],
)
def test_options_of_show_that_do_not_fit(args, message):
    ran = run("show", *args)

    assert ran.code == 2
    assert message in ran.err


@pytest.mark.parametrize(
    "mapping", ['scale: {1: "-5", 2: Good, 3: Best}', 'values: {"-5": 1}', "values: {-5: 1}"]
)
def test_a_number_below_zero_that_means_a_level_is_not_the_one_above_zero(made, mapping):
    table = "Area,Skill,Analyst,Manager\nDelivery,Planning,-5,2\n,Risk,3,5\n"

    result = made(table, mapping)

    assert "planning: 1\n" in result.text
    assert "risk: 5\n" in result.text
