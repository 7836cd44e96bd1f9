"""A page for people: running text, hanging paragraphs and tables, written through Rich.

Nothing from a file is taken for markup, and nothing is cut off: a terminal sets the width, and
without one running text gets a width that reads well and a table all that its data need.
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
"""Columns by which a name in a table that takes a second line is set in there."""

_COLOUR = re.compile(r"\x1b\[[0-9;]*m")

# Yellow and cyan vanish on a light terminal, blue on a dark one.
HEADING = "bold magenta"
NOTICE = "italic"


def text(words: str, style: str = "") -> Text:
    """`words` as they stand, safe for a terminal."""
    return Text(one_line(words), style)


class Page:
    """Collects what is to be shown; `write` puts it out."""

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
        """An empty line."""
        self._buffer.write("\n")

    def heading(self, words: str) -> None:
        """A section's title, with room above it."""
        self.blank()
        self.text(words, HEADING)

    def text(self, words: str, style: str = "") -> None:
        """A paragraph over the page's width."""
        self.wrapped(text(words, style))

    def wrapped(self, words: Text) -> None:
        """The same of text that has its styles already."""
        self.line(*words.wrap(self._console, self._width))

    def line(self, *lines: Text) -> None:
        """Lines as they stand."""
        for one in lines:
            self._console.print(one, soft_wrap=True)

    def hanging(self, label: Text, words: str) -> None:
        """A paragraph beside its label, wrapped under its own first letter."""
        room = max(MIN_TEXT, self._width - label.cell_len)
        first, *rest = text(words).wrap(self._console, room) or [Text()]
        indent = Text(" " * label.cell_len)
        self.line(label.append_text(first), *(indent.copy().append_text(one) for one in rest))

    def bullets(self, lines: Iterable[str]) -> None:
        """A list."""
        for one in lines:
            self.hanging(Text(self._bullet), one)

    def labelled(self, rows: Iterable[tuple[str, str]], indent: int = 3) -> None:
        """Short labels, each with its text beside it; rows without text are left out."""
        shown = [(Text(" " * indent).append_text(text(label)), words) for label, words in rows]
        shown = [(label, words) for label, words in shown if words]
        width = max((label.cell_len for label, _ in shown), default=0) + 2
        for label, words in shown:
            label.pad_right(width - label.cell_len)
            self.hanging(label, words)

    def table(
        self, headings: Sequence[str], rows: Sequence[Sequence[Text]], right: Iterable[str] = ()
    ) -> None:
        """A table as wide as its data need; only the first column gives way to a terminal.

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
        """Whether a table with its first column at its narrowest fits, so that nothing is cut."""
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
        """Put the page out, without spaces at the ends of lines."""
        lines = self._buffer.getvalue().split("\n")[:-1]
        out.writelines(_without_spaces_at_end(line) + "\n" for line in lines)


def _without_spaces_at_end(line: str) -> str:
    """The line without spaces at its end, also where codes of colour stand among them."""
    colours: list[str] = []
    while True:
        line = line.rstrip(" ")
        place = line.rfind("\x1b")
        if place < 0 or _COLOUR.fullmatch(line, place) is None:
            return line + "".join(reversed(colours))
        colours.append(line[place:])
        line = line[:place]
