"""What a change of framework asks of people, in every format, and the version that follows."""

from __future__ import annotations

import json
import os
import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support import ROOT, run, same_as_snapshot
from tests.terminal import COLOUR, on_a_terminal

from pmo_path.domain.diff import diff_frameworks
from pmo_path.domain.diff.model import ChangeKind, Direction, Element, Step
from pmo_path.domain.diff.version_bump import REASONS, raised
from pmo_path.domain.framework import Framework
from pmo_path.domain.numbers import parse_version

if TYPE_CHECKING:
    from pathlib import Path

    from pmo_path.domain.diff.model import Change

FRAMEWORKS = ROOT / "tests" / "frameworks" / "diff"
BEFORE, AFTER = FRAMEWORKS / "before.yaml", FRAMEWORKS / "after.yaml"
OLD = BEFORE.read_text(encoding="utf-8")
HEADLINE = "Desk careers, version 1.4.2"
NONE_MORE = "No role requires more than before.\n"


def changed(tmp_path: Path, *edits: tuple[str, str], version: str = "1.4.2") -> Path:
    """A file with the old framework, edited."""
    text = OLD.replace("1.4.2", version)
    for before, after in edits:
        assert before in text
        text = text.replace(before, after, 1)
    path = tmp_path / "new.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def step_of(path: Path) -> tuple[str, list[str]]:
    """The step that a change asks for, and the keys of its reasons."""
    version = json.loads(run("diff", BEFORE, path, "--format", "json").out)["version"]
    return version["step"], [reason["key"] for reason in version["reasons"]]


# --- Whole outputs ------------------------------------------------------------------------------


@pytest.mark.parametrize("format_", ["table", "markdown", "json"])
def test_everything_that_can_change_is_said(format_):
    ran = run("diff", BEFORE, AFTER, "--format", format_)

    assert (ran.code, ran.err) == (0, "")
    assert same_as_snapshot(f"diff-{format_}.txt", ran.out)


@pytest.mark.parametrize("format_", ["table", "markdown"])
def test_nothing_changed_is_one_sentence(format_):
    ran = run("diff", BEFORE, BEFORE, "--format", format_, "--check")

    lines = [line for line in ran.out.splitlines() if line]
    assert (ran.code, ran.err) == (0, "")
    assert lines[0].removeprefix("## ") == HEADLINE
    assert [line.strip("*") for line in lines[1:]] == [
        "Nothing changed: both have the same content."
    ]


def test_nothing_changed_has_a_key_of_its_own_in_json():
    ran = run("diff", BEFORE, BEFORE, "--format", "json")

    document = json.loads(ran.out)
    assert (ran.code, document["changed"], document["ratings"]) == (0, False, None)
    assert document["version"]["step"] == "none"


def test_the_order_of_entries_is_not_a_change(tmp_path):
    path = changed(
        tmp_path,
        ("      fixing: {name: Fixing, key: true}\n      planning: {name: Planning}\n", ""),
        (
            "      reports: {name: Reports}\n",
            (
                "      reports: {name: Reports}\n      planning: {name: Planning}\n"
                "      fixing: {name: Fixing, key: true}\n"
            ),
        ),
    )

    assert step_of(path) == ("none", [])


def test_the_shipped_framework_against_itself_is_unchanged():
    framework = ROOT / "data" / "framework.yaml"

    assert "Nothing changed" in run("diff", framework, framework).out


def test_a_raised_requirement_is_told_for_its_role_alone(tmp_path):
    path = changed(tmp_path, ("      fixing: 2\n", "      fixing: {level: 3, must_have: 1}\n"))

    assert run("diff", BEFORE, path) == (
        0,
        (
            f"{HEADLINE}\n\n"
            "More is required in 1 of 4 roles: Agent.\n"
            "The version is still 1.4.2; these changes need a major bump, 2.0.0 or higher.\n"
            "Why major: a required level or must-have is raised, or a must-have is added.\n"
            "\n"
            "Requirements by role\n"
            "Agent: 1 raised\n"
            " raised  Fixing: level 2 \u2192 3 (Strong), must-have none \u2192 1\n"
        ),
        "",
    )


def test_a_renamed_competence_takes_its_requirements_along(tmp_path):
    path = changed(
        tmp_path,
        ("fixing: {name: Fixing", "mending: {name: Mending, aliases: [Fixing]"),
        ("fixing: 2", "mending: 2"),
        ("fixing: {level: 3", "mending: {level: 3"),
        version="1.5.0",
    )

    assert run("diff", BEFORE, path, "--check") == (
        0,
        (
            f"{HEADLINE} \u2192 1.5.0\n\n{NONE_MORE}"
            "Version 1.5.0 is high enough: these changes need a minor bump, 1.5.0 or higher.\n"
            "Why minor: a competence is added, removed, renamed or moved to another domain.\n"
            "\n"
            "Competences\n"
            " renamed  Mending: was Fixing\n"
        ),
        "",
    )


def test_a_competence_that_becomes_an_alias_of_one_that_was_there_is_removed(tmp_path):
    path = changed(
        tmp_path,
        ("      teaching: {name: Teaching, summary: Showing others how}\n", ""),
        ("aliases: [Calls]", "aliases: [Calls, Teaching]"),
        ("planning: 3, teaching: 2", "planning: 3"),
    )

    assert " removed  Teaching: its name now leads to Talking with callers\n" in (
        run("diff", BEFORE, path).out
    )


def test_a_scale_that_starts_lower_asks_what_it_did_not_ask_before(tmp_path):
    path = changed(tmp_path, ("scale:\n", "scale:\n  -1: {label: Nothing}\n"))
    (tmp_path / "old.yaml").write_text(
        OLD.replace("writing: 1\n", "writing: 0\n"), encoding="utf-8"
    )

    out = run("diff", tmp_path / "old.yaml", path).out

    assert " new  Writing: level 1 (Aware), importance 3\n" in out


def test_a_framework_with_another_id_is_compared_but_its_version_is_not(tmp_path):
    path = changed(tmp_path, ("id: desk", "id: bench"), version="9.0.0")
    verdict = (
        "'desk' and 'bench' are different frameworks, so their versions cannot be compared.\n"
    )

    assert run("diff", BEFORE, path, "--check") == (
        1,
        (
            "Desk careers (desk 1.4.2) \u2192 Desk careers (bench 9.0.0)\n\n"
            f"Nothing changed: both have the same content.\n{verdict}"
        ),
        f"pmo-path: {verdict}",
    )


@pytest.mark.parametrize(
    ("planning", "verdict"),
    [
        ("rota: {name: Rota}", "nothing in common: no competence and no role is in both."),
        (
            "planning: {name: Planning}",
            "almost nothing in common: 1 of 6 competences and 0 of 4 roles are in both.",
        ),
    ],
)
def test_unrelated_frameworks_are_said_to_be_so_instead_of_compared(tmp_path, planning, verdict):
    path = tmp_path / "old.yaml"
    path.write_text(
        OLD.replace("planning: {name: Planning}", planning).replace(
            "planning:", f"{planning.partition(':')[0]}:"
        ),
        encoding="utf-8",
    )

    out = run("diff", path, ROOT / "data" / "framework.yaml").out

    assert f"\nThese two frameworks have {verdict}\n'desk' and 'pmo' are different" in out
    assert "No role requires more" not in out
    assert "Why" not in out


def test_a_framework_without_a_role_in_common_has_no_requirements_to_compare(tmp_path):
    path = changed(
        tmp_path,
        *((f"  {key}:\n    name: {name}", f"  {key}2:\n    name: {name} 2") for key, name in (
            ("agent", "Agent"), ("senior", "Senior agent"), ("lead", "Team lead")
        )),
        ("  clerk: {name: Clerk", "  clerk2: {name: Clerk 2"),
        ("leads_to: [senior]", "leads_to: [senior2]"),
        ("leads_to: [lead]", "leads_to: [lead2]"),
        ("for_roles: [agent, lead]", "for_roles: [agent2, lead2]"),
    )  # fmt: skip

    assert "The two have no role in common, so there are no requirements to compare.\n" in (
        run("diff", BEFORE, path).out
    )


# --- The step -----------------------------------------------------------------------------------

STEPS = [
    ("requirement-raised", "requires: {writing: 2}", "requires: {writing: 3}"),
    ("requirement-raised", "writing: 2}", "writing: {level: 2, must_have: 1}}"),
    ("requirement-raised", "must_have: 1}\n      fixing", "must_have: 2}\n      fixing"),
    ("requirement-raised", "level: 2, must_have: 1", "level: 3"),
    ("requirement-new", "requires: {writing: 2}", "requires: {writing: 2, reports: 1}"),
    ("band-raised", "at_least: 60", "at_least: 61"),
    ("band-raised", "at_least: 60", "at_least: 60, must_haves_missing: 9"),
    ("band-raised", "at_least: 80, must_haves_missing: 1", "at_least: 85, must_haves_missing: 2"),
    ("level-removed", "  5: {label: Master}\n", ""),
    ("label-moved", "3: {label: Strong}", "3: {label: Best}\n  4: {label: Strong}"),
    ("requirement-lowered", "requires: {writing: 2}", "requires: {writing: 1}"),
    ("requirement-lowered", "level: 2, must_have: 1", "level: 2"),
    ("requirement-removed", "      reports: 2\n", ""),
    ("requirement-removed", "      reports: 2\n", "      reports: 0\n"),
    ("importance", "importance: 5", "importance: 4"),
    ("role", "  clerk: {name: Clerk, requires: {writing: 2}}\n", ""),
    ("role", "  clerk:", "  typist: {name: Typist, requires: {writing: 3}}\n  clerk:"),
    ("role", "  clerk:", "  typist:"),
    ("role", "leads_to: [senior]", "leads_to: [senior, clerk]"),
    (
        "competence",
        "planning: {name: Planning}",
        "planning: {name: Planning}\n      new: {name: N}",
    ),
    ("domain", "  work:\n    name", "  labour:\n    name"),
    ("key", ", key: true", ""),
    ("rated-by", "2: listens", "2: listens well"),
    ("rated-by", "summary: Showing others how", "behaviours: [shows]"),
    ("rated-by", "meaning: has seen it", "meaning: saw it"),
    ("rated-by", "notice: Ours", "notice: Ours, how_to_rate: by examples"),
    ("scale", "{label: Strong}", "{label: Strong}\n  4: {label: Leading}"),
    ("scale", "label: Able", "label: Capable"),
    ("band", "at_least: 60", "at_least: 59"),
    ("band", "must_haves_missing: 1", "must_haves_missing: 2"),
    ("band", "  close: {label: Close, at_least: 60}\n", ""),
    ("band", "  close:", "  near:"),
    ("training", "from: 0, to: 3", "from: 1, to: 3"),
    ("training", "  plans:", "  scheduling:"),
    ("training", "{planning: {from: 0, to: 3}}", "[planning]"),
    ("training", "title: Typing,", "title: Typing, type: recognition,"),
    ("training", "title: Typing,", "title: Typing, for_roles: [clerk],"),
    ("training", "for_roles: [agent, lead], ", ""),
    ("words", "name: Writing", "name: Texts"),
    ("words", "aliases: [Calls]", "aliases: [Calls, Phoning]"),
    ("words", "summary: Showing others how", "summary: Showing how"),
    ("words", "name: Clerk", "name: Typist"),
    ("words", "name: People", "name: Persons"),
    ("words", "label: Close", "label: Near"),
    ("words", "title: Typing, provider: P", "title: Typing, provider: P, days: 2"),
    ("words", "amount: 900", "amount: 950"),
    ("words", "title: Typing,", "title: Typing, url: 'https://example.org',"),
    ("words", "cost: {amount: 900, currency: GBP}, ", ""),
    ("words", "notice: Ours", "notice: Yours"),
    ("words", "title: Desk careers", "title: Careers"),
]


@pytest.mark.parametrize(("reason", "before", "after"), STEPS)
def test_each_kind_of_change_asks_for_its_step(tmp_path, reason, before, after):
    step, reasons = step_of(changed(tmp_path, (before, after)))

    (known,) = (known_reason for known_reason in REASONS if known_reason.key == reason)
    assert reason in reasons
    assert step == known.step


def test_every_reason_is_tried():
    assert {reason for reason, *_ in STEPS} == {reason.key for reason in REASONS}


def test_the_page_has_a_row_for_every_reason_and_for_no_other():
    page = (ROOT / "docs" / "framework-format.md").read_text(encoding="utf-8")
    _, _, table = page.partition("<!-- steps -->\n")
    rows, _, _ = table.partition("\n\n")

    assert re.findall(r"^\| (\w+) \| `([a-z-]+)` \|", rows, re.MULTILINE) == [
        (reason.step, reason.key) for reason in REASONS
    ]


PATCH = ("name: Writing", "name: Texts")
MINOR = ("importance: 5", "importance: 4")
MAJOR = ("requires: {writing: 2}", "requires: {writing: 3}")
NEEDED = "these changes need a {0} bump, {1} or higher."


@pytest.mark.parametrize(
    ("edit", "version", "verdict"),
    [
        (PATCH, "1.4.3", None),
        (PATCH, "1.5.0", None),
        (PATCH, "2.0.0", None),
        (MINOR, "1.5.0", None),
        (MINOR, "1.6.7", None),
        (MAJOR, "2.0.0", None),
        (MAJOR, "10.0.0", None),
        (PATCH, "1.4.2", "The version is still 1.4.2; " + NEEDED.format("patch", "1.4.3")),
        (MINOR, "1.4.9", "Version 1.4.9 is too low; " + NEEDED.format("minor", "1.5.0")),
        (MAJOR, "1.9.9", "Version 1.9.9 is too low; " + NEEDED.format("major", "2.0.0")),
        (PATCH, "1.4.1", "Version 1.4.1 is lower than 1.4.2; " + NEEDED.format("patch", "1.4.3")),
    ],
)
def test_the_check_fails_when_the_version_does_not_follow(tmp_path, edit, version, verdict):
    path = changed(tmp_path, edit, version=version)

    ran = run("diff", BEFORE, path, "--check")

    assert ran.code == (0 if verdict is None else 1)
    assert ran.err == ("" if verdict is None else f"pmo-path: {verdict}\n")
    assert (verdict or "is high enough") in " ".join(ran.out.split())
    assert run("diff", BEFORE, path) == (0, ran.out, "")


@pytest.mark.parametrize(
    ("version", "code", "verdict"),
    [
        ("1.4.2", 0, ""),
        ("1.4.3", 0, ""),
        ("1.4.1", 1, "Version 1.4.1 is lower than 1.4.2; a version never goes down."),
        (
            "next",
            1,
            ("Version 'next' is not three numbers such as 1.0.0, so it cannot be checked."),
        ),
    ],
)
def test_without_changes_the_version_may_stay_or_rise(tmp_path, version, code, verdict):
    ran = run("diff", BEFORE, changed(tmp_path, version=version), "--check")

    assert (ran.code, ran.err) == (code, f"pmo-path: {verdict}\n" if verdict else "")


def test_an_odd_version_that_stays_with_nothing_changed_is_fine(tmp_path):
    path = changed(tmp_path, version="spring")

    assert run("diff", path, path, "--check").code == 0


@pytest.mark.parametrize("text", ["1.0", "01.0.0", "v1.0.0", "1.0.0-rc1", "1.0.0\n", "1.0.x", ""])
def test_only_three_plain_numbers_are_a_version(text):
    assert parse_version(text) is None


# --- Where the frameworks come from -------------------------------------------------------------


@pytest.mark.parametrize("args", [("-", AFTER), (BEFORE, "-")])
def test_one_of_the_two_may_come_from_stdin(args):
    stdin = (BEFORE if args[0] == "-" else AFTER).read_bytes()

    assert run("diff", *args, stdin=stdin) == run("diff", BEFORE, AFTER)


def test_both_from_stdin_is_wrong_usage():
    ran = run("diff", "-", "-", stdin=BEFORE.read_bytes())

    assert ran == (2, "", "pmo-path: only one of the two frameworks can come from stdin\n")


def test_a_framework_that_extends_another_is_compared_as_a_whole(tmp_path):
    path = tmp_path / "ours.yaml"
    path.write_text(
        f"schema: 1\nextends: {os.path.relpath(BEFORE, tmp_path)}\n"
        "framework: {version: 1.5.0}\nroles: {clerk: {requires: {writing: 1}}}\n",
        encoding="utf-8",
    )

    ran = run("diff", BEFORE, path, "--check")

    assert ran.code == 0
    assert ran.out.endswith("Clerk: 1 lowered\n lowered  Writing: level 2 \u2192 1 (Aware)\n")


def test_the_mistakes_of_both_frameworks_are_told_at_once(tmp_path):
    path = changed(tmp_path, ("requires: {writing: 2}", "requires: {wirting: 2}"))

    ran = run("diff", tmp_path / "gone.yaml", path)

    assert (ran.code, ran.out) == (3, "")
    assert ran.err.startswith(f"{tmp_path}/gone.yaml: PMO101 error: there is no such file\n")
    assert "new.yaml:45:35: PMO301 error: " in ran.err


def test_the_changes_go_to_a_file_when_asked(tmp_path):
    ran = run("diff", BEFORE, AFTER, "--format", "markdown", "-o", tmp_path / "changes.md")

    assert ran == (0, "", f"Wrote {tmp_path}/changes.md.\n")
    assert (tmp_path / "changes.md").read_text(encoding="utf-8") == (
        run("diff", BEFORE, AFTER, "--format", "markdown").out
    )


# --- Ratings ------------------------------------------------------------------------------------


def people(tmp_path: Path, **files: str) -> Path:
    """A folder with ratings files."""
    folder = tmp_path / "people"
    folder.mkdir()
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


def test_answers_that_no_longer_fit_are_told_by_file_and_line(tmp_path):
    folder = people(
        tmp_path,
        ana="role: clerk\nratings:\n  writing: 2\n  teaching: 3\n  contact: Able\n",
        ben="target: Team lead\nratings: {teaching: 2, calls: 1}\n",
    )

    ran = run("diff", BEFORE, AFTER, "--ratings", "people/*.yaml", cwd=folder.parent)

    assert (ran.code, ran.err) == (0, "")
    assert ran.out.partition("\nRatings\n")[2] == (
        "people/ana.yaml: 3 ratings no longer fit\n"
        " line 1  there is no role 'clerk'\n"
        " line 3  there is no competence 'writing'\n"
        " line 5  'Able' is not a level of the scale\n"
        "1 other ratings file: every rating fits\n"
    )


def test_answers_that_were_wrong_already_are_told_apart_and_exit_with_3(tmp_path):
    folder = people(
        tmp_path, ana="ratings:\n  writing: 2\n  contact: 9\n", ben="ratings: {fixing: 1}\n"
    )
    (folder / "cleo.yaml").write_bytes(b"\xff\xfe")

    ran = run(
        "diff", BEFORE, AFTER, "--ratings", "people", "--ratings", "gone.yaml", cwd=folder.parent
    )

    assert ran.code == 3
    assert ran.out.partition("\nRatings\n")[2] == (
        "people/ana.yaml: 1 rating no longer fits, 1 mistake was there already\n"
        " line 2  there is no competence 'writing'\n"
        " line 3  already wrong: 9 is not a level of the scale (use 0, 1, 2, 3, 4, n/a, or leave "
        "it empty)\n"
        "\npeople/cleo.yaml: 1 mistake was there already\n"
        " file  already wrong: it is UTF-16, not UTF-8 (save it again as UTF-8)\n"
        "\ngone.yaml: 1 mistake was there already\n"
        " file  already wrong: there is no such file (check the path)\n"
        "1 other ratings file: every rating fits\n"
    )
    assert re.findall(r"^(\S+): (PMO\d+) error", ran.err, re.MULTILINE) == [
        ("people/ana.yaml:3:12", "PMO502"),
        ("people/cleo.yaml", "PMO103"),
        ("gone.yaml", "PMO101"),
    ]


def test_a_folder_of_ratings_stands_for_those_in_json_and_csv_as_well(tmp_path):
    folder = people(tmp_path, ana="ratings: {coaching: 1}\n")
    (folder / "ben.json").write_text('{"ratings": {"gone": 1}}', encoding="utf-8")
    (folder / "sub").mkdir()
    (folder / "sub" / "cleo.CSV").write_text("competence,rating\ncoaching,1\n", encoding="utf-8")
    (folder / "sub" / "dan.tsv").write_text("competence\trating\nlost\t1\n", encoding="utf-8")
    (folder / "notes.txt").write_text("x", encoding="utf-8")

    ran = run("diff", BEFORE, AFTER, "--ratings", "people", cwd=folder.parent)
    (folder.parent / "none").mkdir()
    none = run("diff", BEFORE, AFTER, "--ratings", "none", cwd=folder.parent)

    assert re.findall(r"^(\S+?):\d", ran.err, re.MULTILINE) == [
        "people/ben.json",
        "people/sub/dan.tsv",
    ]
    assert (ran.code, "2 other ratings files: every rating fits" in ran.out) == (3, True)
    assert none == (
        2, "", "pmo-path: there is no .yaml, .yml, .json, .csv, .tsv or .xlsx file in 'none'\n"
    )  # fmt: skip


def test_ratings_that_were_changed_along_with_the_framework_fit(tmp_path):
    folder = people(tmp_path, ana="target: head\nratings: {coaching: 4}\n")

    ran = run("diff", BEFORE, AFTER, "--ratings", folder)

    assert ran.code == 0
    assert ran.out.endswith("\nRatings\n1 ratings file: every rating fits\n")


def test_a_framework_that_goes_by_another_id_now_still_says_which_answers_are_lost(tmp_path):
    folder = people(
        tmp_path,
        ana="framework: {id: desk}\nratings: {teaching: 1, reports: 2}\n",
        eve="framework: {id: other}\nratings: {cooking: 1}\n",
    )
    path = changed(
        tmp_path,
        ("id: desk", "id: counter"),
        ("      teaching: {name: Teaching, summary: Showing others how}\n", ""),
        ("      reports: {name: Reports}\n", ""),
        (", teaching: 2", ""),
        ("      reports: 2\n", ""),
    )

    ran = run("diff", BEFORE, path, "--ratings", "people", cwd=folder.parent)

    assert ran.code == 3
    assert re.findall(r"there is no competence '(.*)'", ran.out) == ["teaching", "reports"]
    assert re.findall(r"eve.yaml:1:17: (PMO\d+)", ran.err) == ["PMO505"]


def test_answers_that_fit_and_say_something_else_are_told(tmp_path):
    folder = people(tmp_path, ana="ratings: {fixing: Strong, Calls: 1}\n")
    path = changed(
        tmp_path,
        ("3: {label: Strong}", "3: {label: Good}\n  4: {label: Strong}"),
        ("aliases: [Calls], ", ""),
        ("reports: {name: Reports}", "reports: {name: Reports, aliases: [Calls]}"),
    )

    ran = run("diff", BEFORE, path, "--ratings", "people", cwd=folder.parent)

    assert ran.code == 0
    assert ran.out.partition("ana.yaml: ")[2] == (
        "2 ratings change their meaning\n"
        " read differently  the rating for 'Fixing' was 3 and is now 4\n"
        " read differently  the rating for 'Talking with callers' now counts for another competence\n"
    )


def test_json_and_markdown_say_what_no_longer_fits(tmp_path):
    folder = people(tmp_path, ana="ratings:\n  writing: 2\n")
    args = ("diff", BEFORE, AFTER, "--ratings", "people", "--format")

    ratings = json.loads(run(*args, "json", cwd=folder.parent).out)["ratings"]
    markdown = run(*args, "markdown", cwd=folder.parent).out

    assert ratings == [
        {
            "file": "people/ana.yaml",
            "no_longer_fit": [
                {
                    "line": 2,
                    "column": 3,
                    "code": "PMO501",
                    "message": "there is no competence 'writing'",
                    "hint": "",
                }
            ],
            "read_differently": [],
            "wrong_already": [],
        }
    ]
    assert markdown.partition("### Ratings\n\n")[2] == (
        "#### people/ana.yaml (1 rating no longer fits)\n\n"
        "- **line 2**: there is no competence 'writing'\n"
    )


def test_a_pattern_that_means_no_file_is_wrong_usage():
    ran = run("diff", BEFORE, AFTER, "--ratings", "nowhere/*.yaml")

    assert ran == (2, "", "pmo-path: no file matches 'nowhere/*.yaml'\n")


# --- Hostile text, and terminals ----------------------------------------------------------------

HOSTILE = '"[red]x[/red]\\e[31m<b onclick=a()>|`c`|</b>\\n# y @team #12 [l](http://h) *z* _u_"'


@pytest.mark.parametrize("format_", ["table", "markdown", "json"])
def test_hostile_names_stay_text(tmp_path, format_):
    path = changed(
        tmp_path,
        ("name: Fixing", f"name: {HOSTILE}"),
        ("name: Agent", f"name: {HOSTILE}"),
        ("title: Desk careers", f"title: {HOSTILE}"),
        ("fixing: 2", "fixing: 3"),
        version=HOSTILE,
    )

    ran = run("diff", BEFORE, path, "--format", format_)

    assert (ran.code, ran.err) == (0, "")
    assert "\x1b" not in ran.out
    assert same_as_snapshot(f"diff-hostile-{format_}.txt", ran.out)


def test_no_hostile_name_is_markup_in_markdown(tmp_path):
    path = changed(tmp_path, ("name: Fixing", f"name: {HOSTILE}"), ("fixing: 2", "fixing: 3"))

    out = run("diff", BEFORE, path, "--format", "markdown").out

    assert "<" not in out
    assert not re.search(r"(?<!\\)[\[\]`]", out)
    assert not re.search(r"@\w|#\d|://", out)
    (row,) = (line for line in out.splitlines() if line.startswith("- **raised**: "))
    assert len(re.findall(r"(?<!\\)\*\*", row)) == 2


@pytest.mark.parametrize("columns", [60, 80, 120])
def test_the_terminal_sets_the_width_and_colour_says_nothing_of_its_own(columns):
    shown = on_a_terminal(columns, "diff", BEFORE, AFTER)
    plain = COLOUR.sub("", shown)

    assert shown != plain == on_a_terminal(columns, "diff", BEFORE, AFTER, NO_COLOR="1")
    assert max(map(len, plain.splitlines())) <= columns
    assert plain.split() == run("diff", BEFORE, AFTER).out.split()


def test_without_unicode_the_arrow_is_written_in_ascii():
    shown = on_a_terminal(80, "diff", BEFORE, AFTER, NO_COLOR="1", PYTHONIOENCODING="ascii")

    assert "Desk careers, version 1.4.2 -> 1.5.0" in shown
    assert "?" not in shown


# --- The comparison itself ----------------------------------------------------------------------

LEVELS = [Decimal(level) for level in ("0", "1", "1.5", "2", "3")]
IDS = [f"c{number}" for number in range(4)]
ROLES = [f"r{number}" for number in range(3)]
OPPOSITE = {
    Direction.MORE: Direction.LESS,
    Direction.NEW: Direction.GONE,
    Direction.LESS: Direction.MORE,
    Direction.GONE: Direction.NEW,
}


@st.composite
def requirements(draw):
    """What one role requires of the competences that are there."""
    found = {}
    for key in draw(st.lists(st.sampled_from(IDS), unique=True, min_size=1)):
        level = draw(st.sampled_from(LEVELS))
        must_have = draw(st.none() | st.sampled_from([step for step in LEVELS if step <= level]))
        importance = draw(st.sampled_from([1, 3, 5]))
        found[key] = {"level": level, "must_have": must_have, "importance": importance}
    return found


@st.composite
def frameworks(draw):
    """A framework of few competences and roles, so that two of them have some in common."""
    roles = draw(st.dictionaries(st.sampled_from(ROLES), requirements(), min_size=1).map(dict))
    used = {key for role in roles.values() for key in role}
    present = [key for key in IDS if key in used or draw(st.booleans())]
    split = draw(st.integers(0, len(present)))
    return framework_of(roles, present[:split], present[split:])


def framework_of(roles: dict[str, Any], *domains: list[str]) -> Framework:
    return Framework.model_validate(
        {
            "schema": 1,
            "framework": {"id": "f", "version": "1.0.0", "title": "F"},
            "scale": {level: {"label": f"L{level}"} for level in (0, 1, 2, 3)},
            "readiness": {"all": {"label": "All", "at_least": 0}},
            "domains": {
                f"d{place}": {
                    "name": f"Domain {place}",
                    "competences": {key: {"name": f"Name of {key}"} for key in keys},
                }
                for place, keys in enumerate(domains)
            },
            "roles": {
                key: {"name": f"Role {key}", "requires": required}
                for key, required in roles.items()
            },
        }
    )


@given(frameworks())
def test_a_framework_and_itself_have_no_difference_and_need_no_bump(framework):
    diff = diff_frameworks(framework, framework)

    assert diff.changes == ()
    assert not diff.is_unrelated
    assert (diff.version.step, diff.version.follows) == (Step.NONE, True)


@given(frameworks(), frameworks())
def test_the_way_back_takes_away_what_the_way_there_brought(first, second):
    there, back = (diff_frameworks(*pair).changes for pair in ((first, second), (second, first)))

    for element in (Element.COMPETENCE, Element.ROLE):
        assert ids(there, element, ChangeKind.ADDED) == ids(back, element, ChangeKind.REMOVED)
    assert requirements_in(there) == {
        (role, competence, OPPOSITE.get(direction, direction))
        for role, competence, direction in requirements_in(back)
    }


def ids(changes: tuple[Change, ...], element: Element, kind: ChangeKind) -> set[str]:
    return {
        change.subject.id
        for change in changes
        if (change.subject.element, change.kind) == (element, kind)
    }


def requirements_in(changes: tuple[Change, ...]) -> set[tuple[str, str, Direction]]:
    return {
        (change.subject.id, change.subject.competence.id, change.direction)
        for change in changes
        if change.subject.competence and change.direction
    }


@given(frameworks(), st.data())
def test_a_raised_level_is_always_a_major_step(framework, data):
    role = data.draw(st.sampled_from(sorted(framework.roles)))
    key = data.draw(st.sampled_from(sorted(framework.roles[role].requires)))
    plain = framework.model_dump(by_alias=True)
    level = plain["roles"][role]["requires"][key]["level"]
    plain["roles"][role]["requires"][key]["level"] = level + Decimal("0.5")

    found = diff_frameworks(framework, Framework.model_validate(plain))

    assert found.version.step is Step.MAJOR
    assert found.version.at_least == "2.0.0"
    assert not found.version.follows


@given(st.tuples(*[st.integers(0, 99)] * 3), st.sampled_from(list(Step)))
def test_a_raised_version_is_read_back_and_never_lower(version, step):
    higher = raised(version, step)

    assert parse_version(".".join(map(str, higher))) == higher
    assert (higher > version) == (step is not Step.NONE)
