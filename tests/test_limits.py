"""Hostile files of a few kilobytes or megabytes are refused, or read, within memory and time."""

from __future__ import annotations

import os
import sys
import zipfile
from functools import partial
from itertools import chain, repeat
from typing import NamedTuple

import pytest
from tests.processes import Process
from tests.support import EXAMPLES, IS_THOROUGH, clean, cpu_time_limited_to

MOST_MEMORY = 1 << 30
MOST_SECONDS = 30
HEADINGS = "person,department,Strategic Thinking,Planning and scheduling\n"
REJECTED = 150_000 if IS_THOROUGH else 40_000
SHEET = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
PART = "xl/worksheets/sheet1.xml"


class Ran(NamedTuple):
    code: int
    err: str


def run(*arguments, folder):
    """Run the command within the limits; to take more time ends it by a signal."""
    with (folder / "output.txt").open("w+", encoding="utf-8") as output:
        process = Process(
            arguments,
            cwd=folder,
            env=clean({}),
            stdout=output,
            stderr=output,
            preexec_fn=partial(cpu_time_limited_to, MOST_SECONDS),
        )
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        text = output.read()
    assert used.ru_maxrss * (1 if sys.platform == "darwin" else 1024) < MOST_MEMORY
    return Ran(process.returncode, text)


def batch(path, *options):
    command = ("batch", path.name, "--role", "pmo-director", "-o", "results.csv", *options)
    return run(*command, folder=path.parent)


def text(value):
    return f'<c t="inlineStr"><is><t>{value}</t></is></c>'


HEAD = f"<row>{text('person')}{text('Planning and scheduling')}</row>"
ANA = f"<row>{text('Ana')}<c><v>3</v></c></row>"


def workbook(path, rows, before="", after="", head=HEAD, **parts):
    """A workbook with these rows; what does not compress keeps it from being a mere zip bomb."""
    import openpyxl

    empty = path.with_name("empty.xlsx")
    openpyxl.Workbook().save(empty)
    with (
        zipfile.ZipFile(empty) as sound,
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for name in sound.namelist():
            if name != PART and name not in parts:
                archive.writestr(name, sound.read(name))
        archive.writestr("xl/media/noise.png", os.urandom(600_000))
        with archive.open(PART, "w", force_zip64=True) as stream:
            pieces = (f"<worksheet {SHEET}>{before}<sheetData>{head}{ANA}",)
            for piece in chain(pieces, rows, [f"</sheetData>{after}</worksheet>"]):
                stream.write(piece.encode())
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def strings(count, item):
    return {"xl/sharedStrings.xml": f"<sst {SHEET}>{item * count}</sst>"}


WORKBOOKS = {
    "a row far below": (["<row r='99999999'><c><v>1</v></c></row>"], {}, "row has the number 99,999,999"),
    "rows without a number": (["<row r='1048570'/>", "<row/>" * 9], {}, "has the number 1,048,577"),
    "cells without end in a row": (["<row>" + "<c/>" * 200_000 + "</row>"], {}, "a row in '"),
    "a row that stands above": (["<row r='9'/><row r='3'/>"], {}, "row 3 is below row 9"),
    "a cell far to the right": (["<row><c r='ZZZ3'><v>1</v></c></row>"], {}, "far to the right"),
    "tags without an end": ([], {"after": "<c " * 3_000_000}, "1 row read"),
    "an attribute again and again": (["<row><c" + " r='A3'" * 900_000 + "/></row>"], {}, "cannot be read"),
    "a comment without end": ([], {"before": f"<!--{'x' * 20_000_000}-->"}, "a row in '"),
    "hidden rows without end": (
        [],
        {"after": "".join(f"<row hidden='1' r='{n}'/>" for n in range(9))},
        "1 row read",
    ),
    "cells that merged ones fill": (
        [f"<row>{text('B')}<c><v>1</v></c>{text('x') * 300}</row>", "<row/>" * 10_000],
        {
            "after": "<mergeCells>"
            + "".join(f'<mergeCell ref="{c}3:{c}10002"/>' for c in ("C", "D", "E"))
            + "</mergeCells>"
        },
        "PMO",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("rows", "others", "expected"), WORKBOOKS.values(), ids=WORKBOOKS.keys())
def test_a_hostile_workbook_is_read_or_refused_within_the_limits(tmp_path, rows, others, expected):
    ran = batch(workbook(tmp_path / "people.xlsx", rows, **others))

    assert ran.code in {0, 1, 3}
    assert expected in ran.err
    assert "bug" not in ran.err


def test_a_workbook_with_more_cells_than_are_read_is_refused(tmp_path):
    # The cells between the first and the 2,000th count too.
    rows = (
        f"<row><c r='A{row}'><v>1</v></c><c r='BXX{row}'><v>1</v></c></row>"
        for row in range(3, 2600)
    )
    head = HEAD.replace("</row>", text("note").replace("<c ", "<c r='BXX1' ") + "</row>")
    path = workbook(tmp_path / "people.xlsx", rows, head=head)

    ran = batch(path)

    assert ran.code == 3
    assert "PMO102 error: this workbook has more than the 5,000,000 cells" in ran.err


def test_shared_texts_without_end_are_refused_before_they_are_read(tmp_path):
    parts = strings(6_000_000, "<si><t>x</t></si>")
    types = "[Content_Types].xml"
    path = workbook(tmp_path / "people.xlsx", [], **parts)
    with zipfile.ZipFile(path) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    declared = b'<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>'
    content[types] = content[types].replace(b"</Types>", declared)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in content.items():
            archive.writestr(name, part)

    ran = batch(path)

    assert (ran.code, "PMO102 error: the list of all texts" in ran.err) == (3, True)


def of_text(path, lines, headings=HEADINGS):
    with path.open("w", encoding="utf-8", newline="") as stream:
        stream.write(headings)
        stream.writelines(lines)
    return path


TEXTS = {
    "short lines": (repeat("x\n", 1_000_000), "more than 400,000 cells are missing"),
    "cells off the scale": (
        (f"P{number},D,9,9\n" for number in range(201_000)),
        "more than 200,000 rows cannot be scored; the first: PMO612 not a level",
    ),
    "the same person": (repeat("P,D,3,3\n", 400_000), "more than 200,000 rows cannot be scored"),
    "totals": (repeat("Total,D,3,3\n", 1_100_000), "more than 200,000 rows cannot be scored"),
    "a cell of lines": (['"', *repeat("x\n", 1_000_000), '"'], "rows cannot be scored"),
    "a line without end": (["x" * 20_000_000, "\n"], "a line has more than 4,000,000 characters"),
    "zeros": (["\0" * 20_000_000], "a line has more than 4,000,000 characters"),
    "quotes that swallow": (repeat('x","\n', 100_000), "in very many rows a quote is not closed"),
}


@pytest.mark.parametrize(("lines", "expected"), TEXTS.values(), ids=TEXTS.keys())
def test_a_hostile_text_is_refused_within_the_limits(tmp_path, lines, expected):
    ran = batch(of_text(tmp_path / "people.csv", lines))

    assert ran.code == 3
    assert expected in ran.err


def test_many_rejected_rows_are_written_without_being_held_in_memory(tmp_path):
    people = (f"P{number},{'x' * 100},9,3\n" for number in range(REJECTED))

    ran = batch(of_text(tmp_path / "people.csv", people))

    assert ran.code == 1
    assert f"{REJECTED:,} rows read: 0 scored, {REJECTED:,} rejected" in ran.err
    with (tmp_path / "results.rejects.csv").open(encoding="utf-8") as stream:
        assert sum(1 for _ in stream) == REJECTED + 1


def test_a_wide_sheet_of_very_many_cells_is_refused(tmp_path):
    headings = f"person,Planning and scheduling,{','.join(f'note {n}' for n in range(1500))}\n"

    ran = batch(
        of_text(tmp_path / "people.csv", repeat("P,2" + "," * 1500 + "\n", 7000), headings)
    )

    assert ran.code == 3
    assert "PMO102 error: a sheet of 1,502 columns with more than 10,000,000 cells" in ran.err


def test_a_number_without_end_in_a_cell_is_no_index_of_rows(tmp_path):
    headings = "person,competence,rating\n"
    rows = ["Ana,Planning and scheduling,3\n", f"Bo,Planning and scheduling,{'9' * 5000}\n"]

    ran = batch(of_text(tmp_path / "people.csv", rows, headings))

    assert ran.code == 1
    assert "people.csv:3: PMO612 rejected: rating is '99999" in ran.err


def test_headings_without_end_are_refused(tmp_path):
    headings = f"person,{',' * 2_000_000}\n"
    ran = batch(of_text(tmp_path / "people.csv", ["Ana\n"], headings))

    assert (ran.code, "more than the 2,000 that can be read" in ran.err) == (3, True)


def test_a_pipe_without_end_is_read_no_further_than_the_limit(monkeypatch):
    import io

    from pmo_path.app import batch as command
    from pmo_path.domain.errors import InputInvalid

    monkeypatch.setattr(command, "MAX_TABLE_BYTES", 3_000_000)
    with pytest.raises(InputInvalid) as raised:
        list(command._chunks(io.BytesIO(b"x" * 9_000_000), "<stdin>"))

    assert raised.value.diagnostics[0].code == "PMO102"


DOCUMENTS = {
    "flow.yaml": f"a: [{'b,' * 600_000}]",
    "again.yaml": "a: 1\n" * 60_000,
    "marks.yaml": "".join(f"a{number}: &x{number} b\n" for number in range(20_000)),
    "deep.json": '{"ratings":' + "[" * 1_000_000,
    "long.json": '{"schema": 1, "ratings": {"planning-scheduling": ' + "9" * 5000 + "}}",
    "large.json": '{"schema": 1, "ratings": {"planning-scheduling": 1e999999999}}',
    "rows.csv": "competence,rating\n" + "".join(f"foo{number},3\n" for number in range(30_000)),
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_hostile_document_is_refused_within_the_limits(tmp_path, name):
    (tmp_path / name).write_text(DOCUMENTS[name], encoding="utf-8")

    ran = run("assess", name, "--role", "pmo-director", folder=tmp_path)

    assert ran.code == 3
    assert f"{name}:" in ran.err


def test_a_number_of_any_size_is_a_value_like_others(tmp_path):
    (tmp_path / "ratings.json").write_text(DOCUMENTS["long.json"], encoding="utf-8")

    ran = run("assess", "ratings.json", "--role", "pmo-director", folder=tmp_path)

    assert "PMO502 error: '99999" in ran.err


def test_rejected_rows_beyond_the_limit_are_not_taken_back(tmp_path):
    path = tmp_path / "results.rejects.csv"
    with path.open("wb") as stream:
        stream.truncate(80 << 20)
    command = ("batch", EXAMPLES / "people.csv", "--fixed", path.name, "--role", "pmo-director")

    ran = run(*command, folder=tmp_path)

    assert (ran.code, "PMO102 error: it is larger than 64 MiB" in ran.err) == (3, True)
