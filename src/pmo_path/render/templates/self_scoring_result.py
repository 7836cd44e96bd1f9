"""The sheet that shows the result of the ratings as they are chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pmo_path.domain.self_scoring import RATE, RESULT, Fact, RateColumn
from pmo_path.domain.text import one_line
from pmo_path.domain.workbook import (
    CellStyle,
    FormSheet,
    SheetCell,
    SheetRadar,
    cell_name,
    range_name,
)
from pmo_path.render.templates.self_scoring_cells import (
    NO_FIGURE,
    NOT_APPLIED,
    RATED,
    band_label,
    figure,
    level_choices,
    next_step_range,
    next_steps,
    scoring,
    scoring_cell,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pmo_path.render.templates.self_scoring_cells import Sources

_WIDTHS = (5.0, 46.0, 20.0, 20.0, 8.0, 20.0, 12.0, 10.0, 76.0)
_LAST = len(_WIDTHS) - 1
_VERDICT_ROW, _FIRST_FIGURE = 2, 4
_CHART_ROWS = 20
"""The rows beside the chart, which no table may cross."""
_CHART_COLUMN = 4
CHART = "Chart"
_MIN_AXES, MAX_AXES = 3, 12
"""With fewer axes a radar has no area, with more it cannot be read."""
_PERCENT = 100
_LIGHT = 1.1
"""Letters of a name to a unit of a column's width."""
_LONGEST_VERDICT = 220
"""Characters of a verdict for which there is room."""
_NOTHING = f"Nothing is rated yet. Choose a level for each competence on the sheet '{RATE}'."


def result_sheet(sources: Sources) -> FormSheet:
    """Return the sheet with verdict, figures, must-haves and gaps, all formulas."""
    role = one_line(sources.framework.roles[sources.role].name)
    person, date = (
        f"{RATE}!{cell_name(fact, RateColumn.LEVEL)}" for fact in (Fact.PERSON, Fact.DATE)
    )
    must_haves = sum(need.must_have >= 0 for need in sources.scaled.requirements)
    figures = list(_figures(sources))
    first_must_have = _FIRST_FIGURE + len(figures) + 3
    below = max(first_must_have + must_haves, _CHART_ROWS) + 2
    cells = [
        SheetCell(0, 0, f"Result for {role}", CellStyle.TITLE),
        SheetCell(1, 0, "", CellStyle.TEXT, f'=IF({person}="","",{person})', last_column=1),
        SheetCell(1, 2, "", CellStyle.DATE, f'=IF({date}="","",{date})'),
        SheetCell(_VERDICT_ROW, 0, _NOTHING, CellStyle.VERDICT, _verdict(), last_column=_LAST),
        SheetCell(_FIRST_FIGURE - 1, 0, "Figures", CellStyle.SECTION, last_column=3),
        *(cell for row, line in enumerate(figures) for cell in _figure_row(row, *line)),
        *_must_haves(sources, first_must_have, must_haves),
        *_gaps(sources, below),
    ]
    steps = {step for key in sources.ids for step in next_steps(sources.framework, key)}
    longest = max(steps, key=len)
    names = max((one_line(sources.framework.shown_name(key)) for key in sources.ids), key=len)
    room: dict[int, tuple[tuple[str, float], ...]] = {
        below + 1 + index: ((longest, _WIDTHS[_LAST]), (names, _WIDTHS[1]))
        for index in range(sources.size)
    }
    names_fit = _WIDTHS[1] * _LIGHT
    room |= {first_must_have + index: ((names, names_fit),) for index in range(must_haves)}
    room[_VERDICT_ROW] = (("x" * _LONGEST_VERDICT, sum(_WIDTHS)),)
    return FormSheet(
        RESULT,
        tuple(cells),
        widths=_WIDTHS,
        room=room,
        charts=tuple(_charts(sources)),
        is_landscape=True,
    )


def _verdict() -> str:
    low, high = band_label(figure("band")), band_label(figure("band_high"))
    bands = f'IF({figure("band")}={figure("band_high")},{low},{low}&" to "&{high})'
    unrated = (
        f'IF({figure("unrated")}=0,""," ("&{figure("unrated")}&" of "&{figure("applicable")}'
        f'&" not rated yet)")'
    )
    na = f'IF({figure("not_applied")}=0,"","; "&{figure("not_applied")}&" not applicable")'
    at_target = f'"; "&{figure("at_target")}&" of "&{figure("applicable")}&" at target"'
    missing = f'"; must-haves missing: "&{figure("missing")}&"."'
    readiness = f'"Readiness "&{figure("range_text")}&{unrated}&{at_target}&{na}&{missing}'
    wrong = (
        f'"Cell "&{figure("wrong_cell")}&" on the sheet \'{RATE}\' is not a level. Choose one from '
        'the list; until then there is no result."'
    )
    too_much = '"No band: n/a covers more than a third of this role. "'
    return (
        f'=IF({figure("no_level")}>0,{wrong},IF({figure("rated")}=0,"{_NOTHING}",'
        f'IF({figure("too_much")}=1,{too_much},IF({figure("is_banded")}=0,"",{bands}&". "))'
        f"&{readiness}))"
    )


def _figures(sources: Sources) -> Iterator[tuple[str, str, CellStyle, str]]:
    """Each label, with its formula without a guard, its style, and the figure that has to be 1."""
    result, band, following = "has_result", "has_band", "next"
    yield "Readiness, lowest (%)", f"{figure('low')}/10", CellStyle.FIGURE, result
    yield "Readiness, highest (%)", f"{figure('high')}/10", CellStyle.FIGURE, result
    if len(sources.scaled.bands) > 1:
        yield "Band", band_label(figure("band")), CellStyle.NAME, band
        yield "Best band still possible", band_label(figure("band_high")), CellStyle.NAME, band
        yield "Next band", band_label(figure("next")), CellStyle.NAME, following
        yield "  points to it", f"{figure('points')}/10", CellStyle.FIGURE, following
        yield "  must-haves to meet", figure("must_haves_to_meet"), CellStyle.NUMBER, following
    yield "At target", figure("at_target"), CellStyle.NUMBER, result
    yield "Competences that apply", figure("applicable"), CellStyle.NUMBER, result
    yield "Not rated", figure("unrated"), CellStyle.NUMBER, result
    yield "Not applicable (n/a)", figure("not_applied"), CellStyle.NUMBER, result
    yield "Not sure", figure("not_sure"), CellStyle.NUMBER, result
    yield "Must-haves missing", figure("missing"), CellStyle.NUMBER, result


def _figure_row(
    index: int, label: str, formula: str, style: CellStyle, guard: str
) -> Iterator[SheetCell]:
    row = _FIRST_FIGURE + index
    yield SheetCell(row, 0, label, CellStyle.LABEL, last_column=1)
    shown = f'=IF({figure(guard)}>0,{formula},"{NO_FIGURE}")'
    yield SheetCell(row, 2, NO_FIGURE, style, shown, last_column=3)


def _must_haves(sources: Sources, first: int, count: int) -> Iterator[SheetCell]:
    if not count:
        return
    title = "Must-haves missing (► keeps you from the next band)"
    yield SheetCell(first - 2, 0, title, CellStyle.SECTION, last_column=3)
    for column, heading in enumerate(("", "Competence", "Now", "Needed")):
        yield SheetCell(first - 1, column, heading, CellStyle.HEADING)
    for number in range(1, count + 1):
        of = _Ranked(sources, "missing_rank", number)
        guard = f"AND({figure('has_result')}=1,{number}<={figure('missing')})"
        now = (
            f"IF({of('state')}={RATED},INDEX({level_choices(sources)},{of('choice')}),"
            f'IF({of("state")}={NOT_APPLIED},"n/a","not rated"))'
        )
        mark = f'IF({of("in_the_way")}=1,"►","")'
        formulas = (mark, of("name"), now, of("must_have_text"))
        yield from _guarded(first + number - 1, guard, formulas)


def _gaps(sources: Sources, heading_row: int) -> Iterator[SheetCell]:
    title = "Gaps, in the order in which to work on them"
    yield SheetCell(heading_row - 1, 0, title, CellStyle.SECTION, last_column=_LAST)
    headings = (
        *("#", "Competence", "Now", "Required", "Gap", "Must-have"),
        *("Importance", "Priority", "Next step"),
    )
    for column, heading in enumerate(headings):
        yield SheetCell(heading_row, column, heading, CellStyle.HEADING)
    gaps = f'COUNTIF({scoring(sources, "gap")},">0")'
    units = sources.scaled.level_unit * sources.scaled.importance_unit
    for number in range(1, sources.size + 1):
        of = _Ranked(sources, "rank", number)
        guard = f"AND({figure('has_result')}=1,{number}<={gaps})"
        formulas = (
            str(number),
            of("name"),
            f"INDEX({level_choices(sources)},{of('choice')})",
            of("required_text"),
            f"{of('gap')}/{sources.scaled.level_unit}",
            f'{of("must_have_text")}&""',  # else an empty cell becomes 0
            of("importance_shown"),
            f"{of('priority')}/{units}",
            f"INDEX({next_step_range(sources)},{of.row},{of('choice')})",
        )
        yield from _guarded(heading_row + number, guard, formulas)


class _Ranked(NamedTuple):
    """The competence that is at a place in an order of the sheet of competences."""

    sources: Sources
    order: str
    number: int

    @property
    def row(self) -> str:
        """The formula for its row there."""
        return f"MATCH({self.number},{scoring(self.sources, self.order)},0)"

    def __call__(self, name: str) -> str:
        """The formula for one of its columns."""
        return f"INDEX({scoring(self.sources, name)},{self.row})"


def _guarded(row: int, guard: str, formulas: Iterable[str]) -> Iterator[SheetCell]:
    """Cells that stay empty unless the guard holds."""
    for column, formula in enumerate(formulas):
        style = CellStyle.NAME if column == 1 else CellStyle.TEXT
        yield SheetCell(row, column, "", style, f'=IF({guard},{formula},"")')


# --- The chart ------------------------------------------------------------------------------------


def chart_sheet(sources: Sources) -> FormSheet:
    """Return the hidden sheet with the axes of the radar chart."""
    cells = [
        SheetCell(0, column, heading) for column, heading in enumerate(("axis", "now", "required"))
    ]
    for row, axis in enumerate(_axes(sources), 1):
        cells += [axis.name(row), axis.now(row), SheetCell(row, 2, axis.required)]
    return FormSheet(CHART, tuple(cells), is_hidden=True)


class _Axis(NamedTuple):
    text: str
    formula: str
    value: float
    """While nothing is rated."""
    required: float

    def name(self, row: int) -> SheetCell:
        return SheetCell(row, 0, self.text)

    def now(self, row: int) -> SheetCell:
        return SheetCell(row, 1, self.value, formula=f"={self.formula}")


def _axes(sources: Sources) -> list[_Axis]:
    """The key competences, or the domains where those are too few or many, as in reports."""
    framework = sources.framework
    keys = [key for key in sources.ids if framework.competences[key].key]
    domains = list(dict.fromkeys(framework.domain_of[key] for key in sources.ids))
    if _MIN_AXES <= len(keys) <= MAX_AXES:
        return [_competence_axis(sources, key) for key in keys]
    if _MIN_AXES <= len(domains) <= MAX_AXES:
        return [_domain_axis(sources, key) for key in domains]
    few = sources.ids[:MAX_AXES]
    return [_competence_axis(sources, key) for key in few] if len(few) >= _MIN_AXES else []


def _competence_axis(sources: Sources, key: str) -> _Axis:
    framework, index = sources.framework, sources.ids.index(key)
    required = framework.roles[sources.role].requires[key].level
    lowest = float(framework.levels[0])
    name = one_line(framework.shown_name(key))
    return _Axis(name, scoring_cell("shown_level", index), lowest, float(required))


def _domain_axis(sources: Sources, key: str) -> _Axis:
    name = one_line(sources.framework.domains[key].name)
    within = [
        index for index, id_ in enumerate(sources.ids) if sources.framework.domain_of[id_] == key
    ]
    first, last = within[0], within[-1]
    reached, reachable, state = (
        f"{scoring_cell(column, first)}:{scoring_cell(column, last).partition('!')[2]}"
        for column in ("reached", "reachable", "state")
    )
    whole = f"SUM({reachable})-SUMIF({state},{NOT_APPLIED},{reachable})"
    return _Axis(name, f"IF({whole}=0,0,100*SUM({reached})/({whole}))", 0, 100)


def _charts(sources: Sources) -> Iterator[SheetRadar]:
    axes = _axes(sources)
    if not axes:
        return
    is_percent = axes[0].required == _PERCENT and all(axis.required == _PERCENT for axis in axes)
    levels = sources.framework.levels
    low, high = (0.0, 100.0) if is_percent else (float(levels[0]), float(levels[-1]))
    names, now, required = (
        range_name(CHART, (1, column), (len(axes), column)) for column in range(3)
    )
    yield SheetRadar(
        row=_FIRST_FIGURE - 1,
        column=_CHART_COLUMN,
        title="Domains: now and required, in percent" if is_percent else "Now and required",
        categories=names,
        series=(("Now", now), ("Required", required)),
        low=low,
        high=high,
        width=760,
        height=400,
    )
