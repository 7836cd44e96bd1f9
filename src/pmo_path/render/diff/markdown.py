"""What a change of framework asks of people, as Markdown for a comment on a pull request.

What a file says becomes text and nothing else: no markup, no link, no mention of anybody.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TextIO

from pmo_path.domain.text import one_line
from pmo_path.render.diff.words import answer_sections, headline, opening, sections

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pmo_path.domain.changes.model import Answers, Comparison
    from pmo_path.render.diff.words import Block, Row, Section

_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_MARKS = re.compile(r"([\\`*_{}\[\]|~$#!])")
# A host makes these into links and notices after it has rendered the text, whatever escapes it.
_LIVE = re.compile(r"@|#(?=[0-9])|\bGH-(?=[0-9])|:(?=//)|\bwww(?=\.)", re.IGNORECASE)
_INVISIBLE = "\u200b"


def write_markdown(comparison: Comparison, answers: Sequence[Answers] | None, out: TextIO) -> None:
    """Write what changed; `answers` are None when none were asked for."""
    found = sections(comparison) + ([] if answers is None else answer_sections(answers))
    parts = [f"### {escaped(headline(comparison))}", *map(escaped, opening(comparison))]
    for section in found:
        parts += _section(section)
    out.write("\n\n".join(parts) + "\n")


def escaped(words: str) -> str:
    """`words` as Markdown that shows them as they are, on one line."""
    quiet = _LIVE.sub(lambda found: found[0] + _INVISIBLE, one_line(words))
    return _MARKS.sub(r"\\\1", quiet.translate(_ENTITIES))


def _section(section: Section) -> Iterator[str]:
    yield f"#### {section.heading}"
    for block in section.blocks:
        if block.title:
            yield f"**{escaped(block.title)}**" + (f": {block.summary}" if block.summary else "")
        if block.rows:
            yield "\n".join(_table(block) if block.is_table else map(_bullet, block.rows))


def _table(block: Block) -> Iterator[str]:
    yield "| | Competence | Change |"
    yield "|---|---|---|"
    for row in block.rows:
        yield f"| {row.label} | {escaped(row.subject)} | {escaped(row.words)} |"


def _bullet(row: Row) -> str:
    subject = f"**{escaped(row.subject)}**" if row.subject else ""
    return f"- {row.label}: " + ": ".join(part for part in (subject, escaped(row.words)) if part)
