"""Rating on from a file, as a second person, and answers that are not sure."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
import yaml
from tests.support import run
from tests.terminal import SHORT_RUN, Terminal, answers_short_run

from pmo_path import load_framework, load_ratings
from pmo_path.domain.self_scoring import FIRST_COMPETENCE

if TYPE_CHECKING:
    from pathlib import Path

EARLIER = """\
schema: 1
person: Ana Example
role: pmo-manager
target: pmo-director
rater: self
date: 2026-05-01
framework: {id: pmo, version: "2.0.0"}
ratings:
  strategic-thinking: {level: 3, evidence: "Wrote the plan", year: 2025, confidence: high}
  leadership-influence: {level: 2, confidence: low}
  governance-risk: n/a
  financial-resource: {level: null, evidence: "Saw a budget"}
"""
ANSWERED = {
    "strategic-thinking": {
        "level": 3,
        "evidence": "Wrote the plan",
        "year": 2025,
        "confidence": "high",
    },
    "leadership-influence": {"level": 2, "confidence": "low"},
    "governance-risk": "n/a",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "old.yaml").write_text(EARLIER, encoding="utf-8")
    return tmp_path


def written(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def goes_to_the_end(terminal: Terminal, questions: int, keys: str = "3") -> None:
    for _ in range(questions):
        terminal.sees("q save and stop").types(keys)


# --- Updating ---------------------------------------------------------------------------------------


def test_an_update_asks_what_is_unrated_and_keeps_all_the_rest(folder):
    terminal = Terminal(folder, "--update", "old.yaml", columns=120)
    terminal.sees("Updating the ratings of Ana Example from 2026-05-01: 3 rated.")
    terminal.sees("All competences (27").sees("Only what is unrated (24").sees("q stop").types("2")
    terminal.sees("1 of 24  Financial").sees("evidence: Saw a budget").sees("q save")
    goes_to_the_end(terminal.types("4").sees("4 Proficient"), 23)
    terminal.sees("Review: 24 of 24 answered").sees("q stop").enters()
    terminal.sees("Save your ratings as").enters()
    code, _ = terminal.ends()

    assert code == 0
    assert (folder / "old.yaml").read_text(encoding="utf-8") == EARLIER
    (path,) = folder.glob("ratings-*.yaml")
    new = written(path)
    assert new["ratings"].items() >= ANSWERED.items()
    assert new["ratings"]["financial-resource"] == {"level": 4, "evidence": "Saw a budget"}
    assert len(new["ratings"]) == 27
    assert str(new["date"]) > "2026-05-01"
    facts = ("person", "role", "target", "rater")
    assert [new[key] for key in facts] == ["Ana Example", "pmo-manager", "pmo-director", "self"]


def test_an_update_offers_earlier_answers_last_and_enter_keeps_them(folder):
    terminal = Terminal(folder, "--update", "old.yaml", "--plain", columns=120)
    terminal.sees("All competences (27").sees("b back [").enters("all")
    for _ in range(24):
        terminal.sees("save and stop:").enters("skip")
    terminal.sees("Question 25 of 27: Strategic Thinking")
    terminal.sees("Your answer so far: 3 Competent; evidence: Wrote the plan (2025)")
    terminal.sees("Enter keeps 3").enters()
    terminal.sees("Your answer so far: 2 Practised, not sure").sees("Enter keeps").enters("keep")
    terminal.sees("Your answer so far: n/a").sees("Enter keeps").enters("1 - Aware")
    terminal.sees("Review: 3 of 27").sees("b back [").enters("finish")
    terminal.sees("Save your ratings as").enters("old.yaml").sees("replace it").enters("no")
    terminal.sees("Save your ratings as").enters("back")
    terminal.sees("Review: 3 of 27").sees("b back [").enters()
    terminal.sees("Save your ratings as").enters("new.yaml")
    assert terminal.ends()[0] == 0

    ratings = written(folder / "new.yaml")["ratings"]
    assert ratings == {
        **ANSWERED,
        "governance-risk": 1,
        "financial-resource": {"level": None, "evidence": "Saw a budget"},
    }


def test_an_update_starts_from_a_table_as_well(folder):
    (folder / "old.csv").write_text("competence,rating\npmo-team,2\n", encoding="utf-8")
    terminal = Terminal(folder, "--update", "old.csv", "--plain", "--role", "pmo-director")
    terminal.sees("Updating the ratings: 1 rated.").sees("Your name").enters("Ana")
    terminal.sees("current role").sees("b back [").enters("pmo manager")
    terminal.sees("What to rate").sees("b back [").enters("short run")
    for _ in SHORT_RUN[1:]:
        terminal.sees("save and stop:").enters("3")
    terminal.sees("13 of 13: PMO team").sees("Enter keeps").enters()
    terminal.sees("14 competences left").sees("b back [").enters("no")
    terminal.sees("Review").sees("b back [").enters().sees("Save your").enters("new.yaml")
    assert terminal.ends()[0] == 0

    assert written(folder / "new.yaml")["ratings"]["pmo-team"] == 2


def test_an_unfinished_update_goes_on_with_what_was_unrated_first(folder):
    terminal = Terminal(folder, "--update", "old.yaml")
    terminal.sees("What to rate").sees("q stop").types("1")
    goes_to_the_end(terminal, 2)
    terminal.sees("3 of 27").sees("q save and stop").types("q")
    first = terminal.ends()[1]
    assert "Saved: 5 of 27 answered." in first
    before = terminal.session()["questions"]

    again = Terminal(folder).sees("5 of 27 answered").sees("q stop").types("1")
    again.sees("3 of 27").sees("q save and stop").types("q").ends()

    assert again.session()["questions"] == before


def test_a_rest_that_is_rated_after_a_short_run_is_in_the_file(tmp_path):
    terminal = Terminal(tmp_path).begins_a_short_run()
    for _ in SHORT_RUN:
        terminal.types("3").sees("3 Competent")
    terminal.sees("14 competences left. Rate them now?").sees("q stop").types("b")
    terminal.sees("13 of 13").sees("q save and stop").enters()
    terminal.sees("14 competences left. Rate them now?").sees("q stop").types("2")
    terminal.sees("14 of 27").sees("minutes left)")
    goes_to_the_end(terminal, 14)
    terminal.sees("Review: 27 of 27 answered").sees("q stop").enters()
    terminal.sees("Save your ratings as").enters("new.yaml")
    assert terminal.ends()[0] == 0

    assert len(written(tmp_path / "new.yaml")["ratings"]) == 27


# --- A second rater ---------------------------------------------------------------------------------


def test_a_second_rater_names_the_person_and_sees_no_earlier_answer(tmp_path):
    mine = Terminal(tmp_path).begins_a_short_run().types("3").at("Leadership & Influence", 2)
    mine.types("q").ends()

    options = ("--rater", "Line [b]manager[/b]", "--person", "Ana [red]Example[/red]")
    terminal = Terminal(tmp_path, *options, "--role", "pmo-director", columns=120)
    shown = terminal.child.logfile_read = Heard()
    terminal.sees("Their current role").sees("q stop").types("5")
    terminal.sees("What to rate").sees("q stop").types("2")
    terminal.sees("You rate Ana [red]Example[/red] as Line [b]manager[/b].")
    terminal.at("Strategic Thinking", 1)
    answers_short_run(terminal)
    terminal.sees("Review: 13").sees("q stop").enters()
    terminal.sees("[ratings-line-b-manager-b-").enters()
    assert terminal.ends()[0] == 0

    assert "Unfinished" not in shown.text
    assert "So far" not in shown.text
    (path,) = tmp_path.glob("ratings-line-b-manager-b-*.yaml")
    new = written(path)
    assert (new["person"], new["rater"]) == ("Ana [red]Example[/red]", "Line [b]manager[/b]")
    assert len(list((tmp_path / "state" / "sessions").glob("*.json"))) == 1


class Heard:
    """All that a terminal has shown."""

    def __init__(self) -> None:
        self.text = ""

    def write(self, text: str) -> None:
        self.text += text

    def flush(self) -> None:
        """Nothing waits."""


def test_a_second_rater_who_stops_can_go_on_with_the_command_shown(tmp_path):
    terminal = Terminal(tmp_path, "--rater", "manager", "--role", "pmo-director", "--plain")
    terminal.sees("Person to rate").enters("").sees("Person to rate").enters("Ana")
    terminal.sees("Their current role").sees("b back [").enters()
    terminal.sees("What to rate").sees("b back [").enters("short run")
    terminal.sees("1 of 13").sees("save and stop:").enters("3")
    terminal.sees("2 of 13").sees("save and stop:").enters("q")
    assert "Continue with: pmo-path assess --rater manager" in terminal.ends()[1]

    Terminal(tmp_path).sees("Your name").enters("q").ends()
    other = ("--rater", "manager", "--person", "Bo")
    Terminal(tmp_path, *other).sees("Their current role").sees("q stop").types("q").ends()
    again = Terminal(tmp_path, "--rater", "Manager", "--person", "ana")
    again.sees("Unfinished: Ana, PMO Director, 1 of 13 answered").sees("q stop").types("q").ends()


def test_whoever_rates_themselves_hears_first_that_others_may_rate_them(tmp_path):
    terminal = Terminal(tmp_path)
    terminal.sees("Your name").enters().sees("current role").sees("q stop").types("5")
    terminal.sees("target role").sees("q stop").types("5")
    terminal.sees("What to rate").sees("q stop").types("2")
    terminal.sees("Your manager may rate you as well.").sees("1 of 13")
    terminal.child.close(force=True)


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        (("old.yaml", "--update", "old.yaml"), "--update is for the questions"),
        (("old.yaml", "--rater", "manager"), "--rater is for the questions"),
        (("old.yaml", "--person", "Ana"), "--person is for the questions"),
        (("--update", "-"), "--update needs a file"),
    ],
)
def test_options_of_the_questions_are_refused_without_questions(folder, options, problem):
    ran = run("assess", *options, cwd=folder)

    assert ran.code == 2
    assert problem in ran.err


@pytest.mark.parametrize(
    ("options", "code", "problem"),
    [
        (("--rater", "manager"), 2, "A second rater starts without them"),
        (("--person", "Bo"), 2, "has the ratings of 'Ana Example', not of 'Bo'"),
        (("--person", " "), 2, "--person is empty"),
        (("--update", "gone.yaml"), 3, "gone.yaml"),
    ],
)
def test_an_update_that_cannot_be_is_refused_before_any_question(folder, options, code, problem):
    ended, output = Terminal(folder, "--update", "old.yaml", *options, columns=200).ends()

    assert ended == code
    assert problem in output


# --- A second rater's file ---------------------------------------------------------------------------


def test_a_second_rater_gets_the_same_competences_and_no_answer(folder):
    ran = run(
        *("template", "ratings", "--from", "old.yaml", "--rater", 'Bo: "boss" # [b]x[/b]'),
        *("-o", "second.yaml"),
        cwd=folder,
    )

    assert (ran.code, ran.err) == (0, "Wrote second.yaml.\n")
    text = (folder / "second.yaml").read_text(encoding="utf-8")
    assert "Wrote the plan" not in text
    assert "Saw a budget" not in text
    empty = written(folder / "second.yaml")
    assert set(empty["ratings"].values()) == {None}
    assert set(empty["ratings"]) == set(yaml.safe_load(EARLIER)["ratings"])
    assert empty["rater"] == 'Bo: "boss" # [b]x[/b]'
    facts = ("person", "role", "target")
    assert [empty[key] for key in facts] == ["Ana Example", "pmo-manager", "pmo-director"]
    assert empty["date"] is None
    assert run("assess", "second.yaml", cwd=folder).code == 0


def test_a_second_rater_gets_a_file_from_a_table_as_well(folder):
    (folder / "old.csv").write_text("competence,rating\npmo-team,2\n", encoding="utf-8")

    ran = run("template", "--from", "old.csv", "--rater", "peer", cwd=folder)

    assert yaml.safe_load(ran.out)["ratings"] == {"pmo-team": None}
    assert yaml.safe_load(ran.out)["rater"] == "peer"


def test_an_empty_file_can_be_for_another_rater_without_earlier_ratings():
    ran = run("template", "--role", "pmo-director", "--rater", "manager")

    assert yaml.safe_load(ran.out)["rater"] == "manager"
    assert len(yaml.safe_load(ran.out)["ratings"]) == 27


@pytest.mark.parametrize("rater", ["manager", '=1+1 "boss" [b]x[/b]'])
def test_a_workbook_can_be_for_another_rater(tmp_path, rater):
    options = ("--role", "pmo-director", "--rater", f" {rater} ", "-o", "their.xlsx")
    ran = run("template", "ratings", *options, cwd=tmp_path)
    assert ran == (0, "", "Wrote their.xlsx.\n")

    book = openpyxl.load_workbook(tmp_path / "their.xlsx")
    sheet = book["Rate"]
    assert sheet["A1"].value == "Rate somebody: PMO Director"
    assert "person you rate" in sheet["D4"].value
    sheet["C4"] = "Ana"
    sheet[f"C{FIRST_COMPETENCE + 1}"] = "3 - Competent"
    book.save(tmp_path / "their.xlsx")
    ratings = load_ratings(tmp_path / "their.xlsx", load_framework())
    assert (ratings.person, ratings.rater) == ("Ana", rater)


@pytest.mark.parametrize(
    ("options", "code", "problem"),
    [
        (("--from", "old.yaml"), 2, "name who will rate, such as --rater manager"),
        (("--from", "old.yaml", "--rater", " "), 2, "name who will rate"),
        (("--from", "none.yaml", "--rater", "peer"), 2, "has no competences for a second rater"),
        (("--from", "gone.yaml", "--rater", "peer"), 3, "gone.yaml"),
        (
            ("--from", "old.yaml", "--rater", "peer", "--role", "pmo-lead"),
            2,
            "leave out --role and --target-level",
        ),
        (("people.csv", "--rater", "peer"), 2, "a rater is for 'template ratings'"),
        (("framework", "--rater", "peer"), 2, "--rater is for ratings"),
        (("ratings.xlsx", "--rater", " "), 2, "name who will rate"),
        (
            ("ratings.xlsx", "--from", "old.yaml", "--rater", "peer"),
            2,
            "--from does not work for a workbook",
        ),
    ],
)
def test_a_file_for_a_second_rater_that_cannot_be_is_refused(folder, options, code, problem):
    (folder / "none.yaml").write_text("person: Ana\nratings: {}\n", encoding="utf-8")

    ran = run("template", *options, cwd=folder)

    assert ran.code == code
    assert problem in ran.err


def test_a_file_is_never_written_over_the_ratings_that_it_comes_from(folder):
    ran = run(*("template", "--from", "old.yaml", "--rater", "peer", "-o", "old.yaml"), cwd=folder)

    assert ran.code == 2
    assert (folder / "old.yaml").read_text(encoding="utf-8") == EARLIER


@pytest.mark.parametrize("options", [("--person", "Ana"), ("--role", "any")])
def test_a_framework_without_roles_has_nothing_to_ask_without_a_level(tmp_path, options):
    (tmp_path / "f.yaml").write_text(
        "schema: 1\nframework: {id: f, title: F, version: 1.0.0}\nscale: {1: {label: a}, 2: {label: b}}\n"
        "domains: {d: {name: D, competences: {c: {name: C}}}}\n"
        "readiness: {any: {label: Any, at_least: 0}}\n",
        encoding="utf-8",
    )

    code, output = Terminal(tmp_path, "--framework", "f.yaml", *options, columns=200).ends()

    assert code == 2
    assert "this framework has no roles; name the level to reach with --target-level" in output


# --- Not sure ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("options", [(), ("--plain",)])
def test_not_sure_is_an_answer_with_or_without_a_level(tmp_path, options):
    terminal = Terminal(tmp_path, "--role", "pmo-director", *options, columns=120)
    ready, enter = ("b back [", "\r") if options else ("q stop", "")
    unsure = "not sure\r" if options else "u"
    terminal.sees("Your name").enters().sees("current role").sees(ready).types(f"5{enter}")
    terminal.sees("What to rate").sees(ready).types(f"2{enter}")

    terminal.sees("1 of 13").sees("save and stop").types(unsure)
    terminal.sees("Not sure: choose the level that fits best").sees(
        "so far: no level yet, not" if options else "So far: no level yet, not sure"
    )
    terminal.sees("save and stop").types(f"3{enter}")
    terminal.sees("2 of 13").sees("save and stop").types(unsure).sees("Not sure: choose")
    terminal.sees("2 of 13").sees("save and stop").types("\r")
    terminal.sees("3 of 13").sees("save and stop").types(unsure).sees("Not sure: choose")
    terminal.sees("3 of 13").sees("save and stop").types(unsure).sees("No longer marked")
    terminal.sees("3 of 13").sees("save and stop").types(f"3{enter}")
    terminal.sees("4 of 13").sees("save and stop").types(f"q{enter}").ends()

    answers = terminal.session()["answers"]
    assert {key: (answer["level"], answer["confidence"]) for key, answer in answers.items()} == {
        "strategic-thinking": ("3", "low"),
        "leadership-influence": (None, "low"),
        "governance-risk": ("3", None),
    }


def test_reports_name_what_was_not_sure_apart_from_low_confidence(folder):
    (folder / "r.yaml").write_text(
        "target: pmo-director\nratings:\n  strategic-thinking: {level: 3, confidence: low}\n"
        "  pmo-team: {level: null, confidence: low}\n",
        encoding="utf-8",
    )

    ran = run("assess", "r.yaml", "--full", cwd=folder, COLUMNS="250")
    data = json.loads(run("assess", "r.yaml", "--format", "json", cwd=folder).out)

    assert "Rated with low confidence; ask a second rater: Strategic Thinking." in ran.out
    assert (
        "Not sure, and left unrated; find out with someone who sees your work: PMO team" in ran.out
    )
    kinds = [nudge["kind"] for nudge in data["nudges"]]
    assert kinds[:2] == ["low-confidence", "not-sure"]


def test_answers_of_an_earlier_version_are_read(tmp_path):
    terminal = Terminal(tmp_path).begins_a_short_run().types("3").at("Leadership & Influence", 2)
    terminal.types("q").ends()
    (path,) = (tmp_path / "state" / "sessions").glob("*.json")
    document = json.loads(path.read_text(encoding="utf-8"))
    for key in ("rater", "earlier"):
        del document["interview"][key]
    for answer in document["interview"]["answers"].values():
        del answer["confidence"]
    path.write_text(json.dumps(document), encoding="utf-8")

    again = Terminal(tmp_path).sees("1 of 13 answered").sees("q stop").types("1")
    again.at("Leadership & Influence", 2).types("q").ends()


# --- Keys that do nothing ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("x", "'x'"),
        ("7", "'7'"),
        ("\x1b", "Esc"),
        ("\t", "Tab"),
        ("\x1bOP", "F1"),
        ("\x18", "Ctrl-X"),
    ],
)
def test_a_key_that_does_nothing_says_so(tmp_path, key, name):
    terminal = Terminal(tmp_path).begins_a_short_run()

    terminal.types(key).sees(f"{name} does nothing here").types("3").sees("3 Competent")

    terminal.child.close(force=True)
