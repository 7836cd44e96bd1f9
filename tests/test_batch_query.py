"""The columnar engine computes what the pure core computes, on any framework and any ratings."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.test_scoring import NAMES, cases

from pmo_path.batch.integers import units_of
from pmo_path.batch.people_table import PEOPLE, PeopleTable
from pmo_path.batch.rejections import ScoredRole
from pmo_path.batch.requirements import ManyRolesQuery, create_tables
from pmo_path.batch.results import role_query
from pmo_path.batch.scoring_sql import BAND_REASONS, FIGURES, SUMS
from pmo_path.domain.assessment import assess
from pmo_path.domain.numbers import one_decimal
from pmo_path.domain.options import Layout
from pmo_path.domain.ratings import Ratings
from pmo_path.domain.scoring import Status
from pmo_path.readers.table.competence_names import Names
from pmo_path.readers.table.rejected_rows import Rejections
from pmo_path.readers.table.sheet import Column, Kind, Sheet

TOP = 5


@pytest.fixture(scope="module")
def connection():
    with duckdb.connect() as connection:
        yield connection


@pytest.mark.parametrize("way", ["text", "tables"])
def test_every_figure_order_and_course_is_that_of_the_core(connection, way):
    @given(cases(), st.data())
    @settings(max_examples=150)
    def is_that_of_the_core(case, data):
        framework, answers = case
        absent = data.draw(st.sets(st.sampled_from(NAMES)))
        answers = {name: None if name in absent else answers.get(name) for name in NAMES}
        staged = people(connection, framework, answers, absent)

        row = queried(connection, staged, way)

        assert row == expected(framework, answers)

    is_that_of_the_core()


def people(connection, framework, answers, absent):
    """The table of a single person, who aims at the only role."""
    units = units_of(framework)
    rated = [name for name in NAMES if name not in absent]
    values = [
        str(units.of_level(answers[name])) if isinstance(answers[name], Decimal) else "NULL"
        for name in rated
    ]
    mask = sum((answers[name] == "n/a") << place for place, name in enumerate(rated))
    cells = ["'the role' AS f0", f"{mask}::BIGINT AS na_0"]
    cells += [f"{value}::INTEGER AS f{place}" for place, value in enumerate(values, 1)]
    connection.execute(f"CREATE OR REPLACE TABLE {PEOPLE} AS SELECT {', '.join(cells)}")
    columns = (Column("role", Kind.ROLE), *(Column(name, Kind.RATING, name) for name in rated))
    sheet = Sheet("people.csv", Names(framework, {}), columns, (), Layout.WIDE, Path("people.csv"))
    rejections = Rejections(sheet.name)
    return PeopleTable(connection, sheet, framework, units, (), rejections, lambda _: iter(()), 1)


def queried(connection, staged, way):
    if way == "text":
        query = role_query(staged, "r").scored(PEOPLE, [], TOP)
    else:
        create_tables(staged, [ScoredRole("r", "", ("the role",), 1)])
        of_many = ManyRolesQuery(staged.framework, "", staged.units, {}, {})
        query = of_many.result(staged, [0], [], (TOP, TOP))
    cursor = connection.execute(query)
    names = [name for name, *_ in cursor.description]
    (row,) = (dict(zip(names, values, strict=True)) for values in cursor.fetchall())
    competences = list(staged.framework.scored("r"))
    training = list(staged.framework.training)

    def places(what):
        told = (row[f"{what}_{number}"] for number in range(1, TOP + 1))
        return [place for place in told if place is not None]

    return (
        {figure: row[figure] for figure in FIGURES},
        [row[exact] for exact in SUMS],
        [name for place, name in enumerate(competences) if row["missing_0"] >> place & 1],
        [competences[place] for place in places("gap")],
        [training[place] for place in places("course")],
    )


def expected(framework, answers):
    report = assess(framework, Ratings.model_validate({"ratings": answers}), "r")
    readiness = report.readiness
    percents = (
        [round(Decimal(one_decimal(percent)) * 10) for percent in readiness[:3]]
        if readiness
        else [None] * 3
    )
    bands = list(framework.readiness)
    ahead = report.next_band
    figures = {
        "band": bands.index(report.band.id) if report.band else None,
        "band_high": bands.index(report.band_high.id) if report.band_high else None,
        "band_reason": BAND_REASONS.index(report.band_reason) if report.band_reason else None,
        **dict(zip(("readiness", "readiness_low", "readiness_high"), percents, strict=True)),
        "at_target": report.at_target,
        "applicable": report.applicable,
        "must_haves_missing": len(report.must_haves_missing),
        "unrated": len(report.unrated),
        "not_applicable": len(report.not_applicable),
        "next_points": int(ahead.points * 10) if ahead else None,
        "next_must_haves": ahead.must_haves_in_the_way if ahead else None,
    }
    assert tuple(figures) == FIGURES
    units = units_of(framework)
    exact = units.level * units.weight
    unrated = sum(result.reachable for result in report.results if result.status is Status.UNRATED)
    sums = (readiness.reached, readiness.reachable) if readiness else (0, 0)
    return (
        figures,
        [int(value * exact) for value in (*sums, unrated)],
        [must_have.id for must_have in report.must_haves_missing],
        list(report.gaps[:TOP]),
        [option.id for option in report.training[:TOP]],
    )
