"""A document as Markdown, for a review document or an issue."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TextIO
from urllib.parse import quote

from pmo_path.domain.fields import is_web_address
from pmo_path.domain.text import one_line
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

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pmo_path.render.document import Block, Card, Cell, Document, TextBlock
    from pmo_path.render.words import TextStyle

_BREAKS_A_LINK = re.compile(r"[<>|`\\]")
TOP = 2
"""The level of the title, so that a document fits in an issue or a larger page."""
_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_MARKS = re.compile(r"([\\`*_{}\[\]|~$#!])")
# A host turns these into links, notices and pictures after rendering, escaped or not: mentions,
# issue numbers, addresses, emoji, commit ids. Seven characters of an id are enough for a link, so
# ids are split into shorter pieces.
_LIVE = re.compile(
    r"@|[#!$%&~](?=[0-9])|\bGH-(?=[0-9])|:(?=//)|\bwww(?=\.)"
    r"|:(?=(?:100|1234|[+-]1|[\w+-]*[a-z][\w+-]*):)"
    r"|(?<![0-9a-f])[0-9a-f]{40}(?![0-9a-f])",
    re.IGNORECASE,
)
_PIECE = re.compile(r".{1,6}")
# Beginnings of a line that would make it a list or a heading.
_OPENING = re.compile(r"^([0-9]*)([-+=.)])")
_INVISIBLE = "\u200b"


def write(document: Document, out: TextIO, _style: TextStyle) -> None:
    """Write a document."""
    out.write("\n\n".join(_parts(document)) + "\n")


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


def _table(block: Table) -> str:
    empty = [""] * (len(block.columns) - 1)
    rows: list[list[str]] = []
    for group in block.groups:
        if group.title:
            rows.append([f"**{inner(group.title)}**", *empty])
        rows += [[_cell(cell(each)) for each in row] for row in group.rows]
    right = [inner(column.heading) for column in block.columns if column.is_right]
    return table([inner(heading) for heading in block.headings], rows, right=right)


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


# --- Text -----------------------------------------------------------------------------------------


def escaped(text: str) -> str:
    """Return Markdown that shows the text as it is, on one line."""
    return _OPENING.sub(r"\1\\\2", inner(text))


def inner(text: str) -> str:
    """Return the same for text that does not begin a line: in a cell, or after a label."""
    quiet = _LIVE.sub(_parted, one_line(text))
    return _MARKS.sub(r"\\\1", quiet.translate(_ENTITIES))


def _parted(match: re.Match[str]) -> str:
    return "".join(piece + _INVISIBLE for piece in _PIECE.findall(match[0]))


def table(
    headings: Sequence[str], rows: Iterable[Sequence[str]], right: Iterable[str] = ()
) -> str:
    """Return a table of cells that are already Markdown; columns named in `right` align right."""
    aligned = set(right)
    rule = "|".join("--:" if heading in aligned else "---" for heading in headings)
    return "\n".join((_row(headings), f"|{rule}|", *map(_row, rows)))


def _row(cells: Iterable[str]) -> str:
    return "|" + "|".join(f" {cell} " if cell else " " for cell in cells) + "|"
