"""The sheet on which people rate themselves."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from pmo_path.domain.ratings import NOT_APPLICABLE, is_self
from pmo_path.domain.self_scoring import FIRST_COMPETENCE, NOT_SURE, RATE, Fact, RateColumn
from pmo_path.domain.text import one_line
from pmo_path.domain.workbook import CellChoice, CellStyle, FormSheet, SheetCell
from pmo_path.render.templates.self_scoring_formulas import filled, scoring_cell
from pmo_path.render.templates.self_scoring_lists import (
    ListColumn,
    levels,
    meaning_range,
    meanings,
    not_sure_choices,
    role_choices,
    role_names,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pmo_path.render.templates.self_scoring_lists import Sources

_WIDTHS = {
    RateColumn.NUMBER: 5.0,
    RateColumn.COMPETENCE: 44.0,
    RateColumn.LEVEL: 19.0,
    RateColumn.MEANING: 48.0,
    RateColumn.EVIDENCE: 34.0,
    RateColumn.YEAR: 7.0,
    RateColumn.NOT_SURE: 11.0,
    RateColumn.ID: 0.0,
}
_HEADINGS = (
    "",
    "Competence",
    "Level",
    "What the level means",
    "Evidence",
    "Year",
    "Not sure",
    "id",
)
_HEADING_ROW = FIRST_COMPETENCE - 1
_FACTS = {
    Fact.PERSON: ("Name", CellStyle.ENTRY, "Your name, or what your team calls you."),
    Fact.RATER: (
        "Rated by",
        CellStyle.ENTRY,
        "'self', or who you are to the person: manager, peer, a name.",
    ),
    Fact.DATE: ("Date", CellStyle.ENTRY_DATE, "The day on which you rate, such as 2026-11-23."),
    Fact.ROLE: ("Current role", CellStyle.ENTRY, "May stay empty. Choose it from the list."),
}
_RATED = "The name of the person you rate."
_NOT_ON_LIST = "This is not a level. Choose one from the list."
_NO_PLACE = "Not applicable: your work has no place for it. A must-have stays missing."


def rate_sheet(sources: Sources) -> FormSheet:
    """Return the sheet with a row to fill in for each competence."""
    role = one_line(sources.framework.roles[sources.role].name)
    title = "Rate yourself" if is_self(sources.rater) else "Rate somebody"
    last = FIRST_COMPETENCE + sources.size - 1
    cells = [
        SheetCell(0, 0, f"{title}: {role}", CellStyle.TITLE),
        SheetCell(1, 0, _how_to(sources), CellStyle.TEXT, last_column=RateColumn.NOT_SURE),
        *_facts(sources),
        *(
            SheetCell(_HEADING_ROW, column, heading, CellStyle.HEADING)
            for column, heading in enumerate(_HEADINGS)
        ),
    ]
    room: dict[int, tuple[tuple[str, float], ...]] = {
        1: ((_how_to(sources), sum(_WIDTHS.values(), 0.0)),)
    }
    for number, key in enumerate(sources.asked):
        row = FIRST_COMPETENCE + number
        cells += _competence(sources, number, key)
        name, details = _described(sources, key)
        texts = meanings(sources.framework, key)
        width = _WIDTHS[RateColumn.COMPETENCE]
        room[row] = (
            (f"{name}\n{details}", width),
            *((text, _WIDTHS[RateColumn.MEANING]) for text in (*texts, _NO_PLACE)),
        )
    return FormSheet(
        RATE,
        tuple(cells),
        widths=tuple(_WIDTHS.values()),
        room=room,
        choices=tuple(_choices(sources, last)),
        heading_row=_HEADING_ROW,
    )


def _how_to(sources: Sources) -> str:
    rule = one_line(sources.framework.framework.how_to_rate)
    steps = (
        "Fill in the yellow cells. Choose a level from the list in column C; leave it empty where "
        "you cannot tell. The sheet 'Result' follows as you go."
    )
    return f"{steps} {rule}".strip()


def _facts(sources: Sources) -> Iterator[SheetCell]:
    for fact, (label, style, note) in _FACTS.items():
        if fact is Fact.ROLE and not role_names(sources.framework):
            continue
        is_of_another = fact is Fact.PERSON and not is_self(sources.rater)
        entry = sources.rater if fact is Fact.RATER else None
        yield SheetCell(fact, RateColumn.COMPETENCE, label, CellStyle.LABEL)
        yield SheetCell(fact, RateColumn.LEVEL, entry, style)
        yield SheetCell(
            fact, RateColumn.MEANING, _RATED if is_of_another else note, CellStyle.TEXT
        )


def _competence(sources: Sources, number: int, key: str) -> Iterator[SheetCell]:
    row = FIRST_COMPETENCE + number
    name, details = _described(sources, key)
    meaning = filled(
        sources,
        "=IF([state]={RATED},INDEX({meanings},1,[choice]),"
        f'IF([state]={{NOT_APPLIED}},"{_NO_PLACE}",IF([state]={{NO_LEVEL}},"{_NOT_ON_LIST}","")))',
        partial(scoring_cell, index=sources.ids.index(key)),
        meanings=meaning_range(sources, key),
    )
    yield SheetCell(row, RateColumn.NUMBER, number + 1, CellStyle.TEXT)
    yield SheetCell(row, RateColumn.COMPETENCE, name, CellStyle.NAME, details=details)
    yield SheetCell(row, RateColumn.LEVEL, None, CellStyle.ENTRY)
    yield SheetCell(row, RateColumn.MEANING, "", CellStyle.TEXT, meaning)
    yield SheetCell(row, RateColumn.EVIDENCE, None, CellStyle.ENTRY)
    yield SheetCell(row, RateColumn.YEAR, None, CellStyle.ENTRY_NUMBER)
    yield SheetCell(row, RateColumn.NOT_SURE, None, CellStyle.ENTRY)
    yield SheetCell(row, RateColumn.ID, key, CellStyle.TEXT)


def _described(sources: Sources, key: str) -> tuple[str, str]:
    """The name of a competence, and what it is, with what the role expects of it."""
    framework = sources.framework
    expects = framework.roles[sources.role].requires[key].expects
    role = one_line(framework.roles[sources.role].name)
    details = [one_line(framework.competences[key].summary)]
    if expects:
        details.append(f"{role}: {one_line(expects)}")
    return one_line(framework.shown_name(key)), " ".join(filter(None, details))


def _choices(sources: Sources, last: int) -> Iterator[CellChoice]:
    yield CellChoice(
        RateColumn.LEVEL,
        RateColumn.LEVEL,
        FIRST_COMPETENCE,
        last,
        levels(sources, ListColumn.ENTRY),
        "Level",
        f"Choose a level, or {NOT_APPLICABLE} where your work has no place for it. Leave the cell "
        "empty where you cannot tell: empty does not count as the lowest level.",
        "This is not on the list, so it may not be understood.",
    )
    yield CellChoice(
        RateColumn.NOT_SURE,
        RateColumn.NOT_SURE,
        FIRST_COMPETENCE,
        last,
        not_sure_choices(),
        "Not sure",
        f"Choose '{NOT_SURE}' where you doubt the level. It counts all the same.",
        f"Choose '{NOT_SURE}', or leave the cell empty.",
    )
    if role_names(sources.framework):
        yield CellChoice(
            RateColumn.LEVEL,
            RateColumn.LEVEL,
            Fact.ROLE,
            Fact.ROLE,
            role_choices(sources.framework),
            "Current role",
            "The role that you hold now. It may stay empty.",
            "This role is not on the list, so it may not be understood.",
        )
