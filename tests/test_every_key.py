"""The keys of a framework, one by one: schema and `validate`, `diff`, `show`, and back again."""

from __future__ import annotations

import copy
import json
from functools import cache
from typing import Any, NamedTuple

import pytest
from jsonschema import Draft202012Validator
from tests.support import run

from pmo_path.domain.diff import diff_frameworks
from pmo_path.domain.diff.model import ChangeKind
from pmo_path.domain.schema import framework_schema
from pmo_path.readers.framework import check_framework
from pmo_path.readers.yaml import parse_yaml
from pmo_path.writers.yaml import resolved_yaml

BASE = """\
schema: 1
framework: {id: f, version: 1.0.0, title: F}
scale: {0: {label: None}, 1: {label: Some}, 2: {label: Much}}
readiness: {good: {label: Good, at_least: 80}, low: {label: Low, at_least: 0}}
domains:
  d:
    name: D
    competences:
      c: {name: C, experience: {1: {do: Do it}, 2: {do: Do more}}}
      e: {name: E}
roles:
  r: {name: R, requires: {c: {level: 2, must_have: 1}, e: 1}}
  s: {name: S, requires: {c: 1, e: 2}}
training:
  t: {title: T, develops: {c: {from: 0, to: 2}}, cost: {amount: 5, currency: EUR}}
  u: {title: U, develops: [e]}
"""
C = ("domains", "d", "competences", "c")
STEP = (*C, "experience", 2)
R, T = ("roles", "r"), ("training", "t")
TEXT = (("Some text", "[red]x[/]", "=1+1"), (3, ["a"], True, {"a": 1}))
NO_BLANK = (TEXT[0], (*TEXT[1], "", " "))
PAGE = (
    ("https://e.org", "http://e.org/a?b=c&d"),
    ("e.org", "ftp://e.org", "https://", "", 3, "javascript:alert(1)"),
)
TEXTS = (
    (["one"], ["one", "two"], {1: ["one"]}, {1: ["one"], 2: ["two", "three"]}),
    ("one", [""], [1], {1: "one"}, {1: [" "]}, {"high": ["one"]}, True),
)
SPAN = ((3, 2.5, [1, 2], [2, 2]), (0, -1, "3", [1], [1, 2, 3], [0, 1], ["1", "2"], True))
NUMBER = ((1, 2.5), ("1", -1, True, [1], 2000))
OWN = ((1, "text", [1, {"deep": True}], None, {"a": 2.5}), ())


class Key(NamedTuple):
    """A key of a framework, with values that it may have and values that are refused."""

    path: tuple[Any, ...]
    good: tuple[Any, ...]
    bad: tuple[Any, ...]

    def __str__(self) -> str:
        return ".".join(map(str, self.path))


KEYS = [
    Key(
        ("framework", "language"), ("de", "pt-BR", "zh-Hant-TW"), ("deutsch!", "e", "en_GB", "", 3)
    ),
    *(Key((*entry, "url"), *PAGE) for entry in (("framework",), C, R, T)),
    Key(("baseline",), (-1, -2.5), ("low", True, [1], -2000)),
    Key((*C, "group"), *TEXT),
    *(Key((*C, name), *TEXTS) for name in ("behaviours", "evidence", "exposure")),
    Key((*STEP, "do"), *NO_BLANK),
    Key((*STEP, "first_move"), *TEXT),
    Key((*STEP, "hours"), *SPAN),
    Key((*STEP, "weeks"), *SPAN),
    Key((*STEP, "start"), ("alone", "ask", "position", "event"), ("never", "", 3, True)),
    Key((*R, "requires", "c", "expects"), *TEXT),
    Key((*R, "family"), *TEXT),
    Key((*R, "grade"), ("Senior", 3, 2.5, "[red]x[/]"), (True, ["a"], {"a": 1})),
    Key((*R, "extends"), ("s",), (3, "", "two words", ["s"])),
    Key((*T, "type"), ("qualification", "recognition"), ("workshop", "", 3)),
    Key((*T, "for_roles"), (["r"], ["r", "s"]), ("r", [3], [""], ["two words"], {"r": 1})),
    Key((*T, "hours"), (1, 2.5), ("1", 0, -1, True, [1], 2000)),
    Key((*T, "provider"), *TEXT),
    Key((*T, "cost", "amount"), (0, 1205.5, 9_000_000), ("5", -1, True, 20_000_000)),
    Key((*T, "cost", "currency"), ("GBP",), ("eur", "EURO", "", 3)),
    Key((*T, "cost", "as_of"), ("2025", "2025-11"), ("25", "2025-13", "2025-1", 2025)),
    Key((*T, "cost", "note"), *TEXT),
    Key((*T, "source_date"), ("2025", "2025-11"), ("25", "2025-13", "2025-1", 2025)),
    Key((*T, "develops"), (["c"], ["c", "e"], {"c": {"from": 1, "to": 2}}), ("c", [3], {"c": 2})),
    Key(("readiness", "good", "must_have_gap"), *NUMBER),
    *(
        Key((*entry, "x-own"), *OWN)
        for entry in (
            *((), ("framework",), ("scale", 1), ("readiness", "good"), ("domains", "d"), C),
            *(STEP, R, (*R, "requires", "c"), T, (*T, "cost"), (*T, "develops", "c")),
        )
    ),
]
"""The baseline's label is not among them: it needs a baseline beside it."""
GOOD = [pytest.param(key, value, id=f"{key}={value}") for key in KEYS for value in key.good]
BAD = [pytest.param(key, value, id=f"{key}={value}") for key in KEYS for value in key.bad]


@cache
def base():
    data, *_ = parse_yaml(BASE)
    return data


def changed(key, value):
    """The base with a value under the key."""
    data = copy.deepcopy(base())
    entry = data
    for name in key.path[:-1]:
        entry = entry[name]
    entry[key.path[-1]] = value
    return data


def framework_of(data):
    result = check_framework(resolved_yaml(data).encode(), "f.yaml")
    assert result.errors == ()
    return result.framework


@cache
def validator():
    return Draft202012Validator(framework_schema())


def is_in_schema(data):
    return validator().is_valid(json.loads(json.dumps(data, default=float)))


@pytest.mark.parametrize(("key", "value"), GOOD)
def test_the_schema_and_validate_accept_it(key, value):
    data = changed(key, value)

    assert is_in_schema(data)
    assert check_framework(resolved_yaml(data).encode(), "f.yaml").errors == ()


@pytest.mark.parametrize(("key", "value"), BAD)
def test_the_schema_and_validate_refuse_it(key, value):
    data = changed(key, value)

    errors = check_framework(resolved_yaml(data).encode(), "f.yaml").errors
    assert errors
    assert {str(error.code) for error in errors} <= {"PMO201", "PMO202", "PMO203", "PMO204"}
    assert not is_in_schema(data)


@pytest.mark.parametrize(("key", "value"), GOOD)
def test_a_diff_reports_its_change(key, value):
    old, new = framework_of(base()), framework_of(changed(key, value))

    for before, after in ((old, new), (new, old)):
        (change, *_) = diff_frameworks(before, after).changes
        is_whole = change.kind in {ChangeKind.ADDED, ChangeKind.REMOVED}
        assert change.before != change.after or change.subject.key or is_whole
    assert diff_frameworks(new, new).changes == ()


@pytest.mark.parametrize(("key", "value"), GOOD)
def test_it_is_shown_and_written_in_full(tmp_path, key, value):
    framework = tmp_path / "f.yaml"
    framework.write_text(resolved_yaml(changed(key, value)), encoding="utf-8")

    shown = json.loads(run("show", "--framework", framework, "--format", "json").out)
    for name in key.path:
        shown = shown[str(name)]
    resolved = run("show", "--resolved", "--framework", framework).out

    assert as_shown(key, value) == shown
    again = check_framework(resolved.encode(), "f.yaml").framework
    assert again == check_framework(framework.read_bytes(), "f.yaml").framework


def as_shown(key, value):
    """The value as JSON has it: spans as both ends, and grades as text."""
    if key.path[-1] in {"hours", "weeks"} and key.path[0] == "domains":
        return value if isinstance(value, list) else [value, value]
    if key.path[-1] == "grade":
        return str(value)
    return json.loads(json.dumps(value))


def test_the_list_has_every_key_that_the_base_leaves_out():
    listed = {key.path[-1] for key in KEYS}
    definitions = framework_schema()["$defs"]
    known = {name for part in definitions.values() for name in part.get("properties", ())}

    assert known - listed == ELSEWHERE - listed


ELSEWHERE = {
    *("schema", "framework", "scale", "readiness", "domains", "roles", "training", "competences"),
    *("id", "version", "title", "name", "label", "meaning", "summary", "notice", "how_to_rate"),
    *("at_least", "must_haves_missing", "baseline_label", "aliases", "key", "levels"),
    *("experience", "second_rater", "leads_to", "requires", "level", "importance", "must_have"),
    *("kind", "format", "days", "duration", "audience", "topics", "prerequisites", "cost"),
    *("from", "to", "checked", "note"),
}
"""Keys that the base has, or that have tests of their own: they are those of the first version."""
