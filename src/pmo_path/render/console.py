"""Rich, set up so that nothing from a file is taken for markup and nothing is cut off."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

from pmo_path.domain.text import one_line

if TYPE_CHECKING:
    from rich.console import RenderableType

    from pmo_path.render.base import Look

READING_WIDTH = 100
"""Columns for running text where no terminal sets the width."""
MAX_WIDTH = 120
"""Wider lines are harder to read, so a wider terminal is not filled."""
UNLIMITED = 10_000


def console_for(out: TextIO, look: Look) -> Console:
    """A console on `out` that shows text as it stands."""
    return Console(
        file=out,
        width=min(look.width, MAX_WIDTH) if look.width else READING_WIDTH,
        force_terminal=look.color,
        no_color=not look.color,
        color_system="standard" if look.color else None,
        markup=False,
        emoji=False,
        highlight=False,
        soft_wrap=False,
        legacy_windows=False,
    )


def widen(console: Console, look: Look, *tables: Table) -> None:
    """Where the data decides the width, give `console` what the widest of `tables` needs."""
    if look.width is None:
        options = console.options.update(width=UNLIMITED)
        needed = [console.measure(table, options=options).maximum for table in tables]
        console.width = max([console.width, *needed])


def text(words: str, style: str = "") -> Text:
    """`words` as they stand, safe for a terminal."""
    return Text(one_line(words), style)


def labelled(rows: list[tuple[str, str]], indent: int = 3) -> Table:
    """Short labels with wrapped text beside them."""
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(width=max((len(label) for label, _ in rows), default=0) + indent)
    grid.add_column(ratio=1)
    for label, words in rows:
        grid.add_row(Text(" " * indent + label), text(words))
    return grid


def bullets(lines: list[str], mark: str) -> Table:
    """A list whose lines wrap under their text, not under the mark."""
    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_column()
    grid.add_column(ratio=1)
    for line in lines:
        grid.add_row(Text(f" {mark}"), text(line))
    return grid


def show(console: Console, *parts: RenderableType) -> None:
    """Print the parts one under the other, without trailing spaces."""
    for part in parts:
        console.print(part)
