"""An empty sheet of people as separated text: the headings that `pmo-path batch` reads."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from pmo_path.domain.csv_injection import harmless
from pmo_path.render.templates.people_columns import headings

if TYPE_CHECKING:
    from pmo_path.domain.framework import Framework


def people_text(framework: Framework, role: str | None, delimiter: str) -> str:
    """The row of headings; `role` is the id of the one role that everybody is rated against."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\n")
    writer.writerow(map(harmless, headings(framework, role)))
    return text.getvalue()
