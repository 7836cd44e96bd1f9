"""Answers read back from a workbook that scores itself, as people return it."""

from __future__ import annotations

import datetime
import io

import openpyxl
import pytest
from tests.office import needs_office, recalculated
from tests.support import ROOT, run

from pmo_path import assess, at_target_level, load_framework, load_ratings, template
from pmo_path.domain.errors import InputInvalid, UsageProblem
from pmo_path.domain.self_scoring import FIRST_COMPETENCE, RATE, STAMP
from pmo_path.readers.filetype import FileType, identify

SHIPPED = load_framework()
ROLE = "pmo-director"
FIRST = FIRST_COMPETENCE + 1
"""The row of the first competence."""
DAY = datetime.date(2026, 11, 23)
MADE = template("ratings.xlsx", role=ROLE)
SEVENS = ROOT / "tests" / "frameworks" / "foreign" / "sevens.yaml"


def workbook():
    assert isinstance(MADE, bytes)
    return openpyxl.load_workbook(io.BytesIO(MADE))


def returned(tmp_path, change, name="me.xlsx"):
    """A workbook in which somebody filled in the first level, and changed something else."""
    book = workbook()
    book[RATE][f"C{FIRST}"] = "3 - Competent"
    change(book)
    path = tmp_path / name
    book.save(path)
    return path


def filled(cells):
    def change(book):
        for name, value in cells.items():
            book[RATE][name] = value

    return change


def problems(path):
    with pytest.raises(InputInvalid) as caught:
        load_ratings(path, SHIPPED)
    return [f"{known.code} {known.message}" for known in caught.value.diagnostics]


def test_every_answer_is_read_back(tmp_path):
    path = returned(
        tmp_path,
        filled(
            {
                "C4": "Ana",
                "C5": "manager",
                "C6": DAY,
                "C7": "PMO Manager",
                f"E{FIRST}": "A paper",
                f"F{FIRST}": 2025,
                f"G{FIRST}": "not sure",
                f"C{FIRST + 1}": "n/a",
                f"C{FIRST + 2}": 4,
                f"C{FIRST + 3}": "3,0",
                f"C{FIRST + 4}": "expert",
                f"G{FIRST + 5}": "not sure",
                f"E{FIRST + 6}": "only evidence",
            }
        ),
    )
    ratings = load_ratings(path, SHIPPED)
    about = (ratings.person, ratings.rater, ratings.role, ratings.target, str(ratings.date))
    assert about == ("Ana", "manager", "pmo-manager", ROLE, "2026-11-23")
    first, *others = ratings.ratings.values()
    assert str(first.level) == "3"
    assert (first.evidence, first.year, first.confidence) == ("A paper", 2025, "low")
    assert [rating.level for rating in others] == ["n/a", 4, 3, 5, None, None]
    assert others[4].confidence == "low"
    assert others[5].evidence == "only evidence"
    assert ratings.framework is not None
    assert ratings.framework.version == SHIPPED.framework.version


def test_a_workbook_is_known_by_either_mark(tmp_path):
    def unmarked(book):
        book.custom_doc_props = type(book.custom_doc_props)()

    path = returned(tmp_path, unmarked)
    assert identify(path.read_bytes(), "me.xlsx").type is FileType.RATINGS
    assert "this is a ratings file, not a framework" in run("validate", path).out


def test_it_is_read_as_libreoffice_saves_it(tmp_path):
    needs_office()
    path = returned(tmp_path, filled({"C4": "Ana", "C6": DAY}))
    (saved,) = recalculated(tmp_path, [path])
    assert load_ratings(saved, SHIPPED) == load_ratings(path, SHIPPED)


def test_assess_takes_person_and_role_from_the_workbook(tmp_path):
    done = run("assess", returned(tmp_path, filled({"C4": "Ana"})))
    assert done.code == 0
    assert "Ana → PMO Director" in done.out or "Ana: PMO Director" in done.out


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ({f"C{FIRST + 1}": "good"}, f"PMO502 'Rate'!C{FIRST + 1}: 'good' is not a level"),
        ({f"C{FIRST + 1}": "9"}, f"PMO502 'Rate'!C{FIRST + 1}: '9' is not a level"),
        ({f"C{FIRST + 1}": "=1+2"}, f"PMO204 'Rate'!C{FIRST + 1}: this cell holds a formula"),
        ({f"F{FIRST}": "last year"}, f"PMO204 'Rate'!F{FIRST}: 'last year' is not a year"),
        ({f"G{FIRST}": "maybe not"}, f"PMO204 'Rate'!G{FIRST}: 'maybe not' is not 'not sure'"),
        ({"C6": "23/11/26"}, "PMO204 'Rate'!C6: '23/11/26' is not a date"),
        ({"C7": "Wizard"}, "PMO504 'Rate'!C7: 'Wizard' is not a role"),
        ({f"B{FIRST}": "Cooking"}, f"PMO204 'Rate'!B{FIRST}: this cell was"),
        ({f"H{FIRST}": "cooking"}, f"PMO204 'Rate'!B{FIRST}: this row is not one of"),
        ({f"C{FIRST + 60}": "3"}, f"PMO204 'Rate'!B{FIRST + 60}: this row is not one of"),
    ],
)
def test_what_cannot_be_read_is_named_with_its_cell(tmp_path, cells, message):
    (found,) = problems(returned(tmp_path, filled(cells)))
    assert found.startswith(message)


def test_a_deleted_row_is_noticed(tmp_path):
    path = returned(tmp_path, lambda book: book[RATE].delete_rows(FIRST + 1))
    assert any("is missing from the sheet 'Rate'" in found for found in problems(path))


def test_a_repeated_row_is_noticed(tmp_path):
    def repeat(book):
        for column in "BH":
            book[RATE][f"{column}{FIRST + 1}"] = book[RATE][f"{column}{FIRST}"].value

    (found,) = problems(returned(tmp_path, repeat))
    assert found.startswith(f"PMO503 'Rate'!B{FIRST + 1}: ")


def test_rows_in_another_order_are_read_by_their_ids(tmp_path):
    def swap(book):
        sheet = book[RATE]
        for column in "BCH":
            upper, lower = sheet[f"{column}{FIRST}"], sheet[f"{column}{FIRST + 1}"]
            upper.value, lower.value = lower.value, upper.value

    kept = load_ratings(returned(tmp_path, lambda _: None, "kept.xlsx"), SHIPPED)
    assert load_ratings(returned(tmp_path, swap), SHIPPED).ratings == kept.ratings


def test_rows_moved_below_the_headings_are_noticed(tmp_path):
    (found,) = problems(returned(tmp_path, lambda book: book[RATE].insert_rows(1)))
    assert "rows or columns were added, deleted or moved" in found


@pytest.mark.parametrize("title", [RATE, STAMP])
@pytest.mark.parametrize("is_renamed", [True, False])
def test_a_sheet_that_is_not_there_is_named(tmp_path, title, is_renamed):
    def change(book):
        if is_renamed:
            book[title].title = "Mine"
        else:
            del book[title]

    (found,) = problems(returned(tmp_path, change))
    assert found == f"PMO101 the sheet '{title}' is missing or has another name"


def test_a_changed_stamp_is_noticed(tmp_path):
    (found,) = problems(returned(tmp_path, lambda book: book[STAMP].delete_rows(2)))
    assert "was changed, or is of another version of pmo-path" in found


def test_nothing_rated_is_said(tmp_path):
    (found,) = problems(returned(tmp_path, filled({f"C{FIRST}": None})))
    assert found == "PMO201 nothing is rated: no level is chosen on the sheet 'Rate'"


def test_another_framework_is_named(tmp_path):
    done = run("assess", returned(tmp_path, lambda _: None), "--framework", SEVENS)
    assert done.code == 3
    assert "this workbook is for the framework 'pmo'" in done.err


@pytest.mark.parametrize(
    ("row", "note"),
    [(3, "was made for pmo 1.0.0, and the framework in use is pmo"), (4, "has changed since")],
)
def test_another_version_is_noted(tmp_path, row, note):
    def change(book):
        book[STAMP][f"B{row}"] = "1.0.0"

    done = run("assess", returned(tmp_path, change))
    assert done.code == 0
    assert note in done.err


def for_level_3(tmp_path, name="me.xlsx", **cells):
    """A workbook for level 3 of everything, by somebody whose current role leads to another."""
    path = tmp_path / name
    path.write_bytes(template("ratings.xlsx", target_level="3"))
    book = openpyxl.load_workbook(path)
    for cell, value in {f"C{FIRST}": "3 - Competent", "C7": "PMO Manager", **cells}.items():
        book[RATE][cell] = value
    book.save(path)
    return path


def test_the_target_level_of_a_workbook_is_that_of_its_report(tmp_path):
    path = for_level_3(tmp_path)

    own, other = run("assess", path), run("assess", path, "--target-level", "4")
    plan = run("plan", path, "--hours-per-week", "4")
    in_batch = run("batch", tmp_path, "-o", tmp_path / "out.csv")

    assert "Level 3 Competent" in own.out
    assert "note: the workbook was made with --target-level 3" in own.err
    assert "Level 3 Competent" in plan.out
    assert "Level 4 Proficient" in other.out
    assert "the workbook was made" not in other.err
    assert "pass --target-level 3, for which the workbook was made" in in_batch.err
    assert in_batch.code == 3


FOR_LEVEL_3 = "these ratings are for level 3 of every competence; pass --target-level 3"


@pytest.mark.parametrize("command", ["compare", "history"])
def test_a_target_level_is_not_replaced_by_the_next_role(tmp_path, command):
    files = for_level_3(tmp_path, "old.xlsx", C6=DAY), for_level_3(tmp_path, C6=DAY)

    alone = run(command, *files)
    at_level = run(command, *files, "--target-level", "3")

    assert alone.code == 2
    assert FOR_LEVEL_3 in alone.err
    assert "PMO Director" not in alone.out
    assert at_level.code == 0
    assert "Level 3 Competent" in at_level.out


def test_a_target_level_is_not_replaced_by_the_role_of_an_older_file(tmp_path):
    old = returned(tmp_path, filled({"C6": DAY}), "old.xlsx")
    new = for_level_3(tmp_path, "new.xlsx", C6=DAY + datetime.timedelta(days=100))
    newest = returned(tmp_path, filled({"C6": DAY + datetime.timedelta(days=200)}), "newest.xlsx")

    assert FOR_LEVEL_3 in run("compare", old, new).err
    later = run("compare", new, newest)
    assert later.code == 0
    assert "PMO Director" in later.out
    assert "the workbook was made with --target-level 3" in " ".join(later.out.split())


def test_python_asks_for_the_target_level_of_a_workbook(tmp_path):
    ratings = load_ratings(for_level_3(tmp_path), SHIPPED)

    with pytest.raises(UsageProblem, match=FOR_LEVEL_3):
        assess(SHIPPED, ratings)
    with pytest.raises(UsageProblem, match=FOR_LEVEL_3):
        assess(SHIPPED, ratings, what_if={"strategic-thinking": 4})
    assert "target_level" not in ratings.model_dump()
    framework, role = at_target_level(SHIPPED, ratings.target_level)
    assert assess(framework, ratings, role).role.name == "Level 3 Competent"


# --- Many people ----------------------------------------------------------------------------------


def test_batch_scores_a_workbook_by_itself(tmp_path):
    path = returned(tmp_path, filled({"C4": "Ana"}))
    done = run("batch", path, "-o", "-", "--format", "csv", "--brief")
    assert done.code == 0
    heading, row = (line.split(",") for line in done.out.splitlines())
    cells = dict(zip(heading, row, strict=True))
    assert (cells["person"], cells["role"]) == ("Ana", ROLE)


def test_batch_scores_workbooks_in_a_folder_and_rejects_the_faulty(tmp_path):
    folder = tmp_path / "returned"
    folder.mkdir()
    returned(folder, filled({"C4": "Ana"}), "ana.xlsx")
    returned(folder, filled({"C4": "Ben", f"C{FIRST}": "good"}), "ben.xlsx")
    returned(folder, filled({"C4": "Cy", f"C{FIRST}": None}), "cy.xlsx")
    (folder / "dee.yaml").write_text(
        f"person: Dee\ntarget: {ROLE}\nratings: {{strategic-thinking: 3}}\n"
    )
    done = run("batch", folder, "-o", tmp_path / "results.csv")
    assert done.code == 1
    assert "4 files: 2 scored, 2 rejected, 0 skipped" in done.err + done.out
    assert f"'Rate'!C{FIRST}: 'good' is not a level" in done.err + done.out
    assert "nothing is rated" in done.err + done.out
