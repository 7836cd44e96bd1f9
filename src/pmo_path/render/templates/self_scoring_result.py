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
from pmo_path.render.results.report_competences import MAX_AXES, MIN_AXES
from pmo_path.render.templates.self_scoring_formulas import (
    band_label,
    filled,
    scoring,
    scoring_cell,
)
from pmo_path.render.templates.self_scoring_lists import (
    NO_FIGURE,
    ListColumn,
    levels,
    next_step_range,
    next_steps,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pmo_path.render.templates.self_scoring_lists import Sources

_WIDTHS = (5.0, 46.0, 20.0, 20.0, 8.0, 20.0, 12.0, 10.0, 76.0)
_LAST = len(_WIDTHS) - 1
_VERDICT_ROW, _FIRST_FIGURE = 2, 4
_CHART_ROWS = 20
"""The rows beside the chart, which no table may cross."""
_CHART_COLUMN = 4
CHART = "Chart"
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
        SheetCell(
            _VERDICT_ROW, 0, _NOTHING, CellStyle.VERDICT, _verdict(sources), last_column=_LAST
        ),
        SheetCell(_FIRST_FIGURE - 1, 0, "Figures", CellStyle.SECTION, last_column=3),
        *(cell for row, line in enumerate(figures) for cell in _figure_row(sources, row, *line)),
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


def _verdict(sources: Sources) -> str:
    low, high = band_label("#band"), band_label("#band_high")
    bands = f'IF(#band=#band_high,{low},{low}&" to "&{high})'
    readiness = (
        '"Readiness "&#range_text'
        '&IF(#unrated=0,""," ("&#unrated&" of "&#applicable&" not rated yet)")'
        '&"; "&#at_target&" of "&#applicable&" at target"'
        '&IF(#not_applied=0,"","; "&#not_applied&" not applicable")'
        '&"; must-haves missing: "&#missing&"."'
    )
    wrong = (
        f'"Cell "&#wrong_cell&" on the sheet \'{RATE}\' is not a level. Choose one from '
        'the list; until then there is no result."'
    )
    too_much = '"No band: n/a covers more than a third of this role. "'
    return filled(
        sources,
        f'=IF(#no_level>0,{wrong},IF(#rated=0,"{_NOTHING}",'
        f'IF(#too_much=1,{too_much},IF(#is_banded=0,"",{bands}&". "))&{readiness}))',
    )


def _figures(sources: Sources) -> Iterator[tuple[str, str, CellStyle, str]]:
    """Each label, with its formula without a guard, its style, and the figure that has to be 1."""
    result, band, following = "#has_result", "#has_band", "#next"
    yield "Readiness, lowest (%)", "#low/10", CellStyle.FIGURE, result
    yield "Readiness, highest (%)", "#high/10", CellStyle.FIGURE, result
    if len(sources.scaled.bands) > 1:
        yield "Band", band_label("#band"), CellStyle.NAME, band
        yield "Best band still possible", band_label("#band_high"), CellStyle.NAME, band
        yield "Next band", band_label("#next"), CellStyle.NAME, following
        yield "  points to it", "#points/10", CellStyle.FIGURE, following
        yield "  must-haves to meet", "#must_haves_to_meet", CellStyle.NUMBER, following
    yield "At target", "#at_target", CellStyle.NUMBER, result
    yield "Competences that apply", "#applicable", CellStyle.NUMBER, result
    yield "Not rated", "#unrated", CellStyle.NUMBER, result
    yield "Not applicable (n/a)", "#not_applied", CellStyle.NUMBER, result
    yield "Not sure", "#not_sure", CellStyle.NUMBER, result
    yield "Must-haves missing", "#missing", CellStyle.NUMBER, result


def _figure_row(  # noqa: PLR0913, PLR0917  the parts of a line
    sources: Sources, index: int, label: str, formula: str, style: CellStyle, guard: str
) -> Iterator[SheetCell]:
    row = _FIRST_FIGURE + index
    yield SheetCell(row, 0, label, CellStyle.LABEL, last_column=1)
    shown = filled(sources, f'=IF({guard}>0,{formula},"{NO_FIGURE}")')
    yield SheetCell(row, 2, NO_FIGURE, style, shown, last_column=3)


def _must_haves(sources: Sources, first: int, count: int) -> Iterator[SheetCell]:
    if not count:
        return
    title = "Must-haves missing (► keeps you from the next band)"
    yield SheetCell(first - 2, 0, title, CellStyle.SECTION, last_column=3)
    yield from _headings(first - 1, ("", "Competence", "Now", "Needed"))
    formulas = (
        'IF([in_the_way]=1,"►","")',
        "[name]",
        'IF([state]={RATED},INDEX({levels},[choice]),IF([state]={NOT_APPLIED},"n/a","not rated"))',
        "[must_have_text]",
    )
    for number in range(1, count + 1):
        competence = _Ranked(sources, "missing_rank", number)
        yield from competence.cells(first + number - 1, "#missing", formulas)


def _gaps(sources: Sources, heading_row: int) -> Iterator[SheetCell]:
    title = "Gaps, in the order in which to work on them"
    yield SheetCell(heading_row - 1, 0, title, CellStyle.SECTION, last_column=_LAST)
    headings = (
        *("#", "Competence", "Now", "Required", "Gap", "Must-have"),
        *("Importance", "Priority", "Next step"),
    )
    yield from _headings(heading_row, headings)
    scaled = sources.scaled
    formulas = (
        "{rank}",
        "[name]",
        "INDEX({levels},[choice])",
        "[required_text]",
        f"[gap]/{scaled.level_unit}",
        '[must_have_text]&""',  # else an empty cell becomes 0
        "[importance_shown]",
        f"[priority]/{scaled.level_unit * scaled.importance_unit}",
        "INDEX({next_steps},{row},[choice])",
    )
    for number in range(1, sources.size + 1):
        competence = _Ranked(sources, "rank", number)
        yield from competence.cells(heading_row + number, 'COUNTIF([gap:],">0")', formulas)


def _headings(row: int, headings: Iterable[str]) -> Iterator[SheetCell]:
    for column, heading in enumerate(headings):
        yield SheetCell(row, column, heading, CellStyle.HEADING)


class _Ranked(NamedTuple):
    """The competence with a number in an order of the sheet of competences."""

    sources: Sources
    order: str
    number: int

    def cells(self, row: int, count: str, formulas: Iterable[str]) -> Iterator[SheetCell]:
        """Cells that stay empty unless there is a result and `count` reaches the number."""
        guard = f"AND(#has_result=1,{self.number}<={count})"
        for column, formula in enumerate(formulas):
            style = CellStyle.NAME if column == 1 else CellStyle.TEXT
            shown = filled(
                self.sources,
                f'=IF({guard},{formula},"")',
                self._cell,
                rank=self.number,
                row=self._row,
                levels=levels(self.sources, ListColumn.ENTRY),
                next_steps=next_step_range(self.sources),
            )
            yield SheetCell(row, column, "", style, shown)

    @property
    def _row(self) -> str:
        return f"MATCH({self.number},{scoring(self.sources, self.order)},0)"

    def _cell(self, name: str) -> str:
        return f"INDEX({scoring(self.sources, name)},{self._row})"


# --- The chart ------------------------------------------------------------------------------------


def chart_sheet(sources: Sources) -> FormSheet:
    """Return the hidden sheet with the axes of the radar chart."""
    cells = [
        SheetCell(0, column, heading) for column, heading in enumerate(("axis", "now", "required"))
    ]
    for row, axis in enumerate(_axes(sources), 1):
        cells += [
            SheetCell(row, 0, axis.name),
            SheetCell(row, 1, axis.value, formula=f"={axis.formula}"),
            SheetCell(row, 2, axis.required),
        ]
    return FormSheet(CHART, tuple(cells), is_hidden=True)


class _Axis(NamedTuple):
    name: str
    formula: str
    value: float
    """While nothing is rated."""
    required: float


def _axes(sources: Sources) -> list[_Axis]:
    """The key competences, or the domains where those are too few or many, as in reports."""
    framework = sources.framework
    keys = [key for key in sources.ids if framework.competences[key].key]
    domains = list(dict.fromkeys(framework.domain_of[key] for key in sources.ids))
    if MIN_AXES <= len(keys) <= MAX_AXES:
        return [_competence_axis(sources, key) for key in keys]
    if MIN_AXES <= len(domains) <= MAX_AXES:
        return [_domain_axis(sources, key) for key in domains]
    few = sources.ids[:MAX_AXES]
    return [_competence_axis(sources, key) for key in few] if len(few) >= MIN_AXES else []


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

    def cells(column: str) -> str:
        first, last = (scoring_cell(column, index) for index in (within[0], within[-1]))
        return f"{first}:{last.partition('!')[2]}"

    whole = "SUM([reachable])-SUMIF([state],{NOT_APPLIED},[reachable])"
    formula = f"IF({whole}=0,0,100*SUM([reached])/({whole}))"
    return _Axis(name, filled(sources, formula, cells), 0, 100)


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
