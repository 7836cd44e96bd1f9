"""`pmo-path validate`: which files, which diagnostics, in which format, with which exit code."""

from __future__ import annotations

import datetime
import json
import re
from typing import TYPE_CHECKING

import pytest
from jsonschema import Draft7Validator
from tests.support import ROOT, run

from pmo_path.domain.rules.registry import ADVICE_RULES
from pmo_path.readers.framework import check_framework

if TYPE_CHECKING:
    from pathlib import Path

SARIF = json.loads(
    (ROOT / "tests" / "schemas" / "sarif-schema-2.1.0.json").read_text(encoding="utf-8")
)
DAY = ("--today", "2026-11-23")
DATE = datetime.date(2026, 11, 23)
CLEAN = (ROOT / "tests" / "frameworks" / "base" / "clean.yaml").read_text(encoding="utf-8")


@pytest.fixture
def folder(tmp_path):
    """Four frameworks: a right one, one with an error and a warning, and one that is not YAML."""
    (tmp_path / "teams").mkdir()
    (tmp_path / "clean.yaml").write_text(CLEAN, encoding="utf-8")
    (tmp_path / "teams" / "wrong.yml").write_text(wrong(), encoding="utf-8")
    (tmp_path / "teams" / "open.yaml").write_text("schema: [1\n", encoding="utf-8")
    (tmp_path / "teams" / ".hidden.yaml").write_text("x", encoding="utf-8")
    (tmp_path / "teams" / "notes.txt").write_text("x", encoding="utf-8")
    return tmp_path


def wrong() -> str:
    return CLEAN.replace("leads_to: [manager]", "leads_to: [manger]").replace(
        '    checked: "2024-11"\n', ""
    )


WRONG = """\
wrong.yaml:23:39: PMO302 error: there is no role 'manger'
    23 |   analyst: {name: Analyst, leads_to: [manger], requires: {planning: 2, risk: 1}}
       |                                       ^
  wrong.yaml:24:3: 'manager' is here
  hint: did you mean 'manager'?
wrong.yaml:31:3: PMO408 warning: the facts about the training 'risk-course' are not verified
    31 |   risk-course:
       |   ^
  hint: check them with the provider, and add 'checked: "YYYY-MM"'
"""


def codes(text: str) -> list[str]:
    return re.findall(r"\b(PMO\d{3}) (?:error|warning): ", text)


# --- Which files --------------------------------------------------------------------------------


def test_each_mistake_is_shown_with_its_line_a_second_place_and_a_hint(tmp_path):
    (tmp_path / "wrong.yaml").write_text(wrong(), encoding="utf-8")

    assert run("validate", "wrong.yaml", *DAY, cwd=tmp_path) == (
        1,
        WRONG,
        "1 file checked: 1 error, 1 warning\n",
    )


def test_stdin_is_a_file_like_any_other():
    ran = run("validate", "-", *DAY, stdin=wrong().encode())

    assert ran == (
        1,
        WRONG.replace("wrong.yaml", "<stdin>"),
        "1 file checked: 1 error, 1 warning\n",
    )


@pytest.mark.parametrize("named", [["."], ["*.yaml", "teams"], ["**/*.y*ml"], ["clean.yaml", "."]])
def test_a_folder_and_a_pattern_stand_for_the_files_in_them_each_once(folder, named):
    ran = run("validate", *named, *DAY, cwd=folder)

    assert (ran.code, ran.err) == (1, "3 files checked: 2 errors, 1 warning\n")
    assert codes(ran.out) == ["PMO104", "PMO302", "PMO408"]


@pytest.mark.parametrize(
    ("named", "words"),
    [
        ("empty", "there is no .yaml or .yml file in 'empty'"),
        ("x*.yaml", "no file matches 'x*.yaml'"),
    ],
)
def test_a_folder_or_a_pattern_without_a_file_is_wrong_usage(folder, named, words):
    (folder / "empty").mkdir()

    assert run("validate", named, cwd=folder) == (2, "", f"pmo-path: {words}\n")


OTHERS = {
    "ratings.yaml": "framework: {id: f, version: 1.0.0}\nratings: {planning: 2}\n",
    "compose.yml": "services: {web: {extends: {file: base.yml}}}\n",
    "list.yaml": "- roles: {x: 1}\n",
    "manifests.yaml": "kind: A\n---\nkind: B\n",
    "site.yml": "theme: !!python/name:x\n",
}
MEANT = {
    "no-roles.yaml": "domains: {d: {name: D}}\n",
    "scale.yaml": "scale: {0: {label: None}}\n",
    "torn.yaml": "schema: 1\ndomains:\n\td: {}\n",
    "two.yaml": "{roles: {}}\n---\nx: 1\n",
    "overlay.yaml": "extends: nowhere.yaml\n",
    "nothing.yaml": "# nothing\n",
    "bytes.yaml": "x: \xff\n",
}


def test_in_a_folder_what_is_no_framework_is_passed_over_and_counted(folder):
    for name, text in OTHERS.items():
        (folder / name).write_text(text, encoding="utf-8")

    ran = run("validate", ".", *DAY, cwd=folder)
    as_json = json.loads(run("validate", ".", *DAY, "--format", "json", cwd=folder).out)

    assert (ran.code, codes(ran.out)) == (1, ["PMO104", "PMO302", "PMO408"])
    assert ran.err == (
        "Skipped 5 YAML files that are not frameworks: compose.yml, list.yaml, "
        "manifests.yaml, ratings.yaml, site.yml\n"
        "3 files checked: 2 errors, 1 warning\n"
    )
    assert as_json["files"] == 3


@pytest.mark.parametrize("name", OTHERS)
@pytest.mark.parametrize("named", [["{}"], ["[{}]*"], [".", "{}"], ["{}", "."]])
def test_a_file_that_is_named_is_never_passed_over(folder, name, named):
    (folder / name).write_text(OTHERS[name], encoding="utf-8")
    words = [word.format(name[0] if "[" in word else name) for word in named]

    ran = run("validate", *words, *DAY, cwd=folder)

    assert ran.code == 1
    assert f"\n{name}:" in f"\n{ran.out}"
    assert "Skipped" not in ran.err


@pytest.mark.parametrize("name", MEANT)
def test_what_may_be_a_broken_framework_is_not_passed_over(folder, name):
    (folder / name).write_text(MEANT[name], encoding="latin-1")

    ran = run("validate", ".", *DAY, cwd=folder)

    assert (ran.code, ran.err[:16]) == (1, "4 files checked:")
    assert f"\n{name}:" in f"\n{ran.out}"


def test_a_folder_without_any_framework_is_wrong_usage(tmp_path):
    for number in range(7):
        (tmp_path / f"{number}.yaml").write_text(OTHERS["ratings.yaml"], encoding="utf-8")

    ran = run("validate", ".", cwd=tmp_path)

    assert (ran.code, ran.out) == (2, "")
    assert ran.err == (
        "pmo-path: there is nothing to check. Skipped 7 YAML files that are not frameworks: "
        "0.yaml, 1.yaml, 2.yaml, 3.yaml, 4.yaml and 2 more\n"
    )


def test_a_file_that_cannot_be_read_does_not_hide_the_others_and_exits_with_3(folder):
    ran = run("validate", "nowhere.yaml", "teams/wrong.yml", *DAY, cwd=folder)

    assert (ran.code, ran.err) == (3, "2 files checked: 2 errors, 1 warning\n")
    assert codes(ran.out) == ["PMO101", "PMO302", "PMO408"]


# --- Which diagnostics --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "expected", "code"),
    [
        ([], ["PMO302", "PMO408"], 1),
        (["--ignore", "PMO302"], ["PMO408"], 0),
        (["--ignore", "PMO302", "--strict"], ["PMO408"], 1),
        (["--ignore", "pmo3", "--ignore", "PMO408"], [], 0),
        (["--ignore", "PMO302,PMO4", "--strict"], [], 0),
        (["--select", "PMO4"], ["PMO408"], 0),
        (["--select", "PMO4,PMO302"], ["PMO302", "PMO408"], 1),
        (["--select", "PMO", "--ignore", "PMO40"], ["PMO302"], 1),
    ],
)
def test_diagnostics_are_selected_and_ignored_by_how_their_code_begins(
    folder, options, expected, code
):
    ran = run("validate", "teams/wrong.yml", *DAY, *options, cwd=folder)

    assert (ran.code, codes(ran.out)) == (code, expected)


@pytest.mark.parametrize("option", ["--select", "--ignore"])
def test_a_beginning_that_no_code_has_is_wrong_usage(option):
    assert run("validate", option, "PMO3,PM0408") == (
        2,
        "",
        "pmo-path: no code begins with 'PM0408'; 'pmo-path explain' lists all codes\n",
    )


@pytest.mark.parametrize(
    "options", [["--select", "PMO4"], ["--ignore", "PMO1"], ["--ignore", "PMO101"]]
)
def test_a_file_that_was_not_read_cannot_be_left_out_of_sight(options):
    ran = run("validate", "nowhere.yaml", *options)

    assert (ran.code, codes(ran.out)) == (3, ["PMO101"])


@pytest.mark.parametrize(
    ("today", "expected"),
    [("2026-11-30", []), ("2026-12-01", ["PMO409"])],
)
def test_facts_are_old_after_two_years(tmp_path, today, expected):
    (tmp_path / "clean.yaml").write_text(CLEAN, encoding="utf-8")

    ran = run("validate", "clean.yaml", "--today", today, cwd=tmp_path)

    assert (ran.code, codes(ran.out)) == (0, expected)


@pytest.mark.parametrize("today", ["yesterday", "2026-13-01", "23.11.2026"])
def test_a_day_that_is_none_is_wrong_usage(today):
    ran = run("validate", "--today", today)

    assert ran.code == 2
    assert f"'--today': expected a date such as 2026-11-23, not '{today}'\n" in ran.err


# --- Silencing ----------------------------------------------------------------------------------


def silenced(comment: str) -> str:
    return wrong().replace("  risk-course:\n", f"  risk-course:{comment}\n")


@pytest.mark.parametrize(
    "comment",
    [
        "  # pmo-path: ignore PMO408",
        "  # pmo-path: ignore PMO408, our own course",
        " # pmo-path: ignore PMO408 because it is ours",
        " #pmo-path: ignore PMO408",
        " # checked by hand # pmo-path: ignore PMO408",
    ],
)
def test_a_comment_silences_a_warning_on_its_line(comment):
    ran = run("validate", "-", *DAY, "--strict", stdin=silenced(comment).encode())

    assert codes(ran.out) == ["PMO302"]


@pytest.mark.parametrize(
    ("comment", "expected"),
    [
        ("  # pmo-path: ignore PMO405", ["PMO302", "PMO408", "PMO411"]),
        ("  # pmo-path: ignore", ["PMO302", "PMO408", "PMO411"]),
        ("  # pmo-path: ignore PMO4", ["PMO302", "PMO408", "PMO411"]),
        ("  # pmo-path: ignore PMO408, PMO405", ["PMO302", "PMO411"]),
        ("\n    # pmo-path: ignore PMO408", ["PMO302", "PMO408", "PMO411"]),
        ("\n    note: 'pmo-path: ignore PMO408'", ["PMO302", "PMO408"]),
        ("\n    note: 'x # pmo-path: ignore PMO408'", ["PMO302", "PMO408"]),
    ],
)
def test_a_comment_that_silences_nothing_is_reported_and_a_text_is_no_comment(comment, expected):
    ran = run("validate", "-", *DAY, stdin=silenced(comment).encode())

    assert sorted(codes(ran.out)) == expected


def test_an_error_cannot_be_silenced():
    text = wrong().replace("risk: 1}}", "risk: 1}} # pmo-path: ignore PMO302")

    ran = run("validate", "-", *DAY, stdin=text.encode())

    assert codes(ran.out) == ["PMO302", "PMO411", "PMO408"]


@pytest.mark.parametrize("comment", ["PMO408", "PMO408, PMO404"])
def test_a_comment_is_left_alone_where_a_mistake_keeps_its_rule_from_running(comment):
    text = silenced(f"  # pmo-path: ignore {comment}").replace("key: true", "keys: true")

    ran = run("validate", "-", *DAY, stdin=text.encode())

    assert codes(ran.out) == ["PMO202", "PMO302"]


@pytest.mark.parametrize("comment", ["PMO302", ""])
def test_a_comment_that_can_never_silence_anything_is_reported_beside_any_mistake(comment):
    text = silenced(f"  # pmo-path: ignore {comment}").replace("key: true", "keys: true")

    ran = run("validate", "-", *DAY, stdin=text.encode())

    assert codes(ran.out) == ["PMO202", "PMO302", "PMO411"]


def test_each_piece_of_advice_is_listed_under_the_code_that_it_gives():
    for path in sorted((ROOT / "tests" / "frameworks" / "bad").glob("PMO4*.yaml")):
        examined = check_framework(path.read_bytes(), str(path), DATE)
        framework = examined.framework
        assert framework is not None
        for rule in ADVICE_RULES:
            findings = rule.check(framework, DATE)
            assert {finding.code for finding in findings} <= {rule.code}


# --- Formats ------------------------------------------------------------------------------------

HOSTILE = "%0A::error::\r\n[red]<b>\x1b[31m,:"


def hostile() -> bytes:
    return wrong().replace("[manger]", json.dumps([HOSTILE])).encode()


def test_json_is_complete_and_versioned(tmp_path):
    (tmp_path / "wrong.yaml").write_text(wrong(), encoding="utf-8")

    ran = run("validate", "wrong.yaml", *DAY, "--format", "json", cwd=tmp_path)
    document = json.loads(ran.out)
    first = document["diagnostics"][0]

    assert (ran.code, ran.err) == (1, "1 file checked: 1 error, 1 warning\n")
    assert {key: document[key] for key in ("schema", "files", "errors", "warnings")} == {
        "schema": 1,
        "files": 1,
        "errors": 1,
        "warnings": 1,
    }
    assert first == {
        "file": "wrong.yaml",
        "line": 23,
        "column": 39,
        "code": "PMO302",
        "severity": "error",
        "message": "there is no role 'manger'",
        "hint": "did you mean 'manager'?",
        "path": ["roles", "analyst", "leads_to", 0],
        "source_line": "  analyst: {name: Analyst, leads_to: [manger], "
        "requires: {planning: 2, risk: 1}}",
        "related": {
            "file": "wrong.yaml",
            "line": 24,
            "column": 3,
            "message": "'manager' is here",
        },
        "occurrences": 1,
        "also": [],
    }


def test_sarif_keeps_to_its_official_schema(folder):
    names = ["nowhere.yaml", "teams", "clean.yaml", folder / "teams" / "wrong.yml"]

    ran = run("validate", *names, *DAY, "--format", "sarif", cwd=folder)
    document = json.loads(ran.out)
    results = document["runs"][0]["results"]
    rules = document["runs"][0]["tool"]["driver"]["rules"]

    Draft7Validator(SARIF).validate(document)
    assert ran.code == 3
    assert [result["ruleId"] for result in results] == ["PMO101", "PMO104", "PMO302", "PMO408"]
    assert [result["level"] for result in results] == ["error", "error", "error", "warning"]
    assert [rules[result["ruleIndex"]]["id"] for result in results] == [
        result["ruleId"] for result in results
    ]
    assert all("## Bad" in rule["help"]["markdown"] for rule in rules)
    places = [result["locations"][0]["physicalLocation"] for result in results]
    assert [place["artifactLocation"]["uri"] for place in places] == [
        "nowhere.yaml",
        "teams/open.yaml",
        "teams/wrong.yml",
        "teams/wrong.yml",
    ]
    assert "region" not in places[0]
    assert places[1]["region"] == {"startLine": 1, "startColumn": 9}


def test_sarif_without_a_finding_is_a_run_without_results():
    ran = run("validate", *DAY, "--format", "sarif")

    Draft7Validator(SARIF).validate(json.loads(ran.out))
    assert (ran.code, json.loads(ran.out)["runs"][0]["results"]) == (0, [])


def test_github_gets_one_command_a_diagnostic_whatever_was_typed(tmp_path):
    name = "a,b:c%d.yaml"
    (tmp_path / name).write_bytes(hostile())

    ran = run("validate", name, *DAY, "--format", "github", cwd=tmp_path)
    lines = ran.out.splitlines()

    (line,) = lines
    assert line == (
        "::error file=a%2Cb%3Ac%25d.yaml,line=23,col=39,title=PMO204::entry 1 of 'leads_to': "
        "expected a word without spaces, not '%250A::error:: [red]<b>\ufffd[31m,:'"
    )


def test_github_gets_a_second_place_and_the_hint_in_the_same_command(tmp_path):
    (tmp_path / "wrong.yaml").write_text(wrong(), encoding="utf-8")

    ran = run("validate", "wrong.yaml", "--select", "PMO3", "--format", "github", cwd=tmp_path)

    assert ran.out == (
        "::error file=wrong.yaml,line=23,col=39,title=PMO302::there is no role 'manger'"
        "%0Awrong.yaml:24: 'manager' is here%0Ahint: did you mean 'manager'?\n"
    )


def test_a_file_without_a_line_is_a_command_without_one():
    assert run("validate", "nowhere.yaml", "--format", "github").out == (
        "::error file=nowhere.yaml,title=PMO101::there is no such file%0Ahint: check the path\n"
    )


def test_output_goes_to_a_file_and_the_summary_stays_on_stderr(tmp_path):
    (tmp_path / "wrong.yaml").write_text(wrong(), encoding="utf-8")

    ran = run("validate", "wrong.yaml", *DAY, "-o", "found.txt", cwd=tmp_path)

    assert ran == (1, "", "Wrote found.txt.\n1 file checked: 1 error, 1 warning\n")
    assert (tmp_path / "found.txt").read_text(encoding="utf-8") == WRONG


def test_colour_and_links_add_to_the_text_and_change_nothing_in_it(tmp_path):
    (tmp_path / "wrong.yaml").write_text(wrong(), encoding="utf-8")

    coloured = run("validate", "wrong.yaml", *DAY, cwd=tmp_path, FORCE_COLOR="1").out

    assert "\x1b]8;id=" in coloured
    assert (tmp_path / "wrong.yaml").as_uri() in coloured
    assert "\x1b[1;31mPMO302 error:\x1b[0m" in coloured
    assert "\x1b[1;33mPMO408 warning:\x1b[0m" in coloured
    plain = re.sub(r"\x1b\]8;[^\x1b]*\x1b\\|\x1b\[[0-9;]*m", "", coloured)
    assert plain == WRONG


MISSPELT = CLEAN.replace("      risk:\n", "      rsk:\n")
ALSO_TEXT = """\
wrong.yaml:23:73: PMO301 error: there is no competence 'risk' (3 times)
    23 |   analyst: {name: Analyst, leads_to: [manager], requires: {planning: 2, risk: 1}}
       |                                                                         ^
  wrong.yaml:18:7: 'rsk' is here
  also in lines 24, 35
  hint: write its id, 'rsk'
"""


def test_references_to_one_missing_id_are_one_diagnostic_with_all_its_lines(tmp_path):
    (tmp_path / "wrong.yaml").write_text(MISSPELT, encoding="utf-8")

    def validated(format_: str) -> str:
        ran = run("validate", "wrong.yaml", "--select", "PMO3", "--format", format_, cwd=tmp_path)
        assert (ran.code, ran.err) == (1, "1 file checked: 3 errors, no warnings\n")
        return ran.out

    document = json.loads(validated("json"))
    sarif = json.loads(validated("sarif"))
    Draft7Validator(SARIF).validate(sarif)
    (result,) = sarif["runs"][0]["results"]
    (diagnostic,) = document["diagnostics"]

    assert validated("text") == ALSO_TEXT
    assert "(3 times)%0Awrong.yaml:18: 'rsk' is here%0Aalso in lines 24, 35%0A" in validated(
        "github"
    )
    assert (document["errors"], diagnostic["occurrences"]) == (3, 3)
    assert diagnostic["also"] == [
        {"file": "wrong.yaml", "line": 24, "column": 90},
        {"file": "wrong.yaml", "line": 35, "column": 16},
    ]
    assert result["occurrenceCount"] == 3
    assert [place["message"]["text"] for place in result["relatedLocations"]] == [
        "'rsk' is here",
        "also here",
        "also here",
    ]


def test_what_an_overlay_takes_out_is_one_diagnostic_with_all_that_still_names_it(tmp_path):
    ours = over(tmp_path, "domains:\n  d:\n    competences:\n      risk: null\n")

    ran = run("validate", ours.name, "--select", "PMO3", cwd=tmp_path)

    assert ran.out.count("PMO301") == 1
    assert "any more, because this takes it out (3 times)\n" in ran.out
    assert "  base.yaml:23:73: it is still named here\n" in ran.out
    assert "  also at base.yaml:24, base.yaml:35\n" in ran.out


# --- One mistake does not hide another ----------------------------------------------------------


def test_a_wrong_type_does_not_hide_the_errors_elsewhere_in_the_file():
    text = wrong().replace("key: true", "key: maybe").replace("{level: 3,", "{level: 9,")

    ran = run("validate", "-", *DAY, stdin=text.encode())

    assert codes(ran.out) == ["PMO203", "PMO302", "PMO310"]


@pytest.mark.parametrize(
    "part", ["schema", "framework", "scale", "readiness", "domains", "roles", "training"]
)
@pytest.mark.parametrize("value", ["", " 3", " [x]", " words", " {a: b}"])
def test_any_part_may_be_anything_and_only_what_is_wrong_is_reported(part, value):
    """The rules that need the part are left out, so that nothing is said of what is there."""
    lines = CLEAN.splitlines(keepends=True)
    start = next(n for n, line in enumerate(lines) if line.startswith(f"{part}:"))
    end = next(
        (n for n in range(start + 1, len(lines)) if not lines[n].startswith(" ")), len(lines)
    )
    text = "".join([*lines[:start], f"{part}:{value}\n", *lines[end:]])

    ran = run("validate", "-", *DAY, stdin=text.encode())

    assert ran.code == 1
    assert {int(line) for line in re.findall(r"^<stdin>:(\d+):", ran.out, re.MULTILINE)} == {
        start + 1
    }


KEYS = """\
schema: 1
framework: {id: f, version: 1.0.0, title: F}
scale: {0: {label: A}, 1: {label: B}, true: {label: C}, 2.50: {label: 4}}
readiness: {any: {label: Any, at_least: 0}}
domains:
  d:
    name: D
    competences:
      360: {name: Feedback}
      c: {name: C, levels: {1: x, 2.5: 3, one: y}}
roles:
  r: {name: R, requires: {c: 1, null: 1, 1.5: 1}}
  12: {name: T, requires: {c: 1}}
"""


def test_a_key_that_is_no_text_is_named_as_it_is_written_and_where_it_stands():
    ran = run("validate", "-", stdin=KEYS.encode())

    assert re.findall(r"^<stdin>:(\d+:\d+): PMO\d+ error: (.*)$", ran.out, re.MULTILINE) == [
        ("3:39", "the key true must be a number"),
        ("3:71", "'label' must be text, not 4"),
        ("9:7", "the key 360 must be text"),
        ("10:40", "'2.5' must be text, not 3"),
        ("10:43", "the key 'one' must be a number"),
        ("12:33", "the key null must be text"),
        ("12:42", "the key 1.5 must be text"),
        ("13:3", "the key 12 must be text"),
    ]
    assert 'hint: put it in quotes: "360"' in ran.out


def test_a_wrong_text_of_a_level_or_a_band_hides_no_error_about_levels():
    text = (
        wrong()
        .replace("{label: Much}", "{label: 3}")
        .replace("{label: Some}", "{}")
        .replace("{label: Early, at_least: 0}", "{label: [x], at_least: 85}")
        .replace("2: writes a plan", "7: writes a plan")
        .replace("{level: 3,", "{level: 9,")
        .replace("risk: 1}}", "risk: 0}}")
    )

    ran = run("validate", "-", *DAY, stdin=text.encode())

    found = re.findall(r"^<stdin>:(\d+):\d+: (PMO\d+) error", ran.out, re.MULTILINE)
    assert found == [
        ("3", "PMO201"),
        ("3", "PMO203"),
        ("6", "PMO307"),
        ("6", "PMO203"),
        ("6", "PMO307"),
        ("16", "PMO310"),
        ("23", "PMO302"),
        ("24", "PMO310"),
    ]


@pytest.mark.parametrize(
    ("right", "wrong", "code"),
    [
        ("requires: {planning: 2}", "requirs: {planning: 2}", "PMO202"),
        ("{level: 3,", "{levl: 3,", "PMO202"),
        ("{level: 3,", '{"level:3": null,', "PMO202"),
        ("must_have: 2", "must_hvae: 2", "PMO202"),
        ("{from: 0, to: 3}", "{form: 0, to: 3}", "PMO202"),
        ("{label: All}", "{lable: All}", "PMO202"),
        ("    competences:", "    competencs:", "PMO202"),
        ("roles:", "rols:", "PMO202"),
        ("risk: 3}}", "rsk: 3}}", "PMO301"),
        ("{planning: 2}", "{planing: 2}", "PMO301"),
        ("develops: {planning:", "develops: {planing:", "PMO301"),
        ("develops: {planning:", "develops: {juggling:", "PMO404 PMO301"),
        ("      risk:\n", "      rsk:\n", "PMO301"),
    ],
)
def test_a_misspelling_is_reported_once_and_not_again_as_what_it_brings_about(right, wrong, code):
    # Without a second requirement of the risk, the one that there is counts.
    text = CLEAN.replace("planning: 2, risk: 1", "planning: 2")
    assert right in text

    ran = run("validate", "-", *DAY, stdin=text.replace(right, wrong, 1).encode())

    assert codes(ran.out) == code.split()


def test_what_silences_a_warning_that_waits_for_an_error_is_not_idle():
    text = CLEAN.replace("planning: 2, risk: 1", "planning: 2").replace("risk: 3}}", "rsk: 3}}")
    text = text.replace("      risk:\n", "      risk:  # pmo-path: ignore PMO402\n")

    ran = run("validate", "-", *DAY, stdin=text.encode())

    assert codes(ran.out) == ["PMO301"]


ROLE = """\
  lead:
    name: Lead
    leads_to: [manager]
    requires: {planning: 2}
"""


@pytest.mark.parametrize(
    ("before", "block", "said"),
    [
        (
            "  manager:",
            ROLE.replace("  ", "    ", 1).replace("\n    ", "\n      "),
            "it is indented one step too far: indent it like 'analyst'",
        ),
        (
            "  manager:",
            ROLE.removeprefix("  ").replace("\n    ", "\n  "),
            "it is indented one step too little: indent it like the entries of 'roles'",
        ),
        (
            "roles:",
            "    extra: {name: Extra, key: true, behaviours: [x]}\n",
            "it is indented one step too little: indent it like the entries of 'competences'",
        ),
        (
            "      risk:",
            "        extra: {name: Extra, behaviours: [x]}\n",
            "it is indented one step too far: indent it like 'planning'",
        ),
    ],
)
def test_a_block_at_the_wrong_depth_is_one_mistake_that_says_where_it_belongs(before, block, said):
    key = block.split(":")[0].strip()
    text = CLEAN.replace(
        "  analyst: {name: Analyst, leads_to: [manager], requires: {planning: 2, risk: 1}}\n",
        "  analyst:\n    name: Analyst\n    leads_to: [manager]\n    requires: {planning: 2}\n",
    ).replace(f"{before}", f"{block}{before}", 1)
    text = text.replace("leads_to: [manager]", f"leads_to: [manager, {key}]", 1)

    ran = run("validate", "-", "--select", "PMO2,PMO301", stdin=text.encode())

    assert codes(ran.out) == ["PMO202"]
    assert f"hint: {said}\n" in ran.out


def test_names_that_only_look_the_same_are_said_to_be_typed_otherwise():
    text = CLEAN.replace("      risk:", "      f\u00e4hig:").replace("risk: 1", "fa\u0308hig: 1")

    ran = run("validate", "-", "--select", "PMO301", stdin=text.encode())

    assert "hint: it looks like 'f\u00e4hig', which is typed with other characters" in ran.out


@pytest.mark.parametrize("glued", ["must_have:2", "must_have=2", "must_have = 2"])
def test_a_key_that_is_glued_to_its_value_is_taken_apart(glued):
    text = CLEAN.replace("must_have: 2", glued)

    ran = run("validate", "-", "--select", "PMO202", stdin=text.encode())

    assert codes(ran.out) == ["PMO202"]
    assert "hint: write 'must_have: 2'" in ran.out


def test_an_alias_in_place_of_an_id_is_answered_with_the_id():
    text = CLEAN.replace("requires: {planning: 2", "requires: {Scheduling: 2")

    ran = run("validate", "-", "--select", "PMO301", stdin=text.encode())

    assert "hint: write its id, 'planning'" in ran.out


# --- A framework over another one ---------------------------------------------------------------


def over(tmp_path: Path, text: str, name: str = "ours.yaml") -> Path:
    (tmp_path / "base.yaml").write_text(CLEAN, encoding="utf-8")
    (tmp_path / name).write_text(
        f"extends: base.yaml\nframework: {{id: ours, version: 2.0.0}}\n{text}", encoding="utf-8"
    )
    return tmp_path / name


RESOLVED = """\
roles:
  analyst: {leads_to: [lead, manager]}
  manager: {requires: {planning: 2, risk: null}}
  lead: {name: Lead, requires: {planning: {level: 3, must_have: 3}}}
training:
  risk-course: null
"""


def test_an_overlay_changes_adds_and_takes_out_by_id(tmp_path):
    ours = over(tmp_path, RESOLVED)

    valid = run("validate", ours, "--ignore", "PMO4")
    manager = run("show", "manager", "--framework", ours)
    resolved = run("show", "--resolved", "--framework", ours)
    (tmp_path / "resolved.yaml").write_text(resolved.out, encoding="utf-8")

    assert (valid.code, valid.out) == (0, "")
    assert "risk-course" not in resolved.out
    assert re.search(r"planning:\s+level: 2\s+importance: 5\s+must_have: 2", resolved.out)
    assert (resolved.code, resolved.err) == (0, "")
    for thing in ([], ["analyst"], ["manager"], ["lead"], ["planning"], ["planning-course"]):
        assert run("show", *thing, "--framework", tmp_path / "resolved.yaml") == run(
            "show", *thing, "--framework", ours
        )
    assert "Risk" not in manager.out


@pytest.mark.parametrize(
    ("text", "place", "code"),
    [
        # The overlay's own mistake.
        ("roles:\n  analyst: {leads_to: [nobody]}\n", "ours.yaml:4:24", "PMO302"),
        ("roles:\n  analist: {summary: x}\n", "ours.yaml:4:3", "PMO311"),
        ("training:\n  no-course: null\n", "ours.yaml:4:3", "PMO311"),
        ("scale: words\n", "ours.yaml:3:8", "PMO203"),
        ("scale: {true: {label: Wrong}}\n", "ours.yaml:3:9", "PMO203"),
        ("training:\n  true: {title: T, provider: P, develops: {}}\n", "ours.yaml:4:3", "PMO203"),
        # Right before: what the overlay takes out, or changes, makes the base wrong.
        ("roles:\n  manager: null\n", "ours.yaml:4:3", "PMO302"),
        ("domains:\n  d:\n    competences:\n      risk: null\n", "ours.yaml:6:7", "PMO301"),
        ("roles:\n  manager: {requires: {planning: 1}}\n", "ours.yaml:4:34", "PMO304"),
    ],
)
def test_a_mistake_is_shown_in_the_file_that_makes_it(tmp_path, text, place, code):
    ours = over(tmp_path, text)

    ran = run("validate", ours.name, "--ignore", "PMO4", cwd=tmp_path)
    places = re.findall(r"^(\S+): (PMO\d+) error", ran.out, re.MULTILINE)

    assert ran.code == 1
    assert set(places) == {(place, code)}


def test_a_mistake_in_the_base_is_shown_there_and_where_it_is_extended(tmp_path):
    ours = over(tmp_path, "")
    (tmp_path / "base.yaml").write_text(wrong(), encoding="utf-8")

    ran = run("validate", ours.name, *DAY, cwd=tmp_path)

    places = re.findall(r"^(\S+?):\d+:\d+: (PMO\d+) error", ran.out, re.MULTILINE)
    assert (ran.code, places) == (1, [("base.yaml", "PMO302"), ("ours.yaml", "PMO112")])


@pytest.mark.parametrize(
    "text",
    [
        (
            "extends: base.yaml\nframework: {id: ours, version: 2.0.0}\ntraining:\n"
            "  ours:  # pmo-path: ignore PMO408, our own\n"
            "    {title: Ours, provider: We, develops: {planning: {from: 1, to: 3}}}\n"
        ),
        "extends: base.yaml\nframework: {title: Ours}  # pmo-path: ignore PMO412, one and the same\n",
        "extends: base.yaml  # pmo-path: ignore PMO412, one and the same\n",
    ],
)
def test_a_comment_in_an_overlay_silences_what_is_advised_on_its_line(tmp_path, text):
    ours = over(tmp_path, "")
    ours.write_text(text, encoding="utf-8")

    ran = run("validate", ours.name, *DAY, "--strict", cwd=tmp_path)

    assert (ran.code, ran.out) == (0, "")


@pytest.mark.parametrize(
    ("text", "line", "code"),
    [
        ("training:\n  risk-course: null\n", 4, "PMO404"),
        ("training:\n  risk-course: {develops: {risk: {from: 1}}}\n", 4, "PMO404"),
        ("scale:\n  4: {label: Most}\nroles:\n  manager: {requires: {risk: 4}}\n",
         6, "PMO40"),
        ("scale:\n  2.5: {label: Half}\n", 4, "PMO40"),
        ("roles:\n  analyst: {requires: {risk: 0}}\n  manager: {requires: {risk: null}}\n",
         4, "PMO402,PMO405"),
        ("domains:\n  d:\n    competences:\n      risk: {experience: {3: null}}\n",
         6, "PMO403"),
        ("training:\n  # the words of another course\n  risk-course: {checked: null}\n",
         5, "PMO408"),
    ],
)  # fmt: skip
def test_advice_that_an_overlay_causes_is_given_at_its_line_and_can_be_silenced_there(
    tmp_path, text, line, code
):
    ours = over(tmp_path, text)

    ran = run("validate", ours.name, *DAY, "--strict", cwd=tmp_path)
    found = re.findall(r"^ours\.yaml:(\d+):\d+: (PMO\d+) warning", ran.out, re.MULTILINE)
    lines = ours.read_text(encoding="utf-8").splitlines()
    named = ", ".join(sorted({name for _, name in found}))
    lines[line - 1] += f"  # pmo-path: ignore {named}"
    ours.write_text("\n".join(lines), encoding="utf-8")

    assert ran.code == 1
    assert {number for number, _ in found} == {str(line)}
    assert all(name.startswith(tuple(code.split(","))) for _, name in found)
    assert run("validate", ours.name, *DAY, "--strict", cwd=tmp_path)[:2] == (0, "")


def test_a_chain_of_files_is_followed_and_paths_start_at_each_file(tmp_path):
    (tmp_path / "shared").mkdir()
    over(tmp_path / "shared", "roles:\n  analyst: {summary: Middle}\n", "middle.yaml")
    top = tmp_path / "top.yaml"
    top.write_text(
        "extends: shared/middle.yaml\nframework: {id: top, version: 1.0.0, title: Top}\n",
        encoding="utf-8",
    )

    assert run("validate", top, "--strict", *DAY) == (
        0,
        "",
        "1 file checked: no errors, no warnings\n",
    )
    assert "Middle" in run("show", "analyst", "--framework", top).out


CIRCLE = """\
two.yaml:1:10: PMO113 error: these files extend each other in a circle: one.yaml → two.yaml → one.yaml
     1 | extends: one.yaml
       |          ^
  hint: take 'extends' out of one of them
"""


def test_a_circle_of_files_is_an_error_that_names_them(tmp_path):
    (tmp_path / "one.yaml").write_text("extends: two.yaml\n", encoding="utf-8")
    (tmp_path / "two.yaml").write_text("extends: one.yaml\n", encoding="utf-8")

    ran = run("validate", "one.yaml", cwd=tmp_path)
    shown = run("show", "--framework", "one.yaml", cwd=tmp_path)

    assert ran == (
        1,
        CIRCLE,
        "1 file checked: 1 error, no warnings\n",
    )
    assert shown == (3, "", ran.out)


@pytest.mark.parametrize("value", ["", " 3", " [base.yaml]", " ''", " nowhere.yaml", " ."])
def test_a_base_that_is_none_is_reported_at_extends(tmp_path, value):
    (tmp_path / "ours.yaml").write_text(f"extends:{value}\n", encoding="utf-8")

    ran = run("validate", "ours.yaml", cwd=tmp_path)

    assert ran.code == 1
    assert re.match(r"ours\.yaml:1:\d+: PMO(112|203) error: ", ran.out)


def test_every_command_takes_an_overlay_of_the_shipped_framework(tmp_path):
    ours = tmp_path / "ours.yaml"
    ours.write_text(
        "extends: pmo\nframework: {id: ours, version: 1.0.0, title: Our PMO}\n"
        "roles:\n  pmo-director: {name: Head of our PMO}\n",
        encoding="utf-8",
    )

    assert run("validate", ours, "--strict", *DAY).code == 0
    for command, words in (
        (["assess", ROOT / "examples" / "ratings-manager.yaml"], "Head of our PMO"),
        (["show", "pmo-director"], "Head of our PMO"),
        (["template"], "ours"),
    ):
        ran = run(*command, PMO_PATH_FRAMEWORK=str(ours))
        assert (ran.code, words in ran.out) == (0, True)
