"""A workbook with a sheet of people to fill in, and a page that explains it all."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from pmo_path.domain.framework import grouped
from pmo_path.domain.limits import MAX_WORKBOOK_ROWS
from pmo_path.domain.numbers import show_number
from pmo_path.domain.ratings import NOT_APPLICABLE
from pmo_path.domain.text import one_line
from pmo_path.domain.workbook import (
    CellChoice,
    CellStyle,
    FormSheet,
    FormWorkbook,
    SheetCell,
    range_name,
)
from pmo_path.render.templates.guide_sheet import GuideLine, guide_heading, guide_sheet
from pmo_path.render.templates.people_columns import (
    DEPARTMENT,
    PERSON,
    ROLE,
    competence_headings,
    has_role_column,
    level_entry,
    role_entry,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from decimal import Decimal

    from pmo_path.domain.competences import Competence
    from pmo_path.domain.framework import Framework

PEOPLE, GUIDE, LISTS = "People", "How to rate", "Lists"
"""Titles of the sheets."""
RATER = "rater"
NOTE = 1500
"""Characters of a note: about as many as can be taken in beside a table."""
MIN_SHARE = 40
MIN_WIDTH, MAX_WIDTH, ABOUT_WIDTH = 13, 26, 22
"""The width of columns with a list in characters, and of those without one."""
PERSON_NOTE = "A name or an id. List each person once, or once for each rater."
DEPARTMENT_NOTE = (
    "A team, a site or whatever else groups people. It may stay empty. With --group-by "
    f"{DEPARTMENT} the summary tells groups apart."
)


class _Choice(NamedTuple):
    """The entries that may be chosen below a heading."""

    entries: tuple[str, ...]
    title: str
    prompt: str
    warning: str


class _Column(NamedTuple):
    heading: str
    note: str
    choice: _Choice | None = None
    """None where anything may be entered."""


def people_form(framework: Framework, role: str | None, command: str) -> FormWorkbook:
    """A sheet of people to be filled in; `role` is the id of the one that all are rated against.

    `command` is what the page says to run with the file.
    """
    columns = list(_columns(framework, role))
    # A list within the rule itself could have no more characters than a message.
    choices = [
        (choice, [index for index, _ in group])
        for choice, group in groupby(enumerate(columns), key=lambda entry: entry[1].choice)
        if choice is not None
    ]
    lists = (
        SheetCell(row, number, entry)
        for number, (choice, _) in enumerate(choices)
        for row, entry in enumerate(choice.entries)
    )
    return FormWorkbook(
        title=PEOPLE,
        sheets=(
            _people_sheet(columns, [_rule(number, *each) for number, each in enumerate(choices)]),
            guide_sheet(GUIDE, guide(framework, role, command)),
            FormSheet(LISTS, tuple(lists), is_hidden=True),
        ),
        is_protected=False,
    )


def _people_sheet(columns: Sequence[_Column], choices: Sequence[CellChoice]) -> FormSheet:
    widths = tuple(map(_width, columns))
    return FormSheet(
        PEOPLE,
        tuple(
            SheetCell(0, index, column.heading, CellStyle.HEADING, note=column.note)
            for index, column in enumerate(columns)
        ),
        widths=widths,
        room={
            0: tuple(
                (column.heading, width) for column, width in zip(columns, widths, strict=True)
            )
        },
        choices=tuple(choices),
        heading_row=0,
        frozen_columns=1,
        is_open=True,
    )


def _rule(number: int, choice: _Choice, columns: Sequence[int]) -> CellChoice:
    """The list with this number, for neighbouring columns."""
    return CellChoice(
        columns[0],
        columns[-1],
        first_row=1,
        last_row=MAX_WORKBOOK_ROWS - 1,
        source=range_name(LISTS, (0, number), (len(choice.entries) - 1, number)),
        title=choice.title,
        prompt=choice.prompt,
        warning=choice.warning,
    )


def _width(column: _Column) -> int:
    """Wide enough for the words of the heading, which wrap, and for what is entered."""
    if column.choice is None:
        return ABOUT_WIDTH
    longest = max(map(len, (*column.heading.split(), *column.choice.entries)))
    return min(max(longest + 2, MIN_WIDTH), MAX_WIDTH)


def _columns(framework: Framework, role: str | None) -> Iterator[_Column]:
    rating = _rating(framework)
    yield _Column(PERSON, PERSON_NOTE)
    if has_role_column(framework, role):
        yield _Column(ROLE, "The role that the person aims at.", _role(framework))
    yield _Column(DEPARTMENT, DEPARTMENT_NOTE)
    for key, heading in competence_headings(framework, role).items():
        yield _Column(heading, _note(framework, framework.competences[key]), rating)


def _rating(framework: Framework) -> _Choice:
    entries = (*(level_entry(framework, level) for level in framework.levels), NOT_APPLICABLE)
    return _Choice(
        entries=entries,
        title="Rating",
        prompt=f"Choose a level, or {NOT_APPLICABLE} where it does not apply. Leave the cell empty "
        "where you cannot tell: empty does not count as the lowest level.",
        warning="This is not on the list. The number of a level is understood too; with anything "
        f"else this row cannot be scored. On the list: {', '.join(entries)}.",
    )


def _role(framework: Framework) -> _Choice:
    entries = tuple(role_entry(framework, key) for key in framework.roles)
    return _Choice(
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


# --- The page that explains it --------------------------------------------------------------------


def guide(framework: Framework, role: str | None, command: str) -> tuple[GuideLine, ...]:
    """All lines of the page; `command` is what to run with the file."""
    about = framework.framework
    return (
        GuideLine(f"How to fill in the sheet '{PEOPLE}'", style=CellStyle.TITLE),
        GuideLine("Framework", one_line(f"{about.title} (version {about.version})")),
        *_steps(command),
        *_how_to_rate(framework),
        *_scale(framework),
        *_roles(framework, role),
        *_own_columns(),
        *_competences(framework, role),
    )


def _steps(command: str) -> Iterator[GuideLine]:
    yield guide_heading("What to do")
    yield GuideLine(
        "1.",
        f"Write one person in each row of the sheet '{PEOPLE}', and choose a level for each "
        "competence from the list in its cell; the number of a level does as well. What a level "
        "means is explained below, and in a note on each heading.",
    )
    yield GuideLine("2.", f"Save the file as people.xlsx and run:  {command}")
    yield GuideLine(
        "3.",
        "results.xlsx then has a row of results for each person. A row that cannot be scored is "
        "named with the reason; put it right here and run the same again.",
    )
    yield GuideLine(
        "4.",
        "The ratings are people's own judgement: use them to talk about development, not to "
        "select people.",
    )


def _how_to_rate(framework: Framework) -> Iterator[GuideLine]:
    yield guide_heading("How to rate")
    rule = one_line(framework.framework.how_to_rate)
    if rule:
        yield GuideLine("Rule", rule)
    yield GuideLine(
        "an empty cell",
        "Unrated: you cannot tell. It counts neither for nor against the person, and the results "
        "say how many competences are unrated.",
    )
    yield GuideLine(
        NOT_APPLICABLE,
        "Not applicable: the person's work has no place for it. It leaves every sum, but a "
        "must-have of the role stays missing.",
    )
    yield GuideLine(
        level_entry(framework, framework.levels[0]),
        "The lowest level is a rating like any other, and counts. Do not choose it for what you "
        "cannot tell.",
    )


def _scale(framework: Framework) -> Iterator[GuideLine]:
    yield guide_heading("The scale")
    for level in framework.levels:
        step = framework.scale[level]
        yield GuideLine(level_entry(framework, level), _explained(framework, level, step.meaning))


def _explained(framework: Framework, level: Decimal, meaning: str) -> str:
    """What a level means, with its label where its entry has none."""
    label = framework.scale[level].label
    is_bare = level_entry(framework, level) == show_number(level)
    return one_line(": ".join(filter(None, (label if is_bare else "", meaning.strip()))))


def _roles(framework: Framework, role: str | None) -> Iterator[GuideLine]:
    yield guide_heading("Roles" if role is None else "The role that everybody is rated for")
    for key in framework.roles if role is None else [role]:
        summary = one_line(framework.roles[key].summary)
        yield GuideLine(role_entry(framework, key), summary)


def _own_columns() -> Iterator[GuideLine]:
    yield guide_heading("Columns of your own")
    yield GuideLine(
        f"{DEPARTMENT} and others",
        "Every column that is no rating is carried through to the results; add what you need, "
        "right of the others.",
    )
    yield GuideLine(
        RATER,
        "Add a column of this name when several people rate the same person, in a row each: self, "
        "manager, a name.",
    )


def _competences(framework: Framework, role: str | None) -> Iterator[GuideLine]:
    names = competence_headings(framework, role)
    for domain in framework.domains.values():
        summary = domain.summary
        for group, competences in grouped(domain).items():
            asked = [key for key in competences if key in names]
            if asked:
                heading = ": ".join(filter(None, (domain.name, group)))
                yield guide_heading(one_line(heading))
                if summary:
                    yield GuideLine("", one_line(summary))
                summary = ""
            for key in asked:
                yield from _competence(framework, competences[key], names[key])


def _competence(framework: Framework, competence: Competence, name: str) -> Sequence[GuideLine]:
    return [
        GuideLine(name, one_line(competence.summary), CellStyle.NAME),
        *(
            GuideLine(level_entry(framework, level), one_line(anchor))
            for level, anchor in sorted(competence.levels.items())
        ),
    ]
