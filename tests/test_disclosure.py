"""What somebody can compute who knows everyone's groups and has what one run publishes.

The attacker adds and subtracts published counts. Each count is a vector: for each person, whether
they are counted. What can be computed is the span of the vectors. It must not hold one in which
some people count, but fewer than `--min-group`.
"""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.html_page import Seen
from tests.support import examples, run

from pmo_path import load_framework
from pmo_path.app.sheet_scoring import Target, score_sheet
from pmo_path.batch.job import Job
from pmo_path.domain.disclosure import is_few
from pmo_path.domain.options import SheetFormat
from pmo_path.domain.team import rows_of
from pmo_path.domain.training import deciding_competences
from pmo_path.readers.table.sheet import SheetOptions
from pmo_path.render.formats import json as json_format
from pmo_path.render.formats.html import document as page_format
from pmo_path.render.results.team import team_document, team_record

CASES = Path(__file__).resolve().parent / "cases" / "team"
FRAMEWORK_FILE = Path(__file__).resolve().parent / "sheets" / "framework.yaml"
FRAMEWORK = load_framework(FRAMEWORK_FILE)
COLUMNS = ("team", "site")
COMPETENCES = list(FRAMEWORK.competences)
CELLS = ["0", "1", "2", "3", "", "n/a"]
NOT_TOLD = -1
"""In place of a count that only the people of a median make."""
PRIME = 2**31 - 1
SETTINGS = settings(
    max_examples=examples(25),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    # A run takes a tenth of a second, and to find the smallest sheet takes thousands.
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)


# --- The attacker -------------------------------------------------------------------------------


def rank(vectors):
    """The rank of vectors of whole numbers, by elimination in a large field."""
    rows = [[number % PRIME for number in vector] for vector in vectors]
    found = 0
    for column in range(len(rows[0]) if rows else 0):
        pivot = next((row for row in rows[found:] if row[column]), None)
        if pivot is None:
            continue
        rows.remove(pivot)
        inverse = pow(pivot[column], -1, PRIME)
        rows = [
            [(a - row[column] * inverse * b) % PRIME for a, b in zip(row, pivot, strict=True)]
            if row[column] and at >= found
            else row
            for at, row in enumerate(rows)
        ]
        rows.insert(found, pivot)
        found += 1
    return found


def few_told_apart(vectors, least):
    """Some people, fewer than `least`, about whom alone a sum of the vectors is; none without."""
    kinds = Counter(zip(*vectors, strict=True)) if vectors else Counter()
    kinds.pop((0,) * len(vectors), None)
    small = [kind for kind, people in kinds.items() if people < least]
    whole = rank(list(zip(*kinds, strict=True))) if kinds else 0
    for number in range(1, least):
        for some in combinations(small, number):
            if sum(kinds[kind] for kind in some) >= least:
                continue
            others = [kind for kind in kinds if kind not in some]
            if (rank(list(zip(*others, strict=True))) if others else 0) < whole:
                return some
    return None


def test_the_attacker_finds_what_can_be_computed():
    everybody, site = [1] * 7, [1, 1, 1, 0, 0, 0, 0]
    department = [1, 1, 1, 1, 0, 0, 0]

    assert few_told_apart([everybody], 5) is None
    assert few_told_apart([everybody, department], 3) is None
    assert few_told_apart([everybody, department], 4)
    assert few_told_apart([everybody, department, site], 3)
    assert few_told_apart([], 5) is None


# --- What is published --------------------------------------------------------------------------


class Person(NamedTuple):
    role: str
    groups: tuple[str, ...]
    cells: tuple[str, ...]
    band: str
    band_high: str
    courses: tuple[str, ...]


class Published(NamedTuple):
    """Counts of one run: of what, and who is counted in it."""

    family: tuple[str, ...]
    number: int
    people: list[int]


def is_at(cell, requirement):
    return cell not in {"", "n/a"} and int(cell) >= requirement


COUNTED = {
    "people_at_target": lambda cell, requirement: is_at(cell, requirement.level),
    "people_with_gap": lambda cell, requirement: (
        cell not in {"", "n/a"} and not is_at(cell, requirement.level)
    ),
    "people_missing_must_have": lambda cell, requirement: (
        requirement.must_have is not None and not is_at(cell, requirement.must_have)
    ),
    "people_unrated": lambda cell, _: cell == "",
    "people_not_applicable": lambda cell, _: cell == "n/a",
}
NO_BAND = {
    "without_band": {"nothing_rated", "too_much_na"},
    "nothing_rated": {"nothing_rated"},
    "too_much_na": {"too_much_na"},
}


def crowds(document, role):
    """Everybody and each group, with who belongs to it."""
    yield role["everybody"], lambda _: True
    first = (document["group_by"], role["groups"])
    further = [
        (grouping["group_by"], grouping["groups"]) for grouping in role["further_groupings"]
    ]
    for heading, groups in [first, *further]:
        for group, crowd in groups.items():
            column = COLUMNS.index(heading)
            yield crowd, lambda person, at=column, name=group: person.groups[at] == name


def published(document, people, *, has_same_people):
    """Every count in a summary; counts of one family are about the same question."""
    for role in document["roles"]:
        for crowd, belongs in crowds(document, role):
            group = [int(belongs(person) and person.role == role["id"]) for person in people]
            told: dict[tuple[str, ...], list[Published]] = {}
            for figure in figures(role["id"], crowd, people, has_same_people=has_same_people):
                if figure.number is not None:
                    counted = [int(a and b) for a, b in zip(group, figure.people, strict=True)]
                    told.setdefault(figure.family, []).append(figure._replace(people=counted))
            yield Published(("people", ""), crowd["people"], group)
            for family, counts in told.items():
                yield from counts
                # What is told of some of a group is told of the others too, whose number is known.
                if family[1] != "medians":
                    yield Published(family, crowd["people"], group)


def figures(key, crowd, people, *, has_same_people):
    """The counts of everybody or a group, and of whom each of them is true."""

    def of(what, count, is_counted, role=key):
        return Published((role, what), count, [is_counted(person) for person in people])

    for band in crowd["people_by_band"]:
        yield of(
            "bands", crowd["people_by_band"][band], lambda person, band=band: person.band == band
        )
        yield of(
            "bands",
            crowd["people_by_band_high"][band],
            lambda person, band=band: person.band_high == band,
        )
    for field, reasons in NO_BAND.items():
        yield of("bands", crowd[field], lambda person, reasons=reasons: person.band in reasons)
    # Where the same people are rated against each role, counts of several roles add up too.
    kin = "" if has_same_people else key
    for competence in crowd["coverage"]:
        place = COMPETENCES.index(competence["id"])
        requirement = FRAMEWORK.scored(key)[competence["id"]]
        for field, is_counted in COUNTED.items():
            yield of(
                competence["id"],
                competence[field],
                lambda person, at=place, is_counted=is_counted, requirement=requirement: (
                    is_counted(person.cells[at], requirement)
                ),
                kin,
            )
    for course in crowd["training"]:
        yield of(
            course["id"], course["people"], lambda person, key=course["id"]: key in person.courses
        )
    if crowd["readiness_median"] is not None:
        has_rating = [person.band != "nothing_rated" for person in people]
        yield Published((key, "medians"), NOT_TOLD, has_rating)


def broken(document, people, least, *, has_same_people=False):
    """What the attacker finds out, in words; nothing where the promise holds."""
    families: dict[tuple[str, ...], list[Published]] = {}
    for figure in published(document, people, has_same_people=has_same_people):
        if figure.number not in {NOT_TOLD, sum(figure.people)}:
            return f"{figure.family}: {figure.number} told, and there are {sum(figure.people)}"
        if is_few(sum(figure.people), least):
            return f"{figure.family}: {sum(figure.people)} people"
        families.setdefault(figure.family, []).append(figure)
    for family, figures in families.items():
        vectors = {tuple(figure.people) for figure in figures}
        if few_told_apart(sorted(vectors), least):
            return f"{family}: by adding and subtracting"
    return course_of_withheld_gaps(document)


def course_of_withheld_gaps(document):
    """A course whose head count tells of gaps that are withheld (in words), or nothing."""
    for role in document["roles"]:
        for crowd, _ in crowds(document, role):
            told = {
                competence["id"]
                for competence in crowd["coverage"]
                if competence["people_with_gap"] is not None
            }
            for course in crowd["training"]:
                helps = FRAMEWORK.training[course["id"]].ranges.keys()
                if withheld := helps & FRAMEWORK.scored(role["id"]).keys() - told:
                    return f"{course['id']} tells of {withheld}"
    return ""


# --- One run ------------------------------------------------------------------------------------


def sheet_of(rows):
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(
        [["person", "role", *COLUMNS, *COMPETENCES], *rows]
    )
    return text.getvalue()


def summed_up(folder, rows, columns, least, roles=()):
    """The summary as JSON, the page without names, and what is true of each person."""
    sheet, results = folder / "people.csv", folder / "results.csv"
    sheet.write_text(sheet_of(rows), encoding="utf-8")
    job = Job(
        framework=FRAMEWORK,
        roles=roles,
        sheet=SheetOptions(has_roles=not roles),
        group_by=columns,
        min_group=least,
        is_guarded=True,
        is_reported=True,
        has_names=False,
    )
    done = score_sheet(sheet, "people.csv", job, Target(SheetFormat.CSV, results, None))
    text, page = io.StringIO(), io.StringIO()
    assert done.guarded is not None
    assert done.report is not None
    json_format.write(team_record(done.guarded, rows_of(done.read, done.scored)), text)
    page_format.write(team_document(done.report), page)
    about = {row[0]: row for row in rows}
    people = [
        Person(
            role=row["role"],
            groups=tuple(about[row["person"]][2:4]),
            cells=tuple(about[row["person"]][4:]),
            band=row["band"] or row["band_reason"],
            band_high=row["band_high"] or row["band_reason"],
            courses=tuple(filter(None, row["next_training"].split("|"))),
        )
        for row in csv.DictReader(io.StringIO(results.read_text(encoding="utf-8")))
    ]
    return json.loads(text.getvalue()), page.getvalue(), people


@st.composite
def sheets(draw):
    """Up to 24 people, many of them alike, so that few are told apart by little."""
    size = draw(st.integers(1, 24))
    usual = draw(st.lists(st.sampled_from(CELLS), min_size=3, max_size=3))
    rows = []
    for number in range(size):
        cells = [
            draw(st.sampled_from(CELLS)) if draw(st.integers(0, 3)) == 0 else cell
            for cell in usual
        ]
        role = "lead" if draw(st.integers(0, 5)) else "member"
        groups = [draw(st.sampled_from(["North", "East", "West"])) for _ in COLUMNS]
        rows.append([f"Jane Doe {number}", role, *groups, *cells])
    return rows


@SETTINGS
@given(sheets(), st.integers(2, 4), st.sampled_from([COLUMNS, COLUMNS[::-1], COLUMNS[:1], ()]))
def test_no_figure_about_few_people_can_be_computed(tmp_path, rows, least, columns):
    document, page, people = summed_up(tmp_path, rows, columns, least)

    assert broken(document, people, least) == ""
    assert "Jane Doe" not in page


@SETTINGS
@given(sheets(), st.integers(2, 4))
def test_nor_from_the_roles_that_all_of_them_are_rated_against(tmp_path, rows, least):
    document, _, people = summed_up(tmp_path, rows, COLUMNS, least, ("lead", "member"))

    # Each person is there twice; their counts in both roles are of the same person.
    alike: dict[str, set[tuple[int, ...]]] = {}
    for figure in published(document, people, has_same_people=True):
        assert not is_few(figure.number, least)
        if figure.family[0] == "":
            in_lead, in_member = figure.people[::2], figure.people[1::2]
            counted = [a or b for a, b in zip(in_lead, in_member, strict=True)]
            alike.setdefault(figure.family[1], set()).add(tuple(counted))
    for vectors in alike.values():
        assert few_told_apart(sorted(vectors), least) is None


def test_everything_is_told_where_no_group_is_too_small(tmp_path):
    rows = [
        [f"P{number}", "lead", "NE"[number % 2], "XY"[number // 20], str(number // 10), "1", ""]
        for number in range(40)
    ]

    document, page, people = summed_up(tmp_path, rows, COLUMNS, 5)

    (role,) = document["roles"]
    assert [
        list(role["groups"]),
        *(list(grouping["groups"]) for grouping in role["further_groupings"]),
    ] == [
        ["E", "N"],
        ["X", "Y"],
    ]
    assert "null" not in json.dumps(role).replace('"days": null', "")
    assert broken(document, people, 5) == ""
    assert "withheld" not in Seen(page).text.partition("About this report")[0].partition("Role")[2]


# --- Sheets in which something could be computed ------------------------------------------------


def summary_of(tmp_path, sheet, *options):
    path = tmp_path / "team.json"
    output = ("-o", tmp_path / "results.csv", "--summary", path, "--today", "2026-11-23", "-q")

    ran = run("batch", sheet, *output, *options)

    assert (ran.code, ran.out) == (0, "")
    return json.loads(path.read_text(encoding="utf-8"))


def test_of_a_competence_in_which_few_of_a_group_are_rated_nothing_is_told(tmp_path):
    """Of department A one person is rated in finance: no count, and no course, may tell the gap."""
    summary = summary_of(tmp_path, CASES / "leak.csv", "--group-by", "department")

    (role,) = summary["roles"]
    framework = load_framework()
    finance = [
        key
        for key, competences in deciding_competences(framework.course_chains).items()
        if "financial-resource" in competences and framework.training[key].type == "course"
    ]
    assert role["groups"].keys() == {"A", "B", "C"}
    for crowd in (role["everybody"], *role["groups"].values()):
        assert crowd["coverage_withheld"] == ["financial-resource"]
        assert crowd["training"] == []
        assert crowd["courses_withheld"] == len(finance)
        assert (crowd["readiness_low_median"], crowd["readiness_high_median"]) == (26.1, 100.0)


def test_a_role_of_few_people_is_neither_named_nor_told(tmp_path):
    summary = summary_of(tmp_path, CASES / "onerole.csv", "--group-by", "department")

    assert [role["id"] for role in summary["roles"]] == ["pmo-manager"]
    assert (summary["people"], summary["roles_withheld"]) == (None, 1)
    assert "director" not in json.dumps(summary["roles"]).casefold()


def test_partitions_of_one_run_are_withheld_together(tmp_path):
    """Of six people in Delivery and five in Lyon the same five: together they tell of the sixth."""
    both = ("--group-by", "department", "--group-by", "site")

    (by_one,) = summary_of(tmp_path, CASES / "two.csv", *both[:2])["roles"]
    (by_both,) = summary_of(tmp_path, CASES / "two.csv", *both)["roles"]

    assert by_one["groups"].keys() == {"Delivery", "Portfolio"}
    (site,) = by_both["further_groupings"]
    assert (site["group_by"], site["groups"], site["groups_withheld"]) == ("site", {}, 2)
    assert site["people_in_small_groups"] == 14
    assert by_both["groups"].keys() == {"Delivery", "Portfolio"}


def test_known_limits_are_those_that_the_documentation_names(tmp_path):
    """Two rounds, and a uniform group: no suppression within one run can prevent these."""
    (before,) = summary_of(tmp_path, CASES / "two.csv")["roles"]
    (after,) = summary_of(tmp_path, CASES / "two-next.csv")["roles"]
    assert before["everybody"]["people"] - after["everybody"]["people"] == 1

    (uniform,) = summary_of(tmp_path, CASES / "homog.csv", "--group-by", "department")["roles"]
    assert (
        uniform["groups"]["A"]["people_by_band"]["early"] == uniform["groups"]["A"]["people"] == 5
    )

    text = (CASES.parents[2] / "docs" / "batch.md").read_text(encoding="utf-8")
    limits = text.partition("### What it cannot prevent")[2].partition("\n#")[0]
    assert all(word in limits for word in ("uniform", "Two runs", "Two rounds"))


def test_the_only_one_at_target_is_named_to_whoever_holds_the_sheet_and_nobody_else(tmp_path):
    rows = [
        [f"P{number}", "lead", "A", "B", "3" if number == 7 else "1", "1", "1"]
        for number in range(40)
    ]
    sheet = tmp_path / "people.csv"
    sheet.write_text(sheet_of(rows), encoding="utf-8")
    files = ("-o", tmp_path / "r.csv", "--summary", tmp_path / "team.json")

    ran = run("batch", sheet, "--framework", FRAMEWORK_FILE, *files)

    assert "At target: one person  Planning (P7)\n" in ran.err
    (role,) = json.loads((tmp_path / "team.json").read_text(encoding="utf-8"))["roles"]
    assert role["everybody"]["coverage_withheld"] == ["planning"]
    assert "P7" not in (tmp_path / "team.json").read_text(encoding="utf-8")


def test_the_summary_names_the_day_and_the_framework(tmp_path):
    summary = summary_of(tmp_path, CASES / "two.csv")

    framework = load_framework()
    assert summary["date"] == "2026-11-23"
    assert {key: summary["framework"][key] for key in ("id", "version", "content_hash")} == {
        "id": framework.framework.id,
        "version": framework.framework.version,
        "content_hash": framework.content_hash,
    }
