"""The file of a plan: what people edit in it, and what is said about mistakes."""

from __future__ import annotations

import datetime

import pytest
from tests import hostile, plans
from tests.support import same_as_snapshot

from pmo_path import load_framework
from pmo_path.domain.codes import Code
from pmo_path.domain.plan.file import plan_file
from pmo_path.domain.plan.result import ActionStatus
from pmo_path.domain.ratings import Ratings
from pmo_path.readers.filetype import FileType, identify
from pmo_path.readers.plan import check_plan, read_plan
from pmo_path.writers.plan import plan_yaml

FRAMEWORK = load_framework()
TODAY = datetime.date(2027, 3, 1)
STEP = "step:strategic-thinking:4"
COURSE = "course:essentials-pmo-directors"


def ratings():
    return Ratings.model_validate(
        {
            "person": "Ana",
            "role": "pmo-manager",
            "date": datetime.date(2026, 11, 23),
            "ratings": {"strategic-thinking": 3, "pmo-team": "n/a", "pmo-design": None},
        }
    )


def plan(text="", **fields):
    made = plans.plan(text)
    step, course = made.actions
    facts = made.framework._replace(version=FRAMEWORK.framework.version)
    changes = {"framework": facts, "actions": (step, course._replace(id=COURSE)), "excluded": ()}
    return made._replace(**{**changes, **fields})


def written(made=None, before=None):
    return plan_yaml(plan_file(made or plan(), FRAMEWORK, ratings(), before))


def read(text):
    return read_plan(identify(text.encode(), "plan.yaml", FileType.PLAN), FRAMEWORK, TODAY)


def mistakes(text):
    return check_plan(identify(text.encode(), "plan.yaml", FileType.PLAN), FRAMEWORK, TODAY)


def test_the_file_of_a_plan_is_as_in_its_snapshot():
    assert same_as_snapshot("plan-file.yaml", written())


def test_a_plan_is_read_as_it_was_written():
    file = plan_file(plan(), FRAMEWORK, ratings())

    back = read(plan_yaml(file))

    assert back.plan == file
    assert back.role == "pmo-director"
    assert back.ratings.role == "pmo-manager"
    assert back.ratings.ratings["strategic-thinking"].level == 3
    assert back.ratings.ratings["pmo-team"].level == "n/a"
    assert [entry.earlier.status for entry in back.plan.actions] == [
        ActionStatus.OPEN,
        ActionStatus.DONE,
    ]


@pytest.mark.parametrize("kind", hostile.TEXTS)
def test_a_plan_with_hostile_texts_is_read_as_it_was_written(kind):
    text = hostile.TEXTS[kind]
    made = plan(f" {text}")
    step, course = made.actions
    made = made._replace(actions=(step._replace(supporter=text), course))

    file = plan_file(made, FRAMEWORK, ratings())

    assert read(plan_yaml(file)).plan == file


def test_notes_and_own_keys_stay_also_where_an_action_is_no_longer_planned():
    text = (
        written()
        .replace("kind: plan\n", "kind: plan\nx-team: north\n")
        .replace("note: agreed with Kim\n", "note: agreed with Kim\n  x-ticket: 42\n")
    )
    before = read(text).plan
    made = plan()

    after = read(written(made._replace(actions=made.actions[1:]), before)).plan

    assert after.model_extra == {"x-team": "north"}
    assert [entry.id for entry in after.actions] == [COURSE]
    (kept,) = after.earlier
    assert (kept.id, kept.note, kept.model_extra) == (STEP, "agreed with Kim", {"x-ticket": 42})
    again = read(written(made, after)).plan
    assert again.earlier == ()
    assert again.actions[0].model_extra == {"x-ticket": 42}


def test_what_nobody_wrote_in_is_not_kept():
    made = plan()
    bare = made.actions[0]._replace(note="")
    before = read(written(made._replace(actions=(bare, made.actions[1])))).plan

    after = read(written(made._replace(actions=made.actions[1:]), before)).plan

    assert after.earlier == ()


EDITS = [
    (f"id: {STEP}", "id: step:strategic-thinkin:4", Code.UNKNOWN_ACTION, "strategic-thinking:4"),
    (f"id: {COURSE}", f"id: {STEP}", Code.DUPLICATE_ACTION, "keep one of the two"),
    ("due: 2027-01-22", "due: 2026-01-22", Code.DUE_BEFORE_START, "change one of the two"),
    ("done_on: 2027-02-19", "done_on: 2028-02-19", Code.DONE_IN_FUTURE, "when it is done"),
    ("\n  status: done", "\n  status: open", Code.DATE_WITHOUT_DONE, "write status: done"),
    ("excluded: []", f"excluded: [{COURSE}]", Code.PINNED_AND_EXCLUDED, "take it out"),
    ("  id: pmo\n", "  id: ours\n", Code.PLAN_FOR_OTHER_FRAMEWORK, "--framework"),
    ("role: pmo-director", "role: pmo-directr", Code.UNKNOWN_PLAN_TARGET, "pmo-director"),
    ("\nrole: pmo-director", "\nrole:", Code.UNKNOWN_PLAN_TARGET, "name the role"),
    ("current_role: pmo-manager", "current_role: x", Code.UNKNOWN_PLAN_TARGET, "roles:"),
    ("role: pmo-director", "role: pmo-director\nreach: top", Code.UNKNOWN_PLAN_TARGET, "bands:"),
    ("\nrole: pmo-director", "\ntarget_level: 9", Code.UNKNOWN_PLAN_TARGET, ""),
    (
        "strategic-thinking: 3\n",
        "strategic-thinkin: 3\n",
        Code.RATING_OF_UNKNOWN_COMPETENCE,
        "ing",
    ),
    ("strategic-thinking: 3\n", "strategic-thinking: 9\n", Code.RATING_OFF_SCALE, "use 0"),
    ("pin: false", "pin: yes", Code.WRONG_TYPE, "write true"),
    ("  supporter:", "  suporter:", Code.UNKNOWN_KEY, ""),
    ("hours_per_week: 4", "hours_per_week: 0", Code.INVALID_VALUE, ""),
    ("weeks: 26", "weeks: 600", Code.INVALID_VALUE, ""),
    ("starts: 2026-11-30\nweeks", "starts: 9999-12-31\nweeks", Code.INVALID_VALUE, ""),
    ("due: 2027-01-22", "due: 9999-01-22", Code.INVALID_VALUE, ""),
    ("starts: 2026-11-30\n  due", "starts: soon\n  due", Code.INVALID_VALUE, ""),
]


@pytest.mark.parametrize(("old", "new", "code", "hint"), EDITS)
def test_a_bad_edit_is_reported_with_its_line_and_what_to_do(old, new, code, hint):
    text = written()
    assert old in text
    edited = text.replace(old, new, 1)
    pairs = zip(text.splitlines(), edited.splitlines(), strict=False)
    line = next(number for number, (was, now) in enumerate(pairs, 1) if was != now)

    found = mistakes(edited)

    assert [diagnostic.code for diagnostic in found] == [code]
    assert hint in found[0].hint
    assert abs(found[0].place.line - line) <= 1


def test_an_action_that_is_gone_names_both_versions():
    text = written().replace(f"version: {FRAMEWORK.framework.version}", "version: 0.1.0")
    text = text.replace(f"id: {STEP}", "id: step:gone:1")

    (found,) = mistakes(text)

    assert "the plan is on 0.1.0" in found.message


def test_another_kind_of_file_is_named():
    (found,) = mistakes("ratings: {strategic-thinking: 3}\n")

    assert found.code is Code.WRONG_FILE_TYPE
    assert "a ratings file, not a development plan" in found.message
