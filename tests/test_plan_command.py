"""The command `plan` on the shipped framework."""

from __future__ import annotations

import datetime
import functools
import json

import icalendar
import pytest
from tests import hostile
from tests.support import EXAMPLES, run

from pmo_path.planning import highs

RATINGS = EXAMPLES / "ratings-manager.yaml"
ASKED = ("--role", "pmo-director", "--hours-per-week", "4", "--start", "2040-01-02")


def planned(*args, source=RATINGS, code=0):
    ran = run("plan", source, *args)
    assert ran.code == code, ran.err
    return ran


@pytest.fixture(scope="module", autouse=True)
def each_choice_is_made_once():
    """Most tests make the same plan, and to choose its actions is nearly all of the work."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(highs, "choose", functools.cache(highs.choose))
        yield


@pytest.fixture
def plan_file(tmp_path):
    path = tmp_path / "plan.yaml"
    planned(*ASKED, "-o", path)
    return path


def as_json(*args, source=RATINGS):
    return json.loads(planned(*args, "--format", "json", source=source).out)


def edit(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.parametrize("ending", ["txt", "html", "md", "csv", "json", "ics", "yaml"])
def test_a_plan_goes_into_a_file_of_every_format(tmp_path, ending):
    path = tmp_path / f"plan.{ending}"

    ran = planned(*ASKED, "-o", path)

    assert (ran.out, ran.err) == ("", f"Wrote {path}.\n")
    assert "Essentials for PMO Directors" in path.read_text(encoding="utf-8")


def test_dates_of_the_calendar_are_those_of_the_plan(tmp_path):
    path = tmp_path / "plan.ics"
    planned(*ASKED, "-o", path)

    events = icalendar.Calendar.from_ical(path.read_bytes()).walk("VEVENT")

    document = as_json(*ASKED)
    starts = [event.decoded("dtstart").isoformat() for event in events]
    assert starts == [
        *(action["starts"] for action in document["actions"]),
        *document["reviews"],
        document["rate_again"],
    ]


def test_the_end_may_be_a_day_or_weeks():
    until = as_json(*ASKED, "--until", "2040-06-27")
    weeks = as_json(*ASKED, "--weeks", "25")

    assert until == weeks
    assert (until["starts"], until["ends"]) == ("2040-01-02", "2040-06-22")


def test_explain_says_what_the_plan_loses_without_each_action():
    assert "Without it" in planned(*ASKED, "--explain").out
    assert "Without it" not in planned(*ASKED, "--full").out


@pytest.mark.parametrize(
    ("args", "said"),
    [
        ((), "--hours-per-week 4"),
        (("--hours-per-week", "0"), "a number above 0"),
        (("--hours-per-week", "-2"), "a number above 0"),
        (("--hours-per-week", "nan"), "a number above 0"),
        (("--hours-per-week", "999"), "up to 60"),
        (("--hours-per-week", "4", "--weeks", "0"), "1 or more"),
        (("--hours-per-week", "4", "--weeks", "300"), "longer than five years"),
        (("--hours-per-week", "4", "--until", "2099-01-01"), "longer than five years"),
        (
            ("--hours-per-week", "4", "--until", "2027-01-01", "--start", "2027-02-01"),
            "is before the start",
        ),
        (
            ("--hours-per-week", "4", "--until", "2027-02-03", "--start", "2027-02-01"),
            "no whole week",
        ),
        (("--hours-per-week", "4", "--weeks", "4", "--until", "2027-06-30"), "both set the end"),
        (("--hours-per-week", "4", "--start", "9999-12-30"), "a date from 1950-01-01"),
        (("--hours-per-week", "4", "--budget", "much"), "'2000 EUR'"),
        (("--hours-per-week", "4", "--budget", "2000 XXX"), "states no price in XXX"),
        (("--hours-per-week", "4", "--exclude", "course:nothing"), "there is no action"),
        (("--hours-per-week", "4", "--reach", "top"), "top"),
        (("--hours-per-week", "4", "--competences", "0"), "from 1 to 20"),
        (("--hours-per-week", "4", "--ratings", RATINGS), "goes with a plan file"),
        (
            ("--hours-per-week", "1", "--reach", "ready", "--weeks", "2"),
            "within 2 weeks; raise --weeks, --hours-per-week",
        ),
    ],
)
def test_what_cannot_be_planned_is_refused_and_nothing_is_written(tmp_path, args, said):
    output = tmp_path / "plan.yaml"
    output.write_text("mine", encoding="utf-8")

    ran = planned("--role", "pmo-director", *args, "-o", output, code=2)

    assert said in ran.err
    assert ran.out == ""
    assert output.read_text(encoding="utf-8") == "mine"


def test_unrated_must_haves_that_block_a_band_are_a_finding_with_one_message(tmp_path):
    ratings = tmp_path / "few.yaml"
    ratings.write_text("ratings: {pmo-team: 3}\n", encoding="utf-8")

    messages = planned(*ASKED, "--reach", "ready", source=ratings, code=1).err.splitlines()

    named = [message for message in messages if "Strategic Thinking" in message]
    assert len(named) == 1
    assert "the must-haves " in named[0]
    assert " are unrated; rate them first" in named[0]
    assert "Financial & Resource Management" in named[0]


def test_options_that_would_be_enough_for_a_band_are_named_and_are():
    asked = ("--role", "pmo-director", "--start", "2040-01-02", "--reach", "pending")

    message = planned(*asked, "--hours-per-week", "1", "--weeks", "13", code=2).err

    assert "; --hours-per-week 5 or --weeks 56 would be enough" in message
    assert as_json(*asked, "--hours-per-week", "5", "--weeks", "13")["reaches_band"]
    assert as_json(*asked, "--hours-per-week", "1", "--weeks", "56")["reaches_band"]
    planned(*asked, "--hours-per-week", "4", "--weeks", "13", code=2)
    planned(*asked, "--hours-per-week", "1", "--weeks", "55", code=2)


def test_somebody_who_has_rated_nothing_is_told_once_what_to_do(tmp_path):
    ratings = tmp_path / "none.yaml"
    ratings.write_text("ratings: {pmo-team: null}\n", encoding="utf-8")

    report = planned(*ASKED, "--full", source=ratings).out

    assert "nothing is rated. Rate yourself: pmo-path assess" in report
    assert report.count("rated") == 1
    assert len(report.splitlines()) < 20


def test_unrated_competences_are_listed_with_what_to_do_said_once():
    report = " ".join(planned(*ASKED, "--full").out.split())

    assert report.count("unrated") == 2  # in the opening, and above the list
    assert "pmo-path assess --update ratings.yaml" in report


@pytest.mark.parametrize("form", ["--full", "--explain", None])
def test_tables_in_a_pipe_are_as_wide_as_text(form):
    report = planned(*ASKED, *filter(None, [form])).out

    assert "Takes" in report
    assert max(map(len, report.splitlines())) <= 100


def test_the_short_form_names_the_action_of_the_first_move():
    report = " ".join(planned(*ASKED).out.split())

    action = next(action for action in as_json(*ASKED)["actions"] if action["first_move"])
    assert f"for '{action['title']}': {action['first_move']}" in report


def test_ratings_are_never_overwritten(tmp_path):
    ratings = tmp_path / "ratings.yaml"
    ratings.write_bytes(RATINGS.read_bytes())

    ran = planned(*ASKED, "-o", ratings, source=ratings, code=2)

    assert "is read" in ran.err
    assert ratings.read_bytes() == RATINGS.read_bytes()


@pytest.mark.parametrize("format_", ["table", "json", "calendar"])
def test_a_plan_file_is_only_replaced_by_a_plan_file(plan_file, format_):
    before = plan_file.read_bytes()

    planned("--format", format_, "-o", plan_file, source=plan_file, code=2)

    assert plan_file.read_bytes() == before


# --- Again ----------------------------------------------------------------------------------------


def test_a_plan_made_again_without_edits_is_the_same(plan_file):
    before = plan_file.read_text(encoding="utf-8")

    planned("-o", plan_file, source=plan_file)

    assert plan_file.read_text(encoding="utf-8") == before


def test_what_is_done_counts_and_stays_ticked(plan_file):
    edit(
        plan_file,
        "  status: open\n  done_on: null",
        "  status: done\n  note: 'went well'\n  x-k: 1",
    )
    text = plan_file.read_text(encoding="utf-8")
    text = text.replace("  note: ''\n", "", 1)
    plan_file.write_text(text, encoding="utf-8")

    planned("-o", plan_file, source=plan_file)

    text = plan_file.read_text(encoding="utf-8")
    assert text.count("status: done") == 2  # and in the comment above
    assert "note: went well" in text
    assert "x-k: 1" in text


def test_what_is_excluded_stays_out_and_its_note_stays(plan_file):
    edit(plan_file, "note: ''\n\n# Ids", "note: my reason\n\n# Ids")
    first = as_json(source=plan_file)["actions"][-1]["id"]
    edit(plan_file, "excluded: []", f"excluded: ['{first}']")

    planned("-o", plan_file, source=plan_file)

    after = as_json(source=plan_file)
    assert first not in [action["id"] for action in after["actions"]]
    assert [excluded["id"] for excluded in after["excluded"]] == [first]
    assert "my reason" in plan_file.read_text(encoding="utf-8")


def test_a_pinned_action_keeps_its_dates(plan_file):
    first = as_json(source=plan_file)["actions"][0]
    edit(
        plan_file,
        f"starts: {first['starts']}\n  due: {first['due']}",
        "starts: 2040-02-06\n  due: 2040-03-02",
    )
    edit(plan_file, "pin: false", "pin: true")

    after = {action["id"]: action for action in as_json(source=plan_file)["actions"]}

    assert after[first["id"]]["pinned"]
    assert after[first["id"]]["starts"] == "2040-02-06"


def test_what_is_done_early_ends_then_and_what_was_to_follow_begins_sooner(plan_file):
    first, second, *_ = as_json(*ASKED)["actions"]
    edit(plan_file, "  status: open", "  status: done")

    planned("-o", plan_file, source=plan_file)

    after = {action["id"]: action for action in as_json(source=plan_file)["actions"]}
    today = datetime.datetime.now(tz=datetime.UTC).astimezone().date().isoformat()
    assert second["starts"] > first["due"]
    assert after[first["id"]]["due"] <= today
    assert after[second["id"]]["starts"] == first["starts"]


def test_what_is_done_in_time_leaves_the_other_dates(plan_file):
    first, second, *_ = as_json(*ASKED)["actions"]
    edit(plan_file, "  status: open", "  status: done")
    edit(plan_file, f"  starts: {first['starts']}", "  starts: 2026-11-23")
    edit(plan_file, f"  due: {first['due']}", "  due: 2026-11-27")

    after = {action["id"]: action for action in as_json(source=plan_file)["actions"]}

    assert after[first["id"]]["due"] == "2026-11-27"
    assert after[second["id"]]["starts"] == second["starts"]


def test_the_short_form_names_what_dropped_out_although_it_has_a_note(plan_file):
    last = as_json(*ASKED)["actions"][-1]
    head, key, tail = plan_file.read_text(encoding="utf-8").partition(f"id: {last['id']}")
    tail = tail.replace("note: ''", "note: ask Kim", 1)
    plan_file.write_text(head + key + tail, encoding="utf-8")
    dropped = f"but you wrote something about it: {last['title']}."

    shorter = " ".join(planned("--weeks", "12", source=plan_file).out.split())
    same = " ".join(planned(source=plan_file).out.split())
    excluded = " ".join(planned("--exclude", last["id"], source=plan_file).out.split())

    assert dropped in shorter
    assert dropped not in same
    assert dropped not in excluded


def test_the_head_of_a_plan_file_names_that_file(tmp_path):
    for name, quoted in (("ana.yaml", "ana.yaml"), ("my plan.yml", "'my plan.yml'")):
        planned(*ASKED, "-o", tmp_path / name)

        head, *_ = (tmp_path / name).read_text(encoding="utf-8").splitlines()
        assert head.endswith(f"pmo-path plan {quoted} -o {quoted}")

    assert "plan plan.yaml -o plan.yaml" in planned(*ASKED, "--format", "yaml").out


def test_pins_that_do_not_fit_are_refused_with_what_would_be_enough(plan_file):
    text = plan_file.read_text(encoding="utf-8")
    plan_file.write_text(text.replace("pin: false", "pin: true"), encoding="utf-8")

    message = planned("--hours-per-week", "0.5", source=plan_file, code=2).err

    assert "--hours-per-week 4 or --weeks 160 would be enough, or unpin some" in message
    planned("--hours-per-week", "4", source=plan_file)
    planned("--hours-per-week", "0.5", "--weeks", "160", source=plan_file)


def test_newer_ratings_replace_those_in_the_file(plan_file, tmp_path):
    newer = tmp_path / "newer.yaml"
    text = RATINGS.read_text(encoding="utf-8").replace("2026-11-23", "2026-12-24")
    newer.write_text(text, encoding="utf-8")

    planned("--ratings", newer, "-o", plan_file, source=plan_file)

    assert "rated_on: 2026-12-24" in plan_file.read_text(encoding="utf-8")


def test_newer_ratings_of_somebody_else_are_refused(plan_file):
    before = plan_file.read_bytes()
    other = EXAMPLES / "ratings-analyst.yaml"

    ran = planned("--ratings", other, "-o", plan_file, source=plan_file, code=2)

    assert "the plan is for 'Ana Moreno'" in ran.err
    assert plan_file.read_bytes() == before


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("status: open", "status: done"),
        ("pin: false", "pin: true"),
        ("supporter: ''", "supporter: Ben"),
        ("\nnote: ''", "\nnote: agreed in May"),
        ("status: open", "status: doen"),
    ],
)
def test_a_new_plan_does_not_replace_one_that_somebody_has_edited(plan_file, old, new):
    edit(plan_file, old, new)
    before = plan_file.read_bytes()

    ran = planned(*ASKED, "-o", plan_file, code=2)

    assert "pass it to this command to keep them" in ran.err
    assert plan_file.read_bytes() == before


def test_a_plan_replaces_another_file_whose_ticks_it_has(plan_file, tmp_path):
    edit(plan_file, "supporter: ''", "supporter: Ben")
    copy = tmp_path / "copy.yaml"
    planned("-o", copy, source=plan_file)

    planned("--weeks", "30", "-o", copy, source=plan_file)

    assert "weeks: 30" in copy.read_text(encoding="utf-8")
    edit(copy, "note: ''\n", "note: mine\n")
    assert "to keep them" in planned("-o", copy, source=plan_file, code=2).err


def test_a_new_plan_replaces_one_that_nobody_has_edited(plan_file):
    planned(*ASKED[:-1], "2040-01-09", "-o", plan_file)

    assert "starts: 2040-01-09" in plan_file.read_text(encoding="utf-8")


def test_a_bad_edit_stops_with_its_line_and_nothing_is_written(plan_file):
    edit(plan_file, "status: open", "status: doen")
    before = plan_file.read_bytes()

    ran = planned("-o", plan_file, source=plan_file, code=3)

    assert f"{plan_file}:" in ran.err
    assert plan_file.read_bytes() == before


def test_a_plan_towards_a_level_is_made_again_towards_it(tmp_path):
    path = tmp_path / "plan.yaml"
    planned("--target-level", "4", "--hours-per-week", "4", "-o", path)

    assert as_json(source=path)["role"]["id"] == "level-4"
    assert "target_level: 4" in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", hostile.TEXTS)
@pytest.mark.parametrize(
    "format_", ["table", "markdown", "html", "csv", "json", "calendar", "yaml"]
)
def test_hostile_texts_survive_in_every_format_and_do_nothing(tmp_path, kind, format_):
    framework = hostile.write_framework(tmp_path / "framework.yaml", hostile.TEXTS[kind])
    ratings = hostile.write_ratings(tmp_path / "ratings.yaml", hostile.TEXTS[kind])
    on = ("--framework", framework)

    ran = planned(*on, "--hours-per-week", "8", "--format", format_, source=ratings)

    assert ran.out
    assert "\x1b" not in ran.out
    if format_ == "yaml":
        again = tmp_path / "plan.yaml"
        again.write_text(ran.out, encoding="utf-8")
        assert planned(*on, "--format", "yaml", source=again).out == ran.out


@pytest.mark.parametrize("command", ["assess", "batch"])
def test_other_commands_name_a_plan_kindly(plan_file, command, tmp_path):
    more = ["-o", tmp_path / "out.csv"] if command == "batch" else []

    ran = run(command, plan_file, *more)

    assert ran.code == 3
    assert "a development plan" in ran.err
    assert "pmo-path plan" in ran.err


@pytest.mark.parametrize("ending", ["ics", "yaml"])
def test_other_results_have_no_dates_and_no_file_to_edit(tmp_path, ending):
    ran = run("assess", RATINGS, "-o", tmp_path / f"report.{ending}")

    assert ran.code == 2
    assert f"Can't write .{ending}" in ran.err


def test_validate_checks_a_plan_file(plan_file):
    assert run("validate", plan_file).code == 0
    edit(plan_file, "id: course:", "id: course:x-")

    ran = run("validate", plan_file)

    assert ran.code == 1
    assert "PMO701" in ran.err + ran.out


def test_dates_of_today_are_the_default():
    start = datetime.date.fromisoformat(as_json("--hours-per-week", "4")["starts"])

    today = datetime.datetime.now(tz=datetime.UTC).astimezone().date()
    assert start.weekday() == 0
    assert datetime.timedelta() <= start - today < datetime.timedelta(7)
