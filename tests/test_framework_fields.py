"""What a framework may say about competences, steps at work and courses, and how it is read."""

from __future__ import annotations

import datetime
import json
from decimal import Decimal

import pytest
from tests.support import ROOT, run

from pmo_path.domain.competences import LevelTexts
from pmo_path.domain.training import lifted
from pmo_path.readers.framework import check_framework

FULL = (ROOT / "tests" / "frameworks" / "base" / "every-field.yaml").read_text(encoding="utf-8")


def changed(*changes: tuple[str, str]) -> str:
    text = FULL
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def framework_with(*changes):
    result = check_framework(changed(*changes).encode(), "framework.yaml")
    assert result.framework is not None, result.errors
    return result.framework


def errors(*changes: tuple[str, str]) -> list[tuple[str, str, str]]:
    """Position, code and message of each error."""
    found = check_framework(changed(*changes).encode(), "framework.yaml").errors
    return [
        (f"{error.place.line}:{error.place.column}", error.code, error.message) for error in found
    ]


# --- Texts by level -----------------------------------------------------------------------------

BY_LEVEL = LevelTexts(
    by_level={Decimal(3): ("three",), Decimal(1): ("one", "and one"), Decimal(5): ()}
)


@pytest.mark.parametrize(
    ("level", "texts"),
    [
        ("0", ()),
        ("0.5", ()),
        ("1", ("one", "and one")),
        ("2.5", ("one", "and one")),
        ("3", ("three",)),
        ("4", ("three",)),
        ("5", ()),
        ("7", ()),
    ],
)
def test_a_level_has_its_own_texts_or_those_of_the_nearest_level_below(level, texts):
    assert BY_LEVEL.at(Decimal(level)) == texts


def test_one_list_holds_for_every_level():
    texts = LevelTexts(("a", "b"))

    assert texts.at(Decimal(0)) == texts.at(Decimal(9)) == ("a", "b")
    assert (tuple(texts), texts.levels, bool(texts)) == (("a", "b"), (), True)


def test_all_texts_are_in_the_order_of_their_levels():
    assert tuple(BY_LEVEL) == ("one", "and one", "three")
    assert [str(level) for level in BY_LEVEL.levels] == ["1", "3", "5"]
    assert not LevelTexts()
    assert not LevelTexts(by_level={Decimal(1): ()})


@pytest.mark.parametrize(
    ("change", "error"),
    [
        (("{1: [Reads plans],", "{9: [Reads plans],"), ("PMO310", "the level 9 is not on the scale")),
        (("{1: [Reads plans],", "{Much: [x],"), ("PMO203", "the key 'Much' must be a number")),
        (("{1: [Reads plans],", "{1: Reads plans,"), ("PMO203", "'1' must be a list, not 'Reads plans'")),
        (("[Reads plans]", "[Reads plans, 4]"), ("PMO203", "entry 2 of '1' must be text, not 4")),
        (("behaviours: {1: [Reads plans], 3: [Keeps a plan, Says no]}", "behaviours: [x, ' ']"),
         ("PMO204", "entry 2 of 'behaviours': expected some text, not ' '")),
        (("behaviours: {1: [Reads plans], 3: [Keeps a plan, Says no]}", "behaviours: Reads"),
         ("PMO203", "'behaviours' must be a list, not 'Reads'")),
    ],
)  # fmt: skip
def test_a_mistake_in_texts_by_level_is_shown_where_it_is(change, error):
    ((position, *found),) = errors(change)

    assert position.startswith("14:")
    assert tuple(found) == error


def test_a_report_shows_whom_to_learn_from_and_what_to_show_for_the_next_level(tmp_path):
    (tmp_path / "f.yaml").write_text(FULL, encoding="utf-8")
    (tmp_path / "me.yaml").write_text("ratings: {planning: 1, risk: 2}", encoding="utf-8")

    role = ("--framework", "f.yaml", "--role", "manager")
    ran = run("assess", "me.yaml", *role, "--full", cwd=tmp_path)

    assert "   Do          Write one (towards 2)\n" in ran.out
    assert "   Learn from  A senior planner\n" in ran.out
    assert "   Evidence    A plan you read\n" in ran.out
    assert "A plan you mended" not in ran.out


# --- Steps at work ------------------------------------------------------------------------------


def span(steps, level):
    """The hours of a step as whole numbers."""
    return [int(hours) for hours in steps[Decimal(level)].hours]


def test_a_step_may_be_a_text_and_a_number_of_hours_both_ends():
    steps = framework_with().competences["planning"].experience

    assert steps[Decimal(1)].do == "Read one"
    assert (span(steps, 2), steps[Decimal(2)].weeks) == ([4, 8], (Decimal(3), Decimal(3)))


@pytest.mark.parametrize(
    ("change", "error"),
    [
        (("[4, 8]", "[8, 4]"), ("PMO204", "'hours': expected the lower number first, not [8, 4]")),
        (("[4, 8]", "0"), ("PMO204", "'hours': expected numbers above 0, not 0")),
        (("[4, 8]", "4-8"),
         ("PMO204", "'hours': expected a number, or a lower and an upper one such as [4, 8], not '4-8'")),
        (("[4, 8]", "[4]"),
         ("PMO204", "'hours': expected a number, or a lower and an upper one such as [4, 8], not [4]")),
        (("start: ask", "start: asks"),
         ("PMO204", "'start': expected 'alone', 'ask', 'position' or 'event', not 'asks'")),
        (("do: Write one, ", ""), ("PMO201", "'do' is missing")),
        (("first_move", "frist_move"), ("PMO202", "'frist_move' is not known here")),
        (("2: {do: Write one", "2: {do: 3"), ("PMO203", "'do' must be text, not 3")),
    ],
)  # fmt: skip
def test_a_mistake_in_a_step_is_shown_where_it_is(change, error):
    ((position, *found),) = errors(change)

    assert position.startswith("20:")
    assert tuple(found) == error


def test_an_overlay_may_add_to_a_step_and_change_only_what_to_do(tmp_path):
    (tmp_path / "base.yaml").write_text(FULL, encoding="utf-8")
    overlay = (
        "extends: base.yaml\n"
        "framework: {id: g, version: 1.0.0}\n"
        "domains: {d: {competences: {planning: {experience: {1: {hours: 2}, 2: Draw one}}}}}\n"
    )

    result = check_framework(overlay.encode(), str(tmp_path / "overlay.yaml"))

    assert result.framework is not None
    steps = result.framework.competences["planning"].experience
    assert (steps[Decimal(1)].do, span(steps, 1)) == ("Read one", [2, 2])
    assert (steps[Decimal(2)].do, span(steps, 2)) == ("Draw one", [4, 8])


# --- Courses ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "error"),
    [
        (("type: qualification", "type: exam"),
         ("PMO204", "'type': expected 'course', 'qualification' or 'recognition', not 'exam'")),
        (("for_roles: [manager]", "for_roles: [manger]"), ("PMO302", "there is no role 'manger'")),
        (("currency: GBP", "currency: £"),
         ("PMO204", "'currency': expected the three capital letters of a currency such as EUR, not '£'")),
        (("amount: 1205.50, ", ""), ("PMO201", "'amount' is missing")),
        (("1205.50", "1205.505"), ("PMO204", "'amount': expected at most 2 decimal places, not 1205.505")),
        (("https://example.org/plan", "javascript:alert(1)"),
         ("PMO204", ("'url': expected the address of a web page such as https://example.org/page, "
          "not 'javascript:alert(1)'"))),
        (('"2025-04"', '"2025-4"'),
         ("PMO204", ("'source_date': expected a month such as 2026-11, or a year such as 2026, "
          "not '2025-4'"))),
        (("[risk, planning]", "[risk, planing]"), ("PMO301", "there is no competence 'planing'")),
    ],
)  # fmt: skip
def test_a_mistake_about_a_course_is_shown_where_it_is(change, error):
    ((_, *found),) = errors(change)

    assert tuple(found) == error


def line_of_courses(count: int) -> str:
    """A framework with `count` courses, each a prerequisite of the one listed before it."""
    courses = "".join(
        f"  t{number}: {{title: T{number}, prerequisites: [t{number - 1}], "
        f"develops: {{risk: {{from: {number % 3}, to: {number % 3 + 1}}}}}}}\n"
        for number in range(count, 0, -1)
    )
    return f"{FULL}{courses}  t0: {{title: T0, develops: [risk]}}\n"


def test_courses_in_a_long_line_are_taken_one_after_the_other():
    framework = check_framework(line_of_courses(100).encode(), "f.yaml").framework

    assert framework is not None
    chain = framework.course_chains["t100"]
    assert chain.before == tuple(f"t{number}" for number in range(100))
    assert lifted(chain.lifts["risk"], Decimal(0)) == 3
    assert framework.course_chains is framework.course_chains


@pytest.mark.parametrize("count", [101, 10_000])
def test_a_line_of_courses_that_nobody_could_take_is_one_mistake(count):
    (error,) = check_framework(line_of_courses(count).encode(), "f.yaml").errors

    assert (error.code, error.message) == ("PMO204", "more than 100 courses come before 't101'")
    assert error.place.line == line_of_courses(count).split("  t101:")[0].count("\n") + 1


def test_many_courses_that_presuppose_each_other_cost_little():
    courses = "".join(
        f"  t{number}: {{title: T{number}, develops: [risk], "
        f"prerequisites: [{', '.join(f't{earlier}' for earlier in range(number))}]}}\n"
        for number in range(101)
    )
    framework = check_framework(f"{FULL}{courses}".encode(), "f.yaml").framework

    assert framework is not None
    assert framework.course_chains["t100"].before == tuple(f"t{number}" for number in range(100))


def test_a_mistake_in_a_nested_value_hides_no_other_and_makes_none_up():
    found = errors(
        ("leads_to: [manager]", "leads_to: [nobody]"),
        ("[Reads plans]", "[3]"),
        ("amount: 1205.50, ", ""),
        ("{from: 0, to: 3}", "{from: x, to: 9}"),
        ("[4, 8]", "[8, 4]"),
    )

    assert [code for _, code, _ in found] == [
        *("PMO203", "PMO204", "PMO302", "PMO203", "PMO310", "PMO201")
    ]


def test_a_course_without_levels_covers_no_points(tmp_path):
    (tmp_path / "f.yaml").write_text(FULL, encoding="utf-8")

    framework = framework_with()

    assert framework.training["risk-course"].ranges == {}
    shown = run("show", "risk-course", "--framework", "f.yaml", cwd=tmp_path).out
    assert " Planning  levels not known\n" in shown


@pytest.mark.parametrize(
    ("develops", "base"),
    [
        ("{risk: {from: 0, to: 2}}", "[risk, planning]"),
        ("[planning]", "[risk, planning]"),
        ("[planning]", "{risk: {from: 0, to: 3}}"),
    ],
)
def test_advice_on_what_a_course_no_longer_develops_is_at_the_line_that_changes_it(
    tmp_path, develops, base
):
    text = changed(("develops: [risk, planning]", f"develops: {base}"))
    (tmp_path / "base.yaml").write_text(text, encoding="utf-8")
    overlay = (
        "extends: base.yaml\n"
        "framework: {id: g, version: 1.0.0}\n"
        f"training: {{risk-course: {{develops: {develops}}}}}\n"
    )
    today = datetime.date(2026, 11, 23)

    found = check_framework(overlay.encode(), str(tmp_path / "overlay.yaml"), today).diagnostics

    assert [(warning.place.line, warning.place.column, warning.code) for warning in found] == [
        (3, 26, "PMO404")
    ]


def test_show_has_all_that_is_known_about_a_course(tmp_path):
    (tmp_path / "f.yaml").write_text(FULL, encoding="utf-8")

    ran = run("show", "planning-course", "--framework", "f.yaml", cwd=tmp_path)

    assert ran.out == (
        "Planning course\n"
        "course planning-course\n"
        "\n"
        "Type       qualification\n"
        "Takes      12 hours\n"
        "Cost       GBP 1,205.50, as of 2022, plus VAT\n"
        "For roles  Manager\n"
        "Facts      from a source dated 2025-04, last checked 2026-11\n"
        "Web page   https://example.org/plan\n"
        "\n"
        "Prepares for\n"
        " Planning  level 0 to 3\n"
    )


def test_a_course_in_json_has_its_own_kind_beside_that_of_the_entry(tmp_path):
    path = tmp_path / "f.yaml"
    path.write_text(changed(("hours: 12", "kind: workshop")), encoding="utf-8")
    written = run("show", "planning-course", "--format", "json", "--framework", path).out
    shown = json.loads(written)

    assert (shown["entry"], shown["id"]) == ("training", "planning-course")
    assert shown["kind"] == "workshop"


def test_show_has_texts_by_level_and_what_a_step_takes(tmp_path):
    (tmp_path / "f.yaml").write_text(FULL, encoding="utf-8")

    ran = run("show", "planning", "--framework", "f.yaml", cwd=tmp_path)

    assert (
        "What others can observe\n 1 Some  Reads plans\n 3 All   Keeps a plan; Says no\n"
    ) in ran.out
    assert (
        " 2 Much  Write one; first: Ask for a project; 4 to 8 hours over 3 weeks; "
        "ask somebody first\n"
    ) in ran.out
    assert "Learn from\n 1 Some  A planner\n 2 Much  A senior planner\n" in ran.out
