"""docs/rules.md, made of the rulebook that `pmo-path explain` reads from."""

from __future__ import annotations

import re
from pathlib import Path

RULEBOOK = Path(__file__).resolve().parent.parent / "src" / "pmo_path" / "rulebook"
TABLE_GOES_HERE = "<!-- a table of all codes -->"


def rule_pages() -> list[Path]:
    """The rulebook's page for each code, in the order of the codes."""
    return sorted(RULEBOOK.glob("PMO*.md"))


def rules_page() -> str:
    """The page with the whole rulebook on it."""
    intro = (RULEBOOK / "_intro.md").read_text(encoding="utf-8")
    assert TABLE_GOES_HERE in intro
    return "\n".join([intro.replace(TABLE_GOES_HERE, _table()), *_sections()])


def slug(heading: str) -> str:
    """The anchor of a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def _table() -> str:
    rows = ["| code | means |", "|---|---|"]
    for page in rule_pages():
        heading = page.read_text(encoding="utf-8").partition("\n")[0].removeprefix("# ")
        code, _, title = heading.partition(": ")
        rows.append(f"| [{code}](#{slug(heading)}) | {title} |")
    return "\n".join(rows)


def _sections() -> list[str]:
    sections = []
    for intro in sorted(RULEBOOK.glob("_PMO*.md")):
        sections.append("#" + intro.read_text(encoding="utf-8"))
        sections += [
            _on_one_page(page.read_text(encoding="utf-8"))
            for page in rule_pages()
            if f"_{page.stem}".startswith(intro.stem)
        ]
    return sections


def _on_one_page(text: str) -> str:
    """A rule's page as a section: four headings each would drown the titles."""
    text = re.sub(r"^## (Bad|Good)$", r"\1:", f"##{text}", flags=re.MULTILINE)
    return text.replace("\n## Why\n\n", "\nWhy it matters: ")
