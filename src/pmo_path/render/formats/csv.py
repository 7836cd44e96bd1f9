"""Rows as CSV; no cell of it runs as a formula in a spreadsheet."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, TextIO

from pmo_path.domain.text import harmless, one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pmo_path.render.words import TextStyle


def write(rows: Iterable[Sequence[str]], out: TextIO, _style: TextStyle) -> None:
    """Write the rows of a result that is a table."""
    writer = csv.writer(out, lineterminator="\n")
    for row in rows:
        writer.writerow([harmless(one_line(cell)) for cell in row])
