"""A real browser that a page is opened in, and what it says of it."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from tests.support import TIMEOUT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

REQUIRED = os.environ.get("PMO_PATH_TEST_BROWSER") == "1"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
if not REQUIRED:
    pytest.importorskip("playwright")
    pytest.importorskip("axe_playwright_python")
    if CHROMIUM is None:
        pytest.skip("there is no chromium", allow_module_level=True)

# It must neither look for updates nor ask anybody anything; as root it has no sandbox.
ARGUMENTS = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
    "--no-sandbox",
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Headless Chromium."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path=CHROMIUM, args=list(ARGUMENTS), timeout=TIMEOUT * 1000
        )
        yield running
        running.close()


class Opened(NamedTuple):
    """A page in the browser, and what happened while it was opened."""

    page: Page
    messages: list[str]
    """Of the console, errors among them, and of dialogs."""
    requests: list[str]
    """Everything that was asked for besides the page itself."""

    def text(self) -> str:
        """All the text that is to be seen, its spaces folded."""
        return " ".join(self.page.locator("body").inner_text().split())

    def complaints(self) -> list[str]:
        """What axe-core finds against the accessibility of the page, with the places."""
        from axe_playwright_python.sync_playwright import Axe

        found: list[Any] = Axe().run(self.page).response["violations"]
        return [
            f"{violation['id']}: {[node['target'] for node in violation['nodes']]}"
            for violation in found
        ]

    def sticks_out(self) -> int:
        """By how many pixels the page is wider than the window."""
        wider: int = self.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        return wider


def opened(
    browser: Browser, path: Path, *, width: int = 1280, theme: Any = "light", script: bool = True
) -> Opened:
    """Open a page in a window of its own."""
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme=theme,
        java_script_enabled=script,
    )
    context.set_default_timeout(TIMEOUT * 1000)
    page = context.new_page()
    found = Opened(page, [], [])
    page.on("console", lambda message: found.messages.append(message.text))
    page.on("pageerror", lambda error: found.messages.append(str(error)))
    # Nobody answers a dialog, which would say that a script ran that is none of ours.
    page.on("dialog", lambda dialog: found.messages.append(dialog.message))
    page.on("request", lambda request: found.requests.append(request.url))
    page.goto(path.as_uri())
    found.requests.remove(path.as_uri())
    return found
