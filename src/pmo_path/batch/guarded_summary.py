"""The summary of a sheet without figures about few people, not even computable ones.

`pmo_path.domain.disclosure` defines this and proves it for counts of one kind. These kinds are
guarded here, each across all groups of all columns: people; bands; levels in a competence, across
all roles that the same people are rated against; and recommended courses.
"""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import TYPE_CHECKING

from pmo_path.batch.team_counts import (
    Counted,
    Figure,
    Tally,
    count_by_bands,
    count_people,
    count_rated,
    count_without_band,
    counts_by_group,
    largest_first,
    sum_counts,
)
from pmo_path.batch.team_summary import crowd, role_team, team
from pmo_path.domain.bands import BandReason
from pmo_path.domain.disclosure import (
    Cell,
    Groups,
    Publication,
    Weights,
    is_few,
    publication,
    safe_groups,
)
from pmo_path.domain.team import Coverage, Crowd, Grouping, RoleTeam, Team
from pmo_path.domain.training import deciding_competences

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from decimal import Decimal

    from pmo_path.domain.framework import Framework, Requirement

AT_TARGET, WITH_GAP, MISSING = ("people_at_target", "people_with_gap", "people_missing_must_have")
UNRATED, NOT_APPLICABLE = "people_unrated", "people_not_applicable"
ABSENT = frozenset([UNRATED, NOT_APPLICABLE])
"""Counts of a competence, named as in `Coverage`."""
REASONS = {"nothing_rated": BandReason.NOTHING_RATED, "too_much_na": BandReason.TOO_MUCH_NA}
WITHOUT_BAND = "without_band"
"""Counts of people without a band, named as in `Crowd`."""
WANTED, MEDIANS = "wanted", "medians"
HIDDEN = ""
"""The group that combines all groups that are not shown; no real group is empty."""


def guarded_team_of(tally: Tally, least: int) -> Team:
    """The summary in which no figure, given or computable, is about fewer than `least` people.

    Withheld roles and groups are not named.
    """
    sizes = {role: count_people(sum_counts(cells.values())) for role, cells in tally.roles.items()}
    shown = [role for role, size in sizes.items() if not is_few(size, least)]
    people_of = {role: _People(tally, role, least) for role in shown}
    roles = []
    for kin in [shown] if tally.has_same_people else [[role] for role in shown]:
        coverage = _published_coverage(tally.framework, [people_of[role] for role in kin], least)
        roles += [_Guard(people_of[role], coverage[role]).role_team() for role in kin]
    others = (
        0 if tally.has_same_people else sum(sizes.values()) - sum(sizes[role] for role in shown)
    )
    is_published = bool(shown) and not is_few(others, least)
    return team(tally, least, roles, tally.everybody() if is_published else None)


class _People:
    """The people rated against a role, by the groups that may be shown."""

    def __init__(self, tally: Tally, role: str, least: int) -> None:
        self.framework, self.role, self.least = tally.framework, role, least
        self.headings, self.sizes = tally.headings, tally.groups(role)
        everybody = tally.roles[role]
        weights = Counter({cell: count_people(counted) for cell, counted in everybody.items()})
        groups = tuple(frozenset(column) for column in self.sizes)
        self.groups = safe_groups([weights], groups, least)
        self.cells: dict[Cell, Counted] = {}
        for cell, counted in everybody.items():
            pairs = zip(cell, self.groups, strict=True)
            merged = tuple(group if group in column else HIDDEN for group, column in pairs)
            self.cells.setdefault(merged, Counter()).update(counted)

    def weights(self, number: Callable[[Counted], int]) -> Weights:
        """The number of people in each cell, as `number` counts them."""
        return Counter({cell: number(counted) for cell, counted in self.cells.items()})


# --- What may be published ---------------------------------------------------------------------------


def _published_coverage(
    framework: Framework, kin: Sequence[_People], least: int
) -> dict[str, dict[str, Publication]]:
    """Which counts of each competence may be published, by role; all roles have the same people.

    Two roles may require different levels, and their counts together reveal how many people are
    between the two. So people are divided by all required levels at once.
    """
    allowed: dict[str, dict[str, Publication]] = {role_people.role: {} for role_people in kin}
    for competence in framework.competences:
        concerned = [
            role_people for role_people in kin if competence in framework.scored(role_people.role)
        ]
        if not concerned:
            continue
        classes, fields = _levels(framework, competence, concerned)
        has_level = frozenset(classes) - ABSENT
        may = publication(classes, fields, concerned[0].groups, least, has_level)
        for role_people in concerned:
            named = {
                field.removeprefix(f"{role_people.role} ")
                for field in may.fields
                if " " not in field or field.startswith(f"{role_people.role} ")
            }
            allowed[role_people.role][competence] = Publication(frozenset(named), may.groups)
    return allowed


def _levels(
    framework: Framework, competence: str, concerned: Sequence[_People]
) -> tuple[dict[str, Weights], dict[str, frozenset[str]]]:
    """People by level in a competence, and the published counts over levels, most useful first."""
    first = concerned[0]
    index = list(framework.scored(first.role)).index(competence)
    size, has_level = first.weights(count_people), first.weights(_number(Figure.RATED, index))
    not_applicable = first.weights(_number(Figure.NOT_APPLICABLE, index))
    required: dict[str, Requirement] = {}
    at_least: dict[Decimal, Weights] = {}
    for role_people in concerned:
        scored = framework.scored(role_people.role)
        index, requirement = list(scored).index(competence), scored[competence]
        required[role_people.role] = requirement
        at_least[requirement.level] = role_people.weights(_number(Figure.AT_TARGET, index))
        if requirement.must_have is not None:
            missing = role_people.weights(_number(Figure.MISSING, index))
            at_least[requirement.must_have] = _without(size, missing)
    levels = sorted(at_least)
    steps = [has_level, *(at_least[level] for level in levels), Counter()]
    classes = {
        str(number): _without(more, steps[number + 1]) for number, more in enumerate(steps[:-1])
    }
    classes[UNRATED] = _without(_without(size, has_level), not_applicable)
    classes[NOT_APPLICABLE] = not_applicable

    def below(level: Decimal) -> frozenset[str]:
        return frozenset(map(str, range(levels.index(level) + 1)))

    fields = {
        **{
            f"{role} {AT_TARGET}": frozenset(classes) - ABSENT - below(requirement.level)
            for role, requirement in required.items()
        },
        **{
            f"{role} {WITH_GAP}": below(requirement.level)
            for role, requirement in required.items()
        },
        **{field: frozenset([field]) for field in (UNRATED, NOT_APPLICABLE)},
        **{
            f"{role} {MISSING}": ABSENT | below(requirement.must_have)
            for role, requirement in required.items()
            if requirement.must_have is not None
        },
    }
    return classes, fields


def _number(figure: Figure, index: int) -> Callable[[Counted], int]:
    return lambda counted: counted[figure, index]


def _without(weights: Weights, others: Weights) -> Weights:
    return Counter({cell: number - others[cell] for cell, number in weights.items()})


def _published_bands(of: _People) -> Publication:
    """Which bands may be published at the low end of readiness."""
    bands = list(of.framework.readiness)

    def in_band(band: int) -> Callable[[Counted], int]:
        return lambda counted: sum(
            number
            for (low, _), number in count_by_bands(counted, len(bands)).items()
            if low == band
        )

    classes = {f"band {band}": of.weights(in_band(index)) for index, band in enumerate(bands)}
    fields = {key: frozenset([key]) for key in classes}
    for field, reason in REASONS.items():
        classes[field] = of.weights(partial(count_without_band, reason=reason))
    # The largest band is the most useful one.
    fields = dict(sorted(fields.items(), key=lambda field: -classes[field[0]].total()))
    fields[WITHOUT_BAND] = frozenset(REASONS)
    fields.update({field: frozenset([field]) for field in REASONS})
    return publication(classes, fields, of.groups, of.least)


def _are_both_ends_published(of: _People, low: Publication) -> bool:
    """Whether the bands at the high end may be published besides those at the low end.

    Both together reveal how many people have each pair of bands, so each pair must be safe.
    """
    bands = len(of.framework.readiness)
    pairs = {pair for counted in of.cells.values() for pair in count_by_bands(counted, bands)}

    def in_both(counted: Counted, pair: tuple[int, int]) -> int:
        return count_by_bands(counted, bands)[pair]

    def in_none(counted: Counted) -> int:
        return sum(count_without_band(counted, reason) for reason in REASONS.values())

    blocks = [of.weights(partial(in_both, pair=pair)) for pair in sorted(pairs)]
    blocks.append(of.weights(in_none))
    is_published = not any(is_few(block.total(), of.least) for block in blocks)
    return is_published and safe_groups(blocks, low.groups, of.least) == low.groups


def _published_training(
    of: _People, coverage: Mapping[str, Publication]
) -> dict[str, Publication]:
    """For which groups the demand for each course may be published.

    The demand for a course reveals something about gaps. So it is withheld where the number of
    gaps in any of its competences is.
    """
    size = of.weights(count_people)
    scored = of.framework.scored(of.role)
    courses = {}
    deciding = deciding_competences(of.framework.course_chains)
    for index, (key, training) in enumerate(of.framework.training.items()):
        if training.type != "course":  # only courses are counted
            continue
        helps = [coverage[competence] for competence in scored if competence in deciding[key]]
        if not helps:
            continue
        demand = of.weights(_number(Figure.COURSE, index))
        classes = {"wanted": demand, "others": _without(size, demand)}
        may = publication(classes, {WANTED: frozenset(["wanted"])}, of.groups, of.least)
        gaps = [gap.groups if WITH_GAP in gap.fields else _none(of.groups) for gap in helps]
        groups = tuple(
            frozenset.intersection(*columns) for columns in zip(may.groups, *gaps, strict=True)
        )
        is_published = all(WITH_GAP in gap.fields for gap in helps)
        courses[key] = Publication(may.fields if is_published else frozenset(), groups)
    return courses


def _none(groups: Groups) -> Groups:
    return tuple(frozenset() for _ in groups)


# --- What is published -------------------------------------------------------------------------------


class _Guard:
    """Makes the summary of a role without withheld figures."""

    def __init__(self, of: _People, coverage: Mapping[str, Publication]) -> None:
        self._of, self._coverage = of, coverage
        self._bands = _published_bands(of)
        self._has_high = _are_both_ends_published(of, self._bands)
        self._training = _published_training(of, coverage)
        has_rating = of.weights(count_rated)
        is_published = not is_few(has_rating.total(), of.least)
        medians = (
            safe_groups([has_rating], of.groups, of.least) if is_published else _none(of.groups)
        )
        self._medians = Publication(frozenset([MEDIANS] if is_published else []), medians)

    def role_team(self) -> RoleTeam:
        """The summary of all people and of the shown groups."""
        of = self._of
        groupings = []
        for column, (heading, sizes) in enumerate(zip(of.headings, of.sizes, strict=True)):
            shown = [group for group in largest_first(sizes) if group in of.groups[column]]
            groups = {
                group: self._crowd(counted, (column, group))
                for group, counted in counts_by_group(of.cells, column, shown).items()
            }
            others = sizes.total() - sum(sizes[group] for group in shown)
            groupings.append(Grouping(heading, groups, others, len(sizes) - len(shown)))
        everybody = self._crowd(sum_counts(of.cells.values()), None)
        return role_team(of.framework, of.role, everybody, groupings)

    def _crowd(self, counted: Counted, group: tuple[int, str] | None) -> Crowd:
        """The published figures of a group (column index and name), or of all people."""
        whole = crowd(self._of.framework, self._of.role, counted)
        bands = _fields(self._bands, group)
        has_high = self._has_high and bool(bands)
        coverage = [
            _covered(competence, _fields(self._coverage[competence.id], group))
            for competence in whole.coverage
        ]
        shown = tuple(filter(_has_published_count, coverage))
        training = {key for key, may in self._training.items() if WANTED in _fields(may, group)}
        published = whole._replace(
            people_by_band={
                key: n if f"band {key}" in bands else None
                for key, n in whole.people_by_band.items()
            },
            people_by_band_high={
                key: n if has_high else None for key, n in whole.people_by_band_high.items()
            },
            without_band=whole.without_band if WITHOUT_BAND in bands else None,
            nothing_rated=whole.nothing_rated if "nothing_rated" in bands else None,
            too_much_na=whole.too_much_na if "too_much_na" in bands else None,
            coverage=shown,
            coverage_withheld=tuple(
                competence.id for competence in coverage if competence not in shown
            ),
            training=tuple(course for course in whole.training if course.id in training),
            courses_withheld=len(self._training) - len(training),
        )
        if _fields(self._medians, group):
            return published
        return published._replace(
            readiness_median=None, readiness_low_median=None, readiness_high_median=None
        )


def _fields(may: Publication, group: tuple[int, str] | None) -> frozenset[str]:
    """The fields that may be published of a group, or of all people."""
    if group is None or group[1] in may.groups[group[0]]:
        return may.fields
    return frozenset()


def _covered(coverage: Coverage, fields: frozenset[str]) -> Coverage:
    """The counts of a competence without the withheld ones."""
    withheld = {AT_TARGET, WITH_GAP, UNRATED, NOT_APPLICABLE} - fields
    if coverage.is_must_have and MISSING not in fields:
        withheld.add(MISSING)
    return Coverage._make(
        None if field in withheld else figure
        for field, figure in zip(Coverage._fields, coverage, strict=True)
    )


def _has_published_count(coverage: Coverage) -> bool:
    is_of_rated = coverage.people_at_target is not None or coverage.people_with_gap is not None
    return is_of_rated or bool(coverage.people_missing_must_have) or bool(coverage.people_unrated)
