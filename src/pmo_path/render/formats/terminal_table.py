"""Tables on a terminal: as wide as their data, and with fewer columns where there is little room."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from rich.text import Text

from pmo_path.render.document import Mood, cell
from pmo_path.render.formats.console import NOTICE, text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pmo_path.render.document import Cell, Row, Table
    from pmo_path.render.formats.console import Page
    from pmo_path.render.words import TextStyle

COLORS = {Mood.PLAIN: "", Mood.GOOD: "green", Mood.BAD: "red"}
FULL_BAR = 6
"""Columns of a bar in a table that is filled."""
GAP = "  "
CONTINUATION = "    "
"""The indent of the further lines of a name."""
NARROW = 64
"""Columns of a page below which a table drops columns rather than fold names into many lines."""


class _Room(NamedTuple):
    """The least columns that long cells keep before a table drops columns."""

    name: int
    """For the first column."""
    text: int
    """For any other; shorter cells are never folded."""


TIGHT = (_Room(20, 10), _Room(14, 10))
"""Where no column is left to drop, one after the other."""


def write_table(page: Page, table: Table, style: TextStyle) -> None:
    """Write a table; columns that do not fit are dropped in their order, and then named.

    Rows are written below each other where not even the columns fit that never drop.
    """
    width = page.width if table.has_sentences else page.table_width
    room = _Room(width // 2 if width < NARROW else 20, 16)
    hidden: list[str] = []
    while True:
        groups = [_texts(group.rows, style, indent=bool(group.title)) for group in table.groups]
        natural = _natural_widths(table.headings, groups)
        steps = [column.drops for column in table.columns if column.drops]
        tries = (
            _widths(natural, width, least) for least in ((room,) if steps else (room, *TIGHT))
        )
        if widths := next(filter(None, tries), None):
            _write_grid(page, table, groups, widths, style)
            break
        if not steps:
            _write_stacked(page, table)
            break
        hidden += [column.heading for column in table.columns if column.drops == min(steps)]
        table = _without(table, min(steps))
    if hidden:
        write_hidden(page, hidden)


def write_hidden(page: Page, headings: Iterable[str]) -> None:
    """Name the columns that did not fit."""
    page.blank()
    page.text(f"Columns hidden at this width: {', '.join(headings)}.", NOTICE)


def _without(table: Table, drops: int) -> Table:
    """Return the table without the columns that drop at this step."""
    kept = [index for index, column in enumerate(table.columns) if column.drops != drops]

    def shortened(row: Row) -> Row:
        return tuple(row[index] for index in kept if index < len(row))

    return table._replace(
        columns=tuple(table.columns[index] for index in kept),
        groups=tuple(
            group._replace(rows=tuple(map(shortened, group.rows))) for group in table.groups
        ),
    )


# --- Widths ---------------------------------------------------------------------------------------


def _natural_widths(
    headings: Sequence[str], groups: Sequence[Sequence[Sequence[Text]]]
) -> list[int]:
    """Return the columns of the terminal that each column takes if nothing is folded."""
    widths = [text(heading).cell_len for heading in headings]
    for rows in groups:
        for row in rows:
            for index, content in enumerate(row):
                widths[index] = max(widths[index], content.cell_len)
    return widths


def _widths(natural: Sequence[int], width: int, room: _Room) -> list[int]:
    """Return the width of each column in a table of this width; empty where they do not fit."""
    first, *others = natural
    widths = [min(first, room.name), *(min(other, room.text) for other in others)]
    spare = width - sum(widths) - len(GAP) * len(others)
    if spare < 0:
        return []
    while spare and (
        folded := [index for index, most in enumerate(natural) if widths[index] < most]
    ):
        widths[min(folded, key=widths.__getitem__)] += 1
        spare -= 1
    return widths


# --- Cells ----------------------------------------------------------------------------------------


def _texts(rows: Sequence[Row], style: TextStyle, *, indent: bool) -> list[list[Text]]:
    """Return the cells of rows as shown; those of a group with a title are indented."""
    return [
        [
            Text("  ").append_text(_shown(cell(each), style))
            if indent and not index
            else _shown(cell(each), style)
            for index, each in enumerate(row)
        ]
        for row in rows
    ]


def _shown(content: Cell, style: TextStyle) -> Text:
    color = COLORS[content.mood]
    if not content.bar:
        return text(content.text, color)
    length = max(1, round(content.bar * FULL_BAR))
    return text(f"{content.text} {('█' if style.unicode else '#') * length}", color)


# --- Lines ----------------------------------------------------------------------------------------


def _write_grid(
    page: Page,
    table: Table,
    groups: Sequence[Sequence[Sequence[Text]]],
    widths: Sequence[int],
    style: TextStyle,
) -> None:
    right = [column.is_right for column in table.columns]
    headings = [text(heading, "bold") for heading in table.headings]
    page.line(*_lines(page, headings, widths, right))
    rule = "─" if style.unicode else "-"
    page.line(Text(rule * (sum(widths) + len(GAP) * (len(widths) - 1))))
    for index, (group, rows) in enumerate(zip(table.groups, groups, strict=True)):
        if index:
            page.blank()
        if group.title:
            page.text(group.title, "bold")
        for row in rows:
            page.line(*_lines(page, row, widths, right))


def _lines(
    page: Page, cells: Sequence[Text], widths: Sequence[int], right: Sequence[bool]
) -> Iterator[Text]:
    """Yield the lines of a row; a cell that is too long for its column takes several."""
    folded = [
        page.wrap(content, width) if index else _name_lines(page, content, width)
        for index, (content, width) in enumerate(zip(cells, widths, strict=False))
    ]
    for number in range(max(map(len, folded))):
        line = Text()
        for index, (lines, width) in enumerate(zip(folded, widths, strict=False)):
            part = lines[number] if number < len(lines) else Text()
            padding = " " * (width - part.cell_len)
            line.append(GAP if index else "")
            line.append_text(Text(padding) + part if right[index] else part + padding)
        yield line


def _name_lines(page: Page, name: Text, width: int) -> list[Text]:
    if name.cell_len <= width:
        return [name]
    first, *others = page.wrap(name, width - len(CONTINUATION))
    return [first, *(Text(CONTINUATION).append_text(line) for line in others)]


def _write_stacked(page: Page, table: Table) -> None:
    """Write rows below each other, each cell beside its heading."""
    for index, group in enumerate(table.groups):
        if index:
            page.blank()
        if group.title:
            page.text(group.title, "bold")
        for row in group.rows:
            name, *others = (cell(each).text for each in row)
            page.text(name)
            page.labelled(zip(table.headings[1:], others, strict=False))
