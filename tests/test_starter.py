"""The framework that `template framework` writes: valid, whole, and of use in every command."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from tests.support import run

from pmo_path import load_framework
from pmo_path.domain.base_model import Frozen
from pmo_path.domain.framework import Framework
from pmo_path.domain.numbers import show_number


@pytest.fixture
def starter(tmp_path):
    ran = run("template", "framework", "-o", tmp_path / "starter.yaml")

    assert ran == (0, "", f"Wrote {tmp_path}/starter.yaml.\n")
    return tmp_path / "starter.yaml"


def test_there_is_nothing_to_say_against_it(starter):
    ran = run("validate", starter)

    assert (ran.code, ran.out) == (0, "")


def test_it_tells_editors_of_its_schema_and_people_how_to_make_that(starter):
    first, *rest = starter.read_text(encoding="utf-8").splitlines()

    assert first == "# yaml-language-server: $schema=framework.schema.json"
    assert "pmo-path schema framework -o framework.schema.json" in " ".join(rest[:2])


def test_it_is_about_another_profession_on_another_scale(starter):
    ours, shipped = load_framework(starter), load_framework()

    assert ours.framework.id != shipped.framework.id
    assert ours.levels != shipped.levels
    assert not ours.competences.keys() & shipped.competences.keys()


def test_it_shows_every_key_of_the_format(starter):
    shown: dict[type[Frozen], set[str]] = {}
    for part in parts(load_framework(starter)):
        shown.setdefault(type(part), set()).update(
            part.model_fields_set & type(part).model_fields.keys()
        )

    assert Framework in shown
    # A baseline would turn the lowest level of this example into a step that needs texts of its own.
    text = starter.read_text(encoding="utf-8")
    shown[Framework].update(re.findall(r"^#   (baseline\w*):", text, re.MULTILINE))
    assert shown == {model: set(model.model_fields) for model in shown}


def parts(value: Any) -> Iterator[Frozen]:
    """Every model in a framework, itself included."""
    if isinstance(value, Frozen):
        yield value
        for field in type(value).model_fields:
            yield from parts(getattr(value, field))
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from parts(inner)


def test_each_role_can_be_rated_and_assessed(starter):
    framework = load_framework(starter)
    for role in framework.roles:
        template = run("template", "--framework", starter, "--role", role)
        lowest = show_number(framework.levels[0])
        filled = template.out
        for key in framework.scored(role):
            assert filled.count(f"  {key}:\n") == 1
            filled = filled.replace(f"  {key}:\n", f"  {key}: {lowest}\n")

        ran = run("assess", "-", "--full", "--framework", starter, stdin=filled.encode())

        assert (ran.code, ran.err) == (0, "")
        assert framework.roles[role].name in ran.out
        assert "Do  " in ran.out
        assert "no course" not in ran.out.lower()


@pytest.mark.parametrize("option", ["--role", "--framework"])
def test_options_for_ratings_are_refused_with_the_reason(option):
    ran = run("template", "framework", option, "desk-agent")

    assert (ran.code, ran.out) == (2, "")
    assert ran.err == (
        f"pmo-path: {option} is for ratings and sheets of people; "
        "'template framework' always writes the same small framework\n"
    )


def test_a_framework_in_the_environment_is_not_in_the_way(starter):
    ran = run("template", "framework", PMO_PATH_FRAMEWORK="ours.yaml")

    assert ran == (0, starter.read_text(encoding="utf-8"), "")


def test_ratings_are_the_template_that_is_written_without_a_kind():
    assert run("template", "ratings") == run("template")


def test_another_kind_is_a_usage_error_that_names_all():
    ran = run("template", "frameworks")

    assert (ran.code, ran.out) == (2, "")
    assert (
        "'ratings', 'ratings.xlsx', 'people.csv', 'people.tsv', 'people.xlsx', 'framework'"
        in ran.err
    )
