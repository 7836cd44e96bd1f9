"""Sheets, ratings files and folders of both, scored together, with every file accounted for."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import sys
import time
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.hostile import TEXTS
from tests.support import bound_by_modes, examples, run, run_process

import pmo_path
from pmo_path.app import input_scoring, returned_files
from pmo_path.domain.errors import InputInvalid, UsageProblem
from pmo_path.domain.self_scoring import FIRST_COMPETENCE, RATE, Fact, RateColumn

FRAMEWORK = Path(__file__).resolve().parent / "sheets" / "framework.yaml"
COMPETENCES = ("planning", "risk-management", "presenting")
OWN = {"file", "sheet"}


def batch(*args, **options):
    return run("batch", *args, "--framework", FRAMEWORK, **options)


def rows(text):
    return list(csv.DictReader(io.StringIO(text)))


def ratings(person, *, levels=(2,), **facts):
    """Ratings as a YAML or JSON file has them."""
    rated = dict(zip(COMPETENCES, levels, strict=False))
    return json.dumps({"schema": 1, "person": person, "target": "lead", **facts, "ratings": rated})


def write(folder, **files):
    """Write files whose names have `_` for the dot; return the folder."""
    folder.mkdir(exist_ok=True, parents=True)
    for name, content in files.items():
        stem, ending = name.rsplit("_", 1)
        (folder / f"{stem}.{ending}").write_text(content, encoding="utf-8")
    return folder


def workbook(path, *lines):
    book = openpyxl.Workbook()
    for line in lines:
        book.active.append(line)
    book.save(path)


def counts(ran):
    """Files found, scored, rejected and skipped; rows read, scored, rejected and older."""
    files = re.search(
        r"^(\S+) files?: (\S+) scored, (\S+) rejected, (\S+) skipped$", ran.err, re.MULTILINE
    )
    lines = re.search(
        r"^(\S+) rows? read: (\S+) scored, (\d+) rejected(?:, (\S+) older)?", ran.err, re.MULTILINE
    )
    assert files is not None
    assert lines is not None
    return [
        [int((count or "0").replace(",", "")) for count in match.groups()]
        for match in (files, lines)
    ]


# --- A folder of returned files ------------------------------------------------------------------


def ten_files(folder):
    write(
        folder,
        ana_yaml=ratings("Ana", levels=(3, 2, 2)),
        bo_yml=ratings("Bo", levels=(1,)),
        cy_json=ratings("Cy", levels=(2, "n/a")),
        di_csv="person,role,competence,rating\nDi,lead,Planning,3\nDi,lead,Presenting,1\n",
        ana_manager_yaml=ratings("Ana", rater="manager", levels=(2, 2)),
        sales_csv="person,role,department,Planning,Presenting\nEd,lead,Sales,3,\nFi,lead,Sales,x,\n",
        broken_yaml="person: Gi\nratings: [\n",
        wrong_json=ratings("Hal", levels=(9,)),
    )
    workbook(folder / "ida.xlsx", ("competence", "rating"), ("Planning", 2))
    workbook(
        folder / "people.xlsx",
        ("person", "role", "Planning"),
        ("Jo", "lead", 1),
        ("Kim", "member", 3),
    )
    (folder / "photo.png").write_bytes(b"\x89PNG\r\n")
    (folder / "~$people.xlsx").write_bytes(b"x")
    (folder / ".hidden.yaml").write_text(ratings("Nobody"), encoding="utf-8")
    (folder / "model.yaml").write_bytes(FRAMEWORK.read_bytes())
    return folder


def test_a_folder_of_returned_files_gives_the_team_page_with_one_command(tmp_path):
    folder = ten_files(tmp_path / "returned")

    ran = batch("returned", "-o", "results.csv", "--report", "team.html", cwd=tmp_path)

    assert ran.code == 1
    results = rows((tmp_path / "results.csv").read_text(encoding="utf-8"))
    by_file = [(row["person"], row["rater"], row["file"], row["sheet"]) for row in results]
    both = f"{Path('returned/ana.yaml')}|{Path('returned/ana_manager.yaml')}"
    assert [row for row in by_file if row[1] != "combined"] == [
        ("Ana", "self", str(Path("returned/ana.yaml")), ""),
        ("Ana", "manager", str(Path("returned/ana_manager.yaml")), ""),
        ("Bo", "self", str(Path("returned/bo.yml")), ""),
        ("Cy", "self", str(Path("returned/cy.json")), ""),
        ("Di", "self", str(Path("returned/di.csv")), ""),
        ("Jo", "self", str(Path("returned/people.xlsx")), "Sheet"),
        ("Kim", "self", str(Path("returned/people.xlsx")), "Sheet"),
        ("Ed", "self", str(Path("returned/sales.csv")), ""),
    ]
    assert ("Ana", "combined", both, "") in by_file
    files, lines = counts(ran)
    assert files == [14, 7, 3, 4]
    assert files[0] == len(list(folder.iterdir())) == sum(files[1:])
    assert lines[0] == sum(lines[1:])
    page = (tmp_path / "team.html").read_text(encoding="utf-8")
    assert "Kim" in page
    assert "wrong.json" in page


def test_each_rejected_line_names_its_file_and_sheet(tmp_path):
    ten_files(tmp_path / "returned")

    batch("returned", "-o", "results.csv", cwd=tmp_path)

    rejected = rows((tmp_path / "results.rejects.csv").read_text(encoding="utf-8"))
    assert [
        (Path(row["rejected_file"]).name, row["rejected_line"], row["person"]) for row in rejected
    ] == [
        ("broken.yaml", "3", ""),
        ("ida.xlsx", "", ""),
        ("sales.csv", "3", "Fi"),
        ("wrong.json", "1", "Hal"),
    ]
    assert "--role" in rejected[1]["reason"]
    assert (rejected[2]["rejected_column"], rejected[2]["rejected_value"]) == ("Planning", "x")


def test_a_role_for_everybody_comes_before_that_of_each_file(tmp_path):
    write(tmp_path / "in", ana_yaml=ratings("Ana"), bo_yaml=ratings("Bo", target=None))

    ran = batch("in", "--role", "member", cwd=tmp_path)

    assert {row["role"] for row in rows(ran.out)} == {"member"}
    assert counts(ran)[0] == [2, 2, 0, 0]


def test_without_a_target_the_role_that_the_held_one_leads_to_counts(tmp_path):
    write(tmp_path / "in", ana_yaml=ratings("Ana", target=None, role="member"))

    assert [row["role"] for row in rows(batch("in", cwd=tmp_path).out)] == ["lead"]


def test_results_of_earlier_runs_in_the_folder_are_skipped(tmp_path):
    folder = write(tmp_path / "in", ana_yaml=ratings("Ana"), wrong_yaml=ratings("Bo", levels=(9,)))
    for output in ("a.csv", "b.xlsx", "c.jsonl"):
        batch("in", "-o", folder / output, cwd=tmp_path)
    batch("in", "-o", folder / "long.csv", "--long", cwd=tmp_path)
    batch("in", "-o", folder / "long.xlsx", "--long", cwd=tmp_path)

    ran = batch("in", "-o", folder / "a.csv", "--report", folder / "team.html", cwd=tmp_path)

    files, lines = counts(ran)
    assert files[1:3] == [1, 1]
    assert lines == [2, 1, 1, 0]


# --- The same person in more than one file ------------------------------------------------------


def test_newer_ratings_count_and_older_ones_are_reported(tmp_path):
    write(
        tmp_path / "in",
        new_yaml=ratings("Ana", date="2026-03-01", levels=(3,)),
        old_yaml=ratings("ana ", date="2025-03-01", levels=(1,)),
        wrong_and_older_yaml=ratings("Ana", date="2024-03-01", levels=(9,)),
    )

    ran = batch("in", "--gaps", cwd=tmp_path)

    assert [(row["date"], row["gap_planning"]) for row in rows(ran.out)] == [("2026-03-01", "0")]
    older, newer = Path("in/old.yaml"), Path("in/new.yaml")
    assert f"{older}: note: older ratings, so not counted; {newer} counts\n" in ran.err
    assert counts(ran) == [[3, 1, 1, 1], [3, 1, 1, 1]]


def test_ratings_for_two_roles_are_two_results_and_neither_is_older(tmp_path):
    write(
        tmp_path / "in",
        first_yaml=ratings("Ana", date="2025-03-01", target="member", levels=(1,)),
        then_yaml=ratings("Ana", date="2026-03-01", target="lead", levels=(3,)),
        before_yaml=ratings("Ana", date="2024-03-01", target="lead", levels=(2,)),
    )

    ran = batch("in", cwd=tmp_path)

    assert [(row["role"], row["date"]) for row in rows(ran.out)] == [
        ("member", "2025-03-01"),
        ("lead", "2026-03-01"),
    ]
    assert counts(ran) == [[3, 2, 0, 1], [3, 2, 0, 1]]
    assert "Team lead: 1 person" in ran.err
    assert "Team member: 1 person" in ran.err


def test_a_sheet_that_goes_away_during_the_run_is_rejected(tmp_path, monkeypatch):
    folder = write(
        tmp_path / "in", ana_yaml=ratings("Ana"), bo_csv="person,role,Planning\nBo,lead,2\n"
    )
    real = returned_files.read_returned_files

    def read_and_then_gone(*args):
        files = real(*args)
        (folder / "bo.csv").unlink()
        return files

    monkeypatch.setattr(input_scoring, "read_returned_files", read_and_then_gone)

    ran = batch("in", cwd=tmp_path)

    assert ran.code == 1
    assert f"{Path('in/bo.csv')}: " in ran.err
    assert [row["person"] for row in rows(ran.out)] == ["Ana"]
    assert counts(ran)[0] == [2, 1, 1, 0]


def test_different_answers_of_one_date_are_both_rejected_with_the_names_of_both(tmp_path):
    write(
        tmp_path / "in",
        a_yaml=ratings("Ana", date="2026-03-01", levels=(3,)),
        b_json=ratings("Ana", date="2026-03-01", levels=(1,)),
        bo_yaml=ratings("Bo"),
    )

    ran = batch("in", cwd=tmp_path)

    assert ran.code == 1
    assert [row["person"] for row in rows(ran.out)] == ["Bo"]
    first, second = Path("in/a.yaml"), Path("in/b.json")
    assert (
        f"{first}: PMO614 rejected: person is 'Ana': the same person is in {second} too" in ran.err
    )
    assert (
        f"{second}: PMO614 rejected: person is 'Ana': the same person is in {first} too" in ran.err
    )
    assert counts(ran) == [[3, 1, 2, 0], [3, 1, 2, 0]]


def test_ratings_of_a_day_to_come_are_rejected_and_beat_no_others(tmp_path):
    write(
        tmp_path / "back",
        slip_yaml=ratings("Ana", levels=(1,), date="9999-12-31"),
        ana_yaml=ratings("Ana", levels=(3,), date="2026-11-20"),
    )

    ran = batch(tmp_path / "back")

    assert ran.code == 1
    assert [Path(row["file"]).name for row in rows(ran.out)] == ["ana.yaml"]
    assert "slip.yaml: PMO204 rejected: the ratings are of 9999-12-31, a day to come" in ran.err


def test_dates_in_another_form_are_asked_for_in_the_usual_one(tmp_path):
    long = "person,role,date,competence,rating\nAna,lead,{},Planning,{}\n"
    folder = write(
        tmp_path / "in", a_csv=long.format("23.11.2026", 2), b_csv=long.format("24.11.2026", 3)
    )

    done = batch(folder, "-o", tmp_path / "out.csv")

    assert "give both a date such as 2026-11-23: the newer one counts" in done.err


def test_a_sheet_with_one_column_of_a_rejects_file_is_scored(tmp_path):
    sheet = "person,role,rejected_line,Planning\nAna,lead,3,2\nBo,lead,7,1\n"
    folder = write(tmp_path / "in", a_csv=sheet)

    done = batch(folder, "-o", tmp_path / "out.csv")

    assert done.code == 0, done.err
    assert [row["rejected_line"] for row in rows((tmp_path / "out.csv").read_text())] == ["3", "7"]


@pytest.mark.parametrize("headings", ["rejected_file,reason", "rejected_line,reason"])
def test_a_sheet_with_a_reason_beside_it_is_one_of_rejected_rows(tmp_path, headings):
    (tmp_path / "a.csv").write_text(f"person,role,{headings},Planning\nAna,lead,3,no,2\n")

    done = batch(tmp_path / "a.csv", "-o", tmp_path / "out.csv")

    assert done.code == 3
    assert "these rejected rows do not say what they are from" in done.err


def test_a_workbook_that_cannot_be_read_is_rejected_and_not_skipped(tmp_path):
    folder = write(tmp_path / "in", a_csv="person,role,Planning\nAna,lead,3\n")
    (folder / "locked.xlsx").write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600))
    (folder / "torn.xlsx").write_bytes(b"PK\x03\x04" + bytes(600))

    done = batch(folder, "-o", tmp_path / "out.csv")

    assert done.code == 1
    assert "locked.xlsx: PMO605 rejected: " in done.err
    assert "torn.xlsx: PMO605 rejected: " in done.err
    assert "3 files: 1 scored, 2 rejected, 0 skipped" in done.err


def test_a_table_without_a_role_needs_a_column_and_a_document_a_key(tmp_path):
    folder = write(
        tmp_path / "in",
        a_csv="competence,rating\nPlanning,2\n",
        b_yaml="schema: 1\nratings: {planning: 2}\n",
    )

    done = batch(folder, "-o", tmp_path / "out.csv")

    assert done.err.count("add a column 'role' to the file, or pass --role") == 1
    assert done.err.count("add 'target' to the file, or pass --role") == 1


def test_older_ratings_do_not_count_when_the_newest_contradict_each_other(tmp_path):
    write(
        tmp_path / "in",
        a_yaml=ratings("Ana", date="2026-03-01", levels=(3,)),
        b_yaml=ratings("Ana", date="2026-03-01", levels=(1,)),
        c_yaml=ratings("Ana", date="2025-03-01", levels=(1,)),
    )

    ran = batch("in", cwd=tmp_path)

    assert rows(ran.out) == []
    assert counts(ran) == [[3, 0, 2, 1], [3, 0, 2, 1]]


def test_the_same_file_twice_by_name_or_link_is_one_file(tmp_path):
    folder = write(tmp_path / "in", ana_yaml=ratings("Ana"))
    (folder / "link.yaml").symlink_to("ana.yaml")
    (folder / "hard.yaml").hardlink_to(folder / "ana.yaml")
    (folder / "up").symlink_to("..")

    ran = batch("in", "in/ana.yaml", folder, cwd=tmp_path)

    assert len(rows(ran.out)) == 1
    assert counts(ran)[0][1:3] == [1, 0]


def test_the_same_ratings_in_two_files_count_once(tmp_path):
    write(tmp_path / "in", a_yaml=ratings("Ana"), b_json=ratings("Ana"))

    ran = batch("in", cwd=tmp_path)

    assert [row["person"] for row in rows(ran.out)] == ["Ana"]
    assert counts(ran) == [[2, 1, 0, 1], [2, 1, 0, 1]]
    assert ran.code == 0


@pytest.mark.parametrize("dates", [("2025-01-01", "2026-01-01"), ("2026-01-01", "2025-01-01")])
def test_people_in_two_sheets_follow_the_rule_of_files(tmp_path, dates):
    for name, date in zip("ab", dates, strict=True):
        content = f"person,role,date,Planning\nAna,lead,{date},{(name == 'a' and 3) or 1}\n"
        (tmp_path / f"{name}.csv").write_text(content + f"{name},lead,,2\n", encoding="utf-8")

    ran = batch("a.csv", "b.csv", cwd=tmp_path)

    newer = "ab"[dates.index("2026-01-01")]
    ana = [row["file"] for row in rows(ran.out) if row["person"] == "Ana"]
    assert ana == [f"{newer}.csv"]
    assert counts(ran) == [[2, 2, 0, 0], [4, 3, 0, 1]]


def test_a_wrong_file_of_one_rater_keeps_the_others_from_counting_alone(tmp_path):
    write(
        tmp_path / "in",
        self_yaml=ratings("Ana"),
        manager_yaml=ratings("Ana", rater="manager", levels=(9,)),
    )

    ran = batch("in", cwd=tmp_path)

    assert rows(ran.out) == []
    assert "PMO619" in ran.err


# --- Bad input -----------------------------------------------------------------------------------


def test_a_thousand_other_files_cost_little(tmp_path):
    folder = write(tmp_path / "in", ana_yaml=ratings("Ana"))
    for number in range(1000):
        (folder / f"{number}.jpg").touch()
    large = "{" + '"other": "' + "x" * 2_000_000 + '"}'
    for number in range(20):
        (folder / f"{number}.json").write_text(large, encoding="utf-8")

    start = time.monotonic()
    ran = batch("in", cwd=tmp_path)

    assert counts(ran)[0] == [1021, 1, 0, 1020]
    assert "and 995 more" in ran.err
    assert time.monotonic() - start < 20


def test_an_unreadable_file_and_folder_are_reported_and_the_rest_is_scored(tmp_path):
    folder = write(tmp_path / "in", ana_yaml=ratings("Ana"), shut_yaml=ratings("Bo"))
    (folder / "shut.yaml").chmod(0)
    write(folder / "closed", cy_yaml=ratings("Cy")).chmod(0)
    try:
        ran = run_process(
            "batch", "in", "--framework", FRAMEWORK, cwd=tmp_path, before=bound_by_modes
        )
    finally:
        (folder / "closed").chmod(0o700)

    assert ran.code == 1
    assert [row["person"] for row in rows(ran.out)] == ["Ana"]
    assert ran.err.count("no permission to read it") == 2
    assert counts(ran)[0] == [3, 1, 2, 0]


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["empty"], "there is neither a sheet of people nor a ratings file in 'empty'"),
        (["nothing/*.yaml"], "no file matches 'nothing/*.yaml'"),
        (["-", "in"], "stdin (-) can only be read alone"),
        (["in", "--fixed", "in/ana.yaml"], "--fixed is for a single sheet"),
        (["in", "in/ana.yaml", "--spark", "local[2]"], "--spark scores a single table"),
        (["in", "--spark", "local[2]", "-o", "out"], "--spark scores a table, and"),
        (["in", "-o", "in/ana.yaml", "--format", "csv"], None),
        (["in/ana.yaml", "in/bo.yaml", "-o", "in/ana.yaml", "--format", "csv"], "is read"),
    ],
)
def test_what_does_not_fit_is_refused(tmp_path, args, message):
    write(tmp_path / "in", ana_yaml=ratings("Ana"), bo_yaml=ratings("Bo"))
    (tmp_path / "empty").mkdir()

    ran = batch(*args, cwd=tmp_path)

    if message is None:
        # A file of the folder that the run is to replace is no input.
        assert counts(ran)[0] == [2, 1, 0, 1]
        return
    assert ran.code == 2
    assert message in ran.err


def test_nothing_is_written_when_no_file_can_be_used(tmp_path):
    write(tmp_path / "in", ana_yaml=ratings("Ana", levels=(9,)), bo_yaml="ratings: [")

    ran = batch("in", "-o", "results.csv", cwd=tmp_path)

    assert ran.code == 3
    assert "ana.yaml:1:" in ran.err
    assert "bo.yaml" in ran.err
    assert not (tmp_path / "results.csv").exists()


def test_with_strict_one_rejected_file_is_enough_to_write_nothing(tmp_path):
    write(tmp_path / "in", ana_yaml=ratings("Ana"), bo_yaml="a: [")

    ran = batch("in", tmp_path / "in" / "bo.yaml", "-o", "results.csv", "--strict", cwd=tmp_path)

    assert ran.code == 1
    assert not (tmp_path / "results.csv").exists()


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_hostile_names_are_shown_and_not_obeyed(tmp_path, text):
    name = re.sub(r"[/\0]", "_", text)[:80]
    folder = write(tmp_path / "in", good_json=ratings(text, rater=text))
    (folder / f"{name}.json").write_text(ratings("Bo", levels=(9,)), encoding="utf-8")
    (folder / f"{name}.png").touch()

    ran = batch("in", "-o", "results.csv", "--report", "team.html", cwd=tmp_path)

    assert ran.code == 1
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", ran.err)
    page = (tmp_path / "team.html").read_text(encoding="utf-8")
    for tag in ("<script>alert", "<img src=x"):
        assert tag not in page
    assert not re.search(r'(^|,|")=HYPER', (tmp_path / "results.rejects.csv").read_text("utf-8"))


@pytest.mark.skipif(sys.platform == "darwin", reason="names are Unicode there")
def test_a_name_that_is_no_text_is_read(tmp_path):
    folder = write(tmp_path / "in", ana_yaml=ratings("Ana"))
    Path(os.fsdecode(os.fsencode(folder) + b"/\xff.json")).write_text(ratings("Bo"), "utf-8")
    Path(os.fsdecode(os.fsencode(folder) + b"/\xfe.csv")).write_text(
        "person,role,department,Planning\nCy,lead,A,2\n", encoding="utf-8"
    )

    ran = batch("in", cwd=tmp_path)

    assert sorted(row["person"] for row in rows(ran.out)) == ["Ana", "Bo", "Cy"]


# --- Files and sheets give the same --------------------------------------------------------------

LEVELS = st.sampled_from(["", "0", "1", "2", "3", "n/a"])
PEOPLE = st.dictionaries(
    st.tuples(
        st.sampled_from(["Ana", "Bo", "Çelik", "007"]), st.sampled_from(["self", "boss", "peer"])
    ),
    st.tuples(st.sampled_from("0123"), LEVELS, LEVELS),
    min_size=1,
    max_size=6,
)


@given(PEOPLE, st.sampled_from([(), ("--gaps",), ("--long",)]))
@settings(max_examples=examples(15), deadline=None)
def test_a_folder_gives_the_results_of_the_same_people_in_one_sheet(
    tmp_path_factory, people, more
):
    tmp_path = tmp_path_factory.mktemp("same")
    folder = tmp_path / "in"
    folder.mkdir()
    has_raters = any(rater != "self" for _, rater in people)
    with (tmp_path / "people.csv").open("w", encoding="utf-8", newline="") as stream:
        sheet = csv.writer(stream)
        sheet.writerow(["person", "role", *(["rater"] if has_raters else []), *COMPETENCES])
        for number, ((person, rater), levels) in enumerate(people.items()):
            sheet.writerow([person, "lead", *([rater] if has_raters else []), *levels])
            content = ratings(person, rater=rater, levels=levels)
            (folder / f"{number}.json").write_text(content, encoding="utf-8")

    from_folder = rows(batch("in", *more, cwd=tmp_path).out)
    from_sheet = rows(batch("people.csv", *more, cwd=tmp_path).out)

    without = [{key: row[key] for key in row if key not in OWN} for row in from_folder]
    assert without == [{key: row[key] for key in without[0]} for row in from_sheet]


def test_long_sheets_wide_sheets_and_files_are_one_team(tmp_path):
    (tmp_path / "long.csv").write_text(
        "person,role,competence,rating\nAna,lead,Planning,3\nBo,lead,Planning,2\nBo,lead,Presenting,n/a\n",
        encoding="utf-8",
    )
    (tmp_path / "wide.csv").write_text(
        "name,role,Risk Management,Presenting\nCy,lead,2,1\nDi,lead,n/a,2\n", encoding="utf-8"
    )
    write(tmp_path, ed_json=ratings("Ed", levels=(1, "n/a", 3)))

    ran = batch("long.csv", "wide.csv", "ed.json", "--long", cwd=tmp_path)

    levels = {
        (row["person"], row["competence"]): row["rating"] or row["status"] for row in rows(ran.out)
    }
    assert levels == {
        ("Ana", "planning"): "3",
        ("Ana", "risk-management"): "unrated",
        ("Ana", "presenting"): "unrated",
        ("Bo", "planning"): "2",
        ("Bo", "risk-management"): "unrated",
        ("Bo", "presenting"): "n/a",
        ("Cy", "planning"): "unrated",
        ("Cy", "risk-management"): "2",
        ("Cy", "presenting"): "1",
        ("Di", "planning"): "unrated",
        ("Di", "risk-management"): "n/a",
        ("Di", "presenting"): "2",
        ("Ed", "planning"): "1",
        ("Ed", "risk-management"): "n/a",
        ("Ed", "presenting"): "3",
    }


def self_scoring(path, person, level=None):
    """A workbook that scores itself, as a person returns it."""
    made = pmo_path.template("ratings.xlsx", framework=FRAMEWORK, role="lead")
    assert isinstance(made, bytes)
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(made)
    book = openpyxl.load_workbook(path)
    book[RATE].cell(Fact.PERSON + 1, RateColumn.LEVEL + 1, person)
    book[RATE].cell(FIRST_COMPETENCE + 1, RateColumn.LEVEL + 1, level)
    book.save(path)


def test_workbooks_that_score_themselves_are_scored_alone_and_in_a_folder(tmp_path):
    self_scoring(tmp_path / "in" / "ana.xlsx", "Ana", 2)
    self_scoring(tmp_path / "in" / "empty.xlsx", "Bo")

    alone = batch("in/ana.xlsx", cwd=tmp_path)
    together = batch("in", cwd=tmp_path)

    assert rows(alone.out) == rows(together.out)
    assert [(row["person"], row["role"]) for row in rows(alone.out)] == [("Ana", "lead")]
    assert counts(together) == [[2, 1, 1, 0], [2, 1, 1, 0]]
    assert "nothing is rated" in together.err


@pytest.mark.parametrize("key", ["person", "role", "rater"])
def test_a_competence_may_have_the_id_of_what_a_column_holds(tmp_path, key):
    text = FRAMEWORK.read_text(encoding="utf-8")
    (tmp_path / "model.yaml").write_text(re.sub(r"\bplanning:", f"{key}:", text), encoding="utf-8")
    sheet = "person,role,rater,Planning\nAna,lead,self,2\nAna,lead,boss,1\n"
    write(tmp_path / "in", a_csv=sheet, b_csv=sheet.replace("Ana", "Bo"))

    ran = run("batch", "in", "--gaps", "--framework", "model.yaml", cwd=tmp_path)

    assert ran.code == 0, ran.err
    assert [(row["person"], row["role"], row[f"gap_{key}"]) for row in rows(ran.out)] == [
        (person, "lead", gap) for person in ("Ana", "Bo") for gap in ("1", "2", "1.5")
    ]


# --- Processes -----------------------------------------------------------------------------------


def many_files(folder):
    folder.mkdir()
    for number in range(returned_files.MANY_FILES + 5):
        level = 9 if number == 7 else number % 4
        content = ratings(f"P{number}", levels=(level,))
        (folder / f"{number:03}.yaml").write_text(content, encoding="utf-8")


def test_processes_read_what_one_reads(tmp_path, monkeypatch):
    many_files(tmp_path / "in")
    monkeypatch.setattr(os, "cpu_count", lambda: 1)
    alone = batch("in", "-q", cwd=tmp_path)

    together = run_process("batch", "in", "-q", "--framework", FRAMEWORK, cwd=tmp_path)

    assert together == alone
    assert counts(alone)[0] == [205, 204, 1, 0]


def test_where_processes_die_the_run_reads_the_files_itself(tmp_path, monkeypatch):
    many_files(tmp_path / "in")

    def nothing_starts(*_):
        raise OSError("no more processes")

    monkeypatch.setattr("concurrent.futures.ProcessPoolExecutor", nothing_starts)

    assert counts(batch("in", "-q", cwd=tmp_path))[0] == [205, 204, 1, 0]


# --- From Python ---------------------------------------------------------------------------------


def test_a_library_call_takes_paths_and_folders(tmp_path):
    folder = write(tmp_path / "in", ana_yaml=ratings("Ana"), bo_yaml=ratings("Bo", levels=(9,)))
    (tmp_path / "cy.csv").write_text("person,role,Planning\nCy,lead,2\n", encoding="utf-8")
    options = pmo_path.BatchOptions(framework=FRAMEWORK)

    result = pmo_path.run_batch([folder, tmp_path / "cy.csv"], tmp_path / "out.csv", options)

    assert [(Path(file.name).name, file.outcome.value) for file in result.files] == [
        ("cy.csv", "scored"),
        ("ana.yaml", "scored"),
        ("bo.yaml", "rejected"),
    ]
    (reject,) = result.sheet.rejects
    assert (Path(reject.file).name, reject.line, reject.code) == ("bo.yaml", 1, "PMO502")
    with pytest.raises(UsageProblem, match="name a sheet"):
        pmo_path.run_batch([], tmp_path / "out.csv", options)
    with pytest.raises(InputInvalid):
        pmo_path.run_batch([folder / "bo.yaml"], tmp_path / "out.csv", options)
