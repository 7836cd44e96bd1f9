"""The page that explains a sheet of people: how to rate, on which scale, and what becomes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_path.domain.framework import grouped
from pmo_path.domain.numbers import show_number
from pmo_path.domain.ratings import NOT_APPLICABLE
from pmo_path.domain.text import one_line
from pmo_path.domain.workbook import CellStyle
from pmo_path.render.templates.guide_sheet import GuideLine
from pmo_path.render.templates.people_columns import (
    DEPARTMENT,
    competence_headings,
    level_entry,
    role_entry,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from decimal import Decimal

    from pmo_path.domain.competences import Competence
    from pmo_path.domain.framework import Framework

PEOPLE, GUIDE = "People", "How to rate"
"""Titles of the two sheets."""
RATER = "rater"


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
        *_columns(),
        *_competences(framework, role),
    )


def _section(title: str) -> GuideLine:
    return GuideLine(title, style=CellStyle.SECTION)


def _steps(command: str) -> Iterator[GuideLine]:
    yield _section("What to do")
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
    yield _section("How to rate")
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
    yield _section("The scale")
    for level in framework.levels:
        step = framework.scale[level]
        yield GuideLine(level_entry(framework, level), _explained(framework, level, step.meaning))


def _explained(framework: Framework, level: Decimal, meaning: str) -> str:
    """What a level means, with its label where its entry has none."""
    label = framework.scale[level].label
    is_bare = level_entry(framework, level) == show_number(level)
    return one_line(": ".join(filter(None, (label if is_bare else "", meaning.strip()))))


def _roles(framework: Framework, role: str | None) -> Iterator[GuideLine]:
    yield _section("Roles" if role is None else "The role that everybody is rated for")
    for key in framework.roles if role is None else [role]:
        summary = one_line(framework.roles[key].summary)
        yield GuideLine(role_entry(framework, key), summary)


def _columns() -> Iterator[GuideLine]:
    yield _section("Columns of your own")
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
                yield _section(one_line(heading))
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
