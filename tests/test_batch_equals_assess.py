"""A sheet says of each person what `assess` says of that person's ratings."""

from __future__ import annotations

import csv
import io
import random
from collections import Counter
from decimal import Decimal
from itertools import product

import pytest
from tests.support import EXAMPLES

from pmo_path import assess, load_framework
from pmo_path.app.sheet_scoring import Target, score_sheet
from pmo_path.batch import requirements
from pmo_path.batch.job import Job
from pmo_path.batch.results import ResultDetail
from pmo_path.domain.framework import Framework
from pmo_path.domain.numbers import one_decimal, show_number
from pmo_path.domain.options import SheetFormat
from pmo_path.domain.ratings import NOT_APPLICABLE, Ratings, level_named
from pmo_path.domain.scoring import Status
from pmo_path.domain.team import COURSES_COUNTED, Coverage, Demand
from pmo_path.readers.table.sheet import SheetOptions

TOP = 5
FULL = ResultDetail(TOP)


def results(sheet, framework, roles, tmp_path, detail=FULL):
    target = Target(SheetFormat.CSV, tmp_path / "results.csv", tmp_path / "rejects.csv")
    job = Job(framework, roles, SheetOptions(has_roles=not roles), detail)
    done = score_sheet(sheet, "people.csv", job, target)
    text = (tmp_path / "results.csv").read_text(encoding="utf-8")
    return done, list(csv.DictReader(io.StringIO(text, newline="")))


def report_of(framework, role, cells):
    """What the core says of a row; `cells` are texts by competence."""
    levels = {key: level_named(framework, text) for key, text in cells.items() if text.strip()}
    return assess(framework, Ratings.model_validate({"ratings": levels}), role, top=TOP)


def by_the_core(framework, role, cells):
    """What the columns of a result hold; `cells` are texts by competence."""
    report = report_of(framework, role, cells)
    percents = (
        [one_decimal(percent) for percent in report.readiness[:3]]
        if report.readiness
        else [""] * 3
    )
    ahead = report.next_band
    return {
        "role": role,
        "band": report.band.id if report.band else "",
        "band_high": report.band_high.id if report.band_high else "",
        "band_reason": report.band_reason or "",
        **dict(zip(("readiness", "readiness_low", "readiness_high"), percents, strict=True)),
        "at_target": str(report.at_target),
        "applicable": str(report.applicable),
        "must_haves_missing": "|".join(must_have.id for must_have in report.must_haves_missing),
        "unrated_count": str(len(report.unrated)),
        "not_applicable_count": str(len(report.not_applicable)),
        "next_band": ahead.band.id if ahead else "",
        "next_band_points": f"{ahead.points:.1f}" if ahead else "",
        "next_band_must_haves": str(ahead.must_haves_in_the_way) if ahead else "",
        "top_gaps": "|".join(report.gaps[:TOP]),
        "next_training": "|".join(training.id for training in report.training[:TOP]),
    }


def test_the_example_sheet(tmp_path):
    framework = load_framework()
    ids = {competence.name: key for key, competence in framework.competences.items()}
    with (EXAMPLES / "people.csv").open(encoding="utf-8", newline="") as stream:
        people = {row["person"]: row for row in csv.DictReader(stream)}

    done, rows = results(EXAMPLES / "people.csv", framework, (), tmp_path)

    assert (len(rows), done.rejected) == (len(people) - 1, 1)
    for row in rows:
        cells = {ids[name]: text for name, text in people[row["person"]].items() if name in ids}
        role = framework.role_names.find(people[row["person"]]["role"])
        wanted = by_the_core(framework, role, cells)
        assert {key: row[key] for key in wanted} == wanted


def framework_of(dice, competences, levels, roles=1, *, has_baseline=False):
    """A framework with so many competences, more than one mask holds; `roles` require some.

    With a baseline, that is the first of the levels.
    """
    names = [f"c{number}" for number in range(competences)]
    above = [Decimal(level) for level in levels[1:]]

    def requirement():
        level = dice.choice(above)
        must_have = dice.choice([None, None, *(step for step in above if step <= level)])
        return {
            "level": level,
            "importance": Decimal(dice.choice(["1", "2.5", "5", "0.25"])),
            **({"must_have": must_have} if must_have is not None else {}),
        }

    def course(number):
        ranges = {}
        for name in dice.sample(names, 9):
            start, end = sorted(dice.sample([Decimal(level) for level in levels], 2))
            ranges[name] = {"from": start, "to": end}
        days = {"days": dice.choice([1, 2, 2, 3])} if dice.random() < 0.8 else {}
        return {
            "title": f"Course {number}",
            "provider": "House",
            "type": dice.choice(["course", "course", "course", "qualification"]),
            "for_roles": dice.choice([(), (), ("r",), ("r1", "r2")]),
            "prerequisites": (f"t{dice.randrange(number)}",)
            if number and dice.random() < 0.5
            else (),
            "develops": ranges if dice.random() < 0.9 else tuple(ranges),
            **days,
        }

    return Framework.model_validate(
        {
            "schema": 1,
            "framework": {"id": "many", "version": "1.0.0", "title": "Many"},
            "scale": {Decimal(step): {"label": f"Level {step}"} for step in levels[has_baseline:]},
            **(
                {"baseline": Decimal(levels[0]), "baseline_label": f"Level {levels[0]}"}
                if has_baseline
                else {}
            ),
            "readiness": {
                "ready": {"label": "Ready", "at_least": Decimal("62.5"), "must_haves_missing": 20},
                "middle": {"label": "Middle", "at_least": 50, "must_have_gap": Decimal("1.5")},
                "early": {"label": "Early", "at_least": 0},
            },
            "domains": {
                "all": {"name": "All", "competences": {key: {"name": key} for key in names}}
            },
            "roles": {
                "r": {"name": "R", "requires": {key: requirement() for key in names}},
                **{
                    f"r{number}": {
                        "name": f"R {number}",
                        "requires": {
                            key: requirement()
                            for key in dice.sample(names, dice.randint(1, competences))
                        },
                    }
                    for number in range(1, roles)
                },
            },
            "training": {f"t{number}": course(number) for number in range(30)},
        }
    )


@pytest.mark.parametrize(
    ("competences", "levels", "has_baseline"),
    [
        (10, ["0", "0.25", "0.5", "1"], False),
        (63, ["1", "2", "3", "4", "5", "6", "7"], False),
        (130, ["-2", "0", "1.5", "10"], False),
        (12, ["0", "1"], False),
        (40, ["-1.5", "1", "2", "3"], True),
    ],
)
def test_scales_of_every_kind_and_more_competences_than_a_mask_holds(
    tmp_path, competences, levels, has_baseline
):
    dice = random.Random(competences)
    framework = framework_of(dice, competences, levels, has_baseline=has_baseline)
    words = [*levels, *levels, *levels, "", "n/a", *(f"LEVEL {step}" for step in levels)]
    names = list(framework.competences)
    people = {f"P{number}": [dice.choice(words) for _ in names] for number in range(60)}
    sheet = tmp_path / "people.csv"
    lines = [",".join([person, *cells]) for person, cells in people.items()]
    sheet.write_text("\n".join([",".join(["person", *names]), *lines]), encoding="utf-8")

    done, rows = results(sheet, framework, ("r",), tmp_path, ResultDetail(TOP, gaps=True))

    assert done.rejects == ()
    assert [row["person"] for row in rows] == list(people)
    for row in rows:
        cells = dict(zip(names, people[row["person"]], strict=True))
        wanted = by_the_core(framework, "r", cells)
        assert {key: row[key] for key in wanted} == wanted
        for name, required in framework.scored("r").items():
            level = level_named(framework, cells[name]) if cells[name] else None
            is_rated = level is not None and level != NOT_APPLICABLE
            gap = show_number(max(Decimal(0), required.level - level)) if is_rated else ""
            shown = row[f"gap_{name}"]
            assert (show_number(Decimal(shown)) if shown else "") == gap
    (team,) = done.team.roles
    reports = [
        report_of(framework, "r", dict(zip(names, cells, strict=True)))
        for cells in people.values()
    ]
    for place, coverage in enumerate(team.everybody.coverage):
        said = [report.results[place] for report in reports]
        assert coverage == Coverage(
            id=said[0].id,
            name=said[0].name,
            is_must_have=said[0].must_have is not None,
            people_at_target=sum(result.at_target for result in said),
            people_with_gap=sum(bool(result.gap) for result in said),
            people_missing_must_have=sum(result.must_have_missing for result in said),
            people_unrated=sum(result.status is Status.UNRATED for result in said),
            people_not_applicable=sum(result.status is Status.NOT_APPLICABLE for result in said),
        )
    assert {demand.id: demand for demand in team.everybody.training} == demand_of(
        framework, reports
    )


def demand_of(framework, reports):
    """What the core says of people's first courses, taken together: each by its id."""
    options = [option for report in reports for option in report.training[:COURSES_COUNTED]]
    people = Counter(option.id for option in options)
    demand = {}
    for option in options:
        taken = [*(course.id for course in option.take_first), option.id]
        days = [framework.training[key].days for key in taken]
        each = None if None in days else sum(days)
        demand[option.id] = Demand(
            id=option.id,
            title=option.title,
            take_first=option.take_first,
            people=people[option.id],
            days_each=each,
            days=None if each is None else people[option.id] * each,
        )
    assert any(course.take_first for course in demand.values())
    return demand


@pytest.mark.parametrize("competences", [12, 130])
def test_few_people_who_each_aim_at_another_role(tmp_path, competences):
    dice = random.Random(competences)
    levels = ["0", "0.25", "0.5", "1"]
    framework = framework_of(dice, competences, levels, roles=12)
    names = list(framework.competences)
    rated = names[:-2]  # nobody can be rated in the others
    people = {f"P{number}": f"R {1 + number % 9}" for number in range(40)}
    words = [*levels, *levels, "", "n/a"]
    cells = {person: dict.fromkeys(names, "") for person in people}
    for said in cells.values():
        said.update({name: dice.choice(words) for name in rated})
    sheet = tmp_path / "people.csv"
    lines = [
        [person, role, *(cells[person][name] for name in rated)] for person, role in people.items()
    ]
    sheet.write_text("\n".join(",".join(line) for line in [["person", "role", *rated], *lines]))

    done, rows = results(sheet, framework, (), tmp_path, ResultDetail(TOP, gaps=True))

    assert done.rejects == ()
    assert [row["person"] for row in rows] == list(people)
    for row in rows:
        role = framework.role_names.find(people[row["person"]])
        wanted = by_the_core(framework, role, cells[row["person"]])
        assert {key: row[key] for key in wanted} == wanted
        report = report_of(framework, role, cells[row["person"]])
        gaps = {f"gap_{result.id}": result.gap for result in report.results}
        for column in (column for column in row if column.startswith("gap_")):
            gap = gaps.get(column)
            assert (Decimal(row[column]) if row[column] else None) == gap


@pytest.mark.parametrize("raters", [1, 2])
@pytest.mark.parametrize(
    "detail", [ResultDetail(TOP, gaps=True), ResultDetail(0, long=True)], ids=str
)
def test_roles_together_give_what_each_by_itself_gives(tmp_path, monkeypatch, raters, detail):
    dice = random.Random(raters)
    levels = ["1", "2", "3", "4"]
    framework = framework_of(dice, 70, levels, roles=6)
    names = list(framework.competences)
    words = [*levels, "", "n/a"]
    rows = [["person", "role", "department", *(["rater"] if raters > 1 else []), *names]]
    for person, rater in product(range(30), range(raters)):
        about = [f"P{person}", f"r{1 + person % 5}", f"D{person % 2}"]
        about += [f"Rater {rater}"] if raters > 1 else []
        rows.append([*about, *(dice.choice(words) for _ in names)])
    sheet = tmp_path / "people.csv"
    sheet.write_text("\n".join(",".join(row) for row in rows))

    def scored():
        target = Target(SheetFormat.CSV, tmp_path / "results.csv", None)
        job = Job(framework, (), detail=detail, group_by=("department",), min_group=1)
        done = score_sheet(sheet, "people.csv", job, target)
        return done.team, (tmp_path / "results.csv").read_text(encoding="utf-8")

    together = scored()
    monkeypatch.setattr(requirements, "FEWEST_ROLES", 100)
    apart = scored()

    assert together == apart
    assert len(together[0].roles) == 5
    monkeypatch.setattr(requirements, "FEWEST_ROLES", 2)
    monkeypatch.setattr(requirements, "RATINGS_AT_ONCE", 500)
    assert scored() == apart
