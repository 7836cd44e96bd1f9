"""Spark scores parts of a table by the same query: row by row what one machine says."""

from __future__ import annotations

import csv
import io
import random
import re
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml
from tests.spark import SPARING, skip_without_spark
from tests.support import ROOT

from pmo_path import load_framework

if TYPE_CHECKING:
    from pmo_path.domain.cells import Meaning

skip_without_spark()

from pmo_path.app.sheet_scoring import Target, score_sheet
from pmo_path.batch import spark as on_spark
from pmo_path.batch.job import Job
from pmo_path.batch.results import ResultDetail
from pmo_path.batch.spark import score
from pmo_path.batch.spark_files import (
    Separated,
    free_folder,
    read_people,
    write_people,
)
from pmo_path.batch.spark_session import reading, session
from pmo_path.domain.errors import InputInvalid, OutputFailed, UsageProblem
from pmo_path.domain.options import SheetFormat
from pmo_path.readers.table import columns
from pmo_path.readers.table.sheet import SheetOptions

pytestmark = [
    pytest.mark.xdist_group("spark"),
    # Spark's own code opens sockets that it leaves to the end of the process.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

SHEETS = Path(__file__).resolve().parent / "sheets"
FRAMEWORK = load_framework(SHEETS / "framework.yaml")
SETTINGS = {"spark.sql.shuffle.partitions": "2", "spark.driver.extraJavaOptions": SPARING}
CELLS = ("0", "1", "2", "3", "", "n/a", "Able", "2 - Able", "2,0", "EXPERT", "expert ", "7", "x")
SHARES = (9, 9, 9, 9, 3, 2, 2, 2, 2, 2, 2, 0.3, 0.3)


@pytest.fixture(scope="module")
def spark(tmp_path_factory):
    with session("local[2]", SETTINGS, tmp_path_factory.mktemp("spark")) as running:
        yield running.spark


@pytest.fixture(scope="module")
def sheet(tmp_path_factory):
    """Three hundred people, some of whom cannot be scored."""
    dice = random.Random(7)
    path = tmp_path_factory.mktemp("people") / "people.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(
            ["person", "target role", "department", "Planning", "Risk Management", "Presenting"]
        )
        for number in range(300):
            role = dice.choice(["lead", "Leader", "member", "Team member"])
            role = "astronaut" if number % 60 == 7 else role
            person = 'Zoë, "the 7th"' if number in {40, 80} else f"P{number:04d}"
            person = "Total" if number == 299 else person
            ratings = dice.choices(CELLS, SHARES, k=3)
            writer.writerow([person, role, f"=Dept {number % 3}", *ratings])
    return path


LEAD = Job(FRAMEWORK, ("lead",), SheetOptions(has_roles=False))


def on_one_machine(sheet, tmp_path, job):
    target = Target(SheetFormat.CSV, tmp_path / "results.csv", tmp_path / "rejects.csv")
    done = score_sheet(sheet, "people.csv", job._replace(raw=True), target)
    return done, rows(target.results), rows(target.rejects)


def rows(path):
    return list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))


def collected(table):
    return [
        table.columns,
        *sorted(["" if cell is None else shown(cell) for cell in row] for row in table.collect()),
    ]


def shown(value):
    return str(value).lower() if isinstance(value, bool) else str(value)


@pytest.mark.parametrize(
    ("roles", "detail"),
    [
        ((), ResultDetail()),
        (("lead",), ResultDetail(long=True)),
        (("member", "lead"), ResultDetail(2, gaps=True)),
    ],
    ids=str,
)
def test_results_rejects_and_summary_are_those_of_one_machine(
    spark, sheet, tmp_path, roles, detail
):
    job = Job(
        FRAMEWORK, roles, SheetOptions(has_roles=not roles), detail, group_by=("department",)
    )
    done, results, rejects = on_one_machine(sheet, tmp_path, job)
    people = read_people(spark, str(sheet), Separated()).repartition(3)

    scored = score(people, job)
    account = scored.account()

    assert collected(scored.results) == [results[0], *sorted(results[1:])]
    assert without_lines(collected(scored.rejects)[1:]) == without_lines(
        row[4:] for row in rejects[1:]
    )
    assert (account.read, account.scored, account.rejected) == (
        done.read,
        done.scored,
        done.rejected,
    )
    assert account.team == done.team


def wide_framework():
    """Two hundred competences, and roles that require some of them each."""
    dice = random.Random(3)
    names = [f"c{number}" for number in range(200)]

    def required(count):
        return {
            name: {"level": dice.randint(2, 5), "importance": dice.randint(1, 5), "must_have": 1}
            for name in dice.sample(names, count)
        }

    return {
        "schema": 1,
        "framework": {"id": "wide", "version": "1.0.0", "title": "Wide"},
        "scale": {level: {"label": f"Level {level}"} for level in range(6)},
        "readiness": {
            "ready": {"label": "Ready", "at_least": 70, "must_haves_missing": 20},
            "early": {"label": "Early", "at_least": 0},
        },
        "domains": {
            "all": {"name": "All", "competences": {name: {"name": name} for name in names}}
        },
        "roles": {
            "all-of-it": {"name": "All of it", "requires": required(200)},
            "some-of-it": {"name": "Some of it", "requires": required(70)},
        },
        "training": {
            f"t{number}": {
                "title": f"Course {number}",
                "provider": "House",
                "develops": {name: {"from": 1, "to": 4} for name in dice.sample(names, 4)},
            }
            for number in range(30)
        },
    }


def write_sheet(path, framework, people, roles):
    """A sheet in which some people are in it twice, and some cells and roles are wrong."""
    dice = random.Random(5)
    cells = (*map(str, framework.levels), "", "n/a", "two")
    shares = (*(10 for _ in framework.levels), 5, 2, 0.05 / len(framework.competences) * 27)
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        ids = list(framework.competences)
        writer.writerow(["person", "target role", "department", *ids])
        for number in range(people):
            person = "anonymous" if number % 501 == 500 else f"P\u00e9 {number % (people - 20)}"
            role = "astronaut" if number % 301 == 300 else dice.choice(roles)
            ratings = dice.choices(cells, shares, k=len(ids))
            writer.writerow([person, role, f"Department {number % 7}", *ratings])


@pytest.mark.parametrize(
    "case",
    [
        ("shipped", 1000, (), ResultDetail(gaps=True)),
        ("shipped", 1000, ("pmo-director", "pmo-analyst", "pmo-manager"), ResultDetail()),
        ("shipped", 300, (), ResultDetail(long=True)),
        ("wide", 600, (), ResultDetail()),
        ("wide", 300, ("all-of-it", "some-of-it"), ResultDetail(gaps=True)),
    ],
    ids=str,
)
def test_whole_frameworks_are_scored_as_on_one_machine(spark, tmp_path, case):
    name, people, roles, detail = case
    wide = tmp_path / "wide.yaml"
    wide.write_text(yaml.safe_dump(wide_framework(), sort_keys=False), encoding="utf-8")
    framework = load_framework(wide if name == "wide" else None)
    sheet = tmp_path / "people.csv"
    write_sheet(sheet, framework, people, list(framework.roles))
    job = Job(
        framework,
        roles,
        SheetOptions(has_roles=not roles),
        detail,
        group_by=("department",),
        is_guarded=True,
    )
    target = Target(SheetFormat.CSV, tmp_path / "results.csv", tmp_path / "rejects.csv")
    done = score_sheet(sheet, "people.csv", job, target)

    table = read_people(spark, str(sheet), Separated())
    scored = score(table, job, output=SheetFormat.CSV)
    account = scored.account()

    results = rows(target.results)
    assert collected(scored.results) == [results[0], *sorted(results[1:])]
    assert without_lines(collected(scored.rejects)[1:]) == without_lines(
        row[4:] for row in rows(target.rejects)[1:]
    )
    assert (account.read, account.rejected) == (done.read, done.rejected)
    assert account.rejected > people // 100
    assert (account.team, account.guarded) == (done.team, done.guarded)
    scored.release()


def without_lines(rejected):
    """Rejected rows with reasons that name no line, which only one machine knows."""
    return sorted(
        [
            *row[:2],
            re.sub(r"is in line [0-9]+ too", "is in another row too", row[2]),
            *row[3:],
        ]
        for row in rejected
    )


@pytest.mark.parametrize(
    "lines",
    [
        # A delimiter at the end of every row, as many programs write it.
        ["person,Planning,Risk Management", "Ana,3,2,", "Bo,1,2,", "Cy,2,2,", "Di,2,3,4"],
        # One row alone ends so: its cells may belong to other columns.
        ["person,Planning,Risk Management", "Ana,3,2", "Bo,1,,2", "Cy,2,2", "Di,2,2", "Ed,2,,"],
        # The same person by other accents, case and roles, and in a row that is too short.
        [
            "person,Planning,role",
            "Zo\u00eb,3,lead",
            " ZOE\u0308 ,2,Leader",
            "Ana,1,lead",
            "Ana,2,member",
            "Bo,2,member",
            "Bo,2",
            "Max,2,member",
            "Max,x,member",
            "Cy,2,captain",
            "Cy,2,captain",
        ],
        # Quotes, and cells that a spreadsheet would run.
        ["person,Planning,note", '"Ana, the ""first""",3,=1+1', "Bo,x,-2", "@Cy,n/a,+"],
    ],
    ids=["trailing", "shifted", "twice", "quoted"],
)
def test_lines_are_divided_and_people_told_apart_as_on_one_machine(spark, tmp_path, lines):
    sheet = tmp_path / "people.csv"
    sheet.write_text("\n".join(lines), encoding="utf-8")
    roles = () if "role" in lines[0] else ("lead",)
    target = Target(SheetFormat.CSV, tmp_path / "results.csv", tmp_path / "rejects.csv")
    job = Job(FRAMEWORK, roles, SheetOptions(has_roles=not roles))
    done = score_sheet(sheet, "people.csv", job, target)

    table = read_people(spark, str(sheet), Separated())
    scored = score(table, job, output=SheetFormat.CSV)

    results, rejects = rows(target.results), rows(target.rejects) if done.rejected else []
    assert collected(scored.results) == [results[0], *sorted(results[1:])]
    # A line that cannot be divided is told whole.
    rejected = [
        ["", "", *row[2:]] if row[0] == "(line)" else row for row in collected(scored.rejects)[1:]
    ]
    assert without_lines(rejected) == without_lines(
        [*row[4:], *[""] * len(lines[0].split(","))][: 3 + len(lines[0].split(","))]
        for row in rejects[1:]
    )
    assert scored.account().team == done.team


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (
            ["Ana,3,2", "Bo,1,2", "person,Presenting,Planning", "Cy,2,2"],
            "the headings of a second table",
        ),
        (["Ana,3,2", ",1,2", "Bo,1,2", ",1,1", "Cy,1,2", ",1,2"], "some rows without a person"),
    ],
)
def test_a_table_in_which_the_order_of_rows_matters_is_refused(spark, tmp_path, lines, words):
    sheet = tmp_path / "people.csv"
    text = "\n".join(["person,Planning,Risk Management", *lines])
    sheet.write_text(text, encoding="utf-8")

    scored = score(read_people(spark, str(sheet), Separated()), LEAD)

    with pytest.raises(InputInvalid, match=words):
        scored.account()


@pytest.mark.parametrize("name", ["missing.csv", "broken.parquet"])
def test_what_spark_cannot_read_is_an_invalid_input(spark, tmp_path, name):
    (tmp_path / "broken.parquet").write_text("PAR1 and nothing more", encoding="utf-8")

    with pytest.raises(InputInvalid) as raised, reading(name):
        score(read_people(spark, str(tmp_path / name), Separated()), LEAD).account()

    assert raised.value.diagnostics[0].code == "PMO605"
    assert "\n" not in raised.value.diagnostics[0].message


def test_text_that_is_not_utf_8_is_noticed(spark, tmp_path):
    sheet = tmp_path / "people.csv"
    sheet.write_text("person,Planning\nZo\u00eb,3\nBo,2\n", encoding="cp1252")

    unread = score(read_people(spark, str(sheet), Separated()), LEAD).account()
    read = score(read_people(spark, str(sheet), Separated(encoding="cp1252")), LEAD)

    assert unread.sheet.notices == (
        "1 row has unreadable characters; if the text is not UTF-8, pass --encoding, such as cp1252",
    )
    assert [row[0] for row in collected(read.results)[1:]] == ["Bo", "Zo\u00eb"]
    assert read.account().sheet.notices == ()


def test_parquet_is_read_as_the_same_people(spark, sheet, tmp_path):
    text = read_people(spark, str(sheet), Separated())
    text.drop(text.columns[-1]).write.parquet(str(tmp_path / "people"))

    again = read_people(spark, str(tmp_path / "people"), Separated())

    assert collected(score(again, LEAD).results) == collected(score(text, LEAD).results)


def test_people_and_blank_rows_are_told_apart_as_on_one_machine(spark, tmp_path):
    sheet = tmp_path / "people.csv"
    lines = [
        "person,role,Planning",
        "Max,lead,1",
        "Ana,lead,3",
        " ANA ,Team-Leader,2",
        "Bo,lead,1",
        "bo,member,2",
        ",,",
        " , ,",
        "Total,lead,9",
        "Total,lead,2",
        " Cy ,lead,2",
    ]
    sheet.write_text("\n".join(lines).replace("Leader", "lead"), encoding="utf-8")
    done, results, _ = on_one_machine(sheet, tmp_path, Job(FRAMEWORK, ()))

    scored = score(read_people(spark, str(sheet), Separated()), Job(FRAMEWORK, ()))

    assert collected(scored.results) == [results[0], *sorted(results[1:])]
    assert [row[0] for row in results[1:]] == ["Max", "Bo", "bo", " Cy "]
    assert scored.account().read == done.read
    write_people(scored.results, free_folder(spark, str(tmp_path / "written")), SheetFormat.CSV)
    written = [row for part in (tmp_path / "written").glob("*.csv") for row in rows(part)]
    assert " Cy " in [row[0] for row in written]


def test_cells_mean_the_same_as_on_one_machine(spark, tmp_path):
    sheet = tmp_path / "people.csv"
    cells = ["3/5", "NA", "na", "None", "-", "2", "oops", "Able (2)", "None"] * 4
    people = "".join(f"P{number},{cell},1\n" for number, cell in enumerate(cells))
    sheet.write_text(f"person,Planning,Risk Management\n{people}", encoding="utf-8")
    values: dict[str, Meaning] = {"3/5": Decimal(3), "-": "unrated", "x": "n/a"}
    target = Target(SheetFormat.CSV, tmp_path / "results.csv", tmp_path / "rejects.csv")
    look = SheetOptions(values=values, has_roles=False)
    job = Job(FRAMEWORK, ("lead",), look)
    done = score_sheet(sheet, "people.csv", job, target)

    table = read_people(spark, str(sheet), Separated()).repartition(3)
    scored = score(table, job)
    account = scored.account()

    results = rows(target.results)
    assert collected(scored.results) == [results[0], *sorted(results[1:])]
    assert (account.scored, account.rejected) == (32, 4)
    notices = account.sheet.notices
    assert notices == done.sheet.notices
    assert [note.split(";")[0] for note in notices] == [
        "'None' was read as level 0 (its label) in 8 cells",
        "'NA' and 'na' were read as not applicable in 8 cells",
    ]
    assert account.sheet.remarks[-1] == done.sheet.remarks[-1]
    assert "'x'" in account.sheet.remarks[-1]


def test_ratings_under_an_empty_heading_below_the_first_rows_are_refused(spark, tmp_path):
    sheet = tmp_path / "people.csv"
    empty = "".join(f"P{number},3,,1\n" for number in range(3000))
    rated = "".join(f"Q{number},3,2,1\n" for number in range(3000))
    sheet.write_text(f"person,Planning,,Presenting\n{empty}{rated}", encoding="utf-8")
    target = Target(SheetFormat.CSV, tmp_path / "results.csv", None)
    with pytest.raises(InputInvalid) as alone:
        score_sheet(sheet, "people.csv", Job(FRAMEWORK, ("lead",)), target)

    with pytest.raises(InputInvalid) as raised:
        score(read_people(spark, str(sheet), Separated()), LEAD)

    expected = alone.value.diagnostics[0]
    actual = raised.value.diagnostics[0]
    assert (actual.code, actual.message) == (expected.code, expected.message)


def test_notices_are_kept_apart_from_remarks(spark, tmp_path, monkeypatch):
    sheet = tmp_path / "people.csv"
    sheet.write_text("person,Planning\nAna,3\n", encoding="utf-8")
    real = columns.match

    def with_a_notice(*given, **options):
        return real(*given, **options)._replace(remarks=("aside",), notices=("look at this",))

    monkeypatch.setattr(on_spark, "match", with_a_notice)

    scored = score(read_people(spark, str(sheet), Separated()), LEAD)

    sheet_read = scored.account().sheet
    assert (sheet_read.remarks, sheet_read.notices) == (("aside",), ("look at this",))


def test_what_is_there_already_is_seen_before_anything_is_written(spark, tmp_path):
    (tmp_path / "results.rejects").mkdir()

    with pytest.raises(OutputFailed, match="is there already"):
        free_folder(spark, str(tmp_path / "results.rejects"))


def test_a_broken_line_is_rejected_whole(spark):
    people = read_people(spark, str(SHEETS / "rejected/every-kind-of-row.csv"), Separated())

    rejects = collected(score(people, LEAD).rejects)

    assert ["(line)", "Di,1,2,3,4"] in [row[:2] for row in rejects]
    assert ["(line)", "Cy,1"] in [row[:2] for row in rejects]


@pytest.mark.parametrize(
    ("columns", "error", "words"),
    [
        (["person", "Planing"], InputInvalid, "nearly the competence"),
        (["person", "Planning", "_c2"], InputInvalid, "column 3 has no heading"),
        (["person", "competence", "rating"], UsageProblem, "scored on one machine"),
        (["person", "rater", "Planning"], UsageProblem, "scored on one machine"),
    ],
)
def test_a_table_that_cannot_be_used_says_why(spark, columns, error, words):
    people = spark.createDataFrame([tuple("1" for _ in columns)], columns)

    with pytest.raises(error, match=words):
        score(people, LEAD)


def test_the_example_of_the_documentation_scores_a_dataframe(spark, tmp_path, capsys):
    page = (ROOT / "docs" / "scale.md").read_text(encoding="utf-8")
    example = page.partition("```py\n")[2].partition("```")[0]
    people = spark.createDataFrame(
        [("Ana", "PMO", 3, 2), ("Bo", "PMO", 1, 5)],
        ["person", "department", "strategic-thinking", "pmo-team"],
    )

    exec(example.replace("s3a://hr", str(tmp_path)), {"people": people})

    assert capsys.readouterr().out.startswith("2 2 0 Team(")
    assert len(spark.read.parquet(str(tmp_path / "results")).collect()) == 2
