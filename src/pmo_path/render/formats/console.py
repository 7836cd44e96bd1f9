"""Running text, hanging paragraphs and tables for a terminal, written through Rich.

Text from files is never markup, and nothing is cut off. A terminal sets the width; without a
terminal, running text gets a comfortable width and a table as much as its data needs.
"""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, TextIO

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from pmo_path.domain.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pmo_path.render.words import TextStyle

READING_WIDTH = 100
"""Columns for running text where no terminal sets the width."""
MAX_WIDTH = 120
"""Wider lines are harder to read, so a wider terminal is not filled."""
MIN_TEXT = 20
"""Columns that text keeps beside its label, however narrow the page."""
UNLIMITED = 10_000
COLUMN_GAP = 2
CONTINUATION = 4
"""The indent of the further lines of a name in a table."""

_COLOUR = re.compile(r"\x1b\[[0-9;]*m")

# Yellow and cyan vanish on a light terminal, blue on a dark one.
HEADING = "bold magenta"
NOTICE = "italic"


def text(plain: str, style: str = "") -> Text:
    """Return plain text without anything that a terminal would obey."""
    return Text(one_line(plain), style)


class Page:
    """A page for a terminal: collects lines until `write` writes them."""

    def __init__(self, style: TextStyle) -> None:
        self._style = style
        self._bullet = " \u2022 " if style.unicode else " * "
        self._buffer = io.StringIO()
        self._width = min(style.width, MAX_WIDTH) if style.width else READING_WIDTH
        self._console = Console(
            file=self._buffer,
            width=self._width if style.width else UNLIMITED,
            force_terminal=style.color,
            no_color=not style.color,
            color_system="standard" if style.color else None,
            markup=False,
            emoji=False,
            highlight=False,
            legacy_windows=False,
        )

    @property
    def width(self) -> int:
        """Columns for running text."""
        return self._width

    def blank(self) -> None:
        """Add an empty line."""
        self._buffer.write("\n")

    def heading(self, title: str) -> None:
        """Add a heading after an empty line."""
        self.blank()
        self.text(title, HEADING)

    def text(self, paragraph: str, style: str = "") -> None:
        """Add a paragraph, wrapped to the width of the page."""
        self.wrapped(text(paragraph, style))

    def wrapped(self, paragraph: Text) -> None:
        """Add a paragraph that has its styles already."""
        self.line(*paragraph.wrap(self._console, self._width))

    def line(self, *lines: Text) -> None:
        """Add lines without wrapping them."""
        for line in lines:
            self._console.print(line, soft_wrap=True)

    def hanging(self, label: Text, paragraph: str) -> None:
        """Add a paragraph beside its label, wrapped with a hanging indent."""
        room = max(MIN_TEXT, self._width - label.cell_len)
        first, *rest = text(paragraph).wrap(self._console, room) or [Text()]
        indent = Text(" " * label.cell_len)
        self.line(label.append_text(first), *(indent.copy().append_text(line) for line in rest))

    def bullets(self, lines: Iterable[str]) -> None:
        """Add a list."""
        for line in lines:
            self.hanging(Text(self._bullet), line)

    def labelled(self, rows: Iterable[tuple[str, str]], indent: int = 3) -> None:
        """Add labels, each with its text beside it; rows without text are left out."""
        shown = [
            (Text(" " * indent).append_text(text(label)), paragraph)
            for label, paragraph in rows
            if paragraph
        ]
        width = max((label.cell_len for label, _ in shown), default=0) + 2
        for label, paragraph in shown:
            label.pad_right(width - label.cell_len)
            self.hanging(label, paragraph)

    def table(
        self, headings: Sequence[str], rows: Sequence[Sequence[Text]], right: Iterable[str] = ()
    ) -> None:
        """Add a table as wide as its data needs; only the first column wraps on a terminal.

        Columns named in `right` align right; a row of one cell opens a group.
        """
        labels = [text(heading) for heading in headings]
        table = Table(
            box=box.SIMPLE_HEAD if self._style.unicode else box.ASCII2,
            pad_edge=False,
            show_edge=False,
            padding=(0, COLUMN_GAP - 1, 0, 0),
        )
        aligned = set(right)
        widths = self._column_widths(labels, rows)
        for position, (heading, width) in enumerate(zip(headings, widths, strict=True)):
            # Given its width, Rich need not measure every cell once more.
            table.add_column(
                labels[position],
                justify="right" if heading in aligned else "left",
                no_wrap=position > 0,
                overflow="fold",
                width=width,
            )
        for position, row in enumerate(rows):
            if position and len(row) == 1:
                table.add_section()
            table.add_row(self._folded(row[0], widths[0]), *row[1:])
        room = self._console.width
        # What is too wide for the terminal is wrapped by it; Rich would cut numbers off.
        self._console.width = max(room, sum(widths) + COLUMN_GAP * (len(widths) - 1))
        self._console.print(table)
        self._console.width = room

    def fits(self, headings: Sequence[str], rows: Sequence[Sequence[Text]]) -> bool:
        """Return whether a table fits with its first column at its narrowest."""
        widths = self._column_widths([text(heading) for heading in headings], rows)
        needed = MIN_TEXT + sum(widths[1:]) + COLUMN_GAP * (len(widths) - 1)
        return needed <= self._console.width

    def _folded(self, name: Text, width: int) -> Text:
        if name.cell_len <= width:
            return name
        lines = name.wrap(self._console, width - CONTINUATION)
        return Text("\n" + " " * CONTINUATION).join(lines)

    def _column_widths(
        self, headings: Sequence[Text], rows: Sequence[Sequence[Text]]
    ) -> list[int]:
        widths = [heading.cell_len for heading in headings]
        for row in rows:
            for position, cell in enumerate(row):
                widths[position] = max(widths[position], cell.cell_len)
        room = self._console.width - sum(widths[1:]) - COLUMN_GAP * (len(widths) - 1)
        return [max(MIN_TEXT, min(widths[0], room)), *widths[1:]]

    def write(self, out: TextIO) -> None:
        """Write the page, without spaces at the ends of lines."""
        lines = self._buffer.getvalue().split("\n")[:-1]
        out.writelines(_without_spaces_at_end(line) + "\n" for line in lines)


def _without_spaces_at_end(line: str) -> str:
    """Return the line without spaces at its end, also among colour codes."""
    colours: list[str] = []
    while True:
        line = line.rstrip(" ")
        start = line.rfind("\x1b")
        if start < 0 or _COLOUR.fullmatch(line, start) is None:
            return line + "".join(reversed(colours))
        colours.append(line[start:])
        line = line[:start]
