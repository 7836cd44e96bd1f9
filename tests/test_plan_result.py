"""A plan in every format."""

from __future__ import annotations

import csv
import datetime
import io
import json
import re
from fractions import Fraction

import icalendar
import pytest
from tests import hostile, plans
from tests.html_page import Seen, keeps_to_itself
from tests.support import same_as_snapshot

from pmo_path.cli.streams import PLAIN_FILE, TerminalStyle
from pmo_path.domain.bands import BandFacts
from pmo_path.domain.plan.model import Method, Worth
from pmo_path.domain.plan.result import ActionStatus
from pmo_path.domain.report import Reference
from pmo_path.domain.text import shown
from pmo_path.render.formats.registry import Format, write_result
from pmo_path.render.results.plan import plan_result

MADE_AT = datetime.datetime(2026, 11, 29, 9, 30, tzinfo=datetime.UTC)
SHOWN = [format_ for format_ in Format if format_ is not Format.YAML]
ENDINGS = {Format.TABLE: "txt", Format.HTML: "html", Format.MARKDOWN: "md", Format.CALENDAR: "ics"}


def written(format_, plan=None, *, style=PLAIN_FILE, **shown):
    out = io.StringIO()
    result = plan_result(plan or plans.plan(), made_at=MADE_AT, **shown)
    write_result(result, format_, out, style)
    return out.getvalue()


@pytest.mark.parametrize("format_", SHOWN)
def test_a_plan_in_a_format_is_as_in_its_snapshot(format_):
    text = written(format_, explain=True).replace("\r\n", "\n")

    assert same_as_snapshot(f"plan-result.{ENDINGS.get(format_, format_)}", text)


def test_the_short_form_fits_a_screen():
    text = written(Format.TABLE, style=TerminalStyle(80, color=False, unicode=True), is_brief=True)

    assert same_as_snapshot("plan-result-short.txt", text)
    assert len(text.splitlines()) < 25


@pytest.mark.parametrize("kind", hostile.TEXTS)
@pytest.mark.parametrize("format_", SHOWN)
def test_a_hostile_text_is_only_shown(format_, kind):
    plan = plans.plan(f" {hostile.TEXTS[kind]}")
    text = written(format_, plan, explain=True).replace("\r\n", "\n")

    # In Markdown a space without width parts what a forum would turn into an emoji or a mention.
    text = re.sub("([:@#])\u200b", r"\1", text)
    assert shown(text) == text
    if format_ is Format.HTML:
        keeps_to_itself(text)
        assert Seen(text).shape() == Seen(written(format_, explain=True)).shape()
    if format_ is Format.CSV:
        assert not any(
            cell.startswith(("=", "+", "@"))
            for row in csv.reader(io.StringIO(text))
            for cell in row
        )


def test_json_has_exact_figures_and_no_words_of_a_page():
    document = json.loads(written(Format.JSON))

    assert document["limits"]["competences_at_once"] == 3
    assert document["worth"] == {"must_haves_met": 1, "points": 8, "expected_hours": 41}
    assert document["actions"][0]["hours_range"] == [20, 30]
    assert document["end"]["readiness"]["low"] == {"rounded": 62.0, "exact": "62"}


@pytest.mark.parametrize(
    ("method", "bound", "said"),
    [
        (Method.EXACT, None, "no other plan within these limits is better"),
        (
            Method.BEST_FOUND,
            Worth(2, plans.D(12), plans.D(60)),
            "no plan can exceed 2 must-haves",
        ),
        (Method.BEST_FOUND, None, "A better plan may exist"),
        (Method.GREEDY, None, "pip install 'pmo-path[plan]'"),
    ],
)
def test_a_plan_says_how_it_was_chosen(method, bound, said):
    text = written(Format.TABLE, plans.plan(method=method, bound=bound))

    assert said in " ".join(text.split())


def test_a_competence_without_a_level_is_named_in_the_short_form():
    unrated = (Reference("reporting", "Reporting"), Reference("planning", "Planning"))

    text = written(Format.TABLE, plans.plan(rate_first=unrated), is_brief=True)

    assert "2 competences are unrated, so nothing is planned for them." in text


def test_the_short_form_shows_when_an_action_starts_and_when_it_is_due():
    text = written(Format.TABLE, is_brief=True)

    assert f"{plans.START}  {plans.day(7)}  Write" in text


def test_a_course_that_newer_ratings_count_is_already_in_the_ratings():
    action = plans.action(status=ActionStatus.DONE, raises=())

    text = written(Format.TABLE, plans.plan(actions=(action,), phases=()), is_brief=True)

    assert "already in your ratings" in text


@pytest.mark.parametrize(
    ("loss", "shown"),
    [
        (
            Worth(1, plans.D(5), plans.D("-2.5")),
            "loses 1 must-have and 5 weighted gap points, and ",
        ),
        (Worth(0, plans.D(1), plans.D(25)), "the plan loses 1 weighted gap point"),
        (Worth(0, plans.D(0), plans.D("-2.5")), "the plan needs 2.5 hours more"),
        (Worth(0, plans.D(0), plans.D(0)), "another action could replace it at no loss"),
    ],
)
def test_what_a_plan_loses_without_an_action_is_a_sentence(loss, shown):
    plan = plans.plan()
    plan = plan._replace(actions=(plan.actions[0]._replace(buys=loss), plan.actions[1]))

    assert shown in written(Format.MARKDOWN, plan, explain=True)


@pytest.mark.parametrize(
    ("fields", "shown"),
    [
        ({"open_gaps": ()}, "There is nothing to plan: there are no gaps."),
        (
            {"open_gaps": (), "rate_first": (Reference("planning", "Planning"),)},
            "There is nothing to plan: your rated competences have no gaps.",
        ),
        (
            {"open_gaps": (), "not_applicable": (Reference("planning", "Planning"),)},
            "There is nothing to plan: your rated competences have no gaps.",
        ),
        (
            {"now": plans.standing(0, plans.START, 1)._replace(readiness=None)},
            "There is nothing to plan yet, because nothing is rated. Rate yourself: pmo-path",
        ),
        ({}, "No action fits these limits (4 gaps open)."),
        (
            {"reach": BandFacts("early", "Early", plans.D(0), None, None)},
            "There is nothing to plan: Early is already reached.",
        ),
    ],
)
def test_a_plan_without_actions_says_why(fields, shown):
    nothing = {"actions": (), "phases": (), "rate_first": (), "not_applicable": (), **fields}

    text = written(Format.TABLE, plans.plan(**nothing))

    assert shown in text
    assert "0 actions" not in text


def test_only_actions_of_nearly_all_trials_are_right_whatever_the_estimates():
    shares = [Fraction(79, 100), Fraction(80, 100)]
    actions = tuple(
        plans.action(id=f"step:c:{index}", share_of_trials=share)
        for index, share in enumerate(shares)
    )
    phases = tuple(phase._replace(action_ids=()) for phase in plans.plan().phases)
    phases = (phases[0]._replace(action_ids=("step:c:0", "step:c:1")), *phases[1:])

    text = written(Format.MARKDOWN, plans.plan(actions=actions, phases=phases))

    assert text.count("Confidence") == 1
    assert "1 of 2 actions were chosen" in text


# --- Calendars ------------------------------------------------------------------------------------


def events(plan, made_at=MADE_AT):
    out = io.StringIO()
    write_result(plan_result(plan, made_at=made_at), Format.CALENDAR, out, PLAIN_FILE)
    calendar = icalendar.Calendar.from_ical(out.getvalue())
    return {str(event["uid"]): event for event in calendar.walk("VEVENT")}


def test_a_calendar_has_whole_days_of_actions_reviews_and_the_next_rating():
    found = list(events(plans.plan()).values())

    strategy, course, *reviews, again = found
    assert strategy["summary"] == "Write the PMO's strategy"
    assert strategy.decoded("dtstart") == plans.START
    assert strategy.decoded("dtend") == plans.day(7) + datetime.timedelta(days=1)
    assert course["summary"] == "done: Strategy seminar"
    assert [event.decoded("dtstart") for event in reviews] == [plans.day(8), plans.day(12)]
    assert again.decoded("dtstart") == plans.day(25)
    assert all(len(event.walk("VALARM")) == 1 for event in [*reviews, again])


def test_importing_a_later_calendar_moves_events_and_adds_none():
    before = events(plans.plan())
    moved = plans.plan().actions[0]._replace(starts=plans.day(1, 0), due=plans.day(9), note="new")
    plan = plans.plan(actions=(moved, plans.plan().actions[1]))

    after = events(plan, MADE_AT + datetime.timedelta(minutes=2))

    assert before.keys() == after.keys()
    assert all(int(after[uid]["sequence"]) > int(before[uid]["sequence"]) for uid in before)
    assert all(after[uid].decoded("dtstamp") > before[uid].decoded("dtstamp") for uid in before)


def test_plans_of_other_people_and_roles_have_other_events():
    others = [plans.plan(person="Ben"), plans.plan(role=Reference("pmo-manager", "Manager"))]

    ours = events(plans.plan()).keys()

    assert all(events(other).keys().isdisjoint(ours) for other in others)
    assert not any("Ana" in uid for uid in ours)


@pytest.mark.parametrize("kind", hostile.TEXTS)
def test_a_calendar_with_hostile_texts_is_read_back_as_what_is_shown(kind):
    text = hostile.TEXTS[kind]

    found = list(events(plans.plan(f" {text}")).values())

    assert len(found) == 5
    assert found[0]["summary"] == hostile.shown(f"Write the PMO's strategy {text}")


def test_lines_of_a_calendar_are_folded():
    text = written(Format.CALENDAR, plans.plan(f" {hostile.TEXTS['long']}"))

    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
