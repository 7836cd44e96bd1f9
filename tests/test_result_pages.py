"""All results but reports and teams as pages: what is in the file, without a browser."""

from __future__ import annotations

import pytest
from tests.hostile import TEXTS, shown, write_framework, write_ratings
from tests.html_page import Seen, keeps_to_itself
from tests.support import run

RUNS = {
    "over-time": ["compare", "before.json", "own.json"],
    "raters": ["compare", "own.json", "other.json"],
    "roles": ["compare", "--role", "role", "--role", "next", "own.json"],
    "any-role": ["assess", "own.json", "--role", "any"],
    "history": ["history", "before.json", "own.json"],
}

SHOWN = ("--framework", "framework.yaml", "--format", "html")
FRAMEWORK_RUNS = {
    "show": (
        ["show", *SHOWN],
        ["title", "notice", "next role", "domain", "Competence 1", "family", "grade", "group"],
    ),
    "role": (
        ["show", "next", *SHOWN],
        ["next role", "role", "domain", "Competence 1", "label 3", "family", "grade", "expects"],
    ),
    "competence": (
        ["show", "c1", *SHOWN],
        [
            *(
                "summary",
                "behaviour",
                "anchor 1 2",
                "proof",
                "do",
                "mentor",
                "next role",
                "course",
            ),
            *("first move",),
        ],
    ),
    "course": (
        ["show", "course", *SHOWN],
        [
            *("course", "provider", "kind", "format", "duration", "before", "note"),
            *("Competence 1", "audience", "topic", "cost note"),
        ],
    ),
    "domain": (["show", "all", *SHOWN], ["domain", "Competence 1", "summary"]),
    "diff": (
        ["diff", "before.yaml", "framework.yaml", "--format", "html"],
        ["title", "1", "next role", "Competence 1", "label 3", "ready", "course", "domain"],
    ),
}
"""Pages about a framework, and fields that are on them."""


def page_of(folder, name: str, text: str) -> str:
    """The page of one run, on files in which every text is this one."""
    folder.mkdir(exist_ok=True)
    write_framework(folder / "framework.yaml", text)
    write_ratings(folder / "own.json", text, rater="self")
    write_ratings(folder / "other.json", text)
    write_ratings(folder / "before.json", text, rater="self", date="2026-01-01")
    ran = run(*RUNS[name], "--framework", "framework.yaml", "--format", "html", cwd=folder)
    assert (ran.code, ran.err) == (0, "")
    return ran.out


@pytest.mark.parametrize("name", RUNS)
def test_the_page_keeps_to_itself_and_stays_small(tmp_path, name):
    page = page_of(tmp_path, name, "tame")

    keeps_to_itself(page)
    assert len(page.encode()) < 300_000


@pytest.mark.parametrize("kind", TEXTS)
@pytest.mark.parametrize("name", RUNS)
def test_hostile_text_is_seen_as_itself_and_makes_no_element(tmp_path, name, kind):
    hostile = Seen(page_of(tmp_path / "hostile", name, TEXTS[kind]))
    tame = Seen(page_of(tmp_path / "tame", name, "tame"))

    assert hostile.shape() == tame.shape()
    assert "person tame" in tame.text
    for field in ("person", "title", "notice", "next role"):
        assert f"{field} tame" in tame.text
        assert shown(f"{field} {TEXTS[kind]}") in hostile.text


def framework_page_of(folder, name: str, text: str) -> str:
    """The page of one run on frameworks in which every text is this one."""
    folder.mkdir(exist_ok=True)
    write_framework(folder / "framework.yaml", text)
    write_framework(folder / "before.yaml", f"{text} before")
    ran = run(*FRAMEWORK_RUNS[name][0], cwd=folder)
    assert (ran.code, ran.err) == (0, "")
    return ran.out


@pytest.mark.parametrize("kind", TEXTS)
@pytest.mark.parametrize("name", FRAMEWORK_RUNS)
def test_hostile_text_of_a_framework_is_seen_as_itself(tmp_path, name, kind):
    page = framework_page_of(tmp_path / "hostile", name, TEXTS[kind])
    hostile, tame = Seen(page), Seen(framework_page_of(tmp_path / "tame", name, "tame"))

    keeps_to_itself(page)
    assert hostile.shape() == tame.shape()
    for field in FRAMEWORK_RUNS[name][1]:
        assert f"{field} tame" in tame.text
        assert shown(f"{field} {TEXTS[kind]}") in hostile.text


def test_open_is_for_a_page_in_a_file_here_too(tmp_path):
    browser = tmp_path / "browser.sh"
    browser.write_text(f'#!/bin/sh\necho "$1" >> "{tmp_path}/asked"\n', encoding="utf-8")
    browser.chmod(0o755)
    pages = [tmp_path / "history.html", tmp_path / "compare.html"]

    for command, page in zip(
        (
            ["history", "examples/history"],
            ["compare", "--role", "pmo-analyst", "--role", "pmo-manager"],
        ),
        pages,
        strict=True,
    ):
        assert run(*command, "--format", "json", "--open").code == 2
        ran = run(*command, "-o", page, "--open", BROWSER=str(browser))
        assert ran == (0, "", f"Wrote {page}.\n")
    assert (tmp_path / "asked").read_text().split() == [page.as_uri() for page in pages]
