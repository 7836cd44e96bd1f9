"""Tables of every result on terminals of all widths, with long names and wide characters."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from rich.cells import cell_len
from tests.support import EXAMPLES

import pmo_path
from pmo_path.cli.streams import TerminalStyle
from pmo_path.domain.lookup import find, overview
from pmo_path.render.formats.terminal import write
from pmo_path.render.results.compare import compare_result
from pmo_path.render.results.compare_roles import roles_result
from pmo_path.render.results.diff import diff_result
from pmo_path.render.results.history import history_result
from pmo_path.render.results.ranking import ranking_result
from pmo_path.render.results.report import report_result
from pmo_path.render.results.show import show_result
from pmo_path.render.results.team import team_summary

if TYPE_CHECKING:
    from pathlib import Path

WIDTHS = (40, 60, 64, 80, 120)
LONG = "Stakeholder communication across all programmes and suppliers of the organisation"
WIDE = "全社的なポートフォリオの優先順位付けと資源配分に関する意思決定"
FRAMEWORK = f"""\
schema: 1
framework: {{id: wide, version: 1.0.0, title: Wide names}}
scale: {{0: {{label: なし}}, 1: {{label: Some}}, 2: {{label: Good}}, 3: {{label: エキスパート}}}}
readiness:
  ready: {{label: "準備ができています", at_least: 90, must_haves_missing: 0}}
  near: {{label: Nearly ready for it, at_least: 60, must_haves_missing: 2}}
  early: {{label: Early, at_least: 0}}
domains:
  people:
    name: 人とチームのマネジメント
    competences:
      talk: {{name: "{LONG}", second_rater: true}}
      plan: {{name: "{WIDE}", levels: {{1: "{WIDE}"}}}}
      lead: {{name: Lead}}
roles:
  lead:
    name: Lead of the {LONG}
    leads_to: [head]
    requires: {{talk: 2, plan: {{level: 1, must_have: 1}}}}
  head:
    name: 部門長
    requires:
      talk: {{level: 3, must_have: 2, importance: 5}}
      plan: {{level: 3, must_have: 3, importance: 4}}
      lead: {{level: 2, importance: 2}}
training:
  course: {{title: "{WIDE}", provider: Us, days: 2, develops: {{plan: {{from: 1, to: 3}}}}}}
"""
RATINGS = """\
person: 山田太郎
rater: {rater}
date: {date}
role: lead
target: head
framework: {{id: wide, version: 1.0.0}}
ratings: {{talk: {talk}, plan: {plan}, lead: {lead}}}
"""
PEOPLE = """\
person,部署と所在地,role,talk,plan,lead
山田太郎,{wide},head,1,2,3
Bo,{wide},head,0,1,n/a
Cy,{long},head,3,,1
"""
HIDDEN = "Columns hidden at this width: "


class World:
    """A framework with long and wide names, ratings on it, and a sheet of people."""

    def __init__(self, folder: Path) -> None:
        path = folder / "framework.yaml"
        path.write_text(FRAMEWORK, encoding="utf-8")
        (folder / "other.yaml").write_text(
            FRAMEWORK.replace("1.0.0", "1.1.0").replace("talk: 2", "talk: 3"), encoding="utf-8"
        )
        people = folder / "people.csv"
        people.write_text(PEOPLE.format(wide=WIDE, long=LONG), encoding="utf-8")
        self.framework = pmo_path.load_framework(path)
        self.files = [
            self._rated(folder, rater, f"2026-0{month}-01", levels)
            for rater, month, levels in (
                ("self", 1, (1, 2, 2)),
                ("self", 6, (2, 2, "null")),
                ("直属の上司とその代理", 6, (3, 1, 3)),
            )
        ]
        self.ratings = pmo_path.load_ratings(self.files[0], self.framework)
        batch = pmo_path.run_batch(
            people,
            folder / "results.csv",
            pmo_path.BatchOptions(
                framework=path, group_by=("部署と所在地",), report=folder / "team.txt"
            ),
        )
        assert batch.sheet.report
        self.team = batch.sheet.report.team
        self.changes = pmo_path.diff(path, folder / "other.yaml").changes

    @staticmethod
    def _rated(folder: Path, rater: str, date: str, levels: tuple[object, ...]) -> Path:
        path = folder / f"{rater}-{date}.yaml"
        talk, plan, lead = levels
        path.write_text(
            RATINGS.format(rater=rater, date=date, talk=talk, plan=plan, lead=lead),
            encoding="utf-8",
        )
        return path

    def documents(self):
        framework, ratings = self.framework, self.ratings
        report = pmo_path.assess(framework, ratings, "head")
        both = pmo_path.compare_roles(framework, ["lead", "head"], ratings)
        labels = {key: band.label for key, band in framework.readiness.items()}
        yield "assess", report_result(report, explain=False).document()
        yield "explained", report_result(report, explain=True).document()
        yield "any", ranking_result(pmo_path.rank(framework, ratings)).document()
        for name, files in (("over time", self.files[:2]), ("raters", self.files[1:])):
            compared = pmo_path.compare(files, framework, "head")
            yield name, compare_result(compared).document()
        yield "roles", roles_result(both).document()
        yield "history", history_result(pmo_path.history(self.files, framework)).document()
        yield "diff", diff_result(self.changes).document()
        for name in ("head", "plan", "course"):
            yield f"show {name}", show_result(framework, find(framework, name)).document()
        yield "show", show_result(framework, overview(framework)).document()
        yield "batch", team_summary(self.team, labels, {})


@pytest.fixture(scope="module")
def documents(tmp_path_factory):
    return dict(World(tmp_path_factory.mktemp("wide")).documents())


def shown_at(width: int, document) -> str:
    out = io.StringIO()
    write(document, out, TerminalStyle(width, color=False, unicode=True))
    return out.getvalue()


@pytest.mark.parametrize("width", WIDTHS)
def test_no_line_is_wider_than_the_terminal_and_no_row_is_stacked(documents, width):
    for name, document in documents.items():
        shown = shown_at(width, document)
        widest = max(shown.splitlines(), key=cell_len)
        assert cell_len(widest) <= width, (name, widest)
        # The rows of a table stand below a rule; those that are stacked have none. A sum is shown
        # with all its figures or not at all.
        if name != "explained":
            assert shown.count("\n───") == shown_at(300, document).count("\n───"), name


@pytest.mark.parametrize("width", WIDTHS)
def test_names_are_whole_at_every_width(documents, width):
    for name in ("assess", "over time", "raters", "roles", "show head"):
        shown = shown_at(width, documents[name])
        assert set(LONG.split()) <= set(shown.split()), name
        # A name without spaces is divided anywhere.
        assert set(WIDE) <= set(shown), name


@pytest.mark.parametrize(
    ("name", "heading", "kept"),
    [
        ("assess", "Importance", "Gap"),
        ("any", "No level", "Readiness"),
        ("over time", "Required", "Now"),
        ("raters", "Required", "self"),
        ("roles", "Importance", "Required"),
        ("show head", "Importance", "Required"),
    ],
)
def test_a_narrow_terminal_drops_columns_and_names_them(documents, name, heading, kept):
    narrow = shown_at(60, documents[name]).replace("\n", " ")

    assert f"{HIDDEN}" in narrow
    assert heading in narrow.partition(HIDDEN)[2]
    assert kept in narrow
    assert HIDDEN not in shown_at(120, documents[name]) or name in {"any", "raters"}


def test_below_64_columns_names_keep_half_of_the_width():
    framework = pmo_path.load_framework()
    document = show_result(framework, find(framework, "pmo-manager")).document()
    heading = "Must-have  Importance\n"
    name = "\n  Change & Transformation "

    assert heading in shown_at(64, document)
    assert name not in shown_at(64, document)
    assert heading not in shown_at(63, document)
    assert name in shown_at(63, document)


def test_two_dates_of_the_example_stand_side_by_side_at_80_columns():
    framework = pmo_path.load_framework()
    files = [EXAMPLES / f"ratings-{name}.yaml" for name in ("manager-march", "manager")]
    shown = shown_at(80, compare_result(pmo_path.compare(files, framework)).document())

    assert shown.count("\n───") == 2
    assert HIDDEN not in shown
