"""The columns of a sheet of people, and what may be entered in them."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from pmo_path.domain.names import fold
from pmo_path.domain.numbers import show_number
from pmo_path.domain.ratings import level_named
from pmo_path.domain.text import harmless, one_line

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from pmo_path.domain.framework import Framework
    from pmo_path.domain.names import NameIndex

PERSON, ROLE, DEPARTMENT = "person", "role", "department"
MAX_LABEL = 200
"""Characters of a heading or an entry; what is called by more goes by its id, or its number."""


def headings(framework: Framework, role: str | None) -> list[str]:
    """All headings: for one role what it requires, else everything and a column for roles."""
    about = (
        [PERSON, ROLE, DEPARTMENT] if has_role_column(framework, role) else [PERSON, DEPARTMENT]
    )
    return [*about, *competence_headings(framework, role).values()]


def has_role_column(framework: Framework, role: str | None) -> bool:
    """Whether each person may aim at another role."""
    return role is None and bool(framework.roles)


def competence_headings(framework: Framework, role: str | None) -> Mapping[str, str]:
    """The heading of each competence's column, by its id."""
    keys = framework.competences if role is None else framework.scored(role)
    return {key: competence_heading(framework, key) for key in keys}


def competence_heading(framework: Framework, key: str) -> str:
    """The heading of a competence's column: its name, or its id where the name is no heading."""
    name = framework.shown_name(key)
    if fold(name) in {PERSON, ROLE, DEPARTMENT}:
        return key
    return _label(framework.competence_names, key, name)


def role_entry(framework: Framework, key: str) -> str:
    """The cell for a role: its name, or its id where the name is no entry."""
    return _label(framework.role_names, key, framework.roles[key].name)


def _label(index: NameIndex, key: str, name: str) -> str:
    """The name, if it still has the same meaning when it is read back from a cell."""
    shown = one_line(name)
    return shown if len(shown) <= MAX_LABEL and index.find(shown) == key else key


def level_entry(framework: Framework, level: Decimal) -> str:
    """The cell for a level: `3 - Competent`, or `3` where that is not read back."""
    number = show_number(level)
    entry = f"{number} - {one_line(framework.scale[level].label)}"
    is_read = len(entry) <= MAX_LABEL and level_named(framework, entry) == level
    return entry if is_read else number


def people_text(framework: Framework, role: str | None, delimiter: str) -> str:
    """The row of headings; `role` is the id of the one role that everybody is rated against."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\n")
    writer.writerow(map(harmless, headings(framework, role)))
    return text.getvalue()
