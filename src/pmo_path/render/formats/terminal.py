"""A document for a terminal or a text file."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, NamedTuple, TextIO

from rich.text import Text

from pmo_path.domain.text import shown as safe
from pmo_path.render.document import (
    ARROW,
    Cards,
    Detail,
    Facts,
    ListBlock,
    Paragraph,
    Prose,
    Section,
    Table,
    Trend,
    Verbatim,
)
from pmo_path.render.formats.console import NOTICE, Page, text
from pmo_path.render.formats.terminal_table import write_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pmo_path.render.document import Block, Card, Document, TextBlock, TrendPoint
    from pmo_path.render.words import TextStyle

VERBATIM_INDENT = "    "
WIDEST_BAR = 50
NARROWEST_BAR = 12
"""Columns of bars below which the figures are left out; the text of each point has them too."""
GAP = "  "


class _Bars(NamedTuple):
    """The characters of a bar."""

    low: str
    """Up to the low end of the range."""
    high: str
    """From there to the high end."""


UNICODE_BARS = _Bars("█", "░")
ASCII_BARS = _Bars("#", "-")


def write(document: Document, out: TextIO, style: TextStyle) -> None:
    """Write a document for people."""
    page = Page(style)
    _write_head(page, document)
    blocks = (*document.opening, *document.sections)
    for block in _brief(blocks) if document.detail is Detail.BRIEF else _full(blocks):
        _write_block(page, block, style)
    for footnote in document.footnotes:
        page.blank()
        page.text(footnote, NOTICE)
    written = io.StringIO()
    page.write(written)
    lines = written.getvalue()
    out.write(lines if style.unicode else lines.replace(ARROW, "->"))


def _full(blocks: Iterable[Block]) -> Iterator[Block]:
    """Yield the blocks without those that a page alone has room for."""
    for block in blocks:
        if not isinstance(block, Section):
            yield block
        elif not (block.repeats or block.is_folded):
            yield block._replace(blocks=tuple(_full(block.blocks)))


def _brief(blocks: Iterable[Block]) -> Iterator[Block]:
    """Yield the blocks of the short form."""
    for block in blocks:
        match block:
            case Section(detail=Detail.BRIEF):
                yield block._replace(blocks=tuple(_brief(block.blocks)))
            case Paragraph(detail=Detail.FULL) | Section():
                pass
            case ListBlock():
                yield block._replace(items=block.items[: block.brief_items])
            case _:
                yield block


def _write_head(page: Page, document: Document) -> None:
    for line, line_style in ((document.title, "bold"), (document.subtitle, "")):
        if line:
            page.text(line, line_style)
    for line, line_style in ((document.notice, NOTICE), (document.verdict, "bold")):
        if line:
            page.blank()
            page.text(line, line_style)
    if document.opening and not document.verdict:
        page.blank()


def _write_section(page: Page, section: Section, style: TextStyle, depth: int) -> None:
    if depth == 1:
        page.heading(section.heading)
    else:
        page.text(": ".join(filter(None, (section.heading, section.note))), "bold")
    _write_blocks(page, section.blocks, style, depth + 1)


def _write_blocks(page: Page, blocks: Iterable[Block], style: TextStyle, depth: int) -> None:
    before: Block | None = None
    for block in blocks:
        if before is not None and _is_apart(before, block):
            page.blank()
        _write_block(page, block, style, depth)
        before = block


def _is_apart(before: Block, block: Block) -> bool:
    """Return whether a blank line is needed before a table or section, or after a table."""
    return isinstance(block, Table | Section) or (
        isinstance(before, Table) and isinstance(block, Facts | ListBlock)
    )


def _write_block(page: Page, block: Block, style: TextStyle, depth: int = 1) -> None:
    match block:
        case Section():
            _write_section(page, block, style, depth)
        case Paragraph() | Facts() | ListBlock() | Verbatim():
            _write_text(page, block)
        case Prose():
            _write_prose(page, block)
        case Table():
            write_table(page, block, style)
        case Cards():
            _write_cards(page, block)
        case Trend():
            _write_trend(page, block, style)
        case _:
            _write_blocks(page, block.alternative, style, depth)


def _write_text(page: Page, block: TextBlock) -> None:
    match block:
        case Paragraph():
            page.text(block.text)
        case Facts():
            page.labelled(block.rows, indent=block.indent)
        case ListBlock():
            _write_list(page, block)
        case Verbatim():
            # Not wrapped, whatever the width, so that it can be copied.
            page.line(*(Text(VERBATIM_INDENT + line) for line in safe(block.text).splitlines()))


def _write_prose(page: Page, prose: Prose) -> None:
    for index, block in enumerate(prose.blocks):
        if index:
            page.blank()
        _write_text(page, block)


def _write_list(page: Page, block: ListBlock) -> None:
    items = [item if isinstance(item, str) else ": ".join(item) for item in block.items]
    if not block.is_numbered:
        page.bullets(items)
        return
    for number, item in enumerate(items, 1):
        page.hanging(Text(f"{number}. "), item)


def _write_cards(page: Page, block: Cards) -> None:
    for number, card in enumerate(block.cards, 1):
        _write_card(page, number, card)


def _write_card(page: Page, number: int, card: Card) -> None:
    page.hanging(Text(f"{number}. "), card.title, "bold")
    page.labelled(
        (label, value if isinstance(value, str) else "; ".join(value))
        for label, value in card.rows
    )


# --- A figure over time ---------------------------------------------------------------------------


def _write_trend(page: Page, trend: Trend, style: TextStyle) -> None:
    """Write the chart, then each point's text."""
    bars = UNICODE_BARS if style.unicode else ASCII_BARS
    rows = [("Date", trend.figures), *((point.label, point.figures) for point in trend.points)]
    labels = [label for label, _ in rows]
    columns = list(zip(*(figures for _, figures in rows), strict=True))
    label_width = max(map(len, labels))
    room = page.width - label_width - len(GAP)
    beside = sum(width + len(GAP) for width in trend.widths)
    if room - beside < NARROWEST_BAR:
        columns, beside = [], 0
    width = min(WIDEST_BAR, room - beside)
    scale = "0 %" + "100 %".rjust(width - len("0 %"))
    drawn = [scale, *(_bar(point, width, bars).ljust(width) for point in trend.points)]
    figures = (
        [f"{cell:>{size}}" for cell in column]
        for column, size in zip(columns, trend.widths, strict=False)
    )
    table = [[f"{label:{label_width}}" for label in labels], drawn, *figures]
    head, *lines = (GAP.join(cells) for cells in zip(*table, strict=True))
    page.line(Text(head, "bold"), *map(text, lines))
    if trend.note:
        page.text(f"{bars.low} up to the low end, {bars.high} to the high end. {trend.note}")
    page.blank()
    page.labelled(((point.label, point.text) for point in trend.points), indent=0)


def _bar(point: TrendPoint, width: int, bars: _Bars) -> str:
    if not point.low:
        return ""
    low, high = (round(float(end) * width / 100) for end in (point.low, point.high))
    return bars.low * low + bars.high * (high - low)
