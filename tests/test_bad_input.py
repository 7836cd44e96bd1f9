"""Bad input: one clear message with file and line, every mistake at once, nothing on stdout."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest
from tests.support import EXAMPLES, run

HERE = Path(__file__).resolve().parent
BAD_RATINGS = sorted((HERE / "ratings" / "bad").glob("*"))
BAD_FRAMEWORKS = sorted((HERE / "frameworks" / "bad").glob("*.yaml"))
GOOD_FRAMEWORKS = sorted((HERE / "frameworks" / "good").glob("*.yaml"))
RATINGS = EXAMPLES / "ratings-manager.yaml"
DAY = ("--today", "2026-11-23")
# Of what no text file in a repository can be: missing, too large, other bytes, nested too deeply.
ELSEWHERE = {"PMO101", "PMO102", "PMO103", "PMO108"}
EXPECTED = re.compile(r"# expect: (PMO\d{3}) (\d+):(\d+)")
GENERATED = {
    "empty.yaml": (b"", "PMO106"),
    "comments.yaml": (b"# nothing\n", "PMO106"),
    "utf16.yaml": ("ratings: {}".encode("utf-16"), "PMO103"),
    "utf16-without-mark.yaml": ("ratings: {}".encode("utf-16-le"), "PMO103"),
    "utf32.yaml": ("ratings: {}".encode("utf-32"), "PMO103"),
    "byte.yaml": (b"ratings:\n  x: \xff\n", "PMO103"),
    "nul.yaml": (b"ratings: {}\x00", "PMO103"),
    "deep.yaml": (b"[" * 100_000, "PMO108"),
    "deep-blocks.yaml": (b"- " * 10_000, "PMO108"),
    "bomb.yaml": (
        b"a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
        + b"".join(
            b"a%d: &a%d [%s]\n" % (n, n, b", ".join([b"*a%d" % (n - 1)] * 10)) for n in range(1, 9)
        ),
        "PMO109",
    ),
    "itself.yaml": (b"ratings: &a [*a]\n", "PMO108"),
    "merge.yaml": (b"ratings:\n  <<: {x: 1}\n", "PMO109"),
    "python.yaml": (b"ratings: !!python/object/apply:os.system [ls]\n", "PMO110"),
    "complex-key.yaml": (b"ratings:\n  ? [a, b]\n  : 1\n", "PMO111"),
    "two.yaml": (b"ratings: {}\n---\nratings: {}\n", "PMO107"),
    "tab.yaml": (b"ratings:\n\tx: 1\n", "PMO104"),
    "quote.yaml": (b'ratings: {"x: 1}\n', "PMO104"),
    "huge.yaml": (b"#" * (9 * 1024 * 1024), "PMO102"),
    "broken.json": (b'{"ratings": {,}}', "PMO104"),
    "deep.json": (b"[" * 100_000, "PMO108"),
    "empty.csv": (b"\n\n", "PMO106"),
    "no-header.csv": (b"strategic-thinking,3\n", "PMO201"),
    "long-line.csv": (b"x" * 200_000, "PMO201"),
    "long-line.txt": (b"x" * 200_000, "PMO203"),
}


@pytest.mark.parametrize("path", BAD_RATINGS, ids=lambda path: path.name)
def test_a_bad_ratings_file_is_reported_where_it_is_wrong(path):
    ran = run("assess", path.name, "--role", "pmo-director", cwd=path.parent)
    expected = EXPECTED.findall(path.read_text(encoding="utf-8"))

    assert expected
    assert (ran.code, ran.out) == (3, "")
    assert places(ran.err, path.name) == expected


@pytest.mark.parametrize("path", BAD_FRAMEWORKS, ids=lambda path: path.name)
def test_a_bad_framework_is_reported_where_it_is_wrong(path):
    expected = EXPECTED.findall(path.read_text(encoding="utf-8"))
    validated = run("validate", "--strict", *DAY, path.name, cwd=path.parent)

    assert expected
    assert path.name.startswith(expected[0][0])
    assert validated.code == 1
    assert places(validated.out, path.name) == expected


@pytest.mark.parametrize("path", BAD_FRAMEWORKS, ids=lambda path: path.name)
def test_other_commands_refuse_errors_in_a_framework_and_keep_quiet_about_advice(path):
    validated = run("validate", *DAY, path.name, cwd=path.parent)
    shown = run("show", "--framework", path.name, cwd=path.parent)

    if " error: " in validated.out:
        assert shown == (3, "", validated.out)
    else:
        assert (shown.code, shown.err) == (0, "")


def test_every_rule_about_frameworks_has_a_bad_example_and_a_good_twin():
    listed = re.findall(r"^ (PMO[1-4]\d\d) ", run("explain").out, re.MULTILINE)
    bad = {path.name for path in BAD_FRAMEWORKS}

    assert set(listed) - {name[:6] for name in bad} == ELSEWHERE
    assert bad <= {path.name for path in GOOD_FRAMEWORKS}


def places(text: str, name: str) -> list[tuple[str, str, str]]:
    """Code, line and column of each diagnostic."""
    found = re.findall(
        rf"^{re.escape(name)}:(\d+):(\d+): (PMO\d+) (?:error|warning): ", text, re.MULTILINE
    )
    return [(code, line, column) for line, column, code in found]


@pytest.mark.parametrize("path", GOOD_FRAMEWORKS, ids=lambda path: path.name)
def test_a_good_framework_has_nothing_to_report(path):
    assert run("validate", "--strict", *DAY, path) == (
        0,
        "",
        "1 file checked: no errors, no warnings\n",
    )


@pytest.mark.parametrize("name", GENERATED)
def test_no_bytes_end_in_a_traceback(tmp_path, name):
    content, code = GENERATED[name]
    (tmp_path / name).write_bytes(content)

    ran = run("assess", name, "--role", "pmo-director", cwd=tmp_path)

    assert (ran.code, ran.out) == (3, "")
    assert re.match(rf"{re.escape(name)}(:\d+:\d+)?: {code} error: ", ran.err), ran.err
    assert "Traceback" not in ran.err


def test_a_missing_file_a_folder_and_a_pipe_are_named(tmp_path):
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe.yaml")

    missing = run("assess", "nowhere.yaml", cwd=tmp_path)
    folder = run("assess", "folder", cwd=tmp_path)
    pipe = run("assess", "pipe.yaml", cwd=tmp_path)

    hint = "  hint: check the path\n"
    assert missing == (3, "", f"nowhere.yaml: PMO101 error: there is no such file\n{hint}")
    hint = "  hint: name a file in it\n"
    assert folder == (3, "", f"folder: PMO101 error: this is a folder\n{hint}")
    assert (pipe.code, pipe.out) == (3, "")


PERSON = "ratings: {strategic-thinking: 3}\n"
SHEET = "person,role,Strategic Thinking\nAna,pmo-director,3\nBo,pmo-director,2\n"
LONG_SHEET = "person,competence,rating\nAna,pmo-team,3\nBo,pmo-team,2\n"
KINDS = {
    "ratings.yaml": PERSON,
    "ratings.json": '{"ratings": {"strategic-thinking": 3}}',
    "ratings.csv": "competence,rating\nStrategic Thinking,3\n",
    "framework.yaml": "extends: pmo\nframework: {id: x, version: 1.0.0}\n",
    "people.csv": SHEET,
    "people.tsv": SHEET.replace(",", "\t"),
    "people.txt": SHEET.replace(",", ";"),
    "people-by-row.csv": LONG_SHEET,
    "rejected.csv": "rejected_file,rejected_sheet,rejected_line,rejected_hash,person\np.csv,,2,x,Ana\n",
}
MADE: dict[str, list[object]] = {
    "workbook.xlsx": ["template", "people.xlsx"],
    "report.json": ["assess", RATINGS],
    "results.csv": ["batch", EXAMPLES / "people.csv", "--brief"],
    "comparison.json": ["compare", RATINGS, EXAMPLES / "ratings-manager-march.yaml"],
}
SEEN = {
    "ratings": "this is a ratings file",
    "framework": "this is a framework",
    "people": "this seems to be a sheet of people",
    "workbook": "this is a workbook",
    "rejected": "this is a sheet of rejected rows",
    "results": "this is a result that pmo-path wrote",
    "report": "this is a result that pmo-path wrote",
    "comparison": "this is a result that pmo-path wrote",
}
TAKEN = {
    "ratings": "give it to 'pmo-path assess'",
    "framework": "pass it with --framework; 'pmo-path validate' checks it, and 'pmo-path diff' "
    "compares two",
    "people": "give it to 'pmo-path batch'",
    "workbook": "if it is a sheet of people, give it to 'pmo-path batch'",
    "rejected": "fix the rows and pass it to 'pmo-path batch' with --fixed, beside the sheet",
    "results": "give the file that it was made of",
    "report": "give the file that it was made of",
    "comparison": "give the file that it was made of",
}


@pytest.fixture(scope="module")
def kinds(tmp_path_factory):
    """A folder with a file of every kind."""
    folder = tmp_path_factory.mktemp("kinds")
    for name, text in KINDS.items():
        (folder / name).write_text(text, encoding="utf-8")
    for name, args in MADE.items():
        run(*args, "-o", name, cwd=folder)
    return folder


@pytest.mark.parametrize(
    ("command", "wanted", "taken"),
    [
        ("assess {} --role pmo-director", "a ratings file", {"ratings"}),
        ("compare {} ratings.yaml", "a ratings file", {"ratings"}),
        ("history {}", "a ratings file", {"ratings", "framework"}),
        ("show --framework {}", "a framework", {"framework"}),
        ("diff {} framework.yaml", "a framework", {"framework"}),
        (
            "batch {} --role pmo-director",
            "a sheet of people",
            {"people", "workbook", "ratings", "results", "rejected"},
        ),
    ],
)
def test_a_file_of_another_kind_is_named_with_the_command_that_takes_it(
    kinds, command, wanted, taken
):
    for name in (*KINDS, *MADE):
        kind = re.split("[.-]", name)[0]
        if kind == "workbook" and wanted == "a ratings file":
            kind = "people"  # workbooks are read, and this one has a column for the person
        if kind in taken:
            continue

        ran = run(*command.replace("{}", name).split(), cwd=kinds)

        assert (ran.code, ran.out) == (3, "")
        first, last = ran.err.splitlines()[0], ran.err.splitlines()[-1]
        assert re.fullmatch(rf"{re.escape(name)}[:0-9]*: PMO114 error: (.*), not {wanted}", first)
        assert SEEN[kind] in first
        assert last == f"  hint: {TAKEN[kind]}"


def test_ratings_of_one_person_may_have_a_column_for_it(tmp_path):
    (tmp_path / "ana.csv").write_text(LONG_SHEET.replace("Bo,pmo-team", " ana ,pmo-design"))

    assert run("assess", "ana.csv", "--role", "pmo-director", cwd=tmp_path).code == 0


@pytest.mark.parametrize("name", ["ratings.csv", "ratings.yaml"])
def test_ratings_of_one_person_are_scored_as_a_team_of_one(kinds, name):
    ran = run("batch", name, "--role", "pmo-director", cwd=kinds)

    assert ran.code == 0
    assert "1 file: 1 scored, 0 rejected, 0 skipped" in ran.err


def test_no_line_of_yaml_is_taken_for_a_row_of_a_sheet(tmp_path):
    (tmp_path / "odd.yaml").write_text("person, strategic-thinking: 3\n", encoding="utf-8")
    (tmp_path / "sheet.yaml").write_text(SHEET, encoding="utf-8")

    odd = run("batch", "odd.yaml", "--role", "pmo-director", cwd=tmp_path)

    assert (odd.code, odd.out) == (3, "")
    assert odd.err.startswith("odd.yaml:1:1: PMO201 error: 'ratings' is missing\n")
    assert run("batch", "sheet.yaml", cwd=tmp_path).code == 0


def test_ratings_on_another_framework_are_one_mistake_and_not_one_for_each_competence(tmp_path):
    theirs = "ratings: {calls: 9, tickets: 2, strategic-thinking: 3}\nrole: clerk\n"
    (tmp_path / "desk.yaml").write_text(f"framework: {{id: desk}}\n{theirs}", encoding="utf-8")
    (tmp_path / "unsaid.yaml").write_text(theirs, encoding="utf-8")

    ran = run("assess", "desk.yaml", cwd=tmp_path)
    unsaid = run("assess", "unsaid.yaml", cwd=tmp_path)

    assert (ran.code, ran.out) == (3, "")
    assert ran.err == (
        "desk.yaml:1:17: PMO505 error: these ratings are for the framework 'desk', but the one in "
        "use is 'pmo', which has 1 of the 3 competences in this file\n"
        "     1 | framework: {id: desk}\n"
        "       |                 ^\n"
        "  hint: pass that framework with --framework\n"
    )
    assert re.findall(r"PMO\d+", unsaid.err) == ["PMO501", "PMO501", "PMO504"]


def test_other_mistakes_in_ratings_on_another_framework_are_still_told(tmp_path):
    theirs = "framework: {id: desk}\nratings: {calls: 3}\nratr: self\n"
    (tmp_path / "desk.yaml").write_text(theirs, encoding="utf-8")

    ran = run("assess", "desk.yaml", cwd=tmp_path)

    assert re.findall(r"PMO\d+", ran.err) == ["PMO505", "PMO202"]


def test_a_framework_of_another_name_that_knows_most_competences_says_which_it_does_not(tmp_path):
    theirs = "framework: {id: ours}\nratings: {pmo-team: 3, pmo-design: 2, calls: 3}\n"
    (tmp_path / "ours.yaml").write_text(theirs, encoding="utf-8")

    ran = run("assess", "ours.yaml", "--role", "pmo-director", cwd=tmp_path)

    assert re.findall(r"PMO\d+", ran.err) == ["PMO501"]


TOO_LONG = "x" * 5000


@pytest.mark.parametrize(
    "args",
    [
        "assess NAME",
        "assess examples/ratings-manager.yaml --framework NAME",
        "batch NAME --role pmo-director",
        "batch examples/people.csv --map NAME",
        "compare examples/ratings-manager.yaml NAME",
        "compare --role pmo-manager --role pmo-director NAME",
        "compare examples/ratings-manager.yaml NAME --old-framework NAME",
        "diff NAME data/framework.yaml",
        "diff data/framework.yaml data/framework.yaml --ratings NAME",
        "history NAME",
        "show --framework NAME",
        "show --resolved --framework NAME",
        "template --framework NAME",
        "validate NAME",
    ],
)
def test_a_name_too_long_for_any_file_cannot_be_read(args):
    ran = run(*args.replace("NAME", TOO_LONG).split())

    assert ran.code == 3
    assert f"{TOO_LONG}: PMO101 error: it cannot be read: " in ran.out + ran.err


def test_a_name_too_long_is_said_in_colour_too():
    assert run("validate", TOO_LONG, FORCE_COLOR="1").code == 3


@pytest.mark.parametrize("extends", [TOO_LONG, '"a\\0b"'], ids=["too-long", "nul"])
def test_a_base_that_no_file_can_be_called_is_a_mistake_in_the_file(tmp_path, extends):
    (tmp_path / "one.yaml").write_text(f"extends: {extends}\n", encoding="utf-8")

    ran = run("validate", "one.yaml", cwd=tmp_path)

    assert ran.code == 1
    assert ran.out.startswith("one.yaml:1:10: PMO")


HOSTILE = "[red]x[/nope] \x1b[31m\x9b2J \u202e :smile: <script> %n"


def test_what_people_typed_never_reaches_the_terminal_as_a_command(tmp_path):
    rating = {"level": 5, "evidence": HOSTILE}
    text = json.dumps(
        {"person": HOSTILE, "rater": HOSTILE, "ratings": {"strategic-thinking": rating}}
    )
    (tmp_path / "hostile.json").write_text(text, encoding="utf-8")
    wrong = json.dumps({"ratings": {HOSTILE: 3}})

    shown = run("assess", "hostile.json", "--role", "pmo-director", cwd=tmp_path)
    (tmp_path / "wrong.json").write_text(wrong, encoding="utf-8")
    refused = run("assess", "wrong.json", "--role", HOSTILE, cwd=tmp_path)

    assert shown.code == 0
    assert "[red]x[/nope] \ufffd[31m\ufffd2J \ufffd :smile: <script> %n" in shown.out
    for said in (shown.out, shown.err, refused.out, refused.err):
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", said)
    assert refused.code == 3
