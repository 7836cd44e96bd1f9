"""Running text and hanging paragraphs for a terminal, written through Rich.

Text from files is never markup, and nothing is cut off. A terminal sets the width; without a
terminal, running text gets a comfortable width and a table as much as its data needs.
"""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, TextIO

from rich.console import Console
from rich.text import Text

from pmo_path.domain.text import one_line
from pmo_path.render.document import WebAddress

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import OverflowMethod

    from pmo_path.render.words import TextStyle

READING_WIDTH = 100
"""Columns for running text where no terminal sets the width."""
MAX_WIDTH = 120
"""Wider lines are harder to read, so a wider terminal is not filled."""
MIN_TEXT = 20
"""Columns that text keeps beside its label, however narrow the page."""
UNLIMITED = 10_000

_PERCENT = re.compile(r"(?<=\d) %")
_GLUE = "\ufdd0"
"""A space where a line must not end: no character, so that no text has it and it is one wide."""
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

    @property
    def table_width(self) -> int:
        """Columns that a table may take: without a terminal, as many as it needs."""
        return self._console.width

    def wrap(self, paragraph: Text, width: int) -> list[Text]:
        """Return a text in lines of this width; a word that is too long is divided."""
        return self._lines(paragraph, width)

    def _lines(
        self, paragraph: Text, width: int, overflow: OverflowMethod | None = None
    ) -> list[Text]:
        """Return a text in lines, no percent sign at the start of one."""
        glued = paragraph.copy()
        glued.plain = _PERCENT.sub(_GLUE + "%", glued.plain)
        lines = list(glued.wrap(self._console, width, overflow=overflow))
        for line in lines:
            line.plain = line.plain.replace(_GLUE, " ")
        return lines

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
        self.line(*self._lines(paragraph, self._width))

    def line(self, *lines: Text) -> None:
        """Add lines without wrapping them."""
        for line in lines:
            self._console.print(line, soft_wrap=True)

    def hanging(self, label: Text, paragraph: str, style: str = "") -> None:
        """Add a paragraph beside its label, wrapped with a hanging indent.

        A web address stays in one piece, so that it can be clicked and copied.
        """
        room = max(MIN_TEXT, self._width - label.cell_len)
        overflow: OverflowMethod = "ignore" if isinstance(paragraph, WebAddress) else "fold"
        lines = self._lines(text(paragraph, style), room, overflow)
        first, *rest = lines or [Text()]
        indent = Text(" " * label.cell_len)
        self.line(label.append_text(first), *(indent.copy().append_text(line) for line in rest))

    def bullets(self, lines: Iterable[str]) -> None:
        """Add a list."""
        for line in lines:
            self.hanging(Text(self._bullet), line)

    def labelled(self, rows: Iterable[tuple[str, str]], indent: int = 3) -> None:
        """Add labels, each with its text beside it, or below it where labels are long.

        Rows without text are left out.
        """
        shown = [
            (Text(" " * indent).append_text(text(label)), paragraph)
            for label, paragraph in rows
            if paragraph
        ]
        width = max((label.cell_len for label, _ in shown), default=0) + 2
        for label, paragraph in shown:
            if width + MIN_TEXT > self._width:
                self.wrapped(label)
                self.hanging(Text(" " * (indent + 3)), paragraph)
            else:
                label.pad_right(width - label.cell_len)
                self.hanging(label, paragraph)

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
