"""What to type instead of a wrong value, from the value alone."""

from __future__ import annotations

from decimal import Decimal

import pytest

from pmo_path.readers.suggestions import NamesInUse, decimal_point, for_type, id_like, split_key
from pmo_path.readers.yaml import parse_yaml


@pytest.mark.parametrize(
    ("expected", "value", "hint"),
    [
        ("bool_type", "yes", "write true"),
        ("bool_type", "maybe", "write true or false, without quotes"),
        ("number", "3", "write 3 without quotes"),
        ("number", "02", "write 2, without leading zeros"),
        ("number", "2,5", "write 2.5"),
        ("number", "3 days", "write 3"),
        ("number", "1e3", "write it out: 1000"),
        ("number", "0x10", "write 16"),
        ("number", "1:30", "this is text, as a time of day is; write one number"),
        ("number", "2026-11-23", "this is text, as every date is; write one number"),
        ("number", "much", "write a number such as 3"),
        ("number", None, "write the number, or take the key out"),
        ("number", ({"level": 3}, {"must_have": 2}), "write {level: 3, must_have: 2}"),
        ("string_type", 3, 'put it in quotes: "3"'),
        ("string_type", Decimal("1.5"), 'put it in quotes: "1.5"'),
        ("string_type", True, 'put it in quotes: "true"'),
        ("string_type", {"a": "b"}, 'text that contains ": " must be in quotes: "a: b"'),
        ("tuple_type", "a", "write [a], or put '- ' before each entry on a line of its own"),
        ("tuple_type", True, "write [true], or put '- ' before each entry on a line of its own"),
        ("tuple_type", "-a", "begin each entry with a dash and a space: '- '"),
        ("mapping_type", None, "write the entries below it, indented"),
        ("mapping_type", "a", ""),
    ],
)
def test_a_wrong_type_is_answered_with_what_to_type(expected, value, hint):
    assert for_type(expected, value) == hint


def test_names_are_answered_with_ids_and_labels_with_levels():
    text = (
        "scale: {0: {label: None}, 2.50: {label: Half}, x: 3}\n"
        "domains: {d: {competences: {c: {name: Planning, aliases: [Scheduling]}, e: 3}}, f: 3}\n"
        "roles: {r: {name: Lead}}\ntraining: [x]\n"
    )
    names = NamesInUse(parse_yaml(text)[0])

    assert names.id_of("scheduling", ("roles", "r", "requires", "scheduling")) == "c"
    assert names.id_of("LEAD", ("roles", "r", "leads_to", 0)) == "r"
    assert names.id_of("x", ("training", "t", "prerequisites", 0)) is None
    assert names.id_of("Planning", ("schema",)) is None
    assert names.level("half") == "2.5"
    assert NamesInUse([]).level("half") is None


def test_keys_that_are_glued_to_their_value_are_split():
    assert split_key("level:3", ["level"]) == ("level", "3")
    assert split_key("levl:3", ["level"]) is None


def test_an_id_with_spaces_gets_hyphens():
    assert id_like("team  lead") == "write 'team-lead'"
    assert id_like("a, b") == ""


def test_a_decimal_comma_is_seen_in_the_key_behind_it():
    data = parse_yaml("{level: 2,5}")[0]

    assert decimal_point(("5",), data) == "a decimal has a point: level: 2.5"
    assert decimal_point(("level",), data) == ""
    assert decimal_point((), data) == ""
