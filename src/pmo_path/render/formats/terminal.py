"""A document for a terminal or a text file."""

from __future__ import annotations

import io
from itertools import zip_longest
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
    after_commas,
)
from pmo_path.render.formats.console import NOTICE, Page
from pmo_path.render.formats.terminal_table import write_hidden, write_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pmo_path.render.document import Block, Card, Document, TextBlock, TrendPoint
    from pmo_path.render.words import TextStyle

VERBATIM_INDENT = "    "
SCALE = ("0 %", "100 %")
"""The ends of the scale above the bars."""
WIDEST_BAR = 50
NARROWEST_BAR = len(" ".join(SCALE))
"""Columns of bars below which a figure beside them is dropped."""
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
    label_width = max(len(label) for label in ("Date", *(point.label for point in trend.points)))
    room = page.width - label_width - len(GAP)
    widths = _figure_widths(trend, room)
    bar_width = min(WIDEST_BAR, _bar_room(room, widths))
    scale = f"{SCALE[0]}{SCALE[1]:>{bar_width - len(SCALE[0])}}"
    head = _chart_lines(
        (f"{'Date':{label_width}}", scale), [figure.heading for figure in trend.figures], widths
    )
    page.line(*(Text(line, "bold") for line in head))
    for point in trend.points:
        bar = f"{_bar(point, bar_width, bars):{bar_width}}"
        lines = _chart_lines((f"{point.label:{label_width}}", bar), point.figures, widths)
        page.line(*(Text(safe(line)) for line in lines))
    if trend.note:
        page.text(f"{bars.low} up to the low end, {bars.high} to the high end. {trend.note}")
    hidden = [each.heading for each, width in zip(trend.figures, widths, strict=True) if not width]
    if hidden:
        write_hidden(page, hidden)
    page.blank()
    page.labelled(((point.label, point.text) for point in trend.points), indent=0)


def _figure_widths(trend: Trend, room: int) -> list[int]:
    """Return the width of each figure that leaves room for the bars; 0 where it is dropped.

    Figures are folded before one is dropped.
    """
    for drops in range(len(trend.figures) + 1):
        for is_folded in (False, True):
            widths = [
                0 if each.drops < drops else each.folded_width if is_folded else each.width
                for each in trend.figures
            ]
            if _bar_room(room, widths) >= NARROWEST_BAR:
                return widths
    return [0] * len(trend.figures)


def _bar_room(room: int, widths: Sequence[int]) -> int:
    """Return the columns that figures of these widths leave for a bar."""
    return room - sum(width + len(GAP) for width in widths if width)


def _chart_lines(
    start: tuple[str, str], figures: Sequence[str], widths: Sequence[int]
) -> Iterator[str]:
    """Yield the lines of a date: its label and bar, and the figures that have a width."""
    columns = [([each], len(each)) for each in start]
    columns += [
        ([figure] if len(figure) <= width else after_commas(figure), width)
        for figure, width in zip(figures, widths, strict=False)
        if width
    ]
    for line in zip_longest(*(lines for lines, _ in columns), fillvalue=""):
        yield GAP.join(f"{part:>{width}}" for part, (_, width) in zip(line, columns, strict=True))


def _bar(point: TrendPoint, width: int, bars: _Bars) -> str:
    if not point.low:
        return ""
    low, high = (round(float(end) * width / 100) for end in (point.low, point.high))
    return bars.low * low + bars.high * (high - low)
