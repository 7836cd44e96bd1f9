"""The JSON Schemas: they know every file that is right, and refuse none that pmo-path takes."""

from __future__ import annotations

import copy
import json
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker
from tests.result_schemas import DOCUMENTS, result_schema
from tests.support import EXAMPLES, ROOT, closed_to_other_keys, run, same_as_snapshot

from pmo_path import load_framework
from pmo_path.domain.errors import InputInvalid
from pmo_path.readers.framework import check_framework
from pmo_path.readers.ratings import ratings_from
from pmo_path.readers.yaml import parse_yaml
from pmo_path.writers.yaml import resolved_yaml

FILES = ["framework", "ratings", "plan"]
KINDS = [
    *FILES,
    "report",
    "over-time",
    "raters",
    "ranking",
    "roles",
    "history",
    "plan-result",
    "team",
]
DATA = ROOT / "data"
SCHEMAS = ROOT / "src" / "pmo_path" / "schemas"
FRAMEWORKS = ROOT / "tests" / "frameworks"
STARTER = ROOT / "src" / "pmo_path" / "starter" / "framework.yaml"
SHIPPED = load_framework()
EDITOR_LINE = "# yaml-language-server: $schema="


@cache
def schema_of(kind):
    ran = run("schema", kind)
    assert (ran.code, ran.err) == (0, "")
    return json.loads(ran.out)


@cache
def as_an_editor_reads(path):
    """The plain data in a YAML file, dates as text, keys that are numbers as numbers."""
    data, *_ = parse_yaml(path.read_text(encoding="utf-8"))
    return plain(data)


def plain(value):
    match value:
        case dict():
            return {plain(key): plain(part) for key, part in value.items()}
        case tuple():
            return [plain(part) for part in value]
        case Decimal():
            return float(value)
        case _:
            return value


@cache
def validator_of(kind):
    return Draft202012Validator(schema_of(kind), format_checker=FormatChecker())


def complaints(kind, data):
    return [
        f"{'.'.join(map(str, error.absolute_path))}: {error.message}"
        for error in validator_of(kind).iter_errors(data)
    ]


def is_accepted(kind, data):
    return validator_of(kind).is_valid(data)


# --- What the command writes --------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_a_schema_is_one_by_the_rules_of_its_draft(kind):
    schema = schema_of(kind)

    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize("kind", ["framework", "ratings"])
def test_the_schema_beside_the_shipped_framework_is_the_one_written_today(kind):
    assert same_as_snapshot(DATA / f"{kind}.schema.json", run("schema", kind).out)


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_the_schema_of_a_result_in_the_package_is_the_one_made_from_its_type(kind):
    assert same_as_snapshot(SCHEMAS / f"{kind}.json", result_schema(kind))
    assert run("schema", kind).out == result_schema(kind)


def test_a_key_has_values_of_the_same_type_in_every_result():
    types: dict[str, set[str]] = {}
    for kind in DOCUMENTS:
        schema = schema_of(kind)
        for name, part in described(schema):
            types.setdefault(name.rpartition(".")[-1], set()).add(json_type(part, schema))

    assert {key: kinds for key, kinds in types.items() if len(kinds) > 1} == {}


def json_type(part, schema):
    """The type of a value that is there: a list of objects is not a list of texts."""
    if "$ref" in part:
        return json_type(schema["$defs"][part["$ref"].rpartition("/")[-1]], schema)
    if "anyOf" in part:
        return " or ".join(
            sorted({json_type(choice, schema) for choice in part["anyOf"]} - {"null"})
        )
    if part.get("type") == "array":
        return f"list of {json_type(part['items'], schema)}"
    if part.get("type") == "object" and "additionalProperties" in part:
        return f"map of {json_type(part['additionalProperties'], schema)}"
    choices = part.get("enum", [part.get("const", "")])
    return part.get("type") or type(choices[0]).__name__.replace("str", "string")


def described(schema, name=""):
    """Each property that a schema describes, with the name of what has it."""
    for key, part in schema.get("properties", {}).items():
        yield f"{name}.{key}", part
    for kind, definition in schema.get("$defs", {}).items():
        yield from described(definition, kind)


@pytest.mark.parametrize("kind", KINDS)
def test_an_editor_has_words_to_show_on_every_key(kind):
    silent = [
        name
        for name, part in described(schema_of(kind))
        # What has a definition of its own is described there.
        if "description" not in part and "$ref" not in str(part)
    ]

    assert silent == []
    if kind in FILES:
        assert all(
            "title" in part or "$ref" in str(part) for _, part in described(schema_of(kind))
        )


def test_a_schema_goes_into_a_file_when_asked(tmp_path):
    ran = run("schema", "ratings", "-o", tmp_path / "ratings.schema.json")

    assert ran == (0, "", f"Wrote {tmp_path}/ratings.schema.json.\n")
    written = (tmp_path / "ratings.schema.json").read_text(encoding="utf-8")
    assert written == run("schema", "ratings").out


@pytest.mark.parametrize("kind", [[], ["frameworks"]])
def test_a_kind_that_is_missing_or_unknown_is_a_usage_error(kind):
    ran = run("schema", *kind)

    assert (ran.code, ran.out) == (2, "")


@pytest.mark.parametrize("kind", FILES)
def test_every_key_says_what_it_is_for(kind):
    schema = schema_of(kind)

    keys = dict(properties(schema))
    silent = [
        path
        for path, part in keys.items()
        if not part.get("description")
        and not any(named.get("description") for named in referred(schema, part))
    ]

    assert len(keys) > 10
    assert silent == []


def properties(schema, path="$"):
    """Each key that a schema knows, at any depth, with its schema."""
    if isinstance(schema, dict):
        for key, part in schema.get("properties", {}).items():
            yield f"{path}.{key}", part
        for key, inner in schema.items():
            yield from properties(inner, f"{path}/{key}")


def referred(schema, part):
    for choice in [part, *part.get("anyOf", ())]:
        if "$ref" in choice:
            yield schema["$defs"][choice["$ref"].removeprefix("#/$defs/")]


# --- What the schemas accept --------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        DATA / "framework.yaml",
        STARTER,
        FRAMEWORKS / "base" / "every-field.yaml",
        *sorted(FRAMEWORKS.glob("good/*.yaml")),
    ],
    ids=lambda path: f"{path.parent.name}-{path.stem}",
)
def test_a_framework_without_errors_is_accepted(path):
    assert complaints("framework", as_an_editor_reads(path)) == []


def test_keys_may_be_numbers_or_their_text():
    data = as_an_editor_reads(DATA / "framework.yaml")
    as_json = json.loads(json.dumps(data))

    assert set(data["scale"]) == {0, 1, 2, 3, 4, 5}
    assert set(as_json["scale"]) == set("012345")
    assert complaints("framework", as_json) == []


@pytest.mark.parametrize("path", sorted(EXAMPLES.rglob("*.yaml")), ids=lambda path: path.stem)
def test_the_examples_of_ratings_are_accepted(path):
    assert complaints("ratings", as_an_editor_reads(path)) == []


@pytest.mark.parametrize("framework", [DATA / "framework.yaml", STARTER], ids=["shipped", "small"])
def test_a_template_of_ratings_is_accepted(tmp_path, framework):
    run("template", "--framework", framework, "-o", tmp_path / "ratings.yaml")

    assert complaints("ratings", as_an_editor_reads(tmp_path / "ratings.yaml")) == []


OVERLAY = {
    "extends": "pmo",
    "framework": {"id": "ours", "version": "1.0.0", "notice": None},
    "scale": {5: {"label": "Master"}},
    "readiness": {"ready": {"at_least": 95}},
    "domains": {
        "pmo-management": {
            "competences": {
                "strategic-thinking": {"levels": {3: "Sees further."}, "aliases": ["Foresight"]},
                "our-own": {"name": "Our own way", "levels": {2: "Knows it."}},
            }
        }
    },
    "roles": {
        "pmo-manager": {"requires": {"strategic-thinking": {"importance": 5}, "our-own": 2.5}},
        "pmo-guide": {"name": "PMO Guide", "leads_to": [], "requires": {"our-own": 3}},
    },
    "training": {"cmi-level-7": None, "essentials-pmo-directors": {"days": None}},
}
RATINGS = {
    "schema": 1,
    "person": "Ana",
    "role": "PMO Manager",
    "target": None,
    "date": "2026-11-23",
    "framework": {"id": "pmo", "version": None},
    "ratings": {
        "strategic-thinking": 3,
        "Leadership & Influence": {
            "level": "4",
            "evidence": "A talk",
            "year": 2025,
            "confidence": "low",
        },
        "pmo-design": "n/a",
        "pmo-team": None,
        "data-decisions": "3 - Competent",
        "governance-risk": {"level": ""},
    },
}


def test_an_overlay_need_not_be_whole_and_may_take_out():
    assert framework_errors(OVERLAY) == ()
    assert complaints("framework", OVERLAY) == []


def test_what_an_overlay_may_leave_out_a_framework_may_not():
    whole = {key: value for key, value in OVERLAY.items() if key != "extends"}

    assert ": 'schema' is a required property" in complaints("framework", whole)


# --- What the schemas refuse --------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "PMO201-missing",
        "PMO202-unknown-key",
        "PMO203-wrong-type",
        "PMO203-yes-is-text",
        "PMO204-blank",
        "PMO204-zero-weight",
    ],
)
def test_a_mistake_in_the_shape_is_refused_already_by_the_schema(name):
    assert complaints("framework", as_an_editor_reads(FRAMEWORKS / "bad" / f"{name}.yaml"))


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("persn", "Ana"),
        ("date", "23.11.2026"),
        ("schema", 2),
        ("framework", {"id": "p m o"}),
        ("ratings", ["strategic-thinking"]),
        ("ratings", {"strategic-thinking": {"level": 3, "year": 1066}}),
        ("ratings", {"strategic-thinking": {"levl": 3}}),
        ("ratings", {"strategic-thinking": True}),
    ],
)
def test_a_mistake_in_ratings_is_refused_already_by_the_schema(key, value):
    assert complaints("ratings", {**RATINGS, key: value})


@pytest.mark.parametrize(
    "change",
    [
        {"rols": {}},
        {"extends": " "},
        {"roles": {"pmo-manager": {"leads_to": [None]}}},
        {"roles": {"pmo-manager": {"requires": {"strategic-thinking": {"level": "3"}}}}},
        {"scale": {5: "Master"}},
    ],
)
def test_an_overlay_with_a_mistake_in_its_shape_is_refused_already_by_the_schema(change):
    assert complaints("framework", {**OVERLAY, **change})


def framework_errors(data):
    return check_framework(resolved_yaml(data).encode(), "framework.yaml").errors


def ratings_errors(data):
    try:
        ratings_from(resolved_yaml(data).encode(), "ratings.yaml", SHIPPED)
    except InputInvalid as error:
        return error.diagnostics
    return ()


KEYS = ["x", "two words", "", "schema_", "from_", "extends", "name", "level", "7", 7, 2.5]
VALUES = [
    *[None, True, False, 0, -1, 1, 3, 2.5, Decimal("0.00001"), 1000, 1000.5, 2026],
    *["", " ", "x", "two words", "3", "2.5", "n/a", "2026-11", "2026-13", "pmo", "ä" * 101],
    *[[], {}, ["x"], [" "], [1], [None], {"level": 1}, {"x": 1}, {1: "x"}, {"name": "x"}],
]


class Change(NamedTuple):
    """One edit of a file's data."""

    what: str
    at: int
    """Which of all entries, counted through; beyond the last it goes on from the first."""
    key: Any
    value: Any


CHANGES = st.lists(
    st.builds(
        Change,
        st.sampled_from(["drop", "rename", "add", "set"]),
        st.integers(0, 5000),
        st.sampled_from(KEYS),
        st.sampled_from(VALUES),
    ),
    min_size=1,
    max_size=3,
)


def changed(original, changes):
    data = copy.deepcopy(original)
    for change in changes:
        places = list(entries(data)) or [(data, "x")]
        holder, key = places[change.at % len(places)]
        value = copy.deepcopy(change.value)
        if change.what == "set" or isinstance(holder, list):
            holder[key] = value
        elif change.what == "add":
            holder[change.key] = value
        else:
            old = holder.pop(key, None)
            if change.what == "rename":
                holder[change.key] = old
    return data


def entries(data):
    """Each mapping or list inside, with each of its keys or positions."""
    steps = data.items() if isinstance(data, dict) else enumerate(data)
    for key, value in steps:
        yield data, key
        if isinstance(value, dict | list):
            yield from entries(value)


@given(CHANGES)
@settings(max_examples=150)
def test_a_framework_that_the_schema_refuses_has_errors(changes):
    data = changed(as_an_editor_reads(STARTER), changes)

    assert is_accepted("framework", data) or framework_errors(data)


@given(CHANGES)
@settings(max_examples=20)
def test_a_large_framework_that_the_schema_refuses_has_errors(changes):
    data = changed(as_an_editor_reads(DATA / "framework.yaml"), changes)

    assert is_accepted("framework", data) or framework_errors(data)


@given(CHANGES)
@settings(max_examples=100)
def test_an_overlay_that_the_schema_refuses_has_errors(changes):
    data = changed(OVERLAY, changes)

    assert is_accepted("framework", data) or framework_errors(data)


@given(CHANGES)
@settings(max_examples=200)
def test_ratings_that_the_schema_refuses_have_errors(changes):
    data = changed(RATINGS, changes)

    assert is_accepted("ratings", data) or ratings_errors(data)


def test_the_version_of_the_format_is_a_number_and_no_truth_value():
    assert framework_errors({**as_an_editor_reads(STARTER), "schema": True})
    assert ratings_errors({**RATINGS, "schema": True})


@pytest.mark.parametrize(
    ("key", "field"), [("schema", "schema_"), ("from", "from_")], ids=["schema", "from"]
)
def test_the_name_of_a_field_in_the_program_is_no_key_of_a_file(key, field):
    text = STARTER.read_text(encoding="utf-8").replace(f"{key}:", f"{field}:")

    assert check_framework(text.encode(), "framework.yaml").errors


# --- What other commands write --------------------------------------------------------------------


def assert_described(kind, text):
    """Hold a document to what its schema says, and to no key that is not named there."""
    document = json.loads(text)
    assert complaints(kind, document) == []
    closed = Draft202012Validator(closed_to_other_keys(schema_of(kind)))
    assert [error.message for error in closed.iter_errors(document)] == []


REPORTS: dict[str, list[object]] = {
    **{path.stem: ["assess", path] for path in sorted(EXAMPLES.rglob("*.yaml"))},
    "no-priority-left-out": ["assess", EXAMPLES / "ratings-manager.yaml", "--top", "27"],
    "nothing-rated": ["assess", "-", "--role", "pmo-director"],
}


@pytest.mark.parametrize("name", REPORTS)
def test_a_report_is_accepted_and_has_no_key_that_the_schema_does_not_name(name):
    ran = run(*REPORTS[name], "--format", "json", stdin=b"ratings: {pmo-design: n/a}")
    assert_described("report", ran.out)


def test_a_report_on_another_framework_is_accepted(tmp_path):
    run("template", "--framework", STARTER, "-o", tmp_path / "ratings.yaml")
    role = next(iter(as_an_editor_reads(STARTER)["roles"]))

    ran = run(
        *("assess", tmp_path / "ratings.yaml", "--framework", STARTER),
        *("--role", role, "--format", "json"),
    )

    assert complaints("report", json.loads(ran.out)) == []


def test_a_report_that_lacks_something_is_refused():
    ran = run("assess", EXAMPLES / "ratings-manager.yaml", "--format", "json")
    report = json.loads(ran.out)
    del report["results"][0]["required"]

    assert complaints("report", report) == ["results.0: 'required' is a required property"]


PERSON = EXAMPLES / "ratings-manager.yaml"
TWO = ["--role", "pmo-manager", "--role", "pmo-director"]
RESULTS: dict[str, tuple[str, list[object]]] = {
    "all-roles": ("ranking", ["assess", PERSON, "--role", "any"]),
    "all-roles-nothing-rated": ("ranking", ["assess", "-", "--role", "any"]),
    "two-roles": ("roles", ["compare", *TWO]),
    "two-roles-of-a-person": ("roles", ["compare", *TWO, PERSON]),
    "two-roles-nothing-rated": ("roles", ["compare", *TWO, "-"]),
    "one-person-over-time": ("history", ["history", EXAMPLES / "history"]),
}


@pytest.mark.parametrize("name", RESULTS)
def test_a_result_is_accepted_and_has_no_key_that_the_schema_does_not_name(name):
    kind, command = RESULTS[name]

    ran = run(*command, "--format", "json", stdin=b"ratings: {pmo-design: n/a}")

    assert (ran.code, ran.err) == (0, "")
    assert_described(kind, ran.out)


def test_a_history_with_everything_that_can_be_told_of_files_is_accepted(tmp_path):
    for name, text in {
        "a.yaml": "date: 2026-01-01\nrole: pmo-manager\nratings: {}\n",
        "b.yaml": "person: Bo\ndate: 2026-02-01\nratings: {pmo-design: 3}\n",
        "c.yaml": "person: Bo\ndate: 2026-02-01\nframework: {id: x}\nratings: {pmo-design: 4}\n",
        "misspelt.yaml": "ratings: {strategic-thnking: 3}\n",
        "twice.yaml": "ratings:\n  pmo-design: 3\n  pmo-design: 4\n",
        "torn.json": "{",
        "empty.yaml": "",
        "framework.yaml": "extends: pmo\n",
        "undated.yaml": "ratings: {pmo-design: 3}\n",
        "people.csv": "person,PMO Design\nBo,3\n",
    }.items():
        (tmp_path / name).write_text(text, encoding="utf-8")

    ran = run(
        "history", tmp_path, tmp_path / "gone.yaml", "--role", "pmo-director", "--format", "json"
    )

    assert ran.code == 3
    assert_described("history", ran.out)
    told = json.loads(ran.out)
    assert all(told[key] for key in ("series", "without_date", "frameworks", "others"))
    assert {diagnostic["line"] is None for diagnostic in told["mistakes"]} == {True, False}
    assert any(diagnostic["related"] for diagnostic in told["mistakes"])


@pytest.mark.parametrize("grouped", [[], ["--group-by", "department", "--min-group", "1"]])
def test_a_summary_of_a_team_is_accepted(tmp_path, grouped):
    sheet = (
        "person,department,role,PMO Design\nAna,A,pmo-manager,3\nBo,B,pmo-director,\nCy,B,x,1\n"
    )

    ran = run(
        *("batch", "-", "-o", tmp_path / "results.csv"),
        *("--summary", tmp_path / "team.json", *grouped),
        stdin=sheet.encode(),
    )

    assert ran.code == 1
    assert_described("team", (tmp_path / "team.json").read_text(encoding="utf-8"))


# --- The line that editors look for -------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [DATA / "framework.yaml", *sorted(EXAMPLES.rglob("*.yaml"))],
    ids=lambda path: path.stem,
)
def test_a_file_of_the_project_leads_editors_to_its_schema(path):
    first, *_ = path.read_text(encoding="utf-8").splitlines()

    assert first.startswith(EDITOR_LINE)
    assert (path.parent / first.removeprefix(EDITOR_LINE)).is_file()


def test_a_template_of_ratings_tells_editors_of_its_schema_and_people_how_to_make_that():
    first, *rest = run("template").out.splitlines()

    assert first == f"{EDITOR_LINE}ratings.schema.json"
    assert "pmo-path schema ratings -o ratings.schema.json" in " ".join(rest[:2])
