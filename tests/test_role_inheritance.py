"""Roles that extend other roles: the requirements they take over, change, add and remove."""

from __future__ import annotations

import pytest
from tests.support import run

from pmo_path import load_framework
from pmo_path.readers.framework import check_framework

FRAMEWORK = """\
schema: 1
framework: {id: f, version: 1.0.0, title: F}
scale: {0: {label: None}, 1: {label: Follow}, 2: {label: Assist}, 3: {label: Apply}}
readiness: {low: {label: Low, at_least: 0}}
domains: {d: {name: D, competences: {planning: {name: Planning}, risk: {name: Risk}, budget: {name: Budget}}}}
roles:
  a: {name: A, requires: {planning: {level: 1, importance: 5, must_have: 1}, risk: 1}}
  b: {name: B, extends: a, requires: {planning: 2, risk: null, budget: 1}}
  c: {name: C, extends: b}
  e: {name: E, extends: b, requires: {budget: {importance: 7}, planning: {must_have: null}}}
"""


def loaded(text):
    framework = check_framework(text.encode(), "f.yaml").framework
    assert framework is not None
    return framework


def required(framework, role):
    return {
        key: (
            int(requirement.level),
            int(requirement.importance),
            None if requirement.must_have is None else int(requirement.must_have),
        )
        for key, requirement in framework.roles[role].requires.items()
    }


def problems(text):
    return [
        (str(problem.code), problem.place.line, problem.message)
        for problem in check_framework(text.encode(), "f.yaml").diagnostics
    ]


def test_a_role_that_is_called_as_the_key_is_found_at_its_value():
    diagnostics = check_framework(
        FRAMEWORK.replace("extends: a", "extends: extends").encode(), "f.yaml"
    ).diagnostics

    (problem,) = [problem for problem in diagnostics if problem.code == "PMO302"]
    assert (problem.place.line, problem.place.column) == (8, 25)


def test_requirements_are_taken_over_changed_added_and_removed():
    framework = loaded(FRAMEWORK)

    assert required(framework, "b") == {"planning": (2, 5, 1), "budget": (1, 3, None)}
    assert required(framework, "c") == required(framework, "b")
    assert required(framework, "e") == {"planning": (2, 5, None), "budget": (1, 7, None)}


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("extends: a,", "extends: c,", [("PMO306", 9, "this leads round in a circle: b → c → b")]),
        ("extends: a,", "extends: b,", [("PMO306", 8, "this leads round in a circle: b → b")]),
        ("extends: a,", "extends: x,", [("PMO302", 8, "there is no role 'x'")]),
        (
            "risk: null",
            "rissk: null",
            [("PMO311", 8, "the role 'a', which this one extends, does not require 'rissk'")],
        ),
        # What several roles take over is reported once, where it is written.
        ("risk: 1}", "risk: 9}", [("PMO310", 7, "the level 9 is not on the scale")]),
        ("budget: 1}", "budgte: 1}", [("PMO301", 8, "there is no competence 'budgte'")]),
        ("extends: a,", "extends: [a],", [("PMO203", 8, "'extends' must be text, not a list")]),
    ],
)
def test_a_mistake_is_reported_where_it_is_written(old, new, expected):
    text = FRAMEWORK.replace(old, new)
    if new == "budgte: 1}":
        text = text.replace("requires: {budget: {importance: 7}, ", "requires: {")
    found = problems(text)

    assert found[: len(expected)] == expected
    assert all(code in {"PMO201", "PMO203"} for code, *_ in found[len(expected) :])


def test_a_must_have_that_was_taken_over_may_be_too_high_for_the_new_level():
    text = FRAMEWORK.replace("planning: 2, risk", "planning: {level: 1, must_have: 2}, risk")

    assert ("PMO304", 8, "the must-have 2 is above the required level 1") in problems(text)


def test_a_missing_level_is_still_a_mistake_without_a_role_to_take_it_from():
    text = FRAMEWORK.replace("risk: 1}", "risk: {importance: 2}}")

    assert problems(text) == [("PMO201", 7, "'level' is missing")]


@pytest.mark.parametrize(
    "shape", ["[]", "text", "3", "{a: text}", "{a: {extends: a, requires: []}}"]
)
def test_any_shape_of_roles_is_a_mistake_and_no_crash(shape):
    head = FRAMEWORK[: FRAMEWORK.index("roles:")]

    assert problems(f"{head}roles: {shape}\n")


def many_roles(count, competences, bases):
    """A framework of roles without requirements of their own that extend `bases` of their numbers."""
    head = FRAMEWORK[: FRAMEWORK.index("domains:")]
    named = ", ".join(f"c{index}: {{name: C{index}}}" for index in range(competences))
    required = ", ".join(f"c{index}: 1" for index in range(competences))
    roles = "".join(
        f"  r{index}: {{name: R{index}, extends: r{bases(index)}}}\n" for index in range(1, count)
    )
    return (
        f"{head}domains: {{d: {{name: D, competences: {{{named}}}}}}}\n"
        f"roles:\n  r0: {{name: R0, requires: {{{required}}}}}\n{roles}"
    )


def test_a_long_line_of_roles_takes_over_in_any_order():
    upwards = loaded(many_roles(3000, 1, lambda index: index - 1))
    downwards = many_roles(3000, 1, lambda index: index % 2999 + 1).replace(
        "extends: r1}", "extends: r0}"
    )

    assert required(upwards, "r2999") == {"c0": (1, 3, None)}
    assert required(loaded(downwards), "r1") == {"c0": (1, 3, None)}


def test_more_requirements_than_fit_into_memory_are_refused():
    text = many_roles(202, 1000, lambda _: 0)
    message = "there are more than 200,000 requirements, with those that roles take over"

    assert problems(text) == [("PMO102", 207, message)]


def test_overlays_are_merged_before_roles_take_over(tmp_path):
    (tmp_path / "base.yaml").write_text(FRAMEWORK, encoding="utf-8")
    over = tmp_path / "over.yaml"
    over.write_text(
        "extends: base.yaml\n"
        "roles:\n"
        "  a: {requires: {planning: {importance: 4}, budget: 2}}\n"
        "  b: {requires: {budget: null}}\n"
        "  e: null\n"
        "  c: {requires: {planning: null, risk: 3}}\n",
        encoding="utf-8",
    )
    framework = load_framework(over)

    assert required(framework, "a")["planning"] == (1, 4, 1)
    assert required(framework, "b") == {"planning": (2, 4, 1)}
    assert required(framework, "c") == {"risk": (3, 3, None)}


def test_the_resolved_framework_has_the_same_roles(tmp_path):
    (tmp_path / "f.yaml").write_text(FRAMEWORK, encoding="utf-8")
    written = run("show", "--resolved", "--framework", tmp_path / "f.yaml").out

    assert loaded(written) == loaded(FRAMEWORK)
