"""The hidden sheets with the formulas of the score: by competence, by figure and by band.

The formulas are the scoring method once more, for spreadsheet programs; a test recalculates them
for random answers and holds every figure equal to the core. They use functions of Excel 2016 and
no arrays but within SUMPRODUCT.

They are written with names in place of cells: `[gap]` is a cell of the same row, `[gap:]` the column
of all competences, `#low` a figure, and `{RATED}` a number or a range that is the same in all rows.
A figure has no row of its own: there, `[at_least]` is a cell of the next band.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pmo_path.domain.limits import MAX_WORKBOOK_ROWS
from pmo_path.domain.numbers import show_number
from pmo_path.domain.self_scoring import RateColumn
from pmo_path.domain.text import one_line
from pmo_path.domain.workbook import FormSheet, SheetCell, cell_name, column_name, range_name
from pmo_path.render.templates.people_columns import level_entry
from pmo_path.render.templates.self_scoring_lists import ListColumn, cells_of_row, levels

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from decimal import Decimal

    from pmo_path.domain.framework import Framework
    from pmo_path.render.templates.self_scoring_lists import Sources

SCORING, FIGURES = "Scoring", "Figures"
STATES = {"UNRATED": 0, "RATED": 1, "NOT_APPLIED": 2, "NO_LEVEL": 3}
"""What a cell for a level holds, in the column of states."""
_NAMES = re.compile(r"\[(?P<cell>\w+)\]|\[(?P<column>\w+):\]|#(?P<figure>\w+)")
_COMPETENCE = {
    "name": "",
    "required": "",
    "importance": "",
    "must_have": "",
    "reachable": "",
    "choice": (
        'IF(TRIM({typed})="",0,SUMPRODUCT((({entries}=TRIM({typed}))+({numbers}={typed})'
        "+({texts}=TRIM({typed}))>0)*{choices}))"
    ),
    "state": (
        'IF(TRIM({typed})="",{UNRATED},IF([choice]=0,{NO_LEVEL},'
        "IF([choice]={last},{NOT_APPLIED},{RATED})))"
    ),
    "level": "IF([state]={RATED},INDEX({steps},[choice]),0)",
    "gap": "IF([state]={RATED},MAX(0,[required]-[level]),0)",
    "priority": "[importance]*[gap]",
    "reached": "IF([state]={RATED},[importance]*MIN([level],[required]),0)",
    "missing": "IF([must_have]<0,0,IF([state]={RATED},IF([level]<[must_have],1,0),1))",
    "distance": "IF([must_have]<0,0,MAX(0,[must_have]-[level]))",
    "shortfall": "IF([state]={RATED},[distance],0)",
    "rank": (
        "IF([gap]>0,1+SUMPRODUCT(([shortfall:]>[shortfall])+([shortfall:]=[shortfall])*"
        "(([priority:]>[priority])+([priority:]=[priority])*"
        "(([gap:]>[gap])+([gap:]=[gap])*([order:]<[order])))),0)"
    ),
    "order": "",
    "missing_rank": "IF([missing]=1,SUM({missing_so_far}),0)",
    "in_the_way": (
        "IF([missing]=0,0,IF(#to_meet>0,1,IF(#deepest<0,0,IF([distance]>#deepest,1,0))))"
    ),
    "not_sure": 'IF(TRIM({unsure})="",0,1)',
    "required_text": "",
    "importance_shown": "",
    "cell": "",
    "shown_level": "IF([state]={RATED},INDEX({numbers},[choice]),{lowest})",
    "must_have_text": "",
}
"""The columns of the sheet of competences; what the framework says has no formula."""
_FIGURES = {
    "total": "",
    "rated": "COUNTIF([state:],{RATED})",
    "unrated": "COUNTIF([state:],{UNRATED})",
    "not_applied": "COUNTIF([state:],{NOT_APPLIED})",
    "no_level": "COUNTIF([state:],{NO_LEVEL})",
    "reached": "SUM([reached:])",
    "rated_reachable": "SUMIF([state:],{RATED},[reachable:])",
    "not_applied_sum": "SUMIF([state:],{NOT_APPLIED},[reachable:])",
    "whole": "#total-#not_applied_sum",
    "open": "#whole-#rated_reachable",
    # Tenths of a percent, half up.
    "low": "IF(#whole=0,0,INT((2000*#reached+#whole)/(2*#whole)))",
    "high": "IF(#whole=0,0,INT((2000*(#reached+#open)+#whole)/(2*#whole)))",
    "missing": "SUM([missing:])",
    "missing_high": "SUMPRODUCT([missing:]*([state:]<>{UNRATED})*([state:]<>{NO_LEVEL}))",
    "at_target": "SUMPRODUCT(([state:]={RATED})*([gap:]=0))",
    "applicable": "{count}-#not_applied",
    "too_much": "IF(3*#not_applied_sum>#total,1,0)",
    "has_result": "IF(AND(#rated>0,#no_level=0),1,0)",
    "has_band": "IF(AND(#has_result=1,#too_much=0,#is_banded=1),1,0)",
    "band": "MATCH(1,{all_fits},0)",
    "band_high": "MATCH(1,{all_fits_high},0)",
    "next": "IF(#has_band=1,#band-1,0)",
    # Cells in these are those of the next band.
    "points": (
        "IF(#next=0,0,INT((MAX(0,10*([at_least]*#whole-{hundred_percent}*#reached))"
        "+({percent_unit}*#whole)-1)/({percent_unit}*#whole)))"
    ),
    "to_meet": "IF(#next=0,0,IF([most_missing]<0,0,MAX(0,#missing-[most_missing])))",
    "deepest": "IF(#next=0,-1,[deepest])",
    "too_deep": "IF(#next=0,0,[too_deep])",
    "must_haves_to_meet": "MAX(#to_meet,#too_deep)",
    "not_sure": "SUM([not_sure:])",
    # TEXT would write numbers by the rules of the reader's country.
    "low_text": 'INT(#low/10)&"."&(#low-10*INT(#low/10))&" %"',
    "high_text": 'INT(#high/10)&"."&(#high-10*INT(#high/10))&" %"',
    "range_text": 'IF(#unrated=0,#low_text,#low_text&" to "&#high_text)',
    "wrong_cell": 'IF(#no_level=0,"",INDEX([cell:],MATCH({NO_LEVEL},[state:],0)))',
    "is_banded": "",
}
_BAND = {
    "label": "",
    "at_least": "",
    "most_missing": "",
    "deepest": "",
    "too_deep": "IF([deepest]<0,0,SUMPRODUCT(([missing:]=1)*([distance:]>[deepest])))",
    "too_deep_high": (
        "IF([deepest]<0,0,SUMPRODUCT(([missing:]=1)*([distance:]>[deepest])"
        "*([state:]<>{UNRATED})*([state:]<>{NO_LEVEL})))"
    ),
    "fits": (
        "IF(AND({hundred_percent}*#reached>=[at_least]*#whole,"
        "OR([most_missing]<0,#missing<=[most_missing]),[too_deep]=0),1,0)"
    ),
    "fits_high": (
        "IF(AND({hundred_percent}*(#reached+#open)>=[at_least]*#whole,"
        "OR([most_missing]<0,#missing_high<=[most_missing]),[too_deep_high]=0),1,0)"
    ),
}
"""The columns of a band, beside the figures."""
_COMPETENCE_COLUMNS = {name: column for column, name in enumerate(_COMPETENCE)}
_FIGURE_ROWS = {name: row for row, name in enumerate(_FIGURES, 1)}
_BAND_COLUMNS = {name: column for column, name in enumerate(_BAND, 3)}


def scoring(sources: Sources, name: str) -> str:
    """The range of a column of the sheet of competences."""
    column = _COMPETENCE_COLUMNS[name]
    return range_name(SCORING, (1, column), (sources.size, column))


def scoring_cell(name: str, index: int) -> str:
    """The cell of a competence there, by its index in the framework's order."""
    return f"{SCORING}!{cell_name(1 + index, _COMPETENCE_COLUMNS[name])}"


def figure(name: str) -> str:
    """The cell of a figure, for formulas."""
    return f"{FIGURES}!$B${_FIGURE_ROWS[name] + 1}"


def band_label(index: str) -> str:
    """The formula for the label of the band whose number a cell holds; the best one is 1."""
    return f"INDEX({FIGURES}!$D$2:$D${MAX_WORKBOOK_ROWS},{index})"


def filled(
    sources: Sources, template: str, cell: Callable[[str], str] = figure, **same: object
) -> str:
    """Return a formula with cells in place of its names.

    `cell` finds those of its row, and `same` has what is the same in all rows, beside `STATES`:
    cells and numbers, never a text of the framework, since names in it would be replaced as well.
    """

    def replaced(match: re.Match[str]) -> str:
        if match["figure"]:
            return figure(match["figure"])
        return cell(match["cell"]) if match["cell"] else scoring(sources, match["column"])

    return _NAMES.sub(replaced, template.format(**STATES, **same))


# --- Competences ----------------------------------------------------------------------------------


def scoring_sheet(sources: Sources) -> FormSheet:
    """Return the hidden sheet with a row of formulas for each competence."""
    cells = [*cells_of_row(0, _COMPETENCE)]
    for index in range(sources.size):
        cells += _competence_cells(sources, index)
    return FormSheet(SCORING, tuple(cells), is_hidden=True)


def _competence_cells(sources: Sources, index: int) -> Iterator[SheetCell]:
    key, row = sources.scaled.requirements[index].id, 1 + index
    missing = column_name(_COMPETENCE_COLUMNS["missing"])
    same = {
        "typed": sources.entry_cell(key, RateColumn.LEVEL),
        "unsure": sources.entry_cell(key, RateColumn.NOT_SURE),
        "choices": levels(sources, ListColumn.CHOICE),
        "entries": levels(sources, ListColumn.ENTRY),
        "numbers": levels(sources, ListColumn.NUMBER),
        "texts": levels(sources, ListColumn.TEXT),
        "steps": levels(sources, ListColumn.STEPS),
        "last": len(sources.scaled.levels) + 1,
        "lowest": float(sources.framework.levels[0]),
        "missing_so_far": f"{missing}$2:{missing}{row + 1}",
    }

    def cell(name: str) -> str:
        return f"${column_name(_COMPETENCE_COLUMNS[name])}{row + 1}"

    values = {**_given(sources, index), **_unrated(sources, index)}
    for (name, template), column in zip(
        _COMPETENCE.items(), _COMPETENCE_COLUMNS.values(), strict=True
    ):
        formula = f"={filled(sources, template, cell, **same)}" if template else ""
        yield SheetCell(row, column, values.get(name, 0), formula=formula)


def _given(sources: Sources, index: int) -> dict[str, str | float]:
    """What the framework says of a competence."""
    framework, scaled = sources.framework, sources.scaled.requirements[index]
    requirement = framework.roles[sources.role].requires[scaled.id]
    must_have = requirement.must_have
    return {
        "name": one_line(framework.shown_name(scaled.id)),
        "required": scaled.required,
        "importance": scaled.importance,
        "must_have": scaled.must_have,
        "reachable": scaled.reachable,
        "order": index + 1,
        "required_text": _level_text(framework, requirement.level),
        "importance_shown": float(requirement.importance),
        "cell": sources.entry_cell(scaled.id, RateColumn.LEVEL).partition("!")[2],
        "must_have_text": "" if must_have is None else _level_text(framework, must_have),
    }


def _level_text(framework: Framework, level: Decimal) -> str:
    """A level as the list shows it; one between two levels is a number."""
    return level_entry(framework, level) if level in framework.scale else show_number(level)


def _unrated(sources: Sources, index: int) -> dict[str, float]:
    """The values of formulas while nothing is rated; 0 for all others."""
    must_have = sources.scaled.requirements[index].must_have
    is_must_have = must_have >= 0
    return {
        "missing": int(is_must_have),
        "distance": max(0, must_have),
        "missing_rank": _must_haves(sources, index + 1) if is_must_have else 0,
        "shown_level": float(sources.framework.levels[0]),
    }


def _must_haves(sources: Sources, count: int) -> int:
    """How many of the first competences are must-haves."""
    return sum(need.must_have >= 0 for need in sources.scaled.requirements[:count])


# --- Figures and bands ----------------------------------------------------------------------------


def figures_sheet(sources: Sources) -> FormSheet:
    """Return the hidden sheet with the figures of the verdict, and the bands beside them."""
    cells = [*cells_of_row(0, ("figure", "value"))]
    cells += (SheetCell(0, column, name) for name, column in _BAND_COLUMNS.items())
    cells += _figure_cells(sources)
    for index in range(len(sources.scaled.bands)):
        cells += _band_cells(sources, index)
    return FormSheet(FIGURES, tuple(cells), is_hidden=True)


def _figure_cells(sources: Sources) -> Iterator[SheetCell]:
    scaled, count = sources.scaled, sources.size
    is_banded = len(scaled.bands) > 1
    values: Mapping[str, str | float] = {
        **dict.fromkeys(("total", "whole", "open"), scaled.reachable),
        **dict.fromkeys(("unrated", "applicable"), count),
        "missing": _must_haves(sources, count),
        "high": 1000,
        "band": len(scaled.bands),
        "band_high": 1,
        "deepest": -1,
        "low_text": "0.0 %",
        "high_text": "100.0 %",
        "range_text": "0.0 % to 100.0 %",
        "wrong_cell": "",
        "is_banded": int(is_banded),
    }

    def bands(name: str) -> str:
        column = _BAND_COLUMNS[name]
        return range_name(FIGURES, (1, column), (len(scaled.bands), column))

    same = {
        "count": count,
        "all_fits": bands("fits"),
        "all_fits_high": bands("fits_high"),
        **_percent(sources),
    }
    for name, template in _FIGURES.items():
        formula = filled(
            sources, template, lambda name: f"INDEX({bands(name)},{figure('next')})", **same
        )
        row = _FIGURE_ROWS[name]
        yield SheetCell(row, 0, name)
        yield SheetCell(row, 1, values.get(name, 0), formula=formula and f"={formula}")


def _band_cells(sources: Sources, index: int) -> Iterator[SheetCell]:
    band, row = sources.scaled.bands[index], 1 + index
    is_last = index == len(sources.scaled.bands) - 1
    too_deep = [need for need in sources.scaled.requirements if need.must_have > band.deepest >= 0]
    values: Mapping[str, str | float] = {
        "label": one_line(band.label),
        "at_least": band.at_least,
        "most_missing": band.most_missing,
        "deepest": band.deepest,
        "too_deep": len(too_deep),
        "fits": int(is_last),
        "fits_high": 1,
    }

    def cell(name: str) -> str:
        return f"${column_name(_BAND_COLUMNS[name])}${row + 1}"

    for name, template in _BAND.items():
        # The last band of a framework has no conditions.
        is_open = not template or (is_last and name.startswith("fits"))
        formula = "" if is_open else f"={filled(sources, template, cell, **_percent(sources))}"
        yield SheetCell(row, _BAND_COLUMNS[name], values.get(name, 0), formula=formula)


def _percent(sources: Sources) -> Mapping[str, int]:
    unit = sources.scaled.percent_unit
    return {"percent_unit": unit, "hundred_percent": 100 * unit}
