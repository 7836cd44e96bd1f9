"""The columnar engine computes what the pure core computes, on any framework and any ratings."""

from __future__ import annotations

from decimal import Decimal

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.test_scoring import NAMES, cases

from pmo_path.batch.query import BAND_REASONS, FIGURES, Bit, RoleQuery
from pmo_path.batch.units import units_of
from pmo_path.domain.assessment import assess
from pmo_path.domain.levels import one_decimal
from pmo_path.domain.ratings import Ratings

TOP = 5


@pytest.fixture(scope="module")
def connection():
    with duckdb.connect() as connection:
        yield connection


@given(cases(), st.data())
@settings(max_examples=150, deadline=None)
def test_every_figure_order_and_course_is_that_of_the_core(connection, case, data):
    framework, answers = case
    absent = data.draw(st.sets(st.sampled_from(NAMES)))
    answers = {name: None if name in absent else answers.get(name) for name in NAMES}

    row = queried(connection, framework, answers, absent)

    assert row == expected(framework, answers)


def queried(connection, framework, answers, absent):
    units = units_of(framework)
    rated = [name for name in NAMES if name not in absent]
    values = {
        name: str(units.of_level(answers[name])) if isinstance(answers[name], Decimal) else "NULL"
        for name in rated
    }
    masks = {name: Bit("na", place) for place, name in enumerate(rated)}
    mask = sum((answers[name] == "n/a") << place for place, name in enumerate(rated))
    table = ", ".join(f"{value}::INTEGER AS c_{name}" for name, value in values.items())
    source = f"(SELECT {mask}::BIGINT AS na{', ' if table else ''}{table})"
    query = RoleQuery(framework, "r", units, {name: f"c_{name}" for name in rated}, masks)
    (row,) = connection.execute(query.scored(source, [], TOP)).fetchall()
    count = len(FIGURES)
    missing, gaps = row[count], row[count + 1 : count + 1 + TOP]
    courses = row[count + 1 + TOP :]
    competences = [one.id for one in query.competences]
    training = list(framework.training)
    return (
        dict(zip(FIGURES, row, strict=False)),
        [one for place, one in enumerate(competences) if missing >> place & 1],
        [competences[one] for one in gaps if one is not None],
        [training[one] for one in courses if one is not None],
    )


def expected(framework, answers):
    report = assess(framework, Ratings.model_validate({"ratings": answers}), "r")
    readiness = report.readiness
    percents = (
        [round(Decimal(one_decimal(one)) * 10) for one in readiness[:3]]
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
        "unrated": report.unrated,
        "not_applicable": report.not_applicable,
        "next_points": int(ahead.points * 10) if ahead else None,
        "next_must_haves": ahead.must_haves_in_the_way if ahead else None,
    }
    assert tuple(figures) == FIGURES
    return (
        figures,
        list(report.must_haves_missing),
        list(report.gaps[:TOP]),
        [option.id for option in report.training[:TOP]],
    )
