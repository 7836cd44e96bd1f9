"""Readiness over time: every file is told of, in the order of dates, and nothing is made up."""

from __future__ import annotations

import datetime
import io
import json
import os
import re
import shutil
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support import EXAMPLES, ROOT, run
from tests.worlds import frameworks, ratings_on

from pmo_path import load_framework
from pmo_path.app.history import read_all
from pmo_path.cli.streams import TerminalStyle
from pmo_path.domain.assessment import assess
from pmo_path.domain.codes import Code
from pmo_path.domain.diagnostics import Diagnostic, Place
from pmo_path.domain.errors import UsageProblem
from pmo_path.domain.history import OtherFile, ReadFile, history_of
from pmo_path.domain.numbers import one_decimal, signed
from pmo_path.readers.discovery import ratings_files
from pmo_path.render.document import TrendPoint
from pmo_path.render.formats import terminal
from pmo_path.render.formats.html import charts
from pmo_path.render.results.history import history_result

FOLDER = EXAMPLES / "history"
NAMES = ("ana-2025-11.yaml", "ana-2026-05.yaml", "ana-2026-11.yaml")
DATES = st.none() | st.dates(datetime.date(2025, 1, 1), datetime.date(2025, 1, 9))
PEOPLE = st.sampled_from(["", "Ana", "ana", "Bob"])
RATERS = st.sampled_from(["self", "Boss"])
ROUNDING = 0.2
"""Pixels."""


@pytest.fixture
def folder(tmp_path):
    """A copy of the example, in which files may be changed."""
    shutil.copytree(FOLDER, tmp_path / "ana")
    return tmp_path / "ana"


def write(path, text):
    path.write_text(text, encoding="utf-8")


def write_all(folder, files):
    for name, content in files.items():
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())


def edit(path, *edits):
    text = path.read_text(encoding="utf-8")
    for before, after in edits:
        assert before in text
        text = text.replace(before, after)
    write(path, text)


def as_json(*args, cwd=ROOT):
    return json.loads(run("history", *args, "--format", "json", cwd=cwd).out)


# --- The value ----------------------------------------------------------------------------------


@st.composite
def read_files(draw):
    """A framework, and files as they were read."""
    framework = draw(frameworks())
    about = {
        "date": DATES,
        "person": PEOPLE,
        "rater": RATERS,
        "target": st.just(next(iter(framework.roles))),
    }
    wrong = Diagnostic(Place("", 1, 1), Code.SYNTAX, "wrong")
    files = []
    for name in draw(st.permutations([f"{number}.yaml" for number in range(6)])):
        match draw(
            st.sampled_from(["ratings", "ratings", "ratings", "framework", "other", "wrong"])
        ):
            case "ratings":
                files.append(ReadFile(name, draw(ratings_on(framework, **about))))
            case "framework":
                files.append(ReadFile(name))
            case "other":
                files.append(ReadFile(name, other=OtherFile(name, "a poem", "")))
            case _:
                files.append(ReadFile(name, mistakes=(wrong._replace(place=Place(name, 1, 1)),)))
    return framework, files


@given(read_files())
def test_every_file_is_a_point_or_left_out_or_diagnosed(case):
    framework, files = case
    try:
        history = history_of(framework, files)
    except UsageProblem:
        assert not any(file.ratings and file.ratings.date for file in files)
        return

    told = [
        *(point.file for series in history.series for point in series.assessments),
        *history.without_date,
        *history.frameworks,
        *(file.file for file in history.others),
        *(found.place.file for found in history.mistakes),
    ]
    assert sorted(told) == sorted(file.file for file in files)


@given(read_files())
def test_points_are_in_order_and_say_what_assess_says(case):
    framework, files = case
    ratings = {file.file: file.ratings for file in files if file.ratings}
    try:
        history = history_of(framework, files)
    except UsageProblem:
        return

    for series in history.series:
        order = [(point.date, point.file) for point in series.assessments]
        assert order == sorted(order)
        before = None
        for point in series.assessments:
            report = assess(framework, ratings[point.file], history.role.id)
            assert point.date == report.date
            assert point.fit.readiness == report.readiness
            assert point.fit.verdict == report.verdict
            if before is None or report.readiness is None or before.readiness is None:
                assert point.change is None
            else:
                assert point.change == (
                    report.readiness.low - before.readiness.low,
                    report.readiness.high - before.readiness.high,
                )
            before = report
    who = [(line.person.casefold(), line.rater != "self") for line in history.series]
    assert who == sorted(who)
    assert len(who) == len(set(who))


@given(st.fractions(min_value=-100, max_value=100))
def test_a_difference_is_shown_alike_in_both_directions(value):
    up, down = (signed(one_decimal(signed_value)) for signed_value in (abs(value), -abs(value)))

    assert up.lstrip("+") == down.lstrip("-") == one_decimal(abs(value))
    assert (up, down) == ("0.0", "0.0") or (up[0], down[0]) == ("+", "-")


# --- The command --------------------------------------------------------------------------------


def test_the_role_is_that_of_the_newest_file_or_the_one_asked_for(folder):
    edit(folder / NAMES[0], ("target: pmo-director", "target: pmo-analyst"))

    assert as_json(folder)["role"]["id"] == "pmo-director"
    assert as_json(folder, "--role", "Programme Office Manager")["role"]["id"] == "pmo-manager"
    edit(folder / NAMES[2], ("target: pmo-director\n", ""))
    assert as_json(folder)["role"]["id"] == "pmo-director"  # where its role leads


def test_a_folder_its_files_and_a_pattern_mean_the_same():
    by_folder = as_json(FOLDER)

    assert by_folder == as_json(*(FOLDER / name for name in reversed(NAMES)))
    assert by_folder == as_json(f"{FOLDER}/ana-*.yaml", FOLDER / NAMES[1])


def test_raters_and_people_have_a_series_each(folder):
    text = (folder / NAMES[1]).read_text(encoding="utf-8")
    write(folder / "boss.yaml", text.replace("rater: self", "rater: Boss"))
    write(folder / "bob.yaml", text.replace("Ana Moreno", "Bob"))
    write(
        folder / "spelt.yaml", text.replace("Ana Moreno", "ANA  moreno").replace("05-18", "06-18")
    )

    series = as_json(folder)["series"]

    assert [(line["person"], line["rater"], len(line["assessments"])) for line in series] == [
        ("Ana Moreno", "self", 4),
        ("Ana Moreno", "Boss", 1),
        ("Bob", "self", 1),
    ]


def test_a_file_that_names_nobody_is_the_only_persons_and_says_so(folder):
    edit(folder / NAMES[2], ("person: Ana Moreno\n", ""))

    (series,) = as_json(folder)["series"]

    assert (series["person"], len(series["assessments"])) == ("Ana Moreno", 3)
    assert series["nameless"] == [str(folder / NAMES[2])]
    shown = run("history", "ana", cwd=folder.parent).out
    assert f"Taken as ratings of Ana Moreno, the only person named here: ana/{NAMES[2]}\n" in shown


def test_a_file_that_names_nobody_is_nobodys_where_there_are_two_people(folder):
    edit(folder / NAMES[1], ("person: Ana Moreno\n", "person: Bob\n"))
    edit(folder / NAMES[2], ("person: Ana Moreno\n", ""))

    series = as_json(folder)["series"]

    assert [(line["person"], line["nameless"]) for line in series] == [
        ("", []),
        ("Ana Moreno", []),
        ("Bob", []),
    ]


def test_a_file_without_a_date_is_left_out_and_named(folder):
    edit(folder / NAMES[1], ("date: 2026-05-18\n", ""))

    ran = run("history", ".", cwd=folder)

    assert (ran.code, ran.err) == (0, "")
    assert "Left out\n • ana-2026-05.yaml: it has no date; add one" in ran.out
    assert "2026-11-23  Building" in ran.out
    assert "2026-05" not in ran.out.partition("Left out")[0]


def test_without_any_date_there_is_nothing_to_show(folder):
    edit(folder / NAMES[0], ("date: 2025-11-20\n", ""))

    ran = run("history", NAMES[0], cwd=folder)

    assert (ran.code, ran.out) == (2, "")
    assert ran.err.endswith(f"add one such as 'date: 2026-11-23' to: {NAMES[0]}\n")


def test_two_files_of_a_day_are_both_shown_by_name_and_that_is_said(folder):
    edit(folder / NAMES[0], ("date: 2025-11-20", "date: 2026-05-18"))

    ran = run("history", ".", cwd=folder)

    assert ran.code == 0
    assert (
        "Several files of 2026-05-18, shown in the order of their names: "
        f"{NAMES[0]}, {NAMES[1]}" in " ".join(ran.out.split())
    )
    assert len(re.findall("^2026-05-18  █", ran.out, re.MULTILINE)) == 2


@pytest.mark.parametrize("format_", ["table", "markdown", "json"])
def test_files_with_mistakes_are_diagnosed_after_everything_else_is_shown(folder, format_):
    write(folder / "bad.yaml", "ratings: {strategic-thnking: 3, planning-scheduling: 9}\n")
    write(folder / "torn.yaml", "ratings: [1\n")

    ran = run("history", ".", "--format", format_, cwd=folder)

    assert ran.code == 3
    assert [line.partition(" ")[0] for line in ran.err.splitlines() if "error" in line] == [
        *("bad.yaml:1:11:", "bad.yaml:1:54:", "torn.yaml:1:10:")
    ]
    assert "bad.yaml" in ran.out
    assert "2026-11-23" in ran.out


def test_when_nothing_can_be_shown_the_mistakes_and_the_reason_are(folder):
    write(folder / "bad.yaml", "ratings: {planning-scheduling: 9}\n")
    edit(folder / NAMES[0], ("date: 2025-11-20\n", ""))

    both = run("history", "bad.yaml", NAMES[0], cwd=folder)
    alone = run("history", "bad.yaml", cwd=folder)

    assert (both.code, both.out) == (alone.code, alone.out) == (3, "")
    assert both.err == f"{both.err.splitlines()[0]}\n{alone.err}"
    assert NAMES[0] in both.err


def test_a_framework_among_the_ratings_is_passed_over_and_said(folder):
    shutil.copy(ROOT / "data" / "framework.yaml", folder / "framework.yaml")
    write(folder / "overlay.yaml", "extends: pmo\nframework: {version: 2.0.0}\n")

    ran = run("history", ".", cwd=folder)

    assert (ran.code, ran.err) == (0, "")
    assert " • framework.yaml: this is a framework, not ratings\n • overlay.yaml: this" in ran.out
    alone = run("history", "framework.yaml", cwd=folder)
    assert alone == (
        2,
        "",
        "pmo-path: no ratings files here; frameworks: framework.yaml\n",
    )


OTHERS: dict[str, str | bytes] = {
    "people.csv": "person,role,Strategic Thinking\nBo,pmo-director,3\nCy,pmo-director,2\n",
    "people-windows.csv": "Person;Stärke\nBo;3\n".encode("cp1252"),
    "people-utf-16.csv": "person\tStrategic Thinking\nBo\t3\nCy\t2\n".encode("utf-16"),
    "people-by-row.csv": "person,competence,rating\nBo,pmo-team,3\nCy,pmo-team,2\n",
    "other.csv": "city,country\nBonn,DE\n",
    "config.yaml": "settings: {colour: red}\n",
    "list.yaml": "- a\n- b\n",
    "package.json": '{"name": "x", "version": "1.0.0"}\n',
    "torn.json": "{",
}
RESULTS = ["results.csv", "brief.csv", "roles.csv", "team.json", "report.json"]


def test_what_else_lies_in_a_folder_is_left_out_and_told_in_a_line_each(folder):
    sheet = EXAMPLES / "people.csv"
    run("batch", sheet, "-o", folder / "results.csv", "--summary", folder / "team.json")
    run("batch", sheet, "-o", folder / "brief.csv", "--brief", "--rejects", folder / "bad.csv")
    run("assess", EXAMPLES / "ratings-manager.yaml", "--role", "any", "-o", folder / "roles.csv")
    run("assess", EXAMPLES / "ratings-manager.yaml", "-o", folder / "report.json")
    write_all(folder, OTHERS)

    ran = run("history", ".", "-o", "history.md", cwd=folder)

    assert (ran.code, ran.err) == (0, "Wrote history.md.\n")
    text = (folder / "history.md").read_text(encoding="utf-8").replace("\\", "")
    left_out = text.partition("## Left out\n")[2].partition("\n---")[0]
    told = dict(re.findall("^- (.*?): (.*)$", left_out, re.MULTILINE))
    people = "this seems to be a sheet of people, not ratings; give it to 'pmo-path batch'"
    rejects = (
        "this is a sheet of rejected rows, not ratings; fix the rows and pass it to "
        "'pmo-path batch' with --fixed, beside the sheet"
    )
    unlike = "nothing in it looks like ratings; name the file itself to have its mistakes listed"
    assert told == {
        **dict.fromkeys([name for name in OTHERS if name.startswith("people")], people),
        **dict.fromkeys([name for name in OTHERS if not name.startswith("people")], unlike),
        **dict.fromkeys(["results.rejects.csv", "bad.csv"], rejects),
        **dict.fromkeys(RESULTS, "this is a result that pmo-path wrote, not ratings"),
    }


def test_bars_of_all_people_have_one_scale_that_is_explained_once():
    ran = run("history", EXAMPLES)

    scales = [line.index("100 %") for line in ran.out.splitlines() if line.startswith("Date ")]
    assert len(scales) == 4
    assert len(set(scales)) == 1
    assert ran.out.count("up to the low end") == 1


def test_tables_whose_rows_show_that_they_are_of_many_are_left_out_as_well(folder):
    rows = "3\nE1,pmo-team,2\n"
    (folder / "ids.csv").write_text(f"Employee ID,Skill,Level\nE0,pmo-team,{rows}", "utf-8")
    (folder / "raters.csv").write_text(f"Rater,Skill,Level\nself,pmo-team,{rows}", "utf-8")

    ran = run("history", ".", "--format", "json", cwd=folder)

    assert (ran.code, ran.err) == (0, "")
    result = json.loads(ran.out)
    assert result["mistakes"] == []
    assert result["others"] == [
        {
            "file": "ids.csv",
            "what": "this seems to be a sheet of people, not a ratings file",
            "hint": "give it to 'pmo-path batch'",
        },
        {
            "file": "raters.csv",
            "what": "the column of raters names more than one: 'self' and 'E1'",
            "hint": "save a file for each rater, or combine them with 'pmo-path batch'",
        },
    ]


def test_what_is_misspelt_or_empty_may_be_ratings_and_is_a_mistake_in_a_folder_too(folder):
    mistaken: dict[str, str | bytes] = {
        "empty.yaml": "",
        "heading.csv": "competance,rating\npmo-team,3\n",
        "key.yaml": "ratngs: {pmo-team: 3}\n",
        "person.yaml": "person: Bo\n",
        "torn.yaml": "ratings: {pmo-team: 3\n",
        "no-text.csv": b"competence,rating\nDon\xe9e,3\n",
    }
    write_all(folder, mistaken)

    ran = run("history", ".", cwd=folder)

    assert ran.code == 3
    assert {line.partition(":")[0] for line in ran.err.splitlines() if " error: " in line} == set(
        mistaken
    )


def test_another_file_that_is_named_itself_or_by_a_pattern_is_a_mistake(folder):
    write_all(folder, {name: OTHERS[name] for name in ("people.csv", "config.yaml")})

    for named in (["people.csv"], ["*.csv"], [".", "people.csv"], ["people.csv", "."]):
        ran = run("history", *named, cwd=folder)
        assert ran.code == 3
        assert ran.err.startswith("people.csv: PMO114 error: this seems to be a sheet of people")
        assert "config.yaml" not in ran.err


def test_a_folder_with_other_files_alone_has_no_ratings_and_they_are_named(tmp_path):
    write_all(tmp_path, {name: OTHERS[name] for name in ("people.csv", "list.yaml")})
    others = run("history", ".", cwd=tmp_path)
    write(tmp_path / "framework.yaml", "extends: pmo\n")
    both = run("history", ".", cwd=tmp_path)

    words = "pmo-path: no ratings files here;"
    assert others == (2, "", f"{words} other files: list.yaml, people.csv\n")
    assert both.err == f"{words} frameworks: framework.yaml; other files: list.yaml, people.csv\n"


def test_a_folder_without_files_and_a_file_that_is_not_there_are_said(tmp_path):
    empty = run("history", tmp_path)
    missing = run("history", tmp_path / "none.yaml")

    assert empty == (
        2,
        "",
        f"pmo-path: there is no .yaml, .yml, .json, .csv, .tsv or .xlsx file in '{tmp_path}'\n",
    )
    assert missing.code == 3
    assert "there is no such file" in missing.err


def test_answers_on_another_version_are_to_be_looked_at_again_once_a_file(folder):
    edit(folder / NAMES[0], ("version: 2.0.0", "version: 0.9.0"))
    edit(folder / NAMES[1], ("id: pmo", "id: other"))

    again = run("history", ".", cwd=folder).out.partition("Worth checking\n")[2]

    assert f" • {NAMES[0]}: These ratings were made on version 0.9.0" in again
    assert f" • {NAMES[1]}: These ratings were made on another framework" in again
    words = json.loads(run("assess", folder / NAMES[0], "--format", "json").out)["nudges"][0]
    assert as_json(folder)["series"][0]["assessments"][0]["other_framework"] == words["text"]


def test_nothing_rated_has_no_bar_and_no_figure(folder):
    write(folder / "a.yaml", "person: Bob\ndate: 2026-01-01\nratings: {}\n")

    ran = run("history", "a.yaml", "--role", "pmo-director", cwd=folder)

    assert re.search(r"^2026-01-01 +none +0 of 27 +13 missing$", ran.out, re.MULTILINE)
    assert "2026-01-01  No ratings yet, so there is no score." in ran.out


def test_a_readiness_is_never_shown_alone():
    chart = re.findall(r"^20.*█.*$", run("history", FOLDER).out, re.MULTILINE)

    assert len(chart) == 3
    assert all(re.search(r"% .* of 26 +\d missing$", line) for line in chart)


def test_the_chart_can_be_drawn_in_ascii_and_fits_its_width():
    framework = load_framework()
    told = history_of(framework, read_all(ratings_files([str(FOLDER)]).files, framework))
    for width in (40, 60, 80, 120):
        out = io.StringIO()
        terminal.write(
            history_result(told).document(), out, TerminalStyle(width, color=False, unicode=False)
        )
        shown = out.getvalue()
        assert max(map(len, shown.splitlines())) <= width
        assert shown.partition("Independent content")[0].isascii()
        bars = re.findall(r"^2\d{3}-\d\d-\d\d  (#+)(=*)(-*)", shown, re.MULTILINE)
        assert [len("".join(bar)) for bar in bars] == sorted(len("".join(bar)) for bar in bars)
        assert len(bars) == 3


@pytest.mark.parametrize(
    ("width", "figures", "hidden"),
    [
        (100, ("Readiness", "Change", "At target", "Must-haves"), ""),
        (80, ("Readiness", "Change", "At target", "Must-haves"), ""),
        (60, ("Readiness", "At target", "Must-haves"), "Change"),
        (40, ("Readiness",), "Change, At target, Must-haves"),
    ],
)
def test_a_narrow_chart_has_short_bars_before_it_drops_figures_and_names_them(
    width, figures, hidden
):
    framework = load_framework()
    history = history_of(framework, read_all(ratings_files([str(FOLDER)]).files, framework))
    out = io.StringIO()

    terminal.write(
        history_result(history).document(), out, TerminalStyle(width, color=False, unicode=True)
    )

    shown = out.getvalue()
    [heading] = re.findall(r"^Date +0 % +100 % +(.*)$", shown, re.MULTILINE)
    assert tuple(re.split(r" {2,}", heading)) == figures
    notice = re.search(r"^Columns hidden at this width: (.*?)\.$", shown, re.MULTILINE | re.DOTALL)
    assert (" ".join(notice[1].split()) if notice else "") == hidden
    change = re.search(r"\+15\.8 low,(.*\n)? +\+6\.9 high", shown)
    assert bool(change) == ("Change" in figures)


@given(st.lists(st.integers(0, 1000), min_size=1, max_size=60))
def test_times_below_a_chart_stand_apart_and_none_is_left_out_that_fits(days):
    span = max(days) - min(days)
    places = [(day - min(days)) / span if span else 0.5 for day in sorted(days)]
    points = [TrendPoint("2026-11-23", place, "40", "60", "") for place in places]

    labels = charts.trend(points).labels

    for plot, shown in (
        (charts.NARROW, [label for label in labels if not label.is_for_wide]),
        (charts.WIDE, labels),
    ):
        taken = [extent(float(label.at.rstrip("%")), label.anchor, plot) for label in shown]
        assert not clash(taken, by=ROUNDING)
        assert {places[0], places[-1]} <= {float(label.at.rstrip("%")) / 100 for label in shown}
        for point in points:
            (alone,) = charts.trend([point]).labels
            own = extent(float(alone.at.rstrip("%")), alone.anchor, plot)
            assert clash([*taken, own], by=-ROUNDING)


def extent(percent, anchor, plot):
    """Where a date begins and ends, in pixels; its characters are at most so wide."""
    long = 10 * charts.CHARACTER + charts.APART
    start = percent * plot / 100 - {"start": 0, "middle": long / 2, "end": long}[anchor]
    return start, start + long


def clash(extents, by):
    """Whether two of them overlap by more than so many pixels."""
    pairs = combinations(sorted(extents), 2)
    return any(first[1] > second[0] + by for first, second in pairs)


def test_hostile_names_stay_text_and_no_name_of_a_file_is_lost(tmp_path):
    name = os.fsdecode(b"a\xff[red]\x1b[31m.yaml")
    try:
        write(
            tmp_path / name,
            'person: "<b>@all"\ndate: 2026-01-01\ntarget: pmo-analyst\nratings: {}\n',
        )
    except OSError:
        pytest.skip("this system has no such names")

    for ending in ("txt", "md", "json"):
        ran = run("history", tmp_path, "-o", tmp_path / f"out.{ending}")
        assert ran == (0, "", f"Wrote {tmp_path}/out.{ending}.\n")
        shown = Path(tmp_path, f"out.{ending}").read_text(encoding="utf-8")
        assert "\x1b" not in shown
        assert "[red]" in shown.replace("\\", "")
    assert "<b>" not in (tmp_path / "out.md").read_text(encoding="utf-8")
