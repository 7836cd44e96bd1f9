"""Answers survive slips of a key, wrong file names, and reports that get lost."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

import pytest
import yaml
from tests.terminal import SHORT_RUN, Terminal, answers_all, answers_short_run, ends_short_run

if TYPE_CHECKING:
    from pathlib import Path

MONTH = 31 * 24 * 60 * 60


def sessions(folder: Path) -> list[str]:
    paths = (folder / "state" / "sessions").rglob("*.json")
    return sorted(str(path.relative_to(folder / "state" / "sessions")) for path in paths)


def one_answer_saved(folder: Path) -> str:
    """A first run that stops after one answer; the name of its file."""
    Terminal(folder).begins_a_short_run().types("3").at("Leadership & Influence", 2).types(
        "q"
    ).ends()
    (name,) = sessions(folder)
    return name


# --- The file at the end ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("x.csv", "Can't save ratings as .csv. Use .yaml."),
        ("r.json", "Can't save ratings as .json. Use .yaml."),
        ("out.HTML", "Can't save ratings as .HTML. Use .yaml."),
        ("me.xlsx", "Can't save ratings as .xlsx. Use .yaml."),
        (".", "'.' is a folder. Name a file in it."),
        ("state", "'state' is a folder. Name a file in it."),
        (
            "~nobody-of-that-name/x.yaml",
            "'~nobody-of-that-name/x.yaml' could not be written: No such file or directory",
        ),
        ("nowhere/x.yaml", "'nowhere/x.yaml' could not be written: No such file or directory"),
    ],
)
def test_a_name_that_cannot_hold_ratings_is_refused_and_asked_again(tmp_path, name, answer):
    terminal = Terminal(tmp_path).begins_a_short_run()
    answers_short_run(terminal)
    terminal.sees("Review").sees("q stop").enters()

    terminal.sees("Save your ratings as").enters(name).sees(answer)
    assert len(terminal.session()["answers"]) == 13
    terminal.sees("Save your ratings as").enters("mine.YML")
    code, output = terminal.ends()

    assert code == 0
    assert "pmo-path assess mine.YML -o me.html --open" in output
    assert (
        len(yaml.safe_load((tmp_path / "mine.YML").read_text(encoding="utf-8"))["ratings"]) == 13
    )
    assert sessions(tmp_path) == []


def test_a_name_without_an_ending_gets_one_and_one_like_an_option_can_be_read(tmp_path):
    output = answers_all(Terminal(tmp_path, columns=160).begins_a_short_run(), "-mine")

    assert "pmo-path assess ./-mine.yaml -o me.html --open" in output
    again = Terminal(tmp_path, "./-mine.yaml", "--role", "pmo-director")
    assert again.ends()[0] == 0


def test_answers_for_no_file_are_kept_until_the_report_is_out(tmp_path):
    terminal = Terminal(tmp_path, "-o", "/dev/full").begins_a_short_run()
    answers_short_run(terminal)
    terminal.sees("Review").sees("q stop").enters().sees("Save your ratings as").enters("-")

    code, output = terminal.ends()

    assert code == 74
    assert "'/dev/full' could not be written: No space left on device" in output
    assert len(terminal.session()["answers"]) == 13


def test_answers_for_no_file_are_gone_once_the_report_is_out(tmp_path):
    answers_all(Terminal(tmp_path).begins_a_short_run(), "-")

    assert sessions(tmp_path) == []


# --- Evidence ---------------------------------------------------------------------------------------


def test_evidence_without_a_level_does_not_look_answered(tmp_path):
    terminal = Terminal(tmp_path).begins_a_short_run().types("e")
    terminal.sees("what would you point to").enters("Ran a budget")
    terminal.sees("Year of the evidence").enters("2025")
    terminal.sees("So far: no level yet; evidence: Ran a budget (2025)").sees("q save and stop")

    terminal.enters().sees("1 of 13  Strategic Thinking: no level yet; choose one, or press s to")
    terminal.sees("q save and stop").types("s").sees("skipped")
    for _ in SHORT_RUN[1:]:
        terminal.types("3").sees("3 Competent")
    ends_short_run(terminal)
    terminal.sees("Review: 12 of 13 answered").sees(
        "Strategic Thinking: no level yet; evidence: Ran"
    )
    terminal.sees("q stop").types("2").sees("So far: no level yet").sees("q save").enters()
    terminal.sees("no level yet; choose one").sees("q save and stop").types("4")
    terminal.sees("4 Proficient").sees("Review: 13 of 13 answered").sees("q stop").enters()
    terminal.sees("Save your ratings as").enters("mine.yaml").ends()

    written = yaml.safe_load((tmp_path / "mine.yaml").read_text(encoding="utf-8"))["ratings"]
    assert written["strategic-thinking"] == {
        "level": 4,
        "evidence": "Ran a budget",
        "year": 2025,
    }


def test_evidence_without_a_level_does_not_look_answered_line_by_line(tmp_path):
    terminal = Terminal(tmp_path, "--plain", "--role", "pmo-director")
    terminal.sees("Your name").enters().sees("Number or name").enters("4").sees(
        "Number or name"
    ).enters("2")

    terminal.sees("q save and stop").enters("e").sees("what would you").enters("Ran a budget")
    terminal.sees("Year of the evidence").enters()
    terminal.sees("Your answer so far: no level yet; evidence: Ran a budget")
    terminal.sees("q save and stop:").enters()
    terminal.sees("No level yet. Type one, or s to skip.").sees("q save and stop:").enters("3")
    terminal.sees("Question 2 of 13").enters("q")
    code, output = terminal.ends()

    assert (code, "Saved: 1 of 13 answered." in output) == (0, True)


def test_a_year_is_kept_with_enter_and_taken_away_by_a_word(tmp_path):
    terminal = Terminal(tmp_path).begins_a_short_run().types("e")
    terminal.sees("what would you").enters("Ran a budget").sees("(Enter for none)").enters("2025")
    terminal.sees("(2025)").sees("q save and stop").types("e")
    terminal.sees("what would you").enters().sees("(none for no year) [2025]").enters()
    terminal.sees("(2025)").sees("q save and stop").types("e")
    terminal.sees("what would you").enters().sees("(none for no year) [2025]").enters("none")
    terminal.sees("evidence: Ran a budget").sees("q save and stop").types("q").ends()

    assert terminal.session()["answers"]["strategic-thinking"]["year"] is None


def test_evidence_is_deleted_by_a_word(tmp_path):
    terminal = Terminal(tmp_path).begins_a_short_run().types("e")
    terminal.sees("what would you point to:").enters("Ran a budget")
    terminal.sees("(Enter for none)").enters("2025")
    terminal.sees("Ran a budget (2025)").sees("q save and stop").types("e")
    terminal.sees("what would you point to (none to delete it) [Ran a budget]").enters("None")
    terminal.sees("Evidence deleted.").at("Strategic Thinking", 1).types("4")
    terminal.at("Leadership & Influence", 2).types("q").ends()

    answer = terminal.session()["answers"]["strategic-thinking"]
    assert answer["level"] == "4"
    assert (answer["evidence"], answer["year"]) == ("", None)


@pytest.mark.parametrize("key", ["q\r", "\x03"])
def test_stopping_at_the_year_keeps_the_evidence(tmp_path, key):
    terminal = Terminal(tmp_path).begins_a_short_run().types("e")

    terminal.sees("what would you point to").enters("Ran a budget")
    _, output = terminal.sees("Year of the evidence").types(key).ends()

    assert "Saved: 0 of 13 answered, 1 with evidence and no level yet." in output
    assert terminal.session()["answers"]["strategic-thinking"]["evidence"] == "Ran a budget"


# --- Deleting, and what is said ----------------------------------------------------------------------


@pytest.mark.parametrize("options", [(), ("--plain",)])
def test_deleting_answers_asks_first(tmp_path, options):
    name = one_answer_saved(tmp_path)
    enter = "\r" if options else ""
    terminal = Terminal(tmp_path, *options)

    terminal.sees("Unfinished").sees("3. Delete" if options else "q stop").types(f"3{enter}")
    terminal.sees("Delete 1 answer").sees("Yes, delete them").types("\r")
    terminal.sees("Your name").enters("q")
    code, output = terminal.ends()

    assert code == 0
    assert "Stopped. Your earlier answers are still saved." in output
    assert sessions(tmp_path) == [name]


def test_deleted_answers_stay_for_a_month_as_a_copy(tmp_path):
    name = one_answer_saved(tmp_path)
    folder = tmp_path / "state" / "sessions"
    terminal = Terminal(tmp_path, columns=250)

    terminal.sees("Unfinished").sees("q stop").types("3")
    terminal.sees("Delete 1 answer").sees("q stop").types("2")
    terminal.sees(f"Deleted. '{folder / 'deleted' / name}' keeps a copy for 30 days.")
    terminal.sees("Your name").enters("q")
    code, output = terminal.ends()

    assert (code, "Stopped. Nothing was saved." in output) == (0, True)
    assert sessions(tmp_path) == [f"deleted/{name}"]
    # Moved back, they are there again.
    (folder / "deleted" / name).rename(folder / name)
    Terminal(tmp_path).sees("1 of 13 answered").sees("q stop").types("q").ends()
    (folder / name).rename(folder / "deleted" / name)
    old = time.time() - MONTH
    os.utime(folder / "deleted" / name, (old, old))
    Terminal(tmp_path).sees("Your name").enters("q").ends()
    assert sessions(tmp_path) == []


@pytest.mark.parametrize("options", [(), ("--plain",)])
@pytest.mark.parametrize("key", ["q", "\x04", "\x03"])
def test_stopping_before_going_on_says_that_earlier_answers_are_saved(tmp_path, options, key):
    name = one_answer_saved(tmp_path)
    terminal = Terminal(tmp_path, *options)

    enter = "\r" if options and key == "q" else ""
    terminal.sees("Unfinished").sees("Number or name" if options else "q stop").types(
        f"{key}{enter}"
    )
    code, output = terminal.ends()

    assert code == (130 if key == "\x03" else 0)
    assert "Stopped. Your earlier answers are still saved." in output
    assert sessions(tmp_path) == [name]


@pytest.mark.parametrize("key", ["\x03", "\x04"])
def test_the_last_words_of_plain_questions_are_on_a_line_of_their_own(tmp_path, key):
    terminal = (
        Terminal(tmp_path, "--plain")
        .sees("Your name")
        .enters()
        .sees("Number or name, b back [1]: ")
    )

    _, output = terminal.types(key).ends()

    assert "\r\nStopped. Nothing was saved." in output


@pytest.mark.parametrize("options", [(), ("--plain",)])
def test_going_back_from_the_first_question_leads_through_the_choices(tmp_path, options):
    terminal = Terminal(tmp_path, *options)
    ready, enter = ("b back [", "\r") if options else ("q stop", "")
    terminal.sees("Your name").enters("Ana").sees("current role").sees(ready).types(f"4{enter}")
    terminal.sees("target role").sees(ready).types(f"5{enter}")
    terminal.sees("What to rate").sees(ready).types(f"2{enter}")
    terminal.sees("1 of").sees("save and stop").types(f"3{enter}")
    terminal.sees("2 of").sees("save and stop").types(f"b{enter}")

    terminal.sees("1 of").sees("save and stop").types(f"b{enter}")
    terminal.sees("What to rate").sees(ready).types(f"b{enter}")
    terminal.sees("target role").sees(ready).types(f"b{enter}")
    terminal.sees("current role").sees(ready).types(f"b{enter}")
    terminal.sees("Your name").sees("[Ana]").enters("b").sees("This is the first screen.")
    terminal.sees("Your name").enters("Bo").sees("current role").sees(ready).types("\r")
    terminal.sees("target role").sees(ready).types(f"3{enter}")
    terminal.sees("What to rate").sees(ready).types("\r")
    terminal.sees("1 of 12").sees("save and stop").types(f"q{enter}")
    code, output = terminal.ends()

    assert code == 0
    assert "Saved: 0 of 12 answered." in output
    session = terminal.session()
    assert (session["person"], session["target"], len(session["answers"])) == ("Bo", "pmo-lead", 1)


def test_the_last_words_name_the_framework_that_was_asked_with(tmp_path):
    (tmp_path / "own.yaml").write_text("extends: pmo\n", encoding="utf-8")
    terminal = Terminal(tmp_path, "--framework", "own.yaml").begins_a_short_run()

    code, output = terminal.types("3").at("Leadership & Influence", 2).types("q").ends()

    assert code == 0
    assert "Saved: 1 of 13 answered. Continue with: pmo-path assess --framework own.yaml" in output


def test_answers_for_a_role_that_is_gone_are_named(tmp_path):
    name = one_answer_saved(tmp_path)
    path = tmp_path / "state" / "sessions" / name
    changed = path.read_text(encoding="utf-8").replace("pmo-director", "chief")
    path.write_text(changed, encoding="utf-8")

    terminal = Terminal(tmp_path, columns=250)
    terminal.sees("Skipped unfinished answers for 'chief', which is not a role of this framework.")
    terminal.sees(f"They stay in '{path}'").sees("Your name").enters("q").ends()

    assert sessions(tmp_path) == [name]
