"""YAML that cannot be read as it is written, and what else is found in the same file."""

from __future__ import annotations

import pytest
from tests.support import ROOT

from pmo_path.domain.names import looks_like
from pmo_path.readers.framework import check_framework
from pmo_path.readers.yaml import parse_yaml
from pmo_path.readers.yaml_text import YamlProblem

CLEAN = (ROOT / "tests" / "frameworks" / "base" / "clean.yaml").read_text(encoding="utf-8")


def found(text: str) -> list[tuple[int, str]]:
    """Line and code of each error."""
    errors = check_framework(text.encode(), "framework.yaml").errors
    return [(error.place.line, error.code) for error in errors]


def changed(*changes: tuple[str, str]) -> str:
    text = CLEAN
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return text


NOBODY = ("leads_to: [manager]", "leads_to: [nobody]")


# --- Tags, merge keys and complex keys ------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (("name: Analyst", "name: !name Analyst"), (23, "PMO110")),
        (("name: Analyst", "name: !!int Analyst"), (23, "PMO110")),
        (("planning: 2, risk: 1", "planning: !!str 2, risk: 1"), (23, "PMO110")),
        (("name: Analyst", "!!str name: Analyst"), (23, "PMO110")),
        (("name: Analyst", "name: {{ name }}"), (23, "PMO111")),
        (("planning: 2, risk: 1", "planning: {{ level }}, risk: 1"), (23, "PMO111")),
        (("  analyst:", "  ? [one, two]\n  : {name: Two, requires: {risk: 1}}\n  analyst:"),
         (23, "PMO111")),
        (("{planning: 2, risk: 1}", "{<<: {planning: 2}, risk: 1}"), (23, "PMO109")),
    ],
)  # fmt: skip
def test_it_is_reported_once_and_hides_no_other_mistake(change, expected):
    assert found(changed(change)) == [expected]
    line = 23 + change[1].count("\n")

    assert found(changed(change, NOBODY)) in (
        [expected, (line, "PMO302")],
        [(line, "PMO302"), expected],
    )


def test_what_is_merged_is_checked_where_it_is_written_and_not_reported_as_missing():
    text = changed(
        ("  analyst: {name: Analyst,", "  analyst: &base {name: 3,"),
        ("  manager: {name: Manager,", "  manager: {<<: *base, name: Manager, leads_to: [],"),
    )

    assert found(text) == [(23, "PMO203"), (24, "PMO109")]


def test_a_mapping_that_is_merged_does_not_replace_what_is_written():
    data, _, problems = parse_yaml("a: &a {x: 1, y: 2}\nb: {x: 3, <<: [*a, {z: 4}]}\n")

    assert data["b"] == {"x": 3, "y": 2, "z": 4}
    assert [problem.code for problem in problems] == ["PMO109"]


def test_what_is_in_the_entry_of_a_complex_key_is_checked():
    text = changed(
        (
            "  risk-course:",
            "  ? [one]\n  : {title: One, provider: 3, develops: {}}\n  risk-course:",
        )
    )

    assert found(text) == [(31, "PMO111"), (32, "PMO203")]


# --- Characters that look like a space, or like nothing -------------------------------------------


@pytest.mark.parametrize(
    ("spaces", "name"),
    [
        ("\u00a0   ", "U+00A0, which only looks like a space"),
        ("  \u00a0 ", "U+00A0, which only looks like a space"),
        ("   \u2003", "U+2003, which only looks like a space"),
        ("\u3000\u3000", "U+3000, which only looks like a space"),
        ("  \u3000", "U+3000, which only looks like a space"),
        ("\u200b    ", "U+200B, which cannot be seen"),
        ("  \u2060  ", "U+2060, which cannot be seen"),
    ],
)
def test_a_character_in_an_indentation_is_named_on_its_own_line_and_hides_nothing(spaces, name):
    text = changed(("    provider: P\n", f"{spaces}provider: P\n"), NOBODY)
    odd = next(index for index, character in enumerate(spaces) if character != " ")
    first, second = check_framework(text.encode(), "framework.yaml").errors

    assert (first.place.line, first.code) == (23, "PMO302")
    assert second.place[1:] == (28, odd + 1)
    assert second.message == f"this line begins with the character {name}"


def test_such_a_character_in_every_line_is_reported_for_each():
    text = changed(("    title: Risk", "\u00a0\u00a0\u00a0 title: Risk")).replace(
        "    provider: P", "\u00a0\u00a0  provider: P"
    )

    assert found(text) == [(28, "PMO104"), (32, "PMO104"), (33, "PMO104")]


def test_another_mistake_in_the_text_is_reported_beside_it():
    text = changed(("    provider: P\n", "  \u00a0 provider: [P\n"))

    assert found(text) == [(28, "PMO104"), (28, "PMO104")]


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("{planning: 2,", "{planning:\u3000 2,", (23, 69)),
        ("{label: Some}", "{label:\u3000Some}", (3, 37)),
        ("{label: Some}", "{label:\u00a0'Some'}", (3, 37)),
        ("{from: 0, to", "{from:\u30000, to", (29, 32)),
    ],
)
def test_such_a_character_behind_a_colon_in_braces_is_one_mistake(old, new, place):
    (error,) = check_framework(changed((old, new)).encode(), "framework.yaml").errors

    assert (error.place[1:], error.code) == (place, "PMO104")
    assert error.message.endswith("which only looks like a space")


def test_such_a_character_in_a_text_is_part_of_the_text():
    text = changed(
        ("    provider: P\n", "    provider: P\n    note: |\n      a\n      \u00a0b: c\n")
    )

    assert found(text) == []


@pytest.mark.parametrize(
    ("old", "new", "place", "hint"),
    [
        ("  risk-course:", "  risk\u200b-course:", (31, 7), "delete it"),
        ("{planning: 2,", "{planning: 2\u200b,", (23, 70), "U+200B, which cannot be seen"),
        ("name: Analyst", "\u00a0name: Analyst", (23, 13), "only looks like a space"),
        ("[manager]", "[man\u200bager]", (23, 39), "it looks like 'manager'"),
        ("{planning: 2,", "{plan\u00a0ning: 2,", (23, 60), "only looks like a space"),
    ],
)
def test_such_a_character_in_a_word_is_named(old, new, place, hint):
    error = check_framework(changed((old, new)).encode(), "framework.yaml").errors[0]

    assert error.place[1:] == place
    assert hint in error.hint + error.message


def test_a_word_without_what_cannot_be_seen_looks_the_same():
    assert looks_like("manager", "man\u200bager")
    assert not looks_like("manager", "manager")
    assert not looks_like("manager", "managers")


# --- Words ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("a: [1\n", (1, 4), "this '[' is not closed"),
        ("a: 'b\n", (1, 4), "this quote is not closed"),
        ("a: %b\n", (1, 4), "a text cannot begin with '%'"),
        ("a: 1\n---\nb: 1\n", (2, 1), "a second document starts here"),
        ("", (1, 1), "the file is empty"),
    ],
)
def test_the_parser_s_errors_are_explained(text, place, message):
    with pytest.raises(YamlProblem) as raised:
        parse_yaml(text)

    problem = raised.value
    assert ((problem.line, problem.column), problem.message) == (place, message)
