"""Each command's whole output, and its exit code."""

from __future__ import annotations

import json

import pytest
from tests.support import EXAMPLES, ROOT, run, same_as_snapshot
from tests.terminal import COLOUR, on_a_terminal

MANAGER = EXAMPLES / "ratings-manager.yaml"
ANALYST = EXAMPLES / "ratings-analyst.yaml"
EXAMPLE_RUNS = {
    "version": ["--version"],
    "help": ["--help"],
    "assess-help": ["assess", "--help"],
    "batch-help": ["batch", "--help"],
    "compare-help": ["compare", "--help"],
    "diff-help": ["diff", "--help"],
    "explain-help": ["explain", "--help"],
    "history-help": ["history", "--help"],
    "schema-help": ["schema", "--help"],
    "show-help": ["show", "--help"],
    "template-help": ["template", "--help"],
    "validate-help": ["validate", "--help"],
    "assess-administrator": ["assess", "examples/ratings-administrator.yaml"],
    "assess-analyst": ["assess", "examples/ratings-analyst.yaml"],
    "assess-manager": ["assess", "examples/ratings-manager.yaml"],
    "assess-manager-top-2": ["assess", "examples/ratings-manager.yaml", "--top", "2"],
    "assess-manager-full": ["assess", "examples/ratings-manager.yaml", "--full"],
    "assess-manager-explain": ["assess", "examples/ratings-manager.yaml", "--explain"],
    "assess-manager-csv": ["assess", "examples/ratings-manager.yaml", "--format", "csv"],
    "assess-manager-markdown": [
        *("assess", "examples/ratings-manager.yaml", "--format", "markdown", "--explain"),
    ],
    "assess-manager-json": ["assess", "examples/ratings-manager.yaml", "--format", "json"],
    "assess-manager-any": ["assess", "examples/ratings-manager.yaml", "--role", "any"],
    "assess-manager-any-csv": [
        *("assess", "examples/ratings-manager.yaml", "--role", "any", "--format", "csv"),
    ],
    "assess-analyst-any-markdown": [
        *("assess", "examples/ratings-analyst.yaml", "--role", "any", "--format", "markdown"),
    ],
    "compare-roles": ["compare", "--role", "pmo-analyst", "--role", "pmo-manager"],
    "compare-roles-person": [
        *("compare", "--role", "pmo-manager", "--role", "pmo-director"),
        "examples/ratings-manager.yaml",
    ],
    "compare-roles-person-markdown": [
        *("compare", "--role", "pmo-manager", "--role", "pmo-director"),
        *("examples/ratings-manager.yaml", "--format", "markdown"),
    ],
    "history": ["history", "examples/history"],
    "history-markdown": ["history", "examples/history", "--format", "markdown"],
    "history-json": ["history", "examples/history", "--format", "json"],
    "show": ["show"],
    "show-role": ["show", "Head of PMO"],
    "show-competence": ["show", "strategic-thinking"],
    "show-course": ["show", "essentials-pmo-directors"],
    "show-domain": ["show", "P3M Enabling"],
    "show-course-json": ["show", "essentials-pmo-directors", "--format", "json"],
    "explain": ["explain"],
    "explain-rule": ["explain", "PMO304"],
    "template-people": ["template", "people.csv", "--role", "pmo-analyst"],
    "template-analyst": ["template", "--role", "pmo-analyst"],
}


@pytest.mark.parametrize("name", EXAMPLE_RUNS)
def test_the_whole_output_is_as_before(name):
    ran = run(*EXAMPLE_RUNS[name])

    assert (ran.code, ran.err) == (0, "")
    assert same_as_snapshot(f"{name}.txt", ran.out)


@pytest.mark.parametrize("named", [[], ["data/framework.yaml"]])
def test_validating_the_shipped_framework_finds_nothing(named):
    ran = run("validate", "--strict", "--today", "2026-11-23", *named)

    assert ran == (0, "", "1 file checked: no errors, no warnings\n")


def test_json_says_everything_that_the_table_shows():
    report = json.loads(run("assess", MANAGER, "--format", "json").out)
    table = " ".join(run("assess", MANAGER, "--explain", "--top", "27").out.split())

    assert report["schema"] == 1
    assert report["verdict"] in table
    for result in report["results"]:
        assert result["name"] in table
    for nudge in report["nudges"]:
        assert nudge["text"] in table


@pytest.mark.parametrize(("bar", "code"), [("70.34", 0), ("70.35", 1), ("0", 0), ("100", 1)])
def test_readiness_below_the_bar_exits_with_1_and_still_prints(bar, code):
    ran = run("assess", MANAGER, "--fail-under", bar)

    assert ran.code == code
    assert ran.out == run("assess", MANAGER).out


def test_nothing_rated_is_below_every_bar(tmp_path):
    (tmp_path / "empty.yaml").write_text("schema: 1\nratings: {}\n", encoding="utf-8")

    ran = run("assess", tmp_path / "empty.yaml", "--role", "pmo-director", "--fail-under", "0")

    assert ran.code == 1
    assert "No ratings yet, so there is no score." in ran.out


def test_output_goes_to_a_file_and_nothing_to_stdout(tmp_path):
    ran = run("assess", MANAGER, "-o", tmp_path / "report.txt")

    assert ran == (0, "", f"Wrote {tmp_path}/report.txt.\n")
    assert (tmp_path / "report.txt").read_text(encoding="utf-8") == run(
        "assess", MANAGER, "--full"
    ).out
    assert [path.name for path in tmp_path.iterdir()] == ["report.txt"]


@pytest.mark.parametrize(
    ("ending", "format_"), [(".md", "markdown"), (".CSV", "csv"), (".json", "json")]
)
def test_the_ending_of_the_output_says_what_is_written(tmp_path, ending, format_):
    ran = run("assess", MANAGER, "-o", tmp_path / f"report{ending}")

    assert ran == (0, "", f"Wrote {tmp_path}/report{ending}.\n")
    written = (tmp_path / f"report{ending}").read_text(encoding="utf-8")
    assert written == run("assess", MANAGER, "--format", format_).out


def test_a_format_that_is_asked_for_counts_more_than_the_ending(tmp_path):
    run("assess", MANAGER, "-o", tmp_path / "report.md", "--format", "csv")

    assert (tmp_path / "report.md").read_text(encoding="utf-8").startswith("competence,name,")


@pytest.mark.parametrize(
    "args",
    [
        ["assess", "one.json"],
        ["compare", "two.json", "one.json"],
        ["compare", "--role", "pmo-manager", "--role", "pmo-director", "one.json"],
        ["history", "two.json", "one.json"],
    ],
)
def test_no_output_takes_the_place_of_a_file_that_is_read(tmp_path, args):
    ratings = {"target": "pmo-director", "date": "2026-01-01", "ratings": {"pmo-team": 3}}
    for name in ("one.json", "two.json"):
        (tmp_path / name).write_text(json.dumps(ratings), encoding="utf-8")

    ran = run(*args, "-o", "one.json", cwd=tmp_path)

    assert (ran.code, ran.out) == (2, "")
    assert "'one.json' is read (an input), so it cannot be written; name another" in ran.err
    assert json.loads((tmp_path / "one.json").read_text(encoding="utf-8")) == ratings


@pytest.mark.parametrize(
    "args",
    [
        ["validate", "framework.yaml", "--format", "json"],
        ["validate", "."],
        ["show", "--framework", "framework.yaml"],
        ["show", "--resolved", "--framework", "framework.yaml"],
        ["diff", "framework.yaml", "other.yaml"],
        ["diff", "other.yaml", "framework.yaml"],
        ["template", "--framework", "framework.yaml"],
    ],
)
def test_no_output_takes_the_place_of_a_framework_that_is_read(tmp_path, args):
    text = (ROOT / "data" / "framework.yaml").read_text(encoding="utf-8")
    for name in ("framework.yaml", "other.yaml"):
        (tmp_path / name).write_text(text, encoding="utf-8")

    ran = run(*args, "-o", "framework.yaml", cwd=tmp_path)

    assert (ran.code, ran.out) == (2, "")
    assert "'framework.yaml' is read (an input), so it cannot be written" in ran.err
    assert (tmp_path / "framework.yaml").read_text(encoding="utf-8") == text


@pytest.mark.parametrize("kind", ["ratings", "framework", "people.csv", "people.xlsx"])
def test_a_template_takes_the_place_of_no_file(tmp_path, kind):
    path = tmp_path / {"ratings": "r.yaml", "framework": "f.yaml"}.get(kind, kind)
    assert run("template", kind, "-o", path).code == 0
    path.write_bytes(b"filled in")

    ran = run("template", kind, "-o", path)

    assert (ran.code, ran.out) == (74, "")
    assert ran.err == (
        f"pmo-path: '{path}' already exists and may hold answers; name another file, or delete it\n"
    )
    assert path.read_bytes() == b"filled in"


@pytest.mark.parametrize("place", ["", "missing/report.txt"])
def test_an_output_that_cannot_be_written_exits_with_74(tmp_path, place):
    ran = run("assess", MANAGER, "-o", tmp_path / place)

    assert (ran.code, ran.out) == (74, "")
    assert ran.err.startswith("pmo-path: '")
    assert len(ran.err.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "args",
    [
        "assess examples/ratings-manager.yaml --format csv -o",
        "batch examples/people.csv -o",
        "batch examples/people.csv -o results.csv --rejects",
        "history examples/history --format json -o",
        "template people.csv -o",
    ],
)
@pytest.mark.parametrize(
    "name", [f"{'x' * 5000}.csv", "round-and-round.csv"], ids=["too-long", "a-circle-of-links"]
)
def test_an_output_that_no_file_can_be_called_is_named_and_exits_with_74(tmp_path, args, name):
    (tmp_path / "round-and-round.csv").symlink_to("round-and-round.csv")
    (tmp_path / "examples").symlink_to(EXAMPLES)

    ran = run(*args.split(), name, cwd=tmp_path)

    assert (ran.code, ran.out) == (74, "")
    assert ran.err.startswith(f"pmo-path: '{name}' could not be written: ")
    assert {path.name for path in tmp_path.iterdir()} == {"round-and-round.csv", "examples"}


def test_ratings_come_from_stdin_when_asked():
    ran = run("assess", "-", stdin=MANAGER.read_bytes())

    assert ran == run("assess", MANAGER)


@pytest.mark.parametrize(
    ("rater", "words"),
    [
        (" SELF", "self-assessment"),
        ("Boss", "rated by Boss"),
        (" ", "rated by somebody unnamed"),
    ],
)
def test_who_rated_is_told_whatever_the_spelling(rater, words):
    content = (EXAMPLES / "ratings-manager.yaml").read_text(encoding="utf-8")
    assert "rater: self" in content
    given = content.replace("rater: self", f"rater: '{rater}'").encode()

    ran = run("assess", "-", "--full", stdin=given)

    assert ran.out.splitlines()[1].startswith(f"{words} of ")
    assert ("People most often misjudge" in ran.out) == (words == "self-assessment")


def test_without_a_file_and_a_terminal_the_words_say_what_to_pass():
    ran = run("assess")

    assert (ran.code, ran.out) == (2, "")
    assert "pass a ratings file, or -" in ran.err


def test_an_unknown_role_is_a_usage_error_with_the_nearest_name():
    ran = run("assess", MANAGER, "--role", "pmo-directr")

    assert ran == (
        2,
        "",
        "pmo-path: there is no role 'pmo-directr'; did you mean 'pmo-director'?\n",
    )


def test_without_a_target_the_report_is_about_where_the_role_leads():
    ratings = b"role: pmo-manager\nratings: {strategic-thinking: 2}\n"

    assert run("assess", "-", stdin=ratings).out.startswith("PMO Manager \u2192 PMO Director\n")


def test_without_a_target_a_role_that_leads_to_more_than_one_lists_them():
    ran = run("assess", "-", stdin=b"role: pmo-analyst\nratings: {strategic-thinking: 2}\n")

    assert (ran.code, ran.out) == (2, "")
    assert "pass --role with one of: pmo-lead, planning-controls-lead, " in ran.err


def test_without_any_role_the_words_name_them_all():
    ran = run("assess", "-", stdin=b"ratings: {strategic-thinking: 2}\n")

    assert (ran.code, ran.out) == (2, "")
    assert "pass --role with one of: pmo-administrator, pmo-analyst" in ran.err


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["assess", "--top", "0"], "'--top': expected 1 or more, not '0'"),
        (["assess", "--top", "many"], "'--top': expected a whole number, not 'many'"),
        (["assess", "--top", "1.5"], "'--top': expected a whole number, not '1.5'"),
        (["assess", "--top", "\x1b[31m"], "'--top': expected a whole number, not '\ufffd[31m'"),
        (["assess", "--fail-under", "most"], "'--fail-under': expected a number, not 'most'"),
        (["assess", "--fail-under", "nan"], "'--fail-under': expected 100 or less, not 'nan'"),
        (["assess", "--fail-under", "-0.5"], "'--fail-under': expected 0 or more, not '-0.5'"),
        (["batch", "--top", "21"], "'--top': expected 20 or less, not '21'"),
        (["batch", "--layout", "tall"], "'--layout': 'tall' is not one of 'wide', 'long'"),
        (
            ["explain", "--format", "csv"],
            "'--format': 'csv' is not one of 'table', 'html', 'markdown', 'json'",
        ),
        (
            ["batch", "--combine", "medain"],
            "'--combine': 'medain' is not one of 'median', 'mean', 'min'; did you mean 'median'?",
        ),
        (
            ["template", "people"],
            (
                "'KIND': 'people' is not one of 'ratings', 'ratings.xlsx', 'people.csv', 'people.tsv', "
                "'people.xlsx', 'framework'; did you mean 'people.csv', 'people.tsv' or "
                "'people.xlsx'?"
            ),
        ),
        (
            ["validate", "--today", "now"],
            "'--today': expected a date such as 2026-11-23, not 'now'",
        ),
    ],
)
def test_a_senseless_value_is_a_usage_error_that_says_what_is_expected(args, said):
    ran = run(*args, MANAGER)

    assert (ran.code, ran.out) == (2, "")
    assert ran.err.endswith(f"\n\nError: Invalid value for {said}\n")


def test_another_framework_is_given_by_option_or_environment():
    path = ROOT / "tests" / "frameworks" / "foreign" / "sevens.yaml"

    by_option = run("show", "--framework", path)
    by_environment = run("show", PMO_PATH_FRAMEWORK=str(path))

    assert by_option.code == 0
    assert by_option == by_environment
    assert "Wegweiser" in by_option.out


EXPLAINED = ("assess", str(MANAGER), "--explain")


@pytest.mark.parametrize("columns", [80, 120])
def test_no_line_is_wider_than_the_terminal_and_no_name_is_cut(columns):
    shown = on_a_terminal(columns, *EXPLAINED)
    plain = COLOUR.sub("", shown)

    assert shown != plain
    # An address stays in one piece, and the terminal breaks it.
    lines = [line for line in plain.splitlines() if "https://" not in line]
    assert max(map(len, lines)) <= columns
    assert "\u2026" not in plain
    for result in json.loads(run("assess", MANAGER, "--format", "json").out)["results"]:
        assert all(word in plain.split() for word in result["name"].split())


@pytest.mark.parametrize("columns", [70, 80, 120])
@pytest.mark.parametrize(
    "thing", [[], ["strategic-thinking"], ["essentials-pmo-directors"], ["P3M Enabling"]]
)
def test_things_of_the_framework_are_wrapped_at_the_terminal_s_width(columns, thing):
    shown = COLOUR.sub("", on_a_terminal(columns, "show", *thing))

    assert max(map(len, shown.splitlines())) <= columns
    assert shown.split() == run("show", *thing).out.split()


def test_no_color_means_no_escape_codes():
    assert "\x1b" not in on_a_terminal(80, *EXPLAINED, NO_COLOR="1")


def test_colour_carries_nothing_that_the_text_does_not_say():
    assert COLOUR.sub("", on_a_terminal(80, *EXPLAINED)) == on_a_terminal(
        80, *EXPLAINED, NO_COLOR="1"
    )


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("nothing", "'pmo-path show' lists the roles and competences"),
        ("stratgic thinking", "did you mean 'strategic-thinking'?"),
    ],
)
def test_show_suggests_only_names_that_are_near(name, hint):
    ran = run("show", name)

    assert ran.code == 2
    assert ran.err == (
        f"pmo-path: no role, competence, course or domain is called '{name}'; {hint}\n"
    )
