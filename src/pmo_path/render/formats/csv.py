"""Rows as CSV; no cell of it runs as a formula in a spreadsheet."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, TextIO

from pmo_path.domain.text import harmless, one_line

if TYPE_CHECKING:
    from pmo_path.render.formats.registry import Result
    from pmo_path.render.words import TextStyle


def write(result: Result, out: TextIO, _style: TextStyle) -> None:
    """Write the rows of a result that is a table."""
    if result.rows is None:
        raise TypeError("this result has no rows")
    writer = csv.writer(out, lineterminator="\n")
    for row in result.rows():
        writer.writerow([harmless(one_line(cell)) for cell in row])
