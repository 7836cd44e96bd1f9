"""The hidden sheets of a workbook that scores itself: lists, texts, and the formulas of the score.

The formulas are the scoring method once more, for spreadsheet programs; a test recalculates them
for random answers and holds every figure equal to the core. They use functions of Excel 2016 and
no arrays but within SUMPRODUCT.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pmo_path.domain.numbers import show_number
from pmo_path.domain.ratings import NOT_APPLICABLE
from pmo_path.domain.self_scoring import FIRST_COMPETENCE, NOT_SURE, RATE, RateColumn
from pmo_path.domain.target_level import LevelRole
from pmo_path.domain.text import one_line
from pmo_path.domain.workbook import FormSheet, SheetCell, cell_name, column_name, range_name
from pmo_path.render.templates.people_columns import level_entry, role_entry

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from decimal import Decimal

    from pmo_path.domain.framework import Framework
    from pmo_path.render.templates.self_scoring_numbers import ScaledRole

NO_FIGURE = "\N{EN DASH}"
"""Stands for a figure or a step that there is not."""
LISTS, TEXTS, SCORING, FIGURES = "Lists", "Texts", "Scoring", "Figures"
UNRATED, RATED, NOT_APPLIED, NO_LEVEL = range(4)
"""What a cell for a level holds, in the column of states."""
_COLUMNS = [
    "name",
    "domain",
    "required",
    "importance",
    "must_have",
    "reachable",
    "choice",
    "state",
    "level",
    "gap",
    "priority",
    "reached",
    "missing",
    "distance",
    "shortfall",
    "rank",
    "order",
    "missing_rank",
    "in_the_way",
    "not_sure",
    "required_text",
    "importance_shown",
    "cell",
    "shown_level",
    "shown_required",
    "must_have_text",
]
_AT = {name: index for index, name in enumerate(_COLUMNS)}


class Sources(NamedTuple):
    """What the sheets of a workbook are made of."""

    framework: Framework
    role: str
    """Its id."""
    scaled: ScaledRole
    asked: tuple[str, ...]
    """The ids of the competences in the order in which they are rated."""

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


def scoring(sources: Sources, name: str) -> str:
    """The range of a column of the sheet of competences."""
    return range_name(SCORING, (1, _AT[name]), (sources.size, _AT[name]))


def scoring_cell(name: str, index: int) -> str:
    """The cell of a competence there, by its index in the framework's order."""
    return f"{SCORING}!{cell_name(1 + index, _AT[name])}"


# --- Lists and texts ------------------------------------------------------------------------------

_CHOICE, _ENTRY, _NUMBER, _TEXT, _LEVEL, _NOT_SURE, _ROLE = range(7)


def levels(sources: Sources, column: int) -> str:
    """The range of a column of the list of levels, with n/a as the last."""
    return range_name(LISTS, (1, column), (len(sources.scaled.levels) + 1, column))


def level_choices(sources: Sources) -> str:
    """The range of the texts to choose a level from."""
    return levels(sources, _ENTRY)


def not_sure_choices() -> str:
    """The range of what the column for doubts offers."""
    return range_name(LISTS, (1, _NOT_SURE), (1, _NOT_SURE))


def role_names(framework: Framework) -> list[str]:
    """The roles that somebody may hold now."""
    return [
        role_entry(framework, key)
        for key, role in framework.roles.items()
        if not isinstance(role, LevelRole)
    ]


def role_choices(framework: Framework) -> str:
    """The range of the roles that somebody may hold now."""
    return range_name(LISTS, (1, _ROLE), (len(role_names(framework)), _ROLE))


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
    headings = ("choice", "entry", "number", "text", "steps", "doubt", "role")
    cells = [*_row(0, headings)]
    for number, row in enumerate(rows, 1):
        cells += _row(number, row)
    cells.append(SheetCell(1, _NOT_SURE, NOT_SURE))
    for number, name in enumerate(role_names(framework), 1):
        cells.append(SheetCell(number, _ROLE, name))
    return FormSheet(LISTS, tuple(cells), is_hidden=True)


def _row(row: int, contents: Iterable[str | float]) -> Iterator[SheetCell]:
    return (SheetCell(row, column, content) for column, content in enumerate(contents))


def texts_sheet(sources: Sources) -> FormSheet:
    """Return the hidden sheet with what each level means, and the next step from each level."""
    cells: list[SheetCell] = []
    framework = sources.framework
    for index, key in enumerate(sources.ids):
        cells += _row(1 + index, [*meanings(framework, key), *next_steps(framework, key)])
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


# --- The score ------------------------------------------------------------------------------------


def scoring_sheet(sources: Sources) -> FormSheet:
    """Return the hidden sheet with a row of formulas for each competence."""
    cells = [*_row(0, _COLUMNS)]
    for index in range(sources.size):
        fixed = _fixed(sources, index)
        formulas = _formulas(sources, index)
        for name, column in _AT.items():
            if name in fixed:
                cells.append(SheetCell(1 + index, column, fixed[name]))
            else:
                formula, value = formulas[name]
                cells.append(SheetCell(1 + index, column, value, formula=f"={formula}"))
    return FormSheet(SCORING, tuple(cells), is_hidden=True)


def _fixed(sources: Sources, index: int) -> dict[str, str | float]:
    framework, scaled = sources.framework, sources.scaled.requirements[index]
    requirement = framework.roles[sources.role].requires[scaled.id]
    must_have = requirement.must_have
    return {
        "name": one_line(framework.shown_name(scaled.id)),
        "domain": one_line(framework.domains[framework.domain_of[scaled.id]].name),
        "required": scaled.required,
        "importance": scaled.importance,
        "must_have": scaled.must_have,
        "reachable": scaled.reachable,
        "order": index + 1,
        "required_text": level_text(framework, requirement.level),
        "importance_shown": float(requirement.importance),
        "cell": sources.entry_cell(scaled.id, RateColumn.LEVEL).partition("!")[2],
        "shown_required": float(requirement.level),
        "must_have_text": "" if must_have is None else level_text(framework, must_have),
    }


def level_text(framework: Framework, level: Decimal) -> str:
    """A level as the list shows it; one between two levels is a number."""
    return level_entry(framework, level) if level in framework.scale else show_number(level)


def _formulas(sources: Sources, index: int) -> Mapping[str, tuple[str, str | float]]:
    """The formulas for a competence, each with its value while nothing is rated."""

    def here(name: str) -> str:
        return f"${column_name(_AT[name])}{index + 2}"

    def every(name: str) -> str:
        return scoring(sources, name).partition("!")[2]

    scaled = sources.scaled.requirements[index]
    typed = sources.entry_cell(scaled.id, RateColumn.LEVEL)
    unsure = sources.entry_cell(scaled.id, RateColumn.NOT_SURE)
    entry, number, text, steps = (
        levels(sources, column) for column in (_ENTRY, _NUMBER, _TEXT, _LEVEL)
    )
    is_typed = f"({entry}=TRIM({typed}))+({number}={typed})+({text}=TRIM({typed}))>0"
    is_missing = scaled.must_have >= 0
    column = column_name(_AT["missing"])
    deeper, same_depth = _compared(every, here, "shortfall")
    dearer, same_price = _compared(every, here, "priority")
    wider, same_width = _compared(every, here, "gap")
    earlier = f"({every('order')}<{here('order')})"
    before = f"{deeper}+{same_depth}*({dearer}+{same_price}*({wider}+{same_width}*{earlier}))"
    last = len(sources.scaled.levels) + 1
    rated = f"{here('state')}={RATED}"
    return {
        "choice": (
            f'IF(TRIM({typed})="",0,SUMPRODUCT(({is_typed})*{levels(sources, _CHOICE)}))',
            0,
        ),
        "state": (
            (
                f'IF(TRIM({typed})="",{UNRATED},IF({here("choice")}=0,{NO_LEVEL},'
                f"IF({here('choice')}={last},{NOT_APPLIED},{RATED})))"
            ),
            UNRATED,
        ),
        "level": (f"IF({rated},INDEX({steps},{here('choice')}),0)", 0),
        "gap": (f"IF({rated},MAX(0,{here('required')}-{here('level')}),0)", 0),
        "priority": (f"{here('importance')}*{here('gap')}", 0),
        "reached": (
            f"IF({rated},{here('importance')}*MIN({here('level')},{here('required')}),0)",
            0,
        ),
        "missing": (
            f"IF({here('must_have')}<0,0,IF({rated},IF({here('level')}<{here('must_have')},1,0),1))",
            int(is_missing),
        ),
        "distance": (
            f"IF({here('must_have')}<0,0,MAX(0,{here('must_have')}-{here('level')}))",
            max(0, scaled.must_have),
        ),
        "shortfall": (f"IF({rated},{here('distance')},0)", 0),
        "rank": (f"IF({here('gap')}>0,1+SUMPRODUCT({before}),0)", 0),
        "missing_rank": (
            f"IF({here('missing')}=1,SUM({column}$2:{column}{index + 2}),0)",
            _must_haves(sources, index + 1) if is_missing else 0,
        ),
        "in_the_way": (
            (
                f"IF({here('missing')}=0,0,IF({figure('to_meet')}>0,1,IF({figure('deepest')}<0,0,"
                f"IF({here('distance')}>{figure('deepest')},1,0))))"
            ),
            0,
        ),
        "not_sure": (f'IF(TRIM({unsure})="",0,1)', 0),
        "shown_level": (
            f"IF({rated},INDEX({number},{here('choice')}),{float(sources.framework.levels[0])})",
            float(sources.framework.levels[0]),
        ),
    }


def _compared(every: Callable[[str], str], here: Callable[[str], str], name: str) -> list[str]:
    return [f"({every(name)}{sign}{here(name)})" for sign in (">", "=")]


def _must_haves(sources: Sources, count: int) -> int:
    """How many of the first competences are must-haves."""
    return sum(need.must_have >= 0 for need in sources.scaled.requirements[:count])


# --- The figures ----------------------------------------------------------------------------------

_FIGURES = [
    "total",
    "level_unit",
    "rated",
    "unrated",
    "not_applied",
    "no_level",
    "reached",
    "rated_reachable",
    "not_applied_sum",
    "whole",
    "open",
    "low",
    "high",
    "missing",
    "missing_high",
    "at_target",
    "applicable",
    "too_much",
    "has_result",
    "has_band",
    "band",
    "band_high",
    "next",
    "points",
    "to_meet",
    "deepest",
    "too_deep",
    "must_haves_to_meet",
    "not_sure",
    "low_text",
    "high_text",
    "range_text",
    "wrong_cell",
    "is_banded",
]
_FIGURE_ROWS = {name: row for row, name in enumerate(_FIGURES, 1)}
_BANDS = [
    "label",
    "at_least",
    "most_missing",
    "deepest",
    "too_deep",
    "too_deep_high",
    "fits",
    "fits_high",
]
_BAND_COLUMNS = {name: column for column, name in enumerate(_BANDS, 3)}


def figure(name: str) -> str:
    """The cell of a figure, for formulas."""
    return f"{FIGURES}!${column_name(1)}${_FIGURE_ROWS[name] + 1}"


def band_label(index: str) -> str:
    """The formula for the label of the band whose number a cell holds; the best one is 1."""
    return f"INDEX({FIGURES}!${column_name(_BAND_COLUMNS['label'])}$2:$D$1048576,{index})"


def figures_sheet(sources: Sources) -> FormSheet:
    """Return the hidden sheet with the figures of the verdict."""
    cells = [*_row(0, ("figure", "value")), *_row_of_bands()]
    for name, (formula, value) in _figure_formulas(sources).items():
        row = _FIGURE_ROWS[name]
        cells.append(SheetCell(row, 0, name))
        cells.append(SheetCell(row, 1, value, formula=f"={formula}" if formula else ""))
    for index in range(len(sources.scaled.bands)):
        cells += _band_cells(sources, index)
    return FormSheet(FIGURES, tuple(cells), is_hidden=True)


def _row_of_bands() -> Iterator[SheetCell]:
    return (SheetCell(0, column, name) for name, column in _BAND_COLUMNS.items())


def _band_cells(sources: Sources, index: int) -> Iterator[SheetCell]:
    band = sources.scaled.bands[index]
    row = 1 + index
    is_last = index == len(sources.scaled.bands) - 1
    must_haves = [need for need in sources.scaled.requirements if need.must_have >= 0]
    too_deep = (
        sum(need.must_have > band.deepest for need in must_haves) if band.deepest >= 0 else 0
    )
    fixed: dict[str, str | int] = {
        "label": one_line(band.label),
        "at_least": band.at_least,
        "most_missing": band.most_missing,
        "deepest": band.deepest,
    }
    for name, content in fixed.items():
        yield SheetCell(row, _BAND_COLUMNS[name], content)

    def here(name: str) -> str:
        return f"${column_name(_BAND_COLUMNS[name])}${row + 1}"

    missing, distance, state = (
        scoring(sources, name) for name in ("missing", "distance", "state")
    )
    is_deep = f"({missing}=1)*({distance}>{here('deepest')})"
    lasting = f"{is_deep}*({state}<>{UNRATED})*({state}<>{NO_LEVEL})"
    unit = 100 * sources.scaled.percent_unit
    formulas = {
        "too_deep": (f"IF({here('deepest')}<0,0,SUMPRODUCT({is_deep}))", too_deep),
        "too_deep_high": (f"IF({here('deepest')}<0,0,SUMPRODUCT({lasting}))", 0),
        "fits": (_fits(here, unit, figure("reached"), figure("missing"), "too_deep"), 0),
        "fits_high": (
            _fits(
                here,
                unit,
                f"({figure('reached')}+{figure('open')})",
                figure("missing_high"),
                "too_deep_high",
            ),
            1,
        ),
    }
    for name, (formula, value) in formulas.items():
        # The last band of a framework has no conditions.
        is_open = is_last and name.startswith("fits")
        content, shown = (1, "") if is_open else (value, f"={formula}")
        yield SheetCell(row, _BAND_COLUMNS[name], content, formula=shown)


def _fits(here: Callable[[str], str], unit: int, reached: str, missing: str, deep: str) -> str:
    return (
        f"IF(AND({unit}*{reached}>={here('at_least')}*{figure('whole')},"
        f"OR({here('most_missing')}<0,{missing}<={here('most_missing')}),{here(deep)}=0),1,0)"
    )


def _figure_formulas(sources: Sources) -> Mapping[str, tuple[str, str | float]]:
    """The formula of each figure, with its value while nothing is rated."""
    scaled, count = sources.scaled, sources.size

    def every(name: str) -> str:
        return scoring(sources, name)

    def band_range(name: str) -> str:
        column = _BAND_COLUMNS[name]
        return range_name(FIGURES, (1, column), (len(scaled.bands), column))

    def of_next(name: str) -> str:
        return f"INDEX({band_range(name)},{figure('next')})"

    state, total, unit = every("state"), scaled.reachable, scaled.percent_unit
    short = f"{of_next('at_least')}*{figure('whole')}-{100 * unit}*{figure('reached')}"
    whole = f"({unit}*{figure('whole')})"
    must_haves = _must_haves(sources, count)
    has_next = f"{figure('next')}=0,0"
    last = len(scaled.bands)
    return {
        "total": ("", total),
        "level_unit": ("", scaled.level_unit),
        "rated": (f"COUNTIF({state},{RATED})", 0),
        "unrated": (f"COUNTIF({state},{UNRATED})", count),
        "not_applied": (f"COUNTIF({state},{NOT_APPLIED})", 0),
        "no_level": (f"COUNTIF({state},{NO_LEVEL})", 0),
        "reached": (f"SUM({every('reached')})", 0),
        "rated_reachable": (f"SUMIF({state},{RATED},{every('reachable')})", 0),
        "not_applied_sum": (f"SUMIF({state},{NOT_APPLIED},{every('reachable')})", 0),
        "whole": (f"{figure('total')}-{figure('not_applied_sum')}", total),
        "open": (f"{figure('whole')}-{figure('rated_reachable')}", total),
        "low": (_tenths(figure("reached")), 0),
        "high": (_tenths(f"({figure('reached')}+{figure('open')})"), 1000),
        "missing": (f"SUM({every('missing')})", must_haves),
        "missing_high": (
            f"SUMPRODUCT({every('missing')}*({state}<>{UNRATED})*({state}<>{NO_LEVEL}))",
            0,
        ),
        "at_target": (f"SUMPRODUCT(({state}={RATED})*({every('gap')}=0))", 0),
        "applicable": (f"{count}-{figure('not_applied')}", count),
        "too_much": (f"IF(3*{figure('not_applied_sum')}>{figure('total')},1,0)", 0),
        "has_result": (f"IF(AND({figure('rated')}>0,{figure('no_level')}=0),1,0)", 0),
        "has_band": (
            f"IF(AND({figure('has_result')}=1,{figure('too_much')}=0,{figure('is_banded')}=1),1,0)",
            0,
        ),
        "band": (f"MATCH(1,{band_range('fits')},0)", last),
        "band_high": (f"MATCH(1,{band_range('fits_high')},0)", 1),
        "next": (f"IF({figure('has_band')}=1,{figure('band')}-1,0)", 0),
        "points": (
            f"IF({has_next},INT((MAX(0,10*({short}))+{whole}-1)/{whole}))",
            0,
        ),
        "to_meet": (
            (
                f"IF({has_next},IF({of_next('most_missing')}<0,0,"
                f"MAX(0,{figure('missing')}-{of_next('most_missing')})))"
            ),
            0,
        ),
        "deepest": (f"IF({figure('next')}=0,{-1},{of_next('deepest')})", -1),
        "too_deep": (f"IF({has_next},{of_next('too_deep')})", 0),
        "must_haves_to_meet": (f"MAX({figure('to_meet')},{figure('too_deep')})", 0),
        "not_sure": (f"SUM({every('not_sure')})", 0),
        "low_text": (_percent(figure("low")), "0.0 %"),
        "high_text": (_percent(figure("high")), "100.0 %"),
        "range_text": (
            (
                f"IF({figure('unrated')}=0,{figure('low_text')},"
                f'{figure("low_text")}&" to "&{figure("high_text")})'
            ),
            "0.0 % to 100.0 %",
        ),
        "wrong_cell": (
            f'IF({figure("no_level")}=0,"",INDEX({every("cell")},MATCH({NO_LEVEL},{state},0)))',
            "",
        ),
        "is_banded": ("", int(last > 1)),
    }


def _tenths(reached: str) -> str:
    """Tenths of a percent, half up."""
    whole = figure("whole")
    return f"IF({whole}=0,0,INT((2000*{reached}+{whole})/(2*{whole})))"


def _percent(tenths: str) -> str:
    """The text of tenths of a percent; TEXT would write them by the rules of the reader's country."""
    return f'INT({tenths}/10)&"."&({tenths}-10*INT({tenths}/10))&" %"'
