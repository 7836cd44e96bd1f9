"""The short form of the gap report on a terminal, and what the full one adds."""

from __future__ import annotations

import io
import json

import pytest
from tests.support import EXAMPLES, run
from tests.terminal import Terminal, answers_all, on_a_terminal

from pmo_path import assess, load_framework, load_ratings, to_text
from pmo_path.cli.streams import TerminalStyle
from pmo_path.render.document import Detail, Document, ListBlock, Paragraph, Section
from pmo_path.render.formats.terminal import write
from pmo_path.render.results.report import BriefReport, report_document

MANAGER = EXAMPLES / "ratings-manager.yaml"
MORE = "For development, not for selection. Everything: --full; as a page: -o me.html.\n"
SCREEN = 24
FRAMEWORK = """\
schema: 1
framework: {id: f, version: 1.0.0, title: F}
scale: {0: {label: None}, 1: {label: Some}, 2: {label: Good}, 3: {label: Best}}
readiness:
  ready: {label: Ready, at_least: 90, must_haves_missing: 0}
  near: {label: Near, at_least: 60, must_haves_missing: 1}
  low: {label: Low, at_least: 0}
domains:
  d:
    name: D
    competences:
      plan:
        name: Planning
        experience:
          2:
            do: Plan a project
            first_move: Ask for a project to plan
            hours: [20, 30]
            weeks: [4, 6]
            start: ask
          3: Plan a programme
        exposure: [A planner]
        evidence: [A plan]
      risk: {name: Risk, experience: {3: {do: Run a workshop, start: event}}}
      team: {name: Team}
roles:
  a: {name: Assistant, leads_to: [b], requires: {plan: 1}}
  b: {name: Planner, leads_to: [c], requires: {plan: {level: 2, must_have: 2}, risk: 1}}
  c:
    name: Head
    requires: {plan: {level: 3, must_have: 2}, risk: {level: 3, importance: 2}, team: 1}
training:
  basics: {title: Basics, develops: {plan: {from: 1, to: 2}}, days: 2, type: course}
  advanced:
    title: Advanced
    provider: School
    audience: Planners
    develops: {plan: {from: 2, to: 3}, risk: {from: 2, to: 3}}
    prerequisites: [basics, A job]
    hours: 12
    cost: {amount: 950, currency: EUR, as_of: 2026-01, note: without VAT}
    url: https://example.org/advanced
    source_date: 2025-06
    checked: 2026-10
  master: {title: Master, type: qualification, develops: {risk: {from: 2, to: 3}}}
  chartered: {title: Chartered, type: recognition, develops: {team: {from: 1, to: 3}}}
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "f.yaml").write_text(FRAMEWORK, encoding="utf-8")
    (tmp_path / "r.yaml").write_text(
        "person: Jo\nrole: a\ntarget: c\ndate: 2026-11-01\nratings: {plan: 1, risk: 2, team: 2}\n",
        encoding="utf-8",
    )
    return tmp_path


def at(folder, *options: object) -> str:
    ran = run("assess", "r.yaml", "--framework", "f.yaml", *options, cwd=folder)
    assert (ran.code, ran.err) == (0, "")
    return ran.out


def test_the_short_form_is_the_verdict_the_way_on_strengths_and_first_steps(folder):
    assert at(folder) == (
        "Jo: Assistant \u2192 Head\n"
        "self-assessment of 2026-11-01; f 1.0.0\n"
        "\n"
        "Low: readiness 55.6 %, 1 of 3 at target, 1 must-have missing: Planning.\n"
        "Next band: Near (from 60 %): 4.5 points away.\n"
        "On the way: Planner (Near, readiness 66.7 %, 1 must-have missing).\n"
        "\n"
        "Strengths\n"
        " \u2022 Team: 2 (Good), 1 above the 1 required\n"
        "\n"
        "Where to start\n"
        "1. Planning (1 now, 3 required): Ask for a project to plan\n"
        "2. Risk (2 now, 3 required): Run a workshop\n"
        "\n" + MORE
    )
    assert "Start this week\n1. Planning" in at(folder, "--top", "1")


def test_the_full_form_has_the_step_the_courses_and_the_people(folder):
    assert at(folder, "--full").partition("\nWork on these first\n")[2] == (
        """\
1. Planning
   Why         must-have: 1 now, at least 2 needed, 3 required (importance 3 x gap 2 = 6)
   This week   Ask for a project to plan
   Do          Plan a project (towards 2)
   Takes       20 to 30 hours over 4 to 6 weeks; ask somebody first
   Learn from  A planner
   Evidence    A plan
   Courses     first Basics (2 days), then Advanced (level 1 to 3 in all, 12 hours)
2. Risk
   Why      2 now, 3 required (importance 2 x gap 1 = 2)
   Do       Run a workshop (towards 3)
   Takes    needs an outside event
   Courses  first Basics (2 days), then Advanced (level 2 to 3 in all, 12 hours)

Courses that would help most
A course prepares for a level; only work at that level proves it. Check dates, length, entry rules
and price with the provider before you pay.
1. Advanced
   From          School
   For           Planners
   Takes         12 hours
   Take first    Basics (2 days)
   Requires      A job
   Prepares for  Planning 1 to 3, Risk 2 to 3
   Covers        8 of your 8 gap points (6 + 2)
   Cost          EUR 950, as of 2026-01, without VAT
   Facts         from a source dated 2025-06, last checked 2026-10
   Web page      https://example.org/advanced

Long qualifications
They take months. Like courses, they prepare for a level and prove none.
1. Master
   Takes         length not known
   Prepares for  Risk 2 to 3
   Covers        2 of your 8 gap points
   Facts         not verified

Recognition
It proves experience that you have, and closes no gap.
1. Chartered
   Facts  not verified

Widen your network
Skills, experience and the people you know grow together. Besides the steps above, get to know
people who already do this work, and stay in touch with them. Begin with those under Learn from.

Ratings are people's own judgement: use this report to talk about development, not to select people.
"""
    )


def test_a_long_qualification_is_named_where_no_short_course_fits(folder):
    framework = folder / "f.yaml"
    text = framework.read_text("utf-8").replace(
        ", risk: {from: 2, to: 3}}\n    prereq", "}\n    prereq"
    )
    framework.write_text(text, encoding="utf-8")

    shown = at(folder, "--full")

    assert (
        "   Courses  no short course in the framework fits this level; a long qualification does: "
        "Master\n            (level 2 to 3, length not known, facts not verified)\n"
    ) in shown


def test_the_hours_of_all_steps_are_added_up_where_all_are_known(folder):
    assert "steps take" not in at(folder, "--full")

    framework = folder / "f.yaml"
    text = framework.read_text("utf-8").replace("start: event", "start: event, hours: [1, 2.5]")
    framework.write_text(text, encoding="utf-8")

    assert (
        "\nThese 2 steps take 21 to 32.5 hours together. Begin with one or two of them.\n\n"
        "Courses that would help most\n"
    ) in at(folder, "--full")
    assert "steps take" not in at(folder, "--full", "--top", "1")


@pytest.mark.parametrize("columns", [80, 120])
@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.yaml")), ids=lambda path: path.stem)
def test_the_examples_fit_on_a_screen(path, columns):
    framework = load_framework()
    report = assess(framework, load_ratings(path, framework))
    out = io.StringIO()

    document = report_document(report, short=BriefReport(more=MORE.partition(". ")[2].strip()))
    write(document, out, TerminalStyle(columns, color=False, unicode=True))

    shown = out.getvalue()
    lines = shown.splitlines()
    assert len(lines) <= SCREEN
    assert all(len(line) <= columns for line in lines)
    assert shown.endswith(MORE)
    for text in ("readiness", "Next band", "\nStrengths\n", "\n3. "):
        assert text in shown


def test_a_terminal_a_pipe_and_standard_input_have_the_same_short_form():
    piped = run("assess", MANAGER)

    assert run("assess", "-", stdin=MANAGER.read_bytes()) == piped
    on_terminal = on_a_terminal(100, "assess", str(MANAGER), NO_COLOR="1")
    assert on_terminal.replace("\r\n", "\n") == piped.out


@pytest.mark.parametrize("options", [("--full",), ("--explain",)])
def test_everything_is_shown_where_it_is_wanted(options):
    short, full = (run("assess", MANAGER, *more).out for more in ((), options))

    for heading in ("Where you stand", "Work on these first", "Widen your network"):
        assert f"\n{heading}\n" in full
        assert heading not in short
    assert "--full" not in full


@pytest.mark.parametrize("ending", ["txt", "md", "html", "json", "csv"])
def test_files_are_always_full(tmp_path, ending):
    for name, options in (("plain", ()), ("full", ("--full",))):
        assert run("assess", MANAGER, "-o", tmp_path / f"{name}.{ending}", *options).code == 0

    plain, full = (
        (tmp_path / f"{name}.{ending}").read_text("utf-8") for name in ("plain", "full")
    )
    assert plain == full
    assert "PMO review, renewal and closure" in plain


def test_python_gets_the_full_report():
    framework = load_framework()
    report = assess(framework, load_ratings(MANAGER, framework))

    assert to_text(report, "table").startswith(run("assess", MANAGER, "--full").out[:1000])


@pytest.mark.parametrize(("top", "shown"), [((), 3), (("--top", "1"), 1), (("--top", "7"), 7)])
def test_the_short_form_has_three_priorities_or_as_many_as_are_wanted(top, shown):
    assert f"\n{shown}. " in run("assess", MANAGER, *top).out
    assert f"\n{shown + 1}. " not in run("assess", MANAGER, *top).out


def test_a_file_on_another_version_is_named_in_the_short_form_too(folder):
    ratings = (folder / "r.yaml").read_text(encoding="utf-8")
    other = f"framework: {{id: f, version: 0.9.0}}\n{ratings}"
    (folder / "r.yaml").write_text(other, encoding="utf-8")

    assert "Worth checking\n \u2022 These ratings were made on version 0.9.0" in at(folder)


def test_nothing_rated_still_says_what_to_do(folder):
    (folder / "r.yaml").write_text("target: c\ndate: 2026-11-01\nratings: {}\n", encoding="utf-8")

    assert at(folder) == (
        "Head\n"
        "self-assessment of 2026-11-01; f 1.0.0\n"
        "\n"
        "No ratings yet, so there is no score. Rate at least one competence.\n"
        "\n"
        "Where to start\n"
        "Rate yourself first: none of the 3 competences is rated.\n"
        "\n" + MORE
    )


def test_answers_that_are_in_no_file_are_shown_in_full(tmp_path):
    saved = answers_all(Terminal(tmp_path).begins_a_short_run(), "ana.yaml")
    unsaved = answers_all(Terminal(tmp_path).begins_a_short_run(), "-")

    assert "Where you stand" in unsaved
    assert "Where you stand" not in saved
    assert "Everything: --full" not in saved


@pytest.mark.parametrize("format_", ["table", "markdown", "html"])
def test_every_format_says_what_lies_on_the_way(folder, format_):
    shown = at(folder, "--format", format_).replace("\\", "")

    assert "On the way: Planner (Near, readiness 66.7 %, 1 must-have missing)." in shown


def test_json_has_the_way_as_data(folder):
    path = json.loads(at(folder, "--format", "json"))["career_path"]

    assert [waypoint["role"]["id"] for waypoint in path] == ["b", "c"]


def test_a_terminal_selects_by_the_detail_of_blocks():
    def shown(detail: Detail) -> str:
        sections = (
            Section(
                "Both",
                (Paragraph("kept"), Paragraph("more", detail=Detail.FULL)),
                detail=Detail.BRIEF,
            ),
            Section("Only full", (Paragraph("rest"),)),
            Section(
                "Again",
                (ListBlock(("one", "two"), brief_items=1),),
                repeats=True,
                detail=Detail.BRIEF,
            ),
        )
        out = io.StringIO()
        document = Document("Title", sections=sections, detail=detail)
        write(document, out, TerminalStyle(80, color=False, unicode=False))
        return out.getvalue()

    assert shown(Detail.BRIEF) == "Title\n\nBoth\nkept\n\nAgain\n * one\n"
    assert shown(Detail.FULL) == "Title\n\nBoth\nkept\nmore\n\nOnly full\nrest\n"
