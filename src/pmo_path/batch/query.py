"""One role of a framework as SQL: what the pure core computes, for every row of a table at once.

The method is that of `pmo_path.domain.gap` and `pmo_path.domain.recommend`; property tests hold
the two equal. The table has a column of whole units of level for each rated competence (see
`pmo_path.batch.units`), null where a person is unrated or the competence does not apply, and
bit masks that tell the two apart.

Gaps and courses are not sorted. Everything that decides their order is packed into one whole
number a gap, with the gap's own place in the lowest digits; so the greatest is the first, the
greatest below it the second, and as many as are wanted are taken in this way.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pmo_path.batch.units import Units
    from pmo_path.domain.framework import Framework, Requirement, Training

MASK_BITS = 62
"""How many competences share one mask."""
_SMALL = 2**62
FIGURES = (
    "band",
    "readiness",
    "readiness_low",
    "readiness_high",
    "at_target",
    "applicable",
    "must_haves_missing",
    "unrated",
)
"""The columns that `figures` computes; readiness is in tenths of a percent."""


class Rated(NamedTuple):
    """A competence that the role requires, and the table's column with its ratings."""

    id: str
    column: str
    """Empty when nobody in the table is rated in it."""
    mask: str
    """SQL that is 1 where it does not apply to the person, else 0; empty when it always does."""
    requirement: Requirement


class RoleQuery(NamedTuple):
    """What to compute for one role."""

    framework: Framework
    role: str
    units: Units
    columns: Mapping[str, str]
    """The column of each competence that the table has ratings in."""
    masks: Mapping[str, str]
    """By competence: SQL that is 1 where it does not apply. What is left out always applies."""

    @property
    def competences(self) -> list[Rated]:
        """What the role requires, in the framework's order."""
        return [
            Rated(key, self.columns.get(key, ""), self.masks.get(key, ""), requirement)
            for key, requirement in self.framework.scored(self.role).items()
        ]

    def scored(self, source: str, keep: Sequence[str], top: int) -> str:
        """A query over `source`: the columns `keep`, the figures, and the first gaps and courses.

        After the figures come `missing_0` …, masks of the missing must-haves by their place in
        `competences`, each for `MASK_BITS` of them. `gap_1`, `gap_2` … hold the places of
        competences in `competences`, `course_1` … those of courses in the framework, from 0, null
        where there is none. `top` of 0 leaves both out.
        """
        gaps, courses = (self._gap_keys(), self._course_keys()) if top else ([], [])
        inner = ", ".join([*keep, *self._sums(), *gaps, *courses])
        nested = f"SELECT {inner} FROM {source}"
        nested = _greatest(nested, "gap_key", len(gaps), top)
        nested = _greatest(nested, "course_key", len(courses), top)
        chosen = [*keep, *self._figures()]
        chosen += self._places("gap", len(gaps), top)
        chosen += self._places("course", len(courses), top)
        return f"SELECT {', '.join(chosen)} FROM ({nested})"

    # --- Figures --------------------------------------------------------------------------------

    def _reachable(self, one: Rated) -> int:
        lowest = self.framework.levels[0]
        return self._weight(one) * self.units.of_level(one.requirement.level - lowest)

    def _weight(self, one: Rated) -> int:
        return self.units.of_weight(one.requirement.importance)

    def _target(self, one: Rated) -> int:
        return self.units.of_level(one.requirement.level)

    def _sums(self) -> list[str]:
        rated = [one for one in self.competences if one.column]
        absent = [one for one in self.competences if not one.column]
        total = sum(self._reachable(one) for one in self.competences)
        wide = self._type(total)
        lost = _sum(
            [
                f"{self._weight(one)}::{wide} * greatest({self._target(one)} - {one.column}, 0)"
                for one in rated
            ],
            wide,
        )
        empty = _sum(
            [f"if({one.column} IS NULL, {self._reachable(one)}::{wide}, 0)" for one in rated], wide
        )
        masked = [one for one in rated if one.mask]
        without = _sum([f"{one.mask} * {self._reachable(one)}::{wide}" for one in masked], wide)
        beyond = sum(self._reachable(one) for one in absent)
        return [
            f"{lost} AS lost",
            f"{empty} + {beyond} AS empty",
            f"{without} AS without",
            f"{_sum([f'if({one.column} IS NULL, 1, 0)' for one in rated])} + {len(absent)} AS nulls",
            f"{_sum([one.mask for one in masked])} AS not_applicable",
            f"{_sum([f'if({one.column} < {self._target(one)}, 1, 0)' for one in rated])} AS short",
            *self._missing(),
        ]

    def _missing(self) -> list[str]:
        """Masks of the must-haves that are missing, by the place of the competence."""
        masks = []
        for start in range(0, len(self.competences), MASK_BITS):
            bits = [
                self._missing_bit(one, 1 << place)
                for place, one in enumerate(self.competences[start : start + MASK_BITS])
                if one.requirement.must_have is not None
            ]
            masks.append(f"{_sum(bits, 'BIGINT')} AS missing_{start // MASK_BITS}")
        return masks

    def _missing_bit(self, one: Rated, bit: int) -> str:
        if not one.column or one.requirement.must_have is None:
            return str(bit)
        least = self.units.of_level(one.requirement.must_have)
        return f"if({one.column} >= {least}, 0, {bit}::BIGINT)"

    def _figures(self) -> list[str]:
        total = sum(self._reachable(one) for one in self.competences)
        count = len(self.competences)
        wide = self._type(total * 2000)
        rated, unrated = f"({total} - empty)", "(empty - without)"
        reached = f"({total} - empty - lost)"
        whole = f"({rated} + {unrated})"
        return [
            f"{self._band(reached, rated)} AS band",
            f"{_tenths(reached, rated, rated, wide)} AS readiness",
            f"{_tenths(reached, whole, rated, wide)} AS readiness_low",
            f"{_tenths(f'({reached} + {unrated})', whole, rated, wide)} AS readiness_high",
            f"({count} - nulls - short)::INTEGER AS at_target",
            f"({count} - not_applicable)::INTEGER AS applicable",
            f"{self._missing_count()} AS must_haves_missing",
            "(nulls - not_applicable)::INTEGER AS unrated",
            *self._masks(),
        ]

    def _masks(self) -> list[str]:
        return [f"missing_{one}" for one in range(-(-len(self.competences) // MASK_BITS))]

    def _missing_count(self) -> str:
        return " + ".join(f"bit_count({mask})" for mask in self._masks()) or "0"

    def _band(self, reached: str, reachable: str) -> str:
        cases = []
        total = sum(self._reachable(one) for one in self.competences)
        for place, band in enumerate(self.framework.readiness.values()):
            bar, share = _ratio(band.at_least)
            wide = self._type(total * 100 * max(share, bar, 1))
            reaches = f"{100 * share}::{wide} * {reached} >= {bar}::{wide} * {reachable}"
            limit = band.must_haves_missing
            keeps = "" if limit is None else f" AND {self._missing_count()} <= {limit}"
            cases.append(f"WHEN {reaches}{keeps} THEN {place}")
        return f"CASE WHEN {reachable} = 0 THEN NULL {' '.join(cases)} END::TINYINT"

    # --- Order ----------------------------------------------------------------------------------

    def _gap_keys(self) -> list[str]:
        rated = self.competences
        widest = self.units.of_level(self.framework.levels[-1] - self.framework.levels[0]) + 1
        heaviest = widest * max((self._weight(one) for one in rated), default=1) + 1
        wide = self._type(widest * heaviest * widest * (len(rated) + 1))
        keys = []
        for place, one in enumerate(rated):
            if not one.column:
                continue
            gap = f"({self._target(one)} - {one.column})"
            key = f"{gap}::{wide} * {self._weight(one) * widest + 1}"
            if one.requirement.must_have is not None:
                least = self.units.of_level(one.requirement.must_have)
                key += f" + greatest({least} - {one.column}, 0)::{wide} * {heaviest * widest}"
            packed = f"({key}) * {len(rated)} + {len(rated) - 1 - place}"
            keys.append(f"if({one.column} < {self._target(one)}, {packed}, NULL)")
        return [f"{key} AS gap_key_{number}" for number, key in enumerate(keys)]

    def _course_order(self) -> list[int]:
        """Courses as ties between them are decided: fewer days, unknown last, then their order."""
        courses = list(self.framework.training.values())
        return sorted(
            range(len(courses)),
            key=lambda place: (courses[place].days is None, courses[place].days or Decimal(0)),
        )

    def _course_keys(self) -> list[str]:
        count = len(self.framework.training)
        courses = list(self.framework.training.values())
        total = sum(self._reachable(one) for one in self.competences)
        wide = self._type(total * count)
        keys = []
        for position, place in enumerate(self._course_order()):
            closed = self._closed_by(courses[place], wide)
            if closed:
                closes = f"nullif({_sum(closed, wide)}, 0)"
                keys.append(f"{closes} * {count} + {count - 1 - position}")
        return [f"{key} AS course_key_{number}" for number, key in enumerate(keys)]

    def _closed_by(self, course: Training, wide: str) -> list[str]:
        rated = {one.id: one for one in self.competences if one.column}
        closed = []
        for competence, levels in course.develops.items():
            one = rated.get(competence)
            if one is None:
                continue
            end = min(self.units.of_level(levels.to), self._target(one))
            start = self.units.of_level(levels.from_)
            if start < end:
                closes = f"{self._weight(one)}::{wide} * ({end} - {one.column})"
                inside = f"{one.column} >= {start} AND {one.column} < {end}"
                closed.append(f"if({inside}, {closes}, 0)")
        return closed

    def _places(self, what: str, keys: int, top: int) -> list[str]:
        """What the greatest keys belong to: places in `competences` or among the courses."""
        order = self._course_order() if what == "course" else list(range(len(self.competences)))
        chosen = []
        for number in range(1, min(top, keys) + 1):
            own = f"({len(order)} - 1 - {what}_key_top_{number} % {len(order)})"
            in_order = order == sorted(order)
            place = own if in_order else f"[{', '.join(map(str, order))}][{own} + 1]"
            chosen.append(f"({place})::SMALLINT AS {what}_{number}")
        missing = range(min(top, keys) + 1, top + 1)
        return chosen + [f"NULL::SMALLINT AS {what}_{number}" for number in missing]

    def _type(self, bound: int) -> str:
        return "BIGINT" if bound < _SMALL else "HUGEINT"


def _sum(terms: Sequence[str], wide: str = "INTEGER") -> str:
    """A sum, added pair by pair so that the expression nests little however long it is."""
    if not terms:
        return f"0::{wide}"
    if len(terms) == 1:
        return f"({terms[0]})::{wide}"
    half = len(terms) // 2
    return f"({_sum(terms[:half], wide)} + {_sum(terms[half:], wide)})"


def _tenths(part: str, whole: str, rated: str, wide: str) -> str:
    """Tenths of a percent, half up; null where nothing is rated."""
    exact = f"(2000::{wide} * {part} + {whole}) // (2::{wide} * nullif({whole}, 0))"
    return f"if({rated} = 0, NULL, {exact})::SMALLINT"


def _ratio(value: Decimal) -> tuple[int, int]:
    """A decimal as a whole number over another: 87.5 is 175 over 2."""
    return value.as_integer_ratio()


def _greatest(source: str, key: str, count: int, top: int) -> str:
    """`source` with the `top` greatest of its `count` key columns, each in a column of its own."""
    for number in range(1, min(top, count) + 1):
        below = f"{key}_top_{number - 1}"
        candidates = [
            f"{key}_{one}" if number == 1 else f"if({key}_{one} < {below}, {key}_{one}, NULL)"
            for one in range(count)
        ]
        greatest = candidates[0] if count == 1 else f"greatest({', '.join(candidates)})"
        source = f"SELECT *, {greatest} AS {key}_top_{number} FROM ({source})"
    return source
