"""Rules on levels and lengths: must-haves, courses, readiness bands, and the scale itself."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from pmo_path.domain.codes import Code
from pmo_path.domain.diagnostics import Finding
from pmo_path.domain.numbers import show_number
from pmo_path.domain.rules import traversal
from pmo_path.domain.rules.registry import error_rule

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from pmo_path.domain.competences import LevelTexts
    from pmo_path.domain.diagnostics import Path
    from pmo_path.domain.framework import Framework


@error_rule()
def must_have_above_level(framework: Framework) -> Iterator[Finding]:
    """A must-have requires more than the required level."""
    for path, requirement in traversal.requirements(framework):
        if requirement.must_have is not None and requirement.must_have > requirement.level:
            yield Finding(
                code=Code.MUST_HAVE_TOO_HIGH,
                message=f"the must-have {show_number(requirement.must_have)} is above the required "
                f"level {show_number(requirement.level)}",
                path=(*path, "must_have"),
                hint="lower the must-have, or raise the level",
                related=((*path, "level"), "the level is required here"),
            )


@error_rule()
def training_ranges(framework: Framework) -> Iterator[Finding]:
    """A course that does not lead from a lower level to a higher one."""
    for path, levels in traversal.ranges(framework):
        if levels.from_ >= levels.to:
            yield Finding(
                code=Code.COURSE_WITHOUT_GAIN,
                message=f"'from' ({show_number(levels.from_)}) must be below 'to' "
                f"({show_number(levels.to)})",
                path=(*path, "from"),
                hint="swap the two, or take the entry out",
                related=((*path, "to"), "'to' is here"),
            )


@error_rule()
def courses_with_two_lengths(framework: Framework) -> Iterator[Finding]:
    """A course whose length is given in days and in hours."""
    for key, training in framework.training.items():
        if training.days is not None and training.hours is not None:
            yield Finding(
                code=Code.INVALID_VALUE,
                message=f"the training '{key}' has its length in 'days' and in 'hours'",
                path=("training", key, "hours"),
                at_key=True,
                hint="keep the one that the provider states",
                related=(("training", key, "days"), "'days' is here"),
            )


@error_rule("readiness")
def bands(framework: Framework) -> Iterator[Finding]:
    """Readiness bands that are not in order from best to worst, or leave a hole at 0."""
    entries = list(framework.readiness.items())
    for (better, above), (key, band) in pairwise(entries):
        if band.at_least >= above.at_least:
            yield Finding(
                code=Code.INVALID_BANDS,
                message=f"the band '{key}' starts at {show_number(band.at_least)}, which is not "
                f"below the band before it ({show_number(above.at_least)})",
                path=("readiness", key, "at_least"),
                hint="list the bands from best to worst",
                related=(("readiness", better, "at_least"), f"'{better}' starts here"),
            )
    last, band = entries[-1]
    limits = [
        key
        for key, limit in (
            ("must_haves_missing", band.must_haves_missing),
            ("must_have_gap", band.must_have_gap),
        )
        if limit is not None
    ]
    if band.at_least != 0 or limits:
        yield Finding(
            code=Code.INVALID_BANDS,
            message="the last band must take everybody: 'at_least: 0' without a limit on must-haves",
            path=("readiness", last),
            at_key=True,
            hint=f"set 'at_least: 0' and take {_either(limits)} out",
        )


def _either(limits: list[str]) -> str:
    return " and ".join(f"'{key}'" for key in limits or ["must_haves_missing"])


@error_rule("scale", "baseline")
def baseline_below_the_scale(framework: Framework) -> Iterator[Finding]:
    """A baseline at or above the lowest level, or the label of a baseline that is not there."""
    lowest = min(framework.written_scale)
    if framework.baseline is not None and framework.baseline >= lowest:
        yield Finding(
            code=Code.INVALID_BASELINE,
            message=f"the baseline {show_number(framework.baseline)} is not below the lowest level, "
            f"{show_number(lowest)}",
            path=("baseline",),
            hint="lower it, or take it out: without one, scores count from the lowest level",
            related=(("scale", show_number(lowest)), "the lowest level is here"),
        )
    if framework.baseline is None and framework.baseline_label is not None:
        yield Finding(
            code=Code.INVALID_BASELINE,
            message="'baseline_label' names a baseline, and there is none",
            path=("baseline_label",),
            at_key=True,
            hint="add 'baseline:' with a number below the lowest level, or take the label out",
        )


@error_rule("scale", "baseline", "roles")
def roles_without_requirements(framework: Framework) -> Iterator[Finding]:
    """A role that requires nothing above the lowest level."""
    for key, role in framework.roles.items():
        lowest = framework.levels[0]
        if role.extends is not None and not role.requires:
            continue  # the role that it extends is missing, wrong or empty itself
        if not any(requirement.level > lowest for requirement in role.requires.values()):
            yield Finding(
                code=Code.EMPTY_ROLE,
                message=f"the role '{key}' requires nothing above the lowest possible rating, "
                f"{show_number(lowest)}",
                path=("roles", key, "requires"),
                at_key=True,
                hint="add what it requires, or take the role out" + _baseline_hint(framework),
            )


def _baseline_hint(framework: Framework) -> str:
    """What to add where the lowest level is an achievement."""
    lowest = framework.levels[0]
    if framework.baseline is not None:
        return ""
    below = show_number(lowest - 1)
    return f"; if level {show_number(lowest)} takes something to reach, add 'baseline: {below}'"


@error_rule("scale", "baseline")
def levels_off_the_scale(framework: Framework) -> Iterator[Finding]:
    """A level that the scale does not have, or a required level outside it."""
    for path, level in _exact_levels(framework):
        if level not in framework.scale:
            yield _off_scale(framework, path, level, at_key=True)
    low, high = framework.levels[0], framework.levels[-1]
    for path, level in _levels_between(framework):
        if not low <= level <= high:
            yield _off_scale(framework, path, level, at_key=False)


def _exact_levels(framework: Framework) -> Iterator[tuple[Path, Decimal]]:
    for path, competence in traversal.competences(framework):
        for level in competence.levels:
            yield (*path, "levels", show_number(level)), level
        for level in competence.experience:
            yield (*path, "experience", show_number(level)), level
        for key in ("behaviours", "evidence", "exposure"):
            texts: LevelTexts = getattr(competence, key)
            for level in texts.by_level or ():
                yield (*path, key, show_number(level)), level


def _levels_between(framework: Framework) -> Iterator[tuple[Path, Decimal]]:
    for path, requirement in traversal.requirements(framework):
        yield (*path, "level"), requirement.level
        if requirement.must_have is not None:
            yield (*path, "must_have"), requirement.must_have
    for path, levels in traversal.ranges(framework):
        yield (*path, "from"), levels.from_
        yield (*path, "to"), levels.to


def _off_scale(framework: Framework, path: Path, level: Decimal, *, at_key: bool) -> Finding:
    low, high = framework.levels[0], framework.levels[-1]
    return Finding(
        code=Code.LEVEL_OFF_SCALE,
        message=f"the level {show_number(level)} is not on the scale",
        path=path,
        at_key=at_key,
        hint=f"the scale goes from {show_number(low)} to {show_number(high)}",
        related=(("scale",), "the scale is here"),
        missing=("scale", show_number(level)),
    )
