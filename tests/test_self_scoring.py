"""The workbook that scores itself: its formulas, recalculated, and what it never holds."""

from __future__ import annotations

import io
import random
import re
import zipfile
from decimal import Decimal
from itertools import pairwise

import openpyxl
import pytest
from tests.office import needs_office, recalculated
from tests.support import IS_THOROUGH, run

from pmo_path import assess, at_target_level, load_framework, template
from pmo_path.domain.bands import BandReason
from pmo_path.domain.errors import UsageProblem
from pmo_path.domain.framework import Framework
from pmo_path.domain.numbers import one_decimal, show_number
from pmo_path.domain.ratings import Ratings
from pmo_path.domain.scoring import Status
from pmo_path.domain.self_scoring import FIRST_COMPETENCE, RATE, RESULT, RateColumn
from pmo_path.domain.workbook import ENTRIES
from pmo_path.render.templates.people_columns import level_entry
from pmo_path.render.templates.self_scoring import self_scoring_workbook
from pmo_path.render.templates.self_scoring_lists import NO_FIGURE, next_steps
from pmo_path.writers.form_workbook import form_workbook

SHIPPED = load_framework()
PEOPLE = 60 if IS_THOROUGH else 12
"""People in one workbook, each with sheets of their own; fewer where these are long."""
MANY = 20
FUNCTIONS = frozenset(
    [
        "AND",
        "COUNTIF",
        "IF",
        "INDEX",
        "INT",
        "MATCH",
        "MAX",
        "MIN",
        "OR",
        "SUM",
        "SUMIF",
        "SUMPRODUCT",
        "TRIM",
    ]
)
"""All of them are in Excel 2016, and mean the same in LibreOffice."""
LONGEST_LITERAL, LONGEST_FORMULA = 257, 8192
"""Characters, the quotes of a literal included."""
SCALES = (
    ("0", "1", "2", "3", "4", "5"),
    ("1", "2", "3", "4", "5", "6", "7"),
    ("0", "0.25", "0.5", "0.75", "1"),
    ("1", "2", "5", "5.5", "11"),
    ("-2", "0", "0.1", "3.75"),
)
BANDS = (
    {
        "top": {"label": "Top", "at_least": 90, "must_haves_missing": 0},
        "half": {"label": "Half", "at_least": 50, "must_haves_missing": 2},
        "low": {"label": "Low", "at_least": 0},
    },
    {
        "a": {"label": "A", "at_least": Decimal("66.6667"), "must_have_gap": Decimal("0.5")},
        "b": {
            "label": "B",
            "at_least": Decimal("33.3"),
            "must_haves_missing": 1,
            "must_have_gap": 2,
        },
        "c": {"label": "C", "at_least": Decimal("0.1"), "must_have_gap": 3},
        "d": {"label": "D", "at_least": 0},
    },
    {"only": {"label": "Only", "at_least": 0}},
    {
        "all": {"label": "=1+1", "at_least": 100, "must_haves_missing": 0},
        "some": {"label": "Same", "at_least": 75},
        "rest": {"label": "Rest", "at_least": 0},
    },
)


def invented(seed: int, size: int) -> Framework:
    """A framework with every kind of requirement."""
    chance = random.Random(seed)
    scale = [Decimal(number) for number in chance.choice(SCALES)]
    baseline = chance.choice((None, scale[0] - 1, scale[0] - Decimal("2.5")))
    ratings = scale if baseline is None else [baseline, *scale]
    levels = [*ratings[1:], *((low + high) / 2 for low, high in pairwise(ratings))]

    def requirement():
        level = chance.choice(levels)
        lower = [step for step in ratings if step <= level]
        return {
            "level": level,
            "importance": chance.choice([Decimal(1), Decimal(5), Decimal("2.5"), Decimal("0.3")]),
            "must_have": chance.choice([None, None, chance.choice(lower)]),
        }

    keys = [f"c{number}" for number in range(size)]
    competences = {
        key: {
            "name": f"Competence {key}",
            "experience": {
                level: f"Do {key} to {level}" for level in scale if chance.random() < 0.6
            },
        }
        for key in keys
    }
    return Framework.model_validate(
        {
            "schema": 1,
            "framework": {"id": "f", "version": "1", "title": "F"},
            "baseline": baseline,
            "scale": {level: {"label": f"L{level}"} for level in scale},
            "readiness": BANDS[seed % len(BANDS)],
            "domains": {
                f"d{part}": {
                    "name": f"D{part}",
                    "competences": dict(list(competences.items())[part::3]),
                }
                for part in range(3)
            },
            "roles": {"r": {"name": "R", "requires": {key: requirement() for key in keys}}},
        }
    )


def answers_for(framework: Framework, role: str, chance: random.Random) -> dict[str, object]:
    """Random answers; some people leave much out, some have much that does not apply."""
    unrated, not_applied = chance.choice(((0, 0), (0.2, 0.1), (0.5, 0), (0, 0.35), (0.9, 0.05)))
    answers: dict[str, object] = {}
    for key, requirement in framework.scored(role).items():
        point = chance.random()
        near = [level for level in framework.levels if level >= requirement.level]
        levels = chance.choice((framework.levels, near or framework.levels))
        if point > unrated:
            answers[key] = "n/a" if point < unrated + not_applied else chance.choice(levels)
    return answers


def filled(form, framework, answers, number=0):
    """The sheets of a form with answers typed in, of one of several people in a workbook."""
    own = ("Rate", "Result", "Scoring", "Figures", "Chart")
    names = re.compile(rf"\b({'|'.join(own)})!")

    def renamed(text):
        return names.sub(rf"\g<1>{number}!", text)

    for sheet in form.sheets:
        if sheet.title not in own and number:
            continue
        ids = {
            cell.row: cell.content
            for cell in sheet.cells
            if sheet.title == RATE and cell.column == RateColumn.ID
        }
        cells = []
        for cell in sheet.cells:
            answer = answers.get(ids.get(cell.row)) if cell.column == RateColumn.LEVEL else None
            if answer is not None:
                shown = answer if answer == "n/a" else level_entry(framework, answer)
                cells.append(cell._replace(content=shown))
            else:
                cells.append(cell._replace(formula=renamed(cell.formula)))
        title = f"{sheet.title}{number}" if sheet.title in own else sheet.title
        yield sheet._replace(title=title, cells=tuple(cells), charts=(), choices=())


def batch(framework, role, seed):
    """A workbook with many people's answers, and these."""
    chance = random.Random(seed)
    form = self_scoring_workbook(framework, role)
    count = PEOPLE if len(framework.competences) < MANY else PEOPLE // 3
    people = [answers_for(framework, role, chance) for _ in range(count)]
    people[0] = {}
    people[1] = dict.fromkeys(framework.scored(role), "n/a")
    sheets = [
        sheet
        for number, answers in enumerate(people)
        for sheet in filled(form, framework, answers, number)
    ]
    return form_workbook(form._replace(sheets=tuple(sheets))), people


def lines(workbook, title):
    """The rows of a sheet, each as wide as the widest table."""
    rows = workbook[title].iter_rows(values_only=True)
    return [[*row, *(None,) * (9 - len(row))] for row in rows]


def figures(rows):
    """What the sheet shows beside each label."""
    return {row[0].strip(): row[2] for row in rows if isinstance(row[0], str)}


def table(rows, title, width):
    """The filled rows below the headings of a table."""
    starts = [n for n, row in enumerate(rows) if str(row[0] or "").startswith(title)]
    below = rows[starts[0] + 2 :] if starts else []
    shown = []
    for row in below:
        if not row[1]:
            break
        shown.append([cell if cell is not None else "" for cell in row[:width]])
    return shown


def tenths(value):
    return float(one_decimal(value))


def expected_figures(report):
    verdict, readiness = report.verdict, report.readiness
    has_band = verdict.is_banded and report.band is not None
    following = report.next_band if has_band else None
    shown = {
        "Readiness, lowest (%)": readiness and tenths(readiness.low),
        "Readiness, highest (%)": readiness and tenths(readiness.high),
        "At target": readiness and verdict.at_target,
        "Competences that apply": readiness and verdict.applicable,
        "Not rated": readiness and len(verdict.unrated),
        "Not applicable (n/a)": readiness and len(verdict.not_applicable),
        "Must-haves missing": readiness and len(verdict.must_haves_missing),
    }
    if verdict.is_banded:
        shown |= {
            "Band": report.band.label if has_band else None,
            "Best band still possible": report.band_high.label if has_band else None,
            "Next band": following and following.band.label,
            "points to it": following and float(following.points),
            "must-haves to meet": following and following.must_haves_in_the_way,
        }
    return {label: NO_FIGURE if value is None else value for label, value in shown.items()}


def expected_gaps(framework, report):
    def entry(level):
        return level_entry(framework, level) if level in framework.scale else show_number(level)

    for number, key in enumerate(report.gaps, 1):
        gap = report.result(key)
        step = next_steps(framework, key)[framework.levels.index(gap.rating)]
        must_have = "" if gap.must_have is None else entry(gap.must_have)
        required = entry(gap.required)
        figures = [float(gap.gap), must_have, float(gap.importance), float(gap.priority)]
        yield [number, gap.name, entry(gap.rating), required, *figures, step]


def expected_must_haves(framework, report):
    verdict, following = report.verdict, report.next_band
    in_the_way = {item.id for item in following.must_haves} if following else set()
    for missing in verdict.must_haves_missing if report.readiness else ():
        result = report.result(missing.id)
        states = {Status.UNRATED: "not rated", Status.NOT_APPLICABLE: "n/a"}
        now = states.get(missing.status) or level_entry(framework, result.rating)
        is_banded = verdict.is_banded and report.band is not None
        mark = "►" if is_banded and missing.id in in_the_way else ""
        yield [mark, missing.name, now, level_entry(framework, result.must_have)]


def check(rows, framework, report, answers):
    expected = expected_figures(report)
    shown = figures(rows)
    assert {label: shown[label] for label in expected} == expected, answers
    gaps = list(expected_gaps(framework, report))
    assert [
        [round(cell, 9) if isinstance(cell, float) else cell for cell in row]
        for row in table(rows, "Gaps", 9)
    ] == gaps, answers
    assert table(rows, "Must-haves missing (", 4) == list(expected_must_haves(framework, report))
    verdict = rows[2][0]
    if report.readiness is None:
        assert verdict.startswith("Nothing is rated yet")
    elif report.band_reason is BandReason.TOO_MUCH_NA:
        assert verdict.startswith("No band: n/a covers more than a third")
    else:
        low, high = one_decimal(report.readiness.low), one_decimal(report.readiness.high)
        is_sure = not report.unrated
        assert (f"Readiness {low} %" if is_sure else f"{low} % to {high} %") in verdict
        if report.verdict.is_banded:
            assert verdict.startswith(report.band.label)


def worlds():
    yield SHIPPED, "pmo-director"
    yield at_target_level(SHIPPED, "3.5")
    yield from ((invented(seed, 7), "r") for seed in range(8))
    yield invented(9, 3), "r"


def test_every_figure_is_that_of_the_core(tmp_path):
    needs_office()
    made = {}
    for number, (framework, role) in enumerate(worlds()):
        content, people = batch(framework, role, seed=number)
        path = tmp_path / f"w{number}.xlsx"
        path.write_bytes(content)
        made[path.name] = framework, role, people
    files = recalculated(tmp_path, [tmp_path / name for name in made])
    for path in files:
        framework, role, people = made[path.name]
        workbook = openpyxl.load_workbook(path, read_only=True, data_only=True)
        for number, answers in enumerate(people):
            ratings = Ratings.model_validate({"ratings": answers})
            report = assess(framework, ratings, role)
            check(lines(workbook, f"{RESULT}{number}"), framework, report, answers)


def test_two_hundred_competences(tmp_path):
    needs_office()
    framework = invented(5, 200)
    answers = answers_for(framework, "r", random.Random(3))
    form = self_scoring_workbook(framework, "r")
    path = tmp_path / "large.xlsx"
    path.write_bytes(form_workbook(form._replace(sheets=tuple(filled(form, framework, answers)))))
    (done,) = recalculated(tmp_path, [path])
    report = assess(framework, Ratings.model_validate({"ratings": answers}), "r")
    check(
        lines(openpyxl.load_workbook(done, data_only=True), "Result0"), framework, report, answers
    )


# --- Without a spreadsheet program ----------------------------------------------------------------


def test_only_functions_of_excel_2016_are_used():
    for framework, role in worlds():
        form = self_scoring_workbook(framework, role)
        for formula in (cell.formula for sheet in form.sheets for cell in sheet.cells):
            bare = re.sub(r'"[^"]*"', '""', formula)
            assert set(re.findall(r"([A-Z][A-Z0-9.]*)\(", bare)) <= FUNCTIONS
            assert all(len(text) <= LONGEST_LITERAL for text in re.findall(r'"[^"]*"', formula))
            assert len(formula) < LONGEST_FORMULA


def test_what_people_see_has_values_before_anything_is_calculated(tmp_path):
    needs_office()
    path = tmp_path / "me.xlsx"
    content = template("ratings.xlsx", role="pmo-director")
    assert isinstance(content, bytes)
    path.write_bytes(content)
    before = openpyxl.load_workbook(path, data_only=True)
    (done,) = recalculated(tmp_path, [path])
    after = openpyxl.load_workbook(done, data_only=True)
    for sheet in before:
        cells = [cell for row in sheet.iter_rows() for cell in row]
        for cell in cells if sheet.sheet_state == "visible" else ():
            assert (cell.value or "") == (after[sheet.title][cell.coordinate].value or "")


def test_only_the_cells_to_fill_in_are_open():
    form = self_scoring_workbook(SHIPPED, "pmo-director")
    workbook = openpyxl.load_workbook(io.BytesIO(form_workbook(form)))
    for sheet, written in zip(form.sheets, workbook, strict=True):
        assert written.protection.sheet
        assert written.protection.password is None
        unlocked = {
            cell.coordinate for row in written for cell in row if not cell.protection.locked
        }
        assert unlocked == {cell.name for cell in sheet.cells if cell.style in ENTRIES}
    visible = [sheet.title for sheet in workbook if sheet.sheet_state == "visible"]
    assert visible == ["Rate", "Result", "How it works"]


HOSTILE = '=HYPERLINK("http://x.invalid","a")'


def test_what_a_framework_says_is_never_a_formula():
    competences = {
        f"c{number}": {
            "name": f"{HOSTILE}{number}",
            "summary": f"{HOSTILE}\x1b[31m",
            "levels": {1: "@SUM(A1)"},
            "experience": {2: HOSTILE},
        }
        for number in range(4)
    }
    framework = Framework.model_validate(
        {
            "schema": 1,
            "framework": {"id": "f", "version": "1", "title": HOSTILE, "how_to_rate": HOSTILE},
            "scale": {level: {"label": f"{HOSTILE}{level}"} for level in range(3)},
            "readiness": BANDS[0] | {"top": {**BANDS[0]["top"], "label": HOSTILE}},
            "domains": {"d": {"name": HOSTILE, "competences": competences}},
            "roles": {
                "r": {"name": HOSTILE, "requires": {key: {"level": 2} for key in competences}}
            },
        }
    )
    content = form_workbook(self_scoring_workbook(framework, "r"))
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        for part in parts.namelist():
            text = parts.read(part).decode("utf-8", "replace")
            assert not re.search(r"<(?:f|formula1)>[^<]*(?:HYPERLINK|@SUM)", text), part
            assert "\x1b" not in text


def test_a_framework_beyond_exact_whole_numbers_is_refused():
    data = invented(0, 8).model_dump(by_alias=True)
    data["baseline"] = None
    data["scale"] = {
        Decimal(f"{level}.0001"): {"label": str(level)} for level in range(0, 999, 99)
    }
    data["readiness"]["half"]["at_least"] = Decimal("50.0001")
    data["roles"]["r"]["requires"] = {
        f"c{number}": {"level": Decimal("990.0001"), "importance": Decimal("999.0001")}
        for number in range(8)
    }
    for competence in (c for d in data["domains"].values() for c in d["competences"].values()):
        competence["experience"] = {}
    with pytest.raises(UsageProblem, match="too many digits"):
        self_scoring_workbook(Framework.model_validate(data), "r")


def test_a_workbook_needs_a_target(tmp_path):
    done = run("template", "ratings", "-o", tmp_path / "me.xlsx")
    assert done.code == 2
    assert "--role" in done.err


def test_a_workbook_is_not_made_from_the_ratings_of_a_file(tmp_path):
    mine = "examples/ratings-manager.yaml"

    done = run("template", "ratings", "--from", mine, "-o", tmp_path / "manager.xlsx")

    assert (done.code, "-o FILE.yaml" in done.err) == (2, True)


def test_the_rows_are_in_the_order_of_the_questions():
    sheet = self_scoring_workbook(SHIPPED, "pmo-director").sheets[0]
    ids = [str(cell.content) for cell in sheet.cells if cell.column == RateColumn.ID][1:]
    requires = SHIPPED.scored("pmo-director")
    must_haves = [requires[key].must_have is not None for key in ids]
    assert must_haves == sorted(must_haves, reverse=True)
    assert sorted(ids) == sorted(requires)
    assert min(cell.row for cell in sheet.cells if cell.content == ids[0]) == FIRST_COMPETENCE
