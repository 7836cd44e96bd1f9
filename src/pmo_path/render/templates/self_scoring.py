"""A workbook in which a person rates themselves and sees the result: its sheets as values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_path.domain.interview import FULL, questions_for
from pmo_path.domain.numbers import show_number
from pmo_path.domain.ratings import NOT_APPLICABLE, SELF
from pmo_path.domain.self_scoring import (
    FORMAT,
    GUIDE,
    NOT_SURE,
    PROPERTY,
    RATE,
    RESULT,
    STAMP,
    StampKey,
)
from pmo_path.domain.target_level import LevelRole
from pmo_path.domain.text import one_line
from pmo_path.domain.workbook import CellStyle, FormSheet, FormWorkbook, SheetCell
from pmo_path.render.templates.guide_sheet import GuideLine, guide_heading, guide_sheet
from pmo_path.render.templates.people_columns import level_entry
from pmo_path.render.templates.self_scoring_formulas import figures_sheet, scoring_sheet
from pmo_path.render.templates.self_scoring_lists import Sources, lists_sheet, texts_sheet
from pmo_path.render.templates.self_scoring_numbers import scaled_role
from pmo_path.render.templates.self_scoring_rate import rate_sheet
from pmo_path.render.templates.self_scoring_result import chart_sheet, result_sheet
from pmo_path.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pmo_path.domain.framework import Band, Framework


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
            guide_sheet(GUIDE, _guide_lines(sources)),
            lists_sheet(sources),
            texts_sheet(sources),
            scoring_sheet(sources),
            figures_sheet(sources),
            chart_sheet(sources),
            _stamp_sheet(sources),
        ),
        properties={PROPERTY: FORMAT},
    )


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


# --- Guide ----------------------------------------------------------------------------------------


def _guide_lines(sources: Sources) -> Iterator[GuideLine]:
    """Yield each line of the sheet."""
    about, role = sources.framework.framework, sources.framework.roles[sources.role]
    yield GuideLine("How this workbook works", style=CellStyle.TITLE)
    yield GuideLine("Framework", one_line(f"{about.title} (version {about.version})"))
    yield GuideLine("Target", one_line(f"{role.name}. {role.summary}".strip()))
    if about.notice:
        yield GuideLine("Notice", one_line(about.notice))
    yield from _steps()
    yield from _ratings(sources)
    yield from _result()
    yield from _bands(sources)


def _steps() -> Iterator[GuideLine]:
    yield guide_heading("What to do")
    yield GuideLine(
        "1. Rate", f"Fill in the yellow cells on the sheet '{RATE}'. Must-haves come first."
    )
    yield GuideLine(
        "2. Read", f"The sheet '{RESULT}' updates as you choose. There is nothing to press."
    )
    yield GuideLine(
        "3. Keep or send",
        "Save the file. Anyone with pmo-path can read your answers back with 'pmo-path assess FILE' "
        "for the full report, or score many files with 'pmo-path batch'.",
    )
    yield GuideLine(
        "Protection",
        "All other cells are locked against accidental changes, without a password. The workbook has no "
        "macros, uses no network, and sends nothing.",
    )


def _ratings(sources: Sources) -> Iterator[GuideLine]:
    framework = sources.framework
    yield guide_heading("How to rate")
    if framework.framework.how_to_rate:
        yield GuideLine("Rule", one_line(framework.framework.how_to_rate))
    for level in framework.levels:
        yield GuideLine(level_entry(framework, level), one_line(framework.scale[level].meaning))
    yield GuideLine(
        NOT_APPLICABLE,
        "Does not apply to your work. It is not counted, but a must-have counts as missing.",
    )
    yield GuideLine(
        "an empty cell",
        "Unrated. The low end of readiness counts it as zero, the high end as the required level.",
    )
    yield GuideLine(
        NOT_SURE,
        "You are not sure of the level. It still counts, and the report asks to check it.",
    )
    yield GuideLine("Evidence, year", "An example that shows the level, and when it was.")


def _result() -> Iterator[GuideLine]:
    yield guide_heading("How to read the result")
    yield GuideLine(
        "Readiness",
        "How much of the required levels you reach, weighted by importance. Extra levels in one "
        "competence do not offset a gap in another.",
    )
    yield GuideLine(
        "Band",
        "Based on the low end of readiness; unrated must-haves count as missing. The best band "
        "still possible is the highest that rating the rest could show.",
    )
    yield GuideLine(
        "Next band",
        "The points from the low end of readiness to the next better band, rounded up to 0.1, and how "
        "many missing must-haves have to be met for it.",
    )
    yield GuideLine(
        "No band",
        f"If more than a third of the role is {NOT_APPLICABLE}, there is no band: too little of the "
        "role is left to judge.",
    )
    yield GuideLine(
        "Order of gaps",
        "Must-haves that fall short come first, deepest first; then priority (importance times "
        "gap), then the wider gap.",
    )
    yield GuideLine(
        "Use",
        "Ratings are your own judgement: use the result to talk about development, not to select "
        "people.",
    )


def _bands(sources: Sources) -> Iterator[GuideLine]:
    bands = list(sources.framework.readiness.values())
    if len(bands) == 1:
        return
    yield guide_heading("Bands")
    for band in bands:
        yield GuideLine(one_line(band.label), _conditions(band))


def _conditions(band: Band) -> str:
    conditions = [f"readiness of at least {show_number(band.at_least)} %"]
    most, deepest = band.must_haves_missing, band.must_have_gap
    if most is not None:
        conditions.append(f"at most {most} must-haves missing" if most else "no must-have missing")
    if deepest is not None:
        unit = "level" if deepest == 1 else "levels"
        conditions.append(f"none of them more than {show_number(deepest)} {unit} short")
    return ", ".join(conditions)
