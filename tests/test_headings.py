"""Which competence a heading means, and that a slip of the pen never makes it another."""

from __future__ import annotations

import pytest
from tests.support import run

from pmo_path import load_framework
from pmo_path.domain.cells import CellReader
from pmo_path.readers.table.columns import match
from pmo_path.readers.table.competence_names import Names
from pmo_path.readers.table.csv_records import Record
from pmo_path.readers.table.header_row import Cells, Header
from pmo_path.readers.table.sheet import Kind, SheetOptions

FRAMEWORK = load_framework()
NAMES = Names(FRAMEWORK, {})
COMPETENCES = {key: competence.name for key, competence in FRAMEWORK.competences.items()}


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
    cells = Cells(
        [Record(2, ["Ana", *("3" for _ in headings)])], CellReader.of(FRAMEWORK, {}), is_whole=True
    )
    return match(Header.of(["person", *headings], "people.csv", 1, cells), NAMES, SheetOptions())


@pytest.mark.parametrize(
    "form", ["{}", "Rate yourself [{}]", "{} [{}]", "How good are you at {}?"]
)
@pytest.mark.parametrize("is_full", [False, True], ids=["alone", "in a full sheet"])
def test_a_slip_in_a_name_is_never_carried_nor_another_competence(form, is_full):
    wrong = []
    for key, name in COMPETENCES.items():
        others = [other for other in COMPETENCES.values() if is_full and other != name]
        for slip in slips(name):
            found = matched(form.format(slip, slip), *others)
            column = found.columns[1]
            if not found.problems and (column.kind, column.competence) != (Kind.RATING, key):
                wrong.append((slip, column))
            if any(problem.code != "PMO601" for problem in found.problems):
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


# --- Headings beside competences, with the rows below them ----------------------------------------

COMMON = """
Line manager|State|Cost center|Cost centre|Team lead|Team leader|Leader|Health check|Reports|Coach
Tool|Dependents|Financial year|Fiscal year|Delivery manager|Project management|Time management
Stakeholder management|Reporting to|Reporting line|Reporting manager|Finance contact|IT tools
PMO Team Lead|Manager|Manager name|Manager email|Supervisor|Direct manager|Functional manager
Head of department|HR business partner|Recruiter|Mentor|Buddy|Sponsor|Owner|Department|Division
Business unit|Unit|Team|Squad|Section|Group|Organisation|Company|Legal entity|Location|Office|Site
City|Country|Region|Province|Postcode|Address|Time zone|Language|Nationality|Gender|Birthday
Hire date|Start date|End date|Contract|Contract type|Employment type|Status|Working hours|Shift
Schedule|Grade|Pay grade|Salary|Bonus|Budget|Budget code|Cost code|Account|Project|Project name
Programme|Portfolio|Workstream|Client|Supplier|Job title|Position|Job family|Function|Profession
Seniority|Career level|Career path|Education|Degree|Qualification|Certification|Training
Training date|Course|Next review|Review date|Reviewer|Assessment date|Performance|Potential
Successor|Succession|Flight risk|Tenure|Years of service|Experience|Comments|Notes|Remarks
Strengths|Goals|Action plan|Development plan|Timestamp|Submitted by|Created|Last updated|Consent
Phone|Mobile|Username|Account name|Personnel number|Tax code|Equipment|Laptop|Software|Systems
Access level|Clearance|Remote|Availability|Capacity|Utilisation|Allocation|Leave|Absence
Emergency contact|Marital status|Children|Contractor|Agency|Source|Channel|Category|Type|Priority
Approved by|Approval date|Risk owner|Risk register|Change request|Change manager|Changes|Issues
Benefit|Benefit plan|Benefits package|Governance lead|Strategy lead|Strategist|Analyst|Data owner
Knowledge area|Lesson|Method|Standard|Service|Service manager|Operations|Design|Meeting|Board
Secretary|Document|Documents signed|Registration|Registered|Resource|Resource manager|Financials
Finance manager|Finance code|Influencer|Decision maker|Insight|Platform|Assurance lead|Demand
Capability lead|People manager|Team size|Team name|Leadership programme|Coach name|Planning unit
Planner|Scheduler|Forecast|Cost|Analytics team|Tools used|Tooling|Reporting unit|Management level
Management|Transformation office|Information|Current role|Job role|Teamleiter|Vorgesetzter
Abteilung|Standort|Kostenstelle|Eintrittsdatum|Personalnummer|Bereich
"""
COMMON_HEADINGS = COMMON.strip().replace("\n", "|").split("|")


def with_rows(headings, rows, **options):
    cells = Cells(
        [Record(line, list(row)) for line, row in enumerate(rows, 2)],
        CellReader.of(FRAMEWORK, {}),
        is_whole=True,
    )
    # Names that were asked for many others compare less closely.
    names = Names(FRAMEWORK, {})
    return match(Header.of(headings, "people.csv", 1, cells), names, SheetOptions(**options))


def without_those_near(heading):
    """The names of all competences but those that a heading may mean."""
    names = Names(FRAMEWORK, {})
    near = {names.within(heading), names.find(names.nearest(heading) or "")}
    return [name for key, name in COMPETENCES.items() if key not in near]


def people_with(heading, texts, competences):
    rows = [
        [
            f"P{number}",
            text,
            *("013524"[(number + place) % 6] for place in range(len(competences))),
        ]
        for number, text in enumerate(texts)
    ]
    return with_rows(["person", heading, *competences], rows, has_roles=False)


@pytest.mark.parametrize(
    "texts",
    [("Joe Poe", "Max Moe", "Lea Roe"), ("TX", "CA", "NY"), ("2024-01-03", "17", "CC-1001")],
    ids=["names", "codes", "numbers"],
)
@pytest.mark.parametrize("heading", COMMON_HEADINGS)
def test_an_ordinary_column_is_carried_beside_competences(heading, texts):
    for competences in (list(COMPETENCES.values()), without_those_near(heading)):
        found = people_with(heading, texts, competences)
        assert (found.problems, found.notices) == ((), ())
        assert found.columns[1].kind is Kind.CARRIED


@pytest.mark.parametrize("heading", ["Line manager", "Team lead", "Health check"])
def test_a_column_of_levels_that_is_nearly_a_competence_without_a_column_stops_the_run(heading):
    found = people_with(heading, ("3", "2", "5"), without_those_near(heading))

    assert [problem.code for problem in found.problems] == ["PMO601"]


@pytest.mark.parametrize("heading", ["Reports", "Dependents"])
def test_a_word_that_only_resembles_a_competence_is_carried_with_a_notice(heading):
    found = people_with(heading, ("3", "2", "5"), ["Planning", "Leadership"])

    assert found.problems == ()
    assert found.columns[1].kind is Kind.CARRIED
    assert [f"the column '{heading}' is carried" in note for note in found.notices] == [True]


@pytest.mark.parametrize("cells", [("3", "2"), ("3/5", "Level 2"), ("", "")], ids=str)
def test_a_slip_stops_the_run_whatever_form_its_ratings_have(cells):
    found = people_with("Strategic Thinkng", cells, ["Planning"])

    assert [problem.code for problem in found.problems] == ["PMO601"]


@pytest.mark.parametrize(
    "form",
    [
        "How important is {} for your job?",
        "Importance [{}]",
        "Rate the importance of {}",
        "Are you interested in {}?",
        "Years of experience: {}",
        "How many years have you done {}?",
        "How often do you do {}?",
        "Frequency - {}",
        "Trainings attended [{}]",
        "Training hours {}",
        "{} (priority)",
        "How confident are you in {}?",
        "Required level: {}",
        "Wie wichtig ist {}?",
        "Häufigkeit [{}]",
    ],
)
@pytest.mark.parametrize("key", COMPETENCES)
def test_a_question_about_something_else_than_the_level_rates_nothing(form, key):
    name = COMPETENCES[key]
    other = next(other for other in COMPETENCES.values() if other != name)

    beside = people_with(form.format(name), ("3", "2", "5"), [other])
    alone = people_with(form.format(name), ("3", "2", "5"), [])

    assert beside.columns[1].kind is Kind.CARRIED
    assert form.format(name) in beside.notices[0]
    assert [problem.code for problem in alone.problems] == ["PMO603"]


@pytest.mark.parametrize(
    "form", ["Rate your level this year [{}]", "How well did you do {} in the last 12 months?"]
)
@pytest.mark.parametrize("key", COMPETENCES)
def test_a_question_that_rates_may_name_a_time(form, key):
    found = people_with(form.format(COMPETENCES[key]), ("3", "2", "5"), [])

    assert found.problems == ()
    assert found.columns[1].competence == key


class Counted(set[int]):
    """A set that counts how often it is asked."""

    asked = 0

    def __contains__(self, value):
        self.asked += 1
        return super().__contains__(value)


def test_a_long_heading_is_compared_piece_by_piece(monkeypatch):
    """Pieces that are longer than every name are none, however many words follow."""
    names = Names(FRAMEWORK, {})
    lengths = Counted(names._lengths)
    monkeypatch.setattr(names, "_lengths", lengths)
    words = [f"word{number}" for number in range(300)]

    assert names.nearly_within(" ".join([*words, "strategic thinkin"])) == "strategic thinking"
    assert 0 < lengths.asked <= len(words) * max(lengths)
    assert lengths.asked < len(words) ** 2 / 4
