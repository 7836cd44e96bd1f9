"""`pmo-path explain`: each code of the rulebook, on the terminal."""

from __future__ import annotations

import json
import re

import pytest
from tests.rules_page import RULEBOOK, rule_pages
from tests.support import run

CODES = [page.stem for page in rule_pages()]

MUST_HAVE = """\
PMO304: a must-have above the required level
The 'must_have' of a requirement is higher than its 'level'. Lower the must-have, or raise the
level.

Why
Somebody could reach the required level and still be kept out of the role by the must-have.

Bad
    roles:
      analyst: {name: Analyst, requires: {planning: {level: 1, must_have: 2}}}

Good
    roles:
      analyst: {name: Analyst, requires: {planning: {level: 2, must_have: 2}}}
"""


@pytest.mark.parametrize("code", ["PMO304", "pmo304", "Pmo304", " PMO304 "])
def test_a_code_is_explained_in_capitals_or_not(code):
    assert run("explain", code) == (0, MUST_HAVE, "")


def test_a_list_keeps_its_entries_together_and_apart_from_the_text_around():
    assert run("explain", "PMO203").out.startswith(
        """\
PMO203: a value of the wrong type
The value has the wrong type, such as a number instead of text, or a list instead of a mapping. In a
table: a row has more cells than there are columns.

Write numbers as '3' or '2.5', and true or false as 'true' and 'false'. Some values look like
another type but are text:

 \u2022 'no', 'yes', 'on' and 'off' are text; where the format requires true or false, write 'true' or
   'false'.
 \u2022 '012' is text, as an employee number should be; the number is '12'.
"""
    )


def test_without_a_code_all_are_listed_in_order():
    ran = run("explain")

    assert (ran.code, ran.err) == (0, "")
    listed = [line.split()[0] for line in ran.out.splitlines() if line.startswith(" PMO")]
    assert listed == CODES


@pytest.mark.parametrize("code", CODES)
def test_every_page_is_plain_text_with_the_three_sections(code):
    ran = run("explain", code)

    lines = ran.out.splitlines()
    assert (ran.code, ran.err) == (0, "")
    assert lines[0].startswith(f"{code}: ")
    assert [line for line in lines if line in {"Why", "Bad", "Good"}] == ["Why", "Bad", "Good"]
    assert "`" not in ran.out
    assert not any(line.startswith("#") for line in lines)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("PMO3004", "there is no code 'PMO3004'; did you mean 'PMO304'?"),
        ("304", "there is no code '304'; did you mean 'PMO304'?"),
        (
            "PMO399",
            (
                "there is no code 'PMO399'; those on 'Frameworks' are PMO301 to PMO312; "
                "'pmo-path explain' lists all codes"
            ),
        ),
        (
            "pmo6",
            (
                "there is no code 'pmo6'; those on 'Sheets of people' are PMO601 to "
                f"{max(RULEBOOK.glob('PMO6*.md')).stem}; "
                "'pmo-path explain' lists all codes"
            ),
        ),
        ("PMO999", "there is no code 'PMO999'; 'pmo-path explain' lists all codes"),
        ("planning", "there is no code 'planning'; 'pmo-path explain' lists all codes"),
        ("", "there is no code ''; 'pmo-path explain' lists all codes"),
        ("../PMO304", "there is no code '../PMO304'; did you mean 'PMO304'?"),
        ("_intro", "there is no code '_intro'; 'pmo-path explain' lists all codes"),
    ],
)
def test_an_unknown_code_is_a_usage_error_with_the_nearest_one_or_its_kind(code, words):
    assert run("explain", code) == (2, "", f"pmo-path: {words}\n")


def test_headings_are_bold_where_there_is_colour_and_say_the_same():
    coloured = run("explain", "PMO304", FORCE_COLOR="1").out

    assert "\x1b[1mPMO304: a must-have above the required level\x1b[0m" in coloured
    assert coloured.count("\x1b[1;35m") == 3
    assert coloured.replace("\x1b[1;35m", "").replace("\x1b[1m", "").replace("\x1b[0m", "") == (
        MUST_HAVE
    )


def test_a_code_is_explained_as_markdown_json_and_a_page(tmp_path):
    markdown = run("explain", "PMO304", "--format", "markdown").out
    record = json.loads(run("explain", "PMO304", "--format", "json").out)
    written = run("explain", "PMO304", "-o", tmp_path / "PMO304.html")
    page = (tmp_path / "PMO304.html").read_text(encoding="utf-8")

    assert markdown.startswith("## PMO304: a must-have above the required level\n\n")
    assert "### Bad\n\n    roles:\n      analyst: {name: Analyst" in markdown
    assert (record["code"], record["severity"]) == ("PMO304", "error")
    assert record["text"].count("## ") == 3
    assert written == (0, "", f"Wrote {tmp_path / 'PMO304.html'}.\n")
    assert re.search(r"<pre[^>]*>roles:\n  analyst: ", page)


def test_all_codes_are_listed_as_json():
    families = json.loads(run("explain", "--format", "json").out)["families"]

    assert [code["code"] for family in families for code in family["codes"]] == CODES
