"""Make the pictures of pages that the README shows: `make screenshots`.

Needs Chromium. The pages are made of the example files by the command itself, so the pictures
show what a reader gets.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
QUALITY = 72


class Shot(NamedTuple):
    """A picture: the command whose page it shows, and how much of the page."""

    name: str
    command: tuple[str, ...]
    option: str
    """Under which option the command writes its page."""
    top: int
    height: int
    theme: str = "light"


SHOTS = (
    Shot("report", ("assess", "examples/ratings-manager.yaml"), "--output", 0, 905),
    Shot(
        "compare",
        ("compare", "examples/ratings-manager-march.yaml", "examples/ratings-manager.yaml"),
        "--output",
        0,
        960,
        "dark",
    ),
    Shot(
        "team",
        ("batch", "examples/people.csv", "--role", "pmo-manager", "--output", "/dev/null"),
        "--report",
        400,
        1180,
    ),
)


def main() -> None:
    """Make each picture anew."""
    IMAGES.mkdir(exist_ok=True)
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]
        )
        for shot in SHOTS:
            take(browser, shot, Path(folder) / f"{shot.name}.html")
        browser.close()


def take(browser: Browser, shot: Shot, page_file: Path) -> None:
    """Make one picture."""
    command = [sys.executable, "-m", "pmo_path", *shot.command, shot.option, str(page_file)]
    subprocess.run(command, cwd=ROOT, check=False, capture_output=True)
    page = browser.new_page(viewport={"width": 1200, "height": 900}, color_scheme=shot.theme)
    page.goto(page_file.as_uri())
    picture = IMAGES / f"{shot.name}.jpg"
    page.screenshot(
        path=picture,
        type="jpeg",
        quality=QUALITY,
        full_page=True,
        clip={"x": 0, "y": shot.top, "width": 1200, "height": shot.height},
    )
    print(f"{picture.relative_to(ROOT)}: {picture.stat().st_size // 1024} KiB")


if __name__ == "__main__":
    main()
