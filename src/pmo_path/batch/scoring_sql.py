"""Score one role with SQL, for every row of the people table at once.

The method is that of `pmo_path.domain.scoring` and `pmo_path.domain.recommendations`; property
tests hold the two equal. The table has a column with units of level for each rated competence (see
`pmo_path.batch.integers`). It is null if the competence is unrated or not applicable, and bit masks
distinguish the two.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from pmo_path.batch.integers import (
    MASK_BITS,
    Bit,
    Units,
    bits_in,
    counted_bits,
    narrowest_type,
    summed,
    weighed_bits,
)
from pmo_path.batch.ranking_sql import CourseSql, FirstByKey, Term, ranked_chains
from pmo_path.domain.bands import MOST_NOT_APPLICABLE, BandReason

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from decimal import Decimal

    from pmo_path.domain.framework import Framework

FIGURES = (
    "band",
    "band_high",
    "band_reason",
    "readiness",
    "readiness_low",
    "readiness_high",
    "at_target",
    "applicable",
    "must_haves_missing",
    "unrated",
    "not_applicable",
    "next_points",
    "next_must_haves",
)
"""The columns that `figures` computes; readiness and points are in tenths of a percent.

`band_reason` is an index in `BAND_REASONS`; the next band is the one before `band`.
"""
BAND_REASONS = tuple(BandReason)
SUMS = ("reached", "reachable", "unrated_reachable")
"""The exact sums behind readiness: reached, reachable by rated, and by unrated competences."""


class RatedRequirement(NamedTuple):
    """A competence that the role requires, in units, and the table's column with its ratings."""

    id: str
    position: int
    """Its index among the role's competences."""
    column: str
    """Empty if the table has no ratings of it."""
    not_applicable: Bit | None
    """Set if it is not applicable to the person; None if the table has no such bit."""
    target: int
    """The required level."""
    weight: int
    must_have: int | None
    """The least level of a must-have."""
    reachable: int
    """What the target adds to the weighted sum."""

    def is_not_applicable(self) -> str:
        """SQL for whether it is not applicable to the person."""
        return "false" if self.not_applicable is None else self.not_applicable.is_set()


_BitMasks: TypeAlias = "Mapping[tuple[str, int], int]"
"""Bits by their column and weight."""


@dataclass(frozen=True)
class RoleQuery:
    framework: Framework
    role: str
    units: Units
    columns: Mapping[str, str]
    """The column of each competence that the table has ratings in."""
    not_applicable: Mapping[str, Bit]
    """The bit that marks each competence as not applicable."""
    is_short: bool = False
    """Whether to write a short query instead of a fast one, for few people."""

    @cached_property
    def competences(self) -> list[RatedRequirement]:
        """The required competences, in the framework's order."""
        of_level, lowest = self.units.of_level, self.framework.levels[0]
        competences = []
        for index, (key, required) in enumerate(self.framework.scored(self.role).items()):
            weight = self.units.of_weight(required.importance)
            competences.append(
                RatedRequirement(
                    key,
                    index,
                    self.columns.get(key, ""),
                    self.not_applicable.get(key),
                    target=of_level(required.level),
                    weight=weight,
                    must_have=None if required.must_have is None else of_level(required.must_have),
                    reachable=weight * of_level(required.level - lowest),
                )
            )
        return competences

    @cached_property
    def _rated(self) -> list[RatedRequirement]:
        return [competence for competence in self.competences if competence.column]

    @cached_property
    def _must_haves(self) -> list[RatedRequirement]:
        return [competence for competence in self.competences if competence.must_have is not None]

    def scored(
        self, source: str, keep: Sequence[str], top: int, courses_top: int | None = None
    ) -> str:
        """A query over `source`: the columns `keep`, the figures, and the first gaps and courses.

        The figures are followed by `missing_0` …, masks of missing must-haves by index in
        `competences`, `MASK_BITS` each. `gap_1`, `gap_2` … are indexes in `competences` and
        `course_1` … indexes of courses in the framework, null if there are fewer. There are `top`
        gaps and `courses_top` courses, by default as many; 0 omits them. The `SUMS` come last.
        """
        gaps = FirstByKey(
            "gap",
            self._gap_keys() if top else [],
            range(len(self.competences)),
            len(self.competences),
            top,
            is_short=self.is_short,
        )
        courses_top = top if courses_top is None else courses_top
        courses = FirstByKey(
            "course",
            list(self._courses.keys()) if courses_top else [],
            [ranked.position for ranked in ranked_chains(self.framework)],
            len(self.framework.training),
            courses_top,
            is_short=self.is_short,
        )
        masks = sorted({bit.column for bit in self.not_applicable.values()} - set(keep))
        levels = [f"{self._level(rated)} AS level_{rated.position}" for rated in self._rated]
        nested = (
            f"SELECT {', '.join([*keep, *masks, *levels, *self._empty_masks()])} FROM {source}"
        )
        distances = [
            f"greatest({rated.target} - level_{rated.position}, 0) AS distance_{rated.position}"
            for rated in self._rated
        ]
        nested = f"SELECT {', '.join(['*', *distances])} FROM ({nested})"
        if courses.keys and (linked := list(self._courses.columns())):
            nested = f"SELECT {', '.join(['*', *linked])} FROM ({nested})"
        inner = [*keep, *self._sums(), *gaps.columns(), *courses.columns()]
        nested = f"SELECT {', '.join(inner)} FROM ({nested})"
        nested = courses.with_greatest(gaps.with_greatest(nested))
        chosen = [*keep, *self._figures(), *gaps.chosen(), *courses.chosen(), *self._exact_sums()]
        return f"SELECT {', '.join(chosen)} FROM ({nested})"

    # --- Levels ---------------------------------------------------------------------------------

    def _level(self, rated: RatedRequirement) -> str:
        """SQL for the person's level; above the highest level without one, so that there is no gap."""
        above = self.units.of_level(self.framework.levels[-1]) + 1
        return f"coalesce({rated.column}, {above})::{narrowest_type(above)}"

    def _empty_masks(self) -> list[str]:
        """Masks of the competences without a level."""
        masks = []
        for number, competences in enumerate(_in_masks(self.competences)):
            bits = [
                f"({competence.column} IS NULL)::BIGINT * {1 << bit}"
                if competence.column
                else str(1 << bit)
                for bit, competence in enumerate(competences)
            ]
            masks.append(f"{summed(bits, 'BIGINT')} AS empty_{number}")
        return masks

    # --- Figures --------------------------------------------------------------------------------

    def _total(self) -> int:
        return sum(competence.reachable for competence in self.competences)

    def _sums(self) -> list[str]:
        sql_type = narrowest_type(self._total())
        gaps = [f"{rated.weight}::{sql_type} * distance_{rated.position}" for rated in self._rated]
        has_gap = [f"(distance_{rated.position} > 0)::INTEGER" for rated in self._rated]
        no_level, not_applicable = self._without_level(self.competences)
        unrated = map(counted_bits, self._without_level(self._must_haves))
        return [
            f"{summed(gaps, sql_type)} AS gap_total",
            f"{weighed_bits(no_level, sql_type)} AS no_level_total",
            f"{weighed_bits(not_applicable, sql_type)} AS not_applicable_total",
            f"{counted_bits(no_level)} AS no_level",
            f"{counted_bits(not_applicable)} AS not_applicable",
            f"{summed(has_gap)} AS gap_count",
            *self._missing(),
            # Unrated must-haves are missing at the low end alone.
            f"{' - '.join(unrated)} AS unrated_must_haves",
            *self._too_deep(),
        ]

    def _without_level(self, required: Iterable[RatedRequirement]) -> tuple[_BitMasks, _BitMasks]:
        """Bits that are set if one of these has no level, and if it is not applicable."""
        no_level: dict[tuple[str, int], int] = defaultdict(int)
        not_applicable: dict[tuple[str, int], int] = defaultdict(int)
        for competence in required:
            column, position = Bit.at("empty", competence.position)
            no_level[column, competence.reachable] |= 1 << position
            if competence.not_applicable is not None:
                column, position = competence.not_applicable
                not_applicable[column, competence.reachable] |= 1 << position
        return no_level, not_applicable

    def _missing(self) -> Iterator[str]:
        """Masks of missing must-haves by index of the competence."""
        for number, competences in enumerate(_in_masks(self.competences)):
            bits = {
                1 << bit: competence
                for bit, competence in enumerate(competences)
                if competence.must_have is not None
            }
            below = [
                f"(level_{competence.position} < {competence.must_have})::BIGINT * {bit}"
                for bit, competence in bits.items()
                if competence.column
            ]
            # A missing level is above every other, so no bit is added twice.
            value = f"{summed(below, 'BIGINT')} + (empty_{number} & {sum(bits)}::BIGINT)"
            yield f"{value} AS missing_{number}"

    def _too_deep(self) -> Iterator[str]:
        """The number of must-haves that fall short by more than each band allows, at both ends."""
        lowest = self.units.of_level(self.framework.levels[0])
        for number, depth in enumerate(self._depths()):
            bounds = [
                (competence, bound)
                for competence in self._must_haves
                if (bound := (competence.must_have or 0) - depth) > lowest
            ]
            deep = summed(
                [
                    f"(level_{competence.position} < {bound})::INTEGER"
                    for competence, bound in bounds
                    if competence.column
                ]
            )
            no_level, not_applicable = self._without_level(competence for competence, _ in bounds)
            yield f"{deep} + {counted_bits(no_level)} AS deep_{number}"
            yield f"{deep} + {counted_bits(not_applicable)} AS deep_high_{number}"

    def _depths(self) -> list[int]:
        """The distinct shortfalls of must-haves that bands allow, in units."""
        limits = (band.must_have_gap for band in self.framework.readiness.values())
        return sorted({self.units.of_level(limit) for limit in limits if limit is not None})

    def _total_sql(self) -> str:
        return str(self._total())

    def _count_sql(self) -> str:
        return str(len(self.competences))

    def _exact_sums(self) -> list[str]:
        total = self._total_sql()
        return [
            f"({total} - no_level_total - gap_total) AS reached",
            f"({total} - no_level_total) AS reachable",
            "(no_level_total - not_applicable_total) AS unrated_reachable",
        ]

    def _figures(self) -> list[str]:
        total, count = self._total_sql(), self._count_sql()
        sql_type = narrowest_type(self._total() * 2000)
        rated, unrated = f"({total} - no_level_total)", "(no_level_total - not_applicable_total)"
        reached = f"({total} - no_level_total - gap_total)"
        whole = f"({rated} + {unrated})"
        band = self._band(reached, whole, self._missing_count(), "deep")
        missing_at_high_end = f"({self._missing_count()} - unrated_must_haves)"
        band_high = self._band(f"({reached} + {unrated})", whole, missing_at_high_end, "deep_high")
        return [
            f"{self._if_named(band)}::TINYINT AS band",
            f"{self._if_named(band_high)}::TINYINT AS band_high",
            f"{self._reason()}::TINYINT AS band_reason",
            f"{_tenths(reached, rated, rated, sql_type)} AS readiness",
            f"{_tenths(reached, whole, rated, sql_type)} AS readiness_low",
            f"{_tenths(f'({reached} + {unrated})', whole, rated, sql_type)} AS readiness_high",
            f"({count} - no_level - gap_count)::SMALLINT AS at_target",
            f"({count} - not_applicable)::SMALLINT AS applicable",
            f"({self._missing_count()})::SMALLINT AS must_haves_missing",
            "(no_level - not_applicable)::SMALLINT AS unrated",
            "not_applicable::SMALLINT AS not_applicable",
            f"{self._next_points(reached, whole)} AS next_points",
            f"{self._next_must_haves()} AS next_must_haves",
            *self._masks(),
        ]

    def _masks(self) -> list[str]:
        return [f"missing_{mask}" for mask in range(-(-len(self.competences) // MASK_BITS))]

    def _missing_count(self) -> str:
        return " + ".join(map(bits_in, self._masks())) or "0"

    def _if_named(self, band: str) -> str:
        """SQL for the band, null if there is a reason to give none."""
        return f"if({self._reason()} IS NULL, {band}, NULL)"

    def _reason(self) -> str:
        total, limit = self._total_sql(), MOST_NOT_APPLICABLE
        sql_type = narrowest_type(self._total() * limit.denominator)
        nothing, too_much = map(
            BAND_REASONS.index, (BandReason.NOTHING_RATED, BandReason.TOO_MUCH_NA)
        )
        return (
            f"CASE WHEN no_level_total = {total} THEN {nothing} WHEN {limit.denominator}::{sql_type} * not_applicable_total "
            f"> {limit.numerator}::{sql_type} * {total} THEN {too_much} END"
        )

    def _band(self, reached: str, whole: str, missing: str, deep: str) -> str:
        """SQL for the index of the best band with these sums and missing must-haves."""
        cases = []
        for index, band in enumerate(self.framework.readiness.values()):
            bar, share = _ratio(band.at_least)
            sql_type = narrowest_type(self._total() * 100 * max(share, bar, 1))
            conditions = [f"{100 * share}::{sql_type} * {reached} >= {bar}::{sql_type} * {whole}"]
            if band.must_haves_missing is not None:
                conditions.append(f"{missing} <= {band.must_haves_missing}")
            if band.must_have_gap is not None:
                conditions.append(f"{deep}_{self._depth(band.must_have_gap)} = 0")
            cases.append(f"WHEN {' AND '.join(conditions)} THEN {index}")
        return f"CASE {' '.join(cases)} ELSE {len(self.framework.readiness) - 1} END"

    def _depth(self, limit: Decimal) -> int:
        return self._depths().index(self.units.of_level(limit))

    def _next_points(self, reached: str, whole: str) -> str:
        """SQL for tenths of a point from the low end to the next band, rounded up."""
        cases = []
        for index, band in enumerate(list(self.framework.readiness.values())[:-1], 1):
            bar, share = _ratio(band.at_least)
            sql_type = narrowest_type(self._total() * 1000 * max(share, bar, 1) * 2)
            missing = f"{10 * bar}::{sql_type} * {whole} - {1000 * share}::{sql_type} * {reached}"
            size = f"({share}::{sql_type} * nullif({whole}, 0))"
            cases.append(f"WHEN {index} THEN (greatest({missing}, 0) + {size} - 1) // {size}")
        return f"(CASE band {' '.join(cases)} END)::SMALLINT" if cases else "NULL::SMALLINT"

    def _next_must_haves(self) -> str:
        """SQL for the least number of must-haves to meet or raise for the next band."""
        cases = []
        for index, band in enumerate(list(self.framework.readiness.values())[:-1], 1):
            needed = ["0"]
            if band.must_haves_missing is not None:
                needed.append(f"{self._missing_count()} - {band.must_haves_missing}")
            if band.must_have_gap is not None:
                needed.append(f"deep_{self._depth(band.must_have_gap)}")
            cases.append(f"WHEN {index} THEN greatest({', '.join(needed)})")
        return f"(CASE band {' '.join(cases)} END)::SMALLINT" if cases else "NULL::SMALLINT"

    # --- Order ----------------------------------------------------------------------------------

    def _gap_keys(self) -> list[str]:
        count = len(self.competences)
        widest = self.units.of_level(self.framework.levels[-1] - self.framework.levels[0]) + 1
        heaviest = widest * max((rated.weight for rated in self.competences), default=1) + 1
        sql_type = narrowest_type(widest * heaviest * widest * (count + 1))
        keys = []
        for rated in self._rated:
            key = f"distance_{rated.position}::{sql_type} * {rated.weight * widest + 1}"
            if rated.must_have is not None:
                short = f"greatest({rated.must_have} - level_{rated.position}, 0)::{sql_type}"
                key += f" + {short} * {heaviest * widest}"
            keys.append(f"(({key}) * {count} - {rated.position})::{sql_type}")
        return keys

    @cached_property
    def _courses(self) -> CourseSql:
        return CourseSql(
            self.framework,
            self.role,
            self.units,
            terms={
                rated.id: Term(f"level_{rated.position}", rated.target, rated.weight)
                for rated in self._rated
            },
            sql_type=narrowest_type((self._total() + 2) * (len(self.framework.training) + 1)),
        )


def _in_masks(competences: Sequence[RatedRequirement]) -> list[Sequence[RatedRequirement]]:
    """The competences whose bits share a mask."""
    return [
        competences[start : start + MASK_BITS] for start in range(0, len(competences), MASK_BITS)
    ]


def _tenths(part: str, whole: str, rated: str, sql_type: str) -> str:
    """SQL for tenths of a percent, rounded half up; null if nothing is rated."""
    exact = f"(2000::{sql_type} * {part} + {whole}) // (2::{sql_type} * nullif({whole}, 0))"
    return f"if({rated} = 0, NULL, {exact})::SMALLINT"


def _ratio(value: Decimal) -> tuple[int, int]:
    """A decimal as numerator and denominator: 87.5 is 175 over 2."""
    return value.as_integer_ratio()
