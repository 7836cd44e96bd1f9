"""What a change of framework asks of people, for a terminal."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, TextIO

from pmo_path.render.formats.console import Page
from pmo_path.render.results.diff import ARROW, headline, opening, ratings_section, sections

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pmo_path.domain.diff.model import FrameworkDiff
    from pmo_path.domain.diff.ratings import RatingsCheck
    from pmo_path.render.results.diff import Block, Row
    from pmo_path.render.words import TextStyle


def write_text(
    diff: FrameworkDiff, checks: Sequence[RatingsCheck] | None, out: TextIO, style: TextStyle
) -> None:
    """Write what changed, as wide as the terminal; `checks` are None without ratings."""
    page = Page(style)
    page.text(headline(diff), "bold")
    for sentence in opening(diff):
        page.text(sentence)
    found = [*sections(diff), *([] if checks is None else [ratings_section(checks)])]
    for section in found:
        page.heading(section.heading)
        for block in section.blocks:
            _write_block(page, block)
    written = io.StringIO()
    page.write(written)
    shown = written.getvalue()
    out.write(shown if style.unicode else shown.replace(ARROW, "->"))


def _write_block(page: Page, block: Block) -> None:
    if block.title:
        page.text(": ".join(part for part in (block.title, block.summary) if part), "bold")
    page.labelled(((row.label, _words(row)) for row in block.rows), indent=1)


def _words(row: Row) -> str:
    return ": ".join(part for part in (row.subject, row.words) if part)
