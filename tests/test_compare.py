"""Comparing files of one person: over time and rater by rater, in every format, and what cannot be."""

from __future__ import annotations

import json
import re

import pytest
from jsonschema import Draft202012Validator
from tests.support import EXAMPLES, ROOT, closed_to_other_keys, run, same_as_snapshot
from tests.terminal import COLOUR, on_a_terminal

MARCH = EXAMPLES / "ratings-manager-march.yaml"
NOVEMBER = EXAMPLES / "ratings-manager.yaml"
BOSS = EXAMPLES / "ratings-manager-by-line-manager.yaml"
DESK = ROOT / "tests" / "frameworks" / "diff"
BEFORE, AFTER = DESK / "before.yaml", DESK / "after.yaml"
RATINGS = ROOT / "tests" / "ratings" / "compare"
JANUARY, JULY = "tests/ratings/compare/desk-january.yaml", "tests/ratings/compare/desk-july.yaml"
EXAMPLE_RUNS: dict[str, list[object]] = {
    "over-time": ["examples/ratings-manager-march.yaml", "examples/ratings-manager.yaml"],
    "raters": [
        "examples/ratings-manager.yaml",
        "examples/ratings-manager-by-line-manager.yaml",
    ],
    "three-raters": [
        "tests/ratings/compare/desk-peer.yaml",
        "tests/ratings/compare/desk-trainer.yaml",
        JULY,
        "--framework",
        AFTER,
    ],
    "old-version": [JANUARY, JULY, "--framework", AFTER],
    "old-framework": [JANUARY, JULY, "--framework", AFTER, "--old-framework", BEFORE],
}


def compared(*args, **files_and_env):
    """What `compare` writes as JSON."""
    ran = run("compare", *args, "--format", "json", **files_and_env)
    assert (ran.code, ran.err) == (0, "")
    return json.loads(ran.out)


def file(tmp_path, name, text):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def turns(document):
    return {move["id"]: move["turn"] for move in document["moves"] if move["turn"] != "same"}


# --- Whole outputs ------------------------------------------------------------------------------


@pytest.mark.parametrize("format_", ["table", "markdown", "json"])
@pytest.mark.parametrize("name", EXAMPLE_RUNS)
def test_the_whole_output_is_as_before(name, format_):
    ran = run("compare", *EXAMPLE_RUNS[name], "--format", format_)

    assert (ran.code, ran.err) == (0, "")
    assert same_as_snapshot(f"compare-{name}-{format_}.txt", ran.out)


@pytest.mark.parametrize("name", EXAMPLE_RUNS)
def test_the_json_is_what_the_schema_says_and_no_more(name):
    document = compared(*EXAMPLE_RUNS[name])
    schema = json.loads(run("schema", document["comparison"]).out)

    Draft202012Validator.check_schema(schema)
    closed = Draft202012Validator(closed_to_other_keys(schema))
    assert [error.message for error in closed.iter_errors(document)] == []


def test_the_ending_of_the_output_says_what_is_written(tmp_path):
    ran = run("compare", MARCH, NOVEMBER, "-o", tmp_path / "moved.md")

    assert ran == (0, "", f"Wrote {tmp_path}/moved.md.\n")
    written = (tmp_path / "moved.md").read_text(encoding="utf-8")
    assert written == run("compare", MARCH, NOVEMBER, "--format", "markdown").out


# --- Over time ----------------------------------------------------------------------------------


def test_readiness_then_and_now_is_what_assess_says_of_each_file():
    document = compared(MARCH, NOVEMBER)

    for path, standing in ((MARCH, document["then"]), (NOVEMBER, document["now"])):
        report = json.loads(run("assess", path, "--format", "json").out)
        fit = standing["fit"]
        assert fit["verdict"] == report["verdict"]
        assert fit["readiness"] == report["readiness"]
        for key in fit.keys() & report.keys():
            assert fit[key] == report[key], key
    moved_by = document["readiness_moved_by"]
    assert {end: moved_by[end]["rounded"] for end in moved_by} == {"low": 10.4, "high": 4.1}


def test_the_earlier_date_comes_first_whatever_the_order_and_that_is_said():
    given, swapped = compared(MARCH, NOVEMBER), compared(NOVEMBER, MARCH)

    assert swapped.pop("notes") == [
        f"The earlier date comes first, so '{MARCH}' is then and '{NOVEMBER}' is now."
    ]
    assert given.pop("notes") == []
    assert swapped == given


@pytest.mark.parametrize(
    ("first", "second", "why"),
    [
        ("", "", "Neither file has a date"),
        ("date: 2026-01-02\n", "", "'two.yaml' has no date"),
        ("date: 2026-01-02\n", "date: 2026-01-02\n", "Both files are of 2026-01-02"),
    ],
)
def test_without_two_dates_the_order_given_stays(tmp_path, first, second, why):
    file(tmp_path, "one.yaml", f"{first}ratings: {{pmo-team: 2}}\n")
    file(tmp_path, "two.yaml", f"{second}ratings: {{pmo-team: 3}}\n")

    document = compared("one.yaml", "two.yaml", "--role", "pmo-director", cwd=tmp_path)

    assert document["notes"] == [f"{why}, so the first file is then."]
    assert (document["then"]["file"], document["now"]["file"]) == ("one.yaml", "two.yaml")


def test_the_role_is_that_of_the_newest_file_and_another_aim_is_said(tmp_path):
    text = MARCH.read_text(encoding="utf-8").replace("pmo-director", "pmo-manager")
    march = file(tmp_path, "march.yaml", text)

    document = compared(march, NOVEMBER)

    assert document["role"]["id"] == "pmo-director"
    (note,) = document["notes"]
    assert note == (
        f"'{march}' has the target PMO Manager; both are assessed against PMO Director, which the "
        "later file leads to."
    )
    assert compared(march, NOVEMBER, "--role", "Head of PMO")["notes"] == []


def test_unrated_not_applicable_and_rated_are_three_things(tmp_path):
    answers = {
        "then": "pmo-team: n/a, pmo-design: 2, data-decisions: 0, assurance: 2",
        "now": "pmo-team: 3, pmo-design: n/a, knowledge-learning: n/a, data-decisions: 0",
    }
    files = [file(tmp_path, name, f"ratings: {{{text}}}") for name, text in answers.items()]

    document = compared(*files, "--role", "pmo-director")

    assert turns(document) == {
        "assurance": "no longer rated",
        "knowledge-learning": "applies otherwise",
        "pmo-design": "no longer rated",
        "pmo-team": "newly rated",
    }
    statuses = {move["id"]: move["then"]["status"] for move in document["moves"]}
    assert statuses["knowledge-learning"] == "unrated"
    assert (statuses["pmo-team"], statuses["data-decisions"]) == ("n/a", "rated")


def test_a_competence_that_the_role_does_not_ask_moves_without_a_gap(tmp_path):
    files = [file(tmp_path, f"{n}.yaml", f"ratings: {{planning: {n}}}\n") for n in (1, 4)]

    document = compared(*files, "--framework", AFTER, "--role", "agent")

    (move,) = (move for move in document["moves"] if move["id"] == "planning")
    assert (move["turn"], move["by"], move["steps"]) == ("moved", 3, 3)
    assert (move["required"], move["gap_then"], move["must_have_turn"]) == (None, None, None)


def test_a_level_is_not_a_step_where_the_scale_has_holes(tmp_path):
    text = "framework: {{id: desk, version: 1.4.2}}\nratings: {{contact: {}}}\n"
    files = [file(tmp_path, f"{n}.yaml", text.format(n)) for n in (3, 5)]

    document = compared(*files, "--framework", BEFORE, "--role", "lead")

    (move,) = (move for move in document["moves"] if move["id"] == "contact")
    assert (move["by"], move["steps"]) == (2, 1)


def test_one_of_the_files_may_come_from_stdin():
    ran = run("compare", "-", NOVEMBER, stdin=MARCH.read_bytes())

    assert ran == run("compare", MARCH, NOVEMBER)


# --- Another version of the framework -----------------------------------------------------------


def test_what_the_old_version_had_and_this_one_has_not_is_listed_with_its_line():
    document = compared(JANUARY, JULY, "--framework", AFTER)

    assert [
        (entry["line"], entry["called"], entry["competence"], entry["answer"])
        for entry in document["unfit"]
    ] == [
        (9, "fixing", {"id": "fixing", "name": "Mending"}, "5"),
        (8, "writing", None, "3"),
    ]
    assert turns(document)["fixing"] == "incomparable"
    assert turns(document)["automation"] == "newly rated"


def test_the_old_framework_tells_what_could_not_be_rated_then():
    document = compared(JANUARY, JULY, "--framework", AFTER, "--old-framework", BEFORE)

    assert turns(document)["automation"] == "not there"
    assert [entry["competences"] for entry in document["not_there"]] == [
        [{"id": "automation", "name": "Automation"}]
    ]


def test_a_rename_without_an_alias_is_followed_only_by_the_old_framework(tmp_path):
    text = AFTER.read_text(encoding="utf-8")
    renamed = text.replace("aliases: [teaching]", "aliases: [Showing]")
    new = file(tmp_path, "new.yaml", renamed)
    old = file(
        tmp_path,
        "old.yaml",
        BEFORE.read_text(encoding="utf-8").replace("name: Teaching", "name: Showing"),
    )

    leniently = compared(JANUARY, JULY, "--framework", new)
    followed = compared(JANUARY, JULY, "--framework", new, "--old-framework", old)

    assert "teaching" in {entry["called"] for entry in leniently["unfit"]}
    assert "Showing" not in {entry["called"] for entry in followed["unfit"]}
    (move,) = (move for move in followed["moves"] if move["id"] == "coaching")
    assert (move["then"]["level"], move["by"]) == (2, 1)


def test_two_competences_that_became_one_are_not_both_that_one(tmp_path):
    text = AFTER.read_text(encoding="utf-8").replace("[Calls]", "[Calls, writing]")
    new = file(tmp_path, "new.yaml", text)
    ratings = "framework: {id: desk, version: 1.4.2}\nratings: {writing: 1, contact: 3}\n"
    then = file(tmp_path, "then.yaml", ratings)

    for more in ((), ("--old-framework", BEFORE)):
        document = compared(then, JULY, "--framework", new, *more)
        (move,) = (move for move in document["moves"] if move["id"] == "contact")
        assert move["then"]["level"] == 3
        (unfit,) = document["unfit"]
        assert (unfit["answer"], unfit["competence"]) == ("1", None)


def test_a_mistake_in_a_file_on_the_version_in_use_is_still_a_mistake(tmp_path):
    text = (RATINGS / "desk-july.yaml").read_text(encoding="utf-8")
    path = file(tmp_path, "july.yaml", text.replace("contact: 4", "contcat: 4, fixing: 9"))

    ran = run("compare", JANUARY, path, "--framework", AFTER)

    assert (ran.code, ran.out) == (3, "")
    assert "there is no competence 'contcat'" in ran.err


def test_a_mistake_of_shape_is_one_on_any_version(tmp_path):
    text = (RATINGS / "desk-january.yaml").read_text(encoding="utf-8")
    path = file(tmp_path, "january.yaml", text.replace("contact: 3", "contact: [3]"))

    ran = run("compare", path, JULY, "--framework", AFTER)

    assert (ran.code, ran.out) == (3, "")
    assert "january.yaml:6:" in ran.err


def test_an_answer_that_was_wrong_on_the_old_framework_too_is_a_mistake(tmp_path):
    text = (RATINGS / "desk-january.yaml").read_text(encoding="utf-8")
    path = file(tmp_path, "january.yaml", text.replace("contact: 3", "contact: 4"))

    ran = run("compare", path, JULY, "--framework", AFTER, "--old-framework", BEFORE)

    assert (ran.code, ran.out) == (3, "")
    assert "PMO502 error: 4 is not a level of the scale" in ran.err


def test_an_old_framework_that_no_file_names_is_said_to_be_unused(tmp_path):
    again = file(tmp_path, "again.yaml", (ROOT / JULY).read_text(encoding="utf-8"))

    document = compared(JULY, again, "--framework", AFTER, "--old-framework", BEFORE)

    assert document["notes"][-1] == (
        "No file names version 1.4.2 of the framework, so --old-framework was not used."
    )


def test_every_mistake_in_every_file_is_said_at_once(tmp_path):
    bad = file(tmp_path, "bad.yaml", "ratings: {nonsense: 1}\n")

    ran = run("compare", bad, tmp_path / "missing.yaml", JANUARY)

    assert (ran.code, ran.out) == (3, "")
    assert re.findall(r"PMO\d+", ran.err) == ["PMO501", "PMO101", "PMO505"]


# --- Raters -------------------------------------------------------------------------------------


def test_blind_spots_are_two_steps_above_the_median_of_the_others_and_self_comes_first():
    document = compared(*EXAMPLE_RUNS["three-raters"])

    assert [rater["rater"] for rater in document["raters"]] == ["self", "peer", "trainer"]
    views = {view["id"]: view for view in document["views"]}
    assert {key: (view["others_median"], view["self_above"]) for key, view in views.items()} == {
        "contact": ([1, 3], 2),
        "coaching": ([2, 3], 0.5),
        "fixing": ([3], 1),
        "planning": ([4, 4], -2),
        "automation": ([], None),
        "reports": ([], None),
    }
    assert document["blind_spots"] == ["contact"]
    assert document["hidden_strengths"] == ["planning"]
    assert document["agreement"] == {"rated_by_all": 3, "same": 0, "within_one_step": 1}


def test_the_same_raters_in_another_order_are_seen_alike():
    first, second = compared(NOVEMBER, BOSS), compared(BOSS, NOVEMBER)

    assert first == second


def test_without_self_there_is_spread_and_agreement_alone(tmp_path):
    text = NOVEMBER.read_text(encoding="utf-8").replace("rater: self", "rater: peer")

    document = compared(file(tmp_path, "peer.yaml", text), BOSS)

    assert (document["has_self"], document["blind_spots"]) == (False, [])
    assert document["agreement"]["rated_by_all"] == 21
    assert document["notes"] == [
        "No rater is 'self', so there are no blind spots and no hidden strengths."
    ]
    assert {view["self_above"] for view in document["views"]} == {None}


def test_a_second_rater_is_asked_for_by_name_where_one_alone_rated():
    document = compared(NOVEMBER, BOSS)

    assert document["second_raters_wanted"] == [
        {
            "id": "strategic-thinking",
            "name": "Strategic Thinking",
            "rated_by": "self",
            "unrated_by": ["line manager"],
        }
    ]
    shown = " ".join(run("compare", NOVEMBER, BOSS).out.split())
    wanted = "Strategic Thinking (rated only by self; ask line manager)."
    assert f"ask someone else to rate it too: {wanted}" in shown


def test_raters_who_rate_nothing_alike_have_nothing_to_agree_on(tmp_path):
    files = [
        file(tmp_path, "a.yaml", "ratings: {pmo-team: 3}\n"),
        file(tmp_path, "b.yaml", "rater: boss\nratings: {assurance: n/a}\n"),
    ]

    ran = run("compare", *files, "--role", "pmo-director")

    assert ran.code == 0
    assert "No competence is rated by both. 0 blind spots, 0 hidden strengths." in ran.out
    assert re.search("^boss +none +none +0 of 26 +13 missing$", ran.out, re.MULTILINE)


def test_the_role_comes_from_the_newest_file_that_says_one(tmp_path):
    text = BOSS.read_text(encoding="utf-8")
    silent = re.sub(r"(?m)^(role|target):.*\n", "", text)

    document = compared(NOVEMBER, file(tmp_path, "boss.yaml", silent))

    assert document["role"]["id"] == "pmo-director"


# --- What is not compared -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("args", "words"),
    [
        ([NOVEMBER], "compare needs two files"),
        ([NOVEMBER, MARCH, EXAMPLES / "history/ana-2026-05.yaml"], "'pmo-path history FOLDER'"),
        ([NOVEMBER, BOSS, MARCH], "have the same rater, 'self'; pass one file of each rater"),
        ([NOVEMBER, EXAMPLES / "ratings-analyst.yaml"], "ratings of different people"),
        (["-", "-"], "only one of the files can come from stdin"),
        ([NOVEMBER, MARCH, "--role", "a", "--role", "b"], "pass one ratings file at most"),
        ([NOVEMBER, MARCH, "--role", "boss"], "there is no role 'boss'"),
        (
            [JANUARY, JULY, "--framework", AFTER, "--old-framework", AFTER],
            "--old-framework and the framework in use both have version 1.5.0",
        ),
        (
            [JANUARY, JULY, "--framework", AFTER, "--old-framework", "data/framework.yaml"],
            "--old-framework is 'pmo', but the framework in use is 'desk'",
        ),
        ([NOVEMBER, MARCH, "-o", "moved.csv"], "Can't write .csv. Use .html, .md, .json or .txt."),
    ],
)
def test_wrong_usage_says_what_to_do(args, words):
    ran = run("compare", *args)

    assert (ran.code, ran.out) == (2, "")
    assert words in ran.err


def test_the_same_file_twice_is_wrong_usage_under_whatever_names(tmp_path):
    file(tmp_path, "ana.yaml", NOVEMBER.read_text(encoding="utf-8"))
    (tmp_path / "link.yaml").symlink_to("ana.yaml")
    another = "name another one to compare it with\n"

    for files, words in (
        (["ana.yaml", "ana.yaml"], "'ana.yaml' is named twice"),
        (["ana.yaml", "link.yaml"], "'ana.yaml' and 'link.yaml' are the same file"),
        (
            [MARCH, "ana.yaml", tmp_path / "ana.yaml"],
            f"'ana.yaml' and '{tmp_path / 'ana.yaml'}' are the same file",
        ),
    ):
        assert run("compare", *files, cwd=tmp_path) == (2, "", f"pmo-path: {words}; {another}")


def test_names_of_people_and_raters_are_matched_whatever_their_spelling(tmp_path):
    text = MARCH.read_text(encoding="utf-8")
    text = text.replace("person: Ana Moreno", "person: ana-MORENO").replace("self", "SELF")

    document = compared(file(tmp_path, "march.yaml", text), NOVEMBER)

    assert (document["comparison"], document["person"]) == ("over-time", "Ana Moreno")


# --- On a terminal ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["over-time", "three-raters", "old-framework"])
@pytest.mark.parametrize("columns", [50, 80, 120])
def test_no_word_is_lost_on_a_narrow_terminal(name, columns):
    args = EXAMPLE_RUNS[name]
    shown = on_a_terminal(columns, "compare", *args)

    plain = COLOUR.sub("", shown)
    assert max(map(len, plain.splitlines())) <= columns
    lost = set(re.findall(r"\w+", run("compare", *args).out)) - set(re.findall(r"\w+", plain))
    # The distance to the next band is a column that drops.
    assert lost <= ({"points"} if columns == 50 else set())
    assert plain == on_a_terminal(columns, "compare", *args, NO_COLOR="1")


# --- Hostile text -------------------------------------------------------------------------------

HOSTILE = "|x](http://a.b) <b> @all \\e[31m\\u202e# 1."


@pytest.mark.parametrize("format_", ["table", "markdown", "json"])
def test_hostile_text_stays_text(tmp_path, format_):
    framework = file(
        tmp_path,
        "framework.yaml",
        AFTER.read_text(encoding="utf-8")
        .replace("name: Planning", f'name: "{HOSTILE}"')
        .replace("name: Head of desk", f'name: "role {HOSTILE}"'),
    )
    head = f'person: "{HOSTILE}"\nframework: {{id: desk, version: 1.4.2}}\ntarget: head\n'
    files = [
        file(tmp_path, "a.yaml", f'{head}ratings: {{planning: 1, "{HOSTILE[1:]}": 3}}\n'),
        file(tmp_path, "b.yaml", f'{head}rater: "{HOSTILE}"\nratings: {{planning: 3}}\n'),
    ]

    ran = run("compare", *files, "--framework", framework, "--format", format_)

    assert (ran.code, ran.err) == (0, "")
    if format_ == "json":
        assert json.loads(ran.out)["person"] == json.loads(
            f'"{HOSTILE}"'.replace("\\e", "\\u001b")
        )
    else:
        assert not re.search("[\x1b\u202e]", ran.out)
    if format_ == "markdown":
        assert not re.search(r"<b>|@all|(?<!\\)\]\(", ran.out)
        widths = {
            len(re.findall(r"(?<!\\)\|", line))
            for line in ran.out.splitlines()
            if line[0:1] == "|"
        }
        assert widths == {6, 7}
