"""The page of a team in a real browser, small and large."""

from __future__ import annotations

import random

import pytest
from tests.browser import browser, opened
from tests.support import run

from pmo_path import load_framework

__all__ = ["browser"]

MANY = 5_000
MAX_BYTES = 2_000_000
MAX_SCRIPT_SECONDS = 1.0
"""A thousandth of it is usual, so that no machine is too slow."""


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """Pages by name: a small team of several roles, one of 200 people, and a large one."""
    folder = tmp_path_factory.mktemp("pages")
    small = ["examples/people.csv", "--group-by", "department"]
    assert run("batch", *small, "-o", "/dev/null", "--report", folder / "small.html").code == 1
    for name, count in {"two-hundred": 200, "many": MANY}.items():
        sheet = folder / f"{name}.csv"
        sheet.write_text(people(count), encoding="utf-8")
        grouped = ["--role", "pmo-manager", "--group-by", "department"]
        page = folder / f"{name}.html"
        assert run("batch", sheet, *grouped, "-o", "/dev/null", "--report", page).code == 0
    return folder


def people(count: int) -> str:
    """A sheet of so many people in forty departments."""
    chance = random.Random(count)
    competences = list(load_framework().competences)
    lines = [",".join(["person", "department", *competences])]
    for number in range(count):
        levels = [chance.choice(["", "n/a", "0", "1", "2", "3", "4", "5"]) for _ in competences]
        lines.append(",".join([f"Person {number}", f"Department {number % 40}", *levels]))
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize(("width", "theme"), [(360, "dark"), (1600, "light")])
@pytest.mark.parametrize("name", ["small", "many"])
def test_nothing_is_said_asked_for_or_hard_to_reach(browser, pages, name, width, theme):
    found = opened(browser, pages / f"{name}.html", width=width, theme=theme)

    assert (found.messages, found.requests) == ([], [])
    assert found.complaints() == []
    assert found.sticks_out() <= 0


@pytest.mark.parametrize("name", ["two-hundred", "many"])
def test_a_large_team_makes_a_page_that_is_small_and_quick(browser, pages, name):
    path = pages / f"{name}.html"

    page = opened(browser, path).page
    client = page.context.new_cdp_session(page)
    client.send("Performance.enable")
    client.send("Page.reload")
    page.wait_for_load_state("load")
    metrics = {
        metric["name"]: metric["value"]
        for metric in client.send("Performance.getMetrics")["metrics"]
    }

    assert path.stat().st_size < MAX_BYTES
    assert metrics["ScriptDuration"] < MAX_SCRIPT_SECONDS


def test_on_a_phone_names_leave_room_for_levels_beside_them(browser, tmp_path):
    sheet = tmp_path / "people.csv"
    sheet.write_text(f"person,pmo-team\n{'Wolfeschlegel' * 4},3\n", encoding="utf-8")
    options = ["--role", "pmo-manager", "-o", "/dev/null", "--report", tmp_path / "page.html"]
    assert run("batch", sheet, *options).code == 0

    page = opened(browser, tmp_path / "page.html", width=360).page

    name = page.locator("table.heat tbody th").bounding_box()
    assert name is not None
    assert name["width"] < 120


@pytest.mark.parametrize("width", [1100, 1280])
def test_who_holds_a_competence_is_not_cut_off(browser, pages, width):
    page = opened(browser, pages / "small.html", width=width).page

    for table in page.get_by_role("region", name="Coverage: ").all():
        assert table.evaluate("it => it.scrollWidth - it.clientWidth") <= 0


def test_the_heat_map_is_sorted_by_any_competence(browser, pages):
    page = opened(browser, pages / "two-hundred.html").page
    heat = page.locator("table.heat")

    heat.locator("thead tr").first.locator("th").nth(2).get_by_role("button").press("Enter")
    first = heat.locator("tbody tr td:nth-child(3)").all_inner_texts()

    levels = [text for text in first if text.isdigit()]
    assert levels == sorted(levels)
    assert len(first) == 200
    assert heat.locator("thead tr").last.locator("th").inner_text() == "Required"
