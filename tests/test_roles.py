"""Roles beside each other: two compared, and all of them ranked."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support import EXAMPLES, ROOT, run
from tests.worlds import frameworks, worlds

from pmo_path import load_framework, load_ratings
from pmo_path.cli.streams import TerminalStyle
from pmo_path.domain.assessment import assess
from pmo_path.domain.compare.roles import DifferenceKind, RequirementShift, compare_roles
from pmo_path.domain.ranking import rank
from pmo_path.domain.role_fit import fit_of
from pmo_path.render.formats.terminal import write
from pmo_path.render.results.compare_roles import roles_document

MANAGER = EXAMPLES / "ratings-manager.yaml"
FOREIGN = ROOT / "tests" / "frameworks" / "foreign" / "sevens.yaml"
HOSTILE = '<b>[red]"@all | =1+1\u202e\x1b[31m'
OWN = """
schema: 1
framework: {id: own, version: "1", title: Own}
scale: {1: {label: Low}, 2: {label: Middle}, 3: {label: High}}
readiness: {fine: {label: Fine, at_least: 50}, rest: {label: Rest, at_least: 0}}
domains: {all: {name: All, competences: {one: {name: One}, two: {name: Two}, three: {name: Three}}}}
roles:
"""


def framework_file(tmp_path, roles):
    path = tmp_path / "framework.yaml"
    path.write_text(OWN + roles, encoding="utf-8")
    return path


# --- Two roles ----------------------------------------------------------------------------------


@given(frameworks(), st.data())
def test_a_role_compared_with_itself_differs_in_nothing(framework, data):
    role = data.draw(st.sampled_from(list(framework.roles)))

    comparison = compare_roles(framework, role, role)

    assert not comparison.differs
    assert [difference.id for difference in comparison.differences] == list(framework.scored(role))
    assert {difference.kind for difference in comparison.differences} <= {DifferenceKind.SAME}


@given(worlds(), st.data())
def test_swapping_the_roles_turns_every_difference_round(world, data):
    framework, ratings = world
    first, second = (data.draw(st.sampled_from(list(framework.roles))) for _ in range(2))
    there = compare_roles(framework, first, second, ratings)
    back = compare_roles(framework, second, first, ratings)
    kinds = {DifferenceKind.NEW: DifferenceKind.GONE, DifferenceKind.HIGHER: DifferenceKind.LOWER}
    kinds |= {after: before for before, after in kinds.items()}
    moves = {
        RequirementShift.NEW: RequirementShift.GONE,
        RequirementShift.RAISED: RequirementShift.LOWERED,
    }
    moves |= {after: before for before, after in moves.items()}

    turned = {difference.id: difference for difference in back.differences}
    assert turned.keys() == {difference.id for difference in there.differences}
    for difference in there.differences:
        reverse = turned[difference.id]
        assert reverse.kind is kinds.get(difference.kind, difference.kind)
        for part in ("level_shift", "must_have_shift", "importance_shift"):
            move = getattr(difference, part)
            assert getattr(reverse, part) is moves.get(move, move)
        assert (reverse.before, reverse.after) == (difference.after, difference.before)
        assert difference.distance is not None
        assert reverse.distance == difference.distance[::-1]
    assert there.person_fit is not None
    assert back.person_fit is not None
    assert (there.person_fit.before, there.person_fit.after) == (
        back.person_fit.after,
        back.person_fit.before,
    )


@given(worlds(), st.data())
def test_the_distance_to_each_role_is_what_assess_says(world, data):
    framework, ratings = world
    first, second = (data.draw(st.sampled_from(list(framework.roles))) for _ in range(2))

    comparison = compare_roles(framework, first, second, ratings)

    for side, role in (("before", first), ("after", second)):
        report = assess(framework, ratings, role)
        assert getattr(comparison.person_fit, side) == fit_of(report)
        found = {
            difference.id: getattr(difference.distance, side)
            for difference in comparison.differences
        }
        assert {key: distance for key, distance in found.items() if distance} == {
            result.id: result for result in report.results
        }


def test_every_kind_of_difference_is_told_apart(tmp_path):
    path = framework_file(
        tmp_path,
        """
  before: {name: Before, requires: {one: {level: 2, must_have: 2}, two: 3}}
  after: {name: After, requires: {two: {level: 3, importance: 5}, three: {level: 2, must_have: 2}}}
  higher: {name: Higher, requires: {one: {level: 3, must_have: 3}, two: 2}}
""",
    )

    ran = run("compare", "--role", "before", "--role", "After", "--framework", path)
    assert ran.code == 0
    assert (
        ran.out
        == """\
Before compared with After
Own (version 1)

Of 3 competences in either role, After newly requires 1, changes only the must-have or importance of
1 and drops 1.

Must-haves
New      Three (level 2)
Dropped  One (was level 2)

What each role requires
Competence  Required  Must-have  Importance
───────────────────────────────────────────
Newly required (1)
  Three     2         2          3

Other must-have or importance (1)
  Two       3                    3 → 5

No longer required (1)
  One       2         2          3
"""
    )
    higher = run(
        *("compare", "--role", "before", "--role", "higher", "--framework", path),
        *("--format", "json"),
    )
    told = {difference["id"]: difference for difference in json.loads(higher.out)["differences"]}
    assert (told["one"]["kind"], told["one"]["must_have_shift"]) == ("higher", "raised")
    assert (told["two"]["kind"], told["two"]["must_have_shift"]) == ("lower", "same")
    assert json.loads(higher.out)["person_fit"] is None


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["--role", "pmo-manager"], "name two roles to compare"),
        ([], "name two roles to compare"),
        (
            ["--role", "pmo-director", "--role", "Head of PMO"],
            "'pmo-director' and 'Head of PMO' are the same role, pmo-director",
        ),
        (
            ["--role", "pmo-analyst", "--role", "pmo-manager", "--role", "pmo-director"],
            "two roles are compared at a time, not 3",
        ),
        (
            ["--role", "pmo-manager", "--role", "pmo-directr"],
            "there is no role 'pmo-directr'; did you mean 'pmo-director'?",
        ),
        (
            ["--role", "pmo-manager", "--role", "pmo-director", str(MANAGER), str(MANAGER)],
            "pass one ratings file at most",
        ),
    ],
)
def test_what_cannot_be_compared_is_a_usage_error_in_words(args, words):
    ran = run("compare", *args)

    assert (ran.code, ran.out) == (2, "")
    assert words in ran.err


def test_ratings_with_mistakes_keep_roles_from_being_compared(tmp_path):
    (tmp_path / "bad.yaml").write_text("ratings: {planning-scheduling: 9}\n", encoding="utf-8")

    ran = run(
        *("compare", "--role", "pmo-manager", "--role", "pmo-director", tmp_path / "bad.yaml")
    )

    assert (ran.code, ran.out) == (3, "")
    assert "bad.yaml:1:32: PMO502 error: 9 is not a level of the scale" in ran.err


def test_the_ending_of_the_output_says_what_is_written_of_two_roles(tmp_path):
    roles = ("--role", "pmo-manager", "--role", "pmo-director")

    ran = run("compare", *roles, "-o", tmp_path / "roles.md")

    assert ran == (0, "", f"Wrote {tmp_path}/roles.md.\n")
    written = (tmp_path / "roles.md").read_text(encoding="utf-8")
    assert written == run("compare", *roles, "--format", "markdown").out
    assert run("compare", *roles, "-o", tmp_path / "roles.csv").code == 2


def test_two_roles_can_be_written_in_ascii_and_no_number_is_cut_off_on_a_narrow_terminal():
    framework = load_framework()
    comparison = compare_roles(
        framework, "pmo-manager", "pmo-director", load_ratings(MANAGER, framework)
    )
    out = io.StringIO()

    write(roles_document(comparison), out, TerminalStyle(64, color=False, unicode=False))

    shown = out.getvalue().partition("What each role requires")[2]
    assert shown.partition("Independent content")[0].isascii()
    assert "Required" in shown
    assert "met +1 -> met +2" in shown


# --- All roles ----------------------------------------------------------------------------------


@given(worlds())
def test_the_ranking_holds_every_role_once_and_says_of_each_what_assess_says(world):
    framework, ratings = world

    ranking = rank(framework, ratings, top=2)

    assert Counter(entry.fit.role.id for entry in ranking.roles) == Counter(list(framework.roles))
    for entry in ranking.roles:
        report = assess(framework, ratings, entry.fit.role.id, top=2)
        assert entry.fit.readiness == report.readiness
        assert entry.fit.band == report.band
        assert (entry.fit.at_target, entry.fit.applicable) == (report.at_target, report.applicable)
        assert entry.fit.must_haves_missing == report.must_haves_missing
        assert entry.fit.unrated == report.unrated
        assert entry.fit.verdict == report.verdict
        assert tuple(each.id for each in entry.top_gaps) == report.gaps[:2]
        assert entry.gap_count == len(report.gaps)


@given(worlds())
def test_roles_in_the_best_band_stand_by_what_they_ask_and_others_by_how_near_they_are(world):
    framework, ratings = world
    bands, roles = list(framework.readiness), list(framework.roles)

    def place(fit):
        band = len(bands) if fit.band is None else bands.index(fit.band.id)
        asks = sum(result.reachable for result in assess(framework, ratings, fit.role.id).results)
        return (
            band,
            0 if band or len(bands) == 1 else -asks,
            0 if fit.readiness is None else -fit.readiness.low - 1,
            0 if fit.readiness is None else -fit.readiness.high - 1,
            len(fit.must_haves_missing),
            roles.index(fit.role.id),
        )

    places = [place(entry.fit) for entry in rank(framework, ratings).roles]

    assert places == sorted(places)


def test_top_says_how_many_gaps_are_named_for_each_role():
    ranked = json.loads(
        run("assess", MANAGER, "--role", "any", "--top", "1", "--format", "json").out
    )
    shown = run("assess", MANAGER, "--role", "ANY", "--top", "1").out

    assert all(len(entry["top_gaps"]) == min(1, entry["gap_count"]) for entry in ranked["roles"])
    assert ranked["roles"][-1]["gap_count"] == 14
    assert "Top gaps   Strategic Thinking (3 now, 5 required, must-have 4); and 13 more" in shown


def test_a_role_that_is_known_as_any_is_meant_itself(tmp_path):
    path = framework_file(
        tmp_path,
        "\n  one: {name: One, aliases: [Any], requires: {one: 2}}\n  two: {name: Two, requires: {two: 2}}\n",
    )

    ran = run(
        *("assess", "-", "--role", "any", "--framework", path), stdin=b"ratings: {one: 2, two: 1}"
    )

    assert ran.code == 0
    assert "Fine: readiness 100.0 %, 1 of 1 at target" in ran.out
    assert "Two" not in ran.out


@pytest.mark.parametrize(
    ("option", "words"),
    [(["--fail-under", "50"], "--fail-under needs one readiness"), (["--explain"], "one role")],
)
def test_what_is_about_one_role_is_refused_for_all_of_them(option, words):
    ran = run("assess", MANAGER, "--role", "any", *option)

    assert (ran.code, ran.out) == (2, "")
    assert words in ran.err


def test_the_csv_has_the_columns_of_batch_and_they_hold_the_same():
    framework = load_framework()
    ratings = load_ratings(MANAGER, framework).ratings
    levels = ["" if rating.level is None else str(rating.level) for rating in ratings.values()]
    sheet = f"person,{','.join(ratings)}\nAna,{','.join(levels)}\n"
    roles = [word for role in framework.roles for word in ("--role", role)]

    ranked = run("assess", MANAGER, "--role", "any", "--format", "csv")
    scored = run("batch", "-", *roles, "-q", stdin=sheet.encode())

    by_role = {row["role"]: row for row in csv.DictReader(io.StringIO(ranked.out))}
    for row in csv.DictReader(io.StringIO(scored.out)):
        for column in ("person", "next_training", "scored_on", "framework", "framework_version"):
            del row[column]
        del row["content_hash"]
        assert row.items() <= by_role.pop(row["role"]).items()
    assert by_role == {}


def test_with_nothing_rated_there_is_no_figure_and_fewer_must_haves_come_first():
    ran = run("assess", "-", "--role", "any", stdin=b"ratings: {}")
    figures = run("assess", "-", "--role", "any", "--format", "csv", stdin=b"ratings: {}")

    assert ran.code == 0
    assert ran.out.count("No ratings yet, so there is no score.") == 10
    rows = list(csv.DictReader(io.StringIO(figures.out)))
    assert [row["role"] for row in rows] == [
        *("pmo-administrator", "pmo-analyst", "project-manager", "pmo-lead", "pmo-manager"),
        *("planning-controls-lead", "benefits-lead", "governance-assurance-lead"),
        *("portfolio-office-lead", "pmo-director"),
    ]
    assert {row["readiness"] for row in rows} == {row["band"] for row in rows} == {""}


@pytest.mark.parametrize("format_", ["table", "markdown", "csv", "json"])
@pytest.mark.parametrize("command", ["assess", "compare"])
def test_text_that_people_typed_stays_text(tmp_path, command, format_):
    if command == "compare" and format_ == "csv":
        return
    quoted = json.dumps(HOSTILE)
    path = framework_file(
        tmp_path,
        f"\n  one: {{name: {quoted}, requires: {{one: 2}}}}\n  two: {{name: Two, requires: {{two: 2}}}}\n",
    )
    (tmp_path / "r.yaml").write_text(
        f"person: {quoted}\nrater: {quoted}\nratings: {{one: 1}}\n", encoding="utf-8"
    )
    roles = ("any",) if command == "assess" else ("one", "two")

    ran = run(
        *(command, tmp_path / "r.yaml", "--framework", path, "--format", format_),
        *(part for role in roles for part in ("--role", role)),
    )

    assert ran.code == 0
    shown = json.dumps(json.loads(ran.out)) if format_ == "json" else ran.out
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    if format_ == "markdown":
        assert "<b>" not in ran.out
        assert "@all" not in ran.out


def test_a_framework_of_another_kind_is_ranked_and_compared_by_its_own_scale():
    ratings = "person: Grete\nratings: {prüfen: 4, no: n/a}\n".encode()

    ranked = run("assess", "-", "--role", "any", "--framework", FOREIGN, stdin=ratings)
    compared = run(
        *("compare", "--role", "fachfrau", "--role", "meisterin", "--framework", FOREIGN)
    )

    assert re.search(
        r"^Meisterin +.*% +0 of 2 +1 unrated +none missing$", ranked.out, re.MULTILINE
    )
    assert "Prüfen & Testen ✅  6.5 → 4.5  4.5 → 4    2.5 → 3" in compared.out
