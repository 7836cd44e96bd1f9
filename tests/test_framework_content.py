"""The shipped framework says what the article says, and is complete."""

from __future__ import annotations

import re
import statistics
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
FRAMEWORK_FILE = ROOT / "data" / "framework.yaml"
TRACE_FILE = ROOT / "docs" / "framework-content.md"

KEY_COMPETENCES = {
    "strategic-thinking": "Strategic Thinking",
    "leadership-influence": "Leadership & Influence",
    "governance-risk": "Governance & Risk Management",
    "financial-resource": "Financial & Resource Management",
    "change-transformation": "Change & Transformation Leadership",
    "data-decisions": "Data-Driven Decision Making",
}
STATEMENTS_IN_THE_ARTICLE = 75
COMPLEX_CASES = 4
"""The level from which cases are complex, and what others think would be easy to claim."""
TAUGHT = {
    "foundation course": 1,
    "practitioner course": 2,
    "short course with exercises": 2,
    "course with": 3,
    "workshop on one's own": 3,
    "qualification by exam": 3,
    "role course": 3,
    "role course for senior leaders": 4,
    "qualification for senior leaders": 4,
    "recognition of practice": 5,
}
"""The highest level that each kind of training may lead to, by how its kind begins."""
ROLES_OF_COURSES = {
    "essentials-pmo-administrators": "pmo-administrator",
    "essentials-pmo-analysts": "pmo-analyst",
    "essentials-pmo-managers": "pmo-manager",
    "essentials-pmo-directors": "pmo-director",
}
COMPETENT = 3
"""The level from which somebody works without help."""
MOST_TEXTS = 2
"""How many texts of one kind fit beside a priority."""
STEPS = 111
FEW = 8
"""Below that many hours or weeks, a range may be wide."""
SPECIALISTS = [
    "planning-controls-lead",
    "benefits-lead",
    "governance-assurance-lead",
    "portfolio-office-lead",
]
TYPES = {"recognition of practice": "recognition", "qualification": "qualification"}
"""The type of training, by how its kind begins; the others are courses, or exams of months."""
RATINGS_FILES = sorted((ROOT / "examples").glob("ratings-*.yaml"))

Framework = dict[str, Any]


class TraceRow(NamedTuple):
    """One statement of the article and the words that carry it."""

    statement: str
    path: str
    words: str


def _trace_rows() -> list[TraceRow]:
    rows: list[TraceRow] = []
    inside = False
    for line in TRACE_FILE.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if cells[0] == "The article (paraphrased)":
            inside = True
        elif not line.startswith("|"):
            inside = False
        elif inside and not set(line) <= set("|-: "):
            assert len(cells) == 3, f"not three columns: {line}"
            rows.append(TraceRow(cells[0], cells[1].strip("`"), cells[2]))
    return rows


def _at(framework: Framework, path: str) -> Any:
    """Follow a dotted path; a number may be the key of a level."""
    node: Any = framework
    for part in path.split("."):
        key: str | int = int(part) if part.isdigit() else part
        if not isinstance(node, dict) or key not in node:
            pytest.fail(f"no such path in the framework: {path} (stopped at {part!r})")
        node = node[key]
    return node


def _texts(node: Any) -> list[str]:
    if isinstance(node, dict):
        return [text for value in node.values() for text in _texts(value)]
    if isinstance(node, list):
        return [text for value in node for text in _texts(value)]
    return [str(node)]


def _squeeze(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def _competences(framework: Framework) -> dict[str, Framework]:
    return {
        competence_id: competence
        for domain in framework["domains"].values()
        for competence_id, competence in domain["competences"].items()
    }


def _requirements(role: Framework) -> dict[str, Framework]:
    """Both ways of writing a requirement, as the long one."""
    return {
        competence_id: requirement
        if isinstance(requirement, dict)
        else {"level": requirement, "importance": 3}
        for competence_id, requirement in role["requires"].items()
    }


def _steps(framework: Framework) -> dict[tuple[str, int], Framework]:
    """The steps at work, by competence and level."""
    return {
        (competence_id, level): step
        for competence_id, competence in _competences(framework).items()
        for level, step in competence["experience"].items()
    }


@pytest.fixture(scope="module")
def framework() -> Framework:
    """The shipped file as plain YAML, roles with all that they require."""
    loaded: Framework = yaml.safe_load(FRAMEWORK_FILE.read_text(encoding="utf-8"))
    for role in loaded["roles"].values():
        if "extends" in role:
            base = loaded["roles"][role["extends"]]["requires"]
            role["requires"] = {**base, **role["requires"]}
    return loaded


@pytest.mark.parametrize("row", _trace_rows(), ids=lambda row: row.statement)
def test_the_framework_carries_each_statement_of_the_article(
    framework: Framework, row: TraceRow
) -> None:
    below = [_squeeze(text) for text in _texts(_at(framework, row.path))]
    assert row.words
    assert any(_squeeze(row.words) in text for text in below)


def test_the_trace_table_covers_every_statement_of_the_article_once() -> None:
    statements = [row.statement for row in _trace_rows()]
    assert len(statements) >= STATEMENTS_IN_THE_ARTICLE
    assert len(set(statements)) == len(statements)


def test_the_four_domains_are_the_ones_of_the_article(framework: Framework) -> None:
    assert [domain["name"] for domain in framework["domains"].values()] == [
        "P3M Administration",
        "P3M Delivery Support",
        "P3M Enabling",
        "PMO Management",
    ]


def test_there_are_27_competences_with_most_in_pmo_management(framework: Framework) -> None:
    assert {key: len(domain["competences"]) for key, domain in framework["domains"].items()} == {
        "administration": 3,
        "delivery-support": 7,
        "enabling": 7,
        "pmo-management": 10,
    }


def test_exactly_the_six_competences_of_the_article_are_key(framework: Framework) -> None:
    key = {
        competence_id: competence["name"]
        for competence_id, competence in _competences(framework).items()
        if competence.get("key", False)
    }
    assert key == KEY_COMPETENCES


def test_every_competence_has_five_different_anchors(framework: Framework) -> None:
    for competence_id, competence in _competences(framework).items():
        assert list(competence["levels"]) == [1, 2, 3, 4, 5], competence_id


def test_no_two_anchors_in_the_framework_have_the_same_text(framework: Framework) -> None:
    anchors = Counter(
        _squeeze(text).casefold()
        for competence in _competences(framework).values()
        for text in competence["levels"].values()
    )
    assert [text for text, times in anchors.items() if times > 1] == []


def test_every_anchor_fits_on_the_screen_while_asking(framework: Framework) -> None:
    for competence_id, competence in _competences(framework).items():
        for level, text in competence["levels"].items():
            assert 20 <= len(text) <= 150, f"{competence_id} {level}"


def test_every_competence_says_what_others_see(framework: Framework) -> None:
    for competence_id, competence in _competences(framework).items():
        assert competence["summary"], competence_id
        assert 3 <= len(competence["behaviours"]) <= 5, competence_id


@pytest.mark.parametrize("field", ["evidence", "exposure"])
def test_what_proves_a_level_and_whom_to_learn_from_begin_at_level_1(
    framework: Framework, field: str
) -> None:
    for competence_id, competence in _competences(framework).items():
        by_level = competence[field]
        assert min(by_level) == 1, competence_id
        assert max(by_level) >= COMPETENT, competence_id
        assert all(1 <= len(texts) <= MOST_TEXTS for texts in by_level.values()), competence_id


def test_each_level_with_a_step_has_evidence_of_its_own(framework: Framework) -> None:
    for competence_id, competence in _competences(framework).items():
        assert set(competence["experience"]) <= set(competence["evidence"]), competence_id


@pytest.mark.parametrize("too_high", ["corporate risk", "executive", "internal audit"])
def test_nobody_who_begins_is_sent_to_the_top(framework: Framework, too_high: str) -> None:
    for competence_id, competence in _competences(framework).items():
        beginners = [text for level in (1, 2) for text in competence["exposure"].get(level, [])]
        beginners += [competence["experience"][level]["first_move"] for level in (1, 2)]
        assert not [text for text in beginners if too_high in text.casefold()], competence_id


def test_each_step_at_work_has_a_first_move_and_what_it_takes(framework: Framework) -> None:
    steps = _steps(framework)
    assert len(steps) >= STEPS
    for name, step in steps.items():
        assert set(step) == {"do", "first_move", "hours", "weeks", "start"}, name
        assert step["start"] in {"alone", "ask", "position"}, name
        for low, high in (step["hours"], step["weeks"]):
            assert 0 < low < high, name
            assert high <= 3 * low or high <= FEW, name
        assert 30 <= len(step["first_move"]) <= 130, name


def test_few_steps_need_a_post_and_none_that_somebody_begins_with(framework: Framework) -> None:
    levels = [
        level for (_, level), step in _steps(framework).items() if step["start"] == "position"
    ]
    assert min(levels) >= COMPETENT
    count = f"{len(levels)} of the {len(_steps(framework))} steps need a post or mandate"
    assert count in TRACE_FILE.read_text(encoding="utf-8")


def test_no_two_steps_have_a_text_in_common(framework: Framework) -> None:
    for field in ("do", "first_move"):
        texts = Counter(_squeeze(step[field]).casefold() for step in _steps(framework).values())
        assert [text for text, times in texts.items() if times > 1] == []


def test_a_higher_step_takes_no_fewer_hours_by_and_large(framework: Framework) -> None:
    """The median rises from level to level."""
    hours: dict[int, list[int]] = {}
    for (_, level), step in _steps(framework).items():
        hours.setdefault(level, []).append(sum(step["hours"]))
    medians = [statistics.median(hours[level]) for level in sorted(hours)]
    assert medians == sorted(medians)


def test_there_is_an_experience_step_for_each_level_that_a_role_requires(
    framework: Framework,
) -> None:
    for competence_id, competence in _competences(framework).items():
        highest = max(
            _requirements(role)[competence_id]["level"]
            for role in framework["roles"].values()
            if competence_id in role["requires"]
        )
        missing = set(range(1, highest + 1)) - set(competence["experience"])
        assert not missing, f"{competence_id}: {missing}"


def test_all_texts_are_texts(framework: Framework) -> None:
    """A colon or a bare number in the wrong place would turn a line into something else."""
    for competence_id, competence in _competences(framework).items():
        texts = [*competence["aliases"], *competence["behaviours"], *competence["levels"].values()]
        for field in ("evidence", "exposure"):
            texts += [text for level in competence[field].values() for text in level]
        for step in competence["experience"].values():
            texts += [step["do"], step["first_move"]]
        assert all(isinstance(text, str) for text in texts), competence_id


def test_names_aliases_and_ids_are_unique(framework: Framework) -> None:
    """One spelling means one thing, whatever its case and whether written with hyphens or not."""
    things: dict[str, dict[str, Framework]] = {
        "domain": framework["domains"],
        "competence": _competences(framework),
        "role": framework["roles"],
        "training": framework["training"],
    }
    owners: dict[str, set[str]] = {}
    for kind, items in things.items():
        for item_id, item in items.items():
            names = [item_id, item.get("name") or item["title"], *item.get("aliases", [])]
            for name in names:
                spelling = _squeeze(name.replace("-", " ")).casefold()
                owners.setdefault(spelling, set()).add(f"{kind} {item_id}")
            aliases = [alias.casefold() for alias in item.get("aliases", [])]
            assert len(set(aliases)) == len(aliases), item_id
            assert not {names[0].casefold(), names[1].casefold()} & set(aliases), item_id
    assert {spelling: who for spelling, who in owners.items() if len(who) > 1} == {}


def test_the_career_path_leads_from_administrator_to_director(framework: Framework) -> None:
    assert {role_id: role["leads_to"] for role_id, role in framework["roles"].items()} == {
        "pmo-administrator": ["pmo-analyst"],
        "pmo-analyst": ["pmo-lead", *SPECIALISTS],
        "pmo-lead": ["pmo-manager"],
        "pmo-manager": ["pmo-director"],
        "pmo-director": [],
        "planning-controls-lead": ["pmo-manager"],
        "benefits-lead": ["pmo-manager"],
        "governance-assurance-lead": ["pmo-manager"],
        "portfolio-office-lead": ["pmo-manager", "pmo-director"],
        "project-manager": ["pmo-lead", "pmo-manager"],
    }


def test_the_roles_have_families_and_the_pmo_has_five_grades(framework: Framework) -> None:
    families: dict[str, list[int | None]] = {}
    for role in framework["roles"].values():
        families.setdefault(role["family"], []).append(role.get("grade"))
    assert families == {
        "PMO": [1, 2, 3, 4, 5],
        "PMO specialist": [3, 3, 3, 3],
        "Delivery": [None],
    }


@pytest.mark.parametrize(
    ("role_id", "count"),
    [
        ("pmo-administrator", 20),
        ("pmo-analyst", 27),
        ("pmo-lead", 27),
        ("pmo-manager", 27),
        ("pmo-director", 27),
        ("project-manager", 14),
    ],
)
def test_each_role_requires_the_right_number_of_competences(
    framework: Framework, role_id: str, count: int
) -> None:
    assert len(framework["roles"][role_id]["requires"]) == count


def test_the_director_needs_every_competence(framework: Framework) -> None:
    required = framework["roles"]["pmo-director"]["requires"]
    assert set(required) == set(_competences(framework))


def test_requirements_are_on_the_scale_and_must_haves_within_reach(framework: Framework) -> None:
    competences = _competences(framework)
    for role_id, role in framework["roles"].items():
        for competence_id, wanted in _requirements(role).items():
            where = f"{role_id} {competence_id}"
            assert competence_id in competences, where
            assert 1 <= wanted["level"] <= 5, where
            assert 1 <= wanted["importance"] <= 5, where
            assert 1 <= wanted.get("must_have", 1) <= wanted["level"], where


def test_the_six_key_competences_weigh_most_and_are_must_haves_for_a_director(
    framework: Framework,
) -> None:
    required = _requirements(framework["roles"]["pmo-director"])
    heaviest = {key for key, wanted in required.items() if wanted["importance"] == 5}
    must_haves = {key for key, wanted in required.items() if "must_have" in wanted}
    assert heaviest == set(KEY_COMPETENCES)
    assert must_haves > set(KEY_COMPETENCES) | {"portfolio-prioritisation", "pmo-team"}


def test_a_must_have_stays_one_in_the_roles_that_a_role_leads_to(framework: Framework) -> None:
    """Only an Administrator's and a specialist's craft may end with the role."""
    craft = set(framework["domains"]["administration"]["competences"])
    for role_id, role in framework["roles"].items():
        for next_id in role["leads_to"]:
            if role["family"] != "PMO" or framework["roles"][next_id]["family"] != "PMO":
                continue
            following = _requirements(framework["roles"][next_id])
            for competence_id, requirement in _requirements(role).items():
                if "must_have" not in requirement or competence_id in craft:
                    continue
                where = f"{role_id} to {next_id}: {competence_id}"
                assert following[competence_id].get("must_have", 0) >= requirement["must_have"], (
                    where
                )


def test_no_must_have_is_all_that_a_role_requires(framework: Framework) -> None:
    for role_id, role in framework["roles"].items():
        for competence_id, requirement in _requirements(role).items():
            minimum = requirement.get("must_have")
            assert minimum is None or minimum < requirement["level"], f"{role_id} {competence_id}"


@pytest.mark.parametrize("banned", [" coach", "Sets ", "trusted", "come to them", "alone"])
def test_anchors_name_what_is_done_and_not_a_position_or_a_reputation(
    framework: Framework, banned: str
) -> None:
    anchors = [
        text
        for competence in _competences(framework).values()
        for level, text in competence["levels"].items()
        if level >= COMPLEX_CASES
    ]
    assert [text for text in anchors if banned.casefold() in text.casefold()] == []


def test_a_first_level_asks_for_no_doing(framework: Framework) -> None:
    for competence_id, competence in _competences(framework).items():
        assert competence["levels"][1].startswith("Can "), competence_id


def test_whoever_rates_is_told_that_both_halves_must_be_true(framework: Framework) -> None:
    assert "both halves must be true" in _squeeze(framework["framework"]["how_to_rate"])


def test_every_reference_from_training_exists_and_goes_upwards(framework: Framework) -> None:
    competences = _competences(framework)
    for training_id, training in framework["training"].items():
        assert training["develops"], training_id
        for competence_id, span in training["develops"].items():
            assert competence_id in competences, f"{training_id} {competence_id}"
            assert 0 <= span["from"] < span["to"] <= 5, f"{training_id} {competence_id}"


def test_prerequisites_are_other_training_or_words(framework: Framework) -> None:
    for training_id, training in framework["training"].items():
        for prerequisite in training["prerequisites"]:
            looks_like_an_id = re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", prerequisite)
            if looks_like_an_id:
                assert prerequisite in framework["training"], training_id
                assert prerequisite != training_id


def test_dates_are_quoted_and_no_source_is_newer_than_the_check(framework: Framework) -> None:
    for training_id, training in framework["training"].items():
        if "checked" in training:
            assert re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", training["checked"]), training_id
        if "source_date" in training:
            assert re.fullmatch(r"\d{4}(-(0[1-9]|1[0-2]))?", training["source_date"]), training_id
            assert training["source_date"] <= training["checked"], training_id


def test_training_that_is_not_checked_says_why(framework: Framework) -> None:
    for training_id, training in framework["training"].items():
        assert "checked" in training or training["note"], training_id


def test_the_four_essentials_are_there_and_the_director_one_has_five_topics(
    framework: Framework,
) -> None:
    essentials = [key for key in framework["training"] if key.startswith("essentials-pmo-")]
    assert len(essentials) == 4
    director = framework["training"]["essentials-pmo-directors"]
    assert len(director["topics"]) == 5
    assert director["days"] == 2


def _taught(kind: str) -> int:
    """The cap of the longest beginning that fits."""
    beginning = max((text for text in TAUGHT if kind.startswith(text)), key=len)
    return TAUGHT[beginning]


def test_no_range_ends_above_what_its_kind_of_training_can_teach(framework: Framework) -> None:
    for training_id, training in framework["training"].items():
        cap = _taught(training["kind"])
        for competence_id, span in training["develops"].items():
            assert span["to"] <= cap, f"{training_id} {competence_id}"
            assert span["to"] - span["from"] <= 2, f"{training_id} {competence_id}"
            if training["kind"].startswith("recognition"):
                assert span["to"] >= COMPLEX_CASES, f"{training_id} {competence_id}"


def test_recognition_and_qualifications_have_their_type(framework: Framework) -> None:
    for training_id, training in framework["training"].items():
        for beginning, type_ in TYPES.items():
            if training["kind"].startswith(beginning):
                assert training["type"] == type_, training_id


def test_each_essentials_course_is_for_its_own_step(framework: Framework) -> None:
    courses = framework["training"]
    assert {
        training_id: courses[training_id]["for_roles"] for training_id in ROLES_OF_COURSES
    } == {
        "essentials-pmo-administrators": ["pmo-administrator"],
        "essentials-pmo-analysts": ["pmo-analyst"],
        "essentials-pmo-managers": ["pmo-lead", "pmo-manager"],
        "essentials-pmo-directors": ["pmo-director"],
    }


def test_a_price_says_what_it_includes(framework: Framework) -> None:
    for training_id, training in framework["training"].items():
        assert "cost" not in training or training["cost"]["note"], training_id


@pytest.mark.parametrize(("training_id", "role_id"), ROLES_OF_COURSES.items())
def test_a_role_course_goes_no_higher_than_its_role(
    framework: Framework, training_id: str, role_id: str
) -> None:
    required = _requirements(framework["roles"][role_id])
    for competence_id, span in framework["training"][training_id]["develops"].items():
        assert span["to"] <= required[competence_id]["level"], competence_id


def test_some_training_speaks_to_every_key_competence_of_a_director(framework: Framework) -> None:
    for competence_id in KEY_COMPETENCES:
        assert any(
            competence_id in training["develops"] for training in framework["training"].values()
        ), competence_id


def test_a_practitioner_course_names_its_foundation(framework: Framework) -> None:
    for training_id, training in framework["training"].items():
        foundation = training_id.replace("-practitioner", "-foundation")
        if foundation != training_id and foundation in framework["training"]:
            assert training["prerequisites"] == [foundation], training_id


def test_the_examples_are_there() -> None:
    assert [path.stem for path in RATINGS_FILES] == [
        "ratings-administrator",
        "ratings-analyst",
        "ratings-manager-by-line-manager",
        "ratings-manager-march",
        "ratings-manager",
    ]


@pytest.mark.parametrize("path", RATINGS_FILES, ids=lambda path: path.stem)
def test_each_example_fits_the_framework(framework: Framework, path: Path) -> None:
    example = yaml.safe_load(path.read_text(encoding="utf-8"))
    role = framework["roles"][example["role"]]
    steps = [
        next_id for key in role["leads_to"] for next_id in framework["roles"][key]["leads_to"]
    ]
    assert example["target"] in [*role["leads_to"], *steps]
    assert example["framework"]["id"] == framework["framework"]["id"]
    assert example["framework"]["version"] == framework["framework"]["version"]
    assert set(example["ratings"]) <= set(_competences(framework))
    for competence_id, rating in example["ratings"].items():
        level = rating["level"] if isinstance(rating, dict) else rating
        assert level == "n/a" or level in framework["scale"], competence_id
