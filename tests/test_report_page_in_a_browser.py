"""The page of the gap report in a real browser, as people and their tools meet it."""

from __future__ import annotations

import pytest
from tests.browser import browser, opened
from tests.hostile import IN_A_BROWSER, TEXTS, shown, write_framework, write_ratings
from tests.support import EXAMPLES, ROOT, run

__all__ = ["browser"]

FOREIGN = ROOT / "tests/frameworks/foreign/sevens.yaml"
NOTHING_RATED = "ratings: {}"
ONE_WITHOUT_LEVEL = "ratings: {prüfen: 7, anleiten: n/a}"


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """Pages by name: each kind of report that looks different."""
    folder = tmp_path_factory.mktemp("pages")
    for name, options in {"manager": [], "analyst": ["--explain"], "administrator": []}.items():
        ratings = EXAMPLES / f"ratings-{name}.yaml"
        assert run("assess", ratings, *options, "-o", folder / f"{name}.html").code == 0
    for name, text in {"empty": NOTHING_RATED, "foreign": ONE_WITHOUT_LEVEL}.items():
        on = ["--role", "meisterin", "--framework", FOREIGN, "-o", folder / f"{name}.html"]
        assert run("assess", "-", *on, stdin=text.encode()).code == 0
    return folder


NAMES = ["manager", "analyst", "administrator", "empty", "foreign"]


@pytest.mark.parametrize(
    ("name", "theme"), [*((name, "light") for name in NAMES), ("manager", "dark")]
)
def test_nothing_is_said_asked_for_or_hard_to_reach(browser, pages, name, theme):
    found = opened(browser, pages / f"{name}.html", theme=theme)

    assert (found.messages, found.requests) == ([], [])
    assert found.complaints() == []
    assert found.sticks_out() <= 0


@pytest.mark.parametrize(("name", "width"), [*((name, 360) for name in NAMES), ("manager", 1600)])
def test_a_narrow_and_a_wide_window_show_it_whole(browser, pages, name, width):
    found = opened(browser, pages / f"{name}.html", width=width)

    assert found.sticks_out() <= 0
    assert found.complaints() == []


def test_on_a_phone_the_axis_is_there_and_no_table_is_wider_than_the_window(browser, pages):
    page = opened(browser, pages / "analyst.html", width=360).page

    assert page.locator(".axis").first.is_visible()
    wider = "all => all.filter((one) => one.scrollWidth > one.clientWidth).length"
    assert page.locator("#gaps details[open]").count() > 20
    assert page.locator(".scroll").evaluate_all(wider) == 0


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("name", ["manager", "analyst", "administrator"])
def test_every_label_of_the_radar_lies_inside_it(browser, pages, name, width):
    page = opened(browser, pages / f"{name}.html", width=width).page

    frame = page.locator(".radar").bounding_box()
    labels = [box.bounding_box() for box in page.locator(".radar text").all()]
    assert len(labels) == 6
    for label in labels:
        assert frame["x"] - 1 <= label["x"]
        assert label["x"] + label["width"] <= frame["x"] + frame["width"] + 1
        assert frame["y"] - 1 <= label["y"]
        assert label["y"] + label["height"] <= frame["y"] + frame["height"] + 1


def test_rows_are_sorted_by_a_key_press_and_back(browser, pages):
    page = opened(browser, pages / "manager.html").page

    def weights():
        cells = page.locator("#gaps tbody tr td:nth-child(7)").all_inner_texts()
        return [int(cell) for cell in cells]

    heading = page.locator("#gaps thead th").nth(6)
    assert weights()[:3] == [5, 5, 3]
    heading.get_by_role("button").press("Enter")
    assert (weights(), heading.get_attribute("aria-sort")) == (sorted(weights()), "ascending")
    heading.get_by_role("button").press("Enter")
    assert weights() == sorted(weights(), reverse=True)
    assert heading.get_attribute("aria-sort") == "descending"


@pytest.mark.parametrize("presses", [1, 2])
def test_what_is_unrated_comes_last_whichever_way_rows_are_sorted(browser, pages, presses):
    page = opened(browser, pages / "manager.html").page

    for _ in range(presses):
        page.locator("#gaps thead th").nth(2).get_by_role("button").press("Enter")

    now = page.locator("#gaps tbody tr td:nth-child(3)").all_inner_texts()
    assert all(text.isdigit() for text in now[:-3])
    assert sorted(now[-3:]) == ["?", "?", "n/a"]


def test_rows_are_filtered_by_kind_and_by_words(browser, pages):
    page = opened(browser, pages / "manager.html").page
    rows = page.locator("#gaps tbody tr")

    page.get_by_label("Show").select_option("missing")
    assert rows.locator("visible=true").locator("th").all_inner_texts() == [
        "Strategic Thinking",
        "Financial & Resource Management",
    ]
    page.get_by_label("Show").select_option("")
    page.get_by_label("Find").fill("TEAM leader")
    assert rows.locator("visible=true").locator("th").all_inner_texts() == ["PMO team leadership"]
    assert page.locator(".filters [aria-live]").inner_text() == "1 of 27 shown"
    page.get_by_label("Find").fill("nowhere")
    assert rows.locator("visible=true").count() == 0
    nothing = "Nothing fits: 0 of 27 shown"
    assert page.locator(".filters [aria-live]").inner_text() == nothing


def test_without_script_the_table_is_whole_and_offers_nothing_that_does_not_work(browser, pages):
    page = opened(browser, pages / "manager.html", script=False).page

    assert page.locator("#gaps tbody tr").count() == 27
    assert page.locator("#gaps button").count() == 0
    assert not page.locator(".filters").is_visible()
    page.locator("#gaps tbody summary").first.click()
    assert page.get_by_text("Gap: 5 required, 3 now: 2.").is_visible()


def test_everything_can_be_reached_with_the_keyboard(browser, pages):
    page = opened(browser, pages / "manager.html").page

    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    reached = set()
    for _ in range(120):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.tagName"))
    assert {"SUMMARY", "A", "BUTTON", "INPUT", "SELECT", "DIV"} <= reached


def test_it_prints_on_a4_without_cutting_a_row(browser, pages):
    page = opened(browser, pages / "manager.html", theme="dark").page

    page.emulate_media(media="print")
    for selector in ("#gaps tr", ".cards > li", ".rated", ".panel"):
        style = "one => getComputedStyle(one).breakInside"
        assert page.locator(selector).first.evaluate(style) == "avoid"
    for selector in ("h2", "h3", "h2 + p", ".legend", ".axis-row"):
        style = "one => getComputedStyle(one).breakAfter"
        assert page.locator(selector).first.evaluate(style) == "avoid"
    # With the box of a button in it, a heading is not repeated on the next sheet.
    style = "one => getComputedStyle(one).display"
    assert page.locator("#gaps th button").first.evaluate(style) == "contents"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert not page.locator(".filters").is_visible()
    # A4 at 96 dots an inch, less the margins.
    page.set_viewport_size({"width": 703, "height": 1000})
    assert page.evaluate("document.documentElement.scrollWidth") <= 703


@pytest.mark.parametrize("kind", IN_A_BROWSER)
def test_hostile_text_is_only_text(browser, tmp_path, kind):
    framework = write_framework(tmp_path / "framework.yaml", TEXTS[kind])
    ratings = write_ratings(tmp_path / "ratings.json", TEXTS[kind])
    page = tmp_path / "page.html"
    ran = run("assess", ratings, "--framework", framework, "--explain", "-o", page)
    assert (ran.code, ran.err) == (0, f"Wrote {page}.\n")

    found = opened(browser, page, width=360)

    assert (found.messages, found.requests) == ([], [])
    assert shown(f"person {TEXTS[kind]}") in found.text()
    assert shown(f"evidence {TEXTS[kind]}") in found.text()
    assert found.sticks_out() <= 0
    assert found.complaints() == []
