"""The sheet that explains a workbook that scores itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_path.domain.numbers import show_number
from pmo_path.domain.ratings import NOT_APPLICABLE
from pmo_path.domain.self_scoring import NOT_SURE, RATE, RESULT
from pmo_path.domain.text import one_line
from pmo_path.domain.workbook import CellStyle
from pmo_path.render.templates.people_columns import level_entry

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pmo_path.domain.framework import Band
    from pmo_path.render.templates.self_scoring_lists import Sources


def guide_lines(sources: Sources) -> Iterator[tuple[CellStyle, str, str]]:
    """Yield each line of the sheet: its style, a term, and what it means."""
    about, role = sources.framework.framework, sources.framework.roles[sources.role]
    yield CellStyle.TITLE, "How this workbook works", ""
    yield _line("Framework", one_line(f"{about.title} (version {about.version})"))
    yield _line("Target", one_line(f"{role.name}. {role.summary}".strip()))
    if about.notice:
        yield _line("Notice", one_line(about.notice))
    yield from _steps()
    yield from _ratings(sources)
    yield from _result()
    yield from _bands(sources)


def _line(term: str, text: str) -> tuple[CellStyle, str, str]:
    return CellStyle.TEXT, term, text


def _section(title: str) -> tuple[CellStyle, str, str]:
    return CellStyle.SECTION, title, ""


def _steps() -> Iterator[tuple[CellStyle, str, str]]:
    yield _section("What to do")
    yield _line(
        "1. Rate", f"Fill in the yellow cells on the sheet '{RATE}'. Must-haves come first."
    )
    yield _line(
        "2. Read", f"The sheet '{RESULT}' updates as you choose. There is nothing to press."
    )
    yield _line(
        "3. Keep or send",
        "Save the file. Anyone with pmo-path can read your answers back with 'pmo-path assess FILE' "
        "for the full report, or score many files with 'pmo-path batch'.",
    )
    yield _line(
        "Protection",
        "All other cells are locked against accidental changes, without a password. The workbook has no "
        "macros, uses no network, and sends nothing.",
    )


def _ratings(sources: Sources) -> Iterator[tuple[CellStyle, str, str]]:
    framework = sources.framework
    yield _section("How to rate")
    if framework.framework.how_to_rate:
        yield _line("Rule", one_line(framework.framework.how_to_rate))
    for level in framework.levels:
        yield _line(level_entry(framework, level), one_line(framework.scale[level].meaning))
    yield _line(
        NOT_APPLICABLE,
        "Does not apply to your work. It is not counted, but a must-have counts as missing.",
    )
    yield _line(
        "an empty cell",
        "Unrated. The low end of readiness counts it as zero, the high end as the required level.",
    )
    yield _line(
        NOT_SURE,
        "You are not sure of the level. It still counts, and the report asks to check it.",
    )
    yield _line("Evidence, year", "An example that shows the level, and when it was.")


def _result() -> Iterator[tuple[CellStyle, str, str]]:
    yield _section("How to read the result")
    yield _line(
        "Readiness",
        "How much of the required levels you reach, weighted by importance. Extra levels in one "
        "competence do not offset a gap in another.",
    )
    yield _line(
        "Band",
        "Based on the low end of readiness; unrated must-haves count as missing. The best band "
        "still possible is the highest that rating the rest could show.",
    )
    yield _line(
        "Next band",
        "The points from the low end of readiness to the next better band, rounded up to 0.1, and how "
        "many missing must-haves have to be met for it.",
    )
    yield _line(
        "No band",
        f"If more than a third of the role is {NOT_APPLICABLE}, there is no band: too little of the "
        "role is left to judge.",
    )
    yield _line(
        "Order of gaps",
        "Must-haves that fall short come first, deepest first; then priority (importance times "
        "gap), then the wider gap.",
    )
    yield _line(
        "Use",
        "Ratings are your own judgement: use the result to talk about development, not to select "
        "people.",
    )


def _bands(sources: Sources) -> Iterator[tuple[CellStyle, str, str]]:
    bands = list(sources.framework.readiness.values())
    if len(bands) == 1:
        return
    yield _section("Bands")
    for band in bands:
        yield _line(one_line(band.label), _conditions(band))


def _conditions(band: Band) -> str:
    conditions = [f"readiness of at least {show_number(band.at_least)} %"]
    most, deepest = band.must_haves_missing, band.must_have_gap
    if most is not None:
        conditions.append(f"at most {most} must-haves missing" if most else "no must-have missing")
    if deepest is not None:
        unit = "level" if deepest == 1 else "levels"
        conditions.append(f"none of them more than {show_number(deepest)} {unit} short")
    return ", ".join(conditions)
