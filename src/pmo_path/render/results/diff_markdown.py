"""What a change of framework asks of people, as Markdown for a comment on a pull request.

What a file says becomes text and nothing else: no markup, no link, no mention of anybody.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

from pmo_path.render.formats.markdown_text import escaped, table
from pmo_path.render.results.diff import headline, opening, ratings_section, sections

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pmo_path.domain.diff.model import FrameworkDiff
    from pmo_path.domain.diff.ratings import RatingsCheck
    from pmo_path.render.results.diff import Block, Row, Section


def write_markdown(
    diff: FrameworkDiff, checks: Sequence[RatingsCheck] | None, out: TextIO
) -> None:
    """Write what changed; `checks` are None without ratings."""
    found = [*sections(diff), *([] if checks is None else [ratings_section(checks)])]
    parts = [f"### {escaped(headline(diff))}", *map(escaped, opening(diff))]
    for section in found:
        parts += _section(section)
    out.write("\n\n".join(parts) + "\n")


def _section(section: Section) -> Iterator[str]:
    yield f"#### {section.heading}"
    for block in section.blocks:
        if block.title:
            yield f"**{escaped(block.title)}**" + (f": {block.summary}" if block.summary else "")
        if block.rows:
            yield _table(block) if block.is_table else "\n".join(map(_bullet, block.rows))


def _table(block: Block) -> str:
    rows = ((row.label, escaped(row.subject), escaped(row.words)) for row in block.rows)
    return table(("", "Competence", "Change"), rows)


def _bullet(row: Row) -> str:
    subject = f"**{escaped(row.subject)}**" if row.subject else ""
    return f"- {row.label}: " + ": ".join(part for part in (subject, escaped(row.words)) if part)
