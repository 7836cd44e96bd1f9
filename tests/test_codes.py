"""The enum of codes is the only home of codes, their severities and their summaries."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from tests.rules_page import RULEBOOK, rule_pages

from pmo_path.domain import codes
from pmo_path.domain.codes import CODE_PATTERN, Code, Severity

SOURCES = sorted(RULEBOOK.parent.rglob("*.py"))


@pytest.mark.parametrize("code", Code)
def test_a_page_of_the_rulebook_has_the_summary_of_its_code_as_title(code):
    page = (RULEBOOK / f"{code}.md").read_text(encoding="utf-8")
    assert page.startswith(f"# {code}: {code.summary}\n")


def test_there_is_a_page_for_each_code_and_codes_are_in_order():
    assert [page.stem for page in rule_pages()] == list(Code)
    assert sorted(Code) == list(Code)


def test_advice_alone_is_a_warning():
    families = {code.family for code in Code if code.severity is Severity.WARNING}
    assert families == {"PMO4"}
    assert all((code.severity is Severity.WARNING) == (code.family == "PMO4") for code in Code)


@pytest.mark.parametrize("path", SOURCES, ids=str)
def test_codes_are_written_out_only_in_their_enum(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    prose = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    literals = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in prose
        and CODE_PATTERN.search(node.value)
    ]
    assert literals == [] or path == Path(codes.__file__)


def test_each_code_is_used():
    text = "\n".join(path.read_text(encoding="utf-8") for path in SOURCES)
    assert [code.name for code in Code if f"Code.{code.name}" not in text] == []
