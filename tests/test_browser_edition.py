"""pmo-path as one page, in a real browser and opened from disk, as people get it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.browser import Opened, browser, opened
from tests.firefox import FIREFOX, firefox
from tests.support import EXAMPLES, ROOT, TIMEOUT, run

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

__all__ = ["browser"]

# The page is slow to load, so one worker opens it for all.
pytestmark = pytest.mark.xdist_group("browser-edition")
PAGE = ROOT / "dist" / "pmo-path.html"
PARTS = ROOT / "build" / "page"
IS_REQUIRED = os.environ.get("PMO_PATH_TEST_BROWSER") == "1"
if not PAGE.exists() and not IS_REQUIRED:
    pytest.skip("make page has not been run", allow_module_level=True)
RATINGS = (
    *sorted(EXAMPLES.glob("ratings-*.yaml")),
    *sorted((ROOT / "tests/cases/ratings").glob("[ps][0-9]*.yaml")),
)
MEGABYTE = 1_000_000
NO_STORAGE = """
Object.defineProperty(window, "localStorage", { get() { throw new DOMException("no", "SecurityError"); } });
"""


def ready(found: Opened) -> Page:
    """The page once it can be used; nothing was asked for on the way but its own parts."""
    found.page.get_by_role("heading", name="Rate yourself").wait_for()
    return found.page


def ready_again(page: Page) -> None:
    page.get_by_role("button", name="Begin").wait_for()


def asked_for(found: Opened) -> list[str]:
    """What was asked for of a network; a blob is a part of the page."""
    return [url for url in found.requests if not url.startswith("blob:")]


@pytest.fixture
def visit(browser: Browser) -> Iterator[Opened]:
    """The page, freshly opened, in a browser that knows nothing of it."""
    found = opened(browser, PAGE)
    ready(found)
    yield found
    assert (found.messages, asked_for(found)) == ([], [])
    found.page.context.close()


def begin(page: Page, *, scope: str = "quick") -> None:
    page.get_by_label("Your name").fill("Ana <b>Moreno</b>")
    page.get_by_label("The role you want").select_option("pmo-director")
    page.get_by_label("What to rate").select_option(scope)
    page.get_by_role("button", name="Begin").click()
    page.get_by_text("Question 1 of").wait_for()


def answer_all(page: Page, key: str = "3") -> None:
    while page.locator("form fieldset").count():
        page.keyboard.press(key)
        page.keyboard.press("Enter")
    page.get_by_role("heading", name="Review").wait_for()


def open_file(page: Page, path: Path) -> None:
    page.locator("input[type=file]").set_input_files(path)


def saved(page: Page, button: str) -> str:
    with page.expect_download() as download:
        page.get_by_role("button", name=button).click()
    return Path(download.value.path()).read_text(encoding="utf-8")


# --- The main road ------------------------------------------------------------------------------


def test_answers_by_keyboard_give_the_report_and_the_ratings_of_the_command(visit, tmp_path):
    page = visit.page
    begin(page, scope="full")
    answer_all(page)
    page.get_by_role("button", name="Show my report").click()

    frame = page.frame_locator("iframe")
    frame.get_by_role("heading", level=1).first.wait_for()
    ratings = tmp_path / "ratings.yaml"
    ratings.write_text(saved(page, "Save the ratings"), encoding="utf-8")

    assert "Ana <b>Moreno</b>" in frame.locator("body").inner_text()
    assert saved(page, "Save the report") == written(ratings, ".html")
    assert saved(page, "Save as JSON") == written(ratings, ".json")


@pytest.mark.parametrize("ratings", RATINGS, ids=lambda path: path.stem)
def test_the_report_on_a_file_is_the_one_that_the_command_writes(shared, ratings):
    page = shared.page
    page.goto(PAGE.as_uri()) if page.locator("#problem:not(:empty)").count() else None
    if not page.locator("input[type=file]").count():
        page.get_by_role("button", name="Start again").click()
    open_file(page, ratings)
    page.get_by_role("heading", name="Your report").wait_for()

    assert saved(page, "Save the report") == written(ratings, ".html")
    assert saved(page, "Save as JSON") == written(ratings, ".json")
    assert asked_for(shared) == []


@pytest.fixture(scope="module")
def shared(browser: Browser) -> Opened:
    """The page, opened once for many files."""
    found = opened(browser, PAGE)
    ready(found)
    return found


def written(ratings: Path, ending: str) -> str:
    """What the command writes for ratings."""
    ran = run("assess", ratings, "--format", {".html": "html", ".json": "json"}[ending])
    assert ran.code == 0
    return ran.out


def test_answers_can_be_changed_before_and_after_the_report(visit):
    page = visit.page
    begin(page)
    answer_all(page)
    page.get_by_role("button", name="Change Strategic Thinking").click()
    page.get_by_label("Does not apply").check()
    page.get_by_role("button", name="To the review").click()

    assert "n/a" in page.locator("ol.review li", has_text="Strategic Thinking").inner_text()
    page.get_by_role("button", name="Show my report").click()
    page.get_by_role("button", name="Change answers").click()
    assert page.get_by_role("heading", name="Review").is_visible()


def test_one_can_go_back_and_evidence_stays_with_its_question(visit):
    page = visit.page
    begin(page)
    first = page.locator("h1").inner_text()
    page.get_by_text("Evidence", exact=True).click()
    page.get_by_label("What would you point to?").fill("The 2025 strategy, n and 3")
    page.get_by_label("Year").fill("20x5")
    page.get_by_role("button", name="Skip for now").click()
    assert "Type a year from 1950" in page.locator("#problem").inner_text()
    page.get_by_label("Year").fill("2025")
    page.get_by_role("button", name="Skip for now").click()
    page.get_by_text("Question 2 of").wait_for()
    page.locator("h1").press("b")

    assert page.locator("h1").inner_text() == first
    assert page.get_by_label("What would you point to?").input_value() == (
        "The 2025 strategy, n and 3"
    )
    assert page.get_by_role("button", name="Skip for now").is_visible()


ANSWER_ALL = """
const target = document.querySelectorAll("select")[1];
target.value = "pmo-director";
target.dispatchEvent(new Event("change"));
document.querySelector("form").requestSubmit();
while (document.querySelector("form fieldset")) {
  document.querySelector("input[value='3']").click();
  document.querySelector("form").requestSubmit();
}
[...document.querySelectorAll("button")].find((each) => each.textContent === "Show my report").click();
return document.getElementById("problem").textContent;
"""


@pytest.mark.skipif(FIREFOX is None, reason="there is no Firefox")
def test_firefox_asks_and_reports_too(tmp_path):
    with firefox(tmp_path) as running:
        running.open(PAGE)
        running.wait("return document.querySelector('form') !== null")
        problem = running.run(ANSWER_ALL)
        heading = (
            "document.querySelector('iframe')?.contentDocument.querySelector('h1')?.textContent"
        )

        assert (problem, running.wait(f"return {heading}")) == ("", "PMO Director")


# --- Answers that are kept ----------------------------------------------------------------------


def test_unfinished_answers_are_kept_until_they_are_deleted(visit):
    page = visit.page
    begin(page)
    for _ in range(2):
        page.keyboard.press("4")
        page.keyboard.press("Enter")
    page.get_by_text("Question 3 of").wait_for()

    page.reload()
    ready(visit)
    assert "2 of 13 answered" in page.locator("main").inner_text()
    page.get_by_role("button", name="Continue").click()
    assert page.get_by_text("Question 3 of").is_visible()

    page.reload()
    ready(visit)
    page.get_by_role("button", name="Delete the answers").click()
    assert not page.get_by_role("button", name="Continue").count()
    assert page.evaluate("localStorage.length") == 0
    visit.requests.clear()  # the page itself, twice


def blocks_closing(page: Page) -> bool:
    """Whether the browser asks before it closes the page."""
    prevented: bool = page.evaluate(
        "!window.dispatchEvent(new Event('beforeunload', { cancelable: true }))"
    )
    return prevented


def answer_first(page: Page, level: str) -> None:
    page.keyboard.press(level)
    page.keyboard.press("Enter")
    page.get_by_text("Question 2 of").wait_for()


def test_two_tabs_keep_their_answers_apart(visit):
    page = visit.page
    begin(page)
    answer_first(page, "4")
    other = page.context.new_page()
    other.goto(PAGE.as_uri())
    ready_again(other)
    begin(other)
    answer_first(other, "2")
    assert page.evaluate("localStorage.length") == 2

    other.reload()
    ready_again(other)
    assert other.get_by_text("1 of 13 answered").count() == 2
    other.get_by_role("button", name="Continue").last.click()
    other.get_by_text("Question 2 of").wait_for()
    page.get_by_text("Another tab went on with these answers.").wait_for()
    page.keyboard.press("5")
    page.keyboard.press("Enter")
    page.get_by_text("Question 3 of").wait_for()
    assert page.evaluate("localStorage.length") == 3
    other.close()


def test_going_back_from_the_first_question_keeps_what_was_entered(visit):
    page = visit.page
    begin(page)
    page.get_by_role("button", name="Back").click()
    ready(visit)
    assert not page.get_by_role("button", name="Continue").count()

    begin(page)
    page.keyboard.press("4")
    page.get_by_text("Evidence", exact=True).click()
    page.get_by_label("What would you point to?").fill("A <b>paper</b>")
    page.get_by_role("button", name="Back").click()
    page.get_by_role("button", name="Continue").click()

    page.get_by_text("Question 1 of").wait_for()
    assert page.locator("input[value='4']").is_checked()
    assert page.get_by_label("What would you point to?").input_value() == "A <b>paper</b>"


def test_where_nothing_is_kept_answers_are_dropped_only_when_that_is_wanted(browser, tmp_path):
    page = ready(with_script(browser, NO_STORAGE))
    framework = tmp_path / "ours.yaml"
    framework.write_text(
        "extends: pmo\nframework: {id: ours, title: Ours, version: 1.0.0}\n", encoding="utf-8"
    )
    begin(page)
    assert not blocks_closing(page)
    answer_first(page, "4")
    page.keyboard.press("b")
    page.keyboard.press("b")
    ready_again(page)

    for replace in (
        lambda: open_file(page, framework),
        lambda: page.get_by_role("button", name="Begin").click(),
    ):
        page.get_by_label("The role you want").select_option("pmo-director")
        with page.expect_event("dialog") as dialog:  # is answered with No
            page.once("dialog", lambda dialog: dialog.dismiss())
            replace()
        assert "drops your answers" in dialog.value.message
        assert page.get_by_text("1 of 13 answered").is_visible()
        assert blocks_closing(page)
    page.once("dialog", lambda dialog: dialog.accept())
    open_file(page, framework)
    page.get_by_text("Now using Ours.").wait_for()
    assert not blocks_closing(page)


def test_saving_the_ratings_of_a_file_saves_no_answers(browser):
    page = ready(with_script(browser, NO_STORAGE))
    begin(page)
    answer_first(page, "4")
    page.keyboard.press("b")
    page.keyboard.press("b")
    ready_again(page)
    open_file(page, EXAMPLES / "ratings-manager.yaml")
    assert "Ana Moreno" in saved(page, "Save the ratings")
    assert blocks_closing(page)

    page.get_by_role("button", name="Back to your answers").click()
    page.get_by_role("button", name="Show my report").click()
    assert "strategic-thinking: 4" in saved(page, "Save the ratings")
    assert not blocks_closing(page)


def test_damaged_answers_are_named_and_can_be_deleted(visit):
    page = visit.page
    page.evaluate("localStorage.setItem('pmo-path:pmo:1', '{\"schema\": 1')")
    page.reload()
    ready(visit)

    assert "The unfinished answers are damaged." in page.locator("main").inner_text()
    page.get_by_role("button", name="Delete the answers").click()
    assert page.evaluate("localStorage.length") == 0
    visit.requests.clear()


def test_a_browser_that_keeps_nothing_is_named_and_the_questions_go_on(browser):
    found = with_script(browser, NO_STORAGE)
    page = ready(found)

    assert "does not let the page keep unfinished answers" in page.locator("main").inner_text()
    begin(page)
    answer_all(page)
    assert found.messages == []


# --- What cannot be -----------------------------------------------------------------------------


def with_script(browser: Browser, script: str) -> Opened:
    """The page in a browser in which a script has run first."""
    page = browser.new_context().new_page()
    page.set_default_timeout(TIMEOUT * 1000)
    found = Opened(page, [], [])
    page.on("pageerror", lambda error: found.messages.append(str(error)))
    page.add_init_script(script)
    page.goto(PAGE.as_uri())
    return found


def test_too_old_a_browser_is_told_what_it_takes(browser):
    found = with_script(browser, "delete window.DecompressionStream;")

    assert "This page needs a newer browser" in found.page.locator("#status").inner_text()
    assert found.messages == []


def test_a_browser_without_webassembly_is_told_why_nothing_starts(browser):
    refuses = "WebAssembly.instantiate = WebAssembly.instantiateStreaming = () => Promise.reject(new Error('blocked'));"
    found = with_script(browser, refuses)

    found.page.locator("#problem:not(:empty)").wait_for()
    assert "The page could not start." in found.page.locator("#problem").inner_text()


def test_a_huge_file_is_refused_before_it_is_read(visit, tmp_path):
    path = tmp_path / "huge.yaml"
    with path.open("wb") as file:
        file.truncate(100 * MEGABYTE)

    open_file(visit.page, path)

    visit.page.locator("#problem:not(:empty)").wait_for()
    assert visit.page.locator("#problem").inner_text() == (
        "“huge.yaml” is too large for this page: 100 MB, at most 20 MB."
    )


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("bad.yaml", b"ratings: {strategic-thinking: 9}", "bad.yaml:1:31: PMO"),
        ("picture.png", b"\x89PNG\r\n\x1a\n" + bytes(50), "picture.png"),
        ("empty.yaml", b"", "empty.yaml"),
        ("<img src=x>.yaml", b"ratings: [", "<img src=x>.yaml:1"),
    ],
)
def test_a_mistake_in_a_file_is_shown_with_its_place(visit, name, content, message):
    visit.page.locator("input[type=file]").set_input_files(
        {"name": name, "mimeType": "", "buffer": content}
    )

    visit.page.locator("#problem:not(:empty)").wait_for()
    assert message in visit.page.locator("#problem").inner_text()
    assert visit.page.get_by_role("heading", name="Rate yourself").is_visible()


# --- Other files --------------------------------------------------------------------------------


def test_a_framework_that_extends_the_shipped_one_is_asked_about(visit, tmp_path):
    path = tmp_path / "ours.yaml"
    path.write_text(
        "schema: 1\nextends: pmo\nframework: {id: ours, version: 1.0.0, title: Ours}\n"
        "roles: {pmo-director: {name: Head of PMO}}\n",
        encoding="utf-8",
    )
    open_file(visit.page, path)

    visit.page.get_by_text("Now using Ours.").wait_for()
    options = visit.page.get_by_label("The role you want").inner_text()
    assert "Head of PMO" in options


def test_a_workbook_with_ratings_is_read(visit, tmp_path):
    from openpyxl import Workbook

    workbook = Workbook()
    for row in (("competence", "rating"), ("strategic-thinking", 3), ("pmo-operation", 4)):
        workbook.active.append(row)
    path = tmp_path / "me.xlsx"
    workbook.save(path)
    open_file(visit.page, path)

    visit.page.get_by_label("Target role").select_option("pmo-director")
    visit.page.get_by_role("button", name="Show the report").click()
    frame = visit.page.frame_locator("iframe")
    assert "PMO Director" in frame.get_by_role("heading", level=1).first.inner_text()


# --- The page itself ----------------------------------------------------------------------------


@pytest.mark.parametrize(("width", "theme"), [(360, "light"), (1280, "dark")])
def test_every_screen_can_be_used_by_everybody(browser, width, theme):
    found = opened(browser, PAGE, width=width, theme=theme)
    page = ready(found)
    screens: list[Any] = []

    def look(name: str) -> None:
        assert found.messages == []
        screens.append((name, found.complaints(), max(0, found.sticks_out())))
        found.messages.clear()  # axe-core speaks to the frame of the report

    look("first")
    begin(page)
    look("question")
    answer_all(page)
    look("review")
    page.get_by_role("button", name="Show my report").click()
    page.frame_locator("iframe").get_by_role("heading", level=1).first.wait_for()
    look("report")

    assert screens == [(name, [], 0) for name, *_ in screens]


def test_the_page_is_small_enough_to_mail_and_lets_nothing_out():
    text = PAGE.read_text(encoding="utf-8")
    policy = text.partition('http-equiv="Content-Security-Policy" content="')[2].partition('">')[0]

    assert len(text.encode()) <= 14 * MEGABYTE
    assert "connect-src &#39;none&#39;" in policy or "connect-src 'none'" in policy
    assert "unsafe-inline" not in policy
    assert "unsafe-eval" not in policy.replace("wasm-unsafe-eval", "")


def test_an_organisation_builds_its_own_and_two_builds_are_alike(browser, tmp_path):
    pages = [tmp_path / "one.html", tmp_path / "two.html"]
    starter = tmp_path / "ours.yaml"
    assert run("template", "framework", "-o", starter).code == 0
    for page in pages:
        options = ["--framework", starter, "--title", "Our <PMO>", "--output", page]
        built = build(*options)
        assert built.returncode == 0, built.stderr

    assert pages[0].read_bytes() == pages[1].read_bytes()
    page = ready(opened(browser, pages[0]))
    assert page.locator("h1").inner_text() == "Our <PMO>"
    assert "Service desk agent" in page.get_by_label("The role you want").inner_text()


def test_no_page_is_built_of_a_framework_with_mistakes(tmp_path):
    bad = ROOT / "tests/frameworks/bad/PMO302-unknown-role.yaml"

    built = build("--framework", bad, "--output", tmp_path / "page.html")

    assert (built.returncode, built.stdout) == (3, "")
    assert "PMO302 error" in built.stderr
    assert list(tmp_path.iterdir()) == []


def build(*options: Any) -> subprocess.CompletedProcess[str]:
    parts: list[Any] = ["--engine", PARTS / "node_modules/pyodide", "--wheels", PARTS / "wheels"]
    return subprocess.run(
        [sys.executable, ROOT / "page" / "build.py", *parts, *options],
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )


def test_the_lock_names_every_part_by_its_hash():
    lock = json.loads((ROOT / "page/package-lock.json").read_text(encoding="utf-8"))
    parts = {name: part for name, part in lock["packages"].items() if name}

    assert "node_modules/pyodide" in parts
    assert all("integrity" in part and "resolved" not in part for part in parts.values())
