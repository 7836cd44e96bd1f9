"""Ratings files of every kind and in every spelling come to the same ratings."""

from __future__ import annotations

import datetime
import json
from decimal import Decimal

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from tests.support import run

from pmo_path import load_framework, load_ratings
from pmo_path.domain.errors import InputInvalid
from pmo_path.domain.interview import Answer, Interview, questions_for, resumed, to_ratings
from pmo_path.domain.ratings import Rating, Ratings
from pmo_path.readers.ratings import ratings_from
from pmo_path.render.templates.ratings import ratings_yaml, template_yaml

FRAMEWORK = load_framework()
EXPECTED = {
    "strategic-thinking": Rating(level=Decimal(3)),
    "leadership-influence": Rating(level=Decimal(4), evidence="two\nlines", year=2025),
    "pmo-design": Rating(level="n/a"),
    "pmo-team": Rating(),
    "data-decisions": Rating(level=Decimal(2)),
}
YAML = """
ratings:
  STRATEGY: 3
  leadership & influence: {level: Proficient, evidence: "two\\nlines", year: 2025}
  pmo_design: N/A
  pmo-team:
  data-decisions: 2 - Practised
"""
CSV = (
    "competence,rating,evidence,year\n"
    "Strategic  Thinking,3.0,,\n"
    'leadership-influence,4,"two\nlines",2025\n'
    "pmo-design,not applicable,,\n"
    "\n"
    "pmo-team,,,\n"
    "data-decisions,2,,\n"
)
FILES = {
    "ratings.yaml": YAML.encode(),
    "bom.yaml": b"\xef\xbb\xbf" + YAML.encode(),
    "wide.yaml": YAML.replace(": 3", ": \uff13").replace("N/A", "\uff2e\uff0f\uff21").encode(),
    "windows.yml": YAML.replace("\n", "\r\n").encode(),
    "ratings.json": json.dumps(yaml.safe_load(YAML)).encode(),
    "ratings": json.dumps(yaml.safe_load(YAML)).encode(),
    "ratings.csv": CSV.encode(),
    "semicolons.csv": CSV.replace(",", ";").encode(),
    "ratings.tsv": CSV.replace(",", "\t").encode(),
    "windows.csv": b"\xef\xbb\xbf"
    + CSV.replace("\n", "\r\n").replace("two\r\n", "two\n").encode(),
    "stdin": CSV.encode(),
}


@pytest.mark.parametrize("name", FILES)
def test_every_kind_of_file_gives_the_same_ratings(tmp_path, name):
    (tmp_path / name).write_bytes(FILES[name])

    assert load_ratings(tmp_path / name, FRAMEWORK).ratings == EXPECTED


@pytest.mark.parametrize(
    ("written", "level"),
    [
        ("2.9999999999999996", 3),
        ("5.000000000000001", 5),
        ("3.000000001", 3),
        ("2.999999999", 3),
        ("5.551115123125783e-17", 0),
        ("-1.1E-16", 0),
    ],
)
@pytest.mark.parametrize("file", ["ratings.csv", "ratings.json", "ratings.yaml"])
def test_a_level_within_the_noise_of_arithmetic_is_that_level(file, written, level):
    content = (
        f"competence,rating\nStrategic Thinking,{written}\n"
        if file.endswith("csv")
        else f'{{"ratings": {{"Strategic Thinking": {written}}}}}'
    )

    ratings = ratings_from(content.encode(), file, FRAMEWORK).ratings

    assert ratings == {"strategic-thinking": Rating(level=Decimal(level))}


@pytest.mark.parametrize(
    "written", ["3.0000000011", "2.9999999989", "5.1", "2e-9", "1e-1", "1e999999999"]
)
@pytest.mark.parametrize("file", ["ratings.csv", "ratings.json", "ratings.yaml"])
def test_what_is_further_from_a_level_is_none(file, written):
    content = (
        f"competence,rating\nStrategic Thinking,{written}\n"
        if file.endswith("csv")
        else f'{{"ratings": {{"Strategic Thinking": {written}}}}}'
    )

    with pytest.raises(InputInvalid) as caught:
        ratings_from(content.encode(), file, FRAMEWORK)

    assert [diagnostic.code for diagnostic in caught.value.diagnostics] == ["PMO502"]


def test_escaped_emoji_in_json_stay_whole():
    content = json.dumps({"person": "Ana 🧭", "ratings": {}})
    assert "\\ud83e" in content

    assert ratings_from(content.encode(), "x.json", FRAMEWORK).person == "Ana 🧭"


HARD = [
    "no",
    "1",
    "# x",
    "a: b",
    "n/a",
    "~",
    "",
    "'",
    '"',
    "\\",
    "🧭",
    "a\nb",
    "\x1b",
    " x",
    "None",
]
TEXTS = st.sampled_from(HARD) | st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\ufeff"), max_size=20
)


@given(
    person=TEXTS,
    answers=st.dictionaries(
        st.sampled_from(list(FRAMEWORK.competences)),
        st.builds(
            Answer,
            st.sampled_from([*FRAMEWORK.scale, "n/a", None]),
            TEXTS,
            st.none() | st.integers(1950, 2200),
        ),
    ),
)
def test_a_written_ratings_file_reads_back_the_same(person, answers):
    questions = questions_for(FRAMEWORK, "pmo-director", "full")
    interview = Interview(person, "pmo-manager", "pmo-director", "full", questions, 0, answers)
    ratings = to_ratings(interview, FRAMEWORK, datetime.date(2026, 11, 23))

    text = ratings_yaml(ratings, FRAMEWORK)

    assert ratings_from(text.encode(), "x.yaml", FRAMEWORK) == ratings
    assert yaml.safe_load(text)["ratings"].keys() == ratings.ratings.keys()


def test_a_template_is_a_ratings_file_with_nothing_rated():
    for role in (None, *FRAMEWORK.roles):
        ratings = ratings_from(template_yaml(FRAMEWORK, role).encode(), "x.yaml", FRAMEWORK)

        asked = FRAMEWORK.scored(role) if role else FRAMEWORK.competences
        assert dict(ratings.ratings) == dict.fromkeys(asked, Rating())
        assert ratings.target == role


STEPS = st.lists(st.sampled_from(["rate", "skip", "n/a", "back", "keep", "note"]), max_size=30)


@given(STEPS)
def test_an_interview_keeps_the_last_word_on_every_question(steps):
    questions = questions_for(FRAMEWORK, "pmo-director", "quick")
    interview = Interview("", None, "pmo-director", "quick", questions)
    said: dict[str, Answer] = {}
    for number, step in enumerate(steps):
        here = interview.current
        before = said.get(here or "", Answer())
        match step:
            case "rate":
                level = FRAMEWORK.levels[number % 6]
                interview, after = interview.rate(level), before._replace(level=level)
            case "skip":
                interview, after = interview.rate(None), before._replace(level=None)
            case "n/a":
                interview, after = interview.rate("n/a"), before._replace(level="n/a")
            case "note":
                interview, after = (
                    interview.note("e", 2025),
                    before._replace(evidence="e", year=2025),
                )
            case "back":
                interview, after = interview.back(), before
            case _:
                interview, after = interview.forward(), before
        if here is not None and step not in {"back", "keep"}:
            said[here] = after
        assert interview.answers == said
        assert 0 <= interview.position <= len(questions)


def test_answers_follow_a_renamed_competence_and_none_is_dropped():
    answers = {"Strategy": Answer(Decimal(3)), "gone": Answer(Decimal(2))}
    old = Interview("", None, "pmo-director", "quick", ("Strategy", "gone"), 1, answers)

    interview, unplaced = resumed(old, FRAMEWORK)

    assert interview.answers["strategic-thinking"] == Answer(Decimal(3))
    assert interview.answers["gone"] == Answer(Decimal(2))
    assert unplaced == ("gone",)
    ratings = to_ratings(interview, FRAMEWORK, datetime.date(2026, 1, 1))
    assert isinstance(ratings, Ratings)
    assert list(ratings.ratings) == ["strategic-thinking"]


@pytest.mark.parametrize("role", FRAMEWORK.roles)
def test_questions_come_must_haves_first_then_by_importance(role):
    requires = FRAMEWORK.scored(role)

    questions = questions_for(FRAMEWORK, role, "full")

    assert sorted(questions) == sorted(requires)
    order = list(FRAMEWORK.competences)
    ranks = [
        (requires[key].must_have is None, -requires[key].importance, order.index(key))
        for key in questions
    ]
    assert ranks == sorted(ranks)


@given(st.permutations(list(FRAMEWORK.scored("pmo-analyst"))), st.integers(0, 30))
def test_answers_saved_in_another_order_go_on_without_a_question_passed_over(order, position):
    shown = order[:position]
    answers = {key: Answer(Decimal(2)) for key in shown}
    old = Interview("", None, "pmo-analyst", "full", tuple(order), len(shown), answers)

    interview, _ = resumed(old, FRAMEWORK)

    assert interview.questions[: interview.position] == tuple(shown)
    assert set(interview.questions) == set(order)
    assert not set(interview.questions[interview.position :]) & answers.keys()


# --- Words that may mean no answer --------------------------------------------------------------

OF_NONE = (
    "{}: note: 'None' and 'none' were read as level 0 (its label) in 2 ratings; "
    "if it means no answer, leave it empty, else write 0\n"
)
OF_NA = (
    "{}: note: 'NA' was read as not applicable in 1 rating; "
    "if it means no answer, leave it empty, else write n/a\n"
)
DOUBTFUL = {
    "ratings.csv": "competence,rating\npmo-team,n/a\nstrategic-thinking,None\n"
    "planning-scheduling,3\nrisk-facilitation, none \nbenefits-tracking,NA\npmo-design,None (0)\n",
    "ratings.yaml": "ratings:\n  pmo-team: N/A\n  strategic-thinking: None\n"
    "  planning-scheduling: 3\n  risk-facilitation: {level: none}\n  benefits-tracking: NA\n",
}


@pytest.mark.parametrize("name", DOUBTFUL)
def test_a_note_says_how_words_were_read_that_may_mean_no_answer(tmp_path, name):
    (tmp_path / name).write_text(DOUBTFUL[name], encoding="utf-8")

    ran = run("assess", name, "--role", "pmo-director", "--format", "csv", cwd=tmp_path)

    assert ran.code == 0
    assert ran.err == OF_NONE.format(f"{name}:3") + OF_NA.format(f"{name}:6")


def test_no_note_is_needed_on_words_that_mean_one_thing(tmp_path):
    text = "ratings: {strategic-thinking: 0 - None, pmo-team: n/a, pmo-design: not applicable}"
    (tmp_path / "ratings.yaml").write_text(text, encoding="utf-8")

    ran = run("assess", "ratings.yaml", "--role", "pmo-director", cwd=tmp_path)

    assert (ran.code, ran.err) == (0, "")


@pytest.mark.parametrize("command", ["history", "diff"])
def test_a_history_and_a_change_of_framework_say_so_too(tmp_path, command):
    """Of each file, also where the framework is the same as before."""
    (tmp_path / "people").mkdir()
    for name in ("a.yaml", "b.yaml"):
        text = f"date: 2026-01-05\n{DOUBTFUL['ratings.yaml']}"
        (tmp_path / "people" / name).write_text(text, encoding="utf-8")
    shipped = run("show", "--resolved", cwd=tmp_path)
    (tmp_path / "framework.yaml").write_text(shipped.out, encoding="utf-8")
    arguments = {
        "history": ("people", "--role", "pmo-director"),
        "diff": ("framework.yaml", "framework.yaml", "--ratings", "people"),
    }

    ran = run(command, *arguments[command], cwd=tmp_path)

    assert ran.code == 0
    assert ran.err == "".join(
        OF_NONE.format(f"people/{name}:4") + OF_NA.format(f"people/{name}:7")
        for name in ("a.yaml", "b.yaml")
    )


def test_a_comparison_says_so_among_its_notes(tmp_path):
    for name, text in DOUBTFUL.items():
        (tmp_path / name).write_text(text, encoding="utf-8")

    ran = run(
        *("compare", "ratings.csv", "ratings.yaml", "--role", "pmo-director", "--format", "json"),
        cwd=tmp_path,
    )

    notes = json.loads(ran.out)["notes"]
    assert [note.partition(";")[0] for note in notes if "read as" in note] == [
        f"{name}:{line}: {words}"
        for name in DOUBTFUL
        for line, words in [
            (3, "'None' and 'none' were read as level 0 (its label) in 2 ratings"),
            (6, "'NA' was read as not applicable in 1 rating"),
        ]
    ]
