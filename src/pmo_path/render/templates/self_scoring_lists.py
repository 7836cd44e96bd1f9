"""The hidden sheets with the lists to choose from, and with texts for each level of a competence."""

from __future__ import annotations

from enum import IntEnum, auto
from typing import TYPE_CHECKING, NamedTuple

from pmo_path.domain.numbers import show_number
from pmo_path.domain.ratings import NOT_APPLICABLE
from pmo_path.domain.self_scoring import FIRST_COMPETENCE, NOT_SURE, RATE, RateColumn
from pmo_path.domain.target_level import LevelRole
from pmo_path.domain.text import one_line
from pmo_path.domain.workbook import FormSheet, SheetCell, cell_name, range_name
from pmo_path.render.templates.people_columns import level_entry, role_entry

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from decimal import Decimal

    from pmo_path.domain.framework import Framework
    from pmo_path.render.templates.self_scoring_numbers import ScaledRole

NO_FIGURE = "\N{EN DASH}"
"""Stands for a figure or a step that there is not."""
LISTS, TEXTS = "Lists", "Texts"


class Sources(NamedTuple):
    """What the sheets of a workbook are made of."""

    framework: Framework
    role: str
    """Its id."""
    scaled: ScaledRole
    asked: tuple[str, ...]
    """The ids of the competences in the order in which they are rated."""
    rater: str

    @property
    def size(self) -> int:
        """The number of competences."""
        return len(self.asked)

    @property
    def ids(self) -> list[str]:
        """The ids of the competences in the framework's order."""
        return [requirement.id for requirement in self.scaled.requirements]

    def entry_cell(self, competence: str, column: RateColumn) -> str:
        """The cell of an answer, for formulas on any sheet."""
        return f"{RATE}!{cell_name(FIRST_COMPETENCE + self.asked.index(competence), column)}"


class ListColumn(IntEnum):
    """The columns of the sheet of lists; the first five are about levels, n/a the last of them."""

    CHOICE = 0
    ENTRY = auto()
    NUMBER = auto()
    TEXT = auto()
    STEPS = auto()
    DOUBT = auto()
    ROLE = auto()


def levels(sources: Sources, column: ListColumn) -> str:
    """The range of a column about levels."""
    return range_name(LISTS, (1, column), (len(sources.scaled.levels) + 1, column))


def not_sure_choices() -> str:
    """The range of what the column for doubts offers."""
    return range_name(LISTS, (1, ListColumn.DOUBT), (1, ListColumn.DOUBT))


def role_names(framework: Framework) -> list[str]:
    """The roles that somebody may hold now."""
    return [
        role_entry(framework, key)
        for key, role in framework.roles.items()
        if not isinstance(role, LevelRole)
    ]


def role_choices(framework: Framework) -> str:
    """The range of the roles that somebody may hold now."""
    return range_name(LISTS, (1, ListColumn.ROLE), (len(role_names(framework)), ListColumn.ROLE))


def lists_sheet(sources: Sources) -> FormSheet:
    """Return the hidden sheet with the lists to choose from."""
    framework = sources.framework
    rows: list[tuple[str | float, ...]] = [
        (number, level_entry(framework, level), float(level), show_number(level), steps)
        for number, (level, steps) in enumerate(
            zip(framework.levels, sources.scaled.levels, strict=True), 1
        )
    ]
    rows.append((len(rows) + 1, NOT_APPLICABLE, NOT_APPLICABLE, NOT_APPLICABLE, 0))
    cells = [*cells_of_row(0, (column.name.lower() for column in ListColumn))]
    for number, row in enumerate(rows, 1):
        cells += cells_of_row(number, row)
    cells.append(SheetCell(1, ListColumn.DOUBT, NOT_SURE))
    for number, name in enumerate(role_names(framework), 1):
        cells.append(SheetCell(number, ListColumn.ROLE, name))
    return FormSheet(LISTS, tuple(cells), is_hidden=True)


def cells_of_row(row: int, contents: Iterable[str | float]) -> Iterator[SheetCell]:
    """The plain cells of a row from the first column on."""
    return (SheetCell(row, column, content) for column, content in enumerate(contents))


def texts_sheet(sources: Sources) -> FormSheet:
    """Return the hidden sheet with what each level means, and the next step from each level."""
    cells: list[SheetCell] = []
    framework = sources.framework
    for index, key in enumerate(sources.ids):
        cells += cells_of_row(1 + index, [*meanings(framework, key), *next_steps(framework, key)])
    return FormSheet(TEXTS, tuple(cells), is_hidden=True)


def meaning_range(sources: Sources, competence: str) -> str:
    """The range of what each level of a competence means."""
    row = 1 + sources.ids.index(competence)
    return range_name(TEXTS, (row, 0), (row, len(sources.scaled.levels) - 1))


def next_step_range(sources: Sources) -> str:
    """The range of next steps: a row for each competence, a column for each level."""
    count = len(sources.scaled.levels)
    return range_name(TEXTS, (1, count), (sources.size, 2 * count - 1))


def meanings(framework: Framework, competence: str) -> list[str]:
    """What each level means for a competence, or in general, lowest first."""
    anchors = framework.competences[competence].levels
    return [
        one_line(anchors.get(level) or step.meaning or step.label)
        for level, step in sorted(framework.scale.items())
    ]


def next_steps(framework: Framework, competence: str) -> list[str]:
    """What to do next at work from each level, lowest first; `NO_FIGURE` where there is no step."""
    return [_next_step(framework, competence, level) for level in framework.levels]


def _next_step(framework: Framework, competence: str, rating: Decimal) -> str:
    steps = framework.competences[competence].experience
    above = [level for level in steps if level > rating]
    if not above:
        return NO_FIGURE
    step = steps[min(above)]
    first = f" First: {one_line(step.first_move)}" if step.first_move else ""
    return f"{one_line(step.do)}{'' if not first or step.do.endswith('.') else '.'}{first}"
