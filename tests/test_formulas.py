"""Cells that a spreadsheet would run, in Python and in SQL."""

from __future__ import annotations

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmo_path.batch.export import harmless_sql
from pmo_path.domain.text import (
    STARTS,
    as_it_was,
    before_reversible,
    harmless,
    reversible,
)

TEXTS = st.text(st.sampled_from([*STARTS, *"'a1.,5 |"]), max_size=6) | st.text(max_size=6)


@given(TEXTS)
def test_what_was_made_harmless_can_be_had_as_it_was(text):
    assert as_it_was(harmless(text)) == text or text.startswith("'")


@given(TEXTS)
def test_every_text_comes_back_where_that_is_needed(text):
    written = reversible(text)

    assert before_reversible(written) == text
    assert harmless(written) == written
    assert before_reversible(harmless(text)) == text or text.startswith("'")


@pytest.fixture(scope="module")
def connection():
    with duckdb.connect() as connection:
        yield connection


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "=cmd|' /C calc'!A0",
        "+1+2",
        "-2+3+cmd|' /C calc'!D2",
        "@SUM(1+1)*cmd|' /C calc'!A0",
        "\t=1+1",
        "\r=1+1",
        "\n=1+1",
        "\0=1+1",
        "\uff1d1+1",
        "-",
        "+49 170 1234",
        "-5e",
    ],
)
def test_what_a_spreadsheet_would_run_gets_an_apostrophe(text):
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize(
    "text", ["", "-5", "+5", "-5.25", "-5,25", "a=1", "'=1", " =1", "Ana-Lena"]
)
def test_everything_else_stays_as_it_is(text):
    assert harmless(text) == text


@given(TEXTS)
def test_made_harmless_twice_is_made_harmless_once(text):
    assert harmless(harmless(text)) == harmless(text)


@given(st.lists(TEXTS, max_size=20))
def test_the_engine_does_the_same(connection, texts):
    # Not every text can be stored: half of a pair of surrogates is no character.
    stored = [text.encode("utf-8", "replace").decode() for text in texts]
    query = f"SELECT [{harmless_sql('x')} for x in ?]"

    ((found,),) = connection.execute(query, [stored]).fetchall()

    assert found == [harmless(cell) for cell in stored]
