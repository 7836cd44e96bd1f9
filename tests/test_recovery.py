"""Rules on frameworks that do not fit the model: no mistake hides another, and none is made up."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support import ROOT

from pmo_path.readers.framework import check_framework

CLEAN = (ROOT / "tests" / "frameworks" / "base" / "clean.yaml").read_text(encoding="utf-8")
STARTER = (ROOT / "src" / "pmo_path" / "starter" / "framework.yaml").read_text(encoding="utf-8")


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


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        # All fields of one entry.
        (
            [("{name: Analyst, leads_to: [manager]", "{name: 3, leads_to: [nobody]")],
            [(23, "PMO203"), (23, "PMO302")],
        ),
        (
            [("requires: {planning: 2, risk: 1}", "summary: 3, requires: {planning: 9, risk: 1}")],
            [(23, "PMO203"), (23, "PMO310")],
        ),
        # An unknown competence whose level is wrong as well.
        (
            [("requires: {planning: 2", "requires: {planing: much")],
            [(23, "PMO301"), (23, "PMO203")],
        ),
        # The other half of a range, and of an entry whose id is wrong.
        ([("{from: 0, to: 3}", "{from: words, to: 9}")], [(29, "PMO203"), (29, "PMO310")]),
        (
            [("  planning-course:", "  planning course:"), ("{from: 0, to: 3}", "{from: 3, to: 3}")],
            [(26, "PMO204"), (29, "PMO305")],
        ),
        # A level and a band that are wrong are still there.
        (
            [("1: {label: Some}", "1: 3"), ("2: writes a plan", "7: writes a plan")],
            [(3, "PMO203"), (16, "PMO310")],
        ),
        # A domain without a name still has its competences.
        (
            [("    name: D\n", ""), ("risk: 1}}", "rsk: 1}}")],
            [(8, "PMO201"), (22, "PMO301")],
        ),
        # The key and the value of one entry.
        ([("{planning: 2, risk: 1}", "{360: words}")], [(23, "PMO203"), (23, "PMO203")]),
    ],
)  # fmt: skip
def test_an_entry_with_a_mistake_keeps_its_other_fields(changes, expected):
    text = changed(*changes)

    assert sorted(found(text)) == sorted(expected)


@pytest.mark.parametrize(
    "changes",
    [
        [("  manager:", "  manager: 3 #")],
        [("  manager: {name: Manager", "  manager: {name: [x]")],
        [("      risk:\n        name: Risk", "      risk:\n        name: []")],
        [("  risk-course:\n    title: ", "  risk-course:\n    title: [x] # ")],
    ],
)
def test_no_rule_takes_an_entry_with_a_mistake_for_missing(changes):
    ((_, code),) = found(changed(*changes))

    assert code == "PMO203"


def test_entries_with_wrong_names_are_not_known_by_one_name():
    text = changed(("name: Analyst", "name: 3"), ("name: Manager", "name: [x]"))

    assert [code for _, code in found(text)] == ["PMO203", "PMO203"]


KEYED = re.compile(r"^( +)([\w-]+|\d+):( .*)?$")
LINES = STARTER.splitlines()
ROLES = LINES.index("roles:")
ELSEWHERE = [
    index
    for index, line in enumerate(LINES)
    if KEYED.match(line) and (index < ROLES or not LINES[index].startswith("  "))
]


@given(
    st.lists(st.tuples(st.sampled_from(ELSEWHERE), st.sampled_from(["", "3", "[x]", "true", "words"])),
             min_size=1, max_size=3)
)  # fmt: skip
@settings(max_examples=150, deadline=None)
def test_wrong_types_elsewhere_hide_no_wrong_reference(changes):
    lines = list(LINES)
    for index, value in changes:
        lines[index] = f"{lines[index].partition(':')[0]}: {value}"
    text = "\n".join(lines).replace("leads_to: [", "leads_to: [nobody-at-all, ", 1) + "\n"
    result = check_framework(text.encode(), "framework.yaml")

    if all(error.code != "PMO104" for error in result.errors):
        assert "PMO302" in {error.code for error in result.errors}
