"""A workbook in which a person rates themselves and sees the result: its sheets as values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_path.domain.numbers import show_number
from pmo_path.domain.ratings import SELF
from pmo_path.domain.scopes import FULL, questions_for
from pmo_path.domain.self_scoring import FORMAT, GUIDE, PROPERTY, STAMP, StampKey
from pmo_path.domain.target_level import LevelRole
from pmo_path.domain.text import one_line
from pmo_path.domain.workbook import CellStyle, FormSheet, FormWorkbook, SheetCell
from pmo_path.render.templates.self_scoring_formulas import figures_sheet, scoring_sheet
from pmo_path.render.templates.self_scoring_guide import guide_lines
from pmo_path.render.templates.self_scoring_lists import Sources, lists_sheet, texts_sheet
from pmo_path.render.templates.self_scoring_numbers import scaled_role
from pmo_path.render.templates.self_scoring_rate import rate_sheet
from pmo_path.render.templates.self_scoring_result import chart_sheet, result_sheet
from pmo_path.version import __version__

if TYPE_CHECKING:
    from pmo_path.domain.framework import Framework

_GUIDE_WIDTHS = (28.0, 100.0)


def self_scoring_workbook(framework: Framework, role: str, rater: str = SELF) -> FormWorkbook:
    """Return the workbook for a role with this id; a target level is a role as well.

    Competences are in the order of the questions. Raises UsageProblem where a spreadsheet program
    could not score it exactly.
    """
    asked = questions_for(framework, role, FULL)
    sources = Sources(framework, role, scaled_role(framework, role), asked, one_line(rater))
    return FormWorkbook(
        title=one_line(framework.roles[role].name),
        sheets=(
            rate_sheet(sources),
            result_sheet(sources),
            _guide_sheet(sources),
            lists_sheet(sources),
            texts_sheet(sources),
            scoring_sheet(sources),
            figures_sheet(sources),
            chart_sheet(sources),
            _stamp_sheet(sources),
        ),
        properties={PROPERTY: FORMAT},
    )


def _guide_sheet(sources: Sources) -> FormSheet:
    cells, room = [], {}
    row = 0
    for style, term, text in guide_lines(sources):
        if style is CellStyle.SECTION:
            row += 1
        last = 1 if style in {CellStyle.TITLE, CellStyle.SECTION} else None
        label = style if last else CellStyle.LABEL
        cells.append(SheetCell(row, 0, term, label, last_column=last))
        if last is None:
            cells.append(SheetCell(row, 1, text, CellStyle.TEXT))
            room[row] = tuple(zip((term, text), _GUIDE_WIDTHS, strict=True))
        row += 1
    return FormSheet(GUIDE, tuple(cells), widths=_GUIDE_WIDTHS, room=room, is_landscape=False)


def _stamp_sheet(sources: Sources) -> FormSheet:
    """Return the hidden sheet by which the workbook is known again, and its rows are checked."""
    framework = sources.framework
    about, role = framework.framework, framework.roles[sources.role]
    is_level = isinstance(role, LevelRole)
    level = next(iter(role.requires.values())).level
    stamp = {
        StampKey.FORMAT: FORMAT,
        StampKey.FRAMEWORK: about.id,
        StampKey.VERSION: about.version,
        StampKey.CONTENT_HASH: framework.content_hash,
        StampKey.ROLE: "" if is_level else sources.role,
        StampKey.TARGET_LEVEL: show_number(level) if is_level else "",
        StampKey.MADE_WITH: __version__,
    }
    # The competences below, by id, with the names that stand beside them on the sheet to rate on.
    rows = [*stamp.items(), *((key, one_line(framework.shown_name(key))) for key in sources.asked)]
    cells = [
        SheetCell(row, column, text)
        for row, pair in enumerate(rows)
        for column, text in enumerate(pair)
    ]
    return FormSheet(STAMP, tuple(cells), is_hidden=True)
