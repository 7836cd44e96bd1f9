"""A sheet of people as a form: what may be entered where, and a page that explains it all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_path.domain.ratings import NOT_APPLICABLE
from pmo_path.domain.text import one_line
from pmo_path.domain.workbook import Form, FormChoice, FormColumn
from pmo_path.render.templates.people_columns import (
    DEPARTMENT,
    PERSON,
    ROLE,
    competence_headings,
    has_role_column,
    level_entry,
    role_entry,
)
from pmo_path.render.templates.people_guide import GUIDE, PEOPLE, guide

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pmo_path.domain.competences import Competence
    from pmo_path.domain.framework import Framework

NOTE = 1500
"""Characters of a note: about as many as can be taken in beside a table."""
MIN_SHARE = 40
PERSON_NOTE = "A name or an id. List each person once, or once for each rater."
DEPARTMENT_NOTE = (
    "A team, a site or whatever else groups people. It may stay empty. With --group-by "
    f"{DEPARTMENT} the summary tells groups apart."
)


def people_form(framework: Framework, role: str | None, command: str) -> Form:
    """A sheet of people to be filled in; `role` is the id of the one that all are rated against.

    `command` is what the page says to run with the file.
    """
    rating = _rating(framework)
    columns = [FormColumn(PERSON, PERSON_NOTE)]
    if has_role_column(framework, role):
        columns.append(FormColumn(ROLE, "The role that the person aims at.", _role(framework)))
    columns.append(FormColumn(DEPARTMENT, DEPARTMENT_NOTE))
    for key, heading in competence_headings(framework, role).items():
        columns.append(FormColumn(heading, _note(framework, framework.competences[key]), rating))
    return Form(PEOPLE, tuple(columns), GUIDE, guide(framework, role, command))


def _rating(framework: Framework) -> FormChoice:
    entries = (*(level_entry(framework, level) for level in framework.levels), NOT_APPLICABLE)
    return FormChoice(
        entries=entries,
        title="Rating",
        prompt=f"Choose a level, or {NOT_APPLICABLE} where it does not apply. Leave the cell empty "
        "where you cannot tell: empty does not count as the lowest level.",
        warning="This is not on the list. The number of a level is understood too; with anything "
        f"else this row cannot be scored. On the list: {', '.join(entries)}.",
    )


def _role(framework: Framework) -> FormChoice:
    entries = tuple(role_entry(framework, key) for key in framework.roles)
    return FormChoice(
        entries=entries,
        title="Role",
        prompt="Choose the role that the person aims at.",
        warning="This is not on the list. Ids and other names of roles are understood too; with "
        f"anything else this row cannot be scored. On the list: {', '.join(entries)}.",
    )


def _note(framework: Framework, competence: Competence) -> str:
    """What a competence is and what each level of it means, each cut where all are too long."""
    lines = list(_note_lines(framework, competence))
    share = max(NOTE // len(lines), MIN_SHARE)
    shown = [line if len(line) <= share else f"{line[:share].rstrip()}…" for line in lines]
    if shown != lines:
        shown.append(f"The full text is on the sheet '{GUIDE}'.")
    return "\n".join(shown)


def _note_lines(framework: Framework, competence: Competence) -> Iterator[str]:
    yield one_line(competence.summary) or one_line(competence.name)
    for level, anchor in sorted(competence.levels.items()):
        yield f"{level_entry(framework, level)}: {one_line(anchor)}"
