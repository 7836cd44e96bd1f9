"""Competency matrices as other organisations keep them, from the table to people's results."""

from __future__ import annotations

import csv
import io
import json
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import pytest
import xlsxwriter
from tests.support import run

from pmo_path import framework_from_table, load_framework

TABLES = Path(__file__).resolve().parent / "cases" / "tables"


class Shape(NamedTuple):
    """A table, what people are rated against, and the number of competences and roles in it."""

    name: str
    target: tuple[str, str]
    competences: int
    roles: int


SHAPES = [
    Shape("roles-with-texts", ("--role", "ic2-senior-engineer"), 4, 3),
    Shape("no-roles-on-sevens", ("--target-level", "5"), 3, 0),
    Shape("professions-by-grades", ("--role", "Data engineer Senior"), 3, 4),
]


def rows_of(shape):
    text = (TABLES / f"{shape.name}.csv").read_text(encoding="utf-8")
    return list(
        csv.reader(io.StringIO(text), delimiter=";" if ";" in text.splitlines()[0] else ",")
    )


def framework_file(shape, format_, folder):
    """The framework that the command makes of the table, as CSV or as a workbook."""
    table = TABLES / f"{shape.name}.csv"
    if format_ == "xlsx":
        table = folder / f"{shape.name}.xlsx"
        with xlsxwriter.Workbook(table) as book:
            sheet = book.add_worksheet("Matrix")
            for number, row in enumerate(rows_of(shape)):
                for index, cell in enumerate(row):
                    sheet.write(number, index, int(cell) if cell.isdecimal() else cell)
    mapping = TABLES / f"{shape.name}.map.yaml"
    options = ("--map", mapping) if mapping.exists() else ()
    path = folder / "framework.yaml"
    ran = run("template", "framework", "--from", table, *options, "-o", path)
    assert (ran.code, ran.out) == (0, "")
    return path


def texts_in(value):
    """Every text and number in the data, keys included."""
    match value:
        case dict():
            for key, inner in value.items():
                yield from (str(key), *texts_in(inner))
        case list() | tuple():
            for inner in value:
                yield from texts_in(inner)
        case None:
            return
        case _:
            yield str(value)


@pytest.mark.parametrize("format_", ["csv", "xlsx"])
@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.name)
def test_a_foreign_table_becomes_a_framework_that_people_are_rated_by(tmp_path, shape, format_):
    path = framework_file(shape, format_, tmp_path)
    framework = load_framework(path)

    assert (len(framework.competences), len(framework.roles)) == (shape.competences, shape.roles)
    assert run("validate", path).code == 0
    for kind in ("ratings", "people.csv", "people.xlsx"):
        form = tmp_path / f"form-{kind.replace('ratings', 'ratings.yaml')}"
        ran = run("template", kind, "--framework", path, *shape.target, "-o", form)
        assert (ran.code, ran.out) == (0, "")

    ratings = tmp_path / "own.json"
    highest = framework.levels[-1]
    rated = dict.fromkeys(framework.competences, float(highest))
    ratings.write_text(json.dumps({"person": "Ana", "ratings": rated}), encoding="utf-8")
    report = run("assess", ratings, "--framework", path, *shape.target, "--format", "json")
    assert json.loads(report.out)["readiness"]["low"]["rounded"] == pytest.approx(100)

    (header,) = csv.reader((tmp_path / "form-people.csv").read_text("utf-8").splitlines())
    known = framework.competence_names
    cells = [str(highest) if known.find(heading) else "" for heading in header]
    people = tmp_path / "people.csv"
    people.write_text(f"{','.join(header)}\n{','.join(['Ana', *cells[1:]])}\n", encoding="utf-8")
    batch = run("batch", people, "--framework", path, *shape.target)
    assert batch.code == 0
    (row,) = csv.DictReader(io.StringIO(batch.out))
    assert row["readiness_low"] == "100.0"


@pytest.mark.parametrize("format_", ["csv", "xlsx"])
@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.name)
def test_nothing_is_invented_and_nothing_is_dropped(tmp_path, shape, format_):
    framework = load_framework(framework_file(shape, format_, tmp_path))
    about = {"framework": {"id", "title"}, "readiness": {"everybody"}}
    held = framework.model_dump(by_alias=True, exclude_defaults=True, exclude=about)
    written = set(texts_in(held))
    cells = {cell for row in rows_of(shape) for cell in row if cell}
    kept_in = "\n".join(written).casefold()

    headings = {cell for row in rows_of(shape)[:2] for cell in row}
    for cell in cells - headings:
        assert all(part.casefold() in kept_in for part in cell.split(": ")), cell
    competences = framework.competences.values()
    shown = {text for competence in competences for text in competence.levels.values()}
    shown |= {competence.summary for competence in competences if competence.summary}
    shown |= {competence.name for competence in competences}
    for role in framework.roles.values():
        shown |= {item.expects for item in role.requires.values() if item.expects}
    assert all(any(text in cell for cell in cells) for text in shown)
    assert not framework.training
    for competence in competences:
        assert not (competence.experience)
        assert not (competence.evidence)
        assert not (competence.exposure)


def test_what_cannot_be_a_level_is_kept_under_its_profession_and_grade():
    made = framework_from_table(TABLES / "professions-by-grades.csv")

    testing = made.reading.data["domains"]["code"]["competences"]["testing"]
    assert testing["x-cells"] == {"Data analyst Senior": "3-4", "Data engineer Junior": "NC"}
    assert any("line 4, Data analyst Senior: 3-4" in line for line in made.lines)


def test_the_lowest_level_of_sevens_counts(tmp_path):
    framework = load_framework(framework_file(SHAPES[1], "csv", tmp_path))

    assert framework.levels[:2] == (Decimal(0), Decimal(1))
    assert framework.competences["TRDS"].levels[Decimal(1)] == "Follows a script"
