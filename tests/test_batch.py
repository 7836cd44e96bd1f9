"""Sheets of people in, a row of results each out, and every row accounted for."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import duckdb
import openpyxl
import pexpect
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support import TIMEOUT, examples, run, same_as_snapshot, without_run
from tests.terminal import OnATerminal, environment

from pmo_path import load_framework
from pmo_path.app.sheet_scoring import Target, score_sheet
from pmo_path.batch.job import Job
from pmo_path.batch.results import ResultDetail
from pmo_path.batch.summary_rows import is_total
from pmo_path.domain.errors import InputInvalid
from pmo_path.domain.options import SheetFormat
from pmo_path.readers.table import encoding as encoding_of_a_file
from pmo_path.readers.table.sheet import SheetOptions

SHEETS = Path(__file__).resolve().parent / "sheets"
FRAMEWORK = SHEETS / "framework.yaml"
FRAMEWORK_MODEL = load_framework(FRAMEWORK)
ROLE_IN_EACH_ROW = {
    "a-role-in-each-row",
    "roles-that-are-not-there",
    "the-same-person-spelt-otherwise",
    "long-with-people-spelt-otherwise",
}
EXIT_CODES = {"good": 0, "rejected": 1, "unusable": 3}
EXAMPLES = sorted(
    path.relative_to(SHEETS) for folder in EXIT_CODES for path in (SHEETS / folder).iterdir()
)


def batch(*args, **options):
    return run("batch", *args, "--framework", FRAMEWORK, **options)


def rows(text):
    return list(csv.DictReader(io.StringIO(text)))


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_a_sheet_gives_the_same_results_and_words_as_before(example):
    role = [] if example.stem in ROLE_IN_EACH_ROW else ["--role", "lead"]

    ran = batch(example, *role, cwd=SHEETS)

    assert ran.code == EXIT_CODES[example.parts[0]]
    assert same_as_snapshot(f"sheets/{example}.txt", f"{without_run(ran.out)}---\n{ran.err}")


LONG = ResultDetail(long=True)


# --- Out ----------------------------------------------------------------------------------------


def test_results_and_rejected_rows_go_to_two_files(tmp_path):
    results = tmp_path / "results.csv"

    sheet = "rejected/every-kind-of-row.csv"
    ran = batch(sheet, "--role", "lead", "-o", results, "-q", cwd=SHEETS)

    assert (ran.code, ran.out) == (1, "")
    assert ran.err == (
        f"10 rows read: 2 scored, 8 rejected (see {tmp_path / 'results.rejects.csv'})\n"
    )
    written = without_run(results.read_text(encoding="utf-8"))
    assert same_as_snapshot("sheets/results.csv", written)
    rejects = tmp_path / "results.rejects.csv"
    assert same_as_snapshot("sheets/results.rejects.csv", rejects.read_text(encoding="utf-8"))
    assert sorted(file.name for file in tmp_path.iterdir()) == [
        "results.csv",
        "results.rejects.csv",
    ]


@pytest.mark.parametrize(
    "where", [[], ["-o", "results.csv", "--strict"]], ids=["stdout", "strict"]
)
def test_a_quiet_run_says_why_rows_are_rejected_where_no_file_does(tmp_path, where):
    sheet = SHEETS / "rejected/every-kind-of-row.csv"

    ran = batch(sheet, "--role", "lead", "-q", *where, cwd=tmp_path)

    assert ran.code == 1
    assert len(re.findall("^.*: PMO6.. rejected: ", ran.err, re.MULTILINE)) == 10
    assert "10 rows read: 2 scored, 8 rejected\n" in ran.err


def test_the_reasons_that_are_shown_begin_with_causes_and_name_each_of_them_once():
    skills = ["Planning", "Presenting", "Typing", "Juggling"]
    sheet = "person,competence,rating\n" + "".join(
        f"P{person},{skill},2\n" for person in range(30) for skill in skills
    )

    ran = batch("-", "--role", "lead", stdin=sheet.encode())

    unknown = "there is no competence '{}' (29 more rows like it)"
    shown = [line for line in ran.err.splitlines() if "rejected: " in line or "hint" in line]
    assert ran.code == 1
    assert shown[:3] == [
        f"<stdin>:4: PMO616 rejected: competence is 'Typing': {unknown.format('Typing')}",
        f"<stdin>:5: PMO616 rejected: competence is 'Juggling': {unknown.format('Juggling')}",
        "<stdin>:2: PMO619 rejected: person is 'P0': another row of this person (line 4) is rejected",
    ]
    hint = "to leave out what is not in the framework, pass --map with 'Typing: carry' and so on"
    assert [line for line in shown if "carry" in line] == [f"hint: {hint}"]
    assert "… and 52 more reasons" in ran.err


def test_strict_writes_nothing_when_a_row_is_rejected(tmp_path):
    results = tmp_path / "results.csv"
    results.write_text("of an earlier run", encoding="utf-8")

    ran = batch(
        SHEETS / "rejected/every-kind-of-row.csv",
        *("--role", "lead", "-o", results, "--strict", "--summary", tmp_path / "team.json"),
    )

    assert (ran.code, ran.out) == (1, "")
    assert ran.err.endswith("Nothing is written, since --strict allows no rejected row.\n")
    assert results.read_text(encoding="utf-8") == "of an earlier run"
    assert list(tmp_path.iterdir()) == [results]


def test_strict_writes_everything_when_no_row_is_rejected(tmp_path):
    ran = batch(
        SHEETS / "good/plain.csv", "--role", "lead", "--strict", "-o", tmp_path / "results.csv"
    )

    assert ran.code == 0
    assert [file.name for file in tmp_path.iterdir()] == ["results.csv"]


def test_rejected_rows_of_an_earlier_run_do_not_stay(tmp_path):
    old = tmp_path / "results.rejects.csv"
    old.write_text("of an earlier run", encoding="utf-8")

    batch(SHEETS / "good/plain.csv", "--role", "lead", "-o", tmp_path / "results.csv")

    assert rows(old.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("ending", ["csv", "parquet", "jsonl", "xlsx"])
@pytest.mark.parametrize("detail", [[], ["--gaps"], ["--long"], ["--brief"]], ids=str)
def test_every_format_says_the_same(tmp_path, ending, detail):
    sheet = SHEETS / "good/raters.csv"
    wanted = rows(batch(sheet, "--role", "lead", "-q", *detail).out)

    results = tmp_path / f"results.{ending}"
    ran = batch(sheet, "--role", "lead", "-q", "-o", results, *detail)

    assert ran.code == 0
    assert [{key: shown(value) for key, value in row.items()} for row in read(results)] == [
        {key: shown(value) for key, value in row.items()} for row in wanted
    ]


def read(path):
    match path.suffix:
        case ".csv":
            return rows(path.read_text(encoding="utf-8"))
        case ".jsonl":
            return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        case ".xlsx":
            sheet = openpyxl.load_workbook(path).active
            headings, *others = sheet.iter_rows(values_only=True)
            return [dict(zip(headings, row, strict=True)) for row in others]
        case _:
            cursor = duckdb.execute("FROM read_parquet(?)", [str(path)])
            headings = [column[0] for column in cursor.description]
            return [dict(zip(headings, row, strict=True)) for row in cursor.fetchall()]


def shown(value):
    """A cell as text, whatever the format has for numbers and for nothing."""
    if value in {None, ""}:
        return ""
    if re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", str(value)):
        return f"{float(value):g}"
    return str(value).lower()


@pytest.mark.parametrize("ending", ["xlsx", "parquet"])
def test_what_is_written_can_be_read_as_a_sheet(tmp_path, ending):
    sheet = tmp_path / f"people.{ending}"
    if ending == "xlsx":
        workbook = openpyxl.Workbook()
        text = (SHEETS / "good/plain.csv").read_text(encoding="utf-8")
        for row in csv.reader(text.splitlines()):
            workbook.active.append([int(cell) if cell in set("0123") else cell for cell in row])
        workbook.save(sheet)
    else:
        duckdb.execute(
            "COPY (FROM read_csv(?, types = {'person': 'VARCHAR'})) TO '"
            + str(sheet)
            + "' (FORMAT parquet)",
            [str(SHEETS / "good/plain.csv")],
        )

    ran = batch(sheet, "--role", "lead", "-q")

    assert ran.out == batch(SHEETS / "good/plain.csv", "--role", "lead", "-q").out
    assert ran.err == "3 rows read: 3 scored, 0 rejected\n"


def test_a_sheet_comes_from_stdin_and_results_go_to_stdout():
    sheet = SHEETS / "good/plain.csv"

    ran = batch("-", "-o", "-", "--role", "lead", stdin=sheet.read_bytes())

    wanted = batch(sheet, "--role", "lead")
    assert (ran.code, ran.out) == (0, wanted.out)
    assert ran.err == wanted.err.replace(str(sheet), "<stdin>")


def test_rows_of_competences_keep_every_column_and_their_order(tmp_path):
    sheet = tmp_path / "people.csv"
    named = ["person", "place", "our_number", "our_place", "number", "Planning", "Presenting"]
    lines = [
        ",".join(named),
        *(f"P{number},{9 - number},x,y,{9 - number},1,2" for number in range(9)),
    ]
    sheet.write_text("\n".join(lines), encoding="utf-8")

    long = rows(batch(sheet, "--role", "lead", "--role", "member", "--long", "-q").out)
    wide = rows(batch(sheet, "--role", "lead", "--role", "member", "-q").out)

    competences = ["planning", "risk-management", "presenting", "planning", "risk-management"]
    assert [(row["person"], row["place"], row["competence"]) for row in long] == [
        (f"P{number}", str(9 - number), competence)
        for number in range(9)
        for competence in [*competences[3:], *competences[:3]]
    ]
    assert [row["person"] for row in wide] == [f"P{number // 2}" for number in range(18)]
    assert {row["our_number"] + row["our_place"] for row in long} == {"xy"}


@pytest.mark.parametrize("ending", ["csv", "jsonl"])
def test_rows_of_competences_come_in_pieces_that_fit_together(tmp_path, monkeypatch, ending):
    monkeypatch.setattr("pmo_path.batch.export.ROWS_AT_ONCE", 7)
    sheet = tmp_path / "people.csv"
    lines = [f"P{number},{9 if number == 4 else number % 3}" for number in range(12)]
    sheet.write_text("\n".join(["person,Planning", *lines]), encoding="utf-8")
    target = Target(SheetFormat(ending), tmp_path / f"results.{ending}", None)
    look = SheetOptions(has_roles=False)

    score_sheet(sheet, "people.csv", Job(FRAMEWORK_MODEL, ("lead",), look, LONG), target)

    people = [row["person"] for row in read(target.results)]
    assert people == [f"P{number}" for number in range(12) if number != 4 for _ in range(3)]


def test_headings_that_a_spreadsheet_would_run_are_made_harmless(tmp_path):
    sheet = tmp_path / "people.csv"
    sheet.write_text("person,Planning,=1+1,@x\nAna,9,a,b\nBo,1,a,b\n", encoding="utf-8")

    batch(sheet, "--role", "lead", "-o", tmp_path / "r.csv", "-q")
    raw = batch(sheet, "--role", "lead", "-q", "--raw").out

    for name in ("r.csv", "r.rejects.csv"):
        assert "'=1+1,'@x" in (tmp_path / name).read_text(encoding="utf-8").splitlines()[0]
    assert raw.startswith("person,=1+1,@x,")


def test_a_fixed_row_comes_back_without_the_apostrophes_that_made_it_harmless(tmp_path):
    sheet = tmp_path / "people.csv"
    sheet.write_text("person,Planning,=note\n=Ana,9,-x\nBo,2,y\n", encoding="utf-8")
    batch(sheet, "--role", "lead", "-o", tmp_path / "r.csv", "-q")
    rejects = tmp_path / "r.rejects.csv"
    rejects.write_text(rejects.read_text(encoding="utf-8").replace("'=Ana,9", "'=Ana,1"))

    ran = batch(sheet, "--fixed", rejects, "--role", "lead", "-q", "--raw")

    assert ran.out.splitlines()[0].startswith("person,=note,")
    assert ran.out.splitlines()[1].startswith("=Ana,-x,")


def test_a_heading_cannot_command_the_terminal(tmp_path):
    sheet = tmp_path / "people.csv"
    lines = [f"P{number},a,1" for number in range(6)]
    sheet.write_text("\n".join(["person,\x1b[31mTeam,Planning", *lines]), encoding="utf-8")

    ran = batch(sheet, "--role", "lead", "--group-by", "\x1b[31mTeam")

    assert ran.code == 0
    assert "\x1b" not in ran.err
    assert "\ufffd[31mTeam" in ran.err


def test_rejected_rows_go_to_a_workbook_where_results_do(tmp_path):
    sheet = SHEETS / "rejected/every-kind-of-row.csv"
    batch(sheet, "--role", "lead", "-o", tmp_path / "r.csv", "--rejects", tmp_path / "own.xlsx")

    ran = batch(sheet, "--role", "lead", "-o", tmp_path / "r.xlsx")

    assert ran.err.endswith(f"(see {tmp_path / 'r.rejects.xlsx'})\n")
    assert read(tmp_path / "r.rejects.xlsx") == read(tmp_path / "own.xlsx")
    assert len(read(tmp_path / "own.xlsx")) == 8


def test_raw_leaves_cells_as_they_are():
    sheet = SHEETS / "good/hostile-text.csv"

    notes = [row["note"] for row in rows(batch(sheet, "--role", "lead", "--raw").out)]

    assert notes == [row["note"] for row in rows(sheet.read_text(encoding="utf-8"))]


# --- Summary ------------------------------------------------------------------------------------


def people(groups):
    """A sheet with so many people in each group."""
    lines = ["person,department,Planning,Risk Management,Presenting"]
    for group, size in groups.items():
        lines += [f"{group}{number},{group},{number % 4},2,1" for number in range(size)]
    return "\n".join(lines).encode()


def test_the_summary_names_people_on_the_terminal_and_tells_of_no_few_in_json(tmp_path):
    summary = tmp_path / "team.json"

    ran = batch(
        *("-", "-o", tmp_path / "r.csv", "--role", "lead", "--summary", summary),
        *("--group-by", "Department", "--today", "2026-11-23"),
        stdin=people({"IT": 8, "Sales": 6, "Legal": 3, "HR": 7}),
    )

    assert ran.code == 0
    assert same_as_snapshot("sheets/team.txt", ran.err)
    assert same_as_snapshot("sheets/team.json", summary.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (
            [],
            "no column is called 'target role' or 'role', and the sheet was read as comma-separated",
        ),
        (["--role", "boss"], "there is no role 'boss'; roles: member, lead"),
        (["--role", "lead", "--group-by", "town"], "there is no column 'town' to group by"),
        (["--role", "lead", "--group-by", "person"], "'person' is a person column, which cannot"),
        (["--role", "lead", "--summary", "team.csv"], "--summary writes JSON; end 'team.csv' in"),
        (["--role", "lead", "-o", "results.txt"], "'results.txt' does not name a format"),
        (["--role", "lead", "--encoding", "klingon"], "there is no encoding 'klingon'"),
        (["--role", "lead", "--delimiter", "ab"], "--delimiter takes a single character"),
        (["--role", "lead", "--long", "--brief"], "--long has every gap in rows of its own"),
    ],
)
def test_wrong_usage_says_what_to_pass_instead(args, words):
    ran = batch(SHEETS / "good/plain.csv", *args)

    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"pmo-path: {words}")


def test_a_mapping_names_one_person_alone(tmp_path):
    mapping = tmp_path / "map.yaml"
    mapping.write_text("a: person\nb: person\n", encoding="utf-8")

    ran = batch("-", "--role", "lead", "--map", mapping, stdin=b"a,b,Planning\n1,2,3\n")

    assert ran.code == 3
    assert "PMO604 error: the mapping gives more than one column to 'person'" in ran.err


def test_the_sheet_that_is_read_is_never_written(tmp_path):
    sheet = tmp_path / "people.csv"
    sheet.write_bytes((SHEETS / "good/plain.csv").read_bytes())

    ran = batch(sheet, "--role", "lead", "-o", sheet)

    assert (ran.code, ran.out) == (2, "")
    assert sheet.read_bytes() == (SHEETS / "good/plain.csv").read_bytes()


@pytest.mark.parametrize(
    "args",
    [
        ("--summary", "people.csv"),
        ("--rejects", "people.csv"),
        ("-o", "map.csv", "--map", "map.csv"),
        ("--rejects", "map.csv", "--map", "map.csv"),
        ("--summary", "map.csv", "--map", "map.csv"),
        ("--summary", "framework.yaml"),
        ("-o", "out.csv", "--summary", "out.csv"),
        ("-o", "out.csv", "--summary", "out.rejects.csv"),
        ("-o", "out.csv", "--rejects", "./out.csv"),
        ("--report", "page.html", "--summary", "page.html"),
        ("--rejects", "-"),
        ("--rejects", "rejects.txt"),
    ],
    ids=" ".join,
)
def test_no_file_of_a_run_takes_the_place_of_another(tmp_path, args):
    for name, source in (
        ("people.csv", SHEETS / "rejected/every-kind-of-row.csv"),
        ("framework.yaml", FRAMEWORK),
    ):
        (tmp_path / name).write_bytes(source.read_bytes())
    (tmp_path / "map.csv").write_text("note: carry\n", encoding="utf-8")
    before = {file.name: file.read_bytes() for file in tmp_path.iterdir()}

    ran = run(
        *("batch", "people.csv", "--role", "lead", "--framework", "framework.yaml", *args),
        cwd=tmp_path,
    )

    assert (ran.code, ran.out) == (2, "")
    assert "name another" in ran.err or "end '" in ran.err
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == before


@pytest.mark.parametrize("place", ["missing/one{}", "plain.csv/one{}", "x" * 300 + "{}"])
@pytest.mark.parametrize(
    ("option", "ending"),
    [("-o", ".csv"), ("--rejects", ".csv"), ("--summary", ".json"), ("--report", ".html")],
)
def test_no_output_is_written_when_one_of_them_cannot_be(tmp_path, option, ending, place):
    (tmp_path / "plain.csv").write_bytes((SHEETS / "good/plain.csv").read_bytes())
    outputs = {"-o": "results.csv", option: place.format(ending)}

    ran = run(
        *("batch", "plain.csv", "--role", "lead", "--framework", FRAMEWORK),
        *(word for pair in outputs.items() for word in pair),
        cwd=tmp_path,
    )

    assert (ran.code, ran.out) == (74, "")
    assert ran.err.startswith(f"pmo-path: '{outputs[option]}' could not be written: ")
    assert len(ran.err.splitlines()) == 1
    assert [file.name for file in tmp_path.iterdir()] == ["plain.csv"]


# --- Files that are no files --------------------------------------------------------------------


def shell(script, tmp_path, **env):
    """Run a shell script in which `batch` scores for the role of a lead."""
    command = f'{sys.executable} -m pmo_path batch "$@" --framework {FRAMEWORK} --role lead -q'
    return subprocess.run(
        ["bash", "-c", f"batch() {{ {command}; }}\n{script}"],
        check=False,
        capture_output=True,
        cwd=tmp_path,
        timeout=TIMEOUT,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(map(os.path.abspath, sys.path)), **env},
    )


@pytest.fixture
def plain(tmp_path):
    sheet = tmp_path / "people.csv"
    sheet.write_bytes((SHEETS / "good/plain.csv").read_bytes())
    return sheet


@pytest.mark.skipif(os.name == "nt", reason="the shell of other systems")
@pytest.mark.parametrize(
    "script",
    [
        "batch <(cat people.csv)",
        "cat people.csv | batch /dev/stdin",
        "mkfifo pipe; cat people.csv > pipe & batch pipe",
        "batch people.csv -o >(cat > part; mv part got.csv); until cat got.csv 2>&-; do sleep 0.1; done",
        "batch people.csv -o /dev/stdout",
        "cp people.csv $'p\\xff.csv'; batch $'p\\xff.csv'",
        "batch people.csv -o $'r\\xff.csv'; cat r*.csv",
    ],
)
def test_pipes_and_names_of_any_kind_are_read_and_written(plain, script):
    wanted = batch(plain, "--role", "lead", "-q")

    ran = shell(script, plain.parent)

    assert (ran.returncode, ran.stdout.decode()) == (0, wanted.out)
    assert ran.stderr.decode() == wanted.err


@pytest.mark.skipif(os.name == "nt", reason="the shell of other systems")
def test_names_beyond_ascii_are_read_and_written_whatever_the_locale_says(plain):
    plain.rename(plain.with_name("é.csv"))
    ascii_only = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}

    ran = shell("batch é.csv -o ü.csv", plain.parent, **ascii_only)

    assert (ran.returncode, ran.stdout) == (0, b"")
    assert len(rows((plain.parent / "ü.csv").read_text(encoding="utf-8"))) == 3


@pytest.mark.skipif(os.name == "nt", reason="the shell of other systems")
def test_a_closed_stdin_is_said(tmp_path):
    ran = shell("batch - <&-", tmp_path)

    assert ran.returncode == 3
    assert b"<stdin>: PMO101 error: it is closed" in ran.stderr


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "punycode", "undefined"])
def test_an_encoding_that_does_not_fit_is_said(plain, encoding):
    ran = batch(plain, "--role", "lead", "--encoding", encoding)

    assert ran.code == (2 if encoding == "undefined" else 3)
    assert "encoding" in ran.err


def test_a_file_that_is_utf_8_but_for_a_few_bytes_is_refused_with_the_place(tmp_path):
    sheet = tmp_path / "people.csv"
    good = "person,Planning\nZoë,3\nJosé,2\nÇelik Ümit,1\n".encode()
    sheet.write_bytes(good.replace("José".encode(), b"Jos\xe9"))

    ran = batch(sheet, "--role", "lead")

    assert (ran.code, ran.out) == (3, "")
    assert f"{sheet}:3:1: PMO103 error: the file is UTF-8, but for 1 byte; the first is 0xE9" in (
        ran.err
    )
    as_said = batch(sheet, "--role", "lead", "--encoding", "cp1252", "-q")
    assert [row["person"] for row in rows(as_said.out)][1] == "José"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("size", [1, 2, 3, 5, 16, 1 << 20])
def test_the_place_of_a_wrong_byte_is_the_same_in_pieces_of_any_size(
    tmp_path, monkeypatch, end, size
):
    sheet = tmp_path / "people.csv"
    good = "person,Planning\nZoë,3\nJosé,2\n王芳,1\n😀,1\n".replace("\n", end).encode()
    sheet.write_bytes(good.replace("José".encode(), b"Jos\xe9"))
    monkeypatch.setattr(encoding_of_a_file, "_CHUNK", size)

    with pytest.raises(InputInvalid) as raised:
        encoding_of_a_file.text_of(encoding_of_a_file.source_of(sheet), "people.csv", None)

    problem = raised.value.diagnostics[0]
    assert problem.place.line == 3
    assert problem.message == "the file is UTF-8, but for 1 byte; the first is 0xE9"


@pytest.mark.parametrize(
    ("encoding", "names"),
    [
        ("cp1252", "Zoë José Çelik Ümit Ñandú Åse Bjørn François Müller-Groß"),
        ("cp1250", "Łukasz Žižka Őry Świątek Ćosić"),
        ("cp1251", "Анна Ёлкина Юрий Ї Љубица Щукин"),
        ("mac_roman", "Zoë José Çelik Ümit Ñandú Åse Bjørn"),
        ("shift_jis", "田中 太郎 山田 花子 佐藤 ひろし"),
        ("gb18030", "王芳 李伟 张敏 刘洋 陈静 杨勇"),
        ("big5", "陳怡君 林志明 黃淑芬 張家豪"),
        ("euc_kr", "김철수 이영희 박민수 최지우"),
    ],
)
def test_other_encodings_are_not_taken_for_broken_utf_8(tmp_path, encoding, names):
    sheet = tmp_path / "people.csv"
    people = "".join(f"{name},3\n" for name in names.split())
    sheet.write_bytes(f"person,Planning\n{people}".encode(encoding))

    assert batch(sheet, "--role", "lead", "-q", "--brief").code == 0
    as_said = batch(sheet, "--role", "lead", "-q", "--brief", "--encoding", encoding)
    assert [row["person"] for row in rows(as_said.out)] == names.split()


@pytest.mark.parametrize("encoding", ["utf-32", "utf-32-le", "utf-32-be"])
def test_utf_32_is_read_with_a_mark_and_without(tmp_path, encoding):
    sheet = tmp_path / "people.csv"
    sheet.write_bytes("person,Planning\nZoë 王芳,3\n".encode(encoding))

    ran = batch(sheet, "--role", "lead", "--brief")

    assert [row["person"] for row in rows(ran.out)] == ["Zoë 王芳"]
    assert "read as comma-separated, UTF-32" in ran.err


def test_utf_16_without_a_mark_is_read_when_it_is_said(plain):
    wanted = batch(plain, "--role", "lead", "-q")
    plain.write_bytes(plain.read_text(encoding="utf-8").encode("utf-16-le"))

    assert batch(plain, "--role", "lead", "-q", "--encoding", "utf-16") == wanted


def test_options_take_the_place_of_what_would_be_found_out(tmp_path):
    sheet = tmp_path / "people.txt"
    sheet.write_bytes("note\nperson;comp;grade\nZoë;Planung;3\nZoë;Risiko;2\n".encode("cp1252"))
    mapping = tmp_path / "map.yaml"
    mapping.write_text(
        "comp: competence\ngrade: rating\nPlanung: planning\nRisiko: carry\n", encoding="utf-8"
    )

    ran = batch(
        *(sheet, "--role", "lead", "--map", mapping, "--encoding", "cp1252"),
        *("--delimiter", ";", "--heading-line", "2", "--layout", "long", "-q"),
    )

    assert (ran.code, ran.err) == (0, "2 rows read: 2 scored, 0 rejected\n")
    assert rows(ran.out)[0]["readiness"] == "100.0"


# --- Who is the same, and who is nobody ----------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Ana,lead,3", " ana ,Leader,2"),
        ("Ana,lead,3", "Ana,TEAM  lead,2"),
        ("Ana,team-lead,3", "ANA\u00a0,Team Lead,2"),
        ("Jose\u0301,lead,3", "JOS\u00c9,lead,2"),
        ("ana@x.org,lead,3", "Ana@X.org,lead,9"),
        ("Ana,lead,3", "Ana"),
        ("Ana,lead,3", "Ana,lead,3,4"),
    ],
)
@pytest.mark.parametrize("quoted", ["", '"'], ids=["plain", "quoted"])
def test_a_person_is_the_same_whatever_the_spelling(first, second, quoted):
    sheet = f"person,role,Planning\n{first}\nBo,{quoted}lead{quoted},1\n{second}\n"

    ran = batch("-", "-q", stdin=sheet.encode())

    assert [row["person"] for row in rows(ran.out)] == ["Bo"]
    assert "3 rows read: 1 scored, 2 rejected" in ran.err


def test_people_without_a_name_are_never_the_same():
    sheet = "person,rater,Planning\n,self,3\n,boss,1\nanonymous,self,2\nAna,self,1\n ana,Self,2\n"

    ran = batch("-", "-q", "--role", "lead", stdin=sheet.encode())

    together = [row for row in rows(ran.out) if row["rater"] == "combined"]
    assert [(row["person"], row["raters"]) for row in together] == [
        ("", "1"),
        ("", "1"),
        ("anonymous", "1"),
    ]
    assert "5 rows read: 3 scored, 2 rejected" in ran.err


def test_raters_of_a_person_who_is_spelt_otherwise_are_taken_together():
    sheet = "person,role,rater,Planning\nAna,lead,self,3\nANA ,Leader,boss,1\n"

    ran = batch("-", "-q", stdin=sheet.encode())

    assert [(row["rater"], row["raters"]) for row in rows(ran.out)] == [
        ("self", ""),
        ("boss", ""),
        ("combined", "2"),
    ]


@pytest.mark.parametrize("label", ["Total", "Σ", "Total (2)", "Team average", "Overall", "Ø:"])
def test_a_label_that_sums_up_is_no_name(label):
    assert is_total(label)


@pytest.mark.parametrize(
    "label", ["Max", "Min", "Max Mustermann", "Suma Rao", "Ana Sum", "Sum Li", "P1", "", "Teamer"]
)
def test_a_name_is_not_taken_for_a_total(label):
    assert not is_total(label)


def test_max_is_a_person_unless_the_row_stands_among_totals():
    rows_of = "person,Planning\nMax,3\nAna,1\nAverage,2\nMin,1\nMax,3\n"

    ran = batch("-", "-q", "--role", "lead", stdin=rows_of.encode())

    assert [row["person"] for row in rows(ran.out)] == ["Max", "Ana"]


def test_thousands_of_unknown_roles_are_named_in_seconds():
    wide = "person,role,Planning\n" + "".join(f"P{n},role {n},1\n" for n in range(20_000))
    long = "person,role,competence,rating\n" + "".join(
        f"P{n},role {n},Planning,1\n" for n in range(20_000)
    )

    for sheet in (wide, long):
        ran = batch("-", "-q", stdin=sheet.encode())
        assert "20,000 rows read: 0 scored, 20,000 rejected" in ran.err


# --- Blank rows and cells -----------------------------------------------------------------------


@pytest.mark.parametrize("blank", ["^^", "^ ^", "\u00a0^^", "\u3000^^\u2003", ""])
def test_a_row_of_separators_alone_is_no_person(blank):
    sheet = f"person^Planning^Presenting\nAna^3^2\n{blank}\n{blank}\nBo^1^1\n"

    ran = batch("-", "-q", "--role", "lead", "--delimiter", "^", stdin=sheet.encode())

    assert ran.err == "2 rows read: 2 scored, 0 rejected\n"


@pytest.mark.parametrize("quote", ["", '"'], ids=["plain", "quoted"])
def test_empty_cells_behind_the_last_column_do_not_count(quote):
    sheet = f"person,Planning,Presenting\n{quote}Ana{quote},3,2,,\nBo,1,1,\nCy,1,1,,x\nDi,9,1,,\n"

    ran = batch("-", "-q", "--role", "lead", stdin=sheet.encode())

    assert [row["person"] for row in rows(ran.out)] == ["Ana", "Bo"]
    assert "PMO611 rejected: 5 cells, but 3 columns" in ran.err
    assert "PMO612 rejected: Planning is '9'" in ran.err


def test_blank_rows_of_parquet_are_no_people(tmp_path):
    sheet = tmp_path / "people.parquet"
    duckdb.execute(
        "COPY (FROM (VALUES ('Ana', 3), (NULL, NULL), (' ', NULL), ('Bo', 9)) t(person, Planning))"
        f" TO '{sheet}' (FORMAT parquet)"
    )

    ran = batch(sheet, "-q", "--role", "lead")

    assert "people.parquet:4: PMO612" in ran.err
    assert "2 rows read: 1 scored, 1 rejected" in ran.err


# --- Anything at all ----------------------------------------------------------------------------

CELLS = st.sampled_from(
    [
        "",
        "0",
        "1",
        "2",
        "3",
        "4",
        "n/a",
        "Able",
        "Ana",
        "Bo",
        "Total",
        " ",
        '"',
        "=1",
        "2,0",
        "é",
        "\0",
    ]
)
ROWS = st.lists(st.lists(CELLS, min_size=0, max_size=5), max_size=12)
HEADINGS = st.sampled_from(
    [
        "person,Planning,Risk Management",
        "person;role;Planning",
        "person\tcompetence\trating",
        "person,rater,Planning",
        "Planning",
        "a title\n\nperson,Planning",
    ]
)


class AnySheet(NamedTuple):
    headings: str
    cells: list[list[str]]
    delimiter: str
    end: str
    encoding: str

    def lines(self) -> list[str]:
        return [self.delimiter.join(row) for row in self.cells]

    def content(self) -> bytes:
        text = "".join(f"{line}{self.end}" for line in (self.headings, *self.lines()))
        return text.encode(self.encoding, "replace")


SHEETS_OF_ANY_KIND = st.builds(
    AnySheet,
    HEADINGS,
    ROWS,
    st.sampled_from([",", ";", "\t"]),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("sheets")


@given(SHEETS_OF_ANY_KIND)
@settings(max_examples=examples(60))
def test_whatever_is_in_a_sheet_every_row_is_scored_or_rejected(folder, any_sheet):
    sheet, rejects = folder / "people.csv", folder / "rejects.csv"
    sheet.write_bytes(any_sheet.content())
    job = Job(FRAMEWORK_MODEL, ("lead",), SheetOptions(has_roles=False))
    results = folder / "results.csv"
    target = Target(SheetFormat.CSV, results, rejects)
    rejects.write_text("", encoding="utf-8")

    try:
        done = score_sheet(sheet, "people.csv", job, target)
    except InputInvalid:
        return

    written = rows(results.read_text(encoding="utf-8"))
    refused = list(csv.reader(io.StringIO(rejects.read_text(encoding="utf-8"), newline="")))
    assert len(refused) - 1 == done.rejected
    assert done.read == done.scored + done.rejected
    if not {"rater", "competence"} & {column.kind for column in done.sheet.columns}:
        assert len(written) == done.scored
    if any_sheet.delimiter in any_sheet.headings and '"' not in str(any_sheet.cells):
        filled = [line for line in any_sheet.lines() if line.strip(f" {any_sheet.delimiter}")]
        assert done.read == len(filled)


# --- On a terminal ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def long_sheet(tmp_path_factory):
    """So many people that a run takes a while."""
    path = tmp_path_factory.mktemp("long") / "people.csv"
    with path.open("w", encoding="utf-8") as stream:
        stream.write('person,Planning,Risk Management,Presenting,"note"\n')
        stream.writelines(f"P{number},{number % 4},1,2,x\n" for number in range(400_000))
    return path


def reading(sheet, results):
    """A run on a terminal that has begun to read the sheet."""
    child = OnATerminal(
        ["batch", sheet, "-o", results, "--role", "lead", "--framework", FRAMEWORK],
        cwd=results.parent,
        env=environment(TMPDIR=str(results.parent)),
        dimensions=(24, 80),
    )
    child.expect_exact("Reading the sheet")
    return child


def test_breaking_off_leaves_the_old_file_and_nothing_else(long_sheet, tmp_path):
    results = tmp_path / "results.csv"
    results.write_text("of an earlier run", encoding="utf-8")

    child = reading(long_sheet, results)
    child.sendintr()
    child.expect(pexpect.EOF)
    child.close()

    assert child.exitstatus == 130
    assert "Interrupted." in child.before
    assert results.read_text(encoding="utf-8") == "of an earlier run"
    assert list(tmp_path.iterdir()) == [results]


@pytest.mark.skipif(os.name == "nt", reason="signals of other systems")
@pytest.mark.parametrize(
    ("sent", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130), (signal.SIGHUP, 129)]
)
def test_a_signal_during_a_query_has_its_own_exit_code(long_sheet, tmp_path, sent, code):
    child = reading(long_sheet, tmp_path / "r.csv")

    child.kill(sent)
    child.expect(pexpect.EOF)
    child.close()

    assert child.exitstatus == code
    assert list(tmp_path.iterdir()) == []


def test_no_column_of_the_sheet_is_taken_for_one_of_the_results():
    sheet = b"person,band,must_haves_missing_count,top_gaps,Planning\nAna,a,b,c,1\n"
    first = "person,input_band,{}must_haves_missing_count,input_top_gaps,role,band,"

    whole = batch("-", "--role", "lead", "-q", stdin=sheet)
    brief = batch("-", "--role", "lead", "-q", "--brief", stdin=sheet)

    assert whole.out.startswith(first.format(""))
    assert brief.out.startswith(first.format("input_"))
    assert brief.out.count("must_haves_missing_count") == 2


def test_a_pipe_sees_no_progress(long_sheet, tmp_path):
    ran = batch(long_sheet, "-o", tmp_path / "results.csv", "--role", "lead", "-q")

    assert ran == (0, "", "400,000 rows read: 400,000 scored, 0 rejected\n")
