"""What people write names the level that they mean, or none: never another one."""

from __future__ import annotations

from decimal import Decimal
from types import SimpleNamespace

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from pmo_path import load_framework
from pmo_path.domain.framework import ScaleLevel
from pmo_path.domain.names import fold
from pmo_path.domain.numbers import show_number
from pmo_path.domain.ratings import level_named, named_by_itself, spellings
from pmo_path.domain.rules.names import shared_labels

FRAMEWORK = load_framework()
NAMED_TWICE = (
    "Expert (5)",
    "expert [5]",
    "5 (Expert)",
    "5 [EXPERT]",
    "(5) Expert",
    "[5] Expert",
    "5) Expert",
    "5. Expert",
    "5.) Expert",
    "5 = Expert",
    "5 => Expert",
    "5: Expert",
    "5 Expert",
    "5, Expert",
    "5.0 - Expert",
    "+5: Expert",
    "5 \u2014 Expert",
    "5\u2013Expert",
    "5 \u2212 Expert",
    "Expert - 5",
    "Expert: 5",
    "Expert = 5",
    "Expert, 5",
    "Expert 5",
    "Level 5 - Expert",
    "Level 5: Expert",
    "level 5 (Expert)",
    "Expert (Level 5)",
    "Expert, level 5",
    "5 - Expert: does it without help",
    "5 - Expert - leads others, for 10 years",
    "5 \u2013 Expert (leads others)",
    "5 = Expert. Leads others.",
    "5 - Expert\nleads others",
    "Expert (5): leads others",
    "Expert (5) - leads others",
    "5 - Expert: is aware of what is not proficient",
    "  5  -  Expert  ",
    "\uff15\uff1aExpert",
    "\uff25\uff58\uff50\uff45\uff52\uff54\uff08\uff15\uff09",
    "4.999999999999999 - Expert",
)
UNDECIDED = (
    "5 - Competent",
    "Competent (5)",
    "4 - Expert",
    "6 - Expert",
    "Expert (5/5)",
    "Expert (5?)",
    "5 - Expert?",
    "5 - Expert: ?",
    "5 - Expert-ish",
    "5 - Expert enough",
    "5 - Experts",
    "Not Expert (5)",
    "4-5 Expert",
    "5+ Expert",
    ">5 Expert",
    "5 - Expert: or 4",
    "5 - Expert / Proficient",
    "5 - Expert - proficient",
    "5 - Expert, 4 - Proficient",
    "5 - Expert;4 - Proficient",
    "4 - Proficient: nearly Expert",
    "Proficient (4), Expert (5)",
    "5 - Expert - n/a",
    "Level 5",
    "5/5",
    "5 out of 5",
    "\u2605\u2605\u2605\u2605\u2605",
    "?",
    "-",
    '="5"',
    "\u0665",
    "\u0665 - Expert",
    "\u2464",
    "5\u00b9",
    "5 - " + "Expert: " + "x" * 1000,
)


@pytest.mark.parametrize("text", NAMED_TWICE)
def test_a_level_may_be_named_by_number_and_label(text):
    assert level_named(FRAMEWORK, text) == 5


@pytest.mark.parametrize("text", UNDECIDED)
def test_what_names_no_level_or_two_is_not_read(text):
    assert level_named(FRAMEWORK, text) is None


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("\uff13", 3),
        ("\uff13\uff0e\uff10", 3),
        ("\u3000\uff0b\uff13", 3),
        ("\uff2e\uff0f\uff21", "n/a"),
    ],
)
def test_full_width_characters_mean_the_same(text, level):
    assert level_named(FRAMEWORK, text) == level


# --- Scales whose labels look like something else -----------------------------------------------


def scale_of(labels):
    scale = {Decimal(level): ScaleLevel(label=label) for level, label in labels.items()}
    return SimpleNamespace(
        scale=scale, written_scale=scale, baseline=None, levels=tuple(sorted(scale))
    )


ODD = scale_of({0: "1 (low)", 1: "Low", 2: "Level 3", 3: "Mid - dle", 4: "10", 5: "Low [2]"})


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("1 (low)", 0),
        ("1 [low]", None),
        ("Level 3", 2),
        ("level-3", 2),
        ("2 - Level 3", 2),
        ("Level 3 (2)", 2),
        ("Level 3: Mid - dle", None),
        ("3: mid dle", 3),
        ("Mid-dle (3)", 3),
        ("10", 4),
        ("10.0", 4),
        ("-10", None),
        ("10 (4)", 4),
        ("low [2]", 5),
        ("low (2)", None),
    ],
)
def test_a_label_comes_before_what_it_looks_like(text, level):
    assert level_named(ODD, text) == level


PATTERNS = [
    form.replace("Expert", "LABEL").replace("5", "NUMBER")
    for form in NAMED_TWICE
    if form.isascii() and "4." not in form and "10" not in form and "5.0" not in form
] + ["LABEL", "NUMBER", "NUMBER.0"]
NUMBERS = st.sampled_from(["-2", "-1", "0", "0.5", "1", "1.5", "2", "3", "5", "10", "12"])
PIECES = ["a", "b", "Able", "level", "Level", "1", "2", "3", "10", "-", "(", ")", "[2]", ":", "."]
LABELS = st.lists(st.sampled_from(PIECES), min_size=1, max_size=4).map(" ".join)


@given(
    labels=st.dictionaries(NUMBERS, LABELS, min_size=2, max_size=5),
    pattern=st.sampled_from(PATTERNS),
    dice=st.randoms(use_true_random=False),
)
@example({"1": "a 2", "2": "1 a"}, "NUMBER - LABEL", None)
@example({"1": "Level 2", "2": "a"}, "Level NUMBER: LABEL", None)
@settings(max_examples=400)
def test_a_spelling_of_a_level_names_that_level_or_none(labels, pattern, dice):
    framework = scale_of(labels)
    assume(not list(shared_labels(framework)))
    levels = list(framework.scale)
    for level in levels if dice is None else [dice.choice(levels)]:
        label = framework.scale[level].label
        text = pattern.replace("NUMBER", show_number(level)).replace("LABEL", label)
        exact = {
            other
            for other, step in framework.scale.items()
            if fold(text) in spellings(other, step.label) or named_by_itself(text) == other
        }

        assert level_named(framework, text) in (exact or {level, None})
