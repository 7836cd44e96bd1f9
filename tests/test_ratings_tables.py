"""Tables of one person's ratings, as spreadsheets save them, are read like those of many people."""

from __future__ import annotations

import csv
import io
import json

import openpyxl
import pytest
from tests.support import run

from pmo_path import assess, load_framework, load_ratings
from pmo_path.app.sheet_scoring import Target, score_sheet
from pmo_path.batch.job import Job
from pmo_path.domain.errors import InputInvalid
from pmo_path.domain.numbers import one_decimal
from pmo_path.domain.options import SheetFormat
from pmo_path.readers.ratings import ratings_from

FRAMEWORK = load_framework()
ROLE = ("--role", "pmo-director")
LONG = [
    ["competence", "rating", "evidence", "year", "confidence", "note"],
    ["Strategic Thinking", "3", "Für Müller geprüft", "2025", "high", "x"],
    ["pmo-team", "2 - Practised", "", "", "", ""],
    ["PMO design and set-up", "n/a", "", "", "", ""],
    ["data-decisions", "", "", "", "", ""],
]
NAMED = [
    ["Person", "Rater", "Target role", "Date", "Skill", "Level", "Evidence"],
    ["Zoë", "Manager", "PMO Director", "2026-03-01", "Strategic Thinking", "3", "Für Müller"],
    ["Zoë", "Manager", "PMO Director", "2026-03-01", "pmo-team", "2", ""],
]
WIDE = [
    ["Person", "Target role", "Date", "Strategic Thinking", "PMO team", "Note"],
    ["Zoë", "PMO Director", "2026-03-01", "3", "2 - Practised", "Für Müller"],
]


def text(rows, delimiter=",", encoding="utf-8"):
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    return stream.getvalue().encode(encoding)


def workbook(*sheets, titles=("Ratings", "More", "Rest")):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in zip(titles, sheets, strict=False):
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


NUMBERS = [
    [int(cell) if cell in {"2", "3", "2025"} else cell or None for cell in row] for row in LONG
]
NOTES = [["How to fill in this workbook"], [], ["Rate each competence from 0 to 5"]]
READ_AS = {
    "plain.csv": (text, ""),
    "semicolons.csv": (lambda rows: text(rows, ";"), ""),
    "tabs.tsv": (lambda rows: text(rows, "\t"), ""),
    "bars.csv": (lambda rows: text(rows, "|"), ""),
    "mark.csv": (lambda rows: text(rows, ";", "utf-8-sig"), ""),
    "windows.csv": (
        lambda rows: text(rows, ";", "cp1252"),
        "read as semicolon-separated, Windows-1252",
    ),
    "excel.csv": (lambda rows: text(rows, "\t", "utf-16"), "read as tab-separated, UTF-16"),
    "big.csv": (lambda rows: text(rows, ",", "utf-16-be"), "read as comma-separated, UTF-16"),
    "book.xlsx": (workbook, "read sheet 'Ratings' of the workbook"),
}


def ratings(content, name):
    return ratings_from(content, name, FRAMEWORK)


@pytest.mark.parametrize("name", READ_AS)
@pytest.mark.parametrize("rows", [LONG, NAMED, WIDE], ids=["long", "named", "wide"])
def test_every_encoding_delimiter_and_workbook_gives_the_same_ratings(name, rows):
    assert ratings(READ_AS[name][0](rows), name) == ratings(text(rows), "plain.csv")


def test_a_table_holds_all_that_yaml_does():
    as_yaml = (
        "ratings:\n  strategic-thinking: "
        "{level: 3, evidence: Für Müller geprüft, year: 2025, confidence: high}\n"
        "  pmo-team: 2\n  pmo-design: n/a\n  data-decisions:\n"
    )
    facts = "person: Zoë\ntarget: pmo-director\ndate: 2026-03-01\n"
    few = f"{facts}ratings: {{strategic-thinking: 3, pmo-team: 2}}\n"
    named = (
        f"rater: Manager\n{facts}ratings:\n  "
        "strategic-thinking: {level: 3, evidence: Für Müller}\n  pmo-team: 2\n"
    )

    assert ratings(text(LONG), "x.csv") == ratings(as_yaml.encode(), "x.yaml")
    assert ratings(text(NAMED), "x.csv") == ratings(named.encode(), "x.yaml")
    assert ratings(text(WIDE), "x.csv") == ratings(few.encode(), "x.yaml")
    assert ratings(workbook(NUMBERS), "x.xlsx") == ratings(as_yaml.encode(), "x.yaml")


@pytest.mark.parametrize("name", READ_AS)
def test_how_a_table_was_read_is_noted_unless_it_is_plain_utf_8(tmp_path, name):
    as_bytes, note = READ_AS[name]
    (tmp_path / name).write_bytes(as_bytes(LONG))
    (tmp_path / "plain.csv").write_bytes(text(LONG))

    ran = run("assess", name, *ROLE, cwd=tmp_path)

    assert ran.err == (f"{name}:1: note: {note}\n" if note else "")
    assert ran.out == run("assess", "plain.csv", *ROLE, cwd=tmp_path).out


def test_stdin_and_a_name_without_an_ending_are_read_as_well(tmp_path):
    content = text(LONG, ";", "cp1252")
    (tmp_path / "ratings").write_bytes(content)

    assert run("assess", "ratings", *ROLE, cwd=tmp_path).err.startswith("ratings:1: note: read as")
    assert ratings(workbook(LONG), "<stdin>") == ratings(content, "<stdin>")


def test_titles_above_the_header_and_other_sheets_are_noted(tmp_path):
    titled = workbook(NOTES, [["Team 7"], *LONG], NAMED)
    (tmp_path / "book.xlsx").write_bytes(titled)
    (tmp_path / "titled.csv").write_bytes(text([["Team 7"], [], *LONG]))

    assert run("assess", "book.xlsx", *ROLE, cwd=tmp_path).err == (
        "book.xlsx:2: note: read sheet 'More' of the workbook\n"
        "book.xlsx:2: note: header row found in line 2; skipped line 1\n"
        "book.xlsx:2: note: did not read sheet 'Rest'; save the sheet that counts as a file of its "
        "own\n"
    )
    assert run("assess", "titled.csv", *ROLE, cwd=tmp_path).err == (
        "titled.csv:3: note: header row found in line 3; skipped line 1\n"
    )


# --- The same figures as batch ------------------------------------------------------------------


@pytest.mark.parametrize("name", ["semicolons.csv", "windows.csv", "excel.csv", "book.xlsx"])
@pytest.mark.parametrize("rows", [NAMED, WIDE], ids=["long", "wide"])
def test_assess_and_batch_give_the_same_figures_for_the_same_table(tmp_path, name, rows):
    (tmp_path / name).write_bytes(READ_AS[name][0](rows))
    job = Job(FRAMEWORK, ("pmo-director",))

    score_sheet(
        tmp_path / name, name, job, Target(SheetFormat.CSV, tmp_path / "results.csv", None)
    )
    report = assess(FRAMEWORK, load_ratings(tmp_path / name, FRAMEWORK), "pmo-director")

    with (tmp_path / "results.csv").open(encoding="utf-8", newline="") as stream:
        row = next(csv.DictReader(stream))
    assert report.readiness is not None
    assert report.band is not None
    figures = ("readiness", "readiness_low", "readiness_high")
    assert [row[figure] for figure in figures] == list(map(one_decimal, report.readiness[:3]))
    assert (row["at_target"], row["applicable"]) == (str(report.at_target), str(report.applicable))
    assert row["top_gaps"] == "|".join(report.gaps[:5])
    assert row["band"] == report.band.id


# --- Mistakes -----------------------------------------------------------------------------------

NO_COLUMNS = "the columns 'competence' and 'rating' are not there"
FIRST_LINE = "the first line names the columns: competence,rating; a sheet of people is for 'pmo-path batch'"
OTHER_NAMES = (
    "name the columns 'competence' and 'rating'; 'pmo-path batch' has options for other tables: "
    "--map, --heading-line and --delimiter"
)
LEVELS = "use 0, 1, 2, 3, 4, 5, n/a, or leave it empty"
PEOPLE = (
    "{}: PMO114 error: this seems to be a sheet of people, not a ratings file\n"
    "  hint: give it to 'pmo-path batch'\n"
)
MANY = [WIDE[0], WIDE[1], ["Bo", *WIDE[1][1:]]]
BAD = {
    "people.csv": (text(MANY, ";", "cp1252"), PEOPLE.format("people.csv")),
    "people.xlsx": (workbook(MANY), PEOPLE.format("people.xlsx")),
    "people-by-row.xlsx": (
        workbook([*NAMED, ["Bo", *NAMED[1][1:]]]),
        PEOPLE.format("people-by-row.xlsx"),
    ),
    "raters.csv": (
        text([*NAMED, ["Zoë", "Peer", *NAMED[1][2:]]]),
        (
            "raters.csv:1:1: PMO114 error: the column of raters names more than one: 'Manager' and "
            "'Peer'\n"
            "     1 | Person,Rater,Target role,Date,Skill,Level,Evidence\n"
            "       | ^\n"
            "  hint: save a file for each rater, or combine them with 'pmo-path batch'\n"
        ),
    ),
    "table.parquet": (
        b"PAR1 and so on",
        (
            "table.parquet: PMO114 error: this is a Parquet table, not a ratings file\n"
            "  hint: if it is a sheet of people, give it to 'pmo-path batch'\n"
        ),
    ),
    "quote.csv": (
        b'competence;rating\r\n"Strategic Thinking;3\r\npmo-team;9\r\n',
        (
            "quote.csv:2:1: PMO104 error: a quote is not closed, or has text behind it\n"
            '     2 | "Strategic Thinking;3\n'
            "       | ^\n"
            "quote.csv:3:1: PMO502 error: '9' is not a level of the scale\n"
            "     3 | pmo-team;9\n"
            "       | ^\n"
            f"  hint: {LEVELS}\n"
        ),
    ),
    "cells.csv": (
        text([*LONG[:2], ["pmo-team", "3", "", "", "", "", "more"], ["", "3"]], ";", "cp1252"),
        (
            "cells.csv:3:1: PMO203 error: 7 cells in a row, but 6 columns\n"
            "     3 | pmo-team;3;;;;;more\n"
            "       | ^\n"
            "  hint: put text that holds the separator in quotes\n"
            "cells.csv:4:1: PMO201 error: the competence is missing\n"
            "     4 | ;3\n"
            "       | ^\n"
        ),
    ),
    "doubled.csv": (
        text([*WIDE[:1], ["Zoë", "", "PMO Director", "2026-03-01", "3", "2", ""]]),
        (
            "doubled.csv:2:1: PMO203 error: one empty cell too many for 6 columns: a delimiter may "
            "be doubled, or part of a number or text, so cells may be in the wrong columns; remove "
            "the extra delimiter, or put the number or text in quotes\n"
            "     2 | Zoë,,PMO Director,2026-03-01,3,2,\n"
            "       | ^\n"
        ),
    ),
    "short.csv": (
        text([*WIDE[:1], ["Zoë", "2026-03-01", "3", "2", "x"]]),
        (
            "short.csv:2:1: PMO203 error: 5 cells, but 6 columns\n"
            "     2 | Zoë,2026-03-01,3,2,x\n"
            "       | ^\n"
        ),
    ),
    "level.xlsx": (
        workbook([*LONG[:2], ["pmo-team", 9], ["nobody", 3], ["Strategic Thinking", 2]]),
        (
            "level.xlsx:3:1: PMO502 error: '9' is not a level of the scale\n"
            f"  hint: {LEVELS}\n"
            "level.xlsx:4:1: PMO501 error: there is no competence 'nobody'\n"
            "  hint: 'pmo-path show' lists them\n"
            "level.xlsx:5:1: PMO503 error: 'Strategic Thinking' is rated twice: first in line 2\n"
            "  hint: keep one of the two\n"
        ),
    ),
    "wide.csv": (
        text([WIDE[0], ["Zoë", "", "", "7", "3 or 4", ""]], ";", "utf-16"),
        (
            "wide.csv:2:1: PMO502 error: 'PMO team' is '3 or 4', which is not a level of the "
            "scale\n"
            "     2 | Zoë;;;7;3 or 4;\n"
            "       | ^\n"
            f"  hint: {LEVELS}\n"
            "wide.csv:2:1: PMO502 error: 'Strategic Thinking' is '7', which is not a level of the "
            "scale\n"
            "     2 | Zoë;;;7;3 or 4;\n"
            "       | ^\n"
            f"  hint: {LEVELS}\n"
        ),
    ),
    "others.csv": (
        text([["Stadt", "Straße"], ["Köln", "Ring"]], ";", "cp1252"),
        (
            f"others.csv:1:1: PMO201 error: {NO_COLUMNS}\n"
            "     1 | Stadt;Straße\n"
            "       | ^\n"
            f"  hint: {FIRST_LINE}\n"
        ),
    ),
    "others.xlsx": (
        workbook([["Stadt", "Straße"], ["Köln", "Ring"]]),
        f"others.xlsx:1:1: PMO201 error: {NO_COLUMNS}\n  hint: {FIRST_LINE}\n",
    ),
    "rejects.xlsx": (
        workbook(
            [["rejected_line", "rejected_column", "person", "PMO team"], [2, "PMO team", "Zoë", 9]]
        ),
        (
            "rejects.xlsx: PMO114 error: this is a sheet of rejected rows, not a ratings file\n"
            "  hint: fix the rows and pass it to 'pmo-path batch' with --fixed, beside the sheet\n"
        ),
    ),
    "two.csv": (
        text([["skill", "level", "boss"], ["pmo-team", "3", "2"], ["pmo-design", "2", "3"]]),
        (
            "two.csv:1:1: PMO609 error: more than one column may hold the ratings: 'level', 'boss'\n"
            "     1 | skill,level,boss\n"
            "       | ^\n"
            f"  hint: {OTHER_NAMES}\n"
        ),
    ),
    "nearly.csv": (
        "competence,rating\r\nZoë,3\r\nFür,2\r\n".encode() + b"M\xfcller,3\r\n",
        (
            "nearly.csv:4:1: PMO103 error: the file is UTF-8, but for 1 byte; the first is 0xFC\n"
            "  hint: save the file again as UTF-8\n"
        ),
    ),
    "damaged.xlsx": (
        workbook(LONG)[:-100],
        (
            "damaged.xlsx: PMO605 error: this workbook cannot be read: File is not a zip file\n"
            "  hint: open it in a spreadsheet program and save it again as .xlsx, or as CSV\n"
        ),
    ),
    "old.csv": (
        b"\xd0\xcf\x11\xe0 and so on",
        (
            "old.csv: PMO605 error: this is an old Excel file (.xls), not a table of text\n"
            "  hint: save it as .xlsx or as CSV\n"
        ),
    ),
    "blank.csv": (
        "\r\n".encode("utf-16"),
        "blank.csv: PMO605 error: the sheet is empty\n  hint: export it again\n",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_mistakes_in_a_table_are_named_with_file_and_line(tmp_path, name):
    content, expected = BAD[name]
    (tmp_path / name).write_bytes(content)

    ran = run("assess", name, *ROLE, cwd=tmp_path)

    assert (ran.code, ran.out, ran.err) == (3, "", expected)


def test_a_rating_column_called_so_counts_whatever_stands_beside_it():
    rows = [["competence", "rating", "boss"], ["pmo-team", "3", "2"], ["pmo-design", "2", "3"]]

    assert ratings(text(rows), "x.csv") == ratings(text([row[:2] for row in rows]), "x.csv")


def test_a_date_or_role_that_is_none_is_not_read():
    rows = [["competence", "rating", "date", "role"], ["pmo-team", "3", "1.3.2026", "clerk"]]

    read = ratings(text(rows), "x.csv")

    assert (read.date, read.target) == (None, None)


@pytest.mark.parametrize(
    ("dates", "reason"),
    [
        (("23.11.2026", "23.11.2026"), "'23.11.2026' is not a date such as 2026-11-23"),
        (
            ("2026-11-23", "2026-11-24"),
            "it holds several dates, such as '2026-11-23' and '2026-11-24'",
        ),
    ],
    ids=["of another form", "several"],
)
def test_a_column_of_dates_that_gives_no_date_is_noted(tmp_path, dates, reason):
    rows = [
        ["competence", "rating", "date"],
        ["Strategic Thinking", "3", dates[0]],
        ["pmo-team", "2", dates[1]],
    ]
    (tmp_path / "me.csv").write_bytes(text(rows))
    done = run("assess", "me.csv", *ROLE, "--format", "json", cwd=tmp_path)
    assert done.code == 0
    assert done.err == f"me.csv:1: note: the column 'date' is not used: {reason}\n"


@pytest.mark.parametrize(
    ("roles", "reason"),
    [
        (("clerk", ""), "'clerk' is not a role of the framework"),
        (
            ("PMO Directer", ""),
            "'PMO Directer' is not a role of the framework; did you mean 'pmo-director'?",
        ),
        (
            ("PMO Manager", "PMO Director"),
            "it holds several roles, such as 'PMO Manager' and 'PMO Director'",
        ),
    ],
    ids=["unknown", "misspelt", "several"],
)
def test_a_column_of_roles_that_gives_no_role_is_noted(tmp_path, roles, reason):
    rows = [
        ["competence", "rating", "Role"],
        ["Strategic Thinking", "3", roles[0]],
        ["pmo-team", "2", roles[1]],
    ]
    (tmp_path / "me.csv").write_bytes(text(rows))
    done = run("assess", "me.csv", *ROLE, "--format", "json", cwd=tmp_path)
    assert done.code == 0
    assert done.err == f"me.csv:1: note: the column 'Role' is not used: {reason}\n"


def test_the_role_held_is_not_the_role_aimed_at():
    rows = [["role", "target role", "competence", "rating"]]
    rows += [["PMO Manager", "PMO Director", "pmo-team", "3"]]

    assert ratings(text(rows), "x.csv").target == "pmo-director"


def test_a_parquet_file_on_stdin_is_refused():
    with pytest.raises(InputInvalid) as caught:
        ratings(b"PAR1", "<stdin>")

    assert caught.value.diagnostics[0].code == "PMO114"


# --- Compare and history ------------------------------------------------------------------------


def test_compare_reads_tables_of_two_dates(tmp_path):
    later = [NAMED[0], *([*row[:3], "2026-09-01", row[4], "4", ""] for row in NAMED[1:])]
    (tmp_path / "march.csv").write_bytes(text(NAMED, ";", "cp1252"))
    (tmp_path / "september.xlsx").write_bytes(workbook(later))
    names = ("march.csv", "september.xlsx")

    ran = run("compare", *names, "--format", "json", cwd=tmp_path)

    compared = json.loads(ran.out)
    assert (ran.code, ran.err) == (0, "")
    assert compared["notes"][:2] == [
        "march.csv:1: read as semicolon-separated, Windows-1252",
        "september.xlsx:1: read sheet 'Ratings' of the workbook",
    ]
    assert compared["verdict"].startswith("Of 2 competences rated both times, 2 are higher")


def test_history_reads_the_tables_in_a_folder_and_names_those_of_many_people(tmp_path):
    (tmp_path / "a.csv").write_bytes(text(NAMED, ";", "cp1252"))
    (tmp_path / "b.xlsx").write_bytes(workbook(WIDE))
    (tmp_path / "people.xlsx").write_bytes(workbook(MANY))

    ran = run("history", ".", cwd=tmp_path)

    assert ran.code == 0
    assert ran.err == (
        "a.csv:1: note: read as semicolon-separated, Windows-1252\n"
        "b.xlsx:1: note: read sheet 'Ratings' of the workbook\n"
    )
    assert "2026-03-01" in ran.out
    assert "people.xlsx: this is a workbook, not ratings; if it is a sheet of people" in ran.out


def test_history_lists_the_mistakes_of_a_table_of_ratings_in_a_folder(tmp_path):
    (tmp_path / "a.csv").write_bytes(text(NAMED))
    (tmp_path / "bad.xlsx").write_bytes(BAD["level.xlsx"][0])

    ran = run("history", ".", cwd=tmp_path)

    assert ran.code == 3
    assert "bad.xlsx:3:1: PMO502 error: '9' is not a level of the scale" in ran.err
