"""What the page in a browser calls, without a browser."""

from __future__ import annotations

import importlib.util
import io
import json

import openpyxl
import pytest
from tests.support import EXAMPLES, ROOT

from pmo_path import template
from pmo_path.domain.ratings import LAST_YEAR
from pmo_path.domain.self_scoring import FIRST_COMPETENCE, RATE
from pmo_path.readers.framework import load_framework

SPEC = importlib.util.spec_from_file_location("adapter", ROOT / "page" / "adapter.py")
assert SPEC is not None
assert SPEC.loader is not None
adapter = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(adapter)


@pytest.fixture
def page():
    return adapter.Page(load_framework(None))


def call(page, method, *arguments):
    return json.loads(adapter.call(page, method, json.dumps(arguments)))


def report(page):
    return json.loads(call(page, "result", "json")["result"])


def begin(page):
    call(page, "start", "Zoe", "", "pmo-director", "quick")
    call(page, "answer", "3", "", "")


def test_answers_are_still_there_after_a_file_was_opened(page):
    begin(page)
    ratings = EXAMPLES / "ratings-manager.yaml"

    adapter.call_with_file(page, ratings.name, ratings.read_bytes())

    assert report(page)["person"] == "Ana Moreno"
    assert call(page, "go_to", 1_000_000)["result"]["answered"] == 1
    assert report(page)["person"] == "Zoe"


def test_a_workbook_for_a_level_is_not_rated_against_the_next_role(page):
    empty = template("ratings.xlsx", target_level="3")
    assert isinstance(empty, bytes)
    book = openpyxl.load_workbook(io.BytesIO(empty))
    book[RATE][f"C{FIRST_COMPETENCE + 1}"] = 3
    book[RATE]["C7"] = "PMO Manager"
    content = io.BytesIO()
    book.save(content)

    opened = json.loads(adapter.call_with_file(page, "me.xlsx", content.getvalue()))

    assert opened["result"]["role"] is None


@pytest.mark.parametrize("year", ["1949", str(LAST_YEAR), "20255", "soon"])
def test_a_year_that_the_message_rules_out_is_refused(page, year):
    begin(page)

    assert "Type a year from 1950 to" in call(page, "answer", "3", "", year)["problem"]


@pytest.mark.parametrize("year", ["", "1950", " 2025 ", "\uff12\uff10\uff12\uff15"])
def test_a_year_may_be_typed_in_any_digits_or_left_out(page, year):
    begin(page)

    assert "result" in call(page, "answer", "3", "", year)
