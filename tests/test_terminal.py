"""The questions in a real pseudo-terminal, as a person meets them."""

from __future__ import annotations

import io
import re
import shlex
import signal
import stat
from typing import TYPE_CHECKING

import pexpect
import pytest
import yaml
from rich.cells import cell_len
from tests.support import ROOT
from tests.terminal import SHORT_RUN, Terminal, answers_all, answers_short_run, ends_short_run

from pmo_path import load_framework
from pmo_path.domain.interview import questions_for

if TYPE_CHECKING:
    from collections.abc import Callable

DOWN, UP, END = "\x1b[B", "\x1b[A", "\x1b[F"


def test_a_short_run_ends_in_a_report_and_a_ratings_file(tmp_path):
    terminal = Terminal(tmp_path).begins_a_short_run()

    answers_short_run(terminal)
    terminal.sees("Review: 13 of 13 answered").sees("q stop").enters()
    terminal.sees("Save your ratings as").enters("mine.yaml")
    code, output = terminal.ends()

    assert code == 0
    assert "Ana [red]Example[/red]: PMO Manager → PMO Director" in output
    written = yaml.safe_load((tmp_path / "mine.yaml").read_text(encoding="utf-8"))
    assert written["person"] == "Ana [red]Example[/red]"
    assert (written["role"], written["target"]) == ("pmo-manager", "pmo-director")
    assert set(written["ratings"].values()) == {3}
    assert len(written["ratings"]) == len(SHORT_RUN)
    assert list((tmp_path / "state" / "sessions").iterdir()) == []


def test_with_any_role_no_target_is_asked_for_and_all_are_ranked(tmp_path):
    terminal = Terminal(tmp_path, "--role", "any", "--plain")
    terminal.sees("Your name").enters("Ana").sees("current role").sees("back [").enters("manager")
    terminal.sees("'manager' may be").sees("back [").enters("PMO Manager")
    terminal.sees("All competences (27").sees("back [").enters("short run")
    terminal.sees("of the importance-weighted levels of all roles together")
    asked = questions_for(load_framework(), None, "quick")
    for _ in asked:
        terminal.sees("save and stop:").enters("competent")
    terminal.sees("competences left").sees("back [").enters("no")
    terminal.sees(f"Review: {len(asked)} of {len(asked)} answered").sees("back [").enters()
    terminal.sees("Save your ratings as").enters("mine.yaml")
    code, output = terminal.ends()

    assert code == 0
    assert "All 10 roles by fit" in output
    assert "PMO Manager (held now)" in output
    written = yaml.safe_load((tmp_path / "mine.yaml").read_text(encoding="utf-8"))
    assert "target" not in written
    assert set(written["ratings"]) == set(asked)


def test_back_skip_not_applicable_more_and_evidence_all_reach_the_file(tmp_path):
    terminal = Terminal(tmp_path).begins_a_short_run()

    terminal.types("2").at("Leadership & Influence", 2)
    terminal.types("b").sees("So far: 2 Practised").types("4").sees("4 Proficient")
    terminal.at("Leadership & Influence", 2).types("s").sees("skipped")
    terminal.at("Governance & Risk Management", 3).types("n").sees("n/a")
    terminal.at("Financial & Resource Management", 4).types("?").sees("Evidence: ")
    terminal.types("e")
    terminal.sees("what would you point to").enters("Ran the “budget”: 2 years, # no overrun")
    terminal.sees("Year of the evidence").enters("soon").sees("Type a year from 1950").sees(
        "Year of the evidence"
    )
    terminal.enters("2025").sees("evidence: Ran the").types("3").sees("3 Competent")
    terminal.types("1").sees("1 Aware").types("5").sees("5 Expert")
    for number in range(7, 14):
        terminal.sees(f"{number} of 13").sees("q save and stop").types("0").sees("0 None")
    ends_short_run(terminal)
    terminal.sees("Review: 12 of 13 answered").sees("q stop").enters()
    terminal.sees("Save your ratings as").enters("")
    code, _ = terminal.ends()

    assert code == 0
    (path,) = tmp_path.glob("ratings-*.yaml")
    assert yaml.safe_load(path.read_text(encoding="utf-8"))["ratings"] == {
        "strategic-thinking": 4,
        "governance-risk": "n/a",
        "financial-resource": {
            "level": 3,
            "evidence": "Ran the “budget”: 2 years, # no overrun",
            "year": 2025,
        },
        "change-transformation": 1,
        "data-decisions": 5,
        **dict.fromkeys(questions_for(load_framework(), "pmo-director", "quick")[6:], 0),
    }


def test_an_answer_can_be_changed_in_the_review(tmp_path):
    terminal = Terminal(tmp_path).begins_a_short_run()
    answers_short_run(terminal)

    terminal.sees("Review").sees("q stop").types("3").sees("So far: 3 Competent").types("5")
    terminal.sees("5 Expert").sees("Review").sees("q stop").enters()
    terminal.sees("Save your ratings as").enters("mine.yaml")
    code, _ = terminal.ends()

    assert code == 0
    ratings = yaml.safe_load((tmp_path / "mine.yaml").read_text(encoding="utf-8"))["ratings"]
    assert ratings["leadership-influence"] == 5
    assert sorted(ratings.values()) == [*[3] * 12, 5]


@pytest.mark.parametrize("number", [1, 2])
def test_back_in_the_review_returns_to_the_list(tmp_path, number):
    terminal = Terminal(tmp_path).begins_a_short_run()
    answers_short_run(terminal)

    terminal.sees("Review").sees("q stop").types(str(number + 1))
    terminal.sees("So far: 3 Competent").sees("q save and stop").types("b")
    terminal.sees("Review: 13 of 13 answered").sees("q stop").enters()
    terminal.sees("Save your ratings as").enters("mine.yaml")
    code, _ = terminal.ends()

    assert code == 0
    ratings = yaml.safe_load((tmp_path / "mine.yaml").read_text(encoding="utf-8"))["ratings"]
    assert set(ratings.values()) == {3}


def test_quitting_saves_and_the_next_run_goes_on(tmp_path):
    terminal = Terminal(tmp_path).begins_a_short_run()
    terminal.types("3").at("Leadership & Influence", 2).types("q")
    code, output = terminal.ends()
    assert code == 0
    assert "Saved: 1 of 13 answered. Continue with: pmo-path assess" in output

    again = Terminal(tmp_path).sees("1 of 13 answered").sees("q stop").enters()
    again.at("Leadership & Influence", 2)
    for _ in SHORT_RUN[1:]:
        again.types("4").sees("4 Proficient")
    ends_short_run(again)
    again.sees("Review: 13 of 13 answered").sees("q stop").enters()
    again.sees("Save your ratings as").enters("mine.yaml")
    code, _ = again.ends()

    assert code == 0
    ratings = yaml.safe_load((tmp_path / "mine.yaml").read_text(encoding="utf-8"))["ratings"]
    assert sorted(ratings.values()) == [3, *[4] * 12]
    assert ratings["strategic-thinking"] == 3


@pytest.mark.parametrize("answers", [1, 2, 5])
def test_a_killed_terminal_loses_no_answer(tmp_path, answers):
    terminal = Terminal(tmp_path).begins_a_short_run()
    for _ in range(answers):
        terminal.types("4").sees("4 Proficient").sees("q save and stop")
    terminal.child.kill(signal.SIGKILL)
    terminal.child.expect(pexpect.EOF)

    saved = terminal.session()["answers"]
    assert [answer["level"] for answer in saved.values()] == ["4"] * answers
    Terminal(tmp_path).sees(f"{answers} of 13 answered").child.close(force=True)


def test_saved_answers_are_readable_by_their_owner_alone(tmp_path):
    terminal = Terminal(tmp_path).begins_a_short_run().types("3").at("Leadership & Influence", 2)

    folder = tmp_path / "state" / "sessions"
    (path,) = folder.glob("*.json")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    terminal.child.close(force=True)


def test_control_c_keeps_the_answers_and_exits_with_130(tmp_path):
    terminal = Terminal(tmp_path).begins_a_short_run()

    terminal.types("3").at("Leadership & Influence", 2).types("\x03")
    code, output = terminal.ends()

    assert code == 130
    assert "Saved: 1 of 13 answered." in output


def test_two_processes_never_work_on_one_session(tmp_path):
    first = Terminal(tmp_path).begins_a_short_run().types("3").at("Leadership & Influence", 2)

    second = Terminal(tmp_path).sees("Your name")

    second.child.close(force=True)
    first.child.close(force=True)


def test_the_required_level_stays_hidden_while_answering(tmp_path):
    terminal = Terminal(tmp_path).begins_a_short_run()
    shown = terminal.child.before or ""

    assert "equired" not in shown
    terminal.child.close(force=True)


def test_plain_mode_asks_the_same_with_lines(tmp_path):
    terminal = Terminal(tmp_path, "--plain", "--role", "head of pmo")
    terminal.sees("Your name").enters("").sees("Your current role").sees("Number or name").enters(
        "99"
    )
    terminal.sees("Type a number from 1 to 11").sees("Number or name").enters("5")
    terminal.sees("What to rate").sees("Number or name").enters("2")
    terminal.sees("Question 1 of 13: Strategic Thinking").sees("Level 0").enters("7")
    terminal.sees("Type 0 to 5, or n, s, u, b, e, ? or q.").enters("3")
    terminal.sees("Question 2 of 13").sees("Level 0, 1").enters("b")
    terminal.sees("Your answer so far: 3 Competent").sees("Level 0, 1").enters("")
    for _ in SHORT_RUN[1:]:
        terminal.sees("q save and stop").enters("4")
    terminal.sees("14 competences left").sees("back [").enters()
    terminal.sees("Review: 13 of 13 answered").sees("Number or name").enters("")
    terminal.sees("Save your ratings as").enters("-")
    code, output = terminal.ends()

    assert code == 0
    assert "PMO Manager → PMO Director" in output
    assert list(tmp_path.glob("*.yaml")) == []


def test_a_file_that_exists_is_replaced_only_when_asked(tmp_path):
    (tmp_path / "mine.yaml").write_text("precious", encoding="utf-8")
    terminal = Terminal(tmp_path).begins_a_short_run()
    answers_short_run(terminal)
    terminal.sees("Review").sees("q stop").enters()

    terminal.sees("Save your ratings as").enters("mine.yaml").sees("replace it").enters()
    terminal.sees("Save your ratings as").enters("nowhere/mine.yaml").sees("could not be written")
    terminal.sees("Save your ratings as").enters("other.yaml")
    code, _ = terminal.ends()

    assert code == 0
    assert (tmp_path / "mine.yaml").read_text(encoding="utf-8") == "precious"
    assert (tmp_path / "other.yaml").is_file()


def reviews_all(terminal: Terminal, *, keys: str = "q stop") -> list[str]:
    """From the first prompt through all 27 questions to the review."""
    terminal.shows("Your name")
    terminal.enters()
    for asked, answer in (("current role", "4"), ("target role", "4"), ("What to rate", "1")):
        terminal.shows(shown_with_keys(asked, keys))
        terminal.types(answer)
    for number in range(1, 28):
        terminal.shows(f"{number} of 27")
        terminal.types("3")
    return terminal.shows(shown_with_keys("Review: 27", keys))


def shown_with_keys(message: str, keys: str) -> Callable[[list[str]], bool]:
    """Whether a screen shows a message, and its last lines, the keys, are drawn as well."""

    def shown(lines: list[str]) -> bool:
        text = " ".join(lines)
        return message in text and keys in text

    return shown


@pytest.mark.parametrize(("rows", "columns"), [(24, 80), (16, 80), (10, 80), (10, 40)])
def test_a_long_list_follows_the_cursor_and_keeps_its_keys_in_view(tmp_path, rows, columns):
    terminal = Terminal(tmp_path, rows=rows, columns=columns)
    lines = reviews_all(terminal)
    assert any(line.startswith("> 1  Finish") for line in lines)
    assert re.search(r"\d+ more below", "\n".join(lines))

    for position in range(2, 27):
        terminal.types(DOWN)
        terminal.shows(f"> {position} ")
    lines = terminal.shows(lambda lines: any(line.startswith("> 26 Know") for line in lines))
    assert re.search(r"\d+ more above, 2 below", "\n".join(lines))
    assert "q stop" in " ".join(lines[-2:])

    terminal.types(END)
    lines = terminal.shows("> 28")
    assert "below" not in "\n".join(lines)
    terminal.types(UP * 27)
    lines = terminal.shows("> 1  Finish")
    assert "Review: 27 of 27 answered" in "\n".join(lines)
    assert "q stop" in " ".join(lines[-2:])
    terminal.child.close(force=True)


def changed_from(before: list[str], keys: str) -> Callable[[list[str]], bool]:
    complete = shown_with_keys("", keys)
    return lambda lines: lines != before and complete(lines)


def asked_first(terminal: Terminal) -> list[str]:
    """From the first prompt to the first question of a short run."""
    terminal.shows("Your name")
    terminal.enters()
    for asked, answer in (("current role", "4"), ("target role", "4"), ("What to rate", "2")):
        terminal.shows(shown_with_keys(asked, "q stop"))
        terminal.types(answer)
    return terminal.shows(shown_with_keys("1 of 12", "save and stop"))


@pytest.mark.parametrize(("rows", "columns"), [(40, 100), (24, 80), (10, 80)])
def test_more_tells_all_about_the_question_and_leaves_the_levels_in_view(tmp_path, rows, columns):
    terminal = Terminal(tmp_path, rows=rows, columns=columns)
    lines = asked_first(terminal)
    read = set(lines)

    for _ in range(40):
        before = lines
        terminal.types("?")
        lines = terminal.shows(changed_from(before, "save and stop"))
        if not re.search(r"\? (reads|closes)", "\n".join(lines)):
            break
        read |= set(lines)
        assert any(line.startswith("  0 None") for line in lines)
        assert any("? more" in line for line in lines)

    text = "\n".join(read)
    assert "Evidence: " in text
    assert "5 Expert, in general: " in text
    terminal.types("3")
    terminal.shows("2 of 12")
    terminal.child.close(force=True)


BARE = """\
schema: 1
framework: {id: bare, title: Bare, version: 1.0.0}
scale:
  1: {label: "Low"}
  2: {label: "High"}
domains:
  all:
    name: All
    competences:
      cooking: {name: Cooking}
roles:
  cook:
    name: Cook
    requires: {cooking: 2}
readiness: {any: {label: Any, at_least: 0}}
"""


@pytest.mark.parametrize("options", [(), ("--plain",)])
def test_more_is_not_offered_where_there_is_nothing_more(tmp_path, options):
    (tmp_path / "bare.yaml").write_text(BARE, encoding="utf-8")
    terminal = Terminal(tmp_path, "--framework", "bare.yaml", *options)
    for asked in ("Your name", "current role", "target role", "What to rate"):
        terminal.shows(asked)
        terminal.enters()

    lines = terminal.shows("q save and stop")

    assert "Cooking" in "\n".join(lines)
    assert "? more" not in "\n".join(lines)
    terminal.child.close(force=True)


@pytest.mark.parametrize("columns", [80, 50])
def test_plain_questions_break_between_words(tmp_path, columns):
    terminal = Terminal(tmp_path, "--plain", rows=60, columns=columns)
    heard = terminal.child.logfile_read = io.StringIO()
    terminal.sees("Your name").enters()
    for answer in ("4", "4", "2"):
        terminal.sees("Number or name, b back [").enters(answer)
    terminal.sees("Level 0, 1").sees("stop:").child.close(force=True)
    output = heard.getvalue()

    assert all(len(line) < columns for line in output.splitlines())
    joined = " ".join(output.split())
    assert "n n/a, s skip, u not sure, b back, e evidence, ? more, q save and stop:" in joined
    assert "take the lower. Levels add up: whoever is at 4 can also do 1, 2 and 3." in joined


def test_behaviours_by_level_are_shown_with_their_levels_on_demand(tmp_path):
    framework = ROOT / "tests" / "frameworks" / "base" / "every-field.yaml"
    options = ("--framework", framework, "--role", "manager", "--plain")
    terminal = Terminal(tmp_path, *map(str, options), rows=60)
    for asked in ("Your name", "Number or name, b back [", "Number or name, b back ["):
        terminal.sees(asked).enters()
    terminal.sees("Question 1 of").sees("stop:").enters("?")
    terminal.sees("3 All, observable: Says no").sees("Evidence: A plan you read")
    terminal.child.close(force=True)


def test_a_wide_script_takes_no_more_columns_than_there_are(tmp_path):
    level = "会議の準備と記録を行い、決定事項を関係者に伝えることができる。" * 3
    text = BARE.replace("{name: Cooking}", f'{{name: 料理, levels: {{1: "{level}"}}}}')
    (tmp_path / "bare.yaml").write_text(text, encoding="utf-8")
    terminal = Terminal(tmp_path, "--framework", "bare.yaml", "--plain", rows=60, columns=50)
    heard = terminal.child.logfile_read = io.StringIO()
    for asked in (
        "Your name",
        "Number or name, b back [",
        "Number or name, b back [",
        "Number or name, b back [",
    ):
        terminal.sees(asked).enters()
    terminal.sees("stop:").child.close(force=True)
    output = heard.getvalue().replace("\r", "")

    assert all(cell_len(line) < 50 for line in output.splitlines())
    assert level in output.replace("\n", "").replace(" ", "")


@pytest.mark.parametrize(
    ("options", "name", "last"),
    [
        (
            (),
            "ana.yaml",
            (
                "See everything: pmo-path assess ana.yaml --full\r\n"
                "See it as a page: pmo-path assess ana.yaml -o me.html --open"
            ),
        ),
        (("--full",), "ana.yaml", "See it as a page: pmo-path assess ana.yaml -o me.html --open"),
        (
            ("--top", "2"),
            "to me.yaml",
            (
                "See everything: pmo-path assess 'to me.yaml' --full\r\n"
                "See it as a page: pmo-path assess 'to me.yaml' -o me.html --open"
            ),
        ),
        (
            ("-o", "me.html"),
            "ana.yaml",
            "Rate yourself again in a few months, then compare: pmo-path compare ana.yaml NEWER.yaml",
        ),
    ],
)
def test_the_last_words_say_where_the_ratings_are_and_what_is_next(tmp_path, options, name, last):
    terminal = Terminal(tmp_path, *options, columns=160).begins_a_short_run()

    output = answers_all(terminal, name)

    message = f"Your ratings are in {shlex.quote(name)}.\r\n{last}\r\n"
    assert output.endswith(message)
    assert output.count("Your ratings are in") == 1


def test_no_last_words_where_no_file_was_wanted(tmp_path):
    output = answers_all(Terminal(tmp_path).begins_a_short_run(), "-")

    assert "Your ratings are" not in output


@pytest.mark.parametrize("options", [(), ("--plain",)])
@pytest.mark.parametrize("key", ["q", "Q"])
def test_the_key_to_stop_is_no_name(tmp_path, options, key):
    terminal = Terminal(tmp_path, *options)

    code, output = terminal.sees("Your name (Enter for none, q to stop)").enters(key).ends()

    assert code == 0
    assert "Stopped. Nothing was saved." in output


def test_the_key_to_stop_is_no_file_name_and_loses_no_answer(tmp_path):
    terminal = Terminal(tmp_path).begins_a_short_run()

    output = answers_all(terminal, "q")

    assert "Saved: 13 of 13 answered." in output
    assert not (tmp_path / "q").exists()
    assert len(terminal.session()["answers"]) == 13
