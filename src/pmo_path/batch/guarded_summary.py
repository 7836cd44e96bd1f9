"""The summary of a sheet from which no figure about few people can be computed.

`pmo_path.domain.disclosure` says what that means and why it holds for counts of one kind. These
kinds are guarded here, each for all groups of all columns together: the people; their bands; how
they stand in a competence, in all roles that the same people are rated against; and whether a
course is among their first ones.
"""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import TYPE_CHECKING

from pmo_path.batch.tally import (
    by_group,
    in_bands,
    largest_first,
    people,
    rated,
    summed,
    without_band,
)
from pmo_path.batch.team_summary import crowd, role_team, team
from pmo_path.batch.teaming import What
from pmo_path.domain.disclosure import Told, is_few, safe_groups, told
from pmo_path.domain.report import BandReason
from pmo_path.domain.team import Coverage, Grouping

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from decimal import Decimal

    from pmo_path.batch.tally import Counted, Tally
    from pmo_path.domain.disclosure import Cell, Groups, Weights
    from pmo_path.domain.framework import Framework, Requirement
    from pmo_path.domain.team import Crowd, RoleTeam, Team

AT_TARGET, WITH_GAP, MISSING = (
    "people_at_target",
    "people_with_gap",
    "people_missing_must_have",
)
UNRATED, NOT_APPLICABLE = "people_unrated", "people_not_applicable"
ABSENT = frozenset([UNRATED, NOT_APPLICABLE])
"""Counts of a competence, called as in `Coverage`."""
REASONS = {"nothing_rated": BandReason.NOTHING_RATED, "too_much_na": BandReason.TOO_MUCH_NA}
WITHOUT_BAND = "without_band"
"""Counts of people without a band, called as in `Crowd`."""
WANTED, MEDIANS = "wanted", "medians"
HIDDEN = ""
"""In place of the groups that are not shown; no group is called so."""


def guarded_team_of(tally: Tally, least: int) -> Team:
    """The summary in which nothing is about fewer than `least` people, nor can be computed.

    Roles and groups that are withheld are not named.
    """
    sizes = {role: people(summed(cells.values())) for role, cells in tally.roles.items()}
    shown = [role for role, size in sizes.items() if not is_few(size, least)]
    people_of = {role: _People(tally, role, least) for role in shown}
    roles = []
    for kin in [shown] if tally.has_same_people else [[role] for role in shown]:
        coverage = _coverage_told(tally.framework, [people_of[role] for role in kin], least)
        roles += [_Guard(people_of[role], coverage[role]).role_team() for role in kin]
    others = 0 if tally.has_same_people else sum(sizes.values()) - sum(sizes[one] for one in shown)
    is_told = bool(shown) and not is_few(others, least)
    return team(tally, least, roles, tally.everybody() if is_told else None)


class _People:
    """Everybody who is rated against a role, by the groups that can be shown."""

    def __init__(self, tally: Tally, role: str, least: int) -> None:
        self.framework, self.role, self.least = tally.framework, role, least
        self.headings, self.sizes = tally.headings, tally.groups(role)
        everybody = tally.roles[role]
        weights = Counter({cell: people(counted) for cell, counted in everybody.items()})
        groups = tuple(frozenset(column) for column in self.sizes)
        self.groups = safe_groups([weights], groups, least)
        self.cells: dict[Cell, Counted] = {}
        for cell, counted in everybody.items():
            pairs = zip(cell, self.groups, strict=True)
            merged = tuple(group if group in column else HIDDEN for group, column in pairs)
            self.cells.setdefault(merged, Counter()).update(counted)

    def weights(self, number: Callable[[Counted], int]) -> Weights:
        """How many people of each cell count."""
        return Counter({cell: number(counted) for cell, counted in self.cells.items()})


# --- What may be told ---------------------------------------------------------------------------


def _coverage_told(
    framework: Framework, kin: Sequence[_People], least: int
) -> dict[str, dict[str, Told]]:
    """Which counts of each competence may be told, by role; all roles have the same people.

    What one role counts as at target another one may count as a gap, so from the counts of both it
    can be computed how many are between the two levels. Therefore people are divided by all of
    these levels at once.
    """
    allowed: dict[str, dict[str, Told]] = {one.role: {} for one in kin}
    for competence in framework.competences:
        concerned = [one for one in kin if competence in framework.scored(one.role)]
        if not concerned:
            continue
        classes, fields = _levels(framework, competence, concerned)
        has_level = frozenset(classes) - ABSENT
        may = told(classes, fields, concerned[0].groups, least, has_level)
        for one in concerned:
            named = {
                field.removeprefix(f"{one.role} ")
                for field in may.fields
                if " " not in field or field.startswith(f"{one.role} ")
            }
            allowed[one.role][competence] = Told(frozenset(named), may.groups)
    return allowed


def _levels(
    framework: Framework, competence: str, concerned: Sequence[_People]
) -> tuple[dict[str, Weights], dict[str, frozenset[str]]]:
    """People by their level in a competence, and what of it is counted, the most wanted first."""
    first = concerned[0]
    place = list(framework.scored(first.role)).index(competence)
    size, has_level = first.weights(people), first.weights(_number(What.RATED, place))
    not_applicable = first.weights(_number(What.NOT_APPLICABLE, place))
    required: dict[str, Requirement] = {}
    at_least: dict[Decimal, Weights] = {}
    for one in concerned:
        scored = framework.scored(one.role)
        place, requirement = list(scored).index(competence), scored[competence]
        required[one.role] = requirement
        at_least[requirement.level] = one.weights(_number(What.AT_TARGET, place))
        if requirement.must_have is not None:
            missing = one.weights(_number(What.MISSING, place))
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
            f"{role} {AT_TARGET}": frozenset(classes) - ABSENT - below(one.level)
            for role, one in required.items()
        },
        **{f"{role} {WITH_GAP}": below(one.level) for role, one in required.items()},
        **{field: frozenset([field]) for field in (UNRATED, NOT_APPLICABLE)},
        **{
            f"{role} {MISSING}": ABSENT | below(one.must_have)
            for role, one in required.items()
            if one.must_have is not None
        },
    }
    return classes, fields


def _number(what: What, place: int) -> Callable[[Counted], int]:
    return lambda counted: counted[what, place]


def _without(weights: Weights, others: Weights) -> Weights:
    """Those of the people who are not among the others."""
    return Counter({cell: number - others[cell] for cell, number in weights.items()})


def _bands_told(of: _People) -> Told:
    """Which bands may be told at the low end of readiness."""
    bands = list(of.framework.readiness)

    def in_band(band: int) -> Callable[[Counted], int]:
        return lambda counted: sum(
            number for (low, _), number in in_bands(counted, len(bands)).items() if low == band
        )

    classes = {f"band {band}": of.weights(in_band(place)) for place, band in enumerate(bands)}
    fields = {key: frozenset([key]) for key in classes}
    for field, reason in REASONS.items():
        classes[field] = of.weights(partial(without_band, reason=reason))
    # The band of most people is wanted most.
    fields = dict(sorted(fields.items(), key=lambda field: -classes[field[0]].total()))
    fields[WITHOUT_BAND] = frozenset(REASONS)
    fields.update({field: frozenset([field]) for field in REASONS})
    return told(classes, fields, of.groups, of.least)


def _are_both_ends_told(of: _People, low: Told) -> bool:
    """Whether the bands at the high end may be told besides those at the low end.

    The bands of both ends together tell how many are between, so each pair has to be tellable.
    """
    bands = len(of.framework.readiness)
    pairs = {pair for counted in of.cells.values() for pair in in_bands(counted, bands)}

    def in_both(counted: Counted, pair: tuple[int, int]) -> int:
        return in_bands(counted, bands)[pair]

    def in_none(counted: Counted) -> int:
        return sum(without_band(counted, reason) for reason in REASONS.values())

    blocks = [of.weights(partial(in_both, pair=pair)) for pair in sorted(pairs)]
    blocks.append(of.weights(in_none))
    is_told = not any(is_few(block.total(), of.least) for block in blocks)
    return is_told and safe_groups(blocks, low.groups, of.least) == low.groups


def _training_told(of: _People, coverage: Mapping[str, Told]) -> dict[str, Told]:
    """Of which groups it may be told how many want each course.

    A course that helps with a competence tells something of its gaps. So nothing is told of it
    where the number of gaps in any of its competences is withheld.
    """
    size = of.weights(people)
    scored = of.framework.scored(of.role)
    courses = {}
    for place, (key, course) in enumerate(of.framework.training.items()):
        helps = [coverage[one] for one in course.develops if one in scored]
        if not helps:
            continue
        wanted = of.weights(_number(What.COURSE, place))
        classes = {"wanted": wanted, "others": _without(size, wanted)}
        may = told(classes, {WANTED: frozenset(["wanted"])}, of.groups, of.least)
        gaps = [one.groups if WITH_GAP in one.fields else _none(of.groups) for one in helps]
        groups = tuple(
            frozenset.intersection(*columns) for columns in zip(may.groups, *gaps, strict=True)
        )
        is_told = all(WITH_GAP in one.fields for one in helps)
        courses[key] = Told(may.fields if is_told else frozenset(), groups)
    return courses


def _none(groups: Groups) -> Groups:
    return tuple(frozenset() for _ in groups)


# --- What is told -------------------------------------------------------------------------------


class _Guard:
    """The summary of a role without what may not be told."""

    def __init__(self, of: _People, coverage: Mapping[str, Told]) -> None:
        self._of, self._coverage = of, coverage
        self._bands = _bands_told(of)
        self._has_high = _are_both_ends_told(of, self._bands)
        self._training = _training_told(of, coverage)
        has_rating = of.weights(rated)
        is_told = not is_few(has_rating.total(), of.least)
        medians = safe_groups([has_rating], of.groups, of.least) if is_told else _none(of.groups)
        self._medians = Told(frozenset([MEDIANS] if is_told else []), medians)

    def role_team(self) -> RoleTeam:
        """Everybody, and the groups that are shown."""
        of = self._of
        groupings = []
        for column, (heading, sizes) in enumerate(zip(of.headings, of.sizes, strict=True)):
            shown = [group for group in largest_first(sizes) if group in of.groups[column]]
            groups = {
                group: self._crowd(counted, (column, group))
                for group, counted in by_group(of.cells, column, shown).items()
            }
            others = sizes.total() - sum(sizes[group] for group in shown)
            groupings.append(Grouping(heading, groups, others, len(sizes) - len(shown)))
        everybody = self._crowd(summed(of.cells.values()), None)
        return role_team(of.framework, of.role, everybody, groupings)

    def _crowd(self, counted: Counted, group: tuple[int, str] | None) -> Crowd:
        """What is told of a group, given by its column and name, or of everybody."""
        whole = crowd(self._of.framework, self._of.role, counted)
        bands = _fields(self._bands, group)
        has_high = self._has_high and bool(bands)
        coverage = [
            _covered(one, _fields(self._coverage[one.id], group)) for one in whole.coverage
        ]
        shown = tuple(one for one in coverage if _is_any_told(one))
        training = {key for key, may in self._training.items() if WANTED in _fields(may, group)}
        told_of = whole._replace(
            bands={key: n if f"band {key}" in bands else None for key, n in whole.bands.items()},
            bands_high={key: n if has_high else None for key, n in whole.bands_high.items()},
            without_band=whole.without_band if WITHOUT_BAND in bands else None,
            nothing_rated=whole.nothing_rated if "nothing_rated" in bands else None,
            too_much_na=whole.too_much_na if "too_much_na" in bands else None,
            coverage=shown,
            coverage_withheld=tuple(one.id for one in coverage if one not in shown),
            training=tuple(one for one in whole.training if one.id in training),
            courses_withheld=len(self._training) - len(training),
        )
        if _fields(self._medians, group):
            return told_of
        return told_of._replace(
            readiness_median=None, readiness_low_median=None, readiness_high_median=None
        )


def _fields(may: Told, group: tuple[int, str] | None) -> frozenset[str]:
    """What may be told of a group, or of everybody."""
    if group is None or group[1] in may.groups[group[0]]:
        return may.fields
    return frozenset()


def _covered(one: Coverage, fields: frozenset[str]) -> Coverage:
    """A competence without what may not be told of it."""
    withheld = {AT_TARGET, WITH_GAP, UNRATED, NOT_APPLICABLE} - fields
    if one.must_have and MISSING not in fields:
        withheld.add(MISSING)
    return Coverage._make(
        None if field in withheld else figure
        for field, figure in zip(Coverage._fields, one, strict=True)
    )


def _is_any_told(one: Coverage) -> bool:
    is_of_rated = one.people_at_target is not None or one.people_with_gap is not None
    return is_of_rated or bool(one.people_missing_must_have) or bool(one.people_unrated)
