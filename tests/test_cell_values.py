"""What cells of sheets are read as: levels in every spelling, and what a mapping makes of them."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import duckdb
import openpyxl
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.support import run

from pmo_path import load_framework
from pmo_path.app.sheet_scoring import Target, score_sheet
from pmo_path.batch.job import Job
from pmo_path.batch.results import ResultDetail
from pmo_path.domain.cells import cell_key
from pmo_path.domain.errors import InputInvalid
from pmo_path.domain.options import SheetFormat
from pmo_path.readers.table.sheet import SheetOptions

FRAMEWORK = Path(__file__).resolve().parent / "sheets" / "framework.yaml"
FRAMEWORK_MODEL = load_framework(FRAMEWORK)


def batch(*args, **options):
    return run("batch", *args, "--role", "lead", "--framework", FRAMEWORK, **options)


def rows(text):
    return list(csv.DictReader(io.StringIO(text)))


# --- Spellings of levels ------------------------------------------------------------------------


def test_computed_levels_are_read_in_parquet(tmp_path):
    sheet = tmp_path / "people.parquet"
    duckdb.execute(
        "COPY (FROM (VALUES ('Ana', 2.9999999999999996::DOUBLE, 5.55e-17::DOUBLE), "
        "('Bo', 2.9::DOUBLE, 2.000000001::DOUBLE)) t(person, Planning, Presenting)) "
        f"TO '{sheet}' (FORMAT parquet)"
    )

    ran = batch(sheet, "-q", "--gaps")

    assert [(row["gap_planning"], row["gap_presenting"]) for row in rows(ran.out)] == [("0", "2")]
    assert "people.parquet:2: PMO612 rejected: Planning is '2.9'" in ran.err


# --- A mapping translates cells -----------------------------------------------------------------

MAP = """\
values:
  3/5: 3
  \u2605\u2605\u2606: Able
  Guru (9): 3 - Expert
  "-": unrated
  NA: unrated
  none: unrated
  Don't know: Unrated
  not my job: n/a
  "-1": n/a
  1: 2
"""
SAID = [
    ["person", "Planning", "Risk Management", "Presenting"],
    ["Ana", "3/5", "\u2605\u2605\u2606", "guru (9)"],
    ["Bo", "-", "NA", "don't  know"],
    ["Cy", "Not my job", "1", "1.0"],
    ["Di", "-1", " none ", "NONE"],
    ["Ed", "n/a", "2", "Learning"],
]
MEANT = [
    ["person", "Planning", "Risk Management", "Presenting"],
    ["Ana", "3", "2", "3"],
    ["Bo", "", "", ""],
    ["Cy", "n/a", "2", "2"],
    ["Di", "n/a", "", ""],
    ["Ed", "n/a", "2", "1"],
]


def text_of(table, **how):
    out = io.StringIO()
    csv.writer(out, lineterminator="\n", **how).writerows(table)
    return out.getvalue()


def long_of(table):
    heading, *people = table
    rated = [
        [person, competence, rating]
        for person, *ratings in people
        for competence, rating in zip(heading[1:], ratings, strict=True)
    ]
    return [["person", "competence", "rating"], *rated]


def write_clean(table, folder):
    (folder / "people.csv").write_text(text_of(table), encoding="utf-8")
    return folder / "people.csv"


def write_copied(table, folder):
    text = text_of(table, quoting=csv.QUOTE_ALL)
    (folder / "people.csv").write_text(text, encoding="utf-16")
    return folder / "people.csv"


def write_long(table, folder):
    return write_clean(long_of(table), folder)


def write_workbook(table, folder):
    workbook = openpyxl.Workbook()
    for row in table:
        workbook.active.append(row)
    workbook.save(folder / "people.xlsx")
    return folder / "people.xlsx"


def write_parquet(table, folder):
    write_clean(table, folder)
    duckdb.execute(
        f"COPY (FROM read_csv('{folder}/people.csv', all_varchar = true)) "
        f"TO '{folder}/people.parquet' (FORMAT parquet)"
    )
    return folder / "people.parquet"


KINDS = pytest.mark.parametrize(
    "write", [write_clean, write_copied, write_long, write_workbook, write_parquet]
)


def all_scored(people, write):
    count = people * 3 if write is write_long else people
    return f"{count} rows read: {count} scored, 0 rejected\n"


@KINDS
def test_translated_cells_count_as_what_they_mean(tmp_path, write):
    (tmp_path / "map.yaml").write_text(MAP, encoding="utf-8")
    plain = batch(write(MEANT, tmp_path), "-q", "--gaps")

    ran = batch(write(SAID, tmp_path), "-q", "--gaps", "--map", tmp_path / "map.yaml")

    assert ran.err == all_scored(5, write)
    assert rows(ran.out) == rows(plain.out)
    assert len(rows(ran.out)) == 5


@pytest.mark.parametrize("quoting", [csv.QUOTE_MINIMAL, csv.QUOTE_ALL], ids=["clean", "copied"])
def test_a_word_may_come_late_and_often(tmp_path, quoting):
    (tmp_path / "map.yaml").write_text("values: {3/5: 3, 9: n/a}", encoding="utf-8")
    cells = ["2"] * 2000 + ["3/5"] * 6000 + ["None"] * 6000 + ["9"]
    table = [["person", "Planning"], *([f"P{number}", cell] for number, cell in enumerate(cells))]
    (tmp_path / "people.csv").write_text(text_of(table, quoting=quoting), encoding="utf-8")

    ran = batch("people.csv", "-q", "--gaps", "--map", "map.yaml", cwd=tmp_path)

    assert ran.err == (
        "people.csv: note: 'None' was read as level 0 (its label) in 6,000 cells; if it means no "
        "answer, pass --map with 'values: {None: unrated}'\n"
        "14,001 rows read: 14,001 scored, 0 rejected\n"
    )
    gaps = [row["gap_planning"] for row in rows(ran.out)]
    assert gaps == ["1"] * 2000 + ["0"] * 6000 + ["3"] * 6000 + [""]


def test_translations_of_what_is_not_there_are_named(tmp_path):
    (tmp_path / "map.yaml").write_text("values: {x: 1, y: 2, 5/5: 3, NA: n/a}", encoding="utf-8")

    ran = batch(
        *("-", "--map", tmp_path / "map.yaml"), stdin=b"person,Planning\nAna,Y\nBo,5/5\nCy,oops\n"
    )

    assert "<stdin>: the mapping translates cells that are not there: 'x', 'NA'\n" in ran.err


def test_a_text_behind_values_is_what_the_column_values_holds(tmp_path):
    (tmp_path / "map.yaml").write_text("values: planning\nX: carry\n", encoding="utf-8")

    ran = batch("-", "-q", "--map", tmp_path / "map.yaml", stdin=b"person,Values,X\nAna,3,3\n")

    assert rows(ran.out)[0]["readiness_low"] == "60.0"


def test_every_mistake_in_translations_is_named_with_its_place(tmp_path):
    (tmp_path / "map.yaml").write_text(
        """\
Planning: planning
values:
  NA: unrated
  na : 2
  3/5: Expret
  4/5: unratd
  5/5: 7
  "": 3
  x:
  y: [1]
  z: true
  Level 3: Level 3
value: {a: 3}
""",
        encoding="utf-8",
    )

    ran = batch("-", "--map", "map.yaml", stdin=b"person,Planning\nAna,3\n", cwd=tmp_path)

    assert (ran.code, ran.out) == (3, "")
    use = "a level (0, 1, 2, 3, or its label), n/a or unrated"
    assert [line for line in ran.err.splitlines() if "|" not in line] == [
        "map.yaml:4:3: PMO105 error: 'na' is translated twice: 'NA' is the same cell",
        "  map.yaml:3:3: it is first here",
        (
            "  hint: case, spaces around and the way a number is written do not count; "
            "keep one of the two"
        ),
        "map.yaml:5:8: PMO604 error: '3/5' is to be 'Expret', which is no level of the scale",
        "  hint: did you mean 'Expert'?",
        "map.yaml:6:8: PMO604 error: '4/5' is to be 'unratd', which is no level of the scale",
        "  hint: did you mean 'unrated'?",
        "map.yaml:7:8: PMO604 error: '5/5' is to be '7', which is no level of the scale",
        f"  hint: use {use}",
        "map.yaml:8:3: PMO203 error: an empty cell is unrated, and cannot mean anything else",
        "  hint: take it out",
        "map.yaml:9:5: PMO203 error: expected a level for 'x'",
        f"  hint: write {use}",
        "map.yaml:10:6: PMO203 error: expected a level for 'y'",
        f"  hint: write {use}",
        "map.yaml:11:6: PMO203 error: expected a level for 'z'",
        f"  hint: write {use}",
        (
            "map.yaml:12:12: PMO604 error: 'Level 3' is to be 'Level 3', which is no level of the "
            "scale"
        ),
        f"  hint: use {use}",
        "map.yaml:13:8: PMO203 error: expected a name for 'value'",
        "  hint: cells are translated in the section 'values': 'values: {\"cell\": level}'",
    ]


@pytest.mark.parametrize(
    ("cell", "other", "is_same"),
    [
        ("NA", " na ", True),
        ("don't know", "Don't  Know", True),
        ("3", "3,0", True),
        ("3", "\uff13", True),
        ("\u00e9", "e\u0301", True),
        ("-1", "1", False),
        ("-", "", False),
        ("-", "\u2013", False),
        ("3-4", "3 4", False),
        ("5\u00b2", "52", False),
    ],
)
def test_what_counts_as_the_same_cell(cell, other, is_same):
    assert (cell_key(cell) == cell_key(other)) == is_same


WORDS = ["0", "1", "2", "3", "Able", "none", "NA", "n/a", "3/5", "-", "x'y", '"', "%", "Expert"]


@given(
    values=st.dictionaries(
        st.sampled_from(WORDS), st.sampled_from([*FRAMEWORK_MODEL.levels, "n/a", "unrated"])
    ),
    cells=st.lists(st.tuples(*[st.sampled_from(WORDS)] * 3), min_size=1, max_size=60),
    is_copied=st.booleans(),
)
@settings(max_examples=25)
def test_a_translated_sheet_has_the_results_of_the_translation(
    tmp_path_factory, values, cells, is_copied
):
    folder = tmp_path_factory.mktemp("translated")
    spoken = [
        ("person", *SAID[0][1:]),
        *((f"P{number}", *row) for number, row in enumerate(cells)),
    ]
    meant = [spoken[0]] + [
        (
            person,
            *("" if (new := values.get(cell, cell)) == "unrated" else str(new) for cell in row),
        )
        for person, *row in spoken[1:]
    ]
    write = write_copied if is_copied else write_clean

    try:
        both = scored(spoken, folder, write, values), scored(meant, folder, write, {})
    except InputInvalid as problem:
        # A sheet in which nothing at all is a level is refused.
        assume(all(diagnostic.code != "PMO603" for diagnostic in problem.diagnostics))
        raise

    assert both[0] == both[1]


def scored(table, folder, write, values):
    results = folder / "results.csv"
    options = SheetOptions(values=values, delimiter=None if write is write_copied else ",")
    source = write(table, folder)
    job = Job(FRAMEWORK_MODEL, ("lead",), options, ResultDetail(gaps=True))
    done = score_sheet(source, "people", job, Target(SheetFormat.CSV, results, None))
    return (
        results.read_text(encoding="utf-8"),
        [(reject.line, reject.column) for reject in done.rejects],
    )


# --- Rejected cells -----------------------------------------------------------------------------


@KINDS
def test_a_rejected_word_comes_with_the_line_that_translates_it(tmp_path, write):
    table = [SAID[0], ["Ana", "3/5", '"3"', "7"], ["Bo", "3", "7", "2"]]
    reason = "not a level of the scale: use 0, 1, 2, 3, n/a, or leave it empty"

    ran = batch(write(table, tmp_path), "-q")

    assert ran.code == 1
    if write is write_long:
        translated = ['{"3/5": LEVEL}', '{"\\"3\\"": LEVEL}']
        assert f" rejected: rating is '7': {reason}\n" in ran.err
    else:
        translated = ['{"3/5": LEVEL, "\\"3\\"": LEVEL}']
        assert f" rejected: Risk Management is '7': {reason}\n" in ran.err
    what = "it" if write is write_long else "them"
    for said in translated:
        assert f": {reason}; to translate {what}, pass --map with 'values: {said}'\n" in ran.err


def test_the_line_translates_the_cell_once_the_level_is_in_it(tmp_path):
    sheet = tmp_path / "people.csv"
    sheet.write_text('person;Planning\nAna;"it\'s ""4"" \\ {of}: 5"\nBo;=3\n', encoding="utf-8")
    told = batch(sheet, "-q").err
    lines = [line.partition("--map with '")[2].rstrip("'") for line in told.splitlines()[:2]]
    sections = [line.removeprefix("values: {").removesuffix("}") for line in lines]
    mapped = f"values: {{{', '.join(sections)}}}".replace("LEVEL", "3")
    (tmp_path / "map.yaml").write_text(mapped, encoding="utf-8")

    ran = batch(sheet, "-q", "--map", tmp_path / "map.yaml")

    assert ran.err == "2 rows read: 2 scored, 0 rejected\n"


# --- Words that programs write for no value -----------------------------------------------------

NOTICE_OF_NONE = (
    "note: 'None' was read as level 0 (its label) in 2 cells; if it means no answer, pass --map "
    "with 'values: {None: unrated}'\n"
)
NOTICE_OF_NA = (
    "note: 'NA' and 'na' were read as not applicable in 3 cells; if it means no answer, pass "
    "--map with 'values: {NA: unrated}'\n"
)
DOUBTFUL = [
    SAID[0],
    ["Ana", "None", "NA", "n/a"],
    ["Bo", "3", " na ", "None"],
    ["Cy", "0", "0 - None", "NA"],
    ["Di", "none (0)", "not applicable", "N.A."],
]


@KINDS
@pytest.mark.parametrize("quiet", [[], ["-q"]], ids=["said", "quiet"])
def test_a_run_says_how_it_read_what_may_mean_no_answer(tmp_path, write, quiet):
    ran = batch(write(DOUBTFUL, tmp_path), *quiet)

    assert ran.code == 0
    said = [line.partition(": ")[2] for line in ran.err.splitlines(keepends=True)]
    assert [line for line in said if line.startswith("note: ")] == [NOTICE_OF_NONE, NOTICE_OF_NA]


@KINDS
def test_nothing_is_said_where_the_mapping_says_it(tmp_path, write):
    (tmp_path / "map.yaml").write_text("values: {na: n/a, NONE: 0}", encoding="utf-8")

    ran = batch(write(DOUBTFUL, tmp_path), "-q", "--map", tmp_path / "map.yaml")

    assert ran.err == all_scored(4, write)


def test_nothing_is_said_of_words_that_mean_one_thing(tmp_path):
    table = [SAID[0], ["Ana", "0", "n/a", "0 - None"], ["Bo", "N/A", "not applicable", "None (0)"]]

    ran = batch(write_clean(table, tmp_path), "-q")

    assert ran.err == "2 rows read: 2 scored, 0 rejected\n"


def test_what_programs_write_for_no_value_and_the_scale_does_not_know_is_rejected(tmp_path):
    table = [
        SAID[0],
        *(
            [person, word, "3", "3"]
            for person, word in zip("abcd", ["NaN", "NULL", "nil", "#N/A"], strict=True)
        ),
    ]
    (tmp_path / "map.yaml").write_text(
        "values: {NaN: unrated, null: unrated, nil: n/a, '#N/A': unrated}", encoding="utf-8"
    )

    ran = batch(write_clean(table, tmp_path), "-q")
    mapped = batch(write_clean(table, tmp_path), "-q", "--map", tmp_path / "map.yaml")

    assert ran.err.count("PMO612 rejected") == 4
    assert "note:" not in ran.err
    assert mapped.err == "4 rows read: 4 scored, 0 rejected\n"


# --- Sheets as programs and people write them ---------------------------------------------------

CELLS = Path(__file__).resolve().parent / "cells"


def director(sheet, *args, **options):
    """Readiness of each person, by the shipped framework."""
    ran = run("batch", CELLS / sheet, "-q", "--role", "pmo-director", *args, **options)
    return ran, [row["readiness"] for row in rows(ran.out)]


def test_labels_with_their_numbers_behind_are_read():
    ran, readiness = director("cells-label-then-number.csv")

    assert (ran.code, readiness) == (0, ["61.8", "46.1", "67.1", "96.1"])


def test_cells_out_of_five_are_read_with_a_mapping_alone(tmp_path):
    mapping = "\n".join(f"  {level}/5: {level}" for level in range(6))
    (tmp_path / "map.yaml").write_text(f"values:\n{mapping}\n", encoding="utf-8")

    ran, _ = director("cells-out-of-five.csv")
    mapped, readiness = director("cells-out-of-five.csv", "--map", tmp_path / "map.yaml")

    assert (ran.code, mapped.code) == (1, 0)
    assert ran.err.endswith("4 rows read: 0 scored, 4 rejected\n")
    assert readiness == ["61.8", "46.1", "67.1", "96.1"]


def test_what_r_writes_for_missing_is_noticed_and_can_be_unrated(tmp_path):
    (tmp_path / "map.yaml").write_text("values: {NA: unrated}\n", encoding="utf-8")

    ran, _ = director("NA-of-R.csv")
    mapped, _ = director("NA-of-R.csv", "--map", tmp_path / "map.yaml")

    assert ran.err.count("note: 'na' was read as not applicable in 1 cell") == 1
    assert [row["applicable"] for row in rows(ran.out)] == ["27", "26", "27", "27"]
    assert mapped.err == "4 rows read: 4 scored, 0 rejected\n"
    assert [row["applicable"] for row in rows(mapped.out)] == ["27"] * 4
