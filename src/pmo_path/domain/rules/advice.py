"""Advice: gaps and contradictions that are allowed but confuse users."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

from pmo_path.domain.codes import Code
from pmo_path.domain.diagnostics import Finding
from pmo_path.domain.names import fold
from pmo_path.domain.numbers import parse_version, show_number
from pmo_path.domain.rules import traversal
from pmo_path.domain.rules.registry import advice_rule

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Iterator

    from pmo_path.domain.diagnostics import Path
    from pmo_path.domain.framework import Framework
    from pmo_path.domain.training import Range

MONTHS_FACTS_KEEP = 24
"""After how many months the facts about a course should be checked again."""


@advice_rule(Code.MISSING_ANCHOR)
def anchor_holes(framework: Framework, _today: datetime.date) -> Iterator[Finding]:
    """A level without an anchor, though levels above and below it have one."""
    for path, competence in traversal.competences(framework):
        if not competence.levels:
            continue
        low, high = min(competence.levels), max(competence.levels)
        holes = [level for level in framework.levels if low < level < high]
        missing = [level for level in holes if level not in competence.levels]
        if missing:
            yield _advice(
                Code.MISSING_ANCHOR,
                f"{_level_words(missing)} no anchor, though the levels around do",
                (*path, "levels"),
                "say what others see at that level",
                rests_on=(traversal.SCALE,),
            )


@advice_rule(Code.UNUSED_COMPETENCE)
def unused_competences(framework: Framework, _today: datetime.date) -> Iterator[Finding]:
    """A competence that no role requires."""
    required = traversal.highest_required(framework)
    for path, _ in traversal.competences(framework):
        if path[-1] not in required:
            yield _advice(
                Code.UNUSED_COMPETENCE,
                f"no role requires '{path[-1]}'",
                path,
                "add it to the 'requires' of a role, or take it out",
                rests_on=(traversal.competence(str(path[-1])),),
            )


@advice_rule(Code.MISSING_EXPERIENCE_STEP)
def unreached_levels(framework: Framework, _today: datetime.date) -> Iterator[Finding]:
    """A required level that no experience step leads to."""
    required = traversal.highest_required(framework)
    if required and not any(item.experience for item in framework.competences.values()):
        yield _advice(
            Code.MISSING_EXPERIENCE_STEP,
            "no competence has an experience step",
            ("domains",),
            "say under 'experience' what to do at work to reach a level",
        )
        return
    for path, competence in traversal.competences(framework):
        steps = _steps_below(framework, required.get(str(path[-1])))
        missing = [to for _, to in steps if to not in competence.experience]
        if missing:
            yield _advice(
                Code.MISSING_EXPERIENCE_STEP,
                f"'{path[-1]}' is required up to {show_number(required[str(path[-1])])}, but "
                f"{_level_words(missing)} no experience step",
                (*path, "experience"),
                "say what to do at work to reach it",
                rests_on=(traversal.competence(str(path[-1])), traversal.SCALE),
            )


@advice_rule(Code.STEP_WITHOUT_COURSE)
def steps_without_training(framework: Framework, _today: datetime.date) -> Iterator[Finding]:
    """A step below a required level that no course helps with."""
    required = traversal.highest_required(framework)
    if required and not framework.training:
        yield _advice(
            Code.STEP_WITHOUT_COURSE,
            "the framework has no training",
            ("training",) if "training" in framework.model_fields_set else ("framework",),
            "add courses under 'training', or suppress this if only practice helps",
        )
        return
    helping: dict[str, list[Range]] = defaultdict(list)
    for path, levels in traversal.ranges(framework):
        helping[str(path[-1])].append(levels)
    # A course that may help at any level is no reason to say that none does.
    at_any_level = {
        competence
        for training in framework.training.values()
        for competence in training.without_levels
    }
    for path, _ in traversal.competences(framework):
        key = str(path[-1])
        alone = [
            (low, high)
            for low, high in _steps_below(framework, required.get(key))
            if key not in at_any_level
            and not any(levels.from_ <= low < levels.to for levels in helping[key])
        ]
        if alone:
            steps = ", ".join(f"{show_number(low)} to {show_number(high)}" for low, high in alone)
            yield _advice(
                Code.STEP_WITHOUT_COURSE,
                f"no training helps with '{key}' from {steps}",
                path,
                "add it to the 'develops' of a course, or suppress this if only practice helps",
                rests_on=(traversal.competence(key), traversal.SCALE),
            )


@advice_rule(Code.UNUSED_COURSE)
def idle_training(framework: Framework, _today: datetime.date) -> Iterator[Finding]:
    """A course that develops nothing that a role requires."""
    required = traversal.highest_required(framework)
    for key, training in framework.training.items():
        useful = any(competence in required for competence in training.without_levels) or any(
            levels.from_ < required.get(competence, levels.from_)
            for competence, levels in training.ranges.items()
        )
        if not useful:
            yield _advice(
                Code.UNUSED_COURSE,
                f"the training '{key}' develops nothing that a role requires",
                ("training", key),
                "correct what it develops, or take it out",
                rests_on=tuple(map(traversal.competence, training.develops)),
            )


@advice_rule(Code.DUPLICATE_ANCHOR)
def copied_anchors(framework: Framework, _today: datetime.date) -> Iterator[Finding]:
    """Two anchors with the same text."""
    first: dict[str, Path] = {}
    for path, competence in traversal.competences(framework):
        for level, anchor in competence.levels.items():
            anchor_path = (*path, "levels", show_number(level))
            first_path = first.setdefault(fold(anchor), anchor_path)
            if first_path != anchor_path:
                yield _advice(
                    Code.DUPLICATE_ANCHOR,
                    "this anchor has the same text as another",
                    anchor_path,
                    "say what is different at this level",
                )._replace(related=(first_path, "the same text is here"))


@advice_rule(Code.MISSING_BEHAVIOURS)
def key_competences_without_behaviours(
    framework: Framework, _today: datetime.date
) -> Iterator[Finding]:
    """A key competence that does not say what others can observe."""
    for path, competence in traversal.competences(framework):
        if competence.key and not competence.behaviours:
            yield _advice(
                Code.MISSING_BEHAVIOURS,
                f"the key competence '{path[-1]}' has no behaviours",
                path,
                "add 'behaviours:' with what others can observe",
            )


@advice_rule(Code.UNVERIFIED_COURSE)
def unverified_training(framework: Framework, _today: datetime.date) -> Iterator[Finding]:
    """Find courses whose facts have not been checked."""
    for key, training in framework.training.items():
        if training.checked is None:
            yield _advice(
                Code.UNVERIFIED_COURSE,
                f"the facts about the training '{key}' are not verified",
                ("training", key),
                "check them with the provider, and add 'checked: \"YYYY-MM\"'",
            )


@advice_rule(Code.OUTDATED_COURSE)
def stale_training(framework: Framework, today: datetime.date) -> Iterator[Finding]:
    """A course whose facts were last checked more than two years ago."""
    for key, training in framework.training.items():
        if training.checked is None:
            continue
        year, month = map(int, training.checked.split("-"))
        months = (today.year - year) * 12 + today.month - month
        if months > MONTHS_FACTS_KEEP:
            yield _advice(
                Code.OUTDATED_COURSE,
                f"the facts about the training '{key}' were checked {months} months ago",
                ("training", key, "checked"),
                "check them with the provider, and renew the month",
                at_key=False,
            )


@advice_rule(Code.EMPTY_DOMAIN)
def empty_domains(framework: Framework, _today: datetime.date) -> Iterator[Finding]:
    """A domain without a competence."""
    for key, domain in framework.domains.items():
        if not domain.competences:
            yield _advice(
                Code.EMPTY_DOMAIN,
                f"the domain '{key}' has no competence",
                ("domains", key),
                "add one, or take the domain out",
            )


def _steps_below(
    framework: Framework, required: Decimal | None
) -> Iterable[tuple[Decimal, Decimal]]:
    """The steps of the scale that lead up to a required level."""
    if required is None:
        return ()
    return ((low, high) for low, high in pairwise(framework.levels) if low < required)


def _level_words(levels: list[Decimal]) -> str:
    shown = ", ".join(map(show_number, levels))
    return f"level {shown} has" if len(levels) == 1 else f"levels {shown} have"


def _advice(  # noqa: PLR0913  a value
    code: Code,
    message: str,
    path: Path,
    hint: str,
    *,
    at_key: bool = True,
    rests_on: tuple[Path, ...] = (),
) -> Finding:
    return Finding(code, message, path, at_key, hint, rests_on=rests_on)


@advice_rule(Code.MUST_HAVE_DISAPPEARS)
def must_haves_that_disappear(framework: Framework, _today: datetime.date) -> Iterator[Finding]:
    """A must-have of a role that is not a must-have of a role it leads to."""
    for key, target in _steps(framework):
        requires = framework.roles[target].requires
        for competence, requirement in framework.roles[key].requires.items():
            after = requires.get(competence)
            if requirement.must_have is None or (after and after.must_have is not None):
                continue
            path: Path = ("roles", target, "requires")
            yield Finding(
                code=Code.MUST_HAVE_DISAPPEARS,
                message=f"'{competence}' is a must-have of '{key}', but not of '{target}', to which "
                "that leads",
                path=(*path, competence) if after else path,
                at_key=True,
                hint="add a 'must_have', or suppress this and say why it matters less there",
                related=(
                    ("roles", key, "requires", competence, "must_have"),
                    "it is a must-have here",
                ),
                rests_on=(("roles", key), ("roles", target)),
            )


@advice_rule(Code.LESS_DEMANDING_ROLE)
def roles_that_demand_less(framework: Framework, _today: datetime.date) -> Iterator[Finding]:
    """A role that requires less in total than a role that leads to it."""
    total = {key: _total(framework, key) for key in framework.roles}
    for key, target in _steps(framework):
        if total[target] < total[key]:
            position = framework.roles[key].leads_to.index(target)
            yield Finding(
                code=Code.LESS_DEMANDING_ROLE,
                message=f"'{target}' requires less in total ({show_number(total[target])}) than "
                f"'{key}', which leads to it ({show_number(total[key])})",
                path=("roles", key, "leads_to", position),
                hint="correct the levels and importances, or the career path",
                related=(("roles", target, "requires"), f"'{target}' requires this"),
                rests_on=(("roles", key), ("roles", target)),
            )


def _steps(framework: Framework) -> Iterator[tuple[str, str]]:
    """Each role with each role that it leads to."""
    for key, role in framework.roles.items():
        for target in dict.fromkeys(role.leads_to):
            if target in framework.roles:
                yield key, target


def _total(framework: Framework, role: str) -> Decimal:
    """The levels that a role requires above the lowest one, times their importances."""
    lowest = framework.levels[0]
    return sum(
        (requirement.points(lowest) for requirement in framework.scored(role).values()),
        Decimal(0),
    )


@advice_rule(Code.UNUSUAL_VERSION)
def versions_of_another_form(framework: Framework, _today: datetime.date) -> Iterator[Finding]:
    """A version that is not three numbers."""
    version = framework.framework.version
    if parse_version(version) is None:
        yield Finding(
            code=Code.UNUSUAL_VERSION,
            message=f"the version '{version}' is not major.minor.patch",
            path=("framework", "version"),
            hint="write three numbers such as 1.0.0; without them, 'diff' cannot check the version",
        )


@advice_rule(Code.FUTURE_DATE)
def dates_in_the_future(framework: Framework, today: datetime.date) -> Iterator[Finding]:
    """A fact that was checked, published or priced in a month that is still to come."""
    for path, date in _dates(framework):
        if date[: len("2026-11")] > f"{today:%Y-%m}"[: len(date)]:
            yield Finding(
                code=Code.FUTURE_DATE,
                message=f"'{path[-1]}' is in the future: {date}",
                path=path,
                hint=f"write a month up to {today:%Y-%m}",
            )


def _dates(framework: Framework) -> Iterator[tuple[Path, str]]:
    for key, training in framework.training.items():
        path: Path = ("training", key)
        as_of = training.cost and training.cost.as_of
        for date_path, date in (
            ((*path, "checked"), training.checked),
            ((*path, "source_date"), training.source_date),
            ((*path, "cost", "as_of"), as_of),
        ):
            if date:
                yield date_path, date


@advice_rule(Code.PREREQUISITE_BY_TITLE)
def prerequisites_by_title(framework: Framework, _today: datetime.date) -> Iterator[Finding]:
    """A prerequisite in words that is the title of a course in the framework."""
    for path, prerequisite in traversal.prerequisites(framework):
        course = framework.training_names.find(prerequisite)
        if course is not None and prerequisite not in framework.training:
            yield Finding(
                code=Code.PREREQUISITE_BY_TITLE,
                message=f"'{prerequisite}' is the title of a course here, but not its id",
                path=path,
                hint=f"write its id, '{course}'",
                related=(("training", course), f"'{course}' is here"),
            )
