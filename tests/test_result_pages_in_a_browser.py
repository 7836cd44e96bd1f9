"""The pages of all results but reports and teams, in a real browser."""

from __future__ import annotations

from itertools import pairwise

import pytest
from tests.browser import browser, opened
from tests.hostile import IN_A_BROWSER, TEXTS, shown, write_framework, write_ratings
from tests.support import EXAMPLES, run

__all__ = ["browser"]

RUNS = {
    "over-time": [
        "compare",
        "examples/ratings-manager-march.yaml",
        "examples/ratings-manager.yaml",
    ],
    "raters": [
        *("compare", "examples/ratings-manager.yaml"),
        "examples/ratings-manager-by-line-manager.yaml",
    ],
    "roles": [
        *("compare", "--role", "pmo-manager", "--role", "pmo-director"),
        "examples/ratings-manager.yaml",
    ],
    "roles-alone": ["compare", "--role", "pmo-analyst", "--role", "pmo-manager"],
    "any-role": ["assess", "examples/ratings-manager.yaml", "--role", "any"],
    "history": ["history", "examples/history"],
    "show": ["show"],
    "show-role": ["show", "pmo-director"],
    "show-competence": ["show", "governance"],
    "diff": ["diff", "tests/frameworks/diff/before.yaml", "tests/frameworks/diff/after.yaml"],
    "explain": ["explain"],
    "explain-rule": ["explain", "PMO306"],
}


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """The pages of the runs, by name."""
    folder = tmp_path_factory.mktemp("pages")
    for name, args in RUNS.items():
        page = folder / f"{name}.html"
        assert run(*args, "-o", page) == (0, "", f"Wrote {page}.\n")
    return folder


@pytest.mark.parametrize(("width", "theme"), [(360, "dark"), (1600, "light")])
@pytest.mark.parametrize("name", RUNS)
def test_nothing_is_said_asked_for_or_hard_to_reach(browser, pages, name, width, theme):
    found = opened(browser, pages / f"{name}.html", width=width, theme=theme)

    assert (found.messages, found.requests) == ([], [])
    assert found.complaints() == []
    assert found.sticks_out() <= 0
    assert (pages / f"{name}.html").stat().st_size < 300_000


# Markdown writes the notes beside the headings of `diff` in brackets.
@pytest.mark.parametrize("name", [name for name in RUNS if name != "diff"])
def test_the_page_says_what_the_table_says(browser, pages, name):
    page = opened(browser, pages / f"{name}.html").page
    for fold in page.locator("details").all():
        fold.locator("summary").first.click()
    seen = " ".join(page.locator("body").inner_text().split())

    markdown = run(*RUNS[name], "--format", "markdown").out
    told = [line for line in markdown.splitlines() if line.startswith(("#", "- ", "| "))]
    cells = {
        cell.strip(" *#-").replace("&amp;", "&").replace("\\", "")
        for line in told
        for cell in line.strip("| ").split("|")
    }
    assert len(cells) > 3
    for cell in cells:
        for part in cell.split("**:"):
            assert part.strip(" *") in seen


@pytest.mark.parametrize(("width", "labels"), [(320, 3), (360, 3), (641, 5), (1600, 5)])
def test_times_below_a_chart_are_as_many_as_fit_side_by_side(browser, tmp_path, width, labels):
    text = (EXAMPLES / "history/ana-2026-11.yaml").read_text(encoding="utf-8")
    for month in range(1, 12):
        rated = text.replace("date: 2026-11-23", f"date: 2026-{month:02}-11")
        (tmp_path / f"{month}.yaml").write_text(rated, encoding="utf-8")
    path = tmp_path / "page.html"
    assert run("history", tmp_path, "-o", path) == (0, "", f"Wrote {path}.\n")

    page = opened(browser, tmp_path / "page.html", width=width).page

    times = page.locator(".trend g text:visible")
    boxes = sorted(
        ((label.bounding_box() or {}) for label in times.all()), key=lambda box: box["x"]
    )
    assert len(boxes) == labels
    assert boxes[0]["x"] >= 0
    for box, other in pairwise([*boxes, {"x": width}]):
        assert box["x"] + box["width"] < other["x"]


@pytest.mark.parametrize("kind", IN_A_BROWSER)
def test_hostile_text_is_only_text(browser, tmp_path, kind):
    text = TEXTS[kind]
    framework = write_framework(tmp_path / "framework.yaml", text)
    own = write_ratings(tmp_path / "own.json", text, rater="self")
    other = write_ratings(tmp_path / "other.json", text, rater=f"boss {text}")
    before = write_ratings(tmp_path / "before.json", text, rater="self", date="2026-01-01")
    for pair in ((own, other), (before, own)):
        page = tmp_path / "page.html"
        ran = run("compare", *pair, "--framework", framework, "-o", page)
        assert (ran.code, ran.err) == (0, f"Wrote {page}.\n")

        found = opened(browser, page, width=360)

        assert (found.messages, found.requests) == ([], [])
        assert shown(f"person {text}") in found.text()
        assert shown(f"Competence 0 {text}") in found.text()
        assert found.sticks_out() <= 0
        assert found.complaints() == []
