"""Which competence a heading means, and that a slip of the pen never makes it another."""

from __future__ import annotations

import pytest
from tests.support import run

from pmo_path import load_framework
from pmo_path.batch.headings import Names
from pmo_path.batch.look.columns import match
from pmo_path.batch.sheet import Kind

FRAMEWORK = load_framework()
NAMES = Names(FRAMEWORK, {})
COMPETENCES = {key: one.name for key, one in FRAMEWORK.competences.items()}


def slips(name):
    """The name with a letter left out, doubled, swapped with the next, or another one."""
    for place in range(1, len(name) - 2, 3):
        before, letter, after = name[:place], name[place], name[place + 1 :]
        if letter.isalpha():
            yield before + after
            yield before + letter + letter + after
            yield before + "x" + after
            if after[0] != letter:
                yield before + after[0] + letter + after[1:]


def matched(*headings):
    return match(["person", *headings], FRAMEWORK, NAMES, "people.csv", 1)


@pytest.mark.parametrize(
    "form", ["{}", "Rate yourself [{}]", "{} [{}]", "How good are you at {}?"]
)
@pytest.mark.parametrize("is_full", [False, True], ids=["alone", "in a full sheet"])
def test_a_slip_in_a_name_is_never_carried_nor_another_competence(form, is_full):
    wrong = []
    for key, name in COMPETENCES.items():
        others = [one for one in COMPETENCES.values() if is_full and one != name]
        for slip in slips(name):
            found = matched(form.format(slip, slip), *others)
            column = found.columns[1]
            if not found.problems and (column.kind, column.competence) != (Kind.RATING, key):
                wrong.append((slip, column))
            if any(one.code != "PMO601" for one in found.problems):
                wrong.append((slip, found.problems))
    assert not wrong


@pytest.mark.parametrize("key", COMPETENCES)
@pytest.mark.parametrize("form", ["{}", "Rate yourself [{}]", "How good are you at {}?"])
def test_a_name_in_any_usual_heading_is_that_competence(form, key):
    found = matched(form.format(COMPETENCES[key]))

    assert found.problems == ()
    assert found.columns[1].competence == key


def test_headings_that_a_mapping_names_are_found_above_rows_that_name_competences(tmp_path):
    long = b"Wer;Thema;Wert\nA;Strategic Thinking;3\nA;Planning;2\n"
    wide = b"Nummer;Welches Thema zuerst?;Q1;Q2\n001;Strategic Thinking;3;2\n002;Budget;3;2\n"
    mapping = tmp_path / "map.yaml"

    mapping.write_text("Wer: person\nThema: competence\nWert: rating\n", encoding="utf-8")
    of_long = run("batch", "-", "--map", mapping, "--role", "pmo-director", "-q", stdin=long)
    mapping.write_text(
        "Nummer: person\nWelches Thema zuerst?: carry\n"
        "Q1: strategic-thinking\nQ2: planning-scheduling\n",
        encoding="utf-8",
    )
    of_wide = run("batch", "-", "--map", mapping, "--role", "pmo-director", "-q", stdin=wide)

    assert of_long.err == "2 rows read: 2 scored, 0 rejected\n"
    assert of_wide.err == "2 rows read: 2 scored, 0 rejected\n"
