"""An empty sheet of people: the headings that `pmo-path batch` reads."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pmo_path.domain.framework import Framework


def people_sheet(framework: Framework, role: str | None, delimiter: str) -> str:
    """The row of headings: for one role what it requires, else everything and a column for roles."""
    competences = framework.competences if role is None else framework.scored(role)
    names = [framework.competences[key].name for key in competences]
    headings = ["person", *(["role"] if role is None else []), "department", *names]
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator="\n").writerow(headings)
    return text.getvalue()
