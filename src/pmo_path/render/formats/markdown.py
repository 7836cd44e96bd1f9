"""A document as Markdown, for a review document or an issue."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TextIO
from urllib.parse import quote

from pmo_path.domain.fields import is_web_address
from pmo_path.domain.text import shown as safe
from pmo_path.render.document import (
    Cards,
    Facts,
    ListBlock,
    Mood,
    Paragraph,
    Prose,
    Section,
    Table,
    Verbatim,
    WebAddress,
    cell,
)
from pmo_path.render.formats import markdown_text
from pmo_path.render.formats.markdown_text import escaped, inner

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pmo_path.render.document import Block, Card, Cell, Document, TextBlock
    from pmo_path.render.formats.registry import Result
    from pmo_path.render.words import TextStyle

_BREAKS_A_LINK = re.compile(r"[<>|`\\]")
TOP = 2
"""The level of the title, so that a document fits in an issue or a larger page."""


def write(result: Result, out: TextIO, _style: TextStyle) -> None:
    """Write the document of a result."""
    out.write("\n\n".join(_parts(result.document())) + "\n")


def _parts(document: Document) -> Iterator[str]:
    yield f"{'#' * TOP} {escaped(document.title)}"
    if document.subtitle:
        yield escaped(document.subtitle)
    if document.notice:
        yield f"*{escaped(document.notice)}*"
    if document.verdict:
        yield f"**{escaped(document.verdict)}**"
    for block in (*document.opening, *document.sections):
        yield from _block(block, TOP + 1)
    for footnote in document.footnotes:
        yield f"*{escaped(footnote)}*"


def _block(block: Block, level: int) -> Iterator[str]:
    if isinstance(block, Section):
        yield from _section(block, level)
    elif isinstance(block, Cards):
        yield from _cards(block)
    elif isinstance(block, Prose):
        yield from map(_text, block.blocks)
    elif isinstance(block, Paragraph | Facts | ListBlock | Verbatim | Table):
        yield from filter(None, (_text(block),))
    else:
        for alternative in block.alternative:
            yield from _block(alternative, level)


def _text(block: TextBlock | Table) -> str:
    match block:
        case Table():
            return _table(block)
        case Paragraph():
            return escaped(block.text)
        case Facts():
            rows = (
                f"- **{inner(label)}**: {_value(value)}" for label, value in block.rows if value
            )
            return "\n".join(rows)
        case ListBlock():
            return _list(block)
        case Verbatim():
            lines = block.text.splitlines()
            return "\n".join(f"    {safe(line)}".rstrip() for line in lines)


def _section(section: Section, level: int) -> Iterator[str]:
    if section.repeats or section.is_folded:
        return
    note = f" ({inner(section.note)})" if section.note else ""
    yield f"{'#' * level} {escaped(section.heading)}{note}"
    for block in section.blocks:
        yield from _block(block, level + 1)


def _list(block: ListBlock) -> str:
    lines = []
    for number, item in enumerate(block.items, 1):
        mark = f"{number}." if block.is_numbered else "-"
        shown = (
            escaped(item) if isinstance(item, str) else f"**{inner(item[0])}**: {inner(item[1])}"
        )
        lines.append(f"{mark} {shown}")
    return "\n".join(lines)


def _table(table: Table) -> str:
    empty = [""] * (len(table.columns) - 1)
    rows: list[list[str]] = []
    for group in table.groups:
        if group.title:
            rows.append([f"**{inner(group.title)}**", *empty])
        rows += [[_cell(cell(each)) for each in row] for row in group.rows]
    right = [inner(column.heading) for column in table.columns if column.is_right]
    return markdown_text.table([inner(heading) for heading in table.headings], rows, right=right)


def _cell(shown: Cell) -> str:
    is_bold = shown.is_tag and shown.mood is Mood.BAD and shown.text
    return f"**{inner(shown.text)}**" if is_bold else inner(shown.text)


def _value(value: str) -> str:
    """A text beside its label; a web address as a link, in which nothing needs escaping."""
    if not (isinstance(value, WebAddress) and is_web_address(value)):
        return inner(value)
    return f"<{_BREAKS_A_LINK.sub(lambda match: quote(match[0], safe=''), value)}>"


def _cards(block: Cards) -> Iterator[str]:
    for number, card in enumerate(block.cards, 1):
        yield "\n".join((f"{number}. **{inner(card.title)}**", *_card_rows(card)))


def _card_rows(card: Card) -> Iterator[str]:
    for label, value in card.rows:
        shown = value if isinstance(value, str) else "; ".join(value)
        if shown:
            yield f"   - {inner(label)}: {_value(shown)}"
